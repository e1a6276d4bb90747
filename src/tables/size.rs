//! Classes of company size: employees, capital, market segment, as far as the manifest gives them.

use polars::prelude::{DataFrame, IntoLazy, LazyFrame, PolarsResult, col};

use super::base::{COMPANY_ORDER, ints, texts};
use super::columns::*;
use crate::manifest::{Company, Corpus};

/// Place of the class among all classes.
pub(super) const SIZE_ORDER: &str = "_size";

/// What a class goes by, as the column `size_by` has it.
pub(super) const EMPLOYEES: &str = "従業員数";
/// In yen.
pub(super) const CAPITAL: &str = "資本金";
/// Of the Tokyo Stock Exchange.
pub(super) const SEGMENT: &str = "市場区分";

/// Upper ends (exclusive) of the classes by employees, and their names.
const BY_EMPLOYEES: [(u64, &str); 5] = [
    (300, "300人未満"),
    (1_000, "300人以上1,000人未満"),
    (5_000, "1,000人以上5,000人未満"),
    (10_000, "5,000人以上1万人未満"),
    (u64::MAX, "1万人以上"),
];

/// Upper ends (exclusive) of the classes by capital in yen, and their names.
const BY_CAPITAL: [(u64, &str); 5] = [
    (1_000_000_000, "10億円未満"),
    (10_000_000_000, "10億円以上100億円未満"),
    (50_000_000_000, "100億円以上500億円未満"),
    (100_000_000_000, "500億円以上1,000億円未満"),
    (u64::MAX, "1,000億円以上"),
];

/// The market segments of the Tokyo Stock Exchange.
const SEGMENTS: [&str; 3] = ["プライム", "スタンダード", "グロース"];

/// A class of a company: what it goes by, its name, its place.
type Class<'a> = (&'static str, &'a str, i64);

/// A row per fiscal year, company, item and class the company is in: one for each of employees, capital and segment
/// that the manifest gives.
pub(super) fn by_size(corpus: &Corpus, by_company: &LazyFrame) -> PolarsResult<LazyFrame> {
    let classes: Vec<(i64, Class<'_>)> = corpus
        .companies
        .iter()
        .enumerate()
        .flat_map(|(index, company)| {
            classes(company)
                .into_iter()
                .map(move |class| (index as i64, class))
        })
        .collect();
    let frame = DataFrame::new(
        classes.len(),
        vec![
            ints(COMPANY_ORDER, classes.iter().map(|(company, _)| *company)),
            texts(&SIZE_BY.id, classes.iter().map(|(_, class)| class.0)),
            texts(&SIZE.id, classes.iter().map(|(_, class)| class.1)),
            ints(SIZE_ORDER, classes.iter().map(|(_, class)| class.2)),
        ],
    )?;
    Ok(by_company
        .clone()
        .inner_join(frame.lazy(), col(COMPANY_ORDER), col(COMPANY_ORDER)))
}

fn classes(company: &Company) -> Vec<Class<'_>> {
    let employees = company.employees.and_then(|number| class(&BY_EMPLOYEES, number));
    let capital = company.capital.and_then(|yen| class(&BY_CAPITAL, yen));
    let segment = company.market_segment.as_deref().map(|segment| {
        let place = SEGMENTS
            .iter()
            .position(|known| *known == segment)
            .unwrap_or(SEGMENTS.len());
        (place, segment)
    });
    [(EMPLOYEES, employees), (CAPITAL, capital), (SEGMENT, segment)]
        .into_iter()
        .enumerate()
        .filter_map(|(rank, (by, found))| found.map(|(place, name)| (by, name, (rank * 10 + place) as i64)))
        .collect()
}

fn class(classes: &[(u64, &'static str)], value: u64) -> Option<(usize, &'static str)> {
    let place = classes
        .iter()
        .position(|(end, _)| value < *end)
        .unwrap_or(classes.len().checked_sub(1)?);
    classes.get(place).map(|(_, name)| (place, *name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_have_no_gaps() {
        assert_eq!(class(&BY_EMPLOYEES, 299), Some((0, "300人未満")));
        assert_eq!(class(&BY_EMPLOYEES, 300), Some((1, "300人以上1,000人未満")));
        assert_eq!(class(&BY_EMPLOYEES, u64::MAX), Some((4, "1万人以上")));
        assert_eq!(
            class(&BY_CAPITAL, 99_999_999_999),
            Some((3, "500億円以上1,000億円未満"))
        );
        assert_eq!(class(&BY_CAPITAL, 100_000_000_000), Some((4, "1,000億円以上")));
    }
}
