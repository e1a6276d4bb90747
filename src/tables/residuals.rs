//! Which groups disclose more or less than the others: adjusted residuals of the tables that `association` tests.

use std::collections::BTreeMap;

use polars::prelude::{
    Column as PolarsColumn, DataFrame, Expr, IntoLazy, LazyFrame, NamedFrom, PolarsResult, Series, lit,
};

use super::TableOptions;
use super::association::FACTORS;
use super::base::ITEM;
use super::columns::*;
use crate::stats::association::chi_square;

/// The columns of `association_residuals`.
pub(super) fn columns() -> Vec<Column> {
    let mut columns = vec![FISCAL_YEAR, FACTOR, MEMBER, CODE, CATEGORY, CATEGORY_EN];
    columns.extend([BASE, DISCLOSING, EXPECTED, RESIDUAL, SMALL]);
    columns
}

/// A group of a table: its row in the frame, how many disclose, how many do not.
struct Group {
    row: usize,
    counts: Vec<u64>,
}

/// A row per fiscal year, factor, group and item: how many would disclose if the factor made no difference, and how far
/// the group is from that. Blank where there is nothing to compare, or the base is suppressed.
///
/// # Arguments
/// * `rates` - by every factor, as `by_factor` has them.
pub(super) fn residuals(rates: &LazyFrame, options: &TableOptions) -> PolarsResult<LazyFrame> {
    let mut frame = rates.clone().filter(is_tested()).collect()?;
    let mut expected = vec![None; frame.height()];
    let mut residual = vec![None; frame.height()];
    for groups in tested(&frame)?.into_values() {
        let counts: Vec<Vec<u64>> = groups.iter().map(|group| group.counts.clone()).collect();
        let Some(square) = chi_square(&counts) else {
            continue;
        };
        let sum = |counts: &[u64]| counts.iter().sum::<u64>();
        let disclosing: u64 = counts.iter().filter_map(|group| group.first()).sum();
        let all: u64 = counts.iter().map(|group| sum(group)).sum();
        for (group, residuals) in groups.iter().zip(&square.residuals) {
            let base = sum(&group.counts);
            if options.suppress_below.is_none_or(|least| base >= least) {
                expected[group.row] = Some(base as f64 * disclosing as f64 / all as f64);
                residual[group.row] = residuals.first().copied();
            }
        }
    }
    frame.with_column(PolarsColumn::from(Series::new((&*EXPECTED.id).into(), expected)))?;
    frame.with_column(PolarsColumn::from(Series::new((&*RESIDUAL.id).into(), residual)))?;
    Ok(frame.lazy())
}

fn is_tested() -> Expr {
    FACTORS
        .iter()
        .fold(lit(false), |any, factor| any.or(FACTOR.expr().eq(lit(*factor))))
}

/// Fiscal year, factor, item → the groups that have a base.
fn tested(frame: &DataFrame) -> PolarsResult<BTreeMap<(i64, String, i64), Vec<Group>>> {
    let (years, factors) = (
        frame.column(&FISCAL_YEAR.id)?.i64()?,
        frame.column(&FACTOR.id)?.str()?,
    );
    let (items, bases) = (frame.column(ITEM)?.i64()?, frame.column(&BASE.id)?.i64()?);
    let disclosing = frame.column(&DISCLOSING.id)?.i64()?;
    let mut tested: BTreeMap<_, Vec<Group>> = BTreeMap::new();
    for row in 0..frame.height() {
        let (Some(year), Some(factor), Some(item)) = (years.get(row), factors.get(row), items.get(row))
        else {
            continue;
        };
        let count = |value: Option<i64>| value.and_then(|v| u64::try_from(v).ok()).unwrap_or(0);
        let (base, disclosing) = (count(bases.get(row)), count(disclosing.get(row)));
        if base > 0 {
            let counts = vec![disclosing, base.saturating_sub(disclosing)];
            let groups = tested.entry((year, factor.to_owned(), item)).or_default();
            groups.push(Group { row, counts });
        }
    }
    Ok(tested)
}
