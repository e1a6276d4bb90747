//! Extraction in child processes, so that no file can take the program down.
//!
//! A stack overflow, an abort, a loop without end or two gigabytes out of two kilobytes cannot be stopped inside a
//! process. So documents are read by children of the same binary (`mieruka worker`), one per thread and long-lived. The
//! path of a document goes in, pages come out one by one; the child limits its own memory and processor time, the parent
//! watches the wall clock. A child that dies is replaced, the pages it had finished are kept, and the page it died on is
//! tried once more with the other engine.

#[cfg(unix)]
mod bell;
mod child;
mod codec;
mod frame;
mod limits;
#[cfg(not(unix))]
mod plain;
mod process;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

#[cfg(unix)]
use bell as pipes;
pub use child::serve;
#[cfg(not(unix))]
use plain as pipes;

use crate::extract::{
    DocumentStatus, Engine, Extraction, Outcome, Page, PageStatus, Start, extract_first, outcome_of,
};
use frame::Request;
use process::{Cause, Process};

/// What one document may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Processor time, in whole seconds, at least one; a wall clock of three times that guards against waiting.
    pub cpu: Duration,
    /// Address space in bytes.
    pub memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            cpu: Duration::from_secs(60),
            memory: 2 << 30,
        }
    }
}

/// Workers that are shared among threads: each thread takes one for a document and gives it back.
pub struct Pool {
    program: PathBuf,
    limits: Limits,
    idle: Mutex<Vec<Process>>,
    children: Mutex<Vec<Weak<Mutex<std::process::Child>>>>,
    stopped: AtomicBool,
    unavailable: AtomicBool,
}

impl Pool {
    /// A pool of children of the running binary, started as they are needed.
    ///
    /// # Errors
    ///
    /// When the system does not tell where the binary is.
    pub fn new(limits: Limits) -> io::Result<Self> {
        Ok(Self::of_program(std::env::current_exe()?, limits))
    }

    /// A pool of children of another binary with the same `worker` command, as tests need it.
    pub fn of_program(program: PathBuf, limits: Limits) -> Self {
        Self {
            program,
            limits,
            idle: Mutex::default(),
            children: Mutex::default(),
            stopped: AtomicBool::new(false),
            unavailable: AtomicBool::new(false),
        }
    }

    /// Reads a document in a worker. Like [`extract_file`], it never fails: the statuses tell.
    ///
    /// Where no child can be started at all (a sandbox forbids it), the document is read in this process.
    pub fn extract(&self, path: &Path) -> Extraction {
        self.extract_first(path, u32::MAX)
    }

    /// Reads the first pages of a document in a worker, at least one and at most `most`.
    pub fn extract_first(&self, path: &Path, most: u32) -> Extraction {
        let mut pages = Vec::new();
        let mut total = None;
        let mut request = Request {
            path: path.to_path_buf(),
            start: Start::default(),
            last: most,
            cpu_seconds: self.limits.cpu.as_secs().max(1),
        };
        let first = self.attempt(&request, &mut pages, &mut total);
        let cause = match first {
            Ok(outcome) => return finished(outcome, pages),
            Err(Cause::Unavailable) => {
                self.unavailable.store(true, Ordering::Relaxed);
                return extract_first(path, most);
            }
            Err(Cause::Stopped) => return finished(interrupted(), pages),
            Err(cause) => cause,
        };
        let died_on = pages.len() as u32 + 1;
        request.start = Start {
            page: died_on,
            second_engine: true,
        };
        match self.attempt(&request, &mut pages, &mut total) {
            Ok(outcome) => recovered(&cause, died_on, outcome, pages),
            Err(Cause::Stopped) => finished(interrupted(), pages),
            Err(again) => given_up((&cause, died_on), &again, total, pages),
        }
    }

    /// Whether every document so far was read in a worker.
    pub fn is_isolated(&self) -> bool {
        !self.unavailable.load(Ordering::Relaxed)
    }

    /// Ends every child now; documents that are being read come back as interrupted, and so does whatever is asked after.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        for child in self
            .children
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .filter_map(Weak::upgrade)
        {
            // A child that has just ended by itself is ended all the same.
            let _ = child.lock().unwrap_or_else(PoisonError::into_inner).kill();
        }
    }

    fn attempt(
        &self,
        request: &Request,
        pages: &mut Vec<Page>,
        total: &mut Option<u32>,
    ) -> Result<Outcome, Cause> {
        if self.stopped.load(Ordering::SeqCst) {
            return Err(Cause::Stopped);
        }
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut process = match idle {
            Some(process) => process,
            None => self.start()?,
        };
        let result = process.read(request, pages, total);
        if result.is_ok() {
            self.idle
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(process);
        } else if self.stopped.load(Ordering::SeqCst) {
            return Err(Cause::Stopped);
        }
        result
    }

    fn start(&self) -> Result<Process, Cause> {
        let process = Process::start(&self.program, self.limits.memory).map_err(|_| Cause::Unavailable)?;
        let mut children = self.children.lock().unwrap_or_else(PoisonError::into_inner);
        children.retain(|child| child.strong_count() > 0);
        children.push(Arc::downgrade(&process.child()));
        drop(children);
        // Stopped in the meantime: this child was not in the list yet.
        if self.stopped.load(Ordering::SeqCst) {
            return Err(Cause::Stopped);
        }
        Ok(process)
    }
}

fn finished(outcome: Outcome, pages: Vec<Page>) -> Extraction {
    Extraction {
        status: outcome.status,
        reason: outcome.reason,
        pages,
    }
}

fn interrupted() -> Outcome {
    Outcome {
        status: DocumentStatus::Interrupted,
        reason: "the run was interrupted".to_string(),
        damage: None,
    }
}

/// The second engine got over the page that the first died on, or at least the rest of the document was read.
fn recovered(cause: &Cause, died_on: u32, outcome: Outcome, pages: Vec<Page>) -> Extraction {
    let note = format!("the first engine {} on page {died_on}", cause.told());
    let read = pages
        .get(died_on as usize - 1)
        .is_some_and(|p| p.status == PageStatus::Ok);
    if pages.is_empty() {
        return finished(outcome, pages);
    }
    let whole = outcome_of(&pages, outcome.damage.as_deref());
    let reason = if whole.reason.is_empty() {
        note
    } else {
        format!("{note}; {}", whole.reason)
    };
    Extraction {
        status: if read { whole.status } else { cause.status() },
        reason,
        pages,
    }
}

/// The second try ended badly too, on the same page or a later one: what was read is kept, the rest is failed pages.
fn given_up(
    (first, first_died_on): (&Cause, u32),
    again: &Cause,
    total: Option<u32>,
    mut pages: Vec<Page>,
) -> Extraction {
    let read = pages.len();
    let died_on = read as u32 + 1;
    // On the same page the cause is what befell the first engine; the second does worse on any page.
    let cause = if died_on == first_died_on { first } else { again };
    let told = cause.told();
    for number in read as u32 + 1..=total.unwrap_or(0) {
        let reason = if number == died_on {
            format!("the reader {told}")
        } else {
            String::from("not reached")
        };
        pages.push(unread(number, reason));
    }
    let of = total.map(|n| format!(" of {n}")).unwrap_or_default();
    let place = if total.is_some() {
        format!("on page {died_on}{of}")
    } else {
        "on opening it".to_string()
    };
    let reason = match read {
        0 => format!("the reader {told} {place}"),
        1 => format!("the reader {told} {place}; 1 page was read"),
        n => format!("the reader {told} {place}; {n} pages were read"),
    };
    Extraction {
        status: cause.status(),
        reason,
        pages,
    }
}

fn unread(number: u32, reason: String) -> Page {
    Page {
        number,
        width: 0.0,
        height: 0.0,
        status: PageStatus::Failed,
        engine: Engine::None,
        glyphs: Vec::new(),
        fonts: Vec::new(),
        rules: Vec::new(),
        images: 0,
        lost_glyphs: 0,
        reason,
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::time::Instant;

    /// A pool whose workers are a shell script: how they die is what is tested.
    fn pool_of(script: &str) -> (tempfile::TempDir, Pool) {
        let dir = tempfile::tempdir().expect("temporary folder");
        let program = dir.path().join("worker.sh");
        fs::write(&program, format!("#!/bin/sh\n{script}\n")).expect("script");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("executable");
        let limits = Limits {
            cpu: Duration::from_secs(1),
            memory: 1 << 30,
        };
        let pool = Pool::of_program(program, limits);
        (dir, pool)
    }

    fn end_of(script: &str) -> (DocumentStatus, String) {
        let (_dir, pool) = pool_of(script);
        let extraction = pool.extract(Path::new("report.pdf"));
        (extraction.status, extraction.reason)
    }

    #[test]
    fn deaths_are_statuses() {
        let (status, reason) = end_of("kill -SEGV $$");
        assert_eq!(
            (status, reason.as_str()),
            (
                DocumentStatus::Crashed,
                "the reader crashed (SIGSEGV) on opening it"
            )
        );
        let (status, _) = end_of("echo 'memory allocation of 9 bytes failed' >&2; kill -ABRT $$");
        assert_eq!(status, DocumentStatus::OutOfMemory);
        let (status, _) = end_of("kill -XCPU $$");
        assert_eq!(status, DocumentStatus::Timeout);
    }

    #[test]
    fn a_worker_that_waits_is_ended_by_the_wall_clock() {
        let begun = Instant::now();
        assert_eq!(end_of("sleep 60").0, DocumentStatus::Timeout);
        assert!(begun.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn stopping_ends_what_is_being_read() {
        let (_dir, pool) = pool_of("sleep 60");
        let status = std::thread::scope(|scope| {
            let reading = scope.spawn(|| pool.extract(Path::new("report.pdf")).status);
            std::thread::sleep(Duration::from_millis(200));
            pool.stop();
            reading.join().expect("no panic")
        });
        assert_eq!(status, DocumentStatus::Interrupted);
    }

    #[test]
    fn pages_read_before_the_death_are_kept() {
        let kept = vec![unread(1, String::new())];
        let extraction = given_up((&Cause::Timeout, 2), &Cause::OutOfMemory, Some(3), kept);
        assert_eq!(extraction.pages.len(), 3);
        assert_eq!(
            extraction.reason,
            "the reader ran out of time on page 2 of 3; 1 page was read"
        );
    }
}
