//! A finished table: typed columns over a data frame, and the cells the exports write.

use polars::prelude::{
    Column as PolarsColumn, DataFrame, Float64Chunked, Int64Chunked, LazyFrame, PolarsResult, StringChunked,
};

use super::columns::{Column, ColumnKind};

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Not known, or nothing to say. Not the same as 0.
    Blank,
    /// Text.
    Text(&'a str),
    /// A count or a flag.
    Int(i64),
    /// A rate, a change or another number.
    Real(f64),
}

/// A table of the contract: what it is called, its columns in order, its rows in order.
#[derive(Debug, Clone)]
pub struct Table {
    name: &'static str,
    title: &'static str,
    columns: Vec<Column>,
    frame: DataFrame,
}

impl Table {
    /// Takes the named columns out of a frame, in that order, with the types they are declared to have.
    ///
    /// # Errors
    /// When the frame lacks a column, or a column cannot be had in its declared type.
    pub(crate) fn collect(
        name: &'static str,
        title: &'static str,
        columns: Vec<Column>,
        frame: LazyFrame,
    ) -> PolarsResult<Self> {
        let wanted: Vec<_> = columns
            .iter()
            .map(|c| c.expr().strict_cast(c.kind.dtype()))
            .collect();
        let frame = frame.select(wanted).collect()?;
        Ok(Table {
            name,
            title,
            columns,
            frame,
        })
    }

    /// The file's name without extension: `company_category`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The Japanese title.
    pub fn title(&self) -> &'static str {
        self.title
    }

    /// The columns in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Number of rows.
    pub fn height(&self) -> usize {
        self.frame.height()
    }

    /// The polars frame below, its columns named by their ids.
    pub fn frame(&self) -> &DataFrame {
        &self.frame
    }

    /// Opens the cells for reading.
    ///
    /// # Errors
    /// Never for a table made by this crate: its columns were cast to their types when it was made.
    pub fn cells(&self) -> PolarsResult<Cells<'_>> {
        let columns = self.columns.iter().zip(self.frame.columns());
        Ok(Cells {
            columns: columns
                .map(|(c, data)| Typed::open(c.kind, data))
                .collect::<PolarsResult<_>>()?,
        })
    }
}

/// Read access to the cells of a table.
pub struct Cells<'a> {
    columns: Vec<Typed<'a>>,
}

enum Typed<'a> {
    Text(&'a StringChunked),
    Int(&'a Int64Chunked),
    Real(&'a Float64Chunked),
}

impl<'a> Typed<'a> {
    fn open(kind: ColumnKind, data: &'a PolarsColumn) -> PolarsResult<Self> {
        Ok(match kind {
            ColumnKind::Text => Typed::Text(data.str()?),
            ColumnKind::Count | ColumnKind::Flag => Typed::Int(data.i64()?),
            _ => Typed::Real(data.f64()?),
        })
    }

    fn get(&self, row: usize) -> Option<Cell<'a>> {
        match self {
            Typed::Text(data) => data.get(row).map(Cell::Text),
            Typed::Int(data) => data.get(row).map(Cell::Int),
            Typed::Real(data) => data.get(row).map(Cell::Real),
        }
    }
}

impl<'a> Cells<'a> {
    /// The cells of a row, from the left.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn row(&self, row: usize) -> impl Iterator<Item = Cell<'a>> + '_ {
        self.columns
            .iter()
            .map(move |column| column.get(row).unwrap_or(Cell::Blank))
    }
}
