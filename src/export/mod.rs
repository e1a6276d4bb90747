//! Frames → files.
//!
//! A format is an [`Exporter`]; the [`ExportManager`] owns the formats that were asked for and the folder they go to.
//! Everything is first written to temporary files beside its place, then moved: a run that fails midway leaves the
//! tables of the earlier run as they were, and no reader ever sees half a table.

pub mod cell;
pub mod csv;
pub mod facts;
pub mod figure;
pub mod html;
pub mod outbox;
pub mod parquet;
pub mod passages;
mod sink;
pub mod stream;
#[cfg(test)]
mod tests;
pub mod xlsx;

use std::io;
use std::path::{Path, PathBuf};

use crate::tables::Tables;
use outbox::Outbox;

/// The language of the headings. The cells are as the reports and the classifications have them: in Japanese.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Column ids, for software and for the documentation.
    #[default]
    En,
    /// Japanese headings.
    Ja,
}

impl Lang {
    /// The text in this language.
    pub fn pick<T>(self, ja: T, en: T) -> T {
        match self {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }

    /// Whether names and quotes, which are in Japanese, are in another language than the text around them.
    pub fn is_en(self) -> bool {
        self == Lang::En
    }
}

/// Why an output could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The folder cannot be made or written to.
    #[error("{}: cannot write to this folder: {source}. Name another with --output", folder.display())]
    Folder {
        /// The output folder.
        folder: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error(
        "{}: cannot write this file: {source}. Is the disk full, or the file open in a spreadsheet? \
         The earlier file, if there was one, is unchanged",
        file.display()
    )]
    File {
        /// The file as it was to be.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file that was read would be replaced.
    #[error(
        "{}: this file is read by the run and would be replaced by a table of its name: name another folder with --output",
        file.display()
    )]
    Input {
        /// The file.
        file: PathBuf,
    },
    /// A table does not have the columns it declares.
    #[error("the table {table} cannot be read: {source}")]
    Table {
        /// The table's name.
        table: &'static str,
        /// What polars says.
        source: polars::prelude::PolarsError,
    },
}

/// A format.
pub trait Exporter {
    /// Writes the tables into the outbox.
    ///
    /// # Errors
    /// [`ExportError`] when a file cannot be written; the outbox is then dropped and nothing has changed.
    fn export(&self, tables: &Tables, outbox: &mut Outbox) -> Result<(), ExportError>;
}

/// The formats a run was asked for.
#[derive(Default)]
pub struct ExportManager {
    exporters: Vec<Box<dyn Exporter>>,
}

impl ExportManager {
    /// Adds a format.
    pub fn add(&mut self, exporter: Box<dyn Exporter>) {
        self.exporters.push(exporter);
    }

    /// Writes every format to a folder, which is made if it is not there, replacing the tables of an earlier run.
    ///
    /// # Errors
    /// [`ExportError`]; every file of the earlier run that was not yet replaced is then as it was.
    pub fn write_all(&self, tables: &Tables, folder: &Path) -> Result<(), ExportError> {
        let mut outbox = Outbox::open(folder)?;
        self.write_into(tables, &mut outbox)?;
        outbox.commit()
    }

    /// Writes every format into an outbox.
    ///
    /// # Errors
    /// [`ExportError`]; nothing has changed.
    pub fn write_into(&self, tables: &Tables, outbox: &mut Outbox) -> Result<(), ExportError> {
        self.exporters
            .iter()
            .try_for_each(|exporter| exporter.export(tables, outbox))
    }
}
