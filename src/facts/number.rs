//! Numbers as Japanese reports print them: 1,500, 3億8百万, 7億4千万, 十二, 98.6.

/// Reads a number with its multipliers; `None` where there is none or it overflows.
///
/// The text is normalised: half-width digits, no spaces.
pub fn read(text: &str) -> Option<f64> {
    let (mut total, mut part) = (0.0_f64, 0.0_f64);
    let mut digits = String::new();
    let mut any = false;
    for c in text.chars() {
        match c {
            '0'..='9' | '.' => digits.push(c),
            ',' => {}
            _ => {
                let pending = take(&mut digits)?;
                let (small, large) = multiplier(c)?;
                if large > 1.0 {
                    part += pending.unwrap_or(0.0);
                    total += if part == 0.0 { 1.0 } else { part } * large;
                    part = 0.0;
                } else {
                    part += pending.unwrap_or(1.0) * small;
                }
                any = true;
            }
        }
    }
    let rest = take(&mut digits)?;
    any |= rest.is_some();
    // 4.4億 is 440000000, not 440000000.00000006: no report tells more than six decimals.
    any.then(|| ((total + part + rest.unwrap_or(0.0)) * 1e6).round() / 1e6)
}

/// The digits so far as a number: none, one, or (the outer `None`) nothing that is a number.
fn take(digits: &mut String) -> Option<Option<f64>> {
    let text = std::mem::take(digits);
    if text.is_empty() {
        return Some(None);
    }
    text.parse().ok().map(Some)
}

/// 十, 百, 千 multiply what stands before them inside a group; 万, 億, 兆 close a group.
fn multiplier(c: char) -> Option<(f64, f64)> {
    Some(match c {
        '十' => (10.0, 1.0),
        '百' => (100.0, 1.0),
        '千' => (1_000.0, 1.0),
        '万' => (1.0, 1e4),
        '億' => (1.0, 1e8),
        '兆' => (1.0, 1e12),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multipliers_of_every_mixture() {
        for (text, value) in [
            ("1,500", 1_500.0),
            ("98.6", 98.6),
            ("0", 0.0),
            ("574百万", 574e6),
            ("3億8百万", 308e6),
            ("7億4千万", 740e6),
            ("1万2千", 12_000.0),
            ("2.5億", 250e6),
            ("4.4億", 440e6),
            ("十", 10.0),
            ("百", 100.0),
            ("1兆2,000億", 1.2e12),
            ("12千", 12_000.0),
        ] {
            assert_eq!(read(text), Some(value), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", ",", "1.2.3", "円", "."] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn digits_with_commas_are_read_as_digits(n in 0u32..2_000_000_000) {
            let plain = n.to_string();
            let mut commas = String::new();
            for (i, c) in plain.chars().enumerate() {
                if i > 0 && (plain.len() - i).is_multiple_of(3) {
                    commas.push(',');
                }
                commas.push(c);
            }
            proptest::prop_assert_eq!(read(&commas), Some(f64::from(n)));
        }
    }
}
