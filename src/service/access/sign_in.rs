//! Signing in and out, and the login behind a request.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use crate::domain::account::LoginLimits;
use crate::domain::ids::UserId;
use crate::service::access::hashing::{hash_password, hash_token, random_token, verify_password};
use crate::service::{Caller, ServiceError, note};
use crate::storage::access::accounts::{Account, Login};
use crate::storage::access::agencies::Agency;
use crate::storage::access::{accounts, agencies};
use crate::storage::{Db, DbConnection, StorageError};

/// Who is signed in, in which login.
#[derive(Debug, Clone)]
pub struct Session {
    /// The person as far as seeing cases goes.
    pub caller: Caller,
    /// The account.
    pub account: Account,
    /// Its agency.
    pub agency: Agency,
    /// The login.
    pub login: Login,
}

/// What somebody gave to sign in.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The name.
    pub login: String,
    /// The password.
    pub password: String,
    /// The address they come from.
    pub ip: String,
    /// Their browser.
    pub user_agent: String,
}

/// The token of the forms of a login, which says whose it is.
fn csrf_of(user: UserId) -> String {
    format!("{user}.{}", random_token())
}

/// Whose form a token is of; none where it does not say. That the token is good is not told by this.
pub fn csrf_owner(token: &str) -> Option<UserId> {
    token.split_once('.')?.0.parse().ok()
}

const REFUSED: &str = "用户名或者密码不正确";

/// Signs somebody in; returns the token for their cookie.
///
/// The answer to a wrong name and to a wrong password is the same, and takes as long.
///
/// # Errors
/// A refusal in words: wrong, locked, or disabled.
pub fn sign_in(
    db: &Db,
    credentials: &Credentials,
    limits: &LoginLimits,
    now: DateTime<Utc>,
) -> Result<String, ServiceError> {
    let name = credentials.login.trim().to_lowercase();
    let account = match db.read(|conn| accounts::by_login(conn, &name)) {
        Ok(account) => account,
        Err(StorageError::NotFound) => {
            // As much work as for a name that exists.
            hash_password(&credentials.password)?;
            return Err(ServiceError::refused(REFUSED));
        }
        Err(err) => return Err(err.into()),
    };
    if let Some(until) = account.locked_until.filter(|it| now < *it) {
        let minutes = (until - now).num_minutes() + 1;
        return Err(ServiceError::refused(format!(
            "连续输错，账号已被锁定，请在{minutes}分钟后再试，或者联系系统管理员解锁"
        )));
    }
    if !verify_password(&credentials.password, &account.password_hash) {
        return Err(refuse(db, credentials, limits, account.id, now)?);
    }
    if account.is_disabled {
        return Err(ServiceError::refused("账号已停用，请联系系统管理员"));
    }
    let token = random_token();
    let awaits_second_factor = account.totp_secret.is_some();
    let login = Login {
        token_hash: hash_token(&token),
        account_id: account.id.to_string(),
        csrf: csrf_of(account.id),
        created_at: now.naive_utc(),
        seen_at: now.naive_utc(),
        ip: credentials.ip.clone(),
        user_agent: credentials.user_agent.chars().take(200).collect(),
        awaits_second_factor,
    };
    let details = json!({ "ip": login.ip, "browser": login.user_agent });
    note::write_again(db, |conn| {
        if !awaits_second_factor {
            accounts::note_failures(conn, account.id, 0, None)?;
        }
        let oldest = now - TimeDelta::hours(limits.absolute_hours.into());
        let idlest = now - TimeDelta::minutes(limits.idle_minutes.into());
        accounts::sweep_logins(conn, oldest, idlest)?;
        accounts::insert_login(conn, &login)?;
        let caller = caller(conn, &account, now)?;
        note::account(conn, &caller, &account, "sign_in", details.clone())
    })?;
    Ok(token)
}

/// Counts a wrong password, and says so.
fn refuse(
    db: &Db,
    credentials: &Credentials,
    limits: &LoginLimits,
    id: UserId,
    now: DateTime<Utc>,
) -> Result<ServiceError, ServiceError> {
    let locked_until = note::write_again(db, |conn| {
        // Read again, so that attempts at the same time count each.
        let account = accounts::fetch(conn, id)?;
        let n_failures = account.n_failures + 1;
        let locked_until = limits.locked_until(n_failures, now);
        accounts::note_failures(conn, id, n_failures, locked_until)?;
        let action = if locked_until.is_some() { "lock" } else { "refuse_sign_in" };
        let details = json!({ "ip": credentials.ip, "n_failures": n_failures });
        let caller = caller(conn, &account, now)?;
        note::account(conn, &caller, &account, action, details)?;
        Ok(locked_until)
    })?;
    Ok(ServiceError::refused(match locked_until {
        Some(_) => format!("连续输错，账号已被锁定{}分钟；也可以联系系统管理员解锁", limits.lock_minutes),
        None => REFUSED.to_owned(),
    }))
}

fn caller(conn: &mut DbConnection, account: &Account, now: DateTime<Utc>) -> Result<Caller, ServiceError> {
    let agency = agencies::by_id(conn, account.agency_id)?;
    Ok(Caller::of(account, &agency.path, now))
}

/// The session behind a token, where it is still good.
///
/// That it was seen is written down once a minute, not with every request.
pub fn resume(
    db: &Db,
    token: &str,
    limits: &LoginLimits,
    now: DateTime<Utc>,
) -> Result<Option<Session>, ServiceError> {
    let token_hash = hash_token(token);
    let (login, account, agency) = match db.read(|conn| accounts::resume(conn, &token_hash)) {
        Ok(found) => found,
        Err(StorageError::NotFound) => return Ok(None),
        Err(err) => return Err(err.into()),
    };
    let seen_at = login.seen_at.and_utc();
    if account.is_disabled || !limits.holds(login.created_at.and_utc(), seen_at, now) {
        db.write(|conn| accounts::end_login(conn, &token_hash))?;
        return Ok(None);
    }
    if seen_at + TimeDelta::minutes(1) <= now {
        db.write(|conn| accounts::note_seen(conn, &token_hash, now))?;
    }
    let caller = Caller::of(&account, &agency.path, now);
    Ok(Some(Session { caller, account, agency, login }))
}

/// Ends a login at its owner's wish.
pub fn sign_out(db: &Db, token_hash: &str) -> Result<(), ServiceError> {
    Ok(db.write(|conn| accounts::end_login(conn, token_hash))?)
}
