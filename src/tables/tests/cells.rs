//! The cells. What each row should be is derived in the comment beside it, from the corpus in `super`, not from output.

use super::super::base::Reading;
use super::super::{Cell, Table, TableError, TableOptions, build};
use super::{codes, corpus, record, records, tables};
use crate::extract::DocumentStatus;

/// The named columns of a table, a line per row; `-` is blank.
pub(super) fn lines(table: &Table, ids: &str) -> Vec<String> {
    let places: Vec<usize> = ids
        .split(' ')
        .map(|id| {
            table
                .columns()
                .iter()
                .position(|c| c.id == id)
                .unwrap_or_else(|| panic!("{id}"))
        })
        .collect();
    let cells = table.cells().unwrap();
    let shown = |cell: Cell| match cell {
        Cell::Blank => "-".to_owned(),
        Cell::Text(text) => text.to_owned(),
        Cell::Int(number) => number.to_string(),
        Cell::Real(number) => format!("{number:.4}"),
    };
    (0..table.height())
        .map(|row| {
            let row: Vec<_> = cells.row(row).collect();
            places
                .iter()
                .map(|place| shown(row[*place]))
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect()
}

#[test]
fn company_category() {
    let tables = tables();
    let ids = "fiscal_year company_code code disclosed documents_expected documents_read documents_partial \
               documents_disclosing passages chars first_path first_page quote";
    assert_eq!(
        lines(tables.get("company_category").unwrap(), ids),
        [
            // 2023: two companies have a document. 甲: one passage of 100 characters on page 3, no C02 in a whole report.
            "2023 2801 C01 1 1 1 0 1 1 100 2801/yuho_2023.pdf 3 p3のC01",
            "2023 2801 C02 0 1 1 0 0 0 0 - - -",
            // 丙: read wholly, nothing found.
            "2023 285A C01 0 1 1 0 0 0 0 - - -",
            "2023 285A C02 0 1 1 0 0 0 0 - - -",
            // 2024, 甲: two documents, of which one in part; C01 in two passages, 50 + 70 characters, first on page 2.
            "2024 2801 C01 1 2 2 1 1 2 120 2801/yuho_2024.pdf 2 p2のC01",
            "2024 2801 C02 1 2 2 1 1 1 70 2801/yuho_2024.pdf 5 p5のC02",
            // 乙: both read wholly, C02 only in the second.
            "2024 4501 C01 0 2 2 0 0 0 0 - - -",
            "2024 4501 C02 1 2 2 0 1 1 30 4501/togo_2024.pdf 9 p9のC02",
            // 丙: a scan: not known.
            "2024 285A C01 - 1 0 0 0 0 0 - - -",
            "2024 285A C02 - 1 0 0 0 0 0 - - -",
            // 丁: only a missing document: not known.
            "2024 8301 C01 - 1 0 0 0 0 0 - - -",
            "2024 8301 C02 - 1 0 0 0 0 0 - - -",
            // 戊: what survives of the damaged file discloses C01; C02 may stand in what did not.
            "2024 4599 C01 1 2 2 1 1 1 200 4599/yuho_2024.pdf 1 p1のC01",
            "2024 4599 C02 - 2 2 1 0 0 0 - - -",
        ]
    );
}

#[test]
fn company_table() {
    let tables = tables();
    let ids = "fiscal_year company_code company industry sector documents_read documents_expected C01 C02 \
               categories_disclosed categories_unknown";
    assert_eq!(
        lines(tables.get("company_table").unwrap(), ids),
        [
            "2023 2801 甲食品 食品 消費 1 1 1 0 1 0",
            "2023 285A 丙フーズ 食品 消費 1 1 0 0 0 0",
            "2024 2801 甲食品 食品 消費 2 2 2 1 2 0",
            "2024 4501 乙製薬 医薬品 技術 2 2 0 1 1 0",
            // Nothing read: neither "0 passages" nor "0 categories" may stand there.
            "2024 285A 丙フーズ 食品 消費 0 1 - - - 2",
            "2024 8301 丁銀行 銀行 金融 0 1 - - - 2",
            "2024 4599 戊薬品 医薬品 技術 2 2 1 - 1 1",
        ]
    );
}

#[test]
fn industry_category() {
    let tables = tables();
    let ids = "fiscal_year industry code companies base disclosed rate rate_low rate_high passages mean_chars small unknown";
    // The intervals by hand, z = 1.95996, z² = 3.84146, from (2r + z² ± z√(z² + 4r(1 - r/n))) / (2(n + z²)):
    // 1 of 2: (5.84146 ± 1.95996·√5.84146) / 11.68292 = (5.84146 ± 4.73706) / 11.68292 → 0.0945, 0.9055
    // 0 of 2: 0, (3.84146 + 3.84146) / 11.68292 → 0.6576
    // 1 of 1: (5.84146 - 3.84146) / 9.68292 → 0.2065, 1
    assert_eq!(
        lines(tables.get("industry_category").unwrap(), ids),
        [
            // 2023: only 食品 has documents: 甲 1 and 0, 丙 0 and 0.
            "2023 食品 C01 2 2 1 0.5000 0.0945 0.9055 1 100.0000 1 -",
            "2023 食品 C02 2 2 0 0.0000 0.0000 0.6576 0 - 1 -",
            // 医薬品 before 食品, as Nikkei has it: C01 乙 0, 戊 1; C02 乙 1, 戊 not known.
            "2024 医薬品 C01 2 2 1 0.5000 0.0945 0.9055 1 200.0000 1 -",
            "2024 医薬品 C02 2 1 1 1.0000 0.2065 1.0000 1 30.0000 1 4599",
            // 銀行: its one company could not be read.
            "2024 銀行 C01 1 0 0 - - - 0 - 1 8301",
            "2024 銀行 C02 1 0 0 - - - 0 - 1 8301",
            // 食品: 甲 1 with 120 characters in two passages, 丙 not known; C02 甲 1 with 70.
            "2024 食品 C01 2 1 1 1.0000 0.2065 1.0000 2 120.0000 1 285A",
            "2024 食品 C02 2 1 1 1.0000 0.2065 1.0000 1 70.0000 1 285A",
        ]
    );
}

#[test]
fn industry_table() {
    let tables = tables();
    assert_eq!(
        lines(
            tables.get("industry_table").unwrap(),
            "fiscal_year industry sector companies C01 C02"
        ),
        [
            "2023 食品 消費 2 0.5000 0.0000",
            "2024 医薬品 技術 2 0.5000 1.0000",
            "2024 銀行 金融 1 - -",
            "2024 食品 消費 2 1.0000 1.0000",
        ]
    );
}

#[test]
fn kind_year_and_sector() {
    let tables = tables();
    assert_eq!(
        lines(
            tables.get("kind_category").unwrap(),
            "fiscal_year kind regime code documents base disclosed rate mean_chars unknown"
        ),
        [
            "2023 有価証券報告書 制度開示 C01 2 2 1 0.5000 100.0000 -",
            "2023 有価証券報告書 制度開示 C02 2 2 0 0.0000 - -",
            // Five 有報: 甲 1, 乙 0, 丙 scan, 丁 missing, 戊 1; mean (120 + 200) / 2.
            "2024 有価証券報告書 制度開示 C01 5 3 2 0.6667 160.0000 285A/yuho_2024.pdf; 8301/yuho_2024.pdf",
            // C02: 甲 1, 乙 0, 丙 -, 丁 -, 戊 damaged and silent.
            "2024 有価証券報告書 制度開示 C02 5 2 1 0.5000 70.0000 285A/yuho_2024.pdf; 8301/yuho_2024.pdf; 4599/yuho_2024.pdf",
            "2024 コーポレート・ガバナンス報告書 制度開示 C01 1 1 0 0.0000 - -",
            "2024 コーポレート・ガバナンス報告書 制度開示 C02 1 1 0 0.0000 - -",
            // 統合: 甲 read in part and silent, 乙 0 and 1.
            "2024 統合報告書 任意開示 C01 2 1 0 0.0000 - 2801/togo_2024.pdf",
            "2024 統合報告書 任意開示 C02 2 1 1 1.0000 30.0000 2801/togo_2024.pdf",
        ]
    );
    assert_eq!(
        lines(
            tables.get("year_category").unwrap(),
            "fiscal_year code companies base disclosed rate mean_chars small unknown"
        ),
        [
            "2023 C01 2 2 1 0.5000 100.0000 1 -",
            "2023 C02 2 2 0 0.0000 - 1 -",
            // C01: 甲 1 (120), 乙 0, 戊 1 (200). C02: 甲 1 (70), 乙 1 (30).
            "2024 C01 5 3 2 0.6667 160.0000 0 285A; 8301",
            "2024 C02 5 2 2 1.0000 50.0000 1 285A; 8301; 4599",
        ]
    );
    assert_eq!(
        lines(
            tables.get("sector_category").unwrap(),
            "fiscal_year sector code companies base disclosed"
        ),
        [
            "2023 消費 C01 2 2 1",
            "2023 消費 C02 2 2 0",
            "2024 技術 C01 2 2 1",
            "2024 技術 C02 2 1 1",
            "2024 金融 C01 1 0 0",
            "2024 金融 C02 1 0 0",
            "2024 消費 C01 2 1 1",
            "2024 消費 C02 2 1 1",
        ]
    );
}

#[test]
fn coverage() {
    let tables = tables();
    let ids = "fiscal_year industry companies companies_expected companies_read companies_read_fully frame_companies \
               documents_expected documents_read documents_partial missing";
    assert_eq!(
        lines(tables.get("coverage").unwrap(), ids),
        [
            // 2023: no document of 医薬品 and 銀行 was expected, but the manifest and the frame have companies.
            "2023 医薬品 2 0 0 0 9 0 0 0 4501; 4599",
            "2023 銀行 1 0 0 0 11 0 0 0 8301",
            "2023 食品 2 2 2 2 11 2 2 0 -",
            // 医薬品: 乙 read wholly; 戊 has a damaged document.
            "2024 医薬品 2 2 2 1 9 4 4 1 -",
            "2024 銀行 1 1 0 0 11 1 0 0 8301",
            // 食品: 甲 read, one document in part; 丙 a scan.
            "2024 食品 2 2 1 0 11 3 2 1 285A",
        ]
    );
}

#[test]
fn documents_are_all_there() {
    let mut records = records();
    // The run was interrupted before the last document.
    records.pop();
    let tables = build(&corpus(), &records, &codes(), &TableOptions::default()).unwrap();
    let lines = lines(tables.get("documents").unwrap(), "company_code path status chars");
    assert_eq!(lines.len(), 10);
    assert_eq!(lines[2], "2801 2801/togo_2024.pdf partial 4000");
    assert_eq!(lines[5], "285A 285A/yuho_2024.pdf scanned 0");
    assert_eq!(lines[9], "4599 4599/cg_2024.pdf interrupted 0");
}

#[test]
fn what_counts_as_read() {
    use DocumentStatus::*;
    for (status, chars, reading) in [
        (Ok, 100, Reading::Whole),
        (Ok, 0, Reading::Whole),
        (Partial, 100, Reading::Part),
        (Partial, 0, Reading::Nothing),
        (Damaged, 100, Reading::Part),
        (Damaged, 0, Reading::Nothing),
        (Empty, 0, Reading::Nothing),
        (Scanned, 0, Reading::Nothing),
        (Missing, 0, Reading::Nothing),
        (Interrupted, 0, Reading::Nothing),
    ] {
        assert_eq!(
            Reading::of(Some(&record(0, status, chars, vec![]))),
            reading,
            "{status:?} {chars}"
        );
    }
    assert_eq!(Reading::of(None), Reading::Nothing);
}

#[test]
fn small_groups_can_be_suppressed() {
    let options = TableOptions {
        suppress_below: Some(3),
        ..TableOptions::default()
    };
    let tables = build(&corpus(), &records(), &codes(), &options).unwrap();
    assert_eq!(
        lines(
            tables.get("year_category").unwrap(),
            "base disclosed rate rate_low mean_chars"
        )[1..3],
        ["2 0 - - -", "3 2 0.6667 0.2077 160.0000"]
    );
    assert_eq!(
        lines(tables.get("industry_table").unwrap(), "industry C01")[0],
        "食品 -"
    );
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let options = TableOptions::default();
    let refused = |records: &[_], codes: &[_]| build(&corpus(), records, codes, &options).unwrap_err();
    assert!(matches!(
        refused(&[record(10, DocumentStatus::Ok, 1, vec![])], &codes()),
        TableError::UnknownDocument(10)
    ));
    let twice = vec![records()[3].clone(), records()[3].clone()];
    assert!(matches!(
        refused(&twice, &codes()),
        TableError::RepeatedDocument(3)
    ));
    assert!(matches!(
        refused(&records(), &codes()[..1]),
        TableError::UnknownCode { .. }
    ));
    let mut clashing = codes();
    clashing[1].id = "rate".into();
    assert!(matches!(refused(&[], &clashing), TableError::ClashingCode(_)));
}

#[test]
fn an_empty_corpus_has_tables_without_rows() {
    let mut corpus = corpus();
    corpus.documents.clear();
    let tables = build(&corpus, &[], &codes(), &TableOptions::default()).unwrap();
    assert!(tables.iter().all(|table| table.height() == 0));
}

#[test]
fn the_change_of_a_year() {
    let tables = tables();
    assert_eq!(
        lines(
            tables.get("year_category").unwrap(),
            "fiscal_year code rate rate_change"
        ),
        [
            "2023 C01 0.5000 -",
            "2023 C02 0.0000 -",
            // 2/3 - 1/2, 1 - 0.
            "2024 C01 0.6667 0.1667",
            "2024 C02 1.0000 1.0000",
        ]
    );
    // 有報 of 甲: C01 stays, C02 is new. 丙 cannot be compared: the second year is a scan.
    assert_eq!(
        lines(
            tables.get("changes").unwrap(),
            "previous_year fiscal_year company_code kind code change previous_path first_path first_page quote"
        ),
        ["2023 2024 2801 有価証券報告書 C02 new - 2801/yuho_2024.pdf 5 p5のC02"]
    );
    let mut swapped = records();
    let (earlier, later) = (swapped[0].coded.clone(), swapped[1].coded.clone());
    swapped[0].coded = later;
    swapped[1].coded = earlier;
    let tables = build(&corpus(), &swapped, &codes(), &TableOptions::default()).unwrap();
    assert_eq!(
        lines(
            tables.get("changes").unwrap(),
            "code change previous_path previous_page previous_quote first_path"
        ),
        ["C02 gone 2801/yuho_2023.pdf 5 p5のC02 -"]
    );
}

#[test]
fn further_groups() {
    let mut corpus = corpus();
    corpus.companies[0].employees = Some(12_000);
    corpus.companies[1].employees = Some(900);
    corpus.companies[1].capital = Some(20_000_000_000);
    corpus.companies[4].market_segment = Some("プライム".into());
    corpus.companies[4].tse33 = Some("医薬品".into());
    let tables = build(&corpus, &records(), &codes(), &TableOptions::default()).unwrap();
    // 甲 has C01 and C02 in 2024 and C01 in 2023; 乙 only C02; 戊 C01, C02 not known.
    assert_eq!(
        lines(
            tables.get("size_category").unwrap(),
            "fiscal_year size_by size code companies base disclosed"
        ),
        [
            "2023 従業員数 1万人以上 C01 1 1 1",
            "2023 従業員数 1万人以上 C02 1 1 0",
            "2024 従業員数 300人以上1,000人未満 C01 1 1 0",
            "2024 従業員数 300人以上1,000人未満 C02 1 1 1",
            "2024 従業員数 1万人以上 C01 1 1 1",
            "2024 従業員数 1万人以上 C02 1 1 1",
            "2024 資本金 100億円以上500億円未満 C01 1 1 0",
            "2024 資本金 100億円以上500億円未満 C02 1 1 1",
            "2024 市場区分 プライム C01 1 1 1",
            "2024 市場区分 プライム C02 1 0 0",
        ]
    );
    assert_eq!(
        lines(
            tables.get("tse33_category").unwrap(),
            "fiscal_year tse33 code companies base"
        ),
        ["2024 医薬品 C01 1 1", "2024 医薬品 C02 1 0"]
    );
    // 制度開示 of 2024: five 有報 (C01: 1 0 - - 1) and a CG report (0); 任意開示: two 統合報告書 (C01: - 0).
    assert_eq!(
        lines(
            tables.get("regime_category").unwrap(),
            "fiscal_year regime code documents base disclosed"
        )[2..],
        [
            "2024 制度開示 C01 6 4 2",
            "2024 制度開示 C02 6 3 1",
            "2024 任意開示 C01 2 1 0",
            "2024 任意開示 C02 2 1 1",
        ]
    );
}

#[test]
fn association() {
    let tables = tables();
    let lines = lines(
        tables.get("association").unwrap(),
        "fiscal_year factor code groups base method p p_holm cramers_v gained lost",
    );
    // 2023: one industry, one kind; nothing to compare.
    assert!(
        lines[..8].iter().all(|line| line.contains(" none - - - - -")),
        "{lines:?}"
    );
    // 2024 by industry, C01: 医薬品 1 of 2, 食品 1 of 1, 銀行 not known. With margins 2, 1 and 2, 1 there are two
    // tables, of probability 2/3 and 1/3: the observed is the likelier, p = 1. X² = 3 (2·0 - 1·1)² / (2·1·2·1) = 0.75,
    // V = √(0.75 / 3). C02: 1 of 1 and 1 of 1, no difference.
    assert_eq!(
        lines[8],
        "2024 industry C01 2 3 fisher-exact 1.0000 1.0000 0.5000 - -"
    );
    assert_eq!(lines[9], "2024 industry C02 2 2 none - - - - -");
    // The same companies in both years: only 甲 is known twice. C01 stays, C02 is gained: p = 2 · 1/2.
    assert_eq!(lines[16], "2024 year C01 2 1 mcnemar-exact 1.0000 1.0000 - 0 0");
    assert_eq!(lines[17], "2024 year C02 2 1 mcnemar-exact 1.0000 1.0000 - 1 0");
    assert_eq!(lines.len(), 18);
}

#[test]
fn text_volume() {
    let tables = tables();
    let volume = tables.get("text_volume").unwrap();
    let ids = "fiscal_year factor member documents base passages_q1 passages_median passages_q3 \
               chars_q1 chars_median chars_q3 share_q1 share_median share_q3 small";
    let rows = lines(volume, ids);
    for expected in [
        // Of 2023's two documents of 9,000 characters one has a passage of 100: 1 and 0, 100 and 0, 0.0111 and 0.
        "2023 year  2 2 0.2500 0.5000 0.7500 25.0000 50.0000 75.0000 0.0028 0.0056 0.0083 1",
        // Of 2024's eight, four were read wholly: 2 passages of 120 characters, 1 of 30, and two without.
        "2024 year  8 4 0.0000 0.5000 1.2500 0.0000 15.0000 52.5000 0.0000 0.0017 0.0058 0",
        // Five 有報, of which a scan, a missing and a damaged one have no volume.
        "2024 kind 有価証券報告書 5 2 0.5000 1.0000 1.5000 30.0000 60.0000 90.0000 0.0033 0.0067 0.0100 1",
        // The bank's only report is missing: a group without a base.
        "2024 sector 金融 1 0 - - - - - - - - - 1",
    ] {
        assert!(
            rows.contains(&expected.to_owned()),
            "{expected}\n{}",
            rows.join("\n")
        );
    }
    let suppressed = TableOptions {
        suppress_below: Some(3),
        ..TableOptions::default()
    };
    let tables = build(&corpus(), &records(), &codes(), &suppressed).unwrap();
    let rows = lines(
        tables.get("text_volume").unwrap(),
        "fiscal_year factor base chars_median",
    );
    assert!(rows.contains(&"2023 year 2 -".to_owned()) && rows.contains(&"2024 year 4 15.0000".to_owned()));
}
