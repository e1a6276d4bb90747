//! `dictionaries/facts.toml`: the names and patterns of facts, compiled.

use regex::Regex;
use serde::Deserialize;
use toml::Spanned;

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

type Pattern = Spanned<String>;
type Patterns = Vec<Pattern>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    stance: StanceTable,
    certification: CertificationTable,
    membership: MembershipTable,
    csirt: CsirtTable,
    officer: OfficerTable,
    figure: FigureTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StanceTable {
    later: Patterns,
    others: Patterns,
    ended: Patterns,
    duty: Patterns,
    habit: Patterns,
    clause: Patterns,
    joints: Patterns,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CertificationTable {
    verbs: Patterns,
    against: Patterns,
    future: Patterns,
    headings: Patterns,
    labels: Patterns,
    aliases: Patterns,
    scope_end: Pattern,
    kind: Vec<NameTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MembershipTable {
    verbs: Patterns,
    against: Patterns,
    future: Patterns,
    distance: usize,
    body: Vec<NameTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CsirtTable {
    word: Pattern,
    not: Patterns,
    common: Vec<String>,
    own: Patterns,
    against: Patterns,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfficerTable {
    against: Patterns,
    holder: Pattern,
    held: Patterns,
    title: Vec<NameTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FigureTable {
    link: Pattern,
    chain: Pattern,
    target: Patterns,
    planned: Patterns,
    expected: Patterns,
    rows: Vec<String>,
    told_of: Pattern,
    places: Vec<String>,
    vague: Vec<String>,
    not: Patterns,
    elsewhere: Patterns,
    context: Patterns,
    measure: Vec<MeasureTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NameTable {
    #[serde(default)]
    name: String,
    words: Patterns,
    #[serde(default)]
    also: Patterns,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MeasureTable {
    name: String,
    units: Vec<String>,
    words: Patterns,
    #[serde(default)]
    after: Patterns,
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
    /// Behind the number without の.
    pub after: Option<Regex>,
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
    pub places: Vec<String>,
    pub vague: Vec<String>,
    pub not: Regex,
    pub elsewhere: Regex,
    pub context: Regex,
    pub measures: Vec<Measure>,
}

impl Stance {
    /// Where the clauses end that end before their sentence does: bytes, ascending.
    pub fn breaks<'a>(&'a self, text: &'a str) -> impl Iterator<Item = usize> + 'a {
        let ends = self.clause.find_iter(text).map(|m| m.end());
        ends.filter(|end| !text.get(..*end).is_some_and(|t| self.joints.is_match(t)))
    }
}

/// Compiles patterns and keeps what is wrong.
struct Compiler<'a> {
    text: &'a str,
    problems: Vec<Problem>,
}

impl Compiler<'_> {
    fn line(&self, at: usize) -> usize {
        self.text.bytes().take(at).filter(|b| *b == b'\n').count() + 1
    }

    fn wrong(&mut self, at: usize, message: String) {
        let line = self.line(at);
        self.problems.push(Problem { line, message });
    }

    /// A pattern on its own, so that its error has its line; `shape` puts it where it belongs.
    fn one(&mut self, pattern: &Pattern, shape: impl Fn(&str) -> String) -> Regex {
        self.many(std::slice::from_ref(pattern), shape)
    }

    /// Alternatives as one expression.
    fn many(&mut self, patterns: &[Pattern], shape: impl Fn(&str) -> String) -> Regex {
        let mut sound: Vec<&str> = Vec::new();
        for pattern in patterns {
            match Regex::new(pattern.get_ref()) {
                Ok(_) => sound.push(pattern.get_ref()),
                Err(e) => {
                    let told = e.to_string();
                    let last = told.lines().last().unwrap_or("").trim_start_matches("error: ");
                    let message = format!("\"{}\" is no regular expression: {last}", pattern.get_ref());
                    self.wrong(pattern.span().start, message);
                }
            }
        }
        let joined = sound.join("|");
        match Regex::new(&shape(&joined)) {
            Ok(regex) => regex,
            Err(e) => {
                let at = patterns.first().map_or(0, |p| p.span().start);
                self.wrong(at, format!("these patterns together are too large: {e}"));
                never()
            }
        }
    }

    fn any(&mut self, patterns: &[Pattern]) -> Regex {
        if patterns.is_empty() {
            return never();
        }
        self.many(patterns, str::to_owned)
    }

    fn names(&mut self, tables: &[NameTable]) -> Vec<Name> {
        let names = tables.iter().map(|t| Name {
            name: t.name.clone(),
            words: self.any(&t.words),
            also: (!t.also.is_empty()).then(|| self.any(&t.also)),
        });
        names.collect()
    }

    fn officer(&mut self, table: &OfficerTable) -> Officer {
        let titles = self.names(&table.title);
        self.one(&table.holder, str::to_owned);
        let holder = format!("(?P<holder>{})", table.holder.get_ref());
        let mut held = Vec::new();
        for title in &titles {
            let words = format!("(?:{})(?:\\([^()]*\\))?", title.words.as_str());
            let orders = table.held.iter().filter_map(|pattern| {
                let order = pattern
                    .get_ref()
                    .replace("HOLDER", &holder)
                    .replace("TITLE", &words);
                Regex::new(&order)
                    .map_err(|e| {
                        let message = format!("\"{}\" is no regular expression: {e}", pattern.get_ref());
                        self.wrong(pattern.span().start, message);
                    })
                    .ok()
            });
            held.push(orders.collect());
        }
        Officer {
            against: self.any(&table.against),
            titles,
            held,
        }
    }

    fn figure(&mut self, table: &FigureTable) -> Figure {
        let mut units: Vec<&str> = table
            .measure
            .iter()
            .flat_map(|m| m.units.iter().map(String::as_str))
            .collect();
        // The longest first: か国 before か.
        units.sort_by_key(|u| (std::cmp::Reverse(u.chars().count()), *u));
        units.dedup();
        let units: Vec<String> = units.into_iter().map(regex::escape).collect();
        let number = format!(
            "(?P<number>\\d[\\d,]*(?:\\.\\d+)?(?:[十百千万億兆](?:\\d[\\d,]*(?:\\.\\d+)?)?)*)(?P<unit>{})",
            units.join("|")
        );
        let measures = table.measure.iter().map(|m| Measure {
            name: m.name.clone(),
            units: m.units.clone(),
            ends: self.many(&m.words, |p| format!("(?:{p})$")),
            within: self.any(&m.words),
            after: (!m.after.is_empty()).then(|| self.many(&m.after, |p| format!("^(?:{p})"))),
        });
        let measures = measures.collect();
        Figure {
            number: Regex::new(&number).unwrap_or_else(|_| never()),
            link: self.one(&table.link, |p| format!("^(?:{p})$")),
            chain: self.one(&table.chain, |p| format!("^(?:{p})$")),
            target: self.any(&table.target),
            planned: self.any(&table.planned),
            expected: self.any(&table.expected),
            rows: table.rows.clone(),
            told_of: self.one(&table.told_of, str::to_owned),
            places: table.places.clone(),
            vague: table.vague.clone(),
            not: self.any(&table.not),
            elsewhere: self.any(&table.elsewhere),
            context: self.any(&table.context),
            measures,
        }
    }
}

/// Matches nothing.
fn never() -> Regex {
    #[allow(clippy::unwrap_used, reason = "a constant")]
    Regex::new("[^\\s\\S]").unwrap()
}

impl Rules {
    /// Compiles the file; everything wrong at once.
    pub fn parse(text: &str, file: &str) -> Result<Self, FactsError> {
        let mut c = Compiler {
            text,
            problems: Vec::new(),
        };
        let table: File = toml::from_str(text).map_err(|e| {
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
