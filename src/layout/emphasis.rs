//! Frames and shades around a few words of a line, rules under them: emphasis, not cells.

use super::segment::Segment;

/// Ends this close (points) are one.
const NEAR: f32 = 1.5;
/// A frame around words is at most so many em high.
const HIGHEST: f32 = 2.1;

/// No rule stands further (points) under the words that it underlines.
const LOWEST_UNDER: f32 = 6.0;

/// Takes out the frames that a line of text runs through. `along` and `across` are the rules along and across the lines.
pub(super) fn drop_frames(lines: &[&Segment], along: &mut Vec<[f32; 4]>, across: &mut Vec<[f32; 4]>) {
    let mut by_height: Vec<(f32, &Segment)> = lines.iter().map(|s| (middle(s), *s)).collect();
    by_height.sort_by(|a, b| a.0.total_cmp(&b.0));
    let beside = |side: &[f32; 4]| {
        let from = by_height.partition_point(|(v, _)| *v <= side[1]);
        let to = by_height.partition_point(|(v, _)| *v < side[3]);
        by_height.get(from..to).unwrap_or_default()
    };
    let highest = HIGHEST * lines.iter().map(|s| s.size).fold(0.0, f32::max);
    let struck: Vec<[f32; 4]> = across
        .iter()
        .filter(|side| side[3] - side[1] < highest)
        .filter(|side| beside(side).iter().any(|(_, s)| runs_through(s, side)) && !goes_on(side, across))
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

/// Takes out the rules under words and under blanks between them, which end where the words do and not at a rule across.
pub(super) fn drop_underlines(lines: &[&Segment], along: &mut Vec<[f32; 4]>, across: &[[f32; 4]]) {
    let mut by_baseline: Vec<&Segment> = lines.to_vec();
    by_baseline.sort_by(|a, b| a.v.total_cmp(&b.v));
    along.retain(|rule| {
        let at = 0.5 * (rule[1] + rule[3]);
        let from = by_baseline.partition_point(|s| s.v < at - LOWEST_UNDER);
        let to = by_baseline.partition_point(|s| s.v < at + 2.0);
        let over = by_baseline.get(from..to).unwrap_or_default();
        let crossed = || {
            across
                .iter()
                .any(|r| (near(r[0], rule[0]) || near(r[0], rule[2])) && r[1] < at + NEAR && r[3] > at - NEAR)
        };
        over.is_empty() || !is_under(over, rule, at) || crossed()
    });
}

/// Is the rule covered by the words right above it, or a blank between two of them?
fn is_under(over: &[&Segment], rule: &[f32; 4], at: f32) -> bool {
    let close = |s: &&&Segment| (-0.1..0.42).contains(&((at - s.v) / s.size));
    let covered: f32 = over
        .iter()
        .filter(close)
        .map(|s| ((s.u1 + 0.6 * s.size).min(rule[2]) - (s.u0 - 0.6 * s.size).max(rule[0])).max(0.0))
        .sum();
    let beside = |gap: f32, size: f32| (-0.5..1.0).contains(&(gap / size));
    let left = || over.iter().filter(close).any(|s| beside(rule[0] - s.u1, s.size));
    let right = || over.iter().filter(close).any(|s| beside(s.u0 - rule[2], s.size));
    covered > 0.85 * (rule[2] - rule[0]) || left() && right()
}

fn middle(s: &Segment) -> f32 {
    let (top, bottom) = s.span();
    0.5 * (top + bottom)
}

/// Does a line of text at the height of the rule begin before it and end after it?
fn runs_through(s: &Segment, side: &[f32; 4]) -> bool {
    let x = 0.5 * (side[0] + side[2]);
    let reach = 0.4 * s.size;
    side[3] - side[1] < HIGHEST * s.size && s.u0 + reach < x && x + reach < s.u1
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
