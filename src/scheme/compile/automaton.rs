//! Everything gathered → the automata that look for it.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::super::file::File;
use super::super::{Hash, Lexicon, Problem, Use, syntax};
use super::Compiler;

impl Compiler<'_> {
    /// The automaton of the gate: the literals of the lists it names, of every spelling.
    pub(super) fn gate(&mut self, file: &File) -> Option<AhoCorasick> {
        let mut sets = Vec::new();
        for name in &file.scope.gate {
            match self.by_name.get(&format!("@{}", name.get_ref())) {
                Some(set) => sets.push(*set),
                None => {
                    let known = self.entries.keys().map(String::as_str);
                    let message = syntax::unknown("word list", name.get_ref(), known);
                    self.wrong(name.span().start, message);
                }
            }
        }
        if sets.is_empty() {
            return None;
        }
        let wanted = |uses: &Vec<Use>| {
            uses.iter()
                .any(|u| matches!(u, Use::In(set) if sets.contains(set)))
        };
        let words: Vec<&String> = self
            .literals
            .iter()
            .filter(|(_, u)| wanted(u))
            .map(|(w, _)| w)
            .collect();
        automaton(&words, MatchKind::LeftmostFirst).ok()
    }

    pub(super) fn finish(mut self) -> Result<Lexicon, Vec<Problem>> {
        let regexes = self.compiled();
        let words: Vec<&String> = self.literals.keys().collect();
        let literals = automaton(&words, MatchKind::Standard);
        let mut tokenized = vec![false; self.sets.len()];
        let by_base = self
            .bases
            .values()
            .chain(self.verbals.values())
            .flatten()
            .copied();
        for set in by_base.chain(self.parts.iter().map(|(_, _, s)| *s)) {
            if let Some(slot) = tokenized.get_mut(set) {
                *slot = true;
            }
        }
        let mut regex_of = vec![None; self.sets.len()];
        for (i, (_, set)) in regexes.iter().enumerate() {
            if let Some(slot) = regex_of.get_mut(*set) {
                *slot = Some(i);
            }
        }
        for asked in [&mut self.heading_regexes, &mut self.previous_regexes] {
            asked.sort_unstable();
            asked.dedup();
        }
        match literals {
            Ok(literals) if self.problems.is_empty() => Ok(Lexicon {
                lists: lists(&self.sets),
                sets: self.sets,
                literals,
                uses: self.literals.into_values().collect(),
                bases: self.bases,
                verbals: self.verbals,
                regexes,
                untriggered: self.untriggered,
                regex_of,
                heading_regexes: self.heading_regexes,
                previous_regexes: self.previous_regexes,
                parts: self.parts,
                tokenized,
            }),
            Ok(_) => Err(self.problems),
            Err(message) => {
                self.problems.push(Problem {
                    line: 1,
                    column: 1,
                    message,
                });
                Err(self.problems)
            }
        }
    }
}

/// The sets that are named word lists, with the hashes of their names.
fn lists(sets: &[String]) -> Vec<(usize, Hash)> {
    let named = sets.iter().enumerate().filter(|(_, name)| name.starts_with('@'));
    named.map(|(set, name)| (set, Hash::of(name))).collect()
}

fn automaton(words: &[&String], kind: MatchKind) -> Result<AhoCorasick, String> {
    AhoCorasick::builder()
        .match_kind(kind)
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .build(words)
        .map_err(|e| format!("too many words: {e}"))
}
