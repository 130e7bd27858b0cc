//! The second factor: a code that an authenticator derives from a secret and the time (RFC 6238).

use chrono::{DateTime, Utc};
use serde_json::json;
use totp_rs::{Builder, Secret, Totp};

use crate::domain::account::LoginLimits;
use crate::service::access::hashing::random_bytes;
use crate::service::{Caller, ServiceError, note};
use crate::storage::access::accounts;
use crate::storage::access::accounts::{Account, SecondFactor};
use crate::storage::{Db, DbConnection, StorageError};

/// What authenticators show above the code.
const ISSUER: &str = "政府信息公开";
const WRONG: &str = "动态验证码不正确，或者已经用过。请等验证器显示下一个再试";

/// Offers the person who acts a secret; the same one until it is proved, so that a reloaded page still fits
/// what was scanned.
///
/// # Errors
/// Where there is a second factor already.
pub fn offer(db: &Db, caller: &Caller) -> Result<String, ServiceError> {
    db.write(|conn| {
        let account = accounts::fetch(conn, caller.viewer.user)?;
        if account.totp_secret.is_some() {
            return Err(ServiceError::refused("已经启用了动态验证码"));
        }
        let state = accounts::second_factor(conn, caller.viewer.user)?;
        if let Some(secret) = state.offered_secret {
            return Ok(secret);
        }
        let secret = Secret::from(random_bytes()[..20].to_vec()).to_base32();
        let state = SecondFactor { offered_secret: Some(secret.clone()), ..state };
        accounts::keep_second_factor(conn, caller.viewer.user, &state)?;
        Ok(secret)
    })
}

/// The address an authenticator reads from a QR code.
pub fn address(secret: &str, login: &str) -> String {
    let issuer = percent_encoded(ISSUER);
    format!("otpauth://totp/{issuer}:{}?secret={secret}&issuer={issuer}", percent_encoded(login))
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|it| match it {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(it).to_string(),
            _ => format!("%{it:02X}"),
        })
        .collect()
}

/// Takes the offered secret as the second factor once a code proves that it arrived.
///
/// # Errors
/// A refusal of the code.
pub fn confirm(db: &Db, caller: &Caller, used: &str, code: &str) -> Result<(), ServiceError> {
    db.write(|conn| {
        let mut account = accounts::fetch(conn, caller.viewer.user)?;
        let state = accounts::second_factor(conn, caller.viewer.user)?;
        let secret = state.offered_secret.clone().filter(|_| account.totp_secret.is_none());
        let secret = secret.ok_or(StorageError::NotFound)?;
        let step = accepted(&secret, code, state.last_step, caller.now)
            .ok_or_else(|| ServiceError::field("code", WRONG))?;
        account.totp_secret = Some(secret);
        account.version += 1;
        accounts::update(conn, &account)?;
        accounts::keep_second_factor(
            conn,
            account.id,
            &SecondFactor { offered_secret: None, last_step: step },
        )?;
        // Logins made without it prove less than the account now demands.
        accounts::end_logins(conn, account.id, Some(used))?;
        note::account(conn, caller, &account, "add_second_factor", json!({}))
    })
}

/// Removes one's own second factor, which takes a code of it.
///
/// # Errors
/// A refusal of the code.
pub fn remove(db: &Db, caller: &Caller, limits: &LoginLimits, code: &str) -> Result<(), ServiceError> {
    let is_right = judge(db, caller, limits, code, |conn, account| {
        account.totp_secret = None;
        account.version += 1;
        accounts::update(conn, account)?;
        note::account(conn, caller, account, "remove_second_factor", json!({}))
    })?;
    if is_right { Ok(()) } else { Err(ServiceError::field("code", WRONG)) }
}

/// Completes a login with a code.
///
/// # Errors
/// A refusal of the code. Wrong codes count as wrong passwords do, and when they lock the account the login
/// ends.
pub fn complete(
    db: &Db,
    caller: &Caller,
    limits: &LoginLimits,
    token_hash: &str,
    code: &str,
) -> Result<(), ServiceError> {
    let is_right = judge(db, caller, limits, code, |conn, account| {
        accounts::note_failures(conn, account.id, 0, None)?;
        Ok(accounts::complete_login(conn, token_hash)?)
    })?;
    if is_right { Ok(()) } else { Err(ServiceError::field("code", WRONG)) }
}

/// Judges a code and goes on where it is right; counts a failure where it is not. The failure must be stored,
/// so it is no error of the transaction.
fn judge(
    db: &Db,
    caller: &Caller,
    limits: &LoginLimits,
    code: &str,
    go_on: impl FnOnce(&mut DbConnection, &mut Account) -> Result<(), ServiceError>,
) -> Result<bool, ServiceError> {
    db.write(|conn| {
        let mut account = accounts::fetch(conn, caller.viewer.user)?;
        let state = accounts::second_factor(conn, caller.viewer.user)?;
        let is_locked = account.locked_until.is_some_and(|it| caller.now < it);
        let secret = account.totp_secret.clone().ok_or(StorageError::NotFound)?;
        let step = accepted(&secret, code, state.last_step, caller.now).filter(|_| !is_locked);
        let Some(step) = step else {
            let n_failures = account.n_failures + 1;
            let locked_until = limits.locked_until(n_failures, caller.now);
            accounts::note_failures(conn, account.id, n_failures, locked_until)?;
            if locked_until.is_some() {
                accounts::end_logins(conn, account.id, None)?;
                note::account(conn, caller, &account, "lock", json!({ "n_failures": n_failures }))?;
            }
            return Ok(false);
        };
        let state = SecondFactor { offered_secret: None, last_step: step };
        accounts::keep_second_factor(conn, account.id, &state)?;
        go_on(conn, &mut account)?;
        Ok(true)
    })
}

/// The step of a code that is right now and later than the last one that was accepted.
fn accepted(secret: &str, code: &str, last_step: i64, now: DateTime<Utc>) -> Option<i64> {
    let code: String = code.chars().filter(|it| !it.is_whitespace()).collect();
    let time = u64::try_from(now.timestamp()).ok()?;
    let step = i64::try_from(totp(secret)?.check(&code, time)?).ok()?;
    (last_step < step).then_some(step)
}

fn totp(secret: &str) -> Option<Totp> {
    Builder::new().with_secret(Secret::try_from_base32(secret).ok()?).build().ok()
}

/// The code of a secret at an instant, as an authenticator shows it.
pub fn code_at(secret: &str, now: DateTime<Utc>) -> Option<String> {
    Some(totp(secret)?.generate(u64::try_from(now.timestamp()).ok()?).to_string())
}
