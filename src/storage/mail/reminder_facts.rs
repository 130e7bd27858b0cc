//! The facts that reminders come from, and the people who get them.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::domain::ids::{AgencyId, CaseId, DepartmentId, RemedyId, UserId};
use crate::domain::reminders::OpenCase;
use crate::domain::visibility::Viewer;
use crate::domain::workflow::{Role, Status};
use crate::storage::case::cases::from_json;
use crate::storage::codes::{Code, Id};
use crate::storage::schema::{account_roles, accounts, agencies, cases, mail_addresses, remedies};
use crate::storage::{DbConnection, StorageError};

/// An open case with where it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedCase {
    /// The case.
    pub case: OpenCase,
    /// Its agency.
    pub agency: AgencyId,
    /// Its department.
    pub department: Option<DepartmentId>,
    /// Who has it in hand.
    pub handler: Option<UserId>,
    /// The applicant.
    pub applicant_name: String,
}

type CaseRow = (Id<CaseId>, i32, String, Code<Status>, Option<i32>, Option<Id<UserId>>, i32, String, String);

/// One page of the open cases, by identifier: at most `limit` after `after`.
pub fn open_cases(conn: &mut DbConnection, after: &str, limit: i64) -> Result<Vec<PlacedCase>, StorageError> {
    let rows: Vec<CaseRow> = cases::table
        .filter(cases::is_open.eq(true))
        .filter(cases::id.gt(after.to_owned()))
        .order(cases::id)
        .select((
            cases::id,
            cases::agency_id,
            cases::case_no,
            cases::status,
            cases::department_id,
            cases::handler_id,
            cases::round,
            cases::clock,
            cases::applicant_name,
        ))
        .limit(limit)
        .load(conn)?;
    let placed = rows.into_iter().map(
        |(case, agency, case_no, status, department, handler, round, clock, applicant_name)| {
            let clock = from_json("clock", &clock)?;
            Ok(PlacedCase {
                case: OpenCase { id: case.0, case_no, round, status: status.0, clock },
                agency: AgencyId(agency),
                department: department.map(DepartmentId),
                handler: handler.map(|it| it.0),
                applicant_name,
            })
        },
    );
    placed.collect()
}

/// [`OpenRemedy`] as it is read.
type OpenRemedyRow = (Id<RemedyId>, i32, String, Option<Id<UserId>>);

/// A proceeding that is not concluded: its identifier, agency and number, and who has its case in hand.
pub type OpenRemedy = (RemedyId, AgencyId, String, Option<UserId>);

/// The proceedings that are not concluded.
pub fn open_remedies(conn: &mut DbConnection) -> Result<Vec<OpenRemedy>, StorageError> {
    let rows: Vec<OpenRemedyRow> = remedies::table
        .left_join(cases::table)
        .filter(remedies::concluded_on.is_null())
        .order(remedies::id)
        .select((remedies::id, remedies::agency_id, remedies::remedy_no, cases::handler_id.nullable()))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(remedy, agency, remedy_no, handler)| {
            (remedy.0, AgencyId(agency), remedy_no, handler.map(|it| it.0))
        })
        .collect())
}

/// Somebody who can be written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailReader {
    /// Who, where and in which roles.
    pub viewer: Viewer,
}

/// Everybody who can be written to.
pub fn readers(conn: &mut DbConnection) -> Result<Vec<MailReader>, StorageError> {
    let roles: Vec<(Id<UserId>, Code<Role>)> = account_roles::table
        .inner_join(mail_addresses::table.on(mail_addresses::account_id.eq(account_roles::account_id)))
        .select((account_roles::account_id, account_roles::role))
        .load(conn)?;
    let mut roles_of: BTreeMap<UserId, Vec<Role>> = BTreeMap::new();
    for (account, role) in roles {
        roles_of.entry(account.0).or_default().push(role.0);
    }
    let rows: Vec<(Id<UserId>, i32, String, Option<i32>)> = mail_addresses::table
        .inner_join(accounts::table.inner_join(agencies::table))
        .filter(accounts::is_disabled.eq(false))
        .order(accounts::id)
        .select((accounts::id, agencies::id, agencies::path, accounts::department_id))
        .load(conn)?;
    let readers = rows.into_iter().map(|(account, agency, agency_path, department)| {
        let mut roles = roles_of.remove(&account.0).unwrap_or_default();
        roles.sort_unstable();
        let viewer = Viewer {
            user: account.0,
            agency: AgencyId(agency),
            agency_path,
            department: department.map(DepartmentId),
            roles,
        };
        MailReader { viewer }
    });
    Ok(readers.collect())
}
