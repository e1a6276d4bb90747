//! Marked content: layers that are switched off, and replacement text (`/ActualText`).

use std::collections::HashSet;

use hayro_syntax::object::dict::keys::{
    ACTUAL_TEXT, BASE_STATE, D, OC, OCGS, OCMD, OCPROPERTIES, OFF, ON, P, TYPE,
};
use hayro_syntax::object::{Array, Dict, Name, ObjectIdentifier, String as PdfString};

use super::sink::PageSink;
use crate::extract::Glyph;

/// Which optional-content groups of a document are switched off by default.
#[derive(Default)]
pub(super) struct Layers {
    hidden: HashSet<ObjectIdentifier>,
}

impl Layers {
    /// Reads the default configuration from the catalogue.
    pub fn of(catalogue: &Dict<'_>) -> Self {
        let mut hidden = HashSet::new();
        let Some(properties) = catalogue.get::<Dict<'_>>(OCPROPERTIES) else {
            return Self { hidden };
        };
        let Some(config) = properties.get::<Dict<'_>>(D) else {
            return Self { hidden };
        };
        if config.get::<Name<'_>>(BASE_STATE).is_some_and(|n| &*n == b"OFF") {
            hidden.extend(references(&properties, OCGS));
        }
        for id in references(&config, ON) {
            hidden.remove(&id);
        }
        hidden.extend(references(&config, OFF));
        Self { hidden }
    }

    /// Whether content under this optional-content dictionary (a group or a membership) is shown.
    pub fn shows(&self, dict: &Dict<'_>, id: Option<ObjectIdentifier>) -> bool {
        if self.hidden.is_empty() {
            return true;
        }
        if dict.get::<Name<'_>>(TYPE).is_none_or(|t| &*t != OCMD) {
            return id.is_none_or(|id| !self.hidden.contains(&id));
        }
        let mut groups = references(dict, OCGS);
        if groups.is_empty() {
            groups.extend(dict.get_ref(OCGS).map(ObjectIdentifier::from));
        }
        if groups.is_empty() {
            return true;
        }
        let off = |id: &ObjectIdentifier| self.hidden.contains(id);
        match dict.get::<Name<'_>>(P).as_deref() {
            Some(b"AllOn") => !groups.iter().any(off),
            Some(b"AnyOff") => groups.iter().any(off),
            Some(b"AllOff") => groups.iter().all(off),
            _ => !groups.iter().all(off),
        }
    }

    /// Whether an object with an `/OC` entry (a form, an image) is shown.
    pub fn shows_object(&self, dict: &Dict<'_>) -> bool {
        match dict.get::<Dict<'_>>(OC) {
            Some(oc) => self.shows(&oc, dict.get_ref(OC).map(ObjectIdentifier::from)),
            None => true,
        }
    }
}

fn references(dict: &Dict<'_>, key: &[u8]) -> Vec<ObjectIdentifier> {
    let Some(array) = dict.get::<Array<'_>>(key) else {
        return Vec::new();
    };
    array
        .raw_iter()
        .filter_map(|item| item.as_obj_ref())
        .map(ObjectIdentifier::from)
        .collect()
}

/// Nesting beyond this is not followed; no producer comes near.
const MAX_DEPTH: usize = 1_000;

struct Open {
    visible: bool,
    replacement: Option<(usize, u32, String)>,
}

/// The marked-content sequences that are open at a point of a content stream.
#[derive(Default)]
pub(super) struct MarkedContent {
    open: Vec<Open>,
    too_deep: usize,
}

impl MarkedContent {
    pub fn visible(&self) -> bool {
        self.open.last().is_none_or(|o| o.visible)
    }

    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// A sequence begins; `shown` is false under a layer that is switched off.
    pub fn begin(&mut self, shown: bool, properties: Option<&Dict<'_>>, sink: &PageSink) {
        if self.open.len() >= MAX_DEPTH {
            self.too_deep += 1;
            return;
        }
        let nested = self.open.iter().any(|o| o.replacement.is_some());
        let replacement = properties
            .filter(|_| !nested)
            .and_then(|p| p.get::<PdfString<'_>>(ACTUAL_TEXT))
            .map(|text| (sink.glyphs.len(), sink.lost_glyphs, decode_text(text.as_bytes())));
        self.open.push(Open {
            visible: self.visible() && shown,
            replacement,
        });
    }

    pub fn end(&mut self, sink: &mut PageSink) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        if let Some(Open {
            replacement: Some((start, lost, text)),
            ..
        }) = self.open.pop()
        {
            replace(sink, start, lost, &text);
        }
    }

    /// Closes what a content stream left open.
    pub fn unwind(&mut self, depth: usize, sink: &mut PageSink) {
        while self.open.len() > depth {
            self.end(sink);
        }
    }
}

/// Lets `text` stand for the glyphs from `start` on, spread over the place they took.
fn replace(sink: &mut PageSink, start: usize, lost: u32, text: &str) {
    let Some(first) = sink.glyphs.get(start).copied() else {
        return;
    };
    let chars: Vec<char> = text
        .chars()
        .filter(|c| !matches!(c, '\u{AD}' | '\u{200B}' | '\u{FEFF}'))
        .collect();
    let shown = sink.glyphs.len() - start;
    let legible = sink.lost_glyphs == lost;
    let same = sink
        .glyphs
        .iter()
        .skip(start)
        .map(|g| g.ch)
        .eq(chars.iter().copied());
    // What is printed is the evidence: a replacement that says much less than legible glyphs is not believed.
    let swallows = shown > 3 && chars.len() * 2 < shown;
    if legible && (same || swallows) {
        return;
    }
    let old = sink.take_from(start);
    sink.lost_glyphs = lost;
    if chars.len() == old.len() {
        for (glyph, ch) in old.into_iter().zip(chars) {
            sink.push(Glyph { ch, ..glyph });
        }
        return;
    }
    let last = old.last().copied().unwrap_or(first);
    let length = chars.len().max(1) as f32;
    let (dx, dy) = ((last.x - first.x) / length, (last.y - first.y) / length);
    for (i, ch) in chars.into_iter().enumerate() {
        let i = i as f32;
        sink.push(Glyph {
            ch,
            x: first.x + dx * i,
            y: first.y + dy * i,
            advance: ((dx * dx + dy * dy).sqrt()).max(first.advance / length),
            ..first
        });
    }
}

/// Decodes a PDF text string: UTF-16 or UTF-8 with its mark, else PDFDocEncoding.
pub(super) fn decode_text(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|b| pdf_doc_char(*b)).collect(),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
    let decoded: String = char::decode_utf16(units)
        .map(|c| c.unwrap_or('\u{FFFD}'))
        .collect();
    // A language tag may stand between escape characters (ISO 32000-1, 7.9.2.2).
    decoded.split('\u{1B}').step_by(2).collect()
}

fn pdf_doc_char(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚', '™',
        '\u{FB01}', '\u{FB02}', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{FFFD}',
    ];
    const LOW: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
    match byte {
        0x18..=0x1F => LOW[usize::from(byte - 0x18)],
        0x80..=0x9F => HIGH[usize::from(byte - 0x80)],
        0xA0 => '€',
        other => char::from(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_strings_decode_by_their_mark() {
        assert_eq!(decode_text(b"\xFE\xFF\x69\x6D\x7E\x3E"), "業績");
        assert_eq!(decode_text(b"\xEF\xBB\xBF\xE6\xA5\xAD"), "業");
        assert_eq!(decode_text(b"plain \x84"), "plain —");
        assert_eq!(decode_text(b"\xFE\xFF\x00\x1Bja\x00\x1B\x69\x6D"), "業");
    }
}
