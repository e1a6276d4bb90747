//! Passage → tokens: lindera over the embedded IPADIC and the user dictionary of the field.

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

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// First byte in the (normalised) text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// Dictionary form; the surface where the dictionary has none.
    pub base: String,
    /// Part of speech: 名詞, 動詞 … (IPADIC's first level).
    pub pos: String,
    /// IPADIC's second level: サ変接続, 自立 …
    pub pos1: String,
    /// Conjugation form: 未然形, 連用形 …; empty when it does not conjugate.
    pub form: String,
    /// Not in the dictionary.
    pub unknown: bool,
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
    /// * `terms` - the user dictionary: CSV of surface, part of speech, reading; empty for none.
    /// * `file` - how errors name it.
    ///
    /// # Errors
    /// A line of the user dictionary is malformed.
    pub fn new(terms: &str, file: &str) -> Result<Self, TokenizeError> {
        let dictionary: Dictionary =
            ipadic::load().map_err(|e| TokenizeError::Dictionary(e.to_string()))?;
        let user = if terms.trim().is_empty() {
            None
        } else {
            let builder = DictionaryBuilder::new((*dictionary.metadata).clone());
            Some(builder.build_user_dict_from_reader(terms.as_bytes()).map_err(|e| TokenizeError::Terms {
                file: file.to_owned(),
                message: e.to_string(),
            })?)
        };
        // Version 6 turned the ladder on by default; said here so that no upgrade changes tokens silently.
        let segmenter = Segmenter::new(Mode::Normal, dictionary, user)
            .unknown_word_ladder(true)
            .keep_whitespace(false);
        Ok(Self { segmenter })
    }

    /// A worker with buffers of its own.
    pub fn worker(&self) -> Worker {
        Worker { inner: self.segmenter.new_worker() }
    }
}

/// Tokenizes texts one after the other, reusing its buffers.
pub struct Worker {
    inner: SegmentWorker,
}

impl Worker {
    /// The tokens of a text in reading order.
    ///
    /// # Errors
    /// The segmenter fails, which no input is known to cause.
    pub fn tokenize(&mut self, text: &str) -> Result<Vec<Token>, TokenizeError> {
        let tokens = self.inner.segment(text).map_err(|e| TokenizeError::Segment(e.to_string()))?;
        Ok(tokens
            .into_iter()
            .map(|mut t| {
                let (start, end) = (t.byte_start, t.byte_end);
                let unknown = t.word_id.is_unknown();
                let d = t.details();
                let field = |i: usize| d.get(i).copied().filter(|s| *s != "*").unwrap_or("").to_owned();
                let base = match field(6) {
                    b if b.is_empty() => text[start..end].to_owned(),
                    b => b,
                };
                Token { start, end, base, pos: field(0), pos1: field(1), form: field(5), unknown }
            })
            .collect())
    }
}
