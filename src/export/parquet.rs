//! Parquet: a file per table and one of the passages, for software.
//!
//! Written with Apache's own crate and not with polars: its low-level writer takes passages as they come, so memory
//! does not grow with the corpus, and it brings no network client along.
//!
//! Texts are as they were read: nothing is defused, for no spreadsheet opens these files.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};

use super::outbox::{Outbox, Staged, WriteError};
use super::sink::Sink;
use super::{ExportError, Exporter};
use crate::tables::columns::{Column, ColumnKind};
use crate::tables::{Cell, Table, Tables};

/// Rows of a row group: readers take a group at a time.
const GROUP_ROWS: usize = 50_000;

/// Bytes of text of a row group, which wait in memory until it is full.
const GROUP_BYTES: usize = 16 << 20;

/// The format Parquet.
#[derive(Debug, Clone, Copy, Default)]
pub struct ParquetExporter;

impl Exporter for ParquetExporter {
    fn export(&self, tables: &Tables, outbox: &mut Outbox) -> Result<(), ExportError> {
        for table in tables.iter() {
            outbox.write(&format!("{}.parquet", table.name()), |out| {
                Ok(out.write_all(&bytes(table)?)?)
            })?;
        }
        Ok(())
    }
}

/// A table as a file.
fn bytes(table: &Table) -> Result<Vec<u8>, WriteError> {
    let failed = |source| {
        WriteError::Export(ExportError::Table {
            table: table.name(),
            source,
        })
    };
    let cells = table.cells().map_err(failed)?;
    let mut rows = ParquetRows::begin(Vec::new(), table.name(), table.columns())?;
    for row in 0..table.height() {
        rows.row(cells.row(row))?;
    }
    rows.into_inner()
}

impl Sink for ParquetRows<Staged> {
    fn write(&mut self, cells: &[Cell<'_>]) -> Result<(), WriteError> {
        self.row(cells.iter().copied())
    }

    fn end(self: Box<Self>) -> Result<Staged, WriteError> {
        self.into_inner()
    }
}

/// The rows of a Parquet file, one after another.
pub(super) struct ParquetRows<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    waiting: Vec<Waiting>,
    rows: usize,
    bytes: usize,
}

/// The cells of a column that wait for their row group.
struct Waiting {
    /// 1 for a value, 0 for a blank.
    levels: Vec<i16>,
    values: Values,
}

enum Values {
    Text(Vec<ByteArray>),
    Int(Vec<i64>),
    Real(Vec<f64>),
}

impl<W: Write + Send> ParquetRows<W> {
    /// Writes the beginning of the file.
    pub(super) fn begin(out: W, name: &str, columns: &[Column]) -> Result<Self, WriteError> {
        let schema = schema(name, columns).map_err(told)?;
        Ok(ParquetRows {
            writer: SerializedFileWriter::new(out, schema, properties(columns)).map_err(told)?,
            waiting: columns.iter().map(|column| Waiting::of(column.kind)).collect(),
            rows: 0,
            bytes: 0,
        })
    }

    /// Takes a row.
    fn row<'a>(&mut self, cells: impl Iterator<Item = Cell<'a>>) -> Result<(), WriteError> {
        for (column, cell) in self.waiting.iter_mut().zip(cells) {
            self.bytes += column.take(cell);
        }
        self.rows += 1;
        if self.rows >= GROUP_ROWS || self.bytes >= GROUP_BYTES {
            self.group().map_err(told)?;
        }
        Ok(())
    }

    /// Writes what waits as a row group.
    fn group(&mut self) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.waiting {
            if let Some(writer) = group.next_column()? {
                column.write(writer)?;
            }
        }
        group.close()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }

    /// Writes the end of the file and gives the output back.
    fn into_inner(mut self) -> Result<W, WriteError> {
        if self.rows > 0 {
            self.group().map_err(told)?;
        }
        self.writer.into_inner().map_err(told)
    }
}

impl Waiting {
    fn of(kind: ColumnKind) -> Self {
        Waiting {
            levels: Vec::new(),
            values: match physical(kind) {
                Physical::BYTE_ARRAY => Values::Text(Vec::new()),
                Physical::INT64 => Values::Int(Vec::new()),
                _ => Values::Real(Vec::new()),
            },
        }
    }

    /// Takes a cell; how many bytes wait more.
    fn take(&mut self, cell: Cell<'_>) -> usize {
        let mut size = size_of::<i16>();
        let taken = match (&mut self.values, cell) {
            (Values::Text(values), Cell::Text(text)) => {
                values.push(ByteArray::from(text));
                size += size_of::<ByteArray>() + text.len();
                true
            }
            (Values::Int(values), Cell::Int(number)) => {
                values.push(number);
                true
            }
            (Values::Real(values), Cell::Real(number)) => {
                values.push(number);
                true
            }
            _ => false,
        };
        self.levels.push(i16::from(taken));
        size
    }

    fn write(&mut self, mut writer: SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let levels = Some(self.levels.as_slice());
        match &mut self.values {
            Values::Text(values) => {
                writer
                    .typed::<ByteArrayType>()
                    .write_batch(values, levels, None)?;
                values.clear();
            }
            Values::Int(values) => {
                writer.typed::<Int64Type>().write_batch(values, levels, None)?;
                values.clear();
            }
            Values::Real(values) => {
                writer.typed::<DoubleType>().write_batch(values, levels, None)?;
                values.clear();
            }
        }
        self.levels.clear();
        writer.close()
    }
}

/// How a kind of cell is stored.
fn physical(kind: ColumnKind) -> Physical {
    match kind {
        ColumnKind::Text => Physical::BYTE_ARRAY,
        ColumnKind::Count | ColumnKind::Flag => Physical::INT64,
        _ => Physical::DOUBLE,
    }
}

/// Columns by their ids; every one may be blank.
fn schema(name: &str, columns: &[Column]) -> Result<TypePtr, ParquetError> {
    let field = |column: &Column| {
        let kind = physical(column.kind);
        Type::primitive_type_builder(&column.id, kind)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type((kind == Physical::BYTE_ARRAY).then_some(LogicalType::String))
            .build()
            .map(Arc::new)
    };
    let fields = columns.iter().map(field).collect::<Result<_, _>>()?;
    Type::group_type_builder(name)
        .with_fields(fields)
        .build()
        .map(Arc::new)
}

/// The Japanese headings go into the file's own metadata, as `ja:<id>`.
fn properties(columns: &[Column]) -> WriterPropertiesPtr {
    let heading = |column: &Column| KeyValue::new(format!("ja:{}", column.id), column.ja.to_string());
    Arc::new(
        WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("mieruka ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_key_value_metadata(Some(columns.iter().map(heading).collect()))
            .build(),
    )
}

fn told(error: ParquetError) -> WriteError {
    WriteError::Io(io::Error::other(error))
}

#[cfg(test)]
mod tests {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    use super::*;
    use crate::tables::tests::tables;

    fn read(bytes: Vec<u8>) -> SerializedFileReader<bytes::Bytes> {
        SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap()
    }

    fn shown(cell: Cell<'_>) -> Field {
        match cell {
            Cell::Blank => Field::Null,
            Cell::Text(text) => Field::Str(text.to_owned()),
            Cell::Int(number) => Field::Long(number),
            Cell::Real(number) => Field::Double(number),
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for table in tables().iter() {
            let reader = read(bytes(table).unwrap());
            let cells = table.cells().unwrap();
            let mut rows = 0;
            for (row, found) in reader.get_row_iter(None).unwrap().enumerate() {
                let found = found.unwrap();
                let ids: Vec<_> = found.get_column_iter().map(|(id, _)| id.as_str()).collect();
                let expected: Vec<_> = table.columns().iter().map(|c| &*c.id).collect();
                assert_eq!(ids, expected, "{}", table.name());
                let found: Vec<_> = found.get_column_iter().map(|(_, cell)| cell.clone()).collect();
                assert_eq!(
                    found,
                    cells.row(row).map(shown).collect::<Vec<_>>(),
                    "{}",
                    table.name()
                );
                rows += 1;
            }
            assert_eq!(rows, table.height(), "{}", table.name());
        }
    }

    #[test]
    fn a_group_is_written_when_enough_waits() {
        let columns = [Column::named("text", "文", ColumnKind::Text)];
        let mut rows = ParquetRows::begin(Vec::new(), "t", &columns).unwrap();
        let long = "あ".repeat(GROUP_BYTES / 6);
        for _ in 0..5 {
            rows.row([Cell::Text(&long)].into_iter()).unwrap();
        }
        let reader = read(rows.into_inner().unwrap());
        let groups: Vec<_> = reader
            .metadata()
            .row_groups()
            .iter()
            .map(|g| g.num_rows())
            .collect();
        assert_eq!(groups, [2, 2, 1]);
        let headings = reader.metadata().file_metadata().key_value_metadata().unwrap();
        assert!(headings.contains(&KeyValue::new("ja:text".to_owned(), "文".to_owned())));
    }
}
