//! Who is written to: addresses of accounts, and what their owners do not want to hear of.

use diesel::prelude::*;

use crate::domain::ids::{AgencyId, DepartmentId, UserId};
use crate::domain::mail::MailKind;
use crate::domain::workflow::Role;
use crate::storage::codes::{Code, Id};
use crate::storage::schema::{account_roles, accounts, agencies, mail_addresses, muted_mail};
use crate::storage::{DbConnection, StorageError};

/// The address of an account.
pub fn address(conn: &mut DbConnection, account: UserId) -> Result<Option<String>, StorageError> {
    Ok(mail_addresses::table
        .filter(mail_addresses::account_id.eq(Id(account)))
        .select(mail_addresses::address)
        .first(conn)
        .optional()?)
}

/// The name of the person behind an account that can be written to.
pub fn name(conn: &mut DbConnection, account: UserId) -> Result<Option<String>, StorageError> {
    Ok(mail_addresses::table
        .inner_join(accounts::table)
        .filter(accounts::id.eq(Id(account)))
        .filter(accounts::is_disabled.eq(false))
        .select(accounts::name)
        .first(conn)
        .optional()?)
}

/// Keeps the address of an account, or forgets it.
pub fn set_address(
    conn: &mut DbConnection,
    account: UserId,
    address: Option<&str>,
) -> Result<(), StorageError> {
    let account = Id(account);
    diesel::delete(mail_addresses::table.filter(mail_addresses::account_id.eq(account))).execute(conn)?;
    if let Some(address) = address {
        diesel::insert_into(mail_addresses::table)
            .values((mail_addresses::account_id.eq(account), mail_addresses::address.eq(address)))
            .execute(conn)?;
    }
    Ok(())
}

/// What the owner of an account does not want to hear of.
///
/// # Errors
/// Where the database fails. A kind this version does not know is no longer sent, and left out.
pub fn muted(conn: &mut DbConnection, account: UserId) -> Result<Vec<MailKind>, StorageError> {
    use crate::domain::labels::Coded;
    let codes: Vec<String> = muted_mail::table
        .filter(muted_mail::account_id.eq(Id(account)))
        .order(muted_mail::kind)
        .select(muted_mail::kind)
        .load(conn)?;
    Ok(MailKind::ALL.iter().copied().filter(|it| codes.iter().any(|code| code == it.code())).collect())
}

/// Keeps what the owner of an account does not want to hear of, in place of what was kept before.
pub fn set_muted(conn: &mut DbConnection, account: UserId, kinds: &[MailKind]) -> Result<(), StorageError> {
    let account = Id(account);
    diesel::delete(muted_mail::table.filter(muted_mail::account_id.eq(account))).execute(conn)?;
    for kind in kinds {
        diesel::insert_into(muted_mail::table)
            .values((muted_mail::account_id.eq(account), muted_mail::kind.eq(Code(*kind))))
            .execute(conn)?;
    }
    Ok(())
}

/// The accounts of an agency with this role that can be written to, of one department where it is given.
pub fn with_role(
    conn: &mut DbConnection,
    agency: AgencyId,
    role: Role,
    department: Option<DepartmentId>,
) -> Result<Vec<UserId>, StorageError> {
    let rows: Vec<(Id<UserId>, Option<i32>)> = mail_addresses::table
        .inner_join(accounts::table)
        .inner_join(account_roles::table.on(account_roles::account_id.eq(accounts::id)))
        .filter(accounts::agency_id.eq(agency.0))
        .filter(accounts::is_disabled.eq(false))
        .filter(account_roles::role.eq(Code(role)))
        .order(accounts::id)
        .select((accounts::id, accounts::department_id))
        .load(conn)?;
    let of_department =
        |it: &(Id<UserId>, Option<i32>)| department.is_none_or(|wanted| it.1 == Some(wanted.0));
    Ok(rows.into_iter().filter(of_department).map(|(account, _)| account.0).collect())
}

/// Every account that can be written to.
pub fn all(conn: &mut DbConnection) -> Result<Vec<UserId>, StorageError> {
    let rows: Vec<Id<UserId>> = mail_addresses::table
        .inner_join(accounts::table)
        .filter(accounts::is_disabled.eq(false))
        .order(accounts::id)
        .select(accounts::id)
        .load(conn)?;
    Ok(rows.into_iter().map(|it| it.0).collect())
}

/// How many accounts may sign in and have no address, of the agency with this path and of everything below.
pub fn count_without_address(conn: &mut DbConnection, path: &str) -> Result<i64, StorageError> {
    Ok(accounts::table
        .inner_join(agencies::table)
        .left_join(mail_addresses::table)
        .filter(agencies::path.like(format!("{path}%")))
        .filter(accounts::is_disabled.eq(false))
        .filter(mail_addresses::address.nullable().is_null())
        .count()
        .get_result(conn)?)
}
