//! Adding an account, and the one-time password it begins with.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{check_person, department};
use crate::domain::ids::{AgencyId, UserId};
use crate::domain::refusal::{Refusal, Refusals};
use crate::domain::workflow::Role;
use crate::service::access::hashing::{hash_password, random_bytes};
use crate::service::{Caller, ServiceError, agency, note};
use crate::storage::access::accounts;
use crate::storage::access::accounts::Account;
use crate::storage::{Db, DbConnection, StorageError};

/// A new account.
#[derive(Debug, Clone, Default)]
pub struct NewAccount {
    /// The name it signs in with.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// The code of the agency.
    pub agency: String,
    /// The name of the department, which must exist.
    pub department: Option<String>,
    /// The roles, at least one.
    pub roles: Vec<Role>,
}

/// Adds an account with a one-time password, which is returned to be told to the person and is kept nowhere.
///
/// # Errors
/// Refusals field by field.
pub fn add(db: &Db, caller: &Caller, new: &NewAccount) -> Result<(Account, String), ServiceError> {
    let password = one_time_password();
    // Outside the transaction, for it is slow on purpose and there is one writer.
    let account = with_password(new, hash_password(&password)?, true, caller.now);
    let account = db.write(|conn| store(conn, caller, new, account))?;
    Ok((account, password))
}

/// The account without the places it belongs to, which are looked up where it is stored.
pub(in crate::service) fn with_password(
    new: &NewAccount,
    password_hash: String,
    must_change_password: bool,
    now: DateTime<Utc>,
) -> Account {
    let mut roles = new.roles.clone();
    roles.sort_unstable();
    roles.dedup();
    Account {
        id: UserId::new(),
        login: new.login.trim().to_lowercase(),
        name: new.name.trim().to_owned(),
        agency_id: AgencyId(0),
        department_id: None,
        version: 1,
        password_hash,
        password_set_at: now,
        must_change_password,
        totp_secret: None,
        is_disabled: false,
        n_failures: 0,
        locked_until: None,
        created_at: now,
        roles,
    }
}

pub(in crate::service) fn store(
    conn: &mut DbConnection,
    caller: &Caller,
    new: &NewAccount,
    mut account: Account,
) -> Result<Account, ServiceError> {
    let mut refusals = check_person(&account.name, &account.roles);
    if let Some(message) = login_fault(&account.login) {
        refusals.push(Refusal::at("login", message));
    } else if is_taken(conn, &account.login)? {
        let message = format!("用户名“{}”已经有人使用，请换一个", account.login);
        refusals.push(Refusal::at("login", message));
    }
    match agency(conn, new.agency.trim()) {
        Ok(agency) if caller.reaches(&agency) => {
            account.agency_id = agency.agency_id();
            match department(conn, &agency, new.department.as_deref())? {
                Ok(department) => account.department_id = department,
                Err(refusal) => refusals.push(refusal),
            }
        }
        Ok(_) | Err(ServiceError::NoAgency(_)) => {
            let message = format!("没有代码为“{}”的机关", new.agency.trim());
            refusals.push(Refusal::at("agency", message));
        }
        Err(err) => return Err(err),
    }
    // In the order of the form.
    const ORDER: &[&str] = &["agency", "name", "login", "department", "roles"];
    refusals.sort_by_key(|refusal| ORDER.iter().position(|it| *it == refusal.field));
    Refusals::check(refusals)?;
    accounts::insert(conn, &account)?;
    let details = json!({ "roles": account.roles, "department": new.department });
    note::account(conn, caller, &account, "add", details)?;
    Ok(account)
}

/// What is wrong with a name to sign in with: it is typed every day, so it is short and plain.
fn login_fault(login: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
    if login.is_empty() {
        return Some("请填写用户名".to_owned());
    }
    let fits = (2..=32).contains(&login.len()) && login.chars().all(is_plain);
    (!fits).then(|| "用户名为2至32个小写字母、数字、点、横线或者下划线".to_owned())
}

fn is_taken(conn: &mut DbConnection, login: &str) -> Result<bool, StorageError> {
    match accounts::by_login(conn, login) {
        Ok(_) => Ok(true),
        Err(StorageError::NotFound) => Ok(false),
        Err(err) => Err(err),
    }
}

/// A password to be told on the telephone: 12 characters of 31 that cannot be taken for one another.
pub(super) fn one_time_password() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut text = String::new();
    while text.len() < 14 {
        // Bytes beyond a multiple of 31 would favour some letters.
        for byte in random_bytes().into_iter().filter(|it| *it < 31 * 8) {
            match text.len() {
                4 | 9 => text.push('-'),
                14 => break,
                _ => {}
            }
            text.push(char::from(LETTERS[usize::from(byte % 31)]));
        }
    }
    text
}
