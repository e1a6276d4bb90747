//! Turning a page so that its text reads left to right, line below line.
//!
//! Every rule of the layout is written once, for horizontal text: `u` grows along the line, `v` from line to line.
//! Vertical writing and turned pages are the same text seen through another [`Frame`].

use crate::extract::{Direction, Glyph, Rule};

/// Coordinates beyond this (a page is 14,400 points at most) are broken numbers, not places.
const FAR: f32 = 1.0e6;

/// The way the text of a run goes over the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame(pub Direction);

impl Frame {
    /// Page coordinates to (along the line, across the lines).
    pub fn turn(self, x: f32, y: f32) -> (f32, f32) {
        match self.0 {
            Direction::Right => (x, y),
            Direction::Down => (y, -x),
            Direction::Left => (-x, -y),
            Direction::Up => (-y, x),
        }
    }

    /// The inverse of [`Frame::turn`].
    pub fn back(self, u: f32, v: f32) -> (f32, f32) {
        match self.0 {
            Direction::Right => (u, v),
            Direction::Down => (-v, u),
            Direction::Left => (-u, -v),
            Direction::Up => (v, -u),
        }
    }

    /// A box (u0, v0, u1, v1) as left, top, right, bottom on the page.
    pub fn page_box(self, [u0, v0, u1, v1]: [f32; 4]) -> [f32; 4] {
        let (ax, ay) = self.back(u0, v0);
        let (bx, by) = self.back(u1, v1);
        [ax.min(bx), ay.min(by), ax.max(bx), ay.max(by)]
    }

    /// A rule as (u0, v0, u1, v1) with ascending ends; `None` when it is no place on a page.
    pub fn turn_rule(self, rule: &Rule) -> Option<[f32; 4]> {
        let ends = [rule.x0, rule.y0, rule.x1, rule.y1];
        if !ends.iter().all(|c| c.is_finite() && c.abs() < FAR) {
            return None;
        }
        let (au, av) = self.turn(rule.x0, rule.y0);
        let (bu, bv) = self.turn(rule.x1, rule.y1);
        Some([au.min(bu), av.min(bv), au.max(bu), av.max(bv)])
    }
}

/// A glyph in its frame, with every number made usable.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pen {
    pub u: f32,
    pub v: f32,
    pub advance: f32,
    pub size: f32,
}

impl Pen {
    /// `glyph` seen through `frame`. Broken numbers become harmless ones: nothing of the text may be lost to them.
    pub fn new(glyph: &Glyph, frame: Frame) -> Pen {
        let size = sound(glyph.size).abs().clamp(0.5, 2000.0);
        let (u, v) = frame.turn(sound(glyph.x), sound(glyph.y));
        let known = sound(glyph.advance).abs();
        let advance = if known > 0.0 && known < 4.0 * size {
            known
        } else {
            guessed_advance(glyph.ch, size)
        };
        Pen { u, v, advance, size }
    }
}

impl Pen {
    /// From the left end of the baseline of an upright glyph to the top of its middle line.
    pub fn centre(&mut self) {
        self.v -= 0.5 * self.size;
        self.u -= 0.88 * self.size;
        self.advance = self.size;
    }
}

fn sound(x: f32) -> f32 {
    if x.is_finite() { x.clamp(-FAR, FAR) } else { 0.0 }
}

fn guessed_advance(ch: char, size: f32) -> f32 {
    if ch.is_ascii() || ('\u{ff61}'..='\u{ff9f}').contains(&ch) {
        0.5 * size
    } else {
        size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_undoes_turn() {
        for direction in [Direction::Right, Direction::Down, Direction::Left, Direction::Up] {
            let (u, v) = Frame(direction).turn(3.0, 5.0);
            assert_eq!(Frame(direction).back(u, v), (3.0, 5.0));
        }
    }

    #[test]
    fn the_next_vertical_line_stands_to_the_left() {
        let frame = Frame(Direction::Down);
        assert!(frame.turn(100.0, 0.0).1 < frame.turn(80.0, 0.0).1);
    }
}
