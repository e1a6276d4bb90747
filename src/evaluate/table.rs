//! An evaluation as a table for the terminal.

use std::fmt;

use unicode_width::UnicodeWidthStr;

use super::{Agreement, Evaluation, FacetEvaluation, Overall};
use crate::stats::agreement::Interval;

const HEADINGS: [&str; 13] = [
    "code",
    "n",
    "coded",
    "tp",
    "fp",
    "fn",
    "precision",
    "recall",
    "F1",
    "95 %",
    "kappa",
    "95 %",
    "alpha",
];

impl fmt::Display for Evaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows: Vec<Vec<String>> = vec![HEADINGS.map(str::to_owned).to_vec()];
        rows.extend(self.codes.iter().map(row));
        rows.push(row(&self.in_scope));
        rows.extend(over_all(&self.overall));
        write_aligned(f, &rows)?;
        writeln!(
            f,
            "{} passages ({} headings left out), same codes on {}",
            self.passages,
            self.headings_left_out,
            figure(self.overall.exact),
        )?;
        if let Some(facets) = &self.facets {
            write!(f, "\n{facets}\n\n")?;
        }
        write!(
            f,
            "intervals: bootstrap, {} resamples, seed {}",
            self.resamples, self.seed
        )
    }
}

impl fmt::Display for FacetEvaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut headings = HEADINGS.map(str::to_owned).to_vec();
        if let Some(first) = headings.first_mut() {
            *first = "facet".to_owned();
        }
        let mut rows = vec![headings];
        rows.extend(self.facets.iter().map(row));
        rows.extend(over_all(&self.overall));
        rows.push(pooled("micro, same code", &self.within_codes));
        write_aligned(f, &rows)?;
        write!(
            f,
            "{} passages coded for facets, same facets on {}",
            self.passages,
            figure(self.overall.exact)
        )
    }
}

/// The rows below those of the codes.
fn over_all(overall: &Overall) -> [Vec<String>; 2] {
    let mut mean = vec!["macro".to_owned()];
    mean.extend(std::iter::repeat_n(String::new(), 7));
    mean.extend([figure(overall.macro_f1), interval(overall.macro_f1_interval)]);
    [pooled("micro", overall), mean]
}

fn pooled(name: &str, overall: &Overall) -> Vec<String> {
    let mut row = vec![name.to_owned()];
    row.extend(std::iter::repeat_n(String::new(), 5));
    row.extend([overall.micro_precision, overall.micro_recall, overall.micro_f1].map(figure));
    row.push(interval(overall.micro_f1_interval));
    row
}

fn row(a: &Agreement) -> Vec<String> {
    let mut row = vec![a.code.clone()];
    row.extend([a.n, a.coded, a.tp, a.fp, a.fn_].map(|n| n.to_string()));
    row.extend([a.precision, a.recall, a.f1].map(figure));
    row.extend([
        interval(a.f1_interval),
        figure(a.kappa),
        interval(a.kappa_interval),
        figure(a.alpha),
    ]);
    row
}

/// Three decimals; a dash where the figure is not defined.
fn figure(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |v| format!("{v:.3}"))
}

/// From the lower to the upper bound; a dash where there is none.
pub(crate) fn interval(interval: Option<Interval>) -> String {
    interval.map_or_else(|| "–".to_owned(), |i| format!("{:.3}–{:.3}", i.low, i.high))
}

/// The first column to the left, figures to the right.
fn write_aligned(f: &mut fmt::Formatter<'_>, rows: &[Vec<String>]) -> fmt::Result {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            rows.iter()
                .filter_map(|r| r.get(column))
                .map(|cell| cell.width())
                .max()
                .unwrap_or(0)
        })
        .collect();
    for row in rows {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let padding = " ".repeat(width.saturating_sub(cell.width()));
            if column == 0 {
                line.extend([cell.as_str(), &padding]);
            } else {
                line.extend(["  ", &padding, cell]);
            }
        }
        writeln!(f, "{}", line.trim_end())?;
    }
    Ok(())
}
