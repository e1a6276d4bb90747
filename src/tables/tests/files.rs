//! The tables as files.

use std::fs;

use super::{codes, corpus, records, tables};
use crate::export::Lang;
use crate::export::csv::{CsvOptions, write_all};
use crate::tables::{TableOptions, build};

#[test]
fn excel_opens_them() {
    let folder = tempfile::tempdir().unwrap();
    write_all(&tables(), folder.path(), CsvOptions::default()).unwrap();
    let text = fs::read_to_string(folder.path().join("company_table.csv")).unwrap();
    assert!(text.starts_with("\u{feff}fiscal_year,company_code,company,"));
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    // Texts in quotation marks, numbers without, blanks empty.
    assert!(
        text.contains("\r\n2024,\"285A\",\"丙フーズ\",\"食品\",\"消費\",0,1,0,,,,2\r\n"),
        "{text}"
    );
}

#[test]
fn headings_in_japanese_and_no_mark() {
    let folder = tempfile::tempdir().unwrap();
    let options = CsvOptions {
        bom: false,
        lang: Lang::Ja,
    };
    write_all(&tables(), folder.path(), options).unwrap();
    let text = fs::read_to_string(folder.path().join("industry_table.csv")).unwrap();
    assert!(
        text.starts_with("年度,業種,セクター,企業数,C01 対応方針,C02 管理体制,少数\r\n2023,"),
        "{text}"
    );
}

#[test]
fn the_order_of_the_records_does_not_matter() {
    let expected = bytes(records());
    for turn in [1, 4, 7] {
        let mut shuffled = records();
        shuffled.rotate_left(turn);
        shuffled.swap(0, (turn * 7) % 10);
        assert_eq!(bytes(shuffled), expected, "turn {turn}");
    }
}

fn bytes(records: Vec<crate::tables::DocumentRecord>) -> Vec<(std::ffi::OsString, Vec<u8>)> {
    let folder = tempfile::tempdir().unwrap();
    let mut corpus = corpus();
    corpus.companies[0].employees = Some(12_000);
    for place in [1, 4] {
        corpus.companies[place].tse33 = Some("医薬品".into());
    }
    let options = TableOptions {
        crosswalks: vec![super::pair()],
        facets: super::facets(),
        elements: super::elements(),
        ..TableOptions::default()
    };
    let tables = build(&corpus, &records, &codes(), &options).unwrap();
    write_all(&tables, folder.path(), CsvOptions::default()).unwrap();
    let mut files: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name(), fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn every_table_of_the_contract_is_there_and_nothing_else() {
    let names: Vec<_> = bytes(records())
        .into_iter()
        .map(|(name, _)| name.into_string().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "association.csv",
            "association_residuals.csv",
            "changes.csv",
            "company_category.csv",
            "company_table.csv",
            "coverage.csv",
            "document_category.csv",
            "documents.csv",
            "facet_company.csv",
            "facet_company_table.csv",
            "facet_rates.csv",
            "facet_table.csv",
            "factor_table.csv",
            "frame_company.csv",
            "frame_company_table.csv",
            "frame_industry.csv",
            "frame_kind.csv",
            "frame_rates.csv",
            "frame_table.csv",
            "frame_year.csv",
            "group_category.csv",
            "industry_category.csv",
            "industry_table.csv",
            "kind_category.csv",
            "quality_elements.csv",
            "regime_category.csv",
            "sector_category.csv",
            "size_category.csv",
            "text_volume.csv",
            "tse33_category.csv",
            "year_category.csv",
        ]
    );
}

/// The examples of docs/output.md are rows of the tables of this test, headings and all.
#[test]
fn the_documentation_shows_what_is_written() {
    let guide = include_str!("../../../docs/output.md");
    let files: Vec<String> = bytes(records())
        .into_iter()
        .map(|(_, bytes)| {
            String::from_utf8(bytes)
                .unwrap()
                .trim_start_matches('\u{feff}')
                .to_owned()
        })
        .collect();
    let examples: Vec<_> = guide
        .split("```csv\n")
        .skip(1)
        .map(|rest| rest.split("\n```").next().unwrap())
        .collect();
    for file in &files {
        let heading = file.lines().next().unwrap();
        let example = examples
            .iter()
            .find(|example| example.lines().next() == Some(heading))
            .unwrap_or_else(|| panic!("docs/output.md has no example with the headings {heading}"));
        let row = example.lines().nth(1).unwrap();
        assert!(file.lines().any(|line| line == row), "not a row: {row}\n{file}");
        // C01… stands for every column that is an item.
        let is_item = |id: &str| ["C02", "C02.committee", "C02.officer", "P1"].contains(&id);
        for id in heading.split(',').filter(|id| !is_item(id)) {
            assert!(
                guide.contains(&format!("`{id}`")),
                "docs/output.md does not explain {id}"
            );
        }
    }
    for heading in [
        crate::export::passages::COLUMNS.map(|column| column.id).join(","),
        crate::export::facts::COLUMNS.map(|column| column.id).join(","),
    ] {
        assert!(
            examples
                .iter()
                .any(|example| example.lines().next() == Some(&heading))
        );
    }
}
