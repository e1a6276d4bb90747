//! Glyphs of a page → lines → blocks, without running headers and footers.

use crate::extract::Page;

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// Running text.
    Paragraph,
    /// A heading; 1 is the outermost level.
    Heading(u8),
    /// An item of a list, with its mark.
    ListItem,
    /// A row of a table: the cells joined by a tab in the text.
    TableRow,
    /// A note at the foot of a page or under a table.
    Footnote,
    /// Repeated at the head of pages.
    RunningHeader,
    /// Repeated at the foot of pages.
    RunningFooter,
    /// The number of the page.
    PageNumber,
}

/// A block of a page: what a person sees as one piece.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Page number from 1.
    pub page: u32,
    /// The lines joined: nothing between Japanese characters, a space between Latin words.
    pub text: String,
    /// Left, top, right, bottom in points, as in [`crate::extract::Glyph`].
    pub bbox: [f32; 4],
    /// Prevailing font size in points.
    pub size: f32,
    /// The block seems to go on in the next one (it fills its last line and does not end a sentence).
    pub open_end: bool,
}

/// The text of one page in reading order, everything included (headers, footers, page numbers); a line break where
/// the page has one.
pub fn page_text(page: &Page) -> String {
    page.glyphs.iter().map(|g| g.ch).collect()
}

/// Lays out a whole document: blocks in reading order, running headers and footers marked by comparing pages.
pub fn lay_out(pages: &[Page]) -> Vec<Block> {
    let _ = pages;
    Vec::new()
}
