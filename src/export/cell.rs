//! Text that a spreadsheet shows as it is.

use std::borrow::Cow;

/// What makes a spreadsheet take a cell for a formula: the characters OWASP names (*CSV Injection*; ASVS 1.2.10) and
/// their full-width forms, which a Japanese Excel takes for the same.
const FORMULA: [char; 9] = ['=', '+', '-', '@', '\t', '＝', '＋', '－', '＠'];

/// A text as it may stand in a cell: one line, no control characters, never a formula.
///
/// Line breaks become a space each, other control characters and byte-order marks go, a tab stays. If what is left
/// would be taken for a formula, an apostrophe is put before it; [`original`] takes it away again.
pub fn safe(text: &str) -> Cow<'_, str> {
    defuse(one_line(text))
}

/// What a cell written by [`safe`] says without the apostrophe that was put before it.
pub fn original(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest,
        _ => cell,
    }
}

/// The text without line breaks and control characters.
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    if !text
        .chars()
        .any(|c| c != '\t' && (c.is_control() || is_break(c) || c == BYTE_ORDER_MARK))
    {
        return Cow::Borrowed(text);
    }
    let mut line = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if c == '\r' && characters.peek() == Some(&'\n') {
            continue;
        }
        if is_break(c) {
            line.push(' ');
        } else if c == '\t' || !(c.is_control() || c == BYTE_ORDER_MARK) {
            line.push(c);
        }
    }
    Cow::Owned(line)
}

const BYTE_ORDER_MARK: char = '\u{feff}';

fn is_break(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

fn defuse(line: Cow<'_, str>) -> Cow<'_, str> {
    if is_formula(&line) {
        Cow::Owned(format!("'{line}"))
    } else {
        line
    }
}

/// Spaces before the character do not protect. Apostrophes before it would, but a text that has them by itself gets
/// another all the same: otherwise it could not be told from one that was defused.
fn is_formula(text: &str) -> bool {
    let bare = text.trim_start_matches(|c: char| c == '\'' || (c.is_whitespace() && c != '\t'));
    bare.starts_with(FORMULA)
}

#[cfg(test)]
mod tests {
    use super::{original, safe};
    use proptest::prelude::*;

    #[test]
    fn formulas_become_text() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("+81", "'+81"),
            ("-5%", "'-5%"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "' =1"),
            ("\u{0}=1", "'=1"),
            (" =1", "' =1"),
            ("　－当社は", "'　－当社は"),
            ("＝cmd", "'＝cmd"),
            ("'=1", "''=1"),
        ] {
            assert_eq!(safe(text), cell, "{text:?}");
        }
    }

    #[test]
    fn harmless_text_stays() {
        for text in [
            "",
            "0123",
            "285A",
            "12E4",
            "基本方針",
            "a=b",
            "'quoted'",
            "1-2",
            "・監査",
            "a\tb",
        ] {
            assert_eq!(safe(text), text);
            assert_eq!(original(text), text);
        }
    }

    #[test]
    fn a_cell_is_one_line() {
        assert_eq!(safe("監査\r\nの\n実施\u{2028}。"), "監査 の 実施 。");
        assert_eq!(safe("a\u{0}b\u{7}c\u{9b}d\u{feff}e"), "abcde");
    }

    proptest! {
        #[test]
        fn any_text_is_safe_and_can_be_had_back(text in any::<String>()) {
            check(&text)?;
        }

        #[test]
        fn also_when_made_of_what_matters(text in "['=+@\\-\t\r\n ＝－a\u{0}\u{feff}]{0,12}") {
            check(&text)?;
        }
    }

    fn check(text: &str) -> Result<(), TestCaseError> {
        let cell = safe(text);
        let first = cell
            .trim_start_matches(|c: char| c.is_whitespace() && c != '\t')
            .chars()
            .next();
        prop_assert!(
            !first.is_some_and(|c| "=+-@\t\r\n＝＋－＠".contains(c)),
            "{cell:?}"
        );
        prop_assert!(!cell.chars().any(|c| c != '\t' && c.is_control()));
        // What is left of the text once its line breaks are spaces and its control characters gone.
        let plain: String = text
            .replace("\r\n", "\n")
            .chars()
            .map(|c| {
                if matches!(
                    c,
                    '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
                ) {
                    ' '
                } else {
                    c
                }
            })
            .filter(|c| *c == '\t' || !(c.is_control() || *c == '\u{feff}'))
            .collect();
        prop_assert_eq!(original(&cell), plain);
        Ok(())
    }
}
