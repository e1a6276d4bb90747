//! Glyphs of a page → lines → blocks, without running headers and footers.
//!
//! The steps, each a module: glyphs to `segment`s in stream order, which is the reading order unless `order` finds the
//! page scrambled; drawn and aligned `table`s; `line`s; what repeats from page to page (`running`); `paragraph`s; and,
//! over the whole document, which pieces are `heading`s and how they nest. All of them see the page through a
//! `frame`, so that vertical and turned text is horizontal text.

mod band;
mod cells;
mod emphasis;
mod formula;
mod frame;
mod heading;
mod levels;
mod line;
mod listing;
mod marks;
mod measure;
mod open;
mod order;
mod paragraph;
mod running;
mod script;
mod segment;
mod table;
#[cfg(test)]
mod tests;
mod unruled;

use crate::extract::Page;
use line::Line;
use paragraph::{Body, Piece, Role};
use segment::Segment;
use table::Element;

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// Running text.
    Paragraph,
    /// A heading; 1 is the outermost level, 0 the title of the document, which is above everything and in no path.
    Heading(u8),
    /// An item of a list, with its mark.
    ListItem,
    /// A row of a table: the cells joined by a tab in the text.
    TableRow,
    /// A note at the foot of a page or under a table.
    Footnote,
    /// Repeated at the head of pages, or a stamp set at an angle over it.
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
    /// The block may be the rest of one before it (neither mark nor indent at its beginning).
    pub open_start: bool,
}

/// The text of one page in reading order, everything included (headers, footers, page numbers); a line break where
/// the page has one.
pub fn page_text(page: &Page) -> String {
    let mut segments = segment::segments(page);
    let main = segment::prevailing(&segments);
    order::restore(&mut segments, main);
    let mut out = String::with_capacity(page.glyphs.len() * 3 + 16);
    for line in line::lines(segments.into_iter().map(|s| (s, None))) {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&line.text());
    }
    out
}

/// Lays out a whole document: blocks in reading order, running headers and footers marked by comparing pages.
///
/// Every printed character comes out in exactly one block, except readings set over a word in small kana (ruby), which
/// would tear it apart, and the hyphen of a Latin word broken over two lines.
pub fn lay_out(pages: &[Page]) -> Vec<Block> {
    let drafts: Vec<Draft> = pages.iter().map(Draft::new).collect();
    let plain = plain(&drafts);
    let lines: Vec<&[Line]> = drafts.iter().map(|d| d.lines.as_slice()).collect();
    let sizes: Vec<(f32, f32)> = pages.iter().map(|p| (p.width, p.height)).collect();
    let running = running::find(&lines, &sizes, plain.size);
    let column = paragraph::usual_column(drafts.iter().flat_map(|d| &d.lines), plain.size);
    let body = Body {
        size: plain.size,
        pitch: 1.6,
        column,
    };
    let mut pieces: Vec<Piece> = Vec::new();
    let sizes_of_pages: Vec<(u32, f32)> = drafts.iter().map(|d| (d.number, d.size)).collect();
    for (draft, running) in drafts.into_iter().zip(running) {
        draft.into_pieces(&running, body, &mut pieces);
    }
    let kinds = heading::classify(&pieces, plain, &sizes_of_pages);
    pieces
        .into_iter()
        .zip(kinds)
        .map(|(piece, kind)| block(piece, kind))
        .collect()
}

fn block(piece: Piece, kind: BlockKind) -> Block {
    let flows = matches!(
        kind,
        BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Footnote
    );
    Block {
        kind,
        page: piece.page,
        bbox: piece.frame.page_box(piece.area),
        size: piece.size,
        open_end: piece.open_end && flows,
        open_start: piece.open_start && kind == BlockKind::Paragraph,
        text: piece.text,
    }
}

/// A page between its lines and its pieces: running elements are only known once all pages are seen.
struct Draft {
    number: u32,
    /// The size that most of its text has; 0 where none has.
    size: f32,
    /// Lines outside drawn tables.
    lines: Vec<Line>,
    /// Reading order: lines by index, drawn tables as rows.
    sequence: Vec<Step>,
}

/// A segment and the drawn cell it stands in.
type Placed = (Segment, Option<usize>);

enum Step {
    Line(usize),
    Rows(Vec<table::Row>),
}

impl Draft {
    fn new(page: &Page) -> Draft {
        let mut segments = segment::segments(page);
        let main = segment::prevailing(&segments);
        order::restore(&mut segments, main);
        drop_ruby(&mut segments);
        let grid = table::grid(&segments, &page.rules, main, (page.width, page.height));
        let mut draft = Draft {
            number: page.number,
            size: 0.0,
            lines: Vec::new(),
            sequence: Vec::new(),
        };
        let slide = (page.width > page.height).then_some(page.height);
        // The segments of a drawn table are gathered; its rows stand where its first segment stood.
        let mut gathered: Vec<(usize, usize, Vec<Placed>)> = Vec::new();
        let mut free: Vec<(Segment, Option<usize>)> = Vec::new();
        for (segment, cell) in segments.into_iter().zip(grid.of_segment.iter().copied()) {
            let table = cell.and_then(|c| grid.tables.get(c).copied().flatten());
            let Some(table) = table else {
                free.push((segment, cell));
                continue;
            };
            if !gathered.iter().any(|(t, _, _)| *t == table) {
                draft.take_lines(&mut free, slide);
                gathered.push((table, draft.sequence.len(), Vec::new()));
                draft.sequence.push(Step::Rows(Vec::new()));
            }
            if let Some((_, _, kept)) = gathered.iter_mut().find(|(t, _, _)| *t == table) {
                kept.push((segment, cell));
            }
        }
        draft.take_lines(&mut free, slide);
        draft.size = size_of_page(&draft.lines);
        for (_, at, kept) in gathered {
            if let Some(slot) = draft.sequence.get_mut(at) {
                *slot = Step::Rows(table::ruled_rows(
                    main,
                    &grid.cells,
                    line::lines(kept.into_iter()),
                ));
            }
        }
        draft
    }

    /// `slide`: the height of the page if it is wider than high.
    fn take_lines(&mut self, free: &mut Vec<Placed>, slide: Option<f32>) {
        let mut lines = line::lines(free.drain(..));
        if let Some(height) = slide {
            lines = lines
                .into_iter()
                .flat_map(|l| running::part_folio(l, height))
                .collect();
        }
        self.sequence
            .extend((self.lines.len()..self.lines.len() + lines.len()).map(Step::Line));
        self.lines.extend(lines);
    }

    fn into_pieces(self, running: &[(usize, Role)], body: Body, out: &mut Vec<Piece>) {
        let body = Body {
            size: body.size.max(self.size),
            pitch: paragraph::pitch(self.lines.iter()),
            column: body.column,
        };
        let mut lines: Vec<Option<Line>> = self.lines.into_iter().map(Some).collect();
        let mut elements: Vec<Element> = Vec::with_capacity(self.sequence.len());
        let mut set_aside: Vec<(bool, Piece)> = Vec::new();
        let total = self.sequence.len();
        for (i, step) in self.sequence.into_iter().enumerate() {
            match step {
                Step::Rows(rows) => elements.extend(rows.into_iter().map(Element::Row)),
                Step::Line(at) => {
                    let Some(line) = lines.get_mut(at).and_then(Option::take) else {
                        continue;
                    };
                    match running.iter().find(|(l, _)| *l == at) {
                        Some((_, role)) => {
                            set_aside.push((2 * i < total, paragraph::single(self.number, &line, *role)))
                        }
                        None => elements.push(Element::Line(line)),
                    }
                }
            }
        }
        let (before, after): (Vec<_>, Vec<_>) = set_aside.into_iter().partition(|(early, _)| *early);
        out.extend(before.into_iter().map(|(_, p)| p));
        out.extend(paragraph::pieces(
            self.number,
            unruled::find_unruled(elements, body.pitch),
            body,
        ));
        out.extend(after.into_iter().map(|(_, p)| p));
    }
}

/// Drops readings printed over words: they would stand in the middle of them.
fn drop_ruby(segments: &mut Vec<Segment>) {
    let smallest = segments.iter().map(|s| s.size).fold(f32::INFINITY, f32::min);
    let largest = segments.iter().map(|s| s.size).fold(0.0, f32::max);
    if smallest >= 0.62 * largest {
        return;
    }
    let is_reading = |i: usize, s: &Segment| {
        let near = segments.iter().enumerate().skip(i.saturating_sub(8)).take(17);
        s.ink <= 16 && near.into_iter().any(|(j, base)| j != i && line::is_ruby(s, base))
    };
    let flags: Vec<bool> = segments
        .iter()
        .enumerate()
        .map(|(i, s)| is_reading(i, s))
        .collect();
    let mut flags = flags.into_iter();
    segments.retain(|_| !flags.next().unwrap_or(false));
}

/// Prevailing size and weight of a document, by ink.
fn plain(drafts: &[Draft]) -> levels::Plain {
    let lines = || drafts.iter().flat_map(|d| &d.lines).filter(|l| !l.aslant);
    let ink = |lines: &mut dyn Iterator<Item = &Line>| lines.map(|l| u64::from(l.ink)).sum::<u64>();
    levels::Plain {
        size: prevailing_size(lines()).map_or(10.0, |(size, _)| size),
        bold: 2 * ink(&mut lines().filter(|l| l.bold)) > ink(&mut lines()),
    }
}

/// The size that most of the ink has, and how much that is.
fn prevailing_size<'a>(lines: impl Iterator<Item = &'a Line>) -> Option<(f32, u64)> {
    let mut sizes: Vec<(i32, u64)> = Vec::new();
    for line in lines {
        let key = (line.size * 4.0).round() as i32;
        match sizes.iter_mut().find(|(k, _)| *k == key) {
            Some((_, n)) => *n += u64::from(line.ink),
            None => sizes.push((key, u64::from(line.ink))),
        }
    }
    let most = sizes.iter().max_by_key(|(k, n)| (*n, -*k));
    most.map(|(k, n)| (*k as f32 / 4.0, *n))
}

/// The size of a page whose text is nearly all of one size: it may be set larger than the document is elsewhere.
fn size_of_page(lines: &[Line]) -> f32 {
    const ENOUGH: u64 = 250;
    let all: u64 = lines.iter().map(|l| u64::from(l.ink)).sum();
    prevailing_size(lines.iter().filter(|l| !l.aslant))
        .filter(|(_, ink)| *ink >= ENOUGH && 10 * ink > 6 * all)
        .map_or(0.0, |(size, _)| size)
}

/// Appends a line to a text as in a block: nothing between Japanese, a space between Latin words, no hyphen inside one.
pub(crate) fn join_lines(text: &mut String, line: &str) {
    script::join_line(text, line);
}
