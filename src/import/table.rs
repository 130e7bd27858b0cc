//! From rows of cells to records: the header first, then every row below it that is a record.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use crate::domain::dates;
use crate::domain::normal;
use crate::import::header::{Column, Header, SEARCHED_ROWS};
use crate::import::problems::{
    FileError, Format, ImportFile, SkipReason, SkippedRow, UnknownColumn, column_letters, shortened,
};
use crate::import::record::{Record, shown};
use crate::import::row::{Cell, Row};
use crate::import::sheet::each_row;

/// What begins a row below the table, or a sum in it.
const NOTES: &[&str] = &[
    "填表",
    "填报",
    "说明",
    "备注:",
    "注:",
    "注1",
    "合计",
    "总计",
    "小计",
    "累计",
    "共计",
    "审核",
    "制表",
    "审批人",
    "负责人",
    "单位负责人",
    "经办人:",
    "联系人:",
    "联系电话:",
    "报送",
    "统计人",
];

/// How a kind of register is read: its columns, the two that make a row a record, and the row itself.
pub(crate) trait Register {
    /// The columns it may have.
    type Column: Column;
    /// A record.
    type Row;
    /// The column of its own number, unique in a file.
    const NUMBER: Self::Column;
    /// The required day.
    const DAY: Self::Column;

    /// Reads a row. None only with a problem noted.
    fn read(record: &mut Record<'_, Self::Column>) -> Option<Self::Row>;
}

/// Reads a file as a register.
///
/// # Errors
/// [`FileError`] where there is no table to read.
pub(crate) fn read<R: Register>(
    bytes: &[u8],
    file_name: &str,
    today: NaiveDate,
) -> Result<ImportFile<R::Row>, FileError> {
    let mut reading = Reading::<R>::new(today);
    let mut head = Vec::new();
    let format = each_row(bytes, file_name, &mut |row| match &reading.header {
        Some(_) => {
            reading.take(row);
            Ok(())
        }
        None => {
            head.push(row);
            if head.len() >= SEARCHED_ROWS { reading.begin(std::mem::take(&mut head)) } else { Ok(()) }
        }
    })?;
    if reading.header.is_none() {
        if head.is_empty() {
            return Err(FileError::Empty);
        }
        reading.begin(head)?;
    }
    Ok(reading.finish(format))
}

/// A file being read.
struct Reading<R: Register> {
    today: NaiveDate,
    header: Option<Header<R::Column>>,
    unnamed: BTreeSet<u32>,
    /// The row each number was first seen in, by what is left of the number to compare.
    seen: HashMap<String, u32>,
    file: ImportFile<R::Row>,
}

impl<R: Register> Reading<R> {
    fn new(today: NaiveDate) -> Self {
        let file = ImportFile {
            rows: Vec::new(),
            problems: Vec::new(),
            warnings: Vec::new(),
            skipped: Vec::new(),
            columns: Vec::new(),
            unknown_columns: Vec::new(),
            header_row: 0,
            format: Format { kind: "", encoding: None, sheet: None, other_sheets: Vec::new() },
        };
        Self { today, header: None, unnamed: BTreeSet::new(), seen: HashMap::new(), file }
    }

    /// Finds the header among the first rows and reads those below it.
    fn begin(&mut self, head: Vec<Row>) -> Result<(), FileError> {
        let header = Header::find(&head)?;
        let header_row = header.row;
        self.file.columns = header.known_columns();
        self.file.unknown_columns = header.unknown_columns();
        self.file.header_row = header_row;
        self.header = Some(header);
        head.into_iter().filter(|it| it.number > header_row).for_each(|it| self.take(it));
        Ok(())
    }

    fn take(&mut self, row: Row) {
        let Some(header) = &self.header else { return };
        if let Some(reason) = self.skip_reason(header, &row) {
            let texts: Vec<String> = row.cells.iter().map(|it| shown(&it.1)).collect();
            let text = shortened(&texts.join(" "), 60);
            self.file.skipped.push(SkippedRow { row: row.number, reason, text });
            return;
        }
        let mut record = Record::new(header, row, self.today);
        self.unnamed.extend(record.unnamed.drain(..));
        let row = R::read(&mut record);
        if let Some(number) = record.own_number.take() {
            let first = *self.seen.entry(normal::code(&number).to_lowercase()).or_insert(record.number);
            if first != record.number {
                let message =
                    format!("“{number}”与第{first}行重复；请核对这两行，删去重复的一行或者改正编号");
                record.problem(R::NUMBER, &number, message);
            }
        }
        if record.problems.is_empty() {
            self.file.rows.extend(row);
        }
        self.file.problems.append(&mut record.problems);
        self.file.warnings.append(&mut record.warnings);
    }

    /// Why a row is no record, if it is none. In doubt it is one: a record with problems is seen,
    /// and a record passed over is lost.
    fn skip_reason(&self, header: &Header<R::Column>, row: &Row) -> Option<SkipReason> {
        let at = |column| header.known.iter().find(|it| it.column == column).map(|it| it.at);
        let cell = |column| at(column).and_then(|at| row.cells.iter().find(|it| it.0 == at)).map(|it| &it.1);
        let is_known = |at: u32| header.known.iter().any(|it| it.at == at);
        if header.is_repeated_by(row) {
            return Some(SkipReason::RepeatedHeader);
        }
        if row.number == header.row + 1 && are_column_numbers(row) {
            return Some(SkipReason::ColumnNumbers);
        }
        let has_day = match cell(R::DAY) {
            Some(Cell::Date(_)) => true,
            Some(Cell::Number(number)) => dates::parse_number(*number).is_ok(),
            Some(Cell::Text(text)) => dates::parse(text).is_ok(),
            Some(Cell::Error(_)) | None => false,
        };
        let lead = row.cells.first().map(|it| normal::code(&shown(&it.1))).unwrap_or_default();
        if !has_day && NOTES.iter().any(|it| lead.starts_with(it)) {
            return Some(SkipReason::Note);
        }
        if !row.cells.iter().any(|it| is_known(it.0)) {
            return Some(SkipReason::NothingKnown);
        }
        // A single cell is a note, unless it looks like a piece of a record that is still to be filled in.
        let [(only, cell)] = &row.cells[..] else { return None };
        let is_piece = match cell {
            Cell::Date(_) | Cell::Number(_) => true,
            Cell::Text(text) if at(R::NUMBER) == Some(*only) => looks_like_number(&normal::code(text)),
            Cell::Text(text) => dates::parse(text).is_ok(),
            Cell::Error(_) => false,
        };
        (!is_piece).then_some(SkipReason::Note)
    }

    fn finish(mut self, format: Format) -> ImportFile<R::Row> {
        let unnamed = self.unnamed.into_iter().map(column_letters);
        self.file
            .unknown_columns
            .extend(unnamed.map(|column| UnknownColumn { column, header: String::new() }));
        self.file.format = format;
        self.file
    }
}

/// Whether a text may be the number of a record rather than a sentence.
fn looks_like_number(text: &str) -> bool {
    text.len() <= 60
        && text.contains(|it: char| it.is_ascii_digit())
        && !text.contains(['。', ':', ';', '，', ',', '、', '!', '?'])
}

/// 1, 2, 3, … under the header, in every column or all but a few.
fn are_column_numbers(row: &Row) -> bool {
    let numbers =
        row.cells.iter().map(|it| shown(&it.1).trim_matches(['(', ')', '（', '）']).parse::<u32>().ok());
    row.cells.len() >= 3 && numbers.collect::<Option<Vec<_>>>().is_some_and(|it| it.is_sorted() && it[0] <= 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn column_numbers_are_no_record() {
        let row = |texts: &[&str]| Row {
            number: 2,
            cells: (0..).zip(texts.iter().map(|it| Cell::Text((*it).to_owned()))).collect(),
        };
        assert!(are_column_numbers(&row(&["1", "2", "3", "4"])));
        assert!(are_column_numbers(&row(&["（1）", "（2）", "（3）"])));
        assert!(!are_column_numbers(&row(&["2022-1", "2", "3"])));
        assert!(!are_column_numbers(&row(&["1", "2"])));
    }
}
