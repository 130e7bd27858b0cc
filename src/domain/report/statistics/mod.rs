//! The statutory tables, derived from the dated facts of cases and proceedings.
//!
//! There is one classification: a [`Measure`] is a [`Window`] over two dates, and a fact is
//! counted by it where both dates fall in. The pure functions here test facts against windows;
//! storage turns the same windows into SQL. The tables ([`tables`]), the list behind a cell and
//! the reason of each case in it ([`placement`]) are three views of it and cannot disagree; that
//! they do not is proved by a property test over random histories. The identities follow from the
//! windows: those of [`Measure::New`] and [`Measure::CarriedIn`] cover the same facts as those of
//! [`Measure::Closed`] and [`Measure::CarriedOut`], each fact once on either side.

pub mod checks;
pub mod placement;
pub mod report;
pub mod table2;
pub mod tables;

use chrono::{Datelike, NaiveDate};

use crate::domain::applicant::ApplicantKind;
use crate::domain::outcome::Outcome;

/// The days a report speaks of: 1 January of its year to 31 December, or to an earlier day as of
/// which it is drawn up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    year: i32,
    last: NaiveDate,
}

/// A day before the year it should bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("截至日{as_of}早于统计年度{year}年的开始")]
pub struct BeforeYear {
    /// The year of the report.
    pub year: i32,
    /// The day given.
    pub as_of: NaiveDate,
}

impl Period {
    /// The whole calendar year.
    pub fn year(year: i32) -> Self {
        Self { year, last: last_day(year) }
    }

    /// The part of the year up to the end of `as_of`; the whole year for a later day.
    ///
    /// # Errors
    /// [`BeforeYear`] for a day before 1 January of the year.
    pub fn as_of(year: i32, as_of: NaiveDate) -> Result<Self, BeforeYear> {
        if as_of.year() < year {
            return Err(BeforeYear { year, as_of });
        }
        Ok(Self { year, last: as_of.min(last_day(year)) })
    }

    /// The year of the report.
    pub fn number(self) -> i32 {
        self.year
    }

    /// 1 January.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, 1, 1).expect("years of reports are four digits")
    }

    /// 31 December, or the day as of which the report is drawn up.
    pub fn last_day(self) -> NaiveDate {
        self.last
    }

    fn days(self) -> Days {
        Days { from: Some(self.first_day()), through: Some(self.last) }
    }

    fn day_before(self) -> NaiveDate {
        self.first_day().pred_opt().expect("years of reports are four digits")
    }
}

fn last_day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 12, 31).expect("years of reports are four digits")
}

/// A run of days, both ends included; open where an end is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub through: Option<NaiveDate>,
}

impl Days {
    /// Whether the day lies in the run.
    pub fn contains(self, day: NaiveDate) -> bool {
        self.from.is_none_or(|it| it <= day) && self.through.is_none_or(|it| day <= it)
    }
}

/// When a fact must have ended to be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Whenever, or not at all.
    Any,
    /// On one of these days.
    Within(Days),
    /// Not by the end of this day.
    OpenAtEndOf(NaiveDate),
}

/// The condition of a measure: when a fact began and when it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The day of receipt, or of acceptance of a proceeding.
    pub opened: Days,
    /// The day of closing, or of conclusion of a proceeding.
    pub ending: Ending,
}

impl Window {
    /// Whether a fact with these dates is counted.
    pub fn contains(self, opened_on: NaiveDate, closed_on: Option<NaiveDate>) -> bool {
        self.opened.contains(opened_on)
            && match self.ending {
                Ending::Any => true,
                Ending::Within(days) => closed_on.is_some_and(|it| days.contains(it)),
                Ending::OpenAtEndOf(day) => closed_on.is_none_or(|it| day < it),
            }
    }
}

/// What the rows of table 3 and the columns of table 4 count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Received in the year (Regulation art. 31 fixes the day).
    New,
    /// Received before the year and still open when it began.
    CarriedIn,
    /// Closed in the year.
    Closed,
    /// Open at the end of the year, or of the day the report is as of.
    CarriedOut,
}

impl Measure {
    /// All measures, in the order of the form.
    pub const ALL: [Self; 4] = [Self::New, Self::CarriedIn, Self::Closed, Self::CarriedOut];

    /// The dates that are counted.
    pub fn window(self, period: Period) -> Window {
        let until_end = Days { from: None, through: Some(period.last_day()) };
        match self {
            Self::New => Window { opened: period.days(), ending: Ending::Any },
            Self::CarriedIn => Window {
                opened: Days { from: None, through: Some(period.day_before()) },
                ending: Ending::OpenAtEndOf(period.day_before()),
            },
            Self::Closed => Window { opened: until_end, ending: Ending::Within(period.days()) },
            Self::CarriedOut => Window { opened: until_end, ending: Ending::OpenAtEndOf(period.last_day()) },
        }
    }
}

/// What the tables need to know of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountedCase {
    /// Which column.
    pub applicant_kind: ApplicantKind,
    /// The day of receipt (art. 31).
    pub received_on: NaiveDate,
    /// The day the case was first closed, and how. A later reply ordered by a reconsideration
    /// decision or judgment is no new application and is not counted again.
    pub closed: Option<(NaiveDate, Outcome)>,
}

impl CountedCase {
    /// The day it was closed.
    pub fn closed_on(&self) -> Option<NaiveDate> {
        self.closed.map(|(day, _)| day)
    }

    /// Whether the measure counts this case.
    pub fn is_counted(&self, measure: Measure, period: Period) -> bool {
        measure.window(period).contains(self.received_on, self.closed_on())
    }
}

#[cfg(test)]
mod tests;
