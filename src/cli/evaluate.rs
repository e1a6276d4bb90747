//! `mieruka evaluate`

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::Outcome;
use super::args::EvaluateArgs;
use super::input;
use super::say::say;
use crate::coding::{Coder, CodingInput};
use crate::dictionaries::Dictionaries;
use crate::evaluate::{
    CodedById, GoldPassage, Source, compare, disagreements, read_coded, read_gold, write_disagreements,
};
use crate::scheme::Scheme;

pub fn run(args: &EvaluateArgs) -> Result<Outcome> {
    if let Some(path) = &args.disagreements {
        input::not_over(path, args.gold.iter().chain(&args.against).map(PathBuf::as_path))?;
    }
    let gold = read_gold(sources(&args.gold)?)?;
    let coded = if args.against.is_empty() {
        code_by_machine(args, &gold)?
    } else {
        read_coded(sources(&args.against)?)?
    };
    if !args.against.is_empty() {
        tell_of_lone_codes(&gold, &coded);
    }
    let evaluation = compare(&gold, &coded)?;
    if let Some(path) = &args.disagreements {
        let rows = disagreements(&gold, &coded)?;
        input::write_file(path, |file| Ok(write_disagreements(&rows, file)?))?;
    }
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer_pretty(&mut out, &evaluation)?;
        writeln!(out)?;
    } else {
        writeln!(out, "{evaluation}")?;
    }
    Ok(Outcome::Done)
}

/// A code that one coder alone ever gives may be a slip of the pen; it has a row of its own among the figures.
fn tell_of_lone_codes(gold: &[GoldPassage], coded: &[CodedById]) {
    let of_gold: BTreeSet<&str> = gold.iter().flat_map(|g| &g.labels).map(String::as_str).collect();
    let of_other: BTreeSet<&str> = coded.iter().flat_map(|c| &c.labels).map(String::as_str).collect();
    for (own, other, whose) in [
        (&of_gold, &of_other, "the gold"),
        (&of_other, &of_gold, "--against"),
    ] {
        let lone: Vec<&str> = own.difference(other).copied().collect();
        if !lone.is_empty() {
            say(format_args!(
                "note: {} only in {whose}: codes that the other coder never gave, or slips of the pen",
                lone.join(", ")
            ));
        }
    }
}

pub(super) fn sources(paths: &[PathBuf]) -> Result<Vec<Source<'static>>> {
    paths
        .iter()
        .map(|path| {
            Ok(Source {
                name: path.display().to_string(),
                lines: input::open(path)?,
            })
        })
        .collect()
}

fn code_by_machine(args: &EvaluateArgs, gold: &[GoldPassage]) -> Result<Vec<CodedById>> {
    let mut counted = gold.iter().filter(|passage| !passage.is_heading()).peekable();
    anyhow::ensure!(
        counted.peek().is_none() || counted.any(|passage| !passage.text.trim().is_empty()),
        "the gold holds no text to code: add a column or key \"text\", or name another coder's file with --against"
    );
    let dictionaries = Dictionaries::locate(args.dictionaries.dictionaries.as_deref(), Path::new("."));
    let loaded = input::load_coder(&args.dictionaries, &dictionaries, None)?;
    known_codes(gold, loaded.coder.scheme())?;
    code_gold(&loaded.coder, gold)
}

/// A code that was mistyped in the gold would be counted as missed by the machine.
fn known_codes(gold: &[GoldPassage], scheme: &Scheme) -> Result<()> {
    for passage in gold {
        if let Some(label) = scheme.stranger(&passage.labels) {
            anyhow::bail!(
                "passage {}: the code \"{label}\" is not in the scheme {}; its codes are {}",
                passage.id,
                scheme.id,
                scheme.code_ids()
            );
        }
    }
    Ok(())
}

/// Gives the passages of a gold file the machine's codes.
pub(super) fn code_gold(coder: &Coder, gold: &[GoldPassage]) -> Result<Vec<CodedById>> {
    let mut worker = coder.worker();
    gold.iter()
        .filter(|passage| !passage.is_heading())
        .map(|passage| {
            let coding = worker
                .code(&CodingInput {
                    text: &passage.text,
                    headings: &passage.headings,
                    previous: passage.previous.as_deref(),
                    ..CodingInput::default()
                })
                .with_context(|| format!("passage {}", passage.id))?;
            Ok(CodedById::new(
                &passage.id,
                coding.in_scope,
                coding.labels,
                coding.facets,
            ))
        })
        .collect()
}
