//! Conditions of a scheme tried on an analysed passage.

use std::cell::{OnceCell, RefCell};

use super::DocumentVariables;
use super::analysis::{Analysis, Span};
use super::matcher::place;
use crate::scheme::syntax::{Filter, Link, Unit, Variable};
use crate::scheme::{Expr, Lexicon, Named};

/// A passage as the conditions see it.
pub(crate) struct View<'a> {
    pub named: &'a [Named],
    /// The normalised text.
    pub text: &'a str,
    pub lexicon: &'a Lexicon,
    /// Matches of every set, ascending, but for regular expressions.
    pub sets: &'a [Vec<Span>],
    /// Sets that have matches, or may have.
    pub here: &'a [bool],
    /// Rules of the codes, numbered through, that are worth trying.
    pub woken: &'a [bool],
    /// Matches of regular expressions, filled when first asked for.
    pub found: &'a [OnceCell<Vec<Span>>],
    /// Sets that occur in the headings, in the passage before.
    pub heading: &'a [bool],
    pub previous: &'a [bool],
    pub analysis: &'a Analysis,
    /// Bytes of the text where each token begins and ends.
    pub whole: Span,
    pub bounds: &'a [(u32, u32)],
    pub chars: usize,
    pub variables: DocumentVariables<'a>,
    /// Codes given so far.
    pub given: &'a [bool],
    /// Results of named rules over the whole passage.
    pub memo: RefCell<Vec<(usize, Option<Span>)>>,
    /// Whether the passage has been cut into words: before, every word of a dictionary form may be there.
    pub read: bool,
    /// Results of the quick look at named rules.
    pub may_memo: RefCell<Vec<(usize, bool)>>,
}

/// Tokens `t0..t1`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    t0: u32,
    t1: u32,
}

impl View<'_> {
    /// The whole passage.
    pub fn all(&self) -> Window {
        Window {
            t0: self.whole.t0,
            t1: self.whole.t1,
        }
    }

    /// Where the condition holds in the window; `None` if it does not.
    pub fn eval(&self, expr: &Expr, w: Window) -> Option<Span> {
        match expr {
            Expr::Set(set, filters) => self.matches(*set, filters, w).next(),
            Expr::Named(i) => self.named(*i, w),
            Expr::And(all) => {
                let mut found: Option<Span> = None;
                for e in all {
                    let span = self.eval(e, w)?;
                    let silent = matches!(e, Expr::Not(_) | Expr::Heading(_) | Expr::Previous(_));
                    found = match found {
                        Some(f) if silent => Some(f),
                        Some(f) if f != self.hull(w) => Some(f.hull(span)),
                        _ => Some(span),
                    };
                }
                found
            }
            Expr::Or(all) => all.iter().find_map(|e| self.eval(e, w)),
            Expr::Not(e) => self.eval(e, w).is_none().then(|| self.hull(w)),
            Expr::Within(unit, e) => {
                if !self.may(e) {
                    return None;
                }
                self.units(*unit, w).find_map(|u| self.eval(e, u))
            }
            Expr::Near { .. } | Expr::Link(..) => self.pairs(expr, w).into_iter().next(),
            Expr::Count(e, compare, n) => compare.holds(self.spans(e, w).len(), *n).then(|| self.hull(w)),
            _ => self.flag(expr).then(|| self.hull(w)),
        }
    }

    /// Conditions that say yes or no about the passage as a whole.
    fn flag(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Heading(e) => outside(e, self.heading, self.named),
            Expr::Previous(e) => outside(e, self.previous, self.named),
            Expr::Length(compare, n) => compare.holds(self.chars, *n),
            Expr::Has(Some(code)) => self.given.get(*code).copied().unwrap_or(false),
            Expr::Has(None) => self.given.contains(&true),
            Expr::Variable(variable, values) => {
                let value = match variable {
                    Variable::Kind => self.variables.kind,
                    Variable::Industry => self.variables.industry,
                };
                value.is_some_and(|v| values.iter().any(|x| x == v))
            }
            Expr::Year(compare, n) => self.variables.year.is_some_and(|y| compare.holds(y as usize, *n)),
            Expr::Item => self.analysis.is_item(),
            _ => false,
        }
    }

    /// A quick look: `false` only if the condition cannot hold anywhere in the passage.
    pub fn may(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Set(set, _) => {
                let flag = |flags: &[bool]| flags.get(*set).copied().unwrap_or(false);
                flag(self.here) || (!self.read && flag(&self.lexicon.tokenized))
            }
            Expr::Length(..) | Expr::Item if !self.read => true,
            Expr::Named(i) => self.named_may(*i),
            Expr::And(all) => all.iter().all(|e| self.may(e)),
            Expr::Or(all) => all.iter().any(|e| self.may(e)),
            Expr::Within(_, e) => self.may(e),
            Expr::Near { left, right, .. } | Expr::Link(_, left, right) => self.may(left) && self.may(right),
            Expr::Not(_) | Expr::Count(..) => true,
            _ => self.flag(expr),
        }
    }

    fn named_may(&self, i: usize) -> bool {
        if let Some((_, known)) = self.may_memo.borrow().iter().find(|(rule, _)| *rule == i) {
            return *known;
        }
        let may = self.named.get(i).is_some_and(|n| self.may(&n.expr));
        self.may_memo.borrow_mut().push((i, may));
        may
    }

    /// The matches of a set in the whole passage.
    fn all_of(&self, set: usize) -> &[Span] {
        if !self.here.get(set).copied().unwrap_or(false) {
            return &[];
        }
        let Some(i) = self.lexicon.regex_of.get(set).copied().flatten() else {
            return self.sets.get(set).map_or(&[][..], Vec::as_slice);
        };
        let (Some(cell), Some((regex, _))) = (self.found.get(i), self.lexicon.regexes.get(i)) else {
            return &[];
        };
        cell.get_or_init(|| {
            let matches = regex.find_iter(self.text).filter(|m| !m.is_empty());
            matches
                .map(|m| place(self.bounds, m.start() as u32, m.end() as u32))
                .collect()
        })
    }

    fn named(&self, i: usize, w: Window) -> Option<Span> {
        let rule = self.named.get(i)?;
        if w != self.all() {
            return self.eval(&rule.expr, w);
        }
        if let Some((_, known)) = self.memo.borrow().iter().find(|(rule, _)| *rule == i) {
            return *known;
        }
        let found = self.eval(&rule.expr, w);
        self.memo.borrow_mut().push((i, found));
        found
    }

    /// The matches of a set in a window that pass its filters.
    fn matches<'s>(
        &'s self,
        set: usize,
        filters: &'s [(Filter, bool)],
        w: Window,
    ) -> impl Iterator<Item = Span> + 's {
        let all = self.all_of(set);
        let from = all.partition_point(|s| s.t0 < w.t0);
        all.get(from..)
            .unwrap_or(&[])
            .iter()
            .take_while(move |s| s.t0 < w.t1)
            .filter(move |s| s.t1 <= w.t1)
            .filter(|s| {
                filters
                    .iter()
                    .all(|(f, wanted)| self.analysis.filter(**s, *f) == *wanted)
            })
            .copied()
    }

    /// Every place where the condition holds, as far as it has places.
    fn spans(&self, expr: &Expr, w: Window) -> Vec<Span> {
        match expr {
            Expr::Set(set, filters) => self.matches(*set, filters, w).collect(),
            Expr::Or(all) => {
                let mut found: Vec<Span> = all.iter().flat_map(|e| self.spans(e, w)).collect();
                found.sort_unstable();
                found.dedup();
                found
            }
            Expr::Named(i) => self
                .named
                .get(*i)
                .map(|n| self.spans(&n.expr, w))
                .unwrap_or_default(),
            Expr::Near { .. } | Expr::Link(..) => self.pairs(expr, w),
            Expr::Within(unit, e) => self.units(*unit, w).flat_map(|u| self.spans(e, u)).collect(),
            // "方針 not 調達方針": the places of the first side, provided the rest holds in the window.
            Expr::And(all) => match (all.split_first(), self.eval(expr, w)) {
                (Some((first, _)), Some(_)) => self.spans(first, w),
                _ => Vec::new(),
            },
            other => self.eval(other, w).into_iter().collect(),
        }
    }

    /// The hulls of the pairs that stand near each other or belong together.
    fn pairs(&self, expr: &Expr, w: Window) -> Vec<Span> {
        let (left, right) = match expr {
            Expr::Near { left, right, .. } | Expr::Link(_, left, right) => (left, right),
            _ => return Vec::new(),
        };
        if !self.may(left) || !self.may(right) {
            return Vec::new();
        }
        let lefts = self.spans(left, w);
        if lefts.is_empty() {
            return Vec::new();
        }
        let rights = self.spans(right, w);
        let mut found = Vec::new();
        for a in &lefts {
            for b in &rights {
                let holds = match expr {
                    Expr::Near {
                        distance, ordered, ..
                    } => {
                        let order = !*ordered || b.t0 >= a.t1;
                        order && a.gap(*b) <= *distance && self.together(*a, *b)
                    }
                    Expr::Link(link, ..) => self.linked(*link, *a, *b),
                    _ => false,
                };
                if holds {
                    found.push(a.hull(*b));
                }
            }
        }
        found
    }

    fn linked(&self, link: Link, noun: Span, verb: Span) -> bool {
        self.analysis.linked(link, noun, verb)
    }

    fn together(&self, a: Span, b: Span) -> bool {
        self.analysis.sentence.get(a.t0 as usize) == self.analysis.sentence.get(b.t0 as usize)
    }

    /// The clauses or sentences inside a window.
    fn units(&self, unit: Unit, w: Window) -> impl Iterator<Item = Window> + '_ {
        let ids = match unit {
            Unit::Clause => &self.analysis.clause,
            Unit::Sentence => &self.analysis.sentence,
        };
        let mut at = w.t0;
        std::iter::from_fn(move || {
            if at >= w.t1 {
                return None;
            }
            let id = ids.get(at as usize)?;
            let t0 = at;
            while at < w.t1 && ids.get(at as usize) == Some(id) {
                at += 1;
            }
            Some(Window { t0, t1: at })
        })
    }

    /// The window as a span.
    fn hull(&self, w: Window) -> Span {
        let b0 = self.bounds.get(w.t0 as usize).map_or(0, |b| b.0);
        let b1 = (w.t1 as usize)
            .checked_sub(1)
            .and_then(|i| self.bounds.get(i))
            .map_or(b0, |b| b.1);
        Span {
            t0: w.t0,
            t1: w.t1,
            b0,
            b1,
        }
    }
}

/// A condition over the words of the headings or of the passage before.
pub(crate) fn outside(expr: &Expr, sets: &[bool], named: &[Named]) -> bool {
    match expr {
        Expr::Set(set, _) => sets.get(*set).copied().unwrap_or(false),
        Expr::Named(i) => named.get(*i).is_some_and(|n| outside(&n.expr, sets, named)),
        Expr::And(all) => all.iter().all(|e| outside(e, sets, named)),
        Expr::Or(all) => all.iter().any(|e| outside(e, sets, named)),
        Expr::Not(e) => !outside(e, sets, named),
        Expr::Within(_, e) => outside(e, sets, named),
        Expr::Near { left, right, .. } | Expr::Link(_, left, right) => {
            outside(left, sets, named) && outside(right, sets, named)
        }
        _ => false,
    }
}
