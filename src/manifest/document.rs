//! Checks of a document: company, path, kind of report, year, status.

use std::path::PathBuf;

use unicode_normalization::UnicodeNormalization;

use super::classifications::name_key;
use super::load::Loader;
use super::paths::{Found, Refused, components};
use super::problem::{Place, nearest, quoted};
use super::record::Record;
use super::{Document, Regime, fields};

impl Loader<'_> {
    /// A row of the list of documents.
    pub(super) fn listed_document(&mut self, record: &Record) {
        let given = record.required("code", "write the security code of its company", &mut self.report);
        let company = given.and_then(|(given, place)| {
            let code: String = given.nfkc().collect();
            let found = self.codes.get(&code).copied();
            if found.is_none() && !self.companies_unknown {
                self.unknown_company(&given, place);
            }
            found
        });
        self.document(record, company.unwrap_or(usize::MAX));
    }

    fn unknown_company(&mut self, given: &str, place: Place) {
        let wanted = name_key(given);
        let by_name = self
            .companies
            .iter()
            .map(|l| &l.company)
            .find(|c| name_key(&c.name) == wanted || c.aliases.iter().any(|a| name_key(a) == wanted));
        // Any two codes of four digits look alike: only a single slip is one.
        let slip = |code: &&str| strsim::damerau_levenshtein(given, code) == 1;
        let near = self.codes.keys().map(String::as_str).find(slip);
        let cure = match (by_name, near) {
            (Some(company), _) => format!("write its code: {}", quoted(&company.code)),
            (None, Some(near)) => format!("did you mean {}? or add the company", quoted(near)),
            (None, None) => "add the company to the list of companies, or correct the code".to_owned(),
        };
        self.report
            .error(place, format!("no company has the code {}", quoted(given)), cure);
    }

    /// Checks a document of the company with that index.
    pub(super) fn document(&mut self, record: &Record, company: usize) {
        let report = &mut self.report;
        let path = record.required(
            "path",
            "write the file below root: path = \"4901/yuho_2024.pdf\"",
            report,
        );
        let kind = record.required(
            "kind",
            "write the kind of report, e.g. kind = \"有価証券報告書\"",
            report,
        );
        let fiscal_year = fields::fiscal_year(record, report);
        let mut document = Document {
            company,
            path: String::new(),
            file: PathBuf::new(),
            kind: String::new(),
            regime: Regime::Other,
            fiscal_year: fiscal_year.unwrap_or_default(),
            published: fields::date(record, "published", report),
            url: record.text("url", report).map(|(url, _)| url),
            sha256: fields::sha256(record, report),
            missing: false,
        };
        document.missing = self.status(record);
        if let Some((given, place)) = kind {
            self.kind(&given, place, &mut document);
        }
        if let Some((given, place)) = path {
            self.path(&given, place, &mut document);
        }
        if let Some(listed) = self.companies.get_mut(company) {
            listed.documents += 1;
        }
        self.documents.push(document);
    }

    /// Whether the document is marked as expected and not obtained.
    fn status(&mut self, record: &Record) -> bool {
        let Some((given, place)) = record.text("status", &mut self.report) else {
            return false;
        };
        let missing = matches!(given.as_str(), "missing" | "未入手");
        if !missing {
            let cure =
                "write status = \"missing\" for a document that could not be obtained, or leave it out";
            self.report
                .error(place, format!("unknown status {}", quoted(&given)), cure);
        }
        missing
    }

    fn kind(&mut self, given: &str, place: Place, document: &mut Document) {
        match self.classifications.kind(given) {
            Some(kind) => {
                document.kind.clone_from(&kind.name);
                document.regime = kind.regime;
            }
            None => {
                let kinds = &self.classifications.kinds;
                let every: Vec<&str> = kinds
                    .iter()
                    .flat_map(|k| std::iter::once(&k.name).chain(&k.aliases).chain(&k.interim))
                    .map(String::as_str)
                    .collect();
                let cure = match nearest(given, every) {
                    Some(near) => format!("did you mean {}?", quoted(near)),
                    None => {
                        let names: Vec<&str> = kinds.iter().map(|k| k.name.as_str()).collect();
                        format!("choose one of: {}", names.join(", "))
                    }
                };
                self.report
                    .error(place, format!("unknown kind of report {}", quoted(given)), cure);
            }
        }
    }

    fn path(&mut self, given: &str, place: Place, document: &mut Document) {
        let parts = match components(given) {
            Ok(parts) => parts,
            Err(refused) => {
                let message = match refused {
                    Refused::Absolute => format!("the path {} is absolute", quoted(given)),
                    Refused::Parent => format!("the path {} leaves the root by ..", quoted(given)),
                    Refused::Empty => format!("the path {} names no file", quoted(given)),
                };
                let cure =
                    "write the path from root downwards; set root in [corpus] to the folder of the reports";
                self.report.error(place, message, cure);
                return;
            }
        };
        document.path = parts.join("/");
        let identity: PathBuf = document.path.nfc().collect::<String>().into();
        let Some(root) = &mut self.root else {
            return self.claim_path(identity, given, place);
        };
        let found = root.find(&parts);
        let identity = match found {
            Found::File { file, canonical } => {
                document.file = file;
                if document.missing {
                    let cure = "remove status to have it read";
                    self.report.warn(
                        place,
                        format!("{} is marked missing, yet it is there", quoted(given)),
                        cure,
                    );
                }
                canonical
            }
            Found::Missing { file, suggestion } => {
                document.file = file;
                if !document.missing && !self.options.allow_missing {
                    self.missing(given, suggestion, place);
                }
                document.missing = true;
                identity
            }
            Found::NoFile => {
                let cure = "name the PDF file in it; every document is an entry of its own";
                self.report
                    .error(place, format!("{} is a folder, not a file", quoted(given)), cure);
                identity
            }
            Found::Outside(target) => {
                let target = quoted(&target.display().to_string());
                self.report.error(
                    place,
                    format!(
                        "{} is a symbolic link that leaves the root, to {target}",
                        quoted(given)
                    ),
                    "copy the file below root, or set root to a folder that holds both",
                );
                identity
            }
        };
        self.claim_path(identity, given, place);
    }

    fn missing(&mut self, given: &str, suggestion: Option<String>, place: Place) {
        let meant = suggestion.map_or_else(String::new, |name| format!("did you mean {}? ", quoted(&name)));
        self.report.error(
            place,
            format!("there is no file {}", quoted(given)),
            format!("{meant}if it could not be obtained, add status = \"missing\", or use --allow-missing"),
        );
    }

    fn claim_path(&mut self, identity: PathBuf, given: &str, place: Place) {
        if let Some(first) = self.paths.get(&identity) {
            let first = self.report.describe(*first, place);
            self.report.error(
                place,
                format!("the file {} is named twice (first: {first})", quoted(given)),
                "a document stands once; remove one of the two entries",
            );
        } else {
            self.paths.insert(identity, place);
        }
    }
}
