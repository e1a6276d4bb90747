//! `mieruka init`

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};

use super::Outcome;
use super::args::{InitArgs, LimitArgs};
use super::reading::Reading;
use crate::dictionaries::Dictionaries;
use crate::layout::page_text;
use crate::manifest;

/// The title page may come after a cover picture and a table of contents.
const TITLE_PAGES: u32 = 3;

pub fn run(args: &InitArgs) -> Result<Outcome> {
    let dictionaries = Dictionaries::locate(args.dictionaries.as_deref(), Path::new("."));
    let manifest_dir = args
        .output
        .as_deref()
        .and_then(Path::parent)
        .unwrap_or(Path::new(""));
    let reading = Reading::new(&LimitArgs::default())?;
    let toml = manifest::init::init(
        &args.dir,
        manifest_dir,
        args.companies.as_deref(),
        &dictionaries,
        &|path| title_pages(path, &reading),
    )?;
    if reading.is_stopped() {
        return Ok(Outcome::Interrupted);
    }
    match &args.output {
        None => std::io::stdout().write_all(toml.as_bytes())?,
        Some(path) => {
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(path)
                .with_context(|| {
                    format!(
                        "{}: cannot be written (init never replaces a file)",
                        path.display()
                    )
                })?;
            file.write_all(toml.as_bytes())?;
        }
    }
    Ok(Outcome::Done)
}

fn title_pages(path: &Path, reading: &Reading) -> Option<String> {
    let extraction = reading.extract_first(path, TITLE_PAGES);
    let text: Vec<String> = extraction.pages.iter().map(page_text).collect();
    (!text.is_empty()).then(|| text.join("\n"))
}
