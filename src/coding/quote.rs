//! The part of a passage that shows why it got a code.

use std::fmt;

/// The sentence around some characters of a text, or as much of it as there is room for.
///
/// Displayed with an ellipsis where the sentence was cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    chars: Vec<char>,
    /// Place of its first character in the text (Unicode scalar values).
    start: usize,
    cut_before: bool,
    cut_after: bool,
}

impl Quote {
    /// Quotes the sentence around the characters from `start` to `end`.
    ///
    /// # Arguments
    /// * `start`, `end` - Unicode scalar values of the text; beyond its end they are taken as its end.
    /// * `longest` - characters of the quote, the ellipses not counted.
    pub fn around(text: &str, start: usize, end: usize, longest: usize) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let start = start.min(chars.len());
        let end = end.clamp(start, chars.len());
        let ends_sentence = |c: &char| *c == '。';
        let from = chars[..start]
            .iter()
            .rposition(ends_sentence)
            .map_or(0, |i| i + 1);
        // The first cell of a table's row, or a paragraph, may begin with blanks.
        let blanks = chars[from..start].iter().take_while(|c| c.is_whitespace());
        let from = from + blanks.count();
        // Evidence may reach up to the 。 itself.
        let last = end.saturating_sub(1).max(start);
        let to = chars[last..]
            .iter()
            .position(ends_sentence)
            .map_or(chars.len(), |i| last + i + 1)
            .max(end);
        let (cut_from, cut_to) = if to - from <= longest {
            (from, to)
        } else {
            let room = longest.saturating_sub(end - start);
            let cut_from = start.saturating_sub(room / 2).max(from);
            (cut_from, (cut_from + longest).min(to))
        };
        Quote {
            chars: chars[cut_from..cut_to].to_vec(),
            start: cut_from,
            cut_before: cut_from > from,
            cut_after: cut_to < to,
        }
    }

    /// The quote in pieces, those within one of the spans marked.
    ///
    /// # Arguments
    /// * `spans` - characters of the text, start and end, in any order; they may overlap and lie outside of the quote.
    pub fn marked(&self, spans: &[(usize, usize)]) -> Vec<(bool, String)> {
        let is_marked = |at: usize| spans.iter().any(|(start, end)| (*start..*end).contains(&at));
        let mut pieces: Vec<(bool, String)> = Vec::new();
        let ellipsis = |cut: bool| cut.then_some((false, '…'));
        let body = (self.start..).zip(&self.chars).map(|(at, c)| (is_marked(at), *c));
        let all = ellipsis(self.cut_before).into_iter().chain(body);
        for (marked, c) in all.chain(ellipsis(self.cut_after)) {
            match pieces.last_mut() {
                Some((same, piece)) if *same == marked => piece.push(c),
                _ => pieces.push((marked, c.into())),
            }
        }
        pieces
    }
}

impl fmt::Display for Quote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.marked(&[])
            .iter()
            .try_for_each(|(_, piece)| f.write_str(piece))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_that_ends_with_its_sentence_quotes_that_alone() {
        let text = "監査を毎年行う。翌年も行う。";
        assert_eq!(Quote::around(text, 0, 8, 120).to_string(), "監査を毎年行う。");
    }

    #[test]
    fn a_quote_is_the_sentence_around_the_evidence() {
        let text = "当社は鉄道を営む。監査を毎年行う。翌年も行う。";
        assert_eq!(Quote::around(text, 9, 11, 120).to_string(), "監査を毎年行う。");
    }

    #[test]
    fn blanks_before_a_sentence_are_not_quoted() {
        assert_eq!(
            Quote::around("方針。\t\u{3000}監査\t毎年", 5, 7, 120).to_string(),
            "監査\t毎年"
        );
        // Evidence is quoted whatever it begins with.
        assert_eq!(Quote::around("\t監査", 0, 3, 120).to_string(), "\t監査");
    }

    #[test]
    fn a_long_quote_is_cut_around_the_evidence_and_says_so() {
        let text = format!("{}監査{}", "あ".repeat(300), "い".repeat(300));
        let quote = Quote::around(&text, 300, 302, 120).to_string();
        assert!(
            quote.starts_with("…あ") && quote.ends_with("い…") && quote.contains("監査"),
            "{quote}"
        );
        assert_eq!(quote.chars().count(), 122);
    }

    #[test]
    fn a_quote_survives_evidence_beyond_the_text() {
        assert_eq!(Quote::around("短い", 5, 99, 120).to_string(), "短い");
    }

    #[test]
    fn what_was_seen_is_marked_also_when_it_overlaps() {
        let quote = Quote::around("前文。監査を毎年行う。", 3, 5, 120);
        let marked = quote.marked(&[(0, 2), (3, 5), (4, 6), (8, 9)]);
        let show: String = marked
            .iter()
            .map(|(m, t)| if *m { format!("[{t}]") } else { t.clone() })
            .collect();
        assert_eq!(show, "[監査を]毎年[行]う。");
    }
}
