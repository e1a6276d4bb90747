//! Files that are written row by row while the run goes on, in every format asked for, and keep none of the rows.

use std::path::{Path, PathBuf};

use super::ExportError;
use super::csv::{CsvOptions, CsvRows};
use super::outbox::{Staged, WriteError};
use super::parquet::ParquetRows;
use crate::tables::Cell;
use crate::tables::columns::{Column, ColumnKind};

/// A file in some format, beside its place.
pub(super) trait Sink {
    /// Takes a row, a cell for every column.
    fn write(&mut self, cells: &[Cell<'_>]) -> Result<(), WriteError>;
    /// Writes the end and gives the file back.
    fn end(self: Box<Self>) -> Result<Staged, WriteError>;
}

/// The files of one table.
pub(super) struct Stream {
    folder: PathBuf,
    stem: &'static str,
    columns: Vec<Column>,
    sinks: Vec<(PathBuf, Box<dyn Sink>)>,
}

impl Stream {
    /// Begins the CSV beside its place in a folder, which is made if it is not there.
    pub(super) fn create(
        folder: &Path,
        stem: &'static str,
        columns: &[Column],
        options: CsvOptions,
    ) -> Result<Self, ExportError> {
        std::fs::create_dir_all(folder).map_err(|source| ExportError::Folder {
            folder: folder.to_owned(),
            source,
        })?;
        let mut stream = Stream {
            folder: folder.to_owned(),
            stem,
            columns: columns.to_vec(),
            sinks: Vec::new(),
        };
        stream.begin("csv", |staged| {
            let rows = CsvRows::begin(staged, columns, options)?;
            let kinds = columns.iter().map(|column| column.kind).collect();
            Ok(Box::new(CsvSink { rows, kinds }))
        })?;
        Ok(stream)
    }

    /// Writes the rows as Parquet too.
    pub(super) fn and_parquet(mut self) -> Result<Self, ExportError> {
        let (stem, columns) = (self.stem, self.columns.clone());
        self.begin("parquet", |staged| {
            Ok(Box::new(ParquetRows::begin(staged, stem, &columns)?))
        })?;
        Ok(self)
    }

    fn begin(
        &mut self,
        extension: &str,
        sink: impl FnOnce(Staged) -> Result<Box<dyn Sink>, WriteError>,
    ) -> Result<(), ExportError> {
        let staged = Staged::create(&self.folder, format!("{}.{extension}", self.stem))?;
        let file = staged.file().to_owned();
        let sink = sink(staged).map_err(|error| error.at(&file))?;
        self.sinks.push((file, sink));
        Ok(())
    }

    /// Writes a row, a cell for every column.
    pub(super) fn write(&mut self, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        self.sinks
            .iter_mut()
            .try_for_each(|(file, sink)| sink.write(cells).map_err(|error| error.at(file)))
    }

    /// Puts the files in their place in a folder, the one they were begun in or another of the same file system,
    /// replacing those of an earlier run.
    pub(super) fn finish(self, folder: &Path) -> Result<(), ExportError> {
        let ended = self.sinks.into_iter().map(|(file, sink)| {
            let staged = sink.end().map_err(|error| error.at(&file))?;
            staged.move_to(folder)
        });
        let ended: Vec<Staged> = ended.collect::<Result<_, _>>()?;
        ended.into_iter().try_for_each(Staged::commit)
    }
}

struct CsvSink {
    rows: CsvRows<Staged>,
    kinds: Vec<ColumnKind>,
}

impl Sink for CsvSink {
    fn write(&mut self, cells: &[Cell<'_>]) -> Result<(), WriteError> {
        self.rows
            .write(self.kinds.iter().copied().zip(cells.iter().copied()))
    }

    fn end(self: Box<Self>) -> Result<Staged, WriteError> {
        Ok(self.rows.into_inner()?)
    }
}
