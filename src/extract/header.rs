//! A look at the first bytes of a file: is it a PDF at all?

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::status::not_a_pdf;

/// As much as is needed to tell; the header may stand after some foreign bytes.
const SEARCHED: u64 = 1 << 16;

/// Looks whether a file is a PDF by its first bytes; cheap enough for thousands of files.
///
/// # Errors
/// What is wrong, for a person: not there, a folder, empty, a web page, not a PDF.
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
