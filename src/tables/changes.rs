//! What a company newly discloses, or no longer, in the same kind of report a year later.

use polars::prelude::{Expr, JoinArgs, JoinType, LazyFrame, SortMultipleOptions, col, len, lit, when};

use super::base::{COMPANY_ORDER, ITEM, KIND_ORDER, PARTIAL, READ};
use super::columns::*;

/// The columns of `changes`.
pub(super) fn columns() -> Vec<Column> {
    vec![
        PREVIOUS_YEAR,
        FISCAL_YEAR,
        COMPANY_CODE,
        COMPANY,
        INDUSTRY,
        KIND,
        CODE,
        CATEGORY,
        CATEGORY_EN,
        CHANGE,
        PREVIOUS_PATH,
        PREVIOUS_PAGE,
        PREVIOUS_QUOTE,
        FIRST_PATH,
        FIRST_PAGE,
        QUOTE,
    ]
}

/// A row per company, kind of report, item and pair of successive fiscal years between which `disclosed` turned from
/// 0 to 1 (`new`) or from 1 to 0 (`gone`). Where one of the two years is not known there is no row: a report that could
/// not be read has not changed.
pub(super) fn changes(by_document: &LazyFrame) -> LazyFrame {
    let units = by_company_and_kind(by_document);
    let keys = [FISCAL_YEAR.expr(), col(COMPANY_ORDER), col(KIND_ORDER), col(ITEM)];
    let before = units.clone().select([
        (FISCAL_YEAR.expr() + lit(1i64)).alias(&*FISCAL_YEAR.id),
        col(COMPANY_ORDER),
        col(KIND_ORDER),
        col(ITEM),
        DISCLOSED.expr().alias(BEFORE),
        FIRST_PATH.expr().alias(&*PREVIOUS_PATH.id),
        FIRST_PAGE.expr().alias(&*PREVIOUS_PAGE.id),
        QUOTE.expr().alias(&*PREVIOUS_QUOTE.id),
    ]);
    units
        .join(before, keys.clone(), keys, JoinArgs::new(JoinType::Inner))
        .filter(DISCLOSED.expr().neq(col(BEFORE)))
        .with_columns([
            (FISCAL_YEAR.expr() - lit(1i64)).alias(&*PREVIOUS_YEAR.id),
            when(DISCLOSED.expr().eq(lit(1)))
                .then(lit("new"))
                .otherwise(lit("gone"))
                .alias(&*CHANGE.id),
        ])
        .sort(
            [&*FISCAL_YEAR.id, COMPANY_ORDER, KIND_ORDER, ITEM],
            SortMultipleOptions::default(),
        )
}

const BEFORE: &str = "_before";

/// A company may have published two reports of a kind in a year: together they are one side of the comparison.
fn by_company_and_kind(by_document: &LazyFrame) -> LazyFrame {
    let keys = [FISCAL_YEAR.expr(), col(COMPANY_ORDER), col(KIND_ORDER), col(ITEM)];
    let names = [COMPANY_CODE, COMPANY, INDUSTRY, KIND, CODE, CATEGORY, CATEGORY_EN];
    let discloses = PASSAGES.expr().gt(lit(0));
    let first = |column: Expr| column.filter(discloses.clone()).first();
    let mut kept: Vec<Expr> = names.iter().map(|column| column.expr().first()).collect();
    kept.extend([
        PASSAGES.expr().sum(),
        (col(READ).sum().eq(len()).and(col(PARTIAL).sum().eq(lit(0)))).alias(WHOLE),
        first(PATH.expr()).alias(&*FIRST_PATH.id),
        first(FIRST_PAGE.expr()),
        first(QUOTE.expr()),
    ]);
    by_document
        .clone()
        .group_by_stable(keys)
        .agg(kept)
        .with_column(super::disclosure::disclosed(col(WHOLE)))
}

const WHOLE: &str = "_whole";
