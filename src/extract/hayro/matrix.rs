//! Affine transforms of page space.

/// A transform `[a b c d e f]` as PDF writes it: (x, y) → (a·x + c·y + e, b·x + d·y + f).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Matrix(pub [f64; 6]);

impl Matrix {
    pub const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    pub fn translate(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// The transform that does `first` and then `self`.
    pub fn after(self, first: Self) -> Self {
        let ([a, b, c, d, e, f], g) = (self.0, first.0);
        Self([
            a * g[0] + c * g[1],
            b * g[0] + d * g[1],
            a * g[2] + c * g[3],
            b * g[2] + d * g[3],
            a * g[4] + c * g[5] + e,
            b * g[4] + d * g[5] + f,
        ])
    }

    pub fn point(self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// Transforms a direction: the translation is left out.
    pub fn vector(self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, _, _] = self.0;
        (a * x + c * y, b * x + d * y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composition_applies_the_inner_transform_first() {
        let double = Matrix([2.0, 0.0, 0.0, 2.0, 0.0, 0.0]);
        let moved = Matrix::translate(10.0, 0.0);
        assert_eq!(double.after(moved).point(1.0, 1.0), (22.0, 2.0));
        assert_eq!(moved.after(double).point(1.0, 1.0), (12.0, 2.0));
    }
}
