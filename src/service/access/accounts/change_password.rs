//! Changing one's own password.

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::domain::account::LoginLimits;
use crate::domain::password::{N_REMEMBERED, check_password};
use crate::service::access::hashing::{hash_password, verify_password};
use crate::service::{Caller, ServiceError, note};
use crate::storage::access::accounts;
use crate::storage::access::accounts::Account;
use crate::storage::{Db, DbConnection, StorageError};

/// What somebody gives to change their password.
#[derive(Debug, Clone)]
pub struct ChangePassword {
    /// The one in use.
    pub current: String,
    /// The new one.
    pub new: String,
    /// The new one again.
    pub again: String,
}

/// Changes the password of the person who acts, and ends their logins but the one they use.
///
/// A wrong current password counts as a failed login: somebody at an unattended screen does not get to guess.
///
/// # Errors
/// Refusals field by field.
pub fn change_password(
    db: &Db,
    caller: &Caller,
    limits: &LoginLimits,
    used: &str,
    change: &ChangePassword,
) -> Result<(), ServiceError> {
    let (account, old) = db.read(|conn| -> Result<_, StorageError> {
        Ok((accounts::fetch(conn, caller.viewer.user)?, accounts::old_passwords(conn, caller.viewer.user)?))
    })?;
    if !verify_password(&change.current, &account.password_hash) {
        let n_failures = account.n_failures + 1;
        let locked_until = limits.locked_until(n_failures, caller.now);
        db.write(|conn| -> Result<(), StorageError> {
            accounts::note_failures(conn, account.id, n_failures, locked_until)?;
            if locked_until.is_some() {
                accounts::end_logins(conn, account.id, None)?;
            }
            Ok(())
        })?;
        return Err(ServiceError::field("current", "当前密码不正确"));
    }
    check_password(&change.new, &account.login).map_err(|it| ServiceError::field("new", it))?;
    if change.new != change.again {
        return Err(ServiceError::field("again", "两次输入的新密码不一致"));
    }
    let used_before = std::iter::once(&account.password_hash).chain(&old).take(N_REMEMBERED);
    if used_before.into_iter().any(|it| verify_password(&change.new, it)) {
        let message = format!("最近{N_REMEMBERED}次用过的密码不能再用，请换一个");
        return Err(ServiceError::field("new", message));
    }
    let hash = hash_password(&change.new)?;
    db.write(|conn| {
        let mut now = accounts::fetch(conn, caller.viewer.user)?;
        if now.password_hash != account.password_hash {
            return Err(ServiceError::Stale);
        }
        replace(conn, &mut now, hash, caller.now)?;
        now.must_change_password = false;
        now.version += 1;
        accounts::update(conn, &now)?;
        accounts::note_failures(conn, now.id, 0, None)?;
        let n_logins = accounts::end_logins(conn, now.id, Some(used))?;
        note::account(conn, caller, &now, "change_password", json!({ "ended_logins": n_logins }))
    })
}

/// Puts another password in the place of the one in use, which is remembered.
pub(super) fn replace(
    conn: &mut DbConnection,
    account: &mut Account,
    hash: String,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let before = std::mem::replace(&mut account.password_hash, hash);
    let set_at = std::mem::replace(&mut account.password_set_at, now);
    accounts::keep_old_password(conn, account.id, set_at, &before, N_REMEMBERED)
}
