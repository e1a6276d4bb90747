//! File → [`Scheme`]: names resolved, words gathered, everything wrong reported at once.

use std::collections::{BTreeMap, HashMap};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::Regex;
use toml::Spanned;

use super::file::{self, CodeTable, File, RuleTable, content_start};
use super::syntax::{self, Ast, Atom};
use super::{Code, Expr, Facet, Lexicon, Named, Problem, Rule, Scheme, Scope, Use};
use crate::normalize::normalize;
use crate::tokenize::{Pos, Sub};

/// Compiles a scheme; see [`Scheme::parse`].
pub(crate) fn compile(
    text: &str,
    read: &dyn Fn(&str) -> std::io::Result<String>,
) -> Result<Scheme, Vec<Problem>> {
    let file = file::read(text).map_err(|p| vec![p])?;
    let mut c = Compiler::new(text, &file);
    c.lists(&file, read);
    let named = c.named(&file);
    let scope = c.scope(&file, &named);
    let codes = file.code.iter().map(|code| c.code(code, &named)).collect();
    let gate = c.gate(&file);
    match c.finish() {
        Ok(lexicon) => Ok(Scheme {
            id: file.scheme.id,
            ja: file.scheme.ja,
            en: file.scheme.en,
            codes,
            scope: Scope { gate, ..scope },
            named,
            lexicon,
        }),
        Err(problems) => Err(problems),
    }
}

/// An entry of a word list.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    Literal(String),
    Except(String),
    Base(String),
    List(String),
}

struct Compiler<'a> {
    text: &'a str,
    problems: Vec<Problem>,
    variants: Vec<Vec<String>>,
    code_ids: Vec<String>,
    rule_ids: Vec<String>,
    /// Entries of the lists of the file, with where they stand.
    entries: BTreeMap<String, Vec<(Entry, usize)>>,
    sets: Vec<String>,
    by_name: HashMap<String, usize>,
    literals: BTreeMap<String, Vec<Use>>,
    bases: HashMap<String, Vec<usize>>,
    verbals: HashMap<String, Vec<usize>>,
    regexes: Vec<(Regex, usize)>,
    parts: Vec<(Pos, Option<Sub>, usize)>,
}

impl<'a> Compiler<'a> {
    fn new(text: &'a str, file: &File) -> Self {
        let mut variants: Vec<Vec<String>> = file.scheme.variants.clone();
        for group in &mut variants {
            for word in group.iter_mut() {
                *word = normalize(word).text;
            }
        }
        Self {
            text,
            problems: Vec::new(),
            variants,
            code_ids: file.code.iter().map(|c| c.id.get_ref().clone()).collect(),
            rule_ids: file.rules.keys().cloned().collect(),
            entries: BTreeMap::new(),
            sets: Vec::new(),
            by_name: HashMap::new(),
            literals: BTreeMap::new(),
            bases: HashMap::new(),
            verbals: HashMap::new(),
            regexes: Vec::new(),
            parts: Vec::new(),
        }
    }

    fn wrong(&mut self, at: usize, message: impl Into<String>) {
        self.problems.push(file::problem(self.text, at, message.into()));
    }

    /// Reads the entries of every list, then makes a set of each.
    fn lists(&mut self, file: &File, read: &dyn Fn(&str) -> std::io::Result<String>) {
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

    fn set(&mut self, name: &str) -> usize {
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

    fn literal(&mut self, set: usize, word: &str, except: bool) {
        for spelling in spellings(word, &self.variants) {
            let uses = self.literals.entry(spelling).or_default();
            let this = Use { set, except };
            if !uses.contains(&this) {
                uses.push(this);
            }
        }
    }

    /// `<監査する>` also is 監査を行う: the noun where it is used as a predicate. `<定める>` is the verb.
    fn base(&mut self, set: usize, word: &str) {
        let add = |map: &mut HashMap<String, Vec<usize>>, key: &str| {
            let sets = map.entry(key.to_owned()).or_default();
            if !sets.contains(&set) {
                sets.push(set);
            }
        };
        for spelling in spellings(word, &self.variants) {
            match spelling.strip_suffix("する") {
                Some(noun) if !noun.is_empty() => {
                    add(&mut self.verbals, noun);
                    add(&mut self.bases, &spelling);
                }
                _ => add(&mut self.bases, &spelling),
            }
        }
    }

    fn named(&mut self, file: &File) -> Vec<Named> {
        let mut named: Vec<Named> = Vec::new();
        for (name, value) in &file.rules {
            let expr = self.expression(value).unwrap_or(Expr::Or(Vec::new()));
            named.push(Named {
                name: name.clone(),
                expr,
            });
        }
        for (i, (name, value)) in file.rules.iter().enumerate() {
            if reaches(&named, i, i, &mut vec![false; named.len()]) {
                self.wrong(value.span().start, format!("the rule '{name}' asks for itself"));
            }
        }
        named
    }

    /// Parses and resolves an expression of the file.
    fn expression(&mut self, value: &Spanned<String>) -> Option<Expr> {
        let start = content_start(self.text, value);
        match syntax::parse(value.get_ref()) {
            Ok(ast) => Some(self.resolve(ast, start, false)),
            Err(e) => {
                self.wrong(start + e.at, e.message);
                None
            }
        }
    }

    /// `outside`: in a heading or the passage before, where there are words but no sentences.
    fn resolve(&mut self, ast: Ast, start: usize, outside: bool) -> Expr {
        let deep = |c: &mut Self, e: Box<Ast>| Box::new(c.resolve(*e, start, outside));
        match ast {
            Ast::Atom(atom, filters, at) => {
                if outside && (!filters.is_empty() || matches!(atom, Atom::Base(_) | Atom::Pos(_))) {
                    self.wrong(
                        start + at,
                        "headings and previous passages are searched for words and regular expressions only",
                    );
                }
                Expr::Set(self.atom(atom, start + at), filters)
            }
            Ast::Rule(name, at) => match self.rule_ids.iter().position(|n| *n == name) {
                Some(i) => Expr::Named(i),
                None => {
                    let message = syntax::unknown("rule", &name, self.rule_ids.iter().map(String::as_str));
                    self.wrong(start + at, message);
                    Expr::Or(Vec::new())
                }
            },
            Ast::And(all) => Expr::And(all.into_iter().map(|e| self.resolve(e, start, outside)).collect()),
            Ast::Or(all) => Expr::Or(all.into_iter().map(|e| self.resolve(e, start, outside)).collect()),
            Ast::Not(e) => Expr::Not(deep(self, e)),
            Ast::Near {
                left,
                right,
                distance,
                ordered,
            } => Expr::Near {
                left: deep(self, left),
                right: deep(self, right),
                distance,
                ordered,
            },
            Ast::Within(unit, e) => Expr::Within(unit, deep(self, e)),
            Ast::Link(link, noun, verb) => Expr::Link(link, deep(self, noun), deep(self, verb)),
            Ast::Heading(e, at) | Ast::Previous(e, at) if outside => {
                self.wrong(
                    start + at,
                    "heading(…) and previous(…) cannot stand inside each other",
                );
                *deep(self, e)
            }
            Ast::Heading(e, _) => Expr::Heading(Box::new(self.resolve(*e, start, true))),
            Ast::Previous(e, _) => Expr::Previous(Box::new(self.resolve(*e, start, true))),
            Ast::Count(e, compare, n) => Expr::Count(deep(self, e), compare, n),
            Ast::Length(compare, n) => Expr::Length(compare, n),
            Ast::Has(id, at) => Expr::Has(self.code_index(&id, start + at)),
            Ast::Variable(variable, values) => Expr::Variable(variable, values),
            Ast::Year(compare, n) => Expr::Year(compare, n),
            Ast::Item => Expr::Item,
        }
    }

    fn code_index(&mut self, id: &str, at: usize) -> Option<usize> {
        let found = self.code_ids.iter().position(|c| c == id);
        if found.is_none() && id != "any" {
            let message = syntax::unknown("code", id, self.code_ids.iter().map(String::as_str));
            self.wrong(at, message);
        }
        found
    }

    fn atom(&mut self, atom: Atom, at: usize) -> usize {
        match atom {
            Atom::List(name) => match self.by_name.get(&format!("@{name}")) {
                Some(set) => *set,
                None => {
                    let message =
                        syntax::unknown("word list", &name, self.entries.keys().map(String::as_str));
                    self.wrong(at, message);
                    0
                }
            },
            Atom::Literal(word) => {
                let set = self.set(&format!("\"{word}\""));
                let word = normalize(&word).text;
                self.literal(set, &word, false);
                set
            }
            Atom::Base(word) => {
                let set = self.set(&format!("<{word}>"));
                let word = normalize(&word).text;
                self.base(set, &word);
                set
            }
            Atom::Regex(pattern) => self.regex(&pattern, at),
            Atom::Pos(name) => self.part(&name, at),
        }
    }

    fn regex(&mut self, pattern: &str, at: usize) -> usize {
        let name = format!("/{pattern}/");
        if let Some(set) = self.by_name.get(&name) {
            return *set;
        }
        let set = self.set(&name);
        match Regex::new(pattern) {
            Ok(regex) => self.regexes.push((regex, set)),
            Err(e) => {
                let message = e.to_string();
                let last = message.lines().last().unwrap_or("").trim_start_matches("error: ");
                self.wrong(at, format!("regular expression: {last}"));
            }
        }
        set
    }

    fn part(&mut self, name: &str, at: usize) -> usize {
        let set = self.set(&format!("[{name}]"));
        let (pos, sub) = name.split_once('-').map_or((name, None), |(p, s)| (p, Some(s)));
        let known = Pos::NAMES.iter().map(|(n, _)| *n);
        if Pos::of(pos) == Pos::Other {
            self.wrong(at, syntax::unknown("part of speech", pos, known));
        } else if let Some(s) = sub.filter(|s| Sub::of(s) == Sub::Other) {
            self.wrong(
                at,
                syntax::unknown("part of speech", s, Sub::NAMES.iter().map(|(n, _)| *n)),
            );
        } else if !self.parts.iter().any(|(_, _, s)| *s == set) {
            self.parts.push((Pos::of(pos), sub.map(Sub::of), set));
        }
        set
    }

    fn scope(&mut self, file: &File, named: &[Named]) -> Scope {
        let include = file
            .scope
            .include
            .iter()
            .map(|r| self.rule(r, &[], named))
            .collect();
        let exclude = file
            .scope
            .exclude
            .iter()
            .map(|r| self.rule(r, &[], named))
            .collect();
        Scope {
            gate: None,
            include,
            exclude,
        }
    }

    fn code(&mut self, table: &CodeTable, named: &[Named]) -> Code {
        let id = table.id.get_ref().clone();
        if self.code_ids.iter().filter(|c| **c == id).count() > 1 {
            self.wrong(table.id.span().start, format!("the code '{id}' stands twice"));
        }
        let facets: Vec<Facet> = table
            .facet
            .iter()
            .map(|f| Facet {
                id: f.id.clone(),
                ja: f.ja.clone(),
                en: f.en.clone(),
                when: f.when.as_ref().and_then(|w| self.expression(w)),
            })
            .collect();
        let rules = table.rule.iter().map(|r| self.rule(r, &facets, named)).collect();
        let unless = table.unless.as_ref().and_then(|u| self.expression(u));
        Code {
            id,
            ja: table.ja.clone(),
            en: table.en.clone(),
            facets,
            threshold: table.threshold,
            rules,
            unless,
        }
    }

    fn rule(&mut self, table: &RuleTable, facets: &[Facet], named: &[Named]) -> Rule {
        let when = self.expression(&table.when).unwrap_or(Expr::Or(Vec::new()));
        let unless = table.unless.as_ref().and_then(|u| self.expression(u));
        let mut shown = Vec::new();
        if let Some(names) = &table.facet {
            for name in names.get_ref().split([' ', ',']).filter(|n| !n.is_empty()) {
                match facets.iter().position(|f| f.id == name) {
                    Some(i) => shown.push(i),
                    None => {
                        let message = syntax::unknown("facet", name, facets.iter().map(|f| f.id.as_str()));
                        self.wrong(names.span().start, message);
                    }
                }
            }
        }
        let late = when.asks_codes(named) || unless.as_ref().is_some_and(|u| u.asks_codes(named));
        Rule {
            id: table.id.get_ref().clone(),
            when,
            unless,
            facets: shown,
            weight: table.weight,
            late,
        }
    }

    /// The automaton of the gate: the literals of the lists it names, of every spelling.
    fn gate(&mut self, file: &File) -> Option<AhoCorasick> {
        let mut sets = Vec::new();
        for name in &file.scope.gate {
            match self.by_name.get(&format!("@{}", name.get_ref())) {
                Some(set) => sets.push(*set),
                None => {
                    let known = self.entries.keys().map(String::as_str);
                    let message = syntax::unknown("word list", name.get_ref(), known);
                    self.wrong(name.span().start, message);
                }
            }
        }
        if sets.is_empty() {
            return None;
        }
        let wanted = |uses: &Vec<Use>| uses.iter().any(|u| !u.except && sets.contains(&u.set));
        let words: Vec<&String> = self
            .literals
            .iter()
            .filter(|(_, u)| wanted(u))
            .map(|(w, _)| w)
            .collect();
        automaton(&words, MatchKind::LeftmostFirst).ok()
    }

    fn finish(mut self) -> Result<Lexicon, Vec<Problem>> {
        let words: Vec<&String> = self.literals.keys().collect();
        let literals = automaton(&words, MatchKind::Standard);
        let mut tokenized = vec![false; self.sets.len()];
        let by_base = self
            .bases
            .values()
            .chain(self.verbals.values())
            .flatten()
            .copied();
        for set in by_base.chain(self.parts.iter().map(|(_, _, s)| *s)) {
            if let Some(slot) = tokenized.get_mut(set) {
                *slot = true;
            }
        }
        match literals {
            Ok(literals) if self.problems.is_empty() => Ok(Lexicon {
                sets: self.sets,
                literals,
                uses: self.literals.into_values().collect(),
                bases: self.bases,
                verbals: self.verbals,
                regexes: self.regexes,
                parts: self.parts,
                tokenized,
            }),
            Ok(_) => Err(self.problems),
            Err(message) => {
                self.problems.push(Problem {
                    line: 1,
                    column: 1,
                    message,
                });
                Err(self.problems)
            }
        }
    }
}

fn automaton(words: &[&String], kind: MatchKind) -> Result<AhoCorasick, String> {
    AhoCorasick::builder()
        .match_kind(kind)
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .build(words)
        .map_err(|e| format!("too many words: {e}"))
}

/// Whether named rule `from` leads to `to`.
fn reaches(named: &[Named], from: usize, to: usize, seen: &mut Vec<bool>) -> bool {
    fn names(expr: &Expr, out: &mut Vec<usize>) {
        match expr {
            Expr::Named(i) => out.push(*i),
            Expr::And(all) | Expr::Or(all) => all.iter().for_each(|e| names(e, out)),
            Expr::Not(e) | Expr::Within(_, e) | Expr::Count(e, ..) | Expr::Heading(e) | Expr::Previous(e) => {
                names(e, out)
            }
            Expr::Near { left, right, .. } | Expr::Link(_, left, right) => {
                names(left, out);
                names(right, out);
            }
            _ => {}
        }
    }
    let mut next = Vec::new();
    if let Some(n) = named.get(from) {
        names(&n.expr, &mut next);
    }
    for i in next {
        if i == to {
            return true;
        }
        if let Some(mark) = seen.get_mut(i)
            && !std::mem::replace(mark, true)
            && reaches(named, i, to, seen)
        {
            return true;
        }
    }
    false
}

/// Every spelling of a word: by the groups of the scheme, and with or without the long mark at the end of a katakana
/// word of four letters or more (セキュリティー, サーバ), which Japanese leaves to the writer.
fn spellings(word: &str, groups: &[Vec<String>]) -> Vec<String> {
    let mut found = vec![word.to_owned()];
    for group in groups {
        for i in 0..found.len() {
            let Some(current) = found.get(i).cloned() else {
                continue;
            };
            // The longest spelling that occurs: 取り組み before 取組.
            let hit = group
                .iter()
                .filter(|w| current.contains(w.as_str()))
                .max_by_key(|w| w.len());
            if let Some(hit) = hit {
                for other in group.iter().filter(|w| *w != hit) {
                    let variant = current.replace(hit.as_str(), other);
                    if !found.contains(&variant) {
                        found.push(variant);
                    }
                }
            }
        }
    }
    for i in 0..found.len() {
        if let Some(variant) = found.get(i).and_then(|w| other_long_mark(w)) {
            found.push(variant);
        }
    }
    found
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
