//! The closing summary on the terminal: who discloses what, the industries below, what could not be read last.
//!
//! Columns are counted as a terminal does: a kanji is two wide. Nothing is wider than asked for.

use std::collections::BTreeMap;

use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::export::cell::one_line;
use crate::extract::{DocumentStatus, reason_ja};
use crate::manifest::Corpus;
use crate::tables::columns::{
    BASE, CATEGORY, CODE, COMPANIES, COMPANY, COMPANY_CODE, DISCLOSING, INDUSTRY, RATE,
};
use crate::tables::rows::Rows;
use crate::tables::{Cell, CodeLabel, DocumentRecord, Tables};

/// With more rows than this the grid would scroll away what matters: it is left to the file.
const MAX_ROWS: usize = 40;

/// Unreadable documents named one by one.
const MAX_FAILURES: usize = 10;

/// The name of a company or an industry gets at least this many columns.
const LABEL: usize = 24;

/// The summary of a run.
///
/// # Arguments
/// * `width` - columns of the terminal; under 40 is taken as 40.
pub fn render(tables: &Tables, corpus: &Corpus, records: &[DocumentRecord], width: usize) -> String {
    let page = Page {
        codes: tables.codes(),
        width: width.max(40),
    };
    let companies = Rows::of(tables.get("company_table"));
    let industries = Rows::of(tables.get("industry_table"));
    let totals = Rows::of(tables.get("year_category"));
    let with_grid = companies.len() <= MAX_ROWS;
    let mut out = String::new();
    for year in companies.years() {
        page.line(&mut out, &format!("■ {year}年度"));
        if with_grid {
            page.grid(&mut out, &companies, year);
        } else {
            page.totals(&mut out, &totals, year);
        }
        page.industries(&mut out, &industries, year);
        out.push('\n');
    }
    if !with_grid {
        page.line(
            &mut out,
            &format!(
                "企業ごとの結果（{}行）は company_table.csv にあります。",
                companies.len()
            ),
        );
    }
    page.failures(&mut out, corpus, records);
    page.copies(&mut out, corpus, records);
    out
}

/// The width of the terminal that standard error goes to; 80 when it goes elsewhere.
pub fn terminal_width() -> usize {
    terminal_size::terminal_size_of(std::io::stderr()).map_or(80, |(width, _)| usize::from(width.0))
}

/// What is the same for every line.
struct Page<'a> {
    codes: &'a [CodeLabel],
    width: usize,
}

impl Page<'_> {
    fn line(&self, out: &mut String, text: &str) {
        out.push_str(cut(text, self.width).trim_end());
        out.push('\n');
    }

    /// Columns of a code's cell: its id and a space, and room for `100`.
    fn cell(&self) -> usize {
        self.codes
            .iter()
            .map(|code| code.id.width() + 1)
            .max()
            .unwrap_or(0)
            .max(4)
    }

    /// As many codes as stand side by side, again and again.
    fn blocks(&self) -> std::slice::Chunks<'_, CodeLabel> {
        self.codes
            .chunks((self.width.saturating_sub(LABEL) / self.cell()).max(1))
    }

    fn heading(&self, out: &mut String, label: &str, codes: &[CodeLabel]) {
        self.row(out, label, codes.iter().map(|code| code.id.clone()), codes.len());
    }

    /// A label at the left, the cells at the right edge of theirs.
    fn row(&self, out: &mut String, label: &str, cells: impl Iterator<Item = String>, count: usize) {
        let room = self.width.saturating_sub(count * self.cell());
        // On a wide terminal the cells stay near the names.
        let room = room.min(48);
        let mut line = pad(&cut(&one_line(label), room), room);
        for cell in cells {
            let cell = cut(&cell, self.cell());
            let _ = write!(
                line,
                "{}{cell}",
                " ".repeat(self.cell().saturating_sub(cell.width()))
            );
        }
        self.line(out, &line);
    }

    /// A company a line, a category a column.
    fn grid(&self, out: &mut String, companies: &Rows<'_>, year: i64) {
        for codes in self.blocks() {
            self.heading(out, "企業（● 開示 · なし ? 読めず）", codes);
            for row in companies.of_year(year) {
                let label = format!("{} {}", row.text(&COMPANY_CODE), row.text(&COMPANY));
                let marks = codes.iter().map(|code| mark(row.get(&code.id)).to_owned());
                self.row(out, &label, marks, codes.len());
            }
        }
    }

    /// A category a line: how many companies disclose it.
    fn totals(&self, out: &mut String, totals: &Rows<'_>, year: i64) {
        self.line(out, "項目別の開示企業数");
        for row in totals.of_year(year) {
            let (disclosing, base) = (count(row.int(&DISCLOSING)), count(row.int(&BASE)));
            let unknown = count(row.int(&COMPANIES)) - base;
            let rate = percent(row.get(&RATE.id));
            let name = pad(&cut(&one_line(row.text(&CATEGORY)), 34), 34);
            let mut line = format!(
                " {} {name} {disclosing:>4} /{base:>4} 社 {rate:>3} %",
                row.text(&CODE)
            );
            if unknown > 0 {
                let _ = write!(line, "  不明 {unknown} 社");
            }
            self.line(out, &line);
        }
    }

    /// An industry a line, with the rates in per cent.
    fn industries(&self, out: &mut String, industries: &Rows<'_>, year: i64) {
        for codes in self.blocks() {
            self.heading(out, "業種［社数］（開示率 %）", codes);
            for row in industries.of_year(year) {
                let companies = count(row.int(&COMPANIES));
                let label = format!("{}［{companies}］", row.text(&INDUSTRY));
                let rates = codes.iter().map(|code| percent(row.get(&code.id)));
                self.row(out, &label, rates, codes.len());
            }
        }
    }

    /// The documents that could not be read, or only in part.
    fn failures(&self, out: &mut String, corpus: &Corpus, records: &[DocumentRecord]) {
        let mut failed: Vec<_> = records
            .iter()
            .filter(|record| record.status != DocumentStatus::Ok)
            .collect();
        failed.sort_by_key(|record| record.document);
        let not_reached = corpus.documents.len().saturating_sub(records.len());
        if failed.is_empty() && not_reached == 0 {
            self.line(
                out,
                &format!("{}文書をすべて読めました。", corpus.documents.len()),
            );
            self.pages_without_text(out, records);
            return;
        }
        self.line(
            out,
            &format!(
                "読めなかった、または一部しか読めなかった文書: {}件",
                failed.len() + not_reached
            ),
        );
        for record in failed.iter().take(MAX_FAILURES) {
            let path = corpus
                .documents
                .get(record.document)
                .map_or("", |document| &document.path);
            // The reason says more than the end of a long path: it keeps half of the line.
            let path = cut(&one_line(path), self.width / 2);
            let text = format!(
                " {path}  {}  {}",
                record.status.ja(),
                one_line(&reason_ja(&record.reason))
            );
            self.line(out, &text);
        }
        if failed.len() > MAX_FAILURES {
            self.line(
                out,
                &format!(
                    " ほか{}件は documents.csv にあります。",
                    failed.len() - MAX_FAILURES
                ),
            );
        }
        if not_reached > 0 {
            self.line(
                out,
                &format!(" 途中で終わったため処理していない文書: {not_reached}件"),
            );
        }
        self.pages_without_text(out, records);
    }

    /// One file under two names is counted twice.
    fn copies(&self, out: &mut String, corpus: &Corpus, records: &[DocumentRecord]) {
        let mut by_content: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for record in records.iter().filter(|record| !record.sha256.is_empty()) {
            by_content
                .entry(&record.sha256)
                .or_default()
                .push(record.document);
        }
        let mut copies: Vec<Vec<usize>> = by_content.into_values().filter(|all| all.len() > 1).collect();
        copies.iter_mut().for_each(|all| all.sort_unstable());
        copies.sort();
        if copies.is_empty() {
            return;
        }
        let head = format!(
            "同じ内容のファイルが{}組あり、それぞれに数えられています:",
            copies.len()
        );
        self.line(out, &head);
        for all in copies.iter().take(MAX_FAILURES) {
            let path = |document: &usize| corpus.documents.get(*document).map(|d| one_line(&d.path));
            let paths: Vec<_> = all.iter().filter_map(path).collect();
            self.line(out, &format!(" {}", paths.join(" = ")));
        }
    }

    /// A few scanned pages leave a document's status ok; who reads a 0 must know of them.
    fn pages_without_text(&self, out: &mut String, records: &[DocumentRecord]) {
        let with = records
            .iter()
            .filter(|record| record.status == DocumentStatus::Ok && record.pages_ok < record.pages);
        let count = with.count();
        if count > 0 {
            self.line(
                out,
                &format!(
                    "うち{count}文書には、文字のない画像だけのページがあります（documents.csv の reason_ja）。"
                ),
            );
        }
    }
}

fn mark(passages: Cell<'_>) -> &'static str {
    match passages {
        Cell::Int(0) => "·",
        Cell::Int(_) => "●",
        _ => "?",
    }
}

fn percent(rate: Cell<'_>) -> String {
    match rate {
        Cell::Real(rate) => format!("{:.0}", rate * 100.0),
        _ => "?".to_owned(),
    }
}

/// A count; nothing counted is 0.
fn count(cell: Option<i64>) -> i64 {
    cell.unwrap_or(0)
}

/// At most `width` columns of the text; `…` stands for what is left out.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 0;
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide + 1 > width {
            break;
        }
        used += wide;
        kept.push(c);
    }
    if width > 0 {
        kept.push('…');
    }
    kept
}

/// The text with spaces after it up to `width` columns.
fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::tests::{codes, corpus, records, tables};
    use crate::tables::{TableOptions, build};
    use proptest::prelude::*;

    #[test]
    fn the_grid_says_what_the_tables_say() {
        let text = render(&tables(), &corpus(), &records(), 80);
        let lines: Vec<Vec<&str>> = text
            .lines()
            .map(|line| line.split_whitespace().collect())
            .collect();
        for expected in [
            vec!["2801", "甲食品", "●", "·"],
            vec!["4501", "乙製薬", "·", "●"],
            vec!["285A", "丙フーズ", "?", "?"],
            vec!["4599", "戊薬品", "●", "?"],
            vec!["医薬品［2］", "50", "100"],
            vec!["銀行［1］", "?", "?"],
        ] {
            assert!(lines.contains(&expected), "{expected:?} is not in\n{text}");
        }
        // Failures last: four documents, of which two were read in part.
        let heading = text.lines().position(|line| line.contains("4件")).unwrap();
        assert_eq!(text.lines().count(), heading + 1 + 4, "{text}");
        assert!(text.lines().last().unwrap().contains("4599/yuho_2024.pdf  破損"));
    }

    #[test]
    fn cells_stand_below_their_headings() {
        let text = render(&tables(), &corpus(), &records(), 80);
        let heading = text.lines().find(|line| line.starts_with("企業")).unwrap();
        let row = text.lines().find(|line| line.contains("戊薬品")).unwrap();
        let column = |line: &str, part: &str| line[..line.rfind(part).unwrap() + part.len()].width();
        assert_eq!(column(heading, "C01"), column(row, "●"));
        assert_eq!(column(heading, "C02"), column(row, "?"));
    }

    #[test]
    fn a_large_corpus_gets_counts_and_the_file_s_name() {
        let mut corpus = corpus();
        let document = corpus.documents[0].clone();
        for index in 0..60 {
            let mut company = corpus.companies[0].clone();
            company.code = format!("{}", 3000 + index);
            corpus.documents.push(crate::manifest::Document {
                company: corpus.companies.len(),
                path: format!("{index}.pdf"),
                ..document.clone()
            });
            corpus.companies.push(company);
        }
        let tables = build(&corpus, &records(), &codes(), &TableOptions::default()).unwrap();
        let text = render(&tables, &corpus, &records(), 80);
        assert!(
            text.contains("company_table.csv") && !text.contains("3059"),
            "{text}"
        );
        // 2023: 甲 discloses, 丙 does not, sixty companies were not reached.
        let row: Vec<_> = text
            .lines()
            .find(|line| line.starts_with(" C01 "))
            .unwrap()
            .split_whitespace()
            .collect();
        assert_eq!(row.join(" "), "C01 対応方針 1 / 2 社 50 % 不明 60 社");
    }

    #[test]
    fn one_file_under_two_names_is_told() {
        let mut records = records();
        let text = render(&tables(), &corpus(), &records, 80);
        assert!(!text.contains("同じ内容"), "{text}");
        let (one, other) = (records[0].document, records[1].document);
        records[0].sha256 = "a".to_owned();
        records[1].sha256 = "a".to_owned();
        let text = render(&tables(), &corpus(), &records, 80);
        let paths = [one.min(other), one.max(other)].map(|d| corpus().documents[d].path.clone());
        assert!(text.contains("同じ内容のファイルが1組"), "{text}");
        assert!(text.contains(&format!(" {} = {}", paths[0], paths[1])), "{text}");
    }

    #[test]
    fn many_codes_go_into_several_blocks() {
        let many: Vec<CodeLabel> = (0..30)
            .map(|i| CodeLabel {
                id: format!("CODE{i:02}"),
                ja: String::new(),
                en: String::new(),
            })
            .collect();
        let tables = build(&corpus(), &[], &many, &TableOptions::default()).unwrap();
        let text = render(&tables, &corpus(), &[], 80);
        assert!(many.iter().all(|code| text.contains(&code.id)), "{text}");
        assert!(text.lines().all(|line| line.width() <= 80), "{text}");
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        let mut corpus = corpus();
        corpus.companies[0].name = "甲\u{1b}[2J\n食品".into();
        corpus.documents[5].path = "a\u{1b}]0;x\u{7}.pdf".into();
        let tables = build(&corpus, &records(), &codes(), &TableOptions::default()).unwrap();
        let text = render(&tables, &corpus, &records(), 80);
        assert!(!text.chars().any(|c| c != '\n' && c.is_control()), "{text:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn nothing_is_wider_than_the_terminal(name in "\\PC{0,60}", width in 40usize..200) {
            let mut corpus = corpus();
            corpus.companies[3].name.clone_from(&name);
            corpus.companies[3].industry = name;
            let tables = build(&corpus, &records(), &codes(), &TableOptions::default()).unwrap();
            for line in render(&tables, &corpus, &records(), width).lines() {
                prop_assert!(line.width() <= width, "{} {line}", line.width());
            }
        }

        #[test]
        fn a_cut_text_fits(text in "\\PC{0,40}", width in 0usize..30) {
            prop_assert!(cut(&text, width).width() <= width);
        }
    }
}
