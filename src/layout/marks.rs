//! Numbers and marks at the beginning of a line: what makes a heading, an item of a list, a note.

/// How a heading or an item is numbered or marked. The order is the usual nesting, from the outermost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Style {
    /// 第一部
    Part,
    /// 第1章, 第2編
    Chapter,
    /// 第２【事業の状況】
    Dai,
    /// 第3節
    Section,
    /// Ⅰ Ⅱ
    Roman,
    /// １【主要な経営指標等の推移】
    NumberBracket,
    /// （１）【株式の総数等】
    ParenBracket,
    /// 【表紙】
    Bracket,
    /// ①【株式の総数】
    CircledBracket,
    /// （税効果会計関係）: the name of a note on the accounts
    NoteTitle,
    /// 1. １． 2、
    Number,
    /// 4.1
    Decimal2,
    /// 4.1.2 and deeper
    Decimal3,
    /// (1) （１）
    ParenNumber,
    /// 1) １）
    NumberParen,
    /// ①
    Circled,
    /// ア． ア）
    Kana,
    /// a. ａ．
    Letter,
    /// (ア) （イ）
    ParenKana,
    /// (a) （ａ）
    ParenLetter,
    /// (i) ⅰ ⅱ
    SmallRoman,
    /// <…> ＜…＞ 〈…〉 《…》 〔…〕 around the whole line
    Angle(char),
    /// ■ □ ◆ ◇ ● ○ ◎ ▶ ▼: mark of a heading or of an item
    Shape(char),
    /// ・ - – ✓ *: mark of an item
    Dot,
    /// ※ * 注: mark of a note
    Note,
    /// 第1条 of rules
    Article,
}

/// A mark at the beginning of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub style: Style,
    /// The number, 1 for the first letter or kana; 0 where the mark has none.
    pub value: u32,
    /// Characters of the mark.
    pub chars: usize,
}

/// The mark that `text` begins with.
pub(super) fn mark(text: &str) -> Option<Mark> {
    let text = text.trim_start();
    let first = text.chars().next()?;
    let found = |style, value, chars| Some(Mark { style, value, chars });
    match first {
        '第' => dai(text),
        '【' => found(Style::Bracket, 0, 1),
        '・' | '･' | '•' | '‣' | '⁃' | '✓' | '✔' => found(Style::Dot, 0, 1),
        // The bullets of symbol fonts have no other character.
        '\u{f020}'..='\u{f0ff}' => found(Style::Dot, 0, 1),
        '-' | '‒' | '–' | '－' | '‐' | '—' | '＊' | '*' if text.chars().nth(1).is_some_and(starts_item) => {
            found(Style::Dot, 0, 1)
        }
        '■' | '□' | '◆' | '◇' | '●' | '○' | '◎' | '▶' | '►' | '▼' | '▪' | '◼' | '▸' | '➢' | '★' | '☆'
        | '〇' | '◯' => found(Style::Shape(first), 0, 1),
        '※' => found(Style::Note, note_value(text.get('※'.len_utf8()..)?), 1),
        '注' => note(text, 1),
        '<' | '＜' | '〈' | '《' | '〔' | '≪' | '［' => angle(text, first),
        '①'..='⑳' => {
            let style = if bracket_follows(text, 1) {
                Style::CircledBracket
            } else {
                Style::Circled
            };
            found(style, first as u32 - '①' as u32 + 1, 1)
        }
        'Ⅰ'..='Ⅻ' => found(Style::Roman, first as u32 - 'Ⅰ' as u32 + 1, 1),
        'ⅰ'..='ⅻ' => found(Style::SmallRoman, first as u32 - 'ⅰ' as u32 + 1, 1),
        '⑴'..='⒇' => found(Style::ParenNumber, first as u32 - '⑴' as u32 + 1, 1),
        '(' | '（' => paren(text),
        _ => number(text).or_else(|| letter(text)),
    }
}

fn starts_item(ch: char) -> bool {
    ch == ' ' || ch == '　' || !(ch.is_ascii_digit() || ch.is_numeric() || ch == '-' || ch == '－')
}

fn digit(ch: char) -> Option<u32> {
    ch.to_digit(10)
        .or_else(|| ('０'..='９').contains(&ch).then(|| ch as u32 - '０' as u32))
}

/// A number of one to three figures (a year, an amount is no numbering) and its length in characters.
fn figures(chars: &[char]) -> Option<(u32, usize)> {
    let length = chars.iter().take_while(|c| digit(**c).is_some()).count();
    if !(1..=3).contains(&length) {
        return None;
    }
    let value = chars
        .iter()
        .take(length)
        .filter_map(|c| digit(*c))
        .fold(0, |n, d| n * 10 + d);
    (value > 0).then_some((value, length))
}

fn kanji_figures(chars: &[char]) -> Option<(u32, usize)> {
    const KANJI: &str = "一二三四五六七八九十";
    let length = chars.iter().take_while(|c| KANJI.contains(**c)).count();
    let value = chars.iter().take(length).fold(0, |sum: u32, c| {
        let n = KANJI.chars().position(|k| k == *c).map_or(0, |p| p as u32 + 1);
        if n == 10 {
            sum.max(1).saturating_mul(10)
        } else {
            sum.saturating_add(n)
        }
    });
    (1..=4).contains(&length).then_some((value, length))
}

/// The first characters of a text: no mark is longer.
fn head(text: &str) -> Vec<char> {
    text.chars().take(16).collect()
}

fn dai(text: &str) -> Option<Mark> {
    let chars = head(text);
    let rest: Vec<char> = chars.iter().skip(1).copied().filter(|c| *c != ' ').collect();
    let (value, length) = figures(&rest).or_else(|| kanji_figures(&rest))?;
    let style = match rest.get(length)? {
        '部' => Style::Part,
        '章' | '編' => Style::Chapter,
        '節' => Style::Section,
        '条' => Style::Article,
        '【' | ' ' | '　' | '\t' => Style::Dai,
        _ => return None,
    };
    // In Latin blanks too an article stands apart from its text.
    let at = chars.iter().position(|c| *c == '条');
    let apart = style == Style::Article && at.is_some_and(|at| chars.get(at + 1) == Some(&' '));
    // 第10条の2 and 第三部門 are running text.
    let after = rest.get(length + 1).copied();
    let separate = after.is_none_or(|c| {
        matches!(
            c,
            '【' | ' ' | '　' | '\t' | '：' | ':' | '（' | '(' | '「' | '．'
        )
    });
    let title = style != Style::Article && after.is_some_and(|c| !"のにはがをとで門分署品材".contains(c));
    (separate || apart || title || style == Style::Dai).then_some(Mark {
        style,
        value,
        chars: length + 2,
    })
}

fn paren(text: &str) -> Option<Mark> {
    let chars = head(text);
    let inner = chars.get(1..)?;
    if inner.first() == Some(&'注') {
        return note(text.get(text.chars().next()?.len_utf8()..)?, 2);
    }
    let Some(close) = inner.iter().position(|c| matches!(c, ')' | '）')) else {
        return note_title(text);
    };
    let body: Vec<char> = inner
        .get(..close)?
        .iter()
        .copied()
        .filter(|c| !c.is_whitespace())
        .collect();
    let found = |style, value| {
        Some(Mark {
            style,
            value,
            chars: close + 2,
        })
    };
    if let Some((value, length)) = figures(&body).or_else(|| kanji_figures(&body)) {
        return match length == body.len() {
            true if bracket_follows(text, close + 2) => found(Style::ParenBracket, value),
            true => found(Style::ParenNumber, value),
            false => note_title(text),
        };
    }
    let [only] = body.as_slice() else {
        let roman = !body.is_empty() && body.len() <= 4 && body.iter().all(|c| matches!(c, 'i' | 'v' | 'x'));
        return if roman {
            found(Style::SmallRoman, body.len() as u32)
        } else {
            note_title(text)
        };
    };
    match only {
        '①'..='⑳' => found(Style::Circled, *only as u32 - '①' as u32 + 1),
        'ⅰ'..='ⅻ' => found(Style::SmallRoman, *only as u32 - 'ⅰ' as u32 + 1),
        'i' => found(Style::SmallRoman, 1),
        _ => kana_value(*only)
            .map(|v| (Style::ParenKana, v))
            .or_else(|| letter_value(*only).map(|v| (Style::ParenLetter, v)))
            .and_then(|(style, value)| found(style, value)),
    }
}

/// Does 【 follow the first `chars` characters, blanks apart?
fn bracket_follows(text: &str, chars: usize) -> bool {
    text.chars().skip(chars).find(|c| !c.is_whitespace()) == Some('【')
}

/// How the names of the notes end that the rules on financial statements prescribe: （リース取引関係）, （追加情報）,
/// （重要な後発事象）, （会計方針の変更）, （未適用の会計基準等）.
const NOTE_TITLE_ENDS: [&str; 9] = [
    "関係",
    "情報",
    "情報等",
    "後発事象",
    "の変更",
    "会計上の見積り",
    "会計基準等",
    "に関する事項",
    "重要な事項",
];

/// A whole line in round brackets that is the name of a note.
fn note_title(text: &str) -> Option<Mark> {
    let inner = text.trim().strip_prefix(['（', '('])?.strip_suffix(['）', ')'])?;
    let length = inner.chars().count();
    let plain = !inner.contains(['（', '(', '。', '、', '：']);
    (plain && (4..=32).contains(&length) && NOTE_TITLE_ENDS.iter().any(|end| inner.ends_with(end))).then_some(
        Mark {
            style: Style::NoteTitle,
            value: 0,
            chars: 1,
        },
    )
}

fn note_value(after: &str) -> u32 {
    figures(&head(after.trim_start())).map_or(0, |(value, _)| value)
}

/// 注, 注1, 注) …: `text` begins with 注.
fn note(text: &str, before: usize) -> Option<Mark> {
    let chars = head(text);
    let after = chars.get(1).copied();
    let found = Some(Mark {
        style: Style::Note,
        value: note_value(text.get('注'.len_utf8()..)?),
        chars: before,
    });
    match after {
        None => found,
        Some(c)
            if digit(c).is_some()
                || matches!(c, ')' | '）' | '.' | '．' | ':' | '：' | ' ' | '　' | '\t') =>
        {
            found
        }
        _ => None,
    }
}

fn angle(text: &str, open: char) -> Option<Mark> {
    let close = match open {
        '<' => '>',
        '＜' => '＞',
        '〈' => '〉',
        '《' => '》',
        '〔' => '〕',
        '≪' => '≫',
        _ => '］',
    };
    let line = text.trim_end();
    (line.ends_with(close) && line.matches(close).count() == 1).then_some(Mark {
        style: Style::Angle(open),
        value: 0,
        chars: 1,
    })
}

fn number(text: &str) -> Option<Mark> {
    let chars = head(text);
    let (value, length) = figures(&chars)?;
    let found = |style, chars| Some(Mark { style, value, chars });
    let after = chars.get(length).copied();
    match after {
        Some('【') => found(Style::NumberBracket, length),
        Some(')' | '）') => found(Style::NumberParen, length + 1),
        Some('.' | '．' | '-' | '－' | '‐') => decimal(&chars, value, length),
        Some('、' | '：') if chars.get(length + 1).is_some_and(|c| digit(*c).is_none()) => {
            found(Style::Number, length + 1)
        }
        Some(blank @ (' ' | '　' | '\t' | '\u{2002}' | '\u{2003}')) => {
            let blanks = chars
                .iter()
                .skip(length)
                .take_while(|c| c.is_whitespace())
                .count();
            match chars.get(length + blanks).copied() {
                Some('【') => found(Style::NumberBracket, length + blanks),
                // `3 月`, `12 345`: an amount or a date set with a space; with a wide one only a date.
                Some(c)
                    if digit(c).is_none()
                        && !"年月日".contains(c)
                        && (blank != ' ' || !COUNTERS.contains(c)) =>
                {
                    found(Style::Number, length + blanks)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// What stands after an amount.
pub(super) const COUNTERS: &str = "年月日時分秒人名件円社頁回個倍点歳百千万億兆ヶか箇期株%％";

fn decimal(chars: &[char], value: u32, length: usize) -> Option<Mark> {
    let point = |c: Option<&char>| matches!(c, Some('.' | '．' | '-' | '－' | '‐'));
    let (mut at, mut depth, mut last) = (length, 1, value);
    while point(chars.get(at)) {
        let Some((next, n)) = figures(chars.get(at + 1..).unwrap_or(&[])) else {
            break;
        };
        (at, depth, last) = (at + 1 + n, depth + 1, next);
    }
    let dotted = matches!(chars.get(at), Some('.' | '．'));
    let after = chars.get(at + usize::from(dotted)).copied();
    if after.is_some_and(|c| digit(c).is_some()) {
        return None;
    }
    match depth {
        1 => dotted.then_some(Mark {
            style: Style::Number,
            value,
            chars: at + 1,
        }),
        _ => {
            // 1.5倍, 2.3% are amounts: a section number stands apart from its title.
            let apart = dotted || after.is_none_or(|c| c.is_whitespace());
            let style = if depth == 2 {
                Style::Decimal2
            } else {
                Style::Decimal3
            };
            apart.then_some(Mark {
                style,
                value: last,
                chars: at + usize::from(dotted),
            })
        }
    }
}

/// ア=1, イ=2 …; in the order of イロハ the count goes on from イ=2, so that ロ follows イ as ウ does.
fn kana_value(ch: char) -> Option<u32> {
    let iroha = "ロハニホヘト".chars().position(|k| k == ch).map(|p| p as u32 + 3);
    iroha.or_else(|| {
        "アイウエオカキクケコサシスセソタチツテ"
            .chars()
            .position(|k| k == ch)
            .map(|p| p as u32 + 1)
    })
}

fn letter_value(ch: char) -> Option<u32> {
    let base = match ch {
        'a'..='z' => 'a',
        'A'..='Z' => 'A',
        'ａ'..='ｚ' => 'ａ',
        'Ａ'..='Ｚ' => 'Ａ',
        _ => return None,
    };
    Some(ch as u32 - base as u32 + 1)
}

fn letter(text: &str) -> Option<Mark> {
    let mut chars = text.chars();
    let (first, second, third) = (chars.next()?, chars.next()?, chars.next());
    let kana = kana_value(first);
    let value = kana.or_else(|| letter_value(first))?;
    let style = if kana.is_some() {
        Style::Kana
    } else {
        Style::Letter
    };
    let closed = matches!(second, '．' | ')' | '）' | '、')
        || second == '.' && third.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '.')
        || matches!(second, ' ' | '　') && kana.is_some();
    closed.then_some(Mark {
        style,
        value,
        chars: 2,
    })
}

/// A line of a table of contents: leaders and a page number.
pub(super) fn is_contents_line(text: &str) -> bool {
    let text = text.trim_end();
    let body = text.trim_end_matches(|c: char| {
        digit(c).is_some() || matches!(c, ' ' | '　' | '\t' | '-' | '―' | 'P' | 'p' | '頁' | ')' | '(')
    });
    if body.len() == text.len() {
        return false;
    }
    let leaders = body.chars().rev().take_while(|c| {
        matches!(
            c,
            '.' | '…' | '‥' | '・' | '･' | '．' | '·' | '-' | '─' | ' ' | '　' | '\t' | '⋯'
        )
    });
    let width: usize = leaders
        .map(|c| match c {
            '…' | '⋯' => 3,
            '‥' => 2,
            ' ' | '　' | '\t' => 0,
            _ => 1,
        })
        .sum();
    width >= 4
}

#[cfg(test)]
mod tests;
