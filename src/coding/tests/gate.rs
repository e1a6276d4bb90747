//! What is looked at before a passage is cut into words.

use super::*;
use crate::normalize::normalize;

#[derive(serde::Deserialize)]
struct Line {
    headings: Vec<String>,
    previous: Option<String>,
    text: String,
}

/// Every passage of the gold that rules are tested with, each behind the other as in a report.
fn gold() -> Vec<Line> {
    let file = include_str!("../../../tests/gold/dev_a.jsonl");
    file.lines()
        .map(|line| serde_json::from_str(line).expect("gold"))
        .collect()
}

fn input(line: &Line) -> CodingInput<'_> {
    CodingInput {
        text: &line.text,
        headings: &line.headings,
        previous: line.previous.as_deref(),
        ..CodingInput::default()
    }
}

#[test]
fn no_passage_that_rules_take_in_stops_at_the_words_they_need() {
    let mut worker = default_coder().worker();
    let mut taken = 0;
    for line in gold() {
        let input = input(&line);
        worker.read(&input).expect("reads");
        let scheme = Arc::clone(&worker.scheme);
        if in_scope(&scheme, &worker.matcher.view(&scheme, &input, &[])) {
            taken += 1;
            let normal = normalize(&line.text).text;
            if worker.gate(&[&normal]) {
                assert!(worker.passes_gate(&input), "{}", line.text);
            }
        }
    }
    assert!(taken > 100, "{taken}");
}

#[test]
fn a_neighbour_read_before_changes_nothing() {
    let mut worker = default_coder().worker();
    for line in gold() {
        let input = input(&line);
        let fresh = default_coder().worker().code(&input).expect("codes");
        assert_eq!(worker.code(&input).expect("codes"), fresh, "{}", line.text);
    }
}

#[test]
fn a_heading_that_speaks_of_information_in_general_opens_nothing() {
    let headings = ["第一部【企業情報】".to_owned()];
    let passes = |text: &str| {
        let input = CodingInput {
            text,
            headings: &headings,
            ..CodingInput::default()
        };
        default_coder().worker().passes_gate(&input)
    };
    assert!(!passes("当期は増収となりました。"));
    assert!(!passes("取締役は毎月、部門の評価を行います。"));
    assert!(passes("ウイルス対策ソフトを導入しています。"));
}

#[test]
fn words_of_a_dictionary_form_may_be_there_until_the_text_is_cut() {
    let scheme = format!(
        "{HEAD}[[scope.include]]\nid = \"s\"\nwhen = \"<守る> and 情報\"\n[[code]]\nid = \"X\"\nja = \"\"\nen = \"\"\nrule = [{{ id = \"r\", when = \"情報\" }}]\n"
    );
    let mut worker = coder_of(&scheme).worker();
    let mut look = |text| {
        let input = CodingInput {
            text,
            ..CodingInput::default()
        };
        let labels = worker.code(&input).expect("codes").labels;
        (worker.passes_gate(&input), labels.len())
    };
    assert_eq!(look("情報を守った。"), (true, 1));
    assert_eq!(look("情報を集めた。"), (true, 0));
    assert_eq!(look("約束を守った。"), (false, 0));
}
