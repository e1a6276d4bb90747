//! The evidence: written to a file of its own while the run goes on, read back one document at a time. Memory does not
//! grow with the corpus.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};
use std::path::Path;

use askama::Template;
use serde::{Deserialize, Serialize};

use super::documents::Documents;
use crate::coding::{Coding, Quote};
use crate::export::{ExportError, Lang};
use crate::passage::Passage;
use crate::tables::Tables;
use crate::tables::columns::{COMPANY, COMPANY_CODE, FISCAL_YEAR, KIND};
use crate::tables::rows::Rows;

/// Of each document and code, so many passages stand in the report; all of them are in `passages.csv`.
pub const PASSAGES_PER_CODE: usize = 3;

/// Longest quote in characters.
const QUOTE: usize = 100;

/// Longest heading in characters.
const HEADING: usize = 40;

/// What the report shows of a document.
#[derive(Debug, Serialize, Deserialize)]
struct OfDocument {
    document: usize,
    shown: Vec<Shown>,
    /// Coded passages that are not shown.
    left_out: usize,
}

/// A passage with its codes.
#[derive(Debug, Serialize, Deserialize)]
struct Shown {
    page: u32,
    codes: Vec<String>,
    /// The codes that no passage before it has: the tables link to it by them.
    first_of: Vec<String>,
    heading: String,
    /// The quote in pieces, evidence marked.
    quote: Vec<(bool, String)>,
}

/// Takes the coded passages of documents, one document after another, and keeps none.
pub struct EvidenceWriter {
    file: BufWriter<File>,
    folder: std::path::PathBuf,
}

impl EvidenceWriter {
    /// Begins a nameless file in a folder, which is gone when the program ends.
    ///
    /// # Errors
    /// [`ExportError::Folder`] when the folder does not take files.
    pub fn create(folder: &Path) -> Result<Self, ExportError> {
        let file = tempfile::tempfile_in(folder).map_err(|error| failed(folder, &error))?;
        Ok(EvidenceWriter {
            file: BufWriter::new(file),
            folder: folder.to_owned(),
        })
    }

    /// Takes the in-scope passages of a document.
    ///
    /// # Errors
    /// [`ExportError::Folder`] when the bytes are not taken.
    pub fn write(&mut self, document: usize, passages: &[(Passage, Coding)]) -> Result<(), ExportError> {
        let mut line = serde_json::to_vec(&select(document, passages)).unwrap_or_default();
        line.push(b'\n');
        self.file
            .write_all(&line)
            .map_err(|error| failed(&self.folder, &error))
    }

    /// Ends the writing.
    ///
    /// # Errors
    /// [`ExportError::Folder`] when the bytes are not taken.
    pub fn finish(self) -> Result<EvidenceFile, ExportError> {
        let folder = self.folder;
        let file = self
            .file
            .into_inner()
            .map_err(|error| failed(&folder, error.error()))?;
        Ok(EvidenceFile(file))
    }
}

fn failed(folder: &Path, error: &io::Error) -> ExportError {
    ExportError::Folder {
        folder: folder.to_owned(),
        source: error.kind().into(),
    }
}

/// A passage is shown when it is among the first few of any of its codes in the document.
fn select(document: usize, passages: &[(Passage, Coding)]) -> OfDocument {
    let mut counts: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    let mut of = OfDocument {
        document,
        shown: Vec::new(),
        left_out: 0,
    };
    for (passage, coding) in passages.iter().filter(|(_, coding)| !coding.labels.is_empty()) {
        let mut first_of = Vec::new();
        let mut wanted = None;
        for code in &coding.labels {
            let count = counts.entry(code).or_default();
            *count += 1;
            if *count == 1 {
                first_of.push(code.clone());
            }
            if *count <= PASSAGES_PER_CODE {
                wanted = wanted.or(Some(code));
            }
        }
        match wanted {
            Some(code) => of.shown.push(shown(passage, coding, code, first_of)),
            None => of.left_out += 1,
        }
    }
    of
}

fn shown(passage: &Passage, coding: &Coding, code: &str, first_of: Vec<String>) -> Shown {
    let spans: Vec<_> = coding.evidence.iter().map(|e| (e.start, e.end)).collect();
    let evidence = coding.evidence.iter().find(|e| e.code == code);
    let (start, end) = evidence.map_or((0, 0), |e| (e.start, e.end));
    let heading = passage.headings.last().map_or("", String::as_str);
    Shown {
        page: passage.pages.first().copied().unwrap_or(0),
        codes: coding.labels.clone(),
        first_of,
        heading: heading.chars().take(HEADING).collect(),
        quote: Quote::around(&passage.text, start, end, QUOTE).marked(&spans),
    }
}

/// The evidence of a run, to be read as often as needed.
pub struct EvidenceFile(File);

impl EvidenceFile {
    /// The evidence of documents, one after another, in manifest order.
    fn each(&self) -> io::Result<impl Iterator<Item = io::Result<OfDocument>> + '_> {
        let mut file = &self.0;
        file.rewind()?;
        let read = |line: io::Result<String>| Ok(serde_json::from_str(&line?)?);
        Ok(BufReader::new(file).lines().map(read))
    }
}

/// The evidence as the report prints it, a document at a time.
pub struct Evidence<'a> {
    file: &'a EvidenceFile,
    documents: &'a Documents,
    heads: Vec<DocumentHead<'a>>,
    lang: Lang,
}

/// Whose document it is.
#[derive(Clone, Copy)]
struct DocumentHead<'a> {
    code: &'a str,
    company: &'a str,
    kind: &'a str,
    year: i64,
}

/// A document with its evidence.
#[derive(Template)]
#[template(path = "report/document.html")]
struct DocumentEvidence<'a> {
    place: usize,
    head: DocumentHead<'a>,
    shown: Vec<Shown>,
    left_out: usize,
    link: Option<String>,
    lang: Lang,
}

impl DocumentEvidence<'_> {
    /// Anchors that the tables link to: the first is the item's own id, the others stand within it.
    fn anchors(&self, shown: &Shown) -> Vec<String> {
        let anchor = |code: &String| anchor(self.place, code);
        shown.first_of.iter().map(anchor).collect()
    }
}

/// The anchor of a code's first passage in a document.
pub fn anchor(document: usize, code: &str) -> String {
    format!("e{document}-{code}")
}

impl<'a> Evidence<'a> {
    /// Makes ready to print.
    pub fn new(file: &'a EvidenceFile, tables: &'a Tables, documents: &'a Documents, lang: Lang) -> Self {
        let rows = Rows::of(tables.get("documents"));
        let heads = rows.iter().map(|row| DocumentHead {
            code: row.text(&COMPANY_CODE),
            company: row.text(&COMPANY),
            kind: row.text(&KIND),
            year: row.int(&FISCAL_YEAR).unwrap_or(0),
        });
        Evidence {
            heads: heads.collect(),
            file,
            documents,
            lang,
        }
    }

    fn print(&self, of: OfDocument, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(head) = self
            .heads
            .get(of.document)
            .copied()
            .filter(|_| !of.shown.is_empty())
        else {
            return Ok(());
        };
        let document = DocumentEvidence {
            place: of.document,
            head,
            link: self.documents.link(of.document, None),
            shown: of.shown,
            left_out: of.left_out,
            lang: self.lang,
        };
        write!(f, "{document}")
    }
}

impl fmt::Display for Evidence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for of in self.file.each().map_err(|_| fmt::Error)? {
            self.print(of.map_err(|_| fmt::Error)?, f)?;
        }
        Ok(())
    }
}
