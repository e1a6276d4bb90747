//! The sheets of passages and facts, read from the CSV of the run row by row and written through to disk.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;

use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet, XlsxError};

use super::super::cell::original;
use super::super::outbox::WriteError;
use super::sheet::{finish, heading, number_format, write};
use super::{XlsxExporter, failed};
use crate::tables::columns::{CODES, COMPANY_CODE, Column, ColumnKind, FIRST_PAGE, FISCAL_YEAR, PATH};
use crate::tables::{Cell, LIST_SEPARATOR};

/// Excel's sheets end here, the heading included.
const MOST_ROWS: u32 = 1_048_576;

/// Excel takes no longer text within a formula.
const LONGEST_LINK: usize = 255;

/// How wide texts stand; the passages themselves are read in the formula bar or wrapped at will.
const TEXT_WIDTH: f64 = 24.0;

/// Where the first passage of a company and code stands.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The sheet's name.
    pub(super) sheet: String,
    /// Fiscal year, company, code → row, counted from 0.
    rows: BTreeMap<(i64, String, String), u32>,
}

impl Places {
    /// The row of the first passage of a company and code in a fiscal year, counted from 0.
    pub(super) fn first(&self, year: i64, company: &str, code: &str) -> Option<u32> {
        self.rows
            .get(&(year, company.to_owned(), code.to_owned()))
            .copied()
    }
}

impl XlsxExporter {
    /// Adds the sheet of a file that was written while the run went on; one that is not there is left out.
    pub(super) fn streamed(
        &self,
        workbook: &mut Workbook,
        stem: &str,
        name: &str,
        columns: &[Column],
    ) -> Result<Places, WriteError> {
        let mut places = Places {
            sheet: name.to_owned(),
            ..Places::default()
        };
        let file = match File::open(self.folder.join(format!("{stem}.csv"))) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(places),
            file => file?,
        };
        let worksheet = workbook.add_worksheet_with_constant_memory().map_err(failed)?;
        worksheet.set_name(name).map_err(failed)?;
        for (place, column) in (0u16..).zip(columns) {
            heading(worksheet, place, column, self.lang).map_err(failed)?;
            if column.kind == ColumnKind::Text {
                worksheet.set_column_width(place, TEXT_WIDTH).map_err(failed)?;
            }
        }
        let mut reader = csv::Reader::from_reader(io::BufReader::new(file));
        let mut record = csv::StringRecord::new();
        let mut row = 1;
        while row < MOST_ROWS && reader.read_record(&mut record)? {
            self.row(worksheet, row, columns, &record).map_err(failed)?;
            remember(&mut places, row, columns, &record);
            row += 1;
        }
        finish(worksheet, columns.len(), row - 1).map_err(failed)?;
        Ok(places)
    }

    fn row(
        &self,
        worksheet: &mut Worksheet,
        row: u32,
        columns: &[Column],
        record: &csv::StringRecord,
    ) -> Result<(), XlsxError> {
        let file = cell(columns, record, &PATH).and_then(|path| self.links.get(original(path)));
        for ((place, column), text) in (0u16..).zip(columns).zip(record) {
            let format = Format::new().set_num_format(number_format(column.kind));
            if column.id == FIRST_PAGE.id
                && let Some(link) = file.map(|file| format!("{file}#page={text}"))
                && link.len() <= LONGEST_LINK
            {
                let formula = format!("=HYPERLINK(\"{}\",{text})", link.replace('"', "\"\""));
                let linked = Format::new().set_hyperlink();
                worksheet.write_formula_with_format(
                    row,
                    place,
                    Formula::new(formula).set_result(text),
                    &linked,
                )?;
                continue;
            }
            write(worksheet, row, place, typed(column.kind, text), &format)?;
        }
        Ok(())
    }
}

/// A cell of the CSV as what it was.
fn typed(kind: ColumnKind, text: &str) -> Cell<'_> {
    match kind {
        _ if text.is_empty() => Cell::Blank,
        ColumnKind::Text => Cell::Text(original(text)),
        ColumnKind::Count | ColumnKind::Flag => text.parse().map_or(Cell::Text(text), Cell::Int),
        _ => text.parse().map_or(Cell::Text(text), Cell::Real),
    }
}

fn cell<'r>(columns: &[Column], record: &'r csv::StringRecord, wanted: &Column) -> Option<&'r str> {
    record.get(columns.iter().position(|column| column.id == wanted.id)?)
}

fn remember(places: &mut Places, row: u32, columns: &[Column], record: &csv::StringRecord) {
    let found = |wanted: &Column| cell(columns, record, wanted).unwrap_or_default();
    let Ok(year) = found(&FISCAL_YEAR).parse::<i64>() else {
        return;
    };
    for code in found(&CODES)
        .split(LIST_SEPARATOR)
        .filter(|code| !code.is_empty())
    {
        let key = (year, original(found(&COMPANY_CODE)).to_owned(), code.to_owned());
        places.rows.entry(key).or_insert(row);
    }
}
