//! Marks as they are printed.

use super::*;

fn style(text: &str) -> Option<(Style, u32)> {
    mark(text).map(|m| (m.style, m.value))
}

#[test]
fn numbering_of_reports() {
    assert_eq!(style("第一部【企業情報】"), Some((Style::Part, 1)));
    assert_eq!(style("第２【事業の状況】"), Some((Style::Dai, 2)));
    assert_eq!(style("第３章　人材"), Some((Style::Chapter, 3)));
    assert_eq!(
        style("１【主要な経営指標等の推移】"),
        Some((Style::NumberBracket, 1))
    );
    assert_eq!(style("２ 【沿革】"), Some((Style::NumberBracket, 2)));
    assert_eq!(style("(2) 【役員の状況】"), Some((Style::ParenBracket, 2)));
    assert_eq!(style("①【株式の総数】"), Some((Style::CircledBracket, 1)));
    assert_eq!(style("（リース取引関係）"), Some((Style::NoteTitle, 0)));
    assert_eq!(style("3. 情報管理"), Some((Style::Number, 3)));
    assert_eq!(style("4.1　技術"), Some((Style::Decimal2, 1)));
    assert_eq!(style("4.1.2 技術"), Some((Style::Decimal3, 2)));
    assert_eq!(style("（２）リスク管理"), Some((Style::ParenNumber, 2)));
    assert_eq!(style("③競争"), Some((Style::Circled, 3)));
    assert_eq!(style("ｂ．固定資産"), Some((Style::Letter, 2)));
    assert_eq!(style("(ア)対象"), Some((Style::ParenKana, 1)));
    assert_eq!(style("＜健康・食品事業＞"), Some((Style::Angle('＜'), 0)));
    assert_eq!(style("（注）１．希薄化"), Some((Style::Note, 0)));
    assert_eq!(style("・研修"), Some((Style::Dot, 0)));
}

#[test]
fn amounts_dates_and_prose_are_no_numbering() {
    for text in [
        "1,234百万円",
        "2024年度",
        "1.5倍",
        "2.3%",
        "3 月末",
        "第三者委員会",
        "第10条の規定",
        "△12",
        "-3.2",
        "(2024年)",
        "（単位：百万円）",
        "（連結の範囲から除いた理由）",
        "アイデア",
        "A社は",
        "U.S. market",
        "注目される",
    ] {
        assert_eq!(style(text), None, "{text}");
    }
}

#[test]
fn contents_lines_have_leaders_and_a_page() {
    assert!(is_contents_line("第１ 【企業の概況】…………………… 2"));
    assert!(is_contents_line("1. はじめに ........ 12"));
    assert!(!is_contents_line("売上高は12"));
    assert!(!is_contents_line("続く……"));
}
