//! Agreement of two or more coders: precision, recall, F1, Cohen's kappa, Krippendorff's alpha, bootstrap intervals.

use std::collections::BTreeMap;

/// How two coders used one code: the first is the standard (gold), the second is measured against it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Confusion {
    /// Passages that both gave the code.
    pub both: u64,
    /// Passages that only the second gave it (false positives).
    pub only_second: u64,
    /// Passages that only the first gave it (false negatives).
    pub only_first: u64,
    /// Passages that neither gave it.
    pub neither: u64,
}

impl Confusion {
    /// Counts a passage.
    pub fn add(&mut self, first: bool, second: bool) {
        match (first, second) {
            (true, true) => self.both += 1,
            (false, true) => self.only_second += 1,
            (true, false) => self.only_first += 1,
            (false, false) => self.neither += 1,
        }
    }

    /// Adds the counts of another code, for figures over all codes (micro).
    pub fn merge(&mut self, other: &Self) {
        self.both += other.both;
        self.only_second += other.only_second;
        self.only_first += other.only_first;
        self.neither += other.neither;
    }

    /// Passages that the first coder gave the code.
    pub fn first(&self) -> u64 {
        self.both + self.only_first
    }

    /// Passages that the second coder gave the code.
    pub fn second(&self) -> u64 {
        self.both + self.only_second
    }

    /// Share of the second coder's codes that the first gave too; `None` where the second gave none.
    pub fn precision(&self) -> Option<f64> {
        ratio(self.both, self.second())
    }

    /// Share of the first coder's codes that the second gave too; `None` where the first gave none.
    pub fn recall(&self) -> Option<f64> {
        ratio(self.both, self.first())
    }

    /// Harmonic mean of precision and recall; `None` where neither coder used the code.
    pub fn f1(&self) -> Option<f64> {
        ratio(2 * self.both, self.first() + self.second())
    }

    /// Cohen's kappa; see [`cohen_kappa`].
    pub fn kappa(&self) -> Option<f64> {
        cohen_kappa(&[[self.both, self.only_first], [self.only_second, self.neither]])
    }

    /// Krippendorff's alpha for the binary decision whether the code applies; see [`krippendorff_alpha`].
    pub fn alpha(&self) -> Option<f64> {
        // The coincidences of two coders without missing values, so that counts suffice.
        let yes = as_f64(self.first() + self.second());
        let no = as_f64(2 * self.neither + self.only_first + self.only_second);
        let agreeing = as_f64(2 * (self.both + self.neither));
        alpha_of(agreeing, &[yes, no])
    }
}

/// Cohen's kappa: agreement beyond what two coders with these habits would reach by chance.
///
/// `table[i][j]` is the number of units that the first coder put into category *i* and the second into *j*.
/// `None` where chance alone explains everything (a single category, or no unit).
///
/// Source: J. Cohen (1960), A coefficient of agreement for nominal scales, Educational and Psychological
/// Measurement 20(1), 37–46.
pub fn cohen_kappa<const K: usize>(table: &[[u64; K]; K]) -> Option<f64> {
    let n = as_f64(table.iter().flatten().sum());
    let observed: u64 = table.iter().enumerate().filter_map(|(i, row)| row.get(i)).sum();
    let mut expected = 0.0;
    for (i, row) in table.iter().enumerate() {
        let column: u64 = table.iter().filter_map(|r| r.get(i)).sum();
        expected += as_f64(row.iter().sum()) * as_f64(column);
    }
    let expected = if n > 0.0 { expected / n } else { return None };
    (n - expected > 1e-9 * n).then(|| (as_f64(observed) - expected) / (n - expected))
}

/// Krippendorff's alpha for nominal values, any number of coders, missing values allowed.
///
/// A unit is the list of the values it was given; a value that is missing is left out of the list. Units with fewer
/// than two values tell nothing about agreement and are passed over. `None` where all values are the same.
///
/// Source: K. Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, Annenberg School for Communication.
pub fn krippendorff_alpha<V: Ord>(units: &[Vec<V>]) -> Option<f64> {
    let mut totals: BTreeMap<&V, f64> = BTreeMap::new();
    let mut agreeing = 0.0;
    for unit in units.iter().filter(|unit| unit.len() > 1) {
        let mut counts: BTreeMap<&V, u64> = BTreeMap::new();
        for value in unit {
            *counts.entry(value).or_default() += 1;
        }
        let pairable = as_f64(unit.len() as u64 - 1);
        for (value, count) in counts {
            *totals.entry(value).or_default() += as_f64(count);
            agreeing += as_f64(count * (count - 1)) / pairable;
        }
    }
    alpha_of(agreeing, &totals.into_values().collect::<Vec<_>>())
}

/// Alpha from the diagonal sum of the coincidence matrix and its margins.
fn alpha_of(agreeing: f64, margins: &[f64]) -> Option<f64> {
    let n: f64 = margins.iter().sum();
    let by_chance: f64 = margins.iter().map(|m| m * (m - 1.0)).sum();
    let most = n * (n - 1.0);
    (n > 1.0 && most - by_chance > 1e-9 * most)
        .then(|| ((n - 1.0) * agreeing - by_chance) / (most - by_chance))
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| as_f64(part) / as_f64(whole))
}

/// Counts of passages are far below 2^53.
fn as_f64(count: u64) -> f64 {
    count as f64
}

/// A small random number generator, seeded, so that intervals are the same on every machine.
///
/// Source: splitmix64 of G. Steele, D. Lea, C. Flood (2014), Fast splittable pseudorandom number generators, OOPSLA.
#[derive(Debug, Clone)]
pub struct SplitMix64(u64);

impl SplitMix64 {
    /// Begins the sequence of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number, uniform over all of `u64`.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound` (0 for a bound of 0); its bias, below `bound` / 2^64, is of no account here.
    pub fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next_u64()) * bound as u128) >> 64) as usize
    }
}

/// A 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The 95 % percentile interval of the values that a bootstrap gave, undefined ones left out.
///
/// `None` where fewer than half of the resamples gave a value: the interval would describe the others.
///
/// Source: B. Efron, R. Tibshirani (1993), An Introduction to the Bootstrap, chapter 13.
pub fn percentile_interval(values: &[Option<f64>]) -> Option<Interval> {
    let mut known: Vec<f64> = values.iter().copied().flatten().collect();
    if known.is_empty() || 2 * known.len() < values.len() {
        return None;
    }
    known.sort_unstable_by(f64::total_cmp);
    // Nearest rank: the k-th of n where k = ⌈q n⌉.
    let rank = |per_mille: usize| (known.len() * per_mille).div_ceil(1000).saturating_sub(1);
    Some(Interval {
        low: *known.get(rank(25))?,
        high: *known.get(rank(975))?,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn near(value: Option<f64>, expected: f64) {
        let value = value.unwrap();
        assert!((value - expected).abs() < 5e-4, "{value} is not {expected}");
    }

    #[test]
    fn kappa_of_published_tables() {
        // Cohen (1960), table 2: 200 units.
        near(cohen_kappa(&[[88, 14, 18], [10, 40, 10], [2, 6, 12]]), 0.492);
        // Fleiss (1981), Statistical Methods for Rates and Proportions, table 13.1: psychosis, neurosis, organic.
        near(cohen_kappa(&[[75, 1, 4], [5, 4, 1], [0, 0, 10]]), 0.676);
        assert_eq!(cohen_kappa(&[[5, 0], [0, 0]]), None);
        assert_eq!(cohen_kappa(&[[0, 0], [0, 0]]), None);
    }

    fn pairs(first: &str, second: &str) -> Vec<Vec<char>> {
        first
            .chars()
            .zip(second.chars())
            .map(|(a, b)| vec![a, b])
            .collect()
    }

    #[test]
    fn alpha_of_krippendorffs_examples() {
        // Krippendorff (2011), A: binary data, two observers (Meg, Owen), no missing data.
        let a = pairs("0100000010", "1110010000");
        near(krippendorff_alpha(&a), 0.095);
        // B: nominal data, two observers (Ben, Gerry), no missing data.
        near(krippendorff_alpha(&pairs("aabbdcccedda", "babbbccceddd")), 0.692);
        // C: nominal data, four observers, missing data.
        let observers = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."];
        let units: Vec<Vec<char>> = (0..12)
            .map(|u| {
                let values = observers.iter().filter_map(|o| o.chars().nth(u));
                values.filter(|v| *v != '.').collect()
            })
            .collect();
        near(krippendorff_alpha(&units), 0.743);
    }

    #[test]
    fn the_binary_shortcut_is_the_same_alpha() {
        let mut confusion = Confusion::default();
        for (first, second) in "0100000010".chars().zip("1110010000".chars()) {
            confusion.add(first == '1', second == '1');
        }
        near(confusion.alpha(), 0.095);
    }

    #[test]
    fn rates_are_those_of_the_counts() {
        let c = Confusion {
            both: 6,
            only_second: 2,
            only_first: 4,
            neither: 88,
        };
        assert_eq!(
            (c.precision(), c.recall(), c.f1()),
            (Some(0.75), Some(0.6), Some(12.0 / 18.0))
        );
        assert_eq!(Confusion::default().f1(), None);
        assert_eq!(
            Confusion {
                neither: 9,
                ..Default::default()
            }
            .alpha(),
            None
        );
    }

    #[test]
    fn splitmix64_gives_the_reference_sequence() {
        // The first outputs of the reference implementation (Vigna, splitmix64.c) for the seed 1234567.
        let mut random = SplitMix64::new(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| random.next_u64()).collect();
        assert_eq!(
            first,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
        assert!((0..1000).all(|_| random.below(7) < 7));
        assert_eq!(random.below(0), 0);
    }

    #[test]
    fn percentiles_cut_two_and_a_half_of_a_hundred() {
        let values: Vec<Option<f64>> = (1..=1000).map(|i| Some(f64::from(i))).collect();
        assert_eq!(
            percentile_interval(&values),
            Some(Interval {
                low: 25.0,
                high: 975.0
            })
        );
        assert_eq!(percentile_interval(&[None, None, Some(1.0)]), None);
        assert_eq!(percentile_interval(&[]), None);
    }

    proptest! {
        #[test]
        fn the_shortcut_never_differs(cells in prop::collection::vec(any::<(bool, bool)>(), 0..40)) {
            let mut confusion = Confusion::default();
            cells.iter().for_each(|(a, b)| confusion.add(*a, *b));
            let units: Vec<Vec<bool>> = cells.iter().map(|(a, b)| vec![*a, *b]).collect();
            match (confusion.alpha(), krippendorff_alpha(&units)) {
                (Some(a), Some(b)) => prop_assert!((a - b).abs() < 1e-9),
                (a, b) => prop_assert_eq!(a, b),
            }
        }

        #[test]
        fn kappa_is_one_only_without_disagreement(both in 1u64..50, neither in 1u64..50, wrong in 0u64..50) {
            let c = Confusion { both, neither, only_first: wrong, only_second: 0 };
            let kappa = c.kappa().unwrap();
            prop_assert_eq!((kappa - 1.0).abs() < 1e-12, wrong == 0);
            prop_assert!((-1.0..=1.0 + 1e-12).contains(&kappa));
        }
    }
}
