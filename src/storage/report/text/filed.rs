//! Reports as they were submitted and published, kept for ever; and the fee of a year, for their text.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use rust_decimal::Decimal;

use crate::domain::ids::AgencyId;
use crate::domain::report::text::Filing;
use crate::domain::report::text::derived::{FeeSums, yuan};
use crate::domain::response_clock::ClockFacts;
use crate::storage::access::agencies::Scope;
use crate::storage::codes::Code;
use crate::storage::schema::{agencies, cases, filed_reports};
use crate::storage::{DbConnection, StorageError};

/// A report that was filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// Its number among those of its year, from 1.
    pub seq: i32,
    /// What became of it.
    pub filing: Filing,
    /// The day.
    pub filed_on: NaiveDate,
    /// Whether it summed what lies below the agency.
    pub is_rollup: bool,
    /// What it said, line by line.
    pub lines: Vec<String>,
    /// The hash of the document.
    pub sha256: String,
    /// Who wrote it down.
    pub author: String,
    /// When.
    pub filed_at: DateTime<Utc>,
}

/// The files of a report that was filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledFiles {
    /// Its figures as JSON.
    pub figures: String,
    /// The web page.
    pub page: String,
    /// The document.
    pub document: Vec<u8>,
}

/// Keeps a report.
///
/// # Errors
/// [`StorageError::Stale`] where there is one of this number already.
pub fn keep(
    conn: &mut DbConnection,
    agency: AgencyId,
    year: i32,
    filed: &Filed,
    files: &FiledFiles,
) -> Result<(), StorageError> {
    diesel::insert_into(filed_reports::table)
        .values((
            filed_reports::agency_id.eq(agency.0),
            filed_reports::year.eq(year),
            filed_reports::seq.eq(filed.seq),
            filed_reports::filing.eq(Code(filed.filing)),
            filed_reports::filed_on.eq(filed.filed_on),
            filed_reports::is_rollup.eq(filed.is_rollup),
            filed_reports::lines.eq(filed.lines.join("\n")),
            filed_reports::figures.eq(&files.figures),
            filed_reports::page.eq(&files.page),
            filed_reports::document.eq(&files.document),
            filed_reports::sha256.eq(&filed.sha256),
            filed_reports::author.eq(&filed.author),
            filed_reports::filed_at.eq(filed.filed_at.naive_utc()),
        ))
        .execute(conn)
        .map_err(StorageError::in_succession)?;
    Ok(())
}

type Row = (i32, Code<Filing>, NaiveDate, bool, String, String, String, NaiveDateTime);

/// What was filed of a year, the latest first.
pub fn of_year(conn: &mut DbConnection, agency: AgencyId, year: i32) -> Result<Vec<Filed>, StorageError> {
    let rows: Vec<Row> = filed_reports::table
        .filter(filed_reports::agency_id.eq(agency.0))
        .filter(filed_reports::year.eq(year))
        .order(filed_reports::seq.desc())
        .select((
            filed_reports::seq,
            filed_reports::filing,
            filed_reports::filed_on,
            filed_reports::is_rollup,
            filed_reports::lines,
            filed_reports::sha256,
            filed_reports::author,
            filed_reports::filed_at,
        ))
        .load(conn)?;
    let filed = |(seq, filing, filed_on, is_rollup, lines, sha256, author, filed_at): Row| Filed {
        seq,
        filing: filing.0,
        filed_on,
        is_rollup,
        lines: lines.lines().map(str::to_owned).collect(),
        sha256,
        author,
        filed_at: filed_at.and_utc(),
    };
    Ok(rows.into_iter().map(filed).collect())
}

/// The files of one that was filed.
///
/// # Errors
/// [`StorageError::NotFound`] where there is none of this number.
pub fn files(
    conn: &mut DbConnection,
    agency: AgencyId,
    year: i32,
    seq: i32,
) -> Result<FiledFiles, StorageError> {
    let (figures, page, document): (String, String, Vec<u8>) = filed_reports::table
        .filter(filed_reports::agency_id.eq(agency.0))
        .filter(filed_reports::year.eq(year))
        .filter(filed_reports::seq.eq(seq))
        .select((filed_reports::figures, filed_reports::page, filed_reports::document))
        .first(conn)?;
    Ok(FiledFiles { figures, page, document })
}

/// The information processing fee of a year: what notices of the year ask for, and what was paid in it.
pub fn fees(conn: &mut DbConnection, scope: &Scope, year: i32) -> Result<FeeSums, StorageError> {
    let last_day = NaiveDate::from_ymd_opt(year, 12, 31)
        .ok_or_else(|| StorageError::Unreadable { what: "year", text: year.to_string() })?;
    // What was closed before the year has neither notice nor payment in it.
    let query = cases::table
        .filter(cases::received_on.le(last_day))
        .filter(cases::closing_year.ge(year))
        .filter(cases::clock.like("%\"fee\":{%"))
        .order((cases::received_on, cases::id))
        .select((cases::case_no, cases::clock));
    let rows: Vec<(String, String)> = match scope {
        Scope::Agency(id) => query.filter(cases::agency_id.eq(id.0)).load(conn)?,
        Scope::Subtree(path) => {
            let below = agencies::table.filter(agencies::path.like(format!("{path}%")));
            query.filter(cases::agency_id.eq_any(below.select(agencies::id))).load(conn)?
        }
    };
    let mut sums = FeeSums { noticed: Some(Decimal::ZERO), paid: Some(Decimal::ZERO), ..FeeSums::default() };
    for (case_no, clock) in rows {
        let facts: ClockFacts = serde_json::from_str(&clock)
            .map_err(|_| StorageError::Unreadable { what: "clock of a case", text: case_no.clone() })?;
        let Some(fee) = facts.fee else { continue };
        let amount = fee.amount.as_deref().and_then(yuan);
        let is_of_year = |day: NaiveDate| day.year() == year;
        let is_noticed = is_of_year(fee.sent_on);
        let is_paid = fee.paid_on.is_some_and(is_of_year);
        let add = |sum: Option<Decimal>| sum.zip(amount).map(|(a, b)| a + b);
        if is_noticed {
            sums.n_notices += 1;
            sums.noticed = add(sums.noticed);
        }
        if is_paid {
            sums.n_payments += 1;
            sums.paid = add(sums.paid);
        }
        if (is_noticed || is_paid) && amount.is_none() {
            sums.without_amount.push(case_no);
        }
    }
    Ok(sums)
}
