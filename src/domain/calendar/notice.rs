//! One year's holiday notice of the General Office of the State Council, as a file keeps it.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// A day with the name a notice, or the week, gives it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedDay {
    /// The day.
    pub date: NaiveDate,
    /// `国庆节`; for an ordinary day of the weekend `周六` or `周日`.
    pub name: String,
}

/// Where a notice can be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeSource {
    /// The address of its text.
    pub source: String,
}

/// What the notices for one year say: the content of `config/calendar/<year>.json`.
///
/// A value has been checked ([`YearNotice::new`]), whether it was built or read, so an empty
/// or misplaced file cannot pass for a published year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Draft")]
pub struct YearNotice {
    year: i32,
    notices: Vec<NoticeSource>,
    rest: Vec<NamedDay>,
    work: Vec<NamedDay>,
}

/// The same before it was checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    year: i32,
    notices: Vec<NoticeSource>,
    rest: Vec<NamedDay>,
    work: Vec<NamedDay>,
}

/// A year of the public list of holidays; what else it says is passed over.
#[derive(Deserialize)]
struct PublicList {
    year: i32,
    papers: Vec<String>,
    days: Vec<PublicDay>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PublicDay {
    name: String,
    date: NaiveDate,
    is_off_day: bool,
}

impl PublicList {
    fn draft(self) -> Draft {
        let named = |is_off: bool| {
            let days = self.days.iter().filter(move |it| it.is_off_day == is_off);
            days.map(|it| NamedDay { date: it.date, name: it.name.clone() }).collect()
        };
        let (rest, work) = (named(true), named(false));
        let notices = self.papers.into_iter().map(|source| NoticeSource { source }).collect();
        Draft { year: self.year, notices, rest, work }
    }
}

/// Why a file is no holiday notice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoticeError {
    /// It is not JSON of the expected shape; holds the parser's words.
    #[error("not a holiday notice: {0}")]
    Malformed(String),
    /// A year no notice can be for.
    #[error("no holiday notice for the year {0}: expected {first} to {last}", first = FIRST_YEAR, last = LAST_YEAR)]
    ImpossibleYear(i32),
    /// It is for another year than its name says.
    #[error("the notice is for {found}, not for {expected}")]
    YearMismatch {
        /// The year wanted.
        expected: i32,
        /// The year in the file.
        found: i32,
    },
    /// No source: a year counts as published only by a notice that can be read.
    #[error("the notice for {0} names no source")]
    NoSource(i32),
    /// No rest day: every notice has some, so this one was not filled in.
    #[error("the notice for {0} names no rest day")]
    NoRestDay(i32),
    /// A day of another year that is not in the December before.
    #[error("{date} is neither in {year} nor in the December before")]
    OutsideYear {
        /// The day.
        date: NaiveDate,
        /// The year of the notice.
        year: i32,
    },
    /// A day twice in one list.
    #[error("{0} is named twice")]
    Twice(NaiveDate),
    /// A day in both lists.
    #[error("{0} is named both as a rest day and as a working day")]
    RestAndWork(NaiveDate),
    /// A day without a name.
    #[error("{0} has no name")]
    Nameless(NaiveDate),
}

/// The first year a notice may be for: the first with the present form of notice.
const FIRST_YEAR: i32 = 2000;
/// The last year a notice may be for; it bounds the size of a calendar.
const LAST_YEAR: i32 = 2199;

impl YearNotice {
    /// What the notices for `year` say: the days of rest, weekend days included, and the days of
    /// the weekend that are worked. Days of the December before may be among them.
    ///
    /// # Errors
    /// [`NoticeError`] where the parts do not make a notice.
    pub fn new(
        year: i32,
        notices: Vec<NoticeSource>,
        rest: Vec<NamedDay>,
        work: Vec<NamedDay>,
    ) -> Result<Self, NoticeError> {
        Draft { year, notices, rest, work }.try_into()
    }

    /// Reads the text of a file: of `config/calendar`, or of the public list of holidays
    /// (`github.com/NateScarlet/holiday-cn`, one file a year).
    ///
    /// # Errors
    /// [`NoticeError`]: not JSON of either shape, or not a notice.
    pub fn from_json(text: &str) -> Result<Self, NoticeError> {
        let malformed = |error: serde_json::Error| NoticeError::Malformed(error.to_string());
        if let Ok(list) = serde_json::from_str::<PublicList>(text) {
            return list.draft().try_into();
        }
        serde_json::from_str::<Draft>(text).map_err(malformed)?.try_into()
    }

    /// The notice, where it is for the year expected, for example by the name of its file.
    ///
    /// # Errors
    /// [`NoticeError::YearMismatch`] where it is for another.
    pub fn for_year(self, expected: i32) -> Result<Self, NoticeError> {
        if self.year == expected {
            Ok(self)
        } else {
            Err(NoticeError::YearMismatch { expected, found: self.year })
        }
    }

    /// The year it is for.
    pub fn year(&self) -> i32 {
        self.year
    }

    /// The holidays of the law (全国年节及纪念日放假办法 art. 2) that it does not name; a whole notice names all.
    pub fn unnamed_holidays(&self) -> Vec<&'static str> {
        const HOLIDAYS: [&str; 7] = ["元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆"];
        let is_named = |holiday: &str| self.rest.iter().any(|it| it.name.contains(holiday));
        HOLIDAYS.into_iter().filter(|it| !is_named(it)).collect()
    }

    /// Where the notices can be read; a later one amends the year.
    pub fn notices(&self) -> &[NoticeSource] {
        &self.notices
    }

    /// The days of rest.
    pub fn rest(&self) -> &[NamedDay] {
        &self.rest
    }

    /// The days of the weekend that are worked (调休上班).
    pub fn work(&self) -> &[NamedDay] {
        &self.work
    }
}

impl TryFrom<Draft> for YearNotice {
    type Error = NoticeError;

    fn try_from(Draft { year, notices, rest, work }: Draft) -> Result<Self, NoticeError> {
        if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
            return Err(NoticeError::ImpossibleYear(year));
        }
        if notices.is_empty() || notices.iter().any(|it| it.source.trim().is_empty()) {
            return Err(NoticeError::NoSource(year));
        }
        if rest.is_empty() {
            return Err(NoticeError::NoRestDay(year));
        }
        let resting = checked_days(year, &rest)?;
        let working = checked_days(year, &work)?;
        if let Some(&day) = resting.intersection(&working).next() {
            return Err(NoticeError::RestAndWork(day));
        }
        Ok(Self { year, notices, rest, work })
    }
}

/// The days of one list of the notice for `year`.
fn checked_days(year: i32, list: &[NamedDay]) -> Result<BTreeSet<NaiveDate>, NoticeError> {
    let mut days = BTreeSet::new();
    for &NamedDay { date, ref name } in list {
        let december_before = date.year() == year - 1 && date.month() == 12;
        if date.year() != year && !december_before {
            return Err(NoticeError::OutsideYear { date, year });
        }
        if name.trim().is_empty() {
            return Err(NoticeError::Nameless(date));
        }
        if !days.insert(date) {
            return Err(NoticeError::Twice(date));
        }
    }
    Ok(days)
}
