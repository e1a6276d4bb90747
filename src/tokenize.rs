//! Passage → tokens: lindera over the embedded IPADIC and the user dictionary of the field.

use std::collections::HashMap;

use lindera::dictionary::Dictionary;
use lindera::mode::Mode;
use lindera::segmenter::Segmenter;
use lindera::worker::SegmentWorker;
use lindera_dictionary::builder::DictionaryBuilder;

mod ipadic {
    #![allow(missing_docs)]
    lindera_dictionary::embedded_dictionary!("/ipadic", IpadicLoader);
}

/// Why a tokenizer could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TokenizeError {
    /// The embedded dictionary does not load: a build that went wrong.
    #[error("the embedded IPADIC does not load: {0}; build mieruka anew")]
    Dictionary(String),
    /// The user dictionary does not compile.
    #[error("{file}: {message}")]
    Terms {
        /// Which file.
        file: String,
        /// What is wrong.
        message: String,
    },
    /// A text could not be segmented.
    #[error("a text could not be segmented: {0}")]
    Segment(String),
}

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $ja:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
            /// Anything else, or nothing.
            #[default]
            Other,
        }

        impl $name {
            /// Every value with the name IPADIC gives it.
            pub const NAMES: &'static [(&'static str, Self)] = &[$(($ja, Self::$variant)),*];

            /// Reads IPADIC's name.
            pub fn of(name: &str) -> Self {
                Self::NAMES.iter().find(|(n, _)| *n == name).map_or(Self::Other, |(_, v)| *v)
            }
        }
    };
}

named! {
    /// Part of speech: IPADIC's first level.
    Pos {
        /// 名詞
        Noun = "名詞",
        /// 動詞
        Verb = "動詞",
        /// 形容詞
        Adjective = "形容詞",
        /// 副詞
        Adverb = "副詞",
        /// 助詞
        Particle = "助詞",
        /// 助動詞
        Auxiliary = "助動詞",
        /// 記号
        Symbol = "記号",
        /// 接頭詞
        Prefix = "接頭詞",
        /// 接続詞
        Conjunction = "接続詞",
        /// 連体詞
        Adnominal = "連体詞",
    }
}

named! {
    /// Part of speech: IPADIC's second level.
    Sub {
        /// 一般
        General = "一般",
        /// サ変接続: a noun that する makes a verb.
        Sahen = "サ変接続",
        /// 固有名詞
        Proper = "固有名詞",
        /// 数
        Number = "数",
        /// 接尾
        Suffix = "接尾",
        /// 非自立
        Dependent = "非自立",
        /// 形容動詞語幹
        AdjectivalNoun = "形容動詞語幹",
        /// 副詞可能
        AdverbialNoun = "副詞可能",
        /// 代名詞
        Pronoun = "代名詞",
        /// 自立
        Independent = "自立",
        /// 格助詞
        Case = "格助詞",
        /// 接続助詞
        Conjunctive = "接続助詞",
        /// 係助詞
        Binding = "係助詞",
        /// 副助詞
        Adverbial = "副助詞",
        /// 連体化: の.
        Attributive = "連体化",
        /// 並立助詞
        Parallel = "並立助詞",
        /// 句点
        Period = "句点",
        /// 読点
        Comma = "読点",
        /// 括弧開
        Open = "括弧開",
        /// 括弧閉
        Close = "括弧閉",
        /// 空白
        Space = "空白",
    }
}

named! {
    /// Conjugated form.
    Form {
        /// 基本形
        Base = "基本形",
        /// 未然形
        Imperfective = "未然形",
        /// 連用形
        Continuative = "連用形",
        /// 連用タ接続
        ContinuativeTa = "連用タ接続",
        /// 連用テ接続
        ContinuativeTe = "連用テ接続",
        /// 仮定形
        Conditional = "仮定形",
        /// 体言接続
        Attributive = "体言接続",
    }
}

/// A word of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// First byte in the (normalised) text.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
    /// Its entry in the worker's lexicon: see [`Worker::lexeme`].
    pub lexeme: u32,
}

/// What the dictionaries say of a word. Met once and kept by the worker, so that tokens are three numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lexeme {
    /// Dictionary form; empty where the dictionaries name none: then the surface is the base form.
    pub base: String,
    /// Part of speech.
    pub pos: Pos,
    /// Its second level.
    pub sub: Sub,
    /// Conjugated form.
    pub form: Form,
    /// In no dictionary.
    pub unknown: bool,
}

impl Lexeme {
    /// Reads IPADIC's fields, or the two of a short user dictionary line: `名詞-サ変接続`, reading.
    fn new<'a>(details: impl Iterator<Item = &'a str>, unknown: bool) -> Self {
        let fields: Vec<&str> = details.take(7).collect();
        let field = |i: usize| fields.get(i).copied().unwrap_or("");
        let (pos, sub) = match field(0).split_once('-') {
            Some(parts) => parts,
            None if fields.len() < 7 => (field(0), "一般"),
            None => (field(0), field(1)),
        };
        let base = if field(6) == "*" { "" } else { field(6) };
        let form = field(5).split('・').next().unwrap_or("");
        Self {
            base: base.to_owned(),
            pos: Pos::of(pos),
            sub: Sub::of(sub),
            form: Form::of(form),
            unknown,
        }
    }
}

/// Compiled once and shared; each thread takes a [`Worker`].
#[derive(Clone)]
pub struct Tokenizer {
    segmenter: Segmenter,
}

impl Tokenizer {
    /// Loads the embedded IPADIC and compiles a user dictionary.
    ///
    /// # Arguments
    /// * `terms` - the user dictionary: CSV of surface, part of speech, reading (or the thirteen columns of IPADIC);
    ///   lines that begin with `#` are comments; empty for none.
    /// * `file` - how errors name it.
    ///
    /// # Errors
    /// A line of the user dictionary is malformed.
    pub fn new(terms: &str, file: &str) -> Result<Self, TokenizeError> {
        let dictionary: Dictionary = ipadic::load().map_err(|e| TokenizeError::Dictionary(e.to_string()))?;
        let terms = checked_terms(terms, file)?;
        let user = if terms.is_empty() {
            None
        } else {
            let builder = DictionaryBuilder::new(dictionary.metadata.as_ref().clone());
            Some(
                builder
                    .build_user_dict_from_reader(terms.as_bytes())
                    .map_err(|e| TokenizeError::Terms {
                        file: file.to_owned(),
                        message: e.to_string(),
                    })?,
            )
        };
        // Version 6 turned the ladder on by default; said here so that no upgrade changes tokens silently.
        let segmenter = Segmenter::new(Mode::Normal, dictionary, user)
            .unknown_word_ladder(true)
            .keep_whitespace(true);
        Ok(Self { segmenter })
    }

    /// A worker with buffers of its own.
    pub fn worker(&self) -> Worker {
        Worker {
            inner: self.segmenter.new_worker(),
            lexemes: Vec::new(),
            by_word: HashMap::default(),
        }
    }
}

/// The lines of a user dictionary without comments, each checked so that an error can name its line.
fn checked_terms(terms: &str, file: &str) -> Result<String, TokenizeError> {
    let mut kept = String::with_capacity(terms.len());
    for (number, line) in terms.trim_start_matches('\u{FEFF}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let fields = line.split(',').count();
        let problem = match fields {
            3 | 13.. if !line.starts_with(',') => None,
            3 | 13.. => Some("the surface is empty".to_owned()),
            n => Some(format!(
                "{n} fields; write surface,part of speech,reading (or IPADIC's 13 columns)"
            )),
        };
        if let Some(message) = problem {
            return Err(TokenizeError::Terms {
                file: file.to_owned(),
                message: format!("line {}: {message}", number + 1),
            });
        }
        kept.push_str(line);
        kept.push('\n');
    }
    Ok(kept)
}

/// Tokenizes texts one after the other, reusing its buffers.
pub struct Worker {
    inner: SegmentWorker,
    lexemes: Vec<Lexeme>,
    /// Only looked up, never iterated: its order cannot reach the output.
    by_word: HashMap<(u8, u32), u32>,
}

impl Worker {
    /// Puts the tokens of a text in reading order into `tokens`, which is emptied first.
    ///
    /// # Errors
    /// The segmenter fails, which no input is known to cause.
    pub fn tokenize(&mut self, text: &str, tokens: &mut Vec<Token>) -> Result<(), TokenizeError> {
        tokens.clear();
        let found = self
            .inner
            .segment(text)
            .map_err(|e| TokenizeError::Segment(e.to_string()))?;
        for mut token in found {
            let kind = if token.word_id.is_unknown() {
                2
            } else if token.word_id.is_system() {
                0
            } else {
                1
            };
            let key = (kind, token.word_id.id());
            let lexeme = match self.by_word.get(&key) {
                Some(known) => *known,
                None => {
                    let lexeme = Lexeme::new(token.details_iter(), kind == 2);
                    let id = self.lexemes.len() as u32;
                    self.lexemes.push(lexeme);
                    self.by_word.insert(key, id);
                    id
                }
            };
            tokens.push(Token {
                start: token.byte_start as u32,
                end: token.byte_end as u32,
                lexeme,
            });
        }
        Ok(())
    }

    /// What the dictionaries say of a token of this worker.
    pub fn lexeme(&self, token: Token) -> &Lexeme {
        static NONE: Lexeme = Lexeme {
            base: String::new(),
            pos: Pos::Other,
            sub: Sub::Other,
            form: Form::Other,
            unknown: true,
        };
        self.lexemes.get(token.lexeme as usize).unwrap_or(&NONE)
    }

    /// Every lexeme met so far; a token's [`lexeme`](Token::lexeme) is an index into it.
    pub fn lexemes(&self) -> &[Lexeme] {
        &self.lexemes
    }

    /// The base form of a token: its dictionary form, or its surface where there is none.
    pub fn base<'a>(&'a self, token: Token, text: &'a str) -> &'a str {
        match &*self.lexeme(token).base {
            "" => text.get(token.start as usize..token.end as usize).unwrap_or(""),
            base => base,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(terms: &str, text: &str) -> Vec<(String, Pos)> {
        let tokenizer = Tokenizer::new(terms, "t.csv").unwrap();
        let mut worker = tokenizer.worker();
        let mut tokens = Vec::new();
        worker.tokenize(text, &mut tokens).unwrap();
        tokens
            .iter()
            .map(|t| (worker.base(*t, text).to_owned(), worker.lexeme(*t).pos))
            .collect()
    }

    #[test]
    fn base_forms_and_parts_of_speech() {
        let found = words("", "方針を定めました。");
        let bases: Vec<&str> = found.iter().map(|(b, _)| b.as_str()).collect();
        assert_eq!(bases, ["方針", "を", "定める", "ます", "た", "。"]);
        assert_eq!((found[0].1, found[2].1), (Pos::Noun, Pos::Verb));
    }

    #[test]
    fn a_term_of_the_user_dictionary_is_one_token() {
        let count = |terms| words(terms, "日本シーサート協議会に加盟").len();
        assert_eq!(count("日本シーサート協議会,名詞,ニホンシーサートキョウギカイ"), 3);
        assert!(count("") > 3);
    }

    #[test]
    fn tokens_cover_the_text() {
        let tokenizer = Tokenizer::new("", "t.csv").unwrap();
        let mut worker = tokenizer.worker();
        let mut tokens = Vec::new();
        let text = "監査 12回\tISO 27001、𠮷野家";
        worker.tokenize(text, &mut tokens).unwrap();
        let mut at = 0;
        for t in &tokens {
            assert_eq!(t.start, at);
            at = t.end;
        }
        assert_eq!(at as usize, text.len());
    }

    #[test]
    fn a_malformed_line_is_named() {
        let error = Tokenizer::new("# 注\n監査,名詞\n", "terms.csv")
            .err()
            .unwrap()
            .to_string();
        assert!(error.starts_with("terms.csv: line 2: 2 fields"), "{error}");
    }
}
