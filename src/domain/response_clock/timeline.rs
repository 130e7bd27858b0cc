//! The facts of a clock in the order they happened, freed of what cannot be.

use chrono::NaiveDate;

use super::facts::{ClockFacts, Consultation, Correction, Extension, FeeNotice, ReasonableDelay, Start};
use super::findings::{Finding, FindingKind};
use super::ledger::StepKind;
use crate::domain::calendar::{DueDate, WorkCalendar};
use crate::domain::labels::Coded;
use crate::domain::{terms, wording};

/// One letter asking for an opinion, with what follows from its dates.
#[derive(Debug)]
pub(super) struct Letter<'a> {
    pub fact: &'a Consultation,
    /// The day the opinion came back, if it did before the case was closed.
    pub returned: Option<NaiveDate>,
    /// The last day for the opinion.
    pub lapse: DueDate,
}

impl Letter<'_> {
    /// The last day the letter takes out of the period.
    pub fn end(&self) -> NaiveDate {
        self.returned.map_or(self.lapse.on, |returned| returned.min(self.lapse.on))
    }
}

/// Something that happened. The order is that of handling on one day: a notice before its answer,
/// a restart before what is done in the new period.
#[derive(Debug, Clone, Copy)]
pub(super) enum Event<'a> {
    CorrectionNotice(&'a Correction),
    CorrectionReceived(&'a Correction),
    FeeNotice(&'a FeeNotice, DueDate),
    FeePaid(DueDate),
    /// The place of the letter.
    Sent(usize),
    Returned(usize),
    Lapsed(usize),
    Extension(&'a Extension),
    Delay(&'a ReasonableDelay),
}

impl Event<'_> {
    fn rank(self) -> u8 {
        match self {
            Self::CorrectionNotice(_) => 0,
            Self::CorrectionReceived(_) => 1,
            Self::FeeNotice(..) => 2,
            Self::FeePaid(_) => 3,
            Self::Sent(_) => 4,
            Self::Returned(_) => 5,
            Self::Lapsed(_) => 6,
            Self::Extension(_) => 7,
            Self::Delay(_) => 8,
        }
    }
}

/// The events by date, the letters they point to, and what was wrong with the dates.
#[derive(Debug)]
pub(super) struct Timeline<'a> {
    pub events: Vec<(NaiveDate, Event<'a>)>,
    pub letters: Vec<Letter<'a>>,
    pub findings: Vec<Finding>,
    start: Start,
    closed_on: Option<NaiveDate>,
}

impl<'a> Timeline<'a> {
    pub fn of(facts: &'a ClockFacts, calendar: &WorkCalendar) -> Self {
        // What was closed before an order reopened it is the earlier handling.
        let closed_on = facts.closed_on.filter(|&on| !is_earlier_handling(facts.start, on));
        let mut it = Self {
            events: Vec::new(),
            letters: Vec::new(),
            findings: Vec::new(),
            start: facts.start,
            closed_on,
        };
        if let Some(correction) = &facts.correction {
            it.add_correction(correction);
        }
        if let Some(fee) = &facts.fee {
            it.add_fee(fee, calendar);
        }
        for consultation in &facts.consultations {
            it.add_letter(consultation, calendar);
        }
        for extension in &facts.extensions {
            if let Some(on) = it.admit(extension.notified_on, StepKind::Extension, "延期告知") {
                it.events.push((on, Event::Extension(extension)));
            }
        }
        if let Some(delay) = &facts.delay
            && let Some(on) = it.admit(delay.notified_on, StepKind::Delay, "延迟答复告知")
        {
            it.events.push((on, Event::Delay(delay)));
        }
        it.events.sort_by_key(|&(on, event)| (on, event.rank()));
        it
    }

    /// The day the handling at hand was closed.
    pub fn closed_on(&self) -> Option<NaiveDate> {
        self.closed_on
    }

    fn add_correction(&mut self, fact: &'a Correction) {
        let Some(on) = self.admit(fact.notified_on, StepKind::CorrectionNotice, "补正告知") else {
            return;
        };
        self.events.push((on, Event::CorrectionNotice(fact)));
        if let Some(received) = self.follow(fact.received_on, on, StepKind::CorrectionReceived, "收到补正")
        {
            self.events.push((received, Event::CorrectionReceived(fact)));
        }
    }

    fn add_fee(&mut self, fact: &'a FeeNotice, calendar: &WorkCalendar) {
        let Some(on) = self.admit(fact.sent_on, StepKind::FeeNotice, "收费通知") else { return };
        let delivered = self.follow(fact.delivered_on, on, StepKind::FeeNotice, "收费通知送达").unwrap_or(on);
        let pay_by = calendar.nth_working_day_after(delivered, terms::FEE_PAYMENT.length);
        self.events.push((on, Event::FeeNotice(fact, pay_by)));
        if let Some(paid) = self.follow(fact.paid_on, on, StepKind::FeePaid, "缴费") {
            self.events.push((paid, Event::FeePaid(pay_by)));
        }
    }

    fn add_letter(&mut self, fact: &'a Consultation, calendar: &WorkCalendar) {
        let Some(on) = self.admit(fact.sent_on, StepKind::ConsultationSent, "征求意见") else { return };
        let delivered =
            self.follow(fact.delivered_on, on, StepKind::ConsultationSent, "征求意见书送达").unwrap_or(on);
        let returned = self.follow(fact.returned_on, on, StepKind::OpinionReturned, "收到意见");
        let lapse = calendar.nth_working_day_after(delivered, fact.party.term().length);
        let place = self.letters.len();
        self.events.push((on, Event::Sent(place)));
        if let Some(returned) = returned {
            self.events.push((returned, Event::Returned(place)));
        }
        let answered = returned.is_some_and(|returned| returned <= lapse.on);
        if !answered && self.closed_on.is_none_or(|closed| lapse.on <= closed) {
            self.events.push((lapse.on, Event::Lapsed(place)));
        }
        self.letters.push(Letter { fact, returned, lapse });
    }

    /// A fact that stands by itself: refused before the receipt and after the closing.
    fn admit(&mut self, on: NaiveDate, fact: StepKind, what: &str) -> Option<NaiveDate> {
        if is_earlier_handling(self.start, on) {
            return None;
        }
        if on < self.start.on() {
            let text = format!("{what}的日期（{}）早于收到申请之日，不予计算", wording::day(on));
            self.findings.push(Finding { kind: FindingKind::BeforeReceipt, fact, on, text });
            return None;
        }
        self.before_closing(on, fact, what)
    }

    /// A fact that follows another of `first`: taken as of the same day where it is dated earlier,
    /// which never lengthens a standstill.
    fn follow(
        &mut self,
        on: Option<NaiveDate>,
        first: NaiveDate,
        fact: StepKind,
        what: &str,
    ) -> Option<NaiveDate> {
        let on = on?;
        if first <= on {
            return self.before_closing(on, fact, what);
        }
        let (found, taken) = (wording::day(on), wording::day(first));
        let text = format!("{what}的日期（{found}）早于其前一事项，按{taken}计算");
        self.findings.push(Finding { kind: FindingKind::OutOfOrder, fact, on, text });
        Some(first)
    }

    fn before_closing(&mut self, on: NaiveDate, fact: StepKind, what: &str) -> Option<NaiveDate> {
        if self.closed_on.is_none_or(|closed| on <= closed) {
            return Some(on);
        }
        let text = format!("{what}的日期（{}）晚于办结之日，不予计算", wording::day(on));
        self.findings.push(Finding { kind: FindingKind::AfterClosing, fact, on, text });
        None
    }
}

/// Whether a fact of that day belongs to the handling before an order reopened the case.
fn is_earlier_handling(start: Start, on: NaiveDate) -> bool {
    matches!(start, Start::Reopened { .. }) && on < start.on()
}

/// `第三方甲公司`, for the sentences of a letter.
pub(super) fn party(fact: &Consultation) -> String {
    format!("{}{}", fact.party.label(), fact.name)
}
