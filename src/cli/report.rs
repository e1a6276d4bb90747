//! What `mieruka run` does for the report besides writing it.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::args::{RunArgs, TableFormat};
use super::evaluate;
use super::say::say;
use crate::coding::Coder;
use crate::evaluate::{compare, read_gold};
use crate::export::html::Gold;

/// What is to be opened must be written.
pub fn is_wanted(args: &RunArgs) -> bool {
    args.open || args.format.contains(&TableFormat::Html)
}

/// The machine against the gold files of the command line.
pub fn gold(args: &RunArgs, coder: &Coder) -> Result<Option<Gold>> {
    if args.gold.is_empty() {
        return Ok(None);
    }
    let passages = read_gold(evaluate::sources(&args.gold)?)?;
    let evaluation = compare(&passages, &evaluate::code_gold(coder, &passages)?)?;
    let name = |file: &PathBuf| {
        file.file_name()
            .unwrap_or(file.as_os_str())
            .to_string_lossy()
            .into_owned()
    };
    Ok(Some(Gold {
        files: args.gold.iter().map(name).collect(),
        evaluation,
    }))
}

/// Opens the report by whatever the desktop opens pages with. There may be no desktop: the report is there all the same.
pub fn open(report: &Path) {
    if let Err(error) = ::open::that_detached(report) {
        say(format_args!(
            "{}: nothing here opens it ({error}): open it in a browser",
            report.display()
        ));
    }
}
