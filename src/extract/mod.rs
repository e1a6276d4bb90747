//! A PDF → pages of positioned text, each with a status and the engine that read it.

mod document;
mod guard;
mod hayro;
mod name;
mod quality;
mod reason;
mod repair;
mod second;
mod status;

use std::ops::ControlFlow;
use std::path::Path;

pub(crate) use document::outcome_of;
pub use document::{Event, Start, extract_from, extract_pages};
pub use reason::reason_ja;
pub use status::Outcome;

/// Stack (bytes) for a thread that reads documents: deeply nested objects recurse, and 2 MB, the usual, is too little.
pub(crate) const STACK: usize = 64 << 20;

/// Which engine read a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Engine {
    /// The `hayro` crates with mieruka's own text-collecting device.
    Hayro,
    /// The `pdf-extract` crate, the second opinion.
    PdfExtract,
    /// No engine could read the page.
    None,
}

/// What became of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageStatus {
    /// Text was read.
    Ok,
    /// Nothing is drawn on the page.
    Empty,
    /// Images and no text: a scan without a text layer.
    Scanned,
    /// Glyphs are drawn, but what characters they stand for is not in the file.
    Unmappable,
    /// Part of the page could be read, part is broken.
    Damaged,
    /// No engine could read the page.
    Failed,
}

/// What became of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentStatus {
    /// Every page that holds text was read.
    Ok,
    /// Some pages were read, others not: `reason` says which.
    Partial,
    /// The file is broken; what survives was read.
    Damaged,
    /// All pages are empty.
    Empty,
    /// All pages with content are scans.
    Scanned,
    /// The characters of the text are not in the file.
    Unmappable,
    /// Opens only with a password.
    Encrypted,
    /// Not there: marked missing in the manifest, or not on disk.
    Missing,
    /// Not a PDF (an HTML error page, a zero-byte file, a folder).
    NotAPdf,
    /// A PDF that no engine could read.
    Failed,
    /// The run was interrupted before this document's turn.
    Interrupted,
    /// Reading took more processor time than allowed; pages read before are kept.
    Timeout,
    /// Reading took more memory than allowed; pages read before are kept.
    OutOfMemory,
    /// Reading crashed its process; pages read before are kept.
    Crashed,
}

/// The direction in which the glyphs of a run follow one another on the upright page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Left to right.
    Right,
    /// Top to bottom: vertical writing, or text turned clockwise.
    Down,
    /// Right to left: text turned upside down.
    Left,
    /// Bottom to top: text turned counter-clockwise.
    Up,
}

/// One character as it stands on a page.
///
/// Lengths are in points; the origin is the top left corner of the page *as displayed* (after `/Rotate`), x grows to
/// the right, y grows downwards. A glyph that stands for several characters (a ligature) gives one `Glyph` each, the
/// advance divided evenly among them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// The character, as decoded: not normalised.
    pub ch: char,
    /// The glyph origin on the baseline (horizontal writing) or the top centre (vertical writing).
    pub x: f32,
    /// See `x`.
    pub y: f32,
    /// The advance along the direction of writing; 0 when not known.
    pub advance: f32,
    /// Effective font size.
    pub size: f32,
    /// Index into [`Page::fonts`].
    pub font: u16,
    /// Direction of writing.
    pub direction: Direction,
    /// Written in vertical writing mode (upright characters one below the other), not merely turned.
    pub vertical: bool,
    /// Text rendering mode 3 or the like: an OCR layer under a scan.
    pub invisible: bool,
}

/// A font of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FontInfo {
    /// PostScript name without the subset prefix; empty when the file gives none.
    pub name: String,
    /// Bold by name or weight.
    pub bold: bool,
}

/// A straight ruling line or thin filled rectangle, or an edge of a box: what tables and frames are drawn with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// Left or only x.
    pub x0: f32,
    /// Top or only y.
    pub y0: f32,
    /// Right x.
    pub x1: f32,
    /// Bottom y.
    pub y1: f32,
}

/// One page of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Counted from 1.
    pub number: u32,
    /// Width in points as displayed.
    pub width: f32,
    /// Height in points as displayed.
    pub height: f32,
    /// What became of it.
    pub status: PageStatus,
    /// Who read it.
    pub engine: Engine,
    /// The characters in the order of the content stream, which in real reports is the reading order.
    pub glyphs: Vec<Glyph>,
    /// The fonts that `glyphs` refer to.
    pub fonts: Vec<FontInfo>,
    /// Ruling lines, horizontal and vertical only.
    pub rules: Vec<Rule>,
    /// Images drawn.
    pub images: u32,
    /// Glyphs drawn whose character is not known.
    pub lost_glyphs: u32,
    /// Why the status is not `Ok`, for a person; empty when it is.
    pub reason: String,
}

/// A whole document as read.
#[derive(Debug, Clone, PartialEq)]
pub struct Extraction {
    /// What became of it.
    pub status: DocumentStatus,
    /// Why the status is not `Ok`, or a note on pages without text ("page 11 is a scan without text"); for a person.
    pub reason: String,
    /// Every page of the document, also those that could not be read.
    pub pages: Vec<Page>,
}

/// Reads a PDF.
///
/// Never fails and never panics: whatever is wrong with the file is told by the statuses.
pub fn extract_file(path: &Path) -> Extraction {
    extract_first(path, u32::MAX)
}

/// Reads the first pages of a PDF, at least one and at most `most`, as [`extract_file`] does: a title page needs no more.
pub fn extract_first(path: &Path, most: u32) -> Extraction {
    let mut pages = Vec::new();
    let mut each = |page: Page| {
        let last = page.number >= most;
        pages.push(page);
        if last {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let Outcome { status, reason, .. } = extract_pages(path, &mut each);
    Extraction {
        status,
        reason,
        pages,
    }
}
