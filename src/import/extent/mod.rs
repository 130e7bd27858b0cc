//! How much memory a workbook will take, found out before it is read.
//!
//! The parsers of xls and ods make room for a whole sheet, from its first to its last cell, before anyone
//! sees a row; and a damaged file, or one made to do harm, can put a cell into the farthest corner, claim
//! a row a million times, or lead its parts in a circle. Memory that cannot be had ends the program, and
//! no error can be caught. So the file is walked through once in small steps, and refused where it
//! would take too much. What else is wrong with it is for the parser to say.
//!
//! xlsx and xlsb are read cell by cell and need no such look.

mod container;
mod content;
mod records;

use std::io::Cursor;

use crate::import::problems::FileError;

/// The most memory the cells of a workbook may take, in bytes: an xls sheet that is used to its last row and
/// column just fits.
const MAX_MEMORY: u64 = 1 << 30;

/// What one cell takes, in bytes, beside its text: the parser keeps its value and its formula apart.
const PER_CELL: u64 = 64;

/// Refuses an xls workbook that is too large in memory, or whose parts go in a circle.
///
/// # Errors
/// [`FileError::TooLarge`] or [`FileError::Unreadable`].
pub(super) fn check_xls(bytes: &[u8]) -> Result<(), FileError> {
    for stream in container::workbooks(bytes).ok_or_else(damaged)? {
        records::check(&stream)?;
    }
    Ok(())
}

/// Refuses an ods workbook that is too large in memory. `max_unpacked` is the most bytes its content may
/// unpack to, whatever the archive says.
///
/// # Errors
/// [`FileError::TooLarge`] or [`FileError::Unreadable`].
pub(super) fn check_ods(
    archive: &mut zip::ZipArchive<Cursor<&[u8]>>,
    max_unpacked: u64,
) -> Result<(), FileError> {
    // What cannot be unpacked cannot be parsed either, and the parser knows whether it is encrypted.
    let Ok(file) = archive.by_name("content.xml") else { return Ok(()) };
    content::check(file, max_unpacked)
}

fn too_large() -> FileError {
    FileError::TooLarge("工作表展开后超过1GB，表格以外的行、列里可能有多余的内容".to_owned())
}

fn damaged() -> FileError {
    FileError::Unreadable("内部结构错误".to_owned())
}

/// Memory, added up and held against the limit.
#[derive(Debug, Default)]
struct Memory(u64);

impl Memory {
    /// Adds the memory of some cells, and of text.
    fn add(&mut self, n_cells: u64, n_bytes: u64) -> Result<(), FileError> {
        self.0 = self.0.saturating_add(n_cells.saturating_mul(PER_CELL)).saturating_add(n_bytes);
        if self.0 <= MAX_MEMORY { Ok(()) } else { Err(too_large()) }
    }
}
