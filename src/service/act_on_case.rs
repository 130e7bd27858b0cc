//! Carries one action of the workflow out on a case.

use crate::domain::case::{Applied, Case, Command, next_day};
use crate::domain::event::Subject;
use crate::domain::ids::CaseId;
use crate::domain::labels::Coded;
use crate::service::{Actor, Rules, ServiceError, event};
use crate::storage::{DbConnection, StorageError, cases, journal};

/// Applies a command to the case as the caller saw it, and writes the journal.
///
/// `version` is that of the page the command was given on: where the case has been changed since,
/// nothing is done and the caller shows what changed.
///
/// # Errors
/// [`StorageError::Conflict`] for a stale version, or the rules' refusal.
pub fn act_on_case(
    conn: &mut DbConnection,
    actor: &Actor,
    rules: &Rules,
    case: CaseId,
    version: i32,
    command: &Command,
) -> Result<Case, ServiceError> {
    let before = cases::fetch(conn, case)?;
    if before.version != version {
        return Err(StorageError::Conflict.into());
    }
    if let Command::Link { case_no, reason } = command {
        let other = cases::by_no(conn, before.agency_id, case_no).map_err(|err| match err {
            StorageError::NotFound => ServiceError::Refused(format!("没有登记号为“{case_no}”的申请")),
            err => err.into(),
        })?;
        cases::link(conn, before.id, other.id, reason)?;
    }
    let Applied { case, details } = before.apply(command, &rules.context(actor))?;
    let next = next_day(&case.clock, &rules.calendar, &rules.clock, actor.today());
    cases::update(conn, &case, next, actor.now)?;
    let counted = Some((&case.counted()).into());
    let action = command.action().code();
    journal::append(
        conn,
        event(actor, Subject::Case, case.id.to_string(), Some(case.agency_id), action, details, counted),
    )?;
    Ok(case)
}
