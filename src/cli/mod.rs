//! The command line: one module per command, each thin over the library.

mod args;
mod check;
mod code;
mod evaluate;
mod explain;
mod extract;
mod init;
mod input;
mod passages;
mod reading;
mod report;
mod run;
mod say;
mod scheme;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use args::{Cli, Command};

/// How a command ended: the exit codes of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Everything done.
    Done,
    /// Finished, but some documents failed; rows say which.
    SomeFailed,
    /// Interrupted; what was finished is kept.
    Interrupted,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        ExitCode::from(match outcome {
            Outcome::Done => 0,
            Outcome::SomeFailed => 1,
            Outcome::Interrupted => 130,
        })
    }
}

/// Wrong usage, manifest or scheme; nothing was written.
const WRONG_INPUT: u8 = 2;

/// The error and its causes; a cause that the error has quoted already is not told again.
fn told(error: &anyhow::Error) -> String {
    error.chain().fold(String::new(), |told, cause| {
        let cause = cause.to_string();
        match (told.is_empty(), told.contains(&cause)) {
            (true, _) => cause,
            (_, true) => told,
            (_, false) => format!("{told}: {cause}"),
        }
    })
}

/// Runs the program with the arguments of the process and gives its exit code.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            // A pipe closed by the reader (`mieruka --help | head`) is no failure.
            let _ = e.print();
            return match e.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
                _ => ExitCode::from(WRONG_INPUT),
            };
        }
    };
    let result = match cli.command {
        None => run::run(&cli.run),
        Some(Command::Run(args)) => run::run(&args),
        Some(Command::Init(args)) => init::run(&args),
        Some(Command::Check(args)) => check::run(&args),
        Some(Command::Extract(args)) => extract::run(&args),
        Some(Command::Passages(args)) => passages::run(&args),
        Some(Command::Code(args)) => code::run(&args),
        Some(Command::Explain(args)) => explain::run(&args),
        Some(Command::Evaluate(args)) => evaluate::run(&args),
        Some(Command::Scheme(command)) => scheme::run(&command),
        Some(Command::Worker(args)) => {
            crate::worker::serve(args.memory_limit);
            Ok(Outcome::Done)
        }
    };
    match result {
        Ok(outcome) => outcome.into(),
        Err(e) if input::is_broken_pipe(&e) => ExitCode::SUCCESS,
        Err(e) => {
            let text = told(&e);
            // A list of problems says of each how grave it is.
            let prefix = if text.starts_with("error:") || text.starts_with("warning:") {
                ""
            } else {
                "error: "
            };
            // Each line of a list of problems is one of them.
            let lines: Vec<String> = text.lines().map(|line| format!("{prefix}{line}")).collect();
            say::say(format_args!("{}", lines.join("\n")));
            ExitCode::from(WRONG_INPUT)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_that_was_quoted_is_told_once() {
        let quoting = anyhow::anyhow!("disk full").context("a.csv: disk full. Name another");
        assert_eq!(told(&quoting), "a.csv: disk full. Name another");
        let silent = anyhow::anyhow!("disk full").context("a.csv");
        assert_eq!(told(&silent), "a.csv: disk full");
    }
}
