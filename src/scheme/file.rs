//! The scheme file as it stands on disk, before names are resolved.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Problem;
use super::syntax::unknown;

/// `[scheme]`, `[words]`, `[rules]`, `[scope]`, `[[code]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    pub scheme: About,
    #[serde(default)]
    pub words: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub word_files: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub rules: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub scope: ScopeTable,
    #[serde(default)]
    pub code: Vec<CodeTable>,
}

/// `[scheme]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct About {
    pub id: String,
    pub ja: String,
    pub en: String,
    #[serde(default)]
    #[allow(dead_code, reason = "for the reader of the file")]
    pub source: String,
    /// Groups of spellings that stand for each other inside every literal.
    #[serde(default)]
    pub variants: Vec<Vec<String>>,
    /// File of learned weights beside the scheme.
    #[serde(default)]
    pub weights: Option<Spanned<String>>,
}

/// `[scope]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScopeTable {
    /// Word lists of which one must occur before anything else is tried.
    #[serde(default)]
    pub gate: Vec<Spanned<String>>,
    #[serde(default)]
    pub include: Vec<RuleTable>,
    #[serde(default)]
    pub exclude: Vec<RuleTable>,
}

/// `[[code]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeTable {
    pub id: Spanned<String>,
    pub ja: String,
    pub en: String,
    #[serde(default = "one")]
    pub threshold: f64,
    #[serde(default)]
    pub unless: Option<Spanned<String>>,
    #[serde(default)]
    pub facet: Vec<FacetTable>,
    #[serde(default)]
    pub rule: Vec<RuleTable>,
}

/// `[[code.facet]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FacetTable {
    pub id: String,
    pub ja: String,
    pub en: String,
    #[serde(default)]
    pub when: Option<Spanned<String>>,
}

/// `[[code.rule]]`, `[[scope.include]]`, `[[scope.exclude]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleTable {
    pub id: Spanned<String>,
    pub when: Spanned<String>,
    #[serde(default)]
    pub unless: Option<Spanned<String>>,
    #[serde(default)]
    pub facet: Option<Spanned<String>>,
    #[serde(default = "one")]
    pub weight: f64,
    /// Of an exclusion: no learned weight overrules it.
    #[serde(default, rename = "final")]
    pub is_final: bool,
    #[serde(default)]
    #[allow(dead_code, reason = "for the reader of the file")]
    pub note: String,
}

fn one() -> f64 {
    1.0
}

/// Reads the file.
///
/// Every error of the TOML syntax is told, or else every key that is not known; a missing key or a value of the wrong
/// kind is told one at a time.
pub(crate) fn read(text: &str) -> Result<File, Vec<Problem>> {
    let first = match toml::from_str(text) {
        Ok(file) => return Ok(file),
        Err(e) => e,
    };
    let (table, errors) = DeTable::parse_recoverable(text);
    let told = |e: &toml::de::Error| {
        let at = e.span().map_or(0, |s| s.start);
        problem(text, at, e.message().to_owned())
    };
    if !errors.is_empty() {
        return Err(errors.iter().map(told).collect());
    }
    let mut problems = Vec::new();
    unknown_keys(text, table.get_ref(), "", &mut problems);
    if problems.is_empty() || !first.message().starts_with("unknown field") {
        problems.push(told(&first));
    }
    problems.sort();
    Err(problems)
}

/// The keys of each table, by the path to it.
const KEYS: [(&str, &[&str]); 7] = [
    ("", &["scheme", "words", "word_files", "rules", "scope", "code"]),
    (".scheme", &["id", "ja", "en", "source", "variants", "weights"]),
    (".scope", &["gate", "include", "exclude"]),
    (
        ".code",
        &["id", "ja", "en", "threshold", "unless", "facet", "rule"],
    ),
    (".code.facet", &["id", "ja", "en", "when"]),
    (".code.rule", RULE),
    (".scope.include", RULE),
];

/// The keys of a rule.
const RULE: &[&str] = &["id", "when", "unless", "facet", "weight", "final", "note"];

/// Adds every key that its table does not have. Word lists, their files and named rules have keys of the user's own.
fn unknown_keys(text: &str, table: &DeTable<'_>, path: &str, problems: &mut Vec<Problem>) {
    let path = if path == ".scope.exclude" {
        ".scope.include"
    } else {
        path
    };
    let Some((_, known)) = KEYS.iter().find(|(p, _)| *p == path) else {
        return;
    };
    for (key, value) in table.iter() {
        let name: &str = key.get_ref();
        if !known.contains(&name) {
            let message = unknown("key", name, known.iter().copied());
            problems.push(problem(text, key.span().start, message));
            continue;
        }
        let below = format!("{path}.{name}");
        match value.get_ref() {
            DeValue::Table(inner) => unknown_keys(text, inner, &below, problems),
            DeValue::Array(items) => {
                for item in items.iter() {
                    if let DeValue::Table(inner) = item.get_ref() {
                        unknown_keys(text, inner, &below, problems);
                    }
                }
            }
            _ => {}
        }
    }
}

/// A problem at a byte of the file.
pub(crate) fn problem(text: &str, at: usize, message: String) -> Problem {
    let before: String = text
        .char_indices()
        .take_while(|(i, _)| *i < at)
        .map(|(_, c)| c)
        .collect();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    Problem {
        line,
        column,
        message,
    }
}

/// The byte of the file at which the content of a string begins.
pub(crate) fn content_start<T>(text: &str, value: &Spanned<T>) -> usize {
    let start = value.span().start;
    let raw = text.get(start..).unwrap_or("");
    for fence in ["\"\"\"", "'''"] {
        if let Some(rest) = raw.strip_prefix(fence) {
            let newline = if rest.starts_with("\r\n") {
                2
            } else {
                usize::from(rest.starts_with('\n'))
            };
            return start + fence.len() + newline;
        }
    }
    start + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "[scheme]\nid = \"t\"\nja = \"t\"\nen = \"t\"\n";

    fn lines(text: &str) -> Vec<(usize, String)> {
        let problems = read(text).expect_err("mistakes");
        problems.into_iter().map(|p| (p.line, p.message)).collect()
    }

    #[test]
    fn every_misspelt_key_is_told_with_what_was_meant() {
        let text = format!(
            "{HEAD}titel = \"x\"\n[words]\nanything = \"a\"\n[[code]]\nid = \"A\"\nja = \"a\"\nen = \"a\"\ntreshold = 2\n\
             [[code.rule]]\nid = \"r\"\nwehn = '\"a\"'\n"
        );
        let told = lines(&text);
        let at: Vec<_> = told.iter().map(|(line, _)| *line).collect();
        assert_eq!(at, [5, 12, 15], "{told:?}");
        assert!(told[1].1.contains("did you mean 'threshold'"), "{told:?}");
        assert!(told[2].1.contains("did you mean 'when'"), "{told:?}");
    }

    #[test]
    fn every_error_of_syntax_is_told() {
        let told = lines("[scheme]\nid = t\nja = \"t\"\nen = = \"t\"\n");
        let at: Vec<_> = told.iter().map(|(line, _)| *line).collect();
        assert!(at.contains(&2) && at.contains(&4), "{told:?}");
    }

    #[test]
    fn a_missing_key_is_told_where_its_table_begins() {
        let told = lines(&format!("{HEAD}[[code]]\nid = \"A\"\nja = \"a\"\n"));
        assert_eq!(told.len(), 1);
        assert!(told[0].1.contains("en") && told[0].0 == 5, "{told:?}");
    }
}
