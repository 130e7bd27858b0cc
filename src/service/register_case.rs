//! Registers an application.

use chrono::{Datelike, NaiveDate};
use serde_json::json;

use crate::domain::applicant::ApplicantKind;
use crate::domain::case::{Case, CaseError, Command, Refusal, next_day};
use crate::domain::ids::{AgencyId, CaseId, DepartmentId};
use crate::domain::labels::Coded;
use crate::domain::request::{Channel, Request};
use crate::domain::response_clock::ClockFacts;
use crate::domain::workflow::{Action, Role, Status, WorkflowError};
use crate::service::mail_to_applicant;
use crate::service::{Caller, Rules, ServiceError, check_department, note};
use crate::storage::cases::NewCase;
use crate::storage::{DbConnection, cases};

/// An application as it comes in.
#[derive(Debug, Clone)]
pub struct RegisterCase {
    /// The agency it was made to.
    pub agency: AgencyId,
    /// How it came.
    pub channel: Channel,
    /// The day of receipt: for channels that need the applicant's confirmation the day of that, and
    /// while it is outstanding the day it arrived.
    pub received_on: NaiveDate,
    /// The column of table 3.
    pub applicant_kind: ApplicantKind,
    /// Who asks.
    pub applicant_name: String,
    /// What is asked, and everything else about it.
    pub request: Request,
    /// The department, where it is known already.
    pub department: Option<DepartmentId>,
}

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
    if !caller.viewer.roles.contains(&Role::Clerk) {
        return Err(CaseError::Workflow(WorkflowError::NotPermitted { action: Action::Register }).into());
    }
    let mut refusals = Vec::new();
    if command.applicant_name.trim().is_empty() {
        refusals.push(Refusal {
            field: "applicant_name", message: "请填写申请人姓名或者名称".to_owned()
        });
    }
    if command.request.content.trim().is_empty() {
        refusals.push(Refusal { field: "content", message: "请填写申请公开的内容".to_owned() });
    }
    if caller.today() < command.received_on {
        refusals.push(Refusal {
            field: "received_on", message: "收到日期还没有到，请核对日期".to_owned()
        });
    }
    if !refusals.is_empty() {
        return Err(CaseError::Refused(refusals).into());
    }
    if let Some(department) = command.department {
        check_department(conn, command.agency, department)?;
    }
    let awaits_confirmation =
        command.channel.receipt_rule().needs_confirmation && command.request.confirmed_on.is_none();
    let case_no = cases::next_number(conn, command.agency, command.received_on.year())?;
    let case = Case {
        id: CaseId::new(),
        agency_id: command.agency,
        case_no,
        version: 1,
        status: if awaits_confirmation { Status::Received } else { Status::Registered },
        channel: Some(command.channel),
        received_on: command.received_on,
        applicant_kind: command.applicant_kind,
        applicant_name: command.applicant_name.trim().to_owned(),
        department_id: command.department,
        handler_id: None,
        round: 1,
        closed: None,
        clock: ClockFacts { channel: Some(command.channel), ..ClockFacts::received(command.received_on) },
        reply: None,
    };
    let mut details = json!({
        "case_no": case.case_no,
        "channel": case.channel,
        "received_on": case.received_on,
        "applicant_kind": case.applicant_kind,
        "applicant_name": case.applicant_name,
    });
    if let Some(how) = &command.request.confirmed_how {
        details["confirmed_how"] = json!(how);
    }
    if awaits_confirmation {
        details["awaits_confirmation"] = json!(true);
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
pub(super) fn store(
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
