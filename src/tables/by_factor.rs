//! The rates by every factor in one frame, a group below the other, and the same with the items side by side.

use polars::prelude::{
    Expr, LazyFrame, NULL, PolarsResult, SortMultipleOptions, UnionArgs, col, concat, lit,
};

use super::base::ITEM;
use super::columns::*;
use super::disclosure::Disclosure;
use super::factors::{Factor, factors};
use super::groups::{Unit, item_cell, rates};
use super::{CodeLabel, Table, TableOptions};

/// Place of the factor among all.
pub(super) const FACTOR_ORDER: &str = "_factor";
/// Place of the group within its factor.
pub(super) const MEMBER_ORDER: &str = "_member";

/// The columns of the long form.
///
/// # Arguments
/// * `item` - the columns that name an item.
pub(super) fn columns(item: &[Column]) -> Vec<Column> {
    let mut columns = vec![FISCAL_YEAR, FACTOR, MEMBER];
    columns.extend_from_slice(item);
    columns.extend([COMPANIES, DOCUMENTS, BASE, DISCLOSING, RATE, RATE_LOW, RATE_HIGH]);
    columns.extend([PASSAGES, MEAN_CHARS, SMALL, UNKNOWN]);
    columns
}

/// A row per fiscal year, factor, group and item. `companies` or `documents` is blank, whichever the factor does not
/// count.
pub(super) fn by_factor(disclosure: &Disclosure, options: &TableOptions) -> PolarsResult<LazyFrame> {
    let mut parts = Vec::new();
    for (place, factor) in factors().iter().enumerate() {
        parts.push(part(place, factor, disclosure, options)?);
    }
    let order = [&*FISCAL_YEAR.id, FACTOR_ORDER, MEMBER_ORDER, ITEM];
    Ok(concat(parts, UnionArgs::default())?.sort(order, SortMultipleOptions::default()))
}

fn part(
    place: usize,
    factor: &Factor,
    disclosure: &Disclosure,
    options: &TableOptions,
) -> PolarsResult<LazyFrame> {
    let grouping = &factor.grouping;
    let other = match grouping.unit {
        Unit::Company => DOCUMENTS,
        Unit::Document => COMPANIES,
    };
    let member = grouping.keys.first().map_or(lit(""), Column::expr);
    let named = rates(&(grouping.units)(disclosure), grouping, options)?.with_columns([
        lit(place as i64).alias(FACTOR_ORDER),
        lit(factor.id).alias(&*FACTOR.id),
        col(grouping.order).alias(MEMBER_ORDER),
        member.alias(&*MEMBER.id),
        lit(NULL).cast(other.kind.dtype()).alias(&*other.id),
    ]);
    let mut kept: Vec<Expr> = [FACTOR_ORDER, MEMBER_ORDER, ITEM].map(col).to_vec();
    kept.extend(columns(&[CODE, CATEGORY, CATEGORY_EN]).iter().map(Column::expr));
    Ok(named.select(kept))
}

/// A row per fiscal year, factor and group, from [`by_factor`]: the rates of the items side by side. `small` is 1 when
/// the base of any item is.
pub(super) fn wide_table(
    name: &'static str,
    title: &'static str,
    rates: &LazyFrame,
    labels: &[CodeLabel],
) -> PolarsResult<Table> {
    let items = item_columns(labels, ColumnKind::Rate);
    let keys = [
        FISCAL_YEAR.expr(),
        col(FACTOR_ORDER),
        FACTOR.expr(),
        col(MEMBER_ORDER),
        MEMBER.expr(),
    ];
    let mut cells = vec![
        COMPANIES.expr().first(),
        DOCUMENTS.expr().first(),
        SMALL.expr().max(),
    ];
    let rate = |(place, item)| item_cell(RATE.expr(), place, item);
    cells.extend(items.iter().enumerate().map(rate));
    let order = [&*FISCAL_YEAR.id, FACTOR_ORDER, MEMBER_ORDER];
    let frame = rates
        .clone()
        .group_by_stable(keys)
        .agg(cells)
        .sort(order, SortMultipleOptions::default());
    let mut columns = vec![FISCAL_YEAR, FACTOR, MEMBER, COMPANIES, DOCUMENTS];
    columns.extend(items);
    columns.push(SMALL);
    Table::collect(name, title, columns, frame)
}

/// A column per item, headed by its id.
pub(super) fn item_columns(labels: &[CodeLabel], kind: ColumnKind) -> Vec<Column> {
    labels
        .iter()
        .map(|label| Column::named(&label.id, &format!("{} {}", label.id, label.ja), kind))
        .collect()
}
