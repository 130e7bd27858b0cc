//! A row of cells, whatever file it is read from.

use chrono::NaiveDate;

use crate::import::problems::FileError;

/// The most rows that are read from one file. Far above any agency's register, and a bound on the
/// memory one upload can take.
pub const MAX_ROWS: u32 = 200_000;

/// What a cell holds. Empty cells are not handed over.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    /// Text as written.
    Text(String),
    /// A number, and a date that is not formatted as one.
    Number(f64),
    /// A date; the time of day is dropped.
    Date(NaiveDate),
    /// An error such as `#REF!`.
    Error(String),
}

/// A row with at least one cell that is not empty.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// The row of the sheet, from 1.
    pub number: u32,
    /// The cells that are not empty, each with its column from 0, from left to right.
    pub cells: Vec<(u32, Cell)>,
}

/// What is called with each row, from the top down.
pub(crate) type Visit<'a> = dyn FnMut(Row) -> Result<(), FileError> + 'a;

/// Text, unless it is blank.
pub(crate) fn from_text(text: String) -> Option<Cell> {
    if text.trim().is_empty() { None } else { Some(Cell::Text(text)) }
}

/// Hands a row over, unless it is empty.
pub(crate) fn hand_over(row: Row, visit: &mut Visit<'_>) -> Result<(), FileError> {
    if row.cells.is_empty() {
        return Ok(());
    }
    if row.number > MAX_ROWS {
        return Err(FileError::TooLarge(format!("超过{MAX_ROWS}行")));
    }
    visit(row)
}
