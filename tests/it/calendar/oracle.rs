//! The published calendar against an independent reading of the same notices.

use chrono::{Datelike, NaiveDate};
use gongkai::domain::calendar::WorkCalendar;

/// Made by `scripts/oracle_workdays.py`.
const ORACLE: &str = include_str!("../../data/workdays-2018-2026.txt");

/// The days of the list, each with whether it is worked.
fn oracle() -> impl Iterator<Item = (NaiveDate, bool)> {
    ORACLE.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let (day, worked) = line.split_once(' ').expect("a day and a digit");
        (day.parse().expect("a day"), worked == "1")
    })
}

#[test]
fn every_published_day_agrees_with_the_oracle() {
    let calendar = WorkCalendar::published();
    let differences: Vec<NaiveDate> = oracle()
        .filter(|&(day, worked)| calendar.is_working_day(day) != worked)
        .map(|(day, _)| day)
        .collect();
    assert!(differences.is_empty(), "{differences:?}");
}

#[test]
fn the_oracle_covers_the_published_years_without_a_gap() {
    let calendar = WorkCalendar::published();
    let days: Vec<NaiveDate> = oracle().map(|(day, _)| day).collect();
    assert!(days.windows(2).all(|pair| pair[0].succ_opt() == Some(pair[1])));
    let (first, last) = (days[0], days[days.len() - 1]);
    assert_eq!((first.month(), first.day(), last.month(), last.day()), (1, 1, 12, 31));
    assert_eq!(calendar.years(), (first.year()..=last.year()).collect::<Vec<_>>());
}
