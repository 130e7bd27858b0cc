//! Keeping accounts: what an administrator does with them, in the browser or on the command line.
//!
//! An administrator keeps the accounts of their own agency and of those below; what is out of reach does not
//! exist for them. No secret is ever journalled.

mod add_account;
mod change_password;
mod end_logins;
mod set_address;

use add_account::one_time_password;
pub use add_account::{NewAccount, add};
pub(in crate::service) use add_account::{store, with_password};
pub use change_password::{ChangePassword, change_password};
pub use end_logins::{end_own_logins, own_logins};
pub use set_address::{MailChoice, mail_choice, set_address, set_own_mail};

use serde_json::{Value, json};

use crate::domain::ids::{DepartmentId, UserId};
use crate::domain::labels::Coded;
use crate::domain::refusal::{Refusal, Refusals};
use crate::domain::workflow::Role;
use crate::service::access::hashing::hash_password;
use crate::service::{Caller, ServiceError, note};
use crate::storage::access::accounts::{Account, Listed, Login, SecondFactor};
use crate::storage::access::agencies::Agency;
use crate::storage::access::{accounts, agencies};
use crate::storage::{Db, DbConnection, StorageError};

/// What of an account can be changed.
#[derive(Debug, Clone, Default)]
pub struct EditAccount {
    /// The person's name.
    pub name: String,
    /// The name of the department, which must exist.
    pub department: Option<String>,
    /// The roles, at least one.
    pub roles: Vec<Role>,
}

/// The accounts in reach, by agency and name.
pub fn list(db: &Db, caller: &Caller) -> Result<Vec<Listed>, ServiceError> {
    Ok(db.read(|conn| accounts::below(conn, &caller.viewer.agency_path))?)
}

/// The agencies in reach, each with its departments.
pub fn places(db: &Db, caller: &Caller) -> Result<Vec<(Agency, Vec<String>)>, ServiceError> {
    db.read(|conn| {
        let found = agencies::subtree(conn, &caller.viewer.agency_path)?;
        let with_departments = found.into_iter().map(|it| {
            let departments = agencies::departments(conn, it.agency_id())?;
            Ok((it, departments.into_iter().map(|(_, name)| name).collect()))
        });
        with_departments.collect()
    })
}

/// An account in reach, with its agency, the name of its department, and its logins.
///
/// # Errors
/// [`StorageError::NotFound`] where there is none in reach.
pub fn look(db: &Db, caller: &Caller, id: UserId) -> Result<(Listed, Vec<Login>), ServiceError> {
    db.read(|conn| {
        let (account, agency) = fetch(conn, caller, id)?;
        let departments = agencies::departments(conn, account.agency_id)?;
        let department =
            departments.into_iter().find(|(id, _)| Some(*id) == account.department_id).map(|(_, name)| name);
        let logins = accounts::logins_of(conn, id)?;
        Ok((Listed { account, agency, department }, logins))
    })
}

/// The account in reach that signs in with this name.
///
/// # Errors
/// A refusal that names it.
pub fn by_login(db: &Db, caller: &Caller, login: &str) -> Result<Account, ServiceError> {
    let missing = || ServiceError::refused(format!("没有用户名为“{login}”的账号"));
    let found = db.read(|conn| {
        let account = accounts::by_login(conn, login)?;
        let agency = agencies::by_id(conn, account.agency_id)?;
        Ok::<_, StorageError>(Some(account).filter(|_| caller.reaches(&agency)))
    });
    match found {
        Ok(Some(account)) => Ok(account),
        Ok(None) | Err(StorageError::NotFound) => Err(missing()),
        Err(err) => Err(err.into()),
    }
}

fn fetch(conn: &mut DbConnection, caller: &Caller, id: UserId) -> Result<(Account, Agency), StorageError> {
    let account = accounts::fetch(conn, id)?;
    let agency = agencies::by_id(conn, account.agency_id)?;
    if caller.reaches(&agency) { Ok((account, agency)) } else { Err(StorageError::NotFound) }
}

/// Changes name, department and roles of an account.
///
/// # Errors
/// Refusals field by field, or [`ServiceError::Stale`] for a stale version.
pub fn edit(
    db: &Db,
    caller: &Caller,
    id: UserId,
    version: i32,
    edit: &EditAccount,
) -> Result<Account, ServiceError> {
    change(db, caller, id, version, "edit", |conn, account, agency| {
        let before = account.clone();
        account.name = edit.name.trim().to_owned();
        account.roles.clone_from(&edit.roles);
        account.roles.sort_unstable();
        account.roles.dedup();
        let mut refusals = check_person(&account.name, &account.roles);
        match department(conn, agency, edit.department.as_deref())? {
            Ok(department) => account.department_id = department,
            Err(refusal) => refusals.push(refusal),
        }
        Refusals::check(refusals)?;
        Ok(json!({
            "name": [before.name, account.name],
            "roles": [before.roles, account.roles],
            "department": [before.department_id.map(|it| it.0), account.department_id.map(|it| it.0)],
        }))
    })
}

/// Disables an account and ends its logins, or enables it again.
///
/// # Errors
/// Nobody disables their own account; [`ServiceError::Stale`] for a stale version.
pub fn set_disabled(
    db: &Db,
    caller: &Caller,
    id: UserId,
    version: i32,
    is_disabled: bool,
) -> Result<(), ServiceError> {
    if is_disabled && caller.viewer.user == id {
        return Err(ServiceError::refused("不能停用自己的账号，请由另一位系统管理员停用"));
    }
    let action = if is_disabled { "disable" } else { "enable" };
    change(db, caller, id, version, action, |conn, account, _| {
        account.is_disabled = is_disabled;
        let n_logins = if is_disabled { accounts::end_logins(conn, id, None)? } else { 0 };
        Ok(json!({ "ended_logins": n_logins }))
    })?;
    Ok(())
}

/// Gives an account a one-time password, unlocks it and ends its logins. The password is returned to be told
/// to the person and is kept nowhere.
///
/// # Errors
/// [`ServiceError::Stale`] for a stale version.
pub fn reset_password(db: &Db, caller: &Caller, id: UserId, version: i32) -> Result<String, ServiceError> {
    let password = one_time_password();
    let hash = hash_password(&password)?;
    change(db, caller, id, version, "reset_password", |conn, account, _| {
        change_password::replace(conn, account, hash, caller.now)?;
        account.must_change_password = true;
        account.n_failures = 0;
        account.locked_until = None;
        Ok(json!({ "ended_logins": accounts::end_logins(conn, id, None)? }))
    })?;
    Ok(password)
}

/// Unlocks an account that was locked for wrong passwords.
pub fn unlock(db: &Db, caller: &Caller, id: UserId) -> Result<(), ServiceError> {
    db.write(|conn| {
        let (account, _) = fetch(conn, caller, id)?;
        accounts::note_failures(conn, id, 0, None)?;
        note::account(conn, caller, &account, "unlock", json!({}))
    })
}

/// Removes the second factor of somebody who has lost it.
pub fn remove_second_factor(db: &Db, caller: &Caller, id: UserId) -> Result<(), ServiceError> {
    db.write(|conn| {
        let (mut account, _) = fetch(conn, caller, id)?;
        account.version += 1;
        account.totp_secret = None;
        accounts::update(conn, &account)?;
        accounts::keep_second_factor(conn, id, &SecondFactor::default())?;
        let n_logins = accounts::end_logins(conn, id, None)?;
        note::account(conn, caller, &account, "remove_second_factor", json!({ "ended_logins": n_logins }))
    })
}

/// Ends all logins of an account. Returns how many there were.
pub fn end_logins(db: &Db, caller: &Caller, id: UserId) -> Result<usize, ServiceError> {
    db.write(|conn| {
        let (account, _) = fetch(conn, caller, id)?;
        let n_logins = accounts::end_logins(conn, id, None)?;
        note::account(conn, caller, &account, "end_logins", json!({ "ended_logins": n_logins }))?;
        Ok(n_logins)
    })
}

/// Changes an account as the caller saw it: version, journal, and that somebody can still administer.
fn change(
    db: &Db,
    caller: &Caller,
    id: UserId,
    version: i32,
    action: &str,
    f: impl FnOnce(&mut DbConnection, &mut Account, &Agency) -> Result<Value, ServiceError>,
) -> Result<Account, ServiceError> {
    db.write(|conn| {
        let (mut account, agency) = fetch(conn, caller, id)?;
        if account.version != version {
            return Err(ServiceError::Stale);
        }
        let details = f(conn, &mut account, &agency)?;
        account.version += 1;
        accounts::update(conn, &account)?;
        if accounts::count_active(conn, Role::Administrator)? == 0 {
            let message = "这是最后一位可用的系统管理员，请先设立另一位";
            return Err(ServiceError::field("roles", message));
        }
        note::account(conn, caller, &account, action, details)?;
        Ok(account)
    })
}

fn check_person(name: &str, roles: &[Role]) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if name.is_empty() {
        refusals.push(Refusal::at("name", "请填写姓名"));
    } else if 50 < name.chars().count() {
        refusals.push(Refusal::at("name", "姓名至多50个字"));
    }
    if roles.is_empty() {
        refusals.push(Refusal::at("roles", "请至少选择一项职责"));
    }
    if roles.contains(&Role::Auditor) && 1 < roles.len() {
        // Who checks the others does not do their work.
        let message = format!("“{}”只读，不能兼任其他职责", Role::Auditor.label());
        refusals.push(Refusal::at("roles", message));
    }
    refusals
}

fn department(
    conn: &mut DbConnection,
    agency: &Agency,
    name: Option<&str>,
) -> Result<Result<Option<DepartmentId>, Refusal>, StorageError> {
    let Some(name) = name.map(str::trim).filter(|it| !it.is_empty()) else { return Ok(Ok(None)) };
    let departments = agencies::departments(conn, agency.agency_id())?;
    Ok(match departments.iter().find(|(_, it)| it == name) {
        Some((id, _)) => Ok(Some(*id)),
        None => {
            let message = format!("{}没有名为“{name}”的部门，请先添加部门", agency.name);
            Err(Refusal::at("department", message))
        }
    })
}
