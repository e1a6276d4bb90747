//! Text → tokens, their analysis, and where every word set of the scheme occurs.

use std::cell::OnceCell;

use super::analysis::{Analysis, Role, Span, Traits};
use crate::scheme::{Lexicon, Scheme, Use};
use crate::tokenize::{Lexeme, Token, TokenizeError, Worker};

/// Owns the buffers of one thread.
pub(crate) struct Matcher {
    tokenizer: Worker,
    tokens: Vec<Token>,
    /// Whether the passage scanned last has been cut into words.
    pub is_read: bool,
    pub analysis: Analysis,
    /// Matches of each set in the text, ascending; those of regular expressions stand in `found`.
    pub sets: Vec<Vec<Span>>,
    /// By set: it has matches, or is a regular expression that may have some.
    pub here: Vec<bool>,
    /// The sets marked in `here`, so that the many others need not be visited.
    touched: Vec<usize>,
    /// Rules of the codes, numbered through, that the words of the passage make worth trying.
    pub woken: Vec<bool>,
    /// Matches of the regular expressions that were called up, worked out when a rule first asks.
    pub found: Vec<OnceCell<Vec<Span>>>,
    /// Matches that take others away.
    excepts: Vec<(usize, u32, u32)>,
    pub heading: Vec<bool>,
    pub previous: Vec<bool>,
    pub bounds: Vec<(u32, u32)>,
    pub chars: usize,
    /// Regular expressions whose literals occur in the text, marked and listed.
    called: Vec<bool>,
    calls: Vec<usize>,
    /// Headings and the passage scanned last: neighbours share them.
    last_headings: String,
    last_text: String,
    /// By set: occurs in `last_text`.
    last_found: Vec<bool>,
    /// By lexeme, for as long as the worker lives.
    traits: Vec<Traits>,
    lexeme_sets: Vec<LexemeSets>,
}

/// The sets a lexeme belongs to by its base form.
#[derive(Default, Clone)]
struct LexemeSets {
    /// Always.
    always: Vec<usize>,
    /// Where it is used as a predicate.
    verbal: Vec<usize>,
}

impl Matcher {
    pub fn new(scheme: &Scheme, tokenizer: Worker) -> Self {
        let sets = scheme.lexicon.sets.len();
        Self {
            tokenizer,
            tokens: Vec::new(),
            is_read: false,
            analysis: Analysis::default(),
            sets: vec![Vec::new(); sets],
            here: vec![false; sets],
            touched: Vec::new(),
            woken: vec![false; scheme.triggers.rules],
            found: vec![OnceCell::new(); scheme.lexicon.regexes.len()],
            excepts: Vec::new(),
            heading: vec![false; sets],
            previous: vec![false; sets],
            bounds: Vec::new(),
            chars: 0,
            called: vec![false; scheme.lexicon.regexes.len()],
            calls: Vec::new(),
            last_headings: String::new(),
            last_text: String::new(),
            last_found: vec![false; sets],
            traits: Vec::new(),
            lexeme_sets: Vec::new(),
        }
    }

    /// The passage scanned last, normalised.
    pub fn text(&self) -> &str {
        &self.last_text
    }

    /// What the dictionaries say of a token.
    pub fn lexeme(&self, i: usize) -> Option<&Lexeme> {
        let token = self.tokens.get(i)?;
        self.tokenizer.lexemes().get(token.lexeme as usize)
    }

    /// All tokens.
    pub fn whole(&self) -> Span {
        let b1 = self.bounds.last().map_or(0, |b| b.1);
        Span {
            t0: 0,
            t1: self.tokens.len() as u32,
            b0: 0,
            b1,
        }
    }

    /// Looks for the words of the scheme in a passage (normalised) and its surroundings, without tokens yet: enough
    /// to tell that most passages are out of scope. Places are in bytes until [`read`](Self::read) is called.
    pub fn scan(&mut self, scheme: &Scheme, text: &str, headings: &str, previous: &str) {
        self.forget();
        let lexicon = &scheme.lexicon;
        if previous == self.last_text {
            self.previous.copy_from_slice(&self.last_found);
            for i in &lexicon.previous_regexes {
                if let Some((regex, set)) = lexicon.regexes.get(*i)
                    && let Some(slot) = self.previous.get_mut(*set)
                {
                    *slot = regex.is_match(previous);
                }
            }
        } else {
            let asked = &lexicon.previous_regexes;
            present(lexicon, previous, asked, &mut self.previous, &mut self.called);
        }
        if headings != self.last_headings {
            let asked = &lexicon.heading_regexes;
            present(lexicon, headings, asked, &mut self.heading, &mut self.called);
            self.last_headings.clear();
            self.last_headings.push_str(headings);
        }
        self.literals(lexicon, text);
        self.last_found.copy_from_slice(&self.here);
        self.last_text.clear();
        self.last_text.push_str(text);
    }

    /// Empties what the last passage left.
    fn forget(&mut self) {
        for i in self.touched.drain(..) {
            if let Some(set) = self.sets.get_mut(i) {
                set.clear();
            }
            mark(&mut self.here, i, false);
        }
        for i in self.calls.drain(..) {
            if let Some(found) = self.found.get_mut(i) {
                found.take();
            }
        }
        self.tokens.clear();
        self.is_read = false;
    }

    /// Puts a match into a set.
    fn put(&mut self, set: usize, span: Span) {
        if let (Some(spans), Some(here)) = (self.sets.get_mut(set), self.here.get_mut(set)) {
            spans.push(span);
            if !std::mem::replace(here, true) {
                self.touched.push(set);
            }
        }
    }

    /// Tokenizes the passage that was scanned and finishes the picture of it.
    pub fn read(&mut self, scheme: &Scheme, text: &str) -> Result<(), TokenizeError> {
        self.tokenizer.tokenize(text, &mut self.tokens)?;
        self.is_read = true;
        self.chars = text.chars().count();
        self.bounds.clear();
        self.bounds.extend(self.tokens.iter().map(|t| (t.start, t.end)));
        self.learn(&scheme.lexicon, text);
        self.analysis
            .analyse(&self.tokens, text, self.tokenizer.lexemes(), &self.traits);
        for i in 0..self.touched.len() {
            let Some(mut set) = self
                .touched
                .get(i)
                .and_then(|i| self.sets.get_mut(*i))
                .map(std::mem::take)
            else {
                continue;
            };
            for span in &mut set {
                *span = place(&self.bounds, span.b0, span.b1);
            }
            if let Some(slot) = self.touched.get(i).and_then(|i| self.sets.get_mut(*i)) {
                *slot = set;
            }
        }
        self.words(text);
        self.wake(scheme);
        for i in &self.touched {
            if let Some(set) = self.sets.get_mut(*i) {
                set.sort_unstable();
                set.dedup();
            }
        }
        Ok(())
    }

    /// Marks the rules whose rarest part the passage contains.
    fn wake(&mut self, scheme: &Scheme) {
        let triggers = &scheme.triggers;
        self.woken.fill(false);
        let met = self.touched.iter().filter_map(|set| triggers.by_set.get(*set));
        for rule in met.flatten().chain(&triggers.always) {
            mark(&mut self.woken, *rule, true);
        }
    }

    /// Works out what is fixed for each lexeme met for the first time.
    fn learn(&mut self, lexicon: &Lexicon, text: &str) {
        let lexemes = self.tokenizer.lexemes();
        for token in &self.tokens {
            let i = token.lexeme as usize;
            if i < self.traits.len() {
                continue;
            }
            let Some(lexeme) = lexemes.get(i) else { continue };
            let surface = text.get(token.start as usize..token.end as usize).unwrap_or("");
            self.traits.push(Traits::of(lexeme, surface));
            let base = if lexeme.base.is_empty() {
                surface
            } else {
                lexeme.base.as_str()
            };
            let mut sets = LexemeSets::default();
            if !lexeme.unknown {
                sets.always.extend(lexicon.bases.get(base).into_iter().flatten());
                sets.verbal
                    .extend(lexicon.verbals.get(base).into_iter().flatten());
            }
            for (pos, sub, set) in &lexicon.parts {
                if lexeme.pos == *pos && sub.is_none_or(|s| s == lexeme.sub) {
                    sets.always.push(*set);
                }
            }
            self.lexeme_sets.push(sets);
        }
    }

    /// One pass for every literal of the scheme, among them those that call up regular expressions.
    fn literals(&mut self, lexicon: &Lexicon, text: &str) {
        self.excepts.clear();
        call(lexicon, &mut self.called);
        for m in lexicon.literals.find_overlapping_iter(text) {
            let Some(uses) = lexicon.uses.get(m.pattern().as_usize()) else {
                continue;
            };
            let (b0, b1) = (m.start() as u32, m.end() as u32);
            let cut = cuts_latin_word(text, m.start(), m.end());
            for u in uses {
                match u {
                    Use::Calls(regex) => mark(&mut self.called, *regex, true),
                    _ if cut => {}
                    Use::Except(set) => self.excepts.push((*set, b0, b1)),
                    Use::In(set) => self.put(*set, Span { t0: 0, t1: 0, b0, b1 }),
                }
            }
        }
        for (set, b0, b1) in &self.excepts {
            if let Some(spans) = self.sets.get_mut(*set).filter(|s| !s.is_empty()) {
                spans.retain(|s| s.b0 < *b0 || s.b1 > *b1);
                let left = !spans.is_empty();
                mark(&mut self.here, *set, left);
            }
        }
        let called = self.called.iter().enumerate().filter(|(_, called)| **called);
        self.calls.extend(called.map(|(i, _)| i));
        for i in &self.calls {
            if let Some((_, set)) = lexicon.regexes.get(*i)
                && let Some(here) = self.here.get_mut(*set)
            {
                *here = true;
                self.touched.push(*set);
            }
        }
    }

    /// Base forms and parts of speech.
    fn words(&mut self, text: &str) {
        for i in 0..self.tokens.len() {
            let Some(token) = self.tokens.get(i).copied() else {
                break;
            };
            let Some(known) = self.lexeme_sets.get(token.lexeme as usize) else {
                continue;
            };
            if known.always.is_empty() && known.verbal.is_empty() {
                continue;
            }
            let span = Span {
                t0: i as u32,
                t1: i as u32 + 1,
                b0: token.start,
                b1: token.end,
            };
            let verbal = !known.verbal.is_empty() && self.is_predicate(i, text);
            let sets: Vec<usize> = match self.lexeme_sets.get(token.lexeme as usize) {
                Some(known) if verbal => known.always.iter().chain(&known.verbal).copied().collect(),
                Some(known) => known.always.clone(),
                None => Vec::new(),
            };
            for set in sets {
                self.put(set, span);
            }
        }
    }

    /// A サ変 noun used as a verb: 監査し, 監査を行い, 監査の実施, 監査。
    fn is_predicate(&self, i: usize, text: &str) -> bool {
        const CARRIERS: [&str; 14] = [
            "実施", "推進", "強化", "継続", "開始", "徹底", "完了", "予定", "済み", "済", "義務", "促進",
            "運用", "展開",
        ];
        let surface = |i: usize| {
            self.tokens
                .get(i)
                .and_then(|t| text.get(t.start as usize..t.end as usize))
                .unwrap_or("")
        };
        let mut next = i + 1;
        while matches!(surface(next), "等" | "など") {
            next += 1;
        }
        match self.analysis.role(next) {
            Role::Light | Role::Period | Role::Break | Role::Close | Role::Comma => true,
            Role::Wo | Role::No | Role::Topic | Role::Ga | Role::Ni => {
                let after = next + 1;
                matches!(self.analysis.role(after), Role::Light | Role::Verb)
                    || CARRIERS.contains(&surface(after))
            }
            Role::Noun | Role::Sahen => CARRIERS.contains(&surface(next)) || surface(next) == "中",
            _ => false,
        }
    }
}

/// Bytes → the tokens they touch.
pub(crate) fn place(bounds: &[(u32, u32)], b0: u32, b1: u32) -> Span {
    let t0 = bounds.partition_point(|t| t.1 <= b0) as u32;
    let t1 = (bounds.partition_point(|t| t.0 < b1) as u32).max(t0 + 1);
    Span {
        t0,
        t1: t1.min(bounds.len() as u32),
        b0,
        b1,
    }
}

/// A Latin literal inside a longer Latin word: SOC in SOCIAL.
fn cuts_latin_word(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let letter = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_alphabetic);
    (letter(start) && start > 0 && letter(start - 1)) || (end > 0 && letter(end - 1) && letter(end))
}

/// Before a text is scanned: only the regular expressions that no literal calls up.
fn call(lexicon: &Lexicon, called: &mut [bool]) {
    called.fill(false);
    for regex in &lexicon.untriggered {
        mark(called, *regex, true);
    }
}

fn mark(marks: &mut [bool], index: usize, value: bool) {
    if let Some(slot) = marks.get_mut(index) {
        *slot = value;
    }
}

/// Which sets occur in a text that is not tokenized; of the regular expressions only those asked for.
fn present(lexicon: &Lexicon, text: &str, asked: &[usize], found: &mut [bool], marks: &mut [bool]) {
    found.fill(false);
    if text.is_empty() {
        return;
    }
    call(lexicon, marks);
    let mut spans: Vec<(usize, usize, usize)> = Vec::new();
    let mut excepts: Vec<(usize, usize, usize)> = Vec::new();
    for m in lexicon.literals.find_overlapping_iter(text) {
        let cut = cuts_latin_word(text, m.start(), m.end());
        for u in lexicon.uses.get(m.pattern().as_usize()).into_iter().flatten() {
            match u {
                Use::Calls(regex) => mark(marks, *regex, true),
                _ if cut => {}
                Use::Except(set) => excepts.push((*set, m.start(), m.end())),
                Use::In(set) => spans.push((*set, m.start(), m.end())),
            }
        }
    }
    for (set, start, end) in spans {
        let taken = excepts
            .iter()
            .any(|(s, from, to)| *s == set && *from <= start && end <= *to);
        if !taken {
            mark(found, set, true);
        }
    }
    for i in asked.iter().filter(|i| marks.get(**i) == Some(&true)) {
        if let Some((regex, set)) = lexicon.regexes.get(*i)
            && regex.is_match(text)
        {
            mark(found, *set, true);
        }
    }
}
