//! One row below the header: its cells by column, and the problems found while reading them.

use chrono::NaiveDate;

use crate::domain::dates;
use crate::domain::normal;
use crate::import::header::{Column, Header, Known};
use crate::import::problems::{Problem, column_letters, day, masked, shortened};
use crate::import::row::{Cell, Row};

/// Numbers from here on have 16 digits or more, of which spreadsheets keep 15.
const LOST_DIGITS: f64 = 1e15;

/// The most characters of a value that a message repeats.
const SHOWN: usize = 30;

/// A row being read. Columns are asked for one after the other; what is wrong with one is noted here
/// and reading goes on, so that one pass finds everything that is wrong with a file.
pub(crate) struct Record<'a, C> {
    header: &'a Header<C>,
    /// The row of the sheet, from 1.
    pub number: u32,
    /// The cells of the known columns, in the order of [`Header::known`].
    cells: Vec<Option<Cell>>,
    /// The last day that is not in the future.
    today: NaiveDate,
    /// Lines for the remarks: 列名：值.
    pub kept: Vec<String>,
    /// The places of cells that stand under no heading.
    pub unnamed: Vec<u32>,
    /// The number of the record, once it was read.
    pub own_number: Option<String>,
    /// What is wrong with the row.
    pub problems: Vec<Problem>,
    /// What is doubtful about it.
    pub warnings: Vec<Problem>,
}

impl<'a, C: Column> Record<'a, C> {
    /// Sorts the cells of a row into the known columns and the rest.
    pub fn new(header: &'a Header<C>, row: Row, today: NaiveDate) -> Self {
        let mut record = Self {
            header,
            number: row.number,
            cells: header.known.iter().map(|_| None).collect(),
            today,
            kept: Vec::new(),
            unnamed: Vec::new(),
            own_number: None,
            problems: Vec::new(),
            warnings: Vec::new(),
        };
        for (at, cell) in row.cells {
            if let Some(i) = header.known.iter().position(|it| it.at == at) {
                record.cells[i] = Some(cell);
                continue;
            }
            let text = shown(&cell);
            if header.ignored.contains(&at) || normal::is_blank(&text) {
                continue;
            }
            match header.unknown.iter().find(|it| it.0 == at) {
                Some((_, name)) => record.kept.push(format!("{name}：{text}")),
                None => {
                    record.kept.push(format!("{}列：{text}", column_letters(at)));
                    record.unnamed.push(at);
                }
            }
        }
        record
    }

    /// Whether the column is in the file and the cell is filled.
    pub fn has(&self, column: C) -> bool {
        self.cell(column).is_some()
    }

    fn index(&self, column: C) -> Option<usize> {
        self.header.known.iter().position(|it| it.column == column)
    }

    fn cell(&self, column: C) -> Option<&Cell> {
        self.cells.get(self.index(column)?)?.as_ref()
    }

    fn known(&self, column: C) -> Option<&'a Known<C>> {
        self.header.known.iter().find(|it| it.column == column)
    }

    fn note(&self, column: C, value: &str, message: String) -> Problem {
        let known = self.known(column);
        Problem {
            row: self.number,
            column: known.map_or_else(String::new, |it| column_letters(it.at)),
            header: known.map_or_else(|| column.rule().name.to_owned(), |it| it.header.clone()),
            value: if column.rule().is_private { masked(value) } else { value.to_owned() },
            message,
        }
    }

    /// Notes what must be corrected.
    pub fn problem(&mut self, column: C, value: &str, message: impl Into<String>) {
        let problem = self.note(column, value, message.into());
        self.problems.push(problem);
    }

    /// Notes what should be looked at.
    pub fn warn(&mut self, column: C, value: &str, message: impl Into<String>) {
        let warning = self.note(column, value, message.into());
        self.warnings.push(warning);
    }

    /// The text of a cell, whatever kind of cell it is; none where it is empty or says so.
    fn text(&mut self, column: C) -> Option<String> {
        let index = self.index(column)?;
        let text = match self.cells.get_mut(index)?.take()? {
            Cell::Text(text) => text,
            Cell::Number(number) if number.abs() >= LOST_DIGITS => {
                self.problem(
                    column,
                    &number.to_string(),
                    "长号码按数字保存，第15位以后的数字已经丢失；请把该列设为文本格式后重新填写完整号码",
                );
                return None;
            }
            Cell::Number(number) => number.to_string(),
            Cell::Date(date) => day(date),
            Cell::Error(error) => {
                self.problem(column, &error, format!("单元格是错误值“{error}”；请改正公式或者填写内容"));
                return None;
            }
        };
        if text.contains(char::REPLACEMENT_CHARACTER) {
            self.problem(
                column,
                &text,
                "有无法识别的字符，文件的编码可能已损坏；请改正后以 UTF-8 编码另存再导入",
            );
            return None;
        }
        let says_nothing = normal::is_blank(&text) || (!column.rule().is_required && text.trim() == "无");
        if says_nothing { None } else { Some(text) }
    }

    /// Notes that a required cell is empty, unless the cell has a problem already.
    fn require<T>(&mut self, column: C, value: Option<T>, n_problems: usize) -> Option<T> {
        if value.is_none() && self.problems.len() == n_problems {
            self.problem(column, "", "不能为空");
        }
        value
    }

    /// Text of several lines.
    pub fn prose(&mut self, column: C) -> Option<String> {
        self.text(column).map(|it| normal::prose(&it)).filter(|it| !it.is_empty())
    }

    /// Text of one line.
    pub fn line(&mut self, column: C) -> Option<String> {
        self.text(column).map(|it| normal::line(&it)).filter(|it| !it.is_empty())
    }

    /// A name.
    pub fn name(&mut self, column: C) -> Option<String> {
        self.text(column).map(|it| normal::name(&it)).filter(|it| !it.is_empty())
    }

    /// A number or an address, without blanks and in plain characters.
    pub fn code(&mut self, column: C) -> Option<String> {
        let text = self.text(column)?;
        let code = normal::code(&text);
        if is_scientific(&code) {
            self.problem(
                column,
                &code,
                "号码被表格软件改成了科学计数，已经不完整；请把该列设为文本格式后重新填写完整号码",
            );
            return None;
        }
        Some(code).filter(|it| !it.is_empty())
    }

    /// The number of the record itself, required.
    pub fn own_number(&mut self, column: C) -> Option<String> {
        let n_problems = self.problems.len();
        let number = self.text(column).map(|it| normal::own_number(&it)).filter(|it| !it.is_empty());
        self.own_number.clone_from(&number);
        self.require(column, number, n_problems)
    }

    /// The number of another record.
    pub fn other_number(&mut self, column: C) -> Option<String> {
        self.text(column).map(|it| normal::own_number(&it)).filter(|it| !it.is_empty())
    }

    /// A word of a closed set, read by `read`, which says in Chinese why it cannot.
    pub fn word<T>(&mut self, column: C, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let text = normal::line(&self.text(column)?);
        match read(&text) {
            Ok(value) => Some(value),
            Err(message) => {
                self.problem(column, &text, message);
                None
            }
        }
    }

    /// A word of a closed set, required.
    pub fn required_word<T>(&mut self, column: C, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let n_problems = self.problems.len();
        let value = self.word(column, read);
        self.require(column, value, n_problems)
    }

    /// A day, which may not be in the future: a register holds what has happened.
    pub fn date(&mut self, column: C) -> Option<NaiveDate> {
        let index = self.index(column)?;
        let (shown, read) = match self.cells.get_mut(index)?.take()? {
            Cell::Date(date) => (day(date), Ok(date)),
            Cell::Number(number) => (number.to_string(), dates::parse_number(number)),
            other => {
                self.cells[index] = Some(other);
                let text = normal::line(&self.text(column)?);
                let read = dates::parse(&text);
                (text, read)
            }
        };
        match read {
            Ok(date) if date > self.today => {
                self.problem(column, &shown, format!("日期“{}”在将来；请核对年份", day(date)));
                None
            }
            Ok(date) => Some(date),
            Err(error) => {
                let text = shortened(&shown, SHOWN);
                self.problem(column, &shown, format!("{error}“{text}”；请写成“2022-03-05”的样式"));
                None
            }
        }
    }

    /// A day, required.
    pub fn required_date(&mut self, column: C) -> Option<NaiveDate> {
        let n_problems = self.problems.len();
        let date = self.date(column);
        self.require(column, date, n_problems)
    }

    /// Notes that a day lies before another one that must come first.
    pub fn in_order(&mut self, earlier: (C, Option<NaiveDate>), later: (C, Option<NaiveDate>)) {
        let (Some(first), Some(second)) = (earlier.1, later.1) else { return };
        if second < first {
            let name = earlier.0.rule().name;
            let message = format!("“{}”早于{name}“{}”；请核对这两个日期", day(second), day(first));
            self.problem(later.0, &day(second), message);
        }
    }

    /// The remarks: what the column says, then what stood in unknown columns, a line each.
    pub fn remarks(&mut self, column: C) -> Option<String> {
        let lines: Vec<String> =
            self.prose(column).into_iter().chain(std::mem::take(&mut self.kept)).collect();
        if lines.is_empty() { None } else { Some(lines.join("\n")) }
    }
}

/// What a cell shows.
pub(crate) fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => normal::line(text),
        Cell::Number(number) => number.to_string(),
        Cell::Date(date) => day(*date),
        Cell::Error(error) => error.clone(),
    }
}

/// `1.10105E+17`: what is left of a long number in a text file saved by a spreadsheet program.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit() || it == b'.');
    is_number(mantissa) && exponent.strip_prefix('+').is_some_and(is_number)
}
