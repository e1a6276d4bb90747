//! A rule file → codes with their tokens.

use super::Remark;

/// A code and the tokens of its condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    pub name: String,
    /// Line of the name, from 1.
    pub line: usize,
    pub tokens: Vec<Token>,
    /// A quotation mark of it is not closed, which was told.
    pub broken: bool,
}

/// A piece of a condition and its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub text: String,
    pub line: usize,
    /// It stood between quotation marks, which are gone.
    pub quoted: bool,
}

/// Cuts a file into codes: a line that begins with `*` (or `＊`) names one, `#` begins a comment line.
pub(super) fn rules(text: &str, remarks: &mut Vec<Remark>) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for (i, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let number = i + 1;
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        if let Some(name) = line.strip_prefix(['*', '＊']) {
            rules.push(Rule {
                name: name.trim().to_owned(),
                line: number,
                tokens: Vec::new(),
                broken: false,
            });
            continue;
        }
        match rules.last_mut() {
            Some(rule) => cut(line, number, rule, remarks),
            None => remarks.push(Remark {
                line: number,
                message: "a condition before the first code: put a line \"*name of the code\" above it"
                    .to_owned(),
                left_out: true,
            }),
        }
    }
    rules
}

/// Tokens are parted by spaces, also full-width; quotation marks, single or double, keep spaces together, and doubled
/// they stand for themselves. Parentheses and operators need no space here.
fn cut(line: &str, number: usize, rule: &mut Rule, remarks: &mut Vec<Remark>) {
    let chars: Vec<char> = line.chars().collect();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        if c.is_whitespace() {
            at += 1;
        } else if c == '\'' || c == '"' {
            let (text, end, closed) = between_marks(&chars, at);
            if !closed {
                rule.broken = true;
                remarks.push(Remark {
                    line: number,
                    message: format!("{c} is not closed on this line: close it"),
                    left_out: true,
                });
            }
            rule.tokens.push(Token {
                text,
                line: number,
                quoted: true,
            });
            at = end;
        } else {
            let end = word_end(&chars, at);
            let text = chars.get(at..end).unwrap_or_default().iter().collect();
            rule.tokens.push(Token {
                text,
                line: number,
                quoted: false,
            });
            at = end;
        }
    }
}

/// The text between quotation marks, the place behind them, and whether they are closed.
fn between_marks(chars: &[char], start: usize) -> (String, usize, bool) {
    let mark = chars.get(start).copied().unwrap_or('"');
    let mut text = String::new();
    let mut at = start + 1;
    while let Some(&c) = chars.get(at) {
        match (c == mark, chars.get(at + 1) == Some(&mark)) {
            (true, true) => {
                text.push(mark);
                at += 2;
            }
            (true, false) => return (text, at + 1, true),
            (false, _) => {
                text.push(c);
                at += 1;
            }
        }
    }
    (text, at, false)
}

/// Where the token ends that begins at `start`: `near(a-b)[5]` is one, a parenthesis or an operator is one.
fn word_end(chars: &[char], start: usize) -> usize {
    let starts = |word: &str| {
        word.chars()
            .enumerate()
            .all(|(i, c)| chars.get(start + i) == Some(&c))
    };
    if starts("near(") || starts("seq(") {
        let mut at = start;
        while chars.get(at).is_some_and(|c| *c != ')') {
            at += 1;
        }
        at = (at + 1).min(chars.len());
        if chars.get(at) == Some(&'[') {
            while chars.get(at).is_some_and(|c| *c != ']') {
                at += 1;
            }
            at = (at + 1).min(chars.len());
        }
        return at;
    }
    if matches!(chars.get(start), Some('(' | ')')) {
        return start + 1;
    }
    for operator in ["&!", "|!", "==", ">=", "<=", "&", "|", "!"] {
        if starts(operator) {
            return start + operator.chars().count();
        }
    }
    let mut at = start;
    while chars
        .get(at)
        .is_some_and(|c| !c.is_whitespace() && !matches!(c, '(' | ')'))
    {
        at += 1;
    }
    at.max(start + 1)
}
