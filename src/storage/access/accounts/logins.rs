//! Logins: browsers in which somebody is signed in.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::{AGENCY, Account, AccountRow};
use crate::domain::ids::UserId;
use crate::domain::workflow::Role;
use crate::storage::access::agencies::Agency;
use crate::storage::codes::{Code, Id};
use crate::storage::schema::{account_roles, accounts, agencies, logins};
use crate::storage::{DbConnection, StorageError};

/// A login: a browser in which somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = logins)]
pub struct Login {
    /// The hash of the token in the cookie.
    pub token_hash: String,
    /// Whose it is.
    pub account_id: String,
    /// The token every form must carry.
    pub csrf: String,
    /// When it began, UTC.
    pub created_at: NaiveDateTime,
    /// When it was last used, UTC.
    pub seen_at: NaiveDateTime,
    /// From which address.
    pub ip: String,
    /// With which browser.
    pub user_agent: String,
    /// Whether the second factor is still to be given.
    pub awaits_second_factor: bool,
}

/// Stores a new login.
pub fn insert_login(conn: &mut DbConnection, login: &Login) -> Result<(), StorageError> {
    diesel::insert_into(logins::table).values(login).execute(conn)?;
    Ok(())
}

/// The login with this token, its account with all roles, and the account's agency: one query, for it
/// stands before every page.
///
/// # Errors
/// [`StorageError::NotFound`] where there is none.
pub fn resume(conn: &mut DbConnection, token_hash: &str) -> Result<(Login, Account, Agency), StorageError> {
    let account = accounts::table.inner_join(agencies::table).left_join(account_roles::table);
    let rows: Vec<(Login, AccountRow, Agency, Option<Code<Role>>)> = logins::table
        .inner_join(account)
        .filter(logins::token_hash.eq(token_hash))
        .select((logins::all_columns, accounts::all_columns, AGENCY, account_roles::role.nullable()))
        .load(conn)?;
    let mut roles: Vec<Role> = rows.iter().filter_map(|(_, _, _, role)| role.map(|it| it.0)).collect();
    roles.sort_unstable();
    let (login, row, agency, _) = rows.into_iter().next().ok_or(StorageError::NotFound)?;
    Ok((login, row.account(roles), agency))
}

/// Notes that a login was used.
pub fn note_seen(conn: &mut DbConnection, token_hash: &str, now: DateTime<Utc>) -> Result<(), StorageError> {
    diesel::update(logins::table.filter(logins::token_hash.eq(token_hash)))
        .set(logins::seen_at.eq(now.naive_utc()))
        .execute(conn)?;
    Ok(())
}

/// Ends a login.
pub fn end_login(conn: &mut DbConnection, token_hash: &str) -> Result<(), StorageError> {
    diesel::delete(logins::table.filter(logins::token_hash.eq(token_hash))).execute(conn)?;
    Ok(())
}

/// The logins of an account, the latest first.
pub fn logins_of(conn: &mut DbConnection, account: UserId) -> Result<Vec<Login>, StorageError> {
    Ok(logins::table.filter(logins::account_id.eq(Id(account))).order(logins::seen_at.desc()).load(conn)?)
}

/// Ends every login of an account but the one to keep. Returns how many were ended.
pub fn end_logins(
    conn: &mut DbConnection,
    account: UserId,
    keep: Option<&str>,
) -> Result<usize, StorageError> {
    // No hash is empty.
    let kept = logins::token_hash.ne(keep.unwrap_or_default());
    let own = logins::table.filter(logins::account_id.eq(Id(account)));
    Ok(diesel::delete(own.filter(kept)).execute(conn)?)
}

/// Removes logins that have ended by themselves.
pub fn sweep_logins(
    conn: &mut DbConnection,
    created_before: DateTime<Utc>,
    seen_before: DateTime<Utc>,
) -> Result<usize, StorageError> {
    let old = logins::created_at.le(created_before.naive_utc());
    let idle = logins::seen_at.le(seen_before.naive_utc());
    Ok(diesel::delete(logins::table.filter(old.or(idle))).execute(conn)?)
}

/// Notes that the second factor was given.
pub fn complete_login(conn: &mut DbConnection, token_hash: &str) -> Result<(), StorageError> {
    diesel::update(logins::table.filter(logins::token_hash.eq(token_hash)))
        .set(logins::awaits_second_factor.eq(false))
        .execute(conn)?;
    Ok(())
}
