//! Work that is done again and again: when it was done and comes next, and which process is doing it.
//!
//! A process takes a lease before it works, and renews it while it does. The lease of one that died lapses.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use crate::storage::schema::jobs;
use crate::storage::{DbConnection, StorageError};

/// Where a job stands.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct JobRun {
    /// Its name.
    pub name: String,
    /// When it is done next, UTC.
    pub next_run_at: NaiveDateTime,
    /// When it was done last, UTC.
    pub last_run_at: Option<NaiveDateTime>,
    /// What came of it.
    pub last_result: Option<String>,
    /// Whether that is a failure.
    pub has_failed: bool,
    /// How often it has failed in a row.
    pub n_failures: i32,
    /// Whether it is paused.
    pub is_paused: bool,
    /// The process that does it.
    pub lease_holder: Option<String>,
    /// Until when that process has it, UTC.
    pub lease_until: Option<NaiveDateTime>,
}

/// Every job that has a row, by name.
pub fn all(conn: &mut DbConnection) -> Result<Vec<JobRun>, StorageError> {
    Ok(jobs::table.order(jobs::name).load(conn)?)
}

/// Gives a job its row, where it has none.
///
/// # Errors
/// Where the database fails; [`StorageError::Conflict`] where another process gives it one.
pub fn ensure(conn: &mut DbConnection, name: &str, first_run_at: DateTime<Utc>) -> Result<(), StorageError> {
    let known: Option<String> =
        jobs::table.filter(jobs::name.eq(name)).select(jobs::name).first(conn).optional()?;
    if known.is_none() {
        diesel::insert_into(jobs::table)
            .values((
                jobs::name.eq(name),
                jobs::next_run_at.eq(first_run_at.naive_utc()),
                jobs::has_failed.eq(false),
                jobs::n_failures.eq(0),
                jobs::is_paused.eq(false),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Takes the lease of a job that is due, not paused, and in nobody else's hands.
pub fn take(
    conn: &mut DbConnection,
    name: &str,
    holder: &str,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let now = now.naive_utc();
    let is_free = jobs::lease_until.is_null().or(jobs::lease_until.le(now));
    let due = jobs::table
        .filter(jobs::name.eq(name))
        .filter(jobs::is_paused.eq(false))
        .filter(jobs::next_run_at.le(now))
        .filter(is_free);
    let lease = (jobs::lease_holder.eq(holder), jobs::lease_until.eq(until.naive_utc()));
    Ok(0 < diesel::update(due).set(lease).execute(conn)?)
}

/// Lengthens a lease. Returns whether it is still this process that has it.
pub fn renew(
    conn: &mut DbConnection,
    name: &str,
    holder: &str,
    until: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let own = jobs::table.filter(jobs::name.eq(name)).filter(jobs::lease_holder.eq(holder));
    Ok(0 < diesel::update(own).set(jobs::lease_until.eq(until.naive_utc())).execute(conn)?)
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// When it began.
    pub ran_at: DateTime<Utc>,
    /// What came of it, for people.
    pub result: String,
    /// Whether it failed.
    pub has_failed: bool,
    /// When it is done next.
    pub next_run_at: DateTime<Utc>,
}

/// Notes a run and gives the lease back, where it is still this process's.
pub fn finish(conn: &mut DbConnection, name: &str, holder: &str, done: &Done) -> Result<(), StorageError> {
    let own = jobs::table.filter(jobs::name.eq(name)).filter(jobs::lease_holder.eq(holder));
    let n_failures: i32 = own.select(jobs::n_failures).first(conn).optional()?.unwrap_or(0);
    diesel::update(own)
        .set((
            jobs::last_run_at.eq(done.ran_at.naive_utc()),
            jobs::last_result.eq(&done.result),
            jobs::has_failed.eq(done.has_failed),
            jobs::n_failures.eq(if done.has_failed { n_failures.saturating_add(1) } else { 0 }),
            jobs::next_run_at.eq(done.next_run_at.naive_utc()),
            jobs::lease_holder.eq(None::<String>),
            jobs::lease_until.eq(None::<NaiveDateTime>),
        ))
        .execute(conn)?;
    Ok(())
}

/// Whether a job is paused.
pub fn is_paused(conn: &mut DbConnection, name: &str) -> Result<bool, StorageError> {
    let paused: Option<bool> =
        jobs::table.filter(jobs::name.eq(name)).select(jobs::is_paused).first(conn).optional()?;
    Ok(paused.unwrap_or(false))
}

/// Pauses a job, or lets it go on.
///
/// # Errors
/// [`StorageError::NotFound`] for a job without a row.
pub fn set_paused(conn: &mut DbConnection, name: &str, is_paused: bool) -> Result<(), StorageError> {
    let known = jobs::table.filter(jobs::name.eq(name));
    match diesel::update(known).set(jobs::is_paused.eq(is_paused)).execute(conn)? {
        0 => Err(StorageError::NotFound),
        _ => Ok(()),
    }
}

/// Lets a job be done at an instant.
///
/// # Errors
/// [`StorageError::NotFound`] for a job without a row.
pub fn schedule(conn: &mut DbConnection, name: &str, at: DateTime<Utc>) -> Result<(), StorageError> {
    let known = jobs::table.filter(jobs::name.eq(name));
    match diesel::update(known).set(jobs::next_run_at.eq(at.naive_utc())).execute(conn)? {
        0 => Err(StorageError::NotFound),
        _ => Ok(()),
    }
}
