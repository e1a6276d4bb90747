//! Quantiles of a sample.

/// A quantile, interpolated between the two nearest values: type 7 of Hyndman & Fan (1996), the default of R.
///
/// `None` without values.
///
/// # Arguments
/// * `sorted` - ascending, no NaN.
/// * `share` - between 0 (the least value) and 1 (the greatest); beyond that it is taken as the nearer of the two.
pub fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = last as f64 * share.clamp(0.0, 1.0);
    let below = (place.floor() as usize).min(last);
    let above = (below + 1).min(last);
    let (low, high) = (*sorted.get(below)?, *sorted.get(above)?);
    Some(low + (place - below as f64) * (high - low))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `quantile(1:10)` of R prints 1.00 3.25 5.50 7.75 10.00.
    #[test]
    fn as_r_computes_it() {
        let values: Vec<f64> = (1..=10).map(f64::from).collect();
        let quartiles = [0.0, 0.25, 0.5, 0.75, 1.0].map(|share| quantile(&values, share));
        assert_eq!(quartiles, [1.0, 3.25, 5.5, 7.75, 10.0].map(Some));
    }

    #[test]
    fn of_few_values() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[4.0], 0.75), Some(4.0));
        assert_eq!(quantile(&[1.0, 2.0], 0.5), Some(1.5));
        assert_eq!(quantile(&[1.0, 2.0], 9.0), Some(2.0));
    }
}
