//! The tokens of a condition → a condition of the rule language.

use super::tokens::{Rule, Token};
use super::{IsWord, Remark};

/// Words that KH Coder lets stand between the words of `near` and `seq` without a number: positions up to 10 apart.
const DISTANCE: usize = 10;

/// Parentheses inside each other: the rule language takes a few more.
const DEEPEST: usize = 40;

/// Reads one condition: or, and, not, comparison, sum, atom, each binding tighter than the one before.
pub(super) struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    line: usize,
    /// Names and ids of the codes above.
    known: &'a [(&'a str, &'a str)],
    is_word: IsWord<'a>,
    remarks: &'a mut Vec<Remark>,
    failed: bool,
    depth: usize,
}

/// A part of a condition.
struct Part {
    text: String,
    /// It counts something, so it may be compared: what to write inside `count(…)`; `length()` counts itself.
    counted: Option<String>,
    /// A bare number.
    number: Option<usize>,
    /// Binds looser than what stands around it.
    loose: bool,
}

impl Part {
    fn atom(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            counted: Some(format!("count({text})")),
            text,
            number: None,
            loose: false,
        }
    }

    fn tight(&self) -> String {
        if self.loose {
            format!("({})", self.text)
        } else {
            self.text.clone()
        }
    }
}

impl<'a> Reader<'a> {
    pub fn new(
        rule: &'a Rule,
        known: &'a [(&'a str, &'a str)],
        is_word: IsWord<'a>,
        remarks: &'a mut Vec<Remark>,
    ) -> Self {
        Self {
            tokens: &rule.tokens,
            at: 0,
            line: rule.line,
            known,
            is_word,
            remarks,
            failed: false,
            depth: 0,
        }
    }

    /// The condition; `None` if something of it cannot be said, which is then told.
    pub fn read(mut self) -> Option<String> {
        if self.tokens.is_empty() {
            self.fail("the code has no condition: write one below its name");
            return None;
        }
        let part = self.or()?;
        if let Some(token) = self.tokens.get(self.at) {
            let message = format!(
                "\"{}\" stands where an operator (and, or, not) belongs: add one",
                token.text
            );
            self.fail(&message);
        }
        (!self.failed).then_some(part.text)
    }

    fn here(&self) -> usize {
        self.tokens
            .get(self.at)
            .or(self.tokens.last())
            .map_or(self.line, |t| t.line)
    }

    /// Tells what cannot be said.
    fn fail(&mut self, message: &str) {
        self.failed = true;
        self.tell(message, true);
    }

    /// Tells what is said a little differently.
    fn note(&mut self, message: &str) {
        self.tell(message, false);
    }

    fn tell(&mut self, message: &str, left_out: bool) {
        let line = self.here();
        self.remarks.push(Remark {
            line,
            message: message.to_owned(),
            left_out,
        });
    }

    fn eat(&mut self, operators: &[&str]) -> Option<&'a str> {
        let token = self.tokens.get(self.at).filter(|t| !t.quoted)?;
        let found = operators.contains(&token.text.as_str());
        if found {
            self.at += 1;
        }
        found.then_some(token.text.as_str())
    }

    fn or(&mut self) -> Option<Part> {
        let mut sides = vec![self.and()?];
        while let Some(operator) = self.eat(&["or", "|", "|!"]) {
            let side = self.and()?;
            sides.push(if operator == "|!" { not(&side) } else { side });
        }
        Some(joined(sides, " or "))
    }

    fn and(&mut self) -> Option<Part> {
        let mut sides = vec![self.not()?];
        while let Some(operator) = self.eat(&["and", "&", "&!"]) {
            let side = self.not()?;
            sides.push(if operator == "&!" { not(&side) } else { side });
        }
        Some(joined(sides, " and "))
    }

    fn not(&mut self) -> Option<Part> {
        if self.eat(&["not", "!"]).is_some() {
            return Some(not(&self.not()?));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Option<Part> {
        let left = self.sum()?;
        let Some(sign) = self.eat(&[">=", "<=", "==", ">", "<"]) else {
            if left.number.is_some() {
                self.fail("a number alone is no condition: compare something with it");
            }
            return Some(left);
        };
        let right = self.sum()?;
        let (counted, sign, number) = match (left.number, right.number) {
            (None, Some(n)) => (left.counted.clone(), sign, n),
            (Some(n), None) => (right.counted, mirrored(sign), n),
            _ => {
                self.fail(
                    "only a count and a number can be compared: write the rule by hand with count(…) >= n",
                );
                return Some(left);
            }
        };
        let Some(counted) = counted else {
            self.fail("this cannot be counted: compare words, strings, codes or lc with a number");
            return Some(left);
        };
        Some(Part {
            text: format!("{counted} {} {number}", if sign == "==" { "=" } else { sign }),
            counted: None,
            number: None,
            loose: false,
        })
    }

    fn sum(&mut self) -> Option<Part> {
        let first = self.atom()?;
        let mut sides = vec![first];
        while let Some(operator) = self.eat(&["+", "-", "*", "/"]) {
            if operator != "+" {
                let message = format!("counts cannot be joined by {operator}: write the rule by hand");
                self.fail(&message);
            }
            sides.push(self.atom()?);
        }
        if sides.len() == 1 {
            return sides.pop();
        }
        // As many of the one as of the other: matches of either are counted together.
        let mut sum = joined(sides, " or ");
        sum.counted = Some(format!("count({})", sum.text));
        Some(sum)
    }

    fn atom(&mut self) -> Option<Part> {
        if self.eat(&["("]).is_some() {
            self.depth += 1;
            if self.depth > DEEPEST {
                self.fail("the parentheses are nested too deeply: make the inner part a code of its own");
                return None;
            }
            let mut inner = self.or()?;
            self.depth -= 1;
            if self.eat(&[")"]).is_none() {
                self.fail("a ( is not closed: add )");
            }
            inner.loose = true;
            return Some(inner);
        }
        let Some(token) = self.tokens.get(self.at) else {
            self.fail("the condition ends too early: something is missing behind the last operator");
            return None;
        };
        let part = self.single(token);
        self.at += 1;
        part
    }

    fn single(&mut self, token: &'a Token) -> Option<Part> {
        let text = token.text.as_str();
        if text.is_empty() || text.contains('\\') {
            self.fail("an empty string or a backslash cannot be looked for: take it out");
            return None;
        }
        if let Some(rest) = text.strip_prefix("<>") {
            return self.variable(rest);
        }
        if token.quoted {
            return Some(Part::atom(string(text)));
        }
        if let Some(name) = text.strip_prefix("<*").or(text.strip_prefix("<＊")) {
            return self.code(name.trim_end_matches('>'));
        }
        if let Some(inside) = text.strip_prefix("near(").or(text.strip_prefix("seq(")) {
            return self.near(inside, text.starts_with("seq("));
        }
        if let Ok(number) = text.parse::<usize>() {
            return Some(Part {
                text: text.to_owned(),
                counted: None,
                number: Some(number),
                loose: false,
            });
        }
        match text {
            "lc" => Some(Part {
                text: "length()".to_owned(),
                counted: Some("length()".to_owned()),
                number: None,
                loose: false,
            }),
            "lw" => {
                self.fail("lw (length in words) has no counterpart: use lc, the length in characters");
                None
            }
            "No." => {
                self.fail("No. (the number of the document) has no counterpart: take it out");
                None
            }
            "and" | "or" | "&" | "|" | "&!" | "|!" | ")" | "==" | ">" | "<" | ">=" | "<=" => {
                let message = format!("\"{text}\" has nothing before it");
                self.fail(&message);
                None
            }
            _ => self.word(text),
        }
    }

    /// `word`, `word-->part of speech`, `word->form`, `word=>surface`, `word+word`.
    fn word(&mut self, text: &str) -> Option<Part> {
        if text.contains('+') {
            let whole = text.replace('+', "");
            if is_plain(&whole) && (self.is_word)(&whole) {
                self.note("the dictionary has these words as one: it is looked for as one word");
                return Some(Part::atom(format!("<{whole}>")));
            }
            let words: Vec<String> = text
                .split('+')
                .filter(|w| !w.is_empty())
                .map(|w| self.base(w))
                .collect();
            if words.is_empty() {
                self.fail("there is no word beside the +: write one, or take it out");
                return None;
            }
            let mut part = Part::atom(words.join(" + "));
            part.loose = words.len() > 1;
            return Some(part);
        }
        if let Some((_, surface)) = text.split_once("=>").filter(|(_, surface)| !surface.is_empty()) {
            self.note("the form behind => is looked for as a string, wherever it stands");
            return Some(Part::atom(string(surface)));
        }
        let bare = text.split("->").next().unwrap_or(text).trim_end_matches('-');
        if bare.is_empty() {
            let message = format!("\"{text}\" holds no word: write one, or take it out");
            self.fail(&message);
            return None;
        }
        if bare != text {
            self.note(
                "a part of speech or form behind -> cannot be asked of a word: the word counts in every form",
            );
        }
        Some(Part::atom(self.base(bare)))
    }

    /// By base form where the dictionary has the word, else as a string.
    fn base(&mut self, word: &str) -> String {
        if is_plain(word) && (self.is_word)(word) {
            return format!("<{word}>");
        }
        let message = format!("\"{word}\" is not one word of the dictionary: it is looked for as a string");
        self.note(&message);
        string(word)
    }

    /// `a-b-c)[5]`, `a-b)[b]`, `a-b)[d3]`: words at most so many positions apart.
    fn near(&mut self, inside: &str, ordered: bool) -> Option<Part> {
        let (words, option) = inside.split_once(')').unwrap_or((inside, ""));
        let option = option.trim_start_matches('[').trim_end_matches(']');
        let digits = option.trim_start_matches(['b', 'd']);
        let distance = match digits.parse::<usize>() {
            Ok(number) => number,
            Err(_) if digits.is_empty() => DISTANCE,
            Err(_) => {
                let message = format!("[{option}] is no distance: write a number, [b] or [d]");
                self.fail(&message);
                return None;
            }
        };
        if !option.starts_with('b') {
            self.note("near and seq reach over the end of a sentence in KH Coder; here they stay inside one");
        }
        let words: Vec<String> = words
            .split('-')
            .filter(|w| !w.is_empty())
            .map(|w| self.base(w))
            .collect();
        if words.len() < 2 {
            self.fail("near and seq need two words, parted by -");
            return None;
        }
        let operator = if ordered { "then" } else { "near" };
        // Neighbours are one position apart and have no token between them.
        let between = distance.saturating_sub(1);
        let mut part = Part::atom(words.join(&format!(" {operator}/{between} ")));
        part.loose = true;
        Some(part)
    }

    fn code(&mut self, name: &str) -> Option<Part> {
        let known = self.known.iter().find(|(known, _)| *known == name);
        match known {
            Some((_, id)) => Some(Part::atom(format!("${id}"))),
            None => {
                let message =
                    format!("the code \"{name}\" is not defined above, or was left out: define it first");
                self.fail(&message);
                None
            }
        }
    }

    /// `variable-->value`, `heading2-->value`.
    fn variable(&mut self, rest: &str) -> Option<Part> {
        let Some((name, value)) = rest.split_once("-->") else {
            self.fail("<>variable<> sorts documents in KH Coder and has no counterpart: take it out");
            return None;
        };
        let flag = |text: String| Part {
            text,
            counted: None,
            number: None,
            loose: false,
        };
        let is_heading = name.starts_with("見出し") || name.starts_with("heading");
        if is_heading {
            self.note("a heading counts at every level, and also where it only contains the words");
            return Some(flag(format!("heading({})", string(value))));
        }
        match name {
            "kind" | "種類" | "報告書の種類" => Some(flag(format!("kind({})", string(value)))),
            "industry" | "業種" => Some(flag(format!("industry({})", string(value)))),
            "year" | "年" | "年度" => match value.parse::<usize>() {
                Ok(year) => Some(flag(format!("year() = {year}"))),
                Err(_) => {
                    self.fail("a year is four digits");
                    None
                }
            },
            _ => {
                let message = format!(
                    "the variable \"{name}\" is not known here: documents have kind (種類), industry (業種) and year (年度)"
                );
                self.fail(&message);
                None
            }
        }
    }
}

/// Only of such words a base form can be written.
fn is_plain(word: &str) -> bool {
    !word.is_empty()
        && word
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '・' | '々'))
}

fn not(side: &Part) -> Part {
    Part {
        text: format!("not {}", side.tight()),
        counted: None,
        number: None,
        loose: false,
    }
}

fn joined(mut sides: Vec<Part>, by: &str) -> Part {
    if sides.len() == 1 {
        // Just popped off a list of one.
        if let Some(only) = sides.pop() {
            return only;
        }
    }
    let text: Vec<String> = sides.iter().map(Part::tight).collect();
    Part {
        text: text.join(by),
        counted: None,
        number: None,
        loose: true,
    }
}

fn mirrored(sign: &str) -> &str {
    match sign {
        ">" => "<",
        "<" => ">",
        ">=" => "<=",
        "<=" => ">=",
        same => same,
    }
}

/// A string of the rule language.
fn string(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\""))
}
