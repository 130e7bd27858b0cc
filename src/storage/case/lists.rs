//! Lists of cases by the day to act by, and the cache they read.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::domain::case::NextDay;
use crate::domain::ids::AgencyId;
use crate::domain::response_clock::{ClockFacts, SuspendedBy};
use crate::domain::workflow::Status;
use crate::storage::access::agencies::Scope;
use crate::storage::case::rows::from_json;
use crate::storage::codes::Code;
use crate::storage::page::FirstRows;
use crate::storage::schema::{agencies, cases};
use crate::storage::{DbConnection, StorageError};

/// A line of a deadline list.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct DeadlineLine {
    /// The identifier of the case.
    pub id: String,
    /// Its number.
    pub case_no: String,
    /// The agency.
    pub agency_id: i32,
    /// Where it stands.
    pub status: Code<Status>,
    /// The applicant.
    pub applicant_name: String,
    /// The day of receipt.
    pub received_on: NaiveDate,
    /// The day to act by.
    pub due_on: NaiveDate,
    /// Whether that day is provisional.
    pub due_provisional: bool,
    /// What is awaited.
    pub waiting_for: Option<Code<SuspendedBy>>,
}

/// One page of the open cases by the day to act by: at most `limit` after `after`, the day and
/// identifier of the last line of the page before.
pub fn deadlines(
    conn: &mut DbConnection,
    scope: &Scope,
    after: Option<(NaiveDate, &str)>,
    limit: i64,
) -> Result<Vec<DeadlineLine>, StorageError> {
    let mut query = cases::table
        // The column alone: the indexes of open cases say the same, and a bound value would not show it.
        .filter(cases::is_open)
        .order((cases::due_on, cases::id))
        .select((
            cases::id,
            cases::case_no,
            cases::agency_id,
            cases::status,
            cases::applicant_name,
            cases::received_on,
            cases::due_on,
            cases::due_provisional,
            cases::waiting_for,
        ))
        .into_boxed();
    match scope {
        Scope::Agency(agency) => query = query.filter(cases::agency_id.eq(agency.0)),
        scope if scope.is_everything() => {}
        Scope::Subtree(path) => {
            let below = agencies::table.filter(agencies::path.like(format!("{path}%")));
            query = query.filter(cases::agency_id.eq_any(below.select(agencies::id)));
        }
    }
    if let Some((day, id)) = after {
        // Not `day > x OR (day = x AND id > y)`: PostgreSQL walks no index for that.
        query =
            query.filter(cases::due_on.ge(day)).filter(cases::due_on.gt(day).or(cases::id.gt(id.to_owned())));
    }
    Ok(FirstRows::of(query, limit).load(conn)?)
}

/// What a list caches of a case, with the facts it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct CachedDay {
    /// The identifier of the case.
    pub id: String,
    /// Its number.
    pub case_no: String,
    /// The facts.
    pub clock: ClockFacts,
    /// What is cached.
    pub next: NextDay,
}

/// What is cached of cases, or of those that are open, a page at a time, by identifier.
pub fn cached_days(
    conn: &mut DbConnection,
    agency: Option<AgencyId>,
    only_open: bool,
    after: &str,
    limit: i64,
) -> Result<Vec<CachedDay>, StorageError> {
    type Row = (String, String, String, NaiveDate, bool, Option<Code<SuspendedBy>>);
    let mut query = cases::table
        .filter(cases::id.gt(after.to_owned()))
        .order(cases::id)
        .limit(limit)
        .select((
            cases::id,
            cases::case_no,
            cases::clock,
            cases::due_on,
            cases::due_provisional,
            cases::waiting_for,
        ))
        .into_boxed();
    if let Some(agency) = agency {
        query = query.filter(cases::agency_id.eq(agency.0));
    }
    if only_open {
        query = query.filter(diesel::dsl::sql::<diesel::sql_types::Bool>("cases.is_open = TRUE"));
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter()
        .map(|(id, case_no, clock, on, provisional, waiting_for)| {
            let next = NextDay { on, provisional, waiting_for: waiting_for.map(|it| it.0) };
            Ok(CachedDay { id, case_no, clock: from_json("clock", &clock)?, next })
        })
        .collect()
}

/// Renews what is cached of a case. No fact changes, so neither does its version.
pub fn cache_day(conn: &mut DbConnection, case: &str, next: NextDay) -> Result<(), StorageError> {
    diesel::update(cases::table.filter(cases::id.eq(case)))
        .set((
            cases::due_on.eq(next.on),
            cases::due_provisional.eq(next.provisional),
            cases::waiting_for.eq(next.waiting_for.map(Code)),
        ))
        .execute(conn)?;
    Ok(())
}
