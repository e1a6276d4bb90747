//! `facts.csv`: the facts told in in-scope passages, written while the run goes on.

use super::ExportError;
use super::stream::{StreamWriter, Streamed};
use crate::facts::Fact;
use crate::manifest::{Company, Document};
use crate::passage::Passage;
use crate::tables::Cell;
use crate::tables::columns::*;

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

/// The table of the facts told in in-scope passages.
pub struct Facts;

impl Streamed for Facts {
    const STEM: &'static str = "facts";
    const COLUMNS: &'static [Column] = &COLUMNS;
}

/// Writes the facts told in in-scope passages.
pub type FactsWriter = StreamWriter<Facts>;

impl StreamWriter<Facts> {
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
        self.row(&[
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
}

/// What does not apply is blank.
fn text(value: &str) -> Cell<'_> {
    if value.is_empty() {
        Cell::Blank
    } else {
        Cell::Text(value)
    }
}
