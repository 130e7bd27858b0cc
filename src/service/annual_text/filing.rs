//! Reports as they were submitted and published.

use chrono::{Datelike, NaiveDate};
use serde_json::json;

use crate::domain::annual::Filing;
use crate::domain::ids::AgencyId;
use crate::domain::labels::Coded;
use crate::domain::refusal::{Refusal, Refusals};
use crate::service::annual_report::ReportQuery;
use crate::service::annual_text::{WholeReport, journal_id, template, whole_report};
use crate::service::report_changes::report_changes;
use crate::service::{Caller, ServiceError, agency, note};
use crate::storage::annual::filed;
pub use crate::storage::annual::filed::{Filed, FiledFiles};
use crate::storage::{DbConnection, StorageError};

/// What the journal calls it when a report is filed.
pub const FILED: &str = "file_report";

/// The day of the first filing of a year's report, which is the day it bears.
pub(super) fn first_day(
    conn: &mut DbConnection,
    agency: AgencyId,
    year: i32,
) -> Result<Option<NaiveDate>, StorageError> {
    Ok(filed::of_year(conn, agency, year)?.iter().map(|it| it.filed_on).min())
}

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
/// [`StorageError::NotFound`] where nothing of this number was.
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
    /// Why a report cannot be filed so, by field; none where it can.
    pub fn fault(&self, year: i32, today: NaiveDate) -> Option<String> {
        if today < self.filed_on {
            return Some("这一天还没有到".to_owned());
        }
        (self.filed_on.year() <= year).then(|| format!("{year}年度的报告应在{year}年结束以后报送、公布"))
    }
}

/// Keeps a report as it is filed, with its files. `prepared` is the report the files were drawn from: where
/// it is no longer what it would be now, nothing is kept.
///
/// # Errors
/// A refusal: of a day, of a report that lacks something or contradicts itself, of one that has changed
/// since its files were drawn.
pub fn file_report(
    conn: &mut DbConnection,
    caller: &Caller,
    query: &ReportQuery,
    wanted: &FileReport,
    prepared: &WholeReport,
    files: &FiledFiles,
) -> Result<(), ServiceError> {
    let year = query.year;
    if let Some(fault) = wanted.fault(year, caller.today()) {
        return Err(ServiceError::field("filed_on", fault));
    }
    let now = whole_report(conn, caller, &ReportQuery { as_of: None, ..query.clone() })?;
    if !now.narrative.is_complete() {
        let missing = now.narrative.missing.iter().map(ToString::to_string);
        let all = missing.chain(now.narrative.contradictions.iter().map(ToString::to_string));
        Refusals::check(all.map(Refusal::whole).collect())?;
    }
    if now.report != prepared.report || now.narrative != prepared.narrative || now.fees != prepared.fees {
        let message = "在提交的同时，有人改动了数字或者文字。请看过现在的报告，再提交一次";
        return Err(ServiceError::refused(message));
    }
    let id = agency(conn, &query.agency)?.agency_id();
    let seq = filed::of_year(conn, id, year)?.iter().map(|it| it.seq).max().unwrap_or(0) + 1;
    let sha256 = template::hash(&files.document);
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
    /// How many cases and proceedings stand in other cells now.
    pub n_moved: usize,
    /// Whether there are more.
    pub has_more: bool,
    /// What the report said and would say no longer.
    pub gone: Vec<String>,
    /// What it would say now and did not.
    pub come: Vec<String>,
}

/// Compares what was filed with what would be filed now.
///
/// # Errors
/// Where the database fails.
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
