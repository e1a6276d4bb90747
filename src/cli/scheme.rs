//! `mieruka scheme`

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::args::{SchemeCheckArgs, SchemeCommand, SchemeImportArgs, TrainArgs};
use super::evaluate::sources;
use super::say::say;
use super::{Outcome, input};
use crate::coding::CodingInput;
use crate::coding::train::{TrainingOptions, TrainingPassage, train};
use crate::dictionaries::Dictionaries;
use crate::evaluate::{GoldPassage, read_gold};
use crate::scheme::import::import as import_rules;
use crate::tokenize::Tokenizer;

pub fn run(command: &SchemeCommand) -> Result<Outcome> {
    match command {
        SchemeCommand::Check(args) => check(args),
        SchemeCommand::Import(args) => import(args),
        SchemeCommand::Train(args) => learn(args),
    }
}

fn learn(args: &TrainArgs) -> Result<Outcome> {
    if let Some(path) = &args.output {
        let scheme = args.dictionaries.scheme.as_deref().map(Path::new);
        input::not_over(path, args.gold.iter().map(PathBuf::as_path).chain(scheme))?;
    }
    let gold = read_gold(sources(&args.gold)?)?;
    let dictionaries = Dictionaries::locate(args.dictionaries.dictionaries.as_deref(), Path::new("."));
    let loaded = input::load_coder(&args.dictionaries, &dictionaries, None)?;
    let passages: Vec<TrainingPassage<'_>> = gold.iter().filter(|g| !g.is_heading()).map(passage).collect();
    let options = TrainingOptions {
        features: args.features,
        ..TrainingOptions::default()
    };
    let training = train(&mut loaded.coder.worker(), &passages, &options)?;
    match &args.output {
        None => std::io::stdout().lock().write_all(&training.file)?,
        Some(path) => input::write_file(path, |file| Ok(file.write_all(&training.file)?))?,
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

/// Reports everything that is wrong in a scheme.
fn check(args: &SchemeCheckArgs) -> Result<Outcome> {
    let dictionaries = Dictionaries::locate(args.dictionaries.as_deref(), Path::new("."));
    let (file, scheme) = input::load_scheme(&dictionaries, &args.scheme)?;
    let rules: usize = scheme.codes.iter().map(|c| c.rule_count()).sum();
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{file}: scheme {} with {} codes and {rules} rules; no mistakes",
        scheme.id,
        scheme.codes.len()
    )?;
    Ok(Outcome::Done)
}

/// Prints a scheme made of KH Coder rules.
fn import(args: &SchemeImportArgs) -> Result<Outcome> {
    let shown = args.file.display();
    let bytes = std::fs::read(&args.file).with_context(|| format!("{shown}: cannot be read"))?;
    let text = decoded(&bytes);
    let dictionaries = Dictionaries::locate(args.dictionaries.as_deref(), Path::new("."));
    let terms = dictionaries.read("terms.csv")?;
    let mut tokenizer = Tokenizer::new(&terms.text, &terms.name)?.worker();
    let mut tokens = Vec::new();
    let mut is_word = |word: &str| {
        // By base form is found only what the dictionary has as one word in that form.
        tokenizer.tokenize(word, &mut tokens).is_ok()
            && matches!(tokens.as_slice(), [only] if tokenizer.base(*only, word) == word)
    };
    let imported = import_rules(&text, &name_of(&args.file), &mut is_word);
    if !imported.scheme.contains("[[code]]") && imported.remarks.is_empty() {
        bail!("{shown}: no line begins with \"*\": is this a file of KH Coder coding rules?");
    }
    for remark in &imported.remarks {
        let what = if remark.left_out { "left out: " } else { "note: " };
        say(format_args!("{shown}:{}: {what}{}", remark.line, remark.message));
    }
    std::io::stdout().lock().write_all(imported.scheme.as_bytes())?;
    let is_whole = imported.remarks.iter().all(|r| !r.left_out);
    Ok(if is_whole {
        Outcome::Done
    } else {
        Outcome::SomeFailed
    })
}

/// KH Coder 3 writes UTF-8, its predecessors Shift_JIS.
fn decoded(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::SHIFT_JIS.decode(bytes).0.into_owned(),
    }
}

/// The name of the scheme: that of the file.
fn name_of(file: &Path) -> String {
    let stem = file.file_stem().map(|s| s.to_string_lossy().into_owned());
    let plain = stem.unwrap_or_default();
    let letters = plain
        .chars()
        .map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' });
    letters.collect()
}
