//! Codes by learned weights: the rules' verdict and the features of a passage, added up.

use super::analysis::{Analysis, Span};
use super::features::{Feature, Features};
use super::matcher::Matcher;
use crate::scheme::{Family, Scheme, Weights};

/// The name of the rule in evidence that no rule of the scheme found.
pub(crate) const LEARNED: &str = "learned";

/// Column of the scope among the scores.
pub(crate) const SCOPE: usize = 0;

/// How many features a code is explained by.
const SHOWN: usize = 6;

/// A feature and what it adds to the score of a code.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Contribution {
    /// Family and name, e.g. `word 監査`.
    pub feature: String,
    /// What it adds; below 0 it speaks against the code.
    pub adds: f64,
}

/// Why the learned weights give a code, or do not.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct LearnedTrace {
    /// `scope` or the code.
    pub of: String,
    /// Above 0: given, if evidence for it stands in the text.
    pub score: f64,
    /// What the verdict of the rules adds.
    pub rules: f64,
    /// The weightiest features, by what they add without its sign.
    pub weightiest: Vec<Contribution>,
}

/// A passage as the model sees it. Owns its buffers.
#[derive(Debug, Default)]
pub(crate) struct Learned {
    features: Features,
    values: [f64; Family::ALL.len()],
    /// By column: scope, then the codes of the scheme.
    scores: Vec<f64>,
}

impl Learned {
    /// Scores a passage that the matcher has read, without the votes of the rules.
    pub fn score(
        &mut self,
        scheme: &Scheme,
        weights: &Weights,
        matcher: &Matcher,
        (text, headings): (&str, &str),
    ) {
        self.features.read(scheme, matcher, text, headings);
        self.values = self.features.values();
        self.scores.clear();
        self.scores.extend_from_slice(&weights.intercept);
        for run in self.features.distinct() {
            let Some((value, row)) = run.first().and_then(|f| self.weigh(weights, f)) else {
                continue;
            };
            for (score, weight) in self.scores.iter_mut().zip(row) {
                *score += value * weight;
            }
        }
    }

    /// Adds what the rules say of a column.
    pub fn vote(&mut self, weights: &Weights, column: usize, given: bool) {
        if let Some(score) = self.scores.get_mut(column) {
            *score += vote(weights, given, column);
        }
    }

    /// From the next passage on features have names, for [`features`](Self::features) and [`explain`](Self::explain).
    pub fn keep_names(&mut self) {
        self.features.keep_names();
    }

    /// The features of a passage that the matcher has read, each once, with their names and values.
    pub fn features(
        &mut self,
        scheme: &Scheme,
        matcher: &Matcher,
        text: &str,
        headings: &str,
    ) -> Vec<(Family, String, f64)> {
        self.keep_names();
        self.features.read(scheme, matcher, text, headings);
        let values = self.features.values();
        self.features
            .distinct()
            .filter_map(<[Feature]>::first)
            .map(|f| {
                let value = values.get(f.family as usize).copied().unwrap_or(0.0);
                (f.family, self.features.name(f).to_owned(), value)
            })
            .collect()
    }

    /// Whether the score of a column is above 0.
    pub fn gives(&self, column: usize) -> bool {
        self.scores.get(column).is_some_and(|s| *s > 0.0)
    }

    fn weigh<'w>(&self, weights: &'w Weights, feature: &Feature) -> Option<(f64, &'w [f64])> {
        let row = weights.row(feature.family, feature.hash)?;
        Some((self.values.get(feature.family as usize).copied()?, row))
    }

    /// The clause whose features speak most for a code, without the mark that ends it; `None` if no clause speaks for
    /// it.
    pub fn evidence(&self, weights: &Weights, column: usize, matcher: &Matcher, text: &str) -> Option<Span> {
        let clauses = clauses(&matcher.analysis, &matcher.bounds);
        let mut sums = vec![0.0; clauses.len()];
        for run in self.features.distinct() {
            let Some((value, row)) = run.first().and_then(|f| self.weigh(weights, f)) else {
                continue;
            };
            let adds = value * row.get(column).copied().unwrap_or(0.0) / run.len() as f64;
            for feature in run.iter().filter(|f| f.b1 > f.b0) {
                let first = clauses.partition_point(|c| c.b1 <= feature.b0);
                if let Some(sum) = sums.get_mut(first) {
                    *sum += adds;
                }
            }
        }
        let mut best: Option<(f64, Span)> = None;
        for (sum, clause) in sums.iter().zip(&clauses) {
            if *sum > best.map_or(0.0, |(most, _)| most) {
                best = Some((*sum, trim(*clause, text)));
            }
        }
        best.map(|(_, clause)| clause)
            .filter(|clause| clause.b1 > clause.b0)
    }

    /// What the scores are made of.
    pub fn explain(&self, scheme: &Scheme, weights: &Weights, ruled: &[bool]) -> Vec<LearnedTrace> {
        let names = std::iter::once("scope").chain(scheme.codes.iter().map(|c| c.id.as_str()));
        names
            .zip(&self.scores)
            .enumerate()
            .map(|(column, (name, score))| LearnedTrace {
                of: name.to_owned(),
                score: *score,
                rules: vote(weights, ruled.get(column).copied().unwrap_or(false), column),
                weightiest: self.weightiest(weights, column),
            })
            .collect()
    }

    fn weightiest(&self, weights: &Weights, column: usize) -> Vec<Contribution> {
        let mut all: Vec<Contribution> = Vec::new();
        for feature in self.features.distinct().filter_map(<[Feature]>::first) {
            let Some((value, row)) = self.weigh(weights, feature) else {
                continue;
            };
            let adds = value * row.get(column).copied().unwrap_or(0.0);
            if adds != 0.0 {
                let name = self.features.name(feature);
                all.push(Contribution {
                    feature: format!("{} {name}", feature.family.name()),
                    adds,
                });
            }
        }
        all.sort_by(|a, b| {
            b.adds
                .abs()
                .total_cmp(&a.adds.abs())
                .then_with(|| a.feature.cmp(&b.feature))
        });
        all.truncate(SHOWN);
        all
    }
}

/// What the rules add to a score.
fn vote(weights: &Weights, given: bool, column: usize) -> f64 {
    let votes = if given { &weights.yes } else { &weights.no };
    votes.get(column).copied().unwrap_or(0.0)
}

/// The clauses of a passage.
fn clauses(analysis: &Analysis, bounds: &[(u32, u32)]) -> Vec<Span> {
    let mut all: Vec<Span> = Vec::new();
    let mut last = None;
    for (t, (id, (b0, b1))) in analysis.clause.iter().zip(bounds).enumerate() {
        let t1 = t as u32 + 1;
        match all.last_mut().filter(|_| last == Some(id)) {
            Some(clause) => (clause.t1, clause.b1) = (t1, *b1),
            None => all.push(Span {
                t0: t as u32,
                t1,
                b0: *b0,
                b1: *b1,
            }),
        }
        last = Some(id);
    }
    all
}

/// Without white space and marks at its ends.
fn trim(span: Span, text: &str) -> Span {
    let inside = text.get(span.b0 as usize..span.b1 as usize).unwrap_or_default();
    let mark = |c: char| c.is_whitespace() || matches!(c, '。' | '、' | ',' | '・');
    let left = inside.trim_start_matches(mark);
    let b0 = span.b1 - left.len() as u32;
    Span {
        b0,
        b1: b0 + left.trim_end_matches(mark).len() as u32,
        ..span
    }
}
