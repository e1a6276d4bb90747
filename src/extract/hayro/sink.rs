//! Collects what one page shows.

use std::hash::{BuildHasherDefault, Hasher};

use crate::extract::{Direction, FontInfo, Glyph, Rule};

/// Glyphs that lie closer than this (points) to the same character are the same glyph drawn twice: fake bold and
/// fill-then-stroke. Small type counts by a twentieth of its size, or "11" in a footnote would lose a digit.
const SAME_PLACE: f32 = 0.25;

/// No page of text comes near these; a page that does is an attack or a map, and memory must stay bounded.
const MAX_GLYPHS: usize = 400_000;
const MAX_RULES: usize = 20_000;

/// What one page shows, as far as it has been interpreted.
#[derive(Default)]
pub(in crate::extract) struct PageSink {
    pub glyphs: Vec<Glyph>,
    pub fonts: Vec<FontInfo>,
    pub rules: Vec<Rule>,
    pub images: u32,
    pub lost_glyphs: u32,
    /// Curves painted: a page of outlined text has thousands.
    pub curves: u32,
    /// Glyphs or rules were left out because the page has more than any page of text.
    pub overflowed: bool,
    places: std::collections::HashMap<u64, (f32, f32), BuildHasherDefault<PlaceHasher>>,
}

impl PageSink {
    /// Adds a glyph unless it only repeats one already there.
    pub fn push(&mut self, glyph: Glyph) {
        if self.glyphs.len() >= MAX_GLYPHS {
            self.overflowed = true;
            return;
        }
        if glyph.x.is_finite() && glyph.y.is_finite() && !self.repeats(&glyph) {
            self.glyphs.push(glyph);
        }
    }

    pub fn push_rule(&mut self, rule: Rule) {
        if self.rules.len() >= MAX_RULES {
            self.overflowed = true;
        } else {
            self.rules.push(rule);
        }
    }

    /// Drops the text outside the page as displayed: printers' marks and what a designer pushed aside. A line that
    /// begins on the page and runs over its edge stays whole. When all text is outside, the box of the page is wrong and
    /// not the text.
    pub fn drop_outside(&mut self, width: f32, height: f32) {
        let inside = |g: &Glyph| {
            let slack = g.size.max(2.0);
            (-slack..=width + slack).contains(&g.x) && (-slack..=height + slack).contains(&g.y)
        };
        if !self.glyphs.iter().any(|g| inside(g) && !g.ch.is_whitespace()) {
            return;
        }
        let mut last: Option<Glyph> = None;
        self.glyphs.retain(|g| {
            let runs_on = last.is_some_and(|l| {
                let reach = 3.0 * g.size;
                l.direction == g.direction && (l.x - g.x).abs() <= reach && (l.y - g.y).abs() <= reach
            });
            let stays = inside(g) || runs_on;
            last = stays.then_some(*g);
            stays
        });
    }

    /// Takes back the glyphs from `start` on, so that a replacement text can stand for them.
    pub fn take_from(&mut self, start: usize) -> Vec<Glyph> {
        let taken = self.glyphs.split_off(start.min(self.glyphs.len()));
        for glyph in &taken {
            self.places.remove(&place(glyph.ch, cell(glyph.x), cell(glyph.y)));
        }
        taken
    }

    fn repeats(&mut self, glyph: &Glyph) -> bool {
        if glyph.ch == ' ' || glyph.ch == '\u{3000}' {
            return false;
        }
        let near = SAME_PLACE.min(glyph.size / 20.0);
        for cx in cell(glyph.x - near)..=cell(glyph.x + near) {
            for cy in cell(glyph.y - near)..=cell(glyph.y + near) {
                if let Some((x, y)) = self.places.get(&place(glyph.ch, cx, cy))
                    && (x - glyph.x).abs() <= near
                    && (y - glyph.y).abs() <= near
                {
                    return true;
                }
            }
        }
        self.places
            .insert(place(glyph.ch, cell(glyph.x), cell(glyph.y)), (glyph.x, glyph.y));
        false
    }
}

/// Grid cells of two points: nearly always one look-up a glyph.
fn cell(coordinate: f32) -> i32 {
    (coordinate * 0.5).floor() as i32
}

fn place(ch: char, x: i32, y: i32) -> u64 {
    (u64::from(ch as u32) << 42) ^ (u64::from(x as u32 & 0x1F_FFFF) << 21) ^ u64::from(y as u32 & 0x1F_FFFF)
}

/// A multiplicative hash: the keys are already well spread, and the standard hasher costs a tenth of a page.
#[derive(Default)]
pub(super) struct PlaceHasher(u64);

impl Hasher for PlaceHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, value: u64) {
        let mixed = (self.0 ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ (mixed >> 32);
    }
}

/// The quarter turn nearest to a direction on the displayed page.
pub(super) fn direction_of(x: f64, y: f64) -> Direction {
    if x.abs() >= y.abs() {
        if x >= 0.0 {
            Direction::Right
        } else {
            Direction::Left
        }
    } else if y > 0.0 {
        Direction::Down
    } else {
        Direction::Up
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyph(ch: char, x: f32, y: f32, size: f32) -> Glyph {
        Glyph {
            ch,
            x,
            y,
            advance: size,
            size,
            font: 0,
            direction: Direction::Right,
            vertical: false,
            invisible: false,
        }
    }

    #[test]
    fn a_glyph_drawn_twice_counts_once_even_across_a_cell_border() {
        let mut sink = PageSink::default();
        sink.push(glyph('業', 1.95, 100.0, 10.0));
        sink.push(glyph('業', 2.1, 100.1, 10.0));
        sink.push(glyph('業', 2.5, 100.0, 10.0));
        assert_eq!(sink.glyphs.len(), 2);
    }

    #[test]
    fn equal_neighbours_of_small_type_stay() {
        let mut sink = PageSink::default();
        sink.push(glyph('1', 10.0, 10.0, 0.4));
        sink.push(glyph('1', 10.2, 10.0, 0.4));
        assert_eq!(sink.glyphs.len(), 2);
    }

    #[test]
    fn printers_marks_are_not_text_of_the_page() {
        let mut sink = PageSink::default();
        sink.push(glyph('外', 100.0, 900.0, 10.0));
        sink.drop_outside(595.0, 842.0);
        assert_eq!(sink.glyphs.len(), 1);
        sink.push(glyph('内', 100.0, 100.0, 10.0));
        sink.drop_outside(595.0, 842.0);
        assert_eq!(sink.glyphs.iter().map(|g| g.ch).collect::<String>(), "内");
    }

    #[test]
    fn taken_back_glyphs_may_be_drawn_again() {
        let mut sink = PageSink::default();
        sink.push(glyph('業', 1.0, 1.0, 10.0));
        assert_eq!(sink.take_from(0).len(), 1);
        sink.push(glyph('業', 1.0, 1.0, 10.0));
        assert_eq!(sink.glyphs.len(), 1);
    }
}
