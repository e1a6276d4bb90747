//! `passages.csv`: the coded passages with their text, written while the run goes on.

use super::ExportError;
use super::stream::{StreamWriter, Streamed};
use crate::coding::{Coding, Evidence};
use crate::manifest::{Company, Document};
use crate::passage::Passage;
use crate::tables::columns::*;
use crate::tables::{Cell, LIST_SEPARATOR};

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

/// The table of the in-scope passages with their codes.
pub struct Passages;

impl Streamed for Passages {
    const STEM: &'static str = "passages";
    const COLUMNS: &'static [Column] = &COLUMNS;
}

/// Writes the in-scope passages with their codes.
pub type PassagesWriter = StreamWriter<Passages>;

impl StreamWriter<Passages> {
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
        self.row(&[
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
        ])
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
