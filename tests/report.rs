//! The report as a file: what stands in it, where it leads, and that nothing in it comes from elsewhere. How it works
//! in a browser is tested in `tests/browser`.

mod common;
mod generated;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use common::{Dir, Ran, root, rows};
use mieruka::export::ExportManager;
use regex::Regex;

/// Runs the sample corpus into a folder of its own.
fn run(dir: &Dir, output: &str, more: &[&str]) -> Ran {
    let manifest = root().join("corpus-manifest.toml").to_string_lossy().into_owned();
    let output = dir.file(output).to_string_lossy().into_owned();
    let mut args = vec!["run", "--quiet", "--manifest", &manifest, "--output", &output];
    args.extend(more);
    dir.run(&args)
}

/// The report of the sample corpus, made once, in a folder whose name links must write with care.
fn sample() -> &'static Path {
    static SAMPLE: LazyLock<PathBuf> = LazyLock::new(|| {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("report of the sample");
        let _ = std::fs::remove_dir_all(&folder);
        let ran = run(&Dir::new(), &folder.to_string_lossy(), &[]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        folder
    });
    &SAMPLE
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// The values of an attribute, entities resolved.
fn attributes(html: &str, name: &str) -> Vec<String> {
    let attribute = Regex::new(&format!(r#"[\s]{name}="([^"]*)""#)).expect("a pattern");
    let resolve = |text: &str| {
        [
            ("&#60;", "<"),
            ("&#62;", ">"),
            ("&#34;", "\""),
            ("&#39;", "'"),
            ("&#38;", "&"),
        ]
        .iter()
        .fold(text.to_owned(), |text, (entity, c)| text.replace(entity, c))
    };
    attribute
        .captures_iter(html)
        .map(|found| resolve(&found[1]))
        .collect()
}

fn decoded(link: &str) -> String {
    percent_encoding::percent_decode_str(link)
        .decode_utf8_lossy()
        .into_owned()
}

#[test]
fn every_part_is_there() {
    let html = read(sample(), "report.html");
    let ids: BTreeSet<String> = attributes(&html, "id").into_iter().collect();
    for section in [
        "overview",
        "industries",
        "companies",
        "kinds",
        "years",
        "failures",
        "methods",
        "evidence",
        "grid",
    ] {
        assert!(ids.contains(section), "no {section}");
    }
    for caption in [
        "年度別・項目別の開示率",
        "業種別・項目別の開示率",
        "企業ごとの該当箇所の数と最初のページ",
        "報告書の種類別・項目別の開示率",
        "読み取りの状況",
        "コーディング規則",
        "版と検査値",
    ] {
        assert!(
            html.contains(&format!("<caption><span>{caption}")),
            "no table {caption}"
        );
    }
    assert_eq!(attributes(&html, "id").len(), ids.len(), "an id stands twice");
    for figure in [
        "bars_2023",
        "bars_2024",
        "heatmap_industry_2024",
        "heatmap_kind_2024",
        "slopes",
    ] {
        let svg = read(sample(), &format!("figures/{figure}.svg"));
        assert!(
            svg.starts_with("<svg xmlns=") && svg.ends_with("</svg>"),
            "{figure}"
        );
        assert!(html.contains(&svg), "{figure} is drawn otherwise in the report");
    }
}

#[test]
fn every_link_leads_somewhere_and_nothing_comes_from_elsewhere() {
    let html = read(sample(), "report.html");
    assert_eq!(attributes(&html, "src"), Vec::<String>::new());
    assert!(
        !html.contains("@import") && !html.contains("url("),
        "a style sheet asks for something"
    );
    let ids: BTreeSet<String> = attributes(&html, "id").into_iter().collect();
    let (mut anchors, mut pages) = (0, 0);
    for href in attributes(&html, "href") {
        assert!(
            !href.contains(':') && !href.starts_with('/'),
            "{href} is no relative link"
        );
        if let Some(id) = href.strip_prefix('#') {
            assert!(ids.contains(&decoded(id)), "{href} leads nowhere");
            anchors += 1;
        } else {
            let (path, fragment) = href.split_once('#').unwrap_or((&href, ""));
            let file = sample().join(decoded(path));
            assert!(file.is_file(), "{href} leads nowhere");
            pages += usize::from(fragment.starts_with("page="));
        }
    }
    assert!(anchors > 50 && pages > 100, "{anchors} anchors, {pages} pages");
}

#[test]
fn the_grid_says_what_the_table_says() {
    let html = read(sample(), "report.html");
    let cell =
        Regex::new(r##"<td class="d"><a href="#([^"]*)">(\d+)</a><a class="p" href="([^"]*)#page=(\d+)">"##)
            .expect("a pattern");
    let printed: Vec<_> = cell
        .captures_iter(&html)
        .map(|c| (c[2].to_owned(), c[4].to_owned(), c[3].to_owned()))
        .collect();
    let table = rows(&read(sample(), "company_category.csv"));
    let expected: Vec<_> = table.iter().filter(|row| row["disclosed"] == "1").collect();
    assert_eq!(printed.len(), expected.len());
    for ((passages, page, link), row) in printed.iter().zip(&expected) {
        assert_eq!((passages, page), (&row["passages"], &row["first_page"]));
        assert!(link.ends_with(&row["first_path"]), "{link}");
    }
    // The evidence that a cell leads to begins with the quote of the table.
    let row = expected.first().expect("a cell");
    let anchor = &cell.captures(&html).expect("a cell")[1];
    let item = html
        .split(&format!("id=\"{anchor}\""))
        .nth(1)
        .expect("its evidence");
    let item = item.split("</li>").next().expect("an end");
    let text = Regex::new("<[^>]*>")
        .expect("a pattern")
        .replace_all(item, "")
        .into_owned();
    let quote: String = row["quote"]
        .chars()
        .filter(|c| *c != '…')
        .skip(20)
        .take(12)
        .collect();
    assert!(text.contains(&quote), "{quote} is not in {text}");
}

/// Everything a run writes but the record of its times.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for part in [folder.to_owned(), folder.join("figures")] {
        for entry in std::fs::read_dir(part)
            .expect("a folder")
            .map(|e| e.expect("an entry").path())
        {
            if entry.is_file() && !entry.ends_with("run.json") {
                files.insert(
                    entry
                        .display()
                        .to_string()
                        .replace(&folder.display().to_string(), ""),
                    std::fs::read(&entry).expect("a file"),
                );
            }
        }
    }
    files
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let dir = Dir::new();
    let all: Vec<_> = ["1", "8"]
        .iter()
        .map(|threads| {
            run(&dir, threads, &["--threads", threads]);
            files(&dir.file(threads))
        })
        .collect();
    assert!(all[0].contains_key("/report.html") && all[0].contains_key("/figures/slopes.svg"));
    assert!(all[0] == all[1], "1 and 8 threads");
}

const HOSTILE: &str = "<script>alert(1)</script>&\"'</title>";

#[test]
fn names_are_text_whatever_they_say() {
    let dir = Dir::new();
    dir.copy("tests/corpus/990A/yuho_2024.pdf", "a & b/<i>#1?.pdf");
    dir.write(
        "corpus-manifest.toml",
        format!(
            "[corpus]\nname = '''{HOSTILE}'''\n[[company]]\ncode = \"990A\"\nname = '''{HOSTILE}'''\nindustry = \"食品\"\n\
             [[company.document]]\npath = \"a & b/<i>#1?.pdf\"\nkind = \"有価証券報告書\"\nfiscal_year = 2024\n"
        ),
    );
    let ran = dir.run(&["run", "--quiet"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let html = dir.read("output/report.html");
    assert!(!html.contains("<script>alert"), "a name became a script");
    assert_eq!(
        html.matches("</title>").count() - html.matches("<title>").count(),
        0
    );
    assert!(html.contains("&#60;script&#62;alert(1)"));
    for href in attributes(&html, "href")
        .iter()
        .filter(|href| href.contains(".pdf"))
    {
        assert!(
            dir.file("output")
                .join(decoded(href.split('#').next().unwrap_or_default()))
                .is_file(),
            "{href} leads nowhere"
        );
    }
}

#[test]
fn documents_that_are_not_there_are_named_and_not_linked() {
    let dir = Dir::new();
    dir.copy("tests/corpus/990A/yuho_2024.pdf", "a.pdf");
    dir.write(
        "corpus-manifest.toml",
        "[corpus]\nname = \"x\"\n[[company]]\ncode = \"990A\"\nname = \"甲\"\nindustry = \"食品\"\n\
         [[company.document]]\npath = \"a.pdf\"\nkind = \"有価証券報告書\"\nfiscal_year = 2024\n\
         [[company.document]]\npath = \"gone.pdf\"\nkind = \"統合報告書\"\nfiscal_year = 2024\nstatus = \"missing\"\n",
    );
    let ran = dir.run(&["run", "--quiet"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let html = dir.read("output/report.html");
    assert!(html.contains("<td>gone.pdf</td>") && html.contains("ファイルなし"));
    assert!(!html.contains("gone.pdf\""), "a link to a file that is not there");
    assert!(
        html.contains("<td class=\"u\">–</td>"),
        "what is not known is no 0"
    );
}

#[test]
fn it_speaks_english_when_asked() {
    let dir = Dir::new();
    run(&dir, "out", &["--lang", "en"]);
    let html = dir.read("out/report.html");
    assert!(html.contains("<html lang=\"en\">") && html.contains("Companies × categories"));
    assert!(html.contains("C09 supply chain and group") || html.contains("supply chain and group"));
    assert!(html.contains(">faithful representation<") && html.contains(">top message<"));
    let outside: String = html
        .split("<tbody lang=\"ja\">")
        .next()
        .unwrap_or_default()
        .into();
    assert!(
        !outside.contains("開示率"),
        "Japanese headings in an English report"
    );
}

#[test]
fn only_what_is_asked_for_is_written() {
    let dir = Dir::new();
    assert_eq!(run(&dir, "csv", &["--format", "csv"]).code, 0);
    assert!(
        dir.exists("csv/company_table.csv") && !dir.exists("csv/report.html") && !dir.exists("csv/figures")
    );
    let left: Vec<_> = std::fs::read_dir(dir.file("csv"))
        .expect("a folder")
        .filter_map(|f| f.ok()?.file_name().into_string().ok())
        .collect();
    assert!(!left.iter().any(|name| name.contains("part")), "{left:?}");
}

#[test]
fn a_gold_file_shows_how_far_the_machine_can_be_trusted() {
    let dir = Dir::new();
    let gold = root()
        .join("tests/gold/dev_a.jsonl")
        .to_string_lossy()
        .into_owned();
    let ran = run(&dir, "out", &["--gold", &gold]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let html = dir.read("out/report.html");
    assert!(html.contains("<caption><span>機械と正解の一致") && html.contains("<code>dev_a.jsonl</code>"));
    let evaluated = dir.run(&["evaluate", "--json", &gold]);
    let json: serde_json::Value = serde_json::from_str(&evaluated.stdout).expect("JSON");
    let f1 = json["overall"]["micro_f1"].as_f64().expect("a figure");
    assert!(html.contains(&format!(">{f1:.3}<")), "micro F1 {f1:.3}");
    dir.write("bad.jsonl", "{\"id\": 1}\n");
    let ran = run(&dir, "bad", &["--gold", "bad.jsonl"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(!dir.exists("bad/company_table.csv"));
}

/// Where there is no desktop nothing opens the report, and that is no failure; where there is, it gets the path.
#[cfg(target_os = "linux")]
#[test]
fn open_hands_the_report_to_the_desktop() {
    use std::os::unix::fs::PermissionsExt;
    let dir = Dir::new();
    dir.write("bin/xdg-open", "#!/bin/sh\necho \"$1\" > \"$(dirname \"$0\")/opened.part\"\nmv \"$(dirname \"$0\")/opened.part\" \"$(dirname \"$0\")/opened\"\n");
    std::fs::set_permissions(dir.file("bin/xdg-open"), std::fs::Permissions::from_mode(0o755))
        .expect("executable");
    let with = |path: &str, output: &str| {
        let path = format!("PATH={path}");
        let manifest = root().join("corpus-manifest.toml").to_string_lossy().into_owned();
        let output = dir.file(output).to_string_lossy().into_owned();
        std::process::Command::new("/usr/bin/env")
            .args([
                &path,
                env!("CARGO_BIN_EXE_mieruka"),
                "run",
                "--quiet",
                "--open",
                "--format",
                "csv",
                "--manifest",
                &manifest,
                "--output",
                &output,
            ])
            .output()
            .expect("it runs")
    };
    let ran = with(&format!("{}:/bin:/usr/bin", dir.file("bin").display()), "opened");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    // The opener runs on its own.
    let opened = (0..200).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        std::fs::read_to_string(dir.file("bin/opened")).ok()
    });
    assert_eq!(
        opened.expect("the report was opened").trim(),
        dir.file("opened/report.html").to_string_lossy()
    );
    let ran = with("/nowhere", "closed");
    assert!(ran.status.success());
    assert!(
        String::from_utf8_lossy(&ran.stderr).contains("report.html"),
        "it says where the report is"
    );
    assert!(dir.exists("closed/report.html"));
}

/// 225 companies × 10 categories × 20,000 passages. How long a browser takes over it is measured by
/// `tests/browser/measure.mjs`, which reads the report that this test leaves.
#[test]
fn a_whole_year_of_the_nikkei_average_stays_small() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("whole year");
    std::fs::create_dir_all(&folder).expect("a folder");
    let generated = generated::generate(generated::YEAR);
    let mut manager = ExportManager::default();
    manager.add(Box::new(generated.html(&folder)));
    manager.write_all(&generated.tables(), &folder).expect("a report");
    let html = read(&folder, "report.html");
    assert!(html.len() < 15_000_000, "{} bytes", html.len());
    assert_eq!(html.matches("<tr data-d=").count(), 225);
    let quotes = html.matches("<q>").count();
    assert!(quotes > 10_000, "{quotes} quotes");
}

#[test]
fn what_an_earlier_run_left_in_another_format_is_told() {
    let dir = Dir::new();
    dir.copy("tests/corpus/9X23/yuho_2024.pdf", "a.pdf").write(
        "corpus-manifest.toml",
        "[corpus]\nname = \"t\"\n[[company]]\ncode = \"9991\"\nname = \"試験化学\"\nindustry = \"化学\"\n\
         [[company.document]]\npath = \"a.pdf\"\nkind = \"有価証券報告書\"\nfiscal_year = 2024\n",
    );
    let whole = dir.run(&["run"]);
    assert!(!whole.stderr.contains("earlier run"), "{}", whole.stderr);
    let tables = dir.run(&["run", "--format", "csv"]);
    assert!(
        tables.stderr.contains("is of an earlier run"),
        "{}{}",
        tables.stderr,
        tables.stdout
    );
}

#[test]
fn a_report_by_another_scheme_speaks_of_that_scheme() {
    let dir = Dir::new();
    let scheme = "[scheme]\nid = \"water\"\nja = \"水資源の開示\"\nen = \"Water\"\n\n[[code]]\nid = \"W1\"\nja = \"取水\"\nen = \"intake\"\n\
                  [[code.rule]]\nid = \"water\"\nwhen = '\"水\"'\n";
    dir.write("water.toml", scheme);
    let path = dir.file("water.toml").to_string_lossy().into_owned();
    let ran = run(&dir, "out", &["--scheme", &path]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let of_the_guide = read(sample(), "report.html");
    let own = dir.read("out/report.html");
    let guide = [
        "<h1>サイバーセキュリティ情報開示",
        "情報セキュリティに関する段落を選び",
        "項目 4",
    ];
    for said in guide {
        assert!(of_the_guide.contains(said), "{said}");
        assert!(!own.contains(said), "{said}");
    }
    assert!(own.contains("<h1>水資源の開示"));
}
