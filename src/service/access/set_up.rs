//! The first start: the first agency and the first administrator.

use serde_json::json;

use crate::domain::password::check_password;
use crate::domain::refusal::{Refusal, Refusals};
use crate::domain::workflow::Role;
use crate::service::access::accounts as accounts_service;
use crate::service::access::accounts::NewAccount;
use crate::service::access::add_agency;
use crate::service::access::hashing::hash_password;
use crate::service::{Caller, ServiceError, note};
use crate::storage::access::agencies::Agency;
use crate::storage::access::{accounts, agencies};
use crate::storage::{Db, StorageError};

/// What the set-up page asks.
#[derive(Debug, Clone, Default)]
pub struct SetUp {
    /// The code of the agency: of a new one where there is none yet, else of one there is.
    pub agency_code: String,
    /// The name of a new agency.
    pub agency_name: String,
    /// The administrator's name.
    pub name: String,
    /// The name they sign in with.
    pub login: String,
    /// Their password.
    pub password: String,
    /// Their password again.
    pub password_again: String,
}

/// Whether there is no account yet.
pub fn is_needed(db: &Db) -> Result<bool, ServiceError> {
    Ok(db.read(accounts::count)? == 0)
}

/// The agencies there are already, as a command line or an import may have made them.
pub fn known_agencies(db: &Db) -> Result<Vec<Agency>, ServiceError> {
    Ok(db.read(agencies::all)?)
}

/// Makes the first agency, where there is none, and the first administrator.
///
/// # Errors
/// Refusals field by field; [`StorageError::NotFound`] once there is an account.
pub fn set_up(db: &Db, now: chrono::DateTime<chrono::Utc>, command: &SetUp) -> Result<(), ServiceError> {
    let mut refusals = Vec::new();
    if let Err(message) = check_password(&command.password, &command.login) {
        refusals.push(Refusal::at("password", message));
    } else if command.password != command.password_again {
        let message = "两次输入的密码不一致".to_owned();
        refusals.push(Refusal::at("password_again", message));
    }
    let new = NewAccount {
        login: command.login.clone(),
        name: command.name.clone(),
        agency: command.agency_code.trim().to_owned(),
        department: None,
        roles: vec![Role::Administrator],
    };
    let hash = if refusals.is_empty() { hash_password(&command.password)? } else { String::new() };
    let account = accounts_service::with_password(&new, hash, false, now);
    let caller = Caller::at_first_start(now);
    db.write(|conn| {
        if accounts::count(conn)? != 0 {
            return Err(StorageError::NotFound.into());
        }
        if agencies::all(conn)?.is_empty() {
            if command.agency_code.trim().is_empty() {
                let message = "请填写机关代码".to_owned();
                refusals.push(Refusal::at("agency_code", message));
            }
            if command.agency_name.trim().is_empty() {
                refusals.push(Refusal::at("agency", "请填写机关全称"));
            }
            if refusals.is_empty() {
                add_agency::add_agency(conn, &caller, &command.agency_code, &command.agency_name, None)?;
            }
        }
        Refusals::check(refusals)?;
        let account = accounts_service::store(conn, &caller, &new, account)?;
        note::account(conn, &caller, &account, "set_up", json!({}))
    })
}
