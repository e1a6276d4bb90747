//! The first manifest as text.

use std::fmt::Display;
use std::fmt::Write as _;
use std::path::Path;

use super::Entry;
use super::guess::{Guess, Guesses};
use crate::manifest::classifications::Classifications;

const HEAD: &str = "\
# mieruka init が作った最初の manifest。使う前に人が確かめる。
#   「推定」は、ファイル名と冒頭のページから推し量った値。確かめたら注記を消してよい。
#   「要記入」は、分からなかった値。書き入れるまで mieruka check と mieruka run は受け付けない。
# 年度（fiscal_year）は、その事業年度が始まる年: 2025年3月期は 2024。
";

/// Writes the manifest of a folder that it names `root`.
pub(super) fn manifest(
    dir: &Path,
    root: &str,
    entries: &[Entry],
    classifications: &Classifications,
) -> String {
    let name = dir
        .canonicalize()
        .ok()
        .and_then(|d| Some(d.file_name()?.to_string_lossy().into_owned()));
    let mut out = Lines(HEAD.to_owned());
    out.line("");
    out.line("[corpus]");
    out.value("name", quoted(&name.unwrap_or_else(|| "corpus".to_owned())), "");
    out.value("root", quoted(root), "");
    for entry in entries {
        out.line("");
        company(&mut out, entry);
        for document in &entry.documents {
            out.line("");
            out.line("[[company.document]]");
            self::document(&mut out, document, classifications);
        }
    }
    out.0
}

fn company(out: &mut Lines, entry: &Entry) {
    out.line("[[company]]");
    if let Some(company) = &entry.listed {
        out.value("code", quoted(&company.code), "");
        out.value("name", quoted(&company.name), "");
        let blank = if company.industry.is_empty() { INDUSTRY } else { "" };
        out.value("industry", quoted(&company.industry), blank);
        for (key, value) in [
            ("tse33", &company.tse33),
            ("market_segment", &company.market_segment),
        ] {
            if let Some(value) = value {
                out.value(key, quoted(value), "");
            }
        }
        for (key, value) in [("employees", company.employees), ("capital", company.capital)] {
            if let Some(value) = value {
                out.value(key, value, "");
            }
        }
        if !company.aliases.is_empty() {
            let aliases: Vec<String> = company.aliases.iter().map(|a| quoted(a)).collect();
            out.value("aliases", format!("[{}]", aliases.join(", ")), "");
        }
        return;
    }
    out.text_guess("code", entry.code.as_ref(), "証券コード4文字");
    out.text_guess("name", entry.name.as_ref(), "会社名");
    out.value("industry", quoted(""), INDUSTRY);
}

const INDUSTRY: &str = "要記入: 日経36業種のいずれか";

fn document(out: &mut Lines, document: &Guesses, classifications: &Classifications) {
    let unread = if document.readable {
        ""
    } else {
        "冒頭のページの文字を読み取れなかった"
    };
    out.value("path", quoted(&document.path), unread);
    let kinds: Vec<&str> = classifications.kinds.iter().map(|k| k.name.as_str()).collect();
    out.text_guess("kind", document.kind.as_ref(), &kinds.join(", "));
    match &document.fiscal_year {
        Some(year) => out.value("fiscal_year", year.value, &marked(&year.why)),
        None => out.value("fiscal_year", 0, "要記入: 事業年度が始まる年"),
    }
}

/// The manifest so far.
struct Lines(String);

impl Lines {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    /// `key = value  # comment`
    fn value(&mut self, key: &str, value: impl Display, comment: &str) {
        // Writing to a String cannot fail.
        let _ = write!(self.0, "{key} = {value}");
        if !comment.is_empty() {
            // A comment ends at a line break, whatever a file name holds.
            let comment: String = comment
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect();
            let _ = write!(self.0, "  # {comment}");
        }
        self.0.push('\n');
    }

    fn text_guess(&mut self, key: &str, guess: Option<&Guess<String>>, unknown: &str) {
        match guess {
            Some(guess) => self.value(key, quoted(&guess.value), &marked(&guess.why)),
            None => self.value(key, quoted(""), &format!("要記入: {unknown}")),
        }
    }
}

fn marked(why: &str) -> String {
    format!("推定: {why}")
}

/// A TOML string on one line.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
