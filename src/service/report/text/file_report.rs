//! Reports as they were submitted and published.

use chrono::{Datelike, NaiveDate};
use serde_json::json;

use crate::domain::labels::Coded;
use crate::domain::refusal::{Refusal, Refusals};
use crate::domain::report::text::Filing;
use crate::domain::report::text::whole::WholeReport;
use crate::service::report::derive_tables::ReportQuery;
use crate::service::report::draw_report;
use crate::service::report::text::{journal_id, put_template, whole_report};
use crate::service::report::trace_changes::report_changes;
use crate::service::{Caller, ServiceError, agency, note};
use crate::storage::report::text::filed;
pub use crate::storage::report::text::filed::{Filed, FiledFiles};
use crate::storage::{Db, DbConnection};

/// What the journal calls it when a report is filed.
pub const FILED: &str = "file_report";

/// What was filed of a year, the latest first.
///
/// # Errors
/// Where there is no such agency, or the database fails.
pub fn filings(conn: &mut DbConnection, agency_code: &str, year: i32) -> Result<Vec<Filed>, ServiceError> {
    let id = agency(conn, agency_code)?.agency_id();
    Ok(filed::of_year(conn, id, year)?)
}

/// The files of what was filed.
///
/// # Errors
/// [`crate::storage::StorageError::NotFound`] where nothing of this number was.
pub fn filed_files(
    conn: &mut DbConnection,
    agency_code: &str,
    year: i32,
    seq: i32,
) -> Result<FiledFiles, ServiceError> {
    let id = agency(conn, agency_code)?.agency_id();
    Ok(filed::files(conn, id, year, seq)?)
}

/// What is to be filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReport {
    /// What became of the report.
    pub filing: Filing,
    /// The day.
    pub filed_on: NaiveDate,
}

impl FileReport {
    /// Whether a report can be filed so.
    ///
    /// # Errors
    /// What is wrong with the day.
    pub fn check(&self, year: i32, today: NaiveDate) -> Result<(), Refusals> {
        if today < self.filed_on {
            return Err(Refusals::at("filed_on", "这一天还没有到"));
        }
        if self.filed_on.year() <= year {
            let message = format!("{year}年度的报告应在{year}年结束以后报送、公布");
            return Err(Refusals::at("filed_on", message));
        }
        Ok(())
    }
}

/// Keeps a report as it is, with its files. They are drawn first, so that nobody who writes waits for it; where
/// the report is no longer what it was then, nothing is kept.
///
/// # Errors
/// A refusal: of a day, of a report that lacks something or contradicts itself, of one that has changed
/// since its files were drawn.
pub fn file_report(
    db: &Db,
    caller: &Caller,
    query: &ReportQuery,
    wanted: &FileReport,
) -> Result<(), ServiceError> {
    file_drawn_by(db, caller, query, wanted, draw_report::files)
}

/// Files a report as [`file_report`] does, drawn by `draw`: for tests that look on while it is drawn.
///
/// # Errors
/// As there, and what `draw` returns.
pub fn file_drawn_by(
    db: &Db,
    caller: &Caller,
    query: &ReportQuery,
    wanted: &FileReport,
    draw: impl FnOnce(&WholeReport, Option<&[u8]>) -> Result<FiledFiles, ServiceError>,
) -> Result<(), ServiceError> {
    wanted.check(query.year, caller.today())?;
    let query = ReportQuery { as_of: None, ..query.clone() };
    let (mut prepared, template) = draw_report::prepared(db, caller, &query)?;
    check_complete(&prepared)?;
    // A report bears the day of its first filing.
    prepared.dated = prepared.dated.or(Some(wanted.filed_on)).min(Some(wanted.filed_on));
    let files = draw(&prepared, template.as_deref())?;
    db.write(|conn| keep(conn, caller, &query, wanted, &prepared, &files))
}

/// That a report lacks nothing and does not contradict itself.
fn check_complete(whole: &WholeReport) -> Result<(), ServiceError> {
    if whole.narrative.is_complete() {
        return Ok(());
    }
    let missing = whole.narrative.missing.iter().map(ToString::to_string);
    let all = missing.chain(whole.narrative.contradictions.iter().map(ToString::to_string));
    Ok(Refusals::check(all.map(Refusal::whole).collect())?)
}

fn keep(
    conn: &mut DbConnection,
    caller: &Caller,
    query: &ReportQuery,
    wanted: &FileReport,
    prepared: &WholeReport,
    files: &FiledFiles,
) -> Result<(), ServiceError> {
    let year = query.year;
    let now = whole_report(conn, caller, query)?;
    check_complete(&now)?;
    if now.report != prepared.report || now.narrative != prepared.narrative || now.fees != prepared.fees {
        let message = "在提交的同时，有人改动了数字或者文字。请看过现在的报告，再提交一次";
        return Err(ServiceError::refused(message));
    }
    let id = agency(conn, &query.agency)?.agency_id();
    let seq = filed::of_year(conn, id, year)?.iter().map(|it| it.seq).max().unwrap_or(0) + 1;
    let sha256 = put_template::hash(&files.document);
    let filed = Filed {
        seq,
        filing: wanted.filing,
        filed_on: wanted.filed_on,
        is_rollup: query.rollup,
        lines: now.narrative.lines(),
        sha256: sha256.clone(),
        author: caller.name.clone(),
        filed_at: caller.now,
    };
    filed::keep(conn, id, year, &filed, files)?;
    let details = json!({
        "year": year,
        "filing": wanted.filing.label(),
        "on": wanted.filed_on,
        "sha256": sha256,
    });
    note::report(conn, caller, id, journal_id(id, year), FILED, details)?;
    Ok(())
}

/// What has changed since a report was filed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Since {
    /// The number of cases and proceedings that stand in other cells now.
    pub n_moved: usize,
    /// Whether there are more.
    pub has_more: bool,
    /// What the report said and would say no longer.
    pub gone: Vec<String>,
    /// What it would say now and did not.
    pub come: Vec<String>,
}

/// Compares what was filed with what would be filed now.
pub fn since(
    conn: &mut DbConnection,
    caller: &Caller,
    query: &ReportQuery,
    filed: &Filed,
    now: &WholeReport,
) -> Result<Since, ServiceError> {
    let query = ReportQuery { rollup: filed.is_rollup, as_of: None, ..query.clone() };
    let changes = report_changes(conn, caller, &query, filed.filed_on)?;
    let lines = now.narrative.lines();
    let without = |from: &[String], of: &[String]| -> Vec<String> {
        from.iter().filter(|it| !of.contains(it)).cloned().collect()
    };
    Ok(Since {
        n_moved: changes.moved.len(),
        has_more: changes.has_more,
        gone: without(&filed.lines, &lines),
        come: without(&lines, &filed.lines),
    })
}
