//! Reads gold and coded passages from JSONL, a line per passage, or from CSV, a row per passage.

use std::collections::BTreeMap;
use std::fmt;
use std::io::BufRead;
use std::sync::Arc;

use serde::Deserialize;

use super::sheet;

/// A file to read and the name by which errors call it.
pub struct Source<'r> {
    /// As the user wrote it.
    pub name: String,
    /// Its lines.
    pub lines: Box<dyn BufRead + 'r>,
}

/// Where a passage was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Place {
    file: Arc<str>,
    line: usize,
}

/// A passage of the gold: what a person decided. Keys that are not listed are ignored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct GoldPassage {
    /// Names the passage; stands once.
    pub id: String,
    /// The company whose report it stands in.
    #[serde(default)]
    pub company_id: Option<String>,
    /// Headings above it, from the outermost.
    #[serde(default, deserialize_with = "null_as_default")]
    pub headings: Vec<String>,
    /// The passage before.
    #[serde(default)]
    pub previous: Option<String>,
    /// Its text.
    #[serde(default)]
    pub text: String,
    /// `passage`, or `heading`, which is left out of every figure.
    #[serde(default)]
    pub unit: Option<String>,
    /// Whether it is in scope; where it is not said, a passage with a code is.
    #[serde(default)]
    in_scope: Option<bool>,
    /// Its codes.
    pub labels: Vec<String>,
    /// Its facets (`C06.audit`); `None` where it was not coded for them.
    #[serde(default)]
    pub facets: Option<Vec<String>>,
    #[serde(skip)]
    place: Place,
}

/// A passage as the other coder, or the machine, coded it. Keys that are not listed are ignored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct CodedById {
    /// Names the passage as the gold does.
    pub id: String,
    #[serde(default)]
    in_scope: Option<bool>,
    /// Its codes.
    pub labels: Vec<String>,
    /// Its facets; `None` where it was not coded for them.
    #[serde(default)]
    pub facets: Option<Vec<String>>,
    #[serde(skip)]
    place: Place,
}

impl GoldPassage {
    /// A heading: left out of every figure.
    pub fn is_heading(&self) -> bool {
        self.unit.as_deref() == Some("heading")
    }

    /// Whether the passage is in scope.
    pub fn in_scope(&self) -> bool {
        self.in_scope.unwrap_or(!self.labels.is_empty())
    }

    pub(super) fn label_set(&self) -> Vec<&str> {
        sorted(&self.labels)
    }

    pub(super) fn facet_set(&self) -> Option<Vec<&str>> {
        self.facets.as_deref().map(sorted)
    }
}

impl CodedById {
    /// A passage as the machine coded it.
    pub fn new(id: impl Into<String>, in_scope: bool, labels: Vec<String>, facets: Vec<String>) -> Self {
        Self {
            id: id.into(),
            in_scope: Some(in_scope),
            labels,
            facets: Some(facets),
            place: Place::default(),
        }
    }

    /// Whether the passage is in scope.
    pub fn in_scope(&self) -> bool {
        self.in_scope.unwrap_or(!self.labels.is_empty())
    }

    pub(super) fn label_set(&self) -> Vec<&str> {
        sorted(&self.labels)
    }

    pub(super) fn facet_set(&self) -> Option<Vec<&str>> {
        self.facets.as_deref().map(sorted)
    }
}

fn sorted(labels: &[String]) -> Vec<&str> {
    let mut set: Vec<&str> = labels.iter().map(String::as_str).collect();
    set.sort_unstable();
    set.dedup();
    set
}

fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// One thing that is wrong with the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvaluateProblem {
    /// The file as the user wrote it; blank where the machine's coding is meant.
    pub file: String,
    /// Line, counted from 1; 0 where none can be named.
    pub line: usize,
    /// What is wrong, and what to do about it.
    pub message: String,
}

impl fmt::Display for EvaluateProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.file.as_str(), self.line) {
            ("", _) => write!(f, "{}", self.message),
            (file, 0) => write!(f, "{file}: {}", self.message),
            (file, line) => write!(f, "{file}:{line}: {}", self.message),
        }
    }
}

/// Everything that is wrong with the files.
#[derive(Debug, Clone, Default, PartialEq, Eq, thiserror::Error)]
pub struct EvaluateErrors {
    /// In the order of files and lines.
    pub problems: Vec<EvaluateProblem>,
}

/// More than a screen helps nobody: a wrong file is wrong on every line.
const SHOWN: usize = 20;

impl fmt::Display for EvaluateErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: Vec<String> = self
            .problems
            .iter()
            .take(SHOWN)
            .map(ToString::to_string)
            .collect();
        write!(f, "{}", shown.join("\n"))?;
        match self.problems.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, "\n… and {more} more"),
        }
    }
}

impl EvaluateErrors {
    fn push(&mut self, place: &Place, message: String) {
        self.problems.push(EvaluateProblem {
            file: place.file.to_string(),
            line: place.line,
            message,
        });
    }

    fn or<T>(self, value: T) -> Result<T, Self> {
        if self.problems.is_empty() {
            Ok(value)
        } else {
            Err(self)
        }
    }
}

/// What both sorts of line have.
trait Line: for<'de> Deserialize<'de> {
    fn id(&self) -> &str;
    fn place(&mut self) -> &mut Place;
}

impl Line for GoldPassage {
    fn id(&self) -> &str {
        &self.id
    }
    fn place(&mut self) -> &mut Place {
        &mut self.place
    }
}

impl Line for CodedById {
    fn id(&self) -> &str {
        &self.id
    }
    fn place(&mut self) -> &mut Place {
        &mut self.place
    }
}

/// Reads gold files, one after the other: JSONL, or CSV where the name ends in `.csv`.
///
/// # Errors
/// Every line that is no passage and every id that stands twice, with file and line.
pub fn read_gold(sources: Vec<Source<'_>>) -> Result<Vec<GoldPassage>, EvaluateErrors> {
    read(sources)
}

/// Reads the files of another coder, or the output of `mieruka code`.
///
/// # Errors
/// As [`read_gold`].
pub fn read_coded(sources: Vec<Source<'_>>) -> Result<Vec<CodedById>, EvaluateErrors> {
    read(sources)
}

fn read<T: Line>(sources: Vec<Source<'_>>) -> Result<Vec<T>, EvaluateErrors> {
    let mut errors = EvaluateErrors::default();
    let mut passages = Vec::new();
    let mut seen: BTreeMap<String, Place> = BTreeMap::new();
    for Source { name, mut lines } in sources {
        let file: Arc<str> = name.into();
        if file.to_lowercase().ends_with(".csv") {
            for (place, passage) in of_sheet::<T>(&file, lines, &mut errors) {
                keep(passage, place, &mut seen, &mut passages, &mut errors);
            }
            continue;
        }
        let mut bytes = Vec::new();
        for line in 1.. {
            let place = Place {
                file: Arc::clone(&file),
                line,
            };
            bytes.clear();
            match lines.read_until(b'\n', &mut bytes) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => {
                    errors.push(&place, format!("cannot be read: {error}"));
                    break;
                }
            }
            if let Some(passage) = parse::<T>(&bytes, &place, &mut errors) {
                keep(passage, place, &mut seen, &mut passages, &mut errors);
            }
        }
    }
    errors.or(passages)
}

/// Adds a passage whose id does not stand yet.
fn keep<T: Line>(
    mut passage: T,
    place: Place,
    seen: &mut BTreeMap<String, Place>,
    passages: &mut Vec<T>,
    errors: &mut EvaluateErrors,
) {
    *passage.place() = place.clone();
    match seen.get(passage.id()) {
        Some(first) => {
            let first = format!("{}:{}", first.file, first.line);
            let message = format!("the id \"{}\" stands twice (first: {first})", passage.id());
            errors.push(&place, message);
        }
        None => {
            seen.insert(passage.id().to_owned(), place);
            passages.push(passage);
        }
    }
}

/// The passages of a CSV file.
fn of_sheet<T: Line>(
    file: &Arc<str>,
    mut content: impl BufRead,
    errors: &mut EvaluateErrors,
) -> Vec<(Place, T)> {
    let place = |line| Place {
        file: Arc::clone(file),
        line,
    };
    let mut bytes = Vec::new();
    if let Err(error) = content.read_to_end(&mut bytes) {
        errors.push(&place(0), format!("cannot be read: {error}"));
        return Vec::new();
    }
    let rows = match sheet::rows(&bytes) {
        Ok(rows) => rows,
        Err((line, message)) => {
            errors.push(&place(line), message);
            return Vec::new();
        }
    };
    let mut passages = Vec::new();
    for (line, row) in rows {
        let passage = row.and_then(|object| serde_json::from_value(object).map_err(|e| e.to_string()));
        match passage {
            Ok(passage) => passages.push((place(line), passage)),
            Err(message) => errors.push(&place(line), format!("the row is no passage: {message}")),
        }
    }
    passages
}

/// A line; `None` if it is blank or wrong.
fn parse<T: Line>(bytes: &[u8], place: &Place, errors: &mut EvaluateErrors) -> Option<T> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        errors.push(
            place,
            "the line is not UTF-8 text; save the file as UTF-8".to_owned(),
        );
        return None;
    };
    let text = text.trim_start_matches('\u{FEFF}').trim();
    if text.is_empty() {
        return None;
    }
    match serde_json::from_str(text) {
        Ok(passage) => Some(passage),
        Err(error) => {
            let what = error.to_string();
            let what = what.split(" at line ").next().unwrap_or_default();
            errors.push(
                place,
                format!("the line is no passage: {what}; expected {{\"id\":\"…\",\"in_scope\":true,\"labels\":[\"C01\"]}}"),
            );
            None
        }
    }
}

/// Gold and coding of the same passages, in the order of the gold, without headings.
pub(super) fn pairs<'a>(
    gold: &'a [GoldPassage],
    coded: &'a [CodedById],
) -> Result<Vec<(&'a GoldPassage, &'a CodedById)>, EvaluateErrors> {
    let mut errors = EvaluateErrors::default();
    let by_id: BTreeMap<&str, &CodedById> = coded.iter().map(|c| (c.id.as_str(), c)).collect();
    let known: BTreeMap<&str, &GoldPassage> = gold.iter().map(|g| (g.id.as_str(), g)).collect();
    let mut pairs = Vec::with_capacity(gold.len());
    for passage in gold.iter().filter(|g| !g.is_heading()) {
        match by_id.get(passage.id.as_str()) {
            Some(coded) => pairs.push((passage, *coded)),
            None => errors.push(
                &passage.place,
                format!(
                    "the id \"{}\" is not in the other file; both must hold the same passages",
                    passage.id
                ),
            ),
        }
    }
    for extra in coded.iter().filter(|c| !known.contains_key(c.id.as_str())) {
        errors.push(
            &extra.place,
            format!(
                "the id \"{}\" is not in the gold; both must hold the same passages",
                extra.id
            ),
        );
    }
    if pairs.is_empty() && errors.problems.is_empty() {
        let place = gold.first().map(|g| g.place.clone()).unwrap_or_default();
        errors.push(
            &Place { line: 0, ..place },
            "there is no passage to compare: the gold is empty or holds headings only".to_owned(),
        );
    }
    errors.or(pairs)
}
