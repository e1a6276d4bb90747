//! What neighbouring passages share is normalised once.

use crate::normalize::normalize;

/// What the passage before was normalised to: the next one has it before it, and mostly the same headings.
#[derive(Default)]
pub(super) struct Neighbours {
    headings: Vec<String>,
    normal_headings: String,
    text: String,
    normal_text: String,
}

impl Neighbours {
    /// The headings as one text, a line each.
    pub fn headings(&mut self, headings: &[String]) -> &str {
        if self.headings != headings {
            self.headings.clear();
            self.headings.extend_from_slice(headings);
            self.normal_headings = normalize_headings(headings);
        }
        &self.normal_headings
    }

    /// The passage before.
    pub fn previous(&self, previous: &str) -> String {
        if previous == self.text {
            self.normal_text.clone()
        } else {
            normalize(previous).text
        }
    }

    /// Keeps a passage and what it was normalised to.
    pub fn remember(&mut self, text: &str, normal: &str) {
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
