//! What a holiday notice changes, before it is applied.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::calendar::{DayChange, NamedDay, YearNotice};
use crate::domain::case::NextDay;
use crate::domain::ids::{AgencyId, UserId};
use crate::domain::response_clock::SuspendedBy;
use crate::domain::urgency::has_passed;

/// An open case whose day to act by the notice moves, or settles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The identifier of the case.
    pub id: String,
    /// Its number.
    pub case_no: String,
    /// Its agency.
    pub agency: AgencyId,
    /// Its handler.
    pub handler: Option<UserId>,
    /// The day by the notices known so far.
    pub before: NextDay,
    /// The day with this one.
    pub after: NextDay,
}

impl Move {
    /// Days of the calendar by which it is later; negative where it is earlier.
    pub fn days(&self) -> i64 {
        self.after.on.signed_duration_since(self.before.on).num_days()
    }

    /// Whether the day is the agency's own: while a correction or a payment is awaited, it is the applicant's.
    pub fn is_ours(&self) -> bool {
        !self.after.waiting_for.is_some_and(SuspendedBy::is_of_applicant)
    }

    /// Whether the agency is late on `today` with one of the two days.
    pub fn is_overdue(&self, next: NextDay, today: NaiveDate) -> bool {
        self.is_ours() && has_passed(next.on, today)
    }
}

/// The number of cases that move, by how they move.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Open cases whose day is earlier.
    pub earlier: usize,
    /// Open cases whose day is later.
    pub later: usize,
    /// Of those earlier, the ones that are overdue now.
    pub newly_overdue: usize,
    /// Of those later, the ones that are no longer overdue.
    pub no_longer_overdue: usize,
    /// Open cases whose day was provisional and no longer is.
    pub settled: usize,
    /// Open cases whose day becomes provisional.
    pub unsettled: usize,
    /// Closed cases whose day is kept anew, for the figures of replies in time.
    pub closed: usize,
}

/// Open cases that move alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shift {
    /// The day before.
    pub before: NaiveDate,
    /// Whether it was provisional.
    pub was_provisional: bool,
    /// The day after.
    pub after: NaiveDate,
    /// Whether it is provisional.
    pub is_provisional: bool,
    /// Whether it is the applicant's day.
    pub is_of_applicant: bool,
}

/// What a notice changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The notice.
    pub notice: YearNotice,
    /// Whether one for the same year was known already.
    pub is_correction: bool,
    /// The days that are seen otherwise.
    pub days: Vec<DayChange>,
    /// Days that a notice imported here named and this one does not: they become ordinary again.
    pub dropped: Vec<NamedDay>,
    /// The number of open cases that were looked at.
    pub n_looked: usize,
    /// The number that move, by how they move.
    pub tally: Tally,
    /// All open cases that move, by how.
    pub shifts: BTreeMap<Shift, usize>,
    /// The open cases that move, those that become overdue first, then the earlier ones.
    pub moves: Vec<Move>,
    /// What is bound to this preview: nothing else is applied in its name.
    pub fingerprint: String,
    /// The days that are kept anew, by the identifier of the case.
    pub(in crate::service) renewed: Vec<(String, NextDay)>,
}
