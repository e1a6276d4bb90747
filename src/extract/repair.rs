//! Files whose frame is broken while the content is still there.
//!
//! The engine mends wrong offsets, a missing cross-reference table, and junk before or after the file by itself. What is
//! left is to see that something is missing, and to give pages a new tree when the old one is cut off.

use std::fmt::Write as _;

use hayro_syntax::Pdf;
use hayro_syntax::object::Dict;
use hayro_syntax::object::dict::keys::{COUNT, PAGES};

/// Says what is missing from a file that opens, or nothing.
pub(super) fn damage(pdf: &Pdf, data: &[u8]) -> Option<String> {
    let found = pdf.pages().len();
    let declared = pdf
        .xref()
        .get::<Dict<'_>>(pdf.xref().root_id())
        .and_then(|root| root.get::<Dict<'_>>(PAGES))
        .and_then(|pages| pages.get::<u32>(COUNT))
        .map_or(found, |n| n as usize);
    // A count that is out of all proportion is itself broken.
    if found < declared && declared <= found.saturating_mul(20).max(2_000) {
        return Some(format!("{found} of {declared} pages survive"));
    }
    is_cut_off(data).then(|| "the file is cut off: pages may be missing".to_string())
}

/// Says what was mended in a file whose pages are all there: no more than a note, since nothing is lost.
pub(super) fn mended(data: &[u8]) -> Option<&'static str> {
    let tail = data.len().saturating_sub(TAIL);
    let last = |needle: &[u8]| {
        let end = data.get(tail..).unwrap_or_default();
        end.windows(needle.len()).rposition(|w| w == needle)
    };
    let Some(start) = last(b"startxref").and_then(|at| number_after(data.get(tail + at + 9..)?)) else {
        return Some("its end was mended: the place of its cross-reference table is missing");
    };
    // What stands before the head of a file shifts its offsets, and readers allow for it.
    let head = data
        .windows(5)
        .take(1_024)
        .position(|w| w == b"%PDF-")
        .unwrap_or(0);
    if ![start, start.saturating_add(head)]
        .iter()
        .any(|at| is_table(data, *at))
    {
        return Some("its cross-reference table was mended");
    }
    let after = last(b"%%EOF")
        .and_then(|at| data.get(tail + at + 5..))
        .unwrap_or_default();
    let is_blank = |b: &u8| b.is_ascii_whitespace() || *b == 0;
    (!after.iter().all(is_blank)).then_some("bytes after its end were ignored")
}

/// How far from the end of a file its trailer is looked for (bytes).
const TAIL: usize = 64 << 10;

fn number_after(text: &[u8]) -> Option<usize> {
    let text = text.trim_ascii_start();
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    std::str::from_utf8(text.get(..digits)?).ok()?.parse().ok()
}

/// Whether a cross-reference table or stream begins here.
fn is_table(data: &[u8], at: usize) -> bool {
    let Some(here) = data.get(at..) else { return false };
    let here = here
        .get(..here.len().min(64))
        .unwrap_or_default()
        .trim_ascii_start();
    here.starts_with(b"xref")
        || (here.first().is_some_and(u8::is_ascii_digit) && here.windows(3).any(|w| w == b"obj"))
}

/// Why no page of a file can be read.
pub(super) fn why_no_pages(data: &[u8]) -> &'static str {
    if is_cut_off(data) {
        "it is cut off, and no page survives: fetch it again"
    } else {
        "no pages can be found in it"
    }
}

/// A whole file ends with a trailer; in one that was cut the last object does not end.
fn is_cut_off(data: &[u8]) -> bool {
    let tail = data.get(data.len().saturating_sub(2_048)..).unwrap_or_default();
    let last = |needle: &[u8]| tail.windows(needle.len()).rposition(|w| w == needle);
    if last(b"%%EOF").is_some() || last(b"startxref").is_some() {
        return false;
    }
    let whole = |needle: &[u8]| data.windows(needle.len()).rposition(|w| w == needle);
    match (whole(b" obj"), whole(b"endobj")) {
        (Some(begin), Some(end)) => begin > end,
        (Some(_), None) => true,
        _ => false,
    }
}

/// Appends a new page tree over the page objects that are still in the file.
pub(super) fn rebuild(data: &[u8]) -> Option<Vec<u8>> {
    let objects = objects(data);
    let pages: Vec<u32> = objects
        .iter()
        .filter(|o| is_page(o.body))
        .map(|o| o.number)
        .collect();
    if pages.is_empty() {
        return None;
    }
    let next = objects.iter().map(|o| o.number).max()?.checked_add(1)?;
    let mut kids = String::new();
    for page in &pages {
        let _ = write!(kids, "{page} 0 R ");
    }
    let (catalogue, tree, count) = (next, next.checked_add(1)?, pages.len());
    let mut out = data.to_vec();
    let _ = write!(
        TextSink(&mut out),
        "\nendstream endobj\n{catalogue} 0 obj <</Type/Catalog/Pages {tree} 0 R>> endobj\n\
         {tree} 0 obj <</Type/Pages/Count {count}/Kids[{kids}]>> endobj\n\
         trailer <</Root {catalogue} 0 R/Size {}>>\n%%EOF\n",
        tree.checked_add(1)?
    );
    Some(out)
}

struct TextSink<'v>(&'v mut Vec<u8>);

impl std::fmt::Write for TextSink<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

struct Found<'d> {
    number: u32,
    body: &'d [u8],
}

/// The objects `N 0 obj` of a file in the order they stand.
fn objects(data: &[u8]) -> Vec<Found<'_>> {
    const MOST: usize = 2_000_000;
    let starts: Vec<usize> = data
        .windows(6)
        .enumerate()
        .filter(|(_, w)| *w == b" 0 obj")
        .map(|(i, _)| i)
        .take(MOST)
        .collect();
    let number_before = |at: usize| {
        let head = data.get(at.saturating_sub(10)..at)?;
        let digits = head
            .iter()
            .rposition(|b| !b.is_ascii_digit())
            .map_or(head, |i| head.get(i + 1..).unwrap_or(head));
        std::str::from_utf8(digits).ok()?.parse().ok()
    };
    let mut out = Vec::new();
    for (i, start) in starts.iter().enumerate() {
        let end = starts.get(i + 1).copied().unwrap_or(data.len());
        if let (Some(number), Some(body)) = (number_before(*start), data.get(start + 6..end)) {
            out.push(Found { number, body });
        }
    }
    out
}

fn is_page(body: &[u8]) -> bool {
    let head = body.get(..body.len().min(4_096)).unwrap_or_default();
    let after = |needle: &[u8]| {
        let at = head.windows(needle.len()).position(|w| w == needle)?;
        head.get(at + needle.len()).copied()
    };
    let named = |needle: &[u8]| after(needle).is_some_and(|b| !b.is_ascii_alphabetic());
    named(b"/Type/Page") || named(b"/Type /Page")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_without_a_tree_get_a_new_one() {
        let cut =
            b"%PDF-1.4\n3 0 obj <</Type/Page/Contents 4 0 R>> endobj\n4 0 obj <</Length 3>> stream\nq Q\nend";
        let rebuilt = rebuild(cut).expect("has a page");
        let text = String::from_utf8_lossy(&rebuilt);
        assert!(
            text.contains("/Kids[3 0 R ]") && text.contains("/Root 5 0 R"),
            "{text}"
        );
        assert!(Pdf::new(rebuilt).is_ok_and(|pdf| pdf.pages().len() == 1));
        assert!(rebuild(b"%PDF-1.4\n3 0 obj <</Type/Pages>> endobj").is_none());
    }

    #[test]
    fn what_was_mended_without_loss_is_noted() {
        let whole = b"%PDF-1.4\nxref\n0 0\ntrailer <<>>\nstartxref\n9\n%%EOF\n";
        assert_eq!(mended(whole), None);
        let shifted = [b"junk\n", whole.as_slice()].concat();
        assert_eq!(mended(&shifted), None);
        let trailed = [whole, b"<html>".as_slice()].concat();
        assert!(mended(&trailed).is_some_and(|note| note.contains("after its end")));
        let wrong = String::from_utf8_lossy(whole).replace("\n9\n", "\n15\n");
        assert!(mended(wrong.as_bytes()).is_some_and(|note| note.contains("cross-reference")));
        assert!(mended(b"%PDF-1.4 1 0 obj <<>> endobj").is_some_and(|note| note.contains("missing")));
    }

    #[test]
    fn a_cut_file_is_told_from_one_that_only_lost_its_trailer() {
        assert!(is_cut_off(b"1 0 obj <<>> endobj 2 0 obj <</Length 9>> stream"));
        assert!(!is_cut_off(b"1 0 obj <<>> endobj"));
        assert!(!is_cut_off(b"1 0 obj startxref 0 %%EOF"));
    }
}
