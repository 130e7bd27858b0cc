//! The logins of the person themselves.

use serde_json::json;

use crate::domain::ids::UserId;
use crate::service::{Caller, ServiceError, note};
use crate::storage::access::accounts;
use crate::storage::access::accounts::Login;
use crate::storage::{Db, StorageError};

/// The logins of the person themselves.
pub fn own_logins(db: &Db, id: UserId) -> Result<Vec<Login>, ServiceError> {
    Ok(db.read(|conn| accounts::logins_of(conn, id))?)
}

/// Ends one login of the person themselves, or all but the one they use.
///
/// # Errors
/// [`StorageError::NotFound`] where it is not theirs.
pub fn end_own_logins(
    db: &Db,
    caller: &Caller,
    used: &str,
    other: Option<&str>,
) -> Result<usize, ServiceError> {
    db.write(|conn| {
        let account = accounts::fetch(conn, caller.viewer.user)?;
        let n_logins = match other {
            Some(hash) => {
                let own = accounts::logins_of(conn, caller.viewer.user)?;
                if !own.iter().any(|it| it.token_hash == hash) {
                    return Err(StorageError::NotFound.into());
                }
                accounts::end_login(conn, hash)?;
                1
            }
            None => accounts::end_logins(conn, caller.viewer.user, Some(used))?,
        };
        note::account(conn, caller, &account, "end_logins", json!({ "ended_logins": n_logins }))?;
        Ok(n_logins)
    })
}
