//! Simple fonts (Type 1, TrueType, Type 3): one byte a code. The engine knows their encodings and glyph names.

use std::sync::Arc;

use hayro_font::{
    CMapResolverFn, Font as EngineFont, FontCache, FontGlyph, FontQuery, FontResolverFn, StandardFont,
};
use hayro_syntax::object::dict::keys::{ENCODING, FONT_BBOX, SUBTYPE, TO_UNICODE, TYPE3};
use hayro_syntax::object::{Dict, Name, Rect};

use super::cmaps::{resolve, text_of};
use super::codes::{Decoded, Text};
use super::program::Program;

pub(super) struct SimpleFont<'a> {
    font: EngineFont<'a>,
    decoded: Vec<Option<Decoded>>,
    program: Option<Program>,
    /// Without an encoding and ToUnicode the codes of an embedded subset are arbitrary, and the font's own table of
    /// characters knows better than the standard encoding.
    arbitrary_codes: bool,
    /// The codes in the order of their first use, as long as each was one more than the last.
    in_order: Option<Vec<u8>>,
    scale: f64,
}

impl<'a> SimpleFont<'a> {
    pub fn new(dict: &Dict<'a>, cache: &FontCache<'a>) -> Option<Self> {
        let font = cache.font(dict, &font_resolver(), &cmap_resolver())?;
        let scale = if dict.get::<Name<'_>>(SUBTYPE).is_some_and(|n| &*n == TYPE3) {
            type3_scale(dict, &font)
        } else {
            1.0
        };
        let arbitrary_codes = !dict.contains_key(ENCODING) && !dict.contains_key(TO_UNICODE);
        Some(Self {
            font,
            decoded: vec![None; 256],
            program: None,
            arbitrary_codes,
            in_order: arbitrary_codes.then(Vec::new),
            scale,
        })
    }

    /// The font that stands in where a page names a font it does not have: every reader takes Helvetica.
    pub fn stand_in(cache: &FontCache<'a>) -> Option<Self> {
        let font = cache.standard_font(StandardFont::Helvetica, &font_resolver())?;
        Some(Self {
            font,
            decoded: vec![None; 256],
            program: None,
            arbitrary_codes: false,
            in_order: None,
            scale: 1.0,
        })
    }

    /// Whether the codes only number the glyphs in the order of their first use, as producers of subsets do: then what
    /// the standard encoding calls them is noise.
    pub fn only_numbers_glyphs(&self) -> bool {
        self.in_order.as_ref().is_some_and(|codes| codes.len() >= 8)
    }

    pub fn scale(&self) -> f64 {
        self.scale
    }

    pub fn decode(&mut self, code: u8) -> &Decoded {
        let at = usize::from(code);
        if self.decoded.get(at).is_none_or(Option::is_none) {
            let decoded = self.learn(code);
            if let Some(slot) = self.decoded.get_mut(at) {
                *slot = Some(decoded);
            }
        }
        self.decoded.get(at).and_then(Option::as_ref).unwrap_or(&NOTHING)
    }

    fn learn(&mut self, code: u8) -> Decoded {
        if let Some(codes) = &mut self.in_order {
            if codes.last().is_none_or(|last| last.checked_add(1) == Some(code)) {
                codes.push(code);
            } else {
                self.in_order = None;
            }
        }
        let code = u32::from(code);
        let glyph = self.font.glyph(self.font.map_code(code), code);
        let advance = self.font.code_advance(code).x;
        let told = match &glyph {
            FontGlyph::Outline(glyph) => glyph.as_unicode(),
            FontGlyph::Type3(glyph) => glyph.as_unicode(),
        };
        let told = told.map(text_of).unwrap_or(Text::Lost);
        let text = if self.arbitrary_codes {
            let known = self.program_text(&glyph).filter(Text::is_sound);
            if known.is_some() {
                self.in_order = None;
            }
            known.unwrap_or(told)
        } else if told.is_sound() {
            told
        } else {
            self.program_text(&glyph).filter(Text::is_sound).unwrap_or(told)
        };
        Decoded {
            text: usable(text),
            advance,
        }
    }

    fn program_text(&mut self, glyph: &FontGlyph<'a>) -> Option<Text> {
        let FontGlyph::Outline(glyph) = glyph else {
            return None;
        };
        let gid = glyph.glyph_id().to_u32();
        if gid == 0 {
            return None;
        }
        if self.program.is_none() {
            let file = glyph.font_data().map(|d| d.data);
            self.program = Some(file.map(|f| Program::read((*f).as_ref())).unwrap_or_default());
        }
        self.program.as_ref()?.text_of_glyph(gid)
    }
}

static NOTHING: Decoded = Decoded {
    text: Text::Lost,
    advance: 0.0,
};

/// A control character or a replacement mark is as good as nothing; a private-use character is at least a trace.
fn usable(text: Text) -> Text {
    match text {
        Text::One(ch) if !super::codes::is_private(ch) && !text.is_sound() => Text::Lost,
        other => other,
    }
}

/// How tall a unit of a Type 3 font is: by its box, which is the only sign of its design size.
fn type3_scale(dict: &Dict<'_>, font: &EngineFont<'_>) -> f64 {
    let FontGlyph::Type3(glyph) = font.glyph(font.map_code(0), 0) else {
        return 1.0;
    };
    let vertical = glyph.font().matrix().as_coeffs()[3].abs();
    let height = dict.get::<Rect>(FONT_BBOX).map_or(0.0, |b| b.height());
    let scale = vertical * if height > 0.0 { height } else { 1000.0 };
    if scale.is_finite() && scale > 0.0 {
        scale
    } else {
        1.0
    }
}

fn font_resolver() -> FontResolverFn {
    Arc::new(|query| match query {
        FontQuery::Standard(font) => Some(font.get_font_data()),
        FontQuery::Fallback(query) => Some(query.pick_standard_font().get_font_data()),
    })
}

fn cmap_resolver() -> CMapResolverFn {
    Arc::new(resolve)
}
