//! Coded passages → data frames.

use crate::extract::DocumentStatus;

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
    /// For the first passage of each code in the document: (code, quote of at most 120 characters around the evidence).
    pub quotes: Vec<(String, String)>,
}
