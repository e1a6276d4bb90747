//! `mieruka code`

use std::io::{BufRead, Write};
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::Outcome;
use super::args::CodeArgs;
use super::input;
use crate::coding::{Coding, CodingInput, CodingWorker};
use crate::dictionaries::Dictionaries;

/// A passage to code; other keys of the line are ignored.
#[derive(Deserialize)]
struct Line {
    id: String,
    text: String,
    #[serde(default)]
    headings: Vec<String>,
    #[serde(default)]
    previous: Option<String>,
}

#[derive(Serialize)]
struct Coded<'a> {
    id: &'a str,
    #[serde(flatten)]
    coding: &'a Coding,
}

pub fn run(args: &CodeArgs) -> Result<Outcome> {
    let dictionaries = Dictionaries::locate(args.dictionaries.dictionaries.as_deref(), None);
    let loaded = input::load_coder(&args.dictionaries, &dictionaries, None)?;
    let mut worker = loaded.coder.worker();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for path in &args.files {
        code_file(path, &mut worker, &mut out)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

fn code_file(path: &Path, worker: &mut CodingWorker, out: &mut impl Write) -> Result<()> {
    for (number, line) in input::open(path)?.lines().enumerate() {
        let place = || format!("{}:{}", path.display(), number + 1);
        let line = line.with_context(|| format!("{}: not UTF-8 text", place()))?;
        if line.trim().is_empty() {
            continue;
        }
        let line: Line = serde_json::from_str(line.trim_start_matches('\u{feff}')).with_context(|| {
            format!(
                "{}: expected one JSON object a line with \"id\" and \"text\"",
                place()
            )
        })?;
        let passage = CodingInput {
            text: &line.text,
            headings: &line.headings,
            previous: line.previous.as_deref(),
            ..CodingInput::default()
        };
        let coding = worker.code(&passage).with_context(place)?;
        serde_json::to_writer(
            &mut *out,
            &Coded {
                id: &line.id,
                coding: &coding,
            },
        )?;
        writeln!(out)?;
    }
    Ok(())
}
