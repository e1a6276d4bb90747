//! What became of pages and documents.

use super::hayro::PageReading;
use super::{DocumentStatus, Page, PageStatus};

/// What became of a document, when its pages have been handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What became of it.
    pub status: DocumentStatus,
    /// Why the status is not `Ok`, or a note on pages without text; for a person.
    pub reason: String,
}

impl Outcome {
    pub(super) fn new(status: DocumentStatus, reason: impl Into<String>) -> Self {
        Self {
            status,
            reason: reason.into(),
        }
    }
}

/// Pages of a document by status.
#[derive(Default)]
pub(super) struct Tally {
    pages: u32,
}

impl Tally {
    pub fn count(&mut self, page: &Page) {
        let _ = page;
        self.pages += 1;
    }

    pub fn outcome(self) -> Outcome {
        Outcome::new(DocumentStatus::Ok, "")
    }
}

pub(super) fn of_page(reading: &PageReading) -> (PageStatus, String) {
    let _ = reading;
    (PageStatus::Ok, String::new())
}

pub(super) fn not_a_pdf(data: &[u8]) -> Option<&'static str> {
    data.is_empty().then_some("it is empty")
}
