//! The report of a whole year of the Nikkei average, from coded passages to the page.

#[path = "../tests/generated/mod.rs"]
mod generated;

use criterion::{Criterion, criterion_group, criterion_main};

fn report(c: &mut Criterion) {
    let generated = generated::generate(generated::YEAR);
    let folder = tempfile::tempdir().expect("a folder");
    let tables = generated.tables();
    let mut group = c.benchmark_group("225 companies, 1,350 documents, 20,000 passages");
    group.sample_size(10);
    group.bench_function("tables", |b| b.iter(|| generated.tables()));
    group.bench_function("report.html and figures", |b| {
        b.iter(|| generated.write_report(&tables, folder.path()))
    });
    group.finish();
}

criterion_group!(benches, report);
criterion_main!(benches);
