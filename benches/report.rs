//! All exports of a whole year of the Nikkei average from coded passages, and a workbook of 200,000 passages: how long they
//! take, and how much memory. Each part is measured once, in a process of its own, so that every one has its own peak.
//!
//!     cargo bench --bench report

#[path = "../tests/generated/mod.rs"]
mod generated;

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use mieruka::export::csv::{CsvExporter, CsvOptions};
use mieruka::export::facts::FactsWriter;
use mieruka::export::html::About;
use mieruka::export::outbox::Outbox;
use mieruka::export::parquet::ParquetExporter;
use mieruka::export::passages::PassagesWriter;
use mieruka::export::xlsx::XlsxExporter;
use mieruka::export::{ExportManager, Lang};
use mieruka::facts::{Fact, FactKind};

use generated::Generated;

/// Rows of evidence of the large workbook.
const EVIDENCE: usize = 200_000;

fn main() {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (Some("year"), Some(folder)) => year(Path::new(&folder)),
        (Some("evidence"), Some(folder)) => evidence(Path::new(&folder)),
        (Some("workbook"), Some(folder)) => workbook(Path::new(&folder)),
        // By itself, or with whatever options `cargo bench` hands over.
        _ => all(),
    }
}

fn all() {
    let folder = tempfile::tempdir().expect("a folder");
    for part in ["year", "evidence", "workbook"] {
        let below = folder.path().join(if part == "year" { "year" } else { "large" });
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        let status = command.arg(part).arg(below).status().expect("a process");
        assert!(status.success(), "{part}: {status}");
    }
}

/// Everything a run writes once its documents are read, in every format.
fn year(folder: &Path) {
    let made = generated::generate(generated::YEAR);
    let before = peak();
    let begun = Instant::now();
    write_streams(&made, 1, folder);
    told("passages and facts as CSV and Parquet", begun);
    let then = Instant::now();
    let tables = made.tables();
    told("tables", then);
    let csv = CsvOptions::default();
    let formats: [(&str, Box<dyn mieruka::export::Exporter>); 4] = [
        ("CSV", Box::new(CsvExporter { options: csv })),
        ("Parquet", Box::new(ParquetExporter)),
        ("workbook", Box::new(xlsx(&made, folder))),
        ("report and figures", Box::new(made.html(folder))),
    ];
    for (name, exporter) in formats {
        let then = Instant::now();
        let mut manager = ExportManager::default();
        manager.add(exporter);
        manager.write_all(&tables, folder).expect(name);
        told(name, then);
    }
    println!(
        "225 companies, 1,350 documents, 20,000 passages, all of the above: {:.1} s, peak {} ({} of it the made-up corpus)",
        begun.elapsed().as_secs_f64(),
        peak(),
        before
    );
}

/// The evidence of the large workbook.
fn evidence(folder: &Path) {
    let made = generated::generate(generated::YEAR);
    write_streams(&made, EVIDENCE / generated::YEAR.passages, folder);
}

/// A workbook of the same tables with ten times the evidence.
fn workbook(folder: &Path) {
    let mut made = generated::generate(generated::YEAR);
    made.passages.clear();
    let tables = made.tables();
    let begun = Instant::now();
    let mut manager = ExportManager::default();
    manager.add(Box::new(xlsx(&made, folder)));
    manager.write_all(&tables, folder).expect("a workbook");
    let size = std::fs::metadata(folder.join("mieruka.xlsx")).map_or(0, |file| file.len());
    println!(
        "workbook with {EVIDENCE} rows of evidence: {:.1} s, peak {}, file {} MB",
        begun.elapsed().as_secs_f64(),
        peak(),
        size / 1_000_000
    );
}

fn xlsx(made: &Generated, folder: &Path) -> XlsxExporter {
    let paths = made.corpus.documents.iter().map(|document| document.path.clone());
    XlsxExporter {
        lang: Lang::Ja,
        about: About::default(),
        folder: folder.to_owned(),
        links: paths
            .map(|path| (path.clone(), format!("../reports/{path}")))
            .collect(),
    }
}

/// The passages, each so many times, and a fact of each.
fn write_streams(made: &Generated, times: usize, folder: &Path) {
    let csv = CsvOptions::default();
    let passages = PassagesWriter::create(folder, csv).and_then(PassagesWriter::and_parquet);
    let facts = FactsWriter::create(folder, csv).and_then(FactsWriter::and_parquet);
    let (mut passages, mut facts) = (passages.expect("passages"), facts.expect("facts"));
    for (document, found) in made.corpus.documents.iter().zip(&made.passages) {
        let company = &made.corpus.companies[document.company];
        for (passage, coding) in found.iter().flat_map(|one| std::iter::repeat_n(one, times)) {
            let written = passages.write(company, document, passage, coding);
            written.expect("a passage");
            let written = facts.write(company, document, passage, &fact(), &passage.text);
            written.expect("a fact");
        }
    }
    let mut outbox = Outbox::open(folder).expect("a folder");
    passages.hand_over(&mut outbox).expect("passages");
    facts.hand_over(&mut outbox).expect("facts");
    outbox.commit().expect("passages and facts");
}

fn fact() -> Fact {
    Fact {
        kind: FactKind::Certification,
        name: "ISO/IEC 27001 (ISMS)".into(),
        value: None,
        unit: String::new(),
        measure: String::new(),
        period: String::new(),
        told_as: String::new(),
        holder: String::new(),
        scope: "国内グループ12社".into(),
        entities: Some(12),
        start: 0,
        end: 8,
    }
}

fn told(what: &str, since: Instant) {
    println!("  {what}: {:.2} s", since.elapsed().as_secs_f64());
}

/// The most memory this process had in use so far, where the system tells (Linux).
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.map_or_else(|| "unknown".to_owned(), |kb| format!("{} MB", kb / 1000))
}
