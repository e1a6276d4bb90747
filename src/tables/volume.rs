//! How much of a report is about security: passages, characters, and their share of the whole text.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::{DataFrame, IntoLazy, LazyFrame, NamedFrom, PolarsResult, Series};

use super::base::{self, Reading, ints, texts};
use super::columns::*;
use super::{DocumentRecord, TableOptions};
use crate::manifest::{Corpus, Document};
use crate::stats::quantile::quantile;

/// The quartiles reported: lower, median, upper.
const SHARES: [f64; 3] = [0.25, 0.5, 0.75];

/// The quartiles of each measure, in the order of [`Volume`]'s.
const QUARTILES: [[Column; 3]; 3] = [
    [PASSAGES_Q1, PASSAGES_MEDIAN, PASSAGES_Q3],
    [CHARS_Q1, CHARS_MEDIAN, CHARS_Q3],
    [SHARE_Q1, SHARE_MEDIAN, SHARE_Q3],
];

/// The columns of `text_volume`.
pub(super) fn columns() -> Vec<Column> {
    let mut columns = vec![FISCAL_YEAR, FACTOR, MEMBER, DOCUMENTS, BASE];
    columns.extend(QUARTILES.into_iter().flatten());
    columns.push(SMALL);
    columns
}

/// What a wholly read document gives to security.
struct Volume {
    passages: f64,
    chars: f64,
    /// Of all characters of its passages.
    share: f64,
}

/// The documents of a group.
#[derive(Default)]
struct Group {
    documents: usize,
    volumes: Vec<Volume>,
}

impl Group {
    /// Quartiles of a measure; blank without a document, or with too few.
    fn quartiles(&self, measure: fn(&Volume) -> f64, least: u64) -> [Option<f64>; 3] {
        let mut values: Vec<f64> = self.volumes.iter().map(measure).collect();
        values.sort_by(f64::total_cmp);
        let enough = values.len() as u64 >= least;
        SHARES.map(|share| quantile(&values, share).filter(|_| enough))
    }
}

/// Characters of the in-scope passages of a document.
pub(super) fn chars_in_scope(record: &DocumentRecord) -> i64 {
    record.coded.iter().map(|passage| i64::from(passage.chars)).sum()
}

/// A row per fiscal year and group of documents: the whole year, kinds of report, 制度/任意, industries, sectors.
///
/// Only a document that was wholly read has a volume; the others stay out of the base.
pub(super) fn volume(
    corpus: &Corpus,
    slots: &[Option<&DocumentRecord>],
    options: &TableOptions,
) -> PolarsResult<LazyFrame> {
    let groups = groups(corpus, slots);
    let rows: Vec<_> = groups.iter().collect();
    let least = options.suppress_below.unwrap_or(0);
    let measures: [fn(&Volume) -> f64; 3] = [|v| v.passages, |v| v.chars, |v| v.share];
    let mut frame = vec![
        ints(&FISCAL_YEAR.id, rows.iter().map(|(key, _)| i64::from(key.0))),
        texts(&FACTOR.id, rows.iter().map(|(key, _)| FACTORS[key.1].0)),
        texts(&MEMBER.id, rows.iter().map(|(key, _)| key.3)),
        ints(
            &DOCUMENTS.id,
            rows.iter().map(|(_, group)| group.documents as i64),
        ),
        ints(&BASE.id, rows.iter().map(|(_, group)| group.volumes.len() as i64)),
        ints(
            &SMALL.id,
            rows.iter()
                .map(|(_, group)| i64::from((group.volumes.len() as u64) < options.small_below)),
        ),
    ];
    for (measure, columns) in measures.into_iter().zip(QUARTILES) {
        let quartiles: Vec<_> = rows
            .iter()
            .map(|(_, group)| group.quartiles(measure, least))
            .collect();
        for (place, column) in columns.into_iter().enumerate() {
            let cells: Vec<Option<f64>> = quartiles.iter().map(|each| each[place]).collect();
            frame.push(Series::new((&*column.id).into(), cells).into());
        }
    }
    Ok(DataFrame::new(rows.len(), frame)?.lazy())
}

/// Fiscal year, place of the factor, place of the group in its order, and its name.
type Key<'a> = (i32, usize, i64, &'a str);

/// A factor and the place and name of a document's group by it.
type Factor = (
    &'static str,
    for<'a> fn(&'a Corpus, &'a Document) -> Option<(i64, &'a str)>,
);

const FACTORS: [Factor; 5] = [
    ("year", |_, _| Some((0, ""))),
    ("kind", |corpus, document| {
        let place = corpus.kinds.iter().position(|(kind, _)| *kind == document.kind);
        Some((place.map_or(i64::MAX, |p| p as i64), document.kind.as_str()))
    }),
    ("regime", |_, document| {
        Some((document.regime as i64, base::regime(document.regime)))
    }),
    ("industry", |corpus, document| {
        let industry = corpus.companies.get(document.company)?.industry.as_str();
        Some((place(corpus, |listed| listed.0 == industry), industry))
    }),
    ("sector", |corpus, document| {
        let sector = corpus.companies.get(document.company)?.sector.as_str();
        Some((place(corpus, |listed| listed.1 == sector), sector))
    }),
];

/// The place in Nikkei's order.
fn place(corpus: &Corpus, is_it: impl Fn(&(String, String)) -> bool) -> i64 {
    corpus
        .industries
        .iter()
        .position(is_it)
        .map_or(i64::MAX, |p| p as i64)
}

fn groups<'a>(corpus: &'a Corpus, slots: &[Option<&DocumentRecord>]) -> BTreeMap<Key<'a>, Group> {
    let mut groups: BTreeMap<Key, Group> = BTreeMap::new();
    let years: BTreeSet<i32> = corpus.documents.iter().map(|d| d.fiscal_year).collect();
    for year in years {
        for (document, slot) in corpus
            .documents
            .iter()
            .zip(slots)
            .filter(|(d, _)| d.fiscal_year == year)
        {
            for (factor, (_, of)) in FACTORS.iter().enumerate() {
                let Some((order, name)) = of(corpus, document) else {
                    continue;
                };
                let group = groups.entry((year, factor, order, name)).or_default();
                group.documents += 1;
                group.volumes.extend(slot.and_then(volume_of));
            }
        }
    }
    groups
}

fn volume_of(record: &DocumentRecord) -> Option<Volume> {
    if Reading::of(Some(record)) != Reading::Whole || record.chars == 0 {
        return None;
    }
    let chars = chars_in_scope(record) as f64;
    Some(Volume {
        passages: record.coded.len() as f64,
        chars,
        share: chars / record.chars as f64,
    })
}
