//! Messages to send: written in the transaction of the act that causes them, claimed and sent afterwards.

mod lists;
mod sending;

pub use lists::*;
pub use sending::*;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::domain::ids::{AgencyId, CaseId, UserId};
use crate::domain::mail::{MailKind, MailState};
use crate::storage::codes::{Code, Id};
use crate::storage::schema::{accounts, mail_addresses, outbox, told};
use crate::storage::{DbConnection, StorageError};

/// Whom a message is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// An account, by the address it has.
    Account(UserId),
    /// An applicant, by the address of the application.
    Applicant {
        /// The name.
        name: String,
        /// The address.
        address: String,
    },
}

/// A message as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// The agency that writes.
    pub agency: AgencyId,
    /// What it tells.
    pub kind: MailKind,
    /// Whom it is for.
    pub to: Recipient,
    /// The case it is about.
    pub case: Option<CaseId>,
    /// The subject, in one line.
    pub subject: String,
    /// The text.
    pub body: String,
    /// The issued letter that goes with it.
    pub letter: Option<String>,
    /// The keys of what it tells and what is told no second time.
    pub once_keys: Vec<String>,
    /// After this it tells nothing any more, and is not sent.
    pub useful_until: Option<DateTime<Utc>>,
}

#[derive(Insertable)]
#[diesel(table_name = outbox, treat_none_as_default_value = false)]
struct NewRow {
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
    state: Code<MailState>,
    attempts: i32,
    next_attempt_at: NaiveDateTime,
    useful_until: Option<NaiveDateTime>,
    claimed_by: Option<String>,
    claimed_until: Option<NaiveDateTime>,
    last_error: Option<String>,
    written_at: NaiveDateTime,
    sent_at: Option<NaiveDateTime>,
}

/// Writes a message, in the caller's transaction: it will be sent if the transaction is kept, and only then.
/// Returns its identifier.
///
/// Nothing is written, and none returned, where all its keys have been used before, or where the account is
/// disabled or has no address.
///
/// # Errors
/// Where the database fails; [`StorageError::Conflict`] where another transaction writes the same key.
pub fn enqueue(
    conn: &mut DbConnection,
    now: DateTime<Utc>,
    message: &NewMessage,
) -> Result<Option<String>, StorageError> {
    let (account_id, recipient_name, address) = match &message.to {
        Recipient::Account(account) => match address_of(conn, *account)? {
            Some((name, address)) => (Some(Id(*account)), name, address),
            None => return Ok(None),
        },
        Recipient::Applicant { name, address } => (None, name.clone(), address.clone()),
    };
    if !message.once_keys.is_empty() && known_keys(conn, &message.once_keys)?.len() == message.once_keys.len()
    {
        return Ok(None);
    }
    let id = Uuid::now_v7().to_string();
    let row = NewRow {
        id: id.clone(),
        agency_id: message.agency.0,
        kind: Code(message.kind),
        account_id,
        case_id: message.case.map(Id),
        recipient_name,
        address,
        subject: message.subject.clone(),
        body: message.body.clone(),
        letter_id: message.letter.clone(),
        message_id: None,
        state: Code(MailState::Waiting),
        attempts: 0,
        next_attempt_at: now.naive_utc(),
        useful_until: message.useful_until.map(|it| it.naive_utc()),
        claimed_by: None,
        claimed_until: None,
        last_error: None,
        written_at: now.naive_utc(),
        sent_at: None,
    };
    diesel::insert_into(outbox::table).values(row).execute(conn)?;
    let known = known_keys(conn, &message.once_keys)?;
    for key in message.once_keys.iter().filter(|it| !known.contains(*it)) {
        diesel::insert_into(told::table)
            .values((told::once_key.eq(key), told::message_id.eq(&id)))
            .execute(conn)?;
    }
    Ok(Some(id))
}

/// The name and address of an account that may be written to.
fn address_of(conn: &mut DbConnection, account: UserId) -> Result<Option<(String, String)>, StorageError> {
    Ok(mail_addresses::table
        .inner_join(accounts::table)
        .filter(accounts::id.eq(Id(account)))
        .filter(accounts::is_disabled.eq(false))
        .select((accounts::name, mail_addresses::address))
        .first(conn)
        .optional()?)
}

/// Which of these keys have been used.
pub fn known_keys(conn: &mut DbConnection, keys: &[String]) -> Result<BTreeSet<String>, StorageError> {
    /// Both databases take so many values in one query.
    const AT_ONCE: usize = 500;
    let mut known = BTreeSet::new();
    for keys in keys.chunks(AT_ONCE) {
        let found: Vec<String> =
            told::table.filter(told::once_key.eq_any(keys)).select(told::once_key).load(conn)?;
        known.extend(found);
    }
    Ok(known)
}
