//! Text → tokens, their analysis, and where every word set of the scheme occurs.

use super::analysis::{Analysis, Role, Span, Traits};
use crate::scheme::{Lexicon, Scheme, Use};
use crate::tokenize::{Lexeme, Token, TokenizeError, Worker};
use regex::Regex;

/// Owns the buffers of one thread.
pub(crate) struct Matcher {
    tokenizer: Worker,
    tokens: Vec<Token>,
    pub analysis: Analysis,
    /// Matches of each set in the text, ascending.
    pub sets: Vec<Vec<Span>>,
    /// Matches that take others away.
    excepts: Vec<(usize, u32, u32)>,
    pub heading: Vec<bool>,
    pub previous: Vec<bool>,
    pub bounds: Vec<(u32, u32)>,
    pub chars: usize,
    /// Regular expressions whose literals occur in the text.
    called: Vec<bool>,
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
            analysis: Analysis::default(),
            sets: vec![Vec::new(); sets],
            excepts: Vec::new(),
            heading: vec![false; sets],
            previous: vec![false; sets],
            bounds: Vec::new(),
            chars: 0,
            called: vec![false; scheme.lexicon.regexes.len()],
            last_headings: String::new(),
            last_text: String::new(),
            last_found: vec![false; sets],
            traits: Vec::new(),
            lexeme_sets: Vec::new(),
        }
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
        for set in &mut self.sets {
            set.clear();
        }
        self.tokens.clear();
        let lexicon = &scheme.lexicon;
        if previous == self.last_text {
            self.previous.copy_from_slice(&self.last_found);
        } else {
            present(lexicon, previous, &mut self.previous, &mut self.called);
        }
        if headings != self.last_headings {
            present(lexicon, headings, &mut self.heading, &mut self.called);
            self.last_headings.clear();
            self.last_headings.push_str(headings);
        }
        self.literals(lexicon, text);
        for (found, set) in self.last_found.iter_mut().zip(&self.sets) {
            *found = !set.is_empty();
        }
        self.last_text.clear();
        self.last_text.push_str(text);
    }

    /// Tokenizes the passage that was scanned and finishes the picture of it.
    pub fn read(&mut self, scheme: &Scheme, text: &str) -> Result<(), TokenizeError> {
        self.tokenizer.tokenize(text, &mut self.tokens)?;
        self.chars = text.chars().count();
        self.bounds.clear();
        self.bounds.extend(self.tokens.iter().map(|t| (t.start, t.end)));
        self.learn(&scheme.lexicon, text);
        self.analysis
            .analyse(&self.tokens, self.tokenizer.lexemes(), &self.traits);
        for i in 0..self.sets.len() {
            let mut set = self.sets.get_mut(i).map(std::mem::take).unwrap_or_default();
            for span in &mut set {
                *span = self.span(span.b0, span.b1);
            }
            if let Some(slot) = self.sets.get_mut(i) {
                *slot = set;
            }
        }
        self.words(text);
        for set in &mut self.sets {
            set.sort_unstable();
            set.dedup();
        }
        Ok(())
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

    /// One pass for every literal of the scheme, then the regular expressions that it calls up.
    fn literals(&mut self, lexicon: &Lexicon, text: &str) {
        self.excepts.clear();
        call(lexicon, &mut self.called);
        for m in lexicon.literals.find_overlapping_iter(text) {
            let Some(uses) = lexicon.uses.get(m.pattern().as_usize()) else {
                continue;
            };
            let (b0, b1) = (m.start() as u32, m.end() as u32);
            let cut = cuts_latin_word(text, m.start(), m.end());
            let span = Span { t0: 0, t1: 0, b0, b1 };
            for u in uses {
                match u {
                    Use::Calls(regex) => mark(&mut self.called, *regex),
                    _ if cut => {}
                    Use::Except(set) => self.excepts.push((*set, b0, b1)),
                    Use::In(set) => {
                        if let Some(set) = self.sets.get_mut(*set) {
                            set.push(span);
                        }
                    }
                }
            }
        }
        for (set, b0, b1) in &self.excepts {
            if let Some(set) = self.sets.get_mut(*set) {
                set.retain(|s| s.b0 < *b0 || s.b1 > *b1);
            }
        }
        for (regex, set) in called(lexicon, &self.called) {
            for m in regex.find_iter(text).filter(|m| !m.is_empty()) {
                let span = Span {
                    t0: 0,
                    t1: 0,
                    b0: m.start() as u32,
                    b1: m.end() as u32,
                };
                if let Some(set) = self.sets.get_mut(*set) {
                    set.push(span);
                }
            }
        }
    }

    /// Base forms and parts of speech.
    fn words(&mut self, text: &str) {
        for (i, token) in self.tokens.iter().enumerate() {
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
            for set in &known.always {
                if let Some(set) = self.sets.get_mut(*set) {
                    set.push(span);
                }
            }
            if !known.verbal.is_empty() && self.is_predicate(i, text) {
                for set in &known.verbal {
                    if let Some(set) = self.sets.get_mut(*set) {
                        set.push(span);
                    }
                }
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

    fn span(&self, b0: u32, b1: u32) -> Span {
        let t0 = self.tokens.partition_point(|t| t.end <= b0) as u32;
        let t1 = (self.tokens.partition_point(|t| t.start < b1) as u32).max(t0 + 1);
        Span {
            t0,
            t1: t1.min(self.tokens.len() as u32),
            b0,
            b1,
        }
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
        mark(called, *regex);
    }
}

fn mark(marks: &mut [bool], index: usize) {
    if let Some(slot) = marks.get_mut(index) {
        *slot = true;
    }
}

fn called<'a>(lexicon: &'a Lexicon, called: &'a [bool]) -> impl Iterator<Item = &'a (Regex, usize)> {
    lexicon
        .regexes
        .iter()
        .zip(called)
        .filter(|(_, called)| **called)
        .map(|(regex, _)| regex)
}

/// Which sets occur in a text that is not tokenized.
fn present(lexicon: &Lexicon, text: &str, found: &mut [bool], marks: &mut [bool]) {
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
                Use::Calls(regex) => mark(marks, *regex),
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
            mark(found, set);
        }
    }
    for (regex, set) in called(lexicon, marks) {
        if regex.is_match(text) {
            mark(found, *set);
        }
    }
}
