//! The walk through the facts of a case, in the order they happened.

use chrono::NaiveDate;

use super::facts::{ClockFacts, Correction, Extension, FeeNotice, Party, ReasonableDelay, Start};
use super::findings::{Finding, FindingKind};
use super::ledger::{Span, Step, StepKind};
use super::period::{Away, Period};
use super::timeline::{Event, Letter, Timeline};
use super::{ClockSettings, ReceiptOnRestDay, words};
use crate::domain::calendar::{DueDate, WorkCalendar, next_day};
use crate::domain::terms;

/// Why a fact has not the effect it was meant to have, with the sentence that says so.
type Refusal = (FindingKind, String);

/// Where the walk stands: after [`Walk::through`], at the end of the facts.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    pub facts: &'a ClockFacts,
    pub calendar: &'a WorkCalendar,
    settings: &'a ClockSettings,
    pub today: NaiveDate,
    /// Whether to keep the ledger.
    pub explains: bool,
    /// The day of receipt, moved where the setting says so.
    pub start: NaiveDate,
    pub period: Period<'a>,
    pub letters: Vec<Letter<'a>>,
    /// The correction notice that counts for this handling.
    pub correction: Option<&'a Correction>,
    /// The last day for the payment awaited.
    pub pay_by: Option<DueDate>,
    pub closed_on: Option<NaiveDate>,
    pub findings: Vec<Finding>,
    pub ledger: Vec<Step>,
}

impl<'a> Walk<'a> {
    pub fn through(
        facts: &'a ClockFacts,
        calendar: &'a WorkCalendar,
        settings: &'a ClockSettings,
        today: NaiveDate,
        explains: bool,
    ) -> Self {
        let timeline = Timeline::of(facts, calendar);
        let closed_on = timeline.closed_on();
        let start = day_of_receipt(facts.start.on(), calendar, settings);
        let ordered = match facts.start {
            Start::Received(_) => None,
            Start::Reopened { by, .. } => by,
        };
        let mut it = Self {
            facts,
            calendar,
            settings,
            today,
            explains,
            start,
            period: Period::new(calendar, start, ordered),
            letters: timeline.letters,
            correction: None,
            pay_by: None,
            closed_on,
            findings: timeline.findings,
            ledger: Vec::new(),
        };
        it.begin();
        for (on, event) in timeline.events {
            let span = it.span_to(on);
            match event {
                Event::CorrectionNotice(fact) => it.correction_notice(on, span, fact),
                Event::CorrectionReceived(fact) => it.correction_received(on, span, fact),
                Event::FeeNotice(fact, pay_by) => it.fee_notice(on, span, fact, pay_by),
                Event::FeePaid(pay_by) => it.fee_paid(on, span, pay_by),
                Event::Sent(place) => it.sent(on, span, place),
                Event::Returned(place) => it.returned(on, span, place),
                Event::Lapsed(place) => it.lapsed(on, span, place),
                Event::Extension(fact) => it.extension(on, span, fact),
                Event::Delay(fact) => it.delay(on, span, fact),
            }
        }
        it
    }

    /// The 7th working day after receipt, the last for a correction notice (条例 art. 30).
    pub fn correction_limit(&self) -> NaiveDate {
        self.calendar.nth_working_day_after(self.start, terms::CORRECTION_NOTICE.length).on
    }

    /// Whether a correction notice was given in this handling, with effect or without.
    pub fn has_correction(&self) -> bool {
        self.correction.is_some()
    }

    fn begin(&mut self) {
        let on = self.facts.start.on();
        let kind = match self.facts.start {
            Start::Received(_) => StepKind::Receipt,
            Start::Reopened { .. } => StepKind::Reopening,
        };
        let rest_day = !self.calendar.is_working_day(on);
        let article = words::start_article(self.facts);
        self.record(on, kind, article, None, Ok(words::start(self.facts, rest_day, self.start)));
    }

    fn correction_notice(&mut self, on: NaiveDate, span: Option<Span>, fact: &'a Correction) {
        self.correction = Some(fact);
        let limit = self.correction_limit();
        let outcome = if self.period.is_ordered() {
            Err(words::order_fixes_day("告知申请人补正"))
        } else if limit < on {
            Err((FindingKind::LateCorrectionNotice, words::late_correction_notice(limit)))
        } else {
            self.period.correction_pending = Some(on);
            Ok(words::correction_notice(fact.reply_by))
        };
        if fact.reply_by.is_none() {
            let text = words::CORRECTION_WITHOUT_PERIOD.to_owned();
            self.find(FindingKind::CorrectionWithoutPeriod, StepKind::CorrectionNotice, on, text);
        }
        self.record(on, StepKind::CorrectionNotice, terms::CORRECTION_NOTICE.article, span, outcome);
    }

    fn correction_received(&mut self, on: NaiveDate, span: Option<Span>, fact: &Correction) {
        let effective = self.period.correction_pending.take().is_some();
        if effective {
            self.period.restart(day_of_receipt(on, self.calendar, self.settings));
        }
        if let Some(by) = fact.reply_by.filter(|&by| by < on) {
            self.find(
                FindingKind::LateCorrection,
                StepKind::CorrectionReceived,
                on,
                words::late_correction(by),
            );
        }
        // The fault is that of the notice, and was found there.
        self.enter(
            on,
            StepKind::CorrectionReceived,
            terms::CORRECTION_NOTICE.article,
            span,
            effective,
            words::correction_received(effective).to_owned(),
        );
    }

    fn fee_notice(&mut self, on: NaiveDate, span: Option<Span>, fact: &FeeNotice, pay_by: DueDate) {
        let outcome = if self.period.is_ordered() {
            Err(words::order_fixes_day("发出收费通知"))
        } else if self.period.expired_before(on) {
            Err((FindingKind::LateFeeNotice, words::LATE_FEE_NOTICE.to_owned()))
        } else {
            self.period.fee_pending = Some(on);
            self.pay_by = Some(pay_by);
            Ok(words::fee_notice(fact, pay_by))
        };
        self.record(on, StepKind::FeeNotice, terms::FEE_PAYMENT.article, span, outcome);
    }

    fn fee_paid(&mut self, on: NaiveDate, span: Option<Span>, pay_by: DueDate) {
        let effective = self.period.fee_pending.take().is_some();
        if effective {
            self.period.restart(on);
        }
        if pay_by.on < on {
            self.find(FindingKind::LatePayment, StepKind::FeePaid, on, words::late_payment(pay_by.on));
        }
        let text = words::fee_paid(effective).to_owned();
        self.enter(on, StepKind::FeePaid, terms::FEE_PAYMENT.article, span, effective, text);
    }

    fn sent(&mut self, on: NaiveDate, span: Option<Span>, place: usize) {
        let letter = &self.letters[place];
        let fact = letter.fact;
        let outcome = if self.period.is_ordered() {
            Err(words::order_fixes_day("征求意见"))
        } else if self.period.expired_before(on) {
            Err((FindingKind::LateConsultation, words::late_consultation(fact)))
        } else {
            self.period.away.push(Away { letter: place, after: on, through: letter.end() });
            Ok(words::sent(fact, letter.lapse))
        };
        self.record(on, StepKind::ConsultationSent, consultation_article(fact.party), span, outcome);
    }

    fn returned(&mut self, on: NaiveDate, span: Option<Span>, place: usize) {
        let (fact, lapse) = (self.letters[place].fact, self.letters[place].lapse);
        let article = consultation_article(fact.party);
        if lapse.on < on {
            let refusal = (FindingKind::LateOpinion, words::late_opinion(fact, lapse.on));
            self.record(on, StepKind::OpinionReturned, article, span, Err(refusal));
        } else {
            let effective = self.is_effective(place);
            let text = words::returned(fact, self.resumption(effective, on));
            self.enter(on, StepKind::OpinionReturned, article, span, effective, text);
        }
    }

    fn lapsed(&mut self, on: NaiveDate, span: Option<Span>, place: usize) {
        let fact = self.letters[place].fact;
        let effective = self.is_effective(place);
        // Nobody knows yet what comes by the end of a day that is not over.
        let known = self.letters[place].returned.is_some() || on < self.today;
        if !effective && !known {
            return;
        }
        let text = words::lapsed(fact, known, self.resumption(effective, on));
        self.enter(on, StepKind::OpinionLapsed, consultation_article(fact.party), span, effective, text);
    }

    fn extension(&mut self, on: NaiveDate, span: Option<Span>, fact: &Extension) {
        let article = terms::EXTENSION_CAP.article;
        if let Some(refusal) = self.extension_refusal(on, fact) {
            return self.record(on, StepKind::Extension, article, span, Err(refusal));
        }
        let granted = fact.working_days.min(terms::EXTENSION_CAP.length - self.period.extension);
        self.period.extension += granted;
        let over = fact.working_days - granted;
        if 0 < over {
            self.find(FindingKind::ExtensionOverCap, StepKind::Extension, on, words::over_cap(over));
        }
        self.enter(on, StepKind::Extension, article, span, 0 < granted, words::extension(fact, granted));
    }

    fn extension_refusal(&mut self, on: NaiveDate, fact: &Extension) -> Option<Refusal> {
        if let Some(refusal) = self.no_running_period(on, "延长答复期限", FindingKind::LateExtension) {
            return Some(refusal);
        }
        let Some(approved) = fact.approved_on else {
            return Some((FindingKind::UnapprovedExtension, words::UNAPPROVED_EXTENSION.to_owned()));
        };
        if self.period.expired_before(approved) {
            return Some((FindingKind::LateExtension, words::late("批准延长答复期限")));
        }
        if on < approved {
            let text = words::extension_notified_first(approved);
            self.find(FindingKind::ExtensionNotifiedFirst, StepKind::Extension, on, text);
        }
        None
    }

    fn delay(&mut self, on: NaiveDate, span: Option<Span>, fact: &ReasonableDelay) {
        let outcome = match self.no_running_period(on, "告知延迟答复", FindingKind::LateDelay) {
            Some(refusal) => Err(refusal),
            None if fact.until <= self.period.end().on => {
                Err((FindingKind::DelayNotLater, words::delay_not_later(fact.until)))
            }
            None => {
                self.period.delay = Some(fact.until);
                Ok(words::delay(fact.until))
            }
        };
        self.record(on, StepKind::Delay, words::DELAY_ARTICLE, span, outcome);
    }

    /// Why a measure that lengthens the running period cannot: there is none, or it is fixed.
    fn no_running_period(&self, on: NaiveDate, what: &str, late: FindingKind) -> Option<Refusal> {
        if self.period.is_ordered() {
            Some(words::order_fixes_day(what))
        } else if self.period.paused_since().is_some() {
            Some((FindingKind::MeasureWhileSuspended, words::while_suspended(what)))
        } else if self.period.expired_before(on) {
            Some((late, words::late(what)))
        } else {
            None
        }
    }

    /// Whether the letter takes days out of the period.
    fn is_effective(&self, place: usize) -> bool {
        self.period.away.iter().any(|it| it.letter == place)
    }

    /// How counting goes on after a letter came to its end on `on`.
    fn resumption(&self, effective: bool, on: NaiveDate) -> &'static str {
        match (effective, self.period.is_away(next_day(on))) {
            (false, _) => "不影响答复期限",
            (true, true) => "其他征求意见尚未结束，仍不计入答复期限",
            (true, false) => "自次日起继续计算答复期限",
        }
    }

    /// The days since the last step, by the state of the clock before the step to come.
    pub fn span_to(&self, to: NaiveDate) -> Option<Span> {
        let last = self.ledger.iter().map(|it| it.on).max().filter(|&last| last < to)?;
        let counted = self.period.used_between(last, to);
        let excluded = self.calendar.working_days_between(last, to) - counted;
        let (rest_days, make_up_days) = self.calendar.notable_days(last, to);
        Some(Span { from: next_day(last), to, counted, excluded, rest_days, make_up_days })
    }

    pub fn find(&mut self, kind: FindingKind, fact: StepKind, on: NaiveDate, text: String) {
        self.findings.push(Finding { kind, fact, on, text });
    }

    /// Enters a step that has its effect, or one that has not and is a finding.
    fn record(
        &mut self,
        on: NaiveDate,
        fact: StepKind,
        article: &'static str,
        span: Option<Span>,
        outcome: Result<String, Refusal>,
    ) {
        match outcome {
            Ok(text) => self.enter(on, fact, article, span, true, text),
            Err((kind, text)) => {
                self.find(kind, fact, on, text.clone());
                self.enter(on, fact, article, span, false, text);
            }
        }
    }

    pub fn enter(
        &mut self,
        on: NaiveDate,
        fact: StepKind,
        article: &'static str,
        span: Option<Span>,
        effective: bool,
        text: String,
    ) {
        if self.explains {
            let (used, allowed) = (self.period.used_at(on), self.period.allowed());
            let remaining = i64::from(allowed) - i64::from(used);
            self.ledger.push(Step { on, fact, article, text, span, used, allowed, remaining, effective });
        }
    }
}

fn day_of_receipt(on: NaiveDate, calendar: &WorkCalendar, settings: &ClockSettings) -> NaiveDate {
    match settings.receipt_on_rest_day {
        ReceiptOnRestDay::NextWorkingDay if !calendar.is_working_day(on) => {
            calendar.next_working_day_after(on)
        }
        _ => on,
    }
}

fn consultation_article(party: Party) -> &'static str {
    match party {
        Party::ThirdParty => "条例第三十二条、第三十三条第三款",
        Party::JointMaker => "条例第三十三条第三款、第三十四条",
        Party::OtherAgency => "条例第三十三条第三款",
    }
}
