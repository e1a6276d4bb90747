//! What a learned model sees of a passage: features by family, each with the place where it stands.

use std::collections::HashMap;

use super::analysis::{Analysis, Role, Span, shade};
use super::matcher::Matcher;
use crate::scheme::syntax::Link;
use crate::scheme::{Family, Hash, Scheme};
use crate::tokenize::{Lexeme, Pos, Sub};

/// A feature of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Feature {
    pub family: Family,
    /// Of its name.
    pub hash: u64,
    /// Bytes of the text; empty where it stands outside the text or nowhere in particular.
    pub b0: u32,
    pub b1: u32,
}

/// A text that feature names are made of.
#[derive(Debug, Clone, Copy)]
struct Part<'a> {
    text: &'a str,
    hash: Hash,
}

impl<'a> Part<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            text,
            hash: Hash::of(text),
        }
    }
}

/// The features of a passage. Owns its buffers.
#[derive(Debug, Default)]
pub(crate) struct Features {
    /// In an order that is the same on every machine. A feature that stands in several places is listed as often, side by
    /// side.
    pub all: Vec<Feature>,
    /// Kept only where someone will ask for them: making names takes longer than all the rest.
    names: Option<HashMap<(Family, u64), String>>,
}

/// Nouns further from their verb than this are not linked to it: the chance of a wrong verb grows with distance.
const REACH: usize = 14;

const LINKS: [(Link, &str); 3] = [
    (Link::Object, "object:"),
    (Link::Target, "target:"),
    (Link::Subject, "subject:"),
];

/// Words that stand in every passage.
const STOP: [&str; 15] = [
    "する",
    "いる",
    "ある",
    "なる",
    "おる",
    "こと",
    "もの",
    "ため",
    "等",
    "れる",
    "られる",
    "の",
    "よう",
    "これ",
    "それ",
];

/// Shades that are features, by name.
const SHADES: [(u16, &str); 6] = [
    (shade::NEG, "neg"),
    (shade::POSSIBLE, "possible"),
    (shade::PLAN, "plan"),
    (shade::NEED, "need"),
    (shade::HYPO, "hypo"),
    (shade::PAST, "past"),
];

/// Shades of the clause; the others are looked for in the whole sentence.
const OF_CLAUSE: u16 = shade::NEG | shade::HYPO | shade::PAST | shade::PLAN;
const OF_SENTENCE: u16 = shade::POSSIBLE | shade::NEED;

impl Features {
    /// From the next passage on features have names.
    pub fn keep_names(&mut self) {
        self.names.get_or_insert_default();
    }

    /// The name of a feature, if names are kept.
    pub fn name(&self, feature: &Feature) -> &str {
        let known = self
            .names
            .as_ref()
            .and_then(|names| names.get(&(feature.family, feature.hash)));
        known.map_or("", String::as_str)
    }

    /// Runs of equal features.
    pub fn distinct(&self) -> impl Iterator<Item = &[Feature]> {
        self.all.chunk_by(|a, b| a.family == b.family && a.hash == b.hash)
    }

    /// The value of every feature of a family: its scale over the root of the number of different features of the family
    /// in the passage, so that long passages do not shout.
    pub fn values(&self) -> [f64; Family::ALL.len()] {
        let mut counts = [0u32; Family::ALL.len()];
        for run in self.distinct() {
            if let Some(count) = run.first().and_then(|f| counts.get_mut(f.family as usize)) {
                *count += 1;
            }
        }
        let mut values = [0.0; Family::ALL.len()];
        for (family, (value, count)) in Family::ALL.iter().zip(values.iter_mut().zip(counts)) {
            if count > 0 {
                *value = family.scale() / f64::from(count).sqrt();
            }
        }
        values
    }

    fn push(&mut self, family: Family, parts: &[Part<'_>], place: (u32, u32)) {
        let hash = parts
            .iter()
            .fold(Hash::EMPTY, |hash, part| hash.then(part.hash))
            .value;
        self.all.push(Feature {
            family,
            hash,
            b0: place.0,
            b1: place.1,
        });
        if let Some(names) = &mut self.names {
            let name = || parts.iter().map(|part| part.text).collect();
            names.entry((family, hash)).or_insert_with(name);
        }
    }

    /// Reads the features off a passage that the matcher has read.
    pub fn read(&mut self, scheme: &Scheme, matcher: &Matcher, text: &str, headings: &str) {
        self.all.clear();
        if let Some(names) = &mut self.names {
            names.clear();
        }
        for heading in headings.lines() {
            self.heading_chars(heading);
        }
        let words = Words::of(matcher, text);
        self.words(&words);
        self.lists(scheme, matcher);
        self.links(scheme, &words);
        self.form(matcher, text, headings);
        self.all.sort_unstable();
    }

    fn heading_chars(&mut self, heading: &str) {
        let ends: Vec<usize> = heading
            .char_indices()
            .map(|(i, _)| i)
            .chain([heading.len()])
            .collect();
        for length in 2..=3 {
            for window in ends.windows(length + 1) {
                if let (Some(from), Some(to)) = (window.first(), window.last()) {
                    let gram = heading.get(*from..*to).unwrap_or_default();
                    self.push(Family::HeadingChars, &[Part::of(gram)], (0, 0));
                }
            }
        }
    }

    fn words(&mut self, words: &Words<'_>) {
        let bar = Part::of("|");
        for (i, word) in words.all.iter().enumerate() {
            if word.content {
                self.push(Family::Word, &[word.base], word.place);
            }
            if let Some(next) = words.all.get(i + 1)
                && !word.space
                && !next.space
                && (word.content || next.content)
            {
                self.push(
                    Family::Pair,
                    &[word.base, bar, next.base],
                    (word.place.0, next.place.1),
                );
            }
        }
    }

    fn lists(&mut self, scheme: &Scheme, matcher: &Matcher) {
        let shades = Shades::of(&matcher.analysis);
        let names = SHADES.map(|(bit, name)| (bit, Part::of(name)));
        let (colon, fact) = (Part::of(":"), Part::of("fact"));
        for (i, name) in lists(scheme) {
            for span in matcher.sets.get(i).into_iter().flatten() {
                let place = (span.b0, span.b1);
                self.push(Family::List, &[name], place);
                let bits = shades.at(&matcher.analysis, span.t0 as usize);
                for (bit, shade) in names {
                    if bits & bit != 0 {
                        self.push(Family::Shade, &[name, colon, shade], place);
                    }
                }
                if bits & (shade::NEG | shade::POSSIBLE | shade::NEED | shade::HYPO) == 0 {
                    self.push(Family::Shade, &[name, colon, fact], place);
                }
            }
            let occurs = |found: &[bool]| found.get(i).copied().unwrap_or(false);
            if occurs(&matcher.heading) {
                self.push(Family::HeadingList, &[name], (0, 0));
            }
            if occurs(&matcher.previous) {
                self.push(Family::PreviousList, &[name], (0, 0));
            }
        }
    }

    fn links(&mut self, scheme: &Scheme, words: &Words<'_>) {
        let mut of_noun: Vec<(usize, Part<'_>)> = Vec::new();
        for (set, name) in lists(scheme) {
            for span in words.matcher.sets.get(set).into_iter().flatten() {
                let nouns = span.t0 as usize..(span.t1 as usize).min(words.all.len());
                let nouns = nouns.filter(|i| matches!(words.role(*i), Role::Noun | Role::Sahen));
                of_noun.extend(nouns.map(|noun| (noun, name)));
            }
        }
        // Many lists share a noun; what is done to it is looked up once.
        of_noun.sort_unstable_by_key(|(noun, name)| (*noun, name.hash.value));
        let labels = LINKS.map(|(link, label)| (link, Part::of(label)));
        for lists in of_noun.chunk_by(|a, b| a.0 == b.0) {
            if let Some((noun, _)) = lists.first() {
                self.links_of(*noun, lists, words, labels);
            }
        }
    }

    /// What is done to, at or by a noun of some lists.
    fn links_of(
        &mut self,
        noun: usize,
        lists: &[(usize, Part<'_>)],
        words: &Words<'_>,
        labels: [(Link, Part<'_>); LINKS.len()],
    ) {
        let sign = Part::of(">");
        let Some(at) = words.all.get(noun) else { return };
        for verb in noun.saturating_sub(REACH)..(noun + REACH + 1).min(words.all.len()) {
            if verb == noun || !matches!(words.role(verb), Role::Verb | Role::Sahen) {
                continue;
            }
            let Some(act) = words.all.get(verb) else { continue };
            let place = (at.place.0.min(act.place.0), at.place.1.max(act.place.1));
            for (link, label) in labels {
                if words
                    .matcher
                    .analysis
                    .linked(link, words.span(noun), words.span(verb))
                {
                    for (_, list) in lists {
                        self.push(Family::Link, &[label, *list, sign, act.base], place);
                    }
                }
            }
        }
    }

    fn form(&mut self, matcher: &Matcher, text: &str, headings: &str) {
        let mut push = |name: &str| self.push(Family::Form, &[Part::of(name)], (0, 0));
        if matcher.analysis.is_item() {
            push("item");
        }
        push(
            [
                "length-0",
                "length-40",
                "length-80",
                "length-120",
                "length-160",
                "length-200",
            ]
            .get((matcher.chars / 40).min(5))
            .copied()
            .unwrap_or_default(),
        );
        let bits = matcher.analysis.traits.iter().fold(0, |bits, t| bits | t.shades);
        for (bit, shade) in SHADES {
            if bits & bit != 0 {
                push(shade);
            }
        }
        if text.contains('\t') {
            push("row");
        }
        if headings.trim().is_empty() {
            push("no-heading");
        }
        if text.contains(|c: char| c.is_ascii_digit()) {
            push("figures");
        }
    }
}

/// The named word lists of a scheme, with the numbers of their sets.
fn lists(scheme: &Scheme) -> impl Iterator<Item = (usize, Part<'_>)> {
    let lexicon = &scheme.lexicon;
    lexicon.lists.iter().filter_map(|(set, hash)| {
        let text = lexicon.sets.get(*set)?.as_str();
        Some((*set, Part { text, hash: *hash }))
    })
}

/// Shades of clauses and sentences, by their numbers.
struct Shades {
    clauses: Vec<u16>,
    sentences: Vec<u16>,
}

impl Shades {
    fn of(analysis: &Analysis) -> Self {
        let gather = |ids: &[u32], wanted: u16| {
            let mut bits = vec![0; ids.last().map_or(0, |last| *last as usize + 1)];
            for (id, traits) in ids.iter().zip(&analysis.traits) {
                if let Some(slot) = bits.get_mut(*id as usize) {
                    *slot |= traits.shades & wanted;
                }
            }
            bits
        };
        Self {
            clauses: gather(&analysis.clause, OF_CLAUSE),
            sentences: gather(&analysis.sentence, OF_SENTENCE),
        }
    }

    fn at(&self, analysis: &Analysis, token: usize) -> u16 {
        let look = |ids: &[u32], bits: &[u16]| {
            ids.get(token)
                .and_then(|id| bits.get(*id as usize))
                .copied()
                .unwrap_or(0)
        };
        look(&analysis.clause, &self.clauses) | look(&analysis.sentence, &self.sentences)
    }
}

/// A token as features name it.
struct Word<'a> {
    /// Dictionary form; figures are all the same word.
    base: Part<'a>,
    place: (u32, u32),
    space: bool,
    content: bool,
}

impl<'a> Word<'a> {
    fn of(lexeme: Option<&'a Lexeme>, text: &'a str, place: (u32, u32)) -> Self {
        let base = match lexeme {
            Some(lexeme) if !lexeme.base.is_empty() => lexeme.base.as_str(),
            _ => text.get(place.0 as usize..place.1 as usize).unwrap_or_default(),
        };
        let figure = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '%');
        let base = if !base.is_empty() && base.chars().all(figure) {
            "#"
        } else {
            base
        };
        let space = lexeme.is_some_and(|l| l.sub == Sub::Space);
        let open_class = lexeme.is_some_and(|l| {
            matches!(
                l.pos,
                Pos::Noun | Pos::Verb | Pos::Adjective | Pos::Adverb | Pos::Prefix | Pos::Other
            )
        });
        Self {
            base: Part::of(base),
            place,
            space,
            content: open_class && !space && !base.trim().is_empty() && !STOP.contains(&base),
        }
    }
}

/// The tokens of a passage.
struct Words<'a> {
    matcher: &'a Matcher,
    all: Vec<Word<'a>>,
}

impl<'a> Words<'a> {
    fn of(matcher: &'a Matcher, text: &'a str) -> Self {
        let word = |(i, place): (usize, &(u32, u32))| Word::of(matcher.lexeme(i), text, *place);
        Self {
            matcher,
            all: matcher.bounds.iter().enumerate().map(word).collect(),
        }
    }

    fn role(&self, i: usize) -> Role {
        self.matcher.analysis.role(i)
    }

    fn span(&self, i: usize) -> Span {
        let (b0, b1) = self.matcher.bounds.get(i).copied().unwrap_or_default();
        let t0 = i as u32;
        Span {
            t0,
            t1: t0 + 1,
            b0,
            b1,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::coding::Coder;
    use crate::tokenize::Tokenizer;

    const SCHEME: &str = r#"
[scheme]
id = "x"
ja = "x"
en = "x"
[words]
policy = "方針"
[[code]]
id = "A"
ja = "a"
en = "a"
rule = [{ id = "r", when = "@policy" }]
"#;

    fn features(text: &str, headings: &str) -> Vec<(Family, String, f64)> {
        let scheme = Scheme::parse(SCHEME, "x.toml", &|_| Err(std::io::ErrorKind::NotFound.into())).unwrap();
        let tokenizer = Tokenizer::new("", "terms.csv").unwrap();
        let coder = Coder::new(Arc::new(scheme), tokenizer);
        let mut worker = coder.worker();
        let scheme = Arc::clone(&worker.scheme);
        worker.matcher.scan(&scheme, text, headings, "");
        worker.matcher.read(&scheme, text).unwrap();
        worker.learned.features(&scheme, &worker.matcher, text, headings)
    }

    fn names(all: &[(Family, String, f64)], family: Family) -> Vec<&str> {
        let mut names: Vec<_> = all
            .iter()
            .filter(|f| f.0 == family)
            .map(|f| f.1.as_str())
            .collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn a_passage_is_seen_as_words_lists_and_links() {
        let all = features("3年前に方針を定めた。", "基本\n");
        assert!(
            ["#", "定める", "方針"]
                .iter()
                .all(|w| names(&all, Family::Word).contains(w)),
            "{all:?}"
        );
        assert_eq!(names(&all, Family::List), ["@policy"]);
        assert_eq!(names(&all, Family::Shade), ["@policy:fact", "@policy:past"]);
        assert_eq!(names(&all, Family::Link), ["object:@policy>定める"]);
        assert_eq!(names(&all, Family::HeadingChars), ["基本"]);
        assert_eq!(names(&all, Family::Form), ["figures", "length-0", "past"]);
    }

    #[test]
    fn a_word_said_twice_is_one_feature_and_all_of_a_family_weigh_the_same() {
        let all = features("方針の方針", "");
        assert_eq!(names(&all, Family::Word), ["方針"]);
        let weight: f64 = all
            .iter()
            .filter(|f| f.0 == Family::Pair)
            .map(|f| f.2 * f.2)
            .sum();
        assert!((weight - 1.0).abs() < 1e-12, "{weight}");
    }
}
