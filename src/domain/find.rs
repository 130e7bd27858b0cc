//! Which cases somebody looks for, and in which order: what a list, a count and an export share.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::coded;
use crate::domain::applicant::ApplicantKind;
use crate::domain::calendar::WorkCalendar;
use crate::domain::ids::{AgencyId, DepartmentId, UserId};
use crate::domain::outcome::Outcome;
use crate::domain::request::Channel;
use crate::domain::response_clock::SuspendedBy;
use crate::domain::search::SearchQuery;
use crate::domain::urgency;
use crate::domain::workflow::Status;

/// Conditions on a case; all must hold. Empty lists and `None` ask nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// Its texts.
    pub text: Option<SearchQuery>,
    /// Whether work is still to be done.
    pub is_open: Option<bool>,
    /// One of these.
    pub statuses: Vec<Status>,
    /// Its agency.
    pub agency: Option<AgencyId>,
    /// One of these.
    pub departments: Vec<DepartmentId>,
    /// Its handler.
    pub handler: Option<UserId>,
    /// Open, and in nobody's hands.
    pub is_unclaimed: bool,
    /// One of these.
    pub channels: Vec<Channel>,
    /// One of these.
    pub kinds: Vec<ApplicantKind>,
    /// One of these.
    pub outcomes: Vec<Outcome>,
    /// The first day of receipt.
    pub received_from: Option<NaiveDate>,
    /// The last day of receipt.
    pub received_to: Option<NaiveDate>,
    /// The first day of closing.
    pub closed_from: Option<NaiveDate>,
    /// The last day of closing.
    pub closed_to: Option<NaiveDate>,
    /// Open, its period running, and due on this day or later.
    pub due_from: Option<NaiveDate>,
    /// Open, its period running, and due on this day or earlier.
    pub due_to: Option<NaiveDate>,
    /// Open, and waiting for this.
    pub waiting_for: Option<SuspendedBy>,
    /// Open, waiting for nothing, and not changed since.
    pub untouched_since: Option<DateTime<Utc>>,
}

impl CaseFilter {
    /// Whether it asks for open cases only: those are few, and have indexes of their own.
    pub fn is_of_open(&self) -> bool {
        self.is_open == Some(true)
            || self.is_unclaimed
            || self.due_from.is_some()
            || self.due_to.is_some()
            || self.waiting_for.is_some()
            || self.untouched_since.is_some()
            || (!self.statuses.is_empty() && self.statuses.iter().all(|it| it.is_open()))
    }
}

coded! {
    /// What work is picked by. Each is relative to the day it is looked at, so that it can be saved.
    pub enum Pile: "pile of work" {
        /// Due today.
        DueToday = "due_today", "今日到期";
        /// Due today, or soon after: what [`urgency::Light::DueSoon`] shows.
        DueSoon = "due_soon", "三日内到期";
        /// Past its due date: what [`urgency::Light::Overdue`] shows.
        Overdue = "overdue", "已超期";
        /// Received, its day of receipt to be confirmed with the applicant.
        ToConfirm = "to_confirm", "待确认";
        /// Registered, and not assigned.
        ToAssign = "to_assign", "待派办";
        /// With the legal adviser.
        ToReview = "to_review", "待审核";
        /// With the head.
        ToSign = "to_sign", "待签发";
        /// Signed, to be delivered.
        ToIssue = "to_issue", "待送达";
        /// A correction is awaited.
        AwaitingCorrection = "awaiting_correction", "待补正回复";
        /// An opinion is awaited.
        AwaitingOpinion = "awaiting_opinion", "待征求意见回复";
        /// A payment is awaited.
        AwaitingPayment = "awaiting_payment", "待缴费";
        /// In nobody's hands.
        Unclaimed = "unclaimed", "无人认领";
        /// Not touched for five working days, though nothing is awaited.
        Untouched = "untouched", "五个工作日没有进展";
    }
}

/// Working days without a change after which work counts as untouched.
pub const UNTOUCHED_AFTER: u32 = 5;

/// The days that piles are relative to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PileDays {
    /// Today in Beijing.
    pub today: NaiveDate,
    /// The last day that is soon.
    pub soon: NaiveDate,
    /// What was last changed before this instant is untouched.
    pub untouched: DateTime<Utc>,
}

impl PileDays {
    /// The days as of `today`, which begins at `begins`.
    pub fn new(today: NaiveDate, begins: DateTime<Utc>, calendar: &WorkCalendar) -> Self {
        let (mut day, mut untouched, mut n) = (today, begins, 0);
        while n < UNTOUCHED_AFTER {
            day = day.pred_opt().unwrap_or(day);
            untouched -= TimeDelta::days(1);
            n += u32::from(calendar.is_working_day(day));
        }
        Self { today, soon: urgency::last_near_day(calendar, today), untouched }
    }
}

impl Pile {
    /// Narrows a filter to this pile.
    pub fn narrow(self, filter: &mut CaseFilter, days: &PileDays) {
        let mut status = |it| filter.statuses = vec![it];
        match self {
            Self::DueToday => (filter.due_from, filter.due_to) = (Some(days.today), Some(days.today)),
            Self::DueSoon => (filter.due_from, filter.due_to) = (Some(days.today), Some(days.soon)),
            Self::Overdue => filter.due_to = days.today.pred_opt(),
            Self::ToConfirm => status(Status::Received),
            Self::ToAssign => status(Status::Registered),
            Self::ToReview => status(Status::UnderReview),
            Self::ToSign => status(Status::AwaitingSignOff),
            Self::ToIssue => status(Status::AwaitingIssue),
            Self::AwaitingCorrection => filter.waiting_for = Some(SuspendedBy::Correction),
            Self::AwaitingOpinion => filter.waiting_for = Some(SuspendedBy::Consultation),
            Self::AwaitingPayment => filter.waiting_for = Some(SuspendedBy::Fee),
            Self::Unclaimed => filter.is_unclaimed = true,
            Self::Untouched => filter.untouched_since = Some(days.untouched),
        }
    }
}

/// By what a list is ordered. The identifier decides between equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OrderBy {
    /// The day to act by.
    Due,
    /// The day of receipt.
    #[default]
    Received,
    /// When it was last changed.
    Changed,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Order {
    /// By what.
    pub by: OrderBy,
    /// The latest first.
    pub is_descending: bool,
}

/// A place in a list: before or after which line a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// What the line is ordered by, as text; among texts found, the number of its document.
    pub key: String,
    /// Its identifier.
    pub id: String,
    /// Whether the page ends before it, rather than begins after it.
    pub is_before: bool,
}

#[cfg(test)]
mod tests {
    use chrono::{Days, NaiveTime, TimeDelta};
    use proptest::prelude::*;

    use super::*;
    use crate::domain::calendar::tests::day;
    use crate::domain::urgency::Light;

    proptest! {
        /// A due date is in the pile of its light, and in no other.
        #[test]
        fn piles_are_lights(today in 0u64..730, ahead in -40i64..40) {
            let calendar = WorkCalendar::published();
            let today = day("2025-01-01") + Days::new(today);
            let due = today + TimeDelta::days(ahead);
            let days = PileDays::new(today, today.and_time(NaiveTime::MIN).and_utc(), &calendar);
            let is_in = |pile: Pile| {
                let mut filter = CaseFilter::default();
                pile.narrow(&mut filter, &days);
                filter.due_from.is_none_or(|it| it <= due) && filter.due_to.is_none_or(|it| due <= it)
            };
            let light = Light::of_day(due, &calendar, today);
            prop_assert_eq!(light == Light::Overdue, is_in(Pile::Overdue));
            prop_assert_eq!(light == Light::DueSoon, is_in(Pile::DueSoon));
        }
    }
}
