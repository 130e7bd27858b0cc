//! The wording of a report's parts in every version, its problems, and the document it is filled into.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use crate::domain::ids::AgencyId;
use crate::domain::report::text::{Part, Problem};
use crate::storage::codes::Code;
use crate::storage::schema::{report_problems, report_templates, report_wordings};
use crate::storage::{DbConnection, StorageError};

/// A version of the wording of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// The year of the report.
    pub year: i32,
    /// The version, from 1 in each year.
    pub version: i32,
    /// The text, with names in braces.
    pub body: String,
    /// Who wrote it.
    pub author: String,
    /// When.
    pub saved_at: DateTime<Utc>,
}

/// The versions of the wording of a part in the reports up to a year, the latest first, at most `limit`.
pub fn versions(
    conn: &mut DbConnection,
    agency: AgencyId,
    part: Part,
    through_year: i32,
    limit: i64,
) -> Result<Vec<Wording>, StorageError> {
    let rows: Vec<(i32, i32, String, String, NaiveDateTime)> = report_wordings::table
        .filter(report_wordings::agency_id.eq(agency.0))
        .filter(report_wordings::part.eq(Code(part)))
        .filter(report_wordings::year.le(through_year))
        .order((report_wordings::year.desc(), report_wordings::version.desc()))
        .limit(limit)
        .select((
            report_wordings::year,
            report_wordings::version,
            report_wordings::body,
            report_wordings::author,
            report_wordings::saved_at,
        ))
        .load(conn)?;
    let wording = |(year, version, body, author, saved_at): (i32, i32, String, String, NaiveDateTime)| {
        Wording { year, version, body, author, saved_at: saved_at.and_utc() }
    };
    Ok(rows.into_iter().map(wording).collect())
}

/// Keeps a version.
///
/// # Errors
/// [`StorageError::Stale`] where there is such a version already.
pub fn save(
    conn: &mut DbConnection,
    agency: AgencyId,
    part: Part,
    wording: &Wording,
) -> Result<(), StorageError> {
    diesel::insert_into(report_wordings::table)
        .values((
            report_wordings::agency_id.eq(agency.0),
            report_wordings::year.eq(wording.year),
            report_wordings::part.eq(Code(part)),
            report_wordings::version.eq(wording.version),
            report_wordings::body.eq(&wording.body),
            report_wordings::author.eq(&wording.author),
            report_wordings::saved_at.eq(wording.saved_at.naive_utc()),
        ))
        .execute(conn)
        .map_err(StorageError::in_succession)?;
    Ok(())
}

/// The problems of a year, in order.
pub fn problems(conn: &mut DbConnection, agency: AgencyId, year: i32) -> Result<Vec<Problem>, StorageError> {
    let rows: Vec<(String, String, String, String)> = report_problems::table
        .filter(report_problems::agency_id.eq(agency.0))
        .filter(report_problems::year.eq(year))
        .order(report_problems::seq)
        .select((
            report_problems::summary,
            report_problems::problem,
            report_problems::measure,
            report_problems::done,
        ))
        .load(conn)?;
    let problem = |(summary, problem, measure, done)| Problem { summary, problem, measure, done };
    Ok(rows.into_iter().map(problem).collect())
}

/// Keeps the problems of a year in place of what was kept before.
pub fn keep_problems(
    conn: &mut DbConnection,
    agency: AgencyId,
    year: i32,
    problems: &[Problem],
) -> Result<(), StorageError> {
    let known = report_problems::table
        .filter(report_problems::agency_id.eq(agency.0))
        .filter(report_problems::year.eq(year));
    diesel::delete(known).execute(conn)?;
    for (seq, it) in (1_i32..).zip(problems) {
        diesel::insert_into(report_problems::table)
            .values((
                report_problems::agency_id.eq(agency.0),
                report_problems::year.eq(year),
                report_problems::seq.eq(seq),
                report_problems::summary.eq(&it.summary),
                report_problems::problem.eq(&it.problem),
                report_problems::measure.eq(&it.measure),
                report_problems::done.eq(&it.done),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// The document a report is filled into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeTemplate {
    /// The version, from 1.
    pub version: i32,
    /// The name of the file it came as.
    pub name: String,
    /// The file.
    pub file: Vec<u8>,
    /// Who put it here.
    pub author: String,
    /// When.
    pub saved_at: DateTime<Utc>,
}

/// The latest document of an agency; none where it has put none here. One whose file is empty says
/// that the built-in one is used again.
pub fn template(conn: &mut DbConnection, agency: AgencyId) -> Result<Option<OfficeTemplate>, StorageError> {
    let found: Option<(i32, String, Vec<u8>, String, NaiveDateTime)> = report_templates::table
        .filter(report_templates::agency_id.eq(agency.0))
        .order(report_templates::version.desc())
        .select((
            report_templates::version,
            report_templates::name,
            report_templates::file,
            report_templates::author,
            report_templates::saved_at,
        ))
        .first(conn)
        .optional()?;
    Ok(found.map(|(version, name, file, author, saved_at)| OfficeTemplate {
        version,
        name,
        file,
        author,
        saved_at: saved_at.and_utc(),
    }))
}

/// Keeps a document.
///
/// # Errors
/// [`StorageError::Stale`] where there is such a version already.
pub fn keep_template(
    conn: &mut DbConnection,
    agency: AgencyId,
    template: &OfficeTemplate,
) -> Result<(), StorageError> {
    diesel::insert_into(report_templates::table)
        .values((
            report_templates::agency_id.eq(agency.0),
            report_templates::version.eq(template.version),
            report_templates::name.eq(&template.name),
            report_templates::file.eq(&template.file),
            report_templates::author.eq(&template.author),
            report_templates::saved_at.eq(template.saved_at.naive_utc()),
        ))
        .execute(conn)
        .map_err(StorageError::in_succession)?;
    Ok(())
}
