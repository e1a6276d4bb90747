//! Word lists → sets of literals and base forms, in every spelling.

use std::collections::HashMap;

use aho_corasick::AhoCorasick;

use super::super::file::{File, content_start};
use super::super::{Use, syntax};
use super::Compiler;
use crate::normalize::normalize;

/// An entry of a word list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    Literal(String),
    Except(String),
    Base(String),
    List(String),
}
impl Compiler<'_> {
    /// Reads the entries of every list, then makes a set of each.
    pub(super) fn lists(&mut self, file: &File, read: &dyn Fn(&str) -> std::io::Result<String>) {
        for (name, value) in &file.words {
            let start = content_start(self.text, value);
            let entries = self.entry_list(value.get_ref(), start, true);
            self.entries.insert(name.clone(), entries);
        }
        for (name, path) in &file.word_files {
            let at = path.span().start;
            match read(path.get_ref()) {
                Ok(words) => {
                    let entries = self.entry_list(&words, at, false);
                    if self.entries.insert(name.clone(), entries).is_some() {
                        self.wrong(at, format!("the word list '{name}' is already under [words]"));
                    }
                }
                Err(e) => self.wrong(at, format!("{}: {e}", path.get_ref())),
            }
        }
        let names: Vec<String> = self.entries.keys().cloned().collect();
        for name in names {
            let set = self.set(&format!("@{name}"));
            self.fill(set, &name, &mut Vec::new());
        }
    }

    /// Splits a list at white space. `#` begins a comment, `-` takes away, `<…>` is a base form, `@…` another list,
    /// `_` stands for a space.
    fn entry_list(&mut self, words: &str, start: usize, placed: bool) -> Vec<(Entry, usize)> {
        let mut entries = Vec::new();
        let mut line_start = 0;
        for line in words.split_inclusive('\n') {
            let code = line.split('#').next().unwrap_or("");
            let mut from = 0;
            for word in code.split_whitespace() {
                let at_in_line = code
                    .get(from..)
                    .and_then(|r| r.find(word))
                    .map_or(from, |i| i + from);
                from = at_in_line + word.len();
                let at = if placed {
                    start + line_start + at_in_line
                } else {
                    start
                };
                if let Some(entry) = self.entry(word, at) {
                    entries.push((entry, at));
                }
            }
            line_start += line.len();
        }
        entries
    }

    fn entry(&mut self, word: &str, at: usize) -> Option<Entry> {
        if let Some(name) = word.strip_prefix('@') {
            return Some(Entry::List(name.to_owned()));
        }
        if let Some(base) = word.strip_prefix('<') {
            return match base.strip_suffix('>') {
                Some(base) if !base.is_empty() => Some(Entry::Base(normalize(base).text)),
                _ => {
                    self.wrong(at, format!("'{word}': a base form is written <…>"));
                    None
                }
            };
        }
        let literal = |w: &str| normalize(&w.replace('_', " ")).text;
        match word.strip_prefix('-') {
            Some("") => None,
            Some(w) => Some(Entry::Except(literal(w))),
            None => Some(Entry::Literal(literal(word))),
        }
    }

    pub(super) fn set(&mut self, name: &str) -> usize {
        if let Some(set) = self.by_name.get(name) {
            return *set;
        }
        let set = self.sets.len();
        self.sets.push(name.to_owned());
        self.by_name.insert(name.to_owned(), set);
        set
    }

    /// Puts the entries of a list, and of the lists it names, into a set.
    fn fill(&mut self, set: usize, name: &str, path: &mut Vec<String>) {
        let entries = self.entries.get(name).cloned().unwrap_or_default();
        path.push(name.to_owned());
        for (entry, at) in entries {
            match entry {
                Entry::Literal(w) => self.literal(set, &w, false),
                Entry::Except(w) => self.literal(set, &w, true),
                Entry::Base(w) => self.base(set, &w),
                Entry::List(other) if path.contains(&other) => {
                    self.wrong(at, format!("the word list '{other}' contains itself"));
                }
                Entry::List(other) if self.entries.contains_key(&other) => self.fill(set, &other, path),
                Entry::List(other) => {
                    let message =
                        syntax::unknown("word list", &other, self.entries.keys().map(String::as_str));
                    self.wrong(at, message);
                }
            }
        }
        path.pop();
    }

    pub(super) fn literal(&mut self, set: usize, word: &str, except: bool) {
        for spelling in self.variants.spellings(word) {
            let uses = self.literals.entry(spelling).or_default();
            let this = if except { Use::Except(set) } else { Use::In(set) };
            if !uses.contains(&this) {
                uses.push(this);
            }
        }
    }

    /// `<監査する>` also is 監査を行う: the noun where it is used as a predicate. `<定める>` is the verb.
    pub(super) fn base(&mut self, set: usize, word: &str) {
        let add = |map: &mut HashMap<String, Vec<usize>>, key: &str| {
            let sets = map.entry(key.to_owned()).or_default();
            if !sets.contains(&set) {
                sets.push(set);
            }
        };
        for spelling in self.variants.spellings(word) {
            match spelling.strip_suffix("する") {
                Some(noun) if !noun.is_empty() => {
                    add(&mut self.verbals, noun);
                    add(&mut self.bases, &spelling);
                }
                _ => add(&mut self.bases, &spelling),
            }
        }
    }
}

/// Groups of spellings that stand for each other.
pub(super) struct Variants {
    groups: Vec<Vec<String>>,
    /// Any of them: most words have none.
    any: Option<AhoCorasick>,
}

impl Variants {
    pub(super) fn new(groups: &[Vec<String>]) -> Self {
        let normal = |group: &Vec<String>| group.iter().map(|w| normalize(w).text).collect();
        let groups: Vec<Vec<String>> = groups.iter().map(normal).collect();
        let any = AhoCorasick::new(groups.iter().flatten()).ok();
        Self { groups, any }
    }

    /// Every spelling of a word: by the groups of the scheme, and with or without the long mark at the end of a katakana
    /// word of four letters or more (セキュリティー, サーバ), which Japanese leaves to the writer.
    fn spellings(&self, word: &str) -> Vec<String> {
        let mut found = vec![word.to_owned()];
        if self.any.as_ref().is_none_or(|any| any.is_match(word)) {
            for group in &self.groups {
                spell_by(group, &mut found);
            }
        }
        for i in 0..found.len() {
            if let Some(variant) = found.get(i).and_then(|w| other_long_mark(w)) {
                found.push(variant);
            }
        }
        found
    }
}

/// Adds the words with the other spellings of a group.
fn spell_by(group: &[String], found: &mut Vec<String>) {
    for i in 0..found.len() {
        // The longest spelling that occurs: 取り組み before 取組.
        let hit = found.get(i).and_then(|current| {
            let within = group.iter().filter(|w| current.contains(w.as_str()));
            Some((current.clone(), within.max_by_key(|w| w.len())?))
        });
        let Some((current, hit)) = hit else { continue };
        for other in group.iter().filter(|w| *w != hit) {
            let variant = current.replace(hit.as_str(), other);
            if !found.contains(&variant) {
                found.push(variant);
            }
        }
    }
}

/// The word with the long mark of its katakana words added or taken away.
fn other_long_mark(word: &str) -> Option<String> {
    let katakana = |c: char| matches!(c, 'ァ'..='ヺ' | 'ー');
    let mut out = String::new();
    let mut run: Vec<char> = Vec::new();
    let flush = |run: &mut Vec<char>, out: &mut String| {
        match run.last() {
            Some('ー') if run.len() >= 4 => drop(run.pop()),
            Some(
                'ィ' | 'タ' | 'バ' | 'ダ' | 'ザ' | 'ラ' | 'ナ' | 'リ' | 'シ' | 'ガ' | 'カ' | 'マ' | 'ア'
                | 'ヤ' | 'ャ',
            ) if run.len() >= 3 => {
                run.push('ー');
            }
            _ => {}
        }
        out.extend(run.drain(..));
    };
    for c in word.chars() {
        if katakana(c) {
            run.push(c);
        } else {
            flush(&mut run, &mut out);
            out.push(c);
        }
    }
    flush(&mut run, &mut out);
    (out != word).then_some(out)
}
