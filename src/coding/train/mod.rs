//! Learns the weights of a scheme from coded passages.
//!
//! Every column (scope, then every code) is a logistic regression of its own over the features of
//! [`features`](super::features). Where a score becomes a yes is settled on passages of companies that the weights were
//! not learned from. The verdict of the rules is not learned from: rules are written while looking at the very passages that
//! are learned from, where they look better than they are. It enters with a fixed weight instead.

mod cut;
mod logistic;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use rayon::prelude::*;

use super::learned::SCOPE;
use super::{CodingInput, CodingWorker, in_scope, ruled};
use crate::scheme::{Family, Scheme, write_weights};
use crate::tokenize::TokenizeError;
use logistic::{Row, fit, score};

/// A passage to learn from.
#[derive(Debug, Clone)]
pub struct TrainingPassage<'a> {
    /// The passage.
    pub input: CodingInput<'a>,
    /// Passages of one group (a company) are never on both sides of a trial.
    pub group: &'a str,
    /// Whether it is in scope.
    pub in_scope: bool,
    /// Its codes.
    pub labels: &'a [String],
}

/// How to learn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrainingOptions {
    /// What a mistake costs against the penalty of a weight.
    pub cost: f64,
    /// How many features are kept: the weightiest.
    pub features: usize,
    /// What the rules add to the score of a code that they give, where the scheme's weights do not say.
    pub yes: f64,
    /// What they add to one that they do not give.
    pub no: f64,
    /// The same for the scope.
    pub scope_yes: f64,
    /// The same for the scope.
    pub scope_no: f64,
    /// Parts into which the passages are cut, by group, to try on one what was learned from the others.
    pub folds: usize,
}

impl Default for TrainingOptions {
    fn default() -> Self {
        Self {
            cost: 20.0,
            features: 10_000,
            yes: 3.0,
            no: -1.5,
            scope_yes: 1.5,
            scope_no: -2.0,
            folds: 5,
        }
    }
}

/// What the rules add to the score of every column, if they give it and if not.
type Votes = (Vec<f64>, Vec<f64>);

impl TrainingOptions {
    fn votes(&self, columns: usize) -> Votes {
        let column = |scope: f64, code: f64| {
            (0..columns)
                .map(|c| if c == SCOPE { scope } else { code })
                .collect()
        };
        (column(self.scope_yes, self.yes), column(self.scope_no, self.no))
    }
}

/// Passages that must have a feature for it to be learned from: what one writer said once teaches nothing.
const LEAST: u32 = 2;

/// Why nothing was learned.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// Too little to learn from.
    #[error(
        "{0} passages of {1} groups (company_id): too few to learn from and try on others; give more gold"
    )]
    TooFew(usize, usize),
    /// A passage has a code that the scheme has not.
    #[error("the code \"{0}\" of the gold is not in the scheme; its codes are {1}")]
    Code(String, String),
    /// A passage could not be read.
    #[error(transparent)]
    Tokenize(#[from] TokenizeError),
    /// The file of weights could not be made.
    #[error("the weights cannot be written: {0}")]
    Write(#[from] csv::Error),
}

/// What was learned, and how it did on companies it was not learned from.
#[derive(Debug, Clone)]
pub struct Training {
    /// The file of weights: CSV.
    pub file: Vec<u8>,
    /// Features in it.
    pub features: usize,
    /// Passages learned from.
    pub passages: usize,
    /// Groups of passages.
    pub groups: usize,
    /// Micro-F1 of the codes by weights alone, out of fold.
    pub weights_f1: f64,
    /// Micro-F1 of the codes by weights and rules, out of fold for the weights.
    pub both_f1: f64,
    /// Micro-F1 of the codes by rules alone.
    pub rules_f1: f64,
}

impl fmt::Display for Training {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} passages of {} companies, {} features; micro-F1 on companies not learned from: weights {:.3}, with rules \
             {:.3} (rules alone {:.3}; written while looking at these passages, they may look better than they are)",
            self.passages, self.groups, self.features, self.weights_f1, self.both_f1, self.rules_f1
        )
    }
}

/// A passage as numbers.
struct Sample {
    row: Row,
    /// By column.
    gold: Vec<bool>,
    ruled: Vec<bool>,
    fold: usize,
}

/// Learns the weights of a scheme.
///
/// # Errors
/// Too little gold, a code the scheme does not have, or a passage that cannot be read.
pub fn train(
    worker: &mut CodingWorker,
    passages: &[TrainingPassage<'_>],
    options: &TrainingOptions,
) -> Result<Training, TrainError> {
    let scheme = std::sync::Arc::clone(&worker.scheme);
    let folds = folds(passages, options.folds);
    if folds.len() < options.folds || passages.len() < 2 * options.folds {
        return Err(TrainError::TooFew(passages.len(), folds.len()));
    }
    let mut read = Vec::with_capacity(passages.len());
    for passage in passages {
        read.push(worker.seen(&passage.input)?);
    }
    let vocabulary = vocabulary(&read);
    let mut samples = Vec::with_capacity(passages.len());
    for (passage, seen) in passages.iter().zip(&read) {
        samples.push(Sample {
            row: row(seen, &vocabulary),
            gold: gold(&scheme, passage)?,
            ruled: seen.ruled.clone(),
            fold: folds.get(passage.group).copied().unwrap_or(0),
        });
    }
    let columns = scheme.codes.len() + 1;
    let tried = out_of_fold(&samples, columns, vocabulary.len(), options);
    let cuts = cut::cuts(&tried, &samples);
    // Whoever has set the votes in the file wants them kept.
    let set = scheme.weights.as_ref();
    let votes = set.map_or_else(|| options.votes(columns), |w| (w.yes.clone(), w.no.clone()));
    let weights_f1 = cut::micro_f1(&tried, &samples, &cuts, None);
    let both_f1 = cut::micro_f1(&tried, &samples, &cuts, Some(&votes));
    let all: Vec<&Sample> = samples.iter().collect();
    let learned = learn(&all, columns, vocabulary.len(), options);
    let (file, features) = file(&scheme, &vocabulary, &learned, &cuts, &votes)?;
    Ok(Training {
        file,
        features,
        passages: passages.len(),
        groups: folds.len(),
        weights_f1,
        both_f1,
        rules_f1: cut::rules_f1(&samples),
    })
}

/// A part for every group: the largest groups first, each to the part with the fewest passages so far.
fn folds<'a>(passages: &[TrainingPassage<'a>], parts: usize) -> BTreeMap<&'a str, usize> {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for passage in passages {
        *sizes.entry(passage.group).or_default() += 1;
    }
    let mut order: Vec<(&str, usize)> = sizes.into_iter().collect();
    order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let mut filled = vec![0; parts.max(1)];
    let place = |(group, size)| {
        let part = (0..filled.len())
            .min_by_key(|i| filled.get(*i).copied())
            .unwrap_or(0);
        if let Some(filled) = filled.get_mut(part) {
            *filled += size;
        }
        (group, part)
    };
    order.into_iter().map(place).collect()
}

/// Scope and codes of the gold, by column.
fn gold(scheme: &Scheme, passage: &TrainingPassage<'_>) -> Result<Vec<bool>, TrainError> {
    if let Some(label) = scheme.stranger(passage.labels) {
        return Err(TrainError::Code(label.clone(), scheme.code_ids()));
    }
    let codes = scheme.codes.iter().map(|c| passage.labels.contains(&c.id));
    Ok(std::iter::once(passage.in_scope).chain(codes).collect())
}

type Vocabulary = Vec<(Family, String)>;

/// The features of enough passages, in order.
fn vocabulary(read: &[Seen]) -> Vocabulary {
    let mut passages: BTreeMap<(Family, &str), u32> = BTreeMap::new();
    for seen in read {
        for (family, name, _) in &seen.features {
            *passages.entry((*family, name)).or_default() += 1;
        }
    }
    passages
        .into_iter()
        .filter(|(_, n)| *n >= LEAST)
        .map(|((family, name), _)| (family, name.to_owned()))
        .collect()
}

fn row(seen: &Seen, vocabulary: &Vocabulary) -> Row {
    let number = |family: Family, name: &str| {
        vocabulary
            .binary_search_by(|(f, n)| (*f, n.as_str()).cmp(&(family, name)))
            .ok()
    };
    let known = |(family, name, value): &(Family, String, f64)| Some((number(*family, name)? as u32, *value));
    seen.features.iter().filter_map(known).collect()
}

/// Every column's weights, each with its intercept last; all but the weightiest features are 0.
fn learn(samples: &[&Sample], columns: usize, features: usize, options: &TrainingOptions) -> Vec<Vec<f64>> {
    let rows: Vec<&Row> = samples.iter().map(|s| &s.row).collect();
    let fitted = |column: usize| {
        let given: Vec<bool> = samples
            .iter()
            .map(|s| s.gold.get(column).copied().unwrap_or(false))
            .collect();
        fit(&rows, &given, features, options.cost)
    };
    let mut learned: Vec<Vec<f64>> = (0..columns).into_par_iter().map(fitted).collect();
    let weight = |feature: usize| {
        learned
            .iter()
            .filter_map(|w| w.get(feature))
            .fold(0.0, |most: f64, w| most.max(w.abs()))
    };
    let mut order: Vec<(f64, usize)> = (0..features).map(|f| (weight(f), f)).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let dropped: BTreeSet<usize> = order.iter().skip(options.features).map(|(_, f)| *f).collect();
    for weights in &mut learned {
        for feature in &dropped {
            if let Some(w) = weights.get_mut(*feature) {
                *w = 0.0;
            }
        }
    }
    learned
}

/// The scores of every passage by weights that were learned from the other parts.
fn out_of_fold(
    samples: &[Sample],
    columns: usize,
    features: usize,
    options: &TrainingOptions,
) -> Vec<Vec<f64>> {
    let mut scores = vec![Vec::new(); samples.len()];
    for fold in 0..options.folds {
        let others: Vec<&Sample> = samples.iter().filter(|s| s.fold != fold).collect();
        let learned = learn(&others, columns, features, options);
        for (scores, sample) in scores.iter_mut().zip(samples).filter(|(_, s)| s.fold == fold) {
            *scores = learned.iter().map(|w| score(&sample.row, w)).collect();
        }
    }
    scores
}

/// The CSV and the number of features in it.
fn file(
    scheme: &Scheme,
    vocabulary: &Vocabulary,
    learned: &[Vec<f64>],
    cuts: &[f64],
    (yes, no): &Votes,
) -> Result<(Vec<u8>, usize), TrainError> {
    let codes: Vec<&str> = scheme.codes.iter().map(|c| c.id.as_str()).collect();
    let intercept: Vec<f64> = learned
        .iter()
        .zip(cuts)
        .map(|(w, cut)| w.last().copied().unwrap_or(0.0) - cut)
        .collect();
    let mut features = Vec::new();
    for (i, (family, name)) in vocabulary.iter().enumerate() {
        let row: Vec<f64> = learned.iter().map(|w| w.get(i).copied().unwrap_or(0.0)).collect();
        if row.iter().any(|w| w.abs() >= 0.005) {
            features.push((*family, name.as_str(), row));
        }
    }
    let mut file = Vec::new();
    write_weights(&mut file, &codes, [&intercept, yes, no], &features)?;
    Ok((file, features.len()))
}

/// What the model sees of a passage, and what the rules say.
struct Seen {
    features: Vec<(Family, String, f64)>,
    ruled: Vec<bool>,
}

impl CodingWorker {
    /// Reads a passage as for coding, whether the gate lets it pass or not.
    fn seen(&mut self, input: &CodingInput<'_>) -> Result<Seen, TokenizeError> {
        let (text, headings) = self.read(input)?;
        let (_, given) = self.try_codes(input);
        let scheme = &*self.scheme;
        let in_scope = in_scope(scheme, &self.matcher.view(scheme, input, &[]));
        let features = self.learned.features(scheme, &self.matcher, &text, &headings);
        Ok(Seen {
            features,
            ruled: ruled(in_scope, &given),
        })
    }
}
