//! Beijing time, in which every day of the Regulation begins and ends. China has one zone and no summer
//! time: every local time is one instant.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Utc};

/// The zone: eight hours ahead of UTC.
pub fn zone() -> FixedOffset {
    FixedOffset::east_opt(8 * 3600).expect("eight hours are less than a day")
}

/// An instant as clocks in Beijing show it.
pub fn time(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    at.with_timezone(&zone())
}

/// The instant at which clocks in Beijing show this time of a day.
pub fn at(day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let shown = day.and_time(time);
    shown.checked_sub_offset(zone()).unwrap_or(shown).and_utc()
}

/// The instant at which a day begins in Beijing.
pub fn start_of(day: NaiveDate) -> DateTime<Utc> {
    at(day, NaiveTime::MIN)
}

/// The instant at which a day ends in Beijing, and the next begins; none after the last day there is.
pub fn end_of(day: NaiveDate) -> Option<DateTime<Utc>> {
    day.succ_opt().map(start_of)
}
