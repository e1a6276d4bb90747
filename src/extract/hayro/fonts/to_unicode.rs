//! ToUnicode CMaps, read leniently: one broken line must not cost the rest of the font.

use super::codes::Text;

/// Codes → characters.
pub(super) struct ToUnicode {
    /// (first code, last code, UTF-16 of the first), sorted by first code.
    ranges: Vec<(u32, u32, Vec<u16>)>,
}

enum Token<'d> {
    Hex(&'d [u8]),
    Open,
    Close,
    Word(&'d [u8]),
}

impl ToUnicode {
    /// Reads a CMap; `None` when it maps nothing.
    pub fn parse(data: &[u8]) -> Option<Self> {
        let mut ranges = Vec::new();
        let mut tokens = Tokens { rest: data };
        while let Some(token) = tokens.next() {
            match token {
                Token::Word(b"beginbfchar") => read_chars(&mut tokens, &mut ranges),
                Token::Word(b"beginbfrange") => read_ranges(&mut tokens, &mut ranges),
                _ => {}
            }
        }
        ranges.sort_by_key(|r: &(u32, u32, Vec<u16>)| r.0);
        (!ranges.is_empty()).then_some(Self { ranges })
    }

    /// The characters of a code.
    pub fn lookup(&self, code: u32) -> Option<Text> {
        let after = self.ranges.partition_point(|r| r.0 <= code);
        let (first, last, units) = self.ranges.get(after.checked_sub(1)?)?;
        if code > *last {
            return None;
        }
        let mut units = units.clone();
        let end = units.last_mut()?;
        *end = end.checked_add(u16::try_from(code - first).ok()?)?;
        // A lone surrogate stands for nothing.
        Some(Text::from_chars(&String::from_utf16(&units).ok()?))
    }
}

fn read_chars(tokens: &mut Tokens<'_>, ranges: &mut Vec<(u32, u32, Vec<u16>)>) {
    let mut code = None;
    while let Some(token) = tokens.next() {
        match (token, code) {
            (Token::Hex(digits), None) => code = number(digits),
            (Token::Hex(digits), Some(known)) => {
                ranges.push((known, known, units(digits)));
                code = None;
            }
            (Token::Word(word), _) if word.starts_with(b"end") => return,
            _ => code = None,
        }
    }
}

fn read_ranges(tokens: &mut Tokens<'_>, ranges: &mut Vec<(u32, u32, Vec<u16>)>) {
    let mut bounds: Vec<u32> = Vec::new();
    while let Some(token) = tokens.next() {
        match token {
            Token::Hex(digits) => match bounds.as_slice() {
                [first, last] => {
                    ranges.push((*first, *last, units(digits)));
                    bounds.clear();
                }
                _ => bounds.extend(number(digits)),
            },
            Token::Open => {
                let mut code = bounds.first().copied();
                while let Some(Token::Hex(digits)) = tokens.next() {
                    if let Some(known) = code {
                        ranges.push((known, known, units(digits)));
                        code = known.checked_add(1);
                    }
                }
                bounds.clear();
            }
            Token::Close => bounds.clear(),
            Token::Word(word) if word.starts_with(b"end") => return,
            Token::Word(_) => bounds.clear(),
        }
    }
}

fn number(digits: &[u8]) -> Option<u32> {
    let mut value: u32 = 0;
    for digit in digits.iter().filter_map(|d| char::from(*d).to_digit(16)) {
        value = value.checked_mul(16)?.checked_add(digit)?;
    }
    Some(value)
}

/// UTF-16 units of a hexadecimal string; one with odd digits is a number with a digit too many in front.
fn units(digits: &[u8]) -> Vec<u16> {
    let digits: Vec<u16> = digits
        .iter()
        .filter_map(|d| char::from(*d).to_digit(16))
        .map(|d| d as u16)
        .collect();
    let mut out: Vec<u16> = digits
        .rchunks(4)
        .map(|chunk| chunk.iter().fold(0, |value, digit| (value << 4) | digit))
        .collect();
    out.reverse();
    while out.len() > 1 && out.first() == Some(&0) {
        out.remove(0);
    }
    out
}

struct Tokens<'d> {
    rest: &'d [u8],
}

impl<'d> Tokens<'d> {
    fn next(&mut self) -> Option<Token<'d>> {
        loop {
            let whole = self.rest;
            let (first, tail) = whole.split_first()?;
            self.rest = tail;
            match first {
                b'<' if tail.first() == Some(&b'<') => self.rest = tail.get(1..)?,
                b'<' => {
                    let end = tail.iter().position(|b| *b == b'>').unwrap_or(tail.len());
                    let (digits, after) = tail.split_at(end);
                    self.rest = after.get(1..).unwrap_or_default();
                    return Some(Token::Hex(digits));
                }
                b'[' => return Some(Token::Open),
                b']' => return Some(Token::Close),
                b'%' => {
                    let end = tail
                        .iter()
                        .position(|b| matches!(b, b'\n' | b'\r'))
                        .unwrap_or(tail.len());
                    self.rest = tail.get(end..)?;
                }
                byte if byte.is_ascii_alphabetic() => {
                    let end = whole
                        .iter()
                        .position(|b| !b.is_ascii_alphanumeric())
                        .unwrap_or(whole.len());
                    let (word, after) = whole.split_at(end);
                    self.rest = after;
                    return Some(Token::Word(word));
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(cmap: &ToUnicode, code: u32) -> Option<char> {
        match cmap.lookup(code) {
            Some(Text::One(ch)) => Some(ch),
            _ => None,
        }
    }

    #[test]
    fn characters_ranges_and_lists() {
        let cmap = ToUnicode::parse(
            b"1 beginbfchar <0005> <696D> endbfchar 2 beginbfrange <0010> <0012> <3042> <20><21>[<7E3E> <D842DFB7>] endbfrange",
        )
        .expect("maps");
        let all: Vec<_> = [0x05, 0x10, 0x12, 0x13, 0x20, 0x21]
            .iter()
            .map(|c| one(&cmap, *c))
            .collect();
        assert_eq!(
            all,
            [Some('業'), Some('あ'), Some('い'), None, Some('績'), Some('𠮷')]
        );
    }

    #[test]
    fn odd_digits_and_broken_lines_do_not_cost_the_rest() {
        let cmap = ToUnicode::parse(b"beginbfchar <0001> <03002> <0002> <3059> endbfchar").expect("maps");
        assert_eq!(one(&cmap, 1), Some('。'));
        let cut = ToUnicode::parse(b"beginbfchar <0001> <3002> <0002> <30").expect("maps");
        assert_eq!(one(&cut, 1), Some('。'));
        assert!(ToUnicode::parse(b"rubbish").is_none());
    }

    #[test]
    fn lone_surrogates_are_no_characters() {
        let cmap = ToUnicode::parse(b"beginbfchar <0001> <D842> endbfchar").expect("maps");
        assert_eq!(cmap.lookup(1), None);
    }
}
