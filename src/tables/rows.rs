//! Reading a table cell by cell, by the names of its columns.

use super::columns::{Column, FISCAL_YEAR};
use super::{Cell, Table};

/// The rows of a table, cells found by column.
pub struct Rows<'a> {
    columns: &'a [Column],
    rows: Vec<Vec<Cell<'a>>>,
}

impl<'a> Rows<'a> {
    /// Opens a table; one that is not there has no rows.
    pub fn of(table: Option<&'a Table>) -> Self {
        let Some((table, cells)) = table.and_then(|table| Some((table, table.cells().ok()?))) else {
            return Rows {
                columns: &[],
                rows: Vec::new(),
            };
        };
        let rows = (0..table.height()).map(|row| cells.row(row).collect()).collect();
        Rows {
            columns: table.columns(),
            rows,
        }
    }

    /// The columns in order.
    pub fn columns(&self) -> &'a [Column] {
        self.columns
    }

    /// Every row in order.
    pub fn iter(&self) -> impl Iterator<Item = Row<'_, 'a>> {
        self.rows.iter().map(|cells| Row {
            columns: self.columns,
            cells,
        })
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows of a fiscal year.
    pub fn of_year(&self, year: i64) -> impl Iterator<Item = Row<'_, 'a>> {
        self.iter().filter(move |row| row.int(&FISCAL_YEAR) == Some(year))
    }

    /// The fiscal years, ascending.
    pub fn years(&self) -> Vec<i64> {
        let mut years: Vec<_> = self.iter().filter_map(|row| row.int(&FISCAL_YEAR)).collect();
        years.sort_unstable();
        years.dedup();
        years
    }
}

/// A row.
#[derive(Clone, Copy)]
pub struct Row<'r, 'a> {
    columns: &'a [Column],
    cells: &'r [Cell<'a>],
}

impl<'a> Row<'_, 'a> {
    /// The cell of a column; blank when the table has none of that name.
    pub fn get(&self, id: &str) -> Cell<'a> {
        let place = self.columns.iter().position(|column| column.id == id);
        place
            .and_then(|place| self.cells.get(place))
            .copied()
            .unwrap_or(Cell::Blank)
    }

    /// A text; empty when blank.
    pub fn text(&self, column: &Column) -> &'a str {
        match self.get(&column.id) {
            Cell::Text(text) => text,
            _ => "",
        }
    }

    /// A count or flag.
    pub fn int(&self, column: &Column) -> Option<i64> {
        match self.get(&column.id) {
            Cell::Int(number) => Some(number),
            _ => None,
        }
    }

    /// A rate or another number.
    pub fn real(&self, column: &Column) -> Option<f64> {
        match self.get(&column.id) {
            Cell::Real(number) => Some(number),
            _ => None,
        }
    }

    /// The cells from the left.
    pub fn cells(&self) -> impl Iterator<Item = (&'a Column, Cell<'a>)> + '_ {
        self.columns.iter().zip(self.cells.iter().copied())
    }
}
