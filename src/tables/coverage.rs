//! How much of what was expected could be read.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::{DataFrame, IntoLazy, LazyFrame, NamedFrom, PolarsResult, Series};

use super::base::{Reading, ints, texts};
use super::columns::*;
use super::{DocumentRecord, LIST_SEPARATOR};
use crate::manifest::Corpus;

/// The columns of `coverage`.
pub(super) fn columns() -> Vec<Column> {
    vec![
        FISCAL_YEAR,
        INDUSTRY,
        SECTOR,
        COMPANIES,
        COMPANIES_EXPECTED,
        COMPANIES_READ,
        COMPANIES_READ_FULLY,
        FRAME_COMPANIES,
        DOCUMENTS_EXPECTED,
        DOCUMENTS_READ,
        DOCUMENTS_PARTIAL,
        MISSING,
    ]
}

/// Counts of one fiscal year and industry.
#[derive(Default)]
struct Counts {
    expected: BTreeSet<usize>,
    read: BTreeSet<usize>,
    not_wholly_read: BTreeSet<usize>,
    documents: i64,
    documents_read: i64,
    documents_partial: i64,
}

/// A row per fiscal year of the corpus and industry that has companies in the manifest or in the frame.
pub(super) fn coverage(corpus: &Corpus, slots: &[Option<&DocumentRecord>]) -> PolarsResult<LazyFrame> {
    let industries = industries(corpus);
    let counts = count(corpus, slots);
    let years: BTreeSet<i32> = corpus.documents.iter().map(|d| d.fiscal_year).collect();
    let none = Counts::default();
    let cells: Vec<_> = years
        .iter()
        .flat_map(|year| {
            industries
                .iter()
                .map(move |(industry, sector)| (*year, *industry, *sector))
        })
        .map(|(year, industry, sector)| {
            (
                year,
                industry,
                sector,
                counts.get(&(year, industry)).unwrap_or(&none),
            )
        })
        .collect();
    let size = |set: &BTreeSet<usize>| set.len() as i64;
    let in_manifest =
        |industry: &str| corpus.companies.iter().filter(|c| c.industry == industry).count() as i64;
    let missing: Vec<Option<String>> = cells.iter().map(|cell| missing(corpus, cell.1, cell.3)).collect();
    let frame: Vec<Option<i64>> = cells.iter().map(|cell| in_frame(corpus, cell.1)).collect();
    let table = DataFrame::new(
        cells.len(),
        vec![
            ints(&FISCAL_YEAR.id, cells.iter().map(|c| i64::from(c.0))),
            texts(&INDUSTRY.id, cells.iter().map(|c| c.1)),
            texts(&SECTOR.id, cells.iter().map(|c| c.2)),
            ints(&COMPANIES.id, cells.iter().map(|c| in_manifest(c.1))),
            ints(&COMPANIES_EXPECTED.id, cells.iter().map(|c| size(&c.3.expected))),
            ints(&COMPANIES_READ.id, cells.iter().map(|c| size(&c.3.read))),
            ints(
                &COMPANIES_READ_FULLY.id,
                cells
                    .iter()
                    .map(|c| size(&c.3.expected) - size(&c.3.not_wholly_read)),
            ),
            Series::new((&*FRAME_COMPANIES.id).into(), frame).into(),
            ints(&DOCUMENTS_EXPECTED.id, cells.iter().map(|c| c.3.documents)),
            ints(&DOCUMENTS_READ.id, cells.iter().map(|c| c.3.documents_read)),
            ints(&DOCUMENTS_PARTIAL.id, cells.iter().map(|c| c.3.documents_partial)),
            Series::new((&*MISSING.id).into(), missing).into(),
        ],
    )?;
    Ok(table.lazy())
}

/// The companies of an industry of which nothing was read, by their codes.
fn missing(corpus: &Corpus, industry: &str, counts: &Counts) -> Option<String> {
    let companies = corpus.companies.iter().enumerate();
    let codes: Vec<&str> = companies
        .filter(|(index, company)| company.industry == industry && !counts.read.contains(index))
        .map(|(_, company)| company.code.as_str())
        .collect();
    (!codes.is_empty()).then(|| codes.join(LIST_SEPARATOR))
}

fn count<'a>(corpus: &'a Corpus, slots: &[Option<&DocumentRecord>]) -> BTreeMap<(i32, &'a str), Counts> {
    let mut counts: BTreeMap<(i32, &str), Counts> = BTreeMap::new();
    for (document, slot) in corpus.documents.iter().zip(slots) {
        let Some(company) = corpus.companies.get(document.company) else {
            continue;
        };
        let cell = counts
            .entry((document.fiscal_year, &company.industry))
            .or_default();
        cell.documents += 1;
        cell.expected.insert(document.company);
        let reading = Reading::of(*slot);
        if reading != Reading::Nothing {
            cell.documents_read += 1;
            cell.read.insert(document.company);
        }
        if reading == Reading::Part {
            cell.documents_partial += 1;
        }
        if reading != Reading::Whole {
            cell.not_wholly_read.insert(document.company);
        }
    }
    counts
}

/// The industries to report, in Nikkei's order: those of the companies, and those of the frame, if any.
fn industries(corpus: &Corpus) -> Vec<(&str, &str)> {
    let listed = corpus
        .industries
        .iter()
        .map(|(industry, sector)| (industry.as_str(), sector.as_str()));
    let others = corpus
        .companies
        .iter()
        .map(|c| (c.industry.as_str(), c.sector.as_str()));
    let mut kept: Vec<(&str, &str)> = Vec::new();
    for (industry, sector) in listed.chain(others) {
        let has_companies = corpus.companies.iter().any(|c| c.industry == industry);
        let expected = in_frame(corpus, industry).is_some_and(|companies| companies > 0);
        if (has_companies || expected) && !kept.iter().any(|(name, _)| *name == industry) {
            kept.push((industry, sector));
        }
    }
    kept
}

/// The frame's number of companies; `None` without a frame.
fn in_frame(corpus: &Corpus, industry: &str) -> Option<i64> {
    let frame = corpus.frame.as_ref()?;
    Some(
        frame
            .counts
            .iter()
            .filter(|(name, _)| name == industry)
            .map(|(_, count)| i64::from(*count))
            .sum(),
    )
}
