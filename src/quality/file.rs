//! `dictionaries/quality.toml`: the elements, one table each.

use regex::Regex;
use serde::Deserialize;
use toml::Spanned;

use super::ElementLabel;
use crate::facts::Fact;
pub use crate::facts::Problem;
use crate::scheme::Scheme;

/// Everything that is wrong in the file, at once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.problems.iter().map(|p| format!("{}:{}: {}", self.file, p.line, p.message)).collect::<Vec<_>>().join("\n"))]
pub struct QualityError {
    /// The file as it was named.
    pub file: String,
    /// At least one, in order of lines.
    pub problems: Vec<Problem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    element: Vec<Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    id: Spanned<String>,
    quality: String,
    ja: String,
    en: String,
    rule: String,
    has: String,
    lacks: String,
    #[serde(default)]
    facts: Vec<FactTable>,
    #[serde(default)]
    within: Option<u32>,
    #[serde(default)]
    caption: Option<Spanned<String>>,
    #[serde(default)]
    number: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactTable {
    kind: Spanned<String>,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    measure: Option<Spanned<String>>,
    #[serde(default)]
    told_as: Option<String>,
}

/// An element and what shows it.
#[derive(Debug)]
pub(super) struct Element {
    pub label: ElementLabel,
    /// The rule in words, an example that has the element, one that lacks it: for the documentation and its tests.
    #[cfg_attr(not(test), allow(dead_code, reason = "for the reader of the file"))]
    pub explained: [String; 3],
    pub source: Source,
}

/// What shows an element.
#[derive(Debug)]
pub(super) enum Source {
    /// Passages that get its code or tell one of the facts, of a year so near if that is asked.
    Passages {
        facts: Vec<FactFilter>,
        within: Option<u32>,
    },
    /// A caption on a page with a passage in scope.
    Caption(Regex),
    /// The average length of a sentence.
    SentenceLength,
}

/// Which facts show an element.
#[derive(Debug)]
pub(super) struct FactFilter {
    kind: String,
    names: Vec<String>,
    measure: Option<Regex>,
    told_as: Option<String>,
}

impl FactFilter {
    pub fn is(&self, fact: &Fact) -> bool {
        fact.kind.id() == self.kind
            && (self.names.is_empty() || self.names.contains(&fact.name))
            && self.measure.as_ref().is_none_or(|m| m.is_match(&fact.measure))
            && self.told_as.as_ref().is_none_or(|t| *t == fact.told_as)
    }
}

/// Reads the file; the scheme must have a code for every element that is shown by words, and no other code.
pub(super) fn read(text: &str, file: &str, scheme: &Scheme) -> Result<Vec<Element>, QualityError> {
    let mut reader = Reader {
        text,
        problems: Vec::new(),
    };
    let elements = match toml::from_str::<File>(text) {
        Ok(table) => reader.elements(table, scheme),
        Err(e) => {
            reader.wrong(e.span().map_or(0, |s| s.start), e.message().to_owned());
            Vec::new()
        }
    };
    if reader.problems.is_empty() {
        return Ok(elements);
    }
    reader.problems.sort();
    Err(QualityError {
        file: file.to_owned(),
        problems: reader.problems,
    })
}

struct Reader<'a> {
    text: &'a str,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn wrong(&mut self, at: usize, message: String) {
        let line = self.text.bytes().take(at).filter(|b| *b == b'\n').count() + 1;
        self.problems.push(Problem { line, message });
    }

    fn elements(&mut self, file: File, scheme: &Scheme) -> Vec<Element> {
        let ids: Vec<String> = file.element.iter().map(|t| t.id.get_ref().clone()).collect();
        for code in scheme.codes.iter().filter(|c| !ids.contains(&c.id)) {
            let message = format!(
                "schemes/quality.toml has the code {}, which is no element here: add it or take it out there",
                code.id
            );
            self.wrong(0, message);
        }
        let mut elements = Vec::new();
        for (place, table) in file.element.into_iter().enumerate() {
            let at = table.id.span().start;
            if ids.iter().take(place).any(|id| id == table.id.get_ref()) {
                self.wrong(at, format!("the element {} stands twice", table.id.get_ref()));
            }
            let source = self.source(&table);
            let has_code = scheme.code(table.id.get_ref()).is_some();
            if matches!(&source, Source::Passages { facts, .. } if facts.is_empty()) && !has_code {
                let message = format!(
                    "nothing shows the element {}: give schemes/quality.toml a code of that id, or name facts",
                    table.id.get_ref()
                );
                self.wrong(at, message);
            }
            elements.push(Element {
                label: ElementLabel {
                    is_number: matches!(source, Source::SentenceLength),
                    id: table.id.into_inner(),
                    quality: table.quality,
                    ja: table.ja,
                    en: table.en,
                },
                explained: [table.rule, table.has, table.lacks],
                source,
            });
        }
        elements
    }

    fn source(&mut self, table: &Table) -> Source {
        match (&table.number, &table.caption) {
            (Some(number), _) if number.get_ref() == "sentence-length" => Source::SentenceLength,
            (Some(number), _) => {
                let message = format!(
                    "unknown number \"{}\"; there is sentence-length",
                    number.get_ref()
                );
                self.wrong(number.span().start, message);
                Source::SentenceLength
            }
            (None, Some(caption)) => match self.regex(caption) {
                Some(regex) => Source::Caption(regex),
                None => Source::SentenceLength,
            },
            (None, None) => {
                let facts = table.facts.iter().map(|f| self.filter(f)).collect();
                Source::Passages {
                    facts,
                    within: table.within,
                }
            }
        }
    }

    fn filter(&mut self, table: &FactTable) -> FactFilter {
        const KINDS: [&str; 5] = ["certification", "membership", "csirt", "officer", "figure"];
        let kind = table.kind.get_ref().clone();
        if !KINDS.contains(&kind.as_str()) {
            let message = format!("unknown kind of fact \"{kind}\"; there are {}", KINDS.join(", "));
            self.wrong(table.kind.span().start, message);
        }
        FactFilter {
            kind,
            names: table.names.clone(),
            measure: table.measure.as_ref().and_then(|m| self.regex(m)),
            told_as: table.told_as.clone(),
        }
    }

    fn regex(&mut self, pattern: &Spanned<String>) -> Option<Regex> {
        let compiled = Regex::new(pattern.get_ref());
        if let Err(e) = &compiled {
            let told = e.to_string();
            let last = told.lines().last().unwrap_or("").trim_start_matches("error: ");
            let message = format!("\"{}\" is no regular expression: {last}", pattern.get_ref());
            self.wrong(pattern.span().start, message);
        }
        compiled.ok()
    }
}
