//! Blocks of a document → passages: the unit that is coded.

mod join;

use crate::layout::{Block, BlockKind};

/// What a passage was on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PassageKind {
    /// A paragraph of running text.
    Paragraph,
    /// An item of a list.
    ListItem,
    /// A row of a table, cells joined by a tab.
    TableRow,
    /// A footnote.
    Footnote,
}

/// One paragraph, list item or table row, read with the headings above it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Passage {
    /// `<file stem>-0001`, counted through the document.
    pub id: String,
    /// Page numbers from 1, ascending: one, or several where it crosses a page border.
    pub pages: Vec<u32>,
    /// What it was on the page.
    pub kind: PassageKind,
    /// The headings above, from the outermost.
    pub headings: Vec<String>,
    /// The passage before, if it stands under the same headings.
    pub previous: Option<String>,
    /// The text as printed, lines joined; not normalised.
    pub text: String,
}

/// Cuts the blocks of a document into passages.
///
/// Running headers and footers and page numbers are left out, headings become the path of what follows. A paragraph
/// that goes on in the next column or on the next page is one passage. A table row is a passage of its own cells only:
/// the column headings are a row like the others, because a row such as 教育受講率 98 % must be codable by itself
/// and a table's first row is not always a heading.
///
/// # Arguments
/// * `stem` - what the ids begin with, usually the file's name without extension.
pub fn cut(stem: &str, blocks: &[Block]) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    let mut path: Vec<(u8, String)> = Vec::new();
    let continued = join::continuations(blocks);
    // Where the passage that began with a block ended up.
    let mut passage_of: Vec<Option<usize>> = vec![None; blocks.len()];
    let mut last_under_path: Option<usize> = None;
    for (i, block) in blocks.iter().enumerate() {
        let kind = match block.kind {
            BlockKind::Heading(level) => {
                path.retain(|(open, _)| *open < level);
                if level > 0 {
                    path.push((level, tidy(&block.text)));
                }
                last_under_path = None;
                continue;
            }
            BlockKind::RunningHeader | BlockKind::RunningFooter | BlockKind::PageNumber => continue,
            BlockKind::Paragraph => PassageKind::Paragraph,
            BlockKind::ListItem => PassageKind::ListItem,
            BlockKind::TableRow => PassageKind::TableRow,
            BlockKind::Footnote => PassageKind::Footnote,
        };
        let before = continued
            .get(i)
            .copied()
            .flatten()
            .and_then(|b| passage_of.get(b).copied().flatten());
        if let Some(passage) = before.and_then(|at| passages.get_mut(at)) {
            join::append(&mut passage.text, &block.text);
            if passage.pages.last().is_none_or(|p| *p < block.page) {
                passage.pages.push(block.page);
            }
            if let Some(slot) = passage_of.get_mut(i) {
                *slot = before;
            }
            continue;
        }
        let text = tidy(&block.text);
        if text.is_empty() {
            continue;
        }
        let previous = last_under_path
            .and_then(|at| passages.get(at))
            .map(|p| p.text.clone());
        last_under_path = Some(passages.len());
        if let Some(slot) = passage_of.get_mut(i) {
            *slot = Some(passages.len());
        }
        let headings = path.iter().map(|(_, text)| text.clone()).collect();
        let id = format!("{stem}-{:04}", passages.len() + 1);
        passages.push(Passage {
            id,
            pages: vec![block.page],
            kind,
            headings,
            previous,
            text,
        });
    }
    passages
}

/// Blanks around a text are layout, not text.
fn tidy(text: &str) -> String {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(kind: BlockKind, page: u32, text: &str) -> Block {
        let text = text.to_owned();
        let bbox = [50.0, 100.0, 500.0, 120.0];
        Block {
            kind,
            page,
            text,
            bbox,
            size: 10.0,
            open_end: false,
            open_start: false,
        }
    }

    #[test]
    fn headings_become_the_path_and_running_elements_vanish() {
        let blocks = [
            block(BlockKind::Heading(0), 1, "報告書"),
            block(BlockKind::Heading(1), 1, "第１【概況】"),
            block(BlockKind::Heading(2), 1, "１【沿革】"),
            block(BlockKind::RunningHeader, 1, "社名"),
            block(BlockKind::Paragraph, 1, "　一つ目。"),
            block(BlockKind::TableRow, 1, "教育受講率\t98%"),
            block(BlockKind::Heading(1), 2, "第２【事業】"),
            block(BlockKind::Paragraph, 2, "二つ目。"),
        ];
        let got = cut("r", &blocks);
        assert_eq!(got.len(), 3);
        assert_eq!((got[0].id.as_str(), got[0].text.as_str()), ("r-0001", "一つ目。"));
        assert_eq!(got[0].headings, ["第１【概況】", "１【沿革】"]);
        assert_eq!(got[1].previous.as_deref(), Some("一つ目。"));
        assert_eq!(
            (got[2].headings.as_slice(), got[2].previous.as_deref()),
            (["第２【事業】".to_owned()].as_slice(), None)
        );
    }

    #[test]
    fn a_paragraph_goes_on_over_the_page_border_past_notes_and_page_numbers() {
        let blocks = [
            Block {
                open_end: true,
                ..block(BlockKind::Paragraph, 1, "当社は、情報セキュ")
            },
            block(BlockKind::Footnote, 1, "※ 注記。"),
            block(BlockKind::PageNumber, 1, "1"),
            block(BlockKind::RunningHeader, 2, "社名"),
            Block {
                open_start: true,
                ..block(BlockKind::Paragraph, 2, "リティを重んじます。")
            },
        ];
        let got = cut("r", &blocks);
        assert_eq!(got.len(), 2);
        assert_eq!(
            (got[0].text.as_str(), got[0].pages.as_slice()),
            ("当社は、情報セキュリティを重んじます。", [1, 2].as_slice())
        );
        assert_eq!(got[1].kind, PassageKind::Footnote);
    }

    #[test]
    fn a_heading_or_an_indent_ends_an_open_paragraph() {
        let open = Block {
            open_end: true,
            ..block(BlockKind::Paragraph, 1, "途中で切れた")
        };
        let next = Block {
            open_start: true,
            ..block(BlockKind::Paragraph, 2, "別の段落。")
        };
        let heading = block(BlockKind::Heading(1), 2, "見出し");
        assert_eq!(cut("r", &[open.clone(), heading, next.clone()]).len(), 2);
        assert_eq!(
            cut(
                "r",
                &[
                    open,
                    Block {
                        open_start: false,
                        ..next
                    }
                ]
            )
            .len(),
            2
        );
    }
}
