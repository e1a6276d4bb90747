//! What kind of character stands where: how lines are joined, where sentences end.

/// Latin letters, digits, and the marks that go with them: words that a space separates.
pub(super) fn is_latin(ch: char) -> bool {
    ch.is_ascii_graphic()
        || ('\u{a1}'..='\u{24f}').contains(&ch) && !matches!(ch, '×' | '÷' | '±' | '°' | '´' | '§' | '¶')
        || matches!(ch, '\u{2010}'..='\u{2013}' | '\u{2018}' | '\u{2019}' | '\u{1e00}'..='\u{1eff}' | '\u{370}'..='\u{52f}')
}

/// Blank in print: never part of what must not be lost.
pub(super) fn is_blank(ch: char) -> bool {
    ch.is_whitespace() || ch.is_control() || matches!(ch, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}')
}

/// Does the text end a sentence (or a note, or a quotation that holds one)?
pub(super) fn ends_sentence(text: &str) -> bool {
    let mut rest = text.trim_end();
    while let Some(ch) = rest.chars().next_back() {
        match ch {
            '。' | '．' | '？' | '！' | '?' | '!' | '｡' => return true,
            '.' => return !rest.chars().rev().nth(1).is_some_and(|c| c.is_ascii_digit()),
            '）' | ')' | '」' | '』' | '】' | '”' | '"' | '’' | '〉' | '》' => {
                rest = rest.trim_end_matches(ch).trim_end();
            }
            _ => return false,
        }
    }
    false
}

/// Must more follow: a bracket is open, or the last mark is a comma or a particle that no title ends with?
pub(super) fn expects_more(text: &str) -> bool {
    let text = text.trim_end();
    let count = |marks: [char; 4]| text.chars().filter(|c| marks.contains(c)).count();
    let (opened, closed) = (count(['「', '（', '『', '(']), count(['」', '）', '』', ')']));
    let particle =
        text.ends_with(['を', 'が', 'や', 'の', 'は']) && !text.ends_with("もの") && !text.ends_with("とは");
    let conjunction = ["及び", "および", "並びに", "ならびに"]
        .iter()
        .any(|c| text.ends_with(c));
    opened > closed || particle || conjunction || text.ends_with(['、', '，', '・'])
}

/// Does no Japanese word begin with it?
pub(super) fn never_begins(ch: char) -> bool {
    matches!(
        ch,
        'れ' | 'る' | 'ら' | 'り' | 'っ' | 'ゃ' | 'ゅ' | 'ょ' | 'ん' | 'を' | 'ー'
    )
}

/// Is the whole text an address on the web?
pub(super) fn is_address(text: &str) -> bool {
    let text = text.trim();
    (text.starts_with("http://") || text.starts_with("https://") || text.starts_with("www."))
        && !text.contains(is_blank)
}

/// Would a typesetter never begin a line with it (行頭禁則)?
fn never_first(ch: char) -> bool {
    matches!(
        ch,
        '、' | '。'
            | '，'
            | '．'
            | '）'
            | '」'
            | '』'
            | '】'
            | '〕'
            | '］'
            | '｝'
            | '〉'
            | '》'
            | '”'
            | '’'
            | '・'
            | '：'
            | '；'
            | '？'
            | '！'
            | 'ー'
            | 'っ'
            | 'ゃ'
            | 'ゅ'
            | 'ょ'
            | 'ッ'
            | 'ャ'
            | 'ュ'
            | 'ョ'
            | 'ァ'
            | 'ィ'
            | 'ゥ'
            | 'ェ'
            | 'ォ'
            | 'ぁ'
            | 'ぃ'
            | 'ぅ'
            | 'ぇ'
            | 'ぉ'
            | '々'
            | '％'
            | '%'
            | ')'
            | ','
            | '.'
            | '℃'
    )
}

/// Width in em of what of `text` cannot be parted from its beginning: a Latin word, a number, a character with the
/// closing marks after it. A line that had room for it was ended on purpose.
pub(super) fn first_chunk_em(text: &str) -> f32 {
    let mut width = 0.0;
    let mut previous = None;
    for ch in text.chars() {
        let latin = is_latin(ch);
        match previous {
            None => {}
            Some(p) if is_opening(p) => {}
            Some(p) if is_latin(p) && latin => {}
            Some(_) if never_first(ch) => {}
            Some(_) => break,
        }
        width += if latin || ('\u{ff61}'..='\u{ff9f}').contains(&ch) {
            0.5
        } else {
            1.0
        };
        previous = Some(ch);
        if width > 20.0 {
            break;
        }
    }
    width
}

fn is_opening(ch: char) -> bool {
    matches!(
        ch,
        '「' | '『' | '（' | '(' | '【' | '〔' | '［' | '〈' | '《' | '“' | '‘'
    )
}

/// Appends the next line of the same block: nothing between Japanese, a space between Latin words, a hyphen at the
/// end of a line dropped where it parts a word, nothing inside a number or an address.
pub(super) fn join_line(text: &mut String, line: &str) {
    let line = line.trim_matches(is_blank);
    text.truncate(text.trim_end_matches(is_blank).len());
    let (Some(last), Some(first)) = (text.chars().next_back(), line.chars().next()) else {
        text.push_str(line);
        return;
    };
    let before = text.chars().rev().nth(1);
    if matches!(last, '-' | '\u{ad}' | '\u{2010}')
        && before.is_some_and(|c| c.is_alphabetic() && is_latin(c))
        && first.is_lowercase()
        && is_latin(first)
        && !in_address(text)
    {
        text.pop();
    } else if needs_space(text, last, before, first) {
        text.push(' ');
    }
    text.push_str(line);
}

fn needs_space(text: &str, last: char, before: Option<char>, first: char) -> bool {
    if !is_latin(last) || !is_latin(first) || last == '-' || in_address(text) {
        return false;
    }
    let number = first.is_ascii_digit()
        && (last.is_ascii_digit() || matches!(last, ',' | '.') && before.is_some_and(|c| c.is_ascii_digit()));
    let bracket = matches!(last, '(' | '[' | '/') || matches!(first, ')' | ']' | ',' | '.' | '%' | ';' | ':');
    !number && !bracket
}

fn in_address(text: &str) -> bool {
    let start = text.rfind(|c: char| !c.is_ascii_graphic()).map_or(0, |i| i + 1);
    let word = text.get(start..).unwrap_or("");
    word.contains("://") || word.starts_with("www.") || word.contains('@')
}

/// Arabic, Hebrew and their like.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// The text of glyphs read from left to right, with words written from right to left turned into the order they are read.
pub(super) fn turn_right_to_left(text: &mut String) {
    if !text.chars().any(is_right_to_left) {
        return;
    }
    let mut chars: Vec<char> = text.chars().collect();
    let mut from = 0;
    while let Some(begin) = position(&chars, from, is_right_to_left) {
        let other = |c: char| c.is_alphanumeric() && !is_right_to_left(c);
        let end = position(&chars, begin, other).unwrap_or(chars.len());
        // What stands between it and the next word belongs to neither.
        let run = chars.get_mut(begin..end).unwrap_or_default();
        let kept = run
            .iter()
            .rposition(|c| is_right_to_left(*c))
            .map_or(0, |i| i + 1);
        run.get_mut(..kept).unwrap_or_default().reverse();
        from = end;
    }
    *text = chars.into_iter().collect();
}

fn position(chars: &[char], from: usize, is: impl Fn(char) -> bool) -> Option<usize> {
    let found = chars.iter().skip(from).position(|c| is(*c));
    found.map(|i| from + i)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_from_right_to_left_are_turned_and_the_others_kept() {
        let turned = |text: &str| {
            let mut text = text.to_owned();
            turn_right_to_left(&mut text);
            text
        };
        assert_eq!(turned("ABC םולש, 12 情報"), "ABC שלום, 12 情報");
        assert_eq!(turned("םולש םלוע"), "עולם שלום");
        assert_eq!(turned("情報（CSIRT）"), "情報（CSIRT）");
    }

    fn joined(a: &str, b: &str) -> String {
        let mut text = a.to_owned();
        join_line(&mut text, b);
        text
    }

    #[test]
    fn japanese_is_joined_without_a_space_and_latin_with_one() {
        assert_eq!(joined("情報セキュ", "リティ"), "情報セキュリティ");
        assert_eq!(joined("Information", "Security"), "Information Security");
        assert_eq!(joined("当社は", "CSIRT を"), "当社はCSIRT を");
    }

    #[test]
    fn words_numbers_and_addresses_broken_over_lines_are_whole_again() {
        assert_eq!(joined("cyber-", "security"), "cybersecurity");
        assert_eq!(joined("ISO/IEC 27001-", "2022"), "ISO/IEC 27001-2022");
        assert_eq!(joined("1,234,", "567千円"), "1,234,567千円");
        assert_eq!(joined("20", "25年"), "2025年");
        assert_eq!(
            joined("https://example.com/sec", "urity/policy"),
            "https://example.com/security/policy"
        );
    }

    #[test]
    fn a_sentence_may_end_inside_brackets() {
        assert!(ends_sentence("述べた。」"));
        assert!(ends_sentence("（以下「当社」という。）"));
        assert!(!ends_sentence("当連結会計年度(2024"));
        assert!(!ends_sentence("情報セキュリティ方針（基本）"));
        assert!(!ends_sentence("第1."));
    }

    #[test]
    fn an_open_bracket_or_a_comma_expects_more() {
        assert!(expects_more("業務利用に関する申合せ（デジタル社"));
        assert!(expects_more("設備の点検、"));
        assert!(expects_more("利用規約等の"));
        assert!(expects_more("当連結会計年度末は"));
        assert!(expects_more("資産又は"));
        assert!(!expects_more("金型とは"));
        assert!(!expects_more("預かったもの"));
        assert!(!expects_more("はじめに"));
        assert!(!expects_more("訓練（年二回）"));
        assert!(
            !expects_more("1) 方針"),
            "the bracket of a number closes what nothing opened"
        );
    }

    #[test]
    fn a_word_is_one_chunk() {
        assert_eq!(first_chunk_em("CSIRTを"), 2.5);
        assert_eq!(first_chunk_em("情報"), 1.0);
        assert_eq!(first_chunk_em("「す。」と"), 4.0);
    }
}
