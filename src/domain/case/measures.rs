//! The commands that add a fact to the clock: correction, consultation, extension, delay, fee.

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::domain::case::apply::{CaseError, Context, text};
use crate::domain::case::{Case, Command};
use crate::domain::labels::Coded;
use crate::domain::refusal::{Refusal, Refusals};
use crate::domain::response_clock::{
    self, ClockFacts, ClockState, Consultation, Correction, Extension, FeeNotice, Finding, FindingKind,
    ReasonableDelay, StepKind, SuspendedBy, WatchKind,
};
use crate::domain::wording;

impl Case {
    /// Adds a fact to the clock, unless the clock finds fault with it.
    pub(super) fn change_clock(
        &mut self,
        command: &Command,
        context: &Context<'_>,
    ) -> Result<Value, CaseError> {
        let before = self.clock.clone();
        let (field, fact, details) = match command {
            Command::RequestCorrection { notified_on, reply_by } => {
                self.check_day("notified_on", *notified_on, context)?;
                if self.clock.correction.is_some() {
                    return Err(CaseError::refused(
                        "",
                        "补正只能一次性告知（条例第三十条），本件已经告知过补正；补正后仍不明确的，答复“补正后申请内容仍不明确”",
                    ));
                }
                if reply_by < notified_on {
                    return Err(CaseError::refused("reply_by", "补正期限早于告知日期"));
                }
                self.clock.correction = Some(Correction {
                    notified_on: *notified_on,
                    reply_by: Some(*reply_by),
                    received_on: None,
                });
                (
                    "notified_on",
                    StepKind::CorrectionNotice,
                    json!({ "notified_on": notified_on, "reply_by": reply_by }),
                )
            }
            Command::ReceiveCorrection { received_on } => {
                self.check_day("received_on", *received_on, context)?;
                let Some(correction) = self.clock.correction.as_mut().filter(|it| it.received_on.is_none())
                else {
                    return Err(CaseError::refused("", "本件没有等待补正"));
                };
                correction.received_on = Some(*received_on);
                ("received_on", StepKind::CorrectionReceived, json!({ "received_on": received_on }))
            }
            Command::Consult { party, name, sent_on, delivered_on } => {
                self.check_day("sent_on", *sent_on, context)?;
                let name = text("name", "被征求意见方的名称", name)?;
                let id = self.clock.consultations.iter().map(|it| it.id).max().unwrap_or(0) + 1;
                self.clock.consultations.push(Consultation {
                    id,
                    party: *party,
                    name: name.to_owned(),
                    sent_on: *sent_on,
                    delivered_on: *delivered_on,
                    returned_on: None,
                    consent: None,
                });
                (
                    "sent_on",
                    StepKind::ConsultationSent,
                    json!({ "id": id, "party": party, "name": name, "sent_on": sent_on, "delivered_on": delivered_on }),
                )
            }
            Command::ReceiveOpinion { id, returned_on, consent } => {
                self.check_day("returned_on", *returned_on, context)?;
                let pending =
                    self.clock.consultations.iter_mut().find(|it| it.id == *id && it.returned_on.is_none());
                let Some(consultation) = pending else {
                    return Err(CaseError::refused("id", "没有这项等待回复的征求意见"));
                };
                if *returned_on < consultation.sent_on {
                    return Err(CaseError::refused("returned_on", "意见收回日期早于征求意见的日期"));
                }
                consultation.returned_on = Some(*returned_on);
                consultation.consent = *consent;
                // An opinion after its period is a fact all the same: it counts for the decision,
                // though no longer for the clock.
                return Ok(
                    json!({ "name": consultation.name, "returned_on": returned_on, "consent": consent }),
                );
            }
            Command::Extend { notified_on, working_days } => {
                self.check_day("notified_on", *notified_on, context)?;
                if *working_days == 0 {
                    return Err(CaseError::refused("working_days", "延长的工作日应为1至20个"));
                }
                self.clock.extensions.push(Extension {
                    approved_on: Some(*notified_on.min(&context.today)),
                    notified_on: *notified_on,
                    working_days: *working_days,
                });
                (
                    "working_days",
                    StepKind::Extension,
                    json!({ "notified_on": notified_on, "working_days": working_days }),
                )
            }
            Command::Delay { notified_on, until } => {
                self.check_day("notified_on", *notified_on, context)?;
                let previous =
                    self.clock.delay.replace(ReasonableDelay { notified_on: *notified_on, until: *until });
                (
                    "until",
                    StepKind::Delay,
                    json!({ "notified_on": notified_on, "until": [previous.map(|it| it.until), Some(*until)] }),
                )
            }
            Command::NoticeFee { sent_on, delivered_on, amount } => {
                self.check_day("sent_on", *sent_on, context)?;
                let amount = text("amount", "收费金额", amount)?;
                if self.clock.fee.is_some() {
                    return Err(CaseError::refused("", "本件已经发过收费通知"));
                }
                self.clock.fee = Some(FeeNotice {
                    sent_on: *sent_on,
                    delivered_on: *delivered_on,
                    paid_on: None,
                    amount: Some(amount.to_owned()),
                });
                (
                    "sent_on",
                    StepKind::FeeNotice,
                    json!({ "sent_on": sent_on, "delivered_on": delivered_on, "amount": amount }),
                )
            }
            Command::ReceivePayment { paid_on } => {
                self.check_day("paid_on", *paid_on, context)?;
                let Some(fee) = self.clock.fee.as_mut().filter(|it| it.paid_on.is_none()) else {
                    return Err(CaseError::refused("", "本件没有等待缴费"));
                };
                fee.paid_on = Some(*paid_on);
                ("paid_on", StepKind::FeePaid, json!({ "paid_on": paid_on }))
            }
            _ => unreachable!("only commands of the clock come here"),
        };
        self.refuse_new_faults(&before, fact, field, context)?;
        Ok(details)
    }

    /// Refuses where the clock finds a fault that bars the measure just entered, a step of kind `fact`,
    /// from having its effect.
    ///
    /// A fault it found already, in the facts as they were `before`, is no reason; nor is what the measure
    /// does to another fact: a correction or fee notice takes an extension of the same day its effect, and
    /// is lawful all the same. The ledger says so.
    fn refuse_new_faults(
        &self,
        before: &ClockFacts,
        fact: StepKind,
        field: &'static str,
        context: &Context<'_>,
    ) -> Result<(), CaseError> {
        let read = |facts: &ClockFacts| {
            response_clock::read_briefly(facts, context.calendar, context.clock, context.today).findings
        };
        let mut known = read(before);
        let mut refusals = Vec::new();
        for finding in read(&self.clock) {
            let is_same =
                |it: &Finding| (it.kind, it.fact, it.on) == (finding.kind, finding.fact, finding.on);
            if let Some(place) = known.iter().position(is_same) {
                known.swap_remove(place);
            } else if finding.fact == fact && bars(finding.kind) {
                refusals.push(Refusal::at(field, finding.text));
            }
        }
        Ok(Refusals::check(refusals)?)
    }

    /// That what the clock waits for did not come by its last day; returns the words that say so.
    pub(super) fn lapsed(
        &self,
        on: NaiveDate,
        waiting: SuspendedBy,
        watch: WatchKind,
        context: &Context<'_>,
    ) -> Result<String, CaseError> {
        let reading =
            response_clock::read_briefly(&self.clock, context.calendar, context.clock, context.today);
        let ClockState::Suspended { by, since, .. } = reading.state else {
            return Err(CaseError::refused("", format!("本件没有{}", waiting.label())));
        };
        if by != waiting {
            return Err(CaseError::refused("", format!("本件没有{}", waiting.label())));
        }
        match reading.watch.filter(|it| it.what == watch) {
            Some(last) if on <= last.on => Err(CaseError::refused(
                "on",
                format!("期限至{}，期满之后才可以作出该处理", wording::day(last.on)),
            )),
            Some(last) => Ok(format!("{}告知，期限至{}", wording::day(since), wording::day(last.on))),
            None => Err(CaseError::refused("", "告知书没有规定期限，不能认定逾期")),
        }
    }
}

/// Whether a fault keeps a measure from having its effect on the period.
fn bars(kind: FindingKind) -> bool {
    matches!(
        kind,
        FindingKind::LateCorrectionNotice
            | FindingKind::LateConsultation
            | FindingKind::UnapprovedExtension
            | FindingKind::ExtensionNotifiedFirst
            | FindingKind::LateExtension
            | FindingKind::ExtensionOverCap
            | FindingKind::LateDelay
            | FindingKind::DelayNotLater
            | FindingKind::LateFeeNotice
            | FindingKind::MeasureWhileSuspended
            | FindingKind::OrderFixesDay
            | FindingKind::BeforeReceipt
            | FindingKind::OutOfOrder
    )
}
