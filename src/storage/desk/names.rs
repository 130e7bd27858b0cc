//! The names behind the identifiers of a page of cases, and the people cases can be given to.

use diesel::prelude::*;

use crate::domain::ids::AgencyId;
use crate::domain::workflow::Role;
use crate::storage::codes::Code;
use crate::storage::desk::queue::CaseLine;
use crate::storage::schema::{account_roles, accounts, agencies, departments};
use crate::storage::{DbConnection, StorageError};

/// A person cases can be given to.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct HandlerLine {
    /// The account.
    pub id: String,
    /// The person's name.
    pub name: String,
    /// The department.
    pub department_id: Option<i32>,
}

/// Those of an agency who handle cases and may sign in, by name.
pub fn handlers(conn: &mut DbConnection, agency: AgencyId) -> Result<Vec<HandlerLine>, StorageError> {
    Ok(accounts::table
        .inner_join(account_roles::table)
        .filter(accounts::agency_id.eq(agency.0))
        .filter(accounts::is_disabled.eq(false))
        .filter(account_roles::role.eq(Code(Role::Handler)))
        .order(accounts::name)
        .select((accounts::id, accounts::name, accounts::department_id))
        .load(conn)?)
}

/// The names of accounts, of departments and of agencies, by identifier, for the lines of a page.
pub fn of(conn: &mut DbConnection, lines: &[CaseLine]) -> Result<Names, StorageError> {
    fn distinct<T: Ord>(values: impl Iterator<Item = T>) -> Vec<T> {
        let mut values: Vec<T> = values.collect();
        values.sort_unstable();
        values.dedup();
        values
    }
    let handlers = distinct(lines.iter().filter_map(|it| it.handler_id.clone()));
    let in_departments = distinct(lines.iter().filter_map(|it| it.department_id));
    let in_agencies = distinct(lines.iter().map(|it| it.agency_id));
    Ok(Names {
        handlers: accounts::table
            .filter(accounts::id.eq_any(handlers))
            .select((accounts::id, accounts::name))
            .load(conn)?,
        departments: departments::table
            .filter(departments::id.eq_any(in_departments))
            .select((departments::id, departments::name))
            .load(conn)?,
        agencies: agencies::table
            .filter(agencies::id.eq_any(in_agencies))
            .select((agencies::id, agencies::name))
            .load(conn)?,
    })
}

/// Names by identifier.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Of accounts.
    pub handlers: Vec<(String, String)>,
    /// Of departments.
    pub departments: Vec<(i32, String)>,
    /// Of agencies.
    pub agencies: Vec<(i32, String)>,
}
