//! `passages.csv`: the coded passages with their text, written while the run goes on.

use std::path::{Path, PathBuf};

use super::ExportError;
use super::csv::{CsvOptions, CsvRows};
use super::outbox::{Staged, WriteError};
use super::parquet::{self, ParquetPassages};
use crate::coding::{Coding, Evidence};
use crate::manifest::{Company, Document};
use crate::passage::Passage;
use crate::tables::columns::*;
use crate::tables::{Cell, LIST_SEPARATOR};

/// The file's name.
pub const FILE: &str = "passages.csv";

/// Between the headings of a passage, from the outermost.
pub const HEADING_SEPARATOR: &str = " > ";

/// The columns of the file.
pub const COLUMNS: [Column; 15] = [
    PASSAGE_ID,
    COMPANY_CODE,
    COMPANY,
    INDUSTRY,
    KIND,
    FISCAL_YEAR,
    PATH,
    FIRST_PAGE,
    LAST_PAGE,
    HEADINGS,
    TEXT,
    CODES,
    FACETS,
    EVIDENCE,
    CHARS,
];

/// A file of passages in some format, written while they come.
pub(super) trait PassageSink {
    /// Takes a row: a cell for each of [`COLUMNS`].
    fn write(&mut self, cells: &[Cell<'_>]) -> Result<(), WriteError>;
    /// Writes the end and gives the file back, to be put in its place.
    fn end(self: Box<Self>) -> Result<Staged, WriteError>;
}

/// Writes passages one by one and keeps none: memory does not grow with the corpus.
pub struct PassagesWriter {
    folder: PathBuf,
    sinks: Vec<(PathBuf, Box<dyn PassageSink>)>,
}

impl PassageSink for CsvRows<Staged> {
    fn write(&mut self, cells: &[Cell<'_>]) -> Result<(), WriteError> {
        let kinds = COLUMNS.into_iter().map(|column| column.kind);
        CsvRows::write(self, kinds.zip(cells.iter().copied()))
    }

    fn end(self: Box<Self>) -> Result<Staged, WriteError> {
        Ok(self.into_inner()?)
    }
}

impl PassagesWriter {
    /// Begins the file beside its place in a folder, which is made if it is not there.
    ///
    /// # Errors
    /// [`ExportError::Folder`] when the folder does not take files.
    pub fn create(folder: &Path, options: CsvOptions) -> Result<Self, ExportError> {
        std::fs::create_dir_all(folder).map_err(|source| ExportError::Folder {
            folder: folder.to_owned(),
            source,
        })?;
        let staged = Staged::create(folder, FILE)?;
        let file = staged.file().to_owned();
        let rows = CsvRows::begin(staged, &COLUMNS, options).map_err(|error| error.at(&file))?;
        Ok(PassagesWriter {
            folder: folder.to_owned(),
            sinks: vec![(file, Box::new(rows))],
        })
    }

    /// Writes them as `passages.parquet` too.
    ///
    /// # Errors
    /// [`ExportError::Folder`] when the folder does not take files.
    pub fn and_parquet(mut self) -> Result<Self, ExportError> {
        let rows = ParquetPassages::create(&self.folder)?;
        self.sinks
            .push((self.folder.join(parquet::PASSAGES), Box::new(rows)));
        Ok(self)
    }

    /// Writes an in-scope passage of a document of a company.
    ///
    /// # Errors
    /// [`ExportError::File`] when the bytes are not taken.
    pub fn write(
        &mut self,
        company: &Company,
        document: &Document,
        passage: &Passage,
        coding: &Coding,
    ) -> Result<(), ExportError> {
        let headings = passage.headings.join(HEADING_SEPARATOR);
        let codes = coding.labels.join(LIST_SEPARATOR);
        let facets = coding.facets.join(LIST_SEPARATOR);
        let evidence = evidence(&coding.evidence);
        let page = |number: Option<&u32>| number.map_or(Cell::Blank, |page| Cell::Int(i64::from(*page)));
        let cells = [
            Cell::Text(&passage.id),
            Cell::Text(&company.code),
            Cell::Text(&company.name),
            Cell::Text(&company.industry),
            Cell::Text(&document.kind),
            Cell::Int(i64::from(document.fiscal_year)),
            Cell::Text(&document.path),
            page(passage.pages.first()),
            page(passage.pages.last()),
            Cell::Text(&headings),
            Cell::Text(&passage.text),
            Cell::Text(&codes),
            Cell::Text(&facets),
            Cell::Text(&evidence),
            Cell::Int(passage.text.chars().count() as i64),
        ];
        for (file, sink) in &mut self.sinks {
            sink.write(&cells).map_err(|error| error.at(file))?;
        }
        Ok(())
    }

    /// Puts the files in their place in a folder, the one they were begun in or another of the same file system,
    /// replacing those of an earlier run.
    ///
    /// # Errors
    /// [`ExportError`]; an earlier file that was not yet replaced is then unchanged.
    pub fn finish(self, folder: &Path) -> Result<(), ExportError> {
        let ended = self.sinks.into_iter().map(|(file, sink)| {
            let staged = sink.end().map_err(|error| error.at(&file))?;
            staged.move_to(folder)
        });
        let ended: Vec<Staged> = ended.collect::<Result<_, _>>()?;
        ended.into_iter().try_for_each(Staged::commit)
    }
}

/// The evidence as a person reads it: `C01「基本方針」; C06「監査」`.
fn evidence(evidence: &[Evidence]) -> String {
    let each: Vec<_> = evidence
        .iter()
        .map(|e| format!("{}「{}」", e.code, e.text))
        .collect();
    each.join(LIST_SEPARATOR)
}
