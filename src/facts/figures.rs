//! Facts that have a number: what is measured is looked for before the number, then behind it.

use std::ops::Range;

use super::file::{Measure, Rules};
use super::number;
use super::text::{Sentence, head, last, name_start, said_of};
use super::{FactKind, Found, told};

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
/// Characters behind the number in which a verb says what it is.
const SAID: usize = 20;
/// Characters behind 年2回 in which what is done so often is named.
const OFTEN: usize = 26;

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
        let (Some(whole), Some(digits), Some(unit)) = (
            captures.get(0),
            captures.name("number"),
            captures.name("unit").or(captures.name("of")),
        ) else {
            continue;
        };
        let before = text.get(..whole.start()).and_then(|t| t.chars().next_back());
        let after = text.get(whole.end()..).unwrap_or("");
        // 第3回, Type2社, 1-2名, A4用紙: not a count of its own.
        let is_part = before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '第' | '.' | '-'));
        let is_ordinal = rules.figure.no_count.is_match(after) || is_one_of(text, &whole, unit.as_str());
        // 4月3日, 10時30分: a date or a time of day.
        let is_moment = matches!((before, unit.as_str()), (Some('月'), "日") | (Some('時'), "分"));
        if is_part || is_ordinal || is_moment {
            continue;
        }
        if let Some(read) = number::read(digits.as_str()) {
            // 1件もありません counts none.
            let value = if rules.figure.none.is_match(after) {
                0.0
            } else {
                read
            };
            let (bytes, unit) = (whole.range(), unit.as_str());
            all.push(Number { bytes, value, unit });
        }
    }
    if all.is_empty() {
        all.extend(cells(rules, text));
    }
    all
}

/// The 1人 of 5人に1人.
fn is_one_of(text: &str, number: &regex::Match<'_>, unit: &str) -> bool {
    let before = text.get(..number.start()).and_then(|t| t.strip_suffix('に'));
    let whole = before.and_then(|t| t.strip_suffix(unit));
    whole.is_some_and(|t| t.ends_with(|c: char| c.is_ascii_digit())) && number.as_str().starts_with('1')
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
        // 5名がA、2名がB: the comma ends what is told of A.
        let is_weak = link == "、" && is_subject(text, number);
        if is_weak || !own.link.is_match(link) {
            continue;
        }
        let name = before.get(..border)?;
        let fitting = own.measures.iter().filter(|m| m.has_unit(number.unit));
        for measure in fitting {
            let behind = text.get(number.bytes.end..).unwrap_or("");
            let is_followed = measure.followed.as_ref().is_none_or(|f| f.is_match(behind));
            if let Some(word) = measure.ends.find(name).filter(|_| is_followed) {
                let whole = name.get(..word.end())?;
                let start = name_start(whole, LABEL).min(word.start());
                let start = skip_told_of(rules, whole, start);
                let start = said_of(&own.relative, whole, start);
                let label = whole.get(start..)?;
                // 計画:8拠点 実績:5拠点: another number is no name.
                let is_number = own.number.find(label).is_some_and(|m| m.len() == label.len());
                let is_bare = own.is_vague(label) || own.relative.is_match(label);
                if label.chars().count() >= 2 && !is_bare && !is_number {
                    // パートを含む3,400名 are not only パート.
                    let including = ["を含めた", "を含め", "を含む"]
                        .iter()
                        .find(|i| link.starts_with(**i));
                    let end = word.end() + including.map_or(0, |i| i.len());
                    return Some(Measured {
                        measure,
                        label: start..end,
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
    // サービス店(契約先)の達成率 is named to its end, 達成率(連結) up to what qualifies it.
    let end = match first.strip_suffix(')').and_then(|f| f.rfind('(')) {
        Some(end) if end > start => end,
        _ => first.len(),
    };
    let name = first.get(start..end)?.trim();
    let any = own.rows.iter().any(|u| u == number.unit);
    let measure = own
        .measures
        .iter()
        .find(|m| m.has_unit(number.unit) && (any || m.within.is_match(name)))?;
    let is_named = name.chars().count() >= 2 && name.chars().any(|c| !c.is_ascii_digit());
    is_named.then_some(Measured {
        measure,
        label: start..start + name.len(),
    })
}

/// `2名がB`: what follows tells who or what the number is.
fn is_subject(text: &str, number: &Number<'_>) -> bool {
    text.get(number.bytes.end..).is_some_and(|t| t.starts_with('が'))
}

/// `2億円の予備費`, `80億円を投じる`, `12名の技術者`, `年1回、95問の自己診断`.
fn named_behind<'a>(rules: &'a Rules, text: &str, number: &Number<'_>) -> Option<Measured<'a>> {
    let own = &rules.figure;
    let after = text.get(number.bytes.end..)?;
    let skipped = after.len() - after.trim_start_matches("以上").trim_start_matches("超").len();
    let rest = after.get(skipped..)?;
    if let Some(rest) = rest.strip_prefix('の').or_else(|| rest.strip_prefix("ずつ")) {
        let at = text.len() - rest.len();
        // The nearest name wins: 1,500社の委託先の点検 counts 委託先, 1回の合同の訓練 counts 訓練.
        for end in name_ends(rest) {
            let phrase = rest.get(..end)?;
            let mut fitting = own.measures.iter().filter(|m| m.has_unit(number.unit));
            let measure = fitting.find(|m| m.ends.is_match(phrase) && !own.is_vague(phrase));
            if let Some(measure) = measure {
                let label = at..at + end;
                return Some(Measured { measure, label });
            }
        }
    }
    said_behind(rules, text, number).or_else(|| done_often(rules, text, number))
}

/// `年1回、95問の自己診断を課す`: what is done so often, in the clause behind.
fn done_often<'a>(rules: &'a Rules, text: &str, number: &Number<'_>) -> Option<Measured<'a>> {
    let own = &rules.figure;
    if !own.often.is_match(text.get(..number.bytes.start)?) {
        return None;
    }
    let after = text.get(number.bytes.end..)?;
    // 年2回の勉強会, 年2回から4回に: what comes later is not done so often.
    if ["の", "から", "より", "まで"]
        .iter()
        .any(|p| after.starts_with(p))
    {
        return None;
    }
    let clause = rules.stance.breaks(after).next().unwrap_or(after.len());
    let near = head(after.get(..clause)?, OFTEN);
    // 監査結果, 委員会が確認する: named, but not what is done.
    let is_done = |word: &regex::Match<'_>| near.get(word.end()..).is_some_and(|t| own.done.is_match(t));
    let fitting = own
        .measures
        .iter()
        .filter(|m| m.has_unit(number.unit) && m.followed.is_none());
    let named = fitting.filter_map(|m| {
        let mut words = m
            .within
            .find_iter(near)
            .filter(|w| !own.is_vague(w.as_str()) && is_done(w));
        Some((m, words.next()?.range()))
    });
    let (measure, word) = named.min_by_key(|(_, word)| word.start)?;
    let start = name_start(near.get(..word.end)?, LABEL).min(word.start);
    let name = near.get(start..word.end)?;
    // 95問の自己診断 names 自己診断.
    let counted = name
        .rfind('の')
        .filter(|_| name.starts_with(|c: char| c.is_ascii_digit()));
    let start = start + counted.map_or(0, |i| i + "の".len());
    let label = number.bytes.end + start..number.bytes.end + word.end;
    Some(Measured { measure, label })
}

/// Where the names end that a text begins with, joined by の: ascending.
fn name_ends(text: &str) -> impl Iterator<Item = usize> {
    let end = text
        .char_indices()
        .find(|(_, c)| !(super::text::is_name(*c) || matches!(c, 'の' | 'お' | 'さ' | 'ま')))
        .map_or(text.len(), |(i, _)| i);
    let phrase = text.get(..end).unwrap_or("");
    let inner: Vec<usize> = phrase.match_indices('の').map(|(i, _)| i).collect();
    inner.into_iter().chain([end])
}

/// What a verb behind the number says: `80億円を投じる`, `7名で作る部会`. Of what money is spent on, the name before.
fn said_behind<'a>(rules: &'a Rules, text: &str, number: &Number<'_>) -> Option<Measured<'a>> {
    let behind = head(text.get(number.bytes.end..)?, SAID);
    let measures = rules.figure.measures.iter();
    measures.filter(|m| m.has_unit(number.unit)).find_map(|measure| {
        let captures = measure.after.as_ref()?.captures(behind)?;
        let named = captures.iter().skip(1).flatten().next();
        let label = match (named, spent_on(text, number)) {
            (Some(name), _) => number.bytes.end + name.start()..number.bytes.end + name.end(),
            (None, Some(label)) => label,
            (None, None) => {
                let said = captures.get(0)?;
                let skipped = said.len() - said.as_str().trim_start_matches('を').len();
                number.bytes.end + said.start() + skipped..number.bytes.end + said.end()
            }
        };
        Some(Measured { measure, label })
    })
}

/// 通信網の作り直しに6億円を投じ: the name before に.
fn spent_on(text: &str, number: &Number<'_>) -> Option<Range<usize>> {
    let before = text.get(..number.bytes.start)?;
    let name = ["に約", "には", "へ", "に"]
        .iter()
        .find_map(|p| before.strip_suffix(p))?;
    let mut start = name_start(name, LABEL);
    // 機器の更新及び基盤の構築に: both.
    let joints = ["及び", "および", "並びに", "ならびに", "と"];
    if let Some(first) = joints.iter().find_map(|j| name.get(..start)?.strip_suffix(j)) {
        let from = name_start(first, LABEL);
        start = if from < first.len() { from } else { start };
    }
    let is_name = name.get(start..)?.chars().count() >= 2;
    // 次期中に: when, not what for.
    let is_time = name.ends_with(['中', '度', '年', '月', '期', '間', '末', '日']);
    (is_name && !is_time).then_some(start..name.len())
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
    // ヒヤリ・ハット」報告: the opening mark is no part of a name, so the closing one goes too.
    let unbalanced = !label.contains(['「', '『']);
    let bullet = rules.figure.bullet.find(label).map_or(0, |m| m.end());
    fact.measure = label
        .get(bullet..)
        .unwrap_or(label)
        .trim_end_matches('の')
        .to_owned();
    if unbalanced {
        fact.measure.retain(|c| !matches!(c, '」' | '』'));
    }
    if rules.figure.places.contains(&fact.measure) {
        fact.measure.push_str(match number.unit {
            "社" => "会社",
            unit if unit.ends_with('国') => "の国",
            unit => unit,
        });
    }
    // 要員を4名増やし: not how many there are.
    let behind = text.get(number.bytes.end..).unwrap_or("");
    let change = [(&rules.figure.more, "の増加"), (&rules.figure.less, "の減少")];
    if let Some((_, told)) = change.iter().find(|(pattern, _)| pattern.is_match(behind)) {
        fact.measure.push_str(told);
    }
    (fact.period, fact.told_as) = told::of(rules, text, &number.bytes, &measured.label);
    found
}
