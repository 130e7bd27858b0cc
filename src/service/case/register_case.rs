//! Registers an application.

use chrono::Datelike;

use crate::domain::case::{Applied, Case, Command, next_day};
use crate::domain::labels::Coded;
use crate::domain::request::Request;
use crate::domain::workflow::{Action, Status};
use crate::service::mail::mail_to_applicant;
use crate::service::{Caller, Rules, ServiceError, check_department, note};
use crate::storage::DbConnection;
use crate::storage::case::cases;
use crate::storage::case::cases::NewCase;

pub use crate::domain::case::RegisterCase;

/// Registers an application under the next number of its year.
///
/// Where the channel needs both sides' confirmation (art. 31) and none is given, the case is kept as
/// received, and registered once it is confirmed.
///
/// # Errors
/// Refusals field by field; nobody but a clerk registers.
pub fn register_case(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
    command: &RegisterCase,
) -> Result<Case, ServiceError> {
    let case_no = cases::next_number(conn, command.agency, command.received_on.year())?;
    let Applied { case, details } = Case::received(case_no, command, &rules.context(caller))?;
    if let Some(department) = command.department {
        check_department(conn, command.agency, department)?;
    }
    let case = store(conn, caller, rules, case, &command.request, Action::Register.code(), details)?;
    if case.status == Status::Registered {
        let registered = Command::Register {
            confirmed_on: case.received_on,
            how: command.request.confirmed_how.clone().unwrap_or_default(),
        };
        mail_to_applicant::tell_of_act(conn, caller, rules, &case, &registered)?;
    }
    Ok(case)
}

/// Stores a new case with its first journal entry.
pub(in crate::service) fn store(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
    case: Case,
    request: &Request,
    action: &str,
    details: serde_json::Value,
) -> Result<Case, ServiceError> {
    let next = next_day(&case.clock, &rules.calendar, &rules.clock, caller.today());
    let new = NewCase { case, request: request.clone(), next, registered_at: caller.now };
    cases::insert(conn, std::slice::from_ref(&new))?;
    let case = new.case;
    note::case(conn, caller, &case, action, details)?;
    Ok(case)
}
