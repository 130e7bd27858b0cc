//! The cases and proceedings behind a cell of the annual report.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::applicant::ApplicantKind;
use crate::domain::labels::Coded;
use crate::domain::remedy::RemedyFacts;
use crate::domain::report::forms::Row;
use crate::domain::report::statistics::CountedCase;
use crate::domain::report::statistics::placement::{Cell, remedy_reason};
use crate::domain::report::statistics::report::Unit;
use crate::service::report::derive_tables::{Frame, ReportQuery, frame};
use crate::service::{Caller, ServiceError};
use crate::storage::DbConnection;
use crate::storage::access::agencies;
use crate::storage::access::agencies::Scope;
use crate::storage::case::cases;
use crate::storage::remedy::remedies;
use crate::storage::report::statistics;
use crate::storage::report::statistics::{After, CellQuery};

/// A case or proceeding in a cell, with the reasons why it is there.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CellLine {
    /// The number of the case, or of the proceeding.
    pub case_no: String,
    /// The day of receipt, or of acceptance.
    pub received_on: NaiveDate,
    /// The day of closing, or of conclusion.
    pub closed_on: Option<NaiveDate>,
    /// The official label of the outcome, or of the result.
    pub outcome: Option<&'static str>,
    /// Why it is counted in this row, and in this column.
    pub reasons: Vec<String>,
    /// Its identifier, for links.
    #[serde(skip)]
    pub id: String,
    /// The agency whose it is. Not in the JSON, whose fields are fixed.
    #[serde(skip)]
    pub agency: Unit,
}

/// A line before its agency has a name.
struct Raw {
    agency_id: i32,
    id: String,
    case_no: String,
    received_on: NaiveDate,
    closed_on: Option<NaiveDate>,
    outcome: Option<&'static str>,
    reasons: Vec<String>,
}

/// The lines of a cell, at most `limit` after the one named by `after`: its day of receipt or acceptance,
/// and its identifier.
///
/// # Errors
/// Those of [`annual_report`](crate::service::report::derive_tables::annual_report), and a cell the form does not
/// have.
pub fn cell_lines(
    conn: &mut DbConnection,
    caller: &Caller,
    query: &ReportQuery,
    cell: &str,
    after: &After,
    limit: i64,
) -> Result<Vec<CellLine>, ServiceError> {
    let frame = frame(conn, caller, query)?;
    let cell = Cell::parse(cell, frame.form)?;
    let lines = match cell {
        Cell::Cases(row, kind) => case_lines(conn, &frame, (row, kind), query.as_of, after, limit)?,
        Cell::Remedies(..) => remedy_lines(conn, &frame, cell, query.as_of, after, limit)?,
    };
    name_agencies(conn, &frame, lines)
}

fn case_lines(
    conn: &mut DbConnection,
    frame: &Frame,
    (row, kind): (&'static Row, Option<ApplicantKind>),
    as_of: Option<NaiveDate>,
    after: &After,
    limit: i64,
) -> Result<Vec<Raw>, ServiceError> {
    let cell = Cell::Cases(row, kind);
    let line = |agency_id, id: String, case_no, counted: &CountedCase| Raw {
        agency_id,
        id,
        case_no,
        received_on: counted.received_on,
        closed_on: counted.closed_on(),
        outcome: counted.closed.map(|(_, outcome)| outcome.label()),
        reasons: cell.case_reasons(counted, frame.period),
    };
    let Some(day) = as_of else {
        let wanted = CellQuery { measure: row.fills.measure(), kind, outcomes: row.fills.outcomes() };
        let rows = statistics::cases_in_cell(conn, &frame.scope, frame.period, &wanted, after, limit)?;
        return Ok(rows.into_iter().map(|it| line(it.agency_id, it.id, it.case_no, &it.counted)).collect());
    };
    let mut known = statistics::cases_as_of(conn, &frame.scope, day)?;
    known.retain(|it| cell.holds_case(&it.counted, frame.period));
    let known = page(known, |it| (it.counted.received_on, it.id.as_str()), after, limit);
    let ids: Vec<_> = known.iter().map(|it| it.id.clone()).collect();
    let mut numbers = cases::numbers_of(conn, &ids)?;
    let line = |it: statistics::KnownCase| {
        let case_no = numbers.remove(&it.id).unwrap_or_default();
        line(it.agency_id, it.id, case_no, &it.counted)
    };
    Ok(known.into_iter().map(line).collect())
}

fn remedy_lines(
    conn: &mut DbConnection,
    frame: &Frame,
    cell: Cell,
    as_of: Option<NaiveDate>,
    after: &After,
    limit: i64,
) -> Result<Vec<Raw>, ServiceError> {
    let mut known: Option<BTreeMap<String, RemedyFacts>> = match as_of {
        Some(day) => Some(statistics::remedies_as_of(conn, &frame.scope, day)?.into_iter().collect()),
        None => None,
    };
    let mut found = Vec::new();
    for remedy in remedies::in_scope(conn, &frame.scope)? {
        let id = remedy.id.to_string();
        let facts = match &mut known {
            None => Some(remedy.facts),
            Some(known) => known.remove(&id),
        };
        if let Some(facts) = facts.filter(|it| cell.holds_remedy(it, frame.period)) {
            found.push((remedy.agency_id.0, id, remedy.remedy_no, facts));
        }
    }
    let found = page(found, |it| (it.3.accepted_on, it.1.as_str()), after, limit);
    let line = |(agency_id, id, case_no, facts): (i32, String, String, RemedyFacts)| Raw {
        agency_id,
        id,
        case_no,
        received_on: facts.accepted_on,
        closed_on: facts.concluded.map(|(day, _)| day),
        outcome: facts.concluded.map(|(_, result)| result.label()),
        reasons: vec![remedy_reason(&facts, frame.period)],
    };
    Ok(found.into_iter().map(line).collect())
}

/// The lines after a place, in their order, at most so many.
fn page<T>(mut lines: Vec<T>, place: impl Fn(&T) -> (NaiveDate, &str), after: &After, limit: i64) -> Vec<T> {
    if let Some((day, id)) = after {
        lines.retain(|it| (*day, id.as_str()) < place(it));
    }
    lines.sort_by(|a, b| place(a).cmp(&place(b)));
    lines.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    lines
}

fn name_agencies(
    conn: &mut DbConnection,
    frame: &Frame,
    lines: Vec<Raw>,
) -> Result<Vec<CellLine>, ServiceError> {
    let unit = |it: &agencies::Agency| Unit { code: it.code.clone(), name: it.name.clone() };
    let mut units = BTreeMap::from([(frame.agency.id, unit(&frame.agency))]);
    if matches!(frame.scope, Scope::Subtree(_)) {
        let ids: BTreeSet<i32> = lines.iter().map(|it| it.agency_id).collect();
        units.extend(agencies::by_ids(conn, &ids)?.iter().map(|(id, it)| (*id, unit(it))));
    }
    // Agencies are never deleted, so each has a name.
    let named = |it: Raw| CellLine {
        agency: units.get(&it.agency_id).cloned().unwrap_or_default(),
        case_no: it.case_no,
        received_on: it.received_on,
        closed_on: it.closed_on,
        outcome: it.outcome,
        reasons: it.reasons,
        id: it.id,
    };
    Ok(lines.into_iter().map(named).collect())
}
