//! Checks of single values: codes, years, dates, sums, amounts. The same for TOML and lists.

use unicode_normalization::UnicodeNormalization;

use super::problem::{Place, Report, quoted};
use super::record::{Record, Scalar};

/// Fiscal years that are taken for fiscal years.
const FISCAL_YEARS: std::ops::RangeInclusive<i32> = 1980..=2099;

const CODE_CURE: &str = "write the security code in quotes, four characters: code = \"4901\" or \"285A\"";

/// The security code of a company: four characters of `0-9A-Z`.
pub(crate) fn code(record: &Record, key: &str, report: &mut Report) -> Option<(String, Place)> {
    let (given, place) = record.required(key, CODE_CURE, report)?;
    let code: String = given.nfkc().collect();
    if is_code(&code) {
        return Some((code, place));
    }
    let upper = code.to_uppercase();
    let cure = if is_code(&upper) {
        format!("write capitals: \"{upper}\"")
    } else if let Some(short) = upper.strip_suffix('0').filter(|s| is_code(s)) {
        format!("the five-character form ends in a 0 that is left out here: write \"{short}\"")
    } else if code.len() < 4 && code.chars().all(|c| c.is_ascii_digit()) {
        "a digit is missing; a spreadsheet drops leading zeros unless the column is text".to_owned()
    } else {
        CODE_CURE.to_owned()
    };
    report.error(place, format!("{} is not a security code", quoted(&given)), cure);
    None
}

/// Whether a text has the form of a security code.
pub(crate) fn is_code(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

/// The fiscal year of a document: the year in which it begins.
pub(crate) fn fiscal_year(record: &Record, report: &mut Report) -> Option<i32> {
    let cure = "write the year in which the fiscal year begins, e.g. fiscal_year = 2024";
    let field = record.require_presence("fiscal_year", cure, report)?;
    let place = field.place;
    let given = match &field.value {
        Scalar::Integer(text) | Scalar::Text(text) => text.nfkc().collect::<String>().trim().to_owned(),
        other => {
            let what = other.type_name();
            report.error(
                place,
                format!("fiscal_year is {what}, and a year is needed"),
                cure,
            );
            return None;
        }
    };
    match given.parse::<i32>() {
        Ok(year) if FISCAL_YEARS.contains(&year) => Some(year),
        Ok(_) => {
            report.error(
                place,
                format!("the fiscal year {} is out of range", quoted(&given)),
                cure,
            );
            None
        }
        Err(_) => {
            let cure = match super::year::year_in(&given) {
                Some(year) => {
                    format!("write the number alone: {year} (the year in which the fiscal year begins)")
                }
                None => cure.to_owned(),
            };
            report.error(place, format!("{} is not a fiscal year", quoted(&given)), cure);
            None
        }
    }
}

/// A date of publication as ISO 8601 (`2025-06-27`).
pub(crate) fn date(record: &Record, key: &str, report: &mut Report) -> Option<String> {
    let field = record.fields.get(key)?;
    let given = match &field.value {
        Scalar::Text(text) | Scalar::Date(text) => text.trim(),
        Scalar::Integer(digits) => digits.as_str(),
        other => other.type_name(),
    };
    if given.is_empty() {
        return None;
    }
    let iso = iso_date(given);
    if iso.is_none() {
        report.error(
            field.place,
            format!("{key}: {} is not a date", quoted(given)),
            format!("write {key} = 2025-06-27"),
        );
    }
    iso
}

/// `2025-06-27`, `2025/6/27`, `2025.6.27` and `2025年6月27日` as ISO 8601, if the day exists.
fn iso_date(given: &str) -> Option<String> {
    let text: String = given.nfkc().collect();
    let text = text.strip_suffix('日').unwrap_or(&text);
    let mut parts = text.split(['-', '/', '.', '年', '月']).map(|p| {
        let digits = (1..=4).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| p.parse::<u32>().ok()).flatten()
    });
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    let plausible = (1900..=2099).contains(&year) && (1..=days).contains(&day) && parts.next().is_none();
    plausible.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// A SHA-256 as 64 lower-case hexadecimal digits.
pub(crate) fn sha256(record: &Record, report: &mut Report) -> Option<String> {
    let (given, place) = record.text("sha256", report)?;
    if given.len() == 64 && given.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Some(given.to_ascii_lowercase());
    }
    report.error(
        place,
        format!("{} is not a SHA-256 sum", quoted(&given)),
        "write the 64 hexadecimal digits that sha256sum prints, or leave the key out",
    );
    None
}

/// A number of people or of yen.
pub(crate) fn amount(record: &Record, key: &str, unit: &str, report: &mut Report) -> Option<u64> {
    let field = record.fields.get(key)?;
    let given = match &field.value {
        Scalar::Integer(text) | Scalar::Text(text) => text.nfkc().filter(|c| *c != ',').collect::<String>(),
        other => other.type_name().to_owned(),
    };
    let given = given.trim();
    if given.is_empty() {
        return None;
    }
    let amount = given.parse::<u64>().ok();
    if amount.is_none() {
        report.error(
            field.place,
            format!("{key}: {} is not a number of {unit}", quoted(given)),
            format!("write digits only: {key} = 12345 ({unit})"),
        );
    }
    amount
}

/// Other names: a list, or in a cell of a list the names with `;` between.
pub(crate) fn aliases(record: &Record, report: &mut Report) -> Vec<String> {
    let Some(field) = record.fields.get("aliases") else {
        return Vec::new();
    };
    let parts: Vec<&str> = match &field.value {
        Scalar::List(list) => list.iter().map(String::as_str).collect(),
        Scalar::Text(text) => text.split([';', '；', '、']).collect(),
        other => {
            let what = other.type_name();
            report.error(
                field.place,
                format!("aliases is {what}, and a list of texts is needed"),
                "write aliases = [\"…\", \"…\"]",
            );
            return Vec::new();
        }
    };
    parts
        .into_iter()
        .map(|p| p.trim().to_owned())
        .filter(|p| !p.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_of_the_calendar() {
        assert_eq!(iso_date("2025-06-27").as_deref(), Some("2025-06-27"));
        assert_eq!(iso_date("2025/6/27").as_deref(), Some("2025-06-27"));
        assert_eq!(iso_date("２０２５年６月２７日").as_deref(), Some("2025-06-27"));
        assert_eq!(iso_date("2024-02-29").as_deref(), Some("2024-02-29"));
        for wrong in [
            "2025-02-29",
            "2025-13-01",
            "2025-06",
            "2025-06-27T10:00",
            "20250627",
            "",
            "-",
            "日",
            "+1-1-1",
        ] {
            assert_eq!(iso_date(wrong), None, "{wrong}");
        }
    }
}
