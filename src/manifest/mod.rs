//! The corpus manifest: which companies, which documents, where they are.
//!
//! [`load`] reads a manifest and reports everything wrong with it at once; [`init::init`] writes a first one from a
//! folder of PDFs. Both read the [`Classifications`] below `dictionaries/`.

mod classifications;
mod company;
mod document;
mod fields;
pub mod init;
mod list;
mod load;
mod paths;
mod problem;
mod record;
#[cfg(test)]
mod tests;
mod year;

use std::path::PathBuf;

pub use classifications::{Classifications, Industry, Kind, TseIndustry};
pub(crate) use list::{decode as decode_list, delimiter as list_delimiter, line_of as list_line};
pub use load::{LoadOptions, load, load_bytes};
pub use problem::{ManifestErrors, Problem, Severity};

/// Required by law or exchange rule, or published freely: section 2 of the guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Regime {
    /// 制度開示
    Required,
    /// 任意開示
    Voluntary,
    /// Neither can be said (その他).
    Other,
}

/// A company of the corpus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    /// Security code as text: `4901`, `285A`.
    pub code: String,
    /// Name as the manifest gives it.
    pub name: String,
    /// One of the 36 Nikkei industries.
    pub industry: String,
    /// One of the 6 Nikkei sectors; follows from the industry.
    pub sector: String,
    /// One of the guide's five groups; follows from the industry.
    pub group: String,
    /// TSE-33 industry name, if given.
    pub tse33: Option<String>,
    /// Number of employees, if given.
    pub employees: Option<u64>,
    /// Capital in yen, if given.
    pub capital: Option<u64>,
    /// プライム, スタンダード, グロース; if given.
    pub market_segment: Option<String>,
    /// Other names.
    pub aliases: Vec<String>,
}

/// A document of the corpus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Index into [`Corpus::companies`].
    pub company: usize,
    /// As the manifest gives it, relative to the root, with `/`.
    pub path: String,
    /// Where it lies on disk.
    pub file: PathBuf,
    /// Kind of report, the canonical name of `classifications/kinds.toml`.
    pub kind: String,
    /// 制度 / 任意, follows from the kind.
    pub regime: Regime,
    /// Fiscal year (the year in which it begins, as the manifest gives it).
    pub fiscal_year: i32,
    /// ISO date of publication, if given.
    pub published: Option<String>,
    /// Where it was obtained, if given.
    pub url: Option<String>,
    /// SHA-256 as the manifest gives it (lower-case hex), checked by `check` and `run`.
    pub sha256: Option<String>,
    /// Expected, not obtained.
    pub missing: bool,
}

/// A group of companies whose size is known, against which coverage is reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Id below `classifications/frames.toml`.
    pub id: String,
    /// Industry → number of companies.
    pub counts: Vec<(String, u32)>,
}

/// What the manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corpus {
    /// Name of the corpus.
    pub name: String,
    /// The coding scheme it asks for: a name under `dictionaries/schemes`, or a path.
    pub scheme: Option<String>,
    /// The frame it is a part or the whole of, if given.
    pub frame: Option<Frame>,
    /// Nikkei's 36 industries with sector, in Nikkei's order: the order of every table.
    pub industries: Vec<(String, String)>,
    /// Kinds of report with their regime, in the guide's order: the order of every table.
    pub kinds: Vec<(String, Regime)>,
    /// In the order of the manifest.
    pub companies: Vec<Company>,
    /// In the order of the manifest: the order of every output.
    pub documents: Vec<Document>,
    /// SHA-256 of the manifest and of the lists it names, lower-case hex, by path as written.
    pub checksums: Vec<(String, String)>,
    /// What is worth a look and no error, in the order of files and lines.
    pub warnings: Vec<Problem>,
}
