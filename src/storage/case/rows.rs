//! Cases, requests and replies as rows, and back.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use crate::domain::applicant::ApplicantKind;
use crate::domain::case::{Case, NextDay, Reply};
use crate::domain::ids::{AgencyId, CaseId, DepartmentId, UserId};
use crate::domain::outcome::Outcome;
use crate::domain::request::{Channel, PreferredForm, Request};
use crate::domain::response_clock::SuspendedBy;
use crate::domain::workflow::Status;
use crate::storage::StorageError;
use crate::storage::codes::{Code, Id};
use crate::storage::schema::{cases, replies, requests};

// With `treat_none_as_default_value` an insert would have as many texts as there are ways to leave columns
// out, and would be prepared anew each time.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = cases, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(in crate::storage::case) struct CaseRow {
    pub(in crate::storage::case) id: Id<CaseId>,
    pub(in crate::storage::case) agency_id: i32,
    pub(in crate::storage::case) case_no: String,
    pub(in crate::storage::case) status: Code<Status>,
    pub(in crate::storage::case) is_open: bool,
    pub(in crate::storage::case) version: i32,
    pub(in crate::storage::case) channel: Option<Code<Channel>>,
    pub(in crate::storage::case) received_on: NaiveDate,
    pub(in crate::storage::case) applicant_kind: Code<ApplicantKind>,
    pub(in crate::storage::case) applicant_name: String,
    pub(in crate::storage::case) department_id: Option<i32>,
    pub(in crate::storage::case) handler_id: Option<Id<UserId>>,
    pub(in crate::storage::case) closed_on: Option<NaiveDate>,
    pub(in crate::storage::case) outcome: Option<Code<Outcome>>,
    pub(in crate::storage::case) round: i32,
    pub(in crate::storage::case) clock: String,
    pub(in crate::storage::case) due_on: NaiveDate,
    pub(in crate::storage::case) due_provisional: bool,
    pub(in crate::storage::case) waiting_for: Option<Code<SuspendedBy>>,
    pub(in crate::storage::case) registered_at: NaiveDateTime,
    pub(in crate::storage::case) changed_at: NaiveDateTime,
}

#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = requests, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(in crate::storage::case) struct RequestRow {
    pub(in crate::storage::case) case_id: Id<CaseId>,
    pub(in crate::storage::case) content: String,
    pub(in crate::storage::case) preferred_form: Option<Code<PreferredForm>>,
    pub(in crate::storage::case) id_number: Option<String>,
    pub(in crate::storage::case) phone: Option<String>,
    pub(in crate::storage::case) email: Option<String>,
    pub(in crate::storage::case) address: Option<String>,
    pub(in crate::storage::case) submitted_on: Option<NaiveDate>,
    pub(in crate::storage::case) arrived_on: Option<NaiveDate>,
    pub(in crate::storage::case) confirmed_on: Option<NaiveDate>,
    pub(in crate::storage::case) confirmed_how: Option<String>,
    pub(in crate::storage::case) remarks: String,
}

#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = replies, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(in crate::storage::case) struct ReplyRow {
    pub(in crate::storage::case) case_id: Id<CaseId>,
    pub(in crate::storage::case) round: i32,
    pub(in crate::storage::case) outcome: Option<Code<Outcome>>,
    pub(in crate::storage::case) particulars: String,
    pub(in crate::storage::case) body: String,
    pub(in crate::storage::case) reply_no: Option<String>,
    pub(in crate::storage::case) legal_reviewed_on: Option<NaiveDate>,
    pub(in crate::storage::case) signed_off_on: Option<NaiveDate>,
    pub(in crate::storage::case) closed_on: Option<NaiveDate>,
    pub(in crate::storage::case) delivery_method: Option<String>,
    pub(in crate::storage::case) tracking_no: Option<String>,
    pub(in crate::storage::case) signed_for_on: Option<NaiveDate>,
}

pub(in crate::storage::case) fn json<T: serde::Serialize>(
    what: &'static str,
    value: &T,
) -> Result<String, StorageError> {
    serde_json::to_string(value).map_err(|err| StorageError::Unreadable { what, text: err.to_string() })
}

pub(in crate::storage) fn from_json<T: serde::de::DeserializeOwned>(
    what: &'static str,
    text: &str,
) -> Result<T, StorageError> {
    serde_json::from_str(text).map_err(|_| StorageError::Unreadable { what, text: text.to_owned() })
}

impl CaseRow {
    pub(in crate::storage::case) fn new(
        case: &Case,
        next: NextDay,
        registered_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Self, StorageError> {
        Ok(Self {
            id: Id(case.id),
            agency_id: case.agency_id.0,
            case_no: case.case_no.clone(),
            status: Code(case.status),
            is_open: case.status.is_open(),
            version: case.version,
            channel: case.channel.map(Code),
            received_on: case.received_on,
            applicant_kind: Code(case.applicant_kind),
            applicant_name: case.applicant_name.clone(),
            department_id: case.department_id.map(|it| it.0),
            handler_id: case.handler_id.map(Id),
            closed_on: case.closed.map(|(day, _)| day),
            outcome: case.closed.map(|(_, outcome)| Code(outcome)),
            round: case.round,
            clock: json("clock", &case.clock)?,
            due_on: next.on,
            due_provisional: next.provisional,
            waiting_for: next.waiting_for.map(Code),
            registered_at: registered_at.naive_utc(),
            changed_at: now.naive_utc(),
        })
    }

    pub(in crate::storage::case) fn case(self, reply: Option<ReplyRow>) -> Result<Case, StorageError> {
        Ok(Case {
            id: self.id.0,
            agency_id: AgencyId(self.agency_id),
            case_no: self.case_no,
            version: self.version,
            status: self.status.0,
            channel: self.channel.map(|it| it.0),
            received_on: self.received_on,
            applicant_kind: self.applicant_kind.0,
            applicant_name: self.applicant_name,
            department_id: self.department_id.map(DepartmentId),
            handler_id: self.handler_id.map(|it| it.0),
            round: self.round,
            closed: self.closed_on.zip(self.outcome.map(|it| it.0)),
            clock: from_json("clock", &self.clock)?,
            reply: reply.map(ReplyRow::reply).transpose()?,
        })
    }
}

impl ReplyRow {
    pub(in crate::storage::case) fn new(
        case: CaseId,
        round: i32,
        reply: &Reply,
    ) -> Result<Self, StorageError> {
        Ok(Self {
            case_id: Id(case),
            round,
            outcome: reply.outcome.map(Code),
            particulars: json("particulars", &reply.particulars)?,
            body: reply.body.clone(),
            reply_no: reply.reply_no.clone(),
            legal_reviewed_on: reply.legal_reviewed_on,
            signed_off_on: reply.signed_off_on,
            closed_on: reply.closed_on,
            delivery_method: reply.delivery_method.clone(),
            tracking_no: reply.tracking_no.clone(),
            signed_for_on: reply.signed_for_on,
        })
    }

    pub(in crate::storage::case) fn reply(self) -> Result<Reply, StorageError> {
        let particulars: BTreeMap<_, _> = from_json("particulars", &self.particulars)?;
        Ok(Reply {
            outcome: self.outcome.map(|it| it.0),
            particulars,
            body: self.body,
            reply_no: self.reply_no,
            legal_reviewed_on: self.legal_reviewed_on,
            signed_off_on: self.signed_off_on,
            closed_on: self.closed_on,
            delivery_method: self.delivery_method,
            tracking_no: self.tracking_no,
            signed_for_on: self.signed_for_on,
        })
    }
}

impl RequestRow {
    pub(in crate::storage::case) fn new(case: CaseId, request: &Request) -> Self {
        Self {
            case_id: Id(case),
            content: request.content.clone(),
            preferred_form: request.preferred_form.map(Code),
            id_number: request.id_number.clone(),
            phone: request.phone.clone(),
            email: request.email.clone(),
            address: request.address.clone(),
            submitted_on: request.submitted_on,
            arrived_on: request.arrived_on,
            confirmed_on: request.confirmed_on,
            confirmed_how: request.confirmed_how.clone(),
            remarks: request.remarks.clone(),
        }
    }

    pub(in crate::storage::case) fn request(self) -> Request {
        Request {
            content: self.content,
            preferred_form: self.preferred_form.map(|it| it.0),
            id_number: self.id_number,
            phone: self.phone,
            email: self.email,
            address: self.address,
            submitted_on: self.submitted_on,
            arrived_on: self.arrived_on,
            confirmed_on: self.confirmed_on,
            confirmed_how: self.confirmed_how,
            remarks: self.remarks,
        }
    }
}
