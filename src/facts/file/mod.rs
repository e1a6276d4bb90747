//! `dictionaries/facts.toml`: the names and patterns of facts, compiled.

mod compile;
mod table;

use regex::Regex;

use compile::Compiler;

/// One thing that is wrong in the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Line from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

/// Everything that is wrong in the file, at once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.problems.iter().map(|p| format!("{}:{}: {}", self.file, p.line, p.message)).collect::<Vec<_>>().join("\n"))]
pub struct FactsError {
    /// The file as it was named.
    pub file: String,
    /// At least one, in order of lines.
    pub problems: Vec<Problem>,
}

/// A name and its spellings.
#[derive(Debug)]
pub(super) struct Name {
    /// Empty: the name is what was found.
    pub name: String,
    pub words: Regex,
    pub also: Option<Regex>,
}

/// What is counted or measured.
#[derive(Debug)]
pub(super) struct Measure {
    pub name: String,
    pub units: Vec<String>,
    /// Ends where the text does.
    pub ends: Regex,
    /// Stands anywhere in the text.
    pub within: Regex,
    /// Behind the number without の; its first group, if it has one, is what is measured.
    pub after: Option<Regex>,
    /// What must stand behind the number when the name stands before it.
    pub followed: Option<Regex>,
}

/// How a sentence stands to what it names.
#[derive(Debug)]
pub(super) struct Stance {
    pub later: Regex,
    pub others: Regex,
    pub ended: Regex,
    pub duty: Regex,
    pub habit: Regex,
    pub clause: Regex,
    /// At its end a text is not at the end of a clause, whatever `clause` says.
    pub joints: Regex,
}

/// The file, compiled.
#[derive(Debug)]
pub(super) struct Rules {
    pub stance: Stance,
    pub certification: Certification,
    pub membership: Membership,
    pub csirt: Csirt,
    pub officer: Officer,
    pub figure: Figure,
}

#[derive(Debug)]
pub(super) struct Certification {
    pub verbs: Regex,
    pub against: Regex,
    pub future: Regex,
    pub headings: Regex,
    pub labels: Regex,
    pub aliases: Regex,
    pub scope: Regex,
    /// All of a scope is one that says nothing without the clause before it.
    pub bare_scope: Regex,
    pub kinds: Vec<Name>,
}

#[derive(Debug)]
pub(super) struct Membership {
    pub verbs: Regex,
    pub against: Regex,
    pub future: Regex,
    pub distance: usize,
    pub bodies: Vec<Name>,
}

#[derive(Debug)]
pub(super) struct Csirt {
    pub word: Regex,
    pub not: Regex,
    pub common: Vec<String>,
    pub own: Regex,
    pub against: Regex,
}

#[derive(Debug)]
pub(super) struct Officer {
    pub against: Regex,
    /// A text ends in whose officer it is, when it is not the company's.
    pub theirs: Regex,
    pub titles: Vec<Name>,
    /// By title: the orders in which holder and title stand.
    pub held: Vec<Vec<Regex>>,
}

#[derive(Debug)]
pub(super) struct Figure {
    /// A number and one of the units.
    pub number: Regex,
    /// All of a text is link.
    pub link: Regex,
    /// All of a text is chain.
    pub chain: Regex,
    pub target: Regex,
    pub planned: Regex,
    pub expected: Regex,
    /// Units for which any first cell names a row.
    pub rows: Vec<String>,
    pub told_of: Regex,
    /// All of a name is one that says nothing without the clause before it.
    pub relative: Regex,
    /// Behind the number: it is aimed at.
    pub aimed: Regex,
    /// Behind the number: it counts nothing.
    pub no_count: Regex,
    /// Behind the number: there is none.
    pub none: Regex,
    /// Behind the number: it is how many more.
    pub more: Regex,
    /// Behind the number: it is how many fewer.
    pub less: Regex,
    /// At the beginning of a name and no part of it.
    pub bullet: Regex,
    /// Behind a word: it is what is done.
    pub done: Regex,
    /// A text ends in what makes times a frequency: 年2回.
    pub often: Regex,
    pub places: Vec<String>,
    pub vague: Vec<String>,
    pub not: Regex,
    pub elsewhere: Regex,
    pub context: Regex,
    pub measures: Vec<Measure>,
}

impl Measure {
    /// Whether it is told in this unit.
    pub fn has_unit(&self, unit: &str) -> bool {
        self.units.iter().any(|u| u == unit)
    }
}

impl Figure {
    /// Whether a name says nothing by itself.
    pub fn is_vague(&self, name: &str) -> bool {
        self.vague.iter().any(|v| v == name)
    }
}

impl Stance {
    /// Where the clauses end that end before their sentence does: bytes, ascending.
    pub fn breaks<'a>(&'a self, text: &'a str) -> impl Iterator<Item = usize> + 'a {
        let ends = self.clause.find_iter(text).map(|m| m.end());
        ends.filter(|end| !text.get(..*end).is_some_and(|t| self.joints.is_match(t)))
    }
}

impl Rules {
    /// Compiles the file; everything wrong at once.
    pub fn parse(text: &str, file: &str) -> Result<Self, FactsError> {
        let mut c = Compiler {
            text,
            problems: Vec::new(),
        };
        let table: table::File = toml::from_str(text).map_err(|e| {
            let line = c.line(e.span().map_or(0, |s| s.start));
            let message = e.message().to_owned();
            FactsError {
                file: file.to_owned(),
                problems: vec![Problem { line, message }],
            }
        })?;
        let rules = Self {
            stance: Stance {
                later: c.any(&table.stance.later),
                others: c.any(&table.stance.others),
                ended: c.any(&table.stance.ended),
                duty: c.any(&table.stance.duty),
                habit: c.any(&table.stance.habit),
                clause: c.any(&table.stance.clause),
                joints: c.many(&table.stance.joints, |p| format!("(?:{p})$")),
            },
            certification: Certification {
                verbs: c.any(&table.certification.verbs),
                against: c.any(&table.certification.against),
                future: c.any(&table.certification.future),
                headings: c.any(&table.certification.headings),
                labels: c.any(&table.certification.labels),
                aliases: c.any(&table.certification.aliases),
                scope: c.one(&table.certification.scope_end, |p| format!("(?:{p})$")),
                bare_scope: c.one(&table.certification.bare_scope, |p| format!("^(?:{p})$")),
                kinds: c.names(&table.certification.kind),
            },
            membership: Membership {
                verbs: c.any(&table.membership.verbs),
                against: c.any(&table.membership.against),
                future: c.any(&table.membership.future),
                distance: table.membership.distance,
                bodies: c.names(&table.membership.body),
            },
            csirt: Csirt {
                word: c.one(&table.csirt.word, |p| format!("(?:{p})")),
                not: c.any(&table.csirt.not),
                common: table.csirt.common.clone(),
                own: c.any(&table.csirt.own),
                against: c.any(&table.csirt.against),
            },
            officer: c.officer(&table.officer),
            figure: c.figure(&table.figure),
        };
        let mut problems = c.problems;
        problems.sort();
        problems.dedup();
        if problems.is_empty() {
            Ok(rules)
        } else {
            let file = file.to_owned();
            Err(FactsError { file, problems })
        }
    }
}
