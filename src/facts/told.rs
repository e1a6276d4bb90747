//! When a number is told for, and whether it is a result, an aim or a plan.

use std::ops::Range;

use super::file::Rules;
use super::text::{head, last};

/// What is aimed at.
const TARGET: &str = "目標";

/// The period a number is told for, and `目標`, `予定`, `見込み` or nothing.
///
/// # Arguments
/// * `number`, `label` - where the number and the name of what it measures stand in the sentence `text`
pub(super) fn of(rules: &Rules, text: &str, number: &Range<usize>, label: &Range<usize>) -> (String, String) {
    let before = text.get(..number.start).unwrap_or("");
    if let Some(note) = note(text, number) {
        return (period(rules, note), noted_as(rules, note));
    }
    let told = told_as(rules, text, number, label);
    // 2023年度 99.4%、目標100%: the year is that of the result.
    let is_of_result = told == TARGET && before.rfind(TARGET) > before.rfind('年');
    let period = if is_of_result {
        String::new()
    } else {
        period(rules, before)
    };
    (period, told)
}

/// 85%(2023年度), 100%(2025年度目標): the parentheses at once behind the number, if they tell a year.
fn note<'a>(text: &'a str, number: &Range<usize>) -> Option<&'a str> {
    let (note, _) = text.get(number.end..)?.strip_prefix('(')?.split_once(')')?;
    let has_year = note.match_indices('年').any(|(at, _)| year(note, at).is_some());
    has_year.then_some(note)
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
        "年度".len()
    } else {
        "年".len() + month_of_closing(behind.get("年".len()..)?)
    };
    let rest = behind.get(end..)?;
    let begins = ["から", "より", "以来", "以降", "に制定", "創業"]
        .iter()
        .any(|w| rest.starts_with(w));
    (at - start == 4 && !begins).then(|| text.get(start..at + end))?
}

/// Bytes of the 3月期 that a text begins with.
fn month_of_closing(text: &str) -> usize {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - rest.len();
    let is_closing = (1..=2).contains(&digits) && rest.starts_with("月期");
    if is_closing { digits + "月期".len() } else { 0 }
}

/// What a note in parentheses says of the number before it.
fn noted_as(rules: &Rules, note: &str) -> String {
    let own = &rules.figure;
    let told = if own.target.is_match(note) {
        TARGET
    } else if own.expected.is_match(note) {
        "見込み"
    } else {
        ""
    };
    told.to_owned()
}

/// 目標 where the number is one that is aimed at, 予定 where it is still to come.
fn told_as(rules: &Rules, text: &str, number: &Range<usize>, label: &Range<usize>) -> String {
    let own = &rules.figure;
    let before = text.get(..number.start).unwrap_or("");
    let near = last(before, 14);
    // 目標98%、実績96%: the word next to the number counts.
    let near = near.rsplit(['、', '\t', '(']).next().unwrap_or(near);
    let behind = head(text.get(number.end..).unwrap_or(""), 14);
    // 3回実施(計画3回): what stands in parentheses is told of another number, unless it follows at once.
    let end = behind
        .char_indices()
        .skip(1)
        .find(|(_, c)| matches!(c, '\t' | '、' | '。' | ')' | '('));
    let behind = behind
        .get(..end.map_or(behind.len(), |(i, _)| i))
        .unwrap_or(behind);
    let is_result = near.contains("実績");
    let leads_here = |end: usize| {
        let to_number = before.get(end..).unwrap_or("");
        let to_label = text.get(end..label.start);
        own.link.is_match(to_number) || to_label.is_some_and(|t| own.link.is_match(t))
    };
    let from = before.len() - near.len();
    // 目標復旧時間 is aimed at; 目標達成率 is a result.
    let in_label = text
        .get(label.clone())
        .is_some_and(|l| l.contains(TARGET) && !l.contains("達成"));
    let aimed = in_label
        || own.target.find_iter(near).any(|m| leads_here(from + m.end()))
        || own.aimed.is_match(behind);
    match (is_result, aimed) {
        (true, _) => String::new(),
        (_, true) => TARGET.to_owned(),
        _ if own.expected.is_match(behind) => "見込み".to_owned(),
        _ if own.planned.is_match(behind) || rules.stance.later.is_match(near) => "予定".to_owned(),
        _ => String::new(),
    }
}
