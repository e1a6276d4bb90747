//! What a regular expression cannot match without: literals that the one automaton of the scheme looks for anyway, so
//! that an expression is tried only on texts where it has a chance.

use regex_syntax::hir::{Class, Hir, HirKind};

/// A class of more characters than this is no help.
const FEW: usize = 12;

/// Literals of which every match of the pattern contains at least one; `None` if there are no such literals.
pub(super) fn needles(pattern: &str) -> Option<Vec<String>> {
    of(&regex_syntax::parse(pattern).ok()?).filter(|all| all.iter().all(|n| !n.is_empty()))
}

fn of(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(vec![String::from_utf8(literal.0.to_vec()).ok()?]),
        HirKind::Class(Class::Unicode(class)) => {
            let chars = || class.iter().flat_map(|range| range.start()..=range.end());
            (chars().take(FEW + 1).count() <= FEW).then(|| chars().map(String::from).collect())
        }
        HirKind::Repetition(repetition) if repetition.min > 0 => of(&repetition.sub),
        HirKind::Capture(capture) => of(&capture.sub),
        HirKind::Concat(parts) => parts.iter().filter_map(of).max_by_key(|literals| worth(literals)),
        HirKind::Alternation(parts) => {
            let all: Option<Vec<Vec<String>>> = parts.iter().map(of).collect();
            all.map(|all| all.into_iter().flatten().collect())
        }
        _ => None,
    }
}

/// How rarely the literals will be met: the shortest decides.
fn worth(literals: &[String]) -> (usize, std::cmp::Reverse<usize>) {
    let shortest = literals.iter().map(|l| l.chars().count()).min().unwrap_or(0);
    (shortest, std::cmp::Reverse(literals.len()))
}

#[cfg(test)]
mod tests {
    use super::needles;

    fn found(pattern: &str) -> Vec<String> {
        let mut all = needles(pattern).unwrap_or_default();
        all.sort();
        all
    }

    #[test]
    fn every_alternative_brings_its_literal() {
        assert_eq!(found("(規程|規則)で"), ["規則", "規程"]);
        assert_eq!(found("監査.{0,9}(実施|行)"), ["監査"]);
        assert_eq!(found("[0-9]+(名|人)増員"), ["増員"]);
    }

    #[test]
    fn what_may_be_missing_is_no_needle() {
        assert_eq!(needles("(重要)?.{1,3}"), None);
        assert_eq!(needles("^(監査|.)"), None);
        assert_eq!(needles(r"\p{Han}+"), None);
        assert_eq!(found("(監査)*点検"), ["点検"]);
    }
}
