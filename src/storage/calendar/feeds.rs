//! The addresses of people's calendar feeds, and what each last said.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use crate::domain::ids::UserId;
use crate::storage::codes::Id;
use crate::storage::schema::{calendar_feeds, feed_events};
use crate::storage::{DbConnection, StorageError};

/// A feed.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Feed {
    /// When its address was made, UTC.
    pub created_at: NaiveDateTime,
    /// When a calendar program last fetched it, UTC.
    pub fetched_at: Option<NaiveDateTime>,
}

/// What a feed last said of a deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// A digest of everything it said.
    pub digest: String,
    /// How often that has changed.
    pub sequence: i32,
    /// When it last changed, UTC.
    pub changed_at: NaiveDateTime,
}

/// The feed of an account, where it has one.
pub fn of(conn: &mut DbConnection, account: UserId) -> Result<Option<Feed>, StorageError> {
    Ok(calendar_feeds::table
        .filter(calendar_feeds::account_id.eq(Id(account)))
        .select((calendar_feeds::created_at, calendar_feeds::fetched_at))
        .first(conn)
        .optional()?)
}

/// Whose feed has this token.
///
/// # Errors
/// [`StorageError::NotFound`] where there is none.
pub fn owner(conn: &mut DbConnection, token_hash: &str) -> Result<UserId, StorageError> {
    let account: Id<UserId> = calendar_feeds::table
        .filter(calendar_feeds::token_hash.eq(token_hash))
        .select(calendar_feeds::account_id)
        .first(conn)?;
    Ok(account.0)
}

/// Gives an account a feed, in place of the one it had.
pub fn open(
    conn: &mut DbConnection,
    account: UserId,
    token_hash: &str,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    close(conn, account)?;
    diesel::insert_into(calendar_feeds::table)
        .values((
            calendar_feeds::account_id.eq(Id(account)),
            calendar_feeds::token_hash.eq(token_hash),
            calendar_feeds::created_at.eq(now.naive_utc()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Takes the feed of an account away. Returns whether it had one. What was said is kept: a new address may
/// serve the same calendar.
pub fn close(conn: &mut DbConnection, account: UserId) -> Result<bool, StorageError> {
    let own = calendar_feeds::table.filter(calendar_feeds::account_id.eq(Id(account)));
    Ok(0 < diesel::delete(own).execute(conn)?)
}

/// Notes that a feed was fetched.
pub fn note_fetched(
    conn: &mut DbConnection,
    account: UserId,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let own = calendar_feeds::table.filter(calendar_feeds::account_id.eq(Id(account)));
    diesel::update(own).set(calendar_feeds::fetched_at.eq(Some(now.naive_utc()))).execute(conn)?;
    Ok(())
}

/// What the feed of an account last said, by the identifier of the event.
pub fn said(conn: &mut DbConnection, account: UserId) -> Result<BTreeMap<String, Said>, StorageError> {
    let rows: Vec<(String, String, i32, NaiveDateTime)> = feed_events::table
        .filter(feed_events::account_id.eq(Id(account)))
        .select((feed_events::uid, feed_events::digest, feed_events::sequence, feed_events::changed_at))
        .load(conn)?;
    let said = rows.into_iter();
    Ok(said.map(|(uid, digest, sequence, changed_at)| (uid, Said { digest, sequence, changed_at })).collect())
}

/// Keeps what a feed says of a deadline now.
pub fn say(conn: &mut DbConnection, account: UserId, uid: &str, said: &Said) -> Result<(), StorageError> {
    let account = Id(account);
    let known =
        feed_events::table.filter(feed_events::account_id.eq(account)).filter(feed_events::uid.eq(uid));
    let values = (
        feed_events::digest.eq(&said.digest),
        feed_events::sequence.eq(said.sequence),
        feed_events::changed_at.eq(said.changed_at),
    );
    if diesel::update(known).set(values).execute(conn)? == 0 {
        diesel::insert_into(feed_events::table)
            .values((feed_events::account_id.eq(account), feed_events::uid.eq(uid), values))
            .execute(conn)?;
    }
    Ok(())
}

/// Forgets what was last changed before an instant and is not among those said now.
pub fn forget(
    conn: &mut DbConnection,
    account: UserId,
    before: DateTime<Utc>,
    kept: &[String],
) -> Result<(), StorageError> {
    let account = Id(account);
    let old: Vec<String> = feed_events::table
        .filter(feed_events::account_id.eq(account))
        .filter(feed_events::changed_at.lt(before.naive_utc()))
        .select(feed_events::uid)
        .load(conn)?;
    let gone: Vec<_> = old.into_iter().filter(|it| !kept.contains(it)).collect();
    for uids in gone.chunks(500) {
        let rows = feed_events::table.filter(feed_events::account_id.eq(account));
        diesel::delete(rows.filter(feed_events::uid.eq_any(uids))).execute(conn)?;
    }
    Ok(())
}
