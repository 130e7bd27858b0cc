//! Registers kept in spreadsheets, read as typed rows or as problems by row and column.
//!
//! Agencies have years of applications in files of their own making: titles above the header, two
//! header rows, notes below, dates in every spelling, any encoding. They are read as they are.
//! What cannot be read without guessing is a [`Problem`] that says where it stands and what to do.
//!
//! Nothing is stored here, and nothing is compared with what is stored: numbers that the agency
//! already has are for the use case to find.

mod case_columns;
mod cases;
mod delimited;
mod extent;
mod header;
mod outcomes;
mod problems;
mod quotes;
mod record;
mod remedies;
mod results;
mod row;
mod sheet;
mod table;
mod words;

#[cfg(test)]
mod tests;

use chrono::NaiveDate;

pub use crate::domain::register::{
    CaseRow, Closing, Conclusion, Consultation, Correction, Extension, Fee, RemedyRow,
};

pub use problems::{
    FileError, Format, ImportFile, KnownColumn, Problem, SkipReason, SkippedRow, UnknownColumn,
};
pub use row::MAX_ROWS;

/// What a register of applications holds.
pub type CaseFile = ImportFile<CaseRow>;

/// What a register of reconsiderations and suits holds.
pub type RemediesFile = ImportFile<RemedyRow>;

/// Reads a register of applications: xlsx, xls, xlsb, ods, csv or tsv, told apart by content.
///
/// `file_name` is for messages; `today` is the last day that is not in the future.
///
/// # Errors
/// [`FileError`] where no table can be read at all. What is wrong with single cells is in
/// [`ImportFile::problems`].
pub fn read_cases(bytes: &[u8], file_name: &str, today: NaiveDate) -> Result<CaseFile, FileError> {
    table::read::<cases::Cases>(bytes, file_name, today)
}

/// Reads a register of reconsiderations and suits, as [`read_cases`] does.
///
/// # Errors
/// [`FileError`] where no table can be read at all.
pub fn read_remedies(bytes: &[u8], file_name: &str, today: NaiveDate) -> Result<RemediesFile, FileError> {
    table::read::<remedies::Remedies>(bytes, file_name, today)
}
