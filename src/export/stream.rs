//! A CSV file that is written row by row while the run goes on, and keeps none of them.

use std::path::{Path, PathBuf};

use super::ExportError;
use super::csv::{CsvOptions, CsvRows};
use super::outbox::{Staged, WriteError};
use crate::tables::Cell;
use crate::tables::columns::{Column, ColumnKind};

/// The file beside its place, and the rows so far.
pub(super) struct Stream {
    rows: CsvRows<Staged>,
    file: PathBuf,
    kinds: Vec<ColumnKind>,
}

impl Stream {
    /// Begins the file beside its place in a folder, which is made if it is not there.
    pub(super) fn create(
        folder: &Path,
        name: &str,
        columns: &[Column],
        options: CsvOptions,
    ) -> Result<Self, ExportError> {
        std::fs::create_dir_all(folder).map_err(|source| ExportError::Folder {
            folder: folder.to_owned(),
            source,
        })?;
        let staged = Staged::create(folder, name)?;
        let file = staged.file().to_owned();
        let rows = CsvRows::begin(staged, columns, options).map_err(|error| error.at(&file))?;
        let kinds = columns.iter().map(|column| column.kind).collect();
        Ok(Stream { rows, file, kinds })
    }

    /// Writes a row, a cell for every column.
    pub(super) fn write(&mut self, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        let row = self.kinds.iter().copied().zip(cells.iter().copied());
        self.rows.write(row).map_err(|error| error.at(&self.file))
    }

    /// Puts the file in its place, replacing that of an earlier run.
    pub(super) fn finish(self) -> Result<(), ExportError> {
        let staged = self
            .rows
            .into_inner()
            .map_err(|error| WriteError::Io(error).at(&self.file))?;
        staged.commit()
    }
}
