//! What can be asked of a case, each with the facts it needs.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::applicant::ApplicantKind;
use crate::domain::ids::{DepartmentId, UserId};
use crate::domain::outcome::{Outcome, Particular};
use crate::domain::request::Channel;
use crate::domain::response_clock::Party;
use crate::domain::workflow::Action;

/// A draft reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// How it would end the case.
    pub outcome: Outcome,
    /// What the outcome demands to be stated.
    pub particulars: BTreeMap<Particular, String>,
    /// The text.
    pub body: String,
    /// Its number, where it has one already.
    pub reply_no: Option<String>,
}

/// What was recorded wrongly, set right. None leaves a fact as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Amendment {
    /// The day of receipt.
    pub received_on: Option<NaiveDate>,
    /// The channel it came by.
    pub channel: Option<Channel>,
    /// The column of table 3.
    pub applicant_kind: Option<ApplicantKind>,
    /// The applicant's name.
    pub applicant_name: Option<String>,
    /// The day the first round was closed, and how; only where it is closed.
    pub closed: Option<(NaiveDate, Outcome)>,
    /// The reason.
    pub reason: String,
}

/// An action with its facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// [`Action::Register`]: both sides have confirmed.
    Register {
        /// The day of the confirmation, which is the day of receipt (art. 31(2), (3)).
        confirmed_on: NaiveDate,
        /// How both sides confirmed it: by telephone, fax, e-mail.
        how: String,
    },
    /// [`Action::Assign`].
    Assign {
        /// To this department.
        department: DepartmentId,
        /// And to this person.
        handler: Option<UserId>,
    },
    /// [`Action::Claim`].
    Claim,
    /// [`Action::GiveBack`].
    GiveBack {
        /// The reason.
        reason: String,
    },
    /// [`Action::RequestCorrection`].
    RequestCorrection {
        /// The day of the notice.
        notified_on: NaiveDate,
        /// The last day of the reasonable period it sets.
        reply_by: NaiveDate,
    },
    /// [`Action::ReceiveCorrection`].
    ReceiveCorrection {
        /// The day it arrived.
        received_on: NaiveDate,
    },
    /// [`Action::Consult`].
    Consult {
        /// The party that is asked.
        party: Party,
        /// Its name.
        name: String,
        /// The day the letter went out.
        sent_on: NaiveDate,
        /// The day the party received it, where known.
        delivered_on: Option<NaiveDate>,
    },
    /// [`Action::ReceiveOpinion`].
    ReceiveOpinion {
        /// The number of the consultation.
        id: u32,
        /// The day it came back.
        returned_on: NaiveDate,
        /// Whether the party consents.
        consent: Option<bool>,
    },
    /// [`Action::Extend`]: approved by the head who gives the command.
    Extend {
        /// The day the applicant was told.
        notified_on: NaiveDate,
        /// The number of working days added, 1 to 20.
        working_days: u32,
    },
    /// [`Action::Delay`].
    Delay {
        /// The day the applicant was told.
        notified_on: NaiveDate,
        /// The new last day.
        until: NaiveDate,
    },
    /// [`Action::NoticeFee`].
    NoticeFee {
        /// The day the notice went out.
        sent_on: NaiveDate,
        /// The day the applicant received it, where known.
        delivered_on: Option<NaiveDate>,
        /// The amount in yuan.
        amount: String,
    },
    /// [`Action::ReceivePayment`].
    ReceivePayment {
        /// The day it was paid.
        paid_on: NaiveDate,
    },
    /// [`Action::SubmitDraft`].
    SubmitDraft(Draft),
    /// [`Action::Recall`].
    Recall,
    /// [`Action::Agree`].
    Agree {
        /// The opinion.
        opinion: String,
    },
    /// [`Action::AgreeWithChanges`].
    AgreeWithChanges {
        /// What has been changed.
        opinion: String,
        /// The draft as changed.
        draft: Draft,
    },
    /// [`Action::ReturnDraft`].
    ReturnDraft {
        /// What is wrong with it.
        opinion: String,
    },
    /// [`Action::SignOff`].
    SignOff {
        /// The number of the reply, where the office gives it on signing.
        reply_no: Option<String>,
    },
    /// [`Action::RefuseSignOff`].
    RefuseSignOff {
        /// The reason.
        reason: String,
    },
    /// [`Action::Issue`].
    Issue {
        /// The day the agency delivered it: what closes the case.
        on: NaiveDate,
        /// The method of delivery.
        method: String,
        /// The number of the registered letter or EMS.
        tracking_no: Option<String>,
    },
    /// [`Action::RecordDelivery`].
    RecordDelivery {
        /// The day the applicant signed for it.
        signed_for_on: NaiveDate,
    },
    /// [`Action::Withdraw`].
    Withdraw {
        /// The day.
        on: NaiveDate,
        /// How, and where the record is.
        record: String,
    },
    /// [`Action::EndUncorrected`].
    EndUncorrected {
        /// The day of the decision.
        on: NaiveDate,
    },
    /// [`Action::EndUnpaid`].
    EndUnpaid {
        /// The day of the decision.
        on: NaiveDate,
    },
    /// [`Action::Reopen`].
    Reopen {
        /// The day the decision or judgment was received.
        on: NaiveDate,
        /// The last day it fixes itself, if it does.
        by: Option<NaiveDate>,
        /// Which decision or judgment.
        order: String,
    },
    /// [`Action::Link`].
    Link {
        /// The number of the other case.
        case_no: String,
        /// How they belong together.
        reason: String,
    },
    /// [`Action::AddNote`].
    AddNote {
        /// The note.
        text: String,
    },
    /// [`Action::Amend`].
    Amend(Amendment),
}

impl Command {
    /// The action in the table of the workflow.
    pub fn action(&self) -> Action {
        match self {
            Self::Register { .. } => Action::Register,
            Self::Assign { .. } => Action::Assign,
            Self::Claim => Action::Claim,
            Self::GiveBack { .. } => Action::GiveBack,
            Self::RequestCorrection { .. } => Action::RequestCorrection,
            Self::ReceiveCorrection { .. } => Action::ReceiveCorrection,
            Self::Consult { .. } => Action::Consult,
            Self::ReceiveOpinion { .. } => Action::ReceiveOpinion,
            Self::Extend { .. } => Action::Extend,
            Self::Delay { .. } => Action::Delay,
            Self::NoticeFee { .. } => Action::NoticeFee,
            Self::ReceivePayment { .. } => Action::ReceivePayment,
            Self::SubmitDraft(_) => Action::SubmitDraft,
            Self::Recall => Action::Recall,
            Self::Agree { .. } => Action::Agree,
            Self::AgreeWithChanges { .. } => Action::AgreeWithChanges,
            Self::ReturnDraft { .. } => Action::ReturnDraft,
            Self::SignOff { .. } => Action::SignOff,
            Self::RefuseSignOff { .. } => Action::RefuseSignOff,
            Self::Issue { .. } => Action::Issue,
            Self::RecordDelivery { .. } => Action::RecordDelivery,
            Self::Withdraw { .. } => Action::Withdraw,
            Self::EndUncorrected { .. } => Action::EndUncorrected,
            Self::EndUnpaid { .. } => Action::EndUnpaid,
            Self::Reopen { .. } => Action::Reopen,
            Self::Link { .. } => Action::Link,
            Self::AddNote { .. } => Action::AddNote,
            Self::Amend(_) => Action::Amend,
        }
    }
}
