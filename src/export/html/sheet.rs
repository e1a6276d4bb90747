//! A table of the report.

use askama::Template;

use super::documents::Documents;
use crate::export::Lang;
use crate::export::figure::percent;
use crate::tables::columns::{
    CATEGORY, CATEGORY_EN, Column, ColumnKind, FIRST_PAGE, FIRST_PATH, FISCAL_YEAR, PATH, STATUS,
};
use crate::tables::rows::{Row, Rows};
use crate::tables::{Cell, Table};

/// A table as it is printed: with a caption, sortable where scripts run.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "report/sheet.html")]
pub struct Sheet {
    /// What it shows.
    pub caption: String,
    /// The headings.
    pub heads: Vec<Head>,
    /// Rows as long as the headings.
    pub rows: Vec<Vec<SheetCell>>,
    /// The CSV with the whole of it, beside the report.
    pub file: Option<String>,
    /// The language of the report; cells in another say so.
    pub lang: Lang,
}

/// A heading.
#[derive(Debug, Clone)]
pub struct Head {
    /// Its text.
    pub text: String,
    /// Whether numbers stand below.
    pub numeric: bool,
}

/// A cell.
#[derive(Debug, Clone, Default)]
pub struct SheetCell {
    /// What is read.
    pub text: String,
    /// What is sorted by, where that is not the text.
    pub sort: Option<String>,
    /// Where it leads.
    pub href: Option<String>,
    /// Several things instead of one text, with where each leads.
    pub list: Vec<(String, Option<String>)>,
}

impl SheetCell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        SheetCell {
            text: text.into(),
            ..SheetCell::default()
        }
    }

    /// A figure with decimals, or a dash.
    pub fn figure(value: Option<f64>, digits: usize) -> Self {
        SheetCell {
            text: value.map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}")),
            ..SheetCell::default()
        }
    }

    /// Whether a reader in English must be told that the cell is in Japanese.
    fn is_foreign(&self, lang: Lang) -> bool {
        let is_japanese = |text: &str| !text.is_ascii() && text != "–";
        lang == Lang::En && (is_japanese(&self.text) || self.list.iter().any(|(text, _)| is_japanese(text)))
    }
}

impl Sheet {
    /// A table written by hand.
    pub fn new(caption: &str, heads: &[(&str, bool)], rows: Vec<Vec<SheetCell>>, lang: Lang) -> Self {
        let heads = heads.iter().map(|(text, numeric)| Head {
            text: (*text).to_owned(),
            numeric: *numeric,
        });
        Sheet {
            caption: caption.to_owned(),
            heads: heads.collect(),
            rows,
            file: None,
            lang,
        }
    }

    /// Columns of a table of the run: those wanted, or all but what only software reads.
    ///
    /// # Arguments
    /// * `keep` - which rows.
    pub fn of(
        table: &Table,
        wanted: Option<&[Column]>,
        documents: &Documents,
        lang: Lang,
        keep: impl Fn(&Row<'_, '_>) -> bool,
    ) -> Self {
        let rows = Rows::of(Some(table));
        let columns: Vec<&Column> = match wanted {
            Some(columns) => columns.iter().collect(),
            None => table
                .columns()
                .iter()
                .filter(|column| is_read(column, lang))
                .collect(),
        };
        let heads = columns.iter().map(|column| Head {
            text: heading(column, lang),
            numeric: column.kind != ColumnKind::Text,
        });
        let cells = |row: Row<'_, '_>| {
            let cells = columns.iter().map(|column| cell(&row, column, documents, lang));
            cells.collect()
        };
        Sheet {
            caption: caption(table, lang),
            heads: heads.collect(),
            rows: rows.iter().filter(keep).map(cells).collect(),
            file: Some(format!("{}.csv", table.name())),
            lang,
        }
    }
}

/// A name in the other language says nothing new.
pub fn is_read(column: &Column, lang: Lang) -> bool {
    column.id != lang.pick(CATEGORY_EN, CATEGORY).id
}

fn caption(table: &Table, lang: Lang) -> String {
    match lang {
        Lang::Ja => table.title().to_owned(),
        Lang::En => table.name().replace('_', " "),
    }
}

/// A column's heading in a language.
pub fn heading(column: &Column, lang: Lang) -> String {
    match lang {
        Lang::Ja => column.ja.clone().into_owned(),
        Lang::En => column.id.replace('_', " "),
    }
}

fn cell(row: &Row<'_, '_>, column: &Column, documents: &Documents, lang: Lang) -> SheetCell {
    let mut cell = printed(row.get(&column.id), column.kind);
    if column.id == PATH.id || column.id == FIRST_PATH.id {
        cell.href = documents.href(row.text(column), row.int(&FIRST_PAGE));
    } else if column.id == STATUS.id && lang == Lang::Ja {
        cell.text = documents.status_ja(&cell.text);
    }
    if column.id == FISCAL_YEAR.id {
        cell.sort = None;
    }
    cell
}

fn printed(cell: Cell<'_>, kind: ColumnKind) -> SheetCell {
    let (text, sort) = match (cell, kind) {
        (Cell::Blank, ColumnKind::Text) => (String::new(), None),
        (Cell::Blank, _) => ("–".to_owned(), None),
        (Cell::Text(text), _) => (text.to_owned(), None),
        (Cell::Int(number), _) => (number.to_string(), None),
        (Cell::Real(rate), ColumnKind::Rate) => (percent(rate), Some(format!("{rate:.6}"))),
        (Cell::Real(change), ColumnKind::Change) => {
            (format!("{:+.1}", change * 100.0), Some(format!("{change:.6}")))
        }
        (Cell::Real(p), ColumnKind::Probability) => (format!("{p:.4}"), None),
        (Cell::Real(number), ColumnKind::Statistic) => (format!("{number:.2}"), None),
        (Cell::Real(number), _) => (format!("{number:.1}"), None),
    };
    SheetCell {
        text,
        sort,
        ..SheetCell::default()
    }
}
