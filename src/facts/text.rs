//! Sentences and what stands around a place in them.

/// A sentence of the normalised passage and where it begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sentence<'a> {
    pub text: &'a str,
    /// Byte of the passage.
    pub at: usize,
}

/// Cuts at 。！？ outside parentheses.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = Sentence<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = text.get(from..).filter(|r| !r.is_empty())?;
        let mut depth = 0usize;
        let mut end = rest.len();
        for (i, c) in rest.char_indices() {
            match c {
                '(' | '「' | '『' => depth += 1,
                ')' | '」' | '』' => depth = depth.saturating_sub(1),
                '。' | '!' | '?' if depth == 0 => {
                    end = i + c.len_utf8();
                    break;
                }
                _ => {}
            }
        }
        let sentence = Sentence {
            text: rest.get(..end)?,
            at: from,
        };
        from += end;
        Some(sentence)
    })
}

/// The first `chars` characters of a text.
pub(super) fn head(text: &str, chars: usize) -> &str {
    let end = text.char_indices().nth(chars).map_or(text.len(), |(i, _)| i);
    text.get(..end).unwrap_or(text)
}

/// The last `chars` characters of a text.
pub(super) fn last(text: &str, chars: usize) -> &str {
    let all = text.chars().count();
    let start = text
        .char_indices()
        .nth(all.saturating_sub(chars))
        .map_or(text.len(), |(i, _)| i);
    text.get(start..).unwrap_or(text)
}

/// What can stand inside the name of a thing: ideographs, katakana, Latin letters and digits.
pub(super) fn is_name(c: char) -> bool {
    matches!(c, '一'..='鿿' | '々' | 'ァ'..='ヺ' | 'ー' | '・' | '&' | '/' | '-') || c.is_ascii_alphanumeric()
}

/// Words in hiragana, or with some, that stand inside names.
const INSIDE: [&str; 6] = ["漏えい", "お客さま", "お客様", "なりすまし", "重大な", "持ち出し"];

/// Where the name begins whose end is the end of `text`: leftwards over name characters, over の between them and
/// over the words of [`INSIDE`], at most `most` characters.
pub(super) fn name_start(text: &str, most: usize) -> usize {
    let mut start = text.len();
    loop {
        let before = text.get(..start).unwrap_or("");
        if text.get(start..).is_some_and(|name| name.chars().count() >= most) {
            return start;
        }
        let Some(c) = before.chars().next_back() else {
            return start;
        };
        let joined = before
            .strip_suffix('の')
            .filter(|b| start < text.len() && ends_in_name(b));
        if let Some(word) = INSIDE.iter().find(|w| before.ends_with(**w)) {
            start -= word.len();
        } else if is_name(c) || joined.is_some() {
            start -= c.len_utf8();
        } else {
            return start;
        }
    }
}

/// Where the name that begins at `start` and ends the text begins with what is said of it, if `bare` calls for that: 部門
/// alone says nothing, 個人情報を取り扱う部門 does. Reaches to the mark before, at most [`RELATIVE`] characters.
pub(super) fn said_of(bare: &regex::Regex, text: &str, start: usize) -> usize {
    if !text.get(start..).is_some_and(|name| bare.is_match(name)) {
        return start;
    }
    let before = text.get(..start).unwrap_or("");
    let marks = ['、', '。', '\t', ' ', ':', '(', ')', '/', ';', 'は'];
    let from = before
        .char_indices()
        .rfind(|(_, c)| marks.contains(c))
        .map_or(0, |(i, c)| i + c.len_utf8());
    let is_short = before
        .get(from..)
        .is_some_and(|said| said.chars().count() <= RELATIVE);
    if is_short { from } else { start }
}

/// Characters of the longest clause that says what a name is.
const RELATIVE: usize = 30;

fn ends_in_name(text: &str) -> bool {
    text.chars().next_back().is_some_and(is_name) || INSIDE.iter().any(|w| text.ends_with(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_stop_inside_parentheses_ends_no_sentence() {
        let all: Vec<_> = sentences("一つ目(注。)です。二つ目")
            .map(|s| (s.text, s.at))
            .collect();
        assert_eq!(
            all,
            [("一つ目(注。)です。", 0), ("二つ目", "一つ目(注。)です。".len())]
        );
        assert_eq!(sentences("").count(), 0);
    }

    #[test]
    fn a_name_reaches_over_no_but_not_over_other_particles() {
        let text = "当社は情報システムの委託先";
        assert_eq!(&text[name_start(text, 30)..], "情報システムの委託先");
        let text = "各社に委託先";
        assert_eq!(&text[name_start(text, 30)..], "委託先");
        let text = "は重大な情報漏えい事故の件数";
        assert_eq!(&text[name_start(text, 30)..], "重大な情報漏えい事故の件数");
    }

    #[test]
    fn ends_are_cut_by_characters() {
        assert_eq!((head("あいう", 2), last("あいう", 2)), ("あい", "いう"));
        assert_eq!((head("あ", 9), last("あ", 9)), ("あ", "あ"));
    }
}
