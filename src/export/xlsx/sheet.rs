//! A sheet of a table.

use rust_xlsxwriter::{Color, ConditionalFormat2ColorScale, Format, Url, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

use super::super::Lang;
use super::super::cell::one_line;
use super::evidence::Places;
use crate::tables::Cell;
use crate::tables::columns::{CODE, COMPANY_CODE, Column, ColumnKind, FISCAL_YEAR, PASSAGES};

/// Columns are at most this wide: a quote of 120 characters is read in the formula bar.
const WIDEST: usize = 44;

/// Rows that decide the width of a column.
const MEASURED: usize = 200;

/// Excel cuts longer texts, and calls the file damaged.
const LONGEST: usize = 32_767;

/// Excel takes 65,530 links a sheet and drops those beyond with a warning.
const MOST_LINKS: usize = 60_000;

/// Writes a table; counts of passages lead to the first of them.
pub(super) fn fill(
    worksheet: &mut Worksheet,
    columns: &[Column],
    rows: &[Vec<Cell<'_>>],
    lang: Lang,
    places: &Places,
) -> Result<(), XlsxError> {
    let last_row = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    for (place, column) in (0u16..).zip(columns) {
        let name = heading(worksheet, place, column, lang)?;
        let format = Format::new().set_num_format(number_format(column.kind));
        let mut width = name.width().min(WIDEST / 2);
        for (row, cells) in (1u32..).zip(rows) {
            let cell = cells.get(usize::from(place)).copied().unwrap_or(Cell::Blank);
            let wide = write(worksheet, row, place, cell, &format)?;
            if (row as usize) < MEASURED {
                width = width.max(wide);
            }
        }
        worksheet.set_column_width(place, width.min(WIDEST) as f64 + 2.0)?;
        if column.kind == ColumnKind::Rate && last_row > 0 {
            // White to blue: told apart by lightness, so also by the colour-blind and in print.
            let scale = ConditionalFormat2ColorScale::new()
                .set_minimum_color(Color::RGB(0x00FF_FFFF))
                .set_maximum_color(Color::RGB(0x005B_9BD5));
            worksheet.add_conditional_format(1, place, last_row, place, &scale)?;
        }
    }
    link(worksheet, columns, rows, places)?;
    finish(worksheet, columns.len(), last_row)
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

/// Headings stay in sight, and every column has a filter.
pub(super) fn finish(worksheet: &mut Worksheet, columns: usize, last_row: u32) -> Result<(), XlsxError> {
    worksheet.set_freeze_panes(1, 0)?;
    if let Some(last) = u16::try_from(columns).ok().and_then(|count| count.checked_sub(1)) {
        worksheet.autofilter(0, 0, last_row, last)?;
    }
    Ok(())
}

/// Links counts of passages of a company to the first of them.
fn link(
    worksheet: &mut Worksheet,
    columns: &[Column],
    rows: &[Vec<Cell<'_>>],
    places: &Places,
) -> Result<(), XlsxError> {
    let find = |wanted: &Column| columns.iter().position(|column| column.id == wanted.id);
    let (Some(year), Some(company)) = (find(&FISCAL_YEAR), find(&COMPANY_CODE)) else {
        return Ok(());
    };
    let code = find(&CODE);
    let mut links = 0;
    for (row, cells) in (1u32..).zip(rows) {
        let (Some(Cell::Int(year)), Some(Cell::Text(company))) = (cells.get(year), cells.get(company)) else {
            continue;
        };
        for (place, (column, cell)) in (0u16..).zip(columns.iter().zip(cells)) {
            let of = match code.map(|code| cells.get(code)) {
                Some(Some(Cell::Text(code))) if column.id == PASSAGES.id => *code,
                None => &*column.id,
                _ => continue,
            };
            let first = match cell {
                Cell::Int(1..) => places.first(*year, company, of),
                _ => None,
            };
            let (Some(first), true) = (first, links < MOST_LINKS) else {
                continue;
            };
            worksheet.write_url(
                row,
                place,
                Url::new(format!("internal:'{}'!A{}", places.sheet, first + 1)),
            )?;
            // The link stays, the cell is a number again.
            let linked = Format::new().set_num_format("0").set_hyperlink();
            write(worksheet, row, place, *cell, &linked)?;
            links += 1;
        }
    }
    Ok(())
}

/// Writes a cell; how wide it is shown.
pub(super) fn write(
    worksheet: &mut Worksheet,
    row: u32,
    place: u16,
    cell: Cell<'_>,
    format: &Format,
) -> Result<usize, XlsxError> {
    match cell {
        Cell::Blank => Ok(0),
        Cell::Text(text) => {
            let line = one_line(text);
            let kept: String = line.chars().take(LONGEST).collect();
            worksheet.write_string(row, place, &kept)?;
            Ok(kept.width())
        }
        Cell::Int(number) => {
            worksheet.write_number_with_format(row, place, number as f64, format)?;
            Ok(number.to_string().len())
        }
        Cell::Real(number) => {
            worksheet.write_number_with_format(row, place, number, format)?;
            Ok(7)
        }
    }
}

pub(super) fn number_format(kind: ColumnKind) -> &'static str {
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
