//! Tokens + scheme → codes with their evidence.

/// Why a passage got a code: a span of the passage and the rule that found it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Evidence {
    /// The code.
    pub code: String,
    /// First character (Unicode scalar values of the passage as given).
    pub start: usize,
    /// Character after the last.
    pub end: usize,
    /// The characters from `start` to `end`, as printed.
    pub text: String,
    /// The rule of the scheme.
    pub rule: String,
}

/// What the machine says of one passage.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Coding {
    /// About security of information or information systems.
    pub in_scope: bool,
    /// The codes, ascending.
    pub labels: Vec<String>,
    /// The facets below the codes, e.g. `C06.audit`, ascending.
    pub facets: Vec<String>,
    /// At least one for every code.
    pub evidence: Vec<Evidence>,
}
