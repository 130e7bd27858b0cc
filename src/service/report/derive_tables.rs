//! The annual report: its tables. The cases behind each cell are in [`cell_lines`](crate::service::report::list_cell).

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use crate::domain::report::forms;
use crate::domain::report::forms::Form;
use crate::domain::report::statistics::checks::{check_stock, check_table3, check_table4};
use crate::domain::report::statistics::report::{Report, Rollup, Unit};
use crate::domain::report::statistics::tables::{CaseTally, RemedyTally, Table3, Table4};
use crate::domain::report::statistics::{Measure, Period, report};
use crate::service::{Caller, ServiceError, agency_and_scope};
use crate::storage::DbConnection;
use crate::storage::access::agencies;
use crate::storage::access::agencies::{Agency, Scope};
use crate::storage::report::figures;
use crate::storage::report::statistics;
use crate::storage::report::statistics::KnownCase;

/// Which report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportQuery {
    /// The code of the agency.
    pub agency: String,
    /// The year, from 2019.
    pub year: i32,
    /// Whether everything below the agency is summed too.
    pub rollup: bool,
    /// The figures as they stood at the end of this day; none for now.
    pub as_of: Option<NaiveDate>,
}

/// What a query comes to before anything is counted.
pub(in crate::service) struct Frame {
    pub agency: Agency,
    pub scope: Scope,
    pub form: &'static Form,
    pub period: Period,
}

pub(in crate::service) fn frame(
    conn: &mut DbConnection,
    caller: &Caller,
    query: &ReportQuery,
) -> Result<Frame, ServiceError> {
    let form = forms::form(query.year)?;
    let today = caller.today();
    if today.year() < query.year {
        return Err(ServiceError::refused(format!("{}年还没有开始，没有可统计的数据", query.year)));
    }
    if let Some(day) = query.as_of.filter(|it| today < *it) {
        return Err(ServiceError::refused(format!("截至日{day}还没有到")));
    }
    let period = match query.as_of {
        Some(day) => Period::as_of(query.year, day)?,
        None => Period::year(query.year),
    };
    let (agency, scope) = agency_and_scope(conn, &query.agency, query.rollup)?;
    Ok(Frame { agency, scope, form, period })
}

/// The report of an agency, or of it and everything below it.
///
/// Run inside [`crate::storage::Db::snapshot`], so that all figures are of one moment.
///
/// # Errors
/// A year without a form or still to come, a day before the year or still to come, an unknown agency.
pub fn annual_report(
    conn: &mut DbConnection,
    caller: &Caller,
    query: &ReportQuery,
) -> Result<Report, ServiceError> {
    let Frame { agency, scope, form, period } = frame(conn, caller, query)?;
    let (cases, remedies, with_cases) = match query.as_of {
        None => {
            let cases = statistics::case_tally(conn, &scope, period)?;
            let with_cases = match query.rollup {
                true => statistics::agencies_with_cases(conn, &scope, period)?,
                false => Vec::new(),
            };
            (cases, statistics::remedy_tally(conn, &scope, period)?, with_cases.into_iter().collect())
        }
        Some(day) => {
            let cases = statistics::cases_as_of(conn, &scope, day)?;
            let remedies = statistics::remedies_as_of(conn, &scope, day)?;
            let is_counted = |it: &&KnownCase| {
                [Measure::New, Measure::CarriedIn]
                    .iter()
                    .any(|measure| it.counted.is_counted(*measure, period))
            };
            let with_cases: BTreeSet<_> = cases.iter().filter(is_counted).map(|it| it.agency_id).collect();
            (
                CaseTally::of(cases.into_iter().map(|it| it.counted), period),
                RemedyTally::of(remedies.iter().map(|(_, facts)| facts), period),
                with_cases,
            )
        }
    };
    let (table3, table4) = (Table3::fill(form, &cases), Table4::fill(&remedies));
    let table2_of = |conn: &mut DbConnection, year| match query.as_of {
        None => figures::table2(conn, &scope, year, form),
        Some(day) => figures::table2_as_of(conn, &scope, year, form, day),
    };
    let table2 = table2_of(conn, query.year)?;
    let mut checks = check_table3(&table3);
    checks.extend(check_table4(&table4));
    if forms::form(query.year - 1) == Ok(form) {
        let last = table2_of(conn, query.year - 1)?;
        checks.extend(check_stock(&last, &table2, query.year));
    }
    let rollup = if query.rollup { Some(units(conn, &agency, &with_cases)?) } else { None };
    Ok(Report {
        agency: report::Unit { code: agency.code, name: agency.name },
        year: query.year,
        as_of: query.as_of,
        form,
        table2,
        table3,
        table4,
        checks,
        rollup,
    })
}

/// The units a roll-up sums, and those of them without a case in the period.
fn units(
    conn: &mut DbConnection,
    agency: &Agency,
    with_cases: &BTreeSet<i32>,
) -> Result<Rollup, ServiceError> {
    let units = agencies::subtree(conn, &agency.path)?;
    let n_units = units.len();
    let without_cases = units
        .into_iter()
        .filter(|it| !with_cases.contains(&it.id))
        .map(|it| Unit { code: it.code, name: it.name })
        .collect();
    Ok(Rollup { n_units, without_cases })
}
