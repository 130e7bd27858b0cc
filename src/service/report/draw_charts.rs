//! The figures behind the charts of a year.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use crate::domain::ids::AgencyId;
use crate::domain::report::forms::Fill;
use crate::domain::report::statistics::Period;
use crate::domain::report::statistics::report::Report;
use crate::service::report::derive_tables::ReportQuery;
use crate::service::{Rules, ServiceError, agency_and_scope};
use crate::storage::DbConnection;
use crate::storage::access::agencies;
use crate::storage::report::charts;

/// Working days from receipt to closing, as the bars of the chart group them: label, first, last.
const SPANS: &[(&str, u32, u32)] = &[
    ("5 日以内", 0, 5),
    ("6–10 日", 6, 10),
    ("11–15 日", 11, 15),
    ("16–20 日", 16, 20),
    ("21–40 日", 21, 40),
    ("40 日以上", 41, u32::MAX),
];

/// A department in a year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DepartmentYear {
    /// Its name.
    pub name: String,
    /// Received.
    pub received: u64,
    /// Closed.
    pub closed: u64,
    /// Replied to.
    pub replied: u64,
    /// Replied to after the due date.
    pub late: u64,
}

/// A group of outcomes in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeGroup {
    /// Its heading in table 3.
    pub label: &'static str,
    /// The number of cases.
    pub n: u64,
    /// The rows it sums, by code.
    pub rows: Vec<&'static str>,
}

/// The figures of all charts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Charts {
    /// Received per month.
    pub received: [u64; 12],
    /// Closed per month.
    pub closed: [u64; 12],
    /// Replied to per month.
    pub replied: [u64; 12],
    /// Of these, after the due date.
    pub late: [u64; 12],
    /// By outcome, in the order of the form.
    pub outcomes: Vec<OutcomeGroup>,
    /// By working days from receipt to closing.
    pub spans: Vec<(&'static str, u64)>,
    /// By department; empty for a roll-up.
    pub departments: Vec<DepartmentYear>,
}

/// Counts what the charts of a year show, of the records as they stand now.
///
/// # Errors
/// An unknown agency, or a day before the year.
pub fn charts(
    conn: &mut DbConnection,
    rules: &Rules,
    query: &ReportQuery,
    report: &Report,
) -> Result<Charts, ServiceError> {
    let period = match query.as_of {
        Some(day) => Period::as_of(query.year, day)?,
        None => Period::year(query.year),
    };
    let (agency, scope) = agency_and_scope(conn, &query.agency, query.rollup)?;
    let mut result = Charts { outcomes: outcomes(report), ..Charts::default() };
    let mut departments: BTreeMap<Option<i32>, DepartmentYear> = BTreeMap::new();
    for (department, day, n) in charts::received(conn, &scope, period)? {
        let n = unsigned(n);
        *month(&mut result.received, day) += n;
        departments.entry(department).or_default().received += n;
    }
    let mut spans = vec![0; SPANS.len()];
    for (department, received_on, closed_on, n) in charts::closed(conn, &scope, period)? {
        let (Some(closed_on), n) = (closed_on, unsigned(n)) else { continue };
        *month(&mut result.closed, closed_on) += n;
        departments.entry(department).or_default().closed += n;
        let days = rules.calendar.working_days_between(received_on, closed_on);
        for (sum, (_, first, last)) in spans.iter_mut().zip(SPANS) {
            if (*first..=*last).contains(&days) {
                *sum += n;
            }
        }
    }
    for (department, day, n) in charts::replied(conn, &scope, period, false)? {
        let Some(day) = day else { continue };
        *month(&mut result.replied, day) += unsigned(n);
        departments.entry(department).or_default().replied += unsigned(n);
    }
    for (department, day, n) in charts::replied(conn, &scope, period, true)? {
        let Some(day) = day else { continue };
        *month(&mut result.late, day) += unsigned(n);
        departments.entry(department).or_default().late += unsigned(n);
    }
    result.spans = SPANS.iter().map(|(label, _, _)| *label).zip(spans).collect();
    if !query.rollup {
        result.departments = named(conn, agency.agency_id(), departments)?;
    }
    Ok(result)
}

fn named(
    conn: &mut DbConnection,
    agency: AgencyId,
    mut found: BTreeMap<Option<i32>, DepartmentYear>,
) -> Result<Vec<DepartmentYear>, ServiceError> {
    let none = found.remove(&None);
    let mut result = Vec::new();
    for (id, name) in agencies::departments(conn, agency)? {
        if let Some(it) = found.remove(&Some(id.0)) {
            result.push(DepartmentYear { name, ..it });
        }
    }
    result.sort_by(|a, b| b.received.cmp(&a.received).then_with(|| a.name.cmp(&b.name)));
    result.extend(none.map(|it| DepartmentYear { name: "未派办".to_owned(), ..it }));
    Ok(result)
}

/// The closed cases of table 3 by the headings of its second column.
fn outcomes(report: &Report) -> Vec<OutcomeGroup> {
    let mut groups: Vec<OutcomeGroup> = Vec::new();
    for (row, line) in report.table3.rows() {
        if !matches!(row.fills, Fill::Closed(_)) {
            continue;
        }
        let label = row.heading();
        let n = line.last().copied().unwrap_or(0);
        match groups.last_mut().filter(|it| it.label == label) {
            Some(group) => {
                group.n += n;
                group.rows.push(row.code);
            }
            None => groups.push(OutcomeGroup { label, n, rows: vec![row.code] }),
        }
    }
    groups
}

fn month(months: &mut [u64; 12], day: NaiveDate) -> &mut u64 {
    let index = usize::try_from(day.month0()).unwrap_or(0);
    &mut months[index.min(11)]
}

fn unsigned(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}
