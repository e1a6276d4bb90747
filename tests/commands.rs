//! The commands as a user types them.

mod common;

use common::{Dir, root};

const PASSAGE: &str = r#"{"id":"p1","text":"当社は、最高情報セキュリティ責任者（CISO）を任命し、情報セキュリティ委員会を設置しています。","other":1}"#;

#[test]
fn help_teaches_every_command() {
    let dir = Dir::new();
    let help = dir.run(&["--help"]);
    assert_eq!(help.code, 0);
    for command in [
        "run", "init", "check", "extract", "passages", "code", "explain", "evaluate", "scheme",
    ] {
        assert!(help.stdout.contains(command), "{command} is not in the help");
        let own = dir.run(&[command, "--help"]);
        assert_eq!(own.code, 0, "{command} --help");
        assert!(own.stdout.contains("Usage: mieruka"), "{}", own.stdout);
    }
}

#[test]
fn version_is_that_of_the_package() {
    let version = Dir::new().run(&["--version"]);
    assert_eq!(
        version.stdout.trim(),
        format!("mieruka {}", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn wrong_usage_ends_with_2() {
    let dir = Dir::new();
    for args in [
        &["fly"][..],
        &["run", "--threads", "0"],
        &["extract"],
        &["extract", "-"],
        &["passages", "-"],
        &["code", "--no-such-option", "x"],
    ] {
        let ran = dir.run(args);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.stderr);
        assert!(!ran.stderr.is_empty());
    }
}

#[test]
fn no_manifest_says_what_to_do_and_writes_nothing() {
    let dir = Dir::new();
    let ran = dir.run(&[]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("corpus-manifest.toml"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("mieruka init"),
        "the cure is named: {}",
        ran.stderr
    );
    assert!(!dir.exists("output"));
}

#[test]
fn code_reads_standard_input_and_ignores_unknown_keys() {
    let ran = Dir::new().run_with_input(&["code", "-"], PASSAGE);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let coded: serde_json::Value = serde_json::from_str(&ran.stdout).expect("one JSON object");
    assert_eq!(coded["id"], "p1");
    assert_eq!(coded["in_scope"], true);
    assert_eq!(coded["labels"], serde_json::json!(["C02"]));
    let evidence = &coded["evidence"][0];
    let passage: serde_json::Value = serde_json::from_str(PASSAGE).unwrap();
    let text: Vec<char> = passage["text"].as_str().unwrap().chars().collect();
    let (start, end) = (
        evidence["start"].as_u64().unwrap() as usize,
        evidence["end"].as_u64().unwrap() as usize,
    );
    assert_eq!(
        evidence["text"],
        text[start..end].iter().collect::<String>(),
        "the span is of the given text"
    );
    assert!(!evidence["rule"].as_str().unwrap().is_empty());
}

#[test]
fn a_malformed_line_is_named_with_file_and_line() {
    let dir = Dir::new();
    dir.write("p.jsonl", format!("{PASSAGE}\n{{\"id\": 3}}\n"));
    let ran = dir.run(&["code", "p.jsonl"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("p.jsonl:2"), "{}", ran.stderr);
}

#[test]
fn an_unknown_scheme_is_named() {
    let ran = Dir::new().run_with_input(&["code", "--scheme", "disclosure11", "-"], PASSAGE);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("disclosure11"), "{}", ran.stderr);
}

#[test]
fn extract_and_passages_feed_code() {
    let dir = Dir::new();
    let report = first_sample();
    let text = dir.run(&["extract", "--format", "jsonl", &report]);
    assert_eq!(text.code, 0, "{}", text.stderr);
    for (i, line) in text.stdout.lines().enumerate() {
        let page: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(page["page"], i + 1);
        assert!(page["status"].is_string() && page["engine"].is_string() && page["text"].is_string());
    }
    let passages = dir.run(&["passages", &report]);
    assert_eq!(passages.code, 0, "{}", passages.stderr);
    assert!(passages.stdout.lines().count() > 10);
    let coded = dir.run_with_input(&["code", "-"], &passages.stdout);
    assert_eq!(coded.code, 0, "{}", coded.stderr);
    assert_eq!(coded.stdout.lines().count(), passages.stdout.lines().count());
}

/// Any sample report: the first one of the manifest.
fn first_sample() -> String {
    let manifest = std::fs::read_to_string(root().join("corpus-manifest.toml")).expect("the sample manifest");
    let path = manifest
        .lines()
        .find_map(|l| l.trim().strip_prefix("path = \"")?.strip_suffix('"'))
        .expect("a document in the sample manifest");
    root()
        .join("tests/corpus")
        .join(path)
        .to_string_lossy()
        .into_owned()
}

#[test]
fn extract_of_a_file_that_is_not_there_says_so_and_goes_on() {
    let dir = Dir::new();
    let ran = dir.run(&["extract", "no-such.pdf", &first_sample()]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("no-such.pdf"), "{}", ran.stderr);
    assert!(ran.stdout.len() > 100, "the other file is printed");
}

#[test]
fn evaluate_compares_machine_and_gold() {
    let dir = Dir::new();
    dir.write(
        "gold.jsonl",
        concat!(
            r#"{"id":"a","headings":[],"previous":null,"text":"最高情報セキュリティ責任者（CISO）を任命しています。","unit":"passage","in_scope":true,"labels":["C02"]}"#, "\n",
            r#"{"id":"b","headings":[],"previous":null,"text":"売上高は前年を上回りました。","unit":"passage","in_scope":false,"labels":[]}"#, "\n",
            r#"{"id":"c","headings":[],"previous":null,"text":"情報セキュリティ","unit":"heading","in_scope":true,"labels":[]}"#, "\n",
        ),
    );
    let ran = dir.run(&["evaluate", "gold.jsonl", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let figures: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(figures["passages"], 2, "headings are left out");
}

#[test]
fn evaluate_compares_two_coders() {
    let dir = Dir::new();
    let line = |id: &str, labels: &str| {
        format!(r#"{{"id":"{id}","text":"x","unit":"passage","in_scope":true,"labels":{labels}}}"#) + "\n"
    };
    dir.write("one.jsonl", line("a", r#"["C01"]"#) + &line("b", r#"["C02"]"#));
    dir.write("two.jsonl", line("a", r#"["C01"]"#) + &line("b", "[]"));
    dir.write("slip.jsonl", line("a", r#"["C01"]"#) + &line("b", r#"["C2"]"#));
    let ran = dir.run(&["evaluate", "one.jsonl", "--against", "slip.jsonl"]);
    assert!(ran.stderr.contains("C02 only in the gold"), "{}", ran.stderr);
    assert!(ran.stderr.contains("C2 only in --against"), "{}", ran.stderr);
    let ran = dir.run(&[
        "evaluate",
        "one.jsonl",
        "--against",
        "two.jsonl",
        "--disagreements",
        "d.csv",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let rows = common::rows(&dir.read("d.csv"));
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["id"], "b");
}

#[test]
fn explain_names_the_rule_that_fired_and_what_it_rests_on() {
    let ran = Dir::new().run(&["explain", "最高情報セキュリティ責任者（CISO）を任命しています。"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout
            .lines()
            .next()
            .is_some_and(|l| l.contains("in scope") && l.contains("C02")),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout
            .lines()
            .any(|l| l.contains("C02") && l.contains("fired") && l.contains("責任者")),
        "{}",
        ran.stdout
    );
}

/// A corpus of two sample reports of two companies.
fn small_corpus(dir: &Dir) {
    dir.copy("tests/corpus/990A/yuho_2024.pdf", "a.pdf");
    dir.copy("tests/corpus/9X12/yuho_2024.pdf", "b.pdf");
    let company = |code: &str, industry: &str, path: &str| {
        format!(
            "[[company]]\ncode = \"{code}\"\nname = \"=社名{code}\"\nindustry = \"{industry}\"\n\
             [[company.document]]\npath = \"{path}\"\nkind = \"有価証券報告書\"\nfiscal_year = 2024\n"
        )
    };
    let head = "[corpus]\nname = \"小\"\nroot = \".\"\n";
    let companies = company("285A", "電気機器", "a.pdf") + &company("9022", "鉄道・バス", "b.pdf");
    dir.write("corpus-manifest.toml", head.to_owned() + &companies);
}

#[test]
fn excel_sees_text_and_no_formula() {
    let dir = Dir::new();
    small_corpus(&dir);
    assert_eq!(dir.run(&["run", "--quiet", "--lang", "ja"]).code, 0);
    let bytes = std::fs::read(dir.file("output/company_table.csv")).expect("the table");
    assert!(bytes.starts_with(b"\xef\xbb\xbf"), "the byte order mark");
    let text = String::from_utf8(bytes).expect("UTF-8");
    assert!(
        text.lines()
            .next()
            .is_some_and(|l| l.contains("証券コード") || l.contains("コード")),
        "{text}"
    );
    assert!(
        text.contains("\"285A\"") && text.contains("\"'=社名285A\""),
        "{text}"
    );
    assert_eq!(text.matches("\r\n").count(), text.matches('\n').count(), "CRLF");
}

#[test]
fn formats_and_suppression_are_as_asked() {
    let dir = Dir::new();
    small_corpus(&dir);
    let ran = dir.run(&[
        "run",
        "--quiet",
        "--no-bom",
        "--format",
        "csv,xlsx",
        "--suppress-below",
        "3",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        std::fs::read(dir.file("output/mieruka.xlsx"))
            .expect("the workbook")
            .starts_with(b"PK")
    );
    for row in common::rows(&dir.read("output/industry_category.csv")) {
        assert_eq!(row["rate"], "", "one company is fewer than three");
        assert_eq!(row["base"], "1", "counts stay");
    }
}

#[test]
fn a_run_with_bad_options_leaves_the_earlier_tables() {
    let dir = Dir::new();
    small_corpus(&dir);
    assert_eq!(dir.run(&["run", "--quiet"]).code, 0);
    let before = dir.read("output/company_table.csv");
    assert_eq!(dir.run(&["run", "--quiet", "--scheme", "no-such-scheme"]).code, 2);
    assert_eq!(dir.read("output/company_table.csv"), before);
}

#[test]
fn the_scheme_of_the_user_replaces_the_embedded_one() {
    let dir = Dir::new();
    dir.write(
        "water.toml",
        "[scheme]\nid = \"water\"\nja = \"水\"\nen = \"water\"\n\n[[code]]\nid = \"W1\"\nja = \"水\"\nen = \"water\"\n[[code.rule]]\nid = \"water\"\nwhen = '\"取水\"'\n",
    );
    let ran = dir.run_with_input(
        &["code", "--scheme", "water.toml", "-"],
        r#"{"id":"p","text":"取水量を減らしました。"}"#,
    );
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains(r#""labels":["W1"]"#), "{}", ran.stdout);
}

#[cfg(unix)]
#[test]
fn a_reader_of_standard_error_that_leaves_does_no_harm() {
    let dir = Dir::new();
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_mieruka"))
        .args(["run", "--manifest"])
        .arg(root().join("corpus-manifest.toml"))
        .arg("--output")
        .arg(dir.file("output"))
        .stderr(writer)
        .status()
        .expect("mieruka starts");
    assert_eq!(status.code(), Some(0));
    assert!(dir.exists("output/company_table.csv"));
}

/// A command that must be refused: exit 2, nothing printed, the message has all of `says`.
fn refused(dir: &Dir, args: &[&str], says: &[&str]) {
    let ran = dir.run(args);
    assert_eq!(ran.code, 2, "{args:?}: {}", ran.stderr);
    assert_eq!(ran.stdout, "", "{args:?}: nothing is printed before a failure");
    for part in says {
        assert!(
            ran.stderr.contains(part),
            "{args:?}: the message lacks \"{part}\":\n{}",
            ran.stderr
        );
    }
}

#[test]
fn explain_takes_no_mistyped_name_for_a_text() {
    let dir = Dir::new();
    dir.write("folder/x.jsonl", PASSAGE);
    for what in [
        "nofile.jsonl",
        "nofile.pdf",
        "folder/nofile",
        "./nofile",
        "nofile.txt",
    ] {
        refused(
            &dir,
            &["explain", what],
            &[what, "no such file", "quotation marks"],
        );
    }
    refused(&dir, &["explain", "folder"], &["is a folder", "mieruka passages"]);
    let text = dir.run(&["explain", "ISO/IEC 27001の認証を取得しています。"]);
    assert_eq!(text.code, 0, "a text may have a slash: {}", text.stderr);
    let file = dir.run(&["explain", "folder/x.jsonl"]);
    assert!(file.stdout.starts_with("p1: in scope"), "{}", file.stdout);
}

#[test]
fn code_says_what_is_wrong_with_a_file_and_the_cure() {
    let dir = Dir::new();
    dir.write("folder/x.jsonl", PASSAGE);
    refused(&dir, &["code", "folder"], &["is a folder", "mieruka passages"]);
    dir.copy("tests/corpus/990A/yuho_2024.pdf", "a.pdf");
    refused(
        &dir,
        &["code", "a.pdf"],
        &["is a PDF", "mieruka passages a.pdf > passages.jsonl"],
    );
    dir.write("a.csv", "id,text\n1,情報\n");
    refused(&dir, &["code", "a.csv"], &["a.csv:1", "JSON"]);
    dir.write("pretty.json", "{\n  \"id\": \"p\",\n  \"text\": \"x\"\n}\n");
    refused(&dir, &["code", "pretty.json"], &["pretty.json:1", "jq -c ."]);
    dir.write("array.json", "[{\"id\":\"p\",\"text\":\"x\"}]");
    refused(&dir, &["code", "array.json"], &["array.json:1", "'.[]'"]);
    let sjis = encoding_rs::SHIFT_JIS.encode(PASSAGE).0.into_owned();
    dir.write("sjis.jsonl", sjis);
    refused(&dir, &["code", "sjis.jsonl"], &["sjis.jsonl:1", "UTF-8"]);
    // The first line is sound, and still nothing is printed; one line number, not two.
    dir.write(
        "p.jsonl",
        format!("{PASSAGE}\n\n{{\"id\": \"q\", \"text\": 3}}\n"),
    );
    refused(&dir, &["code", "p.jsonl"], &["p.jsonl:3", "column"]);
    assert!(!dir.run(&["code", "p.jsonl"]).stderr.contains("at line"));
}

#[test]
fn a_scheme_is_checked_with_every_mistake_at_once() {
    let dir = Dir::new();
    let head = "[scheme]\nid = \"t\"\nja = \"t\"\nen = \"t\"\n";
    let code = |when: &str| {
        format!("[[code]]\nid = \"A\"\nja = \"a\"\nen = \"a\"\n[[code.rule]]\nid = \"r\"\nwhen = '{when}'\n")
    };
    dir.write("good.toml", head.to_owned() + &code("監査 and 実施"));
    let ran = dir.run(&["scheme", "check", "good.toml"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    assert!(ran.stdout.contains("1 codes and 1 rules"), "{}", ran.stdout);
    let twice = code("監査 and @no").replace("\"A\"", "\"B\"");
    dir.write("bad.toml", head.to_owned() + &code("clase(監査)") + &twice);
    refused(
        &dir,
        &["scheme", "check", "bad.toml"],
        &["error: bad.toml:11:", "clause", "error: bad.toml:18:", "'no'"],
    );
    dir.write(
        "keys.toml",
        head.to_owned() + "titel = \"x\"\n" + &code("監査").replace("when", "wehn"),
    );
    refused(
        &dir,
        &["scheme", "check", "keys.toml"],
        &["keys.toml:5:", "keys.toml:12:", "did you mean 'when'"],
    );
    for id in ["A B", "A;B", "=A", ""] {
        let unfit = code("監査").replace("id = \"A\"", &format!("id = \"{id}\""));
        dir.write("ids.toml", head.to_owned() + &unfit);
        refused(
            &dir,
            &["scheme", "check", "ids.toml"],
            &["ids.toml:6:", &format!("'{id}' cannot be an id")],
        );
    }
    refused(&dir, &["scheme", "check", "none.toml"], &["none.toml"]);
    assert_eq!(dir.run(&["scheme", "check", "quality"]).code, 0);
}

#[test]
fn a_scheme_made_of_khcoder_rules_codes_as_they_do() {
    let dir = Dir::new();
    let rules = "# 注\n*監査\n監査 and not 予定\n*近い\nnear(方針-定める)[6]\n*番号\nNo. == 3\n";
    let sjis = encoding_rs::SHIFT_JIS.encode(rules).0.into_owned();
    dir.write("theme.cod", sjis);
    let made = dir.run(&["scheme", "import", "theme.cod"]);
    assert_eq!(made.code, 1, "one code is left out: {}", made.stderr);
    assert!(
        made.stderr.contains("theme.cod:7: left out: No."),
        "{}",
        made.stderr
    );
    dir.write("theme.toml", &made.stdout);
    assert_eq!(dir.run(&["scheme", "check", "theme.toml"]).code, 0);
    let coded = dir.run_with_input(
        &["code", "--scheme", "theme.toml", "-"],
        "{\"id\":\"1\",\"text\":\"監査を実施し、方針を定めました。\"}\n{\"id\":\"2\",\"text\":\"監査の予定です。\"}\n",
    );
    assert_eq!(coded.code, 0, "{}", coded.stderr);
    let lines: Vec<&str> = coded.stdout.lines().collect();
    assert!(
        lines[0].contains("\"labels\":[\"監査\",\"近い\"]"),
        "{}",
        lines[0]
    );
    assert!(lines[1].contains("\"labels\":[]"), "{}", lines[1]);
    dir.write("no.cod", "ただの文章です。\n");
    assert_eq!(dir.run(&["scheme", "import", "no.cod"]).code, 1);
}

/// What the guides to schemes, in both languages, say of their climate scheme and of their rule file.
#[test]
fn the_tutorials_of_schemes_are_true() {
    for name in ["docs/schemes.md", "docs/schemes.ja.md"] {
        the_tutorial_is_true(name);
    }
}

fn the_tutorial_is_true(name: &str) {
    let dir = Dir::new();
    let guide = std::fs::read_to_string(root().join(name)).expect("the guide");
    let block = |language: &str, place: usize| {
        let fence = format!("```{language}\n");
        let mut blocks = guide.split(&fence).skip(1);
        blocks
            .nth(place)
            .and_then(|b| b.split("```").next())
            .expect("a block")
            .to_owned()
    };
    dir.write("climate.toml", block("toml", 0));
    let checked = dir.run(&["scheme", "check", "climate.toml"]);
    assert!(
        guide.contains(checked.stdout.trim()),
        "{name}: {}{}",
        checked.stdout,
        checked.stderr
    );
    for (text, told) in [
        ("気候変動対策委員会を設置しました", "in scope; GOV"),
        ("気候変動対策委員会の設置", "in scope; GOV"),
        ("気候変動対策委員会に報告しました", "in scope; \n"),
        ("温暖化により業績に影響を及ぼす可能性があります", "in scope; RISK"),
        ("温暖化の影響を受けました", "in scope; \n"),
        ("委員会の設置", "out of scope"),
    ] {
        assert!(guide.contains(&format!("「{text}」")), "{name}: {text}");
        let ran = dir.run(&["explain", "--scheme", "climate.toml", text]);
        assert!(ran.stdout.contains(told), "{name}: {text}: {}", ran.stdout);
    }
    dir.write("theme.cod", block("text", 0));
    let made = dir.run(&["scheme", "import", "theme.cod"]);
    assert!(made.stdout.contains(&block("toml", 1)), "{name}: {}", made.stdout);
    assert!(made.stderr.contains("note"), "{name}: {}", made.stderr);
}

/// A guide that exists in two languages shows the same code in both; only comments are translated.
#[test]
fn guides_in_two_languages_show_the_same_code() {
    let code = |name: &str| -> Vec<String> {
        let guide = std::fs::read_to_string(root().join(name)).expect("the guide");
        let blocks = guide.split("```").skip(1).step_by(2);
        let without_comment = |line: &str| line.split(" # ").next().unwrap_or_default().trim_end().to_owned();
        blocks
            .flat_map(|block| block.lines().map(without_comment))
            .collect()
    };
    for name in ["schemes", "agreement"] {
        let english = code(&format!("docs/{name}.md"));
        assert!(english.iter().any(|line| line.starts_with("mieruka ")), "{name}");
        assert_eq!(english, code(&format!("docs/{name}.ja.md")), "{name}");
    }
}

#[test]
fn dictionaries_in_the_current_folder_serve_commands_without_a_manifest() {
    let dir = Dir::new();
    let scheme = "[scheme]\nid = \"mine\"\nja = \"試験\"\nen = \"test\"\n\
        [[code]]\nid = \"MINE\"\nja = \"\"\nen = \"\"\nrule = [{ id = \"r\", when = \"監査\" }]\n";
    dir.write("dictionaries/schemes/disclosure10.toml", scheme.as_bytes());
    let ran = dir.run(&["explain", "監査を実施した。"]);
    assert_eq!(
        (ran.code, ran.stdout.contains("MINE")),
        (0, true),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_code_of_the_gold_that_the_scheme_has_not_is_an_error() {
    let dir = Dir::new();
    dir.write(
        "gold.jsonl",
        "{\"id\":\"a1\",\"text\":\"監査を実施した。\",\"labels\":[\"c06\"]}\n".as_bytes(),
    );
    refused(&dir, &["evaluate", "gold.jsonl"], &["a1", "\"c06\"", "C06"]);
}

#[test]
fn gold_without_a_text_to_code_is_an_error() {
    let dir = Dir::new();
    let heading = r#"{"id":"h","text":"情報セキュリティ","unit":"heading","labels":[]}"#;
    let textless = r#"{"id":"a","labels":["C02"]}"#;
    dir.write("gold.jsonl", format!("{heading}\n{textless}\n"));
    refused(
        &dir,
        &["evaluate", "gold.jsonl"],
        &["no text to code", "--against"],
    );
}

#[test]
fn no_command_writes_over_what_it_reads() {
    let dir = Dir::new();
    let gold = "{\"id\":\"a\",\"text\":\"監査を実施した。\",\"labels\":[\"C06\"]}\n";
    let scheme =
        "[scheme]\nid = \"t\"\nja = \"t\"\nen = \"t\"\n[[code]]\nid = \"C06\"\nja = \"a\"\nen = \"a\"\n";
    dir.write("gold.jsonl", gold.as_bytes());
    dir.write("t.toml", scheme.as_bytes());
    let says = ["is read by the command"];
    refused(
        &dir,
        &["evaluate", "gold.jsonl", "--disagreements", "./gold.jsonl"],
        &says,
    );
    refused(
        &dir,
        &["scheme", "train", "gold.jsonl", "--output", "gold.jsonl"],
        &says,
    );
    let train = [
        "scheme",
        "train",
        "gold.jsonl",
        "--scheme",
        "t.toml",
        "--output",
        "t.toml",
    ];
    refused(&dir, &train, &says);
    assert_eq!(
        (dir.read("gold.jsonl").as_str(), dir.read("t.toml").as_str()),
        (gold, scheme)
    );
    refused(
        &dir,
        &["code", "--dictionaries", "nowhere", "gold.jsonl"],
        &["nowhere", "no such folder"],
    );
}

#[test]
fn explain_tells_what_decided_before_what_nearly_did() {
    let ran = Dir::new().run(&["explain", "最高情報セキュリティ責任者（CISO）を任命しています。"]);
    let place = |word: &str| {
        ran.stdout
            .find(word)
            .unwrap_or_else(|| panic!("{word}: {}", ran.stdout))
    };
    assert!(place("learned") < place("fired"), "{}", ran.stdout);
    assert!(place("fired") < place("almost"), "{}", ran.stdout);
}
