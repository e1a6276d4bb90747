//! The tables by facet, by other frames, and by every factor. What each row should be follows from the corpus in `super`.

use super::super::{Classification, CodeLabel, TableError, TableOptions, Tables, build};
use super::cells::lines;
use super::{codes, corpus, facets, pair, passage, records};

fn tables() -> Tables {
    let options = TableOptions {
        crosswalks: vec![pair()],
        facets: facets(),
        ..TableOptions::default()
    };
    let mut corpus = corpus();
    corpus.companies[0].employees = Some(12_000);
    build(&corpus, &records(), &codes(), &options).unwrap()
}

#[test]
fn other_frames_count_a_passage_once() {
    let item = |id: &str| {
        let mut label = codes().remove(0);
        label.id = id.into();
        label
    };
    let classification = Classification::new(vec![
        (item("F1"), vec!["C01".into(), "C02".into()]),
        (item("F2"), vec!["C06.audit".into()]),
    ]);
    let mut both = passage(1, 10, &["C01", "C02", "C06"]);
    both.facets = vec!["C06.audit".into()];
    assert_eq!(classification.items_of(&both), [0, 1]);
    assert_eq!(classification.quote(0, &both), Some("p1のC01"));
    assert_eq!(classification.quote(1, &both), Some("p1のC06"));
    assert_eq!(classification.items_of(&passage(1, 10, &["C06"])), [0; 0]);
}

#[test]
fn other_frames() {
    let tables = tables();
    assert_eq!(
        lines(
            tables.get("frame_company").unwrap(),
            "frame fiscal_year company_code code disclosed passages chars"
        ),
        [
            "pair 2023 2801 P1 1 1 100",
            "pair 2023 285A P1 0 0 0",
            // The passage with both codes counts once: 50 + 70 characters.
            "pair 2024 2801 P1 1 2 120",
            "pair 2024 4501 P1 1 1 30",
            "pair 2024 285A P1 - 0 0",
            "pair 2024 8301 P1 - 0 0",
            "pair 2024 4599 P1 1 1 200",
        ]
    );
    assert_eq!(
        lines(
            tables.get("frame_year").unwrap(),
            "frame fiscal_year code companies base disclosed"
        ),
        ["pair 2023 P1 2 2 1", "pair 2024 P1 5 3 3"]
    );
    assert_eq!(super::tables().get("frame_year").unwrap().height(), 0);
}

/// Every table by another frame is one of the frame's items alone, or names the frame.
#[test]
fn the_wide_form_of_every_factor() {
    let tables = tables();
    let wide = lines(
        tables.get("factor_table").unwrap(),
        "fiscal_year factor member companies documents C01 C02 small",
    );
    for expected in [
        // As in year_category, industry_category, size_category and kind_category.
        "2024 year  5 - 0.6667 1.0000 1",
        "2024 industry 医薬品 2 - 0.5000 1.0000 1",
        "2024 employees 1万人以上 1 - 1.0000 1.0000 1",
        "2024 kind 有価証券報告書 - 5 0.6667 0.5000 1",
        "2024 regime 制度開示 - 6 0.5000 0.3333 0",
    ] {
        assert!(
            wide.contains(&expected.to_owned()),
            "{expected}\n{}",
            wide.join("\n")
        );
    }
    // No company has a TSE-33 industry, a capital or a market segment here; 2023 and 2024 have years first.
    let factors: Vec<_> = wide.iter().filter_map(|row| row.split(' ').nth(1)).collect();
    let mut seen = factors.clone();
    seen.dedup();
    let each = [
        "year",
        "industry",
        "sector",
        "group",
        "employees",
        "kind",
        "regime",
    ];
    assert_eq!(seen, [each, each].concat());
}

#[test]
fn facets_are_counted_as_codes_are() {
    let tables = tables();
    let ids = "fiscal_year company_code code facet facet_ja disclosed passages first_page quote";
    assert_eq!(
        lines(tables.get("facet_company").unwrap(), ids)[4..8],
        [
            // The facet has the quote of its code.
            "2024 2801 C02 C02.committee 委員会 1 1 5 p5のC02",
            // Nobody has an officer, but one of the two documents was read in part.
            "2024 2801 C02 C02.officer 責任者 - 0 - -",
            "2024 4501 C02 C02.committee 委員会 1 1 9 p9のC02",
            "2024 4501 C02 C02.officer 責任者 0 0 - -",
        ]
    );
    let rates = lines(
        tables.get("facet_rates").unwrap(),
        "fiscal_year factor member code facet companies documents base disclosed unknown",
    );
    for expected in [
        "2024 industry 食品 C02 C02.committee 2 - 1 1 285A",
        "2024 industry 食品 C02 C02.officer 2 - 0 0 2801; 285A",
        // Two 統合報告書, of which one was read in part.
        "2024 kind 統合報告書 C02 C02.committee - 2 1 1 2801/togo_2024.pdf",
    ] {
        assert!(
            rates.contains(&expected.to_owned()),
            "{expected}\n{}",
            rates.join("\n")
        );
    }
    let wide = lines(
        tables.get("facet_table").unwrap(),
        "fiscal_year factor member C02.committee C02.officer",
    );
    assert!(wide.contains(&"2024 year  1.0000 0.0000".to_owned()), "{wide:?}");
    assert_eq!(
        lines(
            tables.get("facet_company_table").unwrap(),
            "fiscal_year company_code C02.committee C02.officer"
        )[2..4],
        ["2024 2801 1 -", "2024 4501 1 0"]
    );
}

#[test]
fn the_items_of_frames_stand_side_by_side() {
    let mut second = pair();
    second.id = "other".into();
    let mut label = codes().remove(1);
    label.id = "O1".into();
    second.classification = Classification::new(vec![(label, vec!["C02".into()])]);
    let options = TableOptions {
        crosswalks: vec![pair(), second],
        ..TableOptions::default()
    };
    let tables = build(&corpus(), &records(), &codes(), &options).unwrap();
    assert_eq!(
        lines(
            tables.get("frame_company_table").unwrap(),
            "fiscal_year company_code P1 O1"
        )[2..],
        [
            "2024 2801 2 1",
            "2024 4501 1 1",
            "2024 285A - -",
            "2024 8301 - -",
            "2024 4599 1 -"
        ]
    );
    // The frames below each other, each with its years.
    assert_eq!(
        lines(
            tables.get("frame_rates").unwrap(),
            "frame fiscal_year factor code base disclosed"
        )
        .into_iter()
        .filter(|row| row.contains(" year "))
        .collect::<Vec<_>>(),
        [
            "pair 2023 year P1 2 1",
            "pair 2024 year P1 3 3",
            "other 2023 year O1 2 0",
            "other 2024 year O1 2 2"
        ]
    );
}

#[test]
fn an_item_of_a_frame_cannot_take_the_name_of_a_column() {
    let label = |id: &str| CodeLabel {
        id: id.into(),
        ..CodeLabel::default()
    };
    for ids in [vec!["rate"], vec!["P1", "P1"]] {
        let mut frame = pair();
        frame.classification = Classification::by_code(&ids.into_iter().map(label).collect::<Vec<_>>());
        let options = TableOptions {
            crosswalks: vec![frame],
            ..TableOptions::default()
        };
        let refused = build(&corpus(), &records(), &codes(), &options).unwrap_err();
        assert!(matches!(refused, TableError::ClashingCode(_)), "{refused}");
    }
}

/// The 2 × 2 table of 2024 by regime, C01: 制度開示 2 of 4, 任意開示 0 of 1. Expected 4 · 2/5 = 1.6 and 0.4; the adjusted
/// residual is (2 - 1.6) / √(1.6 · (1 - 4/5) · (1 - 2/5)) = 0.4 / √0.192 = 0.9129, and its opposite.
#[test]
fn residuals_show_who_is_far_from_the_others() {
    let tables = tables();
    let residuals = lines(
        tables.get("association_residuals").unwrap(),
        "fiscal_year factor member code base disclosed expected residual",
    );
    for expected in [
        "2024 regime 制度開示 C01 4 2 1.6000 0.9129",
        "2024 regime 任意開示 C01 1 0 0.4000 -0.9129",
        // Nothing could be read of the bank.
        "2024 industry 銀行 C01 0 0 - -",
        // All who are known disclose C02.
        "2024 industry 医薬品 C02 1 1 - -",
    ] {
        assert!(
            residuals.contains(&expected.to_owned()),
            "{expected}\n{}",
            residuals.join("\n")
        );
    }
}
