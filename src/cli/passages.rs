//! `mieruka passages`

use std::io::Write;

use anyhow::Result;
use serde::Serialize;

use super::args::PassagesArgs;
use super::{Outcome, input};
use crate::extract::extract_file;
use crate::layout::lay_out;
use crate::passage::{Passage, cut};

#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    #[serde(flatten)]
    passage: &'a Passage,
}

pub fn run(args: &PassagesArgs) -> Result<Outcome> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut outcome = Outcome::Done;
    for path in &args.files {
        let file = path.display().to_string();
        let extraction = extract_file(path);
        if !input::told_as_read(path, &extraction) {
            outcome = Outcome::SomeFailed;
        }
        let stem = path
            .file_stem()
            .map(|s| s.to_string_lossy().into_owned())
            .unwrap_or_default();
        for passage in cut(&stem, &lay_out(&extraction.pages)) {
            serde_json::to_writer(
                &mut out,
                &Line {
                    file: &file,
                    passage: &passage,
                },
            )?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(outcome)
}
