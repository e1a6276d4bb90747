//! Every element on the examples of its table, and on documents made for these tests.

use std::sync::OnceLock;

use super::*;
use crate::dictionaries::Dictionaries;
use crate::facts::{FactFinder, FactInput};

const LIST: &str = include_str!("../../dictionaries/quality.toml");

fn embedded(name: &str) -> String {
    Dictionaries::embedded().read(name).expect("embedded").text
}

fn scheme() -> Scheme {
    let text = embedded("schemes/quality.toml");
    Scheme::parse(&text, "quality.toml", &|_| {
        Err(std::io::ErrorKind::NotFound.into())
    })
    .unwrap()
}

fn tokenizer() -> Tokenizer {
    Tokenizer::new(&embedded("terms.csv"), "terms.csv").unwrap()
}

fn quality() -> &'static Quality {
    static ONE: OnceLock<Quality> = OnceLock::new();
    ONE.get_or_init(|| Quality::new(LIST, "quality.toml", scheme(), tokenizer()).unwrap())
}

fn finder() -> &'static FactFinder {
    static ONE: OnceLock<FactFinder> = OnceLock::new();
    ONE.get_or_init(|| FactFinder::new(&embedded("facts.toml"), "facts.toml").unwrap())
}

fn passage(page: u32, text: &str) -> Passage {
    Passage {
        id: format!("r-{page:04}"),
        pages: vec![page],
        kind: PassageKind::Paragraph,
        headings: vec!["情報セキュリティ".into()],
        previous: None,
        text: text.into(),
    }
}

/// A document of passages of which those up to `in_scope` are in scope.
fn document(all: &[Passage], in_scope: usize, year: u32) -> Vec<(String, ElementRecord)> {
    let facts: Vec<Vec<Fact>> = all
        .iter()
        .map(|p| {
            finder().find(&FactInput {
                text: &p.text,
                headings: &p.headings,
            })
        })
        .collect();
    let inputs: Vec<_> = all
        .iter()
        .zip(&facts)
        .take(in_scope)
        .map(|(passage, facts)| QualityInput { passage, facts })
        .collect();
    let variables = DocumentVariables {
        year: Some(year),
        ..DocumentVariables::default()
    };
    let quote = |text: &str, start: usize, end: usize| text.chars().skip(start).take(end - start).collect();
    let records = quality()
        .worker()
        .document(&inputs, all, variables, &quote)
        .unwrap();
    quality()
        .labels()
        .into_iter()
        .map(|l| l.id)
        .zip(records)
        .collect()
}

fn shown(text: &str, element: &str, year: u32) -> ElementRecord {
    let all = [passage(1, text)];
    let found = document(&all, 1, year).into_iter().find(|(id, _)| id == element);
    found.expect("an element").1
}

#[test]
fn every_element_is_in_its_example_and_not_in_the_other() {
    for element in &quality().elements {
        let [_, has, lacks] = &element.explained;
        let id = &element.label.id;
        let is_there = |text: &str| {
            let record = shown(text, id, 2024);
            record.passages > 0 || record.number.is_some()
        };
        assert!(is_there(has), "{id} is not found in: {has}");
        assert!(!is_there(lacks), "{id} is found in: {lacks}");
    }
}

#[test]
fn the_documentation_has_every_rule_and_example() {
    let guide = include_str!("../../docs/quality.md");
    for element in &quality().elements {
        for text in element
            .explained
            .iter()
            .chain([&element.label.id, &element.label.ja])
        {
            assert!(guide.contains(text.as_str()), "docs/quality.md lacks: {text}");
        }
    }
}

#[test]
fn the_five_qualities_are_those_of_the_guide() {
    let mut qualities: Vec<_> = quality().labels().into_iter().map(|l| l.quality).collect();
    qualities.dedup();
    let guide = [
        "目的適合性",
        "表現真正性",
        "比較可能性",
        "理解容易性",
        "適時公表性",
    ];
    assert_eq!(qualities, guide);
}

#[test]
fn an_element_is_counted_and_quoted_where_it_first_stands() {
    let all = [
        passage(3, "情報を守ります。"),
        passage(5, "本社でISO27001の認証を取得しています。"),
        passage(8, "大阪でプライバシーマークの認証を取得しています。"),
    ];
    let found = document(&all, 3, 2024);
    let (_, record) = found.iter().find(|(id, _)| id == "third_party").unwrap();
    assert_eq!(
        (record.passages, record.first_page, record.passage_id.as_str()),
        (2, 5, "r-0005")
    );
    assert_eq!(record.quote, "ISO27001の認証を取得");
}

#[test]
fn sentences_are_measured_without_spaces_rows_and_remains() {
    let mut row = passage(1, "教育受講率。\t98%。");
    row.kind = PassageKind::TableRow;
    let all = [passage(1, "守り ます。直ちに公表します。続き"), row];
    let found = document(&all, 2, 2024);
    let (_, record) = found.iter().find(|(id, _)| id == "sentence_length").unwrap();
    // 守ります。 has 5 characters, 直ちに公表します。 has 9.
    assert_eq!(record.number, Some(7.0));
    let nothing = document(&all, 0, 2024);
    assert!(nothing.iter().all(|(_, r)| r.number.is_none() && r.passages == 0));
}

#[test]
fn a_caption_counts_on_a_page_with_a_passage_in_scope_only() {
    let all = [
        passage(2, "情報セキュリティ委員会を設置しています。"),
        passage(2, "図3　情報セキュリティ推進体制"),
        passage(9, "図9　売上の推移"),
    ];
    let found = document(&all, 1, 2024);
    let (_, record) = found.iter().find(|(id, _)| id == "figures_near").unwrap();
    assert_eq!((record.passages, record.first_page), (1, 2));
}

#[test]
fn what_is_recent_goes_by_the_fiscal_year() {
    let text = "2021年5月、当社のサーバーが不正アクセスを受けたことを確認しました。";
    assert_eq!(shown(text, "recent_incident", 2021).passages, 1);
    assert_eq!(shown(text, "recent_incident", 2022).passages, 1);
    assert_eq!(shown(text, "recent_incident", 2024).passages, 0);
    let reiwa = "令和6年5月、当社のサーバーが不正アクセスを受けたことを確認しました。";
    assert_eq!(shown(reiwa, "recent_incident", 2024).passages, 1);
}

#[test]
fn every_mistake_of_the_list_is_told_with_its_line() {
    let broken = LIST
        .replacen("kind = \"figure\"", "kind = \"figures\"", 1)
        .replacen("\"sentence-length\"", "\"sentence-size\"", 1)
        .replacen("id = \"pdca\"", "id = \"pdcb\"", 1);
    let error = Quality::new(&broken, "mine.toml", scheme(), tokenizer())
        .err()
        .unwrap();
    let shown = error.to_string();
    // The code pdca is no element, and nothing shows pdcb.
    assert_eq!(error.problems.len(), 4, "{shown}");
    let line = |of: &str| 1 + broken.lines().position(|l| l.contains(of)).unwrap();
    for of in ["\"figures\"", "\"sentence-size\"", "\"pdcb\""] {
        assert!(
            shown.contains(&format!("mine.toml:{}: ", line(of))),
            "{of}\n{shown}"
        );
    }
}
