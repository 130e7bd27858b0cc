//! What the sender does with messages: claims one, and notes what came of it.
//!
//! A claim ends by itself: where a process dies, another takes the message up again when the claim has
//! lapsed. Whoever comes too late with a result has lost the claim, and notes nothing.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use crate::domain::ids::{AgencyId, CaseId, UserId};
use crate::domain::mail::{MailKind, MailState};
use crate::storage::codes::{Code, Id};
use crate::storage::schema::outbox;
use crate::storage::{DbConnection, StorageError};

/// A message that this process has claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Its identifier.
    pub id: String,
    /// The agency that writes.
    pub agency: AgencyId,
    /// What it tells.
    pub kind: MailKind,
    /// Whether it is for an account; else it is for an applicant.
    pub is_for_staff: bool,
    /// The case it is about.
    pub case: Option<CaseId>,
    /// Whom it is for.
    pub recipient_name: String,
    /// Where it goes.
    pub address: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
    /// The issued letter that goes with it.
    pub letter: Option<String>,
    /// The same in every attempt.
    pub message_id: String,
    /// Attempts that have failed.
    pub attempts: u32,
    /// When it was written.
    pub written_at: DateTime<Utc>,
}

#[derive(Queryable)]
struct ClaimedRow {
    id: String,
    agency_id: i32,
    kind: Code<MailKind>,
    account_id: Option<Id<UserId>>,
    case_id: Option<Id<CaseId>>,
    recipient_name: String,
    address: String,
    subject: String,
    body: String,
    letter_id: Option<String>,
    message_id: Option<String>,
    attempts: i32,
    written_at: NaiveDateTime,
}

/// Keeps back what tells nothing any more. Returns how many there were.
pub fn hold_outdated(conn: &mut DbConnection, now: DateTime<Utc>) -> Result<usize, StorageError> {
    let outdated = outbox::table
        .filter(outbox::state.eq(Code(MailState::Waiting)))
        .filter(outbox::useful_until.lt(now.naive_utc()));
    Ok(diesel::update(outdated)
        .set((outbox::state.eq(Code(MailState::Held)), outbox::last_error.eq(OUTDATED)))
        .execute(conn)?)
}

/// Why a message is held that tells nothing any more.
const OUTDATED: &str = "没有及时发出，内容已经过时，不再发送";

/// Whether there is a message to send.
pub fn has_due(conn: &mut DbConnection, now: DateTime<Utc>) -> Result<bool, StorageError> {
    let now = now.naive_utc();
    let waiting: Option<String> = outbox::table
        .filter(outbox::state.eq(Code(MailState::Waiting)))
        .filter(outbox::next_attempt_at.le(now))
        .select(outbox::id)
        .first(conn)
        .optional()?;
    if waiting.is_some() {
        return Ok(true);
    }
    let lapsed: Option<String> = outbox::table
        .filter(outbox::state.eq(Code(MailState::Sending)))
        .filter(outbox::claimed_until.le(now))
        .select(outbox::id)
        .first(conn)
        .optional()?;
    Ok(lapsed.is_some())
}

/// Claims the message that has waited longest, until an instant; `host` is the part of the message's
/// identifier after the `@`. None where nothing is to be sent.
pub fn claim_next(
    conn: &mut DbConnection,
    holder: &str,
    host: &str,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Option<Claimed>, StorageError> {
    let now = now.naive_utc();
    let sending = Code(MailState::Sending);
    loop {
        // What a process left behind comes first: it may have been sent already.
        let lapsed: Option<String> = outbox::table
            .filter(outbox::state.eq(sending))
            .filter(outbox::claimed_until.le(now))
            .order((outbox::claimed_until, outbox::id))
            .select(outbox::id)
            .first(conn)
            .optional()?;
        let (id, n_claimed) = if let Some(id) = lapsed {
            let known = outbox::table
                .filter(outbox::id.eq(&id))
                .filter(outbox::state.eq(sending))
                .filter(outbox::claimed_until.le(now));
            let claim = (outbox::claimed_by.eq(holder), outbox::claimed_until.eq(until.naive_utc()));
            let n_claimed = diesel::update(known).set(claim).execute(conn)?;
            (id, n_claimed)
        } else {
            let waiting: Option<String> = outbox::table
                .filter(outbox::state.eq(Code(MailState::Waiting)))
                .filter(outbox::next_attempt_at.le(now))
                .order((outbox::next_attempt_at, outbox::id))
                .select(outbox::id)
                .first(conn)
                .optional()?;
            let Some(id) = waiting else { return Ok(None) };
            let known =
                outbox::table.filter(outbox::id.eq(&id)).filter(outbox::state.eq(Code(MailState::Waiting)));
            let claim = (
                outbox::state.eq(sending),
                outbox::claimed_by.eq(holder),
                outbox::claimed_until.eq(until.naive_utc()),
            );
            let n_claimed = diesel::update(known).set(claim).execute(conn)?;
            (id, n_claimed)
        };
        // Another process was faster.
        if n_claimed == 0 {
            continue;
        }
        let unnamed = outbox::table.filter(outbox::id.eq(&id)).filter(outbox::message_id.is_null());
        diesel::update(unnamed).set(outbox::message_id.eq(format!("<{id}@{host}>"))).execute(conn)?;
        return Ok(Some(claimed(conn, &id)?));
    }
}

fn claimed(conn: &mut DbConnection, id: &str) -> Result<Claimed, StorageError> {
    let row: ClaimedRow = outbox::table
        .filter(outbox::id.eq(id))
        .select((
            outbox::id,
            outbox::agency_id,
            outbox::kind,
            outbox::account_id,
            outbox::case_id,
            outbox::recipient_name,
            outbox::address,
            outbox::subject,
            outbox::body,
            outbox::letter_id,
            outbox::message_id,
            outbox::attempts,
            outbox::written_at,
        ))
        .first(conn)?;
    Ok(Claimed {
        agency: AgencyId(row.agency_id),
        kind: row.kind.0,
        is_for_staff: row.account_id.is_some(),
        case: row.case_id.map(|it| it.0),
        recipient_name: row.recipient_name,
        address: row.address,
        subject: row.subject,
        body: row.body,
        letter: row.letter_id,
        message_id: row.message_id.unwrap_or_default(),
        attempts: u32::try_from(row.attempts).unwrap_or(0),
        written_at: row.written_at.and_utc(),
        id: row.id,
    })
}

/// Lengthens the claims of a process that is alive.
pub fn renew_claims(conn: &mut DbConnection, holder: &str, until: DateTime<Utc>) -> Result<(), StorageError> {
    let own = outbox::table
        .filter(outbox::state.eq(Code(MailState::Sending)))
        .filter(outbox::claimed_by.eq(holder));
    diesel::update(own).set(outbox::claimed_until.eq(until.naive_utc())).execute(conn)?;
    Ok(())
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    /// The server has taken it.
    Sent,
    /// It failed, and is tried again at this instant.
    Again {
        /// Why, for people.
        error: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// It failed for good.
    Failed {
        /// Why, for people.
        error: String,
    },
    /// It was not tried after all.
    NotTried,
}

/// Notes what came of an attempt. Returns whether the claim still held; where it did not, nothing is noted.
pub fn note_attempt(
    conn: &mut DbConnection,
    id: &str,
    holder: &str,
    now: DateTime<Utc>,
    attempt: &Attempt,
) -> Result<bool, StorageError> {
    let own = outbox::table
        .filter(outbox::id.eq(id))
        .filter(outbox::state.eq(Code(MailState::Sending)))
        .filter(outbox::claimed_by.eq(holder));
    let free = (outbox::claimed_by.eq(None::<String>), outbox::claimed_until.eq(None::<NaiveDateTime>));
    let n_noted = match attempt {
        Attempt::Sent => diesel::update(own)
            .set((
                free,
                outbox::state.eq(Code(MailState::Sent)),
                outbox::attempts.eq(outbox::attempts + 1),
                outbox::sent_at.eq(now.naive_utc()),
                outbox::last_error.eq(None::<String>),
            ))
            .execute(conn)?,
        Attempt::Again { error, at } => diesel::update(own)
            .set((
                free,
                outbox::state.eq(Code(MailState::Waiting)),
                outbox::attempts.eq(outbox::attempts + 1),
                outbox::next_attempt_at.eq(at.naive_utc()),
                outbox::last_error.eq(error),
            ))
            .execute(conn)?,
        Attempt::Failed { error } => diesel::update(own)
            .set((
                free,
                outbox::state.eq(Code(MailState::Failed)),
                outbox::attempts.eq(outbox::attempts + 1),
                outbox::last_error.eq(error),
            ))
            .execute(conn)?,
        Attempt::NotTried => {
            diesel::update(own).set((free, outbox::state.eq(Code(MailState::Waiting)))).execute(conn)?
        }
    };
    Ok(0 < n_noted)
}
