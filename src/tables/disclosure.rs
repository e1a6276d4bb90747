//! Who discloses what: 1, 0 or blank, for each document and for each company and fiscal year.

use polars::prelude::{
    Expr, IntoLazy, LazyFrame, NULL, PolarsResult, SortMultipleOptions, col, len, lit, when,
};

use super::base::{
    self, COMPANY_ORDER, DOC, EVERY, GROUP_ORDER, INDUSTRY_ORDER, ITEM, PARTIAL, READ, SECTOR_ORDER,
    TSE33_ORDER,
};
use super::columns::*;
use super::{Classification, DocumentRecord, TableOptions, size};
use crate::manifest::Corpus;

/// What disclosures are counted from.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    /// What was expected.
    pub corpus: &'a Corpus,
    /// A row per document.
    pub documents: &'a LazyFrame,
    /// What was found, by document.
    pub slots: &'a [Option<&'a DocumentRecord>],
    /// How the tables are made.
    pub options: &'a TableOptions,
}

/// Who discloses what, by one classification.
pub(super) struct Disclosure {
    /// A row per document and item.
    pub by_document: LazyFrame,
    /// A row per fiscal year, company and item.
    pub by_company: LazyFrame,
    /// A row per fiscal year, company, item and class of size the company is in.
    pub by_size: LazyFrame,
}

impl Disclosure {
    /// Counts the passages of the documents by the items of a classification.
    pub(super) fn by(source: Source<'_>, classification: &Classification) -> PolarsResult<Self> {
        let passages = base::passages(source.slots, classification)?;
        let items = base::items(classification)?;
        // Collected here: every table of a run starts from these.
        let by_document = by_document(source.documents, &passages, &items).collect()?.lazy();
        let by_company = by_company(&by_document).collect()?.lazy();
        let by_size = size::by_size(source.corpus, &by_company)?.collect()?.lazy();
        Ok(Disclosure {
            by_document,
            by_company,
            by_size,
        })
    }
}

/// A row per document and item.
///
/// `disclosed` is 1 when the text that was read has a passage of the item, 0 when the whole document was read and has
/// none, null when it has none but was not, or not wholly, read.
fn by_document(documents: &LazyFrame, passages: &LazyFrame, items: &LazyFrame) -> LazyFrame {
    let found = passages.clone().group_by_stable([col(DOC), col(ITEM)]).agg([
        len().cast(PASSAGES.kind.dtype()).alias(&*PASSAGES.id),
        CHARS.expr().sum(),
        FIRST_PAGE.expr().first(),
        QUOTE.expr().drop_nulls().first(),
    ]);
    let keys = [col(DOC), col(ITEM)];
    // A join on a column that is the same everywhere gives every pair.
    documents
        .clone()
        .inner_join(items.clone(), col(EVERY), col(EVERY))
        .join(found, keys.clone(), keys, polars::prelude::JoinType::Left.into())
        .with_columns([PASSAGES.expr().fill_null(lit(0)), CHARS.expr().fill_null(lit(0))])
        .with_column(disclosed(col(READ).eq(lit(1)).and(col(PARTIAL).eq(lit(0)))))
        .sort([DOC, ITEM], SortMultipleOptions::default())
}

/// A row per fiscal year, company and item.
///
/// A company has a row in a year for which the manifest names at least one document of it, be it missing. Where it
/// names none, nothing was expected and a row of blanks would look like a failure: `coverage` counts such companies.
fn by_company(by_document: &LazyFrame) -> LazyFrame {
    let keys = [
        FISCAL_YEAR.expr(),
        col(COMPANY_ORDER),
        col(ITEM),
        col(INDUSTRY_ORDER),
        col(SECTOR_ORDER),
        col(GROUP_ORDER),
        col(TSE33_ORDER),
        col(EVERY),
        COMPANY_CODE.expr(),
        COMPANY.expr(),
        INDUSTRY.expr(),
        SECTOR.expr(),
        GROUP.expr(),
        TSE33.expr(),
        CODE.expr(),
        CATEGORY.expr(),
        CATEGORY_EN.expr(),
    ];
    let discloses = PASSAGES.expr().gt(lit(0));
    let first = |column: Expr| column.filter(discloses.clone()).first();
    by_document
        .clone()
        .group_by_stable(keys)
        .agg([
            len()
                .cast(DOCUMENTS_EXPECTED.kind.dtype())
                .alias(&*DOCUMENTS_EXPECTED.id),
            col(READ).sum().alias(&*DOCUMENTS_READ.id),
            col(PARTIAL).sum().alias(&*DOCUMENTS_PARTIAL.id),
            discloses
                .clone()
                .cast(DOCUMENTS_DISCLOSING.kind.dtype())
                .sum()
                .alias(&*DOCUMENTS_DISCLOSING.id),
            PASSAGES.expr().sum(),
            CHARS.expr().sum(),
            first(PATH.expr()).alias(&*FIRST_PATH.id),
            first(FIRST_PAGE.expr()),
            first(QUOTE.expr()),
        ])
        .with_column(disclosed(
            DOCUMENTS_READ
                .expr()
                .eq(DOCUMENTS_EXPECTED.expr())
                .and(DOCUMENTS_PARTIAL.expr().eq(lit(0))),
        ))
        .sort(
            [&*FISCAL_YEAR.id, COMPANY_ORDER, ITEM],
            SortMultipleOptions::default(),
        )
}

/// The one definition of `disclosed`, for any unit that has `passages` and may be read wholly or not.
pub(super) fn disclosed(wholly_read: Expr) -> Expr {
    when(PASSAGES.expr().gt(lit(0)))
        .then(lit(1i64))
        .when(wholly_read)
        .then(lit(0i64))
        .otherwise(lit(NULL).cast(DISCLOSED.kind.dtype()))
        .alias(&*DISCLOSED.id)
}
