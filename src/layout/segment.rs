//! Glyphs → segments: runs of glyphs on one baseline with no wider gap than text has.

use super::frame::{Frame, Pen};
use super::script::{is_blank, is_latin, turn_right_to_left};
use crate::extract::{Direction, Glyph, Page, Rule};

/// A run of glyphs that follow one another, in the order of the content stream.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    pub frame: Frame,
    /// Begin and end along the line: of ink, blanks around it left out.
    pub u0: f32,
    pub u1: f32,
    /// The baseline (the middle line of vertical writing).
    pub v: f32,
    /// Prevailing size.
    pub size: f32,
    /// Most of its glyphs are bold.
    pub bold: bool,
    /// Its first and its last glyph are bold.
    pub bold_ends: (bool, bool),
    /// Upright characters one below the other.
    pub vertical: bool,
    pub text: String,
    /// Glyphs that are not blank.
    pub ink: u32,
    /// Part of a text that runs aslant over the page.
    pub aslant: bool,
}

impl Segment {
    /// First and last coordinate across the line.
    pub fn span(&self) -> (f32, f32) {
        if self.vertical {
            (self.v - 0.5 * self.size, self.v + 0.5 * self.size)
        } else {
            (self.v - 0.88 * self.size, self.v + 0.12 * self.size)
        }
    }

    /// Left, top, right and bottom on the page of the middle of its ink.
    fn inked(&self) -> [f32; 4] {
        let (top, bottom) = self.span();
        let inset = 0.15 * (bottom - top);
        self.frame
            .page_box([self.u0, top + inset, self.u1, bottom - inset])
    }
}

/// A watermark is so much larger than the text printed over it.
const OVERPRINTED: f32 = 3.0;

/// A gap of this many em between glyphs parts two segments.
const PART: f32 = 0.95;
/// … and this between figures: numbers of neighbouring columns may stand close.
const PART_FIGURES: f32 = 0.55;
/// Blanks drawn as characters part only when they are a gap no sentence has.
const PART_BLANKS: f32 = 2.6;
/// A gap of this many em between Latin letters is a space.
const SPACE: f32 = 0.17;

/// The run being built.
struct Run {
    segment: Segment,
    /// Where the next glyph is expected.
    pen: f32,
    /// Width of the blanks since the last ink.
    blanks: f32,
    last: char,
    bold_ink: u32,
    /// Ink of the size `segment.size`, to let the majority win.
    size_ink: u32,
    /// Distance of the last two glyph origins, for text set with wide spacing.
    stride: f32,
    last_u: f32,
}

/// Cuts a page into segments in stream order.
pub(super) fn segments(page: &Page) -> Vec<Segment> {
    let mut out = Vec::with_capacity(64);
    let mut run: Option<Run> = None;
    let stacked = stacked(&page.glyphs);
    let forms = forms(&page.rules);
    for (i, glyph) in page.glyphs.iter().enumerate() {
        let upright = stacked.get(i).copied().unwrap_or(false);
        let own = if upright {
            Frame(Direction::Down)
        } else {
            Frame(glyph.direction)
        };
        let bold = page.fonts.get(usize::from(glyph.font)).is_some_and(|f| f.bold);
        if let Some(r) = run.as_mut() {
            // Upright figures inside a vertical line (縦中横) keep their own direction in the file.
            let across = r.segment.vertical && own != r.segment.frame;
            let mut pen = Pen::new(glyph, r.segment.frame);
            if upright {
                pen.centre();
            }
            let taken = if across {
                r.takes_across(&pen)
            } else {
                own == r.segment.frame && (r.takes(&pen, glyph.ch) || r.fills_in(&pen, glyph.ch, &forms))
            };
            if taken {
                r.push(&pen, glyph.ch, bold, across);
                continue;
            }
        }
        if let Some(r) = run.take() {
            r.finish(&mut out);
        }
        let mut pen = Pen::new(glyph, own);
        if upright {
            pen.centre();
        }
        run = Some(Run::start(&pen, own, glyph.ch, bold, glyph.vertical || upright));
    }
    if let Some(r) = run {
        r.finish(&mut out);
    }
    mark_aslant(&mut out);
    mark_overprinted(&mut out);
    out
}

/// Which glyphs stand one below the other although the file calls them horizontal: browsers print vertical writing
/// glyph by glyph. Figures in a column of a table are no vertical writing.
fn stacked(glyphs: &[Glyph]) -> Vec<bool> {
    let below = |a: &Glyph, b: &Glyph| {
        let (dx, dy) = ((b.x - a.x).abs(), (b.y - a.y) / a.size);
        let plain =
            |g: &Glyph| g.direction == Direction::Right && !g.vertical && !g.ch.is_ascii() && !is_blank(g.ch);
        plain(a)
            && plain(b)
            && dx < 0.12 * a.size
            && (0.3..1.8).contains(&dy)
            && (a.size - b.size).abs() < 0.1 * a.size
    };
    let mut out = vec![false; glyphs.len()];
    let mut from = 0;
    while from < glyphs.len() {
        let steps = glyphs
            .get(from..)
            .unwrap_or(&[])
            .windows(2)
            .take_while(|w| matches!(w, [a, b] if below(a, b)))
            .count();
        if steps >= 2 {
            out.iter_mut().skip(from).take(steps + 1).for_each(|f| *f = true);
        }
        from += steps + 1;
    }
    out
}

impl Run {
    fn start(pen: &Pen, frame: Frame, ch: char, bold: bool, vertical: bool) -> Run {
        let segment = Segment {
            frame,
            u0: pen.u,
            u1: pen.u,
            v: pen.v,
            size: pen.size,
            bold: false,
            bold_ends: (false, false),
            vertical,
            text: String::with_capacity(48),
            ink: 0,
            aslant: false,
        };
        let mut run = Run {
            segment,
            pen: pen.u,
            blanks: 0.0,
            last: ' ',
            bold_ink: 0,
            size_ink: 0,
            stride: 0.0,
            last_u: pen.u,
        };
        run.push(pen, ch, bold, false);
        run
    }

    /// Does the glyph go on with this run?
    fn takes(&self, pen: &Pen, ch: char) -> bool {
        let em = pen.size.max(self.segment.size);
        let small = pen.size.min(self.segment.size);
        if small * OVERPRINTED <= em {
            return false;
        }
        // Raised and lowered figures stand up to 0.45 em off the line.
        let reach = if small < 0.8 * em || self.segment.vertical {
            0.45
        } else {
            0.3
        };
        if (pen.v - self.segment.v).abs() > reach * em {
            return false;
        }
        let gap = pen.u - self.pen;
        if gap < -0.6 * em && pen.u < self.last_u + 0.05 * em {
            return false;
        }
        if is_blank(ch) {
            return gap < 2.0 * em;
        }
        let free = gap + self.blanks;
        if self.blanks > 0.0 && free > PART_BLANKS * em {
            return self.segment.ink == 0;
        }
        let figures = is_figure(ch) && is_figure(self.last) && self.blanks == 0.0;
        let spaced = self.stride > 0.0 && ((pen.u - self.last_u) / self.stride - 1.0).abs() < 0.08;
        gap <= if figures { PART_FIGURES * em } else { PART * em } || spaced && gap < 2.2 * em && !figures
    }

    /// Does the glyph go on after a blank to be filled in (記入欄), which a rule below it shows? Notes the blank.
    fn fills_in(&mut self, pen: &Pen, ch: char, forms: &[Form]) -> bool {
        let em = pen.size.max(self.segment.size);
        let (from, to) = (self.segment.u1, pen.u);
        let beside = (pen.v - self.segment.v).abs() < 0.3 * em && (em..20.0 * em).contains(&(to - from));
        let plain =
            self.segment.frame.0 == Direction::Right && !self.segment.vertical && self.segment.ink > 0;
        // Rules between amounts are those of a sum.
        if !(beside && plain) || is_blank(ch) || is_figure(ch) && is_figure(self.last) {
            return false;
        }
        let blank = forms.iter().any(|f| {
            let below = (-0.2 * em..0.5 * em).contains(&(f.y - self.segment.v));
            below && f.x0 > from - 0.6 * em && f.x1 < to + 0.6 * em && f.x1 - f.x0 > 0.6 * (to - from)
        });
        if blank && !self.segment.text.ends_with(is_blank) {
            self.segment.text.push('　');
        }
        blank
    }

    fn takes_across(&self, pen: &Pen) -> bool {
        let em = pen.size.max(self.segment.size);
        let along = pen.u - self.pen;
        (pen.v - self.segment.v).abs() < 0.75 * em && (-0.3 * em..1.6 * em).contains(&along)
    }

    fn push(&mut self, pen: &Pen, ch: char, bold: bool, across: bool) {
        let s = &mut self.segment;
        if is_blank(ch) {
            if s.ink > 0 && !(ch == ' ' && s.text.ends_with(' ')) && !ch.is_control() {
                s.text.push(if ch == '\u{a0}' { ' ' } else { ch });
            } else if ch.is_control()
                && pen.advance > SPACE * s.size
                && is_latin(self.last)
                && s.text.ends_with(self.last)
            {
                // The space of a font that names it badly.
                s.text.push(' ');
            }
            self.blanks += pen.advance + (pen.u - self.pen).max(0.0);
            self.pen = self.pen.max(pen.u + pen.advance);
            return;
        }
        let end = pen.u + if across { 0.0 } else { pen.advance };
        if s.ink == 0 {
            (s.u0, s.v, s.size) = (pen.u, pen.v, pen.size);
        } else {
            if self.blanks == 0.0 && pen.u - self.pen > SPACE * s.size && is_latin(ch) && is_latin(self.last)
            {
                s.text.push(' ');
            }
            self.stride = pen.u - self.last_u;
        }
        s.bold_ends = (if s.ink == 0 { bold } else { s.bold_ends.0 }, bold);
        s.text.push(ch);
        s.ink += 1;
        self.bold_ink += u32::from(bold);
        self.settle_size(pen);
        self.segment.u0 = self.segment.u0.min(pen.u);
        self.segment.u1 = self.segment.u1.max(end);
        self.pen = end.max(self.pen.min(end + 0.5 * pen.size));
        (self.blanks, self.last, self.last_u) = (0.0, ch, pen.u);
    }

    /// Majority vote over sizes; the baseline is that of the majority.
    fn settle_size(&mut self, pen: &Pen) {
        let s = &mut self.segment;
        if (pen.size - s.size).abs() < 0.06 * s.size {
            self.size_ink += 1;
        } else if self.size_ink > 0 {
            self.size_ink -= 1;
        } else {
            (s.size, s.v, self.size_ink) = (pen.size, pen.v, 1);
        }
    }

    fn finish(mut self, out: &mut Vec<Segment>) {
        if self.segment.ink == 0 {
            return;
        }
        let kept = self.segment.text.trim_end_matches(is_blank).len();
        self.segment.text.truncate(kept);
        turn_right_to_left(&mut self.segment.text);
        self.segment.bold = 2 * self.bold_ink > self.segment.ink;
        out.push(self.segment);
    }
}

/// A short rule along the lines: perhaps a blank to be filled in.
struct Form {
    x0: f32,
    x1: f32,
    y: f32,
}

/// The short rules along the lines; none on a page of so many that it is a table or a drawing.
fn forms(rules: &[Rule]) -> Vec<Form> {
    const MOST: usize = 300;
    let short = |r: &&Rule| (r.y1 - r.y0).abs() < 0.1 && (12.0..160.0).contains(&(r.x1 - r.x0));
    let found: Vec<Form> = rules
        .iter()
        .filter(short)
        .take(MOST + 1)
        .map(|r| Form {
            x0: r.x0,
            x1: r.x1,
            y: r.y0,
        })
        .collect();
    if found.len() > MOST { Vec::new() } else { found }
}

fn is_figure(ch: char) -> bool {
    ch.is_ascii_digit() || matches!(ch, '.' | ',' | '%' | '△' | '▲' | '-' | '−' | '％' | ')' | '(')
}

/// Marks single glyphs that climb over the page: a stamp or watermark set at an angle.
fn mark_aslant(segments: &mut [Segment]) {
    let mut from = 0;
    while from < segments.len() {
        let to = from + aslant_run(segments.get(from..).unwrap_or(&[]));
        if to - from >= 4 {
            segments
                .iter_mut()
                .take(to)
                .skip(from)
                .for_each(|s| s.aslant = true);
        }
        from = to.max(from + 1);
    }
}

/// Marks huge characters with text printed through them: an upright watermark.
fn mark_overprinted(segments: &mut [Segment]) {
    let sizes = segments.iter().map(|s| s.size);
    let largest = sizes.clone().fold(0.0, f32::max);
    if sizes.fold(f32::INFINITY, f32::min) * OVERPRINTED >= largest {
        return;
    }
    let through = |huge: &Segment| {
        let [x0, y0, x1, y1] = huge.inked();
        let crossing = segments.iter().filter(|s| {
            let [a0, b0, a1, b1] = s.inked();
            let inside = |v: f32, from: f32, to: f32| from < v && v < to;
            s.size * OVERPRINTED < huge.size && a0 < x1 && a1 > x0 && inside(0.5 * (b0 + b1), y0, y1)
        });
        crossing.take(2).count() == 2
    };
    let flags: Vec<bool> = segments
        .iter()
        .map(|s| s.ink <= 12 && s.size * 2.0 > largest && through(s))
        .collect();
    for (segment, flag) in segments.iter_mut().zip(flags) {
        segment.aslant |= flag;
    }
}

/// How many of the first segments are single glyphs of one size at an even oblique distance.
fn aslant_run(segments: &[Segment]) -> usize {
    let step = |a: &Segment, b: &Segment| {
        let (au, av) = a.frame.back(a.u0, a.v);
        let (bu, bv) = b.frame.back(b.u0, b.v);
        (bu - au, bv - av)
    };
    let mut count = 1;
    let mut first: Option<(f32, f32)> = None;
    for pair in segments.windows(2) {
        let [a, b] = pair else { break };
        let (dx, dy) = step(a, b);
        let oblique = dx.abs() > 0.2 * a.size && dy.abs() > 0.2 * a.size && dx.hypot(dy) < 2.5 * a.size;
        let single = a.ink <= 2 && b.ink <= 2 && (a.size - b.size).abs() < 0.05 * a.size;
        let even = first.is_none_or(|(fx, fy)| (dx - fx).hypot(dy - fy) < 0.6 * a.size);
        if !(oblique && single && even) {
            break;
        }
        first = first.or(Some((dx, dy)));
        count += 1;
    }
    count
}

/// The direction most of the page's ink goes.
pub(super) fn prevailing(segments: &[Segment]) -> Frame {
    const ALL: [Direction; 4] = [Direction::Right, Direction::Down, Direction::Left, Direction::Up];
    let ink = |d: Direction| {
        segments
            .iter()
            .filter(|s| s.frame.0 == d && !s.aslant)
            .map(|s| s.ink)
            .sum::<u32>()
    };
    // `max_by_key` keeps the last of equals: reversed, so that horizontal wins a tie.
    Frame(
        ALL.into_iter()
            .rev()
            .max_by_key(|d| ink(*d))
            .unwrap_or(Direction::Right),
    )
}
