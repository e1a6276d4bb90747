//! What goes over the pipe between the program and its workers: length-prefixed frames, little-endian.
//!
//! Both ends are the same binary, so the format needs no versions; it needs to be small, since a page of text is sent for
//! every page read, and it must not trust the other end, which may die in the middle of a frame.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::extract::{
    Direction, DocumentStatus, Engine, Event, FontInfo, Glyph, Outcome, Page, PageStatus, Rule, Start,
};

/// A frame longer than this is a broken pipe, not a page.
const MAX_FRAME: u32 = 256 << 20;

/// A document to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    pub path: PathBuf,
    pub start: Start,
    /// The last page wanted.
    pub last: u32,
    /// Processor time in seconds.
    pub cpu_seconds: u64,
}

/// What a worker answers.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Answer {
    Event(Event),
    End(Outcome),
}

impl Request {
    pub fn write(&self, pipe: &mut impl Write) -> io::Result<()> {
        let mut out = Encoder::new(b'r');
        out.u32(self.start.page);
        out.u8(u8::from(self.start.second_engine));
        out.u32(self.last);
        out.u64(self.cpu_seconds);
        out.bytes(&path_bytes(&self.path));
        out.send(pipe)
    }

    /// The next request; `None` when the other end has closed the pipe.
    pub fn read(pipe: &mut impl Read) -> Option<Self> {
        let (b'r', payload) = read_frame(pipe)? else {
            return None;
        };
        let mut input = Decoder { rest: &payload };
        let start = Start {
            page: input.u32()?,
            second_engine: input.u8()? != 0,
        };
        let (last, cpu_seconds) = (input.u32()?, input.u64()?);
        Some(Self {
            start,
            last,
            cpu_seconds,
            path: path_of(input.bytes()?),
        })
    }
}

impl Answer {
    pub fn write(&self, pipe: &mut impl Write) -> io::Result<()> {
        let out = match self {
            Self::Event(Event::Pages(count)) => {
                let mut out = Encoder::new(b'n');
                out.u32(*count);
                out
            }
            Self::Event(Event::Page(page)) => {
                let mut out = Encoder::new(b'p');
                out.page(page);
                out
            }
            Self::End(outcome) => {
                let mut out = Encoder::new(b'e');
                out.u8(position(&DOCUMENT_STATUSES, outcome.status));
                out.text(&outcome.reason);
                out.u8(u8::from(outcome.damage.is_some()));
                out.text(outcome.damage.as_deref().unwrap_or_default());
                out
            }
        };
        out.send(pipe)
    }

    pub fn read(pipe: &mut impl Read) -> Option<Self> {
        let (tag, payload) = read_frame(pipe)?;
        let mut input = Decoder { rest: &payload };
        match tag {
            b'n' => Some(Self::Event(Event::Pages(input.u32()?))),
            b'p' => Some(Self::Event(Event::Page(input.page()?))),
            b'e' => {
                let status = *DOCUMENT_STATUSES.get(usize::from(input.u8()?))?;
                let reason = input.text()?;
                let damaged = input.u8()? != 0;
                let damage = input.text()?;
                Some(Self::End(Outcome {
                    status,
                    reason,
                    damage: damaged.then_some(damage),
                }))
            }
            _ => None,
        }
    }
}

#[cfg(unix)]
fn path_bytes(path: &Path) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    path.as_os_str().as_bytes().to_vec()
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_bytes(path: &Path) -> Vec<u8> {
    path.to_string_lossy().into_owned().into_bytes()
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

fn read_frame(pipe: &mut impl Read) -> Option<(u8, Vec<u8>)> {
    let mut head = [0; 5];
    pipe.read_exact(&mut head).ok()?;
    let [tag, length @ ..] = head;
    let length = u32::from_le_bytes(length);
    if length > MAX_FRAME {
        return None;
    }
    let mut payload = vec![0; length as usize];
    pipe.read_exact(&mut payload).ok()?;
    Some((tag, payload))
}

const DOCUMENT_STATUSES: [DocumentStatus; 14] = [
    DocumentStatus::Ok,
    DocumentStatus::Partial,
    DocumentStatus::Damaged,
    DocumentStatus::Empty,
    DocumentStatus::Scanned,
    DocumentStatus::Unmappable,
    DocumentStatus::Encrypted,
    DocumentStatus::Missing,
    DocumentStatus::NotAPdf,
    DocumentStatus::Failed,
    DocumentStatus::Interrupted,
    DocumentStatus::Timeout,
    DocumentStatus::OutOfMemory,
    DocumentStatus::Crashed,
];
const PAGE_STATUSES: [PageStatus; 6] = [
    PageStatus::Ok,
    PageStatus::Empty,
    PageStatus::Scanned,
    PageStatus::Unmappable,
    PageStatus::Damaged,
    PageStatus::Failed,
];
const ENGINES: [Engine; 3] = [Engine::Hayro, Engine::PdfExtract, Engine::None];
const DIRECTIONS: [Direction; 4] = [Direction::Right, Direction::Down, Direction::Left, Direction::Up];
const VERTICAL: u8 = 1 << 2;
const INVISIBLE: u8 = 1 << 3;

fn position<T: PartialEq>(all: &[T], one: T) -> u8 {
    all.iter()
        .position(|item| *item == one)
        .and_then(|i| u8::try_from(i).ok())
        .unwrap_or(u8::MAX)
}

struct Encoder {
    out: Vec<u8>,
}

impl Encoder {
    /// Leaves room for the length, which is known last.
    fn new(tag: u8) -> Self {
        Self {
            out: vec![tag, 0, 0, 0, 0],
        }
    }

    fn send(mut self, pipe: &mut impl Write) -> io::Result<()> {
        let length = u32::try_from(self.out.len() - 5).map_err(io::Error::other)?;
        if let Some(slot) = self.out.get_mut(1..5) {
            slot.copy_from_slice(&length.to_le_bytes());
        }
        pipe.write_all(&self.out)
    }

    fn u8(&mut self, value: u8) {
        self.out.push(value);
    }

    fn u32(&mut self, value: u32) {
        self.out.extend_from_slice(&value.to_le_bytes());
    }

    fn u64(&mut self, value: u64) {
        self.out.extend_from_slice(&value.to_le_bytes());
    }

    fn f32(&mut self, value: f32) {
        self.u32(value.to_bits());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.u32(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        self.out.extend_from_slice(bytes);
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn page(&mut self, page: &Page) {
        self.out
            .reserve(page.glyphs.len() * 23 + page.rules.len() * 16 + 256);
        self.u32(page.number);
        self.f32(page.width);
        self.f32(page.height);
        self.u8(position(&PAGE_STATUSES, page.status));
        self.u8(position(&ENGINES, page.engine));
        self.u32(page.images);
        self.u32(page.lost_glyphs);
        self.text(&page.reason);
        self.u32(page.fonts.len() as u32);
        for font in &page.fonts {
            self.u8(u8::from(font.bold));
            self.text(&font.name);
        }
        self.u32(page.rules.len() as u32);
        for rule in &page.rules {
            [rule.x0, rule.y0, rule.x1, rule.y1]
                .iter()
                .for_each(|v| self.f32(*v));
        }
        self.u32(page.glyphs.len() as u32);
        for glyph in &page.glyphs {
            self.glyph(glyph);
        }
    }

    /// One copy a glyph: pages are sent by the thousand a second.
    fn glyph(&mut self, glyph: &Glyph) {
        let [c0, c1, c2, c3] = (glyph.ch as u32).to_le_bytes();
        let [x0, x1, x2, x3] = glyph.x.to_le_bytes();
        let [y0, y1, y2, y3] = glyph.y.to_le_bytes();
        let [a0, a1, a2, a3] = glyph.advance.to_le_bytes();
        let [s0, s1, s2, s3] = glyph.size.to_le_bytes();
        let [f0, f1] = glyph.font.to_le_bytes();
        let flags = position(&DIRECTIONS, glyph.direction)
            | if glyph.vertical { VERTICAL } else { 0 }
            | if glyph.invisible { INVISIBLE } else { 0 };
        self.out.extend_from_slice(&[
            c0, c1, c2, c3, x0, x1, x2, x3, y0, y1, y2, y3, a0, a1, a2, a3, s0, s1, s2, s3, f0, f1, flags,
        ]);
    }
}

struct Decoder<'d> {
    rest: &'d [u8],
}

impl<'d> Decoder<'d> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, tail) = self.rest.split_first_chunk::<N>()?;
        self.rest = tail;
        Some(*head)
    }

    fn u8(&mut self) -> Option<u8> {
        self.take::<1>().map(|[b]| b)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }

    fn f32(&mut self) -> Option<f32> {
        self.u32().map(f32::from_bits)
    }

    fn bytes(&mut self) -> Option<&'d [u8]> {
        let length = self.u32()? as usize;
        let (head, tail) = self.rest.split_at_checked(length)?;
        self.rest = tail;
        Some(head)
    }

    fn text(&mut self) -> Option<String> {
        String::from_utf8(self.bytes()?.to_vec()).ok()
    }

    /// A count of items of at least `size` bytes: no more than the frame can hold.
    fn count(&mut self, size: usize) -> Option<usize> {
        let count = self.u32()? as usize;
        (count.checked_mul(size)? <= self.rest.len()).then_some(count)
    }

    fn page(&mut self) -> Option<Page> {
        let (number, width, height) = (self.u32()?, self.f32()?, self.f32()?);
        let status = *PAGE_STATUSES.get(usize::from(self.u8()?))?;
        let engine = *ENGINES.get(usize::from(self.u8()?))?;
        let (images, lost_glyphs, reason) = (self.u32()?, self.u32()?, self.text()?);
        let count = self.count(5)?;
        let fonts = (0..count)
            .map(|_| {
                Some(FontInfo {
                    bold: self.u8()? != 0,
                    name: self.text()?,
                })
            })
            .collect::<Option<_>>()?;
        let count = self.count(16)?;
        let rule = |s: &mut Self| {
            Some(Rule {
                x0: s.f32()?,
                y0: s.f32()?,
                x1: s.f32()?,
                y1: s.f32()?,
            })
        };
        let rules = (0..count).map(|_| rule(self)).collect::<Option<_>>()?;
        let count = self.count(23)?;
        let mut glyphs = Vec::with_capacity(count);
        for _ in 0..count {
            glyphs.push(self.glyph()?);
        }
        Some(Page {
            number,
            width,
            height,
            status,
            engine,
            glyphs,
            fonts,
            rules,
            images,
            lost_glyphs,
            reason,
        })
    }

    fn glyph(&mut self) -> Option<Glyph> {
        let [
            c0,
            c1,
            c2,
            c3,
            x0,
            x1,
            x2,
            x3,
            y0,
            y1,
            y2,
            y3,
            a0,
            a1,
            a2,
            a3,
            s0,
            s1,
            s2,
            s3,
            f0,
            f1,
            flags,
        ] = self.take::<23>()?;
        Some(Glyph {
            ch: char::from_u32(u32::from_le_bytes([c0, c1, c2, c3]))?,
            x: f32::from_le_bytes([x0, x1, x2, x3]),
            y: f32::from_le_bytes([y0, y1, y2, y3]),
            advance: f32::from_le_bytes([a0, a1, a2, a3]),
            size: f32::from_le_bytes([s0, s1, s2, s3]),
            font: u16::from_le_bytes([f0, f1]),
            direction: *DIRECTIONS.get(usize::from(flags & 3))?,
            vertical: flags & VERTICAL != 0,
            invisible: flags & INVISIBLE != 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Page {
        let glyph = Glyph {
            ch: '業',
            x: 1.5,
            y: 700.25,
            advance: 10.0,
            size: 10.5,
            font: 1,
            direction: Direction::Down,
            vertical: true,
            invisible: false,
        };
        Page {
            number: 7,
            width: 595.0,
            height: 842.0,
            status: PageStatus::Unmappable,
            engine: Engine::PdfExtract,
            glyphs: vec![
                glyph,
                Glyph {
                    invisible: true,
                    direction: Direction::Up,
                    ..glyph
                },
            ],
            fonts: vec![FontInfo {
                name: "ＭＳ明朝".to_string(),
                bold: true,
            }],
            rules: vec![Rule {
                x0: 1.0,
                y0: 2.0,
                x1: 3.0,
                y1: 2.0,
            }],
            images: 3,
            lost_glyphs: 9,
            reason: "why".to_string(),
        }
    }

    #[test]
    fn every_frame_comes_back_as_it_went() {
        let outcome = Outcome {
            status: DocumentStatus::Crashed,
            reason: "r".into(),
            damage: Some("d".into()),
        };
        let answers = [
            Answer::Event(Event::Pages(20)),
            Answer::Event(Event::Page(page())),
            Answer::End(outcome),
        ];
        let mut pipe = Vec::new();
        for answer in &answers {
            answer.write(&mut pipe).expect("in memory");
        }
        let mut input = pipe.as_slice();
        for answer in &answers {
            assert_eq!(Answer::read(&mut input).as_ref(), Some(answer));
        }
        assert_eq!(Answer::read(&mut input), None);
        let request = Request {
            path: "報告書.pdf".into(),
            start: Start {
                page: 3,
                second_engine: true,
            },
            last: 9,
            cpu_seconds: 60,
        };
        let mut pipe = Vec::new();
        request.write(&mut pipe).expect("in memory");
        assert_eq!(Request::read(&mut pipe.as_slice()), Some(request));
    }

    #[test]
    fn a_frame_cut_anywhere_or_with_wild_counts_is_refused() {
        let mut pipe = Vec::new();
        Answer::Event(Event::Page(page()))
            .write(&mut pipe)
            .expect("in memory");
        for length in 0..pipe.len() {
            assert_eq!(Answer::read(&mut pipe.get(..length).unwrap_or_default()), None);
        }
        let wild = [b'p', 4, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF];
        assert_eq!(Answer::read(&mut wild.as_slice()), None);
    }
}
