//! `mieruka init`: from a folder of PDFs to a first manifest, and from there to tables.

mod common;

use std::collections::BTreeMap;

use common::{Dir, root};

/// path → (kind, fiscal year) and code → (name, industry), as people wrote them in the sample manifest.
struct ByHand {
    documents: BTreeMap<String, (String, i64)>,
    companies: BTreeMap<String, (String, String)>,
}

fn read_manifest(text: &str) -> ByHand {
    let toml: toml::Table = text.parse().expect("TOML");
    let mut all = ByHand {
        documents: BTreeMap::new(),
        companies: BTreeMap::new(),
    };
    for company in toml["company"].as_array().expect("companies") {
        let text = |v: &toml::Value, key: &str| v[key].as_str().unwrap_or_default().to_owned();
        all.companies.insert(
            text(company, "code"),
            (text(company, "name"), text(company, "industry")),
        );
        for document in company["document"].as_array().expect("documents") {
            let year = document["fiscal_year"].as_integer().unwrap_or_default();
            all.documents
                .insert(text(document, "path"), (text(document, "kind"), year));
        }
    }
    all
}

fn by_hand() -> ByHand {
    read_manifest(&std::fs::read_to_string(root().join("corpus-manifest.toml")).expect("the sample manifest"))
}

#[test]
fn the_sample_corpus_is_recognised_and_what_is_unknown_is_left_to_fill_in() {
    let dir = Dir::new();
    let reports = root().join("tests/corpus").to_string_lossy().into_owned();
    let ran = dir.run(&["init", &reports, "--output", "corpus-manifest.toml"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let written = dir.read("corpus-manifest.toml");
    assert!(written.contains("要記入"), "industries cannot be known");
    assert!(written.contains("推定"), "guesses are marked");
    let (guessed, expected) = (read_manifest(&written), by_hand());
    assert_eq!(
        guessed.documents, expected.documents,
        "kind and fiscal year of every report"
    );
    assert!(guessed.companies.keys().eq(expected.companies.keys()), "codes");

    let refused = dir.run(&["check"]);
    assert_eq!(refused.code, 2, "blanks are refused");
    assert!(
        refused.stderr.matches("industry").count() >= expected.companies.len(),
        "{}",
        refused.stderr
    );
    let again = dir.run(&["init", &reports, "--output", "corpus-manifest.toml"]);
    assert_eq!(again.code, 2, "a manifest is never replaced");
}

#[test]
fn with_a_list_of_companies_the_first_manifest_runs() {
    let dir = Dir::new();
    for name in ["990A/yuho_2024.pdf", "9X12/sustainability_2024.pdf"] {
        dir.copy(&format!("tests/corpus/{name}"), &format!("reports/{name}"));
    }
    let mut list = String::from("code,name,industry\n");
    for (code, (name, industry)) in by_hand().companies {
        list.push_str(&format!("{code},{name},{industry}\n"));
    }
    dir.write("companies.csv", list);
    let ran = dir.run(&["init", "reports", "--companies", "companies.csv"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    dir.write("corpus-manifest.toml", &ran.stdout);
    let checked = dir.run(&["check"]);
    assert_eq!(
        checked.code, 0,
        "{}{}\n{}",
        checked.stdout, checked.stderr, ran.stdout
    );
    assert_eq!(dir.run(&["run", "--quiet"]).code, 0);
    assert_eq!(common::rows(&dir.read("output/documents.csv")).len(), 2);
}

#[test]
fn a_folder_without_pdfs_is_told() {
    let dir = Dir::new();
    dir.write("reports/notes.txt", "x");
    let ran = dir.run(&["init", "reports"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("reports"), "{}", ran.stderr);
}
