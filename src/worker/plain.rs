//! The pipes of a worker where the system has no sockets between processes: the reader is woken for every page.

use std::io;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// The parent's end for requests.
pub(super) type Requests = ChildStdin;

/// The parent's end for answers.
pub(super) type Awaited = ChildStdout;

/// Starts a worker with its pipes; its standard error is left to the caller.
pub(super) fn spawn(command: &mut Command) -> io::Result<(Child, Requests, Awaited)> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    match (child.stdin.take(), child.stdout.take()) {
        (Some(requests), Some(answers)) => Ok((child, requests, answers)),
        _ => Err(super::process::pipe_is_missing()),
    }
}

/// The worker's side of the pipe. Standard output of the library looks for line ends in all that is written and copies
/// what follows the last.
#[cfg(windows)]
pub(super) fn answers() -> io::Result<std::fs::File> {
    use std::os::windows::io::AsHandle;
    Ok(io::stdout().as_handle().try_clone_to_owned()?.into())
}

/// The worker's side of the pipe.
#[cfg(not(windows))]
pub(super) fn answers() -> io::Result<io::Stdout> {
    Ok(io::stdout())
}
