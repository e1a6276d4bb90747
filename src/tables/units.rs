//! The tables of single companies and documents: what each of them discloses.

use polars::prelude::{LazyFrame, NULL, PolarsResult, SortMultipleOptions, col, lit, when};

use super::base::{self, COMPANY_ORDER};
use super::by_factor::item_columns;
use super::columns::*;
use super::groups::item_cell;
use super::{CodeLabel, Table};

/// What is said of a company in every table of companies.
const OF_COMPANY: [Column; 5] = [FISCAL_YEAR, COMPANY_CODE, COMPANY, INDUSTRY, SECTOR];

/// The columns of a table with a row per fiscal year, company and item.
///
/// # Arguments
/// * `item` - the columns that name an item.
pub(super) fn company_columns(item: &[Column]) -> Vec<Column> {
    let mut columns = OF_COMPANY.to_vec();
    columns.extend_from_slice(item);
    columns.extend([
        DISCLOSED,
        DOCUMENTS_EXPECTED,
        DOCUMENTS_READ,
        DOCUMENTS_PARTIAL,
        DOCUMENTS_DISCLOSING,
        PASSAGES,
        CHARS,
        FIRST_PATH,
        FIRST_PAGE,
        QUOTE,
    ]);
    columns
}

/// The long form everything else is counted from.
pub(super) fn company_category(by_company: &LazyFrame) -> PolarsResult<Table> {
    let columns = company_columns(&[CODE, CATEGORY, CATEGORY_EN]);
    Table::collect(
        "company_category",
        "企業別・項目別の開示",
        columns,
        by_company.clone(),
    )
}

/// What the rates by kind of report are counted from, as `company_category` is for the others.
pub(super) fn document_category(by_document: &LazyFrame) -> PolarsResult<Table> {
    let mut columns = OF_COMPANY.to_vec();
    columns.extend([KIND, REGIME, PATH, CODE, CATEGORY, CATEGORY_EN]);
    columns.extend([DISCLOSED, PASSAGES, CHARS, FIRST_PAGE, QUOTE]);
    let frame = by_document.clone().sort(
        [&*FISCAL_YEAR.id, base::DOC, base::ITEM],
        SortMultipleOptions::default(),
    );
    Table::collect("document_category", "文書別・項目別の開示", columns, frame)
}

/// The comparison table, with how many categories are disclosed.
pub(super) fn company_table(by_company: &LazyFrame, codes: &[CodeLabel]) -> PolarsResult<Table> {
    let (mut columns, frame) = side_by_side(by_company, codes);
    columns.extend([CATEGORIES_DISCLOSED, CATEGORIES_UNKNOWN]);
    Table::collect("company_table", "企業比較表（該当箇所数）", columns, frame)
}

/// A row per fiscal year and company, a column per item: the number of its passages, 0, or blank when not known. The
/// frame also has what [`company_table`] adds.
pub(super) fn side_by_side(by_company: &LazyFrame, labels: &[CodeLabel]) -> (Vec<Column>, LazyFrame) {
    let items = item_columns(labels, ColumnKind::Count);
    let known = DISCLOSED.expr().is_not_null();
    let blank = || lit(NULL).cast(ColumnKind::Count.dtype());
    let cell = when(known.clone()).then(PASSAGES.expr()).otherwise(blank());
    let mut cells = vec![
        DOCUMENTS_EXPECTED.expr().first(),
        DOCUMENTS_READ.expr().first(),
        DOCUMENTS_PARTIAL.expr().first(),
        when(known.any(true))
            .then(DISCLOSED.expr().sum())
            .otherwise(blank())
            .alias(&*CATEGORIES_DISCLOSED.id),
        DISCLOSED
            .expr()
            .null_count()
            .cast(CATEGORIES_UNKNOWN.kind.dtype())
            .alias(&*CATEGORIES_UNKNOWN.id),
    ];
    let place_cell = |(place, item)| item_cell(cell.clone(), place, item);
    cells.extend(items.iter().enumerate().map(place_cell));
    let order = std::iter::once(col(COMPANY_ORDER));
    let frame = by_company
        .clone()
        .group_by_stable(
            order
                .chain(OF_COMPANY.iter().map(Column::expr))
                .collect::<Vec<_>>(),
        )
        .agg(cells)
        .sort([&*FISCAL_YEAR.id, COMPANY_ORDER], SortMultipleOptions::default());
    let mut columns = OF_COMPANY.to_vec();
    columns.extend([DOCUMENTS_READ, DOCUMENTS_EXPECTED, DOCUMENTS_PARTIAL]);
    columns.extend(items);
    (columns, frame)
}
