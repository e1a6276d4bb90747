//! What the cells of tables hold.

use super::line::Line;
use super::script;

/// A cell and the lines in it.
pub(super) type CellLines = (usize, Vec<Line>);

/// （自 2024年４月１日, 至 2025年３月31日）, （2025年３月31日）: the period that the head of a column names below its year.
pub(super) fn is_period(text: &str) -> bool {
    let text = text.trim();
    text.starts_with(['（', '(', '自', '至']) && text.contains('年') && text.contains(['月', '日'])
}

/// Amounts, shares, dashes: what stands in the body of a table.
pub(super) fn is_figures(text: &str) -> bool {
    let (mut ink, mut figures, mut amount) = (0u32, 0u32, false);
    for c in text.chars().filter(|c| !script::is_blank(*c)) {
        ink += 1;
        match c {
            '注' => return false,
            '0'..='9' | '０'..='９' | '-' | '−' | '－' | '―' | '–' | '—' => {
                (figures, amount) = (figures + 1, true)
            }
            ',' | '.' | '%' | '，' | '．' | '％' | '△' | '▲' => figures += 1,
            '(' | ')' | '（' | '）' | '±' | '+' | '＋' | '～' => figures += 1,
            _ => {}
        }
    }
    amount && 10 * figures >= 6 * ink
}

/// Figures that are no date; a long text is none, which spares counting its characters.
pub(super) fn is_sum(text: &str) -> bool {
    text.len() < 60 && is_figures(text) && !text.contains(['年', '月', '期'])
}
