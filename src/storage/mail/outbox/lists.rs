//! What people see of the outbox, and what they change in it.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use crate::domain::ids::{CaseId, UserId};
use crate::domain::labels::Coded;
use crate::domain::mail::{MailKind, MailState};
use crate::storage::codes::{Code, Id};
use crate::storage::schema::{agencies, cases, outbox};
use crate::storage::{DbConnection, StorageError};

/// A message as a list shows it: without its text, which may hold what the reader must not see.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct MessageLine {
    /// Its identifier.
    pub id: String,
    /// The agency that writes.
    pub agency_id: i32,
    /// What it tells.
    pub kind: Code<MailKind>,
    /// The account it is for; none where it is for an applicant.
    pub account_id: Option<Id<UserId>>,
    /// The case it is about.
    pub case_id: Option<Id<CaseId>>,
    /// The number of that case.
    pub case_no: Option<String>,
    /// Whom it is for.
    pub recipient_name: String,
    /// Where it goes.
    pub address: String,
    /// Whether a letter goes with it: its identifier.
    pub letter_id: Option<String>,
    /// The same in every attempt; none before the first.
    pub message_id: Option<String>,
    /// Where it stands.
    pub state: Code<MailState>,
    /// How often it was tried.
    pub attempts: i32,
    /// When it is tried next, UTC.
    pub next_attempt_at: NaiveDateTime,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When it was written, UTC.
    pub written_at: NaiveDateTime,
    /// When the server took it, UTC.
    pub sent_at: Option<NaiveDateTime>,
}

/// Which messages are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of the agency with this path and of everything below it.
    pub path: String,
    /// In this state.
    pub state: Option<MailState>,
    /// Of this kind.
    pub kind: Option<MailKind>,
    /// Written before this one.
    pub before: Option<String>,
}

macro_rules! lines {
    () => {
        outbox::table.left_join(cases::table.on(cases::id.nullable().eq(outbox::case_id)))
    };
}

type LineColumns = (
    outbox::id,
    outbox::agency_id,
    outbox::kind,
    outbox::account_id,
    outbox::case_id,
    diesel::dsl::Nullable<cases::case_no>,
    outbox::recipient_name,
    outbox::address,
    outbox::letter_id,
    outbox::message_id,
    outbox::state,
    outbox::attempts,
    outbox::next_attempt_at,
    outbox::last_error,
    outbox::written_at,
    outbox::sent_at,
);

fn columns() -> LineColumns {
    (
        outbox::id,
        outbox::agency_id,
        outbox::kind,
        outbox::account_id,
        outbox::case_id,
        cases::case_no.nullable(),
        outbox::recipient_name,
        outbox::address,
        outbox::letter_id,
        outbox::message_id,
        outbox::state,
        outbox::attempts,
        outbox::next_attempt_at,
        outbox::last_error,
        outbox::written_at,
        outbox::sent_at,
    )
}

/// The messages wanted, the latest first.
pub fn list(conn: &mut DbConnection, wanted: &Wanted, limit: i64) -> Result<Vec<MessageLine>, StorageError> {
    // Plain conditions that hold for everything stand in for those not asked for: a boxed query with
    // optional ones has no type on the connection over two databases.
    let of_path = agencies::table.filter(agencies::path.like(format!("{}%", wanted.path)));
    let (states, kinds) = (all_or(wanted.state), all_or(wanted.kind));
    // Greater than every identifier, in the order of any language.
    let before = wanted.before.clone().unwrap_or_else(|| "g".to_owned());
    Ok(lines!()
        .filter(outbox::agency_id.eq_any(of_path.select(agencies::id)))
        .filter(outbox::state.eq_any(states))
        .filter(outbox::kind.eq_any(kinds))
        .filter(outbox::id.lt(before))
        .order(outbox::id.desc())
        .select(columns())
        .limit(limit)
        .load(conn)?)
}

/// All values of a set, or the one that is asked for.
fn all_or<T: Coded + std::fmt::Debug>(one: Option<T>) -> Vec<Code<T>> {
    one.map_or_else(|| T::ALL.iter().copied().map(Code).collect(), |it| vec![Code(it)])
}

/// How many messages there are in each state, of the agency with this path and of everything below it.
pub fn count_by_state(conn: &mut DbConnection, path: &str) -> Result<Vec<(MailState, i64)>, StorageError> {
    let of_path = agencies::table.filter(agencies::path.like(format!("{path}%")));
    let rows: Vec<(Code<MailState>, i64)> = outbox::table
        .filter(outbox::agency_id.eq_any(of_path.select(agencies::id)))
        .group_by(outbox::state)
        .select((outbox::state, diesel::dsl::count_star()))
        .load(conn)?;
    Ok(rows.into_iter().map(|(state, n)| (state.0, n)).collect())
}

/// The messages to the applicant of a case, in the order they were written.
pub fn to_applicant(conn: &mut DbConnection, case: CaseId) -> Result<Vec<MessageLine>, StorageError> {
    Ok(lines!()
        .filter(outbox::case_id.eq(Id(case)))
        .filter(outbox::account_id.is_null())
        .order(outbox::id)
        .select(columns())
        .load(conn)?)
}

/// A message.
///
/// # Errors
/// [`StorageError::NotFound`] where there is none.
pub fn fetch(conn: &mut DbConnection, id: &str) -> Result<MessageLine, StorageError> {
    Ok(lines!().filter(outbox::id.eq(id)).select(columns()).first(conn)?)
}

/// The subject and text of a message.
///
/// # Errors
/// [`StorageError::NotFound`] where there is none.
pub fn text_of(conn: &mut DbConnection, id: &str) -> Result<(String, String), StorageError> {
    Ok(outbox::table.filter(outbox::id.eq(id)).select((outbox::subject, outbox::body)).first(conn)?)
}

/// Lets a message that failed or was held be sent now. Returns whether it was such a one.
pub fn resend(conn: &mut DbConnection, id: &str, now: DateTime<Utc>) -> Result<bool, StorageError> {
    let known = outbox::table
        .filter(outbox::id.eq(id))
        .filter(outbox::state.eq_any([MailState::Failed, MailState::Held, MailState::Waiting].map(Code)));
    let n_changed = diesel::update(known)
        .set((
            outbox::state.eq(Code(MailState::Waiting)),
            outbox::next_attempt_at.eq(now.naive_utc()),
            // Who asks for it finds it useful.
            outbox::useful_until.eq(None::<NaiveDateTime>),
        ))
        .execute(conn)?;
    Ok(0 < n_changed)
}

/// Keeps a message back that waits or failed. Returns whether it was such a one.
pub fn hold(conn: &mut DbConnection, id: &str) -> Result<bool, StorageError> {
    let known = outbox::table
        .filter(outbox::id.eq(id))
        .filter(outbox::state.eq_any([MailState::Failed, MailState::Waiting].map(Code)));
    let n_changed = diesel::update(known).set(outbox::state.eq(Code(MailState::Held))).execute(conn)?;
    Ok(0 < n_changed)
}

/// Directs one message that has not been sent to another address.
pub fn readdress(conn: &mut DbConnection, id: &str, address: &str) -> Result<(), StorageError> {
    let unsent = outbox::table
        .filter(outbox::id.eq(id))
        .filter(outbox::state.eq_any([MailState::Waiting, MailState::Failed, MailState::Held].map(Code)));
    diesel::update(unsent).set(outbox::address.eq(address)).execute(conn)?;
    Ok(())
}

/// Directs what has not been sent yet to another address.
pub fn redirect(conn: &mut DbConnection, account: UserId, address: &str) -> Result<(), StorageError> {
    let unsent = outbox::table
        .filter(outbox::account_id.eq(Id(account)))
        .filter(outbox::state.eq_any([MailState::Waiting, MailState::Failed, MailState::Held].map(Code)));
    diesel::update(unsent).set(outbox::address.eq(address)).execute(conn)?;
    Ok(())
}
