//! Reading the figures of tables 3 and 4 from JSON, so that a report drawn up elsewhere can be checked.
//!
//! Read is the shape that [`json`](crate::documents::json) writes, and the looser one of reports typed
//! in from publications: `table3.rows` with `code` and `values` in any order, 25 rows or the 23 of form
//! 2019-60, `table4` with its three arrays; `agency` an object or just a name; anything else is left
//! alone. The form is told from the codes of the rows, not from the year: reports of later years have
//! been published on the old form.
//!
//! The figures are taken as they stand, for a published report may be wrong; whether it is, is for
//! [`checks`](crate::domain::report::statistics::checks) to say. But nothing is guessed: a missing row, a blank
//! or a fraction is refused with the place where it stands.

use serde_json::{Map, Value};

use crate::documents::json::columns;
use crate::domain::labels::Coded;
use crate::domain::remedy::RemedyKind;
use crate::domain::report::forms::{FORM_2019, FORM_2021, Form, OTHER_ALL};
use crate::domain::report::statistics::tables::{N_COLUMNS, N_RESULTS, Table3, Table4};

/// The figures of a report that was not drawn up here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnteredReport {
    /// Name of the agency, where the file gives it.
    pub agency: Option<String>,
    /// Year of the report, where the file gives it.
    pub year: Option<i32>,
    /// Applications, on the form the rows belong to.
    pub table3: Table3,
    /// Reconsiderations and suits.
    pub table4: Table4,
}

/// Something in the file that cannot be taken as a figure of the form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}：{message}")]
pub struct Problem {
    /// Where: `table3.rows[3].values[0]`.
    pub path: String,
    /// What is wrong, in Chinese.
    pub message: String,
}

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnteredError {
    /// Not JSON at all.
    #[error("不是有效的 JSON 文件：第{line}行第{column}列有误")]
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// JSON, with places that are wrong; all of them are listed.
    #[error("{}", .0.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n"))]
    Problems(Vec<Problem>),
}

/// A figure beyond this is a slip of the keyboard; sums of figures below it cannot overflow.
const LARGEST: u64 = 999_999_999_999;

/// Reads the tables of a report.
///
/// # Errors
/// [`EnteredError`]: the place where the text is no JSON, or every place that is no figure of the form.
pub fn parse_table(json: &[u8]) -> Result<EnteredReport, EnteredError> {
    let text = json.strip_prefix("\u{feff}".as_bytes()).unwrap_or(json);
    let value: Value = serde_json::from_slice(text)
        .map_err(|it| EnteredError::NotJson { line: it.line(), column: it.column() })?;
    let mut reader = Reader::default();
    let report = reader.report(&value);
    match report {
        Some(report) if reader.problems.is_empty() => Ok(report),
        _ => Err(EnteredError::Problems(reader.problems)),
    }
}

/// Reads on after a problem, so that a file is mended in one go. A `None` has always been reported.
#[derive(Default)]
struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    fn problem<T>(&mut self, path: &str, message: impl Into<String>) -> Option<T> {
        self.problems.push(Problem { path: path.to_owned(), message: message.into() });
        None
    }

    fn report(&mut self, value: &Value) -> Option<EnteredReport> {
        let Some(file) = value.as_object() else {
            return self.problem("$", "应为对象，含 table3 和 table4");
        };
        let agency = self.agency(file);
        let year = self.year(file);
        let table3 = self.table3(file);
        let table4 = self.table4(file);
        Some(EnteredReport { agency: agency?, year: year?, table3: table3?, table4: table4? })
    }

    /// The name: `{"code": …, "name": …}` or a text.
    fn agency(&mut self, file: &Map<String, Value>) -> Option<Option<String>> {
        let name = match file.get("agency") {
            Some(Value::Object(agency)) => agency.get("name"),
            other => other,
        };
        match name {
            None | Some(Value::Null) => Some(None),
            Some(Value::String(name)) => Some(Some(name.clone())),
            Some(_) => self.problem("agency", "应为机关名称"),
        }
    }

    fn year(&mut self, file: &Map<String, Value>) -> Option<Option<i32>> {
        match file.get("year") {
            None | Some(Value::Null) => Some(None),
            Some(value) => match value.as_i64().and_then(|it| i32::try_from(it).ok()) {
                Some(year) => Some(Some(year)),
                None => self.problem("year", "应为年份，例如 2022"),
            },
        }
    }

    fn table3(&mut self, file: &Map<String, Value>) -> Option<Table3> {
        let table = self.object(file.get("table3"), "table3")?;
        self.columns(table);
        let Some(rows) = table.get("rows").and_then(Value::as_array) else {
            return self.problem("table3.rows", "缺少，应为数组，每行含 code 和 values");
        };
        let code_of = |row: &Value| row.get("code").and_then(Value::as_str).map(str::to_owned);
        let is_old = rows.iter().any(|it| code_of(it).as_deref() == Some(OTHER_ALL));
        let form: &'static Form = if is_old { &FORM_2019 } else { &FORM_2021 };

        // A row that is there and unreadable is not missing: it has been reported already.
        let mut lines: Vec<Option<[u64; N_COLUMNS]>> = vec![None; form.table3.len()];
        let mut seen = vec![false; form.table3.len()];
        for (i, row) in rows.iter().enumerate() {
            let path = format!("table3.rows[{i}]");
            let Some(code) = code_of(row) else {
                self.problem::<()>(&format!("{path}.code"), "缺少行代码");
                continue;
            };
            let Some(at) = form.row_index(&code) else {
                self.problem::<()>(&format!("{path}.code"), format!("{}格式没有“{code}”行", form.code));
                continue;
            };
            if seen[at] {
                self.problem::<()>(&format!("{path}.code"), format!("“{code}”行重复"));
                continue;
            }
            seen[at] = true;
            lines[at] = self.figures(row.get("values"), &format!("{path}.values"), form.table3[at].label);
        }
        for (row, _) in form.table3.iter().zip(&seen).filter(|(_, seen)| !**seen) {
            let message = format!("缺少“{}”行（{}）", row.code, row.label);
            self.problem::<()>("table3.rows", message);
        }
        Some(Table3 { form, values: lines.into_iter().collect::<Option<_>>()? })
    }

    /// Where the file names its columns, they must be the form's: numbers have no other way to tell
    /// which column they are for.
    fn columns(&mut self, table: &Map<String, Value>) {
        let Some(given) = table.get("columns") else { return };
        if *given != Value::from(columns().as_slice()) {
            let message = format!("列应依次为 {}", columns().join("、"));
            self.problem::<()>("table3.columns", message);
        }
    }

    fn table4(&mut self, file: &Map<String, Value>) -> Option<Table4> {
        let table = self.object(file.get("table4"), "table4")?;
        let mut group = |kind: RemedyKind| {
            self.figures::<N_RESULTS>(
                table.get(kind.code()),
                &format!("table4.{}", kind.code()),
                kind.label(),
            )
        };
        let review = group(RemedyKind::Reconsideration);
        let direct_suit = group(RemedyKind::DirectSuit);
        let suit_after_review = group(RemedyKind::SuitAfterReconsideration);
        Some(Table4 { review: review?, direct_suit: direct_suit?, suit_after_review: suit_after_review? })
    }

    fn object<'a>(&mut self, value: Option<&'a Value>, path: &str) -> Option<&'a Map<String, Value>> {
        match value {
            Some(Value::Object(object)) => Some(object),
            None | Some(Value::Null) => self.problem(path, "缺少这张表"),
            Some(_) => self.problem(path, "应为对象"),
        }
    }

    /// A line of exactly `N` figures.
    fn figures<const N: usize>(
        &mut self,
        value: Option<&Value>,
        path: &str,
        label: &str,
    ) -> Option<[u64; N]> {
        let Some(values) = value.and_then(Value::as_array) else {
            return self.problem(path, format!("缺少“{label}”的数，应为{N}个整数的数组"));
        };
        if values.len() != N {
            return self.problem(path, format!("“{label}”应有{N}个数，实有{}个", values.len()));
        }
        let mut figures = [0; N];
        let mut is_complete = true;
        for (i, (figure, value)) in figures.iter_mut().zip(values).enumerate() {
            match figure_of(value) {
                Ok(n) => *figure = n,
                Err(message) => {
                    is_complete = false;
                    self.problem::<()>(&format!("{path}[{i}]"), format!("“{label}”：{message}"));
                }
            }
        }
        is_complete.then_some(figures)
    }
}

/// A count of the form, or what is wrong with it.
fn figure_of(value: &Value) -> Result<u64, String> {
    match value {
        Value::Null => Err("是空白，没有的应填0".to_owned()),
        Value::Number(number) => match number.as_u64() {
            Some(n) if n <= LARGEST => Ok(n),
            Some(n) => Err(format!("{n}过大")),
            None if number.as_f64().is_some_and(|it| it < 0.0) => Err(format!("{number}小于0")),
            None => Err(format!("{number}不是整数")),
        },
        other => Err(format!("{other}不是数")),
    }
}
