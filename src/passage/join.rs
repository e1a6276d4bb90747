//! Paragraphs that go on in the next column or on the next page.

use crate::layout::{Block, BlockKind};

/// So many blocks may stand between the two halves: a figure's labels, a table, the notes of the page.
const REACH: usize = 60;

/// For each block, the block that it continues.
pub(super) fn continuations(blocks: &[Block]) -> Vec<Option<usize>> {
    let mut out: Vec<Option<usize>> = vec![None; blocks.len()];
    for (i, open) in blocks.iter().enumerate() {
        if !open.open_end || !matches!(open.kind, BlockKind::Paragraph | BlockKind::ListItem) {
            continue;
        }
        if let Some(slot) = rest(blocks, i, open)
            .and_then(|j| out.get_mut(j))
            .filter(|s| s.is_none())
        {
            *slot = Some(i);
        }
    }
    out
}

/// The block that `open` goes on in, if it is to be seen.
fn rest(blocks: &[Block], at: usize, open: &Block) -> Option<usize> {
    for (j, block) in blocks.iter().enumerate().skip(at + 1).take(REACH) {
        if block.page > open.page + 1 {
            return None;
        }
        let same_size = (block.size - open.size).abs() < 0.06 * open.size;
        match block.kind {
            BlockKind::Heading(_) if same_size || block.size > open.size => return None,
            // On the same page only another column can be the place; otherwise the lines would have been joined.
            BlockKind::Paragraph if same_size && block.open_start => {
                if elsewhere(open, block) {
                    return Some(j);
                }
                // Labels of a figure may stand between the halves of a sentence.
                if is_body(block) || !is_worded(open) {
                    return None;
                }
            }
            BlockKind::Paragraph | BlockKind::ListItem if same_size && is_body(block) => return None,
            _ => {}
        }
    }
    None
}

/// On another page, or in another column of this one.
fn elsewhere(open: &Block, block: &Block) -> bool {
    block.page > open.page || is_column(open, block) && is_beside(open, block)
}

/// Columns are as wide as each other and as prose is; what goes on fills its line or ends its sentence.
fn is_column(open: &Block, block: &Block) -> bool {
    let width = |b: &Block| (b.bbox[2] - b.bbox[0]) / b.size.max(1.0);
    let (own, other) = (width(open), width(block));
    let ends = block.text.trim_end().ends_with(['。', '.', '．', '）', '」']);
    let upright = |b: &Block| b.bbox[3] - b.bbox[1] > b.bbox[2] - b.bbox[0];
    // Many lines, or lines from top to bottom: no label of a figure.
    let prose = upright(open) || upright(block);
    prose || own > 11.0 && other < 1.2 * own && (ends || other > 0.8 * own)
}

fn is_beside(open: &Block, block: &Block) -> bool {
    block.bbox[1] < open.bbox[1] || block.bbox[0] > open.bbox[2] || block.bbox[2] < open.bbox[0]
}

/// Words of a sentence rather than the names of a table.
fn is_worded(block: &Block) -> bool {
    let kana = block
        .text
        .chars()
        .filter(|c| ('\u{3041}'..='\u{309f}').contains(c));
    kana.take(6).count() == 6
}

/// Running text rather than a label in a figure.
fn is_body(block: &Block) -> bool {
    block.text.chars().count() > 20
}

/// Appends the rest to the text of a passage.
pub(super) fn append(text: &mut String, rest: &str) {
    crate::layout::join_lines(text, rest);
}
