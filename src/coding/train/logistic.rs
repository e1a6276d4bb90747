//! Logistic regression with an L2 penalty, fitted by L-BFGS: no chance in it, so that the same passages give the same
//! weights.
//!
//! Minimises ½|w|² + C Σ ln(1 + exp(−y(w·x + b))) as LIBLINEAR does (Fan et al. 2008), the intercept free of the penalty, by
//! limited-memory BFGS (Liu & Nocedal 1989) with backtracking.

/// A passage: numbers of its features, ascending, and their values.
pub(super) type Row = Vec<(u32, f64)>;

/// Pairs of steps and changes of the gradient that the curvature is estimated from.
const MEMORY: usize = 8;
const STEPS: usize = 200;
/// The gradient has become so much smaller than it was: done.
const ENOUGH: f64 = 1e-4;

/// Weights by feature, and last the intercept.
///
/// # Arguments
/// * `given` - whether each row has the code.
/// * `c` - what a mistake costs against the penalty of a weight.
pub(super) fn fit(rows: &[&Row], given: &[bool], features: usize, c: f64) -> Vec<f64> {
    let problem = Problem { rows, given, c };
    let mut w = vec![0.0; features + 1];
    let mut gradient = vec![0.0; features + 1];
    let mut loss = problem.loss(&w, &mut gradient);
    let start = norm(&gradient);
    let mut memory: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
    let (mut next, mut next_gradient) = (w.clone(), gradient.clone());
    for _ in 0..STEPS {
        if norm(&gradient) <= ENOUGH * start {
            break;
        }
        let direction = direction(&gradient, &memory);
        let slope = dot(&direction, &gradient);
        let mut step = if memory.is_empty() {
            1.0 / start.max(1.0)
        } else {
            1.0
        };
        let better = loop {
            for (n, (w, d)) in next.iter_mut().zip(w.iter().zip(&direction)) {
                *n = w + step * d;
            }
            let found = problem.loss(&next, &mut next_gradient);
            if found <= loss + 1e-4 * step * slope {
                break Some(found);
            }
            step *= 0.5;
            if step < 1e-12 {
                break None;
            }
        };
        let Some(better) = better else { break };
        let moved: Vec<f64> = next.iter().zip(&w).map(|(a, b)| a - b).collect();
        let turned: Vec<f64> = next_gradient.iter().zip(&gradient).map(|(a, b)| a - b).collect();
        if dot(&moved, &turned) > 1e-12 {
            if memory.len() == MEMORY {
                memory.remove(0);
            }
            memory.push((moved, turned));
        }
        std::mem::swap(&mut w, &mut next);
        std::mem::swap(&mut gradient, &mut next_gradient);
        loss = better;
    }
    w
}

struct Problem<'a> {
    rows: &'a [&'a Row],
    given: &'a [bool],
    c: f64,
}

impl Problem<'_> {
    /// The loss and its gradient.
    fn loss(&self, w: &[f64], gradient: &mut [f64]) -> f64 {
        let features = w.len().saturating_sub(1);
        let mut loss = 0.0;
        for (g, w) in gradient.iter_mut().zip(w).take(features) {
            *g = *w;
            loss += 0.5 * w * w;
        }
        let mut free = 0.0;
        for (row, given) in self.rows.iter().zip(self.given) {
            let sign = if *given { 1.0 } else { -1.0 };
            let margin = sign * score(row, w);
            // ln(1 + exp(-m)) without overflow.
            let small = libm::exp(-margin.abs());
            loss += self.c * (libm::log1p(small) + (-margin).max(0.0));
            let probability = if margin >= 0.0 {
                small / (1.0 + small)
            } else {
                1.0 / (1.0 + small)
            };
            let pull = -self.c * sign * probability;
            free += pull;
            for (i, value) in row.iter() {
                if let Some(g) = gradient.get_mut(*i as usize) {
                    *g += pull * value;
                }
            }
        }
        if let Some(last) = gradient.last_mut() {
            *last = free;
        }
        loss
    }
}

/// The score of a row; features the weights do not know count nothing.
pub(super) fn score(row: &Row, w: &[f64]) -> f64 {
    let features = w.len().saturating_sub(1);
    let mut sum = w.last().copied().unwrap_or(0.0);
    for (i, value) in row.iter().filter(|(i, _)| (*i as usize) < features) {
        sum += value * w.get(*i as usize).copied().unwrap_or(0.0);
    }
    sum
}

/// Where to go from here: the two-loop recursion.
fn direction(gradient: &[f64], memory: &[(Vec<f64>, Vec<f64>)]) -> Vec<f64> {
    let mut d: Vec<f64> = gradient.iter().map(|g| -g).collect();
    let mut shares = Vec::with_capacity(memory.len());
    for (moved, turned) in memory.iter().rev() {
        let share = dot(moved, &d) / dot(moved, turned);
        add(&mut d, -share, turned);
        shares.push(share);
    }
    if let Some((moved, turned)) = memory.last() {
        let scale = dot(moved, turned) / dot(turned, turned);
        d.iter_mut().for_each(|x| *x *= scale);
    }
    for ((moved, turned), share) in memory.iter().zip(shares.iter().rev()) {
        let back = dot(turned, &d) / dot(moved, turned);
        add(&mut d, share - back, moved);
    }
    d
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

fn add(to: &mut [f64], factor: f64, other: &[f64]) {
    for (a, b) in to.iter_mut().zip(other) {
        *a += factor * b;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minimum_is_found() {
        // One feature, twice with the code and once without, four rows without it: the gradient at the minimum is 0.
        let rows: Vec<Row> = vec![
            vec![(0, 1.0)],
            vec![(0, 1.0)],
            vec![(0, 1.0)],
            vec![],
            vec![],
            vec![(1, 0.5)],
            vec![(1, 0.5)],
        ];
        let rows: Vec<&Row> = rows.iter().collect();
        let given = [true, true, false, false, false, false, true];
        let w = fit(&rows, &given, 2, 10.0);
        let mut gradient = vec![0.0; 3];
        Problem {
            rows: &rows,
            given: &given,
            c: 10.0,
        }
        .loss(&w, &mut gradient);
        assert!(norm(&gradient) < 0.01, "{gradient:?}");
        assert!(w[0] > 0.0 && w[1] > 0.0 && w[2] < 0.0, "{w:?}");
    }

    #[test]
    fn a_code_of_every_row_ends_too() {
        let row: Row = vec![(0, 1.0)];
        let w = fit(&[&row, &row], &[true, true], 1, 10.0);
        assert!(score(&row, &w) > 1.0);
        assert!(w.iter().all(|w| w.is_finite()));
    }
}
