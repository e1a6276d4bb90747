//! The whole job: every document of a corpus through the arrows, in parallel, and back in manifest order.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Instant;

use crate::coding::{Coder, Coding, CodingInput, CodingWorker, DocumentVariables, Quote};
use crate::extract::{DocumentStatus, Engine, Extraction, Page, PageStatus, STACK};
use crate::facts::{Fact, FactFinder, FactInput};
use crate::layout::lay_out;
use crate::manifest::{Corpus, Document};
use crate::passage::{Passage, cut};
use crate::provenance::{Seconds, sha256_file};
use crate::quality::{Quality, QualityInput, QualityWorker};
use crate::tables::{CodedPassage, DocumentRecord};

/// A document gone through: its row, its in-scope passages with their codes, and what it cost.
pub struct Finished {
    /// The row of `documents.csv` and what the tables count.
    pub record: DocumentRecord,
    /// The in-scope passages with their text, for `passages.csv`.
    pub passages: Vec<(Passage, Coding)>,
    /// Their facts, for `facts.csv`: place of the passage, the fact, the sentence that tells it.
    pub facts: Vec<(usize, Fact, String)>,
    /// Seconds by stage.
    pub seconds: Seconds,
}

/// What passages are read with: compiled once, shared by all threads.
#[derive(Clone, Copy)]
pub struct Instruments<'a> {
    /// Gives codes.
    pub coder: &'a Coder,
    /// Finds facts.
    pub facts: &'a FactFinder,
    /// Finds the elements of the five qualities.
    pub quality: &'a Quality,
}

impl<'a> Instruments<'a> {
    /// The same with the buffers of one thread.
    fn at_hand(self) -> AtHand<'a> {
        AtHand {
            coding: self.coder.worker(),
            facts: self.facts,
            quality: self.quality.worker(),
        }
    }
}

/// [`Instruments`] in the hands of one thread.
struct AtHand<'a> {
    coding: CodingWorker,
    facts: &'a FactFinder,
    quality: QualityWorker<'a>,
}

/// Takes every document of the corpus through extraction, layout and coding.
///
/// Threads take the documents in manifest order one by one, so that what waits for its turn to be written stays
/// small; `sink` is called in manifest order whatever the number of threads.
///
/// # Arguments
/// * `instruments` - what passages are read with.
/// * `extract` - reads a file: [`extract_file`](crate::extract::extract_file) in this process, or the
///   [`extract`](crate::worker::Pool::extract) of a pool of workers, which no file can take down.
/// * `threads` - at least 1.
/// * `stop` - set by Ctrl-C: documents not begun get status interrupted.
///
/// # Errors
/// The first error of `sink`; no document is begun after it.
pub fn process<E: Send>(
    corpus: &Corpus,
    instruments: Instruments<'_>,
    extract: Extract,
    threads: usize,
    stop: &AtomicBool,
    mut sink: impl FnMut(Finished) -> Result<(), E>,
) -> Result<(), E> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.max(1))
        .stack_size(STACK)
        .build();
    let count = corpus.documents.len();
    let next = AtomicUsize::new(0);
    let abandoned = AtomicBool::new(false);
    let (sender, receiver) = mpsc::channel();
    let work = |sender: mpsc::Sender<(usize, Finished)>| {
        let mut at_hand = instruments.at_hand();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count || abandoned.load(Ordering::Relaxed) {
                return;
            }
            let finished = if stop.load(Ordering::Relaxed) {
                unread(
                    index,
                    DocumentStatus::Interrupted,
                    "the run was interrupted before this document",
                )
            } else {
                document(corpus, index, extract, &mut at_hand)
            };
            if sender.send((index, finished)).is_err() {
                return;
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let sender = sender;
            match &pool {
                Ok(pool) => {
                    pool.broadcast(|_| work(sender.clone()));
                }
                // A machine that grants no further thread still does the job.
                Err(_) => work(sender.clone()),
            }
        });
        let result = in_order(&receiver, count, &mut sink);
        abandoned.store(true, Ordering::Relaxed);
        result
    })
}

/// What reads a document.
pub type Extract<'a> = &'a (dyn Fn(&Path) -> Extraction + Sync);

/// Hands what arrives in any order to `sink` in manifest order.
fn in_order<E>(
    receiver: &mpsc::Receiver<(usize, Finished)>,
    count: usize,
    sink: &mut impl FnMut(Finished) -> Result<(), E>,
) -> Result<(), E> {
    let mut waiting = BTreeMap::new();
    let mut turn = 0;
    while turn < count {
        let Ok((index, finished)) = receiver.recv() else {
            break;
        };
        waiting.insert(index, finished);
        while let Some(finished) = waiting.remove(&turn) {
            sink(finished)?;
            turn += 1;
        }
    }
    Ok(())
}

/// A row for a document that was not read.
fn unread(index: usize, status: DocumentStatus, reason: &str) -> Finished {
    let record = DocumentRecord {
        document: index,
        sha256: String::new(),
        pages: 0,
        pages_ok: 0,
        engine: String::new(),
        status,
        reason: reason.to_owned(),
        chars: 0,
        passages: 0,
        passages_in_scope: 0,
        coded: Vec::new(),
        elements: Vec::new(),
    };
    Finished {
        record,
        passages: Vec::new(),
        facts: Vec::new(),
        seconds: Seconds::default(),
    }
}

/// One document, whatever happens.
fn document(corpus: &Corpus, index: usize, extract: Extract, at_hand: &mut AtHand<'_>) -> Finished {
    let document = &corpus.documents[index];
    if document.missing {
        let reason = "not obtained, as the manifest or --allow-missing says";
        return unread(index, DocumentStatus::Missing, reason);
    }
    let industry = corpus
        .companies
        .get(document.company)
        .map_or("", |c| c.industry.as_str());
    // The engines catch their own panics; this catches ours, so that one document cannot end the run.
    let attempt = std::panic::catch_unwind(AssertUnwindSafe(|| {
        read(document, industry, index, extract, at_hand)
    }));
    attempt.unwrap_or_else(|_| {
        unread(
            index,
            DocumentStatus::Failed,
            "an internal error of mieruka; please report this document",
        )
    })
}

fn read(
    document: &Document,
    industry: &str,
    index: usize,
    extract: Extract,
    at_hand: &mut AtHand<'_>,
) -> Finished {
    let sha256 = match sha256_file(&document.file) {
        Ok(sum) => sum,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            return unread(index, DocumentStatus::Missing, "not on disk");
        }
        // A folder or an unreadable file: extraction tells which.
        Err(_) => String::new(),
    };
    if let Some(expected) = document
        .sha256
        .as_ref()
        .filter(|e| !sha256.is_empty() && **e != sha256)
    {
        let reason = format!(
            "the file is not the one of the manifest (sha256 {sha256}, not {expected}): restore it or mend the manifest"
        );
        let mut finished = unread(index, DocumentStatus::Failed, &reason);
        finished.record.sha256 = sha256;
        return finished;
    }
    let mut clock = Clock(Instant::now());
    let mut seconds = Seconds::default();
    let extraction = extract(&document.file);
    seconds.extract = clock.lap();
    if extraction.status == DocumentStatus::Interrupted {
        // Half a document would look like one that does not disclose.
        return unread(index, extraction.status, &extraction.reason);
    }
    let passages = cut(&stem(&document.path), &lay_out(&extraction.pages));
    seconds.layout = clock.lap();
    let mut finished = code(index, &extraction, passages, document, industry, at_hand);
    seconds.code = clock.lap();
    finished.record.sha256 = sha256;
    finished.seconds = seconds;
    finished
}

/// What passage ids begin with: the path without its extension, which is unique in a corpus as a file name is not.
fn stem(path: &str) -> String {
    let extension = Path::new(path).extension().map_or(0, |e| e.len() + 1);
    path[..path.len() - extension].to_owned()
}

fn code(
    index: usize,
    extraction: &Extraction,
    passages: Vec<Passage>,
    document: &Document,
    industry: &str,
    at_hand: &mut AtHand<'_>,
) -> Finished {
    let mut finished = unread(index, extraction.status, &extraction.reason);
    let record = &mut finished.record;
    record.pages = count(extraction.pages.len());
    let read = |page: &&Page| matches!(page.status, PageStatus::Ok | PageStatus::Empty);
    // The pages of a cut file are there, but what was on them is not.
    record.pages_ok = match extraction.status {
        DocumentStatus::Failed => 0,
        _ => count(extraction.pages.iter().filter(read).count()),
    };
    record.engine = engines(extraction);
    record.passages = count(passages.len());
    let variables = DocumentVariables {
        kind: Some(&document.kind),
        industry: Some(industry),
        year: u32::try_from(document.fiscal_year).ok(),
    };
    let mut in_scope: Vec<Option<Coding>> = Vec::with_capacity(passages.len());
    for passage in &passages {
        let chars = passage.text.chars().count();
        record.chars += chars as u64;
        let input = CodingInput {
            text: &passage.text,
            headings: &passage.headings,
            previous: passage.previous.as_deref(),
            variables,
        };
        in_scope.push(match at_hand.coding.code(&input) {
            Ok(coding) if coding.in_scope => {
                record.coded.push(coded(passage, &coding, chars, &record.coded));
                Some(coding)
            }
            Ok(_) => None,
            Err(e) => {
                record.status = DocumentStatus::Partial;
                record.reason = format!("passage {} could not be coded: {e}", passage.id);
                None
            }
        });
    }
    record.passages_in_scope = count(record.coded.len());
    find(&mut finished, &passages, &in_scope, variables, at_hand);
    let coded = passages.into_iter().zip(in_scope);
    finished.passages = coded.filter_map(|(p, coding)| Some((p, coding?))).collect();
    finished
}

/// The facts of the passages in scope, and what the document shows of the five qualities.
fn find(
    finished: &mut Finished,
    passages: &[Passage],
    in_scope: &[Option<Coding>],
    variables: DocumentVariables<'_>,
    at_hand: &mut AtHand<'_>,
) {
    let of_scope: Vec<&Passage> = passages
        .iter()
        .zip(in_scope)
        .filter(|(_, coding)| coding.is_some())
        .map(|(passage, _)| passage)
        .collect();
    let facts: Vec<Vec<Fact>> = of_scope
        .iter()
        .map(|passage| {
            at_hand.facts.find(&FactInput {
                text: &passage.text,
                headings: &passage.headings,
            })
        })
        .collect();
    let inputs: Vec<QualityInput<'_>> = of_scope
        .iter()
        .zip(&facts)
        .map(|(passage, facts)| QualityInput { passage, facts })
        .collect();
    match at_hand.quality.document(&inputs, passages, variables, &sentence) {
        Ok(elements) => finished.record.elements = elements,
        Err(e) => {
            finished.record.status = DocumentStatus::Partial;
            finished.record.reason = format!("the elements of quality could not be found: {e}");
        }
    }
    for (place, (passage, facts)) in of_scope.iter().zip(facts).enumerate() {
        for fact in facts {
            let quote = sentence(&passage.text, fact.start, fact.end);
            finished.facts.push((place, fact, quote));
        }
    }
}

/// The engines that read pages, the first engine first.
fn engines(extraction: &Extraction) -> String {
    let used = |engine| extraction.pages.iter().any(|p| p.engine == engine);
    match (used(Engine::Hayro), used(Engine::PdfExtract)) {
        (true, true) => "hayro+pdf-extract",
        (true, false) => "hayro",
        (false, true) => "pdf-extract",
        (false, false) => "",
    }
    .to_owned()
}

/// What the tables keep of a passage.
fn coded(passage: &Passage, coding: &Coding, chars: usize, before: &[CodedPassage]) -> CodedPassage {
    let quotes = new_names(coding, before)
        .into_iter()
        .map(|name| (name.clone(), quote(&passage.text, coding, name)));
    CodedPassage {
        first_page: passage.pages.first().copied().unwrap_or(0),
        chars: count(chars),
        quotes: quotes.collect(),
        codes: coding.labels.clone(),
        facets: coding.facets.clone(),
    }
}

/// The codes and facets the document did not have before: only their first passages are quoted. A code without any
/// facet counts as one of its own: there are frames that leave certain facets of a code out.
fn new_names<'a>(coding: &'a Coding, before: &[CodedPassage]) -> Vec<&'a String> {
    let is_bare = |code: &str, facets: &[String]| !facets.iter().any(|facet| code_of(facet) == code);
    let codes = coding.labels.iter().filter(|code| {
        let bare = is_bare(code, &coding.facets);
        let had = |p: &CodedPassage| p.codes.contains(code) && (!bare || is_bare(code, &p.facets));
        !before.iter().any(had)
    });
    let had = |facet: &String| before.iter().any(|p| p.facets.contains(facet));
    codes
        .chain(coding.facets.iter().filter(|facet| !had(facet)))
        .collect()
}

/// The code of a code or facet.
fn code_of(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// Longest quote in characters.
const QUOTE: usize = 120;

/// The sentence around the evidence of a code; a facet has that of its code.
fn quote(text: &str, coding: &Coding, name: &str) -> String {
    let evidence = coding.evidence.iter().find(|e| e.code == code_of(name));
    let (start, end) = evidence.map_or((0, 0), |e| (e.start, e.end));
    sentence(text, start, end)
}

/// The sentence around some characters, as a quote.
fn sentence(text: &str, start: usize, end: usize) -> String {
    Quote::around(text, start, end, QUOTE).to_string()
}

/// Counts of pages and passages fit 32 bits; a file that claims more is told as the most.
fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

struct Clock(Instant);

impl Clock {
    /// Seconds since the last lap.
    fn lap(&mut self) -> f64 {
        let now = Instant::now();
        let seconds = (now - self.0).as_secs_f64();
        self.0 = now;
        seconds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stem_keeps_the_folders() {
        assert_eq!(stem("4901/yuho_2025.pdf"), "4901/yuho_2025");
        assert_eq!(stem("no_extension"), "no_extension");
    }

    #[test]
    fn results_come_in_manifest_order() {
        let (sender, receiver) = mpsc::channel();
        for index in [2, 0, 1] {
            sender
                .send((index, unread(index, DocumentStatus::Missing, "")))
                .unwrap();
        }
        let mut seen = Vec::new();
        in_order::<()>(&receiver, 3, &mut |f| {
            seen.push(f.record.document);
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, [0, 1, 2]);
    }
}
