//! `mieruka run`

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};

use super::Outcome;
use super::args::{Lang, RunArgs, TableFormat};
use super::input::{self, Findings, Loaded};
use super::reading::Reading;
use super::report;
use super::say::say;
use crate::dictionaries::Dictionaries;
use crate::export::csv::{CsvExporter, CsvOptions};
use crate::export::facts::FactsWriter;
use crate::export::html::{self, About, EvidenceWriter, FactCounts, HtmlExporter, SchemeOutline};
use crate::export::parquet::ParquetExporter;
use crate::export::passages::PassagesWriter;
use crate::export::xlsx::{self, XlsxExporter};
use crate::export::{
    self, ExportManager,
    outbox::{Outbox, WriteError},
};
use crate::manifest::{self, Corpus, LoadOptions};
use crate::progress::Progress;
use crate::provenance::{Counts, DocumentTime, ENGINES, RunRecord, Seconds};
use crate::run::{Instruments, process};
use crate::summary;
use crate::tables::{self, DocumentRecord, TableOptions};

/// What the run was, among its tables.
const RECORD: &str = "run.json";

pub fn run(args: &RunArgs) -> Result<Outcome> {
    let begun = Instant::now();
    let base = folder_of(&args.manifest);
    let dictionaries = Dictionaries::locate(args.dictionaries.dictionaries.as_deref(), &base);
    let options = LoadOptions {
        allow_missing: args.allow_missing,
    };
    let corpus = manifest::load(&args.manifest, &dictionaries, options)?;
    for warning in corpus.warnings.iter().filter(|_| !args.quiet) {
        say(format_args!("{warning}\n"));
    }
    let scheme = corpus.scheme.as_deref();
    let (loaded, lists) = input::load(&args.dictionaries, &dictionaries, Some((&base, scheme)));
    let loaded = loaded?;
    let gold = report::gold(args, &loaded.coder)?;
    let findings = lists?.ready(&loaded.coder)?;
    let output = args.output.clone().unwrap_or_else(|| base.join("output"));
    std::fs::create_dir_all(&output)
        .with_context(|| format!("{}: the output folder cannot be made", output.display()))?;
    let threads = threads(args);
    let reading = Reading::new(&args.limits)?;
    let csv = csv_options(args);
    let Read {
        records,
        times,
        passages,
        evidence,
        facts,
        fact_counts,
    } = read_documents(
        args,
        &corpus,
        (&loaded, &findings),
        threads,
        &reading,
        &output,
        csv,
    )?;
    let interrupted = reading.is_stopped();
    let options = TableOptions {
        suppress_below: args.suppress_below,
        crosswalks: loaded.crosswalks,
        facets: loaded.facets,
        elements: findings.quality.labels(),
        ..TableOptions::default()
    };
    let tables = tables::build(&corpus, &records, &loaded.codes, &options)?;
    let output = place_of_tables(&output, interrupted);
    // Nothing of an earlier run is replaced before everything of this one is there.
    let mut outbox = Outbox::open(&output)?;
    outbox.keep(inputs(args, &base, &corpus));
    passages.hand_over(&mut outbox)?;
    facts.hand_over(&mut outbox)?;
    let counts = count(&corpus, &records);
    let about = About {
        corpus: corpus.name.clone(),
        counts,
        scheme: SchemeOutline::of(loaded.coder.scheme()),
        manifest: corpus.checksums.clone(),
        sources: loaded.sources.clone(),
        small_below: options.small_below,
        suppress_below: options.suppress_below,
        interrupted,
        gold,
    };
    exporters(
        args,
        csv,
        &corpus,
        &output,
        about,
        evidence.zip(Some(fact_counts)),
    )?
    .write_into(&tables, &mut outbox)?;
    let record = RunRecord {
        program: "mieruka",
        version: env!("CARGO_PKG_VERSION"),
        engines: ENGINES.to_vec(),
        corpus: corpus.name.clone(),
        manifest: corpus.checksums.clone(),
        dictionaries: loaded.sources.and(findings.sources),
        interrupted,
        counts,
        threads,
        isolation: reading.isolation(),
        seconds: begun.elapsed().as_secs_f64(),
        stages: total(&times),
        documents: times,
    };
    outbox.write(RECORD, |out| write_record(&record, out))?;
    outbox.commit()?;
    if !args.quiet {
        tell_of_other_formats(args, &output);
        print_summary(&tables, &corpus, &records, &record, &output);
    }
    if args.open {
        report::open(&output.join(html::FILE));
    }
    Ok(match (interrupted, record.counts.documents_failed) {
        (true, _) => Outcome::Interrupted,
        (false, 0) => Outcome::Done,
        (false, _) => Outcome::SomeFailed,
    })
}

/// Where the tables of a run go that asked for `output`.
///
/// Half a run must not take the place of a whole one: interrupted, it goes into a folder of its own beside it.
fn place_of_tables(output: &Path, interrupted: bool) -> PathBuf {
    let earlier = std::fs::read(output.join(RECORD)).ok();
    let earlier = earlier.and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
    let is_whole = earlier.is_some_and(|record| record["interrupted"] == false);
    if interrupted && is_whole {
        output.join("interrupted")
    } else {
        output.to_owned()
    }
}

/// Files of formats that this run did not write are of an earlier one: whoever opens them must know.
fn tell_of_other_formats(args: &RunArgs, output: &Path) {
    let marks = [
        (TableFormat::Html, html::FILE),
        (TableFormat::Xlsx, xlsx::FILE),
        (TableFormat::Parquet, "passages.parquet"),
    ];
    for (format, file) in marks {
        if !args.format.contains(&format) && output.join(file).is_file() {
            say(format_args!(
                "{file} in {} is of an earlier run: ask for it with --format, or delete it\n",
                output.display()
            ));
        }
    }
}

/// The folder a file lies in; `.` for a bare name.
pub(super) fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(dir) if dir.as_os_str().is_empty() => PathBuf::from("."),
        Some(dir) => dir.to_owned(),
        None => PathBuf::from("."),
    }
}

fn threads(args: &RunArgs) -> usize {
    let all = || std::thread::available_parallelism().map_or(1, usize::from);
    args.threads.map_or_else(all, usize::from)
}

fn csv_options(args: &RunArgs) -> CsvOptions {
    CsvOptions {
        bom: !args.no_bom,
        lang: lang(args.lang.unwrap_or(Lang::En)),
    }
}

pub(super) fn lang(lang: Lang) -> export::Lang {
    match lang {
        Lang::Ja => export::Lang::Ja,
        Lang::En => export::Lang::En,
    }
}

/// The formats asked for; CSV is always among them.
fn exporters(
    args: &RunArgs,
    csv: CsvOptions,
    corpus: &Corpus,
    output: &Path,
    about: About,
    evidence: Option<(EvidenceWriter, FactCounts)>,
) -> Result<ExportManager> {
    let mut manager = ExportManager::default();
    manager.add(Box::new(CsvExporter { options: csv }));
    if args.format.contains(&TableFormat::Parquet) {
        manager.add(Box::new(ParquetExporter));
    }
    let workbook = args.format.contains(&TableFormat::Xlsx);
    if !workbook && evidence.is_none() {
        // Every link asks the file system for its document.
        return Ok(manager);
    }
    let links = html::links(corpus, output);
    if workbook {
        let paths = corpus.documents.iter().map(|document| document.path.clone());
        let links = paths
            .zip(&links)
            .filter_map(|(path, link)| Some((path, link.clone()?)));
        manager.add(Box::new(XlsxExporter {
            lang: csv.lang,
            about: about.clone(),
            folder: output.to_owned(),
            links: links.collect(),
        }));
    }
    if let Some((evidence, facts)) = evidence {
        manager.add(Box::new(HtmlExporter {
            lang: lang(args.lang.unwrap_or(Lang::Ja)),
            about,
            links,
            evidence: evidence.finish()?,
            facts,
        }));
    }
    Ok(manager)
}

/// What reading the documents left: rows for the tables, times, and passages and facts written but not yet in their
/// places.
struct Read {
    records: Vec<DocumentRecord>,
    times: Vec<DocumentTime>,
    passages: PassagesWriter,
    /// None when no report is wanted.
    evidence: Option<EvidenceWriter>,
    facts: FactsWriter,
    fact_counts: FactCounts,
}

fn read_documents(
    args: &RunArgs,
    corpus: &Corpus,
    (loaded, findings): (&Loaded, &Findings),
    threads: usize,
    reading: &Reading,
    output: &Path,
    csv: CsvOptions,
) -> Result<Read> {
    let mut progress = Progress::new(corpus.documents.len(), args.quiet);
    let mut passages = PassagesWriter::create(output, csv)?;
    let mut evidence = report::is_wanted(args)
        .then(|| EvidenceWriter::create(output))
        .transpose()?;
    let mut facts = FactsWriter::create(output, csv)?;
    if args.format.contains(&TableFormat::Parquet) {
        passages = passages.and_parquet()?;
        facts = facts.and_parquet()?;
    }
    let mut fact_counts = FactCounts::default();
    let mut records = Vec::with_capacity(corpus.documents.len());
    let mut times = Vec::with_capacity(corpus.documents.len());
    let result = process(
        corpus,
        Instruments {
            coder: &loaded.coder,
            facts: &findings.facts,
            quality: &findings.quality,
        },
        &|path| reading.extract(path),
        threads,
        reading.stop(),
        |finished| {
            let document = &corpus.documents[finished.record.document];
            let company = &corpus.companies[document.company];
            for (passage, coding) in &finished.passages {
                passages.write(company, document, passage, coding)?;
            }
            for (place, fact, quote) in &finished.facts {
                if let Some((passage, _)) = finished.passages.get(*place) {
                    facts.write(company, document, passage, fact, quote)?;
                    let page = passage.pages.first().copied().unwrap_or(0);
                    fact_counts.add(company, document, page, fact);
                }
            }
            if let Some(evidence) = &mut evidence {
                evidence.write(finished.record.document, &finished.passages)?;
            }
            progress.document(finished.record.pages, finished.record.status.is_failure());
            let path = document.path.clone();
            times.push(DocumentTime {
                path,
                seconds: finished.seconds,
            });
            records.push(finished.record);
            anyhow::Ok(())
        },
    );
    progress.finish();
    result?;
    Ok(Read {
        records,
        times,
        passages,
        evidence,
        facts,
        fact_counts,
    })
}

/// The files a run reads that could have the name of a table.
fn inputs(args: &RunArgs, base: &Path, corpus: &Corpus) -> Vec<PathBuf> {
    let lists = corpus.checksums.iter().map(|(name, _)| base.join(name));
    let manifest = std::iter::once(args.manifest.clone());
    manifest.chain(lists).chain(args.gold.iter().cloned()).collect()
}

fn write_record(record: &RunRecord, out: &mut dyn Write) -> Result<(), WriteError> {
    serde_json::to_writer_pretty(&mut *out, record).map_err(std::io::Error::from)?;
    Ok(writeln!(out)?)
}

fn total(times: &[DocumentTime]) -> Seconds {
    times.iter().fold(Seconds::default(), |mut sum, t| {
        sum += t.seconds;
        sum
    })
}

fn count(corpus: &Corpus, records: &[DocumentRecord]) -> Counts {
    Counts {
        companies: corpus.companies.len(),
        documents: records.len(),
        documents_failed: records.iter().filter(|r| r.status.is_failure()).count(),
        documents_incomplete: records.iter().filter(|r| !r.status.is_complete()).count(),
        pages: records.iter().map(|r| u64::from(r.pages)).sum(),
        passages: records.iter().map(|r| u64::from(r.passages)).sum(),
        passages_in_scope: records.iter().map(|r| u64::from(r.passages_in_scope)).sum(),
        chars: records.iter().map(|r| r.chars).sum(),
    }
}

/// The summary goes to standard error: standard output is for asked-for output only.
fn print_summary(
    tables: &tables::Tables,
    corpus: &Corpus,
    records: &[DocumentRecord],
    record: &RunRecord,
    output: &Path,
) {
    let c = &record.counts;
    say(format_args!(
        "{}{}文書 {}ページ、{}段落（うち対象 {}）、{:.1}秒。表: {}",
        summary::render(tables, corpus, records, summary::terminal_width()),
        c.documents,
        c.pages,
        c.passages,
        c.passages_in_scope,
        record.seconds,
        output.display()
    ));
}
