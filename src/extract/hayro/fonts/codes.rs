//! What a character code stands for.

/// A code of a shown string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract::hayro) struct Code {
    pub value: u32,
    pub bytes: u8,
}

/// The characters that a code stands for.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::extract::hayro) enum Text {
    /// Nothing in the file tells the character.
    Lost,
    One(char),
    /// A ligature, or a character with its variation selector.
    Many(Box<str>),
}

/// A code with its meaning and its width.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::extract::hayro) struct Decoded {
    pub text: Text,
    /// The advance in thousandths of the font size: to the right, or downwards (negative) in vertical writing.
    pub advance: f64,
}

impl Text {
    /// Whether this is a character that a reader could use: no replacement mark, no control, no private use.
    pub fn is_sound(&self) -> bool {
        match self {
            Text::Lost => false,
            Text::One(ch) => is_sound(*ch),
            Text::Many(text) => text.chars().all(is_sound),
        }
    }

    pub fn from_chars(text: &str) -> Self {
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (None, _) => Text::Lost,
            (Some(ch), None) => Text::One(ch),
            _ => Text::Many(text.into()),
        }
    }
}

fn is_sound(ch: char) -> bool {
    !(ch == '\u{FFFD}' || (ch.is_control() && !matches!(ch, '\t' | '\n' | '\r')) || is_private(ch))
}

pub(in crate::extract::hayro) fn is_private(ch: char) -> bool {
    matches!(ch, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// How many bytes a code takes when the CMap does not know it, so that an unknown code does not shift the rest.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum CodeLength {
    Fixed(u8),
    ShiftJis,
    /// EUC and the other encodings whose lead bytes are 0x81–0xFE.
    LeadByte,
    Utf8,
    Utf16,
    /// As an embedded CMap declares: (bytes, low, high).
    Declared(Vec<(u8, u32, u32)>),
}

impl CodeLength {
    /// The rule of a predefined CMap, by its name.
    pub fn of_predefined(name: &str) -> Self {
        let has = |part: &str| name.contains(part);
        match name {
            _ if has("UTF8") => Self::Utf8,
            _ if has("UTF16") => Self::Utf16,
            _ if has("UTF32") => Self::Fixed(4),
            _ if has("RKSJ") => Self::ShiftJis,
            _ if has("UCS2") || has("Identity") => Self::Fixed(2),
            _ if has("EUC") || has("B5") || has("GBK") || has("KSC") || has("GBT") => Self::LeadByte,
            _ => Self::Fixed(2),
        }
    }

    /// Reads the code-space ranges of an embedded CMap.
    pub fn declared_in(cmap: &[u8]) -> Self {
        let text = String::from_utf8_lossy(cmap);
        let mut ranges = Vec::new();
        for block in text.split("begincodespacerange").skip(1) {
            let block = block.split("endcodespacerange").next().unwrap_or_default();
            let codes: Vec<&str> = block
                .split('<')
                .skip(1)
                .filter_map(|p| p.split('>').next())
                .collect();
            for pair in codes.as_chunks::<2>().0 {
                let digits = pair[0].trim();
                let (low, high) = (
                    u32::from_str_radix(digits, 16),
                    u32::from_str_radix(pair[1].trim(), 16),
                );
                if let (Ok(low), Ok(high), 1..=8) = (low, high, digits.len()) {
                    ranges.push((digits.len().div_ceil(2) as u8, low, high));
                }
            }
        }
        if ranges.is_empty() {
            Self::Fixed(2)
        } else {
            Self::Declared(ranges)
        }
    }

    pub fn at(&self, bytes: &[u8]) -> u8 {
        let first = bytes.first().copied().unwrap_or(0);
        let length = match self {
            Self::Fixed(length) => *length,
            Self::ShiftJis if matches!(first, 0x81..=0x9F | 0xE0..=0xFC) => 2,
            Self::LeadByte if matches!(first, 0x81..=0xFE) => 2,
            Self::ShiftJis | Self::LeadByte => 1,
            Self::Utf8 => match first {
                0xF0..=0xF7 => 4,
                0xE0..=0xEF => 3,
                0xC0..=0xDF => 2,
                _ => 1,
            },
            Self::Utf16 if matches!(first, 0xD8..=0xDB) => 4,
            Self::Utf16 => 2,
            Self::Declared(ranges) => return declared_length(ranges, bytes),
        };
        length.min(u8::try_from(bytes.len()).unwrap_or(u8::MAX)).max(1)
    }
}

fn declared_length(ranges: &[(u8, u32, u32)], bytes: &[u8]) -> u8 {
    for length in 1..=4u8 {
        let Some(prefix) = bytes.get(..usize::from(length)) else {
            break;
        };
        let within = |(size, low, high): &&(u8, u32, u32)| {
            *size == length
                && prefix
                    .iter()
                    .zip(low.to_be_bytes().iter().skip(4 - usize::from(length)))
                    .all(|(b, l)| b >= l)
                && prefix
                    .iter()
                    .zip(high.to_be_bytes().iter().skip(4 - usize::from(length)))
                    .all(|(b, h)| b <= h)
        };
        if ranges.iter().any(|r| within(&r)) {
            return length;
        }
    }
    let shortest = ranges.iter().map(|r| r.0).min().unwrap_or(1);
    shortest.min(u8::try_from(bytes.len()).unwrap_or(u8::MAX)).max(1)
}

/// The code in the first `length` bytes.
pub(super) fn code_value(bytes: &[u8], length: u8) -> u32 {
    bytes
        .iter()
        .take(usize::from(length))
        .fold(0, |code, byte| (code << 8) | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_codes_keep_the_step_of_their_encoding() {
        assert_eq!(CodeLength::of_predefined("90ms-RKSJ-H").at(b"\x88\x9F"), 2);
        assert_eq!(CodeLength::of_predefined("90ms-RKSJ-H").at(b"\xB1\x88"), 1);
        assert_eq!(
            CodeLength::of_predefined("UniJIS-UTF16-H").at(b"\xD8\x40\xDC\x0B"),
            4
        );
        assert_eq!(CodeLength::of_predefined("UniJIS-UTF8-H").at("業".as_bytes()), 3);
        assert_eq!(CodeLength::of_predefined("H").at(b"\x30\x21"), 2);
        assert_eq!(CodeLength::of_predefined("UniJIS-UCS2-HW-V").at(b"\x30"), 1);
    }

    #[test]
    fn an_embedded_cmap_declares_its_lengths() {
        let declared =
            CodeLength::declared_in(b"2 begincodespacerange <00> <80> <8140> <9FFC> endcodespacerange");
        assert_eq!(declared.at(b"\x41\x41"), 1);
        assert_eq!(declared.at(b"\x88\x9F"), 2);
    }
}
