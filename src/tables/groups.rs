//! Rates by group: of companies, as by industry, or of documents, as by kind of report.

use polars::prelude::{
    Column as PolarsColumn, DataFrame, Expr, IntoLazy, LazyFrame, ListChunked, NamedFrom, PolarsResult,
    Series, SortMultipleOptions, col, len, lit,
};

use super::TableOptions;
use super::base::ITEM;
use super::columns::*;
use super::disclosure::Disclosure;
use crate::stats::interval::wilson;

/// Characters of the disclosing units.
const DISCLOSED_CHARS: &str = "_disclosed_chars";

/// What a rate counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Companies of a fiscal year.
    Company,
    /// Documents.
    Document,
}

impl Unit {
    /// The column of their number.
    pub(super) fn count(self) -> Column {
        match self {
            Unit::Company => COMPANIES,
            Unit::Document => DOCUMENTS,
        }
    }

    /// The column that names one.
    fn name(self) -> Column {
        match self {
            Unit::Company => COMPANY_CODE,
            Unit::Document => PATH,
        }
    }
}

/// A way to group units within a fiscal year.
#[derive(Debug, Clone)]
pub(super) struct Grouping {
    /// What is counted.
    pub unit: Unit,
    /// The rows it groups: one per fiscal year, unit and item.
    pub units: fn(&Disclosure) -> LazyFrame,
    /// The frame's column that holds the order of the groups.
    pub order: &'static str,
    /// The columns that name a group.
    pub keys: Vec<Column>,
}

impl Grouping {
    /// The columns of the long table.
    pub(super) fn columns(&self) -> Vec<Column> {
        let mut columns = vec![FISCAL_YEAR];
        columns.extend(self.keys.iter().cloned());
        columns.extend([CODE, CATEGORY, CATEGORY_EN, self.unit.count(), BASE, DISCLOSING]);
        columns.extend([RATE, RATE_LOW, RATE_HIGH, PASSAGES, MEAN_CHARS, SMALL, UNKNOWN]);
        columns
    }

    fn keys(&self, more: &[Expr]) -> Vec<Expr> {
        let mut keys = vec![FISCAL_YEAR.expr(), col(self.order)];
        keys.extend(self.keys.iter().map(Column::expr));
        keys.extend_from_slice(more);
        keys
    }
}

/// A row per fiscal year, group and item, from a row per fiscal year, unit and item.
///
/// # Errors
/// When the frame lacks a column.
pub(super) fn rates(
    units: &LazyFrame,
    grouping: &Grouping,
    options: &TableOptions,
) -> PolarsResult<LazyFrame> {
    let disclosed = DISCLOSED.expr();
    let keys = grouping.keys(&[col(ITEM), CODE.expr(), CATEGORY.expr(), CATEGORY_EN.expr()]);
    let counted = units
        .clone()
        .group_by_stable(keys)
        .agg([
            len()
                .cast(grouping.unit.count().kind.dtype())
                .alias(&*grouping.unit.count().id),
            disclosed.clone().count().cast(BASE.kind.dtype()).alias(&*BASE.id),
            disclosed.clone().sum().alias(&*DISCLOSING.id),
            PASSAGES.expr().sum(),
            CHARS
                .expr()
                .filter(disclosed.clone().eq(lit(1)))
                .sum()
                .alias(DISCLOSED_CHARS),
            grouping
                .unit
                .name()
                .expr()
                .filter(disclosed.is_null())
                .alias(&*UNKNOWN.id),
        ])
        .sort(
            [&*FISCAL_YEAR.id, grouping.order, ITEM],
            SortMultipleOptions::default(),
        )
        .collect()?;
    Ok(with_rates(counted, options)?.lazy())
}

/// A row per fiscal year and group, from `rates`: the items side by side. `small` is 1 when the base of any item is.
pub(super) fn side_by_side(rates: &LazyFrame, grouping: &Grouping, items: &[Column]) -> LazyFrame {
    let of_group = [grouping.unit.count().expr().first(), SMALL.expr().max()];
    let cells = items
        .iter()
        .enumerate()
        .map(|(place, item)| item_cell(RATE.expr(), place, item));
    rates
        .clone()
        .group_by_stable(grouping.keys(&[]))
        .agg(of_group.into_iter().chain(cells).collect::<Vec<_>>())
        .sort([&*FISCAL_YEAR.id, grouping.order], SortMultipleOptions::default())
}

/// The value of one item within a group that has each item once.
pub(super) fn item_cell(value: Expr, place: usize, item: &Column) -> Expr {
    value
        .filter(col(ITEM).eq(lit(place as i64)))
        .first()
        .alias(&*item.id)
}

/// Adds what follows from the counts.
fn with_rates(mut counted: DataFrame, options: &TableOptions) -> PolarsResult<DataFrame> {
    let base = counts(&counted, &BASE)?;
    let disclosing = counts(&counted, &DISCLOSING)?;
    let chars: Vec<u64> = whole(counted.column(DISCLOSED_CHARS)?)?;
    let unknown = joined(counted.column(&UNKNOWN.id)?.list()?)?;
    let shown = |row: usize| base[row] > 0 && options.suppress_below.is_none_or(|least| base[row] >= least);
    let rows = 0..counted.height();
    let interval: Vec<_> = rows
        .clone()
        .map(|row| wilson(disclosing[row], base[row]).filter(|_| shown(row)))
        .collect();
    let rate = rows
        .clone()
        .map(|row| shown(row).then(|| disclosing[row] as f64 / base[row] as f64));
    let mean = rows
        .clone()
        .map(|row| (shown(row) && disclosing[row] > 0).then(|| chars[row] as f64 / disclosing[row] as f64));
    let small = rows.map(|row| i64::from(base[row] < options.small_below));
    let columns: [PolarsColumn; 6] = [
        reals(&RATE, rate.collect()),
        reals(
            &RATE_LOW,
            interval.iter().map(|ends| ends.map(|(low, _)| low)).collect(),
        ),
        reals(
            &RATE_HIGH,
            interval.iter().map(|ends| ends.map(|(_, high)| high)).collect(),
        ),
        reals(&MEAN_CHARS, mean.collect()),
        super::base::ints(&SMALL.id, small),
        Series::new((&*UNKNOWN.id).into(), unknown).into(),
    ];
    for column in columns {
        counted.with_column(column)?;
    }
    Ok(counted)
}

fn counts(frame: &DataFrame, column: &Column) -> PolarsResult<Vec<u64>> {
    whole(frame.column(&column.id)?)
}

/// Counts are never null and never negative: an absent one is 0.
fn whole(column: &PolarsColumn) -> PolarsResult<Vec<u64>> {
    Ok(column
        .i64()?
        .iter()
        .map(|value| value.and_then(|v| u64::try_from(v).ok()).unwrap_or(0))
        .collect())
}

fn reals(column: &Column, values: Vec<Option<f64>>) -> PolarsColumn {
    Series::new((&*column.id).into(), values).into()
}

/// The names of each list side by side; null where there are none.
fn joined(lists: &ListChunked) -> PolarsResult<Vec<Option<String>>> {
    let mut texts = Vec::with_capacity(lists.len());
    for row in 0..lists.len() {
        let Some(names) = lists.get_as_series(row) else {
            texts.push(None);
            continue;
        };
        let names: Vec<&str> = names.str()?.iter().flatten().collect();
        texts.push((!names.is_empty()).then(|| names.join(super::LIST_SEPARATOR)));
    }
    Ok(texts)
}
