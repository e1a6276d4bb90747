//! Pictures as SVG: the same ones stand in the report and, as files, in `figures/`.
//!
//! Colours stand in the elements themselves, so that a word processor shows them; the report's style sheet replaces
//! them for dark screens by the elements' classes. Fonts are those the reader has. No figure is told by its colour
//! alone: the number stands in every cell, at every bar and at every point.

mod bars;
mod heat;
mod slopes;

pub use bars::Bars;
pub use heat::{HeatMap, HeatRow};
pub use slopes::{Slope, Slopes};

use unicode_width::UnicodeWidthStr;

use super::Lang;

/// Fonts of the pictures: whichever of these the reader has.
pub const FONTS: &str = "'Noto Sans JP','Noto Sans CJK JP','Hiragino Sans','Hiragino Kaku Gothic ProN','Yu Gothic',\
                         Meiryo,'IPAexGothic','IPAGothic',sans-serif";

/// A colour and what is written on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shade {
    /// Of the area.
    pub fill: &'static str,
    /// Of the text.
    pub ink: &'static str,
}

const fn shade(fill: &'static str, ink: &'static str) -> Shade {
    Shade { fill, ink }
}

/// One hue from light to dark: told apart by lightness, so also by the colour-blind and in print. The first stands for
/// 0, the others for fifths.
pub const LIGHT: [Shade; 6] = [
    shade("#f3f5f7", "#3d4650"),
    shade("#d9e6f2", "#14202c"),
    shade("#aecbe4", "#14202c"),
    shade("#7fadd4", "#14202c"),
    shade("#2b6ca6", "#ffffff"),
    shade("#123f6b", "#ffffff"),
];

/// The same on a dark ground: from dark to light.
pub const DARK: [Shade; 6] = [
    shade("#20262c", "#b9c3cc"),
    shade("#1d3448", "#e8eef4"),
    shade("#224c6d", "#eef4fa"),
    shade("#265f8d", "#ffffff"),
    shade("#5f9fd4", "#0b131b"),
    shade("#add3f3", "#0b131b"),
];

/// Which of the shades a rate has: 0, or a fifth of the scale above it.
pub fn shade_of(rate: f64) -> usize {
    if rate <= 0.0 {
        return 0;
    }
    ((rate * 5.0).ceil() as usize).clamp(1, 5)
}

/// A rate with what it was counted from.
#[derive(Debug, Clone, PartialEq)]
pub struct Rate {
    /// Between 0 and 1; none when nothing is known, or the group is suppressed.
    pub rate: Option<f64>,
    /// 95 % Wilson interval.
    pub interval: Option<(f64, f64)>,
    /// Units that disclose.
    pub disclosed: i64,
    /// Units of which it is known.
    pub base: i64,
    /// Units of the group.
    pub size: i64,
    /// The base is too small to say much.
    pub small: bool,
}

impl Rate {
    /// `53.3%`; a dash when there is none.
    pub fn percent(&self) -> String {
        self.rate.map_or_else(|| "–".to_owned(), percent)
    }

    /// `53`, for a cell; a dash when there is none.
    fn whole(&self) -> String {
        self.rate
            .map_or_else(|| "–".to_owned(), |rate| format!("{:.0}", rate * 100.0))
    }

    /// `53.3% (8/15社、95%区間 30.1–75.2%、不明2)`
    fn told(&self, unit: Counted, lang: Lang) -> String {
        let unit = unit.name(lang);
        let mut told = format!("{} ({}/{}{unit}", self.percent(), self.disclosed, self.base);
        if let (Some((low, high)), Some(_)) = (self.interval, self.rate) {
            let name = lang.pick("、95%区間 ", ", 95% interval ");
            told += &format!("{name}{:.1}–{:.1}%", low * 100.0, high * 100.0);
        }
        if self.size > self.base {
            told += &format!("{}{}", lang.pick("、不明 ", ", unknown "), self.size - self.base);
        }
        told.push(')');
        told
    }
}

/// `53.3%`
pub fn percent(rate: f64) -> String {
    format!("{:.1}%", rate * 100.0)
}

/// What a rate counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Companies.
    Companies,
    /// Documents.
    Documents,
}

impl Counted {
    fn name(self, lang: Lang) -> &'static str {
        match self {
            Counted::Companies => lang.pick("社", " companies"),
            Counted::Documents => lang.pick("件", " documents"),
        }
    }
}

impl Counted {
    /// How many there are: `12社`, `n=12`.
    fn size(self, count: i64, lang: Lang) -> String {
        match lang {
            Lang::Ja => format!("{count}{}", self.name(lang)),
            Lang::En => format!("n={count}"),
        }
    }
}

/// A category as a picture names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// `C01`
    pub id: String,
    /// In the language of the picture.
    pub name: String,
}

/// Width of a text in the unit of the picture, about.
fn width_of(text: &str, size: f64) -> f64 {
    text.width() as f64 * size * 0.54
}

/// Lines of at most `columns` columns (a kanji takes two), as many as it needs; Latin words are kept whole.
fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in pieces(text) {
        match lines.last_mut() {
            // What must not begin a line in Japanese hangs over.
            Some(line)
                if line.width() + piece.trim_end().width() <= columns || piece.starts_with(NOT_FIRST) =>
            {
                line.push_str(piece);
            }
            _ => lines.push(piece.to_owned()),
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

const NOT_FIRST: [char; 8] = ['、', '。', '・', 'ー', '）', ')', '」', 'ュ'];

/// Where a line may be broken: around every Japanese character, after the spaces of Latin words.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut begin = 0;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        let opens = matches!(before, Some('（' | '(' | '「'));
        let within = before.is_some_and(|b| b.is_ascii() && c.is_ascii() && b != ' ');
        if at > begin && !opens && !within {
            pieces.extend(text.get(begin..at));
            begin = at;
        }
        before = Some(c);
    }
    pieces.extend(text.get(begin..));
    pieces
}

/// To a tenth: what a picture needs, and no machine prints it otherwise.
fn tenth(x: f64) -> f64 {
    (x * 10.0).round() / 10.0
}

/// The texts of the scale below a picture with shades, with the shade of each.
fn legend() -> Vec<(usize, String)> {
    let mut steps = vec![(0, "0%".to_owned())];
    steps.extend((1..=5usize).map(|step| (step, format!("–{}%", step * 20))));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WCAG 2.2, relative luminance and contrast ratio.
    fn contrast(a: &str, b: &str) -> f64 {
        let luminance = |colour: &str| {
            let channel = |at: usize| {
                let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
                if value <= 0.04045 {
                    value / 12.92
                } else {
                    ((value + 0.055) / 1.055).powf(2.4)
                }
            };
            0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn numbers_can_be_read_on_every_shade() {
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 0.01);
        for shade in LIGHT.iter().chain(&DARK) {
            let ratio = contrast(shade.fill, shade.ink);
            assert!(ratio >= 5.0, "{shade:?}: {ratio:.2}");
        }
    }

    #[test]
    fn only_nothing_has_the_shade_of_nothing() {
        let shades = [0.0, 0.001, 0.2, 0.21, 0.5, 0.8, 0.81, 1.0].map(shade_of);
        assert_eq!(shades, [0, 1, 1, 2, 3, 4, 5, 5]);
    }

    #[test]
    fn lines_are_broken_where_the_language_allows() {
        assert_eq!(
            wrap("資源（予算、人員等）の確保", 8),
            ["資源（予", "算、人員", "等）の確", "保"]
        );
        // No line begins with a closing mark, none ends with an opening one.
        assert_eq!(wrap("対策（防御）を", 8), ["対策（防", "御）を"]);
        assert_eq!(wrap("基本的対策（防御）", 12), ["基本的対策", "（防御）"]);
        assert_eq!(wrap("supply chain and group", 12), ["supply chain", "and group"]);
        assert!(wrap("", 8).iter().all(String::is_empty));
    }
}
