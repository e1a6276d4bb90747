//! `mieruka code`

use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
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

/// Reads and checks all passages before the first is coded: what fails prints nothing.
pub fn run(args: &CodeArgs) -> Result<Outcome> {
    let dictionaries = Dictionaries::locate(args.dictionaries.dictionaries.as_deref(), Path::new("."));
    let loaded = input::load_coder(&args.dictionaries, &dictionaries, None)?;
    let mut passages = Vec::new();
    for path in &args.files {
        passages.extend(read_passages(path)?);
    }
    let mut worker = loaded.coder.worker();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (line, place) in &passages {
        let coding = worker.code(&line.input()).with_context(|| place.clone())?;
        serde_json::to_writer(
            &mut out,
            &Coded {
                id: &line.id,
                coding: &coding,
            },
        )?;
        writeln!(out)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// The passages of a JSONL file, each with its place (`file:line`); `-` is standard input.
pub(super) fn read_passages(path: &Path) -> Result<Vec<(Line, String)>> {
    let shown = path.display();
    if path.is_dir() {
        bail!(
            "{shown}: is a folder: name a file of passages. From PDFs: mieruka passages {shown}/*.pdf > passages.jsonl"
        );
    }
    let mut bytes = Vec::new();
    input::open(path)?
        .read_to_end(&mut bytes)
        .with_context(|| format!("{shown}: cannot be read"))?;
    if bytes.starts_with(b"%PDF") {
        bail!("{shown}: is a PDF: first mieruka passages {shown} > passages.jsonl, then give passages.jsonl");
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(e) => {
            let before = e
                .as_bytes()
                .get(..e.utf8_error().valid_up_to())
                .unwrap_or_default();
            let line = before.iter().filter(|b| **b == b'\n').count() + 1;
            bail!("{shown}:{line}: not UTF-8 text: save the file as UTF-8 (Shift_JIS is not read here)");
        }
    };
    let text = text.trim_start_matches('\u{feff}');
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            let place = format!("{shown}:{}", number + 1);
            match serde_json::from_str(line) {
                Ok(passage) => Ok((passage, place)),
                Err(e) => bail!("{place}: {}", why_no_passage(line, &e)),
            }
        })
        .collect()
}

/// What is wrong with a line, with the cure; the line is told already.
fn why_no_passage(line: &str, error: &serde_json::Error) -> String {
    let line = line.trim();
    if line.starts_with('[') {
        return "a JSON array, not one object a line: jq -c '.[]' FILE > passages.jsonl".to_owned();
    }
    if line == "{" {
        return "an object spread over several lines, not one object a line: jq -c . FILE > passages.jsonl"
            .to_owned();
    }
    let expected = "expected one JSON object a line with \"id\" and \"text\"";
    if !line.starts_with('{') {
        return format!("{expected}, not other text; for a single text: mieruka explain 'TEXT'");
    }
    let told = error.to_string();
    // The error counts lines within this one line.
    let told = told.split(" at line ").next().unwrap_or(&told);
    format!("{expected}: {told} (column {})", error.column())
}
