//! Facts that have a number: what is measured is looked for before the number, then behind it.

use std::ops::Range;

use super::file::{Measure, Rules};
use super::number;
use super::text::{Sentence, head, last, name_start};
use super::{FactKind, Found};

/// A number of the sentence.
struct Number<'a> {
    bytes: Range<usize>,
    value: f64,
    unit: &'a str,
}

/// What a number measures.
struct Measured<'a> {
    measure: &'a Measure,
    /// Where it is named.
    label: Range<usize>,
}

/// Characters of the longest name of what is measured.
const LABEL: usize = 24;
/// Characters of the longest cell that is a number with what qualifies it.
const CELL: usize = 16;
/// Characters between the name and the number.
const BETWEEN: usize = 44;

/// What is aimed at.
const TARGET: &str = "目標";

/// Adds the figures of a sentence.
pub(super) fn find(rules: &Rules, sentence: Sentence<'_>, found: &mut Vec<Found>) {
    let text = sentence.text;
    let own = &rules.figure;
    if own.elsewhere.is_match(text) {
        return;
    }
    let mut before: Option<(Measured<'_>, Range<usize>, &str)> = None;
    for number in numbers(rules, text) {
        let chained = before.as_ref().filter(|(_, last, unit)| {
            *unit == number.unit
                && text
                    .get(last.end..number.bytes.start)
                    .is_some_and(|between| own.chain.is_match(between))
        });
        let measured = match chained {
            Some((m, ..)) => Some(Measured {
                measure: m.measure,
                label: m.label.clone(),
            }),
            None => named_before(rules, text, &number)
                .or_else(|| named_behind(rules, text, &number))
                .or_else(|| named_by_row(rules, text, &number)),
        };
        let Some(measured) = measured else {
            before = None;
            continue;
        };
        let label = text.get(measured.label.clone()).unwrap_or("");
        if own.not.is_match(label)
            || own
                .not
                .is_match(last(text.get(..number.bytes.start).unwrap_or(""), 12))
        {
            before = None;
            continue;
        }
        found.push(figure(rules, sentence, &number, &measured, label));
        before = Some((measured, number.bytes.clone(), number.unit));
    }
}

/// Every number with a unit; in a row whose first cell names the unit in parentheses also the bare ones.
fn numbers<'a>(rules: &Rules, text: &'a str) -> Vec<Number<'a>> {
    let mut all = Vec::new();
    for captures in rules.figure.number.captures_iter(text) {
        let (Some(whole), Some(digits), Some(unit)) =
            (captures.get(0), captures.name("number"), captures.name("unit"))
        else {
            continue;
        };
        let before = text.get(..whole.start()).and_then(|t| t.chars().next_back());
        let after = text.get(whole.end()..).unwrap_or("");
        // 第3回, Type2社, 1-2名, A4用紙: not a count of its own.
        let is_part = before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '第' | '.' | '-'));
        let is_ordinal = ["目", "年度"].iter().any(|o| after.starts_with(o));
        if is_part || is_ordinal {
            continue;
        }
        if let Some(value) = number::read(digits.as_str()) {
            all.push(Number {
                bytes: whole.range(),
                value,
                unit: unit.as_str(),
            });
        }
    }
    if all.is_empty() {
        all.extend(cells(rules, text));
    }
    all
}

/// `…件数(件)\t2021年度:1\t2022年度:0`.
fn cells<'a>(rules: &Rules, text: &'a str) -> Vec<Number<'a>> {
    let mut found = Vec::new();
    let Some((first, rest)) = text.split_once('\t') else {
        return found;
    };
    let unit = first
        .strip_suffix(')')
        .and_then(|f| f.rsplit_once('('))
        .map(|(_, unit)| unit);
    let units = &rules.figure.measures;
    let Some(unit) = unit.filter(|u| units.iter().any(|m| m.units.iter().any(|x| x == u))) else {
        return found;
    };
    let mut at = first.len() + 1;
    for cell in rest.split('\t') {
        let start = cell.rfind([':', ' ']).map_or(0, |i| i + 1);
        let digits = cell.get(start..).unwrap_or("");
        let is_number = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || ",.".contains(c));
        if let Some(value) = number::read(digits).filter(|_| is_number) {
            found.push(Number {
                bytes: at + start..at + cell.len(),
                value,
                unit,
            });
        }
        at += cell.len() + 1;
    }
    found
}

/// The name nearest before the number from which only linking words lead to it.
fn named_before<'a>(rules: &'a Rules, text: &str, number: &Number<'_>) -> Option<Measured<'a>> {
    let own = &rules.figure;
    let before = text.get(..number.bytes.start)?;
    let reach = last(before, BETWEEN);
    let from = before.len() - reach.len();
    // The borders from the number leftwards: the shortest link wins, and of the measures the first of the file.
    let mut borders: Vec<usize> = reach.char_indices().map(|(i, _)| from + i).collect();
    borders.push(before.len());
    for border in borders.into_iter().rev().filter(|b| *b > 0) {
        let link = before.get(border..)?;
        if !own.link.is_match(link) {
            continue;
        }
        let name = before.get(..border)?;
        let fitting = own
            .measures
            .iter()
            .filter(|m| m.units.iter().any(|u| u == number.unit));
        for measure in fitting {
            if let Some(word) = measure.ends.find(name) {
                let whole = name.get(..word.end())?;
                let start = name_start(whole, LABEL).min(word.start());
                let start = skip_told_of(rules, whole, start);
                let label = whole.get(start..)?;
                if label.chars().count() >= 2 && !own.vague.iter().any(|v| v == label) {
                    return Some(Measured {
                        measure,
                        label: start..word.end(),
                    });
                }
            }
        }
    }
    None
}

/// 2023年度の受講率 is the 受講率 of that year; 62か国の事業会社 counts 事業会社.
fn skip_told_of(rules: &Rules, text: &str, start: usize) -> usize {
    let label = text.get(start..).unwrap_or("");
    let before = text.get(..start).and_then(|t| t.chars().next_back());
    let cut = if matches!(before, Some('か' | 'ヶ' | 'ヵ')) {
        label.find('の').map_or(0, |i| i + "の".len())
    } else {
        rules.figure.told_of.find(label).map_or(0, |m| m.end())
    };
    if cut < label.len() { start + cut } else { start }
}

/// In the row of a table the first cell names what the others hold: 修正適用\t計画:95%\t実績:88%.
fn named_by_row<'a>(rules: &'a Rules, text: &str, number: &Number<'_>) -> Option<Measured<'a>> {
    let own = &rules.figure;
    let (first, _) = text.split_once('\t')?;
    let cell_start = text.get(..number.bytes.start)?.rfind('\t')? + 1;
    let cell = text.get(cell_start..number.bytes.end)?;
    // A cell that is a sentence names its numbers itself.
    if cell.chars().count() > CELL {
        return None;
    }
    let start = first.find(':').map_or(0, |i| i + 1);
    let end = first.find('(').filter(|end| *end > start).unwrap_or(first.len());
    let name = first.get(start..end)?.trim();
    let any = own.rows.iter().any(|u| u == number.unit);
    let measure = own
        .measures
        .iter()
        .find(|m| m.units.iter().any(|u| u == number.unit) && (any || m.within.is_match(name)))?;
    let is_named = name.chars().count() >= 2 && name.chars().any(|c| !c.is_ascii_digit());
    is_named.then_some(Measured {
        measure,
        label: start..start + name.len(),
    })
}

/// `2億円の予備費`, `80億円を投じる`, `12名の技術者`.
fn named_behind<'a>(rules: &'a Rules, text: &str, number: &Number<'_>) -> Option<Measured<'a>> {
    let own = &rules.figure;
    let after = text.get(number.bytes.end..)?;
    let fitting = || {
        own.measures
            .iter()
            .filter(|m| m.units.iter().any(|u| u == number.unit))
    };
    let skipped = after.len() - after.trim_start_matches("以上").trim_start_matches("超").len();
    if let Some(rest) = after.get(skipped..)?.strip_prefix('の') {
        let end = rest
            .char_indices()
            .find(|(_, c)| !(super::text::is_name(*c) || matches!(c, 'お' | 'さ' | 'ま')))
            .map_or(rest.len(), |(i, _)| i);
        let phrase = rest.get(..end)?;
        for measure in fitting() {
            if measure.ends.is_match(phrase) {
                let at = number.bytes.end + skipped + "の".len();
                return Some(Measured {
                    measure,
                    label: at..at + end,
                });
            }
        }
    }
    let behind = head(after, 10);
    fitting().find_map(|measure| {
        let m = measure.after.as_ref()?.find(behind)?;
        let label = number.bytes.end + m.start()..number.bytes.end + m.end();
        let label = text
            .get(label.clone())?
            .starts_with('を')
            .then(|| label.start + "を".len()..label.end)?;
        Some(Measured { measure, label })
    })
}

fn figure(
    rules: &Rules,
    sentence: Sentence<'_>,
    number: &Number<'_>,
    measured: &Measured<'_>,
    label: &str,
) -> Found {
    let text = sentence.text;
    let start = measured.label.start.min(number.bytes.start);
    let end = measured.label.end.max(number.bytes.end);
    let mut found = Found::new(
        FactKind::Figure,
        measured.measure.name.clone(),
        sentence.at + start..sentence.at + end,
    );
    let fact = &mut found.fact;
    fact.value = Some(number.value);
    fact.unit = number.unit.to_owned();
    fact.measure = label.trim_end_matches('の').to_owned();
    if rules.figure.places.contains(&fact.measure) {
        fact.measure.push_str(if number.unit == "社" {
            "会社"
        } else {
            number.unit
        });
    }
    let before = text.get(..number.bytes.start).unwrap_or("");
    fact.period = period(rules, before);
    fact.told_as = told_as(rules, text, number);
    // 2023年度 99.4%、目標100%: the year is that of the result.
    if fact.told_as == TARGET && before.rfind(TARGET) > before.rfind('年') {
        fact.period.clear();
    }
    found
}

/// The year told last before the number in its clause.
fn period(rules: &Rules, before: &str) -> String {
    let near = last(before, 8);
    let earlier = ["前年度", "前年", "前期", "前回"];
    if let Some(word) = earlier
        .iter()
        .find(|w| near.contains(**w) && !near.contains(&format!("{w}比")))
    {
        return (*word).to_owned();
    }
    let from = rules.stance.breaks(before).last().unwrap_or(0);
    let clause = before.get(from..).unwrap_or("");
    let mut years = clause.match_indices('年').filter_map(|(at, _)| year(clause, at));
    years.next_back().unwrap_or_default().to_owned()
}

/// `2023年度`, `2023年` where a year of four digits ends at `at` and nothing begins with it.
fn year(text: &str, at: usize) -> Option<&str> {
    let digits = text.get(..at)?;
    let start = digits
        .char_indices()
        .rev()
        .take_while(|(_, c)| c.is_ascii_digit())
        .last()?
        .0;
    let behind = text.get(at..)?;
    let end = if behind.starts_with("年度") {
        "年度"
    } else {
        "年"
    }
    .len();
    let rest = behind.get(end..)?;
    let begins = ["から", "より", "以来", "以降", "に制定", "創業"]
        .iter()
        .any(|w| rest.starts_with(w));
    (at - start == 4 && !begins).then(|| text.get(start..at + end))?
}

/// 目標 where the number is one that is aimed at, 予定 where it is still to come.
fn told_as(rules: &Rules, text: &str, number: &Number<'_>) -> String {
    let own = &rules.figure;
    let near = last(text.get(..number.bytes.start).unwrap_or(""), 14);
    // 目標98%、実績96%: the word next to the number counts.
    let near = near.rsplit(['、', '\t', '(']).next().unwrap_or(near);
    let behind = head(text.get(number.bytes.end..).unwrap_or(""), 14);
    let behind = behind.split(['\t', '、', '。', ')']).next().unwrap_or(behind);
    let is_result = near.contains("実績");
    let aimed = own.target.is_match(near)
        || ["を目標", "が目標", "以上を目指", "を目指"]
            .iter()
            .any(|w| behind.contains(w));
    match (is_result, aimed) {
        (true, _) => String::new(),
        (_, true) => TARGET.to_owned(),
        _ if own.expected.is_match(behind) => "見込み".to_owned(),
        _ if own.planned.is_match(behind) => "予定".to_owned(),
        _ => String::new(),
    }
}
