//! Whatever stands on a page, nothing of it is lost and nothing panics.

use super::*;
use proptest::prelude::*;

/// Any number that a broken file may hold.
fn wild() -> impl Strategy<Value = f32> {
    prop_oneof![
        8 => 0.0f32..900.0,
        1 => -1.0e9f32..1.0e9,
        1 => prop_oneof![Just(f32::NAN), Just(f32::INFINITY), Just(f32::NEG_INFINITY), Just(0.0), Just(f32::MIN_POSITIVE)],
    ]
}

fn any_glyph() -> impl Strategy<Value = Glyph> {
    let ch = prop_oneof![
        prop::char::range('ぁ', 'ん'),
        prop::char::range('0', '9'),
        Just('　'),
        Just('。'),
        Just('・'),
        Just('W')
    ];
    let direction = prop_oneof![
        Just(Direction::Right),
        Just(Direction::Down),
        Just(Direction::Left),
        Just(Direction::Up)
    ];
    (ch, wild(), wild(), wild(), wild(), direction, any::<bool>()).prop_map(
        |(ch, x, y, advance, size, direction, vertical)| Glyph {
            ch,
            x,
            y,
            advance,
            size,
            font: 0,
            direction,
            vertical,
            invisible: false,
        },
    )
}

fn any_rule() -> impl Strategy<Value = Rule> {
    (wild(), wild(), wild(), wild()).prop_map(|(x0, y0, x1, y1)| Rule { x0, y0, x1, y1 })
}

fn ink(texts: impl Iterator<Item = String>) -> Vec<char> {
    let mut all: Vec<char> = texts
        .flat_map(|t| t.chars().collect::<Vec<_>>())
        .filter(|c| !script::is_blank(*c))
        .collect();
    all.sort_unstable();
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the geometry, nothing panics, and the page text has every printed character once.
    #[test]
    fn page_text_loses_nothing(glyphs in prop::collection::vec(any_glyph(), 0..120)) {
        let mut sheet = Sheet::new(1);
        sheet.0.glyphs = glyphs.clone();
        let want = ink(glyphs.iter().map(|g| g.ch.to_string()));
        prop_assert_eq!(ink(std::iter::once(page_text(&sheet.0))), want);
    }

    /// The blocks have every printed character once, readings apart: none is small enough to be one here.
    #[test]
    fn blocks_lose_nothing(
        glyphs in prop::collection::vec(any_glyph(), 0..120),
        rules in prop::collection::vec(any_rule(), 0..12),
        (width, height) in (wild(), wild()),
    ) {
        let mut sheet = Sheet::new(1);
        let glyphs: Vec<Glyph> = glyphs.into_iter().map(|g| Glyph { size: 10.0, ..g }).collect();
        let want = ink(glyphs.iter().map(|g| g.ch.to_string()));
        (sheet.0.glyphs, sheet.0.rules, sheet.0.width, sheet.0.height) = (glyphs, rules, width, height);
        prop_assert_eq!(ink(lay_out(&[sheet.0]).into_iter().map(|b| b.text)), want);
    }

    /// Tables drawn and undrawn, text in and out of cells: still every character once.
    #[test]
    fn tables_lose_nothing(cells in prop::collection::vec((0u8..5, 0u8..12, "[あ-ん0-9]{1,9}"), 1..40), ruled in any::<bool>()) {
        let mut sheet = Sheet::new(1);
        if ruled {
            sheet = sheet.grid(&[48.0, 140.0, 230.0, 320.0], &[80.0, 120.0, 160.0, 200.0]);
        }
        for (column, row, text) in &cells {
            sheet = sheet.put(50.0 + 90.0 * f32::from(*column), 95.0 + 14.0 * f32::from(*row), 9.0, text);
        }
        let want = ink(cells.iter().map(|(_, _, t)| t.clone()));
        prop_assert_eq!(ink(lay_out(&[sheet.0]).into_iter().map(|b| b.text)), want);
    }

    #[test]
    fn broken_sizes_do_not_panic(glyphs in prop::collection::vec(any_glyph(), 0..80), rules in prop::collection::vec(any_rule(), 0..12)) {
        let mut sheet = Sheet::new(1);
        (sheet.0.glyphs, sheet.0.rules) = (glyphs, rules);
        let blocks = lay_out(&[sheet.0]);
        prop_assert!(blocks.iter().all(|b| !b.text.is_empty()));
    }
}
