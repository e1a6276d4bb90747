//! Text as printed → text for matching, with the way back to the printed characters.
//!
//! One text, one view: what the tokenizer reads, what word lists match and what offsets count is the same string, so
//! that no rule can be right about one view and wrong about another.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// A normalised text and where each of its characters came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Normalized {
    /// NFKC, dashes and waves unified, CJK radicals folded, variation selectors and stray spaces dropped.
    pub text: String,
    /// One mark for each piece of `text`, ascending.
    marks: Vec<Mark>,
    /// Number of characters of the original.
    chars: u32,
}

/// A piece of the normalised text that came from one place of the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    /// First byte in the normalised text.
    at: u32,
    /// First original character (Unicode scalar values).
    from: u32,
    /// Original character after the last.
    to: u32,
}

impl Normalized {
    /// The characters of the original (Unicode scalar values, end exclusive) that a byte range of
    /// [`text`](Self::text) came from. A range that cuts a piece takes the whole piece; an empty range stays empty.
    pub fn original(&self, bytes: Range<usize>) -> Range<usize> {
        let start = self.mark(bytes.start).map_or(self.chars, |m| m.from);
        let end = match bytes.end.checked_sub(1) {
            Some(last) if bytes.end > bytes.start => self.mark(last).map_or(self.chars, |m| m.to),
            _ => start,
        };
        start as usize..end.max(start) as usize
    }

    /// The piece a byte belongs to.
    fn mark(&self, byte: usize) -> Option<Mark> {
        if byte >= self.text.len() {
            return None;
        }
        let after = self.marks.partition_point(|m| m.at as usize <= byte);
        after.checked_sub(1).and_then(|i| self.marks.get(i)).copied()
    }
}

/// Normalises a text for matching.
///
/// NFKC; dashes become `-` and waves `~`; radicals of U+2E80–U+2FDF become the ideographs they look like; variation
/// selectors and zero-width characters go; circled numbers become `(1)`; spaces and line breaks beside Japanese
/// characters go; runs of spaces become one. A full-width space stays as a space, because reports use it to set
/// items apart, unless it only spreads out single letters (目　次). A tab stays: it parts the cells of a table row.
pub fn normalize(text: &str) -> Normalized {
    let mut out = Writer::default();
    let mut chars = text
        .chars()
        .enumerate()
        .filter(|(_, c)| !is_dropped(*c))
        .peekable();
    let mut before = Gap::Start;
    while let Some((index, c)) = chars.next() {
        let from = index as u32;
        if c.is_whitespace() || c.is_control() {
            before = before.widen(c);
            continue;
        }
        let alone = chars.peek().is_none_or(|(_, next)| next.is_whitespace());
        out.gap(before, c, alone, from);
        before = Gap::None;
        if is_plain(c) && chars.peek().is_none_or(|(_, next)| !is_combining(*next)) {
            out.push(c, from, from + 1);
            continue;
        }
        if let Some(n) = circled(c) {
            out.push_str(&format!("({n})"), from, from + 1);
            continue;
        }
        let mut cluster = String::from(folded(c));
        let mut to = from + 1;
        while let Some((i, mark)) = chars.next_if(|(_, next)| is_combining(*next)) {
            cluster.push(mark);
            to = i as u32 + 1;
        }
        let composed: String = cluster.nfkc().map(folded).collect();
        out.push_str(&composed, from, to);
    }
    out.finish(text.chars().count() as u32)
}

/// White space met since the last character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    Start,
    None,
    Narrow,
    Wide,
    Tab,
}

impl Gap {
    fn widen(self, c: char) -> Self {
        match (self, c) {
            (Self::Start, _) => Self::Start,
            (Self::Tab, _) | (_, '\t') => Self::Tab,
            (Self::Wide, _) | (_, '\u{3000}') => Self::Wide,
            _ => Self::Narrow,
        }
    }
}

/// Collects the pieces of the normalised text.
#[derive(Default)]
struct Writer {
    text: String,
    marks: Vec<Mark>,
    /// The last character stands alone between wide spaces.
    spread: bool,
}

impl Writer {
    fn push(&mut self, c: char, from: u32, to: u32) {
        self.marks.push(Mark {
            at: self.text.len() as u32,
            from,
            to,
        });
        self.text.push(c);
    }

    fn push_str(&mut self, s: &str, from: u32, to: u32) {
        if !s.is_empty() {
            self.marks.push(Mark {
                at: self.text.len() as u32,
                from,
                to,
            });
            self.text.push_str(s);
        }
    }

    /// Writes what a gap before `next` is worth.
    fn gap(&mut self, gap: Gap, next: char, next_is_alone: bool, at: u32) {
        let was_spread = std::mem::replace(&mut self.spread, gap != Gap::None && next_is_alone);
        let Some(last) = self.text.chars().next_back() else {
            return;
        };
        let latin = |c: char| c.is_ascii_graphic() || (c.is_alphanumeric() && (c as u32) < 0x2E80);
        let keep = match gap {
            Gap::Start | Gap::None => None,
            Gap::Tab => Some('\t'),
            Gap::Wide if was_spread && next_is_alone => None,
            Gap::Wide => Some(' '),
            Gap::Narrow if latin(last) && latin(folded(next)) && !is_wide_form(next) => Some(' '),
            Gap::Narrow => None,
        };
        if let Some(c) = keep {
            self.push(c, at.saturating_sub(1), at);
        }
    }

    fn finish(self, chars: u32) -> Normalized {
        Normalized {
            text: self.text,
            marks: self.marks,
            chars,
        }
    }
}

/// Characters NFKC leaves as they are and that make up nearly all of a report: a short cut.
fn is_plain(c: char) -> bool {
    matches!(c, '!'..='~' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3041}'..='\u{3096}'
        | '\u{30A1}'..='\u{30FE}' | '\u{4E00}'..='\u{9FFF}')
}

/// Full-width Latin: set solid in Japanese text, so that a line break before it is no word space.
fn is_wide_form(c: char) -> bool {
    matches!(c, '\u{FF01}'..='\u{FF5E}')
}

/// Variation selectors, zero-width characters, soft hyphens.
fn is_dropped(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{202A}'..='\u{202E}' | '\u{FEFF}' | '\u{AD}')
}

/// Written after the letter it belongs to: voicing marks, also half-width, and accents.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{FF9E}' | '\u{FF9F}') || canonical_combining_class(c) != 0
}

/// Dashes, waves and radicals as the characters they stand for.
fn folded(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => '-',
        '\u{301C}' | '\u{FF5E}' | '\u{223C}' | '\u{223E}' => '~',
        '\u{2E80}'..='\u{2EF3}' => radical(c).unwrap_or(c),
        _ => c,
    }
}

/// The number inside a circle, black or white, up to 50.
fn circled(c: char) -> Option<u32> {
    let code = c as u32;
    match code {
        0x2460..=0x2473 => Some(code - 0x2460 + 1),
        0x3251..=0x325F => Some(code - 0x3251 + 21),
        0x32B1..=0x32BF => Some(code - 0x32B1 + 36),
        0x2776..=0x277F => Some(code - 0x2776 + 1),
        0x2780..=0x2789 => Some(code - 0x2780 + 1),
        0x278A..=0x2793 => Some(code - 0x278A + 1),
        0x24EB..=0x24F4 => Some(code - 0x24EB + 11),
        0x24F5..=0x24FE => Some(code - 0x24F5 + 1),
        0x24EA | 0x24FF => Some(0),
        _ => None,
    }
}

/// CJK Radicals Supplement: NFKC folds two of them only, while PDF fonts map many an ideograph there (⻑ for 長).
const RADICALS: &str = "⺀冫⺁厂⺃乚⺄乙⺅亻⺆冂⺇几⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑尣⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歹⺟母⺠民⺡氵\
⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯糸⺰纟⺱罓⺲罒⺳网⺴网⺵网⺶羊⺷羊⺸羊⺹耂⺺肀⺻聿⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅見⻆角⻇角⻈讠⻉贝\
⻊足⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒長⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛風⻜飛⻝食⻞食⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鳥⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟";

/// Looks a radical up in [`RADICALS`].
fn radical(c: char) -> Option<char> {
    let mut pairs = RADICALS.chars();
    while let (Some(from), Some(to)) = (pairs.next(), pairs.next()) {
        if from == c {
            return Some(to);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn norm(s: &str) -> String {
        normalize(s).text
    }

    #[test]
    fn widths_dashes_and_marks_are_unified() {
        assert_eq!(norm("ＩＳＯ２７００１"), "ISO27001");
        assert_eq!(norm("ｻｲﾊﾞｰ攻撃"), "サイバー攻撃");
        assert_eq!(norm("−１〜３"), "-1~3");
        assert_eq!(norm("①方針"), "(1)方針");
        assert_eq!(norm("⻑期・⺠間・⾏動"), "長期・民間・行動");
        assert_eq!(norm("葛\u{E0100}飾"), "葛飾");
        assert_eq!(norm("か\u{3099}"), "が");
    }

    #[test]
    fn spaces_go_beside_japanese_and_stay_between_latin_words() {
        assert_eq!(norm("情報 セキュ\nリティ"), "情報セキュリティ");
        assert_eq!(norm("ISMS 認証を 2016 年度に"), "ISMS認証を2016年度に");
        assert_eq!(norm("ISO  27001\nfamily"), "ISO 27001 family");
        assert_eq!(norm("目標：５％　実績：４％"), "目標:5% 実績:4%");
        assert_eq!(norm("目　次"), "目次");
        assert_eq!(norm("監査\t12回"), "監査\t12回");
        assert_eq!(norm("  情報  "), "情報");
    }

    #[test]
    fn spans_lead_back_to_the_printed_characters() {
        let printed = "①ｻｲﾊﾞｰ 攻撃";
        let n = normalize(printed);
        let at = n.text.find("サイバー").unwrap();
        let span = n.original(at..at + "サイバー".len());
        let text: String = printed.chars().skip(span.start).take(span.len()).collect();
        assert_eq!(text, "ｻｲﾊﾞｰ");
        let whole = n.original(0..n.text.len());
        assert_eq!(whole, 0..printed.chars().count());
    }

    #[test]
    fn every_radical_of_the_table_has_a_partner() {
        assert_eq!(RADICALS.chars().count() % 2, 0);
        let (mut n, mut pairs) = (0, RADICALS.chars());
        while let (Some(from), Some(to)) = (pairs.next(), pairs.next()) {
            assert!(('\u{2E80}'..='\u{2EF3}').contains(&from), "{from}");
            assert!(!('\u{2E80}'..='\u{2EF3}').contains(&to), "{to}");
            n += 1;
        }
        assert!(n > 100);
    }

    proptest! {
        #[test]
        fn any_span_leads_back_inside_the_text(s in "\\PC{0,40}", a in 0usize..80, b in 0usize..80) {
            let n = normalize(&s);
            let count = s.chars().count();
            let (a, b) = (a.min(b), a.max(b));
            let span = n.original(a..b);
            prop_assert!(span.start <= span.end && span.end <= count);
        }

        #[test]
        fn longer_spans_cover_shorter_ones(s in "[ぁ-ん一-十Ａ-Ｚa-z ｶﾞ①\u{3000}\n]{1,40}") {
            let n = normalize(&s);
            let mut last = 0..0;
            for (at, c) in n.text.char_indices() {
                let span = n.original(at..at + c.len_utf8());
                prop_assert!(span.start >= last.start && span.end >= last.end);
                last = span;
            }
        }

        #[test]
        fn plain_japanese_is_left_alone(s in "[ぁ-んァ-ヶ一-鿿、。]{0,60}") {
            let n = normalize(&s);
            prop_assert_eq!(&n.text, &s);
            let mut chars = 0;
            for (at, c) in s.char_indices() {
                prop_assert_eq!(n.original(at..at + c.len_utf8()), chars..chars + 1);
                chars += 1;
            }
        }
    }
}
