//! The calendar of working days: Saturdays and Sundays, and what the yearly notices change.
//!
//! Public offices rest on Saturday and Sunday (国务院关于职工工作时间的规定 art. 7). Each year a notice
//! of the General Office of the State Council names the holidays and the weekend days worked in
//! their stead. Notices are data ([`YearNotice`]); where the notice for a year is not out, the
//! calendar still answers, by the days the law itself fixes, and marks the day *provisional*.
//!
//! Absent on purpose: half-day and women's holidays, and local holidays, which no notice moves and
//! which do not stop the periods of this system.
//!
//! ```
//! use gongkai::domain::calendar::WorkCalendar;
//!
//! let calendar = WorkCalendar::published();
//! // Over the National Day of 2025: eight free days, and two days of weekends worked in their stead.
//! let due = calendar.nth_working_day_after("2025-09-22".parse()?, 20);
//! assert_eq!(due.on.to_string(), "2025-10-24");
//! assert!(!due.provisional, "the notice for 2025 is out");
//! # Ok::<(), chrono::ParseError>(())
//! ```

mod change;
mod notice;
pub mod notice_text;
#[cfg(test)]
mod notice_text_tests;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, Weekday};
use serde::Serialize;

pub use change::{DayChange, changed_days};
pub use notice::{NamedDay, NoticeError, NoticeSource, YearNotice};

use super::wording;

/// The notices built into the program, oldest first; a later one is imported at run time.
const PUBLISHED: [&str; 9] = [
    include_str!("../../../config/calendar/2018.json"),
    include_str!("../../../config/calendar/2019.json"),
    include_str!("../../../config/calendar/2020.json"),
    include_str!("../../../config/calendar/2021.json"),
    include_str!("../../../config/calendar/2022.json"),
    include_str!("../../../config/calendar/2023.json"),
    include_str!("../../../config/calendar/2024.json"),
    include_str!("../../../config/calendar/2025.json"),
    include_str!("../../../config/calendar/2026.json"),
];

/// What kind of day it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind<'a> {
    /// Monday to Friday, and no holiday.
    Working,
    /// A day of the weekend that is worked (调休上班).
    MakeUp {
        /// The holiday it makes up for.
        name: &'a str,
    },
    /// A Saturday or Sunday.
    Weekend,
    /// A day of rest by a notice, or by the law where no notice is out.
    Holiday {
        /// The holiday.
        name: &'a str,
    },
}

impl DayKind<'_> {
    /// Whether offices work.
    pub fn is_working(self) -> bool {
        matches!(self, Self::Working | Self::MakeUp { .. })
    }
}

/// One day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalendarDay<'a> {
    /// What kind of day it is.
    pub kind: DayKind<'a>,
    /// Whether a notice still to come may change it.
    pub provisional: bool,
}

/// A day that counting led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DueDate {
    /// The day.
    pub on: NaiveDate,
    /// Whether a notice still to come may move it.
    pub provisional: bool,
}

/// A day that counting led to, with the days that need explaining on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The day.
    pub on: NaiveDate,
    /// Whether a notice still to come may move it.
    pub provisional: bool,
    /// The days passed over, weekends among them, in order.
    pub rest_days: Vec<NamedDay>,
    /// The days of the weekend that were counted because they are worked, in order.
    pub make_up: Vec<NamedDay>,
}

/// What a notice makes of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Mark {
    Rest(String),
    Work(String),
}

/// What counting asks of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Slot {
    working: bool,
    provisional: bool,
}

/// Which days are worked, by the notices known. Immutable; make one and share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkCalendar {
    /// The years whose notice is known.
    years: BTreeSet<i32>,
    /// The days named by a notice.
    marks: BTreeMap<NaiveDate, Mark>,
    /// The first day of `slots`.
    first: NaiveDate,
    /// Every day from `first` to the end of the last known year: counting looks only here, for
    /// due dates are recomputed by the hundred thousand when a notice is imported.
    slots: Vec<Slot>,
}

impl WorkCalendar {
    /// The calendar by these notices, in any order.
    ///
    /// They are merged day by day. A later year's notice wins for the December days it names; of
    /// two for one year, the one given later wins for the days it names and leaves the others.
    pub fn from_notices(notices: impl IntoIterator<Item = YearNotice>) -> Self {
        let mut notices: Vec<YearNotice> = notices.into_iter().collect();
        notices.sort_by_key(YearNotice::year);
        let mut marks = BTreeMap::new();
        for notice in &notices {
            for day in notice.rest() {
                marks.insert(day.date, Mark::Rest(day.name.clone()));
            }
            for day in notice.work() {
                marks.insert(day.date, Mark::Work(day.name.clone()));
            }
        }
        let years: BTreeSet<i32> = notices.iter().map(YearNotice::year).collect();
        // The year before the first is tabled too, for that notice's days of December.
        let first =
            years.first().and_then(|year| NaiveDate::from_ymd_opt(year - 1, 1, 1)).unwrap_or_default();
        let mut it = Self { years, marks, first, slots: Vec::new() };
        if let Some(&last) = it.years.last() {
            it.slots =
                first.iter_days().take_while(|day| day.year() <= last).map(|day| it.judge(day)).collect();
        }
        it
    }

    /// The calendar by the notices built into the program: 2018 to 2026.
    pub fn published() -> Self {
        Self::from_notices(Self::published_notices())
    }

    /// The notices built into the program, oldest first.
    pub fn published_notices() -> Vec<YearNotice> {
        let parse = |text| YearNotice::from_json(text).expect("the built-in notices are checked by a test");
        PUBLISHED.into_iter().map(parse).collect()
    }

    /// The years whose notice is known, ascending.
    pub fn years(&self) -> Vec<i32> {
        self.years.iter().copied().collect()
    }

    /// What kind of day it is, and whether that is settled.
    pub fn day(&self, day: NaiveDate) -> CalendarDay<'_> {
        CalendarDay { kind: self.kind(day), provisional: self.slot(day).provisional }
    }

    /// Whether offices work that day.
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        self.slot(day).working
    }

    /// Whether a notice still to come may change that day.
    pub fn is_provisional(&self, day: NaiveDate) -> bool {
        self.slot(day).provisional
    }

    /// The year whose notice is still to come and settles that day; none where it is settled.
    pub fn missing_notice(&self, day: NaiveDate) -> Option<i32> {
        let year = day.year();
        match self.is_provisional(day) {
            false => None,
            true if self.years.contains(&year) => Some(year + 1),
            true => Some(year),
        }
    }

    /// The first notice still to come that may change a day after `after`, up to and including `through`.
    pub fn first_missing_notice(&self, after: NaiveDate, through: NaiveDate) -> Option<i32> {
        days_after(after, through).find_map(|day| self.missing_notice(day))
    }

    /// The first working day after `day`.
    pub fn next_working_day_after(&self, day: NaiveDate) -> NaiveDate {
        self.nth_working_day_after(day, 1).on
    }

    /// The `n`th working day after `from`, without explanation and without allocation.
    ///
    /// `from` itself never counts (民事诉讼法 art. 85: the day a period begins is not counted in), so
    /// day 1 is the first working day after it; the 0th is `from`.
    pub fn nth_working_day_after(&self, from: NaiveDate, n: u32) -> DueDate {
        let mut due = DueDate { on: from, provisional: false };
        let mut remaining = n;
        while 0 < remaining {
            due.on = next_day(due.on);
            let slot = self.slot(due.on);
            due.provisional |= slot.provisional;
            remaining -= u32::from(slot.working);
        }
        due
    }

    /// The `n`th working day after `from`, with the days passed over and the weekend days counted.
    pub fn add_working_days(&self, from: NaiveDate, n: u32) -> Counted {
        let DueDate { on, provisional } = self.nth_working_day_after(from, n);
        let (rest_days, make_up) = self.notable_days(from, on);
        Counted { on, provisional, rest_days, make_up }
    }

    /// How many working days lie after `after`, up to and including `through`; 0 where it is not later.
    pub fn working_days_between(&self, after: NaiveDate, through: NaiveDate) -> u32 {
        days_after(after, through).map(|day| u32::from(self.slot(day).working)).sum()
    }

    /// Working days from a last day to `day`: 0 up to the last day, afterwards at least 1, for what is done on the
    /// rest day after the last day is late too.
    pub fn working_days_late(&self, last: NaiveDate, day: NaiveDate) -> u32 {
        if day <= last { 0 } else { self.working_days_between(last, day).max(1) }
    }

    /// The rest days and the weekend days worked after `after`, up to and including `through`.
    pub fn notable_days(&self, after: NaiveDate, through: NaiveDate) -> (Vec<NamedDay>, Vec<NamedDay>) {
        let (mut rest_days, mut make_up) = (Vec::new(), Vec::new());
        for date in days_after(after, through) {
            match self.kind(date) {
                DayKind::Working => {}
                DayKind::MakeUp { name } => make_up.push(NamedDay { date, name: name.to_owned() }),
                DayKind::Holiday { name } => rest_days.push(NamedDay { date, name: name.to_owned() }),
                DayKind::Weekend => {
                    rest_days.push(NamedDay { date, name: wording::weekday(date).to_owned() })
                }
            }
        }
        (rest_days, make_up)
    }

    fn kind(&self, day: NaiveDate) -> DayKind<'_> {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        match self.marks.get(&day) {
            Some(Mark::Rest(name)) => DayKind::Holiday { name },
            Some(Mark::Work(name)) if weekend => DayKind::MakeUp { name },
            Some(Mark::Work(_)) => DayKind::Working,
            None if self.years.contains(&day.year()) => weekend_or_working(weekend),
            None => match fixed_holiday(day) {
                Some(name) => DayKind::Holiday { name },
                None => weekend_or_working(weekend),
            },
        }
    }

    fn slot(&self, day: NaiveDate) -> Slot {
        usize::try_from(day.signed_duration_since(self.first).num_days())
            .ok()
            .and_then(|index| self.slots.get(index).copied())
            .unwrap_or_else(|| self.judge(day))
    }

    /// A notice also sets the last days of the December before it (2018-12-29 to 31, 2022-12-31), so
    /// these are settled only when the next year's notice is known too.
    fn judge(&self, day: NaiveDate) -> Slot {
        let (own, next) = (self.years.contains(&day.year()), self.years.contains(&(day.year() + 1)));
        let end_of_december = day.month() == 12 && 29 <= day.day();
        let settled = if end_of_december { next && (own || self.marks.contains_key(&day)) } else { own };
        Slot { working: self.kind(day).is_working(), provisional: !settled }
    }
}

/// The days after `after`, up to and including `through`.
pub fn days_after(after: NaiveDate, through: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    after.iter_days().skip(1).take_while(move |&day| day <= through)
}

/// The day after.
pub(crate) fn next_day(day: NaiveDate) -> NaiveDate {
    day.succ_opt().expect("a due date is never near the end of chrono's 262,000 years")
}

fn weekend_or_working(weekend: bool) -> DayKind<'static> {
    if weekend { DayKind::Weekend } else { DayKind::Working }
}

/// The holidays whose place the law and every notice so far agree on, for years without a notice
/// (全国年节及纪念日放假办法, 2024 revision, arts. 2 and 4).
fn fixed_holiday(day: NaiveDate) -> Option<&'static str> {
    match (day.month(), day.day()) {
        (1, 1) => Some("元旦"),
        (5, 1..=2) => Some("劳动节"),
        (10, 1..=7) => Some("国庆节"),
        _ => None,
    }
}
