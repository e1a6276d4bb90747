//! Tokens → sentences, clauses and how nouns belong to verbs.
//!
//! No parser: Japanese puts the verb last and marks its nouns with particles, so that particles and the order of
//! words settle who does what to what in nearly every sentence of a report, at a hundredth of the cost.

use crate::scheme::syntax::{Filter, Link};
use crate::tokenize::{Form, Lexeme, Pos, Sub, Token};

/// A stretch of the text: tokens and bytes, ends exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub t0: u32,
    pub t1: u32,
    pub b0: u32,
    pub b1: u32,
}

impl Span {
    /// The smallest span around both.
    pub fn hull(self, other: Self) -> Self {
        Self {
            t0: self.t0.min(other.t0),
            t1: self.t1.max(other.t1),
            b0: self.b0.min(other.b0),
            b1: self.b1.max(other.b1),
        }
    }

    /// Tokens between the two; 0 if they touch or overlap.
    pub fn gap(self, other: Self) -> usize {
        let (first, second) = if self.t0 <= other.t0 {
            (self, other)
        } else {
            (other, self)
        };
        second.t0.saturating_sub(first.t1) as usize
    }
}

/// What a token does in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Role {
    Noun,
    /// 名詞-サ変接続.
    Sahen,
    Wo,
    Ga,
    /// は, も and their like: topic.
    Topic,
    /// に, へ, に対して, における …
    Ni,
    /// で, から, より.
    De,
    No,
    /// と, や, 及び, 並びに, ・: joins nouns.
    Joins,
    /// について, に関する.
    About,
    /// など, まで and other particles inside a noun phrase.
    Soft,
    /// として, により, を通じて: ends the noun phrase without making it an object.
    OtherCase,
    Verb,
    /// する, できる, 行う …: carries a サ変 noun.
    Light,
    /// Auxiliaries and dependent verbs: ます, た, いる, おる, て.
    Tail,
    Adjective,
    Comma,
    Open,
    Close,
    Period,
    /// A space or tab between items, or a slash.
    Break,
    #[default]
    Other,
}

/// Shades of a predicate, as bits.
pub(crate) mod shade {
    pub const NEG: u16 = 1;
    pub const POSSIBLE: u16 = 2;
    pub const PLAN: u16 = 4;
    pub const NEED: u16 = 8;
    pub const HYPO: u16 = 16;
    pub const PAST: u16 = 32;
    pub const PASSIVE: u16 = 64;
    /// 場合, 際 and their like: end a clause before a comma.
    pub const ADVERBIAL: u16 = 128;
    /// 可能 and 性: IPADIC cuts 可能性 in two, and only the whole is a possibility.
    pub const CAN: u16 = 256;
    pub const NESS: u16 = 512;
    /// リスク and 危険: a possibility where they are there (リスクがある), not where something is done about them.
    pub const RISK: u16 = 1024;
    /// が and ものの between clauses: 対策を講じておりますが、…. What comes behind does not shade what stands before.
    pub const BUT: u16 = 2048;
}

/// What does not change from text to text for a lexeme.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Traits {
    pub role: Role,
    pub shades: u16,
}

impl Traits {
    /// Reads them off a lexeme and its surface.
    pub fn of(lexeme: &Lexeme, surface: &str) -> Self {
        let base = if lexeme.base.is_empty() {
            surface
        } else {
            lexeme.base.as_str()
        };
        Self {
            role: role(lexeme, base, surface),
            shades: shades(lexeme, base),
        }
    }
}

fn role(lexeme: &Lexeme, base: &str, surface: &str) -> Role {
    if surface.trim().is_empty() || matches!(surface, "/" | "|" | ";") {
        return Role::Break;
    }
    match (lexeme.pos, lexeme.sub) {
        (Pos::Noun, Sub::Sahen) if !lexeme.unknown => Role::Sahen,
        (Pos::Noun, Sub::Sahen) if surface.chars().all(|c| c.is_ascii_punctuation()) => ascii_mark(surface),
        (Pos::Noun | Pos::Prefix | Pos::Adnominal, _) => Role::Noun,
        (Pos::Particle, _) => particle(base),
        (Pos::Verb, Sub::Independent) => match base {
            "する" | "できる" | "行う" | "行なう" | "いたす" | "致す" | "図る" | "なさる" => {
                Role::Light
            }
            _ => Role::Verb,
        },
        (Pos::Verb | Pos::Auxiliary, _) => Role::Tail,
        (Pos::Adjective, _) => Role::Adjective,
        (Pos::Symbol, _) => symbol(lexeme.sub, surface),
        (Pos::Conjunction, _) => match base {
            "及び" | "および" | "並びに" | "ならびに" | "または" | "又は" | "もしくは" | "若しくは"
            | "あるいは" => Role::Joins,
            _ => Role::Other,
        },
        _ => match surface {
            "・" => Role::Joins,
            _ => Role::Other,
        },
    }
}

fn particle(base: &str) -> Role {
    match base {
        "を" => Role::Wo,
        "が" => Role::Ga,
        "は" | "も" => Role::Topic,
        "に" | "へ" | "に対して" | "に対し" | "に対する" | "における" | "において" | "にて" | "に際して" => {
            Role::Ni
        }
        "で" | "から" | "より" => Role::De,
        "の" => Role::No,
        "と" | "や" | "とか" | "やら" => Role::Joins,
        "について" | "に関する" | "に関して" | "にかかわる" | "に係る" | "につき" => {
            Role::About
        }
        "など" | "等" | "まで" | "だけ" | "のみ" | "ごと" | "くらい" | "ほど" | "か" => {
            Role::Soft
        }
        "て" | "ば" | "ながら" | "つつ" | "ので" | "のに" => Role::Tail,
        _ => Role::OtherCase,
    }
}

fn symbol(sub: Sub, surface: &str) -> Role {
    match (sub, surface) {
        (Sub::Period, _) | (_, "。" | "!" | "?") => Role::Period,
        (Sub::Comma, _) | (_, "、" | ",") => Role::Comma,
        (Sub::Open, _) => Role::Open,
        (Sub::Close, _) => Role::Close,
        (_, "・") => Role::Joins,
        _ => Role::Other,
    }
}

fn ascii_mark(surface: &str) -> Role {
    match surface {
        "(" | "[" | "{" => Role::Open,
        ")" | "]" | "}" => Role::Close,
        "," => Role::Comma,
        "!" | "?" => Role::Period,
        "&" => Role::Joins,
        _ => Role::Other,
    }
}

fn shades(lexeme: &Lexeme, base: &str) -> u16 {
    let mut bits = match base {
        "ない" | "ぬ" | "ん" | "ず" | "無い" => shade::NEG,
        "可能" => shade::CAN,
        "性" => shade::NESS,
        "可能性" | "おそれ" | "恐れ" | "懸念" | "危険性" | "かねる" => shade::POSSIBLE,
        "リスク" | "危険" => shade::RISK,
        "予定" | "計画" | "検討" | "目指す" | "今後" => shade::PLAN,
        "必要" | "重要" | "不可欠" | "べし" | "求める" | "課題" | "望ましい" | "欠かす" => {
            shade::NEED
        }
        "場合" | "とき" | "際" | "ば" => shade::HYPO,
        // たら, だら and なら
        "た" | "だ" if lexeme.form == Form::Conditional => shade::HYPO,
        "れる" | "られる" => shade::PASSIVE,
        "た" | "だ" if lexeme.pos == Pos::Auxiliary && lexeme.form == Form::Base => shade::PAST,
        _ => 0,
    };
    if lexeme.sub == Sub::Conjunctive && matches!(base, "が" | "ものの" | "けれども" | "けれど") {
        bits |= shade::BUT;
    }
    if lexeme.pos == Pos::Noun && base == "ん" {
        bits = 0;
    }
    if matches!(
        base,
        "場合"
            | "とき"
            | "際"
            | "ため"
            | "時"
            | "上"
            | "うえ"
            | "ほか"
            | "もの"
            | "一方"
            | "よう"
            | "中"
            | "なか"
            | "後"
    ) {
        bits |= shade::ADVERBIAL;
    }
    bits
}

/// Sentences and clauses of a text, by token.
#[derive(Debug, Default)]
pub(crate) struct Analysis {
    pub traits: Vec<Traits>,
    pub sentence: Vec<u32>,
    pub clause: Vec<u32>,
}

impl Analysis {
    /// Cuts the tokens into sentences and clauses.
    pub fn analyse(&mut self, tokens: &[Token], text: &str, lexemes: &[Lexeme], known: &[Traits]) {
        self.traits.clear();
        self.sentence.clear();
        self.clause.clear();
        let (mut sentence, mut clause) = (0, 0);
        for (i, token) in tokens.iter().enumerate() {
            let mut here = match lexemes.get(token.lexeme as usize) {
                // All unknown words of a kind are one lexeme, marks among them: what they are is their surface's.
                Some(lexeme) if lexeme.unknown => Traits::of(
                    lexeme,
                    text.get(token.start as usize..token.end as usize)
                        .unwrap_or_default(),
                ),
                _ => known.get(token.lexeme as usize).copied().unwrap_or_default(),
            };
            if here.shades & shade::NESS != 0
                && self
                    .traits
                    .last()
                    .is_some_and(|t| t.shades & (shade::CAN | shade::RISK) != 0)
            {
                here.shades |= shade::POSSIBLE;
            }
            let after_predicate = self
                .traits
                .last()
                .is_some_and(|t| matches!(t.role, Role::Verb | Role::Light | Role::Tail | Role::Adjective));
            if !after_predicate {
                // The dictionary takes some が behind a noun for the conjunction.
                here.shades &= !shade::BUT;
            }
            if matches!(here.role, Role::Ga | Role::Topic)
                && here.shades & shade::BUT == 0
                && let Some(risk) = self.traits.last_mut().filter(|t| t.shades & shade::RISK != 0)
            {
                risk.shades |= shade::POSSIBLE;
            }
            self.sentence.push(sentence);
            self.clause.push(clause);
            match here.role {
                Role::Period => {
                    sentence += 1;
                    clause += 1;
                }
                Role::Break => clause += 1,
                Role::Comma if i > 0 && self.ends_clause(i - 1, tokens, lexemes) => clause += 1,
                _ => {}
            }
            self.traits.push(here);
        }
    }

    /// A comma after this token ends a clause: a verb, its tail, て, が, or 場合, ため, 際.
    fn ends_clause(&self, i: usize, tokens: &[Token], lexemes: &[Lexeme]) -> bool {
        let Some(here) = self.traits.get(i) else {
            return false;
        };
        if here.shades & shade::ADVERBIAL != 0 {
            return true;
        }
        match here.role {
            Role::Verb | Role::Light | Role::Tail | Role::Adjective => true,
            Role::Ga | Role::De | Role::OtherCase | Role::Joins => {
                let lexeme = tokens.get(i).and_then(|t| lexemes.get(t.lexeme as usize));
                lexeme.is_some_and(|l| l.sub == Sub::Conjunctive)
                    || (here.role == Role::Joins && i > 0 && self.role(i - 1) == Role::Tail)
            }
            _ => false,
        }
    }

    pub fn role(&self, i: usize) -> Role {
        self.traits.get(i).map_or(Role::Period, |t| t.role)
    }

    fn shades_of(&self, i: usize) -> u16 {
        self.traits.get(i).map_or(0, |t| t.shades)
    }

    fn same_sentence(&self, a: usize, b: usize) -> bool {
        self.sentence
            .get(a)
            .is_some_and(|s| self.sentence.get(b) == Some(s))
    }

    /// Whether the predicate that governs a span has a shade.
    pub fn filter(&self, span: Span, filter: Filter) -> bool {
        let (t0, t1) = (span.t0 as usize, span.t1 as usize);
        let clause = self.clause.get(t0);
        let in_clause = |bits: u16| {
            (t0..self.clause.len())
                .take_while(|i| self.clause.get(*i) == clause)
                .any(|i| self.shades_of(i) & bits != 0)
        };
        let in_sentence = |from: usize, bits: u16| {
            (from..self.sentence.len())
                .take_while(|i| self.same_sentence(t0, *i) && self.shades_of(*i) & shade::BUT == 0)
                .any(|i| self.shades_of(i) & bits != 0)
        };
        match filter {
            Filter::Neg => in_clause(shade::NEG),
            Filter::Possible => in_sentence(t1, shade::POSSIBLE),
            Filter::Plan => in_clause(shade::PLAN),
            Filter::Need => in_sentence(t1, shade::NEED),
            Filter::Hypo => in_clause(shade::HYPO),
            Filter::Past => in_clause(shade::PAST),
            Filter::Passive => in_clause(shade::PASSIVE),
            Filter::First => span.t0 == 0,
            Filter::Main => {
                let mut rest = (t1..self.sentence.len()).take_while(|i| self.same_sentence(t0, *i));
                rest.all(|i| self.clause.get(i) == clause)
            }
            Filter::Fact => {
                !in_clause(shade::NEG | shade::HYPO) && !in_sentence(t1, shade::POSSIBLE | shade::NEED)
            }
        }
    }

    /// The text has no finite predicate: a list item, a label, a row.
    pub fn is_item(&self) -> bool {
        !self
            .traits
            .iter()
            .any(|t| matches!(t.role, Role::Verb | Role::Light | Role::Tail))
    }

    /// Whether `noun` belongs to `verb` in this way.
    pub fn linked(&self, link: Link, noun: Span, verb: Span) -> bool {
        if noun.t0 < verb.t1 && verb.t0 < noun.t1 {
            return false;
        }
        if verb.t0 < noun.t0 {
            return matches!(link, Link::Object | Link::On) && self.relative(noun, verb);
        }
        match link {
            Link::On => self.governed(Link::Object, noun, verb) || self.governed(Link::Target, noun, verb),
            link => self.governed(link, noun, verb),
        }
    }

    /// 定めた方針: the verb stands before its noun, with nothing but its own endings and the noun's epithets between.
    fn relative(&self, noun: Span, verb: Span) -> bool {
        let (from, to) = (verb.t1 as usize, noun.t0 as usize);
        if to - from > 10 || !self.same_sentence(verb.t0 as usize, to) {
            return false;
        }
        let verbal = matches!(
            self.role(from.saturating_sub(1)),
            Role::Verb | Role::Light | Role::Tail
        );
        let tail = |r: Role| matches!(r, Role::Tail | Role::Light);
        let mut quoted = false;
        let close = (from..to).all(|i| {
            let role = self.role(i);
            quoted |= role == Role::Open;
            let epithet = matches!(role, Role::Noun | Role::Sahen | Role::Open | Role::Adjective);
            // Inside the quoted name of a document particles do not part it from its verb.
            tail(role)
                || epithet
                || (quoted && matches!(role, Role::No | Role::About | Role::Joins | Role::Wo))
        });
        close && (verbal || tail(self.role(from)))
    }

    /// The noun phrase that begins with `noun` ends in the particle the link asks for, and `verb` is the next to
    /// take it.
    fn governed(&self, link: Link, noun: Span, verb: Span) -> bool {
        let goal = verb.t0 as usize;
        if goal - (noun.t0 as usize) > 60 || !self.same_sentence(noun.t0 as usize, goal) {
            return false;
        }
        let (mut joined, mut genitives) = (false, 0);
        let mut i = noun.t1 as usize;
        while i < goal {
            match self.role(i) {
                Role::Noun | Role::Sahen | Role::Open | Role::Close | Role::Soft | Role::Other => {}
                Role::Joins => joined = true,
                Role::Comma => joined = true,
                Role::No if genitives < 2 => genitives += 1,
                Role::Wo => return link == Link::Object && self.reaches(i + 1, goal, 1),
                Role::About => return link == Link::Object && self.reaches(i + 1, goal, 2),
                Role::Ga => {
                    return link != Link::Target
                        && self.reaches(i + 1, goal, if link == Link::Subject { 4 } else { 1 });
                }
                Role::Topic => {
                    return link != Link::Target
                        && self.reaches(i + 1, goal, if link == Link::Subject { 4 } else { 1 });
                }
                Role::Ni | Role::De => return self.after_ni(link, i + 1, goal),
                _ => return false,
            }
            i += 1;
        }
        // 方針の策定, 方針策定, 委託先の監査: the verb as a noun right behind its own.
        !joined && link != Link::Subject
    }

    /// Behind に and で: 取引先に…求める, 取引先への…, 当社では….
    fn after_ni(&self, link: Link, i: usize, goal: usize) -> bool {
        match (self.role(i), link) {
            (Role::Topic, Link::Subject) => self.reaches(i + 1, goal, 4),
            (Role::No | Role::Topic, Link::Target) => self.reaches(i + 1, goal, 4),
            (_, Link::Target) => self.reaches(i, goal, 4),
            _ => false,
        }
    }

    /// From `from` on nothing takes the noun away before `goal`: fewer than `objects` を, at most two verbs.
    fn reaches(&self, from: usize, goal: usize, objects: usize) -> bool {
        let (mut seen, mut verbs) = (0, 0);
        for i in from..goal {
            match self.role(i) {
                Role::Wo => seen += 1,
                Role::Verb => verbs += 1,
                _ => {}
            }
        }
        seen < objects.max(1) && verbs <= 2
    }
}
