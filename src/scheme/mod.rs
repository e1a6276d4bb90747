//! A coding scheme: a TOML file that a researcher edits, compiled once and shared.
//!
//! The file is described in `docs/schemes.md`. [`file`] reads it, [`syntax`] parses its conditions, [`compile`]
//! resolves names and gathers every word of every list into one automaton.

pub mod compile;
pub mod file;
mod hash;
pub mod import;
pub mod syntax;
mod weights;

use std::collections::HashMap;
use std::fmt;

use aho_corasick::AhoCorasick;
use regex::Regex;

use syntax::{Compare, Filter, Link, Unit, Variable};

pub(crate) use hash::Hash;
pub(crate) use weights::{Family, Weights, write as write_weights};

/// A compiled scheme.
#[derive(Debug)]
pub struct Scheme {
    /// Short name, e.g. `disclosure10`.
    pub id: String,
    /// Japanese title.
    pub ja: String,
    /// English title.
    pub en: String,
    /// The codes in the order of the file.
    pub codes: Vec<Code>,
    pub(crate) scope: Scope,
    pub(crate) named: Vec<Named>,
    pub(crate) lexicon: Lexicon,
    pub(crate) triggers: Triggers,
    /// Learned weights that decide together with the rules.
    pub(crate) weights: Option<Weights>,
}

/// Which rules of the codes are worth trying, by what a passage contains.
#[derive(Debug)]
pub(crate) struct Triggers {
    /// Set → rules, numbered through all codes.
    pub by_set: Vec<Vec<usize>>,
    /// Rules that may hold without any word.
    pub always: Vec<usize>,
    /// Number of rules.
    pub rules: usize,
}

/// A category of the scheme.
#[derive(Debug)]
pub struct Code {
    /// E.g. `C01`.
    pub id: String,
    /// Japanese label.
    pub ja: String,
    /// English label.
    pub en: String,
    /// Second level below the code.
    pub facets: Vec<Facet>,
    /// The sum of weights from which on the code is given.
    pub(crate) threshold: f64,
    pub(crate) rules: Vec<Rule>,
    pub(crate) unless: Option<Expr>,
}

impl Code {
    /// How many rules give it.
    pub fn rule_count(&self) -> usize {
        self.rules.len()
    }
}

/// A facet below a code.
#[derive(Debug)]
pub struct Facet {
    /// Id below the code, e.g. `audit`; printed as `C06.audit`.
    pub id: String,
    /// Japanese label.
    pub ja: String,
    /// English label.
    pub en: String,
    /// Shown by this wherever its code is given, besides by the rules that name it.
    pub(crate) when: Option<Expr>,
}

/// What gives a code.
#[derive(Debug)]
pub(crate) struct Rule {
    /// Printed in evidence.
    pub id: String,
    pub when: Expr,
    pub unless: Option<Expr>,
    /// Facets it shows: indices into the code's.
    pub facets: Vec<usize>,
    pub weight: f64,
    /// Asks which codes were given, so it is tried after the others.
    pub late: bool,
    /// An exclusion that no learned weight overrules.
    pub is_final: bool,
}

/// The gate: what the scheme is about at all.
#[derive(Debug)]
pub(crate) struct Scope {
    /// Sets of which one must occur in the text, its headings or the passage before; empty: everything passes.
    pub gate: Option<AhoCorasick>,
    pub include: Vec<Rule>,
    pub exclude: Vec<Rule>,
}

/// A condition with a name, reused as `$name`.
#[derive(Debug)]
pub(crate) struct Named {
    pub name: String,
    pub expr: Expr,
}

/// Every word of the scheme.
#[derive(Debug)]
pub(crate) struct Lexicon {
    /// Names of the sets, for explaining.
    pub sets: Vec<String>,
    /// The sets that are named word lists, with the hashes of their names.
    pub lists: Vec<(usize, Hash)>,
    /// All literals of all lists.
    pub literals: AhoCorasick,
    /// For each literal: the sets it belongs to or is taken out of, and the regular expressions it calls up.
    pub uses: Vec<Vec<Use>>,
    /// Dictionary form → sets.
    pub bases: HashMap<String, Vec<usize>>,
    /// サ変 noun used as a predicate → sets.
    pub verbals: HashMap<String, Vec<usize>>,
    pub regexes: Vec<(Regex, usize)>,
    /// Those to be tried on every text.
    pub untriggered: Vec<usize>,
    /// By set: its regular expression, if it is one.
    pub regex_of: Vec<Option<usize>>,
    /// Regular expressions asked of headings.
    pub heading_regexes: Vec<usize>,
    /// The same for the passage before.
    pub previous_regexes: Vec<usize>,
    /// Part of speech → set.
    pub parts: Vec<(crate::tokenize::Pos, Option<crate::tokenize::Sub>, usize)>,
    /// By set: has members that only tokens show.
    pub tokenized: Vec<bool>,
}

/// What a literal is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// It is a member of the set.
    In(usize),
    /// It takes away the matches of the set that it covers.
    Except(usize),
    /// Without it this regular expression cannot match.
    Calls(usize),
}

/// A condition ready to be tried.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expr {
    Set(usize, Vec<(Filter, bool)>),
    Named(usize),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Near {
        left: Box<Expr>,
        right: Box<Expr>,
        distance: usize,
        ordered: bool,
    },
    Within(Unit, Box<Expr>),
    Link(Link, Box<Expr>, Box<Expr>),
    Heading(Box<Expr>),
    Previous(Box<Expr>),
    Count(Box<Expr>, Compare, usize),
    Length(Compare, usize),
    /// Index of a code; `None` for any.
    Has(Option<usize>),
    Variable(Variable, Vec<String>),
    Year(Compare, usize),
    Item,
}

impl Expr {
    /// Whether it, or a rule it names, asks for codes given so far.
    pub(crate) fn asks_codes(&self, named: &[Named]) -> bool {
        let ask = |e: &Expr| e.asks_codes(named);
        match self {
            Self::Has(_) => true,
            Self::Named(i) => named.get(*i).is_some_and(|n| ask(&n.expr)),
            Self::And(all) | Self::Or(all) => all.iter().any(ask),
            Self::Not(e) | Self::Within(_, e) | Self::Count(e, ..) => ask(e),
            Self::Near { left, right, .. } | Self::Link(_, left, right) => ask(left) || ask(right),
            _ => false,
        }
    }
}

/// One thing that is wrong in a scheme.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Line from 1.
    pub line: usize,
    /// Character of the line from 1.
    pub column: usize,
    /// What is wrong and what to write instead.
    pub message: String,
}

/// Everything that is wrong in a scheme, at once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct SchemeError {
    /// The file as it was named.
    pub file: String,
    /// At least one, in order of lines.
    pub problems: Vec<Problem>,
}

impl fmt::Display for SchemeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, p) in self.problems.iter().enumerate() {
            let end = if i == 0 { "" } else { "\n" };
            write!(f, "{end}{}:{}:{}: {}", self.file, p.line, p.column, p.message)?;
        }
        Ok(())
    }
}

impl Scheme {
    /// Compiles a scheme.
    ///
    /// # Arguments
    /// * `text` - the TOML file.
    /// * `file` - how errors name it.
    /// * `read` - reads a word list kept in a file of its own, by its path relative to the scheme.
    ///
    /// # Errors
    /// Everything that is wrong, with lines.
    pub fn parse(
        text: &str,
        file: &str,
        read: &dyn Fn(&str) -> std::io::Result<String>,
    ) -> Result<Self, SchemeError> {
        compile::compile(text, read).map_err(|mut problems| {
            problems.sort();
            problems.dedup();
            SchemeError {
                file: file.to_owned(),
                problems,
            }
        })
    }

    /// The ids of the codes as messages list them.
    pub(crate) fn code_ids(&self) -> String {
        let ids: Vec<&str> = self.codes.iter().map(|c| c.id.as_str()).collect();
        ids.join(", ")
    }

    /// The first of some labels that is no code of the scheme.
    pub(crate) fn stranger<'l>(&self, labels: &'l [String]) -> Option<&'l String> {
        labels.iter().find(|label| self.code(label).is_none())
    }

    /// The code with this id.
    pub fn code(&self, id: &str) -> Option<&Code> {
        self.codes.iter().find(|c| c.id == id)
    }
}
