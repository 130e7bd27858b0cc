//! The windows of the statistics as SQL: counts for the tables, and the rows behind a cell.
//!
//! What is counted is said once, in [`crate::domain::report::statistics::Measure::window`]; here a window only
//! becomes conditions.

mod known;
mod windows;

use chrono::{Datelike, NaiveDate};
use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::domain::applicant::ApplicantKind;
use crate::domain::outcome::Outcome;
use crate::domain::remedy::{Capacity, RemedyKind, RemedyResult};
use crate::domain::report::statistics::tables::{CaseTally, RemedyTally};
use crate::domain::report::statistics::{CountedCase, Days, Ending, Measure, Period, Window};
use crate::storage::access::agencies::Scope;
use crate::storage::codes::Code;
use crate::storage::page::{FirstRows, PlannedAnew};
use crate::storage::report::statistics::windows::{CaseCondition, case_conditions, remedy_conditions};
use crate::storage::schema::{cases, remedies};
use crate::storage::{DbConnection, StorageError};

pub use known::{KnownCase, cases_as_of, cases_now, remedies_as_of};

/// The window that every case is in.
const EVERYTHING: Window = Window { opened: Days { from: None, through: None }, ending: Ending::Any };

fn unsigned(n: i64) -> Result<u64, StorageError> {
    u64::try_from(n).map_err(|_| StorageError::Unreadable { what: "count", text: n.to_string() })
}

/// The counts behind table 3, of the cases as they stand now.
pub fn case_tally(conn: &mut DbConnection, scope: &Scope, period: Period) -> Result<CaseTally, StorageError> {
    let mut tally = CaseTally::default();
    for measure in Measure::ALL {
        for condition in case_conditions(conn, scope, measure.window(period))? {
            if measure == Measure::Closed {
                let counts: Vec<(Code<ApplicantKind>, Option<Code<Outcome>>, i64)> = cases::table
                    .filter(condition)
                    .group_by((cases::applicant_kind, cases::outcome))
                    .select((cases::applicant_kind, cases::outcome, count_star()))
                    .load(conn)?;
                for (kind, outcome, n) in counts {
                    tally.add(measure, kind.0, outcome.map(|it| it.0), unsigned(n)?);
                }
            } else {
                let counts: Vec<(Code<ApplicantKind>, i64)> = cases::table
                    .filter(condition)
                    .group_by(cases::applicant_kind)
                    .select((cases::applicant_kind, count_star()))
                    .load(conn)?;
                for (kind, n) in counts {
                    tally.add(measure, kind.0, None, unsigned(n)?);
                }
            }
        }
    }
    Ok(tally)
}

/// The counts behind table 4, of the proceedings as they stand now.
pub fn remedy_tally(
    conn: &mut DbConnection,
    scope: &Scope,
    period: Period,
) -> Result<RemedyTally, StorageError> {
    let mut tally = RemedyTally::default();
    for measure in [Measure::Closed, Measure::CarriedOut] {
        for condition in remedy_conditions(scope, measure.window(period)) {
            let counts: Vec<(Code<RemedyKind>, Option<Code<RemedyResult>>, i64)> = remedies::table
                .filter(condition)
                .filter(remedies::capacity.eq(Code(Capacity::ActingAgency)))
                .group_by((remedies::kind, remedies::result))
                .select((remedies::kind, remedies::result, count_star()))
                .load(conn)?;
            for (kind, result, n) in counts {
                let n = unsigned(n)?;
                match (measure, result.map(|it| it.0)) {
                    (Measure::Closed, Some(result)) => tally.add_concluded(kind.0, result, n),
                    // A proceeding that was in the end not accepted was never a case.
                    (_, Some(result)) if result.column().is_none() => {}
                    _ => tally.add_pending(kind.0, n),
                }
            }
        }
    }
    Ok(tally)
}

/// A case with the facts the tables are derived from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedRow {
    /// Its identifier.
    pub id: String,
    /// The agency's number.
    pub case_no: String,
    /// The agency.
    pub agency_id: i32,
    /// What is counted.
    pub counted: CountedCase,
}

/// How far a list of cases has been read: the day and identifier of the last one.
pub type After = Option<(NaiveDate, String)>;

type RawRow = (String, String, i32, Code<ApplicantKind>, NaiveDate, Option<NaiveDate>, Option<Code<Outcome>>);

/// Which cases to list.
#[derive(Debug, Clone)]
pub struct CellQuery {
    /// The measure behind the cell.
    pub measure: Measure,
    /// The column; none for all.
    pub kind: Option<ApplicantKind>,
    /// The outcomes of the row; none for any.
    pub outcomes: Option<Vec<Outcome>>,
}

/// The cases behind a cell of table 3, by day of receipt, at most `limit` of them after `after`.
pub fn cases_in_cell(
    conn: &mut DbConnection,
    scope: &Scope,
    period: Period,
    cell: &CellQuery,
    after: &After,
    limit: i64,
) -> Result<Vec<CountedRow>, StorageError> {
    if cell.outcomes.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Vec::new());
    }
    let mut window = cell.measure.window(period);
    if let Some((day, _)) = after {
        // One first day, not two: of two, SQLite may seek the earlier and read on to the later.
        window.opened.from = window.opened.from.max(Some(*day));
    }
    let mut rows = Vec::new();
    for condition in case_conditions(conn, scope, window)? {
        let mut query = cases::table
            .filter(condition)
            .order((cases::received_on, cases::id))
            .select((
                cases::id,
                cases::case_no,
                cases::agency_id,
                cases::applicant_kind,
                cases::received_on,
                cases::closed_on,
                cases::outcome,
            ))
            .into_boxed();
        if let Some(kind) = cell.kind {
            query = query.filter(cases::applicant_kind.eq(Code(kind)));
        }
        // Not `eq_any`, with which no statement would stay prepared.
        let is = |outcome: &Outcome| -> CaseCondition {
            Box::new(cases::outcome.assume_not_null().eq(Code(*outcome)))
        };
        let any = cell.outcomes.iter().flatten().map(is).reduce(|one, other| Box::new(one.or(other)));
        if let Some(any) = any {
            query = query.filter(any);
        }
        if let Some((day, id)) = after {
            query = query.filter(cases::received_on.gt(*day).or(cases::id.gt(id.clone())));
        }
        // All cases of a run of days are one range of an index, in order. Whatever picks some of them has a
        // plan that depends on how many it picks.
        let is_one_range = scope.is_everything() && cell.kind.is_none() && cell.outcomes.is_none();
        let found: Vec<RawRow> = match (scope, &*conn) {
            (Scope::Subtree(_), DbConnection::Postgres(_)) if is_one_range => {
                FirstRows::of(query, limit).load(conn)?
            }
            (Scope::Subtree(_), DbConnection::Postgres(_)) => PlannedAnew(query.limit(limit)).load(conn)?,
            _ => query.limit(limit).load(conn)?,
        };
        rows.extend(found.into_iter().map(counted_row));
    }
    rows.sort_by(|a, b| (a.counted.received_on, &a.id).cmp(&(b.counted.received_on, &b.id)));
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(rows)
}

fn counted_row((id, case_no, agency_id, kind, received_on, closed_on, outcome): RawRow) -> CountedRow {
    let closed = closed_on.zip(outcome.map(|it| it.0));
    CountedRow {
        id,
        case_no,
        agency_id,
        counted: CountedCase { applicant_kind: kind.0, received_on, closed },
    }
}

/// The agencies of a subtree with at least one case in the period: received, carried in or closed.
pub fn agencies_with_cases(
    conn: &mut DbConnection,
    scope: &Scope,
    period: Period,
) -> Result<Vec<i32>, StorageError> {
    let mut found = Vec::new();
    for measure in [Measure::New, Measure::CarriedIn] {
        for condition in case_conditions(conn, scope, measure.window(period))? {
            let ids: Vec<i32> =
                cases::table.filter(condition).select(cases::agency_id).distinct().load(conn)?;
            found.extend(ids);
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The year of the first case received.
pub fn first_year(conn: &mut DbConnection, scope: &Scope) -> Result<Option<i32>, StorageError> {
    let mut first: Option<NaiveDate> = None;
    for condition in case_conditions(conn, scope, EVERYTHING)? {
        let found: Option<NaiveDate> =
            cases::table.filter(condition).select(diesel::dsl::min(cases::received_on)).first(conn)?;
        first = [first, found].into_iter().flatten().min();
    }
    Ok(first.map(|it| it.year()))
}
