//! `mieruka check`

use std::io::Write;

use anyhow::{Result, bail};
use rayon::prelude::*;

use super::Outcome;
use super::args::CheckArgs;
use super::input;
use super::reading::Reading;
use super::run::folder_of;
use super::say::say;
use crate::dictionaries::Dictionaries;
use crate::extract::DocumentStatus;
use crate::manifest::{self, Document, LoadOptions};
use crate::provenance::sha256_file;

/// Everything wrong at once: the manifest's problems do not hide the scheme's.
pub fn run(args: &CheckArgs) -> Result<Outcome> {
    let base = folder_of(&args.manifest);
    let dictionaries = Dictionaries::locate(args.dictionaries.dictionaries.as_deref(), &base);
    let options = LoadOptions {
        allow_missing: args.allow_missing,
    };
    let corpus = manifest::load(&args.manifest, &dictionaries, options);
    let scheme = corpus.as_ref().ok().and_then(|c| c.scheme.clone());
    let (coder, lists) = input::load(
        &args.dictionaries,
        &dictionaries,
        Some((&base, scheme.as_deref())),
    );
    let mut wrong: Vec<String> = Vec::new();
    wrong.extend(corpus.as_ref().err().map(ToString::to_string));
    wrong.extend(coder.as_ref().err().map(|e| format!("{e:#}")));
    // What needs a tokenizer is looked at when there is one, which only a scheme that is sound has.
    let findings = match (lists, &coder) {
        (Ok(lists), Ok(loaded)) => lists.ready(&loaded.coder).map(drop),
        (lists, _) => lists.map(drop),
    };
    wrong.extend(findings.err().map(|e| format!("{e:#}")));
    let (Ok(corpus), Ok(loaded), true) = (corpus, coder, wrong.is_empty()) else {
        bail!("{}", wrong.join("\n"));
    };

    for warning in &corpus.warnings {
        say(format_args!("{warning}\n"));
    }
    let reading = Reading::new(&args.limits)?;
    let problems: Vec<Option<String>> = corpus
        .documents
        .par_iter()
        .map(|document| problem_of(document, &reading))
        .collect();
    if reading.is_stopped() {
        return Ok(Outcome::Interrupted);
    }
    let mut out = std::io::stdout().lock();
    for (document, problem) in corpus.documents.iter().zip(&problems) {
        if let Some(problem) = problem {
            writeln!(out, "{}: {problem}", document.path)?;
        }
    }
    let unreadable = problems.iter().flatten().count();
    let missing = corpus.documents.iter().filter(|d| d.missing).count();
    writeln!(
        out,
        "{}: {} companies, {} documents ({missing} missing, {unreadable} with a problem); scheme {} with {} codes",
        args.manifest.display(),
        corpus.companies.len(),
        corpus.documents.len(),
        loaded.sources.0.first().map_or("", |s| &s.name),
        loaded.codes.len(),
    )?;
    Ok(if unreadable == 0 {
        Outcome::Done
    } else {
        Outcome::SomeFailed
    })
}

/// What is wrong with a file, as far as its first page tells: reading all of it is what a run is for.
fn problem_of(document: &Document, reading: &Reading) -> Option<String> {
    if document.missing {
        return None;
    }
    let opened = reading.extract_first(&document.file, 1);
    match opened.status {
        // A first page is often a picture.
        DocumentStatus::Ok
        | DocumentStatus::Partial
        | DocumentStatus::Empty
        | DocumentStatus::Scanned
        | DocumentStatus::Unmappable => {}
        status => return Some(format!("{status}: {}", opened.reason)),
    }
    let expected = document.sha256.as_ref()?;
    (sha256_file(&document.file).ok().as_ref() != Some(expected))
        .then(|| "its sha256 is not the manifest's: restore the file or mend the manifest".to_owned())
}
