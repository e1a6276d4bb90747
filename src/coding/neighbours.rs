//! What neighbouring passages share is normalised once.

use super::CodingInput;
use crate::normalize::{Normalized, normalize};

/// What the passage before was normalised to: the next one has it before it, and mostly the same headings.
#[derive(Default)]
pub(super) struct Neighbours {
    headings: Vec<String>,
    normal_headings: String,
    text: String,
    normal_text: String,
}

impl Neighbours {
    /// A passage, its headings and the passage before, normalised.
    pub fn normalize(&mut self, input: &CodingInput<'_>) -> (Normalized, String, String) {
        let text = normalize(input.text);
        let headings = self.headings(input.headings).to_owned();
        let previous = input.previous.map(|p| self.previous(p)).unwrap_or_default();
        self.remember(input.text, &text.text);
        (text, headings, previous)
    }

    /// The headings as one text, a line each.
    fn headings(&mut self, headings: &[String]) -> &str {
        if self.headings != headings {
            self.headings.clear();
            self.headings.extend_from_slice(headings);
            self.normal_headings = normalize_headings(headings);
        }
        &self.normal_headings
    }

    /// The passage before.
    fn previous(&self, previous: &str) -> String {
        if previous == self.text {
            self.normal_text.clone()
        } else {
            normalize(previous).text
        }
    }

    /// Keeps a passage and what it was normalised to.
    fn remember(&mut self, text: &str, normal: &str) {
        self.text.clear();
        self.text.push_str(text);
        self.normal_text.clear();
        self.normal_text.push_str(normal);
    }
}

/// Headings as one text, a line each.
fn normalize_headings(headings: &[String]) -> String {
    let mut all = String::new();
    for heading in headings {
        all.push_str(&normalize(heading).text);
        all.push('\n');
    }
    all
}
