//! Tests of association: does a category's disclosure depend on industry, kind of report or year?
//!
//! A table of counts has a row per group and a column per outcome (disclosed, not disclosed). What is not known is left
//! out before. Where the companies are a whole frame and no sample of one, a p value says how easily chance alone would
//! give such differences, nothing about companies outside.

use statrs::function::factorial::ln_factorial;
use statrs::function::gamma::checked_gamma_ur;

/// Pearson's chi-square test of independence.
#[derive(Debug, Clone, PartialEq)]
pub struct ChiSquare {
    /// X², without continuity correction.
    pub statistic: f64,
    /// Degrees of freedom.
    pub degrees: u64,
    /// Probability of an X² at least as large under independence.
    pub p: f64,
    /// The smallest count expected under independence: below 5 the p value is not to be trusted (W. G. Cochran, "Some
    /// methods for strengthening the common χ² tests", *Biometrics* 10 (1954), 417–451).
    pub least_expected: f64,
    /// Cramér's V, from 0 (independent) to 1: √(X² / (n · (min(rows, columns) − 1))). H. Cramér, *Mathematical Methods
    /// of Statistics* (1946), 282.
    pub cramers_v: f64,
    /// Adjusted residuals, as the table is laid out: beyond ±2 a cell departs from independence. S. J. Haberman, "The
    /// analysis of residuals in cross-classified tables", *Biometrics* 29 (1973), 205–220.
    pub residuals: Vec<Vec<f64>>,
}

/// The sums along both sides of a table of counts.
struct Margins {
    rows: Vec<u64>,
    columns: Vec<u64>,
    total: u64,
}

impl Margins {
    /// `None` when the rows differ in length, or fewer than two rows or two columns hold anything: nothing to compare.
    fn of(table: &[Vec<u64>]) -> Option<Self> {
        let width = table.first()?.len();
        if table.iter().any(|row| row.len() != width) {
            return None;
        }
        let rows: Vec<u64> = table.iter().map(|row| row.iter().sum()).collect();
        let columns: Vec<u64> = (0..width)
            .map(|place| table.iter().filter_map(|row| row.get(place)).sum())
            .collect();
        let filled = |sums: &[u64]| sums.iter().filter(|sum| **sum > 0).count();
        (filled(&rows) >= 2 && filled(&columns) >= 2).then(|| Margins {
            total: rows.iter().sum(),
            rows,
            columns,
        })
    }

    fn filled(sums: &[u64]) -> u64 {
        sums.iter().filter(|sum| **sum > 0).count() as u64
    }
}

/// Pearson's test of independence; `None` when fewer than two groups or two outcomes occur.
///
/// K. Pearson, *Philosophical Magazine* 50 (1900), 157–175. Empty rows and columns do not count.
pub fn chi_square(table: &[Vec<u64>]) -> Option<ChiSquare> {
    let margins = Margins::of(table)?;
    let n = margins.total as f64;
    let (mut statistic, mut least_expected) = (0.0, f64::INFINITY);
    let mut residuals = Vec::with_capacity(table.len());
    for (row, row_sum) in table.iter().zip(&margins.rows) {
        let mut line = Vec::with_capacity(row.len());
        for (count, column_sum) in row.iter().zip(&margins.columns) {
            let (r, c) = (*row_sum as f64, *column_sum as f64);
            let expected = r * c / n;
            if expected == 0.0 {
                line.push(0.0);
                continue;
            }
            let difference = *count as f64 - expected;
            statistic += difference * difference / expected;
            least_expected = f64::min(least_expected, expected);
            line.push(difference / (expected * (1.0 - r / n) * (1.0 - c / n)).sqrt());
        }
        residuals.push(line);
    }
    let (rows, columns) = (Margins::filled(&margins.rows), Margins::filled(&margins.columns));
    let degrees = (rows - 1) * (columns - 1);
    let cramers_v = (statistic / (n * (rows.min(columns) - 1) as f64)).sqrt().min(1.0);
    let p = chi_square_tail(statistic, degrees)?;
    Some(ChiSquare {
        statistic,
        degrees,
        p,
        least_expected,
        cramers_v,
        residuals,
    })
}

/// Probability that a chi-square variable is at least `statistic`.
fn chi_square_tail(statistic: f64, degrees: u64) -> Option<f64> {
    if statistic <= 0.0 {
        return Some(1.0);
    }
    checked_gamma_ur(degrees as f64 / 2.0, statistic / 2.0).ok()
}

/// Tables whose probabilities differ by less count as equally probable, as in R.
const SAME: f64 = 1e-7;

/// Fisher's exact test of a 2 × 2 table, two-sided: the probability of all tables with the same margins that are at most
/// as probable as this one.
///
/// R. A. Fisher, *The Design of Experiments* (1935), chapter 2; two-sided as R's `fisher.test`.
pub fn fisher_exact(table: [[u64; 2]; 2]) -> f64 {
    let [[a, b], [c, d]] = table;
    let (first_row, second_row, first_column) = (a + b, c + d, a + c);
    let probability = |x: u64| {
        let cells = [x, first_row - x, first_column - x, second_row + x - first_column];
        -cells.iter().map(|cell| ln_factorial(*cell)).sum::<f64>()
    };
    let observed = probability(a);
    let (mut as_rare, mut all) = (0.0, 0.0);
    for x in first_column.saturating_sub(second_row)..=first_row.min(first_column) {
        // Relative to the observed table, so that nothing underflows.
        let relative = (probability(x) - observed).exp();
        all += relative;
        if relative <= 1.0 + SAME {
            as_rare += relative;
        }
    }
    (as_rare / all).min(1.0)
}

/// Fisher's test of a table of any size by simulation: the share of `samples` random tables with the same margins that
/// are at most as probable as this one, the table itself counted among them. `None` when there is nothing to compare.
///
/// G. H. Freeman and J. H. Halton, *Biometrika* 38 (1951), 141–149; the p value as in A. C. A. Hope, *Journal of the Royal
/// Statistical Society* B 30 (1968), 582–598. Tables are drawn by shuffling. The same seed gives the same value on every
/// machine.
pub fn fisher_simulated(table: &[Vec<u64>], samples: u32, seed: u64) -> Option<f64> {
    let margins = Margins::of(table)?;
    let mut outcomes: Vec<usize> = Vec::new();
    for (place, sum) in margins.columns.iter().enumerate() {
        outcomes.extend(std::iter::repeat_n(place, usize::try_from(*sum).ok()?));
    }
    let probability = |cells: &mut dyn Iterator<Item = u64>| -cells.map(ln_factorial).sum::<f64>();
    let observed = probability(&mut table.iter().flatten().copied());
    let mut random = SplitMix64(seed);
    let mut as_rare = 1u32;
    let mut drawn = vec![0u64; margins.columns.len()];
    for _ in 0..samples {
        random.shuffle(&mut outcomes);
        let mut rest = outcomes.as_slice();
        let mut sample = 0.0;
        for row in &margins.rows {
            let (taken, left) = rest.split_at_checked(usize::try_from(*row).ok()?)?;
            rest = left;
            drawn.fill(0);
            for outcome in taken {
                if let Some(count) = drawn.get_mut(*outcome) {
                    *count += 1;
                }
            }
            sample += probability(&mut drawn.iter().copied());
        }
        if sample <= observed + SAME {
            as_rare += 1;
        }
    }
    Some(f64::from(as_rare) / f64::from(samples + 1))
}

/// McNemar's exact test for the same companies in two years: `gained` newly disclose, `lost` no longer do.
///
/// Q. McNemar, *Psychometrika* 12 (1947), 153–157, in its exact form: two-sided binomial with one half. 1 when nobody
/// changed.
pub fn mcnemar_exact(gained: u64, lost: u64) -> f64 {
    let n = gained + lost;
    let ln_half_power = n as f64 * 0.5f64.ln();
    let tail: f64 = (0..=gained.min(lost))
        .map(|k| (ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k) + ln_half_power).exp())
        .sum();
    (2.0 * tail).min(1.0)
}

/// Holm's step-down adjustment, in the order given: compare with the level of the whole family.
///
/// S. Holm, "A simple sequentially rejective multiple test procedure", *Scandinavian Journal of Statistics* 6 (1979),
/// 65–70.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<(usize, f64)> = p.iter().copied().enumerate().collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut adjusted = vec![0.0; p.len()];
    let mut largest: f64 = 0.0;
    for (rank, (place, value)) in order.into_iter().enumerate() {
        largest = largest.max((value * (p.len() - rank) as f64).min(1.0));
        if let Some(slot) = adjusted.get_mut(place) {
            *slot = largest;
        }
    }
    adjusted
}

/// G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014. Written out here
/// because generators of crates change between versions, and with them the p values of a published table.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Fisher and Yates. The bias of the multiplication is below 2⁻³² for any table there is.
    fn shuffle(&mut self, items: &mut [usize]) {
        for last in (1..items.len()).rev() {
            let pick = (u128::from(self.next()) * (last as u128 + 1)) >> 64;
            items.swap(last, pick as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(value: f64, expected: f64, tolerance: f64) {
        assert!((value - expected).abs() <= tolerance, "{value} is not {expected}");
    }

    /// Agresti, *An Introduction to Categorical Data Analysis* (2007), p. 39: party by gender; R's `?chisq.test` gives
    /// X-squared = 30.07, df = 2, p-value = 2.954e-07 and the standardized residuals below.
    #[test]
    fn party_and_gender() {
        let test = chi_square(&[vec![762, 327, 468], vec![484, 239, 477]]).unwrap();
        close(test.statistic, 30.07, 0.005);
        assert_eq!(test.degrees, 2);
        close(test.p, 2.954e-7, 5e-11);
        for (residual, expected) in test.residuals[0]
            .iter()
            .zip([4.502_053_5, 0.699_451_7, -5.315_945_5])
        {
            close(*residual, expected, 5e-7);
        }
        for (first, second) in test.residuals[0].iter().zip(&test.residuals[1]) {
            close(first + second, 0.0, 1e-9);
        }
        // √(30.07 / 2757)
        close(test.cramers_v, 0.1044, 5e-5);
        // The smallest: 1200 · 566 / 2757
        close(test.least_expected, 246.3547, 5e-5);
    }

    #[test]
    fn complete_and_no_association() {
        let complete = chi_square(&[vec![10, 0], vec![0, 10]]).unwrap();
        close(complete.statistic, 20.0, 1e-12);
        close(complete.cramers_v, 1.0, 1e-12);
        let none = chi_square(&[vec![10, 20], vec![5, 10]]).unwrap();
        close(none.statistic, 0.0, 1e-12);
        close(none.p, 1.0, 1e-12);
    }

    #[test]
    fn nothing_to_compare() {
        assert_eq!(chi_square(&[]), None);
        assert_eq!(chi_square(&[vec![3, 4]]), None);
        // Everybody discloses.
        assert_eq!(chi_square(&[vec![3, 0], vec![4, 0]]), None);
        assert_eq!(chi_square(&[vec![3, 1], vec![4]]), None);
        assert_eq!(fisher_simulated(&[vec![3, 0], vec![4, 0]], 10, 1), None);
    }

    #[test]
    fn an_empty_group_changes_nothing() {
        let with = chi_square(&[vec![3, 9], vec![0, 0], vec![8, 2]]).unwrap();
        let without = chi_square(&[vec![3, 9], vec![8, 2]]).unwrap();
        assert_eq!(
            (with.statistic, with.degrees, with.p),
            (without.statistic, without.degrees, without.p)
        );
        assert_eq!(with.cramers_v, without.cramers_v);
    }

    /// R's `?fisher.test`: the tea-tasting lady (p = 0.4857 two-sided) and Fisher's twins (p-value = 0.0005367).
    #[test]
    fn tea_and_twins() {
        close(fisher_exact([[3, 1], [1, 3]]), 34.0 / 70.0, 1e-12);
        close(fisher_exact([[2, 15], [10, 3]]), 0.000_536_7, 5e-8);
        close(fisher_exact([[15, 2], [3, 10]]), 0.000_536_7, 5e-8);
        assert_eq!(fisher_exact([[0, 0], [0, 0]]), 1.0);
        assert_eq!(fisher_exact([[5, 0], [7, 0]]), 1.0);
    }

    /// Agresti, *Categorical Data Analysis* (2002), p. 57, in R's `?fisher.test`: job satisfaction, p-value = 0.7827.
    #[test]
    fn job_satisfaction_by_simulation() {
        let table = [
            vec![1, 3, 10, 6],
            vec![2, 3, 10, 7],
            vec![1, 6, 14, 12],
            vec![0, 1, 9, 11],
        ];
        let p = fisher_simulated(&table, 20_000, 2019).unwrap();
        // Three standard errors: 3 · √(0.78 · 0.22 / 20000)
        close(p, 0.7827, 0.0088);
        assert_eq!(fisher_simulated(&table, 500, 7), fisher_simulated(&table, 500, 7));
    }

    #[test]
    fn simulation_agrees_with_the_exact_test() {
        let p = fisher_simulated(&[vec![2, 15], vec![10, 9]], 20_000, 1).unwrap();
        close(p, fisher_exact([[2, 15], [10, 9]]), 0.004);
    }

    /// By hand: 5 against 16 gives 2 (1 + 21 + 210 + 1330 + 5985 + 20349) / 2²¹ = 55792 / 2097152.
    #[test]
    fn mcnemar() {
        close(mcnemar_exact(5, 16), 55_792.0 / 2_097_152.0, 1e-12);
        close(mcnemar_exact(16, 5), 55_792.0 / 2_097_152.0, 1e-12);
        // 9 against 1: 2 (1 + 10) / 1024.
        close(mcnemar_exact(9, 1), 22.0 / 1024.0, 1e-12);
        assert_eq!(mcnemar_exact(0, 0), 1.0);
        assert_eq!(mcnemar_exact(4, 4), 1.0);
    }

    /// By hand, n = 4: 0.005 · 4 = 0.02, 0.01 · 3 = 0.03, 0.03 · 2 = 0.06, 0.04 · 1 raised to 0.06.
    #[test]
    fn holm_steps_down() {
        for (value, expected) in holm(&[0.01, 0.04, 0.03, 0.005])
            .iter()
            .zip([0.03, 0.06, 0.06, 0.02])
        {
            close(*value, expected, 1e-12);
        }
        assert_eq!(holm(&[0.9, 0.8]), [1.0, 1.0]);
        assert!(holm(&[]).is_empty());
    }

    /// The first numbers of the published generator for seed 1234567, as in its test suites.
    #[test]
    fn the_generator_is_the_published_one() {
        let mut random = SplitMix64(1_234_567);
        let numbers: Vec<u64> = (0..3).map(|_| random.next()).collect();
        assert_eq!(
            numbers,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }
}
