//! `mieruka explain`

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};

use super::args::ExplainArgs;
use super::code::{Line, passages};
use super::{Outcome, input};
use crate::coding::{CodingWorker, Verdict};
use crate::dictionaries::Dictionaries;

pub fn run(args: &ExplainArgs) -> Result<Outcome> {
    let dictionaries = Dictionaries::locate(args.dictionaries.dictionaries.as_deref(), None);
    let loaded = input::load_coder(&args.dictionaries, &dictionaries, None)?;
    let mut worker = loaded.coder.worker();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let path = Path::new(&args.what);
    if args.what == "-" || path.is_file() {
        passages(path, |line, place| {
            explain(line, &mut worker, &mut out).with_context(|| place.to_owned())
        })?;
    } else {
        explain(&Line::of_text(&args.what), &mut worker, &mut out)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
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
    let (rules, learned) = worker.explain_all(&input)?;
    for trace in rules {
        write!(out, "  {:12} {:28} ", trace.of, trace.rule)?;
        match trace.verdict {
            Verdict::Fired { text } => writeln!(out, "fired      {text}")?,
            Verdict::Forbidden { text, by } => writeln!(out, "forbidden  {text}  (by {by})")?,
            Verdict::Almost { missing } => writeln!(out, "almost     lacks {missing}")?,
        }
    }
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
    Ok(())
}
