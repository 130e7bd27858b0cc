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

/// `二〇二六年三月五日`, for papers that keep to the older custom.
pub fn day_in_characters(day: NaiveDate) -> String {
    let year: String = day.year().to_string().chars().map(digit).collect();
    format!("{year}年{}月{}日", numeral(day.month()), numeral(day.day()))
}

fn digit(it: char) -> char {
    let digits = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    it.to_digit(10)
        .and_then(|it| usize::try_from(it).ok())
        .and_then(|it| digits.get(it))
        .copied()
        .unwrap_or(it)
}

/// `十二`: a number of items in characters. Numbers from 100 on stay in figures.
pub fn numeral(number: u32) -> String {
    let of = |it: u32| char::from_digit(it, 10).map(digit).map(String::from).unwrap_or_default();
    match (number / 10, number % 10) {
        (0, ones) => of(ones),
        (10.., _) => number.to_string(),
        (1, 0) => "十".to_owned(),
        (1, ones) => format!("十{}", of(ones)),
        (tens, 0) => format!("{}十", of(tens)),
        (tens, ones) => format!("{}十{}", of(tens), of(ones)),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_days_in_characters() {
        let numbers = [0, 1, 10, 11, 19, 20, 21, 99, 100].map(numeral);
        assert_eq!(numbers.join(" "), "〇 一 十 十一 十九 二十 二十一 九十九 100");
        let day = NaiveDate::from_ymd_opt(2026, 10, 31).unwrap();
        assert_eq!(day_in_characters(day), "二〇二六年十月三十一日");
    }
}
