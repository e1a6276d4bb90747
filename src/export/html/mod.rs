//! HTML: one page for people, and its pictures as files.
//!
//! `report.html` asks for nothing but itself: styles and script stand in it, pictures are SVG. Everything is there
//! without scripts; with them tables can be sorted, filtered and searched. The templates are in `templates/`; they
//! escape whatever comes from a report or a manifest.

mod about;
mod documents;
mod evidence;
mod findings;
mod grid;
mod pictures;
mod sheet;

pub use about::{About, Gold, SchemeOutline};
pub use documents::links;
pub use evidence::{EvidenceFile, EvidenceWriter, PASSAGES_PER_CODE};
pub use findings::FactCounts;

use askama::Template;

use super::figure::{Category, DARK, Shade, percent};
use super::outbox::{Outbox, WriteError};
use super::{ExportError, Exporter, Lang};
use crate::extract::DocumentStatus;
use crate::tables::columns::*;
use crate::tables::rows::{Row, Rows};
use crate::tables::{Tables, columns::Column};
use documents::Documents;
use evidence::Evidence;
use grid::{Grid, GridCell};
use pictures::Pictures;
use sheet::Sheet;

/// The file's name.
pub const FILE: &str = "report.html";

/// The format HTML.
pub struct HtmlExporter {
    /// The language of the page; company names, quotes and classifications stay in Japanese.
    pub lang: Lang,
    /// The run.
    pub about: About,
    /// From the output folder to each document, in manifest order; see [`links`].
    pub links: Vec<Option<String>>,
    /// The evidence.
    pub evidence: EvidenceFile,
    /// The facts.
    pub facts: FactCounts,
}

impl Exporter for HtmlExporter {
    fn export(&self, tables: &Tables, outbox: &mut Outbox) -> Result<(), ExportError> {
        let failed = |error: askama::Error| WriteError::Io(std::io::Error::other(error));
        let pictures = Pictures::draw(tables, self.lang).map_err(failed);
        let pictures = pictures.map_err(|error| error.at(std::path::Path::new(FILE)))?;
        for picture in pictures.iter() {
            outbox.write(&picture.file, |out| Ok(out.write_all(picture.svg.as_bytes())?))?;
        }
        outbox.clear(pictures::FOLDER, pictures::is_picture);
        let documents = Documents::new(tables, &self.links);
        let report = Report::new(self, tables, pictures, &documents);
        outbox.write(FILE, |mut out| Ok(report.write_into(&mut out)?))
    }
}

/// The page.
#[derive(Template)]
#[template(path = "report.html")]
struct Report<'a> {
    lang: Lang,
    about: &'a About,
    style: &'static str,
    script: &'static str,
    dark: &'static [Shade; 6],
    categories: Vec<Category>,
    headline: Option<String>,
    pictures: Pictures,
    rates: Option<Sheet>,
    industries: Option<Sheet>,
    kinds: Option<Sheet>,
    grid: Grid,
    /// Tables of other passes over the passages, where the run has them.
    further: Vec<Further>,
    failures: Option<Sheet>,
    coverage: Option<Sheet>,
    codes: Sheet,
    inputs: Sheet,
    agreement: Option<Sheet>,
    evidence: Evidence<'a>,
    per_code: usize,
}

/// A table with a section of its own.
struct Further {
    id: &'static str,
    title: &'static str,
    sheet: Sheet,
}

impl<'a> Report<'a> {
    fn new(
        exporter: &'a HtmlExporter,
        tables: &'a Tables,
        pictures: Pictures,
        documents: &'a Documents,
    ) -> Self {
        let lang = exporter.lang;
        let about = &exporter.about;
        let sheet = |name: &str, wanted: &[Column]| {
            let wanted: Vec<Column> = wanted
                .iter()
                .filter(|column| sheet::is_read(column, lang))
                .cloned()
                .collect();
            let table = tables.get(name)?;
            Some(Sheet::of(table, Some(&wanted), documents, lang, |_| true))
        };
        let years = Rows::of(tables.get("year_category"));
        Report {
            lang,
            about,
            style: include_str!("../../../templates/report.css"),
            script: include_str!("../../../templates/report.js"),
            dark: &DARK,
            categories: pictures::categories(tables.codes(), lang),
            headline: headline(&years, lang),
            pictures,
            rates: sheet(
                "year_category",
                &rate_columns(&[], COMPANIES, &[RATE_CHANGE, PASSAGES]),
            ),
            industries: sheet(
                "industry_category",
                &rate_columns(&[INDUSTRY], COMPANIES, &[PASSAGES]),
            ),
            kinds: sheet(
                "kind_category",
                &rate_columns(&[KIND, REGIME], DOCUMENTS, &[PASSAGES]),
            ),
            grid: Grid::new(tables, documents),
            further: further(&exporter.facts, tables, documents, lang),
            failures: failures(tables, documents, lang),
            coverage: tables
                .get("coverage")
                .map(|table| Sheet::of(table, None, documents, lang, |_| true)),
            codes: about.codes(lang),
            inputs: about.inputs(lang),
            agreement: about.agreement(lang),
            evidence: Evidence::new(&exporter.evidence, tables, documents, lang),
            per_code: PASSAGES_PER_CODE,
        }
    }

    fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    /// `1,234,567`
    fn grouped(&self, number: &u64) -> String {
        let digits = number.to_string();
        let mut grouped = String::with_capacity(digits.len() * 4 / 3);
        for (place, digit) in digits.char_indices() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        grouped
    }
}

fn rate_columns(groups: &[Column], size: Column, more: &[Column]) -> Vec<Column> {
    let mut columns = vec![FISCAL_YEAR];
    columns.extend_from_slice(groups);
    columns.extend([
        CODE,
        CATEGORY,
        CATEGORY_EN,
        size,
        BASE,
        DISCLOSING,
        RATE,
        RATE_LOW,
        RATE_HIGH,
    ]);
    columns.extend_from_slice(more);
    columns
}

/// The sections that a run has when something was found for them.
fn further(facts: &FactCounts, tables: &Tables, documents: &Documents, lang: Lang) -> Vec<Further> {
    let section = |id, title, sheet: Option<Sheet>| sheet.map(|sheet| Further { id, title, sheet });
    let quality = section(
        "quality",
        lang.pick("良い開示の要素", "Elements of quality"),
        findings::quality(tables, lang),
    );
    let facts = section("facts", lang.pick("事実", "Facts"), facts.sheet(documents, lang));
    quality.into_iter().chain(facts).collect()
}

/// The documents that were not, or not wholly, read, and those with pages of nothing but pictures.
fn failures(tables: &Tables, documents: &Documents, lang: Lang) -> Option<Sheet> {
    let columns = [
        COMPANY_CODE,
        COMPANY,
        KIND,
        FISCAL_YEAR,
        PATH,
        STATUS,
        PAGES,
        PAGES_OK,
        lang.pick(REASON_JA, REASON),
    ];
    let is_failure = |row: &Row<'_, '_>| {
        let status: Result<DocumentStatus, _> = serde_json::from_value(row.text(&STATUS).into());
        // A scan among pages of text leaves a document whole; who reads a 0 must know of it.
        !matches!(status, Ok(DocumentStatus::Ok)) || row.int(&PAGES_OK) < row.int(&PAGES)
    };
    let table = tables.get("documents")?;
    let mut sheet = Sheet::of(table, Some(&columns), documents, lang, is_failure);
    sheet.caption = lang
        .pick(
            "読めない文書、一部しか読めない文書、画像だけのページのある文書",
            "Documents not read, read only in part, or with pages that are only pictures",
        )
        .to_owned();
    (!sheet.rows.is_empty()).then_some(sheet)
}

/// The latest year in a sentence: what most disclose, and what fewest. A base too small for a sentence has none.
fn headline(years: &Rows<'_>, lang: Lang) -> Option<String> {
    let year = *years.years().last()?;
    let rated: Vec<_> = years
        .of_year(year)
        .filter(|row| row.int(&SMALL) != Some(1))
        .filter_map(|row| Some((row.real(&RATE)?, row)))
        .collect();
    let rates = || rated.iter().map(|(rate, _)| *rate);
    let (most, least) = (rates().max_by(f64::total_cmp)?, rates().min_by(f64::total_cmp)?);
    let named = |rate: f64| {
        let same: Vec<_> = rated
            .iter()
            .filter(|(own, _)| *own == rate)
            .map(|(_, row)| row)
            .collect();
        same.first()
            .map_or_else(String::new, |row| named(row, same.len() - 1, lang))
    };
    Some(match (lang, most == least) {
        (Lang::Ja, true) => format!("{year}年度は、どの項目も開示率が同じです（{}）。", percent(most)),
        (Lang::En, true) => format!(
            "In fiscal year {year} all categories have the same rate ({}).",
            percent(most)
        ),
        (Lang::Ja, false) => format!(
            "{year}年度に最も多くの企業が開示している項目は{}、最も少ないのは{}です。",
            named(most),
            named(least)
        ),
        (Lang::En, false) => format!(
            "In fiscal year {year} most companies disclose {}, fewest {}.",
            named(most),
            named(least)
        ),
    })
}

/// A category with its share; `more` are those with the same rate.
fn named(row: &Row<'_, '_>, more: usize, lang: Lang) -> String {
    let name = row.text(&lang.pick(CATEGORY, CATEGORY_EN));
    let code = row.text(&CODE);
    let (disclosing, base) = (row.int(&DISCLOSING).unwrap_or(0), row.int(&BASE).unwrap_or(0));
    match (lang, more) {
        (Lang::Ja, 0) => format!("「{code} {name}」（{base}社中{disclosing}社）"),
        (Lang::Ja, _) => format!(
            "「{code} {name}」など{}項目（{base}社中{disclosing}社）",
            more + 1
        ),
        (Lang::En, 0) => format!("“{code} {name}” ({disclosing} of {base} companies)"),
        (Lang::En, _) => format!("“{code} {name}” and {more} more ({disclosing} of {base} companies)"),
    }
}
