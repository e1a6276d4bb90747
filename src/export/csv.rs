//! CSV: a file per table, for spreadsheets and for software.
//!
//! UTF-8 with a byte-order mark, so that Excel does not take it for Shift_JIS; CRLF; texts in quotation marks and
//! numbers without, so that readers which go by that (polars, LibreOffice on demand) keep `0123` a text; a blank cell
//! is nothing at all.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

use super::outbox::{Outbox, WriteError};
use super::{ExportError, ExportManager, Exporter, Lang, cell};
use crate::tables::columns::{Column, ColumnKind};
use crate::tables::{Cell, Table, Tables};

/// How CSV files are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CsvOptions {
    /// A byte-order mark first.
    pub bom: bool,
    /// What the headings are.
    pub lang: Lang,
}

impl Default for CsvOptions {
    fn default() -> Self {
        CsvOptions {
            bom: true,
            lang: Lang::En,
        }
    }
}

/// Writes every table as `<name>.csv` to a folder, replacing those of an earlier run.
///
/// # Errors
/// [`ExportError`]; see [`ExportManager::write_all`].
pub fn write_all(tables: &Tables, folder: &Path, options: CsvOptions) -> Result<(), ExportError> {
    let mut manager = ExportManager::default();
    manager.add(Box::new(CsvExporter { options }));
    manager.write_all(tables, folder)
}

/// The format CSV.
#[derive(Debug, Clone, Copy, Default)]
pub struct CsvExporter {
    /// How the files are written.
    pub options: CsvOptions,
}

impl Exporter for CsvExporter {
    fn export(&self, tables: &Tables, outbox: &mut Outbox) -> Result<(), ExportError> {
        for table in tables.iter() {
            outbox.write(&format!("{}.csv", table.name()), |out| {
                write_table(table, out, self.options)
            })?;
        }
        Ok(())
    }
}

/// Writes one table.
///
/// # Errors
/// [`WriteError`] when the bytes are not taken.
pub fn write_table(table: &Table, out: &mut dyn Write, options: CsvOptions) -> Result<(), WriteError> {
    let failed = |source| {
        WriteError::Export(ExportError::Table {
            table: table.name(),
            source,
        })
    };
    let cells = table.cells().map_err(failed)?;
    let mut rows = CsvRows::begin(out, table.columns(), options)?;
    for row in 0..table.height() {
        rows.write(
            table
                .columns()
                .iter()
                .map(|column| column.kind)
                .zip(cells.row(row)),
        )?;
    }
    rows.end()
}

/// The rows of a CSV file, one after another.
pub(super) struct CsvRows<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> CsvRows<W> {
    /// Writes the byte-order mark and the headings.
    pub(super) fn begin(mut out: W, columns: &[Column], options: CsvOptions) -> Result<Self, WriteError> {
        if options.bom {
            out.write_all("\u{feff}".as_bytes())?;
        }
        // The crate quotes all fields, none, or by their looks; here it goes by the column's type, so `field` quotes.
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .quote_style(csv::QuoteStyle::Never)
            .from_writer(out);
        writer.write_record(
            columns
                .iter()
                .map(|column| heading(column, options.lang).into_owned()),
        )?;
        Ok(CsvRows { writer })
    }

    /// Writes a row.
    pub(super) fn write<'a>(
        &mut self,
        cells: impl Iterator<Item = (ColumnKind, Cell<'a>)>,
    ) -> Result<(), WriteError> {
        for (kind, cell) in cells {
            self.writer.write_field(field(kind, cell).as_bytes())?;
        }
        self.writer.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// Hands everything to the output.
    pub(super) fn end(mut self) -> Result<(), WriteError> {
        Ok(self.writer.flush()?)
    }

    /// Hands everything to the output and gives it back.
    pub(super) fn into_inner(self) -> io::Result<W> {
        self.writer
            .into_inner()
            .map_err(|error| io::Error::from(error.error().kind()))
    }
}

fn heading(column: &Column, lang: Lang) -> Cow<'_, str> {
    let text = match lang {
        Lang::En => &column.id,
        Lang::Ja => &column.ja,
    };
    let safe = cell::safe(text);
    if safe.contains(['"', ',']) {
        Cow::Owned(quoted(&safe))
    } else {
        safe
    }
}

fn field(kind: ColumnKind, cell: Cell<'_>) -> String {
    match (kind, cell) {
        (_, Cell::Blank) => String::new(),
        (_, Cell::Text(text)) => quoted(&cell::safe(text)),
        (_, Cell::Int(number)) => number.to_string(),
        // Four digits tell apart the rates of any two groups below ten thousand that differ by a company or more.
        (ColumnKind::Rate | ColumnKind::Change | ColumnKind::Statistic, Cell::Real(rate)) => fixed(rate, 4),
        (ColumnKind::Probability, Cell::Real(p)) => fixed(p, 6),
        (ColumnKind::Figure, Cell::Real(number)) => number.to_string(),
        (_, Cell::Real(number)) => fixed(number, 1),
    }
}

fn fixed(number: f64, digits: usize) -> String {
    let text = format!("{number:.digits$}");
    // -0.00001 is not "-0.0000".
    let is_zero = text.chars().all(|c| matches!(c, '-' | '0' | '.'));
    if is_zero {
        text.trim_start_matches('-').to_owned()
    } else {
        text
    }
}

/// RFC 4180, section 2, rules 5 and 7.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
