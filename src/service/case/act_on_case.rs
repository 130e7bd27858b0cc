//! Carries one action of the workflow out on a case.

use crate::domain::case::{Amendment, Applied, Case, Command, next_day};
use crate::domain::labels::Coded;
use crate::service::case::open_case::Sighted;
use crate::service::mail::tell_of_act::tell_of_act;
use crate::service::{Caller, Rules, ServiceError, check_department, note};
use crate::storage::case::cases;
use crate::storage::{DbConnection, StorageError};

/// Applies a command to a case the caller sees, and writes the journal.
///
/// `version` is that of the page the command was given on: where the case has been changed since,
/// nothing is done and the caller shows what changed.
///
/// # Errors
/// [`ServiceError::Stale`] for a stale version, or the rules' refusal.
pub fn act_on_case(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
    sighted: &Sighted,
    version: i32,
    command: &Command,
) -> Result<Case, ServiceError> {
    let before = sighted.case();
    if before.version != version {
        return Err(ServiceError::Stale);
    }
    let Applied { case, details } = before.apply(command, &rules.context(caller))?;
    change_beside(conn, before, command)?;
    let next = next_day(&case.clock, &rules.calendar, &rules.clock, caller.today());
    cases::update(conn, &case, next, caller.now)?;
    note::case(conn, caller, &case, command.action().code(), details)?;
    tell_of_act(conn, caller, rules, before, &case, command)?;
    Ok(case)
}

/// What a command changes, or must find, outside the case itself.
pub(in crate::service) fn change_beside(
    conn: &mut DbConnection,
    before: &Case,
    command: &Command,
) -> Result<(), ServiceError> {
    match command {
        Command::Register { confirmed_on, how } => {
            let mut request = cases::request(conn, before.id)?;
            request.confirmed_on = Some(*confirmed_on);
            request.confirmed_how = Some(how.trim().to_owned());
            // Until then, the day it arrived stood for the day of receipt.
            request.arrived_on.get_or_insert(before.received_on);
            Ok(cases::update_request(conn, before.id, &request)?)
        }
        Command::Assign { department, .. } => check_department(conn, before.agency_id, *department),
        Command::Link { case_no, reason } => link(conn, before, case_no, reason.trim()),
        Command::Amend(Amendment { closed: Some((on, outcome)), .. }) if 1 < before.round => {
            Ok(cases::amend_first_reply(conn, before.id, *on, *outcome)?)
        }
        _ => Ok(()),
    }
}

fn link(conn: &mut DbConnection, before: &Case, case_no: &str, reason: &str) -> Result<(), ServiceError> {
    let other = cases::by_no(conn, before.agency_id, case_no).map_err(|err| match err {
        StorageError::NotFound => ServiceError::field("case_no", format!("没有登记号为“{case_no}”的申请")),
        err => err.into(),
    })?;
    if other.id == before.id {
        return Err(ServiceError::field("case_no", "不能与本件自身关联"));
    }
    let known = || ServiceError::field("case_no", format!("本件与“{case_no}”已经关联"));
    if cases::links(conn, before.id)?.iter().any(|(id, ..)| *id == other.id) {
        return Err(known());
    }
    // Somebody may link them at the same moment.
    cases::link(conn, before.id, other.id, reason).map_err(|err| match err {
        StorageError::Conflict => known(),
        err => err.into(),
    })
}
