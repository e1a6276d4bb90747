//! The parent's side: one child, its pipes, and how it died.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::frame::{Answer, FrameReader, FrameWriter, Request};
use super::pipes::{self, Awaited, Requests};
use crate::extract::{DocumentStatus, Event, Outcome, Page};

/// Why a worker did not finish a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cause {
    Timeout,
    OutOfMemory,
    /// With what is known of it.
    Crashed(String),
    /// No worker can be started.
    Unavailable,
    /// The run is being ended.
    Stopped,
}

impl Cause {
    pub fn status(&self) -> DocumentStatus {
        match self {
            Self::Timeout => DocumentStatus::Timeout,
            Self::OutOfMemory => DocumentStatus::OutOfMemory,
            Self::Crashed(_) => DocumentStatus::Crashed,
            Self::Unavailable => DocumentStatus::Failed,
            Self::Stopped => DocumentStatus::Interrupted,
        }
    }

    /// As the end of "the reader …".
    pub fn told(&self) -> String {
        match self {
            Self::Timeout => "ran out of time".to_string(),
            Self::OutOfMemory => "ran out of memory".to_string(),
            Self::Crashed(how) => format!("crashed ({how})"),
            Self::Unavailable => "could not be started".to_string(),
            Self::Stopped => "was stopped".to_string(),
        }
    }
}

/// However long the processor time allowed is, the clock of the wall must not overflow (seconds; a year).
const LONGEST_WAIT: u64 = 365 * 24 * 3600;

/// What a child made of a document.
#[derive(Debug, Default)]
struct Reading {
    /// In order, as far as it came.
    pages: Vec<Page>,
    /// How many the document has, as soon as it is open.
    total: Option<u32>,
    /// None when the child ended before the document.
    outcome: Option<Outcome>,
}

/// A running child.
pub(super) struct Process {
    child: Arc<Mutex<Child>>,
    requests: FrameWriter<Requests>,
    readings: Receiver<Reading>,
    last_words: Receiver<String>,
}

impl Process {
    pub fn start(program: &Path, memory: u64) -> io::Result<Self> {
        let mut command = Command::new(program);
        command.args(["worker", "--memory-limit", &memory.to_string()]);
        command.stderr(Stdio::piped());
        // Ctrl-C goes to a whole process group: the parent alone decides what becomes of its children.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let (mut child, requests, answers) = pipes::spawn(&mut command)?;
        let stderr = child.stderr.take().ok_or_else(pipe_is_missing)?;
        // Without its threads there is no `Process`; the child then reads the end of its input and ends.
        Ok(Self {
            readings: readings_of(answers)?,
            last_words: last_words_of(stderr)?,
            child: Arc::new(Mutex::new(child)),
            requests: FrameWriter::new(requests),
        })
    }

    pub fn child(&self) -> Arc<Mutex<Child>> {
        self.child.clone()
    }

    /// Has a document read; pages are added to `pages`, their number is in `total` when it was known.
    pub fn read(
        &mut self,
        request: &Request,
        pages: &mut Vec<Page>,
        total: &mut Option<u32>,
    ) -> Result<Outcome, Cause> {
        let wait = request.cpu_seconds.saturating_mul(3).min(LONGEST_WAIT);
        let in_time = match self.requests.request(request) {
            Ok(()) => self.readings.recv_timeout(Duration::from_secs(wait)),
            Err(_) => Err(RecvTimeoutError::Disconnected),
        };
        let cause = match &in_time {
            Ok(reading) if reading.outcome.is_some() => None,
            Err(RecvTimeoutError::Timeout) => {
                self.cause_of_death();
                Some(Cause::Timeout)
            }
            Ok(_) | Err(RecvTimeoutError::Disconnected) => Some(self.cause_of_death()),
        };
        // The pipe of a child that was ended is closed, so what it had sent comes at once.
        let reading = in_time
            .or_else(|_| self.readings.recv_timeout(Duration::from_secs(1)))
            .unwrap_or_default();
        pages.extend(reading.pages);
        *total = reading.total.or(*total);
        match (reading.outcome, cause) {
            (Some(outcome), None) => Ok(outcome),
            (_, cause) => Err(cause.unwrap_or(Cause::Crashed("no answer".to_string()))),
        }
    }

    fn cause_of_death(&mut self) -> Cause {
        let status = {
            let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
            // It closed its end of the pipe, so it is dead or about to be.
            let _ = child.kill();
            child.wait()
        };
        let last_words = self.last_words.recv_timeout(Duration::from_secs(1));
        match status {
            Ok(status) => cause(status, &last_words.unwrap_or_default()),
            Err(error) => Cause::Crashed(error.to_string()),
        }
    }
}

pub(super) fn pipe_is_missing() -> io::Error {
    io::Error::other("a pipe is missing")
}

/// Gathers what the child sends. The thread that waits for a document is told only once, at its end: a wake-up for
/// every page costs more than taking the page.
fn readings_of(answers: Awaited) -> io::Result<Receiver<Reading>> {
    let (sender, readings) = channel();
    let mut answers = FrameReader::new(answers);
    let listen = move || {
        let mut reading = Reading::default();
        loop {
            match answers.answer() {
                Some(Answer::Event(Event::Pages(count))) => reading.total = Some(count),
                Some(Answer::Event(Event::Page(page))) => reading.pages.push(page),
                Some(Answer::End(outcome)) => {
                    reading.outcome = Some(outcome);
                    if sender.send(std::mem::take(&mut reading)).is_err() {
                        break;
                    }
                }
                None => {
                    // Nobody may wait for it any more.
                    let _ = sender.send(reading);
                    break;
                }
            }
        }
    };
    named("worker pages", listen)?;
    Ok(readings)
}

/// Gives the end of what the child says on standard error, once it has ended; a full pipe would stop it.
fn last_words_of(mut stderr: ChildStderr) -> io::Result<Receiver<String>> {
    const KEPT: usize = 16 << 10;
    let (sender, last_words) = channel();
    let listen = move || {
        let (mut kept, mut piece) = (Vec::new(), [0; 4096]);
        while let Ok(n @ 1..) = stderr.read(&mut piece) {
            kept.extend_from_slice(piece.get(..n).unwrap_or_default());
            kept.drain(..kept.len().saturating_sub(KEPT));
        }
        // Nobody may wait for them any more.
        let _ = sender.send(String::from_utf8_lossy(&kept).into_owned());
    };
    named("worker errors", listen)?;
    Ok(last_words)
}

fn named(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    thread::Builder::new()
        .name(name.to_string())
        .stack_size(256 << 10)
        .spawn(work)
        .map(drop)
}

impl Drop for Process {
    fn drop(&mut self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = child.kill();
        let _ = child.wait();
    }
}

fn cause(status: ExitStatus, last_words: &str) -> Cause {
    if last_words.contains("memory allocation of") {
        return Cause::OutOfMemory;
    }
    if last_words.contains("overflowed its stack") {
        return Cause::Crashed("stack overflow".to_string());
    }
    #[cfg(unix)]
    {
        use nix::sys::signal::Signal;
        use std::os::unix::process::ExitStatusExt;
        if let Some(signal) = status.signal() {
            return match Signal::try_from(signal) {
                Ok(Signal::SIGXCPU) => Cause::Timeout,
                Ok(signal) => Cause::Crashed(signal.as_str().to_string()),
                Err(_) => Cause::Crashed(format!("signal {signal}")),
            };
        }
    }
    Cause::Crashed(status.to_string())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    #[test]
    fn a_death_is_named_by_its_signal_and_last_words() {
        let aborted = ExitStatus::from_raw(6);
        assert_eq!(
            cause(aborted, "memory allocation of 4096 bytes failed"),
            Cause::OutOfMemory
        );
        assert_eq!(
            cause(aborted, "thread 'main' has overflowed its stack"),
            Cause::Crashed("stack overflow".to_string())
        );
        assert_eq!(cause(aborted, ""), Cause::Crashed("SIGABRT".to_string()));
        assert_eq!(cause(ExitStatus::from_raw(24), ""), Cause::Timeout);
    }
}
