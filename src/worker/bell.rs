//! A pipe whose reader sleeps until it is worth waking.
//!
//! Waking the reader for every page costs more than the page: a switch of context and cold caches on both sides. But a
//! page that waits in the worker's memory is lost when the worker dies. So each page goes into the pipe at once, where
//! the system keeps it whatever becomes of the worker, and a second, narrow channel (the other direction of the socket
//! that is the worker's standard input) tells the reader from time to time how much is there.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::{Child, ChildStdout, Command, Stdio};

/// What the pipe is asked to hold, in bytes: what Linux grants to everybody.
#[cfg(target_os = "linux")]
const WANTED: i32 = 1 << 20;

/// What a pipe holds anywhere.
const LEAST: usize = 16 << 10;

/// How much is new in the pipe, in bytes, little-endian.
type Bell = [u8; 4];

/// The parent's end for requests.
pub(super) type Requests = UnixStream;

/// Starts a worker with its pipes; its standard error is left to the caller.
pub(super) fn spawn(command: &mut Command) -> io::Result<(Child, Requests, Awaited)> {
    let (requests, theirs) = UnixStream::pair()?;
    let bell = requests.try_clone()?;
    command.stdin(OwnedFd::from(theirs)).stdout(Stdio::piped());
    let child = command.spawn();
    // The command keeps what it was given: as long as it lived, a dead worker's end would not be closed.
    command.stdin(Stdio::null());
    let mut child = child?;
    let pipe = child.stdout.take().ok_or_else(super::process::pipe_is_missing)?;
    Ok((child, requests, Awaited::new(pipe, bell)))
}

/// The worker's side of the pipe: standard output, with the bell on standard input.
pub(super) fn answers() -> io::Result<Answers> {
    let pipe = io::stdout().as_fd().try_clone_to_owned()?;
    let bell = io::stdin().as_fd().try_clone_to_owned()?;
    Ok(Answers::new(pipe.into(), bell.into()))
}

/// See [`answers`].
pub(super) struct Answers {
    pipe: File,
    bell: File,
    /// So much may wait in the pipe untold: half of what it holds, since a page read in part still takes its place.
    most: usize,
    untold: usize,
}

impl Answers {
    fn new(pipe: File, bell: File) -> Self {
        let most = capacity(&pipe) / 2;
        Self {
            pipe,
            bell,
            most,
            untold: 0,
        }
    }
}

#[cfg(target_os = "linux")]
fn capacity(pipe: &File) -> usize {
    use nix::fcntl::{FcntlArg, fcntl};
    let size = fcntl(pipe, FcntlArg::F_SETPIPE_SZ(WANTED)).or_else(|_| fcntl(pipe, FcntlArg::F_GETPIPE_SZ));
    size.ok()
        .and_then(|size| usize::try_from(size).ok())
        .unwrap_or(LEAST)
}

#[cfg(not(target_os = "linux"))]
fn capacity(_: &File) -> usize {
    LEAST
}

impl Write for Answers {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.untold >= self.most {
            self.flush()?;
        }
        // What is told may still lie in the pipe: then this waits for the reader, who is awake.
        let room = bytes.len().min(self.most - self.untold);
        let written = self.pipe.write(bytes.get(..room).unwrap_or(bytes))?;
        self.untold += written;
        Ok(written)
    }

    /// Wakes the reader.
    fn flush(&mut self) -> io::Result<()> {
        let bell: Bell = u32::try_from(self.untold)
            .map_err(io::Error::other)?
            .to_le_bytes();
        self.untold = 0;
        self.bell.write_all(&bell)
    }
}

/// The parent's side of the pipe.
pub(super) struct Awaited<P = ChildStdout> {
    pipe: P,
    bell: UnixStream,
    /// Bytes of which the bell told and that are not read yet; `None` when there is nobody to ring it any more.
    told: Option<usize>,
}

impl<P> Awaited<P> {
    fn new(pipe: P, bell: UnixStream) -> Self {
        let told = Some(0);
        Self { pipe, bell, told }
    }
}

impl<P: Read> Read for Awaited<P> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.told == Some(0) {
            let mut bell = Bell::default();
            let rung = self.bell.read_exact(&mut bell);
            self.told = rung.ok().map(|()| u32::from_le_bytes(bell) as usize);
        }
        let most = self.told.unwrap_or(usize::MAX).min(buffer.len());
        let read = self.pipe.read(buffer.get_mut(..most).unwrap_or_default())?;
        self.told = self.told.map(|told| told.saturating_sub(read));
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::PipeReader;

    fn ends() -> (Answers, Awaited<PipeReader>) {
        let (reader, writer) = io::pipe().expect("a pipe");
        let (ours, theirs) = UnixStream::pair().expect("a socket");
        let answers = Answers::new(OwnedFd::from(writer).into(), OwnedFd::from(theirs).into());
        (answers, Awaited::new(reader, ours))
    }

    fn read(mut awaited: Awaited<PipeReader>) -> Vec<u8> {
        let mut read = Vec::new();
        awaited.read_to_end(&mut read).expect("a pipe");
        read
    }

    #[test]
    fn what_was_written_before_a_death_is_kept_though_no_bell_told_of_it() {
        let (mut answers, awaited) = ends();
        answers.write_all(b"page 1").expect("a pipe");
        answers.flush().expect("a socket");
        answers.write_all(b"page 2").expect("a pipe");
        drop(answers);
        assert_eq!(read(awaited), b"page 1page 2");
    }

    #[test]
    fn a_reader_sleeps_until_the_bell() {
        let (mut answers, mut awaited) = ends();
        answers.write_all(b"page").expect("a pipe");
        awaited.bell.set_nonblocking(true).expect("a socket");
        let told = awaited.bell.read(&mut [0; 4]);
        assert_eq!(told.map_err(|e| e.kind()), Err(io::ErrorKind::WouldBlock));
        answers.flush().expect("a socket");
        awaited.bell.set_nonblocking(false).expect("a socket");
        assert_eq!(awaited.read(&mut [0; 99]).ok(), Some(4));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        // More than any pipe holds, and no bell but those that keep it from filling up.
        #[test]
        fn bytes_arrive_whole_whatever_their_pieces(
            pieces in prop::collection::vec((0..600_000_usize, any::<bool>()), 1..8),
        ) {
            let (mut answers, awaited) = ends();
            let all: usize = pieces.iter().map(|(length, _)| length).sum();
            let sent: Vec<u8> = (0..all).map(|i| (i % 251) as u8).collect();
            let arrived = std::thread::scope(|scope| {
                let reading = scope.spawn(|| read(awaited));
                let mut from = 0;
                for (length, flushed) in &pieces {
                    answers.write_all(&sent[from..from + length]).expect("a pipe");
                    from += length;
                    if *flushed {
                        answers.flush().expect("a socket");
                    }
                }
                drop(answers);
                reading.join().expect("no panic")
            });
            prop_assert!(arrived == sent);
        }
    }
}
