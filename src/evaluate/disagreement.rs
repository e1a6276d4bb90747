//! Every decision on which two codings differ, for reading.

use std::io::{self, Write};

use super::{CodedById, EvaluateErrors, GoldPassage, read};
use crate::export::cell;

/// A decision on which gold and coding differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement<'a> {
    /// The passage.
    pub passage: &'a GoldPassage,
    /// The code or the facet; `in_scope` for the decision on scope.
    pub code: &'a str,
    /// Whether the gold gives it; the other coding decides otherwise.
    pub gold: bool,
}

/// The disagreements in the order of the gold, by code and facet within a passage, scope first.
///
/// # Errors
/// As [`super::compare`].
pub fn disagreements<'a>(
    gold: &'a [GoldPassage],
    coded: &'a [CodedById],
) -> Result<Vec<Disagreement<'a>>, EvaluateErrors> {
    let mut found = Vec::new();
    for (passage, coded) in read::pairs(gold, coded)? {
        if passage.in_scope() != coded.in_scope() {
            found.push(Disagreement {
                passage,
                code: "in_scope",
                gold: passage.in_scope(),
            });
        }
        let (first, second) = (passage.label_set(), coded.label_set());
        let mut differing = only_one(&first, &second);
        if let (Some(first), Some(second)) = (passage.facet_set(), coded.facet_set()) {
            differing.extend(only_one(&first, &second));
        }
        differing.sort_unstable();
        let disagreement = |(code, gold)| Disagreement { passage, code, gold };
        found.extend(differing.into_iter().map(disagreement));
    }
    Ok(found)
}

/// Names that only one of the two has, and whether it is the first.
fn only_one<'a>(first: &[&'a str], second: &[&'a str]) -> Vec<(&'a str, bool)> {
    let only_first = first.iter().filter(|l| !second.contains(l)).map(|l| (*l, true));
    let only_second = second.iter().filter(|l| !first.contains(l)).map(|l| (*l, false));
    only_first.chain(only_second).collect()
}

/// Writes the disagreements as CSV: id, code, gold, coded, headings, text.
///
/// UTF-8 with BOM and CRLF, cells that look like formulas defused: it is made to be opened in a spreadsheet.
///
/// # Errors
/// The output cannot be written.
pub fn write_disagreements(disagreements: &[Disagreement<'_>], mut output: impl Write) -> io::Result<()> {
    output.write_all("\u{FEFF}".as_bytes())?;
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(output);
    writer.write_record(["id", "code", "gold", "coded", "headings", "text"])?;
    let digit = |yes: bool| if yes { "1" } else { "0" };
    for Disagreement { passage, code, gold } in disagreements {
        let headings = passage.headings.join(" > ");
        writer.write_record([
            &*cell::safe(&passage.id),
            &*cell::safe(code),
            digit(*gold),
            digit(!gold),
            &*cell::safe(&headings),
            &*cell::safe(&passage.text),
        ])?;
    }
    writer.flush()
}
