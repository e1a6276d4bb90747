//! Painted paths → ruling lines.

use std::collections::VecDeque;

use super::matrix::Matrix;
use super::sink::PageSink;
use super::state::Colour;
use crate::extract::Rule;

/// A painted rectangle thinner than this (points) is drawn as a line.
const THIN: f64 = 2.0;
/// Shorter lines (points) are dots of a leader, ticks or parts of a logo.
const SHORTEST: f64 = 3.0;
/// A line may deviate this much (points) from the horizontal or vertical.
const SKEW: f64 = 0.6;
/// Segments of one path that are looked at; charts and maps have many more and no use for them.
const MAX_SEGMENTS: usize = 4_000;
/// Filled areas that are remembered: what is painted over an area in its own colour follows soon.
const REMEMBERED: usize = 16;
/// An area may stick out this much (points) of the one it is painted over.
const SLACK: f64 = 1.0;

/// The path under construction, in displayed page space.
#[derive(Default)]
pub(super) struct Path {
    lines: Vec<[f64; 4]>,
    boxes: Vec<[f64; 4]>,
    start: (f64, f64),
    current: (f64, f64),
    curves: u32,
    ground: Ground,
}

/// How a path is painted.
#[derive(Clone, Copy)]
pub(super) enum Paint {
    /// Its outline is drawn, and perhaps its inside too.
    Stroke,
    /// Only its inside is painted.
    Fill(Option<Colour>),
}

/// The areas filled last. Word processors shade a cell, and then every line of text in it once more: what has the colour
/// of the area below it is not seen, and is no cell.
#[derive(Default)]
struct Ground(VecDeque<([f64; 4], Option<Colour>)>);

impl Ground {
    /// Remembers an area; which of its edges (top, bottom, left, right) are seen?
    fn shown(&mut self, area: [f64; 4], colour: Option<Colour>) -> [bool; 4] {
        let [x0, y0, x1, y1] = area;
        let below = |part: [f64; 4], inside: &dyn Fn(&[f64; 4]) -> bool| {
            let found = self.0.iter().rev().find(|(b, _)| lies_on(part, b) && inside(b));
            found.and_then(|(_, c)| *c)
        };
        let hidden = |below: Option<Colour>| below.is_some() && below == colour;
        if hidden(below(area, &|_| true)) {
            return [false; 4];
        }
        let within = |at: f64, from: f64, to: f64| from + SLACK < at && at < to - SLACK;
        let level = |y: f64| !hidden(below([x0, y, x1, y], &|b| within(y, b[1], b[3])));
        let upright = |x: f64| !hidden(below([x, y0, x, y1], &|b| within(x, b[0], b[2])));
        let shown = [level(y0), level(y1), upright(x0), upright(x1)];
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back((area, colour));
        shown
    }
}

/// Is the area all on the other, but for a trace?
fn lies_on([x0, y0, x1, y1]: [f64; 4], b: &[f64; 4]) -> bool {
    b[0] - SLACK <= x0 && b[1] - SLACK <= y0 && x1 <= b[2] + SLACK && y1 <= b[3] + SLACK
}

impl Path {
    pub fn move_to(&mut self, ctm: Matrix, x: f64, y: f64) {
        self.start = ctm.point(x, y);
        self.current = self.start;
    }

    pub fn line_to(&mut self, ctm: Matrix, x: f64, y: f64) {
        let to = ctm.point(x, y);
        self.segment(to);
    }

    pub fn curve_to(&mut self, ctm: Matrix, x: f64, y: f64) {
        self.current = ctm.point(x, y);
        self.curves += 1;
    }

    pub fn close(&mut self) {
        self.segment(self.start);
    }

    pub fn rectangle(&mut self, ctm: Matrix, x: f64, y: f64, width: f64, height: f64) {
        let (x0, y0) = ctm.point(x, y);
        let (x1, y1) = ctm.point(x + width, y + height);
        self.start = (x0, y0);
        self.current = self.start;
        let [a, b, c, d, _, _] = ctm.0;
        let upright = (b == 0.0 && c == 0.0) || (a == 0.0 && d == 0.0);
        if upright && self.boxes.len() < MAX_SEGMENTS {
            self.boxes.push([x0.min(x1), y0.min(y1), x0.max(x1), y0.max(y1)]);
        }
    }

    /// The path is painted: its straight edges become rules. `page` is the area (width, height) of the page.
    pub fn paint(&mut self, paint: Paint, page: (f64, f64), sink: &mut PageSink) {
        sink.curves = sink.curves.saturating_add(self.curves);
        let written = match paint {
            Paint::Stroke => {
                self.lines.iter().for_each(|line| line_rule(*line, sink));
                None
            }
            Paint::Fill(_) => self.outline(),
        };
        for bounds in self.boxes.iter().copied().chain(written) {
            let shown = match paint {
                Paint::Fill(colour) if !is_line(bounds) => self.ground.shown(bounds, colour),
                _ => [true; 4],
            };
            box_rules(bounds, shown, matches!(paint, Paint::Stroke), page, sink);
        }
        self.clear();
    }

    /// The path is only a clip, or nothing.
    pub fn clear(&mut self) {
        self.lines.clear();
        self.boxes.clear();
        self.curves = 0;
    }

    fn segment(&mut self, to: (f64, f64)) {
        if self.lines.len() < MAX_SEGMENTS {
            self.lines.push([self.current.0, self.current.1, to.0, to.1]);
        }
        self.current = to;
    }

    /// The bounds of a path that is one upright rectangle written as lines.
    fn outline(&self) -> Option<[f64; 4]> {
        if self.curves > 0 || !(3..=5).contains(&self.lines.len()) {
            return None;
        }
        let mut bounds = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
        for [x0, y0, x1, y1] in &self.lines {
            if (x0 - x1).abs() > SKEW && (y0 - y1).abs() > SKEW {
                return None;
            }
            bounds = [
                bounds[0].min(*x0).min(*x1),
                bounds[1].min(*y0).min(*y1),
                bounds[2].max(*x0).max(*x1),
                bounds[3].max(*y0).max(*y1),
            ];
        }
        Some(bounds)
    }
}

fn line_rule([x0, y0, x1, y1]: [f64; 4], sink: &mut PageSink) {
    let (width, height) = ((x1 - x0).abs(), (y1 - y0).abs());
    if height <= SKEW && width >= SHORTEST {
        let y = (y0 + y1) / 2.0;
        push(x0.min(x1), y, x0.max(x1), y, sink);
    } else if width <= SKEW && height >= SHORTEST {
        let x = (x0 + x1) / 2.0;
        push(x, y0.min(y1), x, y0.max(y1), sink);
    }
}

/// A filled box so thin that it is meant as a line.
fn is_line([x0, y0, x1, y1]: [f64; 4]) -> bool {
    y1 - y0 <= THIN || x1 - x0 <= THIN
}

fn box_rules(
    [x0, y0, x1, y1]: [f64; 4],
    shown: [bool; 4],
    stroked: bool,
    page: (f64, f64),
    sink: &mut PageSink,
) {
    let (width, height) = (x1 - x0, y1 - y0);
    if height <= THIN && width >= SHORTEST {
        let y = (y0 + y1) / 2.0;
        return push(x0, y, x1, y, sink);
    }
    if width <= THIN && height >= SHORTEST {
        let x = (x0 + x1) / 2.0;
        return push(x, y0, x, y1, sink);
    }
    // The white sheet that many producers paint under everything says nothing about tables.
    let sheet = !stroked && width >= page.0 * 0.9 && height >= page.1 * 0.9;
    if width >= SHORTEST && height >= SHORTEST && !sheet {
        let edges = [
            [x0, y0, x1, y0],
            [x0, y1, x1, y1],
            [x0, y0, x0, y1],
            [x1, y0, x1, y1],
        ];
        for ([x0, y0, x1, y1], _) in edges.into_iter().zip(shown).filter(|(_, shown)| *shown) {
            push(x0, y0, x1, y1, sink);
        }
    }
}

fn push(x0: f64, y0: f64, x1: f64, y1: f64, sink: &mut PageSink) {
    let rule = Rule {
        x0: x0 as f32,
        y0: y0 as f32,
        x1: x1 as f32,
        y1: y1 as f32,
    };
    if [rule.x0, rule.y0, rule.x1, rule.y1].iter().all(|v| v.is_finite()) {
        sink.push_rule(rule);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: (f64, f64) = (595.0, 842.0);

    #[test]
    fn thin_boxes_are_lines_and_cells_have_four_edges() {
        let mut sink = PageSink::default();
        let mut path = Path::default();
        path.rectangle(Matrix::IDENTITY, 10.0, 20.0, 100.0, 0.5);
        path.paint(Paint::Fill(None), PAGE, &mut sink);
        assert_eq!(
            sink.rules,
            [Rule {
                x0: 10.0,
                y0: 20.25,
                x1: 110.0,
                y1: 20.25
            }]
        );
        path.rectangle(Matrix::IDENTITY, 10.0, 20.0, 100.0, 30.0);
        path.paint(Paint::Stroke, PAGE, &mut sink);
        assert_eq!(sink.rules.len(), 5);
    }

    #[test]
    fn slanted_lines_clips_and_the_white_sheet_are_no_rules() {
        let mut sink = PageSink::default();
        let mut path = Path::default();
        path.move_to(Matrix::IDENTITY, 0.0, 0.0);
        path.line_to(Matrix::IDENTITY, 50.0, 50.0);
        path.paint(Paint::Stroke, PAGE, &mut sink);
        path.rectangle(Matrix::IDENTITY, 0.0, 0.0, 595.0, 842.0);
        path.paint(Paint::Fill(None), PAGE, &mut sink);
        path.rectangle(Matrix::IDENTITY, 0.0, 0.0, 50.0, 50.0);
        path.clear();
        path.paint(Paint::Fill(None), PAGE, &mut sink);
        assert!(sink.rules.is_empty());
    }

    #[test]
    fn the_shade_of_a_text_in_a_cell_of_its_colour_is_no_cell() {
        let (grey, blue) = (Some(Colour::grey(0.6)), Some(Colour::grey(0.2)));
        let mut sink = PageSink::default();
        let mut path = Path::default();
        let mut fill = |x: f64, width: f64, colour| {
            path.rectangle(Matrix::IDENTITY, x, 20.0, width, 30.0);
            path.paint(Paint::Fill(colour), PAGE, &mut sink);
            sink.rules.len()
        };
        assert_eq!(fill(10.0, 100.0, grey), 4);
        assert_eq!(fill(20.0, 40.0, grey), 4, "shade on its own colour");
        assert_eq!(fill(20.0, 40.0, blue), 8, "another colour shows");
        assert_eq!(fill(25.0, 20.0, grey), 12, "the colour below is blue now");
        assert_eq!(fill(110.0, 100.0, grey), 16, "the cell beside");
        assert_eq!(fill(200.0, 100.0, grey), 19, "an edge on its own colour");
    }
}
