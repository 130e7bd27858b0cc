//! Cases with what was asked and what was replied.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

pub use crate::storage::case::file::{
    HandlerName, LinkedCase, amend_first_reply, handlers, linked, people, replies,
};
pub use crate::storage::case::lists::{CachedDay, DeadlineLine, cache_day, cached_days, deadlines};
pub use crate::storage::case::new_case::NewCase;
pub use crate::storage::case::numbers::{next_number, numbers, numbers_of};
pub use crate::storage::case::renewal::{CachedPlace, MovableCase, cache_days, movable_closed, movable_open};
pub(in crate::storage) use crate::storage::case::rows::from_json;
use crate::storage::case::rows::{CaseRow, ReplyRow, RequestRow};

use crate::domain::case::{Case, NextDay};
use crate::domain::ids::{AgencyId, CaseId};
use crate::domain::request::Request;
use crate::storage::codes::Id;
use crate::storage::schema::{case_links, cases, replies, requests};
use crate::storage::{DbConnection, StorageError, insert_all, search};

/// Stores new cases with their requests and, where there are any, replies.
///
/// # Errors
/// [`StorageError::Conflict`] where a number is taken in its agency.
pub fn insert(conn: &mut DbConnection, new: &[NewCase]) -> Result<(), StorageError> {
    let mut case_rows = Vec::with_capacity(new.len());
    let mut request_rows = Vec::with_capacity(new.len());
    let mut reply_rows = Vec::new();
    for NewCase { case, request, next, registered_at } in new {
        case_rows.push(CaseRow::new(case, *next, *registered_at, *registered_at)?);
        request_rows.push(RequestRow::new(case.id, request));
        if let Some(reply) = &case.reply {
            reply_rows.push(ReplyRow::new(case.id, case.round, reply)?);
        }
    }
    insert_cases(conn, &case_rows)?;
    insert_requests(conn, &request_rows)?;
    insert_replies(conn, &reply_rows)?;
    search::index(conn, new)
}

fn insert_cases(conn: &mut DbConnection, rows: &[CaseRow]) -> Result<(), StorageError> {
    insert_all!(conn, cases::table, rows)
}

fn insert_requests(conn: &mut DbConnection, rows: &[RequestRow]) -> Result<(), StorageError> {
    insert_all!(conn, requests::table, rows)
}

fn insert_replies(conn: &mut DbConnection, rows: &[ReplyRow]) -> Result<(), StorageError> {
    insert_all!(conn, replies::table, rows)
}

/// Stores a changed case where nobody has changed it since it was read.
///
/// # Errors
/// [`StorageError::Stale`] where somebody has.
pub fn update(
    conn: &mut DbConnection,
    case: &Case,
    next: NextDay,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let (registered_at, received_on, applicant_name): (NaiveDateTime, NaiveDate, String) = cases::table
        .filter(cases::id.eq(Id(case.id)))
        .filter(cases::version.eq(case.version - 1))
        .select((cases::registered_at, cases::received_on, cases::applicant_name))
        .first(conn)
        .optional()?
        .ok_or(StorageError::Stale)?;
    let row = CaseRow::new(case, next, registered_at.and_utc(), now)?;
    let n_changed =
        diesel::update(cases::table.filter(cases::id.eq(row.id)).filter(cases::version.eq(case.version - 1)))
            .set(&row)
            .execute(conn)?;
    if n_changed == 0 {
        return Err(StorageError::Stale);
    }
    if received_on != case.received_on || applicant_name != case.applicant_name {
        search::index_again(conn, case.id)?;
    }
    if let Some(reply) = &case.reply {
        let row = ReplyRow::new(case.id, case.round, reply)?;
        let known =
            replies::table.filter(replies::case_id.eq(row.case_id)).filter(replies::round.eq(row.round));
        if diesel::update(known).set(&row).execute(conn)? == 0 {
            diesel::insert_into(replies::table).values(&row).execute(conn)?;
        }
    }
    Ok(())
}

/// Stores what was asked, where it was set right.
///
/// # Errors
/// [`StorageError::NotFound`] where there is no such case.
pub fn update_request(conn: &mut DbConnection, case: CaseId, request: &Request) -> Result<(), StorageError> {
    let row = RequestRow::new(case, request);
    match diesel::update(requests::table.filter(requests::case_id.eq(row.case_id))).set(&row).execute(conn)? {
        0 => Err(StorageError::NotFound),
        _ => search::index_again(conn, case),
    }
}

fn with_reply(conn: &mut DbConnection, row: CaseRow) -> Result<Case, StorageError> {
    let reply = replies::table
        .filter(replies::case_id.eq(row.id))
        .filter(replies::round.eq(row.round))
        .first(conn)
        .optional()?;
    row.case(reply)
}

/// The case with this identifier.
///
/// # Errors
/// [`StorageError::NotFound`] where there is none.
pub fn fetch(conn: &mut DbConnection, case: CaseId) -> Result<Case, StorageError> {
    let row: CaseRow =
        cases::table.filter(cases::id.eq(Id(case))).select(CaseRow::as_select()).first(conn)?;
    with_reply(conn, row)
}

/// Cases with what was asked in them, by identifier; those that do not exist are left out.
pub fn fetch_many(
    conn: &mut DbConnection,
    ids: &[CaseId],
) -> Result<BTreeMap<CaseId, (Case, Request)>, StorageError> {
    let ids: Vec<_> = ids.iter().copied().map(Id).collect();
    let mut result = BTreeMap::new();
    for ids in ids.chunks(1_000) {
        let case_rows: Vec<CaseRow> =
            cases::table.filter(cases::id.eq_any(ids)).select(CaseRow::as_select()).load(conn)?;
        let request_rows: Vec<RequestRow> =
            requests::table.filter(requests::case_id.eq_any(ids)).load(conn)?;
        let reply_rows: Vec<ReplyRow> = replies::table.filter(replies::case_id.eq_any(ids)).load(conn)?;
        let mut asked: BTreeMap<_, _> = request_rows.into_iter().map(|it| (it.case_id, it)).collect();
        let mut replied: BTreeMap<_, _> =
            reply_rows.into_iter().map(|it| ((it.case_id, it.round), it)).collect();
        for row in case_rows {
            let request = asked.remove(&row.id).ok_or(StorageError::NotFound)?.request();
            let reply = replied.remove(&(row.id, row.round));
            let case = row.case(reply)?;
            result.insert(case.id, (case, request));
        }
    }
    Ok(result)
}

/// The case with this number in this agency.
///
/// # Errors
/// [`StorageError::NotFound`] where there is none.
pub fn by_no(conn: &mut DbConnection, agency: AgencyId, case_no: &str) -> Result<Case, StorageError> {
    let row: CaseRow = cases::table
        .filter(cases::agency_id.eq(agency.0))
        .filter(cases::case_no.eq(case_no))
        .select(CaseRow::as_select())
        .first(conn)?;
    with_reply(conn, row)
}

/// What was asked in a case.
///
/// # Errors
/// [`StorageError::NotFound`] where there is no such case.
pub fn request(conn: &mut DbConnection, case: CaseId) -> Result<Request, StorageError> {
    let row: RequestRow = requests::table.filter(requests::case_id.eq(Id(case))).first(conn)?;
    Ok(row.request())
}

/// Links two cases, both ways.
///
/// # Errors
/// [`StorageError::Conflict`] where they are linked already.
pub fn link(conn: &mut DbConnection, one: CaseId, other: CaseId, reason: &str) -> Result<(), StorageError> {
    for (case, other) in [(one, other), (other, one)] {
        diesel::insert_into(case_links::table)
            .values((
                case_links::case_id.eq(Id(case)),
                case_links::other_id.eq(Id(other)),
                case_links::reason.eq(reason),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// The cases linked to a case: identifier, number and why.
pub fn links(conn: &mut DbConnection, case: CaseId) -> Result<Vec<(CaseId, String, String)>, StorageError> {
    let rows: Vec<(Id<CaseId>, String, String)> = case_links::table
        .inner_join(cases::table.on(cases::id.eq(case_links::other_id)))
        .filter(case_links::case_id.eq(Id(case)))
        .order(cases::case_no)
        .select((case_links::other_id, cases::case_no, case_links::reason))
        .load(conn)?;
    Ok(rows.into_iter().map(|(other, no, reason)| (other.0, no, reason)).collect())
}
