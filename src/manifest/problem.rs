//! What is wrong with a manifest: every problem with its place and its cure, all of them at once.

use std::fmt;

/// Whether a problem stops the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is run until it is cured.
    Error,
    /// Worth a look; the run goes on.
    Warning,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Whether it stops the run.
    pub severity: Severity,
    /// The file as the user wrote it.
    pub file: String,
    /// Line, counted from 1; `None` where the whole file is meant.
    pub line: Option<usize>,
    /// The text of that line, if any.
    pub source: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub cure: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        match self.line {
            Some(line) => writeln!(f, "{severity}: {}:{line}: {}", self.file, self.message)?,
            None => writeln!(f, "{severity}: {}: {}", self.file, self.message)?,
        }
        if let (Some(line), Some(source)) = (self.line, &self.source) {
            writeln!(f, "{line:>6} | {source}")?;
        }
        write!(f, "       = {}", self.cure)
    }
}

/// Everything that is wrong with a manifest and the files it names, in the order of reading and then by line.
///
/// Holds at least one error; warnings stand between the errors, where they belong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ManifestErrors {
    /// In the order of files and lines.
    pub problems: Vec<Problem>,
}

impl fmt::Display for ManifestErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.problems {
            writeln!(f, "{problem}\n")?;
        }
        let errors = self
            .problems
            .iter()
            .filter(|p| p.severity == Severity::Error)
            .count();
        let warnings = self.problems.len() - errors;
        write!(f, "{}", counted(errors, "error"))?;
        if warnings > 0 {
            write!(f, ", {}", counted(warnings, "warning"))?;
        }
        Ok(())
    }
}

fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// A line of a file that is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Index of the file in the order of reading.
    file: usize,
    /// Line from 1; 0 stands for the whole file.
    line: usize,
}

struct SourceFile {
    name: String,
    text: String,
    /// Byte offsets at which lines begin.
    starts: Vec<usize>,
}

/// Collects the problems of several files while they are read.
#[derive(Default)]
pub(crate) struct Report {
    files: Vec<SourceFile>,
    problems: Vec<(Place, Problem)>,
}

impl Report {
    /// Registers a file; its index goes into the places.
    pub(crate) fn add_file(&mut self, name: &str, text: &str) -> usize {
        let starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(i, _)| i + 1))
            .collect();
        self.files.push(SourceFile {
            name: name.to_owned(),
            text: text.to_owned(),
            starts,
        });
        self.files.len() - 1
    }

    /// The place of a byte offset.
    pub(crate) fn place(&self, file: usize, offset: usize) -> Place {
        let line = self
            .files
            .get(file)
            .map_or(0, |f| f.starts.partition_point(|&s| s <= offset));
        Place { file, line }
    }

    /// The place of a line counted from 1; 0 stands for the whole file.
    pub(crate) fn line(&self, file: usize, line: usize) -> Place {
        Place { file, line }
    }

    /// "line 12", or "line 12 of companies.csv" when seen from another file.
    pub(crate) fn describe(&self, place: Place, seen_from: Place) -> String {
        match self.files.get(place.file) {
            Some(f) if place.file != seen_from.file => format!("line {} of {}", place.line, f.name),
            _ => format!("line {}", place.line),
        }
    }

    pub(crate) fn error(&mut self, place: Place, message: impl Into<String>, cure: impl Into<String>) {
        self.push(Severity::Error, place, message.into(), cure.into());
    }

    pub(crate) fn warn(&mut self, place: Place, message: impl Into<String>, cure: impl Into<String>) {
        self.push(Severity::Warning, place, message.into(), cure.into());
    }

    fn push(&mut self, severity: Severity, place: Place, message: String, cure: String) {
        let file = self.files.get(place.file);
        let problem = Problem {
            severity,
            file: file.map_or_else(String::new, |f| f.name.clone()),
            line: (place.line > 0).then_some(place.line),
            source: file.and_then(|f| f.line_text(place.line)),
            message,
            cure,
        };
        self.problems.push((place, problem));
    }

    /// The warnings, or everything that is wrong if there is an error.
    pub(crate) fn finish(mut self) -> Result<Vec<Problem>, ManifestErrors> {
        self.problems.sort_by_key(|(place, _)| (place.file, place.line));
        let problems: Vec<Problem> = self.problems.into_iter().map(|(_, p)| p).collect();
        if problems.iter().any(|p| p.severity == Severity::Error) {
            Err(ManifestErrors { problems })
        } else {
            Ok(problems)
        }
    }
}

impl SourceFile {
    fn line_text(&self, line: usize) -> Option<String> {
        let start = *self.starts.get(line.checked_sub(1)?)?;
        let text = self.text.get(start..)?.lines().next()?.trim();
        (!text.is_empty()).then(|| shortened(text, 100))
    }
}

/// A value as a message shows it: in quotes, no control characters, not longer than 60 characters.
pub(crate) fn quoted(value: &str) -> String {
    format!("\"{}\"", shortened(value, 60))
}

fn shortened(text: &str, limit: usize) -> String {
    let mut shown: String = text
        .chars()
        .take(limit)
        .map(|c| if c.is_control() { '\u{FFFD}' } else { c })
        .collect();
    if text.chars().nth(limit).is_some() {
        shown.push('…');
    }
    shown
}

/// The candidate nearest to what was written, if one is near enough to be meant.
///
/// Jaro–Winkler, because it forgives a suffix too many (化学工業 for 化学); Damerau–Levenshtein, because it forgives a
/// character in the middle (食料品 for 食品); and a part of a name, because people shorten (hints for file_hints).
pub(crate) fn nearest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Quadratic measures: a pasted page of text is no misspelling.
    if given.chars().nth(100).is_some() {
        return None;
    }
    let given = given.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let lower = candidate.to_lowercase();
        let part = given.chars().nth(1).is_some() && lower.contains(&given);
        let score = strsim::jaro_winkler(&given, &lower)
            .max(strsim::normalized_damerau_levenshtein(&given, &lower))
            .max(if part { 0.8 } else { 0.0 });
        if score >= 0.65 && best.is_none_or(|(b, _)| score > b) {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// "did you mean …?" if something is near, or else the choices.
pub(crate) fn did_you_mean(given: &str, candidates: &[&str]) -> String {
    match nearest(given, candidates.iter().copied()) {
        Some(candidate) => format!("did you mean {}?", quoted(candidate)),
        None => format!("choose one of: {}", candidates.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_come_by_file_and_line_with_their_source() {
        let mut report = Report::default();
        let first = report.add_file("a.toml", "one\ntwo = 2\nthree");
        let second = report.add_file("b.csv", "head\r\nrow\r\n");
        report.error(report.line(second, 2), "late", "cure b");
        report.error(report.place(first, 5), "early", "cure a");
        report.warn(report.line(first, 0), "whole", "cure w");
        let shown = report.finish().unwrap_err().to_string();
        assert_eq!(
            shown,
            "warning: a.toml: whole\n       = cure w\n\n\
             error: a.toml:2: early\n     2 | two = 2\n       = cure a\n\n\
             error: b.csv:2: late\n     2 | row\n       = cure b\n\n\
             2 errors, 1 warning"
        );
    }

    #[test]
    fn warnings_alone_are_no_failure() {
        let mut report = Report::default();
        let file = report.add_file("a.toml", "x");
        report.warn(report.line(file, 1), "w", "c");
        assert_eq!(report.finish().map(|w| w.len()), Ok(1));
    }

    #[test]
    fn suggestions_are_near_or_none() {
        let industries = ["化学", "食品", "電気機器", "小売業"];
        assert_eq!(nearest("化学工業", industries), Some("化学"));
        assert_eq!(nearest("食料品", industries), Some("食品"));
        assert_eq!(nearest("電器機器", industries), Some("電気機器"));
        assert_eq!(nearest("宇宙", industries), None);
        assert_eq!(nearest(&"化".repeat(1000), industries), None);
    }
}
