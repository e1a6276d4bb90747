//! Tables without ruling lines: rows that only the alignment of their columns shows.

use super::cells::{is_figures, is_period};
use super::line::{Line, Part};
use super::marks::{self, Style};
use super::script::{ends_sentence, join_line};
use super::table::{Element, Row, cell_text, row};

/// Length of the unruled table that begins at `lines[0]`, in lines; 0 when there is none.
fn unruled_length(lines: &[Line], pitch: f32) -> usize {
    let Some(first) = lines.first().filter(|l| l.is_row() && !l.aslant) else {
        return 0;
    };
    // Notes side by side.
    let note = |p: &Part| marks::mark(&p.text).is_some_and(|m| m.style == Style::Note);
    if first.parts.iter().all(note) {
        return 0;
    }
    let mut length = 1;
    let mut rows = 1;
    let mut last_row = first;
    let mut last = first;
    for line in lines.iter().skip(1) {
        let step = line.v - last.v;
        let close = line.frame == last.frame && line.cell == last.cell && !line.aslant;
        if !close || step <= -0.5 * last.size || step > 3.2 * pitch * last.size {
            break;
        }
        if line.is_row() && aligned(last_row, line) {
            (rows, last_row) = (rows + 1, line);
        } else if !(step < 1.6 * pitch * last.size && continues_cell(last_row, line, lines)) {
            break;
        }
        length += 1;
        last = line;
    }
    let enough = rows >= 2 || is_row_alone(first);
    // Trailing lines that only continue a cell stay with the row above.
    if enough { length } else { 0 }
}

/// A single line that can only be a row: three pieces, or a label and an amount.
fn is_row_alone(line: &Line) -> bool {
    line.parts.len() >= 3
        || line.parts.len() == 2
            && line
                .parts
                .get(1)
                .is_some_and(|p| is_figures(&p.text) && p.text.chars().count() < 16)
}

/// Do two lines share a column beside the first?
fn aligned(a: &Line, b: &Line) -> bool {
    let near = 0.8 * a.size.max(b.size);
    let meets = |p: &Part, q: &Part| {
        (p.u0 - q.u0).abs() < near
            || (p.u1 - q.u1).abs() < near
            || (p.u0 + p.u1 - q.u0 - q.u1).abs() < 2.0 * near
    };
    a.parts
        .iter()
        .skip(1)
        .any(|p| b.parts.iter().skip(1).any(|q| meets(p, q)))
}

/// Is the line the next line of a cell beside the first, or of a label that wraps?
fn continues_cell(row: &Line, line: &Line, table: &[Line]) -> bool {
    let [part] = line.parts.as_slice() else {
        return false;
    };
    let near = 0.8 * line.size;
    let (Some(first), Some(second)) = (row.parts.first(), row.parts.get(1)) else {
        return false;
    };
    let beside = row
        .parts
        .iter()
        .skip(1)
        .any(|p| (p.u0 - part.u0).abs() < 1.6 * near);
    let label = (part.u0 - first.u0).abs() < 2.6 * near
        && part.u1 < second.u0 - 0.3 * near
        && part.text.chars().count() < 24
        && fills_column(row, line, table);
    beside || label
}

/// Is the first cell of the row about as wide as the labels of the table get? A short one does not wrap: what stands
/// under it is a label of its own.
fn fills_column(row: &Line, line: &Line, table: &[Line]) -> bool {
    let label = |l: &Line| l.parts.first().map_or(l.u1, |p| p.u1);
    let near =
        |l: &&Line| l.frame == row.frame && (l.u0 - row.u0).abs() < 8.0 * row.size && l.u0 < label(row);
    let widest = table
        .iter()
        .take(40)
        .filter(near)
        .map(label)
        .fold(line.u1, f32::max);
    label(row) + 2.5 * row.size > widest
}

/// Turns runs of aligned lines into rows.
pub(super) fn find_unruled(elements: Vec<Element>, pitch: f32) -> Vec<Element> {
    let mut out = Vec::with_capacity(elements.len());
    let mut run: Vec<Line> = Vec::new();
    for element in elements {
        match element {
            Element::Line(line) => run.push(line),
            row => {
                tables_in(std::mem::take(&mut run), pitch, &mut out);
                out.push(row);
            }
        }
    }
    tables_in(run, pitch, &mut out);
    out
}

fn tables_in(lines: Vec<Line>, pitch: f32, out: &mut Vec<Element>) {
    let lines = join_split_labels(bring_amounts_back(close_gaps(lines)));
    let heads: Vec<(usize, Heads)> = (0..lines.len())
        .filter_map(|at| Some((at, heads(lines.get(at..)?)?)))
        .collect();
    let mut at = 0;
    while let Some(rest) = lines.get(at..).filter(|r| !r.is_empty()) {
        let next = heads.iter().find(|(h, _)| *h >= at);
        if let Some((_, heads)) = next.filter(|(h, _)| *h == at) {
            out.extend(heads.row(rest).map(Element::Row));
            at += heads.lines();
            continue;
        }
        let until = next.map_or(rest.len(), |(h, _)| h - at);
        let length = unruled_length(rest.get(..until).unwrap_or(rest), pitch);
        if length == 0 {
            out.extend(
                rest.first()
                    .cloned()
                    .into_iter()
                    .flat_map(|l| l.split_wide(3.5))
                    .map(Element::Line),
            );
            at += 1;
        } else {
            out.extend(
                unruled_rows(rest.get(..length).unwrap_or(&[]))
                    .into_iter()
                    .map(Element::Row),
            );
            at += length;
        }
    }
}

/// Makes a line of prose whole that a small picture or a blank to be filled in parts in two: it fills the measure of the
/// line of prose before or after it.
fn close_gaps(mut lines: Vec<Line>) -> Vec<Line> {
    let fills = |line: &Line, other: &Line| {
        let em = line.size;
        let kin = other.frame == line.frame && other.cell == line.cell && (other.size - em).abs() < 0.07 * em;
        let step = (other.v - line.v).abs() / em;
        let margins = (other.u0 - line.u0).abs() < 2.2 * em && (other.u1 - line.u1).abs() < 1.2 * em;
        kin && other.parts.len() == 1 && other.ink >= 20 && (0.9..2.6).contains(&step) && margins
    };
    let prose: Vec<bool> = lines
        .iter()
        .enumerate()
        .map(|(i, line)| {
            let [a, b] = line.parts.as_slice() else {
                return false;
            };
            let before = i.checked_sub(1).and_then(|j| lines.get(j));
            let near = [before, lines.get(i + 1)]
                .into_iter()
                .flatten()
                .any(|o| fills(line, o));
            near && line.ink >= 16 && b.u0 - a.u1 < 9.0 * line.size && !is_figures(&b.text)
        })
        .collect();
    for (line, prose) in lines.iter_mut().zip(prose) {
        if prose {
            let (text, u0, u1) = (line.text(), line.u0, line.u1);
            line.parts = vec![Part { u0, u1, text }];
        }
    }
    lines
}

/// Puts amounts beside their labels where the columns of a table are printed one after the other.
fn bring_amounts_back(lines: Vec<Line>) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        match label_of(&out, &line).and_then(|at| out.get_mut(at)) {
            Some(label) => label.append(line),
            None => out.push(line),
        }
    }
    out
}

/// Figures, with their unit in the first row of a table; not a date.
fn is_amount(text: &str) -> bool {
    const UNITS: [&str; 12] = [
        "百万円",
        "千円",
        "億円",
        "円",
        "百万株",
        "千株",
        "株",
        "名",
        "人",
        "倍",
        "社",
        "件",
    ];
    let text = text.trim();
    let bare = UNITS.iter().find_map(|u| text.strip_suffix(u)).unwrap_or(text);
    is_figures(bare) && !text.contains(['年', '月', '期'])
}

/// The line of those before that an amount stands beside, further up in the column that was just printed.
fn label_of(before: &[Line], amount: &Line) -> Option<usize> {
    let [part] = amount.parts.as_slice() else {
        return None;
    };
    if !is_amount(&part.text) || amount.aslant {
        return None;
    }
    for (i, line) in before.iter().enumerate().rev().take(40) {
        let kin = line.frame == amount.frame
            && line.cell == amount.cell
            && (line.size - amount.size).abs() < 0.1 * amount.size
            && line.v > amount.v - 0.3 * amount.size;
        if !kin {
            return None;
        }
        if line.v - amount.v < 0.3 * amount.size {
            let label = line.u1 + amount.size < amount.u0 && line.ink < 40 && !is_amount(line.first_text());
            return (label && !ends_sentence(&line.text())).then_some(i);
        }
    }
    None
}

/// Puts a label of two lines together with the amounts that stand at half its height.
fn join_split_labels(lines: Vec<Line>) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        out.push(line);
        let [.., a, b, c] = out.as_slice() else { continue };
        let joined = split_label(a, b, c).or_else(|| split_label(a, c, b));
        if let Some(joined) = joined {
            out.truncate(out.len() - 3);
            out.push(joined);
        }
    }
    out
}

/// The row that two lines of a label and its amounts make up.
fn split_label(first: &Line, second: &Line, amounts: &Line) -> Option<Line> {
    let ([a], [b]) = (first.parts.as_slice(), second.parts.as_slice()) else {
        return None;
    };
    let em = first.size;
    let alike = [second, amounts].into_iter().all(|l| {
        l.frame == first.frame && l.cell == first.cell && !l.aslant && (l.size - em).abs() < 0.1 * em
    });
    let half = |step: f32| (0.35..0.9).contains(&(step / em));
    let between = half(amounts.v - first.v) && half(second.v - amounts.v);
    let figures = || amounts.parts.iter().all(|p| is_figures(&p.text));
    let fits = between
        && alike
        && !first.aslant
        && figures()
        && (a.u0 - b.u0).abs() < 1.2 * em
        && amounts.u0 > a.u1.max(b.u1)
        && marks::mark(&b.text).is_none();
    if !fits {
        return None;
    }
    let mut label = a.clone();
    join_line(&mut label.text, &b.text);
    label.u1 = a.u1.max(b.u1);
    Some(Line {
        u0: a.u0.min(b.u0),
        top: first.top,
        bottom: second.bottom,
        ink: first.ink + second.ink + amounts.ink,
        parts: std::iter::once(label)
            .chain(amounts.parts.iter().cloned())
            .collect(),
        ..amounts.clone()
    })
}

/// Heads of columns that stand side by side, each printed with the period under it before the next.
#[derive(Debug, Clone, Copy)]
struct Heads {
    /// Lines of each.
    height: usize,
    count: usize,
}

fn heads(lines: &[Line]) -> Option<Heads> {
    let height = head_height(lines);
    if height == 0 {
        return None;
    }
    let beside = |n: &usize| {
        let left = lines.get((n - 1) * height..n * height);
        let right = lines.get(n * height..).filter(|r| head_height(r) == height);
        left.zip(right).is_some_and(|(l, r)| stand_beside(l, r))
    };
    let count = 1 + (1..8).take_while(beside).count();
    (count > 1).then_some(Heads { height, count })
}

impl Heads {
    fn lines(self) -> usize {
        self.height * self.count
    }

    fn row(self, lines: &[Line]) -> Option<Row> {
        let all: Vec<&Line> = lines.iter().take(self.lines()).collect();
        let cells = all
            .chunks(self.height)
            .map(|head| cell_text(head.iter().copied()));
        row(all.first()?.frame, &all, cells.collect())
    }
}

/// How many lines the head of a column has: a name, and the period under it; 0 when it is none.
fn head_height(lines: &[Line]) -> usize {
    let Some(name) = lines.first().filter(|l| l.parts.len() == 1 && !l.aslant) else {
        return 0;
    };
    let under = |w: &[Line]| match w {
        [a, b] => {
            let step = b.v - a.v;
            b.parts.len() == 1
                && b.frame == a.frame
                && b.cell == a.cell
                && (0.5..1.9).contains(&(step / a.size))
                && a.overlaps(b)
                && is_period(b.first_text())
        }
        _ => false,
    };
    let short = name.first_text().chars().nth(16).is_none() && !is_period(name.first_text());
    let periods = lines.windows(2).take(2).take_while(|w| under(w)).count();
    if short && periods > 0 { 1 + periods } else { 0 }
}

/// Do the lines of two heads stand on the same baselines, the second at the right?
fn stand_beside(left: &[Line], right: &[Line]) -> bool {
    left.iter().zip(right).all(|(l, r)| {
        l.frame == r.frame && l.cell == r.cell && (l.v - r.v).abs() < 0.3 * l.size && r.u0 > l.u1 + l.size
    })
}

fn unruled_rows(lines: &[Line]) -> Vec<Row> {
    let mut out: Vec<Row> = Vec::new();
    let mut columns: Vec<(f32, f32)> = Vec::new();
    for line in lines {
        let [only] = line.parts.as_slice() else {
            let head = line.parts.iter().all(|p| is_period(&p.text));
            let last = out
                .last_mut()
                .filter(|row| head && row.cells.len() == line.parts.len());
            if let Some(last) = last {
                for (cell, part) in last.cells.iter_mut().zip(&line.parts) {
                    join_line(cell, &part.text);
                }
                last.area[3] = last.area[3].max(line.bottom);
                continue;
            }
            columns = line.parts.iter().map(|p| (p.u0, p.u1)).collect();
            let cells = line.parts.iter().map(|p| p.text.clone()).collect();
            out.extend(row(line.frame, &[line], cells));
            continue;
        };
        let column = columns
            .iter()
            .enumerate()
            .min_by(|a, b| (a.1.0 - only.u0).abs().total_cmp(&(b.1.0 - only.u0).abs()));
        if let (Some((i, _)), Some(last)) = (column, out.last_mut()) {
            if let Some(cell) = last.cells.get_mut(i) {
                join_line(cell, &only.text);
            }
            last.area[3] = last.area[3].max(line.bottom);
            last.area[2] = last.area[2].max(line.u1);
        }
    }
    out
}
