//! The tables of the file as TOML has them.

use serde::Deserialize;
use toml::Spanned;

pub(super) type Pattern = Spanned<String>;
pub(super) type Patterns = Vec<Pattern>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub stance: StanceTable,
    pub certification: CertificationTable,
    pub membership: MembershipTable,
    pub csirt: CsirtTable,
    pub officer: OfficerTable,
    pub figure: FigureTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StanceTable {
    pub later: Patterns,
    pub others: Patterns,
    pub ended: Patterns,
    pub duty: Patterns,
    pub habit: Patterns,
    pub clause: Patterns,
    pub joints: Patterns,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CertificationTable {
    pub verbs: Patterns,
    pub against: Patterns,
    pub future: Patterns,
    pub headings: Patterns,
    pub labels: Patterns,
    pub aliases: Patterns,
    pub scope_end: Pattern,
    pub bare_scope: Pattern,
    pub kind: Vec<NameTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MembershipTable {
    pub verbs: Patterns,
    pub against: Patterns,
    pub future: Patterns,
    pub distance: usize,
    pub body: Vec<NameTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CsirtTable {
    pub word: Pattern,
    pub not: Patterns,
    pub common: Vec<String>,
    pub own: Patterns,
    pub against: Patterns,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfficerTable {
    pub against: Patterns,
    pub theirs: Pattern,
    pub holder: Pattern,
    pub held: Patterns,
    pub title: Vec<NameTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FigureTable {
    pub link: Pattern,
    pub chain: Pattern,
    pub target: Patterns,
    pub with_no: Vec<String>,
    pub planned: Patterns,
    pub expected: Patterns,
    pub rows: Vec<String>,
    pub told_of: Pattern,
    pub often: Pattern,
    pub done: Pattern,
    pub relative: Pattern,
    pub aimed: Patterns,
    pub no_count: Patterns,
    pub none: Pattern,
    pub more: Pattern,
    pub less: Pattern,
    pub bullet: Pattern,
    pub places: Vec<String>,
    pub vague: Vec<String>,
    pub not: Patterns,
    pub elsewhere: Patterns,
    pub context: Patterns,
    pub measure: Vec<MeasureTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NameTable {
    #[serde(default)]
    pub name: String,
    pub words: Patterns,
    #[serde(default)]
    pub also: Patterns,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MeasureTable {
    pub name: String,
    pub units: Vec<String>,
    pub words: Patterns,
    #[serde(default)]
    pub after: Patterns,
    pub followed: Option<Pattern>,
}
