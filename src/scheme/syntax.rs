//! The rule language: text → [`Ast`]. Names are resolved later, in [`super::compile`].
//!
//! ```text
//! or     = and { ("or" | "|") and }
//! and    = not { ["and" | "&"] not }          a bare "not" needs no "and" before it
//! not    = "not" not | near
//! near   = item { ("near" | "then")["/" N] item | "+" item }
//! item   = "(" or ")" | FUNCTION "(" … ")" | atom { ":" filter }
//! atom   = @list | $rule | "literal" | literal | <base form> | /regex/ | [part of speech]
//! ```

/// How far apart the sides of `near` and `then` may be, in tokens, where no number is given.
pub const DISTANCE: usize = 10;

/// Where something stands in an expression: byte offset.
pub type Position = usize;

/// A parsed condition, names not yet resolved.
#[derive(Debug, Clone, PartialEq)]
pub enum Ast {
    /// `@name`, `"literal"`, `<base>`, `/regex/`, `[pos]`, with filters.
    Atom(Atom, Vec<(Filter, bool)>, Position),
    /// `$name`.
    Rule(String, Position),
    /// All hold.
    And(Vec<Ast>),
    /// One holds.
    Or(Vec<Ast>),
    /// Does not hold.
    Not(Box<Ast>),
    /// Both in one sentence, at most so many tokens between them; the flag asks for this order.
    Near {
        /// Left side.
        left: Box<Ast>,
        /// Right side.
        right: Box<Ast>,
        /// Tokens that may stand between them.
        distance: usize,
        /// The left side comes first.
        ordered: bool,
    },
    /// `clause(…)`, `sentence(…)`: all of it inside one of them.
    Within(Unit, Box<Ast>),
    /// `object(noun, verb)` and its kin.
    Link(Link, Box<Ast>, Box<Ast>),
    /// `heading(…)`.
    Heading(Box<Ast>, Position),
    /// `previous(…)`.
    Previous(Box<Ast>, Position),
    /// `count(…) >= n`.
    Count(Box<Ast>, Compare, usize),
    /// `length() < n`, in characters.
    Length(Compare, usize),
    /// `has(C01)`, `has(any)`: codes given so far.
    Has(String, Position),
    /// `kind(…)`, `industry(…)`: a variable of the document is one of these.
    Variable(Variable, Vec<String>),
    /// `year() >= n`.
    Year(Compare, usize),
    /// `item()`: no finite predicate.
    Item,
}

/// The smallest conditions.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Atom {
    /// A word list.
    List(String),
    /// A string anywhere in the text.
    Literal(String),
    /// A word by its dictionary form.
    Base(String),
    /// A regular expression.
    Regex(String),
    /// A part of speech: `名詞`, `名詞-サ変接続`.
    Pos(String),
}

/// What a filter asks of the predicate that governs a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// 〜ない, 〜ず.
    Neg,
    /// 可能性, おそれ, リスク.
    Possible,
    /// 予定, 計画, 検討.
    Plan,
    /// 必要, 重要, べき, 求められる.
    Need,
    /// 場合, とき, たら, ば.
    Hypo,
    /// た.
    Past,
    /// れる, られる.
    Passive,
    /// In the last clause of its sentence.
    Main,
    /// At the beginning of the passage.
    First,
    /// None of neg, possible, need, hypo.
    Fact,
}

/// The names of the filters, as a scheme writes them.
pub const FILTERS: &[(&str, Filter)] = &[
    ("neg", Filter::Neg),
    ("possible", Filter::Possible),
    ("plan", Filter::Plan),
    ("need", Filter::Need),
    ("hypo", Filter::Hypo),
    ("past", Filter::Past),
    ("passive", Filter::Passive),
    ("main", Filter::Main),
    ("first", Filter::First),
    ("fact", Filter::Fact),
];

/// A stretch of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Up to a predicate in the middle of a sentence.
    Clause,
    /// Up to 。
    Sentence,
}

/// How a noun belongs to a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// What is done something to: 監査を行う, 監査の実施, 監査は…, 実施した監査.
    Object,
    /// Where it goes: 取引先に求める, 委託先への監査, 子会社における点検.
    Target,
    /// Who does it: 委員会が, 委員会は.
    Subject,
    /// Object or target.
    On,
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// `>=`
    AtLeast,
    /// `>`
    More,
    /// `<=`
    AtMost,
    /// `<`
    Less,
    /// `=`
    Equal,
}

impl Compare {
    /// Whether `a` compares so with `b`.
    pub fn holds(self, a: usize, b: usize) -> bool {
        match self {
            Self::AtLeast => a >= b,
            Self::More => a > b,
            Self::AtMost => a <= b,
            Self::Less => a < b,
            Self::Equal => a == b,
        }
    }
}

/// A variable of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variable {
    /// Kind of report.
    Kind,
    /// Industry.
    Industry,
}

const FUNCTIONS: &[&str] = &[
    "clause", "sentence", "object", "target", "subject", "on", "heading", "previous", "count", "length",
    "has", "kind", "industry", "year", "item",
];

/// What is wrong in an expression, and where (byte offset).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Byte offset in the expression.
    pub at: Position,
    /// What is wrong and what to write instead.
    pub message: String,
}

/// Nesting deeper than this is refused, so that no scheme can exhaust the stack.
const MAX_DEPTH: usize = 64;

/// Parses an expression.
///
/// # Errors
/// The first thing that is wrong, with its offset.
pub fn parse(text: &str) -> Result<Ast, SyntaxError> {
    let mut parser = Parser {
        text,
        at: 0,
        depth: 0,
    };
    let ast = parser.or()?;
    parser.skip();
    match parser.peek() {
        None => Ok(ast),
        Some(c) => Err(parser.error(format!(
            "unexpected '{c}'; join conditions with and, or, not, near, then"
        ))),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

type Parsed<T> = Result<T, SyntaxError>;

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn error(&self, message: impl Into<String>) -> SyntaxError {
        SyntaxError {
            at: self.at,
            message: message.into(),
        }
    }

    /// Skips white space and `#` comments.
    fn skip(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            if !trimmed.starts_with('#') {
                return;
            }
            self.at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    fn eat(&mut self, c: char) -> bool {
        self.skip();
        let found = self.peek() == Some(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    fn expect(&mut self, c: char) -> Parsed<()> {
        if self.eat(c) {
            Ok(())
        } else {
            Err(self.error(format!("expected '{c}'")))
        }
    }

    /// The keyword at this place, if it is one of ASCII letters.
    fn keyword(&mut self) -> &'a str {
        self.skip();
        let rest = self.rest();
        let end = rest
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        rest.get(..end).unwrap_or("")
    }

    fn eat_keyword(&mut self, word: &str) -> bool {
        let found = self.keyword() == word;
        if found {
            self.at += word.len();
        }
        found
    }

    fn number(&mut self) -> Parsed<usize> {
        self.skip();
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let number = rest
            .get(..end)
            .unwrap_or("")
            .parse()
            .map_err(|_| self.error("expected a number"))?;
        self.at += end;
        Ok(number)
    }

    fn or(&mut self) -> Parsed<Ast> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error("nested too deeply; name the inner part under [rules]"));
        }
        let mut sides = vec![self.and()?];
        while self.eat('|') || self.eat_keyword("or") {
            sides.push(self.and()?);
        }
        self.depth -= 1;
        Ok(single_or(sides, Ast::Or))
    }

    fn and(&mut self) -> Parsed<Ast> {
        let mut sides = vec![self.not()?];
        loop {
            if self.eat('&') || self.eat_keyword("and") || self.keyword() == "not" {
                sides.push(self.not()?);
            } else {
                return Ok(single_or(sides, Ast::And));
            }
        }
    }

    fn not(&mut self) -> Parsed<Ast> {
        let mut negated = false;
        while self.eat_keyword("not") {
            negated = !negated;
        }
        let side = self.near()?;
        Ok(if negated { Ast::Not(Box::new(side)) } else { side })
    }

    fn near(&mut self) -> Parsed<Ast> {
        let mut left = self.item()?;
        loop {
            let (distance, ordered) = if self.eat('+') {
                (0, true)
            } else if self.eat_keyword("near") {
                (self.distance()?, false)
            } else if self.eat_keyword("then") {
                (self.distance()?, true)
            } else {
                return Ok(left);
            };
            let right = self.item()?;
            left = Ast::Near {
                left: Box::new(left),
                right: Box::new(right),
                distance,
                ordered,
            };
        }
    }

    fn distance(&mut self) -> Parsed<usize> {
        if self.peek() == Some('/') && self.rest().as_bytes().get(1).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
            self.number()
        } else {
            Ok(DISTANCE)
        }
    }

    fn item(&mut self) -> Parsed<Ast> {
        self.skip();
        let at = self.at;
        if self.eat('(') {
            let inner = self.or()?;
            self.expect(')')?;
            return Ok(inner);
        }
        let word = self.keyword();
        let called = self
            .text
            .get(self.at + word.len()..)
            .is_some_and(|r| r.starts_with('('));
        if !word.is_empty() && called {
            self.at += word.len() + 1;
            return self.function(word, at);
        }
        if matches!(word, "and" | "or" | "near" | "then") && !called {
            return Err(self.error(format!("'{word}' needs a condition before it")));
        }
        if self.eat('$') {
            return Ok(Ast::Rule(self.name("a rule's name after $")?, at));
        }
        let atom = self.atom()?;
        let mut filters = Vec::new();
        while self.peek() == Some(':') {
            self.at += 1;
            filters.push(self.filter()?);
        }
        Ok(Ast::Atom(atom, filters, at))
    }

    fn filter(&mut self) -> Parsed<(Filter, bool)> {
        let wanted = !self.eat('!');
        let word = self.keyword();
        match FILTERS.iter().find(|(name, _)| *name == word) {
            Some((_, filter)) => {
                self.at += word.len();
                Ok((*filter, wanted))
            }
            None => {
                let known = FILTERS.iter().map(|(n, _)| *n);
                Err(self.error(unknown("filter", word, known)))
            }
        }
    }

    /// A name of letters, digits, `_` and `-`.
    fn name(&mut self, what: &str) -> Parsed<String> {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'))
            .unwrap_or(rest.len());
        if end == 0 {
            return Err(self.error(format!("expected {what}")));
        }
        self.at += end;
        Ok(rest.get(..end).unwrap_or("").to_owned())
    }

    fn atom(&mut self) -> Parsed<Atom> {
        match self.peek() {
            Some('@') => {
                self.at += 1;
                Ok(Atom::List(self.name("a word list's name after @")?))
            }
            Some('"') => Ok(Atom::Literal(self.until('"', "\"")?)),
            Some('<') => Ok(Atom::Base(self.until('>', "<")?)),
            Some('/') => Ok(Atom::Regex(self.until('/', "/")?)),
            Some('[') => Ok(Atom::Pos(self.until(']', "[")?)),
            Some(c) if c.is_alphanumeric() => self.bare(),
            Some(c) => Err(self.error(format!(
                "unexpected '{c}'; expected @list, $rule, a word, \"literal\", <base form> or /regex/"
            ))),
            None => Err(self.error("the expression ends too early")),
        }
    }

    /// A word without quotation marks: letters and digits, no white space.
    fn bare(&mut self) -> Parsed<Atom> {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !(c.is_alphanumeric() || "ー・_-".contains(c)))
            .unwrap_or(rest.len());
        self.at += end;
        Ok(Atom::Literal(rest.get(..end).unwrap_or("").to_owned()))
    }

    /// The text up to `close`; `\` before it takes its meaning away.
    fn until(&mut self, close: char, open: &str) -> Parsed<String> {
        let start = self.at;
        self.at += 1;
        let mut found = String::new();
        let mut chars = self.rest().char_indices();
        while let Some((i, c)) = chars.next() {
            if c == close {
                self.at += i + c.len_utf8();
                return if found.is_empty() {
                    Err(SyntaxError {
                        at: start,
                        message: "empty".to_owned(),
                    })
                } else {
                    Ok(found)
                };
            }
            match c {
                '\\' => match chars.next() {
                    Some((_, next)) if next == close => found.push(next),
                    Some((_, next)) => found.extend(['\\', next]),
                    None => break,
                },
                c => found.push(c),
            }
        }
        Err(SyntaxError {
            at: start,
            message: format!("{open} has no closing {close}"),
        })
    }

    fn function(&mut self, name: &str, at: Position) -> Parsed<Ast> {
        let ast = match name {
            "clause" => Ast::Within(Unit::Clause, Box::new(self.or()?)),
            "sentence" => Ast::Within(Unit::Sentence, Box::new(self.or()?)),
            "object" | "target" | "subject" | "on" => {
                let link = match name {
                    "object" => Link::Object,
                    "target" => Link::Target,
                    "subject" => Link::Subject,
                    _ => Link::On,
                };
                let noun = self.or()?;
                self.expect(',')?;
                Ast::Link(link, Box::new(noun), Box::new(self.or()?))
            }
            "heading" => Ast::Heading(Box::new(self.or()?), at),
            "previous" => Ast::Previous(Box::new(self.or()?), at),
            "count" => {
                let inner = self.or()?;
                self.expect(')')?;
                let (compare, n) = self.comparison()?;
                return Ok(Ast::Count(Box::new(inner), compare, n));
            }
            "length" | "year" => {
                self.expect(')')?;
                let (compare, n) = self.comparison()?;
                return Ok(if name == "year" {
                    Ast::Year(compare, n)
                } else {
                    Ast::Length(compare, n)
                });
            }
            "has" => Ast::Has(self.argument()?, at),
            "kind" | "industry" => {
                let variable = if name == "kind" {
                    Variable::Kind
                } else {
                    Variable::Industry
                };
                let mut values = vec![self.argument()?];
                while self.eat(',') || self.eat('|') {
                    values.push(self.argument()?);
                }
                Ast::Variable(variable, values)
            }
            "item" => Ast::Item,
            _ => {
                let message = unknown("function", name, FUNCTIONS.iter().copied());
                return Err(SyntaxError { at, message });
            }
        };
        self.expect(')')?;
        Ok(ast)
    }

    /// A name or a quoted string.
    fn argument(&mut self) -> Parsed<String> {
        self.skip();
        if self.peek() == Some('"') {
            self.until('"', "\"")
        } else {
            self.name("a name")
        }
    }

    fn comparison(&mut self) -> Parsed<(Compare, usize)> {
        self.skip();
        const SIGNS: [(&str, Compare); 6] = [
            (">=", Compare::AtLeast),
            ("<=", Compare::AtMost),
            ("==", Compare::Equal),
            (">", Compare::More),
            ("<", Compare::Less),
            ("=", Compare::Equal),
        ];
        for (sign, compare) in SIGNS {
            if self.rest().starts_with(sign) {
                self.at += sign.len();
                return Ok((compare, self.number()?));
            }
        }
        Err(self.error("expected a comparison: >= > <= < ="))
    }
}

fn single_or(mut sides: Vec<Ast>, make: fn(Vec<Ast>) -> Ast) -> Ast {
    match sides.pop() {
        Some(only) if sides.is_empty() => only,
        Some(last) => {
            sides.push(last);
            make(sides)
        }
        None => make(sides),
    }
}

/// "unknown … x; did you mean y?"
pub fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let best = known
        .map(|k| (strsim::jaro_winkler(name, k), k))
        .filter(|(s, _)| *s > 0.7);
    let best = best.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)));
    match best {
        Some((_, k)) => format!("unknown {what} '{name}'; did you mean '{k}'?"),
        None => format!("unknown {what} '{name}'"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(s: &str) -> Ast {
        match parse(s) {
            Ok(Ast::Atom(a, f, _)) => Ast::Atom(a, f, 0),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn not_binds_tighter_than_and_and_and_than_or() {
        let Ok(Ast::Or(sides)) = parse("監査 not 取引先 or 点検") else {
            panic!()
        };
        assert_eq!(sides.len(), 2);
        let Ast::And(first) = &sides[0] else { panic!() };
        assert!(matches!(first[1], Ast::Not(_)));
    }

    #[test]
    fn near_takes_its_distance_and_keeps_its_order() {
        let Ok(Ast::Near {
            distance, ordered, ..
        }) = parse("@a near/5 @b")
        else {
            panic!()
        };
        assert_eq!((distance, ordered), (5, false));
        let Ok(Ast::Near {
            distance, ordered, ..
        }) = parse("@a then @b")
        else {
            panic!()
        };
        assert_eq!((distance, ordered), (DISTANCE, true));
        let Ok(Ast::Near {
            distance, ordered, ..
        }) = parse("@a + @b")
        else {
            panic!()
        };
        assert_eq!((distance, ordered), (0, true));
    }

    #[test]
    fn atoms_of_every_sort() {
        assert_eq!(
            literal("監査"),
            Ast::Atom(Atom::Literal("監査".into()), vec![], 0)
        );
        assert_eq!(
            literal("\"ISO 27001\""),
            Ast::Atom(Atom::Literal("ISO 27001".into()), vec![], 0)
        );
        assert_eq!(
            literal("<定める>:!neg"),
            Ast::Atom(Atom::Base("定める".into()), vec![(Filter::Neg, false)], 0)
        );
        assert_eq!(
            literal(r"/a\/b\d/"),
            Ast::Atom(Atom::Regex(r"a/b\d".into()), vec![], 0)
        );
        assert_eq!(
            literal("[名詞-サ変接続]"),
            Ast::Atom(Atom::Pos("名詞-サ変接続".into()), vec![], 0)
        );
    }

    #[test]
    fn functions_take_their_arguments() {
        assert!(matches!(
            parse("object(@a|@b, <定める>)"),
            Ok(Ast::Link(Link::Object, _, _))
        ));
        assert!(matches!(
            parse("count(@a) >= 2"),
            Ok(Ast::Count(_, Compare::AtLeast, 2))
        ));
        assert!(matches!(
            parse("kind(統合報告書, \"CSR報告書 / サステナビリティ報告書\")"),
            Ok(Ast::Variable(..))
        ));
        assert!(matches!(
            parse("clause(@a and @b) # why"),
            Ok(Ast::Within(Unit::Clause, _))
        ));
    }

    #[test]
    fn errors_say_where_and_what_was_meant() {
        let e = parse("監査 and clase(@a)").unwrap_err();
        assert_eq!(e.at, "監査 and ".len());
        assert!(e.message.contains("did you mean 'clause'"), "{}", e.message);
        assert!(
            parse("@a:past:nag")
                .unwrap_err()
                .message
                .contains("did you mean 'neg'")
        );
        assert!(parse("(監査").unwrap_err().message.contains("expected ')'"));
        assert!(parse("\"監査").unwrap_err().message.contains("no closing"));
        assert!(parse("").is_err() && parse("and 監査").is_err() && parse("監査 点検").is_err());
        assert!(
            parse(&"(".repeat(500))
                .unwrap_err()
                .message
                .contains("too deeply")
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(s in "[@$<>/()\"|&+:! a-z監査0-9\\\\,=]{0,40}") {
            let _ = parse(&s);
        }
    }
}
