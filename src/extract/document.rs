//! A file → its pages, one after the other.

use std::fs;
use std::io;
use std::path::Path;

use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use super::guard::guarded;
use super::hayro::{PageReading, Reader};
use super::status::{self, Outcome, Tally};
use super::{DocumentStatus, Engine, Page, PageStatus};

/// More pages than any report has; a page tree with more is an attack.
const MAX_PAGES: usize = 20_000;

/// Reads a PDF page by page: `each` gets every page in order as soon as it is read, the outcome comes last.
///
/// Never fails and never panics: whatever is wrong with the file is told by the statuses.
pub fn extract_pages(path: &Path, each: &mut dyn FnMut(Page)) -> Outcome {
    let data = match load(path) {
        Ok(data) => data,
        Err(outcome) => return outcome,
    };
    let pdf = match guarded(|| Pdf::new(data.clone())) {
        Ok(Ok(pdf)) => pdf,
        Ok(Err(LoadPdfError::Decryption(error))) => return encrypted(error),
        Ok(Err(LoadPdfError::Invalid)) => {
            return Outcome::new(DocumentStatus::Failed, "no pages can be found in it");
        }
        Err(panic) => return Outcome::new(DocumentStatus::Failed, format!("the reader gave up: {panic}")),
    };
    let mut tally = Tally::default();
    let mut reader = Reader::new(&pdf);
    for (number, page) in (1u32..).zip(pdf.pages().iter().take(MAX_PAGES)) {
        let page = match guarded(|| reader.read(page)) {
            Ok(reading) => page_of(number, reading),
            Err(panic) => {
                reader = Reader::new(&pdf);
                failed_page(number, &panic)
            }
        };
        tally.count(&page);
        each(page);
    }
    tally.outcome(None)
}

fn load(path: &Path) -> Result<Vec<u8>, Outcome> {
    if path.is_dir() {
        return Err(Outcome::new(DocumentStatus::NotAPdf, "it is a folder"));
    }
    let data = fs::read(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Outcome::new(DocumentStatus::Missing, "there is no such file"),
        _ => Outcome::new(DocumentStatus::Failed, format!("it cannot be read: {error}")),
    })?;
    match status::not_a_pdf(&data) {
        Some(reason) => Err(Outcome::new(DocumentStatus::NotAPdf, reason)),
        None => Ok(data),
    }
}

fn encrypted(error: DecryptionError) -> Outcome {
    let reason = match error {
        DecryptionError::PasswordProtected => "it opens only with a password",
        DecryptionError::UnsupportedAlgorithm => "it is encrypted with a method that is not supported",
        DecryptionError::MissingIDEntry | DecryptionError::InvalidEncryption => "its encryption is broken",
    };
    Outcome::new(DocumentStatus::Encrypted, reason)
}

fn page_of(number: u32, reading: PageReading) -> Page {
    let (status, reason) = status::of_page(&reading);
    let PageReading {
        width, height, sink, ..
    } = reading;
    Page {
        number,
        width,
        height,
        status,
        engine: Engine::Hayro,
        glyphs: sink.glyphs,
        fonts: sink.fonts,
        rules: sink.rules,
        images: sink.images,
        lost_glyphs: sink.lost_glyphs,
        reason,
    }
}

fn failed_page(number: u32, panic: &str) -> Page {
    Page {
        number,
        width: 0.0,
        height: 0.0,
        status: PageStatus::Failed,
        engine: Engine::None,
        glyphs: Vec::new(),
        fonts: Vec::new(),
        rules: Vec::new(),
        images: 0,
        lost_glyphs: 0,
        reason: format!("the reader gave up: {panic}"),
    }
}
