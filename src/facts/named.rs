//! Facts that have a name: certifications, bodies joined, response teams, officers.

use std::ops::Range;

use regex::Regex;

use super::file::{Name, Rules};
use super::number;
use super::text::{Sentence, head, is_name, last, name_start, said_of};
use super::{FactKind, Found};

/// Adds the named facts of a sentence.
pub(super) fn find(rules: &Rules, sentence: Sentence<'_>, headings: &str, found: &mut Vec<Found>) {
    certifications(rules, sentence, headings, found);
    memberships(rules, sentence, found);
    teams(rules, sentence, found);
    officers(rules, sentence, found);
}

/// What stands around a name in its sentence.
struct Around<'a> {
    /// From the beginning of the clause to the name.
    before: &'a str,
    /// From the name to the end of the clause.
    clause: &'a str,
    /// From the name to the end of the sentence.
    after: &'a str,
}

impl<'a> Around<'a> {
    fn of(rules: &Rules, text: &'a str, name: &Range<usize>) -> Self {
        let (all_before, after) = (
            text.get(..name.start).unwrap_or(""),
            text.get(name.end..).unwrap_or(""),
        );
        let from = rules.stance.breaks(all_before).last().unwrap_or(0);
        let to = rules.stance.breaks(after).next().unwrap_or(after.len());
        Self {
            before: all_before.get(from..).unwrap_or(""),
            clause: after.get(..to).unwrap_or(after),
            after,
        }
    }

    /// Another's, over, or a duty: whatever the verb is.
    fn is_not_so(&self, rules: &Rules) -> bool {
        let stance = &rules.stance;
        stance.others.is_match(self.before)
            || stance.later.is_match(self.before)
            || stance.ended.is_match(self.after)
            || stance.duty.is_match(self.clause)
    }
}

/// A text without any verb: a list item, a label, the row of a table.
fn is_item(text: &str) -> bool {
    !text.ends_with('。')
        && !["ます", "ました", "です", "いる", "した", "する", "ある"]
            .iter()
            .any(|end| text.ends_with(end))
}

/// Characters behind the verb in which a plan or a denial still belongs to it.
const BEHIND_VERB: usize = 12;

/// The name with the text up to shortly behind its verb.
fn up_to_verb(after: &str, verb_end: usize) -> &str {
    let rest = after.get(verb_end..).unwrap_or("");
    after
        .get(..verb_end + head(rest, BEHIND_VERB).len())
        .unwrap_or(after)
}

fn certifications(rules: &Rules, sentence: Sentence<'_>, headings: &str, found: &mut Vec<Found>) {
    let own = &rules.certification;
    for kind in &own.kinds {
        for name in kind.words.find_iter(sentence.text) {
            let around = Around::of(rules, sentence.text, &name.range());
            let Some(reach) = held(rules, kind, sentence.text, headings, &around) else {
                continue;
            };
            let joint = name.len()
                - name
                    .as_str()
                    .trim_start_matches(['と', 'や', '、', '及', 'び', '・'])
                    .len();
            let bytes = sentence.at + name.start() + joint..sentence.at + name.end() + reach;
            let mut fact = Found::new(FactKind::Certification, kind.name.clone(), bytes);
            let told = around.after.get(..reach).unwrap_or("");
            if let Some(scope) = scope(rules, &around, told) {
                fact.fact.entities = entities(&scope);
                fact.fact.scope = scope;
            }
            found.push(fact);
        }
    }
}

/// How far behind the name the text reaches that says it is held; `None` if none does.
fn held(rules: &Rules, kind: &Name, text: &str, headings: &str, around: &Around<'_>) -> Option<usize> {
    let own = &rules.certification;
    if around.is_not_so(rules) {
        return None;
    }
    if let Some(m) = kind.also.as_ref().and_then(|also| also.find(around.clause)) {
        return Some(m.end());
    }
    let found_verb = own.verbs.find(around.clause);
    let told = match &found_verb {
        Some(verb) => up_to_verb(around.after, verb.end()),
        None => around.clause,
    };
    if own.against.is_match(told) {
        return None;
    }
    let is_plain_future = own.future.is_match(told)
        && !rules.stance.habit.is_match(around.before)
        && !rules.stance.habit.is_match(told);
    match found_verb {
        Some(_) if is_plain_future => None,
        Some(verb) => Some(verb.end()),
        None if is_item(text) && (own.headings.is_match(headings) || own.labels.is_match(text)) => Some(0),
        None => None,
    }
}

/// What a certificate covers: in parentheses behind the name, in front of the name or between name and verb before
/// を対象に, で and the like, or behind 認証範囲.
fn scope(rules: &Rules, around: &Around<'_>, told: &str) -> Option<String> {
    let own = &rules.certification;
    let inside = around.after.strip_prefix('(').and_then(|r| r.split_once(')'));
    if let Some((inside, _)) = inside.filter(|(inside, _)| !own.aliases.is_match(inside)) {
        return Some(inside.to_owned());
    }
    // A、B及びCの認証: what stands before A is the scope of all of them.
    let names = own.kinds.iter().filter_map(|k| k.words.find(around.before));
    let first = names.map(|m| m.start()).min().unwrap_or(around.before.len());
    // 認証は、当社及び24組織で取得: up to the verb.
    let to_verb = own.verbs.find_iter(told).last().map_or(told.len(), |m| m.start());
    let told = told.get(..to_verb).unwrap_or(told);
    for text in [around.before.get(..first).unwrap_or(""), told] {
        if let Some(scope) = before_particle(&own.scope, &own.bare_scope, text) {
            return Some(scope);
        }
    }
    let after_label = [
        "認証範囲を",
        "認証範囲は",
        "認証範囲:",
        "認証範囲\t",
        "認証範囲 ",
        "対象範囲は",
    ];
    after_label.iter().find_map(|label| {
        let (_, rest) = around.after.split_once(label)?;
        let end = rest.find(['、', '。', '(', '\t']).unwrap_or(rest.len());
        let scope = rest.get(..end)?;
        let cut = scope
            .rfind("へ広")
            .or_else(|| scope.rfind("に広"))
            .unwrap_or(scope.len());
        let scope = scope.get(..cut)?;
        (!scope.is_empty()).then(|| scope.to_owned())
    })
}

/// The noun phrase before the last scope particle of a text that ends with it, or that has it before a comma.
fn before_particle(particle: &Regex, bare: &Regex, text: &str) -> Option<String> {
    let text = text.trim_end_matches('、');
    let m = particle.find(text)?;
    let phrase = text.get(..m.start())?;
    let start = said_of(bare, phrase, phrase_start(phrase));
    let phrase = phrase
        .get(start..)?
        .trim_start_matches(['及', 'び', 'の', '、', ' ']);
    let is_thing = phrase.chars().count() >= 2 && !NO_SCOPE.iter().any(|w| phrase.ends_with(w));
    is_thing.then(|| phrase.to_owned())
}

/// What stands before は and が and is no scope.
const NO_SCOPE: [&str; 8] = ["当社", "弊社", "同社", "当行", "これ", "それ", "もの", "認証"];

/// Leftwards over names joined by の, 及び, と, すべて and 、.
fn phrase_start(text: &str) -> usize {
    let mut start = text.len();
    loop {
        let before = text.get(..start).unwrap_or("");
        let joined = [
            "及び",
            "および",
            "ならびに",
            "並びに",
            "すべて",
            "全て",
            "と",
            "の",
            "、",
            "お",
        ]
        .iter()
        .find(|j| before.ends_with(**j))
        .map_or(before.len(), |j| before.len() - j.len());
        let next = before
            .get(..joined)
            .unwrap_or("")
            .char_indices()
            .rev()
            .take_while(|(_, c)| is_name(*c))
            .last()
            .map(|(i, _)| i);
        match next {
            Some(next) if last(text, 40).len() >= text.len() - next => start = next,
            _ => return start,
        }
    }
}

/// The number of companies, sites or units a scope names.
fn entities(scope: &str) -> Option<u64> {
    let units = [
        "社",
        "拠点",
        "事業所",
        "工場",
        "部門",
        "組織",
        "サイト",
        "センター",
        "支社",
        "支店",
        "本部",
        "法人",
        "隻",
        "店",
    ];
    let mut rest = scope;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let tail = rest.get(at..).unwrap_or("");
        let end = tail
            .find(|c: char| !(c.is_ascii_digit() || c == ','))
            .unwrap_or(tail.len());
        let (digits, after) = tail.split_at(end);
        if units.iter().any(|u| after.starts_with(u)) {
            return number::read(digits).map(|n| n as u64);
        }
        rest = after;
    }
    None
}

fn memberships(rules: &Rules, sentence: Sentence<'_>, found: &mut Vec<Found>) {
    let own = &rules.membership;
    let mut taken: Vec<Range<usize>> = Vec::new();
    for body in &own.bodies {
        for captures in body.words.captures_iter(sentence.text) {
            let Some(whole) = captures.get(0) else { continue };
            // A name of the list hides the same characters as part of a longer one: the first in the file wins.
            let overlaps = taken
                .iter()
                .any(|t| t.start < whole.end() && whole.start() < t.end);
            if overlaps || !stands_alone(sentence.text, &whole.range()) {
                continue;
            }
            taken.push(whole.range());
            let around = Around::of(rules, sentence.text, &whole.range());
            let Some(reach) = joined(rules, &around) else {
                continue;
            };
            let printed = captures.iter().skip(1).flatten().next().unwrap_or(whole).as_str();
            let name = if body.name.is_empty() { printed } else { &body.name };
            let bytes = sentence.at + whole.start()..sentence.at + whole.end() + reach;
            found.push(Found::new(FactKind::Membership, name, bytes));
        }
    }
}

/// Latin names must be whole words: NCA is not in FINANCA.
fn stands_alone(text: &str, name: &Range<usize>) -> bool {
    let inner = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let (before, after) = (
        text.get(..name.start).and_then(|t| t.chars().next_back()),
        text.get(name.end..).and_then(|t| t.chars().next()),
    );
    let (first, final_) = (
        text.get(name.clone()).and_then(|t| t.chars().next()),
        text.get(name.clone()).and_then(|t| t.chars().next_back()),
    );
    !(inner(first) && inner(before) || inner(final_) && inner(after))
}

/// How far behind the name the text reaches that says the company belongs to it.
fn joined(rules: &Rules, around: &Around<'_>) -> Option<usize> {
    let own = &rules.membership;
    if around.is_not_so(rules) {
        return None;
    }
    let verb = own.verbs.find(around.clause)?;
    let between = around.clause.get(..verb.start())?;
    if between.chars().count() > own.distance {
        return None;
    }
    let told = up_to_verb(around.after, verb.end());
    let is_plain_future = own.future.is_match(told)
        && !rules.stance.habit.is_match(around.before)
        && !rules.stance.habit.is_match(told);
    (!own.against.is_match(told) && !is_plain_future).then_some(verb.end())
}

fn teams(rules: &Rules, sentence: Sentence<'_>, found: &mut Vec<Found>) {
    let own = &rules.csirt;
    let foreign: Vec<_> = own.not.find_iter(sentence.text).map(|m| m.range()).collect();
    for word in own.word.find_iter(sentence.text) {
        let is_foreign = foreign
            .iter()
            .any(|f| f.start <= word.start() && word.end() <= f.end);
        if is_foreign || !ends_word(sentence.text, word.end()) {
            continue;
        }
        let around = Around::of(rules, sentence.text, &word.range());
        let near = head(around.after, 30);
        if around.is_not_so(rules) || own.against.is_match(near) {
            continue;
        }
        let before = sentence.text.get(..word.start()).unwrap_or("");
        let start = team_start(&own.common, before, word.as_str());
        // A name of its own is there because the team is; the bare word must be said to be.
        if start == word.start() && !own.own.is_match(near) {
            continue;
        }
        let name = sentence.text.get(start..word.end()).unwrap_or("");
        let bytes = sentence.at + start..sentence.at + word.end();
        found.push(Found::new(FactKind::Csirt, name, bytes));
    }
}

fn ends_word(text: &str, at: usize) -> bool {
    !text
        .get(at..)
        .and_then(|t| t.chars().next())
        .is_some_and(|c| c.is_ascii_alphanumeric() || c == '/')
}

/// Where the name of a team begins that ends in `word`, which stands behind `before`: at the word itself if only a
/// common word stands before it.
fn team_start(common: &[String], before: &str, word: &str) -> usize {
    let bare = before.len();
    let latin = |c: char| c.is_ascii_alphanumeric() || matches!(c, '&' | '-' | '.');
    let katakana = |c: char| matches!(c, 'ァ'..='ヺ' | 'ー' | '・');
    let run = |of: &dyn Fn(char) -> bool, text: &str| {
        let found = text.char_indices().rev().take_while(|(_, c)| of(*c)).last();
        found.map_or(text.len(), |(i, _)| i)
    };
    let mut start = run(&latin, before);
    // "7&i SIRT": one Latin word before a space, where the word before is Latin.
    if let Some(space) = before.strip_suffix(' ').filter(|_| start == bare) {
        let from = run(&latin, space);
        let has_letter = space
            .get(from..)
            .is_some_and(|w| w.contains(|c: char| c.is_ascii_alphabetic()));
        start = if has_letter { from } else { start };
    }
    if start == bare || before.get(start..).is_some_and(|p| p.starts_with('-')) {
        let stem = before.get(..start).unwrap_or("");
        let kanji = |c: char| matches!(c, '一'..='鿿' | '々');
        start = [&katakana as &dyn Fn(char) -> bool, &kanji]
            .iter()
            .map(|of| run(*of, stem))
            .min()
            .unwrap_or(start);
        if start == stem.len() {
            start = hiragana_start(stem).unwrap_or(bare);
        }
    }
    let prefix = before.get(start..).unwrap_or("").trim_end_matches('-');
    let is_common = prefix.is_empty()
        || common.iter().any(|w| prefix.ends_with(w.as_str()))
        || (prefix.len() == 1 && !before.ends_with('-') && !word.contains('-'))
        || prefix.chars().all(|c| c.is_ascii_digit())
        || word == "シーサート" && !before.ends_with('-');
    if is_common { bare } else { start }
}

/// A name in hiragana is one only behind a border: particles look the same.
fn hiragana_start(text: &str) -> Option<usize> {
    let start = text
        .char_indices()
        .rev()
        .take_while(|(_, c)| matches!(c, 'ぁ'..='ゖ'))
        .last()?
        .0;
    let border = text.get(..start)?.chars().next_back();
    let is_name = text.get(start..)?.chars().count() >= 3
        && border.is_none_or(|c| matches!(c, '「' | '『' | '(' | '、' | ' ' | '\t' | '・'));
    is_name.then_some(start)
}

fn officers(rules: &Rules, sentence: Sentence<'_>, found: &mut Vec<Found>) {
    let own = &rules.officer;
    let mut taken: Vec<Range<usize>> = Vec::new();
    for (title, held) in own.titles.iter().zip(&own.held) {
        for word in title.words.find_iter(sentence.text) {
            let overlaps = taken.iter().any(|t| t.start < word.end() && word.start() < t.end);
            if overlaps || !stands_alone(sentence.text, &word.range()) {
                continue;
            }
            taken.push(word.range());
            let around = Around::of(rules, sentence.text, &word.range());
            let is_against = own.against.is_match(head(around.after, 24));
            if around.is_not_so(rules) || is_against || own.theirs.is_match(around.before) {
                continue;
            }
            let bytes = sentence.at + word.start()..sentence.at + word.end();
            let mut fact = Found::new(FactKind::Officer, title.name.clone(), bytes);
            let holder = held.iter().find_map(|order| {
                let captures = order.captures_iter(sentence.text).find(|c| {
                    c.get(0)
                        .is_some_and(|m| m.start() <= word.start() && word.end() <= m.end())
                })?;
                // 最高情報責任者(CIO): the same title again, nobody who holds it.
                let in_brackets =
                    |h: &regex::Match<'_>| sentence.text.get(..h.start()).is_some_and(|t| t.ends_with('('));
                captures
                    .name("holder")
                    .filter(|h| !(in_brackets(h) && h.as_str().is_ascii()))
            });
            if let Some(holder) = holder {
                let text = holder.as_str();
                let start = name_start(text, 30);
                fact.fact.holder = text.get(start..).unwrap_or(text).to_owned();
            }
            found.push(fact);
        }
    }
}
