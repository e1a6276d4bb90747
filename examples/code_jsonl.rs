//! `code|explain [--scheme FILE] FILE`: codes passages as JSONL, until the command line can.

use std::io::{BufRead, Write};
use std::sync::Arc;

use mieruka::coding::{Coder, CodingInput};
use mieruka::dictionaries::Dictionaries;
use mieruka::scheme::Scheme;
use mieruka::tokenize::Tokenizer;

#[derive(serde::Deserialize)]
struct Line {
    id: String,
    text: String,
    #[serde(default)]
    headings: Vec<String>,
    #[serde(default)]
    previous: Option<String>,
}

#[derive(serde::Serialize)]
struct Out<'a> {
    id: &'a str,
    #[serde(flatten)]
    coding: mieruka::coding::Coding,
}

fn main() -> anyhow::Result<()> {
    let mut args: Vec<String> = std::env::args().skip(1).filter(|a| a != "code").collect();
    let explain = args.first().is_some_and(|a| a == "explain");
    args.retain(|a| a != "explain");
    let scheme = match args.iter().position(|a| a == "--scheme") {
        Some(i) => {
            args.remove(i);
            std::fs::read_to_string(args.remove(i))?
        }
        None => Dictionaries::embedded().read("schemes/disclosure10.toml")?.text,
    };
    let terms = Dictionaries::embedded().read("terms.csv")?.text;
    let scheme = Scheme::parse(&scheme, "scheme", &|p| std::fs::read_to_string(p))?;
    let coder = Coder::new(Arc::new(scheme), Tokenizer::new(&terms, "terms.csv")?);
    let mut worker = coder.worker();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for file in &args {
        for line in std::io::BufReader::new(std::fs::File::open(file)?).lines() {
            let line: Line = serde_json::from_str(&line?)?;
            let input = CodingInput {
                text: &line.text,
                headings: &line.headings,
                previous: line.previous.as_deref(),
                ..CodingInput::default()
            };
            if explain {
                serde_json::to_writer(&mut out, &(&line.id, worker.explain(&input)?))?;
                writeln!(out)?;
                continue;
            }
            let coding = worker.code(&input)?;
            serde_json::to_writer(&mut out, &Out { id: &line.id, coding })?;
            writeln!(out)?;
        }
    }
    Ok(())
}
