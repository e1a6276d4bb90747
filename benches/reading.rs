//! Extraction and layout, in pages per second on one core, over the sample corpus.
//!
//! Machines differ and are noisy: compare figures of one run, or against a saved baseline
//! (`cargo bench -- --save-baseline before`).

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mieruka::extract::{Extraction, extract_file};
use mieruka::layout::lay_out;
use mieruka::passage::cut;

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

criterion_group!(reading, extraction, layout);
criterion_main!(reading);
