//! `mieruka extract`

use std::io::Write;

use anyhow::Result;
use serde::Serialize;

use super::args::{ExtractArgs, ExtractFormat};
use super::{Outcome, input};
use crate::extract::{Engine, PageStatus, extract_file};
use crate::layout::page_text;

#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    page: u32,
    status: PageStatus,
    engine: Engine,
    text: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'a str,
}

pub fn run(args: &ExtractArgs) -> Result<Outcome> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut outcome = Outcome::Done;
    for path in &args.files {
        let extraction = extract_file(path);
        let file = path.display().to_string();
        if !input::told_as_read(path, &extraction) {
            outcome = Outcome::SomeFailed;
        }
        for page in &extraction.pages {
            let text = page_text(page);
            match args.format {
                ExtractFormat::Text => writeln!(out, "{text}\u{c}")?,
                ExtractFormat::Jsonl => {
                    let line = Line {
                        file: &file,
                        page: page.number,
                        status: page.status,
                        engine: page.engine,
                        text: &text,
                        reason: &page.reason,
                    };
                    serde_json::to_writer(&mut out, &line)?;
                    writeln!(out)?;
                }
            }
        }
    }
    out.flush()?;
    Ok(outcome)
}
