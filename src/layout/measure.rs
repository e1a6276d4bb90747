//! How far the lines of a page could have reached: a line that ends before that was ended on purpose.

use super::frame::Frame;
use super::line::Line;
use crate::extract::Direction;

/// The right edge that each line could have reached: that of the lines above and below it in the same column.
pub(super) fn measures(lines: &[&Line], usual: Option<(f32, f32)>) -> Vec<f32> {
    let bounds: Vec<f32> = lines.iter().map(|l| bound(lines, l)).collect();
    (0..lines.len())
        .map(|i| measure(lines, &bounds, i, usual))
        .collect()
}

/// Where the next column begins, if anything stands beside the line.
fn bound(lines: &[&Line], line: &Line) -> f32 {
    lines
        .iter()
        .filter(|o| {
            o.frame == line.frame
                && !o.aslant
                && (o.v - line.v).abs() < 0.7 * line.size
                && o.u0 >= line.u1 - 0.3 * line.size
        })
        .map(|o| o.u0)
        .fold(f32::INFINITY, f32::min)
}

fn measure(lines: &[&Line], bounds: &[f32], at: usize, usual: Option<(f32, f32)>) -> f32 {
    let Some(line) = lines.get(at) else { return 0.0 };
    let em = line.size;
    let kin = |o: &Line| {
        o.frame == line.frame
            && o.cell == line.cell
            && !o.aslant
            && (o.size - em).abs() < 0.12 * em
            && o.overlaps(line)
    };
    let mut limit = bounds.get(at).copied().unwrap_or(f32::INFINITY);
    let mut rights: Vec<f32> = vec![unhung(line)];
    let mut walk = |range: &mut dyn Iterator<Item = usize>, down: bool| {
        let mut v = line.v;
        for i in range.take(40) {
            let Some(o) = lines.get(i) else { break };
            let step = if down { o.v - v } else { v - o.v };
            if !kin(o) || step <= 0.0 || step > 5.0 * em || (o.u0 - line.u0).abs() > 8.0 * em {
                break;
            }
            limit = limit.min(bounds.get(i).copied().unwrap_or(f32::INFINITY));
            rights.push(unhung(o));
            v = o.v;
        }
    };
    walk(&mut (at + 1..lines.len()), true);
    walk(&mut (0..at).rev(), false);
    if limit.is_infinite() {
        // Alone in its column: other lines of the page with the same left edge tell the measure.
        rights.extend(
            lines
                .iter()
                .filter(|o| kin(o) && (o.u0 - line.u0).abs() < 4.0 * em)
                .map(|o| unhung(o)),
        );
    }
    rights.retain(|r| *r <= limit);
    let own = supported_max(rights, em).max(line.u1);
    // Where nothing stands beside it and no long line tells the measure, it is that of the document.
    let lonely = limit.is_infinite() && line.cell.is_none() && (own - line.u0) < 28.0 * em;
    let usual = usual
        .filter(|(left, _)| lonely && line.frame == Frame(Direction::Right) && line.u0 < left + 8.0 * em);
    usual.map_or(own, |(_, right)| own.max(right))
}

/// The right end of a line without a closing mark: that may hang out of the measure (ぶら下げ).
pub(super) fn unhung(line: &Line) -> f32 {
    let last = line.parts.last().and_then(|p| p.text.chars().next_back());
    let hung = matches!(last, Some('、' | '。' | '，' | '．'));
    if hung { line.u1 - line.size } else { line.u1 }
}

/// The furthest edge that at least two lines share, or the furthest of few.
fn supported_max(mut rights: Vec<f32>, em: f32) -> f32 {
    rights.sort_by(|a, b| b.partial_cmp(a).unwrap_or(std::cmp::Ordering::Equal));
    rights
        .windows(2)
        .find(|w| matches!(w, [a, b] if a - b < 1.6 * em))
        .and_then(|w| w.first().copied())
        .or(rights.first().copied())
        .unwrap_or(0.0)
}
