//! The course of one case: the days on which it came further, and when it stood still.

use chrono::NaiveDate;

use crate::coded;
use crate::domain::calendar::WorkCalendar;
use crate::domain::ids::{DepartmentId, UserId};
use crate::domain::labels::Coded;
use crate::domain::response_clock::ClockFacts;

coded! {
    /// How far a case has come. Each is counted when it is first reached: a draft that is returned stays
    /// one that was submitted.
    pub enum Milestone: "milestone" {
        /// The application, or the order to reply anew, has been received.
        Received = "received", "收到申请";
        /// A draft reply has been submitted.
        Drafted = "drafted", "提交答复稿";
        /// The legal adviser has agreed.
        Reviewed = "reviewed", "审核同意";
        /// The head has signed.
        Signed = "signed", "签发答复";
    }
}

/// The number of milestones.
pub(super) const N_MILESTONES: usize = 4;

impl Milestone {
    /// Its place among [`Milestone::ALL`](crate::domain::labels::Coded::ALL).
    pub(super) fn place(self) -> usize {
        match self {
            Self::Received => 0,
            Self::Drafted => 1,
            Self::Reviewed => 2,
            Self::Signed => 3,
        }
    }
}

/// A time in which a case stood still for another's sake. The days after `after` do not count, through the
/// day it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// The day of the notice or letter.
    pub after: NaiveDate,
    /// The day the correction, opinion or payment came, if it did.
    pub returned_on: Option<NaiveDate>,
    /// The day on which waiting ends by itself; none where it goes on until something comes.
    pub lapses_on: Option<NaiveDate>,
}

impl Pause {
    /// The last day that does not count, as far as it is known.
    pub fn through(&self) -> Option<NaiveDate> {
        match (self.returned_on, self.lapses_on) {
            (Some(returned), Some(lapses)) => Some(returned.min(lapses)),
            (known, other) => known.or(other),
        }
    }
}

/// The course of a case, closed or open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Course {
    /// The department that handles it.
    pub department: Option<DepartmentId>,
    /// The handler.
    pub handler: Option<UserId>,
    /// The day of receipt, of the application or of the order to reply anew.
    pub received_on: NaiveDate,
    /// The day a draft was first submitted.
    pub drafted_on: Option<NaiveDate>,
    /// The day the legal adviser first agreed.
    pub reviewed_on: Option<NaiveDate>,
    /// The day the head first signed.
    pub signed_on: Option<NaiveDate>,
    /// The day the applicant was first told of an extension.
    pub extended_on: Option<NaiveDate>,
    /// When it stood still.
    pub pauses: Vec<Pause>,
    /// The day of the reply; none for an open case.
    pub answered_on: Option<NaiveDate>,
}

impl Course {
    /// The course that the facts of a clock tell; milestones are added by the caller.
    pub fn of_clock(clock: &ClockFacts, calendar: &WorkCalendar) -> Self {
        let mut pauses = Vec::new();
        if let Some(it) = &clock.correction {
            pauses.push(Pause { after: it.notified_on, returned_on: it.received_on, lapses_on: None });
        }
        if let Some(it) = &clock.fee {
            pauses.push(Pause { after: it.sent_on, returned_on: it.paid_on, lapses_on: None });
        }
        for it in &clock.consultations {
            let from = it.delivered_on.unwrap_or(it.sent_on);
            let lapses_on = Some(calendar.nth_working_day_after(from, it.party.term().length).on);
            pauses.push(Pause { after: it.sent_on, returned_on: it.returned_on, lapses_on });
        }
        Self {
            received_on: clock.start.on(),
            extended_on: clock.extensions.iter().map(|it| it.notified_on).min(),
            pauses,
            answered_on: clock.closed_on,
            ..Self::default()
        }
    }

    /// The day a milestone was first reached.
    pub fn day_of(&self, milestone: Milestone) -> Option<NaiveDate> {
        match milestone {
            Milestone::Received => Some(self.received_on),
            Milestone::Drafted => self.drafted_on,
            Milestone::Reviewed => self.reviewed_on,
            Milestone::Signed => self.signed_on,
        }
    }

    /// The milestones it has come to, the furthest first, and when.
    pub fn reached(&self) -> impl Iterator<Item = (Milestone, NaiveDate)> {
        Milestone::ALL.iter().rev().filter_map(|it| Some((*it, self.day_of(*it)?)))
    }

    /// How far it has come.
    pub fn furthest(&self) -> Milestone {
        self.reached().next().map_or(Milestone::Received, |(it, _)| it)
    }

    /// The same case as it was known on `day`, open: nothing dated later is in it.
    pub fn as_of(&self, day: NaiveDate) -> Self {
        let known = |it: Option<NaiveDate>| it.filter(|it| *it <= day);
        let pauses = self.pauses.iter().filter(|it| it.after <= day);
        Self {
            department: self.department,
            handler: self.handler,
            received_on: self.received_on,
            drafted_on: known(self.drafted_on),
            reviewed_on: known(self.reviewed_on),
            signed_on: known(self.signed_on),
            extended_on: known(self.extended_on),
            pauses: pauses.map(|it| Pause { returned_on: known(it.returned_on), ..*it }).collect(),
            answered_on: None,
        }
    }

    /// The pause that goes on today: whether there is one, and when the latest of them ends where that is
    /// known.
    pub fn pause_on(&self, today: NaiveDate) -> Option<Option<NaiveDate>> {
        let going_on = |it: &&Pause| it.after <= today && it.through().is_none_or(|through| today < through);
        let ends: Vec<_> = self.pauses.iter().filter(going_on).map(Pause::through).collect();
        if ends.is_empty() {
            return None;
        }
        Some(ends.into_iter().collect::<Option<Vec<_>>>().and_then(|it| it.into_iter().max()))
    }
}

/// Working days counted once, so that spans are differences: histories have thousands of them.
#[derive(Debug, Clone)]
pub struct Workdays {
    first: NaiveDate,
    /// The number of working days from `first` through each day.
    through: Vec<u32>,
}

impl Workdays {
    /// The working days from `first` through `last`; days outside count as the nearest of these.
    pub fn over(calendar: &WorkCalendar, first: NaiveDate, last: NaiveDate) -> Self {
        let mut n = 0;
        let days = first.iter_days().take_while(|it| *it <= last);
        let through = days.map(|it| {
            n += u32::from(calendar.is_working_day(it));
            n
        });
        Self { first, through: through.collect() }
    }

    fn up_to(&self, day: NaiveDate) -> u32 {
        let Ok(place) = usize::try_from(day.signed_duration_since(self.first).num_days()) else { return 0 };
        self.through.get(place).or(self.through.last()).copied().unwrap_or(0)
    }

    /// Working days after `after`, up to and including `through`; 0 where it is not later.
    pub fn between(&self, after: NaiveDate, through: NaiveDate) -> u32 {
        self.up_to(through).saturating_sub(self.up_to(after))
    }

    /// The same without those on which the case stood still.
    pub fn worked(&self, course: &Course, after: NaiveDate, through: NaiveDate) -> u32 {
        let mut still: Vec<(NaiveDate, NaiveDate)> = course
            .pauses
            .iter()
            .map(|it| (it.after.max(after), it.through().unwrap_or(through).min(through)))
            .filter(|(from, to)| from < to)
            .collect();
        still.sort();
        let (mut n_still, mut counted_to) = (0, after);
        for (from, to) in still {
            // Pauses may overlap: what is counted already is not counted again.
            n_still += self.between(from.max(counted_to), to);
            counted_to = counted_to.max(to);
        }
        self.between(after, through).saturating_sub(n_still)
    }
}
