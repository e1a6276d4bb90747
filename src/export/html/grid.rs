//! Companies × categories: how many passages, and where the first stands.

use std::collections::BTreeMap;

use serde::Serialize;

use super::documents::Documents;
use super::evidence::anchor;
use crate::tables::columns::{
    CODE, COMPANY, COMPANY_CODE, DISCLOSED, DOCUMENTS_EXPECTED, DOCUMENTS_READ, FIRST_PAGE, FIRST_PATH,
    FISCAL_YEAR, INDUSTRY, KIND, PASSAGES, PATH,
};
use crate::tables::rows::{Row, Rows};
use crate::tables::{CodeLabel, Tables};

/// The grid.
pub struct Grid {
    /// A row per fiscal year and company.
    pub rows: Vec<GridRow>,
    /// Fiscal years, ascending.
    pub years: Vec<i64>,
    /// The industries that occur, in Nikkei's order.
    pub industries: Vec<String>,
    /// The kinds that occur, in the guide's order.
    pub kinds: Vec<String>,
    /// What the script needs to show one kind of report only: JSON that is safe within a script element.
    pub by_kind: String,
}

/// A company in a fiscal year.
pub struct GridRow {
    /// Fiscal year.
    pub year: i64,
    /// Security code.
    pub code: String,
    /// Name.
    pub company: String,
    /// Nikkei industry.
    pub industry: String,
    /// Documents that were read, of those expected: `2/3`.
    pub documents: String,
    /// Places of its documents of the year in the manifest, with commas.
    pub places: String,
    /// A cell per category.
    pub cells: Vec<GridCell>,
    /// Categories disclosed; none when nothing is known.
    pub disclosed: Option<usize>,
}

/// What is known of a company and a category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GridCell {
    /// Nothing found, but not everything could be read.
    Unknown,
    /// Everything was read, and nothing found.
    Nothing,
    /// Disclosed.
    Disclosed {
        /// Passages.
        passages: i64,
        /// Page of the first.
        page: i64,
        /// The anchor of its evidence in the report.
        anchor: String,
        /// The page itself; none when the file is not there.
        href: Option<String>,
    },
}

/// The cells of each document, for the script.
#[derive(Serialize)]
struct ByKind<'a> {
    kinds: &'a [String],
    /// Place of the document → its kind and a cell per category: passages, or null when not known.
    documents: BTreeMap<usize, (usize, Vec<Option<i64>>)>,
}

impl Grid {
    /// Gathers the grid from the tables.
    pub fn new(tables: &Tables, documents: &Documents) -> Self {
        let codes = tables.codes();
        let cells = Rows::of(tables.get("company_category"));
        let by_document = Rows::of(tables.get("document_category"));
        let kinds = distinct(
            Rows::of(tables.get("kind_category"))
                .iter()
                .map(|row| row.text(&KIND)),
        );
        let industries = distinct(
            Rows::of(tables.get("industry_table"))
                .iter()
                .map(|row| row.text(&INDUSTRY)),
        );
        let places = places_by_company(&by_document, documents);
        let mut rows: Vec<GridRow> = Vec::new();
        for row in cells.iter() {
            let (year, code) = (row.int(&FISCAL_YEAR).unwrap_or(0), row.text(&COMPANY_CODE));
            if rows
                .last()
                .is_none_or(|last| last.year != year || last.code != code)
            {
                rows.push(GridRow::begin(&row, &places));
            }
            if let Some(last) = rows.last_mut() {
                let cell = cell(&row, documents);
                if cell != GridCell::Unknown {
                    let is_disclosed = matches!(cell, GridCell::Disclosed { .. });
                    last.disclosed = Some(last.disclosed.unwrap_or(0) + usize::from(is_disclosed));
                }
                last.cells.push(cell);
            }
        }
        Grid {
            years: cells.years(),
            rows,
            by_kind: by_kind(&by_document, documents, codes, &kinds),
            industries,
            kinds,
        }
    }
}

impl GridRow {
    fn begin(row: &Row<'_, '_>, places: &BTreeMap<(i64, String), Vec<usize>>) -> Self {
        let (year, code) = (
            row.int(&FISCAL_YEAR).unwrap_or(0),
            row.text(&COMPANY_CODE).to_owned(),
        );
        let count = |column| row.int(column).unwrap_or(0);
        let own = places.get(&(year, code.clone())).map_or(&[][..], Vec::as_slice);
        GridRow {
            year,
            company: row.text(&COMPANY).to_owned(),
            industry: row.text(&INDUSTRY).to_owned(),
            documents: format!("{}/{}", count(&DOCUMENTS_READ), count(&DOCUMENTS_EXPECTED)),
            places: own.iter().map(usize::to_string).collect::<Vec<_>>().join(","),
            code,
            cells: Vec::new(),
            disclosed: None,
        }
    }
}

fn cell(row: &Row<'_, '_>, documents: &Documents) -> GridCell {
    match row.int(&DISCLOSED) {
        None => GridCell::Unknown,
        Some(0) => GridCell::Nothing,
        Some(_) => {
            let path = row.text(&FIRST_PATH);
            let page = row.int(&FIRST_PAGE);
            GridCell::Disclosed {
                passages: row.int(&PASSAGES).unwrap_or(0),
                page: page.unwrap_or(0),
                anchor: documents
                    .place(path)
                    .map_or_else(String::new, |place| anchor(place, row.text(&CODE))),
                href: documents.href(path, page),
            }
        }
    }
}

fn places_by_company(by_document: &Rows<'_>, documents: &Documents) -> BTreeMap<(i64, String), Vec<usize>> {
    let mut places: BTreeMap<(i64, String), Vec<usize>> = BTreeMap::new();
    for row in by_document.iter() {
        let Some(place) = documents.place(row.text(&PATH)) else {
            continue;
        };
        let own = places
            .entry((
                row.int(&FISCAL_YEAR).unwrap_or(0),
                row.text(&COMPANY_CODE).to_owned(),
            ))
            .or_default();
        if own.last() != Some(&place) {
            own.push(place);
        }
    }
    places
}

fn by_kind(by_document: &Rows<'_>, documents: &Documents, codes: &[CodeLabel], kinds: &[String]) -> String {
    let mut cells: BTreeMap<usize, (usize, Vec<Option<i64>>)> = BTreeMap::new();
    for row in by_document.iter() {
        let kind = kinds.iter().position(|kind| kind == row.text(&KIND));
        let (Some(place), Some(kind)) = (documents.place(row.text(&PATH)), kind) else {
            continue;
        };
        let known = row.int(&DISCLOSED).is_some();
        let (_, own) = cells
            .entry(place)
            .or_insert_with(|| (kind, Vec::with_capacity(codes.len())));
        own.push(row.int(&PASSAGES).filter(|_| known));
    }
    let json = serde_json::to_string(&ByKind {
        kinds,
        documents: cells,
    });
    // `</script>` in a name would end the element.
    json.unwrap_or_default().replace('<', "\\u003c")
}

/// Each text once, in the order of their first appearance.
fn distinct<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for text in texts {
        if !seen.iter().any(|known| known == text) {
            seen.push(text.to_owned());
        }
    }
    seen
}
