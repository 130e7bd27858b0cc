//! What each command makes of a case, or why it is refused.

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::domain::calendar::WorkCalendar;
use crate::domain::case::{Amendment, Case, Command, Draft, Reply};
use crate::domain::ids::UserId;
use crate::domain::labels::Coded;
use crate::domain::outcome::{Outcome, Particular};
use crate::domain::refusal::{Refusal, Refusals};
use crate::domain::response_clock::{ClockFacts, ClockSettings, Start, SuspendedBy, WatchKind};
use crate::domain::wording;
use crate::domain::workflow::{self, Policy, Role, WorkflowError};

/// Who acts, when, and under which settings.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The account that acts.
    pub user: UserId,
    /// Its roles.
    pub roles: &'a [Role],
    /// The day in Beijing.
    pub today: NaiveDate,
    /// The steps of this office.
    pub policy: &'a Policy,
    /// The calendar.
    pub calendar: &'a WorkCalendar,
    /// The settings of the clock.
    pub clock: &'a ClockSettings,
}

/// Why a command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaseError {
    /// Not in this status, or not by this person.
    #[error(transparent)]
    Workflow(#[from] WorkflowError),
    /// The facts given do not hold.
    #[error(transparent)]
    Refused(#[from] Refusals),
}

impl CaseError {
    pub(super) fn refused(field: &'static str, message: impl Into<String>) -> Self {
        Refusals::at(field, message).into()
    }
}

/// The case after a command, and what the journal says of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Applied {
    /// The case as it then is; its version is one higher.
    pub case: Case,
    /// What was given, and before and after where something was replaced.
    pub details: Value,
}

impl Case {
    /// What the command makes of this case.
    ///
    /// # Errors
    /// [`CaseError`]: the workflow's refusal, or what is wrong with the facts, field by field.
    pub fn apply(&self, command: &Command, context: &Context<'_>) -> Result<Applied, CaseError> {
        let outcome = match command {
            Command::SubmitDraft(draft) => Some(draft.outcome),
            _ => self.reply.as_ref().and_then(|it| it.outcome),
        };
        let status =
            workflow::next_status(context.policy, self.status, command.action(), context.roles, outcome)?;
        let mut case = self.clone();
        case.status = status;
        case.version += 1;
        let details = case.change(self, command, context)?;
        Ok(Applied { case, details })
    }

    /// Carries the command out on `self`, which has its new status already; `before` is the case as it was.
    fn change(
        &mut self,
        before: &Case,
        command: &Command,
        context: &Context<'_>,
    ) -> Result<Value, CaseError> {
        match command {
            Command::Register { confirmed_on, how } => {
                self.check_day("confirmed_on", *confirmed_on, context)?;
                self.received_on = *confirmed_on;
                self.clock.start = Start::Received(*confirmed_on);
                let how = text("confirmed_how", "确认方式", how)?;
                Ok(json!({ "received_on": [before.received_on, confirmed_on], "confirmed_how": how }))
            }
            Command::Recall => Ok(json!({})),
            Command::Assign { department, handler } => {
                self.department_id = Some(*department);
                self.handler_id = *handler;
                Ok(json!({
                    "department": [before.department_id.map(|it| it.0), department.0],
                    "handler": [before.handler_id, handler],
                }))
            }
            Command::Claim => {
                self.handler_id = Some(context.user);
                Ok(json!({ "handler": context.user }))
            }
            Command::GiveBack { reason } => {
                self.handler_id = None;
                Ok(json!({ "reason": text("reason", "退回原因", reason)? }))
            }
            Command::RequestCorrection { .. }
            | Command::ReceiveCorrection { .. }
            | Command::Consult { .. }
            | Command::ReceiveOpinion { .. }
            | Command::Extend { .. }
            | Command::Delay { .. }
            | Command::NoticeFee { .. }
            | Command::ReceivePayment { .. } => self.change_clock(command, context),
            Command::SubmitDraft(draft) => self.take_draft(draft),
            Command::Agree { opinion } => {
                self.reply_mut()?.legal_reviewed_on = Some(context.today);
                Ok(json!({ "opinion": opinion }))
            }
            Command::AgreeWithChanges { opinion, draft } => {
                let opinion = text("opinion", "修改意见", opinion)?;
                let mut details = self.take_draft(draft)?;
                self.reply_mut()?.legal_reviewed_on = Some(context.today);
                details["opinion"] = json!(opinion);
                details["body_before"] = json!(before.reply.as_ref().map(|it| &it.body));
                Ok(details)
            }
            Command::ReturnDraft { opinion } => {
                self.reply_mut()?.legal_reviewed_on = None;
                Ok(json!({ "opinion": text("opinion", "退回意见", opinion)? }))
            }
            Command::SignOff { reply_no } => {
                let reply = self.reply_mut()?;
                reply.signed_off_on = Some(context.today);
                if reply_no.is_some() {
                    reply.reply_no.clone_from(reply_no);
                }
                Ok(json!({ "reply_no": reply.reply_no }))
            }
            Command::RefuseSignOff { reason } => {
                Ok(json!({ "reason": text("reason", "不予签发的原因", reason)? }))
            }
            Command::Issue { on, method, tracking_no } => {
                self.check_day("on", *on, context)?;
                let method = text("method", "送达方式", method)?;
                let reply = self.reply_mut()?;
                reply.delivery_method = Some(method.to_owned());
                reply.tracking_no.clone_from(tracking_no);
                let Some(outcome) = reply.outcome else {
                    return Err(CaseError::refused("", "答复稿没有办理结果，请先补全答复稿"));
                };
                self.close(*on, outcome);
                Ok(json!({ "on": on, "outcome": outcome, "method": method, "tracking_no": tracking_no }))
            }
            Command::RecordDelivery { signed_for_on } => {
                self.check_day("signed_for_on", *signed_for_on, context)?;
                let reply = self.reply_mut()?;
                if reply.closed_on.is_some_and(|it| *signed_for_on < it) {
                    return Err(CaseError::refused("signed_for_on", "签收日期早于送达日期，请核对两个日期"));
                }
                reply.signed_for_on = Some(*signed_for_on);
                Ok(json!({ "signed_for_on": signed_for_on }))
            }
            Command::Withdraw { on, record } => {
                let record = text("record", "撤回的方式和记录", record)?;
                self.end(*on, Outcome::Withdrawn, Particular::WithdrawalRecord, record.to_owned(), context)
            }
            Command::EndUncorrected { on } => {
                let notice =
                    self.lapsed(*on, SuspendedBy::Correction, WatchKind::CorrectionReply, context)?;
                self.end(*on, Outcome::NoCorrection, Particular::CorrectionNotice, notice, context)
            }
            Command::EndUnpaid { on } => {
                let notice = self.lapsed(*on, SuspendedBy::Fee, WatchKind::FeePayment, context)?;
                self.end(*on, Outcome::UnpaidFee, Particular::FeeNotice, notice, context)
            }
            Command::Reopen { on, by, order } => {
                self.check_day("on", *on, context)?;
                let order = text("order", "责令重新答复的决定或者判决", order)?;
                if by.is_some_and(|it| it < *on) {
                    return Err(CaseError::refused("by", "限定的日期早于收到决定或者判决的日期"));
                }
                self.round += 1;
                self.reply = None;
                self.clock = ClockFacts::new(Start::Reopened { on: *on, by: *by });
                self.clock.channel = self.channel;
                Ok(json!({ "on": on, "by": by, "order": order, "clock_before": before.clock }))
            }
            Command::Link { case_no, reason } => {
                let reason = text("reason", "关联的原因", reason)?;
                Ok(json!({ "case_no": case_no, "reason": reason }))
            }
            Command::AddNote { text: note } => Ok(json!({ "text": text("text", "备注", note)? })),
            Command::Amend(amendment) => self.amend(before, amendment, context),
        }
    }

    /// A day of something that has happened: not after today, not before the round began.
    pub(super) fn check_day(
        &self,
        field: &'static str,
        day: NaiveDate,
        context: &Context<'_>,
    ) -> Result<(), CaseError> {
        if context.today < day {
            return Err(CaseError::refused(field, format!("{}还没有到，请核对日期", wording::day(day))));
        }
        let start = self.clock.start.on();
        if day < start {
            return Err(CaseError::refused(
                field,
                format!("{}早于收到日期{}，请核对两个日期", wording::day(day), wording::day(start)),
            ));
        }
        Ok(())
    }

    fn take_draft(&mut self, draft: &Draft) -> Result<Value, CaseError> {
        let rule = draft.outcome.rule();
        let missing = |it: &&Particular| draft.particulars.get(*it).is_none_or(|text| text.trim().is_empty());
        let refusals: Vec<_> = rule
            .required
            .iter()
            .filter(missing)
            .map(|it| {
                let message = format!("办理结果为“{}”的，应当写明{}", draft.outcome.label(), it.label());
                Refusal::at(it.code(), message)
            })
            .collect();
        Refusals::check(refusals)?;
        self.reply = Some(Reply {
            outcome: Some(draft.outcome),
            particulars: draft.particulars.clone(),
            body: draft.body.clone(),
            reply_no: draft.reply_no.clone(),
            ..Reply::default()
        });
        Ok(json!({
            "outcome": draft.outcome,
            "particulars": draft.particulars,
            "reply_no": draft.reply_no,
            "body": draft.body,
        }))
    }

    fn reply_mut(&mut self) -> Result<&mut Reply, CaseError> {
        self.reply.as_mut().ok_or_else(|| CaseError::refused("", "本件还没有答复稿"))
    }

    /// Closes the round. Only the first closing of a case is counted.
    fn close(&mut self, on: NaiveDate, outcome: Outcome) {
        self.clock.closed_on = Some(on);
        if let Some(reply) = &mut self.reply {
            reply.closed_on = Some(on);
        }
        if self.round == 1 {
            self.closed = Some((on, outcome));
        }
    }

    /// Ends the case without a reply on the substance.
    fn end(
        &mut self,
        on: NaiveDate,
        outcome: Outcome,
        particular: Particular,
        stated: String,
        context: &Context<'_>,
    ) -> Result<Value, CaseError> {
        self.check_day("on", on, context)?;
        let details = json!({ "on": on, "outcome": outcome, "particulars": { particular.code(): stated } });
        let reply = self.reply.get_or_insert_default();
        reply.outcome = Some(outcome);
        reply.particulars = [(particular, stated)].into();
        self.close(on, outcome);
        Ok(details)
    }

    fn amend(
        &mut self,
        before: &Case,
        amendment: &Amendment,
        context: &Context<'_>,
    ) -> Result<Value, CaseError> {
        let reason = text("reason", "更正的原因", &amendment.reason)?;
        let mut changes = json!({ "reason": reason });
        if let Some(day) = amendment.received_on {
            if let Some(refusal) = day_to_come(day, context.today) {
                return Err(CaseError::Refused(refusal.into()));
            }
            self.received_on = day;
            if self.round == 1 {
                self.clock.start = Start::Received(day);
            }
            changes["received_on"] = json!([before.received_on, day]);
        }
        if let Some(channel) = amendment.channel {
            self.channel = Some(channel);
            self.clock.channel = Some(channel);
            changes["channel"] = json!([before.channel, channel]);
        }
        if let Some(kind) = amendment.applicant_kind {
            self.applicant_kind = kind;
            changes["applicant_kind"] = json!([before.applicant_kind, kind]);
        }
        if let Some(name) = &amendment.applicant_name {
            let name = text("applicant_name", "申请人姓名或者名称", name)?;
            name.clone_into(&mut self.applicant_name);
            changes["applicant_name"] = json!([before.applicant_name, name]);
        }
        if let Some((on, outcome)) = amendment.closed {
            if before.closed.is_none() {
                return Err(CaseError::refused("closed_on", "本件还没有办结，不能更正办结日期和办理结果"));
            }
            if context.today < on {
                return Err(CaseError::refused("closed_on", "办结日期还没有到，请核对日期"));
            }
            let start = self.clock.start.on();
            if 1 < self.round && start < on {
                let message = format!(
                    "办结日期晚于重新办理的起始日期{}；更正的是首次答复的办结日期，请核对",
                    wording::day(start)
                );
                return Err(CaseError::refused("closed_on", message));
            }
            self.closed = Some((on, outcome));
            // In a later round the first reply is no part of the case any more: storage keeps it in step.
            if self.round == 1 {
                self.clock.closed_on = Some(on);
                let reply = self.reply.get_or_insert_default();
                reply.outcome = Some(outcome);
                reply.closed_on = Some(on);
            }
            changes["closed"] = json!([before.closed, [json!(on), json!(outcome)]]);
        }
        if self.closed.is_some_and(|(on, _)| on < self.received_on) {
            return Err(CaseError::refused("received_on", "办结日期早于收到日期，请核对两个日期"));
        }
        Ok(changes)
    }
}

/// A text that must not be empty.
pub(super) fn text<'a>(field: &'static str, what: &str, given: &'a str) -> Result<&'a str, CaseError> {
    let given = given.trim();
    if given.is_empty() { Err(CaseError::refused(field, format!("请填写{what}"))) } else { Ok(given) }
}

/// The refusal of a day of receipt that is still to come.
pub(super) fn day_to_come(received_on: NaiveDate, today: NaiveDate) -> Option<Refusal> {
    (today < received_on).then(|| Refusal::at("received_on", "收到日期还没有到，请核对日期"))
}
