//! Views of the list of cases that people have saved.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::domain::ids::UserId;
use crate::storage::codes::Id;
use crate::storage::schema::saved_views;
use crate::storage::{DbConnection, StorageError};

/// A saved view.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct SavedView {
    /// Its identifier.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// The query of the address, without the question mark.
    pub query: String,
}

/// The views of an account, the oldest first.
pub fn of(conn: &mut DbConnection, account: UserId) -> Result<Vec<SavedView>, StorageError> {
    Ok(saved_views::table
        .filter(saved_views::account_id.eq(Id(account)))
        .order((saved_views::created_at, saved_views::id))
        .select((saved_views::id, saved_views::name, saved_views::query))
        .load(conn)?)
}

/// Saves a view; one of the same name is replaced.
pub fn save(
    conn: &mut DbConnection,
    account: UserId,
    name: &str,
    query: &str,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let account = Id(account);
    let known =
        saved_views::table.filter(saved_views::account_id.eq(account)).filter(saved_views::name.eq(name));
    if diesel::update(known).set(saved_views::query.eq(query)).execute(conn)? == 0 {
        diesel::insert_into(saved_views::table)
            .values((
                saved_views::id.eq(Uuid::now_v7().to_string()),
                saved_views::account_id.eq(account),
                saved_views::name.eq(name),
                saved_views::query.eq(query),
                saved_views::created_at.eq(now.naive_utc()),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Gives a view another name.
///
/// # Errors
/// [`StorageError::Conflict`] where the name is taken, [`StorageError::NotFound`] where the account has no
/// such view.
pub fn rename(conn: &mut DbConnection, account: UserId, id: &str, name: &str) -> Result<(), StorageError> {
    let view =
        saved_views::table.filter(saved_views::id.eq(id)).filter(saved_views::account_id.eq(Id(account)));
    match diesel::update(view).set(saved_views::name.eq(name)).execute(conn)? {
        0 => Err(StorageError::NotFound),
        _ => Ok(()),
    }
}

/// Deletes a view. One that is gone already stays gone.
pub fn delete(conn: &mut DbConnection, account: UserId, id: &str) -> Result<(), StorageError> {
    let view =
        saved_views::table.filter(saved_views::id.eq(id)).filter(saved_views::account_id.eq(Id(account)));
    diesel::delete(view).execute(conn)?;
    Ok(())
}
