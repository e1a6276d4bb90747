//! Fonts as far as text needs them: codes → characters and widths.

mod cmaps;
mod codes;
mod composite;
mod program;
mod simple;
mod to_unicode;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use hayro_font::FontCache;
use hayro_syntax::object::dict::keys::{BASE_FONT, FLAGS, FONT_DESC, FONT_WEIGHT, SUBTYPE, TYPE0};
use hayro_syntax::object::{Dict, Name};

use crate::extract::FontInfo;
use codes::Decoded;
use composite::CompositeFont;
use simple::SimpleFont;

pub(super) use codes::{Code, Text};

/// A font of the document being read.
pub(super) struct Font<'a> {
    /// Name and weight.
    pub info: FontInfo,
    kind: Kind<'a>,
    /// The size of a unit of the font at size 1: 1 but for Type 3 fonts, whose glyph space is their own.
    pub scale: f64,
}

enum Kind<'a> {
    Simple(RefCell<SimpleFont<'a>>),
    Composite(RefCell<CompositeFont<'a>>),
}

impl Font<'_> {
    /// Whether lines run from top to bottom.
    pub fn vertical(&self) -> bool {
        match &self.kind {
            Kind::Simple(_) => false,
            Kind::Composite(font) => font.borrow().vertical(),
        }
    }

    /// Whether what was decoded so far is noise: the codes number glyphs and nothing says which.
    pub fn is_noise(&self) -> bool {
        match &self.kind {
            Kind::Simple(font) => font.borrow().only_numbers_glyphs(),
            Kind::Composite(_) => false,
        }
    }

    /// Decodes every code of a shown string, in order.
    pub fn decode(&self, bytes: &[u8], mut each: impl FnMut(Code, &Decoded)) {
        match &self.kind {
            Kind::Simple(font) => {
                let mut font = font.borrow_mut();
                for byte in bytes {
                    each(
                        Code {
                            value: u32::from(*byte),
                            bytes: 1,
                        },
                        font.decode(*byte),
                    );
                }
            }
            Kind::Composite(font) => {
                let mut font = font.borrow_mut();
                let mut rest = bytes;
                while !rest.is_empty() {
                    let (code, decoded) = font.decode_first(rest);
                    each(code, decoded);
                    rest = rest.get(usize::from(code.bytes).max(1)..).unwrap_or_default();
                }
            }
        }
    }
}

/// Where the bytes of a font dictionary begin, and how many there are.
type Address = (usize, usize);

/// The fonts of a document, each loaded once.
#[derive(Default)]
pub(super) struct Fonts<'a> {
    loaded: RefCell<HashMap<Address, Option<Rc<Font<'a>>>>>,
    programs: FontCache<'a>,
}

impl<'a> Fonts<'a> {
    /// The font that a dictionary describes; `None` when it describes none.
    pub fn get(&self, dict: &Dict<'a>) -> Option<Rc<Font<'a>>> {
        // Dictionaries borrow from the file's bytes, so the address names the object even when it has no number.
        let data = dict.data();
        let key = (data.as_ptr() as usize, data.len());
        if let Some(font) = self.loaded.borrow().get(&key) {
            return font.clone();
        }
        let font = self.load(dict).map(Rc::new);
        self.loaded.borrow_mut().insert(key, font.clone());
        font
    }

    /// The font that stands in for a missing one.
    pub fn stand_in(&self) -> Option<Rc<Font<'a>>> {
        let key = (0, 0);
        if let Some(font) = self.loaded.borrow().get(&key) {
            return font.clone();
        }
        let font = SimpleFont::stand_in(&self.programs).map(|font| {
            let info = FontInfo {
                name: String::new(),
                bold: false,
            };
            Rc::new(Font {
                info,
                kind: Kind::Simple(RefCell::new(font)),
                scale: 1.0,
            })
        });
        self.loaded.borrow_mut().insert(key, font.clone());
        font
    }

    fn load(&self, dict: &Dict<'a>) -> Option<Font<'a>> {
        let info = font_info(dict);
        let composite = dict.get::<Name<'_>>(SUBTYPE).is_some_and(|n| &*n == TYPE0);
        if composite {
            let font = CompositeFont::new(dict)?;
            return Some(Font {
                info,
                kind: Kind::Composite(RefCell::new(font)),
                scale: 1.0,
            });
        }
        let font = SimpleFont::new(dict, &self.programs)?;
        let scale = font.scale();
        Some(Font {
            info,
            kind: Kind::Simple(RefCell::new(font)),
            scale,
        })
    }
}

fn font_info(dict: &Dict<'_>) -> FontInfo {
    let name = dict
        .get::<Name<'_>>(BASE_FONT)
        .map(|n| name_text(&n))
        .unwrap_or_default();
    let name = match name.split_once('+') {
        Some((prefix, rest)) if prefix.len() == 6 => rest.to_string(),
        _ => name,
    };
    let descriptor = descriptor(dict);
    let weight = descriptor
        .as_ref()
        .and_then(|d| d.get::<f32>(FONT_WEIGHT))
        .unwrap_or(0.0);
    let forced = descriptor.as_ref().and_then(|d| d.get::<u32>(FLAGS)).unwrap_or(0) & (1 << 18) != 0;
    let bold = weight >= 600.0 || forced || bold_by_name(&name);
    FontInfo { name, bold }
}

/// The font descriptor, which a composite font keeps in its descendant.
fn descriptor<'a>(dict: &Dict<'a>) -> Option<Dict<'a>> {
    dict.get::<Dict<'_>>(FONT_DESC)
        .or_else(|| composite::descendant(dict)?.get(FONT_DESC))
}

/// Names are bytes; Japanese producers write font names in Shift_JIS.
fn name_text(name: &[u8]) -> String {
    match std::str::from_utf8(name) {
        Ok(text) => text.to_string(),
        Err(_) => encoding_rs::SHIFT_JIS.decode(name).0.into_owned(),
    }
}

fn bold_by_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let words = ["bold", "heavy", "black", "demi", "ultra", "太字"];
    // Japanese families name their weights: W6–W9 (Hiragino), B, DB, EB, H, U (Morisawa, Fontworks).
    let weights = ["w6", "w7", "w8", "w9", "-b", "-db", "-eb", "-h", "-u"];
    words.iter().any(|w| lower.contains(w)) || weights.iter().any(|w| lower.ends_with(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_read_from_japanese_font_names() {
        for bold in [
            "HiraKakuPro-W6",
            "ShinGoPro-DB",
            "MS-Gothic,Bold",
            "GothicMB101Pr6N-Heavy",
        ] {
            assert!(bold_by_name(bold), "{bold}");
        }
        for regular in [
            "HiraMinProN-W3",
            "MS-Mincho",
            "RyuminPro-Light",
            "KozMinPr6N-Regular",
        ] {
            assert!(!bold_by_name(regular), "{regular}");
        }
    }

    #[test]
    fn shift_jis_names_are_readable() {
        assert_eq!(name_text(b"\x82l\x82r\x96\xbe\x92\xa9"), "ＭＳ明朝");
    }
}
