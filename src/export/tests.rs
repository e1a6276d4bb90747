//! Files as other programs find them.

use std::fs;
use std::io;
use std::path::Path;

use proptest::prelude::*;

use super::ExportError;
use super::cell::original;
use super::csv::CsvOptions;
use super::facts::FactsWriter;
use super::outbox::{Outbox, WriteError};
use super::passages::PassagesWriter;
use crate::coding::{Coding, Evidence};
use crate::facts::{FactFinder, FactInput};
use crate::passage::{Passage, PassageKind};

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn fails() -> Result<(), WriteError> {
    Err(io::Error::new(io::ErrorKind::StorageFull, "no space left").into())
}

#[test]
fn a_failure_midway_leaves_everything_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.csv"), "old a").unwrap();
    fs::write(folder.path().join("b.csv"), "old b").unwrap();
    let mut outbox = Outbox::open(folder.path()).unwrap();
    outbox.write("a.csv", |out| Ok(out.write_all(b"new a")?)).unwrap();
    let error = outbox
        .write("b.csv", |out| {
            out.write_all(b"half of b")?;
            fails()
        })
        .unwrap_err();
    drop(outbox);
    assert_eq!(fs::read_to_string(folder.path().join("a.csv")).unwrap(), "old a");
    assert_eq!(fs::read_to_string(folder.path().join("b.csv")).unwrap(), "old b");
    assert_eq!(names(folder.path()), ["a.csv", "b.csv"]);
    assert!(
        error.to_string().contains("b.csv") && error.to_string().contains("unchanged"),
        "{error}"
    );
}

#[test]
fn what_an_earlier_run_left_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.csv"), "a longer text of an earlier run").unwrap();
    fs::write(folder.path().join("notes.txt"), "the user's own").unwrap();
    let mut outbox = Outbox::open(folder.path()).unwrap();
    outbox.write("a.csv", |out| Ok(out.write_all(b"new")?)).unwrap();
    assert_eq!(
        fs::read_to_string(folder.path().join("a.csv")).unwrap(),
        "a longer text of an earlier run"
    );
    outbox.commit().unwrap();
    assert_eq!(fs::read_to_string(folder.path().join("a.csv")).unwrap(), "new");
    assert_eq!(names(folder.path()), ["a.csv", "notes.txt"]);
}

#[cfg(unix)]
#[test]
fn files_are_as_readable_as_any_other() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("other"), "").unwrap();
    let mut outbox = Outbox::open(folder.path()).unwrap();
    outbox.write("a.csv", |_| Ok(())).unwrap();
    outbox.commit().unwrap();
    let mode = |name: &str| {
        fs::metadata(folder.path().join(name))
            .unwrap()
            .permissions()
            .mode()
    };
    assert_eq!(mode("a.csv"), mode("other"));
}

#[test]
fn what_an_earlier_run_left_goes_and_what_others_left_stays() {
    let folder = tempfile::tempdir().unwrap();
    let files = |folder: &std::path::Path| {
        let mut names: Vec<_> = fs::read_dir(folder.join("figures"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    for (own, left) in [
        (vec!["figures/bars_2023.svg", "figures/bars_2024.svg"], None),
        (vec!["figures/bars_2024.svg"], Some("mine.svg")),
    ] {
        if let Some(name) = left {
            fs::write(folder.path().join("figures").join(name), "").unwrap();
        }
        let mut outbox = Outbox::open(folder.path()).unwrap();
        for name in own {
            outbox.write(name, |out| Ok(out.write_all(b"<svg/>")?)).unwrap();
        }
        outbox.clear("figures", |name| name.starts_with("bars_"));
        outbox.commit().unwrap();
    }
    assert_eq!(files(folder.path()), ["bars_2024.svg", "mine.svg"]);
}

#[test]
fn a_folder_that_cannot_be_is_named_with_the_cure() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("output");
    fs::write(&file, "a file where the folder should be").unwrap();
    for error in [
        Outbox::open(&file).err().unwrap(),
        Outbox::open(&file.join("below")).err().unwrap(),
        PassagesWriter::create(&file, CsvOptions::default())
            .err()
            .unwrap(),
    ] {
        assert!(matches!(error, ExportError::Folder { .. }));
        let message = error.to_string();
        assert!(
            message.contains("output") && message.contains("--output"),
            "{message}"
        );
    }
}

#[test]
fn a_place_that_is_taken_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("a.csv")).unwrap();
    let mut outbox = Outbox::open(folder.path()).unwrap();
    outbox.write("a.csv", |_| Ok(())).unwrap();
    let error = outbox.commit().unwrap_err();
    assert!(
        matches!(&error, ExportError::File { file, .. } if file.ends_with("a.csv")),
        "{error}"
    );
    assert_eq!(names(folder.path()), ["a.csv"]);
}

fn passage(text: &str, heading: &str) -> Passage {
    Passage {
        id: "285A/yuho_2024-0001".into(),
        pages: vec![12, 13],
        kind: PassageKind::Paragraph,
        headings: vec!["リスク".into(), heading.into()],
        previous: None,
        text: text.into(),
    }
}

fn coding(evidence: &str) -> Coding {
    Coding {
        in_scope: true,
        labels: vec!["C01".into(), "C06".into()],
        facets: vec!["C06.audit".into()],
        evidence: vec![Evidence {
            code: "C01".into(),
            start: 0,
            end: 1,
            text: evidence.into(),
            rule: "r".into(),
        }],
    }
}

/// Writes passages and reads the file with the reader of the csv crate.
fn read_back(texts: &[String]) -> Vec<csv::StringRecord> {
    let folder = tempfile::tempdir().unwrap();
    let options = CsvOptions {
        bom: false,
        ..CsvOptions::default()
    };
    let corpus = crate::tables::tests::corpus();
    let mut writer = PassagesWriter::create(folder.path(), options).unwrap();
    for text in texts {
        writer
            .write(
                &corpus.companies[2],
                &corpus.documents[5],
                &passage(text, text),
                &coding(text),
            )
            .unwrap();
    }
    let mut outbox = Outbox::open(folder.path()).unwrap();
    writer.hand_over(&mut outbox).unwrap();
    outbox.commit().unwrap();
    assert_eq!(names(folder.path()), ["passages.csv"]);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_path(folder.path().join("passages.csv"))
        .unwrap();
    reader.records().map(Result::unwrap).collect()
}

#[test]
fn a_row_of_passages() {
    let rows = read_back(&["=基本方針を定め、\n公開".to_owned()]);
    assert_eq!(
        rows[0].iter().collect::<Vec<_>>().join(","),
        "passage_id,company_code,company,industry,kind,fiscal_year,path,first_page,last_page,headings,text,codes,\
         facets,evidence,chars"
    );
    let expected = [
        "285A/yuho_2024-0001",
        "285A",
        "丙フーズ",
        "食品",
        "有価証券報告書",
        "2024",
        "285A/yuho_2024.pdf",
        "12",
        "13",
        "リスク > =基本方針を定め、 公開",
        "'=基本方針を定め、 公開",
        "C01; C06",
        "C06.audit",
        "C01「=基本方針を定め、 公開」",
        "12",
    ];
    assert_eq!(rows[1].iter().collect::<Vec<_>>(), expected);
}

/// The example of docs/output.md, found in a text and written.
#[test]
fn rows_of_facts() {
    let folder = tempfile::tempdir().unwrap();
    let options = CsvOptions {
        bom: false,
        ..CsvOptions::default()
    };
    let corpus = crate::tables::tests::corpus();
    let rules = include_str!("../../dictionaries/facts.toml");
    let finder = FactFinder::new(rules, "facts.toml").unwrap();
    let mut writer = FactsWriter::create(folder.path(), options).unwrap();
    for text in [
        "国内グループ12社でISO27001を取得しています。",
        "2023年度の情報セキュリティ研修の受講率は98.5％（目標100％）でした。",
    ] {
        for fact in finder.find(&FactInput { text, headings: &[] }) {
            let passage = passage(text, "");
            writer
                .write(&corpus.companies[2], &corpus.documents[5], &passage, &fact, text)
                .unwrap();
        }
    }
    let mut outbox = Outbox::open(folder.path()).unwrap();
    writer.hand_over(&mut outbox).unwrap();
    outbox.commit().unwrap();
    let written = fs::read_to_string(folder.path().join("facts.csv")).unwrap();
    let guide = include_str!("../../docs/output.md");
    let example = guide
        .split("```csv\n")
        .find(|e| e.contains("fact_kind"))
        .and_then(|e| e.split("\n```").next())
        .unwrap();
    for line in example.lines() {
        assert!(
            written.lines().any(|l| l == line),
            "not written: {line}\n{written}"
        );
    }
}

#[test]
fn an_unfinished_file_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("passages.csv"), "of the earlier run").unwrap();
    let corpus = crate::tables::tests::corpus();
    let mut writer = PassagesWriter::create(folder.path(), CsvOptions::default()).unwrap();
    writer
        .write(
            &corpus.companies[2],
            &corpus.documents[5],
            &passage("監査", ""),
            &coding("監査"),
        )
        .unwrap();
    drop(writer);
    assert_eq!(
        fs::read_to_string(folder.path().join("passages.csv")).unwrap(),
        "of the earlier run"
    );
    assert_eq!(names(folder.path()), ["passages.csv"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_comes_back(texts in prop::collection::vec(any::<String>(), 1..6)) {
        let rows = read_back(&texts);
        prop_assert_eq!(rows.len(), texts.len() + 1);
        for (row, text) in rows.iter().skip(1).zip(&texts) {
            let cell = row.get(10).unwrap();
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']));
            let written = super::cell::safe(text);
            prop_assert_eq!(original(cell), original(&written));
            prop_assert_eq!(row.len(), 15);
        }
    }
}
