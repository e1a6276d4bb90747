//! How the commands read documents: in worker processes, within limits, and until Ctrl-C.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use anyhow::{Context, Result};

use super::args::LimitArgs;
use super::say::say;
use crate::extract::{Extraction, extract_first};
use crate::provenance::Isolation;
use crate::worker::{Limits, Pool};

/// Reads documents for a command.
pub struct Reading {
    /// None where the system does not tell where the binary is, so that no worker can be started.
    pool: Option<Arc<Pool>>,
    limits: Limits,
    stop: Arc<AtomicBool>,
}

impl Reading {
    /// Sets up workers, which are started as they are needed, and the handler of Ctrl-C.
    ///
    /// Ctrl-C once: the workers end at once, what is finished is written. Twice: the program ends; outputs of an earlier
    /// run stay whole.
    pub fn new(args: &LimitArgs) -> Result<Self> {
        let limits = Limits {
            cpu: Duration::from_secs(args.timeout),
            memory: args.memory_limit,
        };
        let pool = Pool::new(limits).ok().map(Arc::new);
        let stop = Arc::new(AtomicBool::new(false));
        // Weak: the handler lives as long as the process, the workers shall end with the command.
        let (workers, flag) = (pool.as_ref().map(Arc::downgrade), Arc::clone(&stop));
        let interrupt = move || {
            if flag.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
            if let Some(workers) = workers.as_ref().and_then(Weak::upgrade) {
                workers.stop();
            }
            say(format_args!(
                "stopping; what is finished is kept (Ctrl-C again to end at once)"
            ));
        };
        ctrlc::set_handler(interrupt).context("the handler of Ctrl-C could not be set")?;
        Ok(Self { pool, limits, stop })
    }

    /// Every page of a document.
    pub fn extract(&self, path: &Path) -> Extraction {
        self.extract_first(path, u32::MAX)
    }

    /// The first pages of a document, at least one and at most `most`.
    pub fn extract_first(&self, path: &Path, most: u32) -> Extraction {
        match &self.pool {
            Some(pool) => pool.extract_first(path, most),
            None => extract_first(path, most),
        }
    }

    /// Set by Ctrl-C.
    pub fn stop(&self) -> &AtomicBool {
        &self.stop
    }

    /// Whether Ctrl-C was pressed.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// For `run.json`.
    pub fn isolation(&self) -> Isolation {
        Isolation {
            workers: self.pool.as_ref().is_some_and(|pool| pool.is_isolated()),
            timeout_seconds: self.limits.cpu.as_secs(),
            memory_limit: self.limits.memory,
        }
    }
}
