//! Reads a manifest and the lists it names; reports everything that is wrong with them at once.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::classifications::Classifications;
use super::company::company;
use super::list::{COMPANIES, DOCUMENTS, Layout, decode, rows};
use super::paths::Root;
use super::problem::{Place, Report, did_you_mean, quoted};
use super::record::{Record, array_of_tables, parse_toml};
use super::{Company, Corpus, Document, ManifestErrors};
use crate::dictionaries::Dictionaries;

const CORPUS_KEYS: &[&str] = &["name", "root", "scheme", "frame", "companies", "documents"];
const COMPANY_KEYS: &[&str] = &[
    "code",
    "name",
    "industry",
    "tse33",
    "employees",
    "capital",
    "market_segment",
    "aliases",
    "note",
];
const DOCUMENT_KEYS: &[&str] = &[
    "path",
    "kind",
    "fiscal_year",
    "published",
    "url",
    "sha256",
    "status",
    "note",
];

/// How a manifest is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LoadOptions {
    /// A file that is not on disk becomes a document with status missing, not an error.
    pub allow_missing: bool,
}

/// Reads a manifest.
///
/// # Arguments
/// * `path` - the TOML file; lists are looked for beside it, documents below its `root`
/// * `dictionaries` - where the classifications come from
/// * `options` - what is forgiven
///
/// # Errors
/// Everything that is wrong with the manifest, its lists and the classifications, with file, line and cure.
pub fn load(
    path: &Path,
    dictionaries: &Dictionaries,
    options: LoadOptions,
) -> Result<Corpus, ManifestErrors> {
    let shown = path.display().to_string();
    match std::fs::read(path) {
        Ok(bytes) => load_bytes(&bytes, path, dictionaries, options),
        Err(error) => {
            let mut report = Report::default();
            let file = report.add_file(&shown, "");
            let (message, cure) = if path.is_dir() {
                (
                    "it is a folder, not a manifest".to_owned(),
                    "name the file: --manifest FILE".to_owned(),
                )
            } else {
                (
                    format!("cannot be read: {error}"),
                    "name the manifest with --manifest FILE; `mieruka init DIR` writes one from a folder of PDFs".to_owned(),
                )
            };
            report.error(report.line(file, 0), message, cure);
            Err(report
                .finish()
                .err()
                .unwrap_or(ManifestErrors { problems: Vec::new() }))
        }
    }
}

/// Reads a manifest whose bytes are at hand, as if it lay at `path`.
///
/// # Errors
/// As [`load`].
pub fn load_bytes(
    bytes: &[u8],
    path: &Path,
    dictionaries: &Dictionaries,
    options: LoadOptions,
) -> Result<Corpus, ManifestErrors> {
    let classifications = Classifications::load(dictionaries)?;
    let mut loader = Loader {
        report: Report::default(),
        classifications: &classifications,
        options,
        dir: path.parent().map(Path::to_owned).unwrap_or_default(),
        root: None,
        companies: Vec::new(),
        companies_unknown: false,
        documents: Vec::new(),
        checksums: vec![(path.display().to_string(), sha256_hex(bytes))],
        codes: BTreeMap::new(),
        paths: BTreeMap::new(),
    };
    let heads = loader.manifest(bytes, &path.display().to_string());
    let warnings = loader.report.finish()?;
    let stem = path
        .file_stem()
        .map(|s| s.to_string_lossy().into_owned())
        .unwrap_or_default();
    Ok(Corpus {
        name: heads.name.unwrap_or(stem),
        scheme: heads.scheme,
        frame: heads.frame.and_then(|id| classifications.frame(&id).cloned()),
        industries: classifications
            .industries
            .iter()
            .map(|i| (i.name.clone(), i.sector.clone()))
            .collect(),
        kinds: classifications
            .kinds
            .iter()
            .map(|k| (k.name.clone(), k.regime))
            .collect(),
        companies: loader.companies.into_iter().map(|c| c.company).collect(),
        documents: loader.documents,
        checksums: loader.checksums,
        warnings,
    })
}

/// What `[corpus]` says.
#[derive(Default)]
struct Heads {
    name: Option<String>,
    scheme: Option<String>,
    frame: Option<String>,
    companies: Option<(String, Place)>,
    documents: Option<(String, Place)>,
}

pub(super) struct Loader<'c> {
    pub(super) report: Report,
    pub(super) classifications: &'c Classifications,
    pub(super) options: LoadOptions,
    /// The folder of the manifest.
    pub(super) dir: PathBuf,
    /// `None` when there is no such folder; then no path is looked up.
    pub(super) root: Option<Root>,
    pub(super) companies: Vec<Listed>,
    /// The list of companies was refused: that a document's company is not in it says nothing.
    pub(super) companies_unknown: bool,
    pub(super) documents: Vec<Document>,
    pub(super) checksums: Vec<(String, String)>,
    /// Code → index of the company.
    pub(super) codes: BTreeMap<String, usize>,
    /// What identifies a file → where it was first named.
    pub(super) paths: BTreeMap<PathBuf, Place>,
}

/// A company and where it was listed.
pub(super) struct Listed {
    pub(super) company: Company,
    pub(super) place: Place,
    pub(super) documents: usize,
}

impl Loader<'_> {
    fn manifest(&mut self, bytes: &[u8], shown: &str) -> Heads {
        let Ok(text) = std::str::from_utf8(bytes) else {
            self.not_utf8(bytes, shown);
            return Heads::default();
        };
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let file = self.report.add_file(shown, text);
        let Some(table) = parse_toml(text, file, &mut self.report) else {
            return Heads::default();
        };
        let top = table.get_ref();
        let table = Spanned::new(table.span(), top);
        Record::from_table(
            "the manifest",
            &table,
            &[],
            &["corpus", "company"],
            file,
            &mut self.report,
        );
        let heads = self.corpus(top, file);
        self.tables(top, file);
        if let Some((name, place)) = &heads.companies {
            let records = self.list(name, *place, &COMPANIES);
            self.companies_unknown = records.is_empty();
            for record in records {
                self.company(&record);
            }
        }
        if let Some((name, place)) = &heads.documents {
            for record in self.list(name, *place, &DOCUMENTS) {
                self.listed_document(&record);
            }
        }
        self.whole(&heads, file);
        heads
    }

    fn not_utf8(&mut self, bytes: &[u8], shown: &str) {
        let file = self.report.add_file(shown, &String::from_utf8_lossy(bytes));
        let valid = std::str::from_utf8(bytes).err().map_or(0, |e| e.valid_up_to());
        let line = 1 + bytes.iter().take(valid).filter(|b| **b == b'\n').count();
        self.report.error(
            self.report.line(file, line),
            "the manifest is not UTF-8 text",
            "save it as UTF-8 (in Excel and Notepad: 名前を付けて保存 → UTF-8); only CSV lists may be Shift_JIS",
        );
    }

    /// Reads `[corpus]` and opens the root.
    fn corpus(&mut self, top: &DeTable<'_>, file: usize) -> Heads {
        let report = &mut self.report;
        let mut heads = Heads::default();
        let mut root = None;
        match top
            .get_key_value("corpus")
            .map(|(key, value)| (key, value, value.get_ref()))
        {
            None => {}
            Some((_, value, DeValue::Table(table))) => {
                let table = Spanned::new(value.span(), table);
                let record = Record::from_table("[corpus]", &table, CORPUS_KEYS, &[], file, report);
                heads.name = record.text("name", report).map(|(name, _)| name);
                heads.scheme = record.text("scheme", report).map(|(scheme, _)| scheme);
                heads.companies = record.text("companies", report);
                heads.documents = record.text("documents", report);
                root = record.text("root", report);
                heads.frame = record.text("frame", report).map(|(id, place)| {
                    self.check_frame(&id, place);
                    id
                });
            }
            Some((key, _, _)) => {
                let place = report.place(file, key.span().start);
                report.error(
                    place,
                    "corpus is not a table",
                    "write [corpus] on a line of its own",
                );
            }
        }
        let (root, place) = root.unwrap_or_else(|| (String::new(), self.report.line(file, 0)));
        self.open_root(&root, place);
        heads
    }

    fn check_frame(&mut self, id: &str, place: Place) {
        if self.classifications.frame(id).is_none() {
            let known: Vec<&str> = self
                .classifications
                .frames
                .iter()
                .map(|f| f.id.as_str())
                .collect();
            let cure = format!(
                "{} (frames stand in classifications/frames.toml)",
                did_you_mean(id, &known)
            );
            self.report
                .error(place, format!("unknown frame {}", quoted(id)), cure);
        }
    }

    fn open_root(&mut self, root: &str, place: Place) {
        let mut dir = self.dir.join(root);
        if dir.as_os_str().is_empty() {
            dir = PathBuf::from(".");
        }
        match Root::open(&dir) {
            Ok(opened) => self.root = Some(opened),
            Err(error) => self.report.error(
                place,
                format!(
                    "the folder of the documents, {}, cannot be opened: {error}",
                    quoted(&dir.display().to_string())
                ),
                "root is relative to the manifest, or absolute; correct it, or create the folder",
            ),
        }
    }

    /// `[[company]]` and `[[company.document]]`.
    fn tables(&mut self, top: &DeTable<'_>, file: usize) {
        for table in array_of_tables(top, "company", "company", file, &mut self.report) {
            let record = Record::from_table(
                "[[company]]",
                &table,
                COMPANY_KEYS,
                &["document"],
                file,
                &mut self.report,
            );
            let company = self.company(&record);
            let documents = array_of_tables(
                table.get_ref(),
                "document",
                "company.document",
                file,
                &mut self.report,
            );
            for table in documents {
                let record = Record::from_table(
                    "[[company.document]]",
                    &table,
                    DOCUMENT_KEYS,
                    &[],
                    file,
                    &mut self.report,
                );
                self.document(&record, company);
            }
        }
    }

    /// Opens a CSV list beside the manifest.
    fn list(&mut self, name: &str, named_at: Place, layout: &Layout) -> Vec<Record> {
        let path = self.dir.join(name);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.report.error(
                    named_at,
                    format!("the list {} cannot be read: {error}", quoted(name)),
                    "a list is a CSV file; its path is relative to the manifest",
                );
                return Vec::new();
            }
        };
        self.checksums.push((name.to_owned(), sha256_hex(&bytes)));
        match decode(&bytes) {
            Ok(text) => {
                let file = self.report.add_file(name, &text);
                rows(&text, layout, file, &mut self.report)
            }
            Err(line) => {
                let file = self.report.add_file(name, &String::from_utf8_lossy(&bytes));
                self.report.error(
                    self.report.line(file, line),
                    "the list is neither UTF-8 nor Shift_JIS text",
                    "in Excel: 名前を付けて保存 → CSV UTF-8 (コンマ区切り); an .xlsx file must be saved as CSV",
                );
                Vec::new()
            }
        }
    }

    /// Checks a company; its index, whatever is wrong with it, so that its documents are checked too.
    fn company(&mut self, record: &Record) -> usize {
        let (company, code) = company(record, true, self.classifications, &mut self.report);
        let index = self.companies.len();
        let code = code.map(|place| (company.code.clone(), place));
        self.companies.push(Listed {
            company,
            place: record.place,
            documents: 0,
        });
        if let Some((code, place)) = code {
            self.claim_code(code, place, index);
        }
        index
    }

    fn claim_code(&mut self, code: String, place: Place, index: usize) {
        match self.codes.get(&code).and_then(|first| self.companies.get(*first)) {
            Some(first) => {
                let first = self.report.describe(first.place, place);
                self.report.error(
                    place,
                    format!("the code {} is used twice (first: {first})", quoted(&code)),
                    "a company stands once, with all its documents; correct the code or merge the two",
                );
            }
            None => {
                self.codes.insert(code, index);
            }
        }
    }

    /// What can only be seen when everything is read.
    fn whole(&mut self, heads: &Heads, file: usize) {
        // A list that could not be read was reported already.
        if self.companies.is_empty() && heads.companies.is_none() {
            self.report.error(
                self.report.line(file, 0),
                "the manifest names no company",
                "add [[company]] tables, or companies = \"companies.csv\" in [corpus]; \
                 `mieruka init DIR` writes a first manifest from a folder of PDFs",
            );
        }
        for listed in self
            .companies
            .iter()
            .filter(|l| l.documents == 0 && heads.documents_could_be_read(&self.checksums))
        {
            self.report.warn(
                listed.place,
                format!("{} {} has no document", listed.company.code, listed.company.name),
                "list its reports; one that could not be obtained with status = \"missing\"",
            );
        }
    }
}

impl Heads {
    /// Whether no list of documents is named, or the one named was read.
    fn documents_could_be_read(&self, checksums: &[(String, String)]) -> bool {
        self.documents
            .as_ref()
            .is_none_or(|(name, _)| checksums.iter().any(|(read, _)| read == name))
    }
}

fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}
