//! Tables whose sides no rule shows: rules along the lines that all begin and end at the same places, with rules between
//! the columns inside them.

/// Ends this close (points) are one.
const NEAR: f32 = 2.5;

/// Adds the sides that are missing. `along` and `across` are the rules along and across the lines.
pub(super) fn close(along: &[[f32; 4]], across: &mut Vec<[f32; 4]>) {
    let mut added: Vec<[f32; 4]> = Vec::new();
    for stack in stacks(along) {
        for band in stack.bands() {
            let [left, top, right, bottom] = band;
            let covers = |r: &[f32; 4]| r[1] < top + NEAR && r[3] > bottom - NEAR;
            let inside = |r: &[f32; 4]| r[0] > left + NEAR && r[0] < right - NEAR;
            if !across.iter().any(|r| inside(r) && covers(r)) {
                continue;
            }
            let missing = |u: &f32| !across.iter().any(|r| (r[0] - u).abs() < NEAR && covers(r));
            let sides = [left, right].into_iter().filter(missing);
            added.extend(sides.map(|u| [u, top, u, bottom]));
        }
    }
    across.extend(added);
}

/// Rules that begin and end at the same places, from the top.
#[derive(Debug)]
struct Stack {
    left: f32,
    right: f32,
    levels: Vec<f32>,
}

impl Stack {
    /// The boxes between neighbouring rules.
    fn bands(&self) -> impl Iterator<Item = [f32; 4]> {
        self.levels.windows(2).filter_map(|w| match w {
            [top, bottom] if bottom - top > 2.0 * NEAR => Some([self.left, *top, self.right, *bottom]),
            _ => None,
        })
    }
}

fn stacks(along: &[[f32; 4]]) -> Vec<Stack> {
    let mut out: Vec<Stack> = Vec::new();
    for [left, right, level] in chains(along) {
        let same = |s: &&mut Stack| (s.left - left).abs() < NEAR && (s.right - right).abs() < NEAR;
        match out.iter_mut().find(same) {
            Some(stack) => stack.levels.push(level),
            None => out.push(Stack {
                left,
                right,
                levels: vec![level],
            }),
        }
    }
    out.retain(|s| s.levels.len() >= 3);
    out
}

/// Left, right and height of the rules, the pieces of one joined, from the top.
fn chains(along: &[[f32; 4]]) -> Vec<[f32; 3]> {
    let mut pieces: Vec<[f32; 3]> = along.iter().map(|r| [r[0], r[2], 0.5 * (r[1] + r[3])]).collect();
    pieces.sort_by(|a, b| a[2].total_cmp(&b[2]).then(a[0].total_cmp(&b[0])));
    let mut out: Vec<[f32; 3]> = Vec::new();
    // Where the pieces of this height begin.
    let mut level = 0;
    for [left, right, at] in pieces {
        if out.get(level).is_none_or(|[_, _, first]| at - first > 1.5) {
            level = out.len();
        }
        let touching = |[from, to, _]: &&mut [f32; 3]| left < *to + NEAR && right > *from - NEAR;
        match out.iter_mut().skip(level).find(touching) {
            Some([from, to, _]) => (*from, *to) = (from.min(left), to.max(right)),
            None => out.push([left, right, at]),
        }
    }
    out
}
