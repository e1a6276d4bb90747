//! The first command of a new user, over the corpora that come with the project: golden tables, the same bytes with
//! any number of threads, and the cells that people worked out by hand.

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use common::{Dir, Ran, root, rows};

/// Runs a manifest of the repository into a folder of its own.
fn run(dir: &Dir, manifest: &str, threads: &str, output: &str) -> Ran {
    let manifest = root().join(manifest);
    let output = dir.file(output);
    let paths = [manifest, output].map(|p: PathBuf| p.to_string_lossy().into_owned());
    dir.run(&[
        "run",
        "--quiet",
        "--no-bom",
        "--manifest",
        &paths[0],
        "--output",
        &paths[1],
        "--threads",
        threads,
    ])
}

/// Every CSV of a folder by name.
fn tables(folder: &Path) -> BTreeMap<String, String> {
    let files = std::fs::read_dir(folder)
        .expect("the output folder")
        .map(|f| f.expect("an entry").path());
    let csv = files.filter(|f| f.extension().is_some_and(|e| e == "csv"));
    csv.map(|f| {
        let name = f.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(&f).expect("UTF-8"))
    })
    .collect()
}

/// For snapshots: the table as text with plain line ends, so that a change shows as the rows that changed.
fn golden(tables: &BTreeMap<String, String>, name: &str) -> String {
    tables[name].replace("\r\n", "\n")
}

const CONTRACT: [&str; 13] = [
    "company_category.csv",
    "company_table.csv",
    "coverage.csv",
    "documents.csv",
    "facts.csv",
    "industry_category.csv",
    "industry_table.csv",
    "kind_category.csv",
    "passages.csv",
    "quality_elements.csv",
    "sector_category.csv",
    "year_category.csv",
    "run.json",
];

#[test]
fn the_sample_corpus_is_read_whole_and_gives_the_golden_tables() {
    let dir = Dir::new();
    let ran = run(&dir, "corpus-manifest.toml", "2", "out");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(
        ran.stdout, "",
        "nothing but asked-for output goes to standard output"
    );
    for name in CONTRACT {
        assert!(dir.exists(&format!("out/{name}")), "{name} is missing");
    }
    let tables = tables(&dir.file("out"));
    insta::assert_snapshot!("sample_documents", golden(&tables, "documents.csv"));
    insta::assert_snapshot!("sample_company_table", golden(&tables, "company_table.csv"));
    insta::assert_snapshot!("sample_industry_table", golden(&tables, "industry_table.csv"));
    insta::assert_snapshot!("sample_quality_elements", golden(&tables, "quality_elements.csv"));
    insta::assert_snapshot!("sample_facts", golden(&tables, "facts.csv"));
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let dir = Dir::new();
    let all: Vec<_> = ["1", "2", "8"]
        .iter()
        .map(|threads| {
            let ran = run(&dir, "corpus-manifest.toml", threads, threads);
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            tables(&dir.file(threads))
        })
        .collect();
    assert_eq!(all[0], all[1], "1 and 2 threads");
    assert_eq!(all[0], all[2], "1 and 8 threads");
}

/// The cells that the authors of the sample reports worked out by reading them (`tests/corpus/expected.json`), before
/// any rule was run over them. The machine is not perfect; the floor is what it reached when it was set, and rises.
#[test]
fn disclosure_agrees_with_the_cells_worked_out_by_hand() {
    let dir = Dir::new();
    run(&dir, "corpus-manifest.toml", "2", "out");
    let expected = expected_cells();
    let found = rows(&dir.read("out/company_category.csv"));
    assert_eq!(
        found.len(),
        expected.len(),
        "a row for every company, year and category"
    );
    let mut wrong = Vec::new();
    for row in &found {
        let key = [&row["fiscal_year"], &row["company_code"], &row["code"]]
            .map(String::as_str)
            .join(" ");
        if row["disclosed"] != expected[&key] {
            wrong.push(format!(
                "{key}: {} by hand, {} by machine",
                expected[&key], row["disclosed"]
            ));
        }
    }
    let agreement = 1.0 - wrong.len() as f64 / expected.len() as f64;
    assert!(
        agreement >= 0.9,
        "agreement {agreement:.3}:\n{}",
        wrong.join("\n")
    );
}

/// `2024 990A C01` → `1` or `0`.
fn expected_cells() -> BTreeMap<String, String> {
    let json = std::fs::read_to_string(root().join("tests/corpus/expected.json")).expect("expected.json");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let mut cells = BTreeMap::new();
    for (year, companies) in json.as_object().expect("years") {
        for (company, entry) in companies.as_object().expect("companies") {
            for (code, cell) in entry["categories"].as_object().expect("categories") {
                cells.insert(format!("{year} {company} {code}"), cell["disclosed"].to_string());
            }
        }
    }
    cells
}

#[test]
fn every_first_quote_stands_on_the_page_it_names() {
    let dir = Dir::new();
    run(&dir, "corpus-manifest.toml", "2", "out");
    let mut checked = 0;
    for row in rows(&dir.read("out/company_category.csv"))
        .iter()
        .filter(|r| r["disclosed"] == "1")
    {
        let report = root()
            .join("tests/corpus")
            .join(&row["first_path"])
            .to_string_lossy()
            .into_owned();
        let extracted = dir.run(&["extract", "--format", "jsonl", &report]);
        let page: usize = row["first_page"].parse().expect("a page number");
        let pages: Vec<serde_json::Value> = extracted
            .stdout
            .lines()
            .map(|l| serde_json::from_str(l).expect("JSON"))
            .collect();
        // A passage may cross a page border, so the next page counts too.
        let text: String = pages
            .iter()
            .skip(page - 1)
            .take(2)
            .map(|p| p["text"].as_str().unwrap_or_default())
            .collect();
        let squeeze = |s: &str| {
            s.chars()
                .filter(|c| !c.is_whitespace() && *c != '…')
                .collect::<String>()
        };
        let quote: String = squeeze(&row["quote"]).chars().take(12).collect();
        assert!(
            squeeze(&text).contains(&quote),
            "{} p. {page}: {quote}",
            row["first_path"]
        );
        checked += 1;
    }
    assert!(checked > 20, "{checked} quotes checked");
}

#[test]
fn unreadable_documents_have_a_row_each_and_the_run_ends_with_1() {
    let dir = Dir::new();
    let ran = run(&dir, "tests/broken/corpus-manifest.toml", "2", "out");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    for row in rows(&dir.read("out/documents.csv")) {
        let mut clauses = row["reason"].split("; ").filter(|clause| !clause.is_empty());
        let english = clauses.find(|clause| row["reason_ja"].contains(clause));
        assert_eq!(english, None, "no Japanese for it: {}", row["reason_ja"]);
        assert_eq!(row["reason_ja"].is_empty(), row["reason"].is_empty());
    }
    let tables = tables(&dir.file("out"));
    insta::assert_snapshot!("broken_documents", golden(&tables, "documents.csv"));
    insta::assert_snapshot!("broken_company_table", golden(&tables, "company_table.csv"));
}

#[test]
fn a_check_tells_which_files_a_run_would_fail_on() {
    let manifest = root().join("tests/broken/corpus-manifest.toml");
    let dir = Dir::new();
    let ran = dir.run(&["check", "--manifest", &manifest.to_string_lossy()]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let told: Vec<&str> = ran
        .stdout
        .lines()
        .filter_map(|line| line.split(": ").nth(1))
        .collect();
    assert_eq!(
        told,
        [
            "not-a-pdf",
            "not-a-pdf",
            "encrypted",
            "damaged",
            "failed",
            "4 companies, 10 documents (1 missing, 5 with a problem); scheme schemes/disclosure10.toml with 10 codes"
        ]
    );
}

#[test]
fn the_summary_names_the_failures() {
    let dir = Dir::new();
    let manifest = root()
        .join("tests/broken/corpus-manifest.toml")
        .to_string_lossy()
        .into_owned();
    let ran = dir.run(&["run", "--manifest", &manifest, "--output", "out"]);
    assert!(ran.stderr.contains("password.pdf"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
    for line in ran.stderr.lines().filter(|l| !l.contains("Tables:")) {
        assert!(
            unicode_width::UnicodeWidthStr::width(line) <= 80,
            "wider than 80 columns: {line}"
        );
    }
}

/// The rows of the tables of a Markdown text, by column.
fn markdown_rows(text: &str) -> Vec<BTreeMap<&str, &str>> {
    let mut heading: Option<Vec<&str>> = None;
    let mut found = Vec::new();
    for line in text.lines() {
        let Some(inner) = line.strip_prefix("| ").and_then(|l| l.strip_suffix(" |")) else {
            heading = heading.filter(|_| line.starts_with("|---"));
            continue;
        };
        let cells: Vec<&str> = inner.split(" | ").collect();
        match &heading {
            None => heading = Some(cells),
            Some(heading) => found.push(heading.iter().copied().zip(cells).collect()),
        }
    }
    found
}

#[test]
fn the_readme_shows_what_the_program_writes() {
    let dir = Dir::new();
    run(&dir, "corpus-manifest.toml", "2", "out");
    for readme in ["README.md", "README.en.md"] {
        let text = std::fs::read_to_string(root().join(readme)).expect("a README");
        for (table, sign) in [("company_table.csv", "C01"), ("company_category.csv", "quote")] {
            let written = rows(&dir.read(&format!("out/{table}")));
            let shown: Vec<_> = markdown_rows(&text)
                .into_iter()
                .filter(|row| row.contains_key(sign))
                .collect();
            assert!(!shown.is_empty(), "{readme} shows no row of {table}");
            for row in shown {
                let is_row = |w: &BTreeMap<String, String>| row.iter().all(|(id, cell)| w[*id] == *cell);
                let of_company = written
                    .iter()
                    .filter(|w| w["company_code"] == row["company_code"]);
                assert!(
                    written.iter().any(is_row),
                    "{readme} shows {row:?}; {table} has {:?}",
                    of_company.collect::<Vec<_>>()
                );
            }
        }
    }
}
