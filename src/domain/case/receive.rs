//! What an application becomes when it is received: a case, by whichever way it came.

use chrono::NaiveDate;
use serde_json::json;

use crate::domain::applicant::ApplicantKind;
use crate::domain::case::apply::day_to_come;
use crate::domain::case::{Applied, Case, CaseError, Context};
use crate::domain::ids::{AgencyId, CaseId, DepartmentId};
use crate::domain::refusal::{Refusal, Refusals};
use crate::domain::register::CaseRow;
use crate::domain::request::{Channel, Request};
use crate::domain::response_clock::ClockFacts;
use crate::domain::workflow::{self, Action, Status, WorkflowError};

/// An application as it comes in.
#[derive(Debug, Clone)]
pub struct RegisterCase {
    /// The agency it was made to.
    pub agency: AgencyId,
    /// The channel it came by.
    pub channel: Channel,
    /// The day of receipt: for channels that need the applicant's confirmation the day of that, and
    /// while it is outstanding the day it arrived.
    pub received_on: NaiveDate,
    /// The column of table 3.
    pub applicant_kind: ApplicantKind,
    /// The name of the applicant.
    pub applicant_name: String,
    /// What is asked, and everything else about it.
    pub request: Request,
    /// The department, where it is known already.
    pub department: Option<DepartmentId>,
}

impl Case {
    /// The case an application becomes under its number, and what the journal says of it.
    ///
    /// Where the channel needs both sides' confirmation (art. 31) and none is given, the case is kept as
    /// received, and registered once it is confirmed.
    ///
    /// # Errors
    /// Refusals field by field; nobody but a clerk registers.
    pub fn received(
        case_no: String,
        application: &RegisterCase,
        context: &Context<'_>,
    ) -> Result<Applied, CaseError> {
        if !workflow::may(context.roles, Action::Register) {
            return Err(WorkflowError::NotPermitted { action: Action::Register }.into());
        }
        let RegisterCase { channel, received_on, request, .. } = application;
        let mut refusals = Vec::new();
        let mut refuse = |field: &'static str, message: &str| refusals.push(Refusal::at(field, message));
        if application.applicant_name.trim().is_empty() {
            refuse("applicant_name", "请填写申请人姓名或者名称");
        }
        if request.content.trim().is_empty() {
            refuse("content", "请填写申请公开的内容");
        }
        refusals.extend(day_to_come(*received_on, context.today));
        Refusals::check(refusals)?;
        let awaits_confirmation = channel.receipt_rule().needs_confirmation && request.confirmed_on.is_none();
        let mut case = Self::new(application.agency, case_no, *received_on, application.applicant_kind);
        if awaits_confirmation {
            case.status = Status::Received;
        }
        case.channel = Some(*channel);
        case.clock.channel = Some(*channel);
        application.applicant_name.trim().clone_into(&mut case.applicant_name);
        case.department_id = application.department;
        let mut details = json!({
            "case_no": case.case_no,
            "channel": case.channel,
            "received_on": case.received_on,
            "applicant_kind": case.applicant_kind,
            "applicant_name": case.applicant_name,
        });
        if let Some(how) = &request.confirmed_how {
            details["confirmed_how"] = json!(how);
        }
        if awaits_confirmation {
            details["awaits_confirmation"] = json!(true);
        }
        Ok(Applied { case, details })
    }

    /// The case of which an office's own register tells. It was received then, by whoever kept the register,
    /// which need not say how it came, who asked, or for what.
    ///
    /// # Errors
    /// A day of receipt that is still to come.
    pub fn received_before(agency: AgencyId, row: &CaseRow, today: NaiveDate) -> Result<Self, CaseError> {
        match day_to_come(row.received_on, today) {
            Some(refusal) => Err(CaseError::Refused(refusal.into())),
            None => Ok(Self::new(agency, row.case_no.clone(), row.received_on, row.applicant_kind)),
        }
    }

    /// A case in its first round, of which nothing more is known.
    fn new(
        agency_id: AgencyId,
        case_no: String,
        received_on: NaiveDate,
        applicant_kind: ApplicantKind,
    ) -> Self {
        Self {
            id: CaseId::new(),
            agency_id,
            case_no,
            version: 1,
            status: Status::Registered,
            channel: None,
            received_on,
            applicant_kind,
            applicant_name: String::new(),
            department_id: None,
            handler_id: None,
            round: 1,
            closed: None,
            clock: ClockFacts::received(received_on),
            reply: None,
        }
    }
}
