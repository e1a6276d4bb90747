//! Confidence intervals of a proportion.

/// The 97.5 % point of the standard normal distribution: two-sided 95 %.
const Z_95: f64 = 1.959_963_984_540_054;

/// The 95 % score interval of `successes` out of `trials`, without continuity correction; `None` without trials.
///
/// E. B. Wilson, "Probable inference, the law of succession, and statistical inference", *Journal of the American
/// Statistical Association* 22 (1927), 209–212; method 3 of R. G. Newcombe, "Two-sided confidence intervals for the
/// single proportion: comparison of seven methods", *Statistics in Medicine* 17 (1998), 857–872.
///
/// Both ends are within 0 and 1, also for 0 of n and n of n, and it holds its level for the small groups of an
/// industry, where the textbook interval p ± 1.96 √(pq/n) shrinks to nothing.
///
/// ```
/// let (low, high) = mieruka::stats::interval::wilson(81, 263).unwrap();
/// assert_eq!(format!("{low:.4} {high:.4}"), "0.2553 0.3662");
/// ```
pub fn wilson(successes: u64, trials: u64) -> Option<(f64, f64)> {
    if trials == 0 || successes > trials {
        return None;
    }
    let (r, n) = (successes as f64, trials as f64);
    let z2 = Z_95 * Z_95;
    let centre = 2.0 * r + z2;
    let spread = Z_95 * (z2 + 4.0 * r * (1.0 - r / n)).sqrt();
    let width = 2.0 * (n + z2);
    // The ends of 0 of n and n of n are exact in arithmetic but not in floating point.
    let low = if successes == 0 {
        0.0
    } else {
        (centre - spread) / width
    };
    let high = if successes == trials {
        1.0
    } else {
        (centre + spread) / width
    };
    Some((low, high))
}

#[cfg(test)]
mod tests {
    use super::wilson;

    /// The four examples of Newcombe (1998), table I, row "score".
    #[test]
    fn newcombe_table_1() {
        for (r, n, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0000, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let (l, h) = wilson(r, n).unwrap();
            assert!(
                (l - low).abs() < 5e-5 && (h - high).abs() < 5e-5,
                "{r}/{n}: {l} {h}"
            );
        }
    }

    #[test]
    fn mirror_image() {
        for n in 1..40 {
            for r in 0..=n {
                let (low, high) = wilson(r, n).unwrap();
                let (low_of_rest, high_of_rest) = wilson(n - r, n).unwrap();
                assert!((low - (1.0 - high_of_rest)).abs() < 1e-12);
                assert!((high - (1.0 - low_of_rest)).abs() < 1e-12);
                let p = r as f64 / n as f64;
                assert!(0.0 <= low && low <= p && p <= high && high <= 1.0, "{r}/{n}");
            }
        }
    }

    #[test]
    fn nothing_without_trials() {
        assert_eq!(wilson(0, 0), None);
        assert_eq!(wilson(3, 2), None);
    }
}
