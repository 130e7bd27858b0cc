//! The annual report's statutory tables as files: web page, workbook, document, CSV and JSON.
//!
//! [`layout`] turns a [`Report`] into three [`grid::Grid`]s by walking the official form; [`html`],
//! [`xlsx`] and [`docx`] draw those grids. [`json`] and [`csv`] write the same figures for programs, and
//! [`entered`] reads the JSON shape back, so that a published report can be checked.
//!
//! [`report`] is the report with its text, which `domain::report::text` composes: nobody's words are invented here.
//!
//! Deliberately absent: PDF of our own (a word processor makes it from the document, see [`office`]), and
//! fonts (documents name those that offices have).

pub mod bundle;
pub mod csv;
pub mod docx;
pub mod entered;
pub mod filler;
pub mod grid;
pub mod html;
pub mod ical;
pub mod json;
pub mod layout;
pub mod letters;
pub mod listing;
pub mod office;
pub mod report;
pub mod xlsx;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

use crate::coded;
use crate::domain::labels::Coded;
use crate::domain::report::statistics::report::Report;
use crate::domain::report::statistics::{BeforeYear, Period};
use crate::domain::wording;

coded! {
    /// The formats a report can be had in.
    pub enum Format: "report format" {
        /// For programs; the shape is documented in [`json`].
        Json = "json", "JSON 数据";
        /// A page that stands by itself.
        Html = "html", "网页";
        /// A workbook with formulas.
        Xlsx = "xlsx", "Excel 工作簿";
        /// A document to be edited and published.
        Docx = "docx", "Word 文档";
        /// One line per figure; the shape is documented in [`csv`].
        Csv = "csv", "CSV 数据";
    }
}

impl Format {
    /// The media type to serve it with.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Html => "text/html; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    /// The end of its file name, without the dot.
    pub fn extension(self) -> &'static str {
        self.code()
    }
}

/// Why a report could not be written. None of these is the user's fault.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The day as of which the report stands lies before its year.
    #[error(transparent)]
    BeforeYear(#[from] BeforeYear),
    /// A count of table 2 is beyond what JSON numbers can hold exactly.
    #[error("the figure {0} cannot be written as a whole number")]
    Figure(rust_decimal::Decimal),
    /// The JSON could not be written.
    #[error("the report cannot be written as JSON")]
    Json(#[from] serde_json::Error),
    /// The CSV could not be written.
    #[error("the report cannot be written as CSV")]
    Csv(#[from] ::csv::Error),
    /// The page could not be written.
    #[error("the report cannot be written as a page")]
    Html(#[from] askama::Error),
    /// The workbook could not be written.
    #[error("the report cannot be written as a workbook")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    /// The document could not be packed.
    #[error("the report cannot be packed as a document")]
    Zip(#[from] zip::result::ZipError),
    /// Bytes could not be written.
    #[error("the report cannot be written")]
    Io(#[from] std::io::Error),
}

/// Draws a report.
///
/// # Errors
/// [`DocumentError`]: the report contradicts itself, or the format's own library refused it.
pub fn render(report: &Report, format: Format) -> Result<Vec<u8>, DocumentError> {
    match format {
        Format::Json => json::render(report),
        Format::Html => html::render(report),
        Format::Xlsx => xlsx::render(report),
        Format::Docx => docx::render(report),
        Format::Csv => csv::render(report),
    }
}

/// The name to save a report under: `聊城市自然资源和规划局2022年政府信息公开工作年度报告.docx`.
pub fn file_name(report: &Report, format: Format) -> String {
    format!("{}.{}", file_stem(report), format.extension())
}

/// The same without its end.
fn file_stem(report: &Report) -> String {
    // Characters that some file system refuses in a name.
    let is_safe = |it: &char| !it.is_control() && !r#"\/:*?"<>|"#.contains(*it);
    let agency: String = report.agency.name.chars().filter(is_safe).collect();
    format!("{agency}{}", title(report))
}

/// `2022年政府信息公开工作年度报告`.
fn title(report: &Report) -> String {
    format!("{}年政府信息公开工作年度报告", report.year)
}

/// What stands over the tables, the same in every format.
struct Front {
    agency: String,
    title: String,
    /// The days the figures speak of.
    period: String,
    /// Present where the report was asked for as of a day.
    as_of: Option<String>,
}

impl Front {
    fn of(report: &Report) -> Result<Self, DocumentError> {
        let period = match report.as_of {
            Some(day) => Period::as_of(report.year, day)?,
            None => Period::year(report.year),
        };
        let (first, last) = (wording::day(period.first_day()), wording::day(period.last_day()));
        Ok(Self {
            agency: printable(&report.agency.name),
            title: title(report),
            period: format!("统计期限：{first}至{last}"),
            as_of: report.as_of.map(|it| format!("数据截至：{}", wording::day(it))),
        })
    }

    /// The lines under the title.
    fn lines(&self) -> Vec<&str> {
        [Some(self.period.as_str()), self.as_of.as_deref()].into_iter().flatten().collect()
    }
}

/// A text without the control characters that XML and HTML forbid.
fn printable(text: &str) -> String {
    text.chars().filter(|it| !it.is_control() && !matches!(it, '\u{fffe}' | '\u{ffff}')).collect()
}

/// How many checks hold, in words.
fn checks_summary(report: &Report) -> String {
    let n = report.checks.len();
    match report.checks.iter().filter(|it| !it.holds).count() {
        0 => format!("共{n}项校验，全部成立。"),
        n_broken => format!("共{n}项校验，{}项成立，{n_broken}项不成立。", n - n_broken),
    }
}

/// What a broken check means, in words.
fn severity_label(severity: crate::domain::report::statistics::checks::Severity) -> &'static str {
    use crate::domain::report::statistics::checks::Severity;
    match severity {
        Severity::Error => "错误",
        Severity::Warning => "提醒",
    }
}

/// Which units a roll-up sums, in words; nothing for the report of one agency.
fn rollup_line(report: &Report) -> Option<String> {
    let rollup = report.rollup.as_ref()?;
    let names: Vec<_> = rollup.without_cases.iter().map(|it| printable(&it.name)).collect();
    let tail = match names.len() {
        0 => "均有申请件".to_owned(),
        n => format!("其中{n}个单位本年度没有申请件：{}", names.join("、")),
    };
    Some(format!("汇总{}个单位（含本机关），{tail}。", rollup.n_units))
}
