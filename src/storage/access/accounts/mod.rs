//! Accounts, their roles, their passwords and their logins.

mod logins;
mod secrets;

pub use logins::*;
pub use secrets::*;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use crate::domain::ids::{AgencyId, DepartmentId, UserId};
use crate::domain::workflow::Role;
use crate::storage::access::agencies::Agency;
use crate::storage::codes::{Code, Id};
use crate::storage::schema::{account_roles, accounts, agencies, departments};
use crate::storage::{DbConnection, StorageError};

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its identifier.
    pub id: UserId,
    /// The name it signs in with, unique.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// The agency.
    pub agency_id: AgencyId,
    /// The department.
    pub department_id: Option<DepartmentId>,
    /// Grows by one with every change.
    pub version: i32,
    /// The hash of the password, in the PHC string format.
    pub password_hash: String,
    /// When the password was set.
    pub password_set_at: DateTime<Utc>,
    /// Whether it must be changed at the next login.
    pub must_change_password: bool,
    /// The secret of the second factor, in base 32; none where there is none.
    pub totp_secret: Option<String>,
    /// Whether nobody may sign in with it any more.
    pub is_disabled: bool,
    /// Wrong passwords in a row.
    pub n_failures: u32,
    /// Until when it is locked.
    pub locked_until: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Its roles.
    pub roles: Vec<Role>,
}

#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = accounts, treat_none_as_null = true)]
struct AccountRow {
    id: Id<UserId>,
    login: String,
    name: String,
    agency_id: i32,
    department_id: Option<i32>,
    version: i32,
    password_hash: String,
    password_set_at: NaiveDateTime,
    must_change_password: bool,
    totp_secret: Option<String>,
    is_disabled: bool,
    n_failures: i32,
    locked_until: Option<NaiveDateTime>,
    created_at: NaiveDateTime,
}

impl AccountRow {
    fn new(account: &Account) -> Self {
        Self {
            id: Id(account.id),
            login: account.login.clone(),
            name: account.name.clone(),
            agency_id: account.agency_id.0,
            department_id: account.department_id.map(|it| it.0),
            version: account.version,
            password_hash: account.password_hash.clone(),
            password_set_at: account.password_set_at.naive_utc(),
            must_change_password: account.must_change_password,
            totp_secret: account.totp_secret.clone(),
            is_disabled: account.is_disabled,
            n_failures: i32::try_from(account.n_failures).unwrap_or(i32::MAX),
            locked_until: account.locked_until.map(|it| it.naive_utc()),
            created_at: account.created_at.naive_utc(),
        }
    }

    fn account(self, roles: Vec<Role>) -> Account {
        Account {
            id: self.id.0,
            login: self.login,
            name: self.name,
            agency_id: AgencyId(self.agency_id),
            department_id: self.department_id.map(DepartmentId),
            version: self.version,
            password_hash: self.password_hash,
            password_set_at: self.password_set_at.and_utc(),
            must_change_password: self.must_change_password,
            totp_secret: self.totp_secret,
            is_disabled: self.is_disabled,
            n_failures: u32::try_from(self.n_failures).unwrap_or(0),
            locked_until: self.locked_until.map(|it| it.and_utc()),
            created_at: self.created_at.and_utc(),
            roles,
        }
    }
}

/// How many accounts there are.
pub fn count(conn: &mut DbConnection) -> Result<i64, StorageError> {
    Ok(accounts::table.count().get_result(conn)?)
}

/// Stores a new account with its roles.
///
/// # Errors
/// [`StorageError::Conflict`] where the login is taken.
pub fn insert(conn: &mut DbConnection, account: &Account) -> Result<(), StorageError> {
    diesel::insert_into(accounts::table).values(AccountRow::new(account)).execute(conn)?;
    insert_roles(conn, account)
}

fn insert_roles(conn: &mut DbConnection, account: &Account) -> Result<(), StorageError> {
    for role in &account.roles {
        diesel::insert_into(account_roles::table)
            .values((account_roles::account_id.eq(Id(account.id)), account_roles::role.eq(Code(*role))))
            .execute(conn)?;
    }
    Ok(())
}

/// Stores a changed account with its roles where nobody has changed it since it was read.
///
/// # Errors
/// [`StorageError::Stale`] where somebody has.
pub fn update(conn: &mut DbConnection, account: &Account) -> Result<(), StorageError> {
    let row = AccountRow::new(account);
    let known =
        accounts::table.filter(accounts::id.eq(&row.id)).filter(accounts::version.eq(account.version - 1));
    if diesel::update(known).set(&row).execute(conn)? == 0 {
        return Err(StorageError::Stale);
    }
    diesel::delete(account_roles::table.filter(account_roles::account_id.eq(&row.id))).execute(conn)?;
    insert_roles(conn, account)
}

/// Notes a wrong or right password. No fact of the account changes, so neither does its version.
pub fn note_failures(
    conn: &mut DbConnection,
    account: UserId,
    n_failures: u32,
    locked_until: Option<DateTime<Utc>>,
) -> Result<(), StorageError> {
    diesel::update(accounts::table.filter(accounts::id.eq(Id(account))))
        .set((
            accounts::n_failures.eq(i32::try_from(n_failures).unwrap_or(i32::MAX)),
            accounts::locked_until.eq(locked_until.map(|it| it.naive_utc())),
        ))
        .execute(conn)?;
    Ok(())
}

fn with_roles(conn: &mut DbConnection, row: AccountRow) -> Result<Account, StorageError> {
    let roles: Vec<Code<Role>> = account_roles::table
        .filter(account_roles::account_id.eq(&row.id))
        .select(account_roles::role)
        .load(conn)?;
    let mut roles: Vec<_> = roles.into_iter().map(|it| it.0).collect();
    roles.sort_unstable();
    Ok(row.account(roles))
}

/// The account that signs in with this name.
///
/// # Errors
/// [`StorageError::NotFound`] where there is none.
pub fn by_login(conn: &mut DbConnection, login: &str) -> Result<Account, StorageError> {
    let row: AccountRow = accounts::table.filter(accounts::login.eq(login)).first(conn)?;
    with_roles(conn, row)
}

/// The account with this identifier.
///
/// # Errors
/// [`StorageError::NotFound`] where there is none.
pub fn fetch(conn: &mut DbConnection, account: UserId) -> Result<Account, StorageError> {
    let row: AccountRow = accounts::table.filter(accounts::id.eq(Id(account))).first(conn)?;
    with_roles(conn, row)
}

/// The accounts of an agency, by the name they sign in with.
pub fn of_agency(conn: &mut DbConnection, agency: AgencyId) -> Result<Vec<Account>, StorageError> {
    let rows: Vec<AccountRow> =
        accounts::table.filter(accounts::agency_id.eq(agency.0)).order(accounts::login).load(conn)?;
    rows.into_iter().map(|row| with_roles(conn, row)).collect()
}

/// An account with the names of the places it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The account.
    pub account: Account,
    /// Its agency.
    pub agency: Agency,
    /// The name of its department.
    pub department: Option<String>,
}

/// The columns of an agency, in the order of its fields.
type AgencyColumns = (agencies::id, agencies::code, agencies::name, agencies::parent_id, agencies::path);
const AGENCY: AgencyColumns =
    (agencies::id, agencies::code, agencies::name, agencies::parent_id, agencies::path);

/// The accounts of the agency with this path and of everything below it: by agency, then by the name
/// they sign in with.
pub fn below(conn: &mut DbConnection, path: &str) -> Result<Vec<Listed>, StorageError> {
    let of_agencies = agencies::path.like(format!("{path}%"));
    let mut roles: Vec<(Id<UserId>, Code<Role>)> = account_roles::table
        .inner_join(accounts::table.inner_join(agencies::table))
        .filter(of_agencies.clone())
        .select((account_roles::account_id, account_roles::role))
        .load(conn)?;
    roles.sort_unstable_by_key(|(account, role)| (account.0, role.0));
    let rows: Vec<(AccountRow, Agency, Option<String>)> = accounts::table
        .inner_join(agencies::table)
        .left_join(departments::table)
        .filter(of_agencies)
        .order((agencies::path, accounts::login))
        .select((accounts::all_columns, AGENCY, departments::name.nullable()))
        .load(conn)?;
    let listed = rows.into_iter().map(|(row, agency, department)| {
        let first = roles.partition_point(|(id, _)| *id < row.id);
        let own = roles[first..].iter().take_while(|(id, _)| *id == row.id).map(|(_, role)| role.0).collect();
        Listed { account: row.account(own), agency, department }
    });
    Ok(listed.collect())
}

/// How many accounts with this role may sign in.
pub fn count_active(conn: &mut DbConnection, role: Role) -> Result<i64, StorageError> {
    Ok(account_roles::table
        .inner_join(accounts::table)
        .filter(account_roles::role.eq(Code(role)))
        .filter(accounts::is_disabled.eq(false))
        .count()
        .get_result(conn)?)
}
