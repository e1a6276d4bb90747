//! Coded passages → data frames.
//!
//! [`build`] turns the corpus and what the run found in each document into the tables of the contract. Every table is a
//! [`Table`]: its columns are declared once in [`columns`], its rows have a fixed order (fiscal year, then the order of
//! the manifest, of Nikkei's industries, of the scheme's codes), and years are never mixed.

pub mod columns;
pub mod rows;

mod association;
mod base;
mod build;
mod by_factor;
mod changes;
mod coverage;
mod crosswalk;
mod crosswalk_file;
mod disclosure;
mod documents;
mod factors;
mod groups;
mod items;
mod quality;
mod residuals;
mod scheme;
mod size;
mod table;
#[cfg(test)]
pub(crate) mod tests;
mod units;
mod volume;

pub use build::{Tables, build};
pub use crosswalk::Crosswalk;
pub use crosswalk_file::{CrosswalkError, read_crosswalks};
pub use scheme::{Classification, CodeLabel, FacetLabel};
pub use table::{Cell, Cells, Table};

use polars::prelude::PolarsError;

use crate::extract::DocumentStatus;
use crate::quality::{ElementLabel, ElementRecord};

/// Between the values of a cell that is a list: codes, facets, companies.
pub const LIST_SEPARATOR: &str = "; ";

/// What the run found out about one document of the manifest: a row of `documents.csv`.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentRecord {
    /// Index into [`crate::manifest::Corpus::documents`].
    pub document: usize,
    /// SHA-256 of the file, lower-case hex; empty when there is none.
    pub sha256: String,
    /// Pages of the file.
    pub pages: u32,
    /// Pages with status ok or empty.
    pub pages_ok: u32,
    /// The engines that read pages, e.g. `hayro` or `hayro+pdf-extract`; empty when none did.
    pub engine: String,
    /// What became of it.
    pub status: DocumentStatus,
    /// Why, for a person; empty when ok.
    pub reason: String,
    /// Characters of all passages.
    pub chars: u64,
    /// Passages.
    pub passages: u32,
    /// Of them in scope.
    pub passages_in_scope: u32,
    /// The in-scope passages, in reading order, without their text.
    pub coded: Vec<CodedPassage>,
    /// What it shows of each element of the five qualities, in the order of [`TableOptions::elements`].
    pub elements: Vec<ElementRecord>,
}

/// An in-scope passage without its text: what the tables count. The text goes to `passages.csv` at once, so that
/// memory does not grow with the corpus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodedPassage {
    /// First page.
    pub first_page: u32,
    /// Characters (Unicode scalar values) of the passage.
    pub chars: u32,
    /// Codes, ascending.
    pub codes: Vec<String>,
    /// Facets, ascending.
    pub facets: Vec<String>,
    /// For the first passage of each code and of each facet in the document: (code or facet, quote of at most 120
    /// characters around the evidence of the code).
    pub quotes: Vec<(String, String)>,
}

/// How the tables are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableOptions {
    /// A group with a smaller base is marked `small`.
    pub small_below: u64,
    /// Rates, intervals and means of a group with a smaller base are left blank; its counts stay.
    pub suppress_below: Option<u64>,
    /// Other frames by which the same passages are counted.
    pub crosswalks: Vec<Crosswalk>,
    /// The facets of the scheme, in the order of its codes.
    pub facets: Vec<FacetLabel>,
    /// The elements of the five qualities.
    pub elements: Vec<ElementLabel>,
}

impl Default for TableOptions {
    fn default() -> Self {
        TableOptions {
            small_below: 3,
            suppress_below: None,
            crosswalks: Vec::new(),
            facets: Vec::new(),
            elements: Vec::new(),
        }
    }
}

/// Why tables could not be built: the caller handed over things that do not belong together.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// A record of a document that the corpus does not have.
    #[error("a record belongs to document number {0}, which the manifest does not have")]
    UnknownDocument(usize),
    /// Two records of one document.
    #[error("document number {0} has two records")]
    RepeatedDocument(usize),
    /// A document of a company that the corpus does not have.
    #[error("document number {0} belongs to a company that the manifest does not have")]
    UnknownCompany(usize),
    /// A passage has a code that the scheme does not list.
    #[error("{path}: a passage has the code {code}, which the scheme does not list")]
    UnknownCode {
        /// The document.
        path: String,
        /// The code.
        code: String,
    },
    /// A code, facet or item of another frame cannot stand as a heading.
    #[error(
        "{0}, of the scheme or of its crosswalks, is also the id of a column of the tables, or is listed twice: rename it"
    )]
    ClashingCode(String),
    /// polars could not do it.
    #[error("the tables could not be computed: {0}")]
    Polars(#[from] PolarsError),
}
