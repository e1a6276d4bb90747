//! Tables: cells drawn with ruling lines, and columns that only alignment shows.

use super::band;
use super::cells::{CellLines, is_figures, is_period};
use super::emphasis;
use super::frame::Frame;
use super::line::{Line, Part};
use super::marks;
use super::open;
use super::script::join_line;
use super::segment::Segment;
use crate::extract::Rule;

/// More rules than this are a drawing, not tables.
const MOST_RULES: usize = 6000;
/// Edges this close are one.
const NEAR: f32 = 2.5;
/// Empty cells this wide (points) together are bridged by the rule over them alone.
const NARROW: f32 = 90.0;

/// A row of a table, ready to become a block.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub frame: Frame,
    /// u0, v0, u1, v1.
    pub area: [f32; 4],
    pub size: f32,
    /// Cells from left to right.
    pub cells: Vec<String>,
}

/// The drawn boxes of a page.
#[derive(Debug, Default)]
pub(super) struct Grid {
    /// u0, v0, u1, v1 of each box that holds text.
    pub cells: Vec<[f32; 4]>,
    /// The table of each cell; `None` for a box that stands alone.
    pub tables: Vec<Option<usize>>,
    /// The cell of each segment.
    pub of_segment: Vec<Option<usize>>,
}

/// Finds the drawn box around every segment, and which boxes make up tables.
pub(super) fn grid(segments: &[Segment], rules: &[Rule], main: Frame, page: (f32, f32)) -> Grid {
    let mut grid = Grid {
        of_segment: vec![None; segments.len()],
        ..Grid::default()
    };
    if rules.len() < 4 || rules.len() > MOST_RULES {
        return grid;
    }
    let turned: Vec<[f32; 4]> = rules.iter().filter_map(|r| main.turn_rule(r)).collect();
    let mut along: Vec<[f32; 4]> = turned
        .iter()
        .copied()
        .filter(|r| r[3] - r[1] <= 2.0 && r[2] - r[0] >= 6.0)
        .collect();
    let mut across: Vec<[f32; 4]> = turned
        .iter()
        .copied()
        .filter(|r| r[2] - r[0] <= 2.0 && r[3] - r[1] >= 4.0)
        .collect();
    if along.len() < 2 || across.len() < 2 {
        return grid;
    }
    let straight: Vec<&Segment> = segments.iter().filter(|s| s.frame == main && !s.aslant).collect();
    emphasis::drop_frames(&straight, &mut along, &mut across);
    emphasis::drop_underlines(&straight, &mut along, &across);
    open::close(&along, &mut across);
    let most = 0.97 * page.0.max(page.1);
    for (segment, slot) in segments.iter().zip(grid.of_segment.iter_mut()) {
        if segment.frame != main || segment.aslant {
            continue;
        }
        let Some(rect) = box_around(segment, &along, &across) else {
            continue;
        };
        if rect[2] - rect[0] > most || rect[3] - rect[1] > most {
            continue;
        }
        let known = grid
            .cells
            .iter()
            .position(|c| c.iter().zip(rect.iter()).all(|(a, b)| (a - b).abs() < NEAR));
        *slot = Some(known.unwrap_or_else(|| {
            grid.cells.push(rect);
            grid.cells.len() - 1
        }));
    }
    grid.tables = group(&grid.cells, &along);
    grid
}

fn box_around(s: &Segment, along: &[[f32; 4]], across: &[[f32; 4]]) -> Option<[f32; 4]> {
    let (top, bottom) = s.span();
    // The first character decides: text may overflow its cell to the right.
    let (u, v) = (s.u0 + 0.4 * s.size.min(s.u1 - s.u0), 0.5 * (top + bottom));
    let mut rect = [f32::NEG_INFINITY, f32::NEG_INFINITY, f32::INFINITY, f32::INFINITY];
    for r in along.iter().filter(|r| r[0] - 1.0 <= u && u <= r[2] + 1.0) {
        let at = 0.5 * (r[1] + r[3]);
        if at <= v {
            rect[1] = rect[1].max(at);
        } else {
            rect[3] = rect[3].min(at);
        }
    }
    // Where the rules at the sides end: the border of a row that the page cuts off is not drawn.
    let mut reach = [f32::NEG_INFINITY, f32::INFINITY];
    let mut nearest = [(f32::NEG_INFINITY, [0.0; 2]), (f32::INFINITY, [0.0; 2])];
    for r in across.iter().filter(|r| r[1] - 1.0 <= v && v <= r[3] + 1.0) {
        let at = 0.5 * (r[0] + r[2]);
        if at <= u && at > nearest[0].0 {
            nearest[0] = (at, [r[1], r[3]]);
        } else if at > u && at < nearest[1].0 {
            nearest[1] = (at, [r[1], r[3]]);
        }
    }
    (rect[0], rect[2]) = (nearest[0].0, nearest[1].0);
    for (_, ends) in nearest.iter().filter(|(at, _)| at.is_finite()) {
        reach = [reach[0].max(ends[0]), reach[1].min(ends[1])];
    }
    if rect[0].is_finite() && rect[2].is_finite() {
        rect[1] = if rect[1].is_finite() { rect[1] } else { reach[0] };
        rect[3] = if rect[3].is_finite() { rect[3] } else { reach[1] };
    }
    rect.iter().all(|c| c.is_finite()).then_some(rect)
}

/// Joins touching cells into tables; boxes without a neighbour at their side are no table. `along`: the rules along the
/// lines, which run on over the empty cells between two that hold text.
fn group(cells: &[[f32; 4]], along: &[[f32; 4]]) -> Vec<Option<usize>> {
    let mut along: Vec<[f32; 4]> = along.to_vec();
    along.sort_by(|a, b| level(a).total_cmp(&level(b)));
    let mut root: Vec<usize> = (0..cells.len()).collect();
    let mut beside = vec![false; cells.len()];
    for (i, a) in cells.iter().enumerate() {
        for (j, b) in cells.iter().enumerate().skip(i + 1) {
            let over = |lo: usize, hi: usize| {
                (a[hi].min(b[hi]) - a[lo].max(b[lo])) / (a[hi] - a[lo]).min(b[hi] - b[lo]).max(1.0)
            };
            let touch = |lo: usize, hi: usize| (a[hi] - b[lo]).abs() < NEAR || (b[hi] - a[lo]).abs() < NEAR;
            let joined = || find(&root, i) == find(&root, j) && beside.get(i) == Some(&true);
            let side = over(1, 3) > 0.6 && (touch(0, 2) || !joined() && is_bridged(a, b, &along));
            let below = over(0, 2) > 0.6 && touch(1, 3);
            if let Some(flag) = beside.get_mut(i) {
                *flag |= side;
            }
            if side || below {
                unite(&mut root, i, j);
            }
        }
    }
    let mut is_table = vec![false; cells.len()];
    for (i, flag) in beside.iter().enumerate() {
        let r = find(&root, i);
        if let Some(t) = is_table.get_mut(r) {
            *t |= *flag;
        }
    }
    (0..cells.len())
        .map(|i| Some(find(&root, i)).filter(|r| is_table.get(*r).copied().unwrap_or(false)))
        .collect()
}

/// The height of a rule along the lines.
fn level(rule: &[f32; 4]) -> f32 {
    0.5 * (rule[1] + rule[3])
}

/// Two cells of one height with empty ones between them: the rules over and under them run on.
fn is_bridged(a: &[f32; 4], b: &[f32; 4], along: &[[f32; 4]]) -> bool {
    let (from, to) = if a[0] < b[0] { (a[2], b[0]) } else { (b[2], a[0]) };
    let even = (a[1] - b[1]).abs() < NEAR && (a[3] - b[3]).abs() < NEAR;
    if !even || to - from < NEAR {
        return false;
    }
    let covered: f32 = rules_at(a[1], along)
        .map(|r| (r[2].min(to) - r[0].max(from)).max(0.0))
        .sum();
    let narrow = to - from <= NARROW && covered > 0.9 * (to - from);
    // Boxes side by side leave a gap between them: one in the middle bridges nothing.
    narrow || runs_on(a[1], from, to, along) && runs_on(a[3], from, to, along)
}

/// The rules along the lines at a height; `along` is sorted by height.
fn rules_at(at: f32, along: &[[f32; 4]]) -> impl Iterator<Item = &[f32; 4]> {
    let from = along.partition_point(|r| level(r) <= at - NEAR);
    let to = along.partition_point(|r| level(r) < at + NEAR);
    along.get(from..to).unwrap_or_default().iter()
}

/// Is there a rule at a height all the way?
fn runs_on(at: f32, from: f32, to: f32, along: &[[f32; 4]]) -> bool {
    let mut pieces: Vec<&[f32; 4]> = rules_at(at, along).collect();
    pieces.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let reached = pieces.into_iter().fold(
        from,
        |end, r| if r[0] <= end + NEAR { end.max(r[2]) } else { end },
    );
    reached >= to - NEAR
}

fn find(root: &[usize], mut i: usize) -> usize {
    while let Some(&up) = root.get(i) {
        if up == i {
            break;
        }
        i = up;
    }
    i
}

fn unite(root: &mut [usize], a: usize, b: usize) {
    let (ra, rb) = (find(root, a), find(root, b));
    if let Some(slot) = root.get_mut(ra.max(rb)) {
        *slot = ra.min(rb);
    }
}

/// The rows of one drawn table: `parts` are its segments' lines with their cells.
pub(super) fn ruled_rows(frame: Frame, cells: &[[f32; 4]], lines: Vec<Line>) -> Vec<Row> {
    let mut by_cell: Vec<(usize, Vec<Line>)> = Vec::new();
    for line in lines {
        let Some(cell) = line.cell else { continue };
        match by_cell.iter_mut().find(|(c, _)| *c == cell) {
            Some((_, known)) => known.push(line),
            None => by_cell.push((cell, vec![line])),
        }
    }
    let place = |c: usize| cells.get(c).copied().unwrap_or([0.0; 4]);
    by_cell.sort_by(|a, b| {
        place(a.0)[1]
            .total_cmp(&place(b.0)[1])
            .then(place(a.0)[0].total_cmp(&place(b.0)[0]))
    });
    let mut bands: Vec<(f32, Vec<CellLines>)> = Vec::new();
    for (cell, lines) in by_cell {
        let top = place(cell)[1];
        // No row is lower than its text: tops that differ by less belong to shades drawn with a margin of their own.
        let slack = lines.first().map_or(NEAR, |l| 0.6 * l.size).max(NEAR + 0.5);
        match bands.last_mut() {
            Some((t, band)) if top - *t < slack => band.push((cell, lines)),
            _ => bands.push((top, vec![(cell, lines)])),
        }
    }
    band::join_parted_cells(&mut bands, cells);
    band::join_spanned(&mut bands, cells);
    let mut out = Vec::new();
    for (_, mut band) in bands {
        band.sort_by(|a, b| place(a.0)[0].total_cmp(&place(b.0)[0]));
        band.iter_mut()
            .for_each(|(_, lines)| lines.sort_by(|a, b| a.v.total_cmp(&b.v)));
        out.extend(rows_of_band(frame, band));
    }
    out
}

/// One row, or several where the lines of the cells stand side by side and only the rules between them are missing.
fn rows_of_band(frame: Frame, band: Vec<(usize, Vec<Line>)>) -> Vec<Row> {
    let long = band.iter().filter(|(_, lines)| lines.len() >= 3).count();
    let aligned = (long >= 2 || is_two_rows(&band)) && is_aligned(&band);
    if !aligned {
        if let Some(rows) = band::rows_by_amounts(&band) {
            return rows.into_iter().filter_map(|r| row_of_cells(frame, &r)).collect();
        }
        let lines: Vec<&Line> = band.iter().flat_map(|(_, l)| l).collect();
        let cells = band
            .iter()
            .flat_map(|(_, lines)| columns_of_cell(lines))
            .collect();
        return row(frame, &lines, cells).into_iter().collect();
    }
    let mut all: Vec<(usize, &Line)> = band
        .iter()
        .enumerate()
        .flat_map(|(c, (_, l))| l.iter().map(move |l| (c, l)))
        .collect();
    all.sort_by(|a, b| a.1.v.total_cmp(&b.1.v));
    let mut out: Vec<Row> = Vec::new();
    // The columns of the row before, and its line in each.
    let mut above: Vec<(usize, &Line)> = Vec::new();
    while let Some((_, first)) = all.first().copied() {
        let count = all
            .iter()
            .take_while(|(_, l)| l.v - first.v < 0.6 * first.size)
            .count()
            .max(1);
        let mut taken: Vec<(usize, &Line)> = all.drain(..count.min(all.len())).collect();
        taken.sort_by_key(|(c, _)| *c);
        if let [(column, line)] = taken.as_slice()
            && let Some(at) = above
                .iter()
                .position(|(c, l)| c == column && wraps(&band, *c, l, line))
            && let Some(cell) = out.last_mut().and_then(|r| r.cells.get_mut(at))
        {
            join_line(cell, &line.text());
            if let Some(slot) = above.get_mut(at) {
                slot.1 = line;
            }
            continue;
        }
        above.clone_from(&taken);
        let lines: Vec<&Line> = taken.iter().map(|(_, l)| *l).collect();
        let cells = taken.iter().map(|(_, l)| l.text()).collect();
        out.extend(row(frame, &lines, cells));
    }
    out
}

fn row_of_cells(frame: Frame, cells: &[Vec<&Line>]) -> Option<Row> {
    let lines: Vec<&Line> = cells.iter().flatten().copied().collect();
    let filled = cells.iter().filter(|c| !c.is_empty());
    row(
        frame,
        &lines,
        filled.map(|c| cell_text(c.iter().copied())).collect(),
    )
}

/// Two rows of plain amounts in one band: a second line in brackets belongs to the amount above it.
fn is_two_rows(band: &[CellLines]) -> bool {
    let amounts = |lines: &[Line]| {
        lines
            .iter()
            .all(|l| is_figures(&l.text()) && !l.text().trim_start().starts_with(['（', '(']))
    };
    let labels = |lines: &[Line]| match lines {
        [a, b] => a.parts.len() == 1 && b.parts.len() == 1 && b.v - a.v > 1.5 * a.size && b.ink > 1,
        _ => false,
    };
    match band {
        [(_, first), rest @ ..] => {
            rest.len() >= 2
                && labels(first)
                && rest.iter().all(|(_, lines)| lines.len() == 2 && amounts(lines))
        }
        [] => false,
    }
}

/// Does `next` go on with `line` of the same cell: the line is full, and the next one close?
fn wraps(band: &[CellLines], cell: usize, line: &Line, next: &Line) -> bool {
    let lines = band.get(cell).map_or(&[][..], |(_, lines)| lines.as_slice());
    let right = lines.iter().map(|l| l.u1).fold(line.u1, f32::max);
    line.parts.len() == 1
        && next.parts.len() == 1
        && next.v - line.v < 1.35 * line.size
        && line.u1 + 1.2 * line.size > right
        && marks::mark(&next.text()).is_none()
}

/// The text of a cell, or of the columns in it where only the rule between them is missing (a label and its unit).
fn columns_of_cell(lines: &[Line]) -> Vec<String> {
    let mut parts: Vec<(f32, &Part)> = lines
        .iter()
        .flat_map(|l| l.parts.iter().map(|p| (l.size, p)))
        .collect();
    parts.sort_by(|a, b| a.1.u0.total_cmp(&b.1.u0));
    let mut end = f32::NEG_INFINITY;
    let mut starts: Vec<f32> = Vec::new();
    for (size, p) in &parts {
        let first = parts
            .first()
            .is_some_and(|(_, f)| marks::mark(&f.text).is_some() && f.text.chars().count() < 4);
        if p.u0 > end + 0.9 * size && !first {
            starts.push(p.u0);
        }
        end = end.max(p.u1);
    }
    if starts.len() < 2 {
        return vec![cell_text(lines.iter())];
    }
    let mut out = vec![String::new(); starts.len()];
    for part in lines.iter().flat_map(|l| &l.parts) {
        let column = starts.iter().rposition(|s| *s <= part.u0 + 0.01).unwrap_or(0);
        if let Some(text) = out.get_mut(column) {
            join_line(text, &part.text);
        }
    }
    out
}

/// Do the lines of the cells with figures each have a neighbour on their baseline in the first long cell?
fn is_aligned(band: &[(usize, Vec<Line>)]) -> bool {
    let Some((base, _)) = band
        .iter()
        .enumerate()
        .max_by_key(|(i, (_, l))| (l.len(), usize::MAX - i))
    else {
        return false;
    };
    let Some((_, base_lines)) = band.get(base) else {
        return false;
    };
    let (mut all, mut hit) = (0, 0);
    for (i, (_, lines)) in band.iter().enumerate() {
        if i == base || lines.len() < 2 {
            continue;
        }
        for line in lines {
            all += 1;
            hit += usize::from(base_lines.iter().any(|b| (b.v - line.v).abs() < 0.3 * line.size));
        }
        if lines.iter().any(|l| is_period(&l.text())) {
            return false;
        }
        // Prose in both cells also stands on the same baselines; rows of a list have figures.
        let figures = lines.iter().filter(|l| is_figures(&l.text())).count();
        if 2 * figures < lines.len() {
            return false;
        }
    }
    all >= 3 && hit * 10 >= all * 8
}

pub(super) fn row(frame: Frame, lines: &[&Line], cells: Vec<String>) -> Option<Row> {
    let first = lines.first()?;
    let mut area = [first.u0, first.top, first.u1, first.bottom];
    let mut size = (0, first.size);
    for l in lines {
        area = [
            area[0].min(l.u0),
            area[1].min(l.top),
            area[2].max(l.u1),
            area[3].max(l.bottom),
        ];
        size = if l.ink > size.0 { (l.ink, l.size) } else { size };
    }
    Some(Row {
        frame,
        area,
        size: size.1,
        cells,
    })
}

/// Text of a cell: lines joined as in a paragraph.
pub(super) fn cell_text<'a>(lines: impl Iterator<Item = &'a Line>) -> String {
    let mut out = String::new();
    for line in lines {
        join_line(&mut out, &line.text());
    }
    out
}

/// An element of a page in reading order.
#[derive(Debug, Clone)]
pub(super) enum Element {
    Line(Line),
    Row(Row),
}
