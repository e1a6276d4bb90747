//! In-scope passages → facts with their evidence: certifications held, bodies joined, response teams, officers,
//! figures with what they measure.
//!
//! Names and patterns are data (`dictionaries/facts.toml`, read by [`file`]); this module knows only how a sentence
//! tells a fact: that it is the company's own, not planned, not denied and not over. [`named`] finds the facts that
//! have a name, [`figures`] those that have a number, which [`number`] reads; [`told`] says for when it is told.

mod figures;
pub mod file;
mod named;
pub mod number;
#[cfg(test)]
mod tests;
mod text;
mod told;

use crate::normalize::{Normalized, normalize};

pub use file::{FactsError, Problem};

/// What sort of fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactKind {
    /// A certificate or an assessment by a third party, held or renewed.
    Certification,
    /// A body outside the company that it belongs to.
    Membership,
    /// The company's incident response team.
    Csirt,
    /// An officer of security, information or privacy.
    Officer,
    /// A number with its unit and what it measures.
    Figure,
}

impl FactKind {
    /// As `facts.csv` writes it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Certification => "certification",
            Self::Membership => "membership",
            Self::Csirt => "csirt",
            Self::Officer => "officer",
            Self::Figure => "figure",
        }
    }
}

/// One fact and the characters that tell it. Texts that do not apply are empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// What sort.
    pub kind: FactKind,
    /// The one name for all its spellings; for a figure, what class of measure it is.
    pub name: String,
    /// The number in its plain unit: 3億円 is 300000000.
    pub value: Option<f64>,
    /// The plain unit: 円, %, 件, 社, 名 …
    pub unit: String,
    /// What the number measures, as printed (normalised).
    pub measure: String,
    /// The year it is told for, as printed.
    pub period: String,
    /// 目標, 予定 or 見込み, where the number is one; empty for a number told as it is.
    pub told_as: String,
    /// Who holds the office.
    pub holder: String,
    /// What a certificate covers, as printed.
    pub scope: String,
    /// How many companies, sites or units it covers.
    pub entities: Option<u64>,
    /// First character of the evidence (Unicode scalar values of the passage as given).
    pub start: usize,
    /// Character after the last.
    pub end: usize,
}

/// A passage in which facts are looked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct FactInput<'a> {
    /// The text as printed.
    pub text: &'a str,
    /// The headings above, from the outermost.
    pub headings: &'a [String],
}

/// Finds facts: compiled once, shared by all threads.
#[derive(Debug)]
pub struct FactFinder {
    rules: file::Rules,
}

impl FactFinder {
    /// Compiles `dictionaries/facts.toml`.
    ///
    /// # Arguments
    /// * `text` - the file.
    /// * `file` - how errors name it.
    ///
    /// # Errors
    /// Everything that is wrong with it, with lines.
    pub fn new(text: &str, file: &str) -> Result<Self, FactsError> {
        Ok(Self {
            rules: file::Rules::parse(text, file)?,
        })
    }

    /// The facts of a passage that is in scope, in reading order, each name once.
    pub fn find(&self, input: &FactInput<'_>) -> Vec<Fact> {
        let text = normalize(input.text);
        let mut headings = String::new();
        for heading in input.headings {
            headings.push_str(&normalize(heading).text);
            headings.push('\n');
        }
        let context = &self.rules.figure.context;
        let has_context = context.is_match(&text.text) || context.is_match(&headings);
        let mut found = Vec::new();
        for sentence in text::sentences(&text.text) {
            named::find(&self.rules, sentence, &headings, &mut found);
            if has_context {
                figures::find(&self.rules, sentence, &mut found);
            }
        }
        finish(found, &text)
    }
}

/// A fact whose evidence is still bytes of the normalised text.
struct Found {
    fact: Fact,
    bytes: std::ops::Range<usize>,
}

impl Found {
    fn new(kind: FactKind, name: impl Into<String>, bytes: std::ops::Range<usize>) -> Self {
        let fact = Fact {
            kind,
            name: name.into(),
            value: None,
            unit: String::new(),
            measure: String::new(),
            period: String::new(),
            told_as: String::new(),
            holder: String::new(),
            scope: String::new(),
            entities: None,
            start: 0,
            end: 0,
        };
        Self { fact, bytes }
    }
}

/// Puts facts in order and leads their evidence back to the printed characters. A name told twice in a passage is one
/// fact; what the second telling adds is kept.
fn finish(mut found: Vec<Found>, text: &Normalized) -> Vec<Fact> {
    found.sort_by_key(|f| (f.bytes.start, f.bytes.end, f.fact.kind));
    let mut facts: Vec<Fact> = Vec::new();
    for Found { mut fact, bytes } in found {
        let span = text.original(bytes);
        (fact.start, fact.end) = (span.start, span.end);
        let same =
            |f: &&mut Fact| fact.kind != FactKind::Figure && f.kind == fact.kind && f.name == fact.name;
        match facts.iter_mut().find(same) {
            Some(first) => {
                if first.scope.is_empty() {
                    first.scope = fact.scope;
                    first.entities = fact.entities;
                }
                if first.holder.is_empty() {
                    first.holder = fact.holder;
                }
            }
            None => facts.push(fact),
        }
    }
    facts
}
