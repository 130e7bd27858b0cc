//! What the walk comes to: the state of the clock today, and the last lines of the ledger.

use chrono::NaiveDate;

use super::findings::FindingKind;
use super::ledger::StepKind;
use super::period::Away;
use super::walk::Walk;
use super::{ClockReading, ClockState, SuspendedBy, Watch, WatchKind, words};
use crate::domain::calendar::DueDate;
use crate::domain::terms;

impl Walk<'_> {
    /// The reading as of today.
    pub fn reading(mut self) -> ClockReading {
        let due = self.period.due();
        let state = self.state(due);
        let watch = self.watch(state);
        self.end(due, watch);
        self.findings.sort_by_key(|it| it.on);
        ClockReading { due, state, watch, findings: self.findings, ledger: self.ledger }
    }

    /// The case, closed or open, as of today.
    fn state(&mut self, due: Option<DueDate>) -> ClockState {
        if let Some(on) = self.closed_on {
            if on < self.facts.start.on() {
                let text = words::ANSWER_BEFORE_RECEIPT.to_owned();
                self.find(FindingKind::AnswerBeforeReceipt, StepKind::Closing, on, text);
            }
            let late = due.map_or(0, |due| self.calendar.working_days_late(due.on, on));
            return ClockState::Stopped {
                on,
                working_days_late: late,
                working_days_used: self.period.used_at(on),
            };
        }
        let pending = [
            (SuspendedBy::Correction, self.period.correction_pending),
            (SuspendedBy::Fee, self.period.fee_pending),
            (SuspendedBy::Consultation, self.away_since(due)),
        ];
        for (by, since) in pending {
            if let Some(since) = since {
                let working_days_so_far = self.period.used_at(since);
                let remaining = self.period.allowed().saturating_sub(working_days_so_far);
                return ClockState::Suspended { by, since, working_days_so_far, remaining };
            }
        }
        let due = due.unwrap_or_else(|| self.period.end());
        let working_days_left = match self.calendar.working_days_late(due.on, self.today) {
            0 => i64::from(self.period.count(self.today.max(self.period.from), due.on)),
            overdue => -i64::from(overdue),
        };
        ClockState::Running { working_days_left }
    }

    /// Since when consultations keep today from counting: the first letter of those that overlap.
    fn away_since(&self, due: Option<DueDate>) -> Option<NaiveDate> {
        if due.is_none_or(|due| due.on <= self.today) {
            return None;
        }
        let mut since = self.open_letters().map(|it| it.after).min()?;
        while let Some(earlier) = self
            .period
            .away
            .iter()
            .filter(|it| it.after < since && since <= it.through)
            .map(|it| it.after)
            .min()
        {
            since = earlier;
        }
        Some(since)
    }

    /// The letters whose opinion is awaited today: sent and not come back, or planned without a reply.
    fn open_letters(&self) -> impl Iterator<Item = &Away> {
        self.period.away.iter().filter(|it| {
            let planned = self.today < it.after && self.letters[it.letter].returned.is_some();
            self.today < it.through && !planned
        })
    }

    fn watch(&self, state: ClockState) -> Option<Watch> {
        let ClockState::Suspended { by, .. } = state else { return None };
        let (on, provisional, what) = match by {
            SuspendedBy::Correction => (self.correction?.reply_by?, false, WatchKind::CorrectionReply),
            SuspendedBy::Fee => (self.pay_by?.on, self.pay_by?.provisional, WatchKind::FeePayment),
            SuspendedBy::Consultation => {
                let next =
                    self.open_letters().map(|it| self.letters[it.letter].lapse).min_by_key(|it| it.on)?;
                (next.on, next.provisional, WatchKind::OpinionLapse)
            }
        };
        Some(Watch { on, provisional, what })
    }

    /// The last lines: the closing, and the due date or what is awaited.
    fn end(&mut self, due: Option<DueDate>, watch: Option<Watch>) {
        if !self.explains {
            return;
        }
        if let Some(on) = self.closed_on {
            let late = due.map_or(0, |due| self.calendar.working_days_late(due.on, on));
            let span = self.span_to(on);
            let text = words::closing(due, late);
            self.enter(on, StepKind::Closing, terms::ANSWER.article, span, true, text);
        }
        if let Some(due) = due {
            let span = self.span_to(due.on);
            let missing =
                self.calendar.first_missing_notice(self.period.from, due.on).filter(|_| due.provisional);
            let text = words::due(&self.period, due, missing);
            let article = words::due_article(&self.period);
            self.enter(due.on, StepKind::Due, article, span, true, text);
        } else if self.closed_on.is_none() {
            let awaited = if self.period.correction_pending.is_some() {
                (terms::CORRECTION_NOTICE.article, "补正")
            } else {
                (terms::FEE_PAYMENT.article, "缴费")
            };
            let last = self.ledger.last().map_or(self.start, |it| it.on);
            let on = watch.map_or(last, |it| it.on.max(last));
            let span = self.span_to(on);
            self.enter(on, StepKind::Awaiting, awaited.0, span, true, words::awaiting(awaited.1, watch));
        }
    }
}
