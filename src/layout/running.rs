//! What repeats from page to page: running headers and footers, page numbers.

use super::line::Line;
use super::paragraph::Role;

/// A line near an edge of its page.
#[derive(Debug, Clone)]
struct Edge {
    /// Index of the line on its page.
    line: usize,
    top: bool,
    /// Distance of the middle of the line from the head of the page.
    y: f32,
    /// Distance of its middle from the left.
    x: f32,
    size: f32,
    /// The text without figures and blanks.
    words: String,
    /// The text looks like a page number: its value.
    number: Option<u32>,
    /// Blank towards the body in em.
    apart: f32,
}

/// At most so many lines from the edge are looked at.
const DEPTH: usize = 6;
/// Part of the page height that counts as its head or foot.
const ZONE: f32 = 0.14;
/// Pages to look back and forth: odd and even pages differ, chapters change.
const REACH: usize = 4;

/// For each page, the lines that are running elements; `sizes` are their widths and heights.
pub(super) fn find(pages: &[&[Line]], sizes: &[(f32, f32)], body_size: f32) -> Vec<Vec<(usize, Role)>> {
    let edges: Vec<Vec<Edge>> = pages
        .iter()
        .zip(sizes)
        .map(|(lines, (_, height))| page_edges(lines, *height))
        .collect();
    // Lines of a wide setting stand apart too: a running element has more blank than lines of text have.
    let leading = super::paragraph::pitch(pages.iter().flat_map(|lines| lines.iter())) - 1.0;
    let slots = Slots::count(&edges, (1.4 * leading).max(0.8));
    edges
        .iter()
        .enumerate()
        .zip(sizes)
        .map(|((i, page), (width, height))| {
            let slide = width > height;
            let mut found = decide(&edges, i, page, &slots, body_size);
            let signs = page.iter().filter(|e| slide && is_sign(&edges, i, e));
            for e in signs {
                if !found.iter().any(|(line, _)| *line == e.line) {
                    found.push((e.line, if e.top { Role::Header } else { Role::Footer }));
                }
            }
            found
        })
        .collect()
}

/// A sign that shows on slides which part they belong to: the same words at the same place on the two slides before, on the
/// two after, or on both sides.
fn is_sign(edges: &[Vec<Edge>], at: usize, e: &Edge) -> bool {
    let same = |page: Option<usize>| {
        page.and_then(|p| edges.get(p)).is_some_and(|edges| {
            edges.iter().any(|o| {
                let place = (o.x - e.x).abs() < 2.0 && (o.y - e.y).abs() < 2.0;
                place && o.words == e.words && (o.size - e.size).abs() < 0.08 * e.size
            })
        })
    };
    let (before, after) = (same(at.checked_sub(1)), same(at.checked_add(1)));
    let further = before && same(at.checked_sub(2)) || after && same(at.checked_add(2));
    !e.words.is_empty() && (before && after || further)
}

/// Parts the number of a slide of this height from the notes that stand on its line.
pub(super) fn part_folio(line: Line, height: f32) -> Vec<Line> {
    let [.., before, last] = line.parts.as_slice() else {
        return vec![line];
    };
    let apart = last.u0 - before.u1 > 3.5 * line.size && page_number(&last.text).is_some();
    if apart && line.page_box()[1] > (1.0 - 0.5 * ZONE) * height {
        line.without_last()
    } else {
        vec![line]
    }
}

fn page_edges(lines: &[Line], height: f32) -> Vec<Edge> {
    let height = if height.is_finite() && height > 1.0 {
        height
    } else {
        842.0
    };
    let mut boxes: Vec<(usize, [f32; 4])> = lines
        .iter()
        .enumerate()
        .filter(|(_, l)| !l.aslant)
        .map(|(i, l)| (i, l.page_box()))
        .collect();
    boxes.sort_by(|a, b| a.1[1].partial_cmp(&b.1[1]).unwrap_or(std::cmp::Ordering::Equal));
    let heads = boxes.iter().take(DEPTH).filter(|(_, b)| b[3] < ZONE * height);
    let mut out: Vec<Edge> = heads.map(|(i, b)| edge(lines, *i, *b, true, &boxes)).collect();
    boxes.sort_by(|a, b| b.1[3].partial_cmp(&a.1[3]).unwrap_or(std::cmp::Ordering::Equal));
    let feet = boxes
        .iter()
        .take(DEPTH)
        .filter(|(i, b)| b[1] > (1.0 - ZONE) * height && !out.iter().any(|e| e.line == *i));
    let feet: Vec<Edge> = feet.map(|(i, b)| edge(lines, *i, *b, false, &boxes)).collect();
    out.extend(feet);
    out
}

fn edge(lines: &[Line], at: usize, own: [f32; 4], top: bool, boxes: &[(usize, [f32; 4])]) -> Edge {
    let text = lines.get(at).map(Line::text).unwrap_or_default();
    let size = lines.get(at).map_or(1.0, |l| l.size);
    let others = boxes.iter().filter(|(i, _)| *i != at);
    let nearest = if top {
        others
            .map(|(_, b)| b[1] - own[3])
            .filter(|d| *d > -0.3 * size)
            .fold(f32::INFINITY, f32::min)
    } else {
        others
            .map(|(_, b)| own[1] - b[3])
            .filter(|d| *d > -0.3 * size)
            .fold(f32::INFINITY, f32::min)
    };
    Edge {
        line: at,
        top,
        y: 0.5 * (own[1] + own[3]),
        x: 0.5 * (own[0] + own[2]),
        size,
        words: words(&text),
        number: page_number(&text),
        apart: nearest / size,
    }
}

fn words(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_numeric() && !c.is_whitespace())
        .collect()
}

/// The number in `12`, `－ 12 －`, `12/85`, `P.12`, `12ページ`, `xii`.
pub(super) fn page_number(text: &str) -> Option<u32> {
    let ascii: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| {
            char::from_u32(
                c as u32
                    - if ('０'..='９').contains(&c) {
                        '０' as u32 - '0' as u32
                    } else {
                        0
                    },
            )
            .unwrap_or(c)
        })
        .collect();
    if ascii.chars().count() > 12 {
        return None;
    }
    let bare = ascii.trim_matches(|c| "-‐–—―−－─~〜[]()（）|｜・".contains(c));
    let bare = ["Page", "page", "PAGE", "P.", "p.", "P", "p"]
        .iter()
        .find_map(|s| bare.strip_prefix(s))
        .unwrap_or(bare);
    let bare = ["ページ", "頁"]
        .iter()
        .find_map(|s| bare.strip_suffix(s))
        .unwrap_or(bare);
    let mut halves = bare.splitn(2, ['/', '／']);
    let first = halves.next()?;
    if let Some(second) = halves.next() {
        let total: u32 = second.parse().ok()?;
        return first.parse().ok().filter(|n| *n <= total);
    }
    if first.len() <= 4 {
        first.parse().ok().or_else(|| roman(first))
    } else {
        None
    }
}

fn roman(text: &str) -> Option<u32> {
    let value = |c| match c {
        'i' => Some(1),
        'v' => Some(5),
        'x' => Some(10),
        _ => None,
    };
    let digits: Option<Vec<u32>> = text.chars().map(value).collect();
    let digits = digits.filter(|d| !d.is_empty())?;
    let mut sum = 0i64;
    for (i, d) in digits.iter().enumerate() {
        let sign = if digits.get(i + 1).is_some_and(|n| n > d) {
            -1
        } else {
            1
        };
        sum += sign * i64::from(*d);
    }
    u32::try_from(sum).ok()
}

/// How many pages have something at a height: a slot for running elements is filled on most pages.
struct Slots {
    pages: usize,
    /// Least blank in em between a running element and the text.
    apart: f32,
    filled: Vec<(i32, f32, usize)>,
}

impl Slots {
    fn count(edges: &[Vec<Edge>], apart: f32) -> Slots {
        let mut filled: Vec<(i32, f32, usize)> = Vec::new();
        for page in edges {
            for e in page.iter().filter(|e| e.apart > apart) {
                let key = slot(e.y);
                match filled
                    .iter_mut()
                    .find(|(k, s, _)| *k == key && (s - e.size).abs() < 0.06 * e.size)
                {
                    Some((_, _, n)) => *n += 1,
                    None => filled.push((key, e.size, 1)),
                }
            }
        }
        Slots {
            pages: edges.len(),
            apart,
            filled,
        }
    }

    /// Is the place filled on at least 60 % of the pages?
    fn is_usual(&self, e: &Edge) -> bool {
        let n: usize = self
            .filled
            .iter()
            .filter(|(k, s, _)| (k - slot(e.y)).abs() <= 1 && (s - e.size).abs() < 0.06 * e.size)
            .map(|(_, _, n)| n)
            .sum();
        self.pages >= 4 && n * 10 >= self.pages * 6
    }
}

fn slot(y: f32) -> i32 {
    (y / 3.0).round() as i32
}

fn decide(
    edges: &[Vec<Edge>],
    at: usize,
    page: &[Edge],
    slots: &Slots,
    body_size: f32,
) -> Vec<(usize, Role)> {
    let mut out = Vec::new();
    for top in [true, false] {
        let mut inner = false;
        // From the edge inwards: nothing beyond the first line of the body is a running element.
        for e in page.iter().filter(|e| e.top == top) {
            let regular = if inner {
                None
            } else {
                role(edges, at, e, slots, body_size)
            };
            let folio = || is_folio(edges, at, e).then_some(Role::PageNumber);
            let role = regular.or_else(folio);
            match role {
                Some(role) => out.push((e.line, role)),
                None => inner = true,
            }
        }
    }
    out
}

/// A page number among the notes and labels at the foot of a slide: it counts on, at the same place, from page to page.
fn is_folio(edges: &[Vec<Edge>], at: usize, e: &Edge) -> bool {
    let Some(number) = e.number else { return false };
    let counts_on = |page: Option<&Vec<Edge>>, other: u32| {
        page.is_some_and(|edges| {
            edges.iter().any(|o| {
                let place = (o.x - e.x).abs() < 12.0 && (o.y - e.y).abs() < 4.0;
                place && o.number == Some(other)
            })
        })
    };
    counts_on(edges.get(at + 1), number + 1)
        || number > 1
            && at
                .checked_sub(1)
                .is_some_and(|before| counts_on(edges.get(before), number - 1))
}

fn role(edges: &[Vec<Edge>], at: usize, e: &Edge, slots: &Slots, body_size: f32) -> Option<Role> {
    let around = |reach: usize| {
        let from = at.saturating_sub(reach);
        edges
            .iter()
            .enumerate()
            .skip(from)
            .take(at - from + reach + 1)
            .filter(move |(i, _)| *i != at)
    };
    let same_place =
        |o: &Edge| (o.y - e.y).abs() < 4.0 && o.top == e.top && (o.size - e.size).abs() < 0.08 * e.size;
    if let Some(number) = e.number {
        let steady = around(REACH).any(|(i, page)| {
            page.iter().any(|o| {
                same_place(o)
                    && o.number.is_some_and(|n| {
                        (i64::from(n) - i64::from(number) - (i as i64 - at as i64)).abs()
                            <= 1 + (i as i64 - at as i64).abs()
                    })
            })
        });
        if steady || edges.len() == 1 || slots.is_usual(e) || !e.words.is_empty() {
            return Some(Role::PageNumber);
        }
    }
    let repeats = |reach: usize| {
        around(reach)
            .filter(|(_, page)| page.iter().any(|o| same_place(o) && o.words == e.words))
            .count()
    };
    let long = e.words.chars().count() >= 3;
    let everywhere = repeats(edges.len());
    // A note that stands over several tables, a caption: here and there on a page's first line.
    let near = repeats(2) >= 1;
    let steady = everywhere >= 2 && (near || 2 * everywhere >= edges.len());
    let repeated = long && (steady || near && (edges.len() <= 4 || slots.is_usual(e)));
    let apart = e.apart > slots.apart.max(0.9) && !e.words.ends_with('。');
    let in_slot = e.size <= 1.05 * body_size && apart && slots.is_usual(e);
    let repeated = repeated && !is_prose(e, slots, body_size);
    let known = is_stamp_of_the_register(e, edges.get(at).map_or(&[], Vec::as_slice));
    (repeated || in_slot && long || known).then_some(if e.top { Role::Header } else { Role::Footer })
}

/// A sentence of the text that recurs: it has the size of the text and stands as close to it as lines do.
fn is_prose(e: &Edge, slots: &Slots, body_size: f32) -> bool {
    let sentence = e.words.ends_with('。') || e.words.chars().count() >= 28;
    sentence && e.apart < slots.apart && (e.size - body_size).abs() < 0.06 * body_size
}

/// What the regulator's system prints at the head of every page: its name, the company with its code, the kind of
/// report. Known also where a page comes alone.
fn is_stamp_of_the_register(e: &Edge, page: &[Edge]) -> bool {
    const NAME: &str = "EDINET提出書類";
    let stamped = page.iter().any(|o| o.top && o.words.starts_with(NAME));
    let company = e.words.ends_with("(E)") || e.words.ends_with("（E）");
    let kind = e.words.ends_with("報告書") && e.words.chars().count() <= 12;
    e.words.starts_with(NAME) || e.top && stamped && (company || kind && e.size <= 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_in_their_forms() {
        for text in [
            "12",
            "－ 12 －",
            "12/85",
            "P.12",
            "12ページ",
            "- 12 -",
            "１２",
            "xii",
            "― 12 ―",
        ] {
            assert_eq!(page_number(text), Some(12), "{text}");
        }
        for text in ["第12期", "12.5", "90/85", "2024年", "12,345"] {
            assert_eq!(page_number(text), None, "{text}");
        }
    }
}
