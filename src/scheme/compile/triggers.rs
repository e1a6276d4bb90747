//! Which rules a word can set off: of every rule the part that is met most rarely, so that a passage wakes only the
//! rules whose part it contains.

use super::super::{Code, Expr, Lexicon, Named, Triggers};

/// Reads off the triggers of all rules of all codes.
pub(super) fn triggers(codes: &[Code], named: &[Named], lexicon: &Lexicon) -> Triggers {
    let mut found = Triggers {
        by_set: vec![Vec::new(); lexicon.sets.len()],
        always: Vec::new(),
        rules: 0,
    };
    let sizes = sizes(lexicon);
    for rule in codes.iter().flat_map(|c| &c.rules) {
        match needed(&rule.when, named, &sizes, 0) {
            Some(sets) => {
                for set in sets {
                    if let Some(slot) = found
                        .by_set
                        .get_mut(set)
                        .filter(|s| s.last() != Some(&found.rules))
                    {
                        slot.push(found.rules);
                    }
                }
            }
            None => found.always.push(found.rules),
        }
        found.rules += 1;
    }
    found
}

/// By set: how many words it has, the measure of how often it is met. A regular expression counts as a few.
fn sizes(lexicon: &Lexicon) -> Vec<usize> {
    const PATTERN: usize = 8;
    let mut sizes = vec![0; lexicon.sets.len()];
    let members = lexicon.uses.iter().flatten().filter_map(|u| match u {
        super::super::Use::In(set) => Some((*set, 1)),
        _ => None,
    });
    let bases = lexicon.bases.values().chain(lexicon.verbals.values()).flatten();
    let patterns = lexicon.regexes.iter().map(|(_, set)| (*set, PATTERN));
    for (set, n) in members.chain(bases.map(|set| (*set, 1))).chain(patterns) {
        if let Some(size) = sizes.get_mut(set) {
            *size += n;
        }
    }
    sizes
}

/// Rules may name rules; they cannot name themselves, but the check of that may not have run yet.
const DEEPEST: usize = 32;

/// Sets of which one must be met for the condition to hold; `None` if it can hold without any.
fn needed(expr: &Expr, named: &[Named], sizes: &[usize], depth: usize) -> Option<Vec<usize>> {
    if depth > DEEPEST {
        return None;
    }
    let of = |e: &Expr| needed(e, named, sizes, depth + 1);
    let weight = |sets: &Vec<usize>| -> usize { sets.iter().filter_map(|s| sizes.get(*s)).sum() };
    match expr {
        Expr::Set(set, _) => Some(vec![*set]),
        Expr::Named(i) => named.get(*i).and_then(|n| of(&n.expr)),
        Expr::And(all) => all.iter().filter_map(of).min_by_key(weight),
        Expr::Or(all) => {
            let sides: Option<Vec<Vec<usize>>> = all.iter().map(of).collect();
            sides.map(|sides| sides.into_iter().flatten().collect())
        }
        Expr::Within(_, e) => of(e),
        Expr::Near { left, right, .. } | Expr::Link(_, left, right) => {
            [of(left), of(right)].into_iter().flatten().min_by_key(weight)
        }
        _ => None,
    }
}
