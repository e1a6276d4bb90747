//! File → [`Scheme`]: names resolved, words gathered, everything wrong reported at once.

mod automaton;
mod needles;
mod triggers;
mod words;

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use regex::Regex;
use toml::Spanned;

use words::{Entry, Variants};

use super::file::{self, CodeTable, File, RuleTable, content_start};
use super::syntax::{self, Ast, Atom};
use super::{Code, Expr, Facet, Named, Problem, Rule, Scheme, Scope, Use, Weights};
use crate::normalize::normalize;
use crate::tokenize::{Pos, Sub};

/// Compiles a scheme; see [`Scheme::parse`].
pub(crate) fn compile(
    text: &str,
    read: &dyn Fn(&str) -> std::io::Result<String>,
) -> Result<Scheme, Vec<Problem>> {
    let file = file::read(text)?;
    let mut c = Compiler::new(text, &file);
    c.lists(&file, read);
    let named = c.named(&file);
    let scope = c.scope(&file, &named);
    let codes: Vec<Code> = file.code.iter().map(|code| c.code(code, &named)).collect();
    let gate = c.gate(&file);
    let weights = c.weights(&file, read);
    match c.finish() {
        Ok(lexicon) => Ok(Scheme {
            triggers: triggers::triggers(&codes, &named, &lexicon),
            id: file.scheme.id,
            ja: file.scheme.ja,
            en: file.scheme.en,
            codes,
            scope: Scope { gate, ..scope },
            named,
            lexicon,
            weights,
        }),
        Err(problems) => Err(problems),
    }
}

/// What has been gathered so far.
struct Compiler<'a> {
    text: &'a str,
    problems: Vec<Problem>,
    variants: Variants,
    code_ids: Vec<String>,
    rule_ids: Vec<String>,
    /// Entries of the lists of the file, with where they stand.
    entries: BTreeMap<String, Vec<(Entry, usize)>>,
    sets: Vec<String>,
    by_name: HashMap<String, usize>,
    literals: BTreeMap<String, Vec<Use>>,
    bases: HashMap<String, Vec<usize>>,
    verbals: HashMap<String, Vec<usize>>,
    /// Patterns and the sets of their matches, with where they stand; compiled last, side by side.
    regexes: Vec<(String, usize, usize)>,
    /// Regular expressions that no literal can stand in for: tried on every text.
    untriggered: Vec<usize>,
    /// Regular expressions asked of headings, and of the passage before.
    heading_regexes: Vec<usize>,
    previous_regexes: Vec<usize>,
    parts: Vec<(Pos, Option<Sub>, usize)>,
}

impl<'a> Compiler<'a> {
    fn new(text: &'a str, file: &File) -> Self {
        Self {
            text,
            problems: Vec::new(),
            variants: Variants::new(&file.scheme.variants),
            code_ids: file.code.iter().map(|c| c.id.get_ref().clone()).collect(),
            rule_ids: file.rules.keys().cloned().collect(),
            entries: BTreeMap::new(),
            sets: Vec::new(),
            by_name: HashMap::new(),
            literals: BTreeMap::new(),
            bases: HashMap::new(),
            verbals: HashMap::new(),
            regexes: Vec::new(),
            untriggered: Vec::new(),
            heading_regexes: Vec::new(),
            previous_regexes: Vec::new(),
            parts: Vec::new(),
        }
    }

    fn wrong(&mut self, at: usize, message: impl Into<String>) {
        self.problems.push(file::problem(self.text, at, message.into()));
    }

    /// Reads the learned weights, if the scheme names any.
    fn weights(&mut self, file: &File, read: &dyn Fn(&str) -> std::io::Result<String>) -> Option<Weights> {
        let path = file.scheme.weights.as_ref()?;
        let (name, at) = (path.get_ref(), path.span().start);
        let codes: Vec<&str> = file.code.iter().map(|c| c.id.get_ref().as_str()).collect();
        let weights = read(name)
            .map_err(|e| format!("{name}: {e}"))
            .and_then(|text| Weights::read(&text, &codes).map_err(|(line, e)| format!("{name}:{line}: {e}")));
        match weights {
            Ok(weights) => Some(weights),
            Err(message) => {
                self.wrong(at, message);
                None
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
            Ast::Heading(e, _) => {
                let inner = self.resolve(*e, start, true);
                let asked = self.regexes_of(&inner);
                self.heading_regexes.extend(asked);
                Expr::Heading(Box::new(inner))
            }
            Ast::Previous(e, _) => {
                let inner = self.resolve(*e, start, true);
                let asked = self.regexes_of(&inner);
                self.previous_regexes.extend(asked);
                Expr::Previous(Box::new(inner))
            }
            Ast::Count(e, compare, n) => Expr::Count(deep(self, e), compare, n),
            Ast::Length(compare, n) => Expr::Length(compare, n),
            Ast::Has(id, at) => Expr::Has(self.code_index(&id, start + at)),
            Ast::Variable(variable, values) => Expr::Variable(variable, values),
            Ast::Year(compare, n) => Expr::Year(compare, n),
            Ast::Item => Expr::Item,
        }
    }

    /// The regular expressions of a condition, without those of the rules it names: a named rule asked of a heading
    /// is asked with all of them.
    fn regexes_of(&self, expr: &Expr) -> Vec<usize> {
        match expr {
            Expr::Set(set, _) => self
                .regexes
                .iter()
                .position(|(_, s, _)| s == set)
                .into_iter()
                .collect(),
            Expr::Named(_) => (0..self.regexes.len()).collect(),
            Expr::And(all) | Expr::Or(all) => all.iter().flat_map(|e| self.regexes_of(e)).collect(),
            Expr::Not(e) | Expr::Within(_, e) | Expr::Count(e, ..) => self.regexes_of(e),
            Expr::Near { left, right, .. } | Expr::Link(_, left, right) => {
                let mut both = self.regexes_of(left);
                both.extend(self.regexes_of(right));
                both
            }
            _ => Vec::new(),
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
        self.triggers(pattern, self.regexes.len());
        self.regexes.push((pattern.to_owned(), set, at));
        set
    }

    /// Lets the literals that every match of a regular expression contains call it up.
    fn triggers(&mut self, pattern: &str, index: usize) {
        match needles::needles(pattern) {
            Some(needles) => {
                for needle in needles {
                    self.literals.entry(needle).or_default().push(Use::Calls(index));
                }
            }
            None => self.untriggered.push(index),
        }
    }

    /// Compiles the regular expressions: a third of the time a scheme takes.
    fn compiled(&mut self) -> Vec<(Regex, usize)> {
        let regexes = std::mem::take(&mut self.regexes);
        let compiled: Vec<_> = regexes.par_iter().map(|(p, ..)| Regex::new(p)).collect();
        let mut found = Vec::with_capacity(regexes.len());
        for ((_, set, at), regex) in regexes.iter().zip(compiled) {
            match regex {
                Ok(regex) => found.push((regex, *set)),
                Err(e) => {
                    let message = e.to_string();
                    let last = message.lines().last().unwrap_or("").trim_start_matches("error: ");
                    self.wrong(*at, format!("regular expression: {last}"));
                }
            }
        }
        found
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
        let ids = std::iter::once(&id).chain(table.facet.iter().map(|f| &f.id));
        for unfit in ids.filter(|id| !is_id(id)) {
            let message =
                format!("'{unfit}' cannot be an id, since ids stand in lists: letters, figures, - _ . only");
            self.wrong(table.id.span().start, message);
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
            is_final: table.is_final,
        }
    }
}

/// Ids of codes and facets stand in cells as lists, and as columns: no blanks, no marks that part or begin anything.
fn is_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_alphanumeric() || c == '_')
        && id
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
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
