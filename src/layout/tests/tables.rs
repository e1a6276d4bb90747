//! Rows, drawn or aligned.

use super::*;

#[test]
fn a_drawn_row_is_one_block_though_its_cells_wrap() {
    let sheet = Sheet::new(1)
        .grid(&[50.0, 150.0, 250.0, 350.0], &[80.0, 120.0, 160.0])
        .put(55.0, 95.0, 9.0, "標的型攻撃")
        .put(55.0, 110.0, 9.0, "メール訓練")
        .put(155.0, 102.0, 9.0, "年２回")
        .put(255.0, 102.0, 9.0, "98%")
        .put(55.0, 140.0, 9.0, "教育受講率")
        .put(155.0, 140.0, 9.0, "98%")
        .put(255.0, 140.0, 9.0, "100%");
    let got = texts(sheet, BlockKind::TableRow);
    assert_eq!(
        got,
        ["標的型攻撃メール訓練\t年２回\t98%", "教育受講率\t98%\t100%"]
    );
}

#[test]
fn a_line_that_wraps_in_a_list_of_a_drawn_cell_stays_with_its_row() {
    let mut sheet = Sheet::new(1).grid(&[48.0, 140.0, 300.0], &[80.0, 160.0]);
    for (y, left, right) in [
        (95.0, "1990年1月", "架空商事株式会社入社"),
        (107.0, "2001年2月", "架空製作所社外取締役に就任い"),
        (117.0, "", "たしました"),
        (129.0, "2010年3月", "当社取締役"),
    ] {
        sheet = sheet.put(50.0, y, 9.0, left).put(142.0, y, 9.0, right);
    }
    let got = texts(sheet, BlockKind::TableRow);
    assert_eq!(
        got,
        [
            "1990年1月\t架空商事株式会社入社",
            "2001年2月\t架空製作所社外取締役に就任いたしました",
            "2010年3月\t当社取締役"
        ]
    );
}

#[test]
fn aligned_columns_without_rules_are_a_table() {
    let mut sheet = Sheet::new(1);
    for (i, year) in ["2014年２月", "2015年６月", "2016年４月"].iter().enumerate() {
        let y = 100.0 + 15.0 * i as f32;
        sheet = sheet
            .put(50.0, y, 9.0, year)
            .put(130.0, y, 9.0, "子会社を設立しました。");
    }
    assert_eq!(texts(sheet, BlockKind::TableRow).len(), 3);
}

#[test]
fn a_label_of_two_lines_has_its_amounts_at_half_height() {
    let row = |s: Sheet, y: f32, label: &str, amounts: [&str; 2]| {
        s.put(59.0, y, 9.0, label)
            .put(340.0, y, 9.0, amounts[0])
            .put(470.0, y, 9.0, amounts[1])
    };
    let mut sheet = row(
        Sheet::new(1),
        100.0,
        "その他の資本の構成要素の残高",
        ["9,311", "13,966"],
    );
    sheet = sheet
        .put(59.0, 114.0, 9.0, "会社の所有者に帰属する")
        .put(59.0, 125.0, 9.0, "持分の合計");
    sheet = sheet
        .put(340.0, 119.5, 9.0, "251,572")
        .put(470.0, 119.5, 9.0, "264,255");
    sheet = row(sheet, 139.0, "合計", ["265,014", "279,168"]);
    // A label without amounts is no part of the short label above it.
    sheet = sheet.put(59.0, 153.0, 9.0, "非流動の部");
    sheet = row(sheet, 167.0, "借入金", ["392", "141"]);
    let got = texts(sheet, BlockKind::TableRow);
    assert_eq!(
        got,
        [
            "その他の資本の構成要素の残高\t9,311\t13,966",
            "会社の所有者に帰属する持分の合計\t251,572\t264,255",
            "合計\t265,014\t279,168",
            "借入金\t392\t141",
        ]
    );
}

#[test]
fn columns_of_a_table_printed_one_after_the_other_are_rows() {
    let column = |s: Sheet, x: f32, texts: [&str; 3]| {
        texts
            .iter()
            .enumerate()
            .fold(s, |s, (i, t)| s.put(x, 100.0 + 13.5 * i as f32, 9.0, t))
    };
    let sheet = column(Sheet::new(1), 93.0, ["勤務費用", "利息費用", "その他"]);
    let sheet = column(sheet, 346.0, ["776百万円", "61", "104"]);
    let sheet = column(sheet, 466.0, ["1,035", "81", "－"]);
    let got = texts(sheet, BlockKind::TableRow);
    assert_eq!(
        got,
        [
            "勤務費用\t776百万円\t1,035",
            "利息費用\t61\t81",
            "その他\t104\t－"
        ]
    );
}

#[test]
fn heads_of_columns_are_no_headings() {
    let mut sheet = Sheet::new(1)
        .put(100.0, 100.0, 10.0, "前事業年度")
        .put(260.0, 100.0, 10.0, "当事業年度");
    for g in &mut sheet.0.glyphs {
        g.font = 1;
    }
    let sheet = sheet.lines(50.0, 130.0, 10.0, &[FULL, NEXT, FULL, NEXT, "ています。"]);
    assert_eq!(texts(sheet, BlockKind::Heading(1)), Vec::<String>::new());
}

#[test]
fn two_rows_of_amounts_in_one_drawn_band_are_two_rows() {
    let drawn = |second: [&str; 2]| {
        let sheet = Sheet::new(1)
            .grid(&[50.0, 150.0, 250.0, 350.0], &[80.0, 120.0])
            .put(55.0, 95.0, 9.0, "子会社")
            .put(155.0, 95.0, 9.0, "652")
            .put(255.0, 95.0, 9.0, "381")
            .put(55.0, 112.0, 9.0, "従業員")
            .put(155.0, 112.0, 9.0, second[0])
            .put(255.0, 112.0, 9.0, second[1]);
        texts(sheet, BlockKind::TableRow)
    };
    assert_eq!(drawn(["252", "223"]), ["子会社\t652\t381", "従業員\t252\t223"]);
    assert_eq!(
        drawn(["(16.4%)", "(19.5%)"]).len(),
        1,
        "the change belongs to the amount"
    );
}

#[test]
fn a_number_stays_with_its_row_over_empty_cells() {
    let sheet = Sheet::new(1)
        .grid(&[50.0, 70.0, 80.0, 200.0, 350.0], &[80.0, 110.0, 140.0])
        .put(55.0, 98.0, 9.0, "18")
        .put(85.0, 98.0, 9.0, "会社名")
        .put(205.0, 98.0, 9.0, "提出者の名前")
        .put(55.0, 128.0, 9.0, "19")
        .put(85.0, 128.0, 9.0, "所在地")
        .put(205.0, 128.0, 9.0, "登記上の場所");
    let got = texts(sheet, BlockKind::TableRow);
    assert_eq!(got, ["18\t会社名\t提出者の名前", "19\t所在地\t登記上の場所"]);
}

#[test]
fn amounts_beside_a_name_that_spans_them_are_one_row() {
    // Boxes that span: the names have no rule between their two lines of amounts.
    let mut sheet = Sheet::new(1);
    for y in [80.0, 120.0] {
        sheet = sheet
            .grid(&[50.0, 150.0], &[y, y + 40.0])
            .grid(&[150.0, 250.0, 350.0], &[y, y + 20.0, y + 40.0]);
    }
    for (y, name, amounts) in [
        (110.0, "架空製作所", ["150,000", "140,000", "350", "290"]),
        (150.0, "見本商事", ["20,000", "20,000", "18", "-"]),
    ] {
        sheet = sheet
            .put(55.0, y - 8.0, 9.0, name)
            .put(155.0, y - 18.0, 9.0, amounts[0])
            .put(255.0, y - 18.0, 9.0, amounts[1])
            .put(155.0, y + 3.0, 9.0, amounts[2])
            .put(255.0, y + 3.0, 9.0, amounts[3]);
    }
    assert_eq!(
        texts(sheet, BlockKind::TableRow),
        [
            "架空製作所\t150,000\t350\t140,000\t290",
            "見本商事\t20,000\t18\t20,000\t-"
        ]
    );
}

#[test]
fn a_band_of_several_rows_is_cut_where_its_amounts_stand() {
    let sheet = Sheet::new(1)
        .grid(&[50.0, 170.0, 250.0, 330.0], &[80.0, 160.0])
        .put(55.0, 95.0, 9.0, "その他の項目")
        .put(55.0, 107.0, 9.0, "研修を受けた者")
        .put(155.0 + 20.0, 107.0, 9.0, "1,204")
        .put(255.0, 107.0, 9.0, "1,310")
        .put(55.0, 119.0, 9.0, "演習に加わった者のうち")
        .put(55.0, 131.0, 9.0, "管理職")
        .put(175.0, 125.0, 9.0, "86")
        .put(255.0, 125.0, 9.0, "91");
    assert_eq!(
        texts(sheet, BlockKind::TableRow),
        [
            "その他の項目",
            "研修を受けた者\t1,204\t1,310",
            "演習に加わった者のうち管理職\t86\t91"
        ]
    );
}

#[test]
fn two_amounts_beside_a_name_of_two_lines_stay_one_row() {
    let sheet = Sheet::new(1)
        .grid(&[50.0, 150.0, 250.0, 350.0], &[80.0, 120.0])
        .put(55.0, 95.0, 9.0, "架空フィナンシャル")
        .put(55.0, 107.0, 9.0, "グループ")
        .put(155.0, 95.0, 9.0, "150,000")
        .put(155.0, 107.0, 9.0, "145")
        .put(255.0, 95.0, 9.0, "150,000")
        .put(255.0, 107.0, 9.0, "139");
    assert_eq!(texts(sheet, BlockKind::TableRow).len(), 1);
}

#[test]
fn heads_with_their_periods_stand_side_by_side() {
    let mut sheet = Sheet::new(1);
    for (x, name, year) in [(300.0, "前期", "2030"), (420.0, "当期", "2031")] {
        sheet = sheet
            .put(x + 20.0, 100.0, 9.0, name)
            .put(x, 110.0, 9.0, &format!("(自　{year}年４月１日"))
            .put(x + 4.0, 120.0, 9.0, "至　2032年３月31日)");
    }
    let sheet = sheet
        .put(60.0, 140.0, 9.0, "対策費")
        .put(310.0, 140.0, 9.0, "1,204")
        .put(430.0, 140.0, 9.0, "1,310");
    assert_eq!(
        texts(sheet, BlockKind::TableRow),
        [
            "前期(自　2030年４月１日至　2032年３月31日)\t当期(自　2031年４月１日至　2032年３月31日)",
            "対策費\t1,204\t1,310"
        ]
    );
}

#[test]
fn a_table_without_rules_at_its_sides_is_closed() {
    let mut sheet = Sheet::new(1);
    for y in [80.0, 100.0, 120.0] {
        sheet = sheet.grid(&[50.0, 350.0], &[y, y]);
    }
    for x in [150.0, 250.0] {
        sheet = sheet.grid(&[x, x], &[80.0, 120.0]);
    }
    let sheet = sheet
        .put(55.0, 94.0, 9.0, "教育受講率")
        .put(155.0, 94.0, 9.0, "98%")
        .put(255.0, 88.0, 9.0, "全社")
        .put(255.0, 97.0, 9.0, "員")
        .put(55.0, 114.0, 9.0, "訓練")
        .put(155.0, 114.0, 9.0, "２回")
        .put(255.0, 114.0, 9.0, "役員を除く");
    assert_eq!(
        texts(sheet, BlockKind::TableRow),
        ["教育受講率\t98%\t全社員", "訓練\t２回\t役員を除く"]
    );
}
