//! `quality_elements`: document × element of the five qualities.

use polars::prelude::{Column as PolarsColumn, DataFrame, IntoLazy, NamedFrom, PolarsResult, Series};

use super::base::{Reading, ints, maybe_texts, texts};
use super::columns::*;
use super::{DocumentRecord, Table};
use crate::manifest::Corpus;
use crate::quality::{ElementLabel, ElementRecord};

/// One row's values that need not be there.
#[derive(Default)]
struct Found<'a> {
    present: Option<i64>,
    number: Option<f64>,
    passages: Option<i64>,
    first_page: Option<i64>,
    passage_id: Option<&'a str>,
    quote: Option<&'a str>,
}

impl<'a> Found<'a> {
    /// What is known: a document that shows nothing is 0 only if all of it was read.
    fn of(reading: Reading, label: &ElementLabel, record: Option<&'a ElementRecord>) -> Self {
        let Some(record) = record.filter(|_| reading != Reading::Nothing) else {
            return Self::default();
        };
        if label.is_number {
            return Self {
                number: record.number,
                ..Self::default()
            };
        }
        if record.passages == 0 {
            let silent = (reading == Reading::Whole).then_some(0);
            return Self {
                present: silent,
                passages: silent,
                ..Self::default()
            };
        }
        Self {
            present: Some(1),
            passages: Some(i64::from(record.passages)),
            first_page: Some(i64::from(record.first_page)),
            passage_id: Some(&record.passage_id),
            quote: Some(&record.quote),
            ..Self::default()
        }
    }
}

/// A row per document of the manifest and element, in these orders.
pub(super) fn quality_elements(
    corpus: &Corpus,
    slots: &[Option<&DocumentRecord>],
    elements: &[ElementLabel],
) -> PolarsResult<Table> {
    let rows: Vec<_> = corpus
        .documents
        .iter()
        .zip(slots)
        .flat_map(|(document, slot)| {
            let reading = Reading::of(*slot);
            elements.iter().enumerate().map(move |(place, label)| {
                let record = slot.and_then(|r| r.elements.get(place));
                (document, label, Found::of(reading, label, record))
            })
        })
        .collect();
    let company = |index: usize| corpus.companies.get(index);
    let frame = DataFrame::new(
        rows.len(),
        vec![
            ints(
                &FISCAL_YEAR.id,
                rows.iter().map(|(d, ..)| i64::from(d.fiscal_year)),
            ),
            texts(
                &COMPANY_CODE.id,
                rows.iter()
                    .map(|(d, ..)| company(d.company).map_or("", |c| &c.code)),
            ),
            texts(
                &COMPANY.id,
                rows.iter()
                    .map(|(d, ..)| company(d.company).map_or("", |c| &c.name)),
            ),
            texts(
                &INDUSTRY.id,
                rows.iter()
                    .map(|(d, ..)| company(d.company).map_or("", |c| &c.industry)),
            ),
            texts(&KIND.id, rows.iter().map(|(d, ..)| d.kind.as_str())),
            texts(&PATH.id, rows.iter().map(|(d, ..)| d.path.as_str())),
            texts(&QUALITY.id, rows.iter().map(|(_, l, _)| l.quality.as_str())),
            texts(&ELEMENT.id, rows.iter().map(|(_, l, _)| l.id.as_str())),
            texts(&ELEMENT_JA.id, rows.iter().map(|(_, l, _)| l.ja.as_str())),
            maybe_ints(&PRESENT.id, rows.iter().map(|(.., f)| f.present)),
            numbers(&NUMBER.id, rows.iter().map(|(.., f)| f.number)),
            maybe_ints(&PASSAGES.id, rows.iter().map(|(.., f)| f.passages)),
            maybe_ints(&FIRST_PAGE.id, rows.iter().map(|(.., f)| f.first_page)),
            maybe_texts(&PASSAGE_ID.id, rows.iter().map(|(.., f)| f.passage_id)),
            maybe_texts(&QUOTE.id, rows.iter().map(|(.., f)| f.quote)),
        ],
    )?;
    Table::collect("quality_elements", "良い開示の要素", columns(), frame.lazy())
}

fn columns() -> Vec<Column> {
    vec![
        FISCAL_YEAR,
        COMPANY_CODE,
        COMPANY,
        INDUSTRY,
        KIND,
        PATH,
        QUALITY,
        ELEMENT,
        ELEMENT_JA,
        PRESENT,
        NUMBER,
        PASSAGES,
        FIRST_PAGE,
        PASSAGE_ID,
        QUOTE,
    ]
}

fn maybe_ints(id: &str, values: impl Iterator<Item = Option<i64>>) -> PolarsColumn {
    Series::new(id.into(), values.collect::<Vec<_>>()).into()
}

fn numbers(id: &str, values: impl Iterator<Item = Option<f64>>) -> PolarsColumn {
    Series::new(id.into(), values.collect::<Vec<_>>()).into()
}
