//! A sheet of a table.

use rust_xlsxwriter::{Color, ConditionalFormat2ColorScale, Format, Url, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

use super::super::Lang;
use super::super::cell::one_line;
use super::places::Places;
use crate::tables::columns::{CODE, COMPANY_CODE, Column, ColumnKind, FACET, FISCAL_YEAR, PASSAGES};
use crate::tables::{Cell, Table};

/// Columns are at most this wide: a quote of 120 characters is read in the formula bar.
const WIDEST: usize = 44;

/// Excel's number of the paper size.
const A4: u8 = 9;

/// Rows that decide the width of a column.
const MEASURED: usize = 200;

/// In UTF-16 units. Excel cuts longer texts, and calls the file damaged.
const LONGEST: usize = 32_767;

/// Excel takes 65,530 links a sheet and drops those beyond with a warning.
const MOST_LINKS: usize = 60_000;

/// Under every table of who discloses what: the guide's own caution.
pub(super) const CAUTION: (&str, &str) = (
    "手引きのとおり、項目 4・5・7・8・9 は攻撃者を利するおそれからあえて書かれないことがあり、低い開示率は低い取組水準を意味しません。",
    "As the guide says, categories 4, 5, 7, 8 and 9 may be left out on purpose: a low rate is not a low level of effort.",
);

/// The tables that say nothing of who discloses which category.
const WITHOUT_CAUTION: [&str; 4] = ["documents", "coverage", "text_volume", "quality_elements"];

/// Writes a table, row after row; counts of passages lead to the first of them. `caution`: that of the guide holds.
pub(super) fn fill(
    worksheet: &mut Worksheet,
    table: &Table,
    rows: &[Vec<Cell<'_>>],
    lang: Lang,
    places: &Places,
    caution: bool,
) -> Result<(), XlsxError> {
    let columns = table.columns();
    let mut lines = 1;
    for (place, column) in (0u16..).zip(columns) {
        let name = heading(worksheet, place, column, lang)?.width();
        let cells = rows
            .iter()
            .take(MEASURED)
            .filter_map(|row| row.get(usize::from(place)));
        let widest = cells.map(|cell| width(*cell)).max().unwrap_or(0);
        let width = widest.max(name.min(widest_heading(column))).min(WIDEST) + 2;
        worksheet.set_column_width(place, width as f64)?;
        lines = lines.max(lines_of(name, width));
    }
    worksheet.set_row_height(0, height_of(lines))?;
    let formats = formats(columns);
    let linked = Format::new().set_num_format("0").set_hyperlink();
    let mut links = Links::of(columns, places);
    for (row, cells) in (1u32..).zip(rows) {
        for (place, (cell, format)) in (0u16..).zip(cells.iter().zip(&formats)) {
            match links.target(place, cells) {
                Some(target) => {
                    worksheet.write_url(row, place, Url::new(target))?;
                    // The link stays, the cell is a number again.
                    write(worksheet, row, place, *cell, &linked)?;
                }
                None => write(worksheet, row, place, *cell, format)?,
            }
        }
    }
    let last_row = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    shade(worksheet, columns, last_row)?;
    if caution && !WITHOUT_CAUTION.contains(&table.name()) {
        let slanted = Format::new().set_italic();
        worksheet.write_string_with_format(last_row + 2, 0, lang.pick(CAUTION.0, CAUTION.1), &slanted)?;
    }
    finish(worksheet, columns.len(), last_row)
}

/// A heading is wrapped rather than made a wide column of narrow numbers.
fn widest_heading(column: &Column) -> usize {
    match column.kind {
        ColumnKind::Text => WIDEST / 2,
        _ => 12,
    }
}

/// Lines that a text takes in a cell, both in half-width characters; lines end before a wide character that no longer fits.
pub(super) fn lines_of(text: usize, cell: usize) -> usize {
    text.div_ceil(cell.saturating_sub(1).max(1)).max(1)
}

/// Of a row, in points. Spreadsheets do not measure wrapped text themselves when they open a file.
pub(super) fn height_of(lines: usize) -> f64 {
    15.5 * lines as f64
}

/// Rates from white to blue: told apart by lightness, so also by the colour-blind and in print.
fn shade(worksheet: &mut Worksheet, columns: &[Column], last_row: u32) -> Result<(), XlsxError> {
    for (place, column) in (0u16..).zip(columns) {
        if column.kind == ColumnKind::Rate && last_row > 0 {
            let scale = ConditionalFormat2ColorScale::new()
                .set_minimum_color(Color::RGB(0x00FF_FFFF))
                .set_maximum_color(Color::RGB(0x005B_9BD5));
            worksheet.add_conditional_format(1, place, last_row, place, &scale)?;
        }
    }
    Ok(())
}

/// Writes a heading; its text.
pub(super) fn heading(
    worksheet: &mut Worksheet,
    place: u16,
    column: &Column,
    lang: Lang,
) -> Result<String, XlsxError> {
    let name = one_line(lang.pick(&column.ja, &column.id)).into_owned();
    let bold = Format::new().set_bold().set_text_wrap();
    worksheet.write_string_with_format(0, place, &name, &bold)?;
    Ok(name)
}

/// A4 across, all columns on a page: on paper too a table is read line by line.
pub(super) fn on_paper(worksheet: &mut Worksheet) {
    worksheet
        .set_paper_size(A4)
        .set_landscape()
        .set_print_fit_to_pages(1, 0);
}

/// Headings stay in sight, also on paper, and every column has a filter.
pub(super) fn finish(worksheet: &mut Worksheet, columns: usize, last_row: u32) -> Result<(), XlsxError> {
    worksheet.set_freeze_panes(1, 0)?;
    worksheet.set_repeat_rows(0, 0)?;
    on_paper(worksheet);
    if let Some(last) = u16::try_from(columns).ok().and_then(|count| count.checked_sub(1)) {
        worksheet.autofilter(0, 0, last_row, last)?;
    }
    Ok(())
}

/// Which counts of passages of a company lead to the first of them.
struct Links<'a> {
    columns: &'a [Column],
    places: &'a Places,
    /// Where the year, the company and, in long form, the code stand.
    year: Option<usize>,
    company: Option<usize>,
    code: Option<usize>,
    /// Links still allowed on the sheet.
    left: usize,
}

impl<'a> Links<'a> {
    fn of(columns: &'a [Column], places: &'a Places) -> Self {
        let find = |wanted: &Column| columns.iter().position(|column| column.id == wanted.id);
        Links {
            columns,
            places,
            year: find(&FISCAL_YEAR),
            company: find(&COMPANY_CODE),
            // A facet is more than its code: its first passage need not be the code's.
            code: find(&FACET).or_else(|| find(&CODE)),
            left: MOST_LINKS,
        }
    }

    /// Where a cell leads to.
    fn target(&mut self, place: u16, cells: &[Cell<'_>]) -> Option<String> {
        let at = usize::from(place);
        let (Some(Cell::Int(1..)), true) = (cells.get(at), self.left > 0) else {
            return None;
        };
        let column = self.columns.get(at)?;
        let of = match self.code {
            Some(code) if column.id == PASSAGES.id => text(cells, code)?,
            Some(_) => return None,
            None => &*column.id,
        };
        let Some(Cell::Int(year)) = cells.get(self.year?) else {
            return None;
        };
        let row = self.places.first(*year, text(cells, self.company?)?, of)?;
        self.left -= 1;
        Some(format!("internal:'{}'!A{}", self.places.sheet, row + 1))
    }
}

fn text<'c>(cells: &[Cell<'c>], place: usize) -> Option<&'c str> {
    match cells.get(place) {
        Some(Cell::Text(text)) => Some(text),
        _ => None,
    }
}

/// Writes a cell.
pub(super) fn write(
    worksheet: &mut Worksheet,
    row: u32,
    place: u16,
    cell: Cell<'_>,
    format: &Format,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Blank => {}
        Cell::Text(text) => {
            worksheet.write_string(row, place, at_most(&one_line(text), LONGEST))?;
        }
        Cell::Int(number) => {
            worksheet.write_number_with_format(row, place, number as f64, format)?;
        }
        Cell::Real(number) => {
            worksheet.write_number_with_format(row, place, number, format)?;
        }
    }
    Ok(())
}

/// How wide a cell is shown, in half-width characters.
fn width(cell: Cell<'_>) -> usize {
    match cell {
        Cell::Blank => 0,
        Cell::Text(text) => one_line(text).width(),
        Cell::Int(number) => number.to_string().len(),
        Cell::Real(_) => 7,
    }
}

/// The beginning of a text, of at most so many UTF-16 units, by which Excel counts.
fn at_most(text: &str, units: usize) -> &str {
    let mut left = units;
    let end = text
        .char_indices()
        .find(|(_, c)| match left.checked_sub(c.len_utf16()) {
            Some(rest) => {
                left = rest;
                false
            }
            None => true,
        });
    end.map_or(text, |(place, _)| &text[..place])
}

/// How the numbers of each column are shown.
pub(super) fn formats(columns: &[Column]) -> Vec<Format> {
    columns
        .iter()
        .map(|column| Format::new().set_num_format(number_format(column.kind)))
        .collect()
}

fn number_format(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Text => "@",
        ColumnKind::Count | ColumnKind::Flag => "0",
        ColumnKind::Rate | ColumnKind::Change => "0.0%",
        ColumnKind::Probability => "0.0000",
        ColumnKind::Statistic => "0.00",
        ColumnKind::Number => "0.0",
        ColumnKind::Figure => "General",
    }
}

#[cfg(test)]
mod tests {
    use super::at_most;

    #[test]
    fn a_text_is_cut_as_excel_counts() {
        assert_eq!(at_most("監査を行う", 2), "監査");
        // Beyond the first 65,536 characters of Unicode one counts as two.
        assert_eq!(at_most("𠮷野家", 2), "𠮷");
        assert_eq!(at_most("𠮷野家", 1), "");
        assert_eq!(at_most("短い", 9), "短い");
    }
}
