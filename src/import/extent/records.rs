//! The records of an xls workbook ([MS-XLS]): where its sheets begin, and where their cells lie.

use crate::import::extent::container::{u16_at, u32_at};
use crate::import::extent::{Memory, damaged, too_large};
use crate::import::problems::FileError;

const CONTINUE: u16 = 0x003C;
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const FILE_PASS: u16 = 0x002F;
const SHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
const FORMULA: u16 = 0x0006;
/// A row of numbers; the others hold one cell each.
const NUMBERS: u16 = 0x00BD;
const CELLS: &[u16] = &[0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD, FORMULA, NUMBERS];

/// The most cells a sheet may have: the parser takes its word for it, and makes room for as many.
const MAX_CLAIMED: u64 = 65_536 * 256;

/// Refuses a workbook whose sheets would take too much memory.
pub(super) fn check(stream: &[u8]) -> Result<(), FileError> {
    let mut memory = Memory::default();
    // Sheets lie beside each other. More sheets than that in so many bytes overlap.
    let mut n_left = stream.len().saturating_mul(2);
    for start in sheets(stream) {
        let sheet = usize::try_from(start).ok().and_then(|it| stream.get(it..)).ok_or_else(damaged)?;
        let read = check_sheet(sheet, &mut memory)?;
        n_left = n_left.checked_sub(read).ok_or_else(damaged)?;
    }
    Ok(())
}

/// Where the sheets begin; none in an encrypted workbook, which is refused for that.
fn sheets(stream: &[u8]) -> Vec<u32> {
    let mut starts = Vec::new();
    for (kind, data) in (Records { stream }) {
        match kind {
            FILE_PASS if u16_at(data, 0) != Some(0) => return Vec::new(),
            SHEET => starts.extend(u32_at(data, 0)),
            END => break,
            _ => {}
        }
    }
    starts
}

/// Adds up one sheet; returns how many bytes were looked through.
fn check_sheet(sheet: &[u8], memory: &mut Memory) -> Result<usize, FileError> {
    let (mut values, mut formulas) = (Area::default(), Area::default());
    let mut records = Records { stream: sheet };
    // A chart within the sheet has records of the same kinds, which the parser passes over.
    let (mut depth, mut has_begun) = (0_u32, false);
    for (kind, data) in records.by_ref() {
        match kind {
            BEGIN if has_begun => depth += 1,
            BEGIN => has_begun = true,
            END if depth == 0 => break,
            END => depth -= 1,
            _ if 0 < depth => {}
            DIMENSIONS => check_claim(data)?,
            _ if CELLS.contains(&kind) => {
                if let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) {
                    let more = if kind == NUMBERS { data.len().saturating_sub(6) / 6 } else { 1 };
                    let last = u64::from(column) + u64::try_from(more).unwrap_or(u64::MAX).max(1) - 1;
                    values.add(u64::from(row), u64::from(column), last);
                    if kind == FORMULA {
                        formulas.add(u64::from(row), u64::from(column), last);
                    }
                }
            }
            _ => {}
        }
    }
    memory.add(values.n_cells().max(formulas.n_cells()), 0)?;
    Ok(sheet.len() - records.stream.len())
}

/// The size a sheet claims, of which the parser makes room for as many cells.
fn check_claim(data: &[u8]) -> Result<(), FileError> {
    let short = |at| u16_at(data, at).map(u64::from);
    let long = |at| u32_at(data, at).map(u64::from);
    let ends = if data.len() == 10 {
        (short(0), short(2), short(4), short(6))
    } else {
        (long(0), long(4), short(8), short(10))
    };
    // Records of another length the parser refuses.
    let (Some(first_row), Some(row_end), Some(first_column), Some(column_end)) = ends else { return Ok(()) };
    if row_end == 0 || column_end == 0 {
        return Ok(());
    }
    let first_column = if 0xFF < first_column || column_end < first_column { 0 } else { first_column };
    let n_rows = row_end.checked_sub(first_row).ok_or_else(damaged)?;
    let n_columns = column_end.checked_sub(first_column).ok_or_else(damaged)?;
    if n_rows.saturating_mul(n_columns) <= MAX_CLAIMED { Ok(()) } else { Err(too_large()) }
}

/// The smallest area that holds some cells.
#[derive(Default)]
struct Area {
    rows: Option<(u64, u64)>,
    columns: Option<(u64, u64)>,
}

impl Area {
    fn add(&mut self, row: u64, first: u64, last: u64) {
        let (low, high) = self.rows.unwrap_or((row, row));
        self.rows = Some((low.min(row), high.max(row)));
        let (low, high) = self.columns.unwrap_or((first, last));
        self.columns = Some((low.min(first), high.max(last)));
    }

    fn n_cells(&self) -> u64 {
        let width = |it: Option<(u64, u64)>| it.map_or(0, |(low, high)| high - low + 1);
        width(self.rows).saturating_mul(width(self.columns))
    }
}

/// Records one after the other, up to the first that is cut off. What continues a record is part of it.
struct Records<'a> {
    stream: &'a [u8],
}

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, data) = self.take()?;
        while u16_at(self.stream, 0) == Some(CONTINUE) && 4 < self.stream.len() {
            self.take()?;
        }
        Some((kind, data))
    }
}

impl<'a> Records<'a> {
    fn take(&mut self) -> Option<(u16, &'a [u8])> {
        let kind = u16_at(self.stream, 0)?;
        let end = usize::from(u16_at(self.stream, 2)?) + 4;
        let data = self.stream.get(4..end)?;
        self.stream = &self.stream[end..];
        Some((kind, data))
    }
}
