//! Checks an agency's records: the identities of its years, one year against the next, the journal
//! against the records, and the cached days.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use crate::domain::case::next_day;
use crate::domain::ids::AgencyId;
use crate::domain::remedy::Capacity;
use crate::domain::report::forms;
use crate::domain::report::forms::{CARRIED_IN, CARRIED_OUT};
use crate::domain::report::statistics::checks::{Check, Severity, check_across_years};
use crate::domain::report::statistics::{Measure, Period};
use crate::service::report::derive_tables::{ReportQuery, annual_report};
use crate::service::{Caller, Rules, ServiceError, agency};
use crate::storage::DbConnection;
use crate::storage::access::agencies::Scope;
use crate::storage::case::cases;
use crate::storage::remedy::remedies;
use crate::storage::report::statistics;

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
    caller: &Caller,
    agency_code: &str,
    year: Option<i32>,
) -> Result<Vec<YearChecks>, ServiceError> {
    let agency = agency(conn, agency_code)?;
    let scope = Scope::Agency(agency.agency_id());
    let this_year = caller.today().year();
    let years = match year {
        Some(year) => year..=year,
        None => {
            let first = statistics::first_year(conn, &scope)?.unwrap_or(this_year).max(forms::FIRST_YEAR);
            first..=this_year
        }
    };
    let differences = differences(conn, caller, &scope)?;
    let mut result = Vec::new();
    for year in years {
        let query = ReportQuery { agency: agency_code.to_owned(), year, rollup: false, as_of: None };
        let report = annual_report(conn, caller, &query)?;
        let mut checks = report.checks;
        if forms::form(year - 1).is_ok() {
            let before = annual_report(conn, caller, &ReportQuery { year: year - 1, ..query })?;
            checks.extend(check_across_years(
                year - 1,
                before.table3.row(CARRIED_OUT),
                report.table3.row(CARRIED_IN),
            ));
        }
        checks.push(journal_agrees(&differences, year));
        result.push(YearChecks { year, checks });
    }
    Ok(result)
}

/// A case or proceeding of which the records say one thing and the journal another.
struct Difference {
    /// Its number; none where there is no record of it any more.
    number: Option<String>,
    /// Its first and last day, on either side that has it.
    days: Vec<(NaiveDate, Option<NaiveDate>)>,
}

impl Difference {
    /// Whether either side counts it in the year.
    fn concerns(&self, year: i32) -> bool {
        let windows = Measure::ALL.map(|it| it.window(Period::year(year)));
        self.days.iter().any(|(from, to)| windows.iter().any(|it| it.contains(*from, *to)))
    }
}

/// Where the journal, read as of today, does not say what the records say. Compared one by one: two
/// changes that make up for each other leave every figure as it was.
fn differences(
    conn: &mut DbConnection,
    caller: &Caller,
    scope: &Scope,
) -> Result<Vec<Difference>, ServiceError> {
    let now = statistics::cases_now(conn, scope)?.into_iter().map(|it| (it.id, it.counted));
    let known = statistics::cases_as_of(conn, scope, caller.today())?;
    let unequal = unequal_sides(now, known.into_iter().map(|it| (it.id, it.counted)));
    let ids: Vec<_> = unequal.keys().cloned().collect();
    let numbers = cases::numbers_of(conn, &ids)?;
    let mut found: Vec<_> = unequal
        .into_iter()
        .map(|(id, sides)| Difference {
            number: numbers.get(&id).cloned(),
            days: sides.into_iter().flatten().map(|it| (it.received_on, it.closed_on())).collect(),
        })
        .collect();

    let records = remedies::in_scope(conn, scope)?;
    let numbers: BTreeMap<_, _> =
        records.iter().map(|it| (it.id.to_string(), it.remedy_no.clone())).collect();
    let counted = records.into_iter().filter(|it| it.facts.capacity == Capacity::ActingAgency);
    let now = counted.map(|it| (it.id.to_string(), it.facts));
    let unequal = unequal_sides(now, statistics::remedies_as_of(conn, scope, caller.today())?);
    found.extend(
        unequal.into_iter().map(|(id, sides)| Difference {
            number: numbers.get(&id).cloned(),
            days: sides
                .into_iter()
                .flatten()
                .map(|it| (it.accepted_on, it.concluded.map(|(day, _)| day)))
                .collect(),
        }),
    );
    Ok(found)
}

/// What is not the same on both sides, by identifier: as the records have it, and as the journal does.
fn unequal_sides<T: PartialEq>(
    records: impl IntoIterator<Item = (String, T)>,
    journal: impl IntoIterator<Item = (String, T)>,
) -> BTreeMap<String, [Option<T>; 2]> {
    let mut both: BTreeMap<_, _> = records.into_iter().map(|(id, it)| (id, [Some(it), None])).collect();
    for (id, it) in journal {
        both.entry(id).or_insert([None, None])[1] = Some(it);
    }
    both.retain(|_, [record, known]| record != known);
    both
}

/// That the journal says of each case and proceeding of the year what the records say.
fn journal_agrees(differences: &[Difference], year: i32) -> Check {
    /// More are counted, not named.
    const NAMED: usize = 10;
    let of_year: Vec<_> = differences.iter().filter(|it| it.concerns(year)).collect();
    let names: Vec<_> = of_year.iter().filter_map(|it| it.number.as_deref()).take(NAMED).collect();
    let detail = match (of_year.len(), &names[..]) {
        (0, _) => "由办理日志得出的数字与案件记录一致".to_owned(),
        (n, []) => format!("办理日志与案件记录不一致，共{n}件，已不在记录中"),
        (n, names) => format!("办理日志与案件记录不一致，共{n}件：{}", names.join("、")),
    };
    Check { code: "journal.agrees".to_owned(), holds: of_year.is_empty(), severity: Severity::Error, detail }
}

/// Renews the cached days of one agency's cases; returns how many were out of date.
///
/// # Errors
/// An unknown agency, or a failure of the database.
pub fn renew_cached_days(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
    agency_code: &str,
) -> Result<usize, ServiceError> {
    let agency = agency(conn, agency_code)?.agency_id();
    renew(conn, caller, rules, Some(agency), false)
}

/// Renews the cached days of every open case; returns how many were out of date.
pub fn renew_open_days(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
) -> Result<usize, ServiceError> {
    renew(conn, caller, rules, None, true)
}

fn renew(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
    agency: Option<AgencyId>,
    only_open: bool,
) -> Result<usize, ServiceError> {
    const PAGE: i64 = 1_000;
    let today = caller.today();
    let (mut n_renewed, mut after) = (0, String::new());
    loop {
        let page = cases::cached_days(conn, agency, only_open, &after, PAGE)?;
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
