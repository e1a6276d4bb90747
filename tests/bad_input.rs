//! Bad input: what a user gets, a row or a message, for each way a corpus can be wrong.

mod common;

use common::{Dir, Ran, rows};

const SAMPLE: &str = "tests/corpus/990A/yuho_2024.pdf";

/// A manifest of one company with the given documents (path, kind).
fn manifest(paths: &[&str]) -> String {
    let mut toml = String::from(
        "[corpus]\nname = \"試験\"\nroot = \"reports\"\n\n[[company]]\ncode = \"990A\"\nname = \"架空電機\"\nindustry = \"電気機器\"\n",
    );
    for path in paths {
        toml.push_str(&format!(
            "\n[[company.document]]\npath = \"{path}\"\nkind = \"有価証券報告書\"\nfiscal_year = 2024\n"
        ));
    }
    toml
}

/// A run that must be refused: exit 2, nothing written, and the message has all of `says`.
fn refused(dir: &Dir, says: &[&str]) -> Ran {
    let ran = dir.run(&["run", "--quiet"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    for part in says {
        assert!(
            ran.stderr.contains(part),
            "the message lacks \"{part}\":\n{}",
            ran.stderr
        );
    }
    assert!(!dir.exists("output"), "nothing is written");
    ran
}

/// A run over one healthy document and one bad one: exit 1, the healthy one is read, and the bad one's row has this
/// status and a reason that contains `reason`.
fn row(dir: &Dir, status: &str, reason: &str) {
    dir.copy(SAMPLE, "reports/good.pdf");
    dir.write("corpus-manifest.toml", manifest(&["bad.pdf", "good.pdf"]));
    let ran = dir.run(&["run", "--quiet"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let rows = rows(&dir.read("output/documents.csv"));
    assert_eq!(rows.len(), 2, "a row for every document");
    assert_eq!(rows[0]["path"], "bad.pdf");
    assert_eq!(rows[0]["status"], status, "{}", rows[0]["reason"]);
    assert!(
        rows[0]["reason"].contains(reason),
        "the reason lacks \"{reason}\": {}",
        rows[0]["reason"]
    );
    assert_eq!(
        rows[1]["status"], "ok",
        "the healthy document is untouched: {}",
        rows[1]["reason"]
    );
    assert!(rows[1]["passages_in_scope"].parse::<u32>().unwrap() > 0);
}

#[test]
fn a_missing_file_is_an_error_with_its_line() {
    let dir = Dir::new();
    dir.copy(SAMPLE, "reports/good.pdf");
    dir.write("corpus-manifest.toml", manifest(&["good.pdf", "gone.pdf"]));
    refused(&dir, &["corpus-manifest.toml:16", "gone.pdf", "--allow-missing"]);
}

#[test]
fn a_missing_file_may_be_allowed_and_is_then_a_row() {
    let dir = Dir::new();
    dir.copy(SAMPLE, "reports/good.pdf");
    dir.write("corpus-manifest.toml", manifest(&["good.pdf", "gone.pdf"]));
    let ran = dir.run(&["run", "--quiet", "--allow-missing"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let rows = rows(&dir.read("output/documents.csv"));
    assert_eq!(
        (rows[1]["path"].as_str(), rows[1]["status"].as_str()),
        ("gone.pdf", "missing")
    );
}

#[test]
fn a_near_miss_is_suggested() {
    let dir = Dir::new();
    dir.copy(SAMPLE, "reports/good.pdf");
    let toml = manifest(&["good.pdf"])
        .replace("電気機器", "電機機器")
        .replace("有価証券報告書", "有価証券報告");
    dir.write("corpus-manifest.toml", toml);
    refused(
        &dir,
        &[
            "電気機器",
            "有価証券報告書",
            "corpus-manifest.toml:8",
            "corpus-manifest.toml:12",
        ],
    );
}

#[test]
fn everything_wrong_is_told_at_once() {
    let dir = Dir::new();
    let toml = manifest(&["../outside.pdf", "a.pdf", "a.pdf"])
        .replace("fiscal_year = 2024", "fiscal_year = \"二〇二四\"")
        + "\n[[company]]\ncode = \"990A\"\nname = \"二つ目\"\nindustry = \"宇宙\"\ncolour = \"青\"\n";
    dir.write("corpus-manifest.toml", toml);
    let ran = refused(
        &dir,
        &["../outside.pdf", "a.pdf", "fiscal_year", "990A", "宇宙", "colour"],
    );
    assert!(
        ran.stderr.matches("corpus-manifest.toml:").count() >= 6,
        "{}",
        ran.stderr
    );
}

#[test]
fn an_unquoted_code_is_explained() {
    let dir = Dir::new();
    dir.copy(SAMPLE, "reports/good.pdf");
    dir.write(
        "corpus-manifest.toml",
        manifest(&["good.pdf"]).replace("code = \"990A\"", "code = 9901"),
    );
    refused(&dir, &["corpus-manifest.toml:6", "\"9901\""]);
}

#[test]
fn a_manifest_that_is_not_toml_is_named_with_its_line() {
    let dir = Dir::new();
    dir.write("corpus-manifest.toml", "[corpus]\nname = 試験\n");
    refused(&dir, &["corpus-manifest.toml:2"]);
}

#[test]
fn a_folder_instead_of_a_pdf_is_refused() {
    let dir = Dir::new();
    dir.write("reports/folder.pdf/inner.txt", "x");
    dir.write("corpus-manifest.toml", manifest(&["folder.pdf"]));
    refused(&dir, &["folder.pdf", "corpus-manifest.toml:11"]);
}

#[test]
fn lists_saved_by_excel_in_shift_jis_are_read() {
    let dir = Dir::new();
    dir.copy(SAMPLE, "reports/good.pdf");
    dir.write(
        "corpus-manifest.toml",
        "[corpus]\nname = \"一覧\"\nroot = \"reports\"\ncompanies = \"companies.csv\"\ndocuments = \"documents.csv\"\n",
    );
    let sjis = |text: &str| encoding_rs::SHIFT_JIS.encode(text).0.into_owned();
    dir.write(
        "companies.csv",
        sjis("code,name,industry\r\n990A,架空電機①,電気機器\r\n"),
    );
    dir.write(
        "documents.csv",
        sjis("company_code,path,kind,fiscal_year\r\n990A,good.pdf,有価証券報告書,2024\r\n"),
    );
    let ran = dir.run(&["run", "--quiet"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let rows = rows(&dir.read("output/company_table.csv"));
    assert_eq!(
        (rows[0]["company_code"].as_str(), rows[0]["company"].as_str()),
        ("990A", "架空電機①")
    );
}

#[test]
fn a_wrong_cell_of_a_list_is_named_with_file_and_line() {
    let dir = Dir::new();
    dir.copy(SAMPLE, "reports/good.pdf");
    dir.write(
        "corpus-manifest.toml",
        "[corpus]\nname = \"一覧\"\nroot = \"reports\"\ncompanies = \"companies.csv\"\ndocuments = \"documents.csv\"\n",
    );
    dir.write("companies.csv", "code,name,industry\n990A,架空電機,電気機\n");
    dir.write(
        "documents.csv",
        "company_code,path,kind,fiscal_year\n990B,good.pdf,有価証券報告書,2024\n",
    );
    refused(&dir, &["companies.csv:2", "電気機器", "documents.csv:2", "990B"]);
}

#[test]
fn a_zero_byte_file_is_a_row() {
    let dir = Dir::new();
    dir.write("reports/bad.pdf", "");
    row(&dir, "not-a-pdf", "");
}

#[test]
fn an_html_page_called_pdf_is_a_row() {
    let dir = Dir::new();
    dir.write(
        "reports/bad.pdf",
        "<!DOCTYPE html>\n<html><body>404 Not Found</body></html>",
    );
    row(&dir, "not-a-pdf", "HTML");
}

#[test]
fn a_changed_file_is_not_read_in_its_place() {
    let dir = Dir::new();
    dir.copy(SAMPLE, "reports/good.pdf");
    let toml = manifest(&["good.pdf"]) + &format!("sha256 = \"{}\"\n", "0".repeat(64));
    dir.write("corpus-manifest.toml", toml);
    let ran = dir.run(&["run", "--quiet"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let rows = rows(&dir.read("output/documents.csv"));
    assert_eq!(rows[0]["status"], "failed");
    assert!(rows[0]["reason"].contains("sha256"), "{}", rows[0]["reason"]);
}

#[test]
fn an_output_folder_that_cannot_be_made_is_told() {
    let dir = Dir::new();
    dir.copy(SAMPLE, "reports/good.pdf");
    dir.write("corpus-manifest.toml", manifest(&["good.pdf"]));
    dir.write("taken", "a file where the folder should be");
    let ran = dir.run(&["run", "--quiet", "--output", "taken/output"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("taken/output"), "{}", ran.stderr);
}

#[test]
fn a_run_replaces_nothing_that_it_reads_and_nothing_before_all_can_be() {
    let dir = Dir::new();
    dir.copy(SAMPLE, "reports/a.pdf");
    let list = "code,path,kind,fiscal_year\n990A,a.pdf,有価証券報告書,2024\n";
    dir.write("documents.csv", list);
    dir.write(
        "corpus-manifest.toml",
        "[corpus]\nname = \"試験\"\nroot = \"reports\"\ndocuments = \"documents.csv\"\n\n\
         [[company]]\ncode = \"990A\"\nname = \"架空電機\"\nindustry = \"電気機器\"\n",
    );
    let ran = dir.run(&["run", "--quiet", "--output", "."]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("is read by the run"), "{}", ran.stderr);
    assert_eq!(dir.read("documents.csv"), list);
    assert!(!dir.exists("passages.csv") && !dir.exists("run.json"));
    // A place that cannot be replaced is seen before the first is.
    std::fs::create_dir_all(dir.file("output/year_category.csv")).expect("a folder");
    let ran = dir.run(&["run", "--quiet"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("year_category.csv"), "{}", ran.stderr);
    let mut written = std::fs::read_dir(dir.file("output"))
        .expect("the folder")
        .flatten();
    assert!(!written.any(|entry| entry.path().is_file()));
}
