//! Lines → pieces: paragraphs, items and rows of one page, before headings are told from text.

use super::cells::is_sum;
use super::formula;
use super::frame::Frame;
use super::line::Line;
use super::listing;
use super::marks::{self, Mark, Style};
use super::measure::{measures, unhung};
use super::script::{self, ends_sentence, first_chunk_em, join_line};
use super::table::{Element, Row};

/// What is known of a piece before the document is looked at as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Text,
    Row,
    Header,
    Footer,
    PageNumber,
}

/// A block in the making.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub page: u32,
    pub frame: Frame,
    pub role: Role,
    pub text: String,
    /// u0, v0, u1, v1.
    pub area: [f32; 4],
    pub size: f32,
    pub bold: bool,
    pub mark: Option<Mark>,
    pub lines: u32,
    /// Where the first line begins.
    pub first: f32,
    /// Where the lines after it begin.
    pub left: f32,
    /// Blank above, in em; large at the head of a column or page.
    pub gap_above: f32,
    /// The last line fills the measure and ends no sentence.
    pub open_end: bool,
    /// Nothing at its beginning (indent, mark) says that it is not the rest of what came before.
    pub open_start: bool,
}

const HORIZONTAL: Frame = Frame(crate::extract::Direction::Right);

/// What the lines of a page have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Body {
    /// Prevailing size of the document.
    pub size: f32,
    /// Distance of baselines in em.
    pub pitch: f32,
    /// Where full lines begin and end in this document, if it is mostly one column.
    pub column: Option<(f32, f32)>,
}

/// The left and right edges that at least a quarter of the long horizontal lines share.
pub(super) fn usual_column<'a>(lines: impl Iterator<Item = &'a Line>, size: f32) -> Option<(f32, f32)> {
    let mut edges: Vec<(i32, u32, f32)> = Vec::new();
    let mut all = 0;
    let prose = |l: &&Line| !l.aslant && l.ink >= 28 && l.parts.len() == 1 && l.frame == HORIZONTAL;
    for l in lines.filter(prose).filter(|l| (l.size - size).abs() < 0.1 * size) {
        let key = (unhung(l) / size).round() as i32;
        all += 1;
        match edges.iter_mut().find(|(k, _, _)| *k == key) {
            Some((_, n, left)) => (*n, *left) = (*n + 1, left.min(l.u0)),
            None => edges.push((key, 1, l.u0)),
        }
    }
    let (key, n, left) = edges.into_iter().max_by_key(|(k, n, _)| (*n, *k))?;
    (n >= 6 && 4 * n >= all).then_some((left, key as f32 * size))
}

/// Median distance of baselines in em over consecutive lines.
pub(super) fn pitch<'a>(lines: impl Iterator<Item = &'a Line>) -> f32 {
    let mut steps: Vec<f32> = Vec::new();
    let mut prose: Vec<f32> = Vec::new();
    let mut last: Option<&Line> = None;
    for line in lines {
        if let Some(a) = last.filter(|a| a.frame == line.frame && a.overlaps(line)) {
            let step = (line.v - a.v) / a.size.max(line.size);
            if (0.9..2.8).contains(&step) {
                steps.push(step);
                if a.ink >= 20
                    && (a.size - line.size).abs() < 0.05 * a.size
                    && a.parts.len() == 1
                    && line.parts.len() == 1
                {
                    prose.push(step);
                }
            }
        }
        last = Some(line);
    }
    if prose.len() >= 2 {
        steps = prose;
    }
    steps.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    // Below the median: blank lines between paragraphs pull upwards.
    steps.get(steps.len() * 2 / 5).copied().unwrap_or(1.6)
}

/// Groups the elements of a page into pieces.
pub(super) fn pieces(page: u32, elements: Vec<Element>, body: Body) -> Vec<Piece> {
    let lines: Vec<&Line> = elements
        .iter()
        .filter_map(|e| if let Element::Line(l) = e { Some(l) } else { None })
        .collect();
    let measures = measures(&lines, body.column);
    let indents = first_line_indents(&lines);
    let listed = listing::continued(&lines);
    let reckoned = formula::continued(&lines);
    let mut out: Vec<Piece> = Vec::new();
    let mut current: Option<Growing> = None;
    let mut at = 0;
    for element in &elements {
        match element {
            Element::Line(line) => {
                let right = measures.get(at).copied().unwrap_or(line.u1);
                let listed = listed.get(at).copied().unwrap_or(false);
                let reckoned = reckoned.get(at).copied().unwrap_or(false);
                at += 1;
                if let Some(g) = current.as_mut()
                    && (listed
                        || reckoned
                        || g.takes(line, lines.get(at).copied(), body)
                            && !g.ends_before_another(line, &indents))
                {
                    g.push(line, right);
                    g.listed |= listed;
                    continue;
                }
                out.extend(current.take().map(|g| g.finish(page)));
                current = Some(Growing::start(line, right));
            }
            Element::Row(row) => {
                out.extend(current.take().map(|g| g.finish(page)));
                out.push(row_piece(page, row));
            }
        }
    }
    out.extend(current.map(|g| g.finish(page)));
    gaps(&mut out);
    out
}

/// Where the first lines of paragraphs begin on this page (字下げ), found from lines that go on a little further out, if no
/// running text stands at the same place.
fn first_line_indents(lines: &[&Line]) -> Vec<f32> {
    let mut firsts: Vec<(f32, u32)> = Vec::new();
    let mut blocks: Vec<f32> = Vec::new();
    for pair in lines.windows(2) {
        let [a, b] = pair else { continue };
        let step = (b.v - a.v) / a.size;
        let kin = a.frame == b.frame && a.cell == b.cell && (a.size - b.size).abs() < 0.07 * a.size;
        if !kin || a.ink < 20 || !(0.9..2.4).contains(&step) || ends_sentence(&a.text()) {
            continue;
        }
        let shift = (a.u0 - b.u0) / a.size;
        if (0.6..1.6).contains(&shift) && marks::mark(a.first_text()).is_none() {
            match firsts.iter_mut().find(|(u, _)| (u - a.u0).abs() < 0.2 * a.size) {
                Some((_, n)) => *n += 1,
                None => firsts.push((a.u0, 1)),
            }
        } else if shift.abs() < 0.2 {
            blocks.push(a.u0);
        }
    }
    firsts.retain(|(u, n)| *n >= 2 && !blocks.iter().any(|b| (b - u).abs() < 2.0));
    firsts.into_iter().map(|(u, _)| u).collect()
}

fn row_piece(page: u32, row: &Row) -> Piece {
    Piece {
        page,
        frame: row.frame,
        role: Role::Row,
        text: row.cells.join("\t"),
        area: row.area,
        size: row.size,
        bold: false,
        mark: None,
        lines: 1,
        first: row.area[0],
        left: row.area[0],
        gap_above: 0.0,
        open_end: false,
        open_start: false,
    }
}

/// A line that is a piece by itself: a running element.
pub(super) fn single(page: u32, line: &Line, role: Role) -> Piece {
    Piece {
        role,
        open_start: false,
        open_end: false,
        ..Growing::start(line, line.u1).finish(page)
    }
}

fn gaps(pieces: &mut [Piece]) {
    let mut last: Option<([f32; 4], Frame)> = None;
    for p in pieces {
        p.gap_above = match last {
            Some((area, frame)) if frame == p.frame && p.area[1] >= area[1] => {
                (p.area[1] - area[3]) / p.size.max(1.0)
            }
            _ => 9.0,
        };
        last = Some((p.area, p.frame));
    }
}

/// The paragraph being built.
struct Growing<'a> {
    lines: Vec<&'a Line>,
    text: String,
    right: f32,
    mark: Option<Mark>,
    /// It is a program listing.
    listed: bool,
}

impl<'a> Growing<'a> {
    fn start(line: &'a Line, right: f32) -> Growing<'a> {
        let text = line.text();
        Growing {
            lines: vec![line],
            mark: marks::mark(&text),
            text,
            right,
            listed: false,
        }
    }

    fn push(&mut self, line: &'a Line, right: f32) {
        join_line(&mut self.text, &line.text());
        self.lines.push(line);
        self.right = right;
    }

    /// Does the line go on with this paragraph?
    fn takes(&self, b: &Line, after: Option<&Line>, body: Body) -> bool {
        let Some(a) = self.lines.last() else { return true };
        if a.frame != b.frame || a.cell != b.cell || a.aslant != b.aslant || a.parts.len() > 4 {
            return false;
        }
        if a.aslant {
            return true;
        }
        // Amounts one below the other, without their names.
        if is_sum(a.first_text()) && is_sum(b.first_text()) {
            return false;
        }
        let em = a.size.max(b.size);
        let step = b.v - a.v;
        let same_size = (a.size - b.size).abs() < 0.07 * em;
        if !same_size
            || step < 0.5 * em
            || step > 3.2 * em
            || !a.overlaps(b)
            || self.is_wide_step(step, em, body) && !self.is_even(a, b, after) && !self.is_torn(a, b)
        {
            return false;
        }
        let text = b.text();
        let ended = ends_sentence(&self.text);
        let free = (self.right - a.u1) / a.size;
        let title = a.size > 1.25 * body.size && !ended && step < 1.75 * em && a.bold == b.bold;
        let mark = marks::mark(&text);
        if mark.is_some_and(|m| self.parted_by(m, b, ended, free, &text))
            || marks::is_contents_line(&self.text)
        {
            return false;
        }
        if title {
            return true;
        }
        let short = free > first_chunk_em(&text) + if ended { 0.4 } else { 0.7 };
        let plain = !short
            && !self.is_heading_line(a, b, ended)
            && self.fits_indent(a, b, ended)
            && !self.begins_anew(a, b, after);
        let told = || script::is_address(&text) || self.lines.len() < 8 && script::expects_more(&self.text);
        plain || !ended && (self.hangs(a, b, body.size) || is_centred(a, b) || told())
    }

    /// The line under a title that fills its line: it is indented, and the line after it goes back to the margin.
    fn begins_anew(&self, a: &Line, b: &Line, after: Option<&Line>) -> bool {
        let Some(c) = after.filter(|c| c.frame == b.frame && c.cell == b.cell && c.overlaps(b)) else {
            return false;
        };
        let close = c.v > b.v && c.v - b.v < 1.4 * (b.v - a.v) && (c.size - b.size).abs() < 0.07 * b.size;
        let indent = (b.u0 - c.u0) / b.size;
        // A label set out over the text that is indented under it, after a text that ended in brackets.
        let label = (a.u0 - b.u0) / b.size > 0.4
            && self.right - b.u1 > 3.0 * b.size
            && self.text.trim_end().ends_with(['）', ')'])
            && !ends_sentence(&b.text());
        if self.lines.len() == 1 && label && indent < -0.6 {
            return true;
        }
        let full = b.u1 - b.u0 > 0.6 * (a.u1 - a.u0) && marks::mark(c.first_text()).is_none();
        self.lines.len() == 1 && close && full && (0.6..2.4).contains(&indent) && (b.u0 - a.u0) / b.size > 0.4
    }

    /// Is the line set under the text of an item, whose line before is more than half full? Its author broke it.
    fn hangs(&self, a: &Line, b: &Line, body: f32) -> bool {
        let Some(first) = self.lines.first() else {
            return false;
        };
        let shape = self
            .mark
            .is_some_and(|m| matches!(m.style, Style::Dot | Style::Shape(_)));
        let under = match self.lines.as_slice() {
            [_] => (0.4..2.2).contains(&((b.u0 - first.u0) / b.size)),
            _ => (b.u0 - a.u0).abs() < 0.3 * b.size,
        };
        // Under a title the text fills its lines.
        let rest = b.u1 < a.u1 + 0.5 * b.size;
        // Notes in smaller type have no titles.
        let note = self.mark.is_some_and(|m| m.style == Style::Note) && a.size < 0.93 * body;
        under && (note || shape && rest && a.u1 - first.u0 > 0.6 * (self.right - first.u0))
    }

    /// A single full line that ends a sentence, and the next begins where first lines begin on this page.
    fn ends_before_another(&self, b: &Line, indents: &[f32]) -> bool {
        let [a] = self.lines.as_slice() else { return false };
        let indented = |l: &Line| indents.iter().any(|u| (u - l.u0).abs() < 0.2 * l.size);
        self.mark.is_none() && ends_sentence(&self.text) && indented(a) && indented(b)
    }

    fn is_wide_step(&self, step: f32, em: f32, body: Body) -> bool {
        let usual = match self.lines.as_slice() {
            [.., x, y] => y.v - x.v,
            _ => body.pitch * em,
        };
        step > 1.3 * usual + 0.1 * em && step > 1.2 * em
    }

    /// Are the lines set as wide apart as the next: a paragraph in a wider setting than the rest of the page?
    fn is_even(&self, a: &Line, b: &Line, after: Option<&Line>) -> bool {
        let alike =
            |l: &Line| l.frame == a.frame && l.cell == a.cell && (l.size - a.size).abs() < 0.05 * a.size;
        let step = b.v - a.v;
        let near = |x: f32, y: f32| (x - y).abs() < 0.1 * a.size;
        let even = after.is_some_and(|c| alike(c) && near(c.v - b.v, step) && near(c.u0, b.u0));
        even && step < 2.2 * a.size && near(a.u1, b.u1) && a.ink >= 16 && !ends_sentence(&self.text)
    }

    /// A full line that stops in the middle of a word or of a phrase: the setting is wide here, the sentence goes on.
    fn is_torn(&self, a: &Line, b: &Line) -> bool {
        let full = self.right - a.u1 < 1.5 * a.size && a.ink >= 16 && a.parts.len() <= 2;
        let indent = (b.u0 - self.lines.first().map_or(a.u0, |l| l.u0)) / a.size;
        let under = (-1.6..3.0).contains(&indent) && b.v - a.v < 2.4 * a.size;
        let torn = script::expects_more(&self.text) || b.first_text().starts_with(script::never_begins);
        full && under && torn && !ends_sentence(&self.text)
    }

    /// Does the mark at the beginning of the next line begin a new piece?
    fn parted_by(&self, m: Mark, b: &Line, ended: bool, free: f32, text: &str) -> bool {
        let first = self.lines.first().map_or(b.u0, |l| l.u0);
        let sibling = self
            .mark
            .is_some_and(|own| own.style == m.style && (m.value == 0 || m.value == own.value + 1))
            && (b.u0 - first).abs() < 1.2 * b.size;
        let strong = matches!(
            m.style,
            Style::Part
                | Style::Chapter
                | Style::Dai
                | Style::NumberBracket
                | Style::ParenBracket
                | Style::CircledBracket
                | Style::Bracket
        ) && text.contains(['【', '章', '部', '編']);
        let chunk = first_chunk_em(text) + 0.7;
        // Two notes, set in the middle or not; a number set apart from its text by a wide blank.
        let note = m.style == Style::Note && self.mark.is_some_and(|own| own.style == m.style);
        let apart = !script::expects_more(&self.text)
            && (Style::Number..=Style::Kana).contains(&m.style)
            && text
                .trim_start()
                .chars()
                .skip(m.chars.saturating_sub(1))
                .take(2)
                .any(|c| c == '　');
        sibling
            || strong
            || note
            || apart
            || ended
            || free > chunk
            || matches!(m.style, Style::Dot | Style::Shape(_) | Style::Angle(_)) && free > 1.5
    }

    /// A numbered title that fills no line, a bold line over plain text.
    fn is_heading_line(&self, a: &Line, b: &Line, ended: bool) -> bool {
        let bracketed = self.lines.len() == 1 && self.text.trim_end().ends_with('】');
        let bold_differs = a.bold != b.bold && a.bold_ends.1 != b.bold_ends.0;
        bracketed || bold_differs && !ended && self.lines.iter().all(|l| l.bold == a.bold) && a.ink < 40
    }

    fn fits_indent(&self, a: &Line, b: &Line, ended: bool) -> bool {
        let em = a.size;
        let usual = if self.lines.len() > 1 {
            a.u0
        } else {
            self.lines.first().map_or(a.u0, |l| l.u0)
        };
        let shift = (b.u0 - usual) / em;
        if self.lines.len() == 1 {
            // Hanging under a mark, or back to the margin after 字下げ.
            return if self.mark.is_some() {
                shift < 6.0
            } else {
                shift < 0.6 || !ended && shift < 3.0
            };
        }
        // A line further in or out ends the paragraph only after a sentence.
        shift.abs() < 0.6 || !ended
    }

    fn finish(self, page: u32) -> Piece {
        let (first, last) = (self.lines.first(), self.lines.last());
        let mut area = first.map_or([0.0; 4], |l| [l.u0, l.top, l.u1, l.bottom]);
        let mut inks: Vec<(f32, u32)> = Vec::new();
        for l in &self.lines {
            area = [
                area[0].min(l.u0),
                area[1].min(l.top),
                area[2].max(l.u1),
                area[3].max(l.bottom),
            ];
            match inks.iter_mut().find(|(s, _)| (s - l.size).abs() < 0.25) {
                Some((_, n)) => *n += l.ink,
                None => inks.push((l.size, l.ink)),
            }
        }
        let size = inks.iter().max_by_key(|(_, n)| *n).map_or(1.0, |(s, _)| *s);
        let free = last.map_or(0.0, |l| (self.right - l.u1) / l.size);
        let start = first.map_or(0.0, |l| l.u0);
        let left = self.lines.get(1).map_or(start, |l| l.u0);
        let aslant = first.is_some_and(|l| l.aslant);
        let indented = self.lines.len() > 1 && start - left > 0.6 * size;
        Piece {
            page,
            frame: first.map_or(Frame(crate::extract::Direction::Right), |l| l.frame),
            role: if aslant { Role::Header } else { Role::Text },
            area,
            size,
            bold: self.lines.iter().all(|l| l.bold),
            lines: self.lines.len() as u32,
            first: start,
            left,
            gap_above: 0.0,
            open_end: self.listed && listing::is_open(&self.text)
                || free < 2.0 && !ends_sentence(&self.text) && !aslant && self.text.chars().nth(14).is_some(),
            open_start: self.mark.is_none() && !indented && !aslant,
            mark: self.mark,
            text: self.text,
        }
    }
}

/// Two short lines with one middle and different ends: a name set over two lines.
fn is_centred(a: &Line, b: &Line) -> bool {
    let em = a.size;
    let middle = 0.5 * (a.u0 + a.u1 - b.u0 - b.u1).abs();
    let widest = if a.cell.is_some() { 48.0 } else { 16.0 };
    let short = |l: &Line| l.parts.len() == 1 && l.u1 - l.u0 < widest * em && l.u1 - l.u0 > 1.5 * em;
    let worded = |l: &Line| {
        l.first_text().chars().any(|c| c >= '\u{3040}') && !marks::is_contents_line(l.first_text())
    };
    // A sentence that fills its box is told by more than the distance of its lines.
    let reach = if a.cell.is_some() && a.u1 - a.u0 > 20.0 * em {
        2.0
    } else {
        1.45
    };
    let set = (a.u0 - b.u0).abs() > 0.7 * em && middle < 0.3 * em && b.v - a.v < reach * em;
    set && short(a) && short(b) && worded(a) && worded(b) && a.bold == b.bold
}
