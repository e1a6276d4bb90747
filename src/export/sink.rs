//! What takes rows one by one, whatever its format.

use super::outbox::{Staged, WriteError};
use crate::tables::Cell;

/// A file in some format, beside its place.
pub(super) trait Sink {
    /// Takes a row, a cell for every column.
    fn write(&mut self, cells: &[Cell<'_>]) -> Result<(), WriteError>;
    /// Writes the end and gives the file back.
    fn end(self: Box<Self>) -> Result<Staged, WriteError>;
}
