//! What other software makes of the tables. Plain `cargo test` needs only Rust: what is not installed is skipped, and
//! said so on standard error.

mod common;

use std::collections::BTreeMap;
use std::process::Command;

use common::{Dir, root, rows};

/// Runs a program; none when it is not installed or says that it lacks something.
fn try_run(program: &str, args: &[&str]) -> Option<std::process::Output> {
    Command::new(program).args(args).output().ok()
}

/// Whether Python has a module.
fn has_module(module: &str) -> bool {
    try_run("python3", &["-c", &format!("import {module}")]).is_some_and(|ran| ran.status.success())
}

/// Runs the sample corpus in a format; the folder that keeps its output, and the output's path.
fn sample(format: &str) -> (Dir, String) {
    let dir = Dir::new();
    let manifest = root().join("corpus-manifest.toml").display().to_string();
    let output = dir.file("output").display().to_string();
    let ran = dir.run(&[
        "run",
        "--quiet",
        "--manifest",
        &manifest,
        "--output",
        &output,
        "--format",
        format,
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    (dir, output)
}

#[test]
fn other_software_reads_the_parquet_files() {
    let (dir, output) = sample("parquet");
    assert!(dir.exists("output/passages.parquet") && dir.exists("output/company_category.parquet"));
    let script = root().join("tests/interop/read_parquet.py").display().to_string();
    for reader in ["pyarrow", "polars", "duckdb"] {
        if !has_module(reader) {
            eprintln!("skipped: Python with {reader} is not installed");
            continue;
        }
        let ran = try_run("python3", &[&script, &output, reader]).expect("it was there before");
        assert!(
            ran.status.success(),
            "{reader}: {}",
            String::from_utf8_lossy(&ran.stderr)
        );
    }
}

#[test]
fn the_links_of_the_workbook_lead_to_passages_and_pages() {
    if !has_module("openpyxl") {
        eprintln!("skipped: Python with openpyxl is not installed");
        return;
    }
    let (_dir, output) = sample("xlsx");
    let script = root()
        .join("tests/interop/read_workbook.py")
        .display()
        .to_string();
    let ran = try_run("python3", &[&script, &output]).expect("it was there before");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

/// Names and codes that spreadsheets like to take for something else.
const TRAPS: [(&str, &str); 6] = [
    ("285A", "=1+1"),
    ("0123", "+81電機"),
    ("12E4", "-3商会"),
    ("4901", "@SUM(A1)製作所"),
    ("4902", "表示①髙﨑"),
    ("4903", "引用\"と,読点"),
];

/// Runs a corpus of companies with such names.
fn traps() -> Dir {
    let dir = Dir::new();
    let mut manifest = "[corpus]\nname = \"罠\"\nroot = \"reports\"\n".to_owned();
    for (code, name) in TRAPS {
        dir.copy("tests/corpus/9X23/yuho_2024.pdf", &format!("reports/{code}.pdf"));
        manifest += &format!(
            "[[company]]\ncode = \"{code}\"\nname = '{name}'\nindustry = \"小売業\"\n\
             [[company.document]]\npath = \"{code}.pdf\"\nkind = \"有価証券報告書\"\nfiscal_year = 2024\n"
        );
    }
    dir.write("corpus-manifest.toml", manifest);
    let ran = dir.run(&["run", "--quiet", "--format", "csv,xlsx"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    dir
}

/// Has LibreOffice open a file and save what it sees as CSV; none where it is not installed.
fn through_calc(dir: &Dir, file: &str, more: &[&str], saved: &str) -> Option<Vec<BTreeMap<String, String>>> {
    let profile = format!("-env:UserInstallation=file://{}", dir.file("profile").display());
    let out = dir.file("seen").display().to_string();
    let file = dir.file(file).display().to_string();
    // Separator, quotes, UTF-8, from the first line, as shown; formulas as their text; every sheet a file.
    let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1";
    let mut args = vec!["--headless", &profile, "--convert-to", filter, "--outdir", &out];
    args.extend(more);
    args.push(&file);
    let Some(ran) = try_run("soffice", &args) else {
        eprintln!("skipped: LibreOffice is not installed");
        return None;
    };
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    Some(rows(&dir.read(&format!("seen/{saved}"))))
}

#[test]
fn a_spreadsheet_shows_what_the_csv_says() {
    let dir = traps();
    // As its dialogue would: UTF-8, quoted fields are text.
    let import = "--infilter=Text - txt - csv (StarCalc):44,34,76,1,,0,true";
    let file = "output/company_table.csv";
    let Some(seen) = through_calc(&dir, file, &[import], "company_table-company_table.csv") else {
        return;
    };
    for (row, (code, name)) in seen.iter().zip(TRAPS) {
        assert_eq!(row["company_code"], code);
        assert_eq!(
            row["company"].trim_start_matches('\''),
            name,
            "shown, not computed"
        );
    }
    assert_eq!(seen.len(), TRAPS.len());
}

#[test]
fn a_spreadsheet_opens_the_workbook() {
    let dir = traps();
    let Some(seen) = through_calc(&dir, "output/mieruka.xlsx", &[], "mieruka-company_table.csv") else {
        return;
    };
    for (row, (code, name)) in seen.iter().zip(TRAPS) {
        assert_eq!(row["company_code"], code);
        assert_eq!(row["company"], name, "shown, not computed");
    }
    // Under the table, after an empty line, the guide's caution.
    let below: Vec<&str> = seen
        .iter()
        .skip(TRAPS.len())
        .map(|row| row["fiscal_year"].as_str())
        .collect();
    assert!(
        matches!(below.as_slice(), ["", caution] if caution.contains("not a low level of effort")),
        "{below:?}"
    );
}
