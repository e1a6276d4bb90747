//! How fast each arrow is, over the sample corpus: `cargo bench`.
//!
//! Machines differ and are noisy: compare figures of one run, or against a saved baseline
//! (`cargo bench -- --save-baseline before`).

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mieruka::coding::{Coder, CodingInput};
use mieruka::dictionaries::Dictionaries;
use mieruka::extract::{Extraction, extract_file};
use mieruka::layout::lay_out;
use mieruka::normalize::normalize;
use mieruka::passage::{Passage, cut};
use mieruka::scheme::Scheme;
use mieruka::tokenize::Tokenizer;

/// Every PDF of the sample corpus, in the order of their paths.
fn reports() -> Vec<PathBuf> {
    fn walk(dir: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(dir)
            .expect("the sample corpus")
            .map(|e| e.expect("an entry").path())
        {
            if entry.is_dir() {
                walk(&entry, found);
            } else if entry.extension().is_some_and(|e| e == "pdf") {
                found.push(entry);
            }
        }
    }
    let mut found = Vec::new();
    walk(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus"),
        &mut found,
    );
    found.sort();
    found
}

fn tokenizer() -> Tokenizer {
    let terms = Dictionaries::embedded().read("terms.csv").expect("embedded");
    Tokenizer::new(&terms.text, &terms.name).expect("the terms compile")
}

fn coder() -> Coder {
    let dictionaries = Dictionaries::embedded();
    let file = dictionaries.read("schemes/disclosure10.toml").expect("embedded");
    let lists = |name: &str| dictionaries.read(&format!("schemes/{name}")).map(|f| f.text);
    let scheme = Scheme::parse(&file.text, &file.name, &lists).expect("the scheme compiles");
    Coder::new(Arc::new(scheme), tokenizer())
}

fn extraction(c: &mut Criterion) {
    let reports = reports();
    let pages: usize = reports.iter().map(|r| extract_file(r).pages.len()).sum();
    let mut group = c.benchmark_group("extract");
    group
        .throughput(Throughput::Elements(pages as u64))
        .sample_size(20);
    group.bench_function("pages", |b| {
        b.iter(|| {
            for report in &reports {
                black_box(extract_file(report));
            }
        });
    });
    group.finish();
}

fn layout(c: &mut Criterion) {
    let extractions: Vec<Extraction> = reports().iter().map(|r| extract_file(r)).collect();
    let pages: usize = extractions.iter().map(|e| e.pages.len()).sum();
    let mut group = c.benchmark_group("layout");
    group
        .throughput(Throughput::Elements(pages as u64))
        .sample_size(20);
    group.bench_function("pages", |b| {
        b.iter(|| {
            for extraction in &extractions {
                black_box(cut("bench", &lay_out(&extraction.pages)));
            }
        });
    });
    group.finish();
}

fn passages() -> Vec<Passage> {
    reports()
        .iter()
        .flat_map(|r| cut("bench", &lay_out(&extract_file(r).pages)))
        .collect()
}

fn tokens(c: &mut Criterion) {
    let texts: Vec<String> = passages().iter().map(|p| normalize(&p.text).text).collect();
    let tokenizer = tokenizer();
    let mut worker = tokenizer.worker();
    let mut buffer = Vec::new();
    let mut group = c.benchmark_group("tokenize");
    group
        .throughput(Throughput::Bytes(texts.iter().map(|t| t.len() as u64).sum()))
        .sample_size(20);
    group.bench_function("bytes", |b| {
        b.iter(|| {
            for text in &texts {
                worker.tokenize(text, &mut buffer).expect("tokens");
                black_box(&buffer);
            }
        });
    });
    group.finish();
}

fn codes(c: &mut Criterion) {
    let all = passages();
    let coder = coder();
    let mut worker = coder.worker();
    let in_scope: Vec<Passage> = all
        .iter()
        .filter(|p| worker.code(&input(p)).is_ok_and(|coding| coding.in_scope))
        .cloned()
        .collect();
    let mut group = c.benchmark_group("code");
    group.sample_size(20);
    for (name, passages) in [("every passage", &all), ("in-scope passages only", &in_scope)] {
        group.throughput(Throughput::Bytes(
            passages.iter().map(|p| p.text.len() as u64).sum(),
        ));
        group.bench_function(name, |b| {
            b.iter(|| {
                for passage in passages {
                    black_box(worker.code(&input(passage)).expect("codes"));
                }
            });
        });
    }
    group.finish();
}

fn input(passage: &Passage) -> CodingInput<'_> {
    CodingInput {
        text: &passage.text,
        headings: &passage.headings,
        previous: passage.previous.as_deref(),
        ..CodingInput::default()
    }
}

/// What a user waits for before the first token: dictionary, terms, scheme.
fn start(c: &mut Criterion) {
    let mut group = c.benchmark_group("start");
    group.sample_size(20);
    group.bench_function("to the first coded passage", |b| {
        b.iter(|| {
            let input = CodingInput {
                text: "情報セキュリティ委員会を設置しています。",
                ..CodingInput::default()
            };
            black_box(coder().worker().code(&input).expect("codes"));
        });
    });
    group.finish();
}

criterion_group!(stages, extraction, layout, tokens, codes, start);
criterion_main!(stages);
