//! A parser by recursive descent for the grammar of [`super`].

use super::{
    Ast, Atom, Compare, DISTANCE, FILTERS, Filter, Link, Position, SyntaxError, Unit, Variable, unknown,
};

const FUNCTIONS: &[&str] = &[
    "clause", "sentence", "object", "target", "subject", "on", "heading", "previous", "count", "length",
    "has", "kind", "industry", "year", "item",
];

/// Nesting deeper than this is refused, so that no scheme can exhaust the stack.
const MAX_DEPTH: usize = 64;

/// Reads a condition from left to right.
pub(super) struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

type Parsed<T> = Result<T, SyntaxError>;

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
        }
    }

    /// The condition, and nothing behind it.
    pub(super) fn whole(mut self) -> Parsed<Ast> {
        let ast = self.or()?;
        self.skip();
        match self.peek() {
            None => Ok(ast),
            Some(c) => Err(self.error(format!(
                "unexpected '{c}'; join conditions with and, or, not, near, then"
            ))),
        }
    }

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
