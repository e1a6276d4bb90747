//! Predefined CMaps, including those that the engine does not carry.
//!
//! The engine embeds 61 CMaps of the PDF specification and the four that lead from CIDs to Unicode. The Unicode
//! encodings added later (`UniJIS-UTF8-H`, `UniJIS-UTF32-H`, `UniJIS2004-UTF16-H` …) hold the same characters under
//! other codes, so they are derived from `UniJIS-UTF16-H`, once a process and only when a file asks for them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use hayro_cmap::{BfString, CMap, CMapName, CidFamily, load_embedded};

use super::codes::Text;

/// How the codes of a CMap spell Unicode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnicodeForm {
    Utf8,
    /// UCS-2 reads alike.
    Utf16,
    Utf32,
    /// Not Unicode, but Windows' own table says what its codes mean: 0x817C is a full-width hyphen there and a minus in
    /// the collection. One-byte codes are left to the collection, which knows the yen sign.
    Windows31J,
}

impl UnicodeForm {
    /// The form of a predefined CMap whose codes are Unicode; `None` for every other.
    pub fn of(name: &str) -> Option<Self> {
        if name.starts_with("90ms") {
            return Some(Self::Windows31J);
        }
        if !name.starts_with("Uni") {
            return None;
        }
        match name {
            _ if name.contains("UTF8") => Some(Self::Utf8),
            _ if name.contains("UTF32") => Some(Self::Utf32),
            _ if name.contains("UTF16") || name.contains("UCS2") => Some(Self::Utf16),
            _ => None,
        }
    }

    /// The character that a code spells.
    pub fn character(self, code: u32) -> Option<char> {
        match self {
            Self::Utf32 => char::from_u32(code),
            Self::Utf16 if code <= 0xFFFF => char::from_u32(code),
            Self::Windows31J => {
                let bytes = u16::try_from(code).ok().filter(|c| *c > 0xFF)?.to_be_bytes();
                let text =
                    encoding_rs::SHIFT_JIS.decode_without_bom_handling_and_without_replacement(&bytes)?;
                text.chars().next()
            }
            Self::Utf16 => {
                let units = [(code >> 16) as u16, code as u16];
                char::decode_utf16(units).next()?.ok()
            }
            Self::Utf8 => {
                let bytes = code.to_be_bytes();
                let bytes = bytes.get(code.leading_zeros() as usize / 8..)?;
                std::str::from_utf8(bytes).ok()?.chars().next()
            }
        }
    }

    /// The code of a character and its length in bytes.
    fn code(self, ch: char) -> (u32, usize) {
        let fold = |bytes: &[u8]| bytes.iter().fold(0, |code, b| (code << 8) | u32::from(*b));
        match self {
            Self::Utf32 | Self::Windows31J => (ch as u32, 4),
            Self::Utf16 => {
                let mut units = [0; 2];
                let units = ch.encode_utf16(&mut units);
                (
                    units.iter().fold(0, |code, u| (code << 16) | u32::from(*u)),
                    units.len() * 2,
                )
            }
            Self::Utf8 => {
                let mut bytes = [0; 4];
                let bytes = ch.encode_utf8(&mut bytes).as_bytes();
                (fold(bytes), bytes.len())
            }
        }
    }
}

/// The predefined CMap of a name; each is parsed once a process.
pub(super) fn predefined(name: &str) -> Option<Arc<CMap>> {
    static PARSED: Mutex<BTreeMap<String, Option<Arc<CMap>>>> = Mutex::new(BTreeMap::new());
    // A panic while the lock was held cannot leave a half-written entry behind.
    if let Some(known) = PARSED.lock().unwrap_or_else(PoisonError::into_inner).get(name) {
        return known.clone();
    }
    let parsed = match CMapName::from_bytes(name.as_bytes()) {
        CMapName::IdentityH => Some(CMap::identity_h()),
        CMapName::IdentityV => Some(CMap::identity_v()),
        known => resolve(known).and_then(|data| CMap::parse(data, resolve)),
    }
    .map(Arc::new);
    PARSED
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(name.to_string(), parsed.clone());
    parsed
}

/// The data of a CMap by name: the engine's own, or derived from its nearest relative.
pub(super) fn resolve(name: CMapName<'_>) -> Option<&'static [u8]> {
    if let Some(data) = load_embedded(name) {
        return Some(data);
    }
    let CMapName::Custom(bytes) = name else {
        return None;
    };
    let name = std::str::from_utf8(bytes).ok()?;
    match relative(name)? {
        (base, None) => load_embedded(CMapName::from_bytes(base.as_bytes())),
        (base, Some(form)) => derived(base, form),
    }
}

/// The embedded CMap with the same characters, and the form in which the missing one spells them when it differs.
fn relative(name: &str) -> Option<(&'static str, Option<UnicodeForm>)> {
    let vertical = name.ends_with("-V");
    let either = |h, v| if vertical { v } else { h };
    let form = UnicodeForm::of(name).filter(|f| *f != UnicodeForm::Utf16);
    let family = name.split('-').next()?;
    let base = match family {
        "UniJIS" | "UniJIS2004" | "UniJISPro" | "UniJISX0213" | "UniJISX02132004" => {
            either("UniJIS-UTF16-H", "UniJIS-UTF16-V")
        }
        "UniGB" => either("UniGB-UTF16-H", "UniGB-UTF16-V"),
        "UniCNS" => either("UniCNS-UTF16-H", "UniCNS-UTF16-V"),
        "UniKS" => either("UniKS-UTF16-H", "UniKS-UTF16-V"),
        "83pv" | "90pv" | "78ms" => either("90ms-RKSJ-H", "90ms-RKSJ-V"),
        "78" if name.contains("RKSJ") => either("90ms-RKSJ-H", "90ms-RKSJ-V"),
        "78" if name.contains("EUC") => either("EUC-H", "EUC-V"),
        "78" | "Add" | "Ext" | "NWP" => either("H", "V"),
        _ => return None,
    };
    Some((base, form))
}

fn derived(base: &'static str, form: UnicodeForm) -> Option<&'static [u8]> {
    type Derived = BTreeMap<(&'static str, bool), &'static [u8]>;
    static DERIVED: OnceLock<Mutex<Derived>> = OnceLock::new();
    let mut all = DERIVED
        .get_or_init(Mutex::default)
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let key = (base, form == UnicodeForm::Utf8);
    if let Some(known) = all.get(&key) {
        return Some(known);
    }
    // The engine wants data that lives as long as the process; there are at most sixteen such tables.
    let data: &'static [u8] = Box::leak(
        derive(&predefined_utf16(base)?, form)
            .into_bytes()
            .into_boxed_slice(),
    );
    all.insert(key, data);
    Some(data)
}

fn predefined_utf16(base: &str) -> Option<CMap> {
    let data = load_embedded(CMapName::from_bytes(base.as_bytes()))?;
    CMap::parse(data, load_embedded)
}

/// Writes a CMap with the characters of `base` under the codes of another form.
fn derive(base: &CMap, form: UnicodeForm) -> String {
    let mut ranges: Vec<(u32, u32, usize, u32)> = Vec::new();
    // Japanese, Chinese and Korean stand in the first three planes.
    for ch in (0x20..0x3_0000).filter_map(char::from_u32) {
        let (utf16, bytes) = UnicodeForm::Utf16.code(ch);
        let Some(cid) = base.lookup_cid_code(utf16, bytes as u8) else {
            continue;
        };
        let (code, bytes) = form.code(ch);
        match ranges.last_mut() {
            Some((start, end, size, first))
                if *size == bytes
                    && *end + 1 == code
                    && *first + (code - *start) == cid
                    && code & 0xFF != 0 =>
            {
                *end = code;
            }
            _ => ranges.push((code, code, bytes, cid)),
        }
    }
    let mut out = String::new();
    if let Some(collection) = &base.metadata().character_collection {
        let ordering = ordering(&collection.family);
        let _ = write!(
            out,
            "/Registry (Adobe) def /Ordering ({ordering}) def /Supplement 7 def "
        );
    }
    let vertical = base.metadata().writing_mode == Some(hayro_cmap::WritingMode::Vertical);
    let _ = write!(out, "/WMode {} def begincidrange ", u8::from(vertical));
    for (start, end, bytes, cid) in ranges {
        let width = bytes * 2;
        let _ = write!(out, "<{start:0width$X}> <{end:0width$X}> {cid} ");
    }
    out.push_str("endcidrange");
    out
}

fn ordering(family: &CidFamily) -> &'static str {
    match family {
        CidFamily::AdobeGB1 => "GB1",
        CidFamily::AdobeCNS1 => "CNS1",
        CidFamily::AdobeKorea1 => "Korea1",
        _ => "Japan1",
    }
}

/// The character of a CID of one of Adobe's collections.
pub(super) fn collection_text(family: &CidFamily, cid: u32) -> Option<Text> {
    let name = match family {
        CidFamily::AdobeJapan1 => "Adobe-Japan1-UCS2",
        CidFamily::AdobeGB1 => "Adobe-GB1-UCS2",
        CidFamily::AdobeCNS1 => "Adobe-CNS1-UCS2",
        CidFamily::AdobeKorea1 => "Adobe-Korea1-UCS2",
        _ => return None,
    };
    let text = predefined(name)?.lookup_bf_string(cid).map(text_of)?;
    Some(match text {
        // The table calls the hyphens of the Latin sets a minus; nobody who typed one meant that.
        Text::One('\u{2212}')
            if *family == CidFamily::AdobeJapan1 && LATIN.iter().any(|r| r.contains(&cid)) =>
        {
            Text::One('-')
        }
        // It tells glyph variants apart by selectors, which are not in what was written.
        Text::Many(chars) if chars.chars().any(is_selector) => {
            Text::from_chars(&chars.chars().filter(|c| !is_selector(*c)).collect::<String>())
        }
        other => other,
    })
}

/// The proportional and the half-width Latin sets of Adobe-Japan1.
const LATIN: [std::ops::RangeInclusive<u32>; 2] = [1..=230, 231..=324];

fn is_selector(ch: char) -> bool {
    matches!(ch, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

pub(super) fn text_of(text: BfString) -> Text {
    match text {
        BfString::Char(ch) => Text::One(ch),
        BfString::String(text) => Text::from_chars(&text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_unicode_cmaps_give_the_cids_of_their_relative() {
        let known = predefined("UniJIS-UTF16-H").expect("embedded");
        for ch in ['業', 'A', 'ア', '髙', '𠮷'] {
            let (utf16, bytes) = UnicodeForm::Utf16.code(ch);
            let cid = known.lookup_cid_code(utf16, bytes as u8);
            assert!(cid.is_some(), "{ch}");
            for (name, form) in [
                ("UniJIS-UTF8-H", UnicodeForm::Utf8),
                ("UniJIS-UTF32-H", UnicodeForm::Utf32),
            ] {
                let (code, bytes) = form.code(ch);
                let derived = predefined(name).expect("derived");
                assert_eq!(derived.lookup_cid_code(code, bytes as u8), cid, "{name} {ch}");
                assert_eq!(form.character(code), Some(ch));
            }
            assert_eq!(
                predefined("UniJIS2004-UTF16-H")
                    .expect("alias")
                    .lookup_cid_code(utf16, bytes as u8),
                cid
            );
        }
    }

    #[test]
    fn derived_vertical_cmaps_are_vertical() {
        let vertical = predefined("UniJIS-UTF32-V").expect("derived");
        assert_eq!(
            vertical.metadata().writing_mode,
            Some(hayro_cmap::WritingMode::Vertical)
        );
    }

    #[test]
    fn cids_of_the_japanese_collection_have_characters() {
        let cid = predefined("90ms-RKSJ-H")
            .expect("embedded")
            .lookup_cid_code(0x889F, 2)
            .expect("亜");
        assert_eq!(
            collection_text(&CidFamily::AdobeJapan1, cid),
            Some(Text::One('亜'))
        );
    }
}
