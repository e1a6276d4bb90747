//! Corpus and records → the two frames everything else is aggregated from: documents, and passages by item.

use std::collections::HashMap;

use polars::prelude::{
    Column as PolarsColumn, DataFrame, IntoLazy, LazyFrame, NamedFrom, PolarsResult, Series,
};

use super::columns::*;
use super::{Classification, DocumentRecord, TableError};
use crate::extract::DocumentStatus;
use crate::manifest::{Corpus, Regime};

/// Index of the document in the corpus.
pub(super) const DOC: &str = "_document";
/// Index of the company in the corpus.
pub(super) const COMPANY_ORDER: &str = "_company";
/// Place of the industry in Nikkei's order.
pub(super) const INDUSTRY_ORDER: &str = "_industry";
/// Place of the sector in Nikkei's order.
pub(super) const SECTOR_ORDER: &str = "_sector";
/// Place of the guide's group: by first appearance in the manifest.
pub(super) const GROUP_ORDER: &str = "_group";
/// Place of the TSE-33 industry: by first appearance in the manifest.
pub(super) const TSE33_ORDER: &str = "_tse33";
/// 制度開示, 任意開示, neither.
pub(super) const REGIME_ORDER: &str = "_regime";
/// Place of the kind in the guide's order.
pub(super) const KIND_ORDER: &str = "_kind";
/// The same in every row: what pairs everything with everything, and makes a whole year one group.
pub(super) const EVERY: &str = "_every";
/// Place of the item in its classification.
pub(super) const ITEM: &str = "_item";
/// 1 when text of the document was read, wholly or in part.
pub(super) const READ: &str = "_read";
/// 1 when it was read only in part.
pub(super) const PARTIAL: &str = "_partial";

/// How much of a document was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// All there is: a category it does not mention is not disclosed.
    Whole,
    /// Some text: what it discloses counts, what it does not mention is not known.
    Part,
    /// No text: nothing is known.
    Nothing,
}

impl Reading {
    /// What a record amounts to.
    ///
    /// A file of empty pages counts as not read. Nobody publishes a report without a character: far likelier the text
    /// is there in a form that no engine sees, and to write 0 would be to say that the company keeps silent.
    pub(crate) fn of(record: Option<&DocumentRecord>) -> Self {
        let Some(record) = record else {
            return Reading::Nothing;
        };
        match record.status {
            DocumentStatus::Ok => Reading::Whole,
            DocumentStatus::Partial
            | DocumentStatus::Damaged
            | DocumentStatus::Timeout
            | DocumentStatus::OutOfMemory
            | DocumentStatus::Crashed
                if record.chars > 0 =>
            {
                Reading::Part
            }
            DocumentStatus::Partial
            | DocumentStatus::Damaged
            | DocumentStatus::Timeout
            | DocumentStatus::OutOfMemory
            | DocumentStatus::Crashed
            | DocumentStatus::Empty
            | DocumentStatus::Scanned
            | DocumentStatus::Unmappable
            | DocumentStatus::Encrypted
            | DocumentStatus::Missing
            | DocumentStatus::NotAPdf
            | DocumentStatus::Failed
            | DocumentStatus::Interrupted => Reading::Nothing,
        }
    }
}

/// The records by document index; documents that the run did not come to have none.
pub(super) fn by_document<'a>(
    corpus: &Corpus,
    records: &'a [DocumentRecord],
) -> Result<Vec<Option<&'a DocumentRecord>>, TableError> {
    let mut slots = vec![None; corpus.documents.len()];
    for record in records {
        let slot = slots
            .get_mut(record.document)
            .ok_or(TableError::UnknownDocument(record.document))?;
        if slot.replace(record).is_some() {
            return Err(TableError::RepeatedDocument(record.document));
        }
    }
    Ok(slots)
}

/// A row per document of the manifest, with what is known of its company.
pub(super) fn documents(corpus: &Corpus, slots: &[Option<&DocumentRecord>]) -> Result<LazyFrame, TableError> {
    let orders = Orders::of(corpus);
    let mut companies = Vec::with_capacity(corpus.documents.len());
    for (index, document) in corpus.documents.iter().enumerate() {
        companies.push(
            corpus
                .companies
                .get(document.company)
                .ok_or(TableError::UnknownCompany(index))?,
        );
    }
    let documents = &corpus.documents;
    let readings: Vec<_> = slots.iter().map(|slot| Reading::of(*slot)).collect();
    let frame = DataFrame::new(
        documents.len(),
        vec![
            ints(DOC, 0..documents.len() as i64),
            ints(COMPANY_ORDER, documents.iter().map(|d| d.company as i64)),
            ints(
                INDUSTRY_ORDER,
                companies.iter().map(|c| orders.industry(&c.industry)),
            ),
            ints(SECTOR_ORDER, companies.iter().map(|c| orders.sector(&c.sector))),
            ints(GROUP_ORDER, companies.iter().map(|c| orders.group(&c.group))),
            ints(
                TSE33_ORDER,
                companies
                    .iter()
                    .map(|c| orders.tse33(c.tse33.as_deref().unwrap_or(""))),
            ),
            ints(REGIME_ORDER, documents.iter().map(|d| d.regime as i64)),
            ints(KIND_ORDER, documents.iter().map(|d| orders.kind(&d.kind))),
            ints(EVERY, documents.iter().map(|_| 0)),
            ints(READ, readings.iter().map(|r| i64::from(*r != Reading::Nothing))),
            ints(PARTIAL, readings.iter().map(|r| i64::from(*r == Reading::Part))),
            ints(
                &FISCAL_YEAR.id,
                documents.iter().map(|d| i64::from(d.fiscal_year)),
            ),
            texts(&COMPANY_CODE.id, companies.iter().map(|c| c.code.as_str())),
            texts(&COMPANY.id, companies.iter().map(|c| c.name.as_str())),
            texts(&INDUSTRY.id, companies.iter().map(|c| c.industry.as_str())),
            texts(&SECTOR.id, companies.iter().map(|c| c.sector.as_str())),
            texts(&GROUP.id, companies.iter().map(|c| c.group.as_str())),
            maybe_texts(&TSE33.id, companies.iter().map(|c| c.tse33.as_deref())),
            texts(&KIND.id, documents.iter().map(|d| d.kind.as_str())),
            texts(&REGIME.id, documents.iter().map(|d| regime(d.regime))),
            texts(&PATH.id, documents.iter().map(|d| d.path.as_str())),
        ],
    )?;
    Ok(frame.lazy())
}

/// A row per passage and item it belongs to. A passage with several codes stands in several rows.
pub(super) fn passages(
    slots: &[Option<&DocumentRecord>],
    classification: &Classification,
) -> PolarsResult<LazyFrame> {
    let (mut document, mut item, mut chars, mut page) = (vec![], vec![], vec![], vec![]);
    let mut quote: Vec<Option<&str>> = vec![];
    for (index, record) in slots
        .iter()
        .enumerate()
        .filter_map(|(i, slot)| Some((i, (*slot)?)))
    {
        for passage in &record.coded {
            for place in classification.items_of(passage) {
                document.push(index as i64);
                item.push(place as i64);
                chars.push(i64::from(passage.chars));
                page.push(i64::from(passage.first_page));
                quote.push(classification.quote(place, passage));
            }
        }
    }
    let frame = DataFrame::new(
        document.len(),
        vec![
            ints(DOC, document),
            ints(ITEM, item),
            ints(&CHARS.id, chars),
            ints(&FIRST_PAGE.id, page),
            PolarsColumn::from(Series::new((&*QUOTE.id).into(), quote)),
        ],
    )?;
    Ok(frame.lazy())
}

/// The items of a classification, numbered.
pub(super) fn items(classification: &Classification) -> PolarsResult<LazyFrame> {
    let labels = classification.labels();
    let frame = DataFrame::new(
        labels.len(),
        vec![
            ints(EVERY, labels.iter().map(|_| 0)),
            ints(ITEM, 0..labels.len() as i64),
            texts(&CODE.id, labels.iter().map(|l| l.id.as_str())),
            texts(&CATEGORY.id, labels.iter().map(|l| l.ja.as_str())),
            texts(&CATEGORY_EN.id, labels.iter().map(|l| l.en.as_str())),
        ],
    )?;
    Ok(frame.lazy())
}

/// 制度開示, 任意開示, or neither.
pub(super) fn regime(regime: Regime) -> &'static str {
    match regime {
        Regime::Required => "制度開示",
        Regime::Voluntary => "任意開示",
        Regime::Other => "その他",
    }
}

/// A column of whole numbers.
pub(super) fn ints(id: &str, values: impl IntoIterator<Item = i64>) -> PolarsColumn {
    Series::new(id.into(), values.into_iter().collect::<Vec<_>>()).into()
}

/// A column of texts.
pub(super) fn texts<'a>(id: &str, values: impl IntoIterator<Item = &'a str>) -> PolarsColumn {
    Series::new(id.into(), values.into_iter().collect::<Vec<_>>()).into()
}

/// A column of texts that need not be there.
pub(super) fn maybe_texts<'a>(id: &str, values: impl IntoIterator<Item = Option<&'a str>>) -> PolarsColumn {
    Series::new(id.into(), values.into_iter().collect::<Vec<_>>()).into()
}

/// The orders in which rows stand.
struct Orders<'a> {
    industries: HashMap<&'a str, i64>,
    sectors: HashMap<&'a str, i64>,
    groups: HashMap<&'a str, i64>,
    tse33: HashMap<&'a str, i64>,
    kinds: HashMap<&'a str, i64>,
}

impl<'a> Orders<'a> {
    fn of(corpus: &'a Corpus) -> Self {
        let mut kinds: Vec<_> = corpus
            .documents
            .iter()
            .map(|d| (d.regime, d.kind.as_str()))
            .collect();
        kinds.sort_by_key(|(regime, _)| *regime);
        Orders {
            // What is in no list comes after it, in the order of the manifest.
            industries: numbered(
                corpus.industries.iter().map(|(industry, _)| industry.as_str()),
                corpus.companies.iter().map(|c| c.industry.as_str()),
            ),
            sectors: numbered(
                corpus.industries.iter().map(|(_, sector)| sector.as_str()),
                corpus.companies.iter().map(|c| c.sector.as_str()),
            ),
            groups: numbered([], corpus.companies.iter().map(|c| c.group.as_str())),
            tse33: numbered([], corpus.companies.iter().filter_map(|c| c.tse33.as_deref())),
            kinds: numbered(
                corpus.kinds.iter().map(|(kind, _)| kind.as_str()),
                corpus.documents.iter().map(|d| d.kind.as_str()),
            ),
        }
    }

    fn industry(&self, name: &str) -> i64 {
        self.industries.get(name).copied().unwrap_or(i64::MAX)
    }

    fn sector(&self, name: &str) -> i64 {
        self.sectors.get(name).copied().unwrap_or(i64::MAX)
    }

    fn group(&self, name: &str) -> i64 {
        self.groups.get(name).copied().unwrap_or(i64::MAX)
    }

    fn tse33(&self, name: &str) -> i64 {
        self.tse33.get(name).copied().unwrap_or(i64::MAX)
    }

    fn kind(&self, name: &str) -> i64 {
        self.kinds.get(name).copied().unwrap_or(i64::MAX)
    }
}

fn numbered<'a>(
    first: impl IntoIterator<Item = &'a str>,
    then: impl IntoIterator<Item = &'a str>,
) -> HashMap<&'a str, i64> {
    let mut places = HashMap::new();
    for name in first.into_iter().chain(then) {
        let next = places.len() as i64;
        places.entry(name).or_insert(next);
    }
    places
}
