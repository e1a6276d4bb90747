//! Two codings of the same passages compared: machine against gold, or one coder against another.
//!
//! Figures are per code (each a binary decision on every passage), over all codes (micro: all decisions pooled; macro:
//! the mean of the codes' F1), and for the decision whether a passage is in scope. Intervals are bootstrapped over
//! passages; passages of one report resemble each other, so that the true uncertainty is somewhat larger.
//!
//! Facets are compared as codes are, over the passages for which both codings say which they are: gold is often coded
//! for codes first and for facets on a part of it.

mod disagreement;
mod read;
mod sheet;
pub(crate) mod table;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::stats::agreement::{Confusion, Interval, SplitMix64, percentile_interval};

pub use disagreement::{Disagreement, disagreements, write_disagreements};
pub use read::{CodedById, EvaluateErrors, EvaluateProblem, GoldPassage, Source, read_coded, read_gold};

/// Resamples of the bootstrap.
pub const RESAMPLES: usize = 1000;

/// The seed of the bootstrap, written down so that anyone gets the same intervals.
pub const SEED: u64 = 20_190_628;

/// The figures of one code, of one facet, or of the decision on scope.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// The code, or the facet; `in_scope` for the decision on scope.
    pub code: String,
    /// Passages that the gold gives the code.
    pub n: u64,
    /// Passages that the other coding gives the code.
    pub coded: u64,
    /// Both.
    pub tp: u64,
    /// Only the other coding.
    pub fp: u64,
    /// Only the gold.
    #[serde(rename = "fn")]
    pub fn_: u64,
    /// tp / (tp + fp).
    pub precision: Option<f64>,
    /// tp / (tp + fn).
    pub recall: Option<f64>,
    /// Harmonic mean of the two.
    pub f1: Option<f64>,
    /// 95 % bootstrap interval of `f1`.
    pub f1_interval: Option<Interval>,
    /// Cohen's kappa.
    pub kappa: Option<f64>,
    /// 95 % bootstrap interval of `kappa`.
    pub kappa_interval: Option<Interval>,
    /// Krippendorff's alpha, nominal, binary.
    pub alpha: Option<f64>,
}

/// The figures over all codes, or over all facets.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overall {
    /// Precision of all decisions pooled.
    pub micro_precision: Option<f64>,
    /// Recall of all decisions pooled.
    pub micro_recall: Option<f64>,
    /// F1 of all decisions pooled.
    pub micro_f1: Option<f64>,
    /// 95 % bootstrap interval of `micro_f1`.
    pub micro_f1_interval: Option<Interval>,
    /// Mean F1 of the codes that the gold uses.
    pub macro_f1: Option<f64>,
    /// 95 % bootstrap interval of `macro_f1`.
    pub macro_f1_interval: Option<Interval>,
    /// Share of passages with exactly the same codes.
    pub exact: Option<f64>,
}

/// What a comparison found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Passages compared.
    pub passages: usize,
    /// Headings, which are left out of every figure.
    pub headings_left_out: usize,
    /// Per code, in alphabetical order: every code that either coding uses.
    pub codes: Vec<Agreement>,
    /// Over all codes.
    pub overall: Overall,
    /// Whether a passage is in scope.
    pub in_scope: Agreement,
    /// The facets below the codes; `None` where no passage is coded for them in both.
    pub facets: Option<FacetEvaluation>,
    /// Resamples of the bootstrap.
    pub resamples: usize,
    /// Seed of the bootstrap.
    pub seed: u64,
}

/// What the comparison of the facets found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FacetEvaluation {
    /// Passages that both coded for facets.
    pub passages: usize,
    /// Per facet (`C06.audit`), in alphabetical order: every facet that either coding uses.
    pub facets: Vec<Agreement>,
    /// Over all facets. A facet of a code that only one coding gives is an error like any other.
    pub overall: Overall,
    /// Over all facets of codes that both give the passage: how well facets are told apart once the code is right.
    pub within_codes: Overall,
}

/// Compares a coding with the gold, passage by passage, matched by id.
///
/// # Arguments
/// * `gold` - the standard; headings are left out
/// * `coded` - the coding to measure, in any order; lines for the gold's headings are passed over
///
/// # Errors
/// An id that is in only one of the two, or no passage at all.
pub fn compare(gold: &[GoldPassage], coded: &[CodedById]) -> Result<Evaluation, EvaluateErrors> {
    let pairs = read::pairs(gold, coded)?;
    let units: Vec<Unit<'_>> = pairs.iter().map(|(g, c)| Unit::of_codes(g, c)).collect();
    let (codes, overall, in_scope) = measure(&units);
    Ok(Evaluation {
        passages: pairs.len(),
        headings_left_out: gold.iter().filter(|g| g.is_heading()).count(),
        codes,
        overall,
        in_scope,
        facets: compare_facets(&pairs),
        resamples: RESAMPLES,
        seed: SEED,
    })
}

fn compare_facets(pairs: &[(&GoldPassage, &CodedById)]) -> Option<FacetEvaluation> {
    let both: Vec<_> = pairs
        .iter()
        .filter_map(|(g, c)| Some((Unit::of_facets(g, c)?, Unit::of_codes(g, c))))
        .collect();
    let within: Vec<Unit<'_>> = both.iter().map(|(facets, codes)| facets.below(codes)).collect();
    let (_, within_codes, _) = measure(&within);
    let units: Vec<Unit<'_>> = both.into_iter().map(|(facets, _)| facets).collect();
    let (facets, overall, _) = measure(&units);
    (!units.is_empty()).then_some(FacetEvaluation {
        passages: units.len(),
        facets,
        overall,
        within_codes,
    })
}

/// What both codings say of one passage: ascending, each name once.
struct Unit<'a> {
    first: Vec<&'a str>,
    second: Vec<&'a str>,
    in_scope: (bool, bool),
}

impl<'a> Unit<'a> {
    fn of_codes(gold: &'a GoldPassage, coded: &'a CodedById) -> Self {
        Self {
            first: gold.label_set(),
            second: coded.label_set(),
            in_scope: (gold.in_scope(), coded.in_scope()),
        }
    }

    /// `None` where one of the two is not coded for facets.
    fn of_facets(gold: &'a GoldPassage, coded: &'a CodedById) -> Option<Self> {
        Some(Self {
            first: gold.facet_set()?,
            second: coded.facet_set()?,
            in_scope: (gold.in_scope(), coded.in_scope()),
        })
    }

    /// Of these facets, those whose code the other coding gives too.
    fn below(&self, codes: &Self) -> Self {
        Self {
            first: below(&self.first, &codes.second),
            second: below(&self.second, &codes.first),
            in_scope: self.in_scope,
        }
    }
}

/// The facets that stand below one of the codes.
fn below<'a>(facets: &[&'a str], codes: &[&str]) -> Vec<&'a str> {
    let is_below = |facet: &&&str| {
        facet
            .split_once('.')
            .is_some_and(|(code, _)| codes.contains(&code))
    };
    facets.iter().filter(is_below).copied().collect()
}

/// The figures of every name, over all names, and of the scope.
fn measure(units: &[Unit<'_>]) -> (Vec<Agreement>, Overall, Agreement) {
    let names: BTreeSet<&str> = units
        .iter()
        .flat_map(|u| u.first.iter().chain(&u.second).copied())
        .collect();
    let names: Vec<&str> = names.into_iter().collect();
    let decisions = Decisions::new(units, &names);
    let counts = decisions.count(0..units.len());
    let bootstrap = Bootstrap::run(&decisions);
    let agreement = |(index, name): (usize, &str)| bootstrap.agreement(&counts, index, name);
    let exact = units.iter().filter(|u| u.first == u.second).count();
    let pooled = pooled(&counts);
    let overall = Overall {
        micro_precision: pooled.precision(),
        micro_recall: pooled.recall(),
        micro_f1: pooled.f1(),
        micro_f1_interval: bootstrap.interval(|counts| self::pooled(counts).f1()),
        macro_f1: macro_f1(&counts),
        macro_f1_interval: bootstrap.interval(macro_f1),
        exact: (!units.is_empty()).then(|| exact as f64 / units.len() as f64),
    };
    let scope = agreement((names.len(), "in_scope"));
    (
        names.into_iter().enumerate().map(agreement).collect(),
        overall,
        scope,
    )
}

/// The decisions of both coders on every passage, only the positive ones: most decisions are no.
struct Decisions {
    /// Per passage: index of the code, first coder, second coder.
    positive: Vec<Vec<(usize, bool, bool)>>,
    /// Codes, and the decision on scope after them.
    width: usize,
}

impl Decisions {
    fn new(units: &[Unit<'_>], names: &[&str]) -> Self {
        let positive = units
            .iter()
            .map(|unit| {
                let mut cells: BTreeMap<usize, (bool, bool)> = BTreeMap::new();
                for i in unit.first.iter().filter_map(|l| names.binary_search(l).ok()) {
                    cells.entry(i).or_default().0 = true;
                }
                for i in unit.second.iter().filter_map(|l| names.binary_search(l).ok()) {
                    cells.entry(i).or_default().1 = true;
                }
                if unit.in_scope != (false, false) {
                    cells.insert(names.len(), unit.in_scope);
                }
                cells
                    .into_iter()
                    .map(|(i, (first, second))| (i, first, second))
                    .collect()
            })
            .collect();
        Self {
            positive,
            width: names.len() + 1,
        }
    }

    /// Counts the passages with these numbers; a number may come more than once.
    fn count(&self, passages: impl Iterator<Item = usize>) -> Vec<Confusion> {
        let mut counts = vec![Confusion::default(); self.width];
        let mut n = 0;
        for cells in passages.filter_map(|p| self.positive.get(p)) {
            n += 1;
            for &(code, first, second) in cells {
                if let Some(confusion) = counts.get_mut(code) {
                    confusion.add(first, second);
                }
            }
        }
        for confusion in &mut counts {
            confusion.neither = n - confusion.both - confusion.only_first - confusion.only_second;
        }
        counts
    }
}

/// The counts of every resample.
struct Bootstrap(Vec<Vec<Confusion>>);

impl Bootstrap {
    fn run(decisions: &Decisions) -> Self {
        let n = decisions.positive.len();
        let mut random = SplitMix64::new(SEED);
        Self(
            (0..RESAMPLES)
                .map(|_| decisions.count((0..n).map(|_| random.below(n))))
                .collect(),
        )
    }

    /// The figures of the name with this index.
    fn agreement(&self, counts: &[Confusion], index: usize, name: &str) -> Agreement {
        let confusion = counts.get(index).copied().unwrap_or_default();
        Agreement {
            code: name.to_owned(),
            n: confusion.first(),
            coded: confusion.second(),
            tp: confusion.both,
            fp: confusion.only_second,
            fn_: confusion.only_first,
            precision: confusion.precision(),
            recall: confusion.recall(),
            f1: confusion.f1(),
            f1_interval: self.interval(|counts| counts.get(index)?.f1()),
            kappa: confusion.kappa(),
            kappa_interval: self.interval(|counts| counts.get(index)?.kappa()),
            alpha: confusion.alpha(),
        }
    }

    fn interval(&self, figure: impl Fn(&[Confusion]) -> Option<f64>) -> Option<Interval> {
        percentile_interval(&self.0.iter().map(|counts| figure(counts)).collect::<Vec<_>>())
    }
}

/// The counts of the codes without that of the scope, which is last.
fn of_codes(counts: &[Confusion]) -> &[Confusion] {
    counts.split_last().map_or(&[], |(_, codes)| codes)
}

fn pooled(counts: &[Confusion]) -> Confusion {
    of_codes(counts).iter().fold(Confusion::default(), |mut sum, c| {
        sum.merge(c);
        sum
    })
}

/// Mean F1 of the codes that the gold uses.
fn macro_f1(counts: &[Confusion]) -> Option<f64> {
    let f1: Vec<f64> = of_codes(counts)
        .iter()
        .filter(|c| c.first() > 0)
        .filter_map(Confusion::f1)
        .collect();
    (!f1.is_empty()).then(|| f1.iter().sum::<f64>() / f1.len() as f64)
}

#[cfg(test)]
mod tests;
