//! The parent's side: one child, its pipes, and how it died.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::Limits;
use super::frame::{Answer, Request};
use crate::extract::{DocumentStatus, Event, Outcome, Page, Start};

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

/// A running child.
pub(super) struct Process {
    child: Arc<Mutex<Child>>,
    stdin: ChildStdin,
    stderr: ChildStderr,
    answers: Receiver<Answer>,
}

impl Process {
    pub fn start(program: &Path, memory: u64) -> io::Result<Self> {
        let mut child = Command::new(program)
            .arg("worker")
            .arg("--memory-limit")
            .arg(memory.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let missing = || io::Error::other("a pipe is missing");
        let stdin = child.stdin.take().ok_or_else(missing)?;
        let mut stdout = child.stdout.take().ok_or_else(missing)?;
        let stderr = child.stderr.take().ok_or_else(missing)?;
        // A few pages ahead, so that the child need not wait while the parent lays out.
        let (sender, answers) = sync_channel(8);
        thread::Builder::new()
            .name("worker pipe".to_string())
            .spawn(move || {
                while let Some(answer) = Answer::read(&mut stdout) {
                    if sender.send(answer).is_err() {
                        break;
                    }
                }
            })?;
        Ok(Self {
            child: Arc::new(Mutex::new(child)),
            stdin,
            stderr,
            answers,
        })
    }

    pub fn child(&self) -> Arc<Mutex<Child>> {
        self.child.clone()
    }

    /// Has a document read; pages arrive in `pages`, their number in `total` as soon as it is known.
    pub fn read(
        &mut self,
        path: &Path,
        start: Start,
        limits: Limits,
        pages: &mut Vec<Page>,
        total: &mut Option<u32>,
    ) -> Result<Outcome, Cause> {
        let request = Request {
            path: path.to_path_buf(),
            start,
            cpu_seconds: limits.cpu.as_secs().max(1),
        };
        if request.write(&mut self.stdin).is_err() {
            return Err(self.cause_of_death());
        }
        let deadline = Instant::now() + limits.cpu.saturating_mul(3).max(Duration::from_secs(1));
        loop {
            match self
                .answers
                .recv_timeout(deadline.saturating_duration_since(Instant::now()))
            {
                Ok(Answer::Event(Event::Pages(count))) => *total = Some(count),
                Ok(Answer::Event(Event::Page(page))) => pages.push(page),
                Ok(Answer::End(outcome)) => return Ok(outcome),
                Err(RecvTimeoutError::Timeout) => return Err(Cause::Timeout),
                Err(RecvTimeoutError::Disconnected) => return Err(self.cause_of_death()),
            }
        }
    }

    fn cause_of_death(&mut self) -> Cause {
        let status = {
            let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
            // It closed its end of the pipe, so it is dead or about to be.
            let _ = child.kill();
            child.wait()
        };
        let mut last_words = String::new();
        let _ = (&mut self.stderr).take(16 << 10).read_to_string(&mut last_words);
        match status {
            Ok(status) => cause(status, &last_words),
            Err(error) => Cause::Crashed(error.to_string()),
        }
    }
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
