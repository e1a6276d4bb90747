//! The worker's side: reads documents on request until the pipe closes.

use std::io;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use super::frame::{Answer, FrameReader, FrameWriter, Request};
use super::limits::{limit_cpu, limit_memory};
use super::pipes;
use crate::extract::{Event, STACK, extract_from};

/// Serves requests on standard input with pages on standard output; ends the process when the parent is gone.
///
/// # Arguments
///
/// * `memory_limit`: bytes of address space, `None` for no limit.
pub fn serve(memory_limit: Option<u64>) {
    if let Some(bytes) = memory_limit {
        limit_memory(bytes);
    }
    let (sender, requests) = channel();
    // The reading thread is free to see the end of the input while a document keeps the other one busy.
    let reader = thread::Builder::new()
        .stack_size(STACK)
        .spawn(|| answer_all(requests));
    if reader.is_ok() {
        let mut input = FrameReader::new(io::stdin().lock());
        while let Some(request) = input.request() {
            if sender.send(request).is_err() {
                break;
            }
        }
    }
    // Nobody is there to read an answer, so what is being read is not finished.
    std::process::exit(0);
}

fn answer_all(requests: Receiver<Request>) {
    // Without a pipe there is nobody to answer.
    let Ok(pipe) = pipes::answers() else {
        std::process::exit(0);
    };
    let mut output = FrameWriter::new(pipe);
    let mut send = |answer: &Answer| {
        if output.answer(answer).is_err() {
            std::process::exit(0);
        }
    };
    for request in requests {
        limit_cpu(request.cpu_seconds);
        let mut each = |event: Event| {
            let last = matches!(&event, Event::Page(page) if page.number >= request.last);
            send(&Answer::Event(event));
            if last {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let outcome = extract_from(&request.path, request.start, &mut each);
        send(&Answer::End(outcome));
    }
}
