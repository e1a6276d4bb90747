//! Blocks of a document → passages: the unit that is coded.

use crate::layout::Block;

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
/// # Arguments
/// * `stem` - what the ids begin with, usually the file's name without extension.
pub fn cut(stem: &str, blocks: &[Block]) -> Vec<Passage> {
    let _ = (stem, blocks);
    Vec::new()
}
