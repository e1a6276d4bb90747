//! What became of pages and documents, decided in one place.
//!
//! A table may say "does not disclose" (0) only about a document whose text was read; about any other it leaves a
//! blank. Hence the rule: a document is [`DocumentStatus::Ok`] when every page that holds text was read and scans are
//! the minority, so that its silence means something. One scanned page (a signature, an auditor's report) among
//! eleven is a note, not a failure. As soon as a page that holds text was not read it is
//! [`DocumentStatus::Partial`], and [`DocumentStatus::Damaged`] when the file itself is broken and pages may be missing
//! altogether. Where no page has text, the status says why: empty, scanned, unmappable, failed.

use super::hayro::PageReading;
use super::quality::Quality;
use super::{DocumentStatus, Page, PageStatus};

/// Of so many glyphs lost a reader would notice: words of a scheme may be among them.
const LOST_SHARE: f64 = 0.05;
/// One odd bullet on a title page is no loss.
const LOST_GLYPHS: u32 = 3;
/// Curves that a page of outlined text has and a logo has not.
const OUTLINED_TEXT: u32 = 2_000;

impl DocumentStatus {
    /// Whether the whole text was read, so that what is not in it is not in the document.
    pub fn is_complete(self) -> bool {
        self == Self::Ok
    }

    /// What it is called in Japanese.
    pub fn ja(self) -> &'static str {
        match self {
            Self::Ok => "正常",
            Self::Partial => "一部のみ",
            Self::Damaged => "破損",
            Self::Empty => "空白",
            Self::Scanned => "画像のみ",
            Self::Unmappable => "文字情報なし",
            Self::Encrypted => "パスワード付き",
            Self::Missing => "ファイルなし",
            Self::NotAPdf => "PDFでない",
            Self::Failed => "失敗",
            Self::Interrupted => "未処理",
            Self::Timeout => "時間切れ",
            Self::OutOfMemory => "メモリ不足",
            Self::Crashed => "異常終了",
        }
    }

    /// Whether text may have been read.
    pub fn has_text(self) -> bool {
        matches!(
            self,
            Self::Ok | Self::Partial | Self::Damaged | Self::Timeout | Self::OutOfMemory | Self::Crashed
        )
    }
}

/// What became of a document, when its pages have been handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What became of it.
    pub status: DocumentStatus,
    /// Why the status is not `Ok`, or a note on pages without text; for a person.
    pub reason: String,
    /// What is wrong with the file as a whole, if anything is; part of `reason`.
    pub damage: Option<String>,
}

impl Outcome {
    pub(super) fn new(status: DocumentStatus, reason: impl Into<String>) -> Self {
        Self {
            status,
            reason: reason.into(),
            damage: None,
        }
    }
}

impl Outcome {
    /// Adds a note that changes no status.
    pub(super) fn note(&mut self, note: &str) {
        if !self.reason.is_empty() {
            self.reason.push_str("; ");
        }
        self.reason.push_str(note);
    }
}

/// What became of a page that the first engine read.
pub(super) fn of_page(reading: &PageReading) -> (PageStatus, String) {
    let sink = &reading.sink;
    let shown = sink.glyphs.iter().filter(|g| !g.ch.is_whitespace()).count();
    let trouble = &reading.trouble;
    if shown == 0 && sink.lost_glyphs == 0 {
        return textless(reading);
    }
    if let Some(unmappable) = of_mapped(shown, sink.lost_glyphs) {
        return unmappable;
    }
    if Quality::of(&sink.glyphs).is_garbage() {
        return (PageStatus::Unmappable, "its characters make no text".to_string());
    }
    if trouble.broken_stream {
        return (
            PageStatus::Damaged,
            "a part of its content cannot be decoded".to_string(),
        );
    }
    if trouble.too_much || sink.overflowed {
        return (
            PageStatus::Damaged,
            "it has more content than any page of text; the beginning was read".to_string(),
        );
    }
    (PageStatus::Ok, String::new())
}

/// The status of a page of which too many glyphs have no character.
pub(super) fn of_mapped(shown: usize, lost: u32) -> Option<(PageStatus, String)> {
    let share = f64::from(lost) / (f64::from(lost) + shown as f64);
    let percent = (share * 100.0).round();
    let noticeable = share >= LOST_SHARE && (lost >= LOST_GLYPHS || share >= 0.5);
    noticeable.then(|| {
        (
            PageStatus::Unmappable,
            format!("the file does not say what {percent:.0} % of the glyphs stand for"),
        )
    })
}

fn textless(reading: &PageReading) -> (PageStatus, String) {
    let sink = &reading.sink;
    if reading.trouble.broken_stream {
        (PageStatus::Failed, "its content cannot be decoded".to_string())
    } else if reading.trouble.too_much {
        (
            PageStatus::Failed,
            "it has more content than any page of text, and none of it is text".to_string(),
        )
    } else if sink.images > 0 {
        (PageStatus::Scanned, "an image without a text layer".to_string())
    } else if sink.curves >= OUTLINED_TEXT {
        (
            PageStatus::Scanned,
            "drawn shapes without text: its letters may be outlines".to_string(),
        )
    } else {
        (PageStatus::Empty, "nothing is written on it".to_string())
    }
}

/// The pages of a document by status.
#[derive(Default)]
pub(super) struct Tally {
    ok: Vec<u32>,
    empty: Vec<u32>,
    scanned: Vec<u32>,
    unmappable: Vec<u32>,
    damaged: Vec<u32>,
    failed: Vec<u32>,
}

impl Tally {
    pub fn count(&mut self, page: &Page) {
        let list = match page.status {
            PageStatus::Ok => &mut self.ok,
            PageStatus::Empty => &mut self.empty,
            PageStatus::Scanned => &mut self.scanned,
            PageStatus::Unmappable => &mut self.unmappable,
            PageStatus::Damaged => &mut self.damaged,
            PageStatus::Failed => &mut self.failed,
        };
        list.push(page.number);
    }

    /// The status of the document. `damage` says what is wrong with the file as a whole, if anything is.
    pub fn outcome(self, damage: Option<&str>) -> Outcome {
        let notes = [
            note(&self.failed, "could not be read"),
            note(&self.damaged, "is damaged"),
            note(&self.unmappable, "has glyphs without characters"),
            note(&self.scanned, "is a scan without text"),
        ];
        let notes: Vec<String> = damage
            .map(str::to_string)
            .into_iter()
            .chain(notes.into_iter().flatten())
            .collect();
        let read = self.ok.len() + self.damaged.len();
        let unread = self.failed.len() + self.damaged.len() + self.unmappable.len();
        let status = match self.without_text() {
            // A cut file whose pages lost what they show is not one on which nothing is written.
            DocumentStatus::Empty if read == 0 && damage.is_some() => DocumentStatus::Failed,
            status => status,
        };
        let status = if read == 0 {
            status
        } else if damage.is_some() {
            DocumentStatus::Damaged
        } else if unread > 0 || self.scanned.len() > self.ok.len() {
            DocumentStatus::Partial
        } else {
            DocumentStatus::Ok
        };
        let reason = match status {
            DocumentStatus::Empty => "nothing is written on any page".to_string(),
            DocumentStatus::Failed if notes.is_empty() => "no pages can be found in it".to_string(),
            DocumentStatus::Failed if self.failed.is_empty() => {
                format!(
                    "{}; what was on its pages is lost: fetch it again",
                    notes.join("; ")
                )
            }
            _ => notes.join("; "),
        };
        Outcome {
            status,
            reason,
            damage: damage.map(str::to_string),
        }
    }

    fn without_text(&self) -> DocumentStatus {
        if !self.failed.is_empty() {
            DocumentStatus::Failed
        } else if !self.unmappable.is_empty() {
            DocumentStatus::Unmappable
        } else if !self.scanned.is_empty() {
            DocumentStatus::Scanned
        } else if !self.empty.is_empty() {
            DocumentStatus::Empty
        } else {
            DocumentStatus::Failed
        }
    }
}

/// `page 11 is a scan without text`, `pages 2–4, 9 is …`.
fn note(pages: &[u32], what: &str) -> Option<String> {
    match pages {
        [] => None,
        [one] => Some(format!("page {one} {what}")),
        many => {
            let what = match what.split_once(' ') {
                Some(("is", rest)) => format!("are {rest}").replace("are a scan", "are scans"),
                Some(("has", rest)) => format!("have {rest}"),
                _ => what.to_string(),
            };
            Some(format!("pages {} {what}", ranges(many)))
        }
    }
}

/// Ascending numbers as `2–4, 9`; a long list is cut.
fn ranges(numbers: &[u32]) -> String {
    let runs: Vec<&[u32]> = numbers.chunk_by(|a, b| a + 1 == *b).collect();
    let mut out: Vec<String> = runs
        .iter()
        .take(12)
        .map(|run| match run {
            [first, .., last] => format!("{first}–{last}"),
            [one] => one.to_string(),
            [] => String::new(),
        })
        .collect();
    if runs.len() > 12 {
        out.push("…".to_string());
    }
    out.join(", ")
}

/// Why a file is no PDF at all, when it is not.
pub(super) fn not_a_pdf(data: &[u8]) -> Option<&'static str> {
    if data.is_empty() {
        return Some("it is empty (0 bytes)");
    }
    let head = data.get(..data.len().min(1 << 16)).unwrap_or_default();
    if head.windows(5).any(|w| w == b"%PDF-") {
        return None;
    }
    let start = head.trim_ascii_start();
    let start = start
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(start)
        .to_ascii_lowercase();
    match start.as_slice() {
        [b'<', b'!' | b'h', ..] => {
            Some("it is a web page (HTML), not a PDF: perhaps an error page was saved")
        }
        [b'<', ..] => Some("it is an XML or HTML file, not a PDF"),
        [b'p', b'k', 3, 4, ..] => Some("it is a ZIP archive or an Office document, not a PDF"),
        _ if looks_like_objects(data) => None,
        _ => Some("it does not begin as a PDF does (%PDF-)"),
    }
}

/// A PDF whose head is lost still has objects.
fn looks_like_objects(data: &[u8]) -> bool {
    let count = |needle: &[u8]| {
        data.windows(needle.len())
            .filter(|w| *w == needle)
            .take(3)
            .count()
    };
    count(b" obj") >= 3 && count(b"endobj") >= 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Engine;

    fn page(number: u32, status: PageStatus) -> Page {
        Page {
            number,
            width: 595.0,
            height: 842.0,
            status,
            engine: Engine::Hayro,
            glyphs: Vec::new(),
            fonts: Vec::new(),
            rules: Vec::new(),
            images: 0,
            lost_glyphs: 0,
            reason: String::new(),
        }
    }

    fn outcome(pages: &[PageStatus], damage: Option<&str>) -> (DocumentStatus, String) {
        let mut tally = Tally::default();
        for (number, status) in (1..).zip(pages) {
            tally.count(&page(number, *status));
        }
        let Outcome { status, reason, .. } = tally.outcome(damage);
        (status, reason)
    }

    #[test]
    fn a_scanned_page_among_many_is_a_note() {
        use PageStatus::*;
        let (status, reason) = outcome(&[Ok, Ok, Empty, Scanned], None);
        assert_eq!(
            (status, reason.as_str()),
            (DocumentStatus::Ok, "page 4 is a scan without text")
        );
        let (status, reason) = outcome(&[Scanned, Scanned, Ok], None);
        assert_eq!(
            (status, reason.as_str()),
            (DocumentStatus::Partial, "pages 1–2 are scans without text")
        );
    }

    #[test]
    fn a_page_of_text_that_was_not_read_makes_it_partial() {
        use PageStatus::*;
        assert_eq!(
            outcome(&[Ok, Failed, Ok, Failed, Failed], None).1,
            "pages 2, 4–5 could not be read"
        );
        assert_eq!(outcome(&[Ok, Unmappable], None).0, DocumentStatus::Partial);
        assert_eq!(outcome(&[Damaged], None).0, DocumentStatus::Partial);
        assert_eq!(outcome(&[Ok], Some("it is cut off")).0, DocumentStatus::Damaged);
    }

    #[test]
    fn without_text_the_gravest_cause_names_the_document() {
        use PageStatus::*;
        assert_eq!(outcome(&[Empty, Empty], None).0, DocumentStatus::Empty);
        let (status, reason) = outcome(&[Empty, Empty], Some("the file is cut off: pages may be missing"));
        assert_eq!(status, DocumentStatus::Failed);
        assert_eq!(
            reason,
            "the file is cut off: pages may be missing; what was on its pages is lost: fetch it again"
        );
        assert_eq!(outcome(&[Empty, Scanned], None).0, DocumentStatus::Scanned);
        assert_eq!(
            outcome(&[Scanned, Unmappable], None).0,
            DocumentStatus::Unmappable
        );
        assert_eq!(outcome(&[Scanned, Failed], None).0, DocumentStatus::Failed);
        let (status, reason) = outcome(&[], None);
        assert_eq!(
            (status, reason.as_str()),
            (DocumentStatus::Failed, "no pages can be found in it")
        );
    }

    #[test]
    fn files_that_are_no_pdf_are_told_apart() {
        assert!(not_a_pdf(b"").is_some_and(|r| r.contains("empty")));
        assert!(not_a_pdf(b" <!DOCTYPE html><html>").is_some_and(|r| r.contains("HTML")));
        assert!(not_a_pdf(b"PK\x03\x04rest").is_some_and(|r| r.contains("ZIP")));
        assert!(not_a_pdf(b"hello").is_some_and(|r| r.contains("%PDF-")));
        assert_eq!(not_a_pdf(b"rubbish before %PDF-1.7"), None);
    }
}
