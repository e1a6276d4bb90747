//! What a user reads when a manifest is wrong, error by error.

use std::path::Path;

use proptest::prelude::*;

use super::{Corpus, LoadOptions, ManifestErrors, Regime, load, load_bytes};
use crate::dictionaries::Dictionaries;

/// A folder with a manifest and files beside it.
struct Dir(tempfile::TempDir);

impl Dir {
    fn new(manifest: &str, files: &[&str]) -> Self {
        let dir = Self(tempfile::tempdir().unwrap());
        dir.write("m.toml", manifest.as_bytes());
        for file in files {
            dir.write(file, b"%PDF-1.7\n");
        }
        dir
    }

    fn write(&self, name: &str, bytes: &[u8]) -> &Self {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
        self
    }

    fn load_with(&self, options: LoadOptions) -> Result<Corpus, ManifestErrors> {
        load(&self.0.path().join("m.toml"), &Dictionaries::embedded(), options)
    }

    fn load(&self) -> Result<Corpus, ManifestErrors> {
        self.load_with(LoadOptions::default())
    }

    /// The message as printed, with the folder's name left out.
    fn message(&self) -> String {
        let error = self.load().expect_err("the manifest is wrong").to_string();
        error.replace(&format!("{}/", self.0.path().display()), "")
    }
}

const COMPANY: &str = "[[company]]\ncode = \"9991\"\nname = \"みらい化学工業\"\nindustry = \"化学\"\n";

fn company(changed: &str) -> Dir {
    let key = changed.split('=').next().unwrap().trim().to_owned();
    let kept = COMPANY.lines().filter(|l| !l.starts_with(&format!("{key} ")));
    let text: Vec<&str> = kept.chain(changed.lines()).collect();
    let document = "\n[[company.document]]\npath = \"a.pdf\"\nkind = \"有報\"\nfiscal_year = 2024\n";
    Dir::new(&(text.join("\n") + document), &["a.pdf"])
}

fn document(lines: &str) -> Dir {
    let mut text = format!("{COMPANY}\n[[company.document]]\n{lines}\n");
    for default in ["path = \"a.pdf\"", "kind = \"有報\"", "fiscal_year = 2024"] {
        if !lines.contains(default.split(' ').next().unwrap()) {
            text += &format!("{default}\n");
        }
    }
    Dir::new(&text, &["a.pdf"])
}

#[test]
fn a_manifest_of_tables_is_read() {
    let text = format!(
        "[corpus]\nname = \"試験\"\nroot = \"reports\"\nscheme = \"disclosure10\"\nframe = \"nikkei225-guide\"\n\n\
         {COMPANY}tse33 = \"3200\"\nemployees = 1_200\ncapital = 5000000000\naliases = [\"みらい化学\"]\n\n\
         [[company.document]]\npath = \"9991/yuho.pdf\"\nkind = \"四半期報告書\"\nfiscal_year = 2024\n\
         published = 2025-06-27\nsha256 = \"{}\"\n\n\
         [[company.document]]\npath = \"9991/csr.pdf\"\nkind = \"ＣＳＲレポート\"\nfiscal_year = 2023\nstatus = \"missing\"\n",
        "AB".repeat(32)
    );
    let dir = Dir::new(&text, &["reports/9991/yuho.pdf"]);
    let corpus = dir.load().unwrap();
    assert_eq!(
        (corpus.name.as_str(), corpus.scheme.as_deref()),
        ("試験", Some("disclosure10"))
    );
    assert_eq!(corpus.frame.as_ref().map(|f| f.counts.len()), Some(36));
    assert_eq!((corpus.industries.len(), corpus.kinds.len()), (36, 8));
    let [company] = corpus.companies.as_slice() else {
        panic!("one company")
    };
    assert_eq!(
        (company.sector.as_str(), company.group.as_str()),
        ("素材", "メーカ等")
    );
    assert_eq!(
        (company.tse33.as_deref(), company.employees, company.capital),
        (Some("化学"), Some(1200), Some(5_000_000_000))
    );
    let [yuho, csr] = corpus.documents.as_slice() else {
        panic!("two documents")
    };
    assert_eq!(
        (yuho.kind.as_str(), yuho.regime, yuho.fiscal_year),
        ("有価証券報告書", Regime::Required, 2024)
    );
    assert_eq!(yuho.published.as_deref(), Some("2025-06-27"));
    assert_eq!(yuho.sha256, Some("ab".repeat(32)));
    assert!(yuho.file.is_file() && !yuho.missing);
    assert_eq!(
        (csr.kind.as_str(), csr.missing),
        ("CSR報告書 / サステナビリティ報告書", true)
    );
    assert!(corpus.warnings.is_empty());
}

#[test]
fn everything_wrong_is_reported_at_once_in_order() {
    let text = "[corpus]\nnaem = \"x\"\n\n[[company]]\ncode = 4901\nname = \"あ\"\nindustry = \"化学工業\"\n\n\
                [[company.document]]\npath = \"../a.pdf\"\nkind = \"有価証券報告\"\nfiscal_year = \"2024年度\"\n";
    assert_eq!(
        Dir::new(text, &[]).message(),
        "error: m.toml:2: unknown key \"naem\" in [corpus]\n     2 | naem = \"x\"\n       = did you mean \"name\"?\n\n\
         error: m.toml:5: code is a number, and a text is needed\n     5 | code = 4901\n       \
         = write it in quotes: code = \"4901\"\n\n\
         error: m.toml:7: unknown industry \"化学工業\"\n     7 | industry = \"化学工業\"\n       \
         = did you mean \"化学\"?\n\n\
         error: m.toml:10: the path \"../a.pdf\" leaves the root by ..\n    10 | path = \"../a.pdf\"\n       \
         = write the path from root downwards; set root in [corpus] to the folder of the reports\n\n\
         error: m.toml:11: unknown kind of report \"有価証券報告\"\n    11 | kind = \"有価証券報告\"\n       \
         = did you mean \"有価証券報告書\"?\n\n\
         error: m.toml:12: \"2024年度\" is not a fiscal year\n    12 | fiscal_year = \"2024年度\"\n       \
         = write the number alone: 2024 (the year in which the fiscal year begins)\n\n6 errors"
    );
}

/// Asserts that the only problem is this message with this cure.
#[track_caller]
fn only(dir: &Dir, message: &str, cure: &str) {
    let shown = dir.message();
    assert!(shown.contains(&format!(": {message}\n")), "{shown}");
    assert!(shown.contains(&format!("= {cure}\n")), "{shown}");
    assert!(shown.ends_with("\n\n1 error"), "{shown}");
}

#[test]
fn codes_are_explained() {
    let four = "write the security code in quotes, four characters: code = \"4901\" or \"285A\"";
    only(
        &company("code = \"490\""),
        "\"490\" is not a security code",
        "a digit is missing; a spreadsheet drops leading zeros unless the column is text",
    );
    only(
        &company("code = \"49010\""),
        "\"49010\" is not a security code",
        "the five-character form ends in a 0 that is left out here: write \"4901\"",
    );
    only(
        &company("code = \"285a\""),
        "\"285a\" is not a security code",
        "write capitals: \"285A\"",
    );
    only(
        &company("code = \"25935\""),
        "\"25935\" is not a security code",
        four,
    );
    only(&company("code = \"\""), "code is not filled in (要記入)", four);
    assert!(
        company("code = \"２８５Ａ\"")
            .load()
            .is_ok_and(|c| c.companies[0].code == "285A")
    );
}

#[test]
fn companies_are_explained() {
    let industry = "write one of the 36 Nikkei industries";
    only(
        &company("industry = \"\"  # 要記入"),
        "industry is not filled in (要記入)",
        industry,
    );
    only(
        &company("industry = [\"化学\"]"),
        "industry is a list, and a text is needed",
        "write industry = \"…\"",
    );
    only(
        &company("tse33 = \"情報通信サービス\""),
        "unknown TSE-33 industry \"情報通信サービス\"",
        "did you mean \"情報・通信業\"?",
    );
    only(
        &company("employees = \"約千名\""),
        "employees: \"約千名\" is not a number of people",
        "write digits only: employees = 12345 (people)",
    );
    only(
        &company("capital = -1"),
        "capital: \"-1\" is not a number of yen",
        "write digits only: capital = 12345 (yen)",
    );
    only(
        &company("aliases = 3"),
        "aliases is a number, and a list of texts is needed",
        "write aliases = [\"…\", \"…\"]",
    );
    only(
        &company("nmae = \"x\""),
        "unknown key \"nmae\" in [[company]]",
        "did you mean \"name\"?",
    );
    let none = company("industry = \"化学\"").0;
    let text = std::fs::read_to_string(none.path().join("m.toml")).unwrap();
    let none = Dir::new(&text.replace("industry = \"化学\"\n", ""), &["a.pdf"]);
    only(&none, "[[company]] has no industry", industry);
}

#[test]
fn documents_are_explained() {
    only(
        &document("kind = \"ちらし\""),
        "unknown kind of report \"ちらし\"",
        "choose one of: 有価証券報告書, コーポレート・ガバナンス報告書, CSR報告書 / サステナビリティ報告書, 統合報告書, \
          アニュアルレポート, 情報セキュリティ報告書, 情報セキュリティ基本方針, その他",
    );
    let year = "write the year in which the fiscal year begins, e.g. fiscal_year = 2024";
    only(
        &document("fiscal_year = 0  # 要記入"),
        "fiscal_year is not filled in (要記入)",
        year,
    );
    only(
        &document("fiscal_year = 24"),
        "the fiscal year \"24\" is out of range",
        year,
    );
    only(
        &document("fiscal_year = \"令和6年度\""),
        "\"令和6年度\" is not a fiscal year",
        "write the number alone: 2024 (the year in which the fiscal year begins)",
    );
    only(
        &document("fiscal_year = 2024-04-01"),
        "fiscal_year is a date, and a year is needed",
        year,
    );
    only(
        &document("sha256 = \"abc\""),
        "\"abc\" is not a SHA-256 sum",
        "write the 64 hexadecimal digits that sha256sum prints, or leave the key out",
    );
    only(
        &document("published = \"6月末\""),
        "published: \"6月末\" is not a date",
        "write published = 2025-06-27",
    );
    only(
        &document("status = \"mising\""),
        "unknown status \"mising\"",
        "write status = \"missing\" for a document that could not be obtained, or leave it out",
    );
    only(
        &document("fiscal_yaer = 2024\nfiscal_year = 2024"),
        "unknown key \"fiscal_yaer\" in [[company.document]]",
        "did you mean \"fiscal_year\"?",
    );
}

#[test]
fn paths_are_explained() {
    let below = "write the path from root downwards; set root in [corpus] to the folder of the reports";
    only(
        &document("path = \"/etc/a.pdf\""),
        "the path \"/etc/a.pdf\" is absolute",
        below,
    );
    only(
        &document("path = 'C:\\a.pdf'"),
        "the path \"C:\\a.pdf\" is absolute",
        below,
    );
    only(
        &document("path = \"b/../../a.pdf\""),
        "the path \"b/../../a.pdf\" leaves the root by ..",
        below,
    );
    only(
        &document("path = \"b.pdf\""),
        "there is no file \"b.pdf\"",
        "did you mean \"a.pdf\"? if it could not be obtained, add status = \"missing\", or use --allow-missing",
    );
    let folder = document("path = \"d\"");
    folder.write("d/b.pdf", b"");
    only(
        &folder,
        "\"d\" is a folder, not a file",
        "name the PDF file in it; every document is an entry of its own",
    );
    let twice = document(
        "path = \"a.pdf\"\nkind = \"CSR\\u5831告書\"\nfiscal_year = 2024\n[[company.document]]\npath = \"./a.pdf\"",
    );
    let shown = twice.message();
    assert!(
        shown.contains("the file \"./a.pdf\" is named twice (first: line 7)"),
        "{shown}"
    );
    let root = Dir::new(&format!("[corpus]\nroot = \"nowhere\"\n{COMPANY}"), &[]);
    assert!(
        root.message()
            .contains("error: m.toml:2: the folder of the documents, \"nowhere\", cannot be opened")
    );
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_root_is_explained() {
    let dir = Dir::new(
        &format!(
            "[corpus]\nroot = \"r\"\n{COMPANY}[[company.document]]\npath = \"l.pdf\"\nkind = \"その他\"\nfiscal_year = 2024\n"
        ),
        &["out.pdf", "r/in.pdf"],
    );
    std::os::unix::fs::symlink("../out.pdf", dir.0.path().join("r/l.pdf")).unwrap();
    let shown = dir.message();
    assert!(
        shown.contains("error: m.toml:8: \"l.pdf\" is a symbolic link that leaves the root, to "),
        "{shown}"
    );
}

#[test]
fn missing_documents_are_rows() {
    let dir = document("path = \"none.pdf\"");
    let corpus = dir.load_with(LoadOptions { allow_missing: true }).unwrap();
    assert!(corpus.documents[0].missing);
    let corpus = document("status = \"missing\"").load().unwrap();
    assert!(corpus.documents[0].missing);
    assert_eq!(
        corpus.warnings[0].message,
        "\"a.pdf\" is marked missing, yet it is there"
    );
}

#[test]
fn duplicate_codes_are_explained() {
    let dir = Dir::new(&format!("{COMPANY}\n{COMPANY}"), &[]);
    let shown = dir.message();
    assert!(
        shown.contains("error: m.toml:7: the code \"9991\" is used twice (first: line 1)"),
        "{shown}"
    );
}

#[test]
fn what_is_no_manifest_is_explained() {
    let syntax = Dir::new("[corpus]\nname = あ\n[[company]\n", &[]).message();
    assert!(syntax.contains("error: m.toml:2: this is not TOML: "), "{syntax}");
    assert!(syntax.contains("error: m.toml:3: this is not TOML: "), "{syntax}");
    only(
        &Dir::new("", &[]),
        "the manifest names no company",
        "add [[company]] tables, or companies = \"companies.csv\" in [corpus]; \
          `mieruka init DIR` writes a first manifest from a folder of PDFs",
    );
    let corpus = Dir::new(&format!("corpus = 3\n{COMPANY}"), &[]).message();
    assert!(
        corpus.contains("error: m.toml:1: corpus is not a table\n"),
        "{corpus}"
    );
    let dir = Dir::new("", &[]);
    dir.write("m.toml", b"[corpus]\nname = \"\x93\xfa\x8c\x6f\"\n");
    assert!(
        dir.message()
            .starts_with("error: m.toml:2: the manifest is not UTF-8 text"),
        "{}",
        dir.message()
    );
    let single = Dir::new(&COMPANY.replace("[[company]]", "[company]"), &[]).message();
    assert!(
        single.contains("error: m.toml:1: company is not a list of tables"),
        "{single}"
    );
    assert!(
        single.contains("= write [[company]], with two brackets on each side, for each"),
        "{single}"
    );
    let nowhere = load(
        Path::new("nowhere.toml"),
        &Dictionaries::embedded(),
        LoadOptions::default(),
    );
    let nowhere = nowhere.unwrap_err().to_string();
    assert!(
        nowhere.starts_with("error: nowhere.toml: cannot be read: "),
        "{nowhere}"
    );
}

#[test]
fn a_company_without_documents_is_a_warning() {
    let corpus = Dir::new(COMPANY, &[]).load().unwrap();
    let warnings: Vec<String> = corpus.warnings.iter().map(|w| w.message.clone()).collect();
    assert_eq!(warnings, ["9991 みらい化学工業 has no document"]);
}

const LISTS: &str = "[corpus]\ncompanies = \"companies.csv\"\ndocuments = \"documents.csv\"\n";

fn lists(companies: &[u8], documents: &[u8]) -> Dir {
    let dir = Dir::new(LISTS, &["9991/a.pdf"]);
    dir.write("companies.csv", companies)
        .write("documents.csv", documents);
    dir
}

#[test]
fn lists_of_excel_are_read() {
    let (companies, ..) = encoding_rs::SHIFT_JIS
        .encode("証券コード,会社名,業種,従業員数\r\n=\"9991\",みらい化学,化学,\"1,200\"\r\n");
    let documents = "\u{FEFF}コード,会社名,ファイル,種類,年度,公表日,状態\r\n9991,みらい化学,9991\\a.pdf,CG報告書,2024,2025/6/27,\r\n\
                     9991,みらい化学,9991/b.pdf,有報,2024,,未入手\r\n,,,,,,\r\n";
    let corpus = lists(&companies, documents.as_bytes()).load().unwrap();
    assert_eq!(
        (corpus.companies[0].name.as_str(), corpus.companies[0].employees),
        ("みらい化学", Some(1200))
    );
    let [cg, yuho] = corpus.documents.as_slice() else {
        panic!("two documents")
    };
    assert_eq!(
        (cg.path.as_str(), cg.kind.as_str()),
        ("9991/a.pdf", "コーポレート・ガバナンス報告書")
    );
    assert_eq!(cg.published.as_deref(), Some("2025-06-27"));
    assert!(yuho.missing);
    let names: Vec<&str> = corpus
        .checksums
        .iter()
        .skip(1)
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["companies.csv", "documents.csv"]);
}

#[test]
fn problems_of_lists_name_the_list() {
    let shown = lists(
        "code,name,industry\n9991,みらい化学,化学\n9991,x,宇宙\n".as_bytes(),
        "code,path,kind,fiscal_year\n9992,9991/a.pdf,有報,2024\nみらい化学,9991/a.pdf,有報,R6年度\n"
            .as_bytes(),
    )
    .message();
    for expected in [
        "error: companies.csv:3: the code \"9991\" is used twice (first: line 2)\n     3 | 9991,x,宇宙\n",
        "error: companies.csv:3: unknown industry \"宇宙\"\n",
        "error: documents.csv:2: no company has the code \"9992\"\n",
        "= did you mean \"9991\"? or add the company\n",
        "error: documents.csv:3: no company has the code \"みらい化学\"\n",
        "= write its code: \"9991\"\n",
        "error: documents.csv:3: the file \"9991/a.pdf\" is named twice (first: line 2)\n",
        "error: documents.csv:3: \"R6年度\" is not a fiscal year\n",
    ] {
        assert!(shown.contains(expected), "{expected}\n---\n{shown}");
    }
}

#[test]
fn lists_that_cannot_be_read_are_explained() {
    let shown = Dir::new(LISTS, &[]).message();
    assert!(
        shown.contains("error: m.toml:2: the list \"companies.csv\" cannot be read: "),
        "{shown}"
    );
    assert!(
        shown.contains("error: m.toml:3: the list \"documents.csv\" cannot be read: "),
        "{shown}"
    );
    assert!(shown.ends_with("\n\n2 errors"), "{shown}");
    let shown = lists(b"PK\x03\x04\x00\xff\xff\xff", b"code,path,kind,fiscal_year\n").message();
    assert!(
        shown.contains("error: companies.csv:1: the list is neither UTF-8 nor Shift_JIS text"),
        "{shown}"
    );
}

/// Text that looks enough like a manifest to get past the parser.
fn manifest_like() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec![
        "name",
        "code",
        "industry",
        "path",
        "kind",
        "fiscal_year",
        "published",
        "sha256",
        "status",
        "root",
        "companies",
        "documents",
        "frame",
        "aliases",
        "employees",
        "tse33",
        "document",
        "corpus",
        "company",
    ]);
    let value = prop_oneof![
        Just("\"4901\"".to_owned()),
        Just("2024".to_owned()),
        Just("[]".to_owned()),
        Just("{}".to_owned()),
        Just("[{}]".to_owned()),
        Just("1979-05-27".to_owned()),
        Just("\"..\"".to_owned()),
        Just("\"m.toml\"".to_owned()),
        Just("1e9".to_owned()),
        Just("true".to_owned()),
        Just("99999999999999999999".to_owned()),
        "\"[^\"\\\\\\p{Cc}]{0,8}\"",
    ];
    let header = prop::sample::select(vec![
        "[corpus]",
        "[[company]]",
        "[[company.document]]",
        "[company]",
        "[x.y]",
    ]);
    let line = prop_oneof![3 => (key, value).prop_map(|(k, v)| format!("{k} = {v}")), 1 => header.prop_map(str::to_owned)];
    prop::collection::vec(line, 0..20).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_the_loader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = load_bytes(&bytes, Path::new("m.toml"), &Dictionaries::embedded(), LoadOptions::default());
    }

    #[test]
    fn no_manifest_makes_the_loader_panic(text in manifest_like()) {
        let dir = Dir::new(&text, &[]);
        if let Err(errors) = dir.load() {
            prop_assert!(!errors.problems.is_empty());
        }
    }

    #[test]
    fn no_list_makes_the_loader_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        cells in prop::collection::vec("[0-9a-zA-Z,\"\n\r\t=あ１年]{0,12}", 0..12),
    ) {
        let rows = format!("code,name,industry\n{}", cells.concat());
        let _ = lists(&bytes, rows.as_bytes()).load();
        let _ = lists(rows.as_bytes(), &bytes).load();
        let rows = format!("code,path,kind,fiscal_year,published\n{}", cells.concat());
        let _ = lists(b"code,name,industry\n9991,a,b\n", rows.as_bytes()).load();
    }
}

/// A company for tests of other modules.
pub(super) fn a_company() -> super::Company {
    super::Company {
        code: "9991".to_owned(),
        name: "みらい化学工業".to_owned(),
        industry: "化学".to_owned(),
        sector: "素材".to_owned(),
        group: "メーカ等".to_owned(),
        tse33: None,
        employees: None,
        capital: None,
        market_segment: None,
        aliases: Vec::new(),
    }
}
