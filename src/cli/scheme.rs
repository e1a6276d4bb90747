//! `mieruka scheme`

use std::io::Write;

use anyhow::{Context, Result};

use super::args::{SchemeCommand, TrainArgs};
use super::evaluate::sources;
use super::say::say;
use super::{Outcome, input};
use crate::coding::CodingInput;
use crate::coding::train::{TrainingOptions, TrainingPassage, train};
use crate::dictionaries::Dictionaries;
use crate::evaluate::{GoldPassage, read_gold};

pub fn run(command: &SchemeCommand) -> Result<Outcome> {
    match command {
        SchemeCommand::Train(args) => learn(args),
    }
}

fn learn(args: &TrainArgs) -> Result<Outcome> {
    let gold = read_gold(sources(&args.gold)?)?;
    let dictionaries = Dictionaries::locate(args.dictionaries.dictionaries.as_deref(), None);
    let loaded = input::load_coder(&args.dictionaries, &dictionaries, None)?;
    let passages: Vec<TrainingPassage<'_>> = gold.iter().filter(|g| !g.is_heading()).map(passage).collect();
    let options = TrainingOptions {
        features: args.features,
        ..TrainingOptions::default()
    };
    let training = train(&mut loaded.coder.worker(), &passages, &options)?;
    match &args.output {
        None => std::io::stdout().lock().write_all(&training.file)?,
        Some(path) => std::fs::write(path, &training.file)
            .with_context(|| format!("{}: cannot be written", path.display()))?,
    }
    say(format_args!("{training}"));
    Ok(Outcome::Done)
}

/// A passage without a company is a group of its own.
fn passage(gold: &GoldPassage) -> TrainingPassage<'_> {
    TrainingPassage {
        input: CodingInput {
            text: &gold.text,
            headings: &gold.headings,
            previous: gold.previous.as_deref(),
            ..CodingInput::default()
        },
        group: gold.company_id.as_deref().unwrap_or(&gold.id),
        in_scope: gold.in_scope(),
        labels: &gold.labels,
    }
}
