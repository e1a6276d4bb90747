//! Other frames: 主要5項目, editions of the 経営ガイドライン.

use super::Classification;

/// How the codes and facets of the scheme make the items of another frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crosswalk {
    /// Short id: `main5`.
    pub id: String,
    /// What belongs to each of its items.
    pub classification: Classification,
}
