//! XLSX: one workbook, a cover, a sheet per table, and the passages and facts with links to the pages.
//!
//! Cells are typed, so codes such as `0123` and `12E4` stay as they are and nothing is ever taken for a formula.

mod cover;
mod evidence;
mod places;
mod sheet;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::facts::Facts;
use super::html::About;
use super::outbox::{Outbox, WriteError};
use super::passages::Passages;
use super::stream::Streamed;
use super::{ExportError, Exporter, Lang};
use crate::tables::{Cell, Table, Tables};
use places::Places;

/// The file's name.
pub const FILE: &str = "mieruka.xlsx";

/// The format XLSX.
#[derive(Debug, Clone, Default)]
pub struct XlsxExporter {
    /// What headings and names of sheets are.
    pub lang: Lang,
    /// What the cover says of the run.
    pub about: About,
    /// Where `passages.csv` and `facts.csv` of the run are, unless they wait in the outbox of the workbook. They are read
    /// row by row: memory does not grow with them.
    pub folder: PathBuf,
    /// Path of a document as the manifest gives it → link to its file from where the workbook will be.
    pub links: BTreeMap<String, String>,
}

impl Exporter for XlsxExporter {
    fn export(&self, tables: &Tables, outbox: &mut Outbox) -> Result<(), ExportError> {
        let of = |stem: &str| {
            let name = format!("{stem}.csv");
            let waiting = outbox.waiting(&name).map(Path::to_owned);
            waiting.unwrap_or_else(|| self.folder.join(name))
        };
        let (passages, facts) = (of(Passages::STEM), of(Facts::STEM));
        outbox.write(FILE, |out| {
            let bytes = self.workbook(tables, &passages, &facts)?;
            Ok(out.write_all(&bytes)?)
        })
    }
}

impl XlsxExporter {
    fn workbook(&self, tables: &Tables, passages: &Path, facts: &Path) -> Result<Vec<u8>, WriteError> {
        let mut workbook = Workbook::new();
        workbook.set_properties(&properties().map_err(failed)?);
        // Rows go through to disk; where the tables go there is room for them.
        workbook.set_tempdir(&self.folder).map_err(failed)?;
        workbook.add_worksheet();
        let places = self.streamed::<Passages>(&mut workbook, "該当箇所", passages)?;
        for table in tables.iter() {
            self.table(&mut workbook, table, &places)?;
        }
        self.streamed::<Facts>(&mut workbook, "事実", facts)?;
        let titles: Vec<String> = workbook
            .worksheets()
            .iter()
            .skip(1)
            .map(|sheet| sheet.name())
            .collect();
        let first = workbook.worksheet_from_index(0).map_err(failed)?;
        cover::fill(first, &self.about, &titles, self.lang).map_err(failed)?;
        workbook.save_to_buffer().map_err(failed)
    }

    fn table(&self, workbook: &mut Workbook, table: &Table, places: &Places) -> Result<(), WriteError> {
        let cells = table.cells().map_err(|source| {
            WriteError::Export(ExportError::Table {
                table: table.name(),
                source,
            })
        })?;
        let worksheet = workbook.add_worksheet_with_constant_memory().map_err(failed)?;
        let name = self.lang.pick(table.title(), table.name());
        worksheet.set_name(name).map_err(failed)?;
        let rows: Vec<Vec<Cell<'_>>> = (0..table.height()).map(|row| cells.row(row).collect()).collect();
        let caution = self.about.scheme.is_of_the_guide();
        sheet::fill(worksheet, table, &rows, self.lang, places, caution).map_err(failed)
    }
}

fn failed(error: XlsxError) -> WriteError {
    WriteError::Io(std::io::Error::other(error))
}

/// No time of writing: the same tables give the same bytes.
fn properties() -> Result<DocProperties, XlsxError> {
    let epoch = ExcelDateTime::from_ymd(2000, 1, 1)?;
    Ok(DocProperties::new()
        .set_title("mieruka")
        .set_creation_datetime(&epoch))
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
            let exporter = XlsxExporter {
                lang,
                folder: folder.path().to_owned(),
                ..XlsxExporter::default()
            };
            exporter.export(&tables(), &mut outbox).unwrap();
            outbox.commit().unwrap();
            std::fs::read(folder.path().join(FILE)).unwrap()
        };
        let first = bytes(Lang::Ja);
        assert!(first.starts_with(b"PK"));
        assert_eq!(first, bytes(Lang::Ja));
        assert_ne!(first, bytes(Lang::En));
    }
}
