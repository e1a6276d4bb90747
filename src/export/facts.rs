//! `facts.csv`: the facts told in in-scope passages, written while the run goes on.

use std::path::Path;

use super::ExportError;
use super::csv::CsvOptions;
use super::stream::Stream;
use crate::facts::Fact;
use crate::manifest::{Company, Document};
use crate::passage::Passage;
use crate::tables::Cell;
use crate::tables::columns::*;

/// The file's name without its extension.
pub const STEM: &str = "facts";

/// The columns of the file.
pub const COLUMNS: [Column; 19] = [
    COMPANY_CODE,
    COMPANY,
    INDUSTRY,
    KIND,
    FISCAL_YEAR,
    PATH,
    FIRST_PAGE,
    PASSAGE_ID,
    FACT_KIND,
    NAME,
    VALUE,
    UNIT,
    MEASURE,
    PERIOD,
    TOLD_AS,
    HOLDER,
    SCOPE,
    ENTITIES,
    QUOTE,
];

/// Writes facts one by one and keeps none.
pub struct FactsWriter(Stream);

impl FactsWriter {
    /// Begins the file beside its place in a folder, which is made if it is not there.
    ///
    /// # Errors
    /// [`ExportError::Folder`] when the folder does not take files.
    pub fn create(folder: &Path, options: CsvOptions) -> Result<Self, ExportError> {
        Stream::create(folder, STEM, &COLUMNS, options).map(Self)
    }

    /// Writes them as Parquet too.
    ///
    /// # Errors
    /// [`ExportError::Folder`] when the folder does not take files.
    pub fn and_parquet(self) -> Result<Self, ExportError> {
        self.0.and_parquet().map(Self)
    }

    /// Writes a fact of a passage.
    ///
    /// # Arguments
    /// * `quote` - the sentence that tells it.
    ///
    /// # Errors
    /// [`ExportError::File`] when the bytes are not taken.
    pub fn write(
        &mut self,
        company: &Company,
        document: &Document,
        passage: &Passage,
        fact: &Fact,
        quote: &str,
    ) -> Result<(), ExportError> {
        let number = |n: u64| i64::try_from(n).map_or(Cell::Blank, Cell::Int);
        self.0.write(&[
            Cell::Text(&company.code),
            Cell::Text(&company.name),
            Cell::Text(&company.industry),
            Cell::Text(&document.kind),
            Cell::Int(i64::from(document.fiscal_year)),
            Cell::Text(&document.path),
            passage
                .pages
                .first()
                .map_or(Cell::Blank, |p| Cell::Int(i64::from(*p))),
            Cell::Text(&passage.id),
            Cell::Text(fact.kind.id()),
            Cell::Text(&fact.name),
            fact.value.map_or(Cell::Blank, Cell::Real),
            text(&fact.unit),
            text(&fact.measure),
            text(&fact.period),
            text(&fact.told_as),
            text(&fact.holder),
            text(&fact.scope),
            fact.entities.map_or(Cell::Blank, number),
            Cell::Text(quote),
        ])
    }

    /// Puts the files in their place in a folder, the one they were begun in or another of the same file system,
    /// replacing those of an earlier run.
    ///
    /// # Errors
    /// [`ExportError`]; an earlier file that was not yet replaced is then unchanged.
    pub fn finish(self, folder: &Path) -> Result<(), ExportError> {
        self.0.finish(folder)
    }
}

/// What does not apply is blank.
fn text(value: &str) -> Cell<'_> {
    if value.is_empty() {
        Cell::Blank
    } else {
        Cell::Text(value)
    }
}
