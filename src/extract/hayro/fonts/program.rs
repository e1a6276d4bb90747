//! Embedded font programs read backwards: glyph → character.

use std::collections::HashMap;

use hayro_cmap::CidFamily;
use ttf_parser::{GlyphId, RawFace, Tag, cff, cmap, post};

use super::cmaps::collection_text;
use super::codes::Text;

/// What an embedded font program tells about its glyphs.
#[derive(Debug, Default)]
pub(super) struct Program {
    characters: HashMap<u32, char>,
    /// For CID-keyed CFF: the glyph of a CID.
    glyphs: Option<HashMap<u32, u32>>,
    /// For CID-keyed CFF: the collection its CIDs belong to.
    collection: Option<CidFamily>,
}

impl Program {
    /// Reads a TrueType, OpenType or bare CFF program; of anything else nothing is known.
    pub fn read(file: &[u8]) -> Self {
        let mut program = Self::default();
        match RawFace::parse(file, 0) {
            Ok(face) => {
                if let Some(names) = face.table(Tag::from_bytes(b"post")).and_then(post::Table::parse) {
                    for (gid, name) in (0u32..).zip(names.names()) {
                        program.add_name(gid, name);
                    }
                }
                if let Some(cff) = face.table(Tag::from_bytes(b"CFF ")) {
                    program.add_cff(cff);
                }
                if let Some(table) = face.table(Tag::from_bytes(b"cmap")).and_then(cmap::Table::parse) {
                    program.add_cmap(&table);
                }
            }
            Err(_) => program.add_cff(file),
        }
        program
    }

    /// The character of a glyph.
    pub fn text_of_glyph(&self, gid: u32) -> Option<Text> {
        self.characters.get(&gid).copied().map(Text::One)
    }

    /// The character of a CID when the font dictionary maps CIDs to glyphs by identity.
    pub fn text_of_cid(&self, cid: u32) -> Option<Text> {
        if let Some(family) = &self.collection
            && let Some(text) = collection_text(family, cid)
        {
            return Some(text);
        }
        match &self.glyphs {
            Some(glyphs) => self.text_of_glyph(*glyphs.get(&cid)?),
            None => self.text_of_glyph(cid),
        }
    }

    fn add(&mut self, gid: u32, ch: char) {
        let better = self
            .characters
            .get(&gid)
            .is_none_or(|known| (rank(ch), ch) < (rank(*known), *known));
        if better && gid != 0 {
            self.characters.insert(gid, ch);
        }
    }

    fn add_cmap(&mut self, table: &cmap::Table<'_>) {
        for subtable in table.subtables {
            if !subtable.is_unicode() {
                continue;
            }
            let mut codes = Vec::new();
            subtable.codepoints(|code| {
                // A format 13 table may claim all of Unicode.
                if codes.len() < 200_000 {
                    codes.push(code);
                }
            });
            for code in codes {
                if let (Some(ch), Some(gid)) = (char::from_u32(code), subtable.glyph_index(code)) {
                    self.add(u32::from(gid.0), ch);
                }
            }
        }
    }

    fn add_cff(&mut self, data: &[u8]) {
        let Some(table) = cff::Table::parse(data) else {
            return;
        };
        let mut glyphs = HashMap::new();
        for gid in 0..table.number_of_glyphs() {
            if let Some(cid) = table.glyph_cid(GlyphId(gid)) {
                glyphs.insert(u32::from(cid), u32::from(gid));
            } else if let Some(name) = table.glyph_name(GlyphId(gid)) {
                self.add_name(u32::from(gid), name);
            }
        }
        if !glyphs.is_empty() {
            self.glyphs = Some(glyphs);
            self.collection = cff_collection(data);
        }
    }

    /// Names like `uni696D`, `u20BB7` and `A`; ornate names are left to the simple fonts that need them.
    fn add_name(&mut self, gid: u32, name: &str) {
        let base = name.split('.').next().unwrap_or_default();
        let hex = base.strip_prefix("uni").filter(|h| h.len() == 4);
        let hex = hex.or_else(|| base.strip_prefix('u').filter(|h| (4..=6).contains(&h.len())));
        let ch = match hex
            .and_then(|h| u32::from_str_radix(h, 16).ok())
            .and_then(char::from_u32)
        {
            Some(ch) => Some(ch),
            None => {
                let mut chars = base.chars();
                chars
                    .next()
                    .filter(|c| c.is_ascii_alphabetic() && chars.next().is_none())
            }
        };
        if let Some(ch) = ch {
            self.add(gid, ch);
        }
    }
}

/// Several characters may share a glyph; the ordinary one is meant.
fn rank(ch: char) -> u8 {
    match ch {
        '\u{E000}'..='\u{F8FF}' => 4,
        '\u{2E80}'..='\u{2FDF}' | '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}' => 3,
        '\u{A0}' | '\u{AD}' | '\u{2000}'..='\u{200F}' | '\u{2010}' | '\u{2011}' => 2,
        '\u{FE10}'..='\u{FE4F}' => 2,
        _ => 0,
    }
}

/// The registry and ordering that a CID-keyed CFF names in its top dictionary (operator 12 30).
fn cff_collection(data: &[u8]) -> Option<CidFamily> {
    let header = usize::from(*data.get(2)?);
    let (_, names_end) = index(data, header)?;
    let (tops, tops_end) = index(data, names_end)?;
    let (strings, _) = index(data, tops_end)?;
    let top = data.get(tops.first()?.clone())?;
    let ordering = ros_ordering(top)?;
    let name = data.get(strings.get(ordering.checked_sub(391)?)?.clone())?;
    Some(CidFamily::from_registry_ordering(b"Adobe", name)).filter(|f| !matches!(f, CidFamily::Custom { .. }))
}

/// The items of a CFF INDEX and the place after it.
fn index(data: &[u8], at: usize) -> Option<(Vec<std::ops::Range<usize>>, usize)> {
    let count = usize::from(u16::from_be_bytes([*data.get(at)?, *data.get(at + 1)?]));
    if count == 0 {
        return Some((Vec::new(), at + 2));
    }
    let size = usize::from(*data.get(at + 2)?);
    let base = at + 3 + (count + 1) * size - 1;
    let offset = |i: usize| {
        let bytes = data.get(at + 3 + i * size..at + 3 + (i + 1) * size)?;
        Some(base + bytes.iter().fold(0usize, |n, b| (n << 8) | usize::from(*b)))
    };
    let mut items = Vec::with_capacity(count);
    for i in 0..count {
        items.push(offset(i)?..offset(i + 1)?);
    }
    Some((items, offset(count)?))
}

/// The string id of the ordering: the second operand of ROS, which must be the first operator.
fn ros_ordering(top: &[u8]) -> Option<usize> {
    let mut operands: Vec<usize> = Vec::new();
    let mut rest = top;
    while let Some((&first, tail)) = rest.split_first() {
        rest = match (first, tail) {
            (12, [30, ..]) => return operands.get(1).copied(),
            (0..=21, _) => return None,
            (28, [a, b, tail @ ..]) => {
                operands.push(usize::from(u16::from_be_bytes([*a, *b])));
                tail
            }
            (29, [a, b, c, d, tail @ ..]) => {
                operands.push(u32::from_be_bytes([*a, *b, *c, *d]) as usize);
                tail
            }
            (32..=246, tail) => {
                operands.push(usize::from(first).saturating_sub(139));
                tail
            }
            (247..=250, [b, tail @ ..]) => {
                operands.push((usize::from(first) - 247) * 256 + usize::from(*b) + 108);
                tail
            }
            _ => return None,
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_characters_that_share_a_glyph_the_ordinary_one_wins() {
        let mut program = Program::default();
        program.add(5, '\u{2F00}');
        program.add(5, '一');
        program.add(5, '\u{E000}');
        assert_eq!(program.text_of_glyph(5), Some(Text::One('一')));
    }

    #[test]
    fn glyph_names_that_spell_unicode_are_read() {
        let mut program = Program::default();
        program.add_name(1, "uni696D");
        program.add_name(2, "u20BB7.vert");
        program.add_name(3, "A");
        program.add_name(4, "glyph4");
        let all: Vec<_> = (1..=4).map(|gid| program.text_of_glyph(gid)).collect();
        assert_eq!(
            all,
            [
                Some(Text::One('業')),
                Some(Text::One('𠮷')),
                Some(Text::One('A')),
                None
            ]
        );
    }

    #[test]
    fn the_ordering_is_the_second_operand_of_ros() {
        assert_eq!(ros_ordering(&[0xF8, 0x1B, 0xF8, 0x1C, 0x8B, 12, 30]), Some(392));
        assert_eq!(ros_ordering(&[0x8B, 0x8B, 1]), None);
    }

    #[test]
    fn rubbish_tells_nothing() {
        assert!(Program::read(b"not a font").characters.is_empty());
    }
}
