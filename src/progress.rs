//! Progress on standard error: documents done of all, pages per second, failures, time left.

use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A line that tells how far the run is. Draws nothing when standard error is not a terminal.
pub struct Progress {
    bar: ProgressBar,
    begun: Instant,
    pages: u64,
    failures: u64,
}

impl Progress {
    /// Begins.
    ///
    /// # Arguments
    /// * `documents` - how many there are.
    /// * `quiet` - draw nothing in any case.
    pub fn new(documents: usize, quiet: bool) -> Self {
        let target = if quiet {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(Some(documents as u64), target);
        // The template is fixed; a typing error in it shows as the plain bar, not as a crash.
        if let Ok(style) = ProgressStyle::with_template(
            "{bar:24} {pos}/{len} documents, {msg}, {elapsed_precise} so far, {eta_precise} left",
        ) {
            bar.set_style(style);
        }
        bar.set_message("0 pages/s, 0 failed");
        Self {
            bar,
            begun: Instant::now(),
            pages: 0,
            failures: 0,
        }
    }

    /// One document is done.
    pub fn document(&mut self, pages: u32, failed: bool) {
        self.pages += u64::from(pages);
        self.failures += u64::from(failed);
        let seconds = self.begun.elapsed().as_secs_f64().max(1e-3);
        self.bar.set_message(format!(
            "{:.0} pages/s, {} failed",
            self.pages as f64 / seconds,
            self.failures
        ));
        self.bar.inc(1);
    }

    /// Removes the line.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
