//! The report of a year as a file: its tables, or the whole of it with its text.

use crate::documents::report;
use crate::documents::report::WholeError;
use crate::documents::{self, Format};
use crate::domain::report::text::whole::WholeReport;
use crate::service::report::derive_tables::{ReportQuery, annual_report};
use crate::service::report::text::put_template::template;
use crate::service::report::text::whole_report;
use crate::service::{Caller, ServiceError};
use crate::storage::Db;
use crate::storage::report::text::filed::FiledFiles;

/// A file to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFile {
    /// Its Chinese name.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// The tables of a report, in any format.
///
/// # Errors
/// Those of [`annual_report`], or that the file cannot be drawn.
pub fn draw_tables(
    db: &Db,
    caller: &Caller,
    query: &ReportQuery,
    format: Format,
) -> Result<ReportFile, ServiceError> {
    let report = db.snapshot(|conn| annual_report(conn, caller, query))?;
    Ok(ReportFile { name: documents::file_name(&report, format), bytes: documents::render(&report, format)? })
}

/// The formats the whole report can be had in; the others hold figures alone.
pub const TEXT_FORMATS: &[Format] = &[Format::Docx, Format::Html];

/// The whole report, in the office's own document or the built-in one, or as a page. What is not complete is
/// marked as a draft.
///
/// # Errors
/// Those of [`whole_report`], a format that holds no text, or what is wrong with the office's document.
pub fn draw_text(
    db: &Db,
    caller: &Caller,
    query: &ReportQuery,
    format: Format,
) -> Result<(WholeReport, ReportFile), ServiceError> {
    let (whole, template) = prepared(db, caller, query)?;
    let bytes = match format {
        Format::Docx => document(&whole, template.as_deref())?,
        Format::Html => report::html::render(&whole)?,
        Format::Json | Format::Xlsx | Format::Csv => {
            return Err(ServiceError::refused("报告全文的格式应为 docx、html 或者 pdf"));
        }
    };
    let name = format!("{}.{}", report::file_stem(&whole), format.extension());
    Ok((whole, ReportFile { name, bytes }))
}

/// The report and the office's own document for it, of one moment.
pub(in crate::service) fn prepared(
    db: &Db,
    caller: &Caller,
    query: &ReportQuery,
) -> Result<(WholeReport, Option<Vec<u8>>), ServiceError> {
    db.snapshot(|conn| {
        let template = template(conn, &query.agency)?.map(|it| it.file);
        Ok((whole_report(conn, caller, query)?, template))
    })
}

/// Every file of a report that is to be filed.
///
/// # Errors
/// What is wrong with the office's document, or that a file cannot be drawn.
pub fn files(whole: &WholeReport, template: Option<&[u8]>) -> Result<FiledFiles, ServiceError> {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ok(FiledFiles {
        figures: text(documents::json::render(&whole.report)?),
        page: text(report::html::render(whole)?),
        document: document(whole, template)?,
    })
}

/// The document. One of the office's own that cannot be filled is the office's to mend.
fn document(whole: &WholeReport, template: Option<&[u8]>) -> Result<Vec<u8>, ServiceError> {
    report::docx::render(whole, template).map_err(|err| match err {
        WholeError::Document(err) => err.into(),
        err => ServiceError::refused(format!("报告模板不能使用：{}", err.explain())),
    })
}
