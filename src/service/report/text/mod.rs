//! The annual report as a text: what it is composed of, and what an office writes for it.

pub mod edit_wording;
pub mod enter_indicators;
pub mod file_report;
pub mod note_problems;
pub mod put_template;

use std::collections::BTreeMap;

use crate::domain::ids::AgencyId;
use crate::domain::labels::Coded;
use crate::domain::report::forms;
use crate::domain::report::statistics::Period;
use crate::domain::report::statistics::report::Report;
use crate::domain::report::text::Part;
use crate::domain::report::text::compose::{Narrative, compose};
use crate::domain::report::text::lack::Missing;
use crate::domain::report::text::whole::{CurrentWording, Origin, WholeReport};
use crate::domain::wording as words;
use crate::service::report::derive_tables::{ReportQuery, annual_report};
use crate::service::{Caller, ServiceError, agency};
use crate::storage::DbConnection;
use crate::storage::access::agencies::Scope;
use crate::storage::report::text::filed;
use crate::storage::report::{statistics, text};

/// The report of an agency with its text.
///
/// Run inside [`crate::storage::Db::snapshot`], so that all figures are of one moment.
///
/// # Errors
/// Those of [`annual_report`].
pub fn whole_report(
    conn: &mut DbConnection,
    caller: &Caller,
    query: &ReportQuery,
) -> Result<WholeReport, ServiceError> {
    let report = annual_report(conn, caller, query)?;
    let agency = agency(conn, &query.agency)?;
    let scope = Scope::of(&agency, query.rollup);
    let last = last_year(conn, caller, query, &scope)?;
    let period = match query.as_of {
        Some(day) => Period::as_of(query.year, day)?,
        None => Period::year(query.year),
    };
    let mut wordings = BTreeMap::new();
    for part in Part::ALL {
        wordings.insert(*part, edit_wording::current(conn, agency.agency_id(), query.year, *part)?);
    }
    let id = agency.agency_id();
    let mut whole = WholeReport {
        fees: filed::fees(conn, &scope, query.year)?,
        last_fees: filed::fees(conn, &scope, query.year - 1)?,
        indicators: enter_indicators::in_use(conn, id, query.year)?,
        problems: text::wordings::problems(conn, id, query.year)?,
        last_problems: text::wordings::problems(conn, id, query.year - 1)?,
        period: format!("{}至{}", words::day(period.first_day()), words::day(period.last_day())),
        dated: filed::of_year(conn, id, query.year)?.iter().map(|it| it.filed_on).min(),
        narrative: Narrative { parts: Vec::new(), missing: Vec::new(), contradictions: Vec::new() },
        report,
        last,
        wordings,
    };
    let texts = whole.wordings.iter().map(|(part, it)| (*part, it.body.clone())).collect();
    whole.narrative = compose(&whole.facts(), &texts);
    let unread: Vec<_> = whole.wordings.iter().filter_map(|(part, it)| unread(*part, it)).collect();
    whole.narrative.missing.extend(unread);
    Ok(whole)
}

/// That nobody has looked through the text of a part for this year; none where somebody has, or where it
/// says nothing. What is true of one year need not be of the next.
fn unread(part: Part, wording: &CurrentWording) -> Option<Missing> {
    let from = match wording.origin {
        Origin::Written { .. } => return None,
        Origin::BuiltIn => "文字是系统自带的".to_owned(),
        Origin::EarlierYear(year) => format!("文字沿用{year}年度的"),
    };
    let why = format!("{from}，请打开编辑页，核对、改写后保存");
    (!wording.body.trim().is_empty()).then_some(Missing { part, sentence: String::new(), lack: why.into() })
}

/// Last year's tables, where anything of that year was ever recorded: a case received by its end, or a
/// figure of table 2. Without either, a comparison would be with a year before the system.
fn last_year(
    conn: &mut DbConnection,
    caller: &Caller,
    query: &ReportQuery,
    scope: &Scope,
) -> Result<Option<Report>, ServiceError> {
    let year = query.year - 1;
    if forms::form(year).is_err() {
        return Ok(None);
    }
    let last = annual_report(conn, caller, &ReportQuery { year, as_of: None, ..query.clone() })?;
    let has_cases = statistics::first_year(conn, scope)?.is_some_and(|it| it <= year);
    Ok(Some(last).filter(|it| has_cases || !it.table2.is_empty()))
}

/// What the journal calls the report of an agency for a year.
fn journal_id(agency: AgencyId, year: i32) -> String {
    format!("report-{}-{year}", agency.0)
}

/// That a year has a form and has begun.
fn check_year(caller: &Caller, year: i32) -> Result<(), ServiceError> {
    use chrono::Datelike;
    forms::form(year)?;
    if caller.today().year() < year {
        return Err(ServiceError::refused(format!("{year}年还没有开始，不能填报")));
    }
    Ok(())
}
