//! Fiscal years in file names and on title pages: Western and Japanese eras, periods, closing months.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// A year, Western or of an era, with the groups `w`, or `e` and `n`; the number is told apart by a suffix.
macro_rules! year {
    ($n:literal) => {
        concat!(
            "(?:(?P<w",
            $n,
            ">(?:19|20)\\d{2})|(?P<e",
            $n,
            ">令和|平成|昭和|[RHS])(?P<n",
            $n,
            ">\\d{1,2}|元))"
        )
    };
}

static PERIOD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compiled(concat!(
        "(?:第(?P<q>[1-4])四半期.{0,20}?)?",
        "(?P<from>自)?:?",
        year!("1"),
        "[年./](?P<m1>\\d{1,2})(?:[月./](?P<d1>\\d{1,2})日?|月)",
        "(?:至:?|から|~|〜|-|–|—|―|ー)",
        "(?:",
        year!("2"),
        "[年./])?(?P<m2>\\d{1,2})(?:[月./]|$)",
    ))
});
static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| compiled(concat!(year!("1"), "年度")));
static CLOSING: LazyLock<Option<Regex>> =
    LazyLock::new(|| compiled(concat!(year!("1"), "[年./](?P<m>\\d{1,2})月?期")));
static FY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compiled("(?i)(?:^|[^a-z])FY[-_]?(?P<y>20\\d{2}|\\d{2})(?:[-_./](?P<m>0[1-9]|1[0-2]))?(?:$|[^0-9])")
});
static BARE: LazyLock<Option<Regex>> = LazyLock::new(|| compiled("\\d+"));

/// The patterns are constants that the tests below use one by one; should one not compile, nothing is guessed.
fn compiled(pattern: &str) -> Option<Regex> {
    Regex::new(pattern).ok()
}

/// Whether a number is more likely a year than anything else.
pub(crate) fn is_year(year: i32) -> bool {
    (1990..=2039).contains(&year)
}

/// The year of the groups with that suffix.
fn western(captures: &Captures<'_>, suffix: &str) -> Option<i32> {
    if let Some(year) = captures.name(&format!("w{suffix}")) {
        return year.as_str().parse().ok();
    }
    let n = match captures.name(&format!("n{suffix}"))?.as_str() {
        "元" => 1,
        digits => digits.parse::<i32>().ok()?,
    };
    match captures.name(&format!("e{suffix}"))?.as_str() {
        "令和" | "R" => Some(2018 + n),
        "平成" | "H" => Some(1988 + n),
        _ => Some(1925 + n),
    }
}

fn number(captures: &Captures<'_>, name: &str) -> Option<i32> {
    captures.name(name)?.as_str().parse().ok()
}

/// The fiscal year of the first period of a text in which white space was removed: 自2023年4月1日至2024年3月31日 → 2023.
///
/// The year is that in which the fiscal year begins; the period of a quarter is moved back to its beginning. Without
/// 自, only a period of a year counts: plans and terms of office run longer.
pub(crate) fn of_period(text: &str) -> Option<(i32, String)> {
    PERIOD.as_ref()?.captures_iter(text).find_map(|c| {
        let (year, month) = (western(&c, "1")?, number(&c, "m1")?);
        let end_year = western(&c, "2").unwrap_or(year);
        let months = (end_year - year) * 12 + number(&c, "m2")? - month;
        let plausible = c.name("from").is_some() || months == 11;
        let quarter = number(&c, "q").filter(|_| months == 2).unwrap_or(1);
        // Months since year 0, so that a quarter of January to March falls back into the year before.
        let start = year * 12 + (month - 1) - 3 * (quarter - 1);
        let shown = format!("{year}年{month}月〜{end_year}年{}月", number(&c, "m2")?);
        (plausible && (1..=12).contains(&month) && months >= 0).then(|| (start.div_euclid(12), shown))
    })
}

/// A fiscal year that is called one: 2024年度, 令和6年度, FY2024, 2025年3月期.
pub(crate) fn named(text: &str) -> Option<(i32, String)> {
    let year_of = |regex: &LazyLock<Option<Regex>>| -> Option<(i32, String)> {
        let c = regex.as_ref()?.captures(text)?;
        Some((western(&c, "1")?, c.get(0)?.as_str().to_owned()))
    };
    // A year that closes in December began in January of the same year.
    let beginning = |year: i32, closes: i32| if closes == 12 { year } else { year - 1 };
    let fy = || {
        let c = FY.as_ref()?.captures(text)?;
        let year = number(&c, "y")?;
        let year = if year < 100 { 2000 + year } else { year };
        // FY2025-03 names the month in which it closes.
        let begins = number(&c, "m").map_or(year, |month| beginning(year, month));
        Some((
            begins,
            c.get(0)?.as_str().trim_matches(['_', '-', ' ', '.']).to_owned(),
        ))
    };
    let closing = || {
        let c = CLOSING.as_ref()?.captures(text)?;
        let begins = beginning(western(&c, "1")?, number(&c, "m")?);
        Some((begins, c.get(0)?.as_str().to_owned()))
    };
    closing().or_else(|| year_of(&NAMED)).or_else(fy)
}

/// A year that stands alone: `yuho_2025`, `20250627`.
pub(crate) fn bare(text: &str) -> Option<i32> {
    BARE.as_ref()?.find_iter(text).find_map(|m| {
        let digits = m.as_str();
        let year = match digits.len() {
            4 => digits,
            // A date as digits, if the month is one.
            8 if matches!(digits.get(4..6)?.parse::<u32>(), Ok(1..=12)) => digits.get(..4)?,
            _ => return None,
        };
        year.parse().ok().filter(|y| is_year(*y))
    })
}

/// Any year that a text such as 2024年度, 令和6年度, FY2024 or 2025年3月期 means.
pub(crate) fn year_in(text: &str) -> Option<i32> {
    named(text).map(|(year, _)| year).or_else(|| bare(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Option<i32> {
        of_period(text).map(|(year, _)| year)
    }

    #[test]
    fn a_fiscal_year_is_the_year_in_which_it_begins() {
        assert_eq!(
            period("【事業年度】第119期(自2023年4月1日至2024年3月31日)"),
            Some(2023)
        );
        assert_eq!(period("第80期(自2024年1月1日至2024年12月31日)"), Some(2024));
        assert_eq!(period("自令和5年4月1日至令和6年3月31日"), Some(2023));
        assert_eq!(period("自平成31年4月1日至令和2年3月31日"), Some(2019));
        assert_eq!(period("自令和元年7月1日至令和2年6月30日"), Some(2019));
        assert_eq!(period("対象期間:2023年4月1日~2024年3月31日"), Some(2023));
        assert_eq!(period("対象期間2023年4月〜2024年3月"), Some(2023));
        assert_eq!(period("2024年1月1日~12月31日"), Some(2024));
    }

    #[test]
    fn a_quarter_belongs_to_the_year_that_began_before_it() {
        assert_eq!(
            period("【四半期会計期間】第120期第1四半期(自2024年4月1日至2024年6月30日)"),
            Some(2024)
        );
        assert_eq!(period("第2四半期(自2024年1月1日至2024年3月31日)"), Some(2023));
        assert_eq!(period("第3四半期(自2024年10月1日至2024年12月31日)"), Some(2024));
    }

    #[test]
    fn a_plan_of_three_years_is_no_fiscal_year() {
        assert_eq!(period("中期経営計画2022年4月~2025年3月"), None);
        assert_eq!(period("2022年"), None);
        assert_eq!(period(""), None);
    }

    #[test]
    fn named_years_are_understood() {
        let named = |text| named(text).map(|(year, _)| year);
        assert_eq!(named("有価証券報告書_2024年度"), Some(2024));
        assert_eq!(named("令和6年度"), Some(2024));
        assert_eq!(named("2025年3月期"), Some(2024));
        assert_eq!(named("2024年12月期"), Some(2024));
        assert_eq!(named("fy24_csr"), Some(2024));
        assert_eq!(named("R6年度"), Some(2024));
        assert_eq!(named("yuho_FY2025-03"), Some(2024));
        assert_eq!(named("yuho_FY2024-12.pdf"), Some(2024));
        assert_eq!(named("buffy2024"), None);
        assert_eq!(named("integrated2023"), None);
    }

    #[test]
    fn bare_years_are_years() {
        assert_eq!(bare("integrated2023"), Some(2023));
        assert_eq!(bare("4901_20250627"), Some(2025));
        assert_eq!(bare("4901_yuho"), None);
        assert_eq!(bare("20251327"), None);
        assert_eq!(year_in("2024年"), Some(2024));
    }
}
