//! Reading order: the order of the content stream, unless its jumps say that it is scrambled.
//!
//! In real reports the stream order is the reading order; ordering by geometry loses more there than it mends. It is
//! therefore only done on a page where most steps from one line of prose to the next do not go to a neighbour.

use super::frame::Frame;
use super::segment::Segment;

/// Puts the segments of a scrambled page into geometric order; returns whether it did.
pub(super) fn restore(segments: &mut Vec<Segment>, main: Frame) -> bool {
    if !is_scrambled(segments, main) {
        return false;
    }
    let (mut ours, others): (Vec<Segment>, Vec<Segment>) = std::mem::take(segments)
        .into_iter()
        .partition(|s| s.frame == main && !s.aslant);
    let mut order = Vec::with_capacity(ours.len());
    let all: Vec<usize> = (0..ours.len()).collect();
    cut(&ours, all, &mut order, 0);
    let mut slots: Vec<Option<Segment>> = ours.drain(..).map(Some).collect();
    segments.extend(
        order
            .iter()
            .filter_map(|i| slots.get_mut(*i).and_then(Option::take)),
    );
    segments.extend(others);
    true
}

/// A line of prose must have this much ink: labels of figures stand anywhere without being scrambled.
const PROSE_INK: u32 = 12;

/// How the steps between successive long lines go.
#[derive(Debug, Default)]
struct Steps {
    /// Lines of prose looked at.
    lines: u32,
    /// To the line below, or on in the same line.
    near: u32,
    /// Up, or down past lines between.
    far: u32,
    /// From column to column on one baseline and back, line by line.
    across: u32,
}

fn is_scrambled(segments: &[Segment], main: Frame) -> bool {
    let lines: Vec<&Segment> = segments
        .iter()
        .filter(|s| s.frame == main && !s.aslant && s.ink >= PROSE_INK)
        .collect();
    if lines.len() < 6 {
        return false;
    }
    let steps = count_steps(&lines);
    let all = (steps.near + steps.far + steps.across).max(1);
    let shuffled = steps.far * 100 > all * 55 && steps.lines >= 6;
    let interleaved = steps.across >= 6 && steps.across * 100 > all * 40;
    shuffled || interleaved
}

fn count_steps(lines: &[&Segment]) -> Steps {
    let mut steps = Steps {
        lines: lines.len() as u32,
        ..Steps::default()
    };
    for (i, pair) in lines.windows(2).enumerate() {
        let [a, b] = pair else { continue };
        let (dv, em) = (b.v - a.v, a.size.max(b.size));
        let overlap = a.u1.min(b.u1) - a.u0.max(b.u0) > 0.0;
        if dv.abs() < 0.6 * em {
            let back = lines.get(i + 2).is_some_and(|c| comes_back(a, b, c));
            if b.u0 > a.u1 - em && back && is_prose(a) && is_prose(b) {
                steps.across += 2;
            } else {
                steps.near += 1;
            }
        } else if dv > 0.0 && (dv < 2.6 * em || nothing_between(lines, a, b)) {
            // The way back down of an interleaved pair is counted with the pair.
            steps.near += u32::from(overlap || b.u0 > a.u0);
        } else if dv < 0.0 && !overlap && b.u0 > a.u0 && goes_on_below(lines, i + 1) {
            steps.near += 1;
        } else {
            steps.far += 1;
        }
    }
    steps
}

/// After `a` and its neighbour `b` on one baseline, `c` stands right below `a`, and `a` ended in the middle of a sentence.
fn comes_back(a: &Segment, b: &Segment, c: &Segment) -> bool {
    let em = a.size;
    (c.u0 - a.u0).abs() < 2.5 * em && c.v > a.v && c.v - a.v < 2.6 * em && (a.size - b.size).abs() < 0.1 * em
}

fn is_prose(line: &Segment) -> bool {
    line.ink >= 16
        && line
            .text
            .chars()
            .filter(|c| ('\u{3041}'..='\u{309f}').contains(c))
            .count()
            * 6
            > line.ink as usize
}

/// A new column: the lines after the jump go down.
fn goes_on_below(lines: &[&Segment], at: usize) -> bool {
    match (lines.get(at), lines.get(at + 1)) {
        (Some(b), Some(c)) => c.v > b.v && c.v - b.v < 3.0 * b.size,
        _ => true,
    }
}

fn nothing_between(lines: &[&Segment], a: &Segment, b: &Segment) -> bool {
    !lines.iter().any(|m| {
        m.v > a.v + 0.5 * a.size && m.v < b.v - 0.5 * b.size && m.u0 < a.u1.max(b.u1) && m.u1 > a.u0.min(b.u0)
    })
}

/// Recursive XY cut: columns where a gutter runs through at least four lines, else bands, else lines by baseline.
fn cut(all: &[Segment], mut part: Vec<usize>, out: &mut Vec<usize>, depth: u32) {
    let get = |i: &usize| all.get(*i);
    if part.len() <= 1 || depth > 24 {
        by_line(all, &mut part);
        out.extend(part);
        return;
    }
    for (left, right) in [gutter(all, &part), band(all, &part)].into_iter().flatten() {
        if !left.is_empty() && !right.is_empty() {
            cut(all, left, out, depth + 1);
            cut(all, right, out, depth + 1);
            return;
        }
    }
    debug_assert!(part.iter().all(|i| get(i).is_some()));
    by_line(all, &mut part);
    out.extend(part);
}

fn by_line(all: &[Segment], part: &mut [usize]) {
    part.sort_by(|a, b| {
        let (a, b) = (all.get(*a), all.get(*b));
        a.map(|s| s.v)
            .partial_cmp(&b.map(|s| s.v))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    // Within a line, from left to right: lines are told apart by steps of the baseline.
    let mut from = 0;
    while from < part.len() {
        let top = part
            .get(from)
            .and_then(|i| all.get(*i))
            .map_or((0.0, 1.0), |s| (s.v, s.size));
        let to = from
            + part
                .iter()
                .skip(from)
                .take_while(|i| all.get(**i).is_some_and(|s| s.v - top.0 < 0.5 * top.1))
                .count();
        if let Some(line) = part.get_mut(from..to.max(from + 1)) {
            line.sort_by(|a, b| {
                let (a, b) = (all.get(*a).map(|s| s.u0), all.get(*b).map(|s| s.u0));
                a.partial_cmp(&b).unwrap_or(std::cmp::Ordering::Equal)
            });
        }
        from = to.max(from + 1);
    }
}

type Halves = Option<(Vec<usize>, Vec<usize>)>;

/// The widest blank strip between columns with at least four lines on either side.
fn gutter(all: &[Segment], part: &[usize]) -> Halves {
    let at = widest_gap(
        part.iter()
            .filter_map(|i| all.get(*i))
            .map(|s| (s.u0, s.u1, s.size)),
        0.8,
    )?;
    let (left, right): (Vec<usize>, Vec<usize>) = part
        .iter()
        .copied()
        .partition(|i| all.get(*i).is_some_and(|s| s.u0 < at));
    let prose = |half: &[usize]| {
        half.iter()
            .filter(|i| all.get(**i).is_some_and(|s| s.ink >= PROSE_INK))
            .count()
    };
    (prose(&left) >= 3 && prose(&right) >= 3).then_some((left, right))
}

/// The topmost blank band after which a gutter opens or closes, or the widest one.
fn band(all: &[Segment], part: &[usize]) -> Halves {
    let at = widest_gap(
        part.iter().filter_map(|i| all.get(*i)).map(|s| {
            let (top, bottom) = s.span();
            (top, bottom, s.size)
        }),
        0.25,
    )?;
    Some(
        part.iter()
            .copied()
            .partition(|i| all.get(*i).is_some_and(|s| s.v < at)),
    )
}

/// The middle of the widest gap in the coverage of intervals, if it is at least `least` em wide.
fn widest_gap(intervals: impl Iterator<Item = (f32, f32, f32)>, least: f32) -> Option<f32> {
    let mut sorted: Vec<(f32, f32, f32)> = intervals.collect();
    sorted.sort_by(|a, b| a.0.partial_cmp(&b.0).unwrap_or(std::cmp::Ordering::Equal));
    let mut end = sorted.first()?.1;
    let mut best: Option<(f32, f32)> = None;
    for (from, to, em) in sorted.into_iter().skip(1) {
        let gap = from - end;
        if gap > least * em && best.is_none_or(|(g, _)| gap > g) {
            best = Some((gap, 0.5 * (from + end)));
        }
        end = end.max(to);
    }
    best.map(|(_, at)| at)
}
