//! Whether disclosure of a category depends on industry, sector, kind of report or year.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, IntoLazy, LazyFrame, NamedFrom, PolarsResult, Series, lit};

use super::CodeLabel;
use super::base::{COMPANY_ORDER, ITEM, ints, texts};
use super::columns::*;
use crate::stats::association::{chi_square, fisher_exact, fisher_simulated, holm, mcnemar_exact};

/// Random tables drawn where neither the chi-square nor an exact test will do.
const SAMPLES: u32 = 9_999;
/// Of the generator: the same tables on every machine.
const SEED: u64 = 2019;
/// Below this expected count chi-square is left for Fisher's test (Cochran's rule in its strict form).
const LEAST_EXPECTED: f64 = 5.0;

/// The factors tested: their groups do not overlap.
pub(super) const FACTORS: [&str; 4] = ["industry", "sector", "kind", "regime"];

/// The columns of `association`.
pub(super) fn columns() -> Vec<Column> {
    let mut columns = vec![
        FISCAL_YEAR,
        FACTOR,
        CODE,
        CATEGORY,
        CATEGORY_EN,
        GROUPS,
        BASE,
        METHOD,
        STATISTIC,
    ];
    columns.extend([DEGREES, P, P_HOLM, CRAMERS_V, GAINED, LOST]);
    columns
}

/// One test.
#[derive(Default)]
struct Test {
    groups: i64,
    base: i64,
    method: &'static str,
    statistic: Option<f64>,
    degrees: Option<i64>,
    p: Option<f64>,
    cramers_v: Option<f64>,
    gained: Option<i64>,
    lost: Option<i64>,
}

/// The tests of a factor in a fiscal year, an item each.
struct Family<'a> {
    year: i64,
    factor: &'a str,
    tests: Vec<Test>,
}

/// A row per fiscal year, factor and item.
///
/// # Arguments
/// * `rates` - by every factor, as `by_factor` has them.
/// * `by_company` - for the change between successive years: the same companies, known in both.
pub(super) fn association(
    rates: &LazyFrame,
    by_company: &LazyFrame,
    codes: &[CodeLabel],
) -> PolarsResult<LazyFrame> {
    let mut families = Vec::new();
    for factor in FACTORS {
        let of_factor = rates.clone().filter(FACTOR.expr().eq(lit(factor)));
        for (year, counts) in counts(&of_factor)? {
            let none = Vec::new();
            let test = |item| independence(counts.get(&(item as i64)).unwrap_or(&none));
            families.push(Family {
                year,
                factor,
                tests: (0..codes.len()).map(test).collect(),
            });
        }
    }
    families.extend(year_on_year(by_company, codes.len())?);
    families.sort_by_key(|family| family.year);
    frame(&families, codes)
}

/// Fiscal year → item → (disclosing, not disclosing) of each group.
type Counts = BTreeMap<i64, BTreeMap<i64, Vec<Vec<u64>>>>;

fn counts(rates: &LazyFrame) -> PolarsResult<Counts> {
    let frame = rates.clone().collect()?;
    let column = |name: &str| -> PolarsResult<Vec<i64>> {
        Ok(frame
            .column(name)?
            .i64()?
            .iter()
            .map(|value| value.unwrap_or(0))
            .collect())
    };
    let (years, items) = (column(&FISCAL_YEAR.id)?, column(ITEM)?);
    let (bases, disclosing) = (column(&BASE.id)?, column(&DISCLOSING.id)?);
    let mut counts = Counts::new();
    for ((year, item), (base, disclosing)) in years
        .into_iter()
        .zip(items)
        .zip(bases.into_iter().zip(disclosing))
    {
        let known = |count: i64| u64::try_from(count).unwrap_or(0);
        let group = vec![known(disclosing), known(base - disclosing)];
        counts
            .entry(year)
            .or_default()
            .entry(item)
            .or_default()
            .push(group);
    }
    Ok(counts)
}

/// Chi-square where every expected count is large enough, otherwise Fisher's test.
fn independence(groups: &[Vec<u64>]) -> Test {
    let filled: Vec<Vec<u64>> = groups
        .iter()
        .filter(|group| group.iter().sum::<u64>() > 0)
        .cloned()
        .collect();
    let base = filled.iter().flatten().sum::<u64>();
    let mut test = Test {
        groups: filled.len() as i64,
        base: base as i64,
        method: "none",
        ..Test::default()
    };
    let Some(square) = chi_square(&filled) else {
        return test;
    };
    test.cramers_v = Some(square.cramers_v);
    if square.least_expected >= LEAST_EXPECTED {
        test.method = "chi-square";
        test.statistic = Some(square.statistic);
        test.degrees = i64::try_from(square.degrees).ok();
        test.p = Some(square.p);
    } else if let [first, second] = filled.as_slice()
        && let ([a, b], [c, d]) = (first.as_slice(), second.as_slice())
    {
        test.method = "fisher-exact";
        test.p = Some(fisher_exact([[*a, *b], [*c, *d]]));
    } else {
        test.method = "fisher-simulated";
        test.p = fisher_simulated(&filled, SAMPLES, SEED);
    }
    test
}

/// McNemar's test of each year against the year before.
fn year_on_year(by_company: &LazyFrame, items: usize) -> PolarsResult<Vec<Family<'static>>> {
    let frame = by_company.clone().collect()?;
    let int =
        |name: &str| -> PolarsResult<Vec<Option<i64>>> { Ok(frame.column(name)?.i64()?.iter().collect()) };
    let (years, companies) = (int(&FISCAL_YEAR.id)?, int(COMPANY_ORDER)?);
    let (places, disclosed) = (int(ITEM)?, int(&DISCLOSED.id)?);
    let mut known = BTreeMap::new();
    for (((year, company), item), disclosed) in years.into_iter().zip(companies).zip(places).zip(disclosed) {
        if let (Some(year), Some(company), Some(item), Some(disclosed)) = (year, company, item, disclosed) {
            known.insert((year, item, company), disclosed);
        }
    }
    let mut families: BTreeMap<i64, Vec<Test>> = BTreeMap::new();
    for ((year, item, company), after) in &known {
        let Some(before) = known.get(&(year - 1, *item, *company)) else {
            continue;
        };
        let tests = families.entry(*year).or_insert_with(|| {
            (0..items)
                .map(|_| Test {
                    method: "none",
                    ..Test::default()
                })
                .collect()
        });
        let Some(test) = usize::try_from(*item).ok().and_then(|item| tests.get_mut(item)) else {
            continue;
        };
        test.groups = 2;
        test.base += 1;
        *test.gained.get_or_insert(0) += i64::from(after > before);
        *test.lost.get_or_insert(0) += i64::from(after < before);
    }
    for test in families.values_mut().flatten() {
        if let (Some(gained), Some(lost)) = (test.gained, test.lost) {
            test.method = "mcnemar-exact";
            test.p = Some(mcnemar_exact(gained.unsigned_abs(), lost.unsigned_abs()));
        }
    }
    Ok(families
        .into_iter()
        .map(|(year, tests)| Family {
            year,
            factor: "year",
            tests,
        })
        .collect())
}

/// Holm's adjustment over the tests of a family that could be done.
fn adjusted(tests: &[Test]) -> Vec<Option<f64>> {
    let done: Vec<f64> = tests.iter().filter_map(|test| test.p).collect();
    let mut adjusted = holm(&done).into_iter();
    tests
        .iter()
        .map(|test| test.p.and_then(|_| adjusted.next()))
        .collect()
}

fn frame(families: &[Family<'_>], codes: &[CodeLabel]) -> PolarsResult<LazyFrame> {
    let rows: Vec<(&Family<'_>, &Test, &CodeLabel)> = families
        .iter()
        .flat_map(|family| {
            family
                .tests
                .iter()
                .zip(codes)
                .map(move |(test, code)| (family, test, code))
        })
        .collect();
    let holm: Vec<Option<f64>> = families
        .iter()
        .flat_map(|family| adjusted(&family.tests))
        .collect();
    let reals = |column: &Column, value: fn(&Test) -> Option<f64>| {
        let values: Vec<_> = rows.iter().map(|(_, test, _)| value(test)).collect();
        Series::new((&*column.id).into(), values).into()
    };
    let counts = |column: &Column, value: fn(&Test) -> Option<i64>| {
        let values: Vec<_> = rows.iter().map(|(_, test, _)| value(test)).collect();
        Series::new((&*column.id).into(), values).into()
    };
    let frame = DataFrame::new(
        rows.len(),
        vec![
            ints(&FISCAL_YEAR.id, rows.iter().map(|row| row.0.year)),
            texts(&FACTOR.id, rows.iter().map(|row| row.0.factor)),
            texts(&CODE.id, rows.iter().map(|row| row.2.id.as_str())),
            texts(&CATEGORY.id, rows.iter().map(|row| row.2.ja.as_str())),
            texts(&CATEGORY_EN.id, rows.iter().map(|row| row.2.en.as_str())),
            counts(&GROUPS, |test| Some(test.groups)),
            counts(&BASE, |test| Some(test.base)),
            texts(&METHOD.id, rows.iter().map(|row| row.1.method)),
            reals(&STATISTIC, |test| test.statistic),
            counts(&DEGREES, |test| test.degrees),
            reals(&P, |test| test.p),
            Series::new((&*P_HOLM.id).into(), holm).into(),
            reals(&CRAMERS_V, |test| test.cramers_v),
            counts(&GAINED, |test| test.gained),
            counts(&LOST, |test| test.lost),
        ],
    )?;
    Ok(frame.lazy())
}

#[cfg(test)]
mod tests {
    use super::independence;

    #[test]
    fn the_test_suits_the_counts() {
        // Expected counts of 10 and more: 20 · 25 / 50.
        assert_eq!(independence(&[vec![15, 5], vec![10, 20]]).method, "chi-square");
        // Two small groups, once the empty one is out.
        let small = independence(&[vec![3, 1], vec![0, 0], vec![1, 3]]);
        assert_eq!((small.method, small.groups, small.base), ("fisher-exact", 2, 8));
        assert!((small.p.unwrap() - 34.0 / 70.0).abs() < 1e-12);
        assert_eq!(
            independence(&[vec![3, 1], vec![1, 3], vec![2, 2]]).method,
            "fisher-simulated"
        );
        // All disclose: nothing to test.
        assert_eq!(independence(&[vec![3, 0], vec![4, 0]]).p, None);
    }
}
