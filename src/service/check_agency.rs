//! Checks an agency's records: the identities of its years, one year against the next, the journal
//! against the records, and the cached days.

use chrono::Datelike;

use crate::domain::case::next_day;
use crate::domain::forms::{self, CARRIED_IN, CARRIED_OUT};
use crate::domain::statistics::Period;
use crate::domain::statistics::checks::{Check, Severity, check_across_years};
use crate::domain::statistics::tables::{CaseTally, RemedyTally, Table3, Table4};
use crate::service::annual_report::{ReportQuery, annual_report};
use crate::service::{Actor, Rules, ServiceError, agency};
use crate::storage::agencies::Scope;
use crate::storage::{DbConnection, cases, statistics};

/// The checks of one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearChecks {
    /// The year.
    pub year: i32,
    /// Every identity, held or broken.
    pub checks: Vec<Check>,
}

/// Checks one year, or every year with a form from the agency's first case to this one.
///
/// # Errors
/// An unknown agency, or a year without a form or still to come.
pub fn check_agency(
    conn: &mut DbConnection,
    actor: &Actor,
    agency_code: &str,
    year: Option<i32>,
) -> Result<Vec<YearChecks>, ServiceError> {
    let agency = agency(conn, agency_code)?;
    let scope = Scope::Agency(agency.agency_id());
    let this_year = actor.today().year();
    let years = match year {
        Some(year) => year..=year,
        None => {
            let first = statistics::first_year(conn, &scope)?.unwrap_or(this_year).max(forms::FIRST_YEAR);
            first..=this_year
        }
    };
    let mut result = Vec::new();
    for year in years {
        let query = ReportQuery { agency: agency_code.to_owned(), year, rollup: false, as_of: None };
        let report = annual_report(conn, actor, &query)?;
        let mut checks = report.checks;
        if forms::form(year - 1).is_ok() {
            let before = annual_report(conn, actor, &ReportQuery { year: year - 1, ..query })?;
            checks.extend(check_across_years(
                year - 1,
                before.table3.row(CARRIED_OUT),
                report.table3.row(CARRIED_IN),
            ));
        }
        checks.push(journal_agrees(conn, actor, &scope, year, &report.table3, &report.table4)?);
        result.push(YearChecks { year, checks });
    }
    Ok(result)
}

/// That the journal, read as of today, yields the figures the records yield.
fn journal_agrees(
    conn: &mut DbConnection,
    actor: &Actor,
    scope: &Scope,
    year: i32,
    table3: &Table3,
    table4: &Table4,
) -> Result<Check, ServiceError> {
    let period = Period::year(year);
    let known = statistics::cases_as_of(conn, scope, actor.today())?;
    let tally = CaseTally::of(known.into_iter().map(|(_, counted)| counted), period);
    let cases_agree = Table3::fill(table3.form, &tally) == *table3;
    let known = statistics::remedies_as_of(conn, scope, actor.today())?;
    let remedies = RemedyTally::of(known.iter().map(|(_, facts)| facts), period);
    let holds = cases_agree && Table4::fill(&remedies) == *table4;
    let detail = if holds {
        "由办理日志得出的数字与案件记录一致"
    } else {
        "由办理日志得出的数字与案件记录不一致"
    };
    Ok(Check {
        code: "journal.agrees".to_owned(),
        holds,
        severity: Severity::Error,
        detail: detail.to_owned(),
    })
}

/// Renews the cached days of one agency's cases, or of all; returns how many were out of date.
///
/// # Errors
/// Where the database fails.
pub fn renew_cached_days(
    conn: &mut DbConnection,
    actor: &Actor,
    rules: &Rules,
    agency_code: Option<&str>,
) -> Result<usize, ServiceError> {
    const PAGE: i64 = 1_000;
    let agency = agency_code.map(|it| agency(conn, it)).transpose()?.map(|it| it.agency_id());
    let today = actor.today();
    let (mut n_renewed, mut after) = (0, String::new());
    loop {
        let page = cases::cached_days(conn, agency, &after, PAGE)?;
        let Some(last) = page.last() else { return Ok(n_renewed) };
        after.clone_from(&last.id);
        for cached in &page {
            let next = next_day(&cached.clock, &rules.calendar, &rules.clock, today);
            if next != cached.next {
                cases::cache_day(conn, &cached.id, next)?;
                n_renewed += 1;
            }
        }
    }
}
