//! A file → its pages, one after the other.

use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use hayro_syntax::page::Page as PdfPage;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use super::guard::guarded;
use super::hayro::{PageReading, Reader};
use super::quality::Quality;
use super::second::{self, SecondOpinion};
use super::status::{self, Outcome, Tally};
use super::{DocumentStatus, Engine, Page, PageStatus, repair};

/// More pages than any report has; a page tree with more is an attack.
const MAX_PAGES: usize = 20_000;

/// What extraction tells as it goes.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// How many pages the document has; told first, and not at all when it does not open.
    Pages(u32),
    /// The next page.
    Page(Page),
}

/// Where to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// The first page to read, counted from 1.
    pub page: u32,
    /// The first engine did not survive that page: read it with the second, and the rest as usual.
    pub second_engine: bool,
}

impl Default for Start {
    fn default() -> Self {
        Self {
            page: 1,
            second_engine: false,
        }
    }
}

/// Reads a PDF page by page: `each` gets every page in order as soon as it is read, the outcome comes last.
///
/// Never fails and never panics: whatever is wrong with the file is told by the statuses. When `each` breaks off, no
/// further page is read, and the outcome covers the pages up to there.
pub fn extract_pages(path: &Path, each: &mut dyn FnMut(Page) -> ControlFlow<()>) -> Outcome {
    let mut each = |event: Event| match event {
        Event::Page(page) => each(page),
        Event::Pages(_) => ControlFlow::Continue(()),
    };
    extract_from(path, Start::default(), &mut each)
}

/// As [`extract_pages`], from a page on; the outcome covers the pages from there.
pub fn extract_from(path: &Path, start: Start, each: &mut dyn FnMut(Event) -> ControlFlow<()>) -> Outcome {
    let data = match load(path) {
        Ok(data) => Arc::new(data),
        Err(outcome) => return outcome,
    };
    let (pdf, damage) = match open(&data) {
        Ok(opened) => opened,
        Err(outcome) => return outcome,
    };
    let count = pdf.pages().len().min(MAX_PAGES);
    let mut document = Document {
        pdf: &pdf,
        second: SecondOpinion::new(&data),
    };
    let mut reader = Reader::new(&pdf);
    let mut tally = Tally::default();
    if each(Event::Pages(u32::try_from(count).unwrap_or(u32::MAX))).is_break() {
        return tally.outcome(damage.as_deref());
    }
    for (number, page) in (1u32..)
        .zip(pdf.pages().iter().take(count))
        .skip(start.page.max(1) as usize - 1)
    {
        let page = if start.second_engine && number == start.page {
            document.read_second(number, page)
        } else {
            document.read(number, page, &mut reader)
        };
        tally.count(&page);
        if each(Event::Page(page)).is_break() {
            break;
        }
    }
    let mut outcome = tally.outcome(damage.as_deref());
    if outcome.status == DocumentStatus::Ok
        && let Some(note) = repair::mended(&data)
    {
        outcome.note(note);
    }
    outcome
}

/// The outcome of a document whose pages were gathered in several goes. `damage`: what is wrong with the file as a whole.
pub(crate) fn outcome_of(pages: &[Page], damage: Option<&str>) -> Outcome {
    let mut tally = Tally::default();
    pages.iter().for_each(|page| tally.count(page));
    tally.outcome(damage)
}

/// Reads the file, unless it is no PDF.
fn load(path: &Path) -> Result<Vec<u8>, Outcome> {
    if path.is_dir() {
        return Err(Outcome::new(DocumentStatus::NotAPdf, "it is a folder"));
    }
    let data = fs::read(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Outcome::new(DocumentStatus::Missing, "there is no such file"),
        io::ErrorKind::OutOfMemory => Outcome::new(
            DocumentStatus::OutOfMemory,
            "the file is larger than the memory allowed",
        ),
        _ => Outcome::new(DocumentStatus::Failed, format!("it cannot be read: {error}")),
    })?;
    match status::not_a_pdf(&data) {
        Some(reason) => Err(Outcome::new(DocumentStatus::NotAPdf, reason)),
        None => Ok(data),
    }
}

/// Opens the document, and says what is wrong with the file as a whole.
fn open(data: &Arc<Vec<u8>>) -> Result<(Pdf, Option<String>), Outcome> {
    let failed = |reason: &str| Outcome::new(DocumentStatus::Failed, reason);
    match guarded(|| Pdf::new(data.clone())) {
        Ok(Ok(pdf)) => {
            let damage = repair::damage(&pdf, data);
            Ok((pdf, damage))
        }
        Ok(Err(LoadPdfError::Decryption(error))) => Err(encrypted(error)),
        Ok(Err(LoadPdfError::Invalid)) | Err(_) => {
            let rebuilt = repair::rebuild(data).and_then(|data| guarded(|| Pdf::new(data)).ok()?.ok());
            let damage = "its page tree is lost: the pages that survive were read";
            rebuilt
                .map(|pdf| (pdf, Some(damage.to_string())))
                .ok_or_else(|| failed(repair::why_no_pages(data)))
        }
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

struct Document<'a> {
    pdf: &'a Pdf,
    second: SecondOpinion<'a>,
}

impl<'a> Document<'a> {
    /// Reads a page with the first engine and, where that was not good enough, with the second; the better wins.
    fn read(&mut self, number: u32, page: &PdfPage<'a>, reader: &mut Reader<'a>) -> Page {
        let (first, bottomless) = match guarded(|| reader.read(page)) {
            Ok(reading) => {
                let bottomless = reading.trouble.too_much || reading.trouble.recursion;
                (page_of(number, reading), bottomless)
            }
            Err(panic) => {
                // Its caches may be half written.
                *reader = Reader::new(self.pdf);
                (failed_page(number, &panic), false)
            }
        };
        let quality = Quality::of(&first.glyphs);
        let poor =
            matches!(first.status, PageStatus::Failed | PageStatus::Unmappable) || quality.is_suspect();
        // What is bottomless for the first engine would hang the second.
        if !poor || bottomless {
            return first;
        }
        let initial = page.initial_transform(true).as_coeffs();
        match self.second.read(number, self.pdf.pages().len(), initial) {
            Ok(glyphs) => better(first, glyphs),
            Err(_) => first,
        }
    }
}

impl<'a> Document<'a> {
    /// Reads a page with the second engine only.
    fn read_second(&mut self, number: u32, page: &PdfPage<'a>) -> Page {
        let blank = failed_page(number, "");
        let (width, height) = page.render_dimensions();
        let initial = page.initial_transform(true).as_coeffs();
        match self.second.read(number, self.pdf.pages().len(), initial) {
            Ok(glyphs) => better(
                Page {
                    width,
                    height,
                    ..blank
                },
                glyphs,
            ),
            Err(reason) => Page {
                width,
                height,
                reason: format!("no engine can read it: {reason}"),
                ..blank
            },
        }
    }
}

/// The page as the second engine reads it, when more of it is usable.
fn better(first: Page, glyphs: Vec<super::Glyph>) -> Page {
    let (before, after) = (Quality::of(&first.glyphs), Quality::of(&glyphs));
    // A tenth more, so that a change of engine means something.
    if after.is_suspect() || after.usable() <= before.usable() * 1.1 || after.characters == 0 {
        return first;
    }
    // It drops what it cannot decode in silence: what it did not show counts as lost.
    let shown = before.characters + first.lost_glyphs as usize;
    let lost = u32::try_from(shown.saturating_sub(after.characters)).unwrap_or(u32::MAX);
    let (status, reason) =
        status::of_mapped(after.characters, lost).unwrap_or((PageStatus::Ok, String::new()));
    Page {
        status,
        reason,
        engine: Engine::PdfExtract,
        glyphs,
        fonts: second::fonts(),
        lost_glyphs: lost,
        ..first
    }
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
        engine: if status == PageStatus::Failed {
            Engine::None
        } else {
            Engine::Hayro
        },
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
