//! `documents.csv`: what became of every document of the manifest.

use polars::prelude::{DataFrame, IntoLazy, PolarsResult};

use super::base::{self, ints, texts};
use super::columns::*;
use super::{DocumentRecord, Table, volume};
use crate::extract::{DocumentStatus, reason_ja};
use crate::manifest::Corpus;

/// A row per document, in the order of the manifest.
pub(super) fn documents_table(corpus: &Corpus, slots: &[Option<&DocumentRecord>]) -> PolarsResult<Table> {
    let documents = &corpus.documents;
    let company = |index: usize| corpus.companies.get(index);
    let counted = |value: fn(&DocumentRecord) -> i64| slots.iter().map(move |slot| slot.map_or(0, value));
    let reasons: Vec<&str> = slots
        .iter()
        .map(|slot| slot.map_or(NOT_REACHED_REASON, |record| record.reason.as_str()))
        .collect();
    let reasons_ja: Vec<String> = reasons.iter().map(|reason| reason_ja(reason)).collect();
    let statuses: Vec<_> = slots.iter().map(|slot| status_id(*slot)).collect();
    let frame = DataFrame::new(
        documents.len(),
        vec![
            texts(
                &COMPANY_CODE.id,
                documents
                    .iter()
                    .map(|d| company(d.company).map_or("", |c| &c.code)),
            ),
            texts(
                &COMPANY.id,
                documents
                    .iter()
                    .map(|d| company(d.company).map_or("", |c| &c.name)),
            ),
            texts(&PATH.id, documents.iter().map(|d| d.path.as_str())),
            texts(&KIND.id, documents.iter().map(|d| d.kind.as_str())),
            texts(&REGIME.id, documents.iter().map(|d| base::regime(d.regime))),
            ints(
                &FISCAL_YEAR.id,
                documents.iter().map(|d| i64::from(d.fiscal_year)),
            ),
            texts(
                &SHA256.id,
                slots.iter().map(|slot| slot.map_or("", |r| r.sha256.as_str())),
            ),
            ints(&PAGES.id, counted(|r| i64::from(r.pages))),
            ints(&PAGES_OK.id, counted(|r| i64::from(r.pages_ok))),
            texts(
                &ENGINE.id,
                slots.iter().map(|slot| slot.map_or("", |r| r.engine.as_str())),
            ),
            texts(&STATUS.id, statuses.iter().map(String::as_str)),
            texts(&REASON.id, reasons.iter().copied()),
            texts(&REASON_JA.id, reasons_ja.iter().map(String::as_str)),
            ints(&CHARS.id, counted(|r| i64::try_from(r.chars).unwrap_or(i64::MAX))),
            ints(&ALL_PASSAGES.id, counted(|r| i64::from(r.passages))),
            ints(&PASSAGES_IN_SCOPE.id, counted(|r| i64::from(r.passages_in_scope))),
            ints(&CHARS_IN_SCOPE.id, counted(volume::chars_in_scope)),
        ],
    )?;
    let columns = vec![
        COMPANY_CODE,
        COMPANY,
        PATH,
        KIND,
        REGIME,
        FISCAL_YEAR,
        SHA256,
        PAGES,
        PAGES_OK,
        ENGINE,
        STATUS,
        REASON,
        REASON_JA,
        CHARS,
        ALL_PASSAGES,
        PASSAGES_IN_SCOPE,
        CHARS_IN_SCOPE,
    ];
    Table::collect("documents", "文書の一覧", columns, frame.lazy())
}

const NOT_REACHED_REASON: &str = "the run ended before this document";

/// The id of a status, as every file of the project writes it.
fn status_id(record: Option<&DocumentRecord>) -> String {
    match serde_json::to_value(record.map_or(DocumentStatus::Interrupted, |record| record.status)) {
        Ok(serde_json::Value::String(id)) => id,
        _ => String::new(),
    }
}
