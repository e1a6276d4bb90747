//! Hashes of texts put together from the hashes of their parts.

/// 2^61 − 1, a prime: products of two remainders fit 128 bits and are reduced by a shift.
const MODULUS: u64 = (1 << 61) - 1;
/// Of the polynomial; any number that is not small does.
const BASE: u64 = 0x0739_1c5f_9b2e_71d3;

/// The hash of a text, from which that of a longer text is made: bytes as the coefficients of a polynomial modulo a prime
/// (Karp & Rabin 1987). The same on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hash {
    pub value: u64,
    /// The base to the power of the length.
    power: u64,
}

impl Hash {
    /// Of the empty text.
    pub const EMPTY: Self = Self { value: 0, power: 1 };

    /// Of a text.
    pub fn of(text: &str) -> Self {
        text.bytes().fold(Self::EMPTY, |hash, byte| Self {
            value: reduced(u128::from(hash.value) * u128::from(BASE) + u128::from(byte) + 1),
            power: reduced(u128::from(hash.power) * u128::from(BASE)),
        })
    }

    /// Of this text with another behind it.
    pub fn then(self, next: Self) -> Self {
        Self {
            value: reduced(u128::from(self.value) * u128::from(next.power) + u128::from(next.value)),
            power: reduced(u128::from(self.power) * u128::from(next.power)),
        }
    }
}

/// A number below 2^123 modulo the prime.
fn reduced(x: u128) -> u64 {
    let folded = (x as u64 & MODULUS) + (x >> 61) as u64;
    let folded = (folded & MODULUS) + (folded >> 61);
    if folded >= MODULUS {
        folded - MODULUS
    } else {
        folded
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn small_numbers_are_as_worked_out_by_hand() {
        assert_eq!(Hash::of("").value, 0);
        assert_eq!(Hash::of("\0").value, 1);
        assert_eq!(Hash::of("\0\0").value, reduced(u128::from(BASE) + 1));
        assert_eq!(reduced(u128::from(MODULUS)), 0);
        assert_eq!(reduced(u128::from(MODULUS) * u128::from(MODULUS) + 5), 5);
    }

    proptest! {
        #[test]
        fn parts_make_the_hash_of_the_whole(a: String, b: String, c: String) {
            let parts = Hash::of(&a).then(Hash::of(&b)).then(Hash::of(&c));
            prop_assert_eq!(parts, Hash::of(&format!("{a}{b}{c}")));
        }

        #[test]
        fn other_texts_have_other_hashes(a: String, b: String) {
            prop_assert_eq!(a == b, Hash::of(&a).value == Hash::of(&b).value);
        }
    }
}
