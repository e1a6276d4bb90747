//! Tokens + scheme → codes with their evidence.
//!
//! A [`Coder`] is compiled once and shared; each thread takes a [`CodingWorker`], which owns every buffer.

mod analysis;
mod eval;
mod explain;
mod features;
mod learned;
mod matcher;
mod neighbours;
mod quote;
#[cfg(test)]
mod tests;
pub mod train;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::normalize::Normalized;
use crate::scheme::{Code, Expr, Rule, Scheme, Weights};
use crate::tokenize::{TokenizeError, Tokenizer};
use analysis::Span;
use eval::View;
use learned::{LEARNED, Learned, SCOPE};
use matcher::Matcher;
use neighbours::Neighbours;

pub use explain::{Trace, Verdict};
pub use learned::{Contribution, LearnedTrace};
pub use quote::Quote;

/// Why a passage got a code: a span of the passage and the rule that found it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Evidence {
    /// The code.
    pub code: String,
    /// First character (Unicode scalar values of the passage as given).
    pub start: usize,
    /// Character after the last.
    pub end: usize,
    /// The characters from `start` to `end`, as printed.
    pub text: String,
    /// The rule of the scheme; `learned` where no rule but the learned weights gave the code.
    pub rule: String,
}

/// What the machine says of one passage.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Coding {
    /// About what the scheme is about: for the default, security of information or information systems.
    pub in_scope: bool,
    /// The codes, ascending.
    pub labels: Vec<String>,
    /// The facets below the codes, e.g. `C06.audit`, ascending.
    pub facets: Vec<String>,
    /// At least one for every code.
    pub evidence: Vec<Evidence>,
}

/// What a scheme may ask of the document a passage stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DocumentVariables<'a> {
    /// Kind of report, e.g. 有価証券報告書.
    pub kind: Option<&'a str>,
    /// Industry.
    pub industry: Option<&'a str>,
    /// Fiscal year.
    pub year: Option<u32>,
}

/// A passage to be coded.
#[derive(Debug, Clone, Copy, Default)]
pub struct CodingInput<'a> {
    /// The text as printed.
    pub text: &'a str,
    /// The headings above, from the outermost.
    pub headings: &'a [String],
    /// The passage before, under the same headings.
    pub previous: Option<&'a str>,
    /// The document.
    pub variables: DocumentVariables<'a>,
}

/// A scheme and a tokenizer, shared by all threads.
#[derive(Clone)]
pub struct Coder {
    scheme: Arc<Scheme>,
    tokenizer: Tokenizer,
}

impl Coder {
    /// Joins the two.
    pub fn new(scheme: Arc<Scheme>, tokenizer: Tokenizer) -> Self {
        Self { scheme, tokenizer }
    }

    /// The scheme.
    pub fn scheme(&self) -> &Scheme {
        &self.scheme
    }

    /// What cuts its texts into words.
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// A worker with buffers of its own.
    pub fn worker(&self) -> CodingWorker {
        CodingWorker {
            matcher: Matcher::new(&self.scheme, self.tokenizer.worker()),
            learned: Learned::default(),
            neighbours: Neighbours::default(),
            scheme: Arc::clone(&self.scheme),
        }
    }
}

/// Codes passages one after the other.
pub struct CodingWorker {
    scheme: Arc<Scheme>,
    matcher: Matcher,
    learned: Learned,
    neighbours: Neighbours,
}

impl CodingWorker {
    /// Codes a passage.
    ///
    /// # Errors
    /// The text cannot be segmented, which no input is known to cause.
    pub fn code(&mut self, input: &CodingInput<'_>) -> Result<Coding, TokenizeError> {
        let Some((text, headings)) = self.open(input) else {
            return Ok(Coding::default());
        };
        let scheme = &*self.scheme;
        let learned = scheme.weights.is_some();
        self.matcher.read(scheme, &text.text)?;
        let view = self.matcher.view(scheme, input, &[]);
        let in_scope = in_scope(scheme, &view);
        if !in_scope && (!learned || barred(scheme, &view)) {
            return Ok(Coding::default());
        }
        if let Some(weights) = &scheme.weights {
            let texts = (text.text.as_str(), headings.as_str());
            self.learned.score(scheme, weights, &self.matcher, texts);
            // Before the rules of the codes are tried: most of what passes the gate ends here.
            self.learned.vote(weights, SCOPE, in_scope);
            if !self.learned.gives(SCOPE) {
                return Ok(Coding::default());
            }
        }
        let (fired, mut given) = self.try_codes(input);
        let found = match &scheme.weights {
            None => Vec::new(),
            Some(weights) => {
                for (code, given) in given.iter().enumerate() {
                    self.learned.vote(weights, code + 1, in_scope && *given);
                }
                self.by_weights(weights, &text.text, &fired, &mut given)
            }
        };
        let view = self.matcher.view(scheme, input, &given);
        Ok(report(scheme, &view, &fired, &found, &given, &text, input.text))
    }

    /// Whether the words are there that a passage in scope cannot do without. Where they are not, neither rules nor
    /// weights are asked.
    pub fn passes_gate(&mut self, input: &CodingInput<'_>) -> bool {
        self.open(input).is_some()
    }

    /// The normalised text and headings of a passage that is worth cutting into words, scanned.
    fn open(&mut self, input: &CodingInput<'_>) -> Option<(Normalized, String)> {
        let (text, headings, previous) = self.neighbours.normalize(input);
        if text.text.is_empty() || !self.gate(&[&text.text, &headings, &previous]) {
            return None;
        }
        let scheme = &*self.scheme;
        self.matcher.scan(scheme, &text.text, &headings, &previous);
        let open = may_be_in_scope(scheme, &self.matcher.view(scheme, input, &[]));
        open.then_some((text, headings))
    }

    /// Reads a passage whether the gate lets it pass or not; its normalised text and headings.
    fn read(&mut self, input: &CodingInput<'_>) -> Result<(String, String), TokenizeError> {
        let (text, headings, previous) = self.neighbours.normalize(input);
        let scheme = &*self.scheme;
        self.matcher.scan(scheme, &text.text, &headings, &previous);
        self.matcher.read(scheme, &text.text)?;
        Ok((text.text, headings))
    }

    /// Tries the rules of all codes on the passage that was read: those that hold, and the codes they give.
    fn try_codes(&self, input: &CodingInput<'_>) -> (Vec<Fired>, Vec<bool>) {
        let scheme = &*self.scheme;
        let mut given = vec![false; scheme.codes.len()];
        let mut fired = Vec::new();
        for late in [false, true] {
            let view = self.matcher.view(scheme, input, &given);
            try_rules(scheme, &view, late, &mut fired);
            given = codes_given(scheme, &view, &fired);
        }
        (fired, given)
    }

    /// Decides every code by its score. A code that no rule found rests on the clause that speaks most for it; where none
    /// does, there is no evidence and no code.
    fn by_weights(
        &self,
        weights: &Weights,
        text: &str,
        fired: &[Fired],
        given: &mut [bool],
    ) -> Vec<(usize, Span)> {
        let mut found = Vec::new();
        for (code, given) in given.iter_mut().enumerate() {
            *given = self.learned.gives(code + 1);
            let ruled = |f: &Fired| {
                let rule = self.scheme.codes.get(code).and_then(|c| c.rules.get(f.rule));
                f.code == code && rule.is_some_and(|r| r.weight > 0.0)
            };
            if *given && !fired.iter().any(ruled) {
                let clause = self.learned.evidence(weights, code + 1, &self.matcher, text);
                *given = clause.is_some();
                found.extend(clause.map(|span| (code, span)));
            }
        }
        found
    }

    /// The first, cheapest look.
    fn gate(&self, texts: &[&str]) -> bool {
        match &self.scheme.scope.gate {
            Some(gate) => texts.iter().any(|t| gate.is_match(*t)),
            None => true,
        }
    }
}

/// The verdicts of the rules: scope first, then every code; no code is given out of scope.
fn ruled(in_scope: bool, given: &[bool]) -> Vec<bool> {
    std::iter::once(in_scope)
        .chain(given.iter().map(|g| in_scope && *g))
        .collect()
}

/// A rule that holds, and where.
struct Fired {
    code: usize,
    rule: usize,
    span: Span,
}

/// Whether a rule holds and nothing speaks against it.
fn fires(rule: &Rule, view: &View<'_>) -> Option<Span> {
    if !view.may(&rule.when) {
        return None;
    }
    let span = view.eval(&rule.when, view.all())?;
    let against = |e: &Expr| view.may(e) && view.eval(e, view.all()).is_some();
    (!rule.unless.as_ref().is_some_and(against)).then_some(span)
}

/// What can be told before there are tokens: whether the words that some rule of the scope needs are there at all.
fn may_be_in_scope(scheme: &Scheme, view: &View<'_>) -> bool {
    let include = &scheme.scope.include;
    include.is_empty() || include.iter().any(|r| view.may(&r.when))
}

fn in_scope(scheme: &Scheme, view: &View<'_>) -> bool {
    let scope = &scheme.scope;
    (scope.include.is_empty() || scope.include.iter().any(|r| fires(r, view).is_some()))
        && !scope.exclude.iter().any(|r| fires(r, view).is_some())
}

/// Whether an exclusion holds that no learned weight overrules.
fn barred(scheme: &Scheme, view: &View<'_>) -> bool {
    let mut last_words = scheme.scope.exclude.iter().filter(|r| r.is_final);
    last_words.any(|r| fires(r, view).is_some())
}

/// Tries the rules of all codes that the words of the passage have woken; rules that ask for codes given so far are
/// tried in a later turn than the others.
fn try_rules(scheme: &Scheme, view: &View<'_>, late: bool, fired: &mut Vec<Fired>) {
    let numbered = scheme.codes.iter().enumerate().flat_map(|(code, c)| {
        let rules = c.rules.iter().enumerate();
        rules.map(move |(rule, r)| (code, rule, r))
    });
    for ((code, rule, r), woken) in numbered.zip(view.woken) {
        if *woken
            && r.late == late
            && let Some(span) = fires(r, view)
        {
            fired.push(Fired { code, rule, span });
        }
    }
}

/// The codes whose weights reach their thresholds and that nothing forbids.
fn codes_given(scheme: &Scheme, view: &View<'_>, fired: &[Fired]) -> Vec<bool> {
    let given = scheme.codes.iter().enumerate().map(|(i, code)| {
        let weights = fired
            .iter()
            .filter(|f| f.code == i)
            .filter_map(|f| code.rules.get(f.rule))
            .map(|r| r.weight);
        let (sum, any) = weights.fold((0.0, false), |(s, _), w| (s + w, true));
        any && sum >= code.threshold
            && code
                .unless
                .as_ref()
                .is_none_or(|u| view.eval(u, view.all()).is_none())
    });
    given.collect()
}

/// Codes, facets and evidence in the order of the scheme.
fn report(
    scheme: &Scheme,
    view: &View<'_>,
    fired: &[Fired],
    learned: &[(usize, Span)],
    given: &[bool],
    text: &Normalized,
    printed: &str,
) -> Coding {
    let mut coding = Coding {
        in_scope: true,
        ..Coding::default()
    };
    let mut facets = BTreeSet::new();
    for (i, code) in scheme.codes.iter().enumerate() {
        if !given.get(i).copied().unwrap_or(false) {
            continue;
        }
        coding.labels.push(code.id.clone());
        for f in fired.iter().filter(|f| f.code == i) {
            let Some(rule) = code.rules.get(f.rule).filter(|r| r.weight > 0.0) else {
                continue;
            };
            facets.extend(rule.facets.iter().copied().map(|x| (i, x)));
            coding
                .evidence
                .push(evidence(code, &rule.id, f.span, text, printed));
        }
        for (_, span) in learned.iter().filter(|(of, _)| *of == i) {
            coding
                .evidence
                .push(evidence(code, LEARNED, *span, text, printed));
        }
        for (x, facet) in code.facets.iter().enumerate() {
            if facet
                .when
                .as_ref()
                .is_some_and(|w| view.may(w) && view.eval(w, view.all()).is_some())
            {
                facets.insert((i, x));
            }
        }
    }
    for (i, x) in facets {
        if let Some(code) = scheme.codes.get(i)
            && let Some(facet) = code.facets.get(x)
        {
            coding.facets.push(format!("{}.{}", code.id, facet.id));
        }
    }
    coding.labels.sort();
    coding.facets.sort();
    coding
        .evidence
        .sort_by(|a, b| (&a.code, a.start, a.end, &a.rule).cmp(&(&b.code, b.start, b.end, &b.rule)));
    coding
}

fn evidence(code: &Code, rule: &str, span: Span, text: &Normalized, printed: &str) -> Evidence {
    let span = text.original(span.b0 as usize..span.b1 as usize);
    Evidence {
        code: code.id.clone(),
        start: span.start,
        end: span.end,
        text: printed.chars().skip(span.start).take(span.len()).collect(),
        rule: rule.to_owned(),
    }
}

impl Matcher {
    /// The last text read, as conditions see it.
    fn view<'a>(&'a self, scheme: &'a Scheme, input: &CodingInput<'a>, given: &'a [bool]) -> View<'a> {
        View {
            named: &scheme.named,
            text: self.text(),
            lexicon: &scheme.lexicon,
            sets: &self.sets,
            here: &self.here,
            woken: &self.woken,
            found: &self.found,
            heading: &self.heading,
            previous: &self.previous,
            analysis: &self.analysis,
            whole: self.whole(),
            bounds: &self.bounds,
            chars: self.chars,
            read: self.is_read,
            variables: input.variables,
            given,
            memo: RefCell::new(Vec::new()),
            may_memo: RefCell::new(Vec::new()),
        }
    }
}
