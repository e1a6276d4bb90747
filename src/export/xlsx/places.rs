//! Where in the workbook the passages stand that its counts lead to.

use std::collections::BTreeMap;

/// Where the first passage of a company and of a code or facet stands.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The sheet's name.
    pub(super) sheet: String,
    /// Fiscal year, company, code or facet → row, counted from 0.
    rows: BTreeMap<(i64, String, String), u32>,
}

impl Places {
    /// Places on a sheet, none yet.
    pub(super) fn of(sheet: &str) -> Self {
        Places {
            sheet: sheet.to_owned(),
            ..Places::default()
        }
    }

    /// Takes the row of a passage; that of the first stays.
    pub(super) fn add(&mut self, row: u32, year: i64, company: &str, code: &str) {
        let key = (year, company.to_owned(), code.to_owned());
        self.rows.entry(key).or_insert(row);
    }

    /// The row of the first passage of a company and code or facet in a fiscal year, counted from 0.
    pub(super) fn first(&self, year: i64, company: &str, code: &str) -> Option<u32> {
        self.rows
            .get(&(year, company.to_owned(), code.to_owned()))
            .copied()
    }
}
