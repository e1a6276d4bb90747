//! `mieruka explain`

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::args::ExplainArgs;
use super::code::{Line, read_passages};
use super::{Outcome, input};
use crate::coding::{CodingWorker, Verdict};
use crate::dictionaries::Dictionaries;

pub fn run(args: &ExplainArgs) -> Result<Outcome> {
    let dictionaries = Dictionaries::locate(args.dictionaries.dictionaries.as_deref(), Path::new("."));
    let loaded = input::load_coder(&args.dictionaries, &dictionaries, None)?;
    let lines = what_to_explain(&args.what)?;
    let mut worker = loaded.coder.worker();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (line, place) in &lines {
        explain(line, &mut worker, &mut out).with_context(|| place.clone())?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// The passages of a file, or the argument itself as a text. A name that was mistyped is no text.
fn what_to_explain(what: &str) -> Result<Vec<(Line, String)>> {
    let path = Path::new(what);
    if what == "-" || path.exists() {
        return read_passages(path);
    }
    if looks_like_a_path(what) {
        bail!(
            "{what}: there is no such file. To explain a text, give the text itself between quotation marks; \
             passages of a PDF: mieruka passages FILE.pdf > passages.jsonl"
        );
    }
    Ok(vec![(Line::of_text(what), "the text".to_owned())])
}

/// Whether an argument that is no file was meant as one: by its ending, or as a path without Japanese and spaces.
/// "ISO/IEC 27001の認証" has a slash too.
fn looks_like_a_path(what: &str) -> bool {
    let lower = what.to_lowercase();
    let ending = [".jsonl", ".json", ".pdf", ".txt", ".csv", ".toml"]
        .iter()
        .any(|e| lower.ends_with(e));
    let parts = what.contains(['/', '\\']);
    let in_folder = Path::new(what)
        .parent()
        .is_some_and(|p| !p.as_os_str().is_empty() && p.is_dir());
    let plain = what.is_ascii() && !what.contains(' ');
    ending || (parts && (plain || in_folder))
}

fn explain(line: &Line, worker: &mut CodingWorker, out: &mut impl Write) -> Result<()> {
    let input = line.input();
    let coding = worker.code(&input)?;
    let scope = if coding.in_scope {
        "in scope"
    } else {
        "out of scope"
    };
    writeln!(out, "{}: {scope}; {}", line.id, coding.labels.join(" "))?;
    if !worker.passes_gate(&input) {
        let why = "closed: no word of the gate occurs, or none that a rule of the scope needs; nothing below decides";
        writeln!(out, "  {:12} {why}", "gate")?;
    }
    let (rules, learned) = worker.explain_all(&input)?;
    for trace in learned {
        let verdict = if trace.score > 0.0 { "given" } else { "not given" };
        write!(
            out,
            "  {:12} {:28} {verdict:10} {:+.2} = rules {:+.2}",
            trace.of, "learned", trace.score, trace.rules
        )?;
        for part in trace.weightiest {
            write!(out, ", {} {:+.2}", part.feature, part.adds)?;
        }
        writeln!(out, " …")?;
    }
    // What decided before what nearly did: of the latter there are many.
    let (decided, almost): (Vec<_>, Vec<_>) = rules
        .into_iter()
        .partition(|trace| !matches!(trace.verdict, Verdict::Almost { .. }));
    for trace in decided.into_iter().chain(almost) {
        write!(out, "  {:12} {:28} ", trace.of, trace.rule)?;
        match trace.verdict {
            Verdict::Fired { text } => writeln!(out, "fired      {text}")?,
            Verdict::Forbidden { text, by } => writeln!(out, "forbidden  {text}  (by {by})")?,
            Verdict::Almost { missing } => writeln!(out, "almost     lacks {missing}")?,
        }
    }
    Ok(())
}
