//! Frames and shades around a few words of a line: emphasis, not cells.

use super::segment::Segment;

/// Ends this close (points) are one.
const NEAR: f32 = 1.5;
/// A frame around words is at most so many em high.
const HIGHEST: f32 = 2.1;

/// Takes out the frames that a line of text runs through. `along` and `across` are the rules along and across the lines.
pub(super) fn drop_frames(lines: &[&Segment], along: &mut Vec<[f32; 4]>, across: &mut Vec<[f32; 4]>) {
    let struck: Vec<[f32; 4]> = across
        .iter()
        .filter(|side| lines.iter().any(|s| runs_through(s, side)) && !goes_on(side, across))
        .copied()
        .collect();
    if struck.is_empty() {
        return;
    }
    let mut ends: Vec<[f32; 4]> = Vec::new();
    along.retain(|edge| {
        let framing = struck.iter().any(|side| meets(edge, side));
        if framing {
            ends.push(*edge);
        }
        !framing
    });
    across.retain(|side| {
        let partner = || {
            let level = struck.iter().any(|s| near(s[1], side[1]) && near(s[3], side[3]));
            level && ends.iter().any(|edge| meets(edge, side))
        };
        !struck.contains(side) && !partner()
    });
}

/// Does a line of text begin before the rule and end after it, at the height of the rule?
fn runs_through(s: &Segment, side: &[f32; 4]) -> bool {
    let (top, bottom) = s.span();
    let middle = 0.5 * (top + bottom);
    let x = 0.5 * (side[0] + side[2]);
    let reach = 0.4 * s.size;
    side[1] < middle
        && middle < side[3]
        && side[3] - side[1] < HIGHEST * s.size
        && s.u0 + reach < x
        && x + reach < s.u1
}

/// Is it a piece of a longer rule, as between the rows of a table?
fn goes_on(side: &[f32; 4], across: &[[f32; 4]]) -> bool {
    across
        .iter()
        .any(|o| near(o[0], side[0]) && o != side && o[3] > side[1] - NEAR && o[1] < side[3] + NEAR)
}

/// Does the rule along the lines begin or end at the top or the foot of the rule across them?
fn meets(edge: &[f32; 4], side: &[f32; 4]) -> bool {
    (near(edge[1], side[1]) || near(edge[1], side[3])) && (near(edge[0], side[0]) || near(edge[2], side[0]))
}

fn near(a: f32, b: f32) -> bool {
    (a - b).abs() < NEAR
}
