//! The scheme file as it stands on disk, before names are resolved.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::Problem;

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
    #[serde(default)]
    #[allow(dead_code, reason = "for the reader of the file")]
    pub note: String,
}

fn one() -> f64 {
    1.0
}

/// Reads the file.
pub(crate) fn read(text: &str) -> Result<File, Problem> {
    toml::from_str(text).map_err(|e| {
        let at = e.span().map_or(0, |s| s.start);
        problem(text, at, e.message().to_owned())
    })
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
