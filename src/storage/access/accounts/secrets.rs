//! Passwords used before, and the state of the second factor.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use crate::domain::ids::UserId;
use crate::storage::codes::Id;
use crate::storage::schema::{old_passwords, second_factors};
use crate::storage::{DbConnection, StorageError};

/// The hashes of the passwords used before, the latest first.
pub fn old_passwords(conn: &mut DbConnection, account: UserId) -> Result<Vec<String>, StorageError> {
    Ok(old_passwords::table
        .filter(old_passwords::account_id.eq(Id(account)))
        .order(old_passwords::set_at.desc())
        .select(old_passwords::password_hash)
        .load(conn)?)
}

/// Keeps a password that is replaced, and forgets all but the last `n`.
pub fn keep_old_password(
    conn: &mut DbConnection,
    account: UserId,
    set_at: DateTime<Utc>,
    password_hash: &str,
    n: usize,
) -> Result<(), StorageError> {
    let id = Id(account);
    diesel::insert_into(old_passwords::table)
        .values((
            old_passwords::account_id.eq(id),
            old_passwords::set_at.eq(set_at.naive_utc()),
            old_passwords::password_hash.eq(password_hash),
        ))
        .execute(conn)?;
    let own = old_passwords::table.filter(old_passwords::account_id.eq(id));
    let kept: Vec<NaiveDateTime> =
        own.order(old_passwords::set_at.desc()).select(old_passwords::set_at).load(conn)?;
    if let Some(oldest) = n.checked_sub(1).and_then(|it| kept.get(it)) {
        diesel::delete(own.filter(old_passwords::set_at.lt(oldest))).execute(conn)?;
    }
    Ok(())
}

/// The state of a second factor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SecondFactor {
    /// The secret that is offered and not yet proved, in base 32.
    pub offered_secret: Option<String>,
    /// The step of the last code that was accepted.
    pub last_step: i64,
}

/// The state of the second factor of an account; that of a new one where there is none.
pub fn second_factor(conn: &mut DbConnection, account: UserId) -> Result<SecondFactor, StorageError> {
    let found: Option<(Option<String>, i64)> = second_factors::table
        .filter(second_factors::account_id.eq(Id(account)))
        .select((second_factors::offered_secret, second_factors::last_step))
        .first(conn)
        .optional()?;
    Ok(found.map_or_else(SecondFactor::default, |(offered_secret, last_step)| SecondFactor {
        offered_secret,
        last_step,
    }))
}

/// Keeps the state of the second factor of an account.
pub fn keep_second_factor(
    conn: &mut DbConnection,
    account: UserId,
    state: &SecondFactor,
) -> Result<(), StorageError> {
    let id = Id(account);
    diesel::delete(second_factors::table.filter(second_factors::account_id.eq(id))).execute(conn)?;
    diesel::insert_into(second_factors::table)
        .values((
            second_factors::account_id.eq(id),
            second_factors::offered_secret.eq(&state.offered_secret),
            second_factors::last_step.eq(state.last_step),
        ))
        .execute(conn)?;
    Ok(())
}
