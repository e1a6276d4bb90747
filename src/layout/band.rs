//! Bands of a drawn table that hold several rows, and rows that a rule in some of their cells parts.

use super::cells::{CellLines, is_figures, is_sum};
use super::line::Line;
use super::script;

/// Corners this close (points) are one.
const NEAR: f32 = 2.5;
/// So many lines of amounts may stand beside one name; more are rows whose names are missing.
const MOST_AMOUNTS: usize = 2;

/// Puts a cell that a rule parts in two, where no other cell of its row is parted, together again.
pub(super) fn join_parted_cells(bands: &mut Vec<(f32, Vec<CellLines>)>, cells: &[[f32; 4]]) {
    let place = |c: usize| cells.get(c).copied().unwrap_or([0.0; 4]);
    let mut at = 1;
    while at < bands.len() {
        let (above, below) = bands.split_at_mut(at);
        let (Some((_, upper)), Some((_, lower))) = (above.last_mut(), below.first_mut()) else {
            break;
        };
        let target = match lower.as_slice() {
            [(cell, _)] => {
                let own = place(*cell);
                let spans = upper.iter().filter(|(c, _)| place(*c)[3] > own[3] - NEAR).count();
                let same = |c: usize| {
                    let p = place(c);
                    (p[0] - own[0]).abs() < NEAR
                        && (p[2] - own[2]).abs() < NEAR
                        && (p[3] - own[1]).abs() < NEAR
                };
                let found = upper.iter().position(|(c, _)| same(*c));
                found.filter(|_| spans >= 2 && spans + 1 == upper.len())
            }
            _ => None,
        };
        let Some((_, lines)) = target.and_then(|t| upper.get_mut(t)) else {
            at += 1;
            continue;
        };
        lines.extend(lower.drain(..).flat_map(|(_, rest)| rest));
        bands.remove(at);
    }
}

/// Puts amounts under the amounts above them where the name at the left spans both.
pub(super) fn join_spanned(bands: &mut Vec<(f32, Vec<CellLines>)>, cells: &[[f32; 4]]) {
    let place = |c: usize| cells.get(c).copied().unwrap_or([0.0; 4]);
    let mut at = 0;
    while at < bands.len() {
        let Some((_, named)) = bands.get(at) else { break };
        let below = bands.iter().skip(at + 1);
        let spanned = below.take_while(|(_, b)| is_spanned(named, b, &place)).count();
        if (1..=MOST_AMOUNTS).contains(&spanned) {
            let lower: Vec<CellLines> = bands
                .drain(at + 1..at + 1 + spanned)
                .flat_map(|(_, b)| b)
                .collect();
            if let Some((_, named)) = bands.get_mut(at) {
                // Each stays a cell of its own beside the one above it: joined, two amounts would read as one.
                named.extend(lower);
            }
        }
        at += 1 + if spanned > MOST_AMOUNTS { spanned } else { 0 };
    }
}

/// Nothing but amounts, each in the column of one above, beside a name that reaches down as far.
fn is_spanned(named: &[CellLines], lower: &[CellLines], place: &impl Fn(usize) -> [f32; 4]) -> bool {
    let Some((name, name_lines)) = named
        .iter()
        .min_by(|a, b| place(a.0)[0].total_cmp(&place(b.0)[0]))
    else {
        return false;
    };
    let amounts = |lines: &[Line]| lines.iter().all(|l| is_sum(&l.text()));
    let reaches = |c: usize| place(*name)[3] > place(c)[3] - NEAR && place(*name)[2] < place(c)[0] + NEAR;
    !lower.is_empty()
        && worded(name_lines)
        && lower.iter().all(|(c, lines)| {
            reaches(*c) && amounts(lines) && named.iter().any(|(u, _)| is_under(place(*u), place(*c)))
        })
}

fn worded(lines: &[Line]) -> bool {
    let letters = |l: &Line| l.text().chars().filter(|c| c.is_alphabetic()).count();
    lines.iter().map(letters).sum::<usize>() >= 2 && !lines.iter().all(|l| is_figures(&l.text()))
}

fn is_under(upper: [f32; 4], lower: [f32; 4]) -> bool {
    (upper[0] - lower[0]).abs() < NEAR && (upper[2] - lower[2]).abs() < NEAR && upper[3] < lower[1] + NEAR
}

/// The lines of each cell of a row, from left to right.
pub(super) type RowLines<'a> = Vec<Vec<&'a Line>>;

/// The rows of a band that columns of amounts show: each name, of one line or more, is set in the middle beside its
/// amounts. `None` where the band is one row, or nothing tells.
pub(super) fn rows_by_amounts(band: &[CellLines]) -> Option<Vec<RowLines<'_>>> {
    let (base, columns) = baselines(band)?;
    let mut rows: Vec<RowLines> = vec![vec![Vec::new(); band.len()]; base.len()];
    for (column, (_, lines)) in band.iter().enumerate() {
        for line in lines {
            let nearest = base
                .iter()
                .enumerate()
                .min_by(|a, b| (a.1 - line.v).abs().total_cmp(&(b.1 - line.v).abs()))?;
            rows.get_mut(nearest.0)?.get_mut(column)?.push(line);
        }
    }
    let labels = band.iter().enumerate().position(|(c, (_, lines))| {
        worded(lines) && rows.iter().all(|r| r.get(c).is_some_and(|cell| !cell.is_empty()))
    })?;
    let title = title_over(rows.first_mut()?.get_mut(labels)?, *base.first()?);
    let centred = rows
        .iter()
        .zip(&base)
        .all(|(row, v)| row.iter().all(|cell| cell.is_empty() || is_centred(cell, *v)));
    let labels_of: Vec<Vec<&Line>> = rows.iter().filter_map(|r| r.get(labels).cloned()).collect();
    let told = labels_of.iter().any(|l| l.len() > 1) && columns > 1 || is_set_apart(&labels_of);
    if !centred || !told {
        return None;
    }
    if !title.is_empty() {
        let mut head: RowLines = vec![Vec::new(); band.len()];
        *head.get_mut(labels)? = title;
        rows.insert(0, head);
    }
    Some(rows)
}

/// The baselines that most columns of plain amounts share, and how many columns do.
fn baselines(band: &[CellLines]) -> Option<(Vec<f32>, usize)> {
    let plain = |l: &Line| l.parts.len() == 1 && is_figures(&l.text()) && !is_bracketed(l);
    let columns: Vec<&Vec<Line>> = band
        .iter()
        .skip(1)
        .map(|(_, lines)| lines)
        .filter(|lines| lines.len() >= 2 && lines.iter().all(plain))
        .collect();
    let same = |a: &[Line], b: &[Line]| {
        a.len() == b.len() && a.iter().zip(b).all(|(x, y)| (x.v - y.v).abs() < 0.25 * x.size)
    };
    let support = |a: &[Line]| columns.iter().filter(|b| same(a, b)).count();
    let best = columns.iter().rev().max_by_key(|c| support(c))?;
    let apart = best
        .windows(2)
        .all(|w| matches!(w, [a, b] if b.v - a.v > 1.2 * a.size));
    apart.then(|| (best.iter().map(|l| l.v).collect(), support(best)))
}

/// An amount in brackets belongs to the one above it.
fn is_bracketed(line: &Line) -> bool {
    line.first_text()
        .trim_start()
        .starts_with(['（', '(', '[', '〔', '［'])
}

/// Takes off the lines of a heading that stands over the name of the first row in its cell.
fn title_over<'a>(label: &mut Vec<&'a Line>, v: f32) -> Vec<&'a Line> {
    let title = (1..label.len().min(3)).find(|n| label.get(*n..).is_some_and(|rest| is_centred(rest, v)));
    match title.filter(|_| !is_centred(label, v)) {
        Some(n) => label.drain(..n).collect(),
        None => Vec::new(),
    }
}

/// Is the middle of the lines at this height?
fn is_centred(lines: &[&Line], v: f32) -> bool {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
        return false;
    };
    (0.5 * (first.v + last.v) - v).abs() < 0.4 * first.size
}

/// Are the names, of a line each, wider apart than the lines of a name are?
fn is_set_apart(labels: &[Vec<&Line>]) -> bool {
    labels.windows(2).all(|w| match w {
        [a, b] => match (a.last(), b.first()) {
            (Some(a), Some(b)) => b.v - a.v > 1.5 * a.size && !script::expects_more(&a.text()),
            _ => false,
        },
        _ => false,
    })
}
