//! What a learned model sees of a passage: features by family, each with the place where it stands.

use super::analysis::{Analysis, Role, Span, shade};
use super::matcher::Matcher;
use crate::scheme::syntax::Link;
use crate::scheme::{Family, Scheme};
use crate::tokenize::{Lexeme, Pos, Sub};

/// A feature of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Feature {
    pub family: Family,
    /// Of its name: what features are sorted by, since comparing names takes longer.
    hash: u64,
    /// Its name, in [`Features::names`].
    from: u32,
    to: u32,
    /// Bytes of the text; empty where it stands outside the text or nowhere in particular.
    pub b0: u32,
    pub b1: u32,
}

/// The features of a passage. Owns its buffers.
#[derive(Debug, Default)]
pub(crate) struct Features {
    names: String,
    /// A feature that stands in several places is listed as often, side by side.
    pub all: Vec<Feature>,
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
    /// The name of a feature.
    pub fn name(&self, feature: &Feature) -> &str {
        self.names
            .get(feature.from as usize..feature.to as usize)
            .unwrap_or_default()
    }

    /// Runs of equal features, in an order that is the same on every machine.
    pub fn distinct(&self) -> impl Iterator<Item = &[Feature]> {
        self.all
            .chunk_by(|a, b| a.family == b.family && self.name(a) == self.name(b))
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

    fn push(&mut self, family: Family, parts: &[&str], place: (u32, u32)) {
        let from = self.names.len() as u32;
        for part in parts {
            self.names.push_str(part);
        }
        let hash = fnv(self.names.as_bytes().get(from as usize..).unwrap_or_default());
        self.all.push(Feature {
            family,
            hash,
            from,
            to: self.names.len() as u32,
            b0: place.0,
            b1: place.1,
        });
    }

    /// Reads the features off a passage that the matcher has read.
    pub fn read(&mut self, scheme: &Scheme, matcher: &Matcher, text: &str, headings: &str) {
        self.names.clear();
        self.all.clear();
        for heading in headings.lines() {
            self.heading_chars(heading);
        }
        let words = Words { matcher, text };
        self.words(&words);
        self.lists(scheme, matcher);
        self.links(scheme, &words);
        self.form(matcher, text, headings);
        // Two names of one hash, should they ever meet, would be counted oftener than once: the sort is stable, so the
        // count is the same everywhere all the same.
        self.all.sort_by_key(|f| (f.family, f.hash, f.b0, f.b1));
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
                    self.push(Family::HeadingChars, &[gram], (0, 0));
                }
            }
        }
    }

    fn words(&mut self, words: &Words<'_>) {
        for i in 0..words.len() {
            let (base, place) = (words.base(i), words.place(i));
            if words.is_content(i) {
                self.push(Family::Word, &[base], place);
            }
            let next = i + 1;
            let pair = next < words.len() && !words.is_space(i) && !words.is_space(next);
            if pair && (words.is_content(i) || words.is_content(next)) {
                let place = (place.0, words.place(next).1);
                self.push(Family::Pair, &[base, "|", words.base(next)], place);
            }
        }
    }

    fn lists(&mut self, scheme: &Scheme, matcher: &Matcher) {
        let shades = Shades::of(&matcher.analysis);
        for (i, name) in lists(scheme) {
            for span in matcher.sets.get(i).into_iter().flatten() {
                let place = (span.b0, span.b1);
                self.push(Family::List, &[name], place);
                let bits = shades.at(&matcher.analysis, span.t0 as usize);
                for (bit, shade) in SHADES {
                    if bits & bit != 0 {
                        self.push(Family::Shade, &[name, ":", shade], place);
                    }
                }
                if bits & (shade::NEG | shade::POSSIBLE | shade::NEED | shade::HYPO) == 0 {
                    self.push(Family::Shade, &[name, ":fact"], place);
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
        for (set, name) in lists(scheme) {
            for span in words.matcher.sets.get(set).into_iter().flatten() {
                for noun in span.t0 as usize..(span.t1 as usize).min(words.len()) {
                    if matches!(words.role(noun), Role::Noun | Role::Sahen) {
                        self.links_of(name, noun, words);
                    }
                }
            }
        }
    }

    /// What is done to, at or by a noun of a list.
    fn links_of(&mut self, list: &str, noun: usize, words: &Words<'_>) {
        for verb in noun.saturating_sub(REACH)..(noun + REACH + 1).min(words.len()) {
            if verb == noun || !matches!(words.role(verb), Role::Verb | Role::Sahen) {
                continue;
            }
            let (a, b) = (words.place(noun), words.place(verb));
            let place = (a.0.min(b.0), a.1.max(b.1));
            for (link, label) in LINKS {
                if words
                    .matcher
                    .analysis
                    .linked(link, words.span(noun), words.span(verb))
                {
                    self.push(Family::Link, &[label, list, ">", words.base(verb)], place);
                }
            }
        }
    }

    fn form(&mut self, matcher: &Matcher, text: &str, headings: &str) {
        let mut push = |name: &str| self.push(Family::Form, &[name], (0, 0));
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

/// The hash FNV-1a of 64 bits (Fowler, Noll & Vo): fixed, unlike those of the standard library.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The named word lists of a scheme, with the numbers of their sets.
fn lists(scheme: &Scheme) -> impl Iterator<Item = (usize, &str)> {
    scheme
        .lexicon
        .sets
        .iter()
        .enumerate()
        .filter(|(_, name)| name.starts_with('@'))
        .map(|(i, name)| (i, name.as_str()))
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

/// The tokens of a passage as features name them.
struct Words<'a> {
    matcher: &'a Matcher,
    text: &'a str,
}

impl<'a> Words<'a> {
    fn len(&self) -> usize {
        self.matcher.bounds.len()
    }

    fn role(&self, i: usize) -> Role {
        self.matcher.analysis.role(i)
    }

    fn place(&self, i: usize) -> (u32, u32) {
        self.matcher.bounds.get(i).copied().unwrap_or_default()
    }

    fn span(&self, i: usize) -> Span {
        let (b0, b1) = self.place(i);
        let t0 = i as u32;
        Span {
            t0,
            t1: t0 + 1,
            b0,
            b1,
        }
    }

    fn surface(&self, i: usize) -> &'a str {
        let (b0, b1) = self.place(i);
        self.text.get(b0 as usize..b1 as usize).unwrap_or_default()
    }

    fn lexeme(&self, i: usize) -> Option<&'a Lexeme> {
        self.matcher.lexeme(i)
    }

    /// Dictionary form; figures are all the same word.
    fn base(&self, i: usize) -> &'a str {
        let base = match self.lexeme(i) {
            Some(lexeme) if !lexeme.base.is_empty() => lexeme.base.as_str(),
            _ => self.surface(i),
        };
        let figure = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '%');
        if !base.is_empty() && base.chars().all(figure) {
            "#"
        } else {
            base
        }
    }

    fn is_space(&self, i: usize) -> bool {
        self.lexeme(i).is_some_and(|l| l.sub == Sub::Space)
    }

    fn is_content(&self, i: usize) -> bool {
        let content = self.lexeme(i).is_some_and(|l| {
            matches!(
                l.pos,
                Pos::Noun | Pos::Verb | Pos::Adjective | Pos::Adverb | Pos::Prefix | Pos::Other
            )
        });
        let base = self.base(i);
        content && !self.is_space(i) && !base.trim().is_empty() && !STOP.contains(&base)
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
