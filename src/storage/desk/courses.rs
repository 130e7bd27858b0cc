//! What forecasts ask of past and open cases: bounded reads, each along one index.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::domain::ids::{AgencyId, DepartmentId, UserId};
use crate::domain::labels::Coded;
use crate::domain::response_clock::{ClockFacts, SuspendedBy};
use crate::domain::workflow::{Action, Status};
use crate::storage::case::cases::from_json;
use crate::storage::codes::{Code, Id};
use crate::storage::page::FirstRows;
use crate::storage::schema::{cases, journal, replies};
use crate::storage::{DbConnection, StorageError};

/// A case that ended with a reply.
#[derive(Debug, Clone, PartialEq)]
pub struct AnsweredCase {
    /// Its identifier.
    pub id: String,
    /// Its department.
    pub department: Option<DepartmentId>,
    /// Its handler.
    pub handler: Option<UserId>,
    /// The facts of its clock.
    pub clock: ClockFacts,
    /// The day the legal adviser agreed, as the reply has it.
    pub reviewed_on: Option<NaiveDate>,
    /// The day the head signed, as the reply has it.
    pub signed_on: Option<NaiveDate>,
}

/// The last replies of an agency since a day, at most `limit`, the latest first. Cases that were reopened
/// are left out: their clock is that of the later round.
pub fn answered(
    conn: &mut DbConnection,
    agency: AgencyId,
    since: NaiveDate,
    limit: i64,
) -> Result<Vec<AnsweredCase>, StorageError> {
    type Row = (String, Option<i32>, Option<Id<UserId>>, String, Option<NaiveDate>, Option<NaiveDate>);
    let of_round = replies::case_id.eq(cases::id).and(replies::round.eq(1));
    let query = cases::table
        .left_join(replies::table.on(of_round))
        .filter(cases::agency_id.eq(agency.0))
        .filter(cases::closed_on.assume_not_null().ge(since))
        .filter(cases::status.eq(Code(Status::Answered)))
        .filter(cases::round.eq(1))
        .order(cases::closed_on.desc())
        .select((
            cases::id,
            cases::department_id,
            cases::handler_id,
            cases::clock,
            replies::legal_reviewed_on.nullable(),
            replies::signed_off_on.nullable(),
        ));
    let rows: Vec<Row> = FirstRows::of(query, limit).load(conn)?;
    rows.into_iter()
        .map(|(id, department, handler, clock, reviewed_on, signed_on)| {
            Ok(AnsweredCase {
                id,
                department: department.map(DepartmentId),
                handler: handler.map(|it| it.0),
                clock: from_json("clock", &clock)?,
                reviewed_on,
                signed_on,
            })
        })
        .collect()
}

/// What forecasts look for in the journal.
const STEPS: [Action; 5] =
    [Action::SubmitDraft, Action::Agree, Action::AgreeWithChanges, Action::SignOff, Action::Reopen];

/// The steps of these cases that the journal keeps, in their order: what was done, and on which day.
pub fn steps(
    conn: &mut DbConnection,
    cases: &[String],
) -> Result<BTreeMap<String, Vec<(String, NaiveDate)>>, StorageError> {
    let mut found: BTreeMap<String, Vec<(String, NaiveDate)>> = BTreeMap::new();
    for ids in cases.chunks(500) {
        let rows: Vec<(String, String, NaiveDate)> = journal::table
            .filter(journal::subject_id.eq_any(ids))
            .filter(journal::action.eq_any(STEPS.map(Coded::code)))
            .order((journal::subject_id, journal::seq))
            .select((journal::subject_id, journal::action, journal::known_on))
            .load(conn)?;
        for (id, action, known_on) in rows {
            found.entry(id).or_default().push((action, known_on));
        }
    }
    Ok(found)
}

/// An open case whose period runs.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenCase {
    /// Its identifier.
    pub id: String,
    /// Its number.
    pub case_no: String,
    /// Where it stands.
    pub status: Status,
    /// Its department.
    pub department: Option<DepartmentId>,
    /// Its handler.
    pub handler: Option<UserId>,
    /// The facts of its clock.
    pub clock: ClockFacts,
    /// The day it is due.
    pub due_on: NaiveDate,
    /// Whether a notice still to come may move that day.
    pub due_provisional: bool,
}

/// The open cases of an agency that are due from one day to another, at most `limit`, the first due first.
pub fn due_between(
    conn: &mut DbConnection,
    agency: AgencyId,
    from: NaiveDate,
    through: NaiveDate,
    limit: i64,
) -> Result<Vec<OpenCase>, StorageError> {
    type Row = (String, String, Code<Status>, Option<i32>, Option<Id<UserId>>, String, NaiveDate, bool);
    let runs = cases::waiting_for.is_null().or(cases::waiting_for.eq(Code(SuspendedBy::Consultation)));
    let query = cases::table
        .filter(cases::agency_id.eq(agency.0))
        .filter(diesel::dsl::sql::<diesel::sql_types::Bool>("cases.is_open = TRUE"))
        .filter(cases::due_on.ge(from))
        .filter(cases::due_on.le(through))
        .filter(runs.assume_not_null())
        .filter(cases::status.ne(Code(Status::Received)))
        .order((cases::due_on, cases::id))
        .select((
            cases::id,
            cases::case_no,
            cases::status,
            cases::department_id,
            cases::handler_id,
            cases::clock,
            cases::due_on,
            cases::due_provisional,
        ));
    let rows: Vec<Row> = FirstRows::of(query, limit).load(conn)?;
    rows.into_iter()
        .map(|(id, case_no, status, department, handler, clock, due_on, due_provisional)| {
            Ok(OpenCase {
                id,
                case_no,
                status: status.0,
                department: department.map(DepartmentId),
                handler: handler.map(|it| it.0),
                clock: from_json("clock", &clock)?,
                due_on,
                due_provisional,
            })
        })
        .collect()
}

/// Open cases in one pair of hands, due on one day, waiting for the same: how many.
pub type OpenGroup = (Option<String>, NaiveDate, Option<Code<SuspendedBy>>, i64);

/// The open cases of an agency by handler, day and what they wait for.
pub fn open_by_handler(conn: &mut DbConnection, agency: AgencyId) -> Result<Vec<OpenGroup>, StorageError> {
    Ok(cases::table
        .filter(cases::agency_id.eq(agency.0))
        .filter(diesel::dsl::sql::<diesel::sql_types::Bool>("cases.is_open = TRUE"))
        // Every case is due after this. It leads SQLite to the index of open cases; without it, all cases of
        // the agency are walked.
        .filter(cases::due_on.gt(NaiveDate::default()))
        .group_by((cases::due_on, cases::waiting_for, cases::handler_id))
        .select((cases::handler_id, cases::due_on, cases::waiting_for, count_star()))
        .load(conn)?)
}

/// How many cases each handler of an agency has replied to since a day.
pub fn answered_by_handler(
    conn: &mut DbConnection,
    agency: AgencyId,
    since: NaiveDate,
) -> Result<Vec<(Option<String>, i64)>, StorageError> {
    Ok(cases::table
        .filter(cases::agency_id.eq(agency.0))
        .filter(cases::closed_on.assume_not_null().ge(since))
        .filter(cases::status.eq(Code(Status::Answered)))
        .group_by(cases::handler_id)
        .select((cases::handler_id, count_star()))
        .load(conn)?)
}

/// How many open cases have a provisional day on or after `from`, counted up to `limit`; of one agency, or
/// of all.
pub fn count_provisional(
    conn: &mut DbConnection,
    agencies: Option<&[AgencyId]>,
    from: NaiveDate,
    limit: i64,
) -> Result<i64, StorageError> {
    let mut query = cases::table
        .filter(diesel::dsl::sql::<diesel::sql_types::Bool>("cases.is_open = TRUE"))
        .filter(cases::due_on.ge(from))
        .filter(cases::due_provisional.eq(true))
        .select(cases::id)
        .limit(limit)
        .into_boxed();
    if let Some(agencies) = agencies {
        query = query.filter(cases::agency_id.eq_any(agencies.iter().map(|it| it.0).collect::<Vec<_>>()));
    }
    let found: Vec<String> = query.load(conn)?;
    Ok(i64::try_from(found.len()).unwrap_or(limit))
}
