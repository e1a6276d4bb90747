//! Documents → the countable elements of the five qualities of good disclosure.
//!
//! The elements are listed in `dictionaries/quality.toml`; what they look for in words is a scheme like any other
//! (`dictionaries/schemes/quality.toml`), tried on the passages that are in scope. Elements are counted, never weighted.
//!
//! Source of the qualities and of what can be counted of them: 総務省「サイバーセキュリティ対策情報開示の手引き」
//! (2019), section 3(2).

mod file;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::coding::{Coder, CodingInput, CodingWorker, DocumentVariables};
use crate::facts::Fact;
use crate::normalize::normalize;
use crate::passage::{Passage, PassageKind};
use crate::scheme::Scheme;
use crate::tokenize::{TokenizeError, Tokenizer};

use file::{Element, Source};
pub use file::{Problem, QualityError};

/// How an element is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElementLabel {
    /// E.g. `top_message`.
    pub id: String,
    /// The quality it belongs to: 目的適合性, 表現真正性, 比較可能性, 理解容易性, 適時公表性.
    pub quality: String,
    /// Japanese label.
    pub ja: String,
    /// English label.
    pub en: String,
    /// It is a number and no 1 or 0.
    pub is_number: bool,
}

/// What a document shows of one element.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ElementRecord {
    /// Passages that show it.
    pub passages: u32,
    /// The number, where the element is one and there is anything to measure.
    pub number: Option<f64>,
    /// First page that shows it.
    pub first_page: u32,
    /// First passage that shows it.
    pub passage_id: String,
    /// The sentence that shows it there.
    pub quote: String,
}

/// The elements with the scheme that finds them, shared by all threads.
pub struct Quality {
    elements: Vec<Element>,
    coder: Coder,
}

impl Quality {
    /// Joins the list of elements and their scheme.
    ///
    /// # Arguments
    /// * `text`, `file` - `dictionaries/quality.toml` and how errors name it.
    /// * `scheme` - `dictionaries/schemes/quality.toml`, compiled.
    ///
    /// # Errors
    /// Everything that is wrong with the list, with lines; also a code of the scheme that is no element.
    pub fn new(text: &str, file: &str, scheme: Scheme, tokenizer: Tokenizer) -> Result<Self, QualityError> {
        Ok(Self {
            elements: file::read(text, file, &scheme)?,
            coder: Coder::new(Arc::new(scheme), tokenizer),
        })
    }

    /// The elements in the order of the file.
    pub fn labels(&self) -> Vec<ElementLabel> {
        self.elements.iter().map(|e| e.label.clone()).collect()
    }

    /// A worker with buffers of its own.
    pub fn worker(&self) -> QualityWorker<'_> {
        QualityWorker {
            elements: &self.elements,
            coding: self.coder.worker(),
        }
    }
}

/// Goes through documents one after the other.
pub struct QualityWorker<'a> {
    elements: &'a [Element],
    coding: CodingWorker,
}

/// An in-scope passage with what was found in it.
#[derive(Clone, Copy)]
pub struct QualityInput<'a> {
    /// The passage.
    pub passage: &'a Passage,
    /// Its facts.
    pub facts: &'a [Fact],
}

/// Where in a passage an element is shown: characters of the text as printed.
type Span = (usize, usize);

impl QualityWorker<'_> {
    /// What a document shows of every element, in the order of the file.
    ///
    /// # Arguments
    /// * `inputs` - its passages that are in scope, in reading order.
    /// * `all` - all its passages.
    /// * `fiscal_year` - against which years told are recent.
    /// * `quote` - cuts the sentence around some characters out of a text.
    ///
    /// # Errors
    /// A text cannot be segmented, which no input is known to cause.
    pub fn document(
        &mut self,
        inputs: &[QualityInput<'_>],
        all: &[Passage],
        variables: DocumentVariables<'_>,
        quote: &dyn Fn(&str, usize, usize) -> String,
    ) -> Result<Vec<ElementRecord>, TokenizeError> {
        let mut records = vec![ElementRecord::default(); self.elements.len()];
        for input in inputs {
            let shown = self.passage(input, variables)?;
            for (record, span) in records.iter_mut().zip(shown) {
                if let Some((start, end)) = span {
                    add(record, input.passage, quote(&input.passage.text, start, end));
                }
            }
        }
        for (element, record) in self.elements.iter().zip(&mut records) {
            match &element.source {
                Source::SentenceLength => record.number = sentence_length(inputs),
                Source::Caption(pattern) => captions(pattern, inputs, all, record),
                Source::Passages { .. } => {}
            }
        }
        Ok(records)
    }

    /// By element: where the passage shows it.
    fn passage(
        &mut self,
        input: &QualityInput<'_>,
        variables: DocumentVariables<'_>,
    ) -> Result<Vec<Option<Span>>, TokenizeError> {
        let passage = input.passage;
        let coding = self.coding.code(&CodingInput {
            text: &passage.text,
            headings: &passage.headings,
            previous: passage.previous.as_deref(),
            variables,
        })?;
        let shown = self.elements.iter().map(|element| {
            let Source::Passages { facts, within } = &element.source else {
                return None;
            };
            let said = coding.evidence.iter().filter(|e| e.code == element.label.id);
            let told = input.facts.iter().filter(|f| facts.iter().any(|x| x.is(f)));
            let mut spans = said
                .map(|e| (e.start, e.end))
                .chain(told.map(|f| (f.start, f.end)))
                .filter(|span| match (within, variables.year) {
                    (Some(years), Some(year)) => is_recent(&passage.text, *span, year, *years),
                    _ => true,
                });
            spans.next()
        });
        Ok(shown.collect())
    }
}

fn add(record: &mut ElementRecord, passage: &Passage, quote: String) {
    if record.passages == 0 {
        record.first_page = passage.pages.first().copied().unwrap_or(0);
        record.passage_id = passage.id.clone();
        record.quote = quote;
    }
    record.passages += 1;
}

/// Whether a year told in the sentences of the span lies so near the fiscal year.
fn is_recent(text: &str, (start, end): Span, fiscal_year: u32, years: u32) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let (start, end) = (start.min(chars.len()), end.min(chars.len()));
    let before = chars.get(..start).unwrap_or_default();
    let from = before.iter().rposition(|c| *c == '。').map_or(0, |i| i + 1);
    let after = chars.get(end..).unwrap_or_default();
    let to = after
        .iter()
        .position(|c| *c == '。')
        .map_or(chars.len(), |i| end + i);
    let sentence: String = chars.get(from..to).unwrap_or_default().iter().collect();
    let sentence = normalize(&sentence).text;
    if ["昨年", "本年", "当年度", "当期", "当事業年度"]
        .iter()
        .any(|w| sentence.contains(w))
    {
        return true;
    }
    sentence.match_indices('年').any(|(at, _)| {
        let before = sentence.get(..at).unwrap_or("");
        let digits: String = before.chars().rev().take_while(char::is_ascii_digit).collect();
        let digits: String = digits.chars().rev().collect();
        let reiwa = before.strip_suffix(&digits).is_some_and(|b| b.ends_with("令和"));
        let year = digits
            .parse::<u32>()
            .ok()
            .map(|n| if reiwa { n.saturating_add(2018) } else { n });
        year.is_some_and(|y| y.abs_diff(fiscal_year) <= years)
    })
}

/// Characters of the sentences that end in 。, without white space, on average over the paragraphs and list items.
fn sentence_length(inputs: &[QualityInput<'_>]) -> Option<f64> {
    let (mut sentences, mut chars) = (0u64, 0u64);
    for input in inputs.iter().filter(|i| i.passage.kind != PassageKind::TableRow) {
        // What follows the last 。 is no sentence.
        let text = &input.passage.text;
        let ended = text.rfind('。').and_then(|at| text.get(..at + '。'.len_utf8()));
        for sentence in ended.unwrap_or("").split_inclusive('。') {
            sentences += 1;
            chars += sentence.chars().filter(|c| !c.is_whitespace()).count() as u64;
        }
    }
    (sentences > 0).then(|| chars as f64 / sentences as f64)
}

/// Captions on the pages of the passages in scope: passages of these pages, and headings above the passages in scope.
fn captions(
    pattern: &regex::Regex,
    inputs: &[QualityInput<'_>],
    all: &[Passage],
    record: &mut ElementRecord,
) {
    let pages: Vec<u32> = inputs
        .iter()
        .flat_map(|i| i.passage.pages.iter().copied())
        .collect();
    for passage in all
        .iter()
        .filter(|p| p.pages.iter().any(|page| pages.contains(page)))
    {
        let mut texts = std::iter::once(&passage.text).chain(passage.headings.last());
        if let Some(caption) =
            texts.find(|t| t.chars().count() <= CAPTION && pattern.is_match(&normalize(t).text))
        {
            add(record, passage, caption.clone());
        }
    }
}

/// Characters of the longest caption.
const CAPTION: usize = 60;
