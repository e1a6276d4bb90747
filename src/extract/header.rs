//! A look at the first bytes of a file: is it a PDF at all?

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Readers accept a header that does not stand at the very beginning, as the PDF reference's implementation notes do.
const SEARCHED: u64 = 1024;

/// Looks at the first kilobyte of a file for the mark of a PDF; cheap enough for thousands of files.
///
/// # Errors
/// What is wrong, for a person: not there, a folder, empty, an HTML page, not a PDF.
pub fn look_at_header(path: &Path) -> Result<(), String> {
    if path.is_dir() {
        return Err("it is a folder".to_owned());
    }
    let mut head = Vec::new();
    File::open(path)
        .and_then(|file| file.take(SEARCHED).read_to_end(&mut head))
        .map_err(|e| format!("it cannot be read: {e}"))?;
    match not_a_pdf(&head) {
        Some(reason) => Err(reason.to_owned()),
        None => Ok(()),
    }
}

/// Why a file that begins with these bytes is not a PDF; `None` when it may be one.
pub(crate) fn not_a_pdf(head: &[u8]) -> Option<&'static str> {
    if head.is_empty() {
        return Some("it is empty (0 bytes): obtain it again");
    }
    let begin = &head[..head.len().min(SEARCHED as usize)];
    if begin.windows(5).any(|w| w == b"%PDF-") {
        return None;
    }
    let text = String::from_utf8_lossy(begin).to_ascii_lowercase();
    if text.contains("<!doctype html") || text.contains("<html") {
        return Some(
            "it is an HTML page, not a PDF (often an error page saved in its place): obtain it again",
        );
    }
    Some("it is not a PDF: it does not begin with %PDF-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdf_may_have_bytes_before_its_header() {
        assert_eq!(not_a_pdf(b"%PDF-1.7\n"), None);
        assert_eq!(not_a_pdf(b"\xef\xbb\xbf\n%PDF-1.4\n"), None);
    }

    #[test]
    fn what_is_no_pdf_is_told_apart() {
        assert!(not_a_pdf(b"").unwrap().contains("empty"));
        assert!(not_a_pdf(b"  <!DOCTYPE HTML><html>").unwrap().contains("HTML"));
        assert!(not_a_pdf(b"PK\x03\x04").unwrap().contains("not a PDF"));
    }
}
