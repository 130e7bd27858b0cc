//! The arithmetic of one period: which days count, and where it ends.

use chrono::NaiveDate;

use crate::domain::calendar::{DueDate, WorkCalendar, days_after, next_day};
use crate::domain::terms;

/// The days a consultation takes out of the period: after `after`, up to and including `through`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Away {
    /// Place of the letter among the letters of the case.
    pub letter: usize,
    /// The day it went out.
    pub after: NaiveDate,
    /// The day the opinion came back or lapsed.
    pub through: NaiveDate,
}

/// A period that began after `from`.
#[derive(Debug)]
pub(super) struct Period<'a> {
    calendar: &'a WorkCalendar,
    /// The day it is counted from, which does not count itself.
    pub from: NaiveDate,
    /// The last day an order fixes.
    ordered: Option<NaiveDate>,
    /// Working days added by extensions: 0 to 20.
    pub extension: u32,
    /// The last day a reasonable delay sets.
    pub delay: Option<NaiveDate>,
    /// Consultations, of earlier periods too: a letter still out keeps its days from counting.
    pub away: Vec<Away>,
    /// The day since which a correction is awaited.
    pub correction_pending: Option<NaiveDate>,
    /// The day since which a payment is awaited.
    pub fee_pending: Option<NaiveDate>,
}

impl<'a> Period<'a> {
    pub fn new(calendar: &'a WorkCalendar, from: NaiveDate, ordered: Option<NaiveDate>) -> Self {
        Self {
            calendar,
            from,
            ordered,
            extension: 0,
            delay: None,
            away: Vec::new(),
            correction_pending: None,
            fee_pending: None,
        }
    }

    /// Begins anew after `from`; nothing granted before survives.
    pub fn restart(&mut self, from: NaiveDate) {
        self.from = from;
        self.extension = 0;
        self.delay = None;
    }

    /// Whether an order fixes the last day.
    pub fn is_ordered(&self) -> bool {
        self.ordered.is_some()
    }

    /// Whether a reasonable delay decides the last day.
    pub fn is_delayed(&self) -> bool {
        self.delay.is_some_and(|until| !self.is_ordered() && self.counted_end().on < until)
    }

    /// The day after which nothing counts, while a correction or a payment is awaited.
    pub fn paused_since(&self) -> Option<NaiveDate> {
        self.correction_pending.into_iter().chain(self.fee_pending).min()
    }

    /// The last day for the answer, none while the period is paused.
    pub fn due(&self) -> Option<DueDate> {
        self.paused_since().is_none().then(|| self.end())
    }

    /// Whether the period had run out before `day`; a paused one does not run out.
    pub fn expired_before(&self, day: NaiveDate) -> bool {
        self.due().is_some_and(|due| due.on < day)
    }

    /// The last day, as if nothing paused the period.
    pub fn end(&self) -> DueDate {
        if let Some(on) = self.ordered {
            return DueDate { on, provisional: false };
        }
        let counted = self.counted_end();
        match self.delay {
            Some(until) if counted.on < until => DueDate { on: until, provisional: false },
            _ => counted,
        }
    }

    /// Working days the whole period has. An order or a delay gives a day, not a number: then the
    /// working days up to it.
    pub fn allowed(&self) -> u32 {
        if self.is_ordered() || self.delay.is_some() {
            self.count(self.from, self.end().on)
        } else {
            self.statutory()
        }
    }

    /// Working days used up by the end of `day`.
    pub fn used_at(&self, day: NaiveDate) -> u32 {
        self.count(self.from, self.last_counting(day))
    }

    /// Working days that counted after `after`, through `day`.
    pub fn used_between(&self, after: NaiveDate, day: NaiveDate) -> u32 {
        self.count(after.max(self.from), self.last_counting(day))
    }

    /// Working days after `after`, through `through`, that no consultation takes out.
    pub fn count(&self, after: NaiveDate, through: NaiveDate) -> u32 {
        days_after(after, through).map(|day| u32::from(self.counts(day))).sum()
    }

    /// Whether a consultation takes the day out.
    pub fn is_away(&self, day: NaiveDate) -> bool {
        self.away.iter().any(|it| it.after < day && day <= it.through)
    }

    fn counts(&self, day: NaiveDate) -> bool {
        self.calendar.is_working_day(day) && !self.is_away(day)
    }

    fn last_counting(&self, day: NaiveDate) -> NaiveDate {
        self.paused_since().map_or(day, |since| since.min(day))
    }

    fn statutory(&self) -> u32 {
        terms::ANSWER.length + self.extension
    }

    /// The day the statutory number of days is used up.
    fn counted_end(&self) -> DueDate {
        if self.away.is_empty() {
            return self.calendar.nth_working_day_after(self.from, self.statutory());
        }
        let mut due = DueDate { on: self.from, provisional: false };
        let mut remaining = self.statutory();
        while 0 < remaining {
            due.on = next_day(due.on);
            due.provisional |= self.calendar.is_provisional(due.on);
            remaining -= u32::from(self.counts(due.on));
        }
        due
    }
}
