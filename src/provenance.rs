//! What made this output: `run.json`.

use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::dictionaries::DictionaryFile;

/// A file that the outputs depend on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Name below `dictionaries/`, or as the user gave it.
    pub name: String,
    /// Where it was read from; `embedded` for the copy in the binary.
    pub from: String,
    /// SHA-256, lower-case hex.
    pub sha256: String,
}

/// The dictionaries and the scheme of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Sources(pub Vec<Source>);

impl Sources {
    /// Records files with their checksums.
    pub fn new(files: impl IntoIterator<Item = DictionaryFile>) -> Self {
        let record = |file: DictionaryFile| Source {
            sha256: sha256_hex(file.text.as_bytes()),
            from: file
                .path
                .map_or_else(|| "embedded".to_owned(), |p| p.display().to_string()),
            name: file.name,
        };
        Self(files.into_iter().map(record).collect())
    }

    /// These and those.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }
}

/// Seconds of wall time of one document, by stage.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Seconds {
    /// PDF → pages.
    pub extract: f64,
    /// Pages → passages.
    pub layout: f64,
    /// Passages → codes.
    pub code: f64,
}

impl std::ops::AddAssign for Seconds {
    fn add_assign(&mut self, other: Self) {
        self.extract += other.extract;
        self.layout += other.layout;
        self.code += other.code;
    }
}

/// One document's part of the time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DocumentTime {
    /// Path as the manifest gives it.
    pub path: String,
    /// Seconds by stage.
    #[serde(flatten)]
    pub seconds: Seconds,
}

/// How much was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Companies of the manifest.
    pub companies: usize,
    /// Documents of the manifest.
    pub documents: usize,
    /// Documents with a status that counts as failure.
    pub documents_failed: usize,
    /// Documents of which something or all was not read, those marked missing too.
    pub documents_incomplete: usize,
    /// Pages of all documents.
    pub pages: u64,
    /// Passages of all documents.
    pub passages: u64,
    /// Of them in scope.
    pub passages_in_scope: u64,
    /// Characters of all passages.
    pub chars: u64,
}

/// What one document might cost, and whether it could take the program down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Isolation {
    /// Every document was read in a worker process; false where the system lets none be started.
    pub workers: bool,
    /// Processor seconds allowed for a document.
    pub timeout_seconds: u64,
    /// Bytes of memory allowed for a worker.
    pub memory_limit: u64,
}

/// The contents of `run.json`. Times differ from run to run; everything else is the same for the same input.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunRecord {
    /// Always `mieruka`.
    pub program: &'static str,
    /// Version of mieruka.
    pub version: &'static str,
    /// The crates that decide what is read and how it is cut into words, with the versions they are pinned to.
    pub engines: Vec<(&'static str, &'static str)>,
    /// Name of the corpus.
    pub corpus: String,
    /// Manifest and its lists: path as written, SHA-256.
    pub manifest: Vec<(String, String)>,
    /// Scheme and dictionaries.
    pub dictionaries: Sources,
    /// Stopped by Ctrl-C: documents not reached have status `interrupted`.
    pub interrupted: bool,
    /// How much was read.
    pub counts: Counts,
    /// Threads used.
    pub threads: usize,
    /// How documents were read.
    pub isolation: Isolation,
    /// Wall seconds of the whole run.
    pub seconds: f64,
    /// Wall seconds by stage, added over all documents (more than `seconds` with several threads).
    pub stages: Seconds,
    /// Wall seconds by document, in manifest order.
    pub documents: Vec<DocumentTime>,
}

/// The pinned crates, as `Cargo.toml` pins them.
pub const ENGINES: [(&str, &str); 6] = [
    ("hayro-syntax", "0.9.0"),
    ("hayro-cmap", "0.1.1"),
    ("hayro-font", "0.5.0"),
    ("pdf-extract", "0.12.1"),
    ("lindera", "6.2.0"),
    ("ipadic", "2.7.0-20070801"),
];

/// SHA-256 as lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// SHA-256 of a file, read in pieces.
///
/// # Errors
/// The file cannot be read.
pub fn sha256_file(path: &Path) -> std::io::Result<String> {
    let mut file = std::fs::File::open(path)?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&digest.finalize())),
            n => digest.update(&buffer[..n]),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut s, b| {
            // Writing to a String cannot fail.
            let _ = write!(s, "{b:02x}");
            s
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sha256_is_that_of_fips_180() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(
            sha256_hex(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn pinned_versions_are_those_of_cargo_toml() {
        let cargo = include_str!("../Cargo.toml");
        let (ipadic, crates) = ENGINES.split_last().expect("engines");
        for (name, version) in crates {
            let pinned = cargo
                .lines()
                .any(|l| l.starts_with(&format!("{name} = ")) && l.contains(&format!("\"={version}\"")));
            assert!(pinned, "{name} is not pinned to {version} in Cargo.toml");
        }
        let sums = include_str!("../dictionaries/ipadic/SHA256SUMS");
        assert!(sums.contains(ipadic.1), "the IPADIC archive is not {}", ipadic.1);
    }
}
