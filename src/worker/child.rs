//! The worker's side: reads documents on request until the pipe closes.

use std::io::{self, Write};

use super::frame::{Answer, Request};
use super::limits::{limit_cpu, limit_memory};
use crate::extract::{Event, extract_from};

/// Serves requests on standard input with pages on standard output; ends when the parent is gone.
///
/// # Arguments
///
/// * `memory_limit`: bytes of address space, `None` for no limit.
pub fn serve(memory_limit: Option<u64>) {
    if let Some(bytes) = memory_limit {
        limit_memory(bytes);
    }
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    while let Some(request) = Request::read(&mut input) {
        limit_cpu(request.cpu_seconds);
        let mut send = |answer: &Answer| {
            if answer.write(&mut output).and_then(|()| output.flush()).is_err() {
                // Nobody reads any more: the rest of the document would be read for nothing.
                std::process::exit(0);
            }
        };
        let mut each = |event: Event| send(&Answer::Event(event));
        let outcome = extract_from(&request.path, request.start, &mut each);
        send(&Answer::End(outcome));
    }
}
