//! The rule language: what a condition is made of, and text → [`Ast`]. Names are resolved later, in
//! [`super::compile`].
//!
//! ```text
//! or     = and { ("or" | "|") and }
//! and    = not { ["and" | "&"] not }          a bare "not" needs no "and" before it
//! not    = "not" not | near
//! near   = item { ("near" | "then")["/" N] item | "+" item }
//! item   = "(" or ")" | FUNCTION "(" … ")" | atom { ":" filter }
//! atom   = @list | $rule | "literal" | literal | <base form> | /regex/ | [part of speech]
//! ```

mod parser;

use parser::Parser;

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

/// What is wrong in an expression, and where (byte offset).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Byte offset in the expression.
    pub at: Position,
    /// What is wrong and what to write instead.
    pub message: String,
}

/// Parses an expression.
///
/// # Errors
/// The first thing that is wrong, with its offset.
pub fn parse(text: &str) -> Result<Ast, SyntaxError> {
    Parser::new(text).whole()
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
