//! Signing in and out, and the login behind a request.

use argon2::password_hash::PasswordHasher;
use argon2::{Argon2, PasswordVerifier};
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::domain::account::LoginLimits;
use crate::domain::visibility::Viewer;
use crate::service::ServiceError;
use crate::storage::accounts::{Account, Login};
use crate::storage::agencies::Agency;
use crate::storage::{Db, StorageError, accounts, agencies};

/// Who is signed in, in which login.
#[derive(Debug, Clone)]
pub struct Session {
    /// The person as far as seeing cases goes.
    pub viewer: Viewer,
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

/// The hash of a password, salted, by argon2id with the parameters of the crate (19 MiB, two passes).
///
/// # Errors
/// Where the hash cannot be made.
pub fn hash_password(password: &str) -> Result<String, ServiceError> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|it| it.to_string())
        .map_err(|err| ServiceError::Refused(format!("the password cannot be hashed: {err}")))
}

/// Whether a password is the one behind a hash.
pub fn verify_password(password: &str, hash: &str) -> bool {
    argon2::PasswordHash::new(hash)
        .is_ok_and(|it| Argon2::default().verify_password(password.as_bytes(), &it).is_ok())
}

/// A token nobody can guess: 244 random bits.
pub fn random_token() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

/// What the database keeps of a token.
pub fn hash_token(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
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
    let found = db.read(|conn| accounts::by_login(conn, credentials.login.trim()));
    let account = match found {
        Ok(account) => account,
        Err(StorageError::NotFound) => {
            // As much work as for a name that exists.
            hash_password(&credentials.password)?;
            return Err(ServiceError::Refused(REFUSED.to_owned()));
        }
        Err(err) => return Err(err.into()),
    };
    if account.locked_until.is_some_and(|it| now < it) {
        return Err(ServiceError::Refused(format!(
            "连续输错密码，账号已被锁定，请在{}分钟后再试，或者联系管理员",
            limits.lock_minutes
        )));
    }
    if !verify_password(&credentials.password, &account.password_hash) {
        let n_failures = account.n_failures + 1;
        let locked_until = limits.locked_until(n_failures, now);
        db.write(|conn| accounts::note_failures(conn, account.id, n_failures, locked_until))?;
        return Err(ServiceError::Refused(REFUSED.to_owned()));
    }
    if account.is_disabled {
        return Err(ServiceError::Refused("账号已停用，请联系管理员".to_owned()));
    }
    let token = random_token();
    let login = Login {
        token_hash: hash_token(&token),
        account_id: account.id.to_string(),
        csrf: random_token(),
        created_at: now.naive_utc(),
        seen_at: now.naive_utc(),
        ip: credentials.ip.clone(),
        user_agent: credentials.user_agent.chars().take(200).collect(),
        awaits_second_factor: account.totp_secret.is_some(),
    };
    db.write(|conn| -> Result<(), StorageError> {
        accounts::note_failures(conn, account.id, 0, None)?;
        accounts::insert_login(conn, &login)
    })?;
    Ok(token)
}

/// The session behind a token, where it is still good.
///
/// That it was seen is written down once a minute, not with every request.
///
/// # Errors
/// Where the database fails.
pub fn resume(
    db: &Db,
    token: &str,
    limits: &LoginLimits,
    now: DateTime<Utc>,
) -> Result<Option<Session>, ServiceError> {
    let token_hash = hash_token(token);
    let found = db.read(|conn| -> Result<_, StorageError> {
        let login = accounts::login(conn, &token_hash)?;
        let id = login.account_id.parse().map_err(|_| StorageError::NotFound)?;
        let account = accounts::fetch(conn, id)?;
        let agency = agencies::by_id(conn, account.agency_id)?;
        Ok((login, account, agency))
    });
    let (login, account, agency) = match found {
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
    let viewer = Viewer {
        user: account.id,
        agency: account.agency_id,
        agency_path: agency.path.clone(),
        department: account.department_id,
        roles: account.roles.clone(),
    };
    Ok(Some(Session { viewer, account, agency, login }))
}

/// Ends a login.
///
/// # Errors
/// Where the database fails.
pub fn sign_out(db: &Db, token_hash: &str) -> Result<(), ServiceError> {
    Ok(db.write(|conn| accounts::end_login(conn, token_hash))?)
}
