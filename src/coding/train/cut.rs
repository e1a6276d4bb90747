//! Where a score becomes a yes.

use super::{Sample, Votes};
use crate::coding::learned::SCOPE;

/// Scores from which on a yes is tried: from −2.5 to 1 in tenths.
fn grid() -> impl Iterator<Item = f64> {
    (-25..=10).map(|tenth| f64::from(tenth) / 10.0)
}

/// True and false yeses, and false noes.
#[derive(Default, Clone, Copy)]
struct Counts {
    tp: u32,
    fp: u32,
    fneg: u32,
    tn: u32,
}

impl Counts {
    fn add(&mut self, gold: bool, given: bool) {
        match (gold, given) {
            (true, true) => self.tp += 1,
            (false, true) => self.fp += 1,
            (true, false) => self.fneg += 1,
            (false, false) => self.tn += 1,
        }
    }

    fn f1(self) -> f64 {
        let wrong = f64::from(self.fp + self.fneg);
        let right = 2.0 * f64::from(self.tp);
        if right == 0.0 {
            0.0
        } else {
            right / (right + wrong)
        }
    }

    /// Cohen's kappa.
    fn kappa(self) -> f64 {
        let [tp, fp, fneg, tn] = [self.tp, self.fp, self.fneg, self.tn].map(f64::from);
        let n = tp + fp + fneg + tn;
        let chance = ((tp + fp) * (tp + fneg) + (tn + fneg) * (tn + fp)) / (n * n);
        if chance >= 1.0 {
            0.0
        } else {
            ((tp + tn) / n - chance) / (1.0 - chance)
        }
    }
}

/// A cut for every column: the scope where kappa is best; every code half way between where its own F1 is best and where the
/// micro-F1 of all is best, because the few passages of one code settle little.
pub(super) fn cuts(scores: &[Vec<f64>], samples: &[Sample]) -> Vec<f64> {
    let columns = samples.first().map_or(0, |s| s.gold.len());
    let counts = |column: usize, cut: f64| {
        let mut counts = Counts::default();
        for (scores, sample) in scores.iter().zip(samples) {
            let gold = sample.gold.get(column).copied().unwrap_or(false);
            counts.add(gold, scores.get(column).is_some_and(|s| *s > cut));
        }
        counts
    };
    let together = best(|cut| {
        let mut all = Counts::default();
        for one in (0..columns).filter(|c| *c != SCOPE).map(|c| counts(c, cut)) {
            all.tp += one.tp;
            all.fp += one.fp;
            all.fneg += one.fneg;
        }
        all.f1()
    });
    let cut = |column: usize| match column {
        SCOPE => best(|cut| counts(SCOPE, cut).kappa()),
        column => (best(|cut| counts(column, cut).f1()) + together) / 2.0,
    };
    (0..columns).map(cut).collect()
}

/// The cut with the best figure, the lowest of several.
fn best(figure: impl Fn(f64) -> f64) -> f64 {
    let mut best = (f64::NEG_INFINITY, 0.0);
    for cut in grid() {
        let found = figure(cut);
        if found > best.0 {
            best = (found, cut);
        }
    }
    best.1
}

/// Micro-F1 of the codes by scores, with the votes of the rules if there are any.
pub(super) fn micro_f1(scores: &[Vec<f64>], samples: &[Sample], cuts: &[f64], votes: Option<&Votes>) -> f64 {
    let mut counts = Counts::default();
    for (scores, sample) in scores.iter().zip(samples) {
        let vote = |column: usize| {
            let ruled = sample.ruled.get(column).copied().unwrap_or(false);
            votes
                .and_then(|(yes, no)| if ruled { yes.get(column) } else { no.get(column) })
                .copied()
                .unwrap_or(0.0)
        };
        let given: Vec<bool> = scores
            .iter()
            .zip(cuts)
            .enumerate()
            .map(|(column, (score, cut))| score + vote(column) > *cut)
            .collect();
        count(&mut counts, &sample.gold, &given);
    }
    counts.f1()
}

/// Micro-F1 of the codes by rules alone.
pub(super) fn rules_f1(samples: &[Sample]) -> f64 {
    let mut counts = Counts::default();
    for sample in samples {
        count(&mut counts, &sample.gold, &sample.ruled);
    }
    counts.f1()
}

/// Codes count only in scope.
fn count(counts: &mut Counts, gold: &[bool], given: &[bool]) {
    let in_scope = given.get(SCOPE).copied().unwrap_or(false);
    for (column, (gold, given)) in gold.iter().zip(given).enumerate() {
        if column != SCOPE {
            counts.add(*gold, *given && in_scope);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(gold: [bool; 2], ruled: [bool; 2]) -> Sample {
        Sample {
            row: Vec::new(),
            gold: gold.to_vec(),
            ruled: ruled.to_vec(),
            fold: 0,
        }
    }

    #[test]
    fn cuts_part_yes_from_no() {
        let samples = [
            sample([true, true], [true, false]),
            sample([true, false], [true, true]),
            sample([false, false], [false, false]),
        ];
        let scores = [vec![0.3, -0.45], vec![0.25, -1.0], vec![-0.85, -2.0]];
        let cuts = cuts(&scores, &samples);
        assert!((-0.85..0.25).contains(&cuts[0]), "{cuts:?}");
        assert!((-1.0..-0.45).contains(&cuts[1]), "{cuts:?}");
        assert_eq!(micro_f1(&scores, &samples, &cuts, None), 1.0);
        assert_eq!(rules_f1(&samples), 0.0);
        let strong = (vec![9.0; 2], vec![-9.0; 2]);
        assert_eq!(
            micro_f1(&scores, &samples, &cuts, Some(&strong)),
            0.0,
            "rules with such weight decide alone"
        );
    }
}
