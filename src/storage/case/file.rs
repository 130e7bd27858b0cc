//! What the page of one case needs beyond the case itself.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::domain::case::Reply;
use crate::domain::ids::{AgencyId, CaseId, DepartmentId, UserId};
use crate::domain::outcome::Outcome;
use crate::domain::visibility::CasePlace;
use crate::domain::workflow::{Role, Status};
use crate::storage::case::rows::ReplyRow;
use crate::storage::codes::{Code, Id};
use crate::storage::schema::{account_roles, accounts, agencies, case_links, cases, replies};
use crate::storage::{DbConnection, StorageError};

/// A case linked to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedCase {
    /// Its identifier.
    pub id: CaseId,
    /// Its number.
    pub case_no: String,
    /// The applicant.
    pub applicant_name: String,
    /// Where it belongs, which decides who sees it.
    pub place: CasePlace,
    /// How they belong together.
    pub reason: String,
}

/// The cases linked to a case, by number.
pub fn linked(conn: &mut DbConnection, case: CaseId) -> Result<Vec<LinkedCase>, StorageError> {
    type Row =
        (Id<CaseId>, String, String, i32, String, Option<i32>, Option<Id<UserId>>, Code<Status>, String);
    let rows: Vec<Row> = case_links::table
        .inner_join(cases::table.on(cases::id.eq(case_links::other_id)))
        .inner_join(agencies::table.on(agencies::id.eq(cases::agency_id)))
        .filter(case_links::case_id.eq(Id(case)))
        .order(cases::case_no)
        .select((
            cases::id,
            cases::case_no,
            cases::applicant_name,
            cases::agency_id,
            agencies::path,
            cases::department_id,
            cases::handler_id,
            cases::status,
            case_links::reason,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(case, case_no, applicant_name, agency, agency_path, department, handler, status, reason)| {
            let place = CasePlace {
                agency: AgencyId(agency),
                agency_path,
                department: department.map(DepartmentId),
                handler: handler.map(|it| it.0),
                status: status.0,
            };
            LinkedCase { id: case.0, case_no, applicant_name, place, reason }
        })
        .collect())
}

/// The replies of every round of a case, in order.
pub fn replies(conn: &mut DbConnection, case: CaseId) -> Result<Vec<(i32, Reply)>, StorageError> {
    let rows: Vec<ReplyRow> =
        replies::table.filter(replies::case_id.eq(Id(case))).order(replies::round).load(conn)?;
    rows.into_iter().map(|row| Ok((row.round, row.reply()?))).collect()
}

/// Sets the closing in the reply of the first round right, of a case that is in a later one.
pub fn amend_first_reply(
    conn: &mut DbConnection,
    case: CaseId,
    on: NaiveDate,
    outcome: Outcome,
) -> Result<(), StorageError> {
    const FIRST: i32 = 1;
    let known = replies::table.filter(replies::case_id.eq(Id(case))).filter(replies::round.eq(FIRST));
    let changed = diesel::update(known)
        .set((replies::outcome.eq(Code(outcome)), replies::closed_on.eq(on)))
        .execute(conn)?;
    if changed == 0 {
        let reply = Reply { outcome: Some(outcome), closed_on: Some(on), ..Reply::default() };
        let row = ReplyRow::new(case, FIRST, &reply)?;
        diesel::insert_into(replies::table).values(&row).execute(conn)?;
    }
    Ok(())
}

/// A person a case can be given to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandlerName {
    /// The account.
    pub id: UserId,
    /// The person's name.
    pub name: String,
    /// The department.
    pub department: DepartmentId,
}

/// The handlers of an agency who are in a department and may sign in, by department and name.
pub fn handlers(conn: &mut DbConnection, agency: AgencyId) -> Result<Vec<HandlerName>, StorageError> {
    let rows: Vec<(Id<UserId>, String, Option<i32>)> = accounts::table
        .inner_join(account_roles::table.on(account_roles::account_id.eq(accounts::id)))
        .filter(accounts::agency_id.eq(agency.0))
        .filter(accounts::is_disabled.eq(false))
        .filter(account_roles::role.eq(Code(Role::Handler)))
        .order((accounts::department_id, accounts::name))
        .select((accounts::id, accounts::name, accounts::department_id))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(account, name, department)| {
            Some(HandlerName { id: account.0, name, department: DepartmentId(department?) })
        })
        .collect())
}

/// The names of an agency's people, by identifier.
pub fn people(conn: &mut DbConnection, agency: AgencyId) -> Result<Vec<(String, String)>, StorageError> {
    Ok(accounts::table
        .filter(accounts::agency_id.eq(agency.0))
        .select((accounts::id, accounts::name))
        .load(conn)?)
}
