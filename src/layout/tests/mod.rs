//! The rules of the layout on synthetic pages.

use super::*;
use crate::extract::{Direction, Engine, FontInfo, Glyph, PageStatus, Rule};

mod properties;
mod tables;

/// A page being drawn.
struct Sheet(Page);

impl Sheet {
    fn new(number: u32) -> Sheet {
        let font = |name: &str, bold| FontInfo {
            name: name.to_owned(),
            bold,
        };
        Sheet(Page {
            number,
            width: 595.0,
            height: 842.0,
            status: PageStatus::Ok,
            engine: Engine::Hayro,
            glyphs: Vec::new(),
            fonts: vec![font("Mincho", false), font("Gothic-Bold", true)],
            rules: Vec::new(),
            images: 0,
            lost_glyphs: 0,
            reason: String::new(),
        })
    }

    /// Draws one line from (x, y) to the right.
    fn put(mut self, x: f32, y: f32, size: f32, text: &str) -> Sheet {
        let mut pen = x;
        for ch in text.chars() {
            let advance = if ch.is_ascii() { 0.5 * size } else { size };
            self.0.glyphs.push(glyph(ch, pen, y, advance, size));
            pen += advance;
        }
        self
    }

    /// Draws lines one below the other, 1.5 em apart.
    fn lines(self, x: f32, y: f32, size: f32, lines: &[&str]) -> Sheet {
        lines.iter().enumerate().fold(self, |s, (i, line)| {
            s.put(x, y + i as f32 * 1.5 * size, size, line)
        })
    }

    /// Draws one line of vertical writing from (x, y) down.
    fn down(mut self, x: f32, y: f32, size: f32, text: &str) -> Sheet {
        for (i, ch) in text.chars().enumerate() {
            let g = glyph(ch, x, y + i as f32 * size, size, size);
            self.0.glyphs.push(Glyph {
                direction: Direction::Down,
                vertical: true,
                ..g
            });
        }
        self
    }

    /// Draws the rules of a grid.
    fn grid(mut self, xs: &[f32], ys: &[f32]) -> Sheet {
        let ends = |c: &[f32]| (c[0], c[c.len() - 1]);
        let ((x0, x1), (y0, y1)) = (ends(xs), ends(ys));
        self.0.rules.extend(ys.iter().map(|y| Rule {
            x0,
            y0: *y,
            x1,
            y1: *y,
        }));
        self.0.rules.extend(xs.iter().map(|x| Rule {
            x0: *x,
            y0,
            x1: *x,
            y1,
        }));
        self
    }
}

fn glyph(ch: char, x: f32, y: f32, advance: f32, size: f32) -> Glyph {
    Glyph {
        ch,
        x,
        y,
        advance,
        size,
        font: 0,
        direction: Direction::Right,
        vertical: false,
        invisible: false,
    }
}

fn blocks(sheets: Vec<Sheet>) -> Vec<(BlockKind, String)> {
    let pages: Vec<Page> = sheets.into_iter().map(|s| s.0).collect();
    lay_out(&pages).into_iter().map(|b| (b.kind, b.text)).collect()
}

fn texts(sheet: Sheet, kind: BlockKind) -> Vec<String> {
    blocks(vec![sheet])
        .into_iter()
        .filter(|(k, _)| *k == kind)
        .map(|(_, t)| t)
        .collect()
}

const FULL: &str = "当社グループは、情報資産を重要な経営資源と位置づけており、全社の体制を整え"; // 37 characters
const NEXT: &str = "ております。また、従業員に対する教育を毎年行い、その結果を取締役会へ報告し"; // 37 characters

#[test]
fn an_indent_begins_a_paragraph_and_lines_join_without_a_space() {
    let sheet = Sheet::new(1)
        .put(60.0, 100.0, 10.0, FULL)
        .lines(50.0, 115.0, 10.0, &[NEXT, "ています。"]);
    let sheet = sheet
        .put(60.0, 145.0, 10.0, FULL)
        .put(50.0, 160.0, 10.0, "ております。");
    let got = texts(sheet, BlockKind::Paragraph);
    assert_eq!(
        got,
        [format!("{FULL}{NEXT}ています。"), format!("{FULL}ております。")]
    );
}

#[test]
fn single_lines_that_fill_the_measure_are_paragraphs_where_the_page_indents_first_lines() {
    let long = "あ".repeat(39);
    let full = format!("{}。", "い".repeat(37));
    let sheet = Sheet::new(1)
        .put(60.0, 100.0, 10.0, &long)
        .put(50.0, 116.0, 10.0, "終わる。")
        .put(60.0, 132.0, 10.0, &long)
        .put(50.0, 148.0, 10.0, "終わる。")
        .put(60.0, 180.0, 10.0, &full)
        .put(60.0, 196.0, 10.0, &full);
    assert_eq!(texts(sheet, BlockKind::Paragraph).len(), 4);
}

#[test]
fn a_huge_character_with_text_printed_through_it_is_no_text() {
    let lines = [
        "業績は順調に推移しました。",
        "来期も成長を見込みます。",
        "以上です。",
    ];
    let sheet = Sheet::new(1)
        .lines(50.0, 100.0, 10.0, &lines)
        .put(80.0, 150.0, 60.0, "秘");
    let text = texts(sheet, BlockKind::Paragraph).concat();
    assert!(!text.contains('秘'), "{text}");
    assert!(text.contains("見込みます"));
}

#[test]
fn words_set_by_position_alone_get_their_spaces_and_hyphens_go() {
    let sheet = Sheet::new(1)
        .put(50.0, 100.0, 10.0, "Information")
        .put(108.0, 100.0, 10.0, "security")
        .put(151.0, 100.0, 10.0, "is an ever-growing concern of manage-")
        .put(50.0, 115.0, 10.0, "ment in companies of any size.");
    let got = texts(sheet, BlockKind::Paragraph);
    assert_eq!(
        got,
        ["Information security is an ever-growing concern of management in companies of any size."]
    );
}

#[test]
fn tabs_between_latin_words_are_spaces() {
    let sheet = Sheet::new(1).put(50.0, 100.0, 10.0, "CSRF\tdefense in\tdepth is the aim.");
    assert_eq!(
        texts(sheet, BlockKind::Paragraph),
        ["CSRF defense in depth is the aim."]
    );
}

#[test]
fn items_of_a_list_stand_alone_and_their_lines_hang() {
    let sheet = Sheet::new(1)
        .put(50.0, 100.0, 10.0, &format!("・{FULL}"))
        .put(60.0, 115.0, 10.0, "ています。")
        .put(50.0, 130.0, 10.0, "・標的型攻撃メールの訓練")
        .put(50.0, 145.0, 10.0, "・脆弱性の診断");
    let got = texts(sheet, BlockKind::ListItem);
    assert_eq!(
        got,
        [
            format!("・{FULL}ています。"),
            "・標的型攻撃メールの訓練".into(),
            "・脆弱性の診断".into()
        ]
    );
}

#[test]
fn columns_are_read_one_after_the_other() {
    let left = [
        "左の段の一行目はここから始まり",
        "左の段の二行目へと続いてゆき、",
        "左の段の三行目で折り返しては",
        "左の段の四行目で終わります。",
    ];
    let right = [
        "右の段の一行目はここから始まり",
        "右の段の二行目へと続いてゆき、",
        "右の段の三行目で折り返しては",
        "右の段の四行目で終わります。",
    ];
    let sheet = Sheet::new(1)
        .lines(50.0, 100.0, 10.0, &left)
        .lines(300.0, 100.0, 10.0, &right);
    assert_eq!(
        texts(sheet, BlockKind::Paragraph),
        [left.concat(), right.concat()]
    );
}

#[test]
fn only_a_scrambled_page_is_put_in_order() {
    let lines: Vec<String> = (0..12)
        .map(|i| format!("第{i:02}行目の本文はこのように書かれています。"))
        .collect();
    let y = |i: usize| 100.0 + 15.0 * i as f32;
    let shuffled = [5, 2, 9, 0, 11, 4, 7, 1, 10, 3, 8, 6];
    let drawn = shuffled
        .iter()
        .fold(Sheet::new(1), |s, i| s.put(50.0, y(*i), 10.0, &lines[*i]));
    assert_eq!(page_text(&drawn.0), lines.join("\n"));
    // A box drawn last, though it stands above: the stream knows better.
    let plain = (0..12).fold(Sheet::new(1), |s, i| s.put(50.0, y(i), 10.0, &lines[i]));
    let boxed = plain.put(400.0, 100.0, 10.0, "別枠の記事です。");
    assert!(page_text(&boxed.0).ends_with("別枠の記事です。"));
}

#[test]
fn vertical_lines_go_from_right_to_left() {
    let sheet = Sheet::new(1)
        .down(500.0, 60.0, 10.0, "縦書きの文章は右の行から読み")
        .down(484.0, 60.0, 10.0, "始めて左へ進みます。");
    assert_eq!(
        texts(sheet, BlockKind::Paragraph),
        ["縦書きの文章は右の行から読み始めて左へ進みます。"]
    );
}

#[test]
fn vertical_writing_printed_glyph_by_glyph_is_still_vertical() {
    let mut sheet = Sheet::new(1);
    for (x, text) in [
        (500.0, "縦書きの文章は右の行から読み"),
        (484.0, "始めて左へ進みます。"),
    ] {
        for (i, ch) in text.chars().enumerate() {
            sheet
                .0
                .glyphs
                .push(glyph(ch, x, 60.0 + 10.0 * i as f32, 10.0, 10.0));
        }
    }
    assert_eq!(
        texts(sheet, BlockKind::Paragraph),
        ["縦書きの文章は右の行から読み始めて左へ進みます。"]
    );
}

#[test]
fn numberings_nest_as_the_document_shows() {
    let body = |s: Sheet, y| s.put(60.0, y, 9.0, FULL).put(50.0, y + 14.0, 9.0, "ております。");
    let mut sheet = Sheet::new(1).put(50.0, 60.0, 12.0, "第２【事業の状況】").put(
        50.0,
        80.0,
        10.5,
        "１【事業等のリスク】",
    );
    for (i, title) in [
        "(1)情報セキュリティ",
        "①外部からの攻撃",
        "②内部の不正",
        "(2)自然災害",
    ]
    .iter()
    .enumerate()
    {
        let y = 100.0 + 60.0 * i as f32;
        sheet = body(sheet.put(50.0, y, 9.0, title), y + 14.0);
    }
    let levels: Vec<BlockKind> = blocks(vec![sheet])
        .into_iter()
        .map(|(k, _)| k)
        .filter(|k| matches!(k, BlockKind::Heading(_)))
        .collect();
    assert_eq!(levels, [1, 2, 3, 4, 4, 3].map(BlockKind::Heading));
}

const BODIES: [&str; 6] = [
    "情報資産を重要な経営資源と位置づけています。",
    "従業員に対する教育を毎年行っています。",
    "委託先の点検を年に一度実施しています。",
    "取締役会は四半期ごとに報告を受けています。",
    "外部の専門家による診断を受けています。",
    "事故に備えて訓練を繰り返しています。",
];

#[test]
fn what_repeats_at_the_edges_is_not_text() {
    let page = |n: u32, chapter: &str| {
        Sheet::new(n)
            .put(400.0, 30.0, 8.0, chapter)
            .lines(50.0, 100.0, 10.0, &[BODIES[n as usize % 6]; 3])
            .put(280.0, 820.0, 8.0, &format!("- {n} -"))
    };
    let sheets = (1..=6)
        .map(|n| {
            page(
                n,
                if n < 4 {
                    "第１章　経営の方針"
                } else {
                    "第２章　リスクの管理"
                },
            )
        })
        .collect();
    let got = blocks(sheets);
    let count = |kind| got.iter().filter(|(k, _)| *k == kind).count();
    assert_eq!(
        (
            count(BlockKind::RunningHeader),
            count(BlockKind::PageNumber),
            count(BlockKind::Paragraph)
        ),
        (6, 6, 6)
    );
}

#[test]
fn first_lines_of_a_wide_setting_and_notes_that_recur_are_text() {
    let line = |i: u32, j: u32| {
        let own = char::from_u32('一' as u32 + 8 * i + j).unwrap_or('一');
        format!("{own}の本文の行で、情報資産を重要な経営資源と位置づけており、全社の体制を整え")
    };
    let page = |i: u32| {
        let sheet = (0..8).fold(Sheet::new(i), |s, j| {
            s.put(54.0, 76.0 + 22.0 * j as f32, 10.5, &line(i, j))
        });
        if i.is_multiple_of(3) {
            sheet.put(
                54.0,
                54.0,
                10.5,
                "(注１) 次の算式により株式数を調整するものとする",
            )
        } else {
            sheet
        }
    };
    let got = blocks((1..13).map(page).collect());
    let headers = got.iter().filter(|(k, _)| *k == BlockKind::RunningHeader);
    assert_eq!(headers.count(), 0, "{got:?}");
}

#[test]
fn a_sentence_that_recurs_at_the_head_of_pages_is_text() {
    let page = |n: u32| {
        let own = BODIES[n as usize % 6];
        let body = ["該当事項はありません。", own, own];
        Sheet::new(n).lines(50.0, 60.0, 10.0, &body)
    };
    let got = blocks((1..=4).map(page).collect());
    let headers = got.iter().filter(|(k, _)| *k == BlockKind::RunningHeader);
    assert_eq!(headers.count(), 0, "{got:?}");
}

#[test]
fn the_head_of_the_register_is_known_on_a_lone_page() {
    let head = ["EDINET提出書類", "架空電機株式会社(E99001)", "有価証券報告書"];
    let sheet = Sheet::new(1)
        .lines(400.0, 30.0, 8.0, &head)
        .lines(50.0, 100.0, 10.0, &[BODIES[0]]);
    let got = blocks(vec![sheet]);
    let headers = got.iter().filter(|(k, _)| *k == BlockKind::RunningHeader);
    assert_eq!(headers.count(), 3, "{got:?}");
}

#[test]
fn a_sentence_that_a_wide_setting_tears_is_whole() {
    let mut sheet = Sheet::new(1).lines(
        50.0,
        60.0,
        10.0,
        &[
            "当社は、情報の管理に関する規程を定めて、従業員に年二回の研修を行い、その効果を",
            "毎年の演習によって確かめている。演習の結果は取締役会に報告され、次の年の計画に",
            "用いられる。",
        ],
    );
    sheet = sheet
        .put(
            60.0,
            120.0,
            10.0,
            "・ 記録に残した情報が、その重要度に基づいて、常に定められた手順によって処理さ",
        )
        .put(75.0, 142.0, 10.0, "れ、保護される")
        .put(60.0, 164.0, 10.0, "・ 記録を残す期間を短くする");
    let got = texts(sheet, BlockKind::ListItem);
    assert_eq!(got.len(), 2, "{got:?}");
    assert!(got[0].ends_with("処理され、保護される"), "{got:?}");
}

#[test]
fn a_plain_sentence_with_a_number_is_no_heading() {
    let sheet = Sheet::new(1)
        .put(50.0, 80.0, 10.0, "（１）委託先の審査")
        .put(60.0, 96.0, 10.0, "審査は次のとおりである。")
        .put(60.0, 112.0, 10.0, "③ 事故が生じた場合に契約を解除する")
        .put(60.0, 140.0, 10.0, "なお、委託先の一覧は別に示す。");
    let got = texts(sheet, BlockKind::ListItem);
    assert_eq!(got, ["③ 事故が生じた場合に契約を解除する"]);
}

#[test]
fn underlined_lines_in_a_box_are_one_sentence() {
    let mut sheet = Sheet::new(1).grid(&[45.0, 460.0], &[50.0, 140.0]);
    for y in [72.0, 88.0] {
        sheet = sheet.grid(&[60.0, 440.0], &[y, y]);
    }
    let sheet = sheet.lines(
        50.0,
        70.0,
        10.0,
        &[
            "当社は、情報の管理に関する規程を定めて、従業員に年二回の研修を行い、その効果を",
            "毎年の演習によって確かめている。演習の結果は取締役会に報告され、次の年の計画に",
            "用いられる。",
        ],
    );
    assert_eq!(texts(sheet, BlockKind::Paragraph).len(), 1);
}

#[test]
fn contents_are_no_headings() {
    let entries = [
        "第１ 【企業の概況】…………………………2",
        "１ 【沿革】…………………………………3",
        "２ 【事業の内容】……………………………5",
    ];
    let got = blocks(vec![Sheet::new(1).lines(50.0, 100.0, 10.0, &entries)]);
    assert!(got.iter().all(|(k, _)| *k == BlockKind::ListItem), "{got:?}");
}

#[test]
fn a_stamp_set_at_an_angle_stays_out_of_the_text() {
    let mut sheet = Sheet::new(1).lines(50.0, 100.0, 10.0, &[FULL, NEXT, "ています。"]);
    for (i, ch) in "架空のサンプル".chars().enumerate() {
        sheet.0.glyphs.push(glyph(
            ch,
            100.0 + 40.0 * i as f32,
            600.0 - 40.0 * i as f32,
            50.0,
            50.0,
        ));
    }
    let got = blocks(vec![sheet]);
    assert!(
        got.contains(&(BlockKind::RunningHeader, "架空のサンプル".into())),
        "{got:?}"
    );
    assert!(
        got.contains(&(BlockKind::Paragraph, format!("{FULL}{NEXT}ています。"))),
        "{got:?}"
    );
}

#[test]
fn readings_over_words_do_not_tear_them() {
    let sheet = Sheet::new(1)
        .put(50.0, 100.0, 10.0, "当社は改")
        .put(90.0, 91.0, 4.0, "かいざん")
        .put(90.0, 100.0, 10.0, "竄を防ぎます。");
    assert_eq!(texts(sheet, BlockKind::Paragraph), ["当社は改竄を防ぎます。"]);
}
