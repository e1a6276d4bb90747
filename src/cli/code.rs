//! `mieruka code`

use std::io::{BufRead, Write};
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::args::CodeArgs;
use super::{Outcome, input};
use crate::coding::{Coding, CodingInput};
use crate::dictionaries::Dictionaries;

/// A passage to code; other keys of the line are ignored.
#[derive(Deserialize)]
pub(super) struct Line {
    pub id: String,
    pub text: String,
    #[serde(default)]
    pub headings: Vec<String>,
    #[serde(default)]
    pub previous: Option<String>,
}

impl Line {
    /// A passage that is only a text.
    pub fn of_text(text: &str) -> Self {
        Self {
            id: "text".to_owned(),
            text: text.to_owned(),
            headings: Vec::new(),
            previous: None,
        }
    }

    pub fn input(&self) -> CodingInput<'_> {
        CodingInput {
            text: &self.text,
            headings: &self.headings,
            previous: self.previous.as_deref(),
            ..CodingInput::default()
        }
    }
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
        passages(path, |line, place| {
            let coding = worker.code(&line.input()).with_context(|| place.to_owned())?;
            serde_json::to_writer(
                &mut out,
                &Coded {
                    id: &line.id,
                    coding: &coding,
                },
            )?;
            Ok(writeln!(out)?)
        })?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// Hands every passage of a JSONL file to `each`, with its place (`file:line`).
pub(super) fn passages(path: &Path, mut each: impl FnMut(&Line, &str) -> Result<()>) -> Result<()> {
    for (number, line) in input::open(path)?.lines().enumerate() {
        let place = format!("{}:{}", path.display(), number + 1);
        let line = line.with_context(|| format!("{place}: not UTF-8 text"))?;
        if line.trim().is_empty() {
            continue;
        }
        let line: Line = serde_json::from_str(line.trim_start_matches('\u{feff}'))
            .with_context(|| format!("{place}: expected one JSON object a line with \"id\" and \"text\""))?;
        each(&line, &place)?;
    }
    Ok(())
}
