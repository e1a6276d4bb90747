//! Which rules fired, which almost did, and why.

use super::analysis::Span;
use super::eval::View;
use super::{CodingInput, CodingWorker, LearnedTrace, fires, in_scope, ruled};
use crate::scheme::{Expr, Rule, Scheme};
use crate::tokenize::TokenizeError;

/// What became of a rule.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// It holds.
    Fired {
        /// The characters it rests on.
        text: String,
    },
    /// Its condition holds, but so does its `unless`.
    Forbidden {
        /// The characters its condition rests on.
        text: String,
        /// The characters that speak against it.
        by: String,
    },
    /// All parts of its condition but one hold.
    Almost {
        /// The part that is missing, as far as it can be named.
        missing: String,
    },
}

/// A rule that fired or almost did.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Trace {
    /// `scope`, `out of scope`, or the code.
    pub of: String,
    /// The rule.
    pub rule: String,
    /// What became of it.
    #[serde(flatten)]
    pub verdict: Verdict,
}

impl CodingWorker {
    /// Explains how a passage is coded: every rule that fired, was forbidden or lacked one part only, in the order of
    /// the scheme. The rules of all codes are tried even where the passage is out of scope.
    ///
    /// # Errors
    /// As [`CodingWorker::code`].
    pub fn explain(&mut self, input: &CodingInput<'_>) -> Result<Vec<Trace>, TokenizeError> {
        Ok(self.explain_all(input)?.0)
    }

    /// As [`explain`](Self::explain), and for a scheme with learned weights what the scores of the scope and of every
    /// code are made of.
    ///
    /// # Errors
    /// As [`CodingWorker::code`].
    pub fn explain_all(
        &mut self,
        input: &CodingInput<'_>,
    ) -> Result<(Vec<Trace>, Vec<LearnedTrace>), TokenizeError> {
        let (text, headings) = self.read(input)?;
        let (_, given) = self.try_codes(input);
        let scheme = &*self.scheme;
        let view = self.matcher.view(scheme, input, &given);
        let explainer = Explainer {
            scheme,
            view: &view,
            text: &text,
        };
        let mut traces = explainer.rules("scope", &scheme.scope.include);
        for rule in &scheme.scope.exclude {
            let of = if rule.is_final {
                "out, final"
            } else {
                "out of scope"
            };
            traces.extend(explainer.rules(of, std::slice::from_ref(rule)));
        }
        let in_scope = in_scope(scheme, &view);
        if in_scope || scheme.weights.is_some() {
            for code in &scheme.codes {
                traces.extend(explainer.rules(&code.id, &code.rules));
            }
        }
        let learned = scheme.weights.as_ref().map_or_else(Vec::new, |weights| {
            let ruled = ruled(in_scope, &given);
            self.learned.keep_names();
            self.learned
                .score(scheme, weights, &self.matcher, (&text, &headings));
            for (column, given) in ruled.iter().enumerate() {
                self.learned.vote(weights, column, *given);
            }
            self.learned.explain(scheme, weights, &ruled)
        });
        Ok((traces, learned))
    }
}

struct Explainer<'a> {
    scheme: &'a Scheme,
    view: &'a View<'a>,
    text: &'a str,
}

impl Explainer<'_> {
    fn rules(&self, of: &str, rules: &[Rule]) -> Vec<Trace> {
        let trace = |r: &Rule| {
            self.verdict(r).map(|verdict| Trace {
                of: of.to_owned(),
                rule: r.id.clone(),
                verdict,
            })
        };
        rules.iter().filter_map(trace).collect()
    }

    fn verdict(&self, rule: &Rule) -> Option<Verdict> {
        if let Some(span) = fires(rule, self.view) {
            return Some(Verdict::Fired { text: self.cut(span) });
        }
        let all = self.view.all();
        if let Some(span) = self.view.eval(&rule.when, all) {
            let by = rule.unless.as_ref().and_then(|u| self.view.eval(u, all));
            return Some(Verdict::Forbidden {
                text: self.cut(span),
                by: by.map(|s| self.cut(s)).unwrap_or_default(),
            });
        }
        let missing = self.missing(&rule.when)?;
        Some(Verdict::Almost { missing })
    }

    /// The one part that keeps a condition from holding.
    fn missing(&self, expr: &Expr) -> Option<String> {
        let all = self.view.all();
        let parts: Vec<&Expr> = match expr {
            Expr::And(parts) => parts.iter().collect(),
            Expr::Within(_, inner) => return self.missing(inner),
            Expr::Near { left, right, .. } | Expr::Link(_, left, right) => vec![left, right],
            _ => return None,
        };
        let absent: Vec<&&Expr> = parts
            .iter()
            .filter(|p| self.view.eval(p, all).is_none())
            .collect();
        match absent.as_slice() {
            [] => Some("the parts stand too far apart or do not belong together".to_owned()),
            [one] if parts.len() > 1 => Some(self.name(one)),
            _ => None,
        }
    }

    fn name(&self, expr: &Expr) -> String {
        match expr {
            Expr::Set(set, _) => self.scheme.lexicon.sets.get(*set).cloned().unwrap_or_default(),
            Expr::Named(i) => self
                .scheme
                .named
                .get(*i)
                .map(|n| format!("${}", n.name))
                .unwrap_or_default(),
            Expr::Or(parts) => parts
                .iter()
                .map(|p| self.name(p))
                .collect::<Vec<_>>()
                .join(" or "),
            Expr::And(parts) => parts
                .iter()
                .map(|p| self.name(p))
                .collect::<Vec<_>>()
                .join(" and "),
            Expr::Not(e) => format!("not {}", self.name(e)),
            Expr::Heading(e) => format!("heading({})", self.name(e)),
            Expr::Previous(e) => format!("previous({})", self.name(e)),
            Expr::Near { left, right, .. } => format!("{} near {}", self.name(left), self.name(right)),
            Expr::Link(_, noun, verb) => format!("{} with {}", self.name(noun), self.name(verb)),
            Expr::Within(_, e) => self.name(e),
            _ => "a condition on the passage".to_owned(),
        }
    }

    fn cut(&self, span: Span) -> String {
        self.text
            .get(span.b0 as usize..span.b1 as usize)
            .unwrap_or("")
            .to_owned()
    }
}
