//! Pages as bytes and back.
//!
//! A page of text is sent for every page read, thousands a second, so a glyph must cost next to nothing. Most glyphs
//! differ from the one before them in character and x alone, and many in the advance: only what differs is sent, in pieces
//! of fixed sizes, which are faster to put together than any tighter packing.

use crate::extract::{Direction, DocumentStatus, Engine, FontInfo, Glyph, Outcome, Page, PageStatus, Rule};

const DOCUMENT_STATUSES: [DocumentStatus; 14] = [
    DocumentStatus::Ok,
    DocumentStatus::Partial,
    DocumentStatus::Damaged,
    DocumentStatus::Empty,
    DocumentStatus::Scanned,
    DocumentStatus::Unmappable,
    DocumentStatus::Encrypted,
    DocumentStatus::Missing,
    DocumentStatus::NotAPdf,
    DocumentStatus::Failed,
    DocumentStatus::Interrupted,
    DocumentStatus::Timeout,
    DocumentStatus::OutOfMemory,
    DocumentStatus::Crashed,
];
const PAGE_STATUSES: [PageStatus; 6] = [
    PageStatus::Ok,
    PageStatus::Empty,
    PageStatus::Scanned,
    PageStatus::Unmappable,
    PageStatus::Damaged,
    PageStatus::Failed,
];
const ENGINES: [Engine; 3] = [Engine::Hayro, Engine::PdfExtract, Engine::None];
const DIRECTIONS: [Direction; 4] = [Direction::Right, Direction::Down, Direction::Left, Direction::Up];

/// Of the style of a glyph: its font, then its direction in two bits, then these.
const VERTICAL: u32 = 1 << 18;
const INVISIBLE: u32 = 1 << 19;

/// A character needs 21 bits; these say that more follows than the place.
const NEW_ADVANCE: u32 = 1 << 30;
const NEW_STYLE: u32 = 1 << 31;

/// Bytes of a glyph of which only character and x differ from the one before.
const GLYPH_LIKE_THE_LAST: usize = 8;
const RULE: usize = 16;

/// What the first glyph of a page is compared with.
const BLANK: Glyph = Glyph {
    ch: ' ',
    x: 0.0,
    y: 0.0,
    advance: 0.0,
    size: 0.0,
    font: 0,
    direction: Direction::Right,
    vertical: false,
    invisible: false,
};

fn position<T: PartialEq>(all: &[T], one: T) -> u8 {
    all.iter()
        .position(|item| *item == one)
        .and_then(|i| u8::try_from(i).ok())
        .unwrap_or(u8::MAX)
}

fn style(glyph: &Glyph) -> u32 {
    u32::from(glyph.font)
        | u32::from(position(&DIRECTIONS, glyph.direction)) << 16
        | if glyph.vertical { VERTICAL } else { 0 }
        | if glyph.invisible { INVISIBLE } else { 0 }
}

/// Appends to a frame.
pub(super) struct Encoder<'f> {
    out: &'f mut Vec<u8>,
}

impl<'f> Encoder<'f> {
    pub fn new(out: &'f mut Vec<u8>) -> Self {
        Self { out }
    }

    pub fn bool(&mut self, value: bool) {
        self.u8(u8::from(value));
    }

    fn u8(&mut self, value: u8) {
        self.out.push(value);
    }

    pub fn u32(&mut self, value: u32) {
        self.out.extend_from_slice(&value.to_le_bytes());
    }

    pub fn u64(&mut self, value: u64) {
        self.out.extend_from_slice(&value.to_le_bytes());
    }

    fn words<const N: usize>(&mut self, words: [u32; N]) {
        self.out
            .extend_from_slice(words.map(u32::to_le_bytes).as_flattened());
    }

    fn f32(&mut self, value: f32) {
        self.u32(value.to_bits());
    }

    pub fn bytes(&mut self, bytes: &[u8]) {
        self.u32(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        self.out.extend_from_slice(bytes);
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    pub fn outcome(&mut self, outcome: &Outcome) {
        self.u8(position(&DOCUMENT_STATUSES, outcome.status));
        self.text(&outcome.reason);
        self.bool(outcome.damage.is_some());
        self.text(outcome.damage.as_deref().unwrap_or_default());
    }

    pub fn page(&mut self, page: &Page) {
        self.out
            .reserve(page.glyphs.len() * GLYPH_LIKE_THE_LAST + page.rules.len() * RULE + 256);
        self.u32(page.number);
        self.f32(page.width);
        self.f32(page.height);
        self.u8(position(&PAGE_STATUSES, page.status));
        self.u8(position(&ENGINES, page.engine));
        self.u32(page.images);
        self.u32(page.lost_glyphs);
        self.text(&page.reason);
        self.u32(page.fonts.len() as u32);
        for font in &page.fonts {
            self.bool(font.bold);
            self.text(&font.name);
        }
        self.u32(page.rules.len() as u32);
        for rule in &page.rules {
            self.words([rule.x0, rule.y0, rule.x1, rule.y1].map(f32::to_bits));
        }
        self.glyphs(&page.glyphs);
    }

    fn glyphs(&mut self, glyphs: &[Glyph]) {
        self.u32(glyphs.len() as u32);
        let mut last = BLANK;
        for glyph in glyphs {
            let same_style = glyph.y.to_bits() == last.y.to_bits()
                && glyph.size.to_bits() == last.size.to_bits()
                && (glyph.font, glyph.direction, glyph.vertical, glyph.invisible)
                    == (last.font, last.direction, last.vertical, last.invisible);
            let head = glyph.ch as u32;
            if !same_style {
                let [x, advance, y, size] = [glyph.x, glyph.advance, glyph.y, glyph.size].map(f32::to_bits);
                self.words([head | NEW_STYLE, x, advance, y, size, style(glyph)]);
            } else if glyph.advance.to_bits() != last.advance.to_bits() {
                self.words([head | NEW_ADVANCE, glyph.x.to_bits(), glyph.advance.to_bits()]);
            } else {
                self.words([head, glyph.x.to_bits()]);
            }
            last = *glyph;
        }
    }
}

/// Takes from a frame; `None` when it holds something else than was asked for.
pub(super) struct Decoder<'d> {
    rest: &'d [u8],
}

impl<'d> Decoder<'d> {
    pub fn new(rest: &'d [u8]) -> Self {
        Self { rest }
    }

    pub fn bool(&mut self) -> Option<bool> {
        self.u8().map(|b| b != 0)
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, tail) = self.rest.split_first_chunk::<N>()?;
        self.rest = tail;
        Some(*head)
    }

    fn words<const N: usize>(&mut self) -> Option<[u32; N]> {
        let (head, tail) = self.rest.split_at_checked(4 * N)?;
        self.rest = tail;
        let (words, _) = head.as_chunks::<4>();
        Some(words.first_chunk::<N>()?.map(u32::from_le_bytes))
    }

    fn u8(&mut self) -> Option<u8> {
        self.take::<1>().map(|[b]| b)
    }

    pub fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    pub fn u64(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }

    fn f32(&mut self) -> Option<f32> {
        self.u32().map(f32::from_bits)
    }

    pub fn bytes(&mut self) -> Option<&'d [u8]> {
        let length = self.u32()? as usize;
        let (head, tail) = self.rest.split_at_checked(length)?;
        self.rest = tail;
        Some(head)
    }

    fn text(&mut self) -> Option<String> {
        String::from_utf8(self.bytes()?.to_vec()).ok()
    }

    /// A count of items of at least `size` bytes: no more than the frame can hold.
    fn count(&mut self, size: usize) -> Option<usize> {
        let count = self.u32()? as usize;
        (count.checked_mul(size)? <= self.rest.len()).then_some(count)
    }

    pub fn outcome(&mut self) -> Option<Outcome> {
        let status = *DOCUMENT_STATUSES.get(usize::from(self.u8()?))?;
        let reason = self.text()?;
        let damaged = self.bool()?;
        let damage = self.text()?;
        Some(Outcome {
            status,
            reason,
            damage: damaged.then_some(damage),
        })
    }

    pub fn page(&mut self) -> Option<Page> {
        let (number, width, height) = (self.u32()?, self.f32()?, self.f32()?);
        let status = *PAGE_STATUSES.get(usize::from(self.u8()?))?;
        let engine = *ENGINES.get(usize::from(self.u8()?))?;
        let (images, lost_glyphs, reason) = (self.u32()?, self.u32()?, self.text()?);
        let count = self.count(5)?;
        let fonts = (0..count)
            .map(|_| {
                Some(FontInfo {
                    bold: self.bool()?,
                    name: self.text()?,
                })
            })
            .collect::<Option<_>>()?;
        let rules = (0..self.count(RULE)?)
            .map(|_| {
                Some(Rule {
                    x0: self.f32()?,
                    y0: self.f32()?,
                    x1: self.f32()?,
                    y1: self.f32()?,
                })
            })
            .collect::<Option<_>>()?;
        let glyphs = self.glyphs()?;
        Some(Page {
            number,
            width,
            height,
            status,
            engine,
            glyphs,
            fonts,
            rules,
            images,
            lost_glyphs,
            reason,
        })
    }

    fn glyphs(&mut self) -> Option<Vec<Glyph>> {
        let count = self.count(GLYPH_LIKE_THE_LAST)?;
        let mut glyphs = Vec::with_capacity(count);
        let mut last = BLANK;
        for _ in 0..count {
            let [head, x] = self.words()?;
            if head & (NEW_STYLE | NEW_ADVANCE) != 0 {
                last.advance = self.f32()?;
            }
            if head & NEW_STYLE != 0 {
                (last.y, last.size) = (self.f32()?, self.f32()?);
                let style = self.u32()?;
                last.font = style as u16;
                last.direction = *DIRECTIONS.get((style >> 16 & 3) as usize)?;
                last.vertical = style & VERTICAL != 0;
                last.invisible = style & INVISIBLE != 0;
            }
            last.ch = char::from_u32(head & !(NEW_STYLE | NEW_ADVANCE))?;
            last.x = f32::from_bits(x);
            glyphs.push(last);
        }
        Some(glyphs)
    }
}
