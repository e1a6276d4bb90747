//! Files that are written row by row while the run goes on, in every format asked for, and keep none of the rows.

use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use super::ExportError;
use super::csv::{CsvOptions, CsvRows};
use super::outbox::{Outbox, Staged, WriteError};
use super::parquet::ParquetRows;
use super::sink::Sink;
use crate::tables::Cell;
use crate::tables::columns::{Column, ColumnKind};

/// A table of which no run keeps the rows.
pub trait Streamed {
    /// Its name, and that of its files without their extension.
    const STEM: &'static str;
    /// Its columns.
    const COLUMNS: &'static [Column];
}

/// Writes the rows of a table one by one and keeps none: memory does not grow with the corpus.
pub struct StreamWriter<T> {
    folder: PathBuf,
    sinks: Vec<(PathBuf, Box<dyn Sink>)>,
    table: PhantomData<T>,
}

impl<T: Streamed> StreamWriter<T> {
    /// Begins the CSV beside its place in a folder, which is made if it is not there.
    ///
    /// # Errors
    /// [`ExportError::Folder`] when the folder does not take files.
    pub fn create(folder: &Path, options: CsvOptions) -> Result<Self, ExportError> {
        std::fs::create_dir_all(folder).map_err(|source| ExportError::Folder {
            folder: folder.to_owned(),
            source,
        })?;
        let stream = StreamWriter {
            folder: folder.to_owned(),
            sinks: Vec::new(),
            table: PhantomData,
        };
        stream.and("csv", |staged| {
            let rows = CsvRows::begin(staged, T::COLUMNS, options)?;
            let kinds = T::COLUMNS.iter().map(|column| column.kind).collect();
            Ok(Box::new(CsvSink { rows, kinds }))
        })
    }

    /// Writes the rows as Parquet too.
    ///
    /// # Errors
    /// [`ExportError::Folder`] when the folder does not take files.
    pub fn and_parquet(self) -> Result<Self, ExportError> {
        self.and("parquet", |staged| {
            Ok(Box::new(ParquetRows::begin(staged, T::STEM, T::COLUMNS)?))
        })
    }

    fn and(
        mut self,
        extension: &str,
        sink: impl FnOnce(Staged) -> Result<Box<dyn Sink>, WriteError>,
    ) -> Result<Self, ExportError> {
        let staged = Staged::create(&self.folder, format!("{}.{extension}", T::STEM))?;
        let file = staged.file().to_owned();
        let sink = sink(staged).map_err(|error| error.at(&file))?;
        self.sinks.push((file, sink));
        Ok(self)
    }

    /// Writes a row, a cell for every column.
    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        self.sinks
            .iter_mut()
            .try_for_each(|(file, sink)| sink.write(cells).map_err(|error| error.at(file)))
    }

    /// Hands the files to an outbox, of the folder they were begun in or another of the same file system.
    ///
    /// # Errors
    /// [`ExportError`] when the last bytes are not taken.
    pub fn hand_over(self, outbox: &mut Outbox) -> Result<(), ExportError> {
        for (file, sink) in self.sinks {
            outbox.adopt(sink.end().map_err(|error| error.at(&file))?)?;
        }
        Ok(())
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
