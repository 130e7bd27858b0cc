//! A file's bytes as rows of cells: workbooks through calamine, text through [`super::delimited`].
//!
//! Rows are handed over one by one, so that a register of 100,000 rows is never in memory as cells
//! and as records at once. Only the first visible sheet is read. Formulas give the value that was
//! stored with them; nothing is calculated here.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    Data, DataRef, ExcelDateTime, Ods, OdsError, Reader, SheetType, SheetVisible, Xls, XlsError, Xlsb,
    XlsbError, Xlsx, XlsxError,
};
use chrono::NaiveDate;

use crate::import::problems::{FileError, Format};
use crate::import::row::{Cell, Row, Visit, from_text, hand_over};
use crate::import::{delimited, extent};

/// The most bytes the parts of a workbook may unpack to. 100,000 rows of 25 columns take about 150 MB.
const MAX_UNPACKED: u64 = 1 << 30;

/// Reads a file row by row.
///
/// # Errors
/// [`FileError`] where the file cannot be read, or the first error of `visit`.
pub(crate) fn each_row(bytes: &[u8], file_name: &str, visit: &mut Visit<'_>) -> Result<Format, FileError> {
    if bytes.is_empty() {
        return Err(FileError::Empty);
    }
    let is_zip = bytes.starts_with(b"PK\x03\x04");
    let is_ole = bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    if !is_zip && !is_ole {
        return delimited::each_row(bytes, file_name, visit);
    }
    // A damaged workbook must be a refusal. Should the parser panic over one, that is one too.
    catch_unwind(AssertUnwindSafe(|| {
        if is_zip { read_zip(bytes, file_name, visit) } else { read_ole(bytes, visit) }
    }))
    .unwrap_or_else(|_| Err(FileError::Unreadable("内部结构错误".to_owned())))
}

fn read_zip(bytes: &[u8], file_name: &str, visit: &mut Visit<'_>) -> Result<Format, FileError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    let mut unpacked = 0_u64;
    for i in 0..archive.len() {
        unpacked = unpacked.saturating_add(archive.by_index_raw(i).map_err(unreadable)?.size());
    }
    if unpacked > MAX_UNPACKED {
        return Err(FileError::TooLarge("展开后超过1GB".to_owned()));
    }
    let has = |name: &str| archive.index_for_name(name).is_some();
    if has("xl/workbook.bin") {
        return read_xlsb(Xlsb::new(Cursor::new(bytes))?, visit);
    }
    if has("word/document.xml") {
        return Err(FileError::NotASheet { name: file_name.to_owned(), found: "文字处理文档" });
    }
    if has("OFD.xml") {
        return Err(FileError::NotASheet { name: file_name.to_owned(), found: "版式文件" });
    }
    if has("content.xml") {
        extent::check_ods(&mut archive, MAX_UNPACKED)?;
        return read_range(Ods::new(Cursor::new(bytes))?, "ods", visit);
    }
    if archive.file_names().flatten().any(|it| it.starts_with("xl/")) {
        return read_xlsx(Xlsx::new(Cursor::new(bytes))?, visit);
    }
    Err(FileError::NotASheet { name: file_name.to_owned(), found: "压缩文件" })
}

fn read_ole(bytes: &[u8], visit: &mut Visit<'_>) -> Result<Format, FileError> {
    extent::check_xls(bytes)?;
    match Xls::new(Cursor::new(bytes)) {
        Ok(workbook) => read_range(workbook, "xls", visit),
        // A workbook of the newer kind with a password is a container of the older kind.
        Err(error) => match Xlsx::new(Cursor::new(bytes)) {
            Err(XlsxError::Password) => Err(FileError::Encrypted),
            _ => Err(error.into()),
        },
    }
}

fn read_xlsx(mut workbook: Xlsx<Cursor<&[u8]>>, visit: &mut Visit<'_>) -> Result<Format, FileError> {
    let format = choose_sheet(&workbook, "xlsx")?;
    let mut reader = workbook.worksheet_cells_reader(format.sheet.as_deref().unwrap_or_default())?;
    read_cells(&mut || Ok(reader.next_cell()?), visit)?;
    Ok(format)
}

fn read_xlsb(mut workbook: Xlsb<Cursor<&[u8]>>, visit: &mut Visit<'_>) -> Result<Format, FileError> {
    let format = choose_sheet(&workbook, "xlsb")?;
    let mut reader = workbook.worksheet_cells_reader(format.sheet.as_deref().unwrap_or_default())?;
    read_cells(&mut || Ok(reader.next_cell()?), visit)?;
    Ok(format)
}

/// What gives one cell after the other, or that there is no more.
type NextCell<'a, 'b> = dyn FnMut() -> Result<Option<calamine::Cell<DataRef<'a>>>, FileError> + 'b;

/// Reads a sheet cell by cell, because a sheet can be far larger in memory than it is in the file.
fn read_cells(next: &mut NextCell<'_, '_>, visit: &mut Visit<'_>) -> Result<(), FileError> {
    let mut row = Row { number: 0, cells: Vec::new() };
    while let Some(cell) = next()? {
        let (number, column) = (cell.get_position().0.saturating_add(1), cell.get_position().1);
        if number < row.number {
            return Err(FileError::Unreadable("行的次序颠倒".to_owned()));
        }
        if number > row.number {
            let next = Row { number, cells: Vec::with_capacity(row.cells.len()) };
            hand_over(std::mem::replace(&mut row, next), visit)?;
        }
        let value = match cell.get_value() {
            DataRef::Empty => None,
            DataRef::String(text) => from_text(text.clone()),
            DataRef::SharedString(text) => from_text((*text).to_owned()),
            DataRef::Int(value) => Some(Cell::Text(value.to_string())),
            DataRef::Float(value) => Some(Cell::Number(*value)),
            DataRef::Bool(value) => Some(from_bool(*value)),
            DataRef::DateTime(value) => Some(from_date_time(value)),
            DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => from_text(text.clone()),
            DataRef::Error(error) => Some(Cell::Error(error.to_string())),
        };
        if let Some(value) = value {
            row.cells.push((column, value));
        }
    }
    hand_over(row, visit)
}

fn read_range<'a, W>(mut workbook: W, kind: &'static str, visit: &mut Visit<'_>) -> Result<Format, FileError>
where
    W: Reader<Cursor<&'a [u8]>>,
    FileError: From<W::Error>,
{
    let format = choose_sheet(&workbook, kind)?;
    let range = workbook.worksheet_range(format.sheet.as_deref().unwrap_or_default())?;
    // All sheets of an xls or ods are in memory once it is open; they go before the records come.
    drop(workbook);
    let (first_row, first_column) = range.start().unwrap_or_default();
    for (number, cells) in (first_row.saturating_add(1)..).zip(range.rows()) {
        let cells = (first_column..).zip(cells).filter_map(|(column, it)| Some((column, from_data(it)?)));
        hand_over(Row { number, cells: cells.collect() }, visit)?;
    }
    Ok(format)
}

fn choose_sheet<'a, W: Reader<Cursor<&'a [u8]>>>(
    workbook: &W,
    kind: &'static str,
) -> Result<Format, FileError> {
    let is_shown =
        |it: &&calamine::Sheet| it.visible == SheetVisible::Visible && it.typ == SheetType::WorkSheet;
    let mut names = workbook.sheets_metadata().iter().filter(is_shown).map(|it| it.name.clone());
    let sheet = names.next().ok_or(FileError::NoVisibleSheet)?;
    Ok(Format { kind, encoding: None, sheet: Some(sheet), other_sheets: names.collect() })
}

fn from_data(data: &Data) -> Option<Cell> {
    match data {
        Data::Empty => None,
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => from_text(text.clone()),
        // Whole numbers come from a few old files only. As text they keep every digit they have.
        Data::Int(value) => Some(Cell::Text(value.to_string())),
        Data::Float(value) => Some(Cell::Number(*value)),
        Data::Bool(value) => Some(from_bool(*value)),
        Data::DateTime(value) => Some(from_date_time(value)),
        Data::Error(error) => Some(Cell::Error(error.to_string())),
    }
}

fn from_bool(value: bool) -> Cell {
    Cell::Text(if value { "是" } else { "否" }.to_owned())
}

fn from_date_time(value: &ExcelDateTime) -> Cell {
    let (year, month, day, ..) = value.to_ymd_hms_milli();
    match NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day)) {
        // Days before 1970 are times of day or counts under a date format, not dates of a register.
        Some(day) if value.is_datetime() && i32::from(year) >= 1970 => Cell::Date(day),
        _ => Cell::Number(value.as_f64()),
    }
}

fn unreadable(error: impl std::fmt::Display) -> FileError {
    FileError::Unreadable(error.to_string())
}

macro_rules! from_calamine {
    ($($error:ident),+) => {$(
        impl From<$error> for FileError {
            fn from(error: $error) -> Self {
                match error {
                    $error::Password => Self::Encrypted,
                    other => unreadable(other),
                }
            }
        }
    )+};
}

from_calamine!(XlsxError, XlsbError, XlsError, OdsError);
