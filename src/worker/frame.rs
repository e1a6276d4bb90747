//! What goes over the pipe between the program and its workers: length-prefixed frames, little-endian.
//!
//! Both ends are the same binary, so the format needs no versions; it must not trust the other end, which may die in the
//! middle of a frame.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::codec::{Decoder, Encoder};
use crate::extract::{Event, Outcome, Start};

/// A frame longer than this is a broken pipe, not a page.
const MAX_FRAME: usize = 256 << 20;

/// A buffer that an enormous page has stretched is given back.
const USUAL: usize = 1 << 20;

/// Tag and length.
const HEAD: usize = 5;

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

/// The writing end of a pipe: one write a frame, nothing held back, so that a page is safe as soon as it is sent. The
/// pipe is flushed where the other end has something to do: after a request, and at the end of a document.
pub(super) struct FrameWriter<W> {
    pipe: W,
    frame: Vec<u8>,
}

impl<W: Write> FrameWriter<W> {
    pub fn new(pipe: W) -> Self {
        let frame = Vec::new();
        Self { pipe, frame }
    }

    /// # Errors
    ///
    /// When the other end is gone.
    pub fn request(&mut self, request: &Request) -> io::Result<()> {
        self.send(b'r', |out| {
            out.u32(request.start.page);
            out.bool(request.start.second_engine);
            out.u32(request.last);
            out.u64(request.cpu_seconds);
            out.bytes(&path_bytes(&request.path));
        })?;
        self.pipe.flush()
    }

    /// # Errors
    ///
    /// When the other end is gone.
    pub fn answer(&mut self, answer: &Answer) -> io::Result<()> {
        match answer {
            Answer::Event(Event::Pages(count)) => self.send(b'n', |out| out.u32(*count)),
            Answer::Event(Event::Page(page)) => self.send(b'p', |out| out.page(page)),
            Answer::End(outcome) => {
                self.send(b'e', |out| out.outcome(outcome))?;
                self.pipe.flush()
            }
        }
    }

    fn send(&mut self, tag: u8, fill: impl FnOnce(&mut Encoder<'_>)) -> io::Result<()> {
        self.frame.clear();
        self.frame.extend_from_slice(&[tag, 0, 0, 0, 0]);
        fill(&mut Encoder::new(&mut self.frame));
        let length = u32::try_from(self.frame.len() - HEAD).map_err(io::Error::other)?;
        if let Some(slot) = self.frame.get_mut(1..HEAD) {
            slot.copy_from_slice(&length.to_le_bytes());
        }
        self.pipe.write_all(&self.frame)?;
        self.frame.clear();
        self.frame.shrink_to(USUAL);
        Ok(())
    }
}

/// The reading end of a pipe. Frames are decoded where they were read to.
pub(super) struct FrameReader<R> {
    pipe: R,
    buffer: Vec<u8>,
    /// What of `buffer` is read and not yet taken.
    from: usize,
    to: usize,
}

impl<R: Read> FrameReader<R> {
    /// What a pipe holds by itself on Linux.
    const AT_ONCE: usize = 64 << 10;

    pub fn new(pipe: R) -> Self {
        Self {
            pipe,
            buffer: vec![0; Self::AT_ONCE],
            from: 0,
            to: 0,
        }
    }

    /// The next request; `None` when the other end has closed the pipe.
    pub fn request(&mut self) -> Option<Request> {
        let (b'r', mut input) = self.frame()? else {
            return None;
        };
        let start = Start {
            page: input.u32()?,
            second_engine: input.bool()?,
        };
        Some(Request {
            start,
            last: input.u32()?,
            cpu_seconds: input.u64()?,
            path: path_of(input.bytes()?),
        })
    }

    /// The next answer; `None` when the other end has closed the pipe.
    pub fn answer(&mut self) -> Option<Answer> {
        let (tag, mut input) = self.frame()?;
        match tag {
            b'n' => Some(Answer::Event(Event::Pages(input.u32()?))),
            b'p' => Some(Answer::Event(Event::Page(input.page()?))),
            b'e' => Some(Answer::End(input.outcome()?)),
            _ => None,
        }
    }

    fn frame(&mut self) -> Option<(u8, Decoder<'_>)> {
        self.fill(HEAD)?;
        let [tag, length @ ..] = *self.buffer.get(self.from..)?.first_chunk::<HEAD>()?;
        let length = u32::from_le_bytes(length) as usize;
        if length > MAX_FRAME {
            return None;
        }
        self.fill(HEAD + length)?;
        let begin = self.from + HEAD;
        self.from = begin + length;
        Some((tag, Decoder::new(self.buffer.get(begin..self.from)?)))
    }

    /// Reads until so many bytes are waiting.
    fn fill(&mut self, wanted: usize) -> Option<()> {
        if self.to - self.from >= wanted {
            return Some(());
        }
        self.buffer.copy_within(self.from..self.to, 0);
        (self.from, self.to) = (0, self.to - self.from);
        if self.buffer.len() > USUAL && wanted.max(self.to) < USUAL {
            self.buffer.truncate(USUAL);
            self.buffer.shrink_to_fit();
        }
        if self.buffer.len() < wanted {
            self.buffer.resize(wanted, 0);
        }
        while self.to < wanted {
            match self.pipe.read(self.buffer.get_mut(self.to..)?) {
                Ok(0) => return None,
                Ok(n) => self.to += n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return None,
            }
        }
        Some(())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Direction, DocumentStatus, Engine, FontInfo, Glyph, Page, PageStatus, Rule};

    /// A pipe that gives one byte at a time.
    struct Drip<'p>(&'p [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let one = buffer.len().min(1);
            self.0.read(buffer.get_mut(..one).unwrap_or_default())
        }
    }

    fn sent(answers: &[Answer]) -> Vec<u8> {
        let mut writer = FrameWriter::new(Vec::new());
        for answer in answers {
            writer.answer(answer).expect("in memory");
        }
        writer.pipe
    }

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
                    ch: '績',
                    x: 12.0,
                    ..glyph
                },
                Glyph {
                    ch: '\u{10FFFF}',
                    advance: -0.0,
                    ..glyph
                },
                Glyph { y: 0.5, ..glyph },
                Glyph {
                    invisible: true,
                    font: u16::MAX,
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
        let pipe = sent(&answers);
        let mut input = FrameReader::new(pipe.as_slice());
        let mut drip = FrameReader::new(Drip(&pipe));
        for answer in &answers {
            assert_eq!(input.answer().as_ref(), Some(answer));
            assert_eq!(drip.answer().as_ref(), Some(answer));
        }
        assert_eq!(input.answer(), None);
        let request = Request {
            path: "報告書.pdf".into(),
            start: Start {
                page: 3,
                second_engine: true,
            },
            last: 9,
            cpu_seconds: 60,
        };
        let mut writer = FrameWriter::new(Vec::new());
        writer.request(&request).expect("in memory");
        assert_eq!(FrameReader::new(writer.pipe.as_slice()).request(), Some(request));
    }

    #[test]
    fn a_frame_cut_anywhere_or_with_wild_counts_is_refused() {
        let answer_in = |pipe: &[u8]| FrameReader::new(pipe).answer();
        let pipe = sent(&[Answer::Event(Event::Page(page()))]);
        for length in 0..pipe.len() {
            assert_eq!(answer_in(pipe.get(..length).unwrap_or_default()), None);
        }
        assert_eq!(answer_in(&[b'p', 4, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]), None);
        assert_eq!(answer_in(&[b'p', 0xFF, 0xFF, 0xFF, 0xFF]), None);
    }

    #[test]
    fn many_frames_pass_through_one_buffer() {
        let answers = vec![Answer::Event(Event::Page(page())); 2000];
        let pipe = sent(&answers);
        let mut reader = FrameReader::new(pipe.as_slice());
        assert!(answers.iter().all(|a| reader.answer().as_ref() == Some(a)));
        assert!(pipe.len() > 2 * reader.buffer.len());
    }
}
