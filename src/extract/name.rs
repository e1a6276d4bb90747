//! The statuses as words: the same in columns, JSON and messages.

use std::fmt;

use super::{DocumentStatus, PageStatus};

impl DocumentStatus {
    /// The word in `documents.csv`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Partial => "partial",
            Self::Damaged => "damaged",
            Self::Empty => "empty",
            Self::Scanned => "scanned",
            Self::Unmappable => "unmappable",
            Self::Encrypted => "encrypted",
            Self::Missing => "missing",
            Self::NotAPdf => "not-a-pdf",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
            Self::Timeout => "timeout",
            Self::OutOfMemory => "out-of-memory",
            Self::Crashed => "crashed",
        }
    }

    /// Whether the document counts as a failure of the run: it was there, or should have been, and was not read
    /// whole. A document that the manifest marks missing is none: the user knows.
    pub fn is_failure(self) -> bool {
        !matches!(self, Self::Ok | Self::Missing)
    }
}

impl fmt::Display for DocumentStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl PageStatus {
    /// The word in the output of `mieruka extract`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Empty => "empty",
            Self::Scanned => "scanned",
            Self::Unmappable => "unmappable",
            Self::Damaged => "damaged",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for PageStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_json() {
        use DocumentStatus as D;
        let all = [
            D::Ok,
            D::Partial,
            D::Damaged,
            D::Empty,
            D::Scanned,
            D::Unmappable,
            D::Encrypted,
            D::Missing,
            D::NotAPdf,
            D::Failed,
            D::Interrupted,
            D::Timeout,
            D::OutOfMemory,
            D::Crashed,
        ];
        for status in all {
            assert_eq!(serde_json::to_value(status).unwrap(), status.id());
        }
        use PageStatus as P;
        for status in [P::Ok, P::Empty, P::Scanned, P::Unmappable, P::Damaged, P::Failed] {
            assert_eq!(serde_json::to_value(status).unwrap(), status.id());
        }
    }
}
