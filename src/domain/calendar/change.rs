//! What one calendar says otherwise than another: the days a notice changes.

use chrono::NaiveDate;

use super::{CalendarDay, DayKind, WorkCalendar};
use crate::domain::wording;

/// A day that two calendars do not see alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayChange {
    /// The day.
    pub day: NaiveDate,
    /// What it was, in words.
    pub before: String,
    /// What it becomes.
    pub after: String,
    /// Whether it is worked now where it was not, or the other way round. Otherwise only its name or its
    /// mark changes.
    pub changes_work: bool,
}

/// The days on which the notice for `year` makes `after` of `before`, in order: of that year, and of the
/// December before.
///
/// A day that merely becomes settled, as it was expected to be, is among them.
pub fn changed_days(before: &WorkCalendar, after: &WorkCalendar, year: i32) -> Vec<DayChange> {
    let bounds = NaiveDate::from_ymd_opt(year - 1, 12, 1).zip(NaiveDate::from_ymd_opt(year, 12, 31));
    let Some((first, last)) = bounds else { return Vec::new() };
    let days = first.iter_days().take_while(|it| *it <= last);
    days.filter_map(|day| {
        let (was, is) = (before.day(day), after.day(day));
        (was != is).then(|| DayChange {
            day,
            before: in_words(was, day),
            after: in_words(is, day),
            changes_work: was.kind.is_working() != is.kind.is_working(),
        })
    })
    .collect()
}

fn in_words(it: CalendarDay<'_>, day: NaiveDate) -> String {
    let kind = match it.kind {
        DayKind::Working => "上班".to_owned(),
        DayKind::MakeUp { name } => format!("调休上班（{name}）"),
        DayKind::Weekend => format!("{}休息", wording::weekday(day)),
        DayKind::Holiday { name } => format!("放假（{name}）"),
    };
    if it.provisional { format!("{kind}，暂定") } else { kind }
}
