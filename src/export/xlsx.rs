//! XLSX: one workbook, a sheet per table.
//!
//! Cells are typed, so codes such as `0123` and `12E4` stay as they are and nothing is ever taken for a formula.

use rust_xlsxwriter::{
    Color, ConditionalFormat2ColorScale, DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthStr;

use super::cell::one_line;
use super::outbox::{Outbox, WriteError};
use super::{ExportError, Exporter, Lang};
use crate::tables::columns::{Column, ColumnKind};
use crate::tables::{Cell, Table, Tables};

/// The file's name.
pub const FILE: &str = "mieruka.xlsx";

/// Columns are at most this wide: a quote of 120 characters is read in the formula bar.
const WIDEST: usize = 44;

/// Rows that decide the width of a column.
const MEASURED: usize = 200;

/// Excel cuts longer texts, and calls the file damaged.
const LONGEST: usize = 32_767;

/// The format XLSX.
#[derive(Debug, Clone, Copy, Default)]
pub struct XlsxExporter {
    /// What headings and names of sheets are.
    pub lang: Lang,
}

impl Exporter for XlsxExporter {
    fn export(&self, tables: &Tables, outbox: &mut Outbox) -> Result<(), ExportError> {
        outbox.write(FILE, |out| {
            let failed = |error: XlsxError| WriteError::Io(std::io::Error::other(error));
            let mut workbook = Workbook::new();
            workbook.set_properties(&properties().map_err(failed)?);
            for table in tables.iter() {
                let worksheet = workbook.add_worksheet();
                let name = self.sheet_name(table);
                let cells = table.cells().map_err(|source| {
                    WriteError::Export(ExportError::Table {
                        table: table.name(),
                        source,
                    })
                })?;
                worksheet.set_name(name).map_err(failed)?;
                let rows: Vec<Vec<Cell<'_>>> =
                    (0..table.height()).map(|row| cells.row(row).collect()).collect();
                fill(worksheet, table.columns(), &rows, self.lang).map_err(failed)?;
            }
            let bytes = workbook.save_to_buffer().map_err(failed)?;
            Ok(out.write_all(&bytes)?)
        })
    }
}

impl XlsxExporter {
    fn sheet_name<'a>(&self, table: &'a Table) -> &'a str {
        match self.lang {
            Lang::En => table.name(),
            Lang::Ja => table.title(),
        }
    }
}

/// No time of writing: the same tables give the same bytes.
fn properties() -> Result<DocProperties, XlsxError> {
    let epoch = ExcelDateTime::from_ymd(2000, 1, 1)?;
    Ok(DocProperties::new()
        .set_title("mieruka")
        .set_creation_datetime(&epoch))
}

fn fill(
    worksheet: &mut Worksheet,
    columns: &[Column],
    rows: &[Vec<Cell<'_>>],
    lang: Lang,
) -> Result<(), XlsxError> {
    let heading = Format::new().set_bold().set_text_wrap();
    let last_row = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    for (place, column) in (0u16..).zip(columns) {
        let name = match lang {
            Lang::En => &column.id,
            Lang::Ja => &column.ja,
        };
        worksheet.write_string_with_format(0, place, one_line(name), &heading)?;
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
    worksheet.set_freeze_panes(1, 0)?;
    if let Some(last) = u16::try_from(columns.len())
        .ok()
        .and_then(|count| count.checked_sub(1))
    {
        worksheet.autofilter(0, 0, last_row, last)?;
    }
    Ok(())
}

/// Writes a cell; how wide it is shown.
fn write(
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
    use super::*;
    use crate::tables::tests::tables;

    #[test]
    fn the_same_tables_give_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = |lang: Lang| {
            let mut outbox = Outbox::open(folder.path()).unwrap();
            XlsxExporter { lang }.export(&tables(), &mut outbox).unwrap();
            outbox.commit().unwrap();
            std::fs::read(folder.path().join(FILE)).unwrap()
        };
        let first = bytes(Lang::Ja);
        assert!(first.starts_with(b"PK"));
        assert_eq!(first, bytes(Lang::Ja));
        assert_ne!(first, bytes(Lang::En));
    }
}
