//! Days and numbers in the words of official papers.

use chrono::{Datelike, NaiveDate, Weekday};

/// A day as it is written into a sentence, as [`day`] does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words(pub NaiveDate);

impl std::fmt::Display for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}年{}月{}日", self.0.year(), self.0.month(), self.0.day())
    }
}

/// `2026年3月5日`: official papers write days in Arabic figures without leading zeros (GB/T 9704-2012).
pub fn day(day: NaiveDate) -> String {
    Words(day).to_string()
}

/// `3月5日`, where the year is plain from the context.
pub fn short_day(day: NaiveDate) -> String {
    format!("{}月{}日", day.month(), day.day())
}

/// `周四`.
pub fn weekday(day: NaiveDate) -> &'static str {
    match day.weekday() {
        Weekday::Mon => "周一",
        Weekday::Tue => "周二",
        Weekday::Wed => "周三",
        Weekday::Thu => "周四",
        Weekday::Fri => "周五",
        Weekday::Sat => "周六",
        Weekday::Sun => "周日",
    }
}

/// `2026年3月5日（周四）`.
pub fn day_with_weekday(it: NaiveDate) -> String {
    format!("{}（{}）", day(it), weekday(it))
}
