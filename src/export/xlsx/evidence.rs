//! The sheets of passages and facts, read from the CSV of the run row by row and written through to disk.

use std::fs::File;
use std::io;
use std::path::Path;

use rust_xlsxwriter::{Format, Formula, Workbook};

use super::super::cell::original;
use super::super::outbox::WriteError;
use super::super::stream::Streamed;
use super::places::Places;
use super::sheet::{finish, formats, heading, write};
use super::{XlsxExporter, failed};
use crate::tables::columns::{
    CODES, COMPANY_CODE, Column, ColumnKind, FACETS, FIRST_PAGE, FISCAL_YEAR, PATH,
};
use crate::tables::{Cell, LIST_SEPARATOR};

/// Excel's sheets end here, the heading included.
const MOST_ROWS: u32 = 1_048_576;

/// Excel takes no longer text within a formula.
const LONGEST_LINK: usize = 255;

/// How wide texts stand; the passages themselves are read in the formula bar or wrapped at will.
const TEXT_WIDTH: f64 = 24.0;

impl XlsxExporter {
    /// Adds the sheet of a table that was written while the run went on; one that is not there is left out.
    ///
    /// # Arguments
    /// * `ja` - its Japanese name.
    /// * `file` - its CSV.
    pub(super) fn streamed<T: Streamed>(
        &self,
        workbook: &mut Workbook,
        ja: &str,
        file: &Path,
    ) -> Result<Places, WriteError> {
        let name = self.lang.pick(ja, T::STEM);
        let mut places = Places::of(name);
        let file = match File::open(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(places),
            file => file?,
        };
        let worksheet = workbook.add_worksheet_with_constant_memory().map_err(failed)?;
        worksheet.set_name(name).map_err(failed)?;
        for (place, column) in (0u16..).zip(T::COLUMNS) {
            heading(worksheet, place, column, self.lang).map_err(failed)?;
            if column.kind == ColumnKind::Text {
                worksheet.set_column_width(place, TEXT_WIDTH).map_err(failed)?;
            }
        }
        let mut reader = csv::Reader::from_reader(io::BufReader::new(file));
        let mut record = csv::StringRecord::new();
        let (formats, linked) = (formats(T::COLUMNS), Format::new().set_hyperlink());
        let mut row = 1;
        while row < MOST_ROWS && reader.read_record(&mut record)? {
            let link = cell(T::COLUMNS, &record, &PATH).and_then(|path| self.links.get(original(path)));
            let cells = T::COLUMNS.iter().zip(&formats).zip(&record);
            for (place, ((column, format), text)) in (0u16..).zip(cells) {
                match link
                    .filter(|_| column.id == FIRST_PAGE.id)
                    .and_then(|link| page(link, text))
                {
                    Some(page) => worksheet
                        .write_formula_with_format(row, place, page, &linked)
                        .map(drop),
                    None => write(worksheet, row, place, typed(column.kind, text), format),
                }
                .map_err(failed)?;
            }
            remember(&mut places, row, T::COLUMNS, &record);
            row += 1;
        }
        finish(worksheet, T::COLUMNS.len(), row - 1).map_err(failed)?;
        Ok(places)
    }
}

/// A page number that opens the PDF there; none where the link is too long for Excel.
fn page(link: &str, number: &str) -> Option<Formula> {
    let link = format!("{link}#page={number}").replace('"', "\"\"");
    (link.len() <= LONGEST_LINK)
        .then(|| Formula::new(format!("=HYPERLINK(\"{link}\",{number})")).set_result(number))
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
    for code in [found(&CODES), found(&FACETS)]
        .into_iter()
        .flat_map(|list| list.split(LIST_SEPARATOR))
        .filter(|code| !code.is_empty())
    {
        places.add(row, year, original(found(&COMPANY_CODE)), code);
    }
}
