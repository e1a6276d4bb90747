//! Segments → lines: what stands on one baseline and belongs together.

use super::frame::Frame;
use super::marks;
use super::script::{is_blank, is_latin};
use super::segment::Segment;

/// One piece of a line; a line of a table has several.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub u0: f32,
    pub u1: f32,
    pub text: String,
}

/// A line of text.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub frame: Frame,
    pub u0: f32,
    pub u1: f32,
    pub v: f32,
    pub top: f32,
    pub bottom: f32,
    pub size: f32,
    pub bold: bool,
    /// Its first and its last glyph are bold.
    pub bold_ends: (bool, bool),
    pub ink: u32,
    /// From left to right, never empty.
    pub parts: Vec<Part>,
    /// The frame drawn around it, if any: text does not run from box to box.
    pub cell: Option<usize>,
    /// Part of a stamp set at an angle.
    pub aslant: bool,
}

impl Line {
    pub fn new(segment: Segment, cell: Option<usize>) -> Line {
        let (top, bottom) = segment.span();
        Line {
            frame: segment.frame,
            u0: segment.u0,
            u1: segment.u1,
            v: segment.v,
            top,
            bottom,
            size: segment.size,
            bold: segment.bold,
            bold_ends: segment.bold_ends,
            ink: segment.ink,
            parts: vec![Part {
                u0: segment.u0,
                u1: segment.u1,
                text: segment.text,
            }],
            cell,
            aslant: segment.aslant,
        }
    }

    /// Takes a segment of the same baseline that stands to the right.
    fn push(&mut self, segment: Segment) {
        let (top, bottom) = segment.span();
        if segment.ink > self.ink {
            (self.v, self.size) = (segment.v, segment.size);
        }
        self.bold = if segment.ink > self.ink {
            segment.bold
        } else {
            self.bold
        };
        self.bold_ends.1 = segment.bold_ends.1;
        self.ink += segment.ink;
        let gap = segment.u0 - self.u1;
        self.u0 = self.u0.min(segment.u0);
        self.u1 = self.u1.max(segment.u1);
        (self.top, self.bottom) = (self.top.min(top), self.bottom.max(bottom));
        // Pieces that touch were only parted by a change of size or a reading set over them.
        if let Some(last) = self.parts.last_mut().filter(|_| gap < 0.2 * self.size) {
            last.text.push_str(&segment.text);
            last.u1 = last.u1.max(segment.u1);
            return;
        }
        self.parts.push(Part {
            u0: segment.u0,
            u1: segment.u1,
            text: segment.text,
        });
    }

    /// Takes a line of the same baseline that stands to the right.
    pub fn append(&mut self, right: Line) {
        self.ink += right.ink;
        self.u1 = self.u1.max(right.u1);
        (self.top, self.bottom) = (self.top.min(right.top), self.bottom.max(right.bottom));
        self.parts.extend(right.parts);
    }

    fn takes(&self, next: &Segment, cell: Option<usize>) -> bool {
        let em = self.size.max(next.size);
        let ratio = self.size.min(next.size) / em;
        // A note's number right behind its word may stand high.
        let reach = match ratio {
            r if r < 0.7 && next.u0 < self.u1 + 0.3 * em => 0.66,
            r if r < 0.8 => 0.5,
            _ => 0.35,
        };
        self.frame == next.frame
            && self.cell == cell
            && self.aslant == next.aslant
            && !self.aslant
            && (self.v - next.v).abs() < reach * em
            && next.u0 > self.u1 - 0.4 * em
    }

    /// The text, gaps shown as one blank.
    pub fn text(&self) -> String {
        let mut out = String::with_capacity(self.parts.iter().map(|p| p.text.len() + 3).sum());
        for (i, part) in self.parts.iter().enumerate() {
            if i == 0 || self.gap(i - 1) < 0.2 * self.size {
                out.push_str(&part.text);
            } else {
                join_part(&mut out, &part.text);
            }
        }
        out
    }

    /// The first character of the line.
    pub fn first_text(&self) -> &str {
        self.parts.first().map_or("", |p| p.text.as_str())
    }

    /// Do the extents along the line overlap by more than a trace?
    pub fn overlaps(&self, other: &Line) -> bool {
        self.u1.min(other.u1) - self.u0.max(other.u0) > 0.3 * self.size.min(other.size)
    }

    /// Everything of `self` and `other` in one box.
    pub fn page_box(&self) -> [f32; 4] {
        self.frame.page_box([self.u0, self.top, self.u1, self.bottom])
    }

    /// Gap before the part after the first.
    fn gap(&self, at: usize) -> f32 {
        match (self.parts.get(at), self.parts.get(at + 1)) {
            (Some(a), Some(b)) => b.u0 - a.u1,
            _ => 0.0,
        }
    }

    /// Does it look like a row of a table: several pieces, the first of which is not a mere mark?
    pub fn is_row(&self) -> bool {
        let first = self.first_text().trim();
        let mark_only = self.parts.len() == 2
            && (marks::mark(&format!("{first}　語")).is_some_and(|m| m.chars + 1 >= first.chars().count())
                || first.chars().count() == 1 && self.gap(0) < 2.0 * self.size);
        self.parts.len() >= 2 && !mark_only
    }

    /// Its last part as a line of its own.
    pub fn without_last(mut self) -> Vec<Line> {
        let Some(part) = self.parts.pop().filter(|_| !self.parts.is_empty()) else {
            return vec![self];
        };
        let ink = part.text.chars().filter(|c| !is_blank(*c)).count() as u32;
        let last = Line {
            u0: part.u0,
            u1: part.u1,
            ink,
            parts: vec![part],
            ..self.clone()
        };
        self.ink = self.ink.saturating_sub(ink);
        self.u1 = self.parts.last().map_or(self.u1, |p| p.u1);
        vec![self, last]
    }

    /// Splits into lines of their own where the gaps are too wide for running text.
    pub fn split_wide(self, em: f32) -> Vec<Line> {
        if self.parts.len() < 2 || !self.is_row() {
            return vec![self];
        }
        let mut out: Vec<Line> = Vec::new();
        let total: u32 = self.parts.iter().map(|p| p.text.chars().count() as u32).sum();
        for part in self.parts.iter() {
            match out.last_mut() {
                Some(last) if part.u0 - last.u1 < em * self.size => {
                    last.u1 = last.u1.max(part.u1);
                    last.parts.push(part.clone());
                }
                _ => {
                    let mut line = Line {
                        parts: vec![part.clone()],
                        u0: part.u0,
                        u1: part.u1,
                        ..self.clone()
                    };
                    line.ink = self.ink * part.text.chars().count() as u32 / total.max(1);
                    out.push(line);
                }
            }
        }
        out
    }
}

/// Appends a piece of the same line after a gap.
pub(super) fn join_part(out: &mut String, part: &str) {
    if let (Some(a), Some(b)) = (out.chars().next_back(), part.chars().next()) {
        out.push(if is_latin(a) && is_latin(b) { ' ' } else { '　' });
    }
    out.push_str(part);
}

/// Groups segments in reading order into lines; `cells` gives the drawn box of each segment.
pub(super) fn lines(segments: impl Iterator<Item = (Segment, Option<usize>)>) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::with_capacity(64);
    for (segment, cell) in segments {
        match out.last_mut() {
            Some(line) if line.takes(&segment, cell) => line.push(segment),
            _ => out.push(Line::new(segment, cell)),
        }
    }
    out
}

/// Is `small` the reading (ruby) printed over `base`?
pub(super) fn is_ruby(small: &Segment, base: &Segment) -> bool {
    let kana = small
        .text
        .chars()
        .all(|c| ('\u{3041}'..='\u{30ff}').contains(&c) || c.is_whitespace());
    let above = base.v - small.v;
    let (low, high) = if base.vertical { (0.5, 1.1) } else { (0.7, 1.3) };
    kana && small.frame == base.frame
        && small.size < 0.62 * base.size
        && (low * base.size..high * base.size).contains(&above)
        && small.u0 > base.u0 - base.size
        && small.u1 < base.u1 + base.size
}
