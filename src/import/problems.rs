//! What is wrong with a file, by row and column as a spreadsheet shows them, and what to do about it.

use std::fmt;

use chrono::NaiveDate;

/// Something wrong, or doubtful, about one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The row of the sheet, from 1.
    pub row: u32,
    /// The letters of the column, such as `J`.
    pub column: String,
    /// The heading of the column as the file has it.
    pub header: String,
    /// What the cell holds; masked where it is a number that identifies or reaches a person.
    pub value: String,
    /// What is wrong and what to do, in Chinese, for the person who has the file open.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "第{}行 {}列（{}）：{}", self.row, self.column, self.header, self.message)
    }
}

/// A row below the header that was not read as a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedRow {
    /// The row of the sheet, from 1.
    pub row: u32,
    /// Why.
    pub reason: SkipReason,
    /// The beginning of the row, for a person to see that nothing was lost.
    pub text: String,
}

/// Why a row was not read as a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkipReason {
    /// A remark, a sum or a signature below the table.
    Note,
    /// The header once more, as on printed pages.
    RepeatedHeader,
    /// The numbers of the columns under the header.
    ColumnNumbers,
    /// Nothing in any known column, as in rows numbered in advance.
    NothingKnown,
}

impl SkipReason {
    /// The reason in Chinese.
    pub fn label(self) -> &'static str {
        match self {
            Self::Note => "说明、合计或签名",
            Self::RepeatedHeader => "重复的表头",
            Self::ColumnNumbers => "栏次",
            Self::NothingKnown => "没有登记内容",
        }
    }
}

impl fmt::Display for SkippedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "第{}行未导入（{}）：{}", self.row, self.reason.label(), self.text)
    }
}

/// A column the importer knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownColumn {
    /// The official heading.
    pub name: &'static str,
    /// The letters of the column.
    pub column: String,
    /// Its heading as the file has it.
    pub header: String,
}

/// A column the importer does not know. Its values are kept in the remarks of each record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownColumn {
    /// The letters of the column.
    pub column: String,
    /// Its heading; empty where values stand under no heading.
    pub header: String,
}

impl fmt::Display for UnknownColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.header.is_empty() {
            write!(f, "{}列（无列名）", self.column)
        } else {
            write!(f, "{}列（{}）", self.column, self.header)
        }
    }
}

/// What kind of file was read, and which part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format {
    /// `xlsx`, `xls`, `xlsb`, `ods`, `csv` or `tsv`.
    pub kind: &'static str,
    /// The encoding of a text file.
    pub encoding: Option<&'static str>,
    /// The sheet that was read, the first visible one.
    pub sheet: Option<String>,
    /// Visible sheets that were not read.
    pub other_sheets: Vec<String>,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        if let Some(encoding) = self.encoding {
            write!(f, "，编码{encoding}")?;
        }
        if let Some(sheet) = &self.sheet {
            write!(f, "，工作表“{sheet}”")?;
        }
        if !self.other_sheets.is_empty() {
            write!(f, "，未读取其他工作表：{}", self.other_sheets.join("、"))?;
        }
        Ok(())
    }
}

/// Everything found in one file.
///
/// An import is all or nothing: rows are there even beside problems so that they can be shown, and
/// are to be stored only where `problems` is empty.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportFile<T> {
    /// The records without a problem, in the order of the file.
    pub rows: Vec<T>,
    /// What must be corrected in the file first, in the order of the file.
    pub problems: Vec<Problem>,
    /// What should be looked at, and stops nothing.
    pub warnings: Vec<Problem>,
    /// Rows that are no records.
    pub skipped: Vec<SkippedRow>,
    /// Columns that are read.
    pub columns: Vec<KnownColumn>,
    /// Columns that are kept in the remarks only.
    pub unknown_columns: Vec<UnknownColumn>,
    /// The row of the sheet that names the columns, from 1; the lower one of two.
    pub header_row: u32,
    /// What was read.
    pub format: Format,
}

impl<T> ImportFile<T> {
    /// The place of a row in a column, given by its official heading, as the file's own: `第3行 B列（原登记号）`.
    pub fn place(&self, row: u32, name: &str) -> String {
        match self.columns.iter().find(|it| it.name == name) {
            Some(KnownColumn { column, header, .. }) => format!("第{row}行 {column}列（{header}）"),
            None => format!("第{row}行（{name}）"),
        }
    }
}

/// Why a file cannot be read as a register at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// No byte, or no cell, in it.
    #[error("文件是空的")]
    Empty,
    /// Not a kind of file that is read.
    #[error("“{name}”是{found}，不能导入；请另存为 xlsx、xls、ods 或 csv 后再导入")]
    NotASheet {
        /// The name of the file.
        name: String,
        /// What it looks like.
        found: &'static str,
    },
    /// Broken, or not what it says it is.
    #[error("文件已损坏或者格式不对（{0}）；请用表格软件打开后另存为 xlsx 再导入")]
    Unreadable(String),
    /// Locked with a password.
    #[error("文件设有打开密码；请取消密码后再导入")]
    Encrypted,
    /// All sheets are hidden.
    #[error("文件里没有可见的工作表")]
    NoVisibleSheet,
    /// More than [`MAX_ROWS`](crate::import::MAX_ROWS) rows, or more unpacked bytes than any register has.
    #[error("文件太大：{0}；请分成几个文件导入")]
    TooLarge(String),
    /// A quotation mark in a text file that is never closed.
    #[error("第{row}行{}列开头的双引号没有配对，下面的行会被并进这一格{QUOTE_ADVICE}", column_letters(*.column))]
    OpenQuote {
        /// The row it opens in, from 1.
        row: u32,
        /// The column, from 0.
        column: u32,
    },
    /// A quotation mark in a text file that is closed before the cell ends.
    #[error("第{row}行{}列以双引号开头，可是后一个双引号之后还有文字{QUOTE_ADVICE}", column_letters(*.column))]
    TextAfterQuote {
        /// The row it opens in, from 1.
        row: u32,
        /// The column, from 0.
        column: u32,
    },
    /// A quotation mark in a text file whose partner stands in another row.
    #[error("第{row}行{}列开头的双引号，到下面的行才有后一半，其间的行会被并进这一格{QUOTE_ADVICE}", column_letters(*.column))]
    QuoteOverRows {
        /// The row it opens in, from 1.
        row: u32,
        /// The column, from 0.
        column: u32,
    },
    /// No row names columns.
    #[error("没有找到表头：前{searched}行里没有一行同时写有{}等列名{}", quoted(.wanted), nearest(.found))]
    NoHeader {
        /// How many rows were searched.
        searched: usize,
        /// The names of the required columns.
        wanted: Vec<&'static str>,
        /// The cells of the row that comes nearest, and its number.
        found: Option<(u32, Vec<String>)>,
    },
    /// The header lacks columns that every record needs.
    #[error("第{row}行表头缺少必需的列：{}；找到的列有：{}", .missing.join("、"), .found.join("、"))]
    MissingColumns {
        /// The row of the header, from 1.
        row: u32,
        /// The names of the columns that are missing.
        missing: Vec<&'static str>,
        /// The headings that were found, each with its column.
        found: Vec<String>,
    },
    /// One column stands there twice, and which of them is meant cannot be known.
    #[error("第{row}行表头里“{name}”出现了不止一次：{}；请只保留一列，其余的改名或删去", .found.join("、"))]
    DuplicateColumn {
        /// The row of the header, from 1.
        row: u32,
        /// The name of the column.
        name: &'static str,
        /// The headings that mean it, each with its column.
        found: Vec<String>,
    },
}

/// What to do about a quotation mark that is not as it should be.
const QUOTE_ADVICE: &str = "；请用记事本打开文件，把该处的英文双引号改为中文引号“”后再导入";

fn quoted(names: &[&str]) -> String {
    names.iter().map(|it| format!("“{it}”")).collect()
}

fn nearest(found: &Option<(u32, Vec<String>)>) -> String {
    match found {
        Some((row, cells)) => format!("；最像表头的是第{row}行：{}", cells.join("、")),
        None => String::new(),
    }
}

/// The letters of a column counted from 0: `A`, `Z`, `AA`.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column.saturating_add(1);
    while rest > 0 {
        rest -= 1;
        letters.push(u8::try_from(rest % 26).map_or('?', |it| char::from(b'A' + it)));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// A private number with all but its ends hidden; short ones entirely.
pub fn masked(value: &str) -> String {
    let characters: Vec<char> = value.chars().collect();
    let shown = if characters.len() >= 8 { 2 } else { 0 };
    let hidden = characters.len() - 2 * shown;
    let (head, tail) = (&characters[..shown], &characters[characters.len() - shown..]);
    head.iter().copied().chain(std::iter::repeat_n('*', hidden)).chain(tail.iter().copied()).collect()
}

/// At most `n` characters of a text, with a mark where it was cut.
pub(crate) fn shortened(text: &str, n: usize) -> String {
    match text.char_indices().nth(n) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// `2022-04-02`: in messages about a spreadsheet days are written as spreadsheets write them.
pub(crate) fn day(day: NaiveDate) -> String {
    day.format("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_spreadsheets_do() {
        for (column, letters) in
            [(0, "A"), (9, "J"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
        {
            assert_eq!(column_letters(column), letters);
        }
    }

    #[test]
    fn a_problem_names_its_place() {
        let problem = Problem {
            row: 10,
            column: "J".to_owned(),
            header: "答复日期".to_owned(),
            value: "2022-4-31".to_owned(),
            message: "没有这一天“2022-4-31”".to_owned(),
        };
        assert_eq!(problem.to_string(), "第10行 J列（答复日期）：没有这一天“2022-4-31”");
    }

    #[test]
    fn private_numbers_are_masked() {
        assert_eq!(masked("11010519491231002X"), "11**************2X");
        assert_eq!(masked("13800138000"), "13*******00");
        assert_eq!(masked("1380013"), "*******");
        assert_eq!(masked(""), "");
    }

    #[test]
    fn a_file_error_says_what_was_found() {
        let error = FileError::NoHeader {
            searched: 30,
            wanted: vec!["登记号", "收到日期"],
            found: Some((2, vec!["甲".to_owned(), "乙".to_owned()])),
        };
        assert_eq!(
            error.to_string(),
            "没有找到表头：前30行里没有一行同时写有“登记号”“收到日期”等列名；最像表头的是第2行：甲、乙"
        );
    }
}
