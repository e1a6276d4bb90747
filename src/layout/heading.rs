//! Which pieces are headings, items and notes, and how headings nest.

use super::BlockKind;
use super::cells::is_figures;
use super::levels::{Levels, Plain};
use super::marks::{self, Style};
use super::paragraph::{Piece, Role};
use super::script::{self, ends_sentence};
use unicode_normalization::UnicodeNormalization;

/// The kind of every piece, in order.
///
/// `sizes`: the size that most of the text of a page has, where the page has one.
pub(super) fn classify(pieces: &[Piece], document: Plain, sizes: &[(u32, f32)]) -> Vec<BlockKind> {
    let plain_of = |page: u32| {
        let own = sizes.binary_search_by_key(&page, |(p, _)| *p).ok();
        let own = own.and_then(|i| sizes.get(i)).map_or(0.0, |(_, size)| *size);
        Plain {
            size: document.size.max(own),
            ..document
        }
    };
    let contents = contents_pages(pieces);
    let mut list = ListState::default();
    let mut kinds: Vec<BlockKind> = Vec::with_capacity(pieces.len());
    for (i, p) in pieces.iter().enumerate() {
        let kind = match p.role {
            Role::Row => BlockKind::TableRow,
            Role::Header => BlockKind::RunningHeader,
            Role::Footer => BlockKind::RunningFooter,
            Role::PageNumber => BlockKind::PageNumber,
            Role::Text => text_kind(pieces, i, plain_of(p.page), contents.contains(&p.page), &mut list),
        };
        if matches!(p.role, Role::Text | Role::Row) {
            list.after(p, kind);
        }
        kinds.push(kind);
    }
    let titles = titles(pieces, &kinds);
    let mut levels = Levels::default();
    // A heading that stands directly under another is a part of what that one entitles.
    let mut under_heading = false;
    for (i, (p, kind)) in pieces.iter().zip(kinds.iter_mut()).enumerate() {
        match kind {
            BlockKind::Heading(level) => {
                *level = if i < titles {
                    0
                } else {
                    levels.place(p, plain_of(p.page), under_heading)
                };
                under_heading = true;
            }
            BlockKind::RunningHeader | BlockKind::RunningFooter | BlockKind::PageNumber => {}
            _ => under_heading = false,
        }
    }
    kinds
}

/// How many of the first pieces hold the title of the document: the unnumbered headings that the first page begins
/// with, if no later heading is as large as the largest of them.
fn titles(pieces: &[Piece], kinds: &[BlockKind]) -> usize {
    let Some(first_page) = pieces.iter().find(|p| p.role == Role::Text).map(|p| p.page) else {
        return 0;
    };
    let is_heading = |k: &BlockKind| matches!(k, BlockKind::Heading(_));
    let mut end = 0;
    let mut largest: f32 = 0.0;
    for (i, (p, kind)) in pieces.iter().zip(kinds).enumerate() {
        let body = !is_heading(kind)
            && p.role != Role::Header
            && (ends_sentence(&p.text) || p.text.chars().count() > 60);
        if p.page != first_page || body || is_heading(kind) && p.mark.is_some() {
            break;
        }
        if is_heading(kind) {
            (end, largest) = (i + 1, largest.max(p.size));
        }
    }
    let later = pieces
        .iter()
        .zip(kinds)
        .skip(end)
        .filter(|(p, k)| is_heading(k) && p.mark.is_none());
    let rival = later.map(|(p, _)| p.size).fold(0.0, f32::max);
    if largest > 1.03 * rival && rival > 0.0 || largest > 0.0 && rival == 0.0 && pieces.len() > end {
        end
    } else {
        0
    }
}

/// Pages on which at least five lines have leaders and page numbers, or that are entitled 目次 and hold no prose.
fn contents_pages(pieces: &[Piece]) -> Vec<u32> {
    let mut counts: Vec<(u32, u32)> = Vec::new();
    for p in pieces {
        let entry =
            u32::from(marks::is_contents_line(&p.text)) + if is_contents_title(&p.text) { 5 } else { 0 };
        let prose = p.role == Role::Text && p.lines >= 2 && ends_sentence(&p.text);
        match counts.last_mut() {
            Some((page, n)) if *page == p.page => *n = if prose { n.saturating_sub(2) } else { *n + entry },
            _ => counts.push((p.page, if prose { 0 } else { entry })),
        }
    }
    counts
        .into_iter()
        .filter(|(_, n)| *n >= 5)
        .map(|(page, _)| page)
        .collect()
}

fn is_contents_title(text: &str) -> bool {
    let bare: String = text
        .nfkc()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect();
    matches!(bare.as_str(), "目次" | "もくじ" | "contents" | "tableofcontents")
}

/// What the pieces before say about the next one.
#[derive(Debug, Default)]
struct ListState {
    /// Style, number and indent of the item just before.
    item: Option<(Style, u32, f32)>,
    /// Numbering of the notes that are going on: （注）１． is followed by ２．
    note: Option<(Style, u32)>,
}

impl ListState {
    fn after(&mut self, p: &Piece, kind: BlockKind) {
        self.item = p
            .mark
            .filter(|_| kind == BlockKind::ListItem)
            .map(|m| (m.style, m.value, p.first));
        self.note = if kind == BlockKind::Footnote {
            note_number(p)
        } else {
            None
        };
    }
}

/// The number of a note: that of its mark, or the one after （注）.
fn note_number(p: &Piece) -> Option<(Style, u32)> {
    let own = p.mark?;
    if own.style != Style::Note {
        return Some((own.style, own.value));
    }
    let rest = p
        .text
        .trim_start()
        .trim_start_matches(['（', '(', '注', '※', '）', ')', ' ', '　', '\u{2002}']);
    marks::mark(rest).map(|m| (m.style, m.value))
}

fn text_kind(
    pieces: &[Piece],
    at: usize,
    plain: Plain,
    in_contents: bool,
    list: &mut ListState,
) -> BlockKind {
    let Some(p) = pieces.get(at) else {
        return BlockKind::Paragraph;
    };
    if marks::is_contents_line(&p.text) {
        return BlockKind::ListItem;
    }
    if is_note(p, list) {
        return BlockKind::Footnote;
    }
    let next = pieces
        .iter()
        .skip(at + 1)
        .find(|n| matches!(n.role, Role::Text | Role::Row));
    let label = p.mark.is_none() && has_neighbour(pieces, at, p.size > 1.12 * plain.size);
    if !in_contents && !label && is_heading(p, next, list, plain) {
        return BlockKind::Heading(1);
    }
    match p.mark {
        Some(m)
            if !matches!(
                m.style,
                Style::Angle(_) | Style::Bracket | Style::NoteTitle | Style::Article
            ) =>
        {
            BlockKind::ListItem
        }
        _ if in_contents && p.lines == 1 => BlockKind::ListItem,
        _ => BlockKind::Paragraph,
    }
}

fn is_note(p: &Piece, list: &ListState) -> bool {
    let Some(m) = p.mark else { return false };
    m.style == Style::Note
        || list
            .note
            .is_some_and(|(style, value)| style == m.style && m.value == value + 1)
}

/// Text that can be a heading at all: short, no sentence, with words.
fn is_title_like(p: &Piece) -> bool {
    let chars = p.text.chars().count();
    let unit = p.text.trim_start().starts_with(['（', '(']) && p.text.contains("単位");
    let rest: String = p
        .text
        .trim_start()
        .chars()
        .skip(p.mark.map_or(0, |m| m.chars))
        .collect();
    // 18年間, 150千円: an amount is an answer under a heading.
    let amount = rest.starts_with(|c: char| c.is_numeric());
    let words = rest
        .chars()
        .filter(|c| c.is_alphabetic() && !(amount && (marks::COUNTERS.contains(*c) || *c == '間')))
        .count();
    p.lines <= 3
        && (2..=70).contains(&chars)
        && words >= 2
        && !unit
        && !ends_title_badly(&p.text)
        && !is_figures(&rest)
}

fn ends_title_badly(text: &str) -> bool {
    let text = text.trim_end();
    let opened = text.matches(['（', '(']).count() > text.matches(['）', ')']).count() + 1;
    let stop =
        opened || ends_sentence(text) && !text.ends_with(['】', '?', '？', '!', '！', '」', '』', '）', ')']);
    stop || text.ends_with(['、', '，', ',', '：', ':', '；'])
}

fn is_heading(p: &Piece, next: Option<&Piece>, list: &ListState, plain: Plain) -> bool {
    if !is_title_like(p) {
        return false;
    }
    let skeleton = p.mark.is_some_and(|m| m.style <= Style::CircledBracket);
    if p.size < 0.93 * plain.size && !skeleton {
        return false;
    }
    if names_article(p, next) {
        return true;
    }
    let large = p.size > 1.12 * plain.size;
    let bold = p.bold && !plain.bold && p.text.chars().count() <= 50;
    let Some(m) = p.mark else {
        let japanese = p.text.chars().any(|c| c >= '\u{3040}');
        let words = large && is_set_over(p, next) && !script::is_address(&p.text);
        let set_apart = words
            || japanese && (large || bold && (p.gap_above > 0.3 || p.size > 1.04 * plain.size))
            || leads(p, next);
        return (large || bold) && set_apart && p.text.chars().count() <= 60
            || p.lines == 1 && stands_over(p, next, plain);
    };
    match m.style {
        Style::Part | Style::Chapter | Style::Dai | Style::Section | Style::NumberBracket => true,
        Style::Bracket | Style::ParenBracket | Style::CircledBracket => p.text.trim_end().ends_with('】'),
        Style::NoteTitle => p.lines == 1,
        Style::Angle(_) => p.lines == 1,
        Style::Note => false,
        Style::Article if p.open_end => false,
        Style::Dot => p.lines == 1 && p.text.chars().count() <= 32 && is_label(p, next),
        _ if p.open_end && p.lines > 1 && !large && !bold => false,
        _ if !large && !bold && is_clause(&p.text) => false,
        _ => large || bold || !is_item(p, m, next, list),
    }
}

/// A plain sentence without a full stop: it names its subject, or ends in a verb.
fn is_clause(text: &str) -> bool {
    const VERBS: [&str; 6] = ["する", "ない", "れる", "せる", "である", "いる"];
    let text = text.trim_end();
    let bare = text
        .rfind('（')
        .filter(|_| text.ends_with('）'))
        .map_or(text, |at| text.get(..at).unwrap_or(text));
    text.contains("は、") || VERBS.iter().any(|v| bare.ends_with(v))
}

/// （目的） over 第１条 …: the name of an article.
fn names_article(p: &Piece, next: Option<&Piece>) -> bool {
    let bracketed = p.text.trim_start().starts_with('（') && p.text.trim_end().ends_with('）');
    let article = next.is_some_and(|n| {
        n.page == p.page && n.mark.is_some_and(|m| m.style == Style::Article) && n.area[1] > p.area[1]
    });
    p.lines == 1 && bracketed && article
}

/// An item of a list: its sibling stands directly before or after it.
fn is_item(p: &Piece, m: marks::Mark, next: Option<&Piece>, list: &ListState) -> bool {
    let follows = list.item.is_some_and(|(style, value, indent)| {
        style == m.style && (m.value == 0 || m.value == value + 1) && (indent - p.first).abs() < 1.5 * p.size
    });
    let followed = next.is_none_or(|n| {
        n.role == Role::Text
            && n.mark
                .is_some_and(|s| s.style == m.style && (s.value == m.value + 1 || m.value == 0))
            && (n.first - p.first).abs() < 1.5 * p.size
    });
    follows || followed
}

/// Another piece stands at its side: the two are heads of columns or labels of a figure.
/// Large text may stand beside other text and still be its heading, but not beside text as large.
fn has_neighbour(pieces: &[Piece], at: usize, large: bool) -> bool {
    let Some(p) = pieces.get(at) else { return false };
    let beside = |o: &Piece| {
        let over = p.area[3].min(o.area[3]) - p.area[1].max(o.area[1]);
        let height = (p.area[3] - p.area[1]).min(o.area[3] - o.area[1]);
        o.page == p.page
            && o.frame == p.frame
            && matches!(o.role, Role::Text | Role::Row)
            && over > 0.5 * height
            && (!large || o.mark.is_none() && (o.size - p.size).abs() < 0.05 * p.size)
            && (o.area[0] > p.area[2] || o.area[2] < p.area[0])
    };
    // Labels in a row are printed one after the other, headings with their text between.
    let reach = if large { 1 } else { 2 };
    let near = pieces
        .iter()
        .enumerate()
        .skip(at.saturating_sub(reach))
        .take(at.min(reach) + reach + 1);
    near.into_iter().any(|(i, o)| i != at && beside(o))
}

/// Text of several lines begins under it: not so under the labels of a figure.
fn leads(p: &Piece, next: Option<&Piece>) -> bool {
    next.is_some_and(|n| {
        n.role == Role::Text
            && n.page == p.page
            && n.lines >= 2
            && n.area[1] >= p.area[1]
            && n.area[0] < p.area[2]
    })
}

/// A line of letters right over what follows it in the same column: a title, not a label in a figure.
fn is_set_over(p: &Piece, next: Option<&Piece>) -> bool {
    let letters = p.text.chars().filter(|c| c.is_alphabetic()).count();
    let begins = p.text.trim_start().starts_with(|c: char| c.is_uppercase());
    let over = next.is_some_and(|n| {
        n.role == Role::Text
            && n.page == p.page
            && (n.first - p.first).abs() < 1.5 * p.size
            && n.area[1] > p.area[1]
            && n.gap_above < 2.0
    });
    p.lines == 1 && letters >= 6 && begins && p.gap_above > 0.5 && over
}

/// A short line with a bullet over an indented paragraph.
fn is_label(p: &Piece, next: Option<&Piece>) -> bool {
    next.is_some_and(|n| {
        n.role == Role::Text
            && n.mark.is_none()
            && n.lines >= 2
            && n.page == p.page
            && n.first > p.first + 0.5 * p.size
    }) && p.gap_above > 0.9
}

/// A short plain line, set off above, over a paragraph in the same column.
fn stands_over(p: &Piece, next: Option<&Piece>, plain: Plain) -> bool {
    let Some(n) = next else { return false };
    let chars = p.text.chars().count();
    let prose =
        n.role == Role::Text && (n.lines >= 3 || n.text.chars().count() > 40 && ends_sentence(&n.text));
    let column = n.frame == p.frame
        && n.page == p.page
        && n.area[1] > p.area[1]
        && (n.left - p.first).abs() < 3.0 * p.size;
    (3..=26).contains(&chars)
        && prose
        && column
        && !p.text.contains(['。', '、', '\t'])
        && p.gap_above > 0.9
        && n.gap_above < p.gap_above
        && n.gap_above < 1.6
        && (p.size - plain.size).abs() < 0.12 * plain.size
        && (n.size - p.size).abs() < 0.1 * p.size
}
