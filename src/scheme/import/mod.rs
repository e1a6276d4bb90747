//! KH Coder coding rules (樋口耕一, KH Coder 3) → a scheme file.
//!
//! A rule file has a line `*code` and below it a condition; [`tokens`] cuts it, [`condition`] reads it, this module
//! writes the scheme. What the rule language of schemes cannot say is told with its line and what to do.

mod condition;
#[cfg(test)]
mod tests;
mod tokens;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use condition::Reader;
use tokens::{Rule, rules};

/// Something of the rule file that the scheme does not say, or says a little differently.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// Line of the rule file, from 1.
    pub line: usize,
    /// What it is and what to do.
    pub message: String,
    /// The code was left out because of it.
    pub left_out: bool,
}

/// A scheme made of a rule file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The scheme file.
    pub scheme: String,
    /// In order of lines.
    pub remarks: Vec<Remark>,
}

/// Whether a word is one word of the dictionary: only such are found by their base form.
pub type IsWord<'a> = &'a mut dyn FnMut(&str) -> bool;

/// Makes a scheme of a rule file.
///
/// # Arguments
/// * `text` - the rule file, decoded.
/// * `name` - what the scheme is called: letters, digits, `_` and `-`.
/// * `is_word` - whether a word is one token of the dictionary.
pub fn import(text: &str, name: &str, is_word: IsWord<'_>) -> Imported {
    let mut remarks = Vec::new();
    let rules = rules(text, &mut remarks);
    let mut written: Vec<(Rule, String, String)> = Vec::new();
    let mut ids = BTreeSet::new();
    for rule in rules.into_iter().filter(|r| !r.broken) {
        let id = code_id(&rule.name, &mut ids);
        let known: Vec<(&str, &str)> = written
            .iter()
            .map(|(r, id, _)| (r.name.as_str(), id.as_str()))
            .collect();
        let mut ask = |word: &str| is_word(word);
        match Reader::new(&rule, &known, &mut ask, &mut remarks).read() {
            Some(condition) => written.push((rule, id, condition)),
            None => {
                ids.remove(&id);
            }
        }
    }
    remarks.sort();
    remarks.dedup();
    Imported {
        scheme: scheme(name, &written, &remarks),
        remarks,
    }
}

/// An id of the code's name: what ids cannot hold becomes `_`, and a name that comes twice is numbered.
fn code_id(name: &str, taken: &mut BTreeSet<String>) -> String {
    let letters = name
        .chars()
        .map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' });
    let plain: String = letters.collect();
    let plain = match plain.strip_prefix('-') {
        Some(rest) => format!("_{rest}"),
        None if plain.is_empty() => "code".to_owned(),
        None => plain,
    };
    let mut id = plain.clone();
    let mut number = 2;
    while !taken.insert(id.clone()) {
        id = format!("{plain}_{number}");
        number += 1;
    }
    id
}

fn scheme(name: &str, rules: &[(Rule, String, String)], remarks: &[Remark]) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(out, "# Imported from KH Coder coding rules.");
    for remark in remarks.iter().filter(|r| r.left_out) {
        let _ = writeln!(out, "# Left out (line {}): {}", remark.line, remark.message);
    }
    let title = quoted(name);
    let _ = writeln!(
        out,
        "[scheme]\nid = {title}\nja = {title}\nen = {title}\n\n[rules]"
    );
    for (_, id, condition) in rules {
        let _ = writeln!(out, "{} = {}", quoted(id), literal(condition));
    }
    for (rule, id, _) in rules {
        let (id, label) = (quoted(id), quoted(&rule.name));
        let when = literal(&format!("${}", id.trim_matches('"')));
        let _ = write!(
            out,
            "\n[[code]]\nid = {id}\nja = {label}\nen = {label}\nrule = [{{ id = \"line-{}\", when = {when} }}]\n",
            rule.line
        );
    }
    out
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A TOML string that leaves backslashes alone, where it can be one.
fn literal(text: &str) -> String {
    if text.contains(|c: char| c == '\'' || c.is_control()) {
        quoted(text)
    } else {
        format!("'{text}'")
    }
}
