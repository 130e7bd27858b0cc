//! Whole files, from bytes to records and problems.

use std::fmt::Write;
use std::path::Path;

use chrono::NaiveDate;

use super::*;

mod damage;
mod extent;
mod records;
mod remedies;
mod samples;
mod shapes;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn today() -> NaiveDate {
    day(2023, 1, 5)
}

fn cases(text: &str) -> CaseFile {
    read_cases(text.as_bytes(), "register.csv", today()).unwrap()
}

fn remedies(text: &str) -> RemediesFile {
    read_remedies(text.as_bytes(), "appeals.csv", today()).unwrap()
}

fn lines(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}

/// A register of one row with the required columns and some more.
fn one(more: &[(&str, &str)]) -> CaseFile {
    let mut header = "登记号,收到日期,申请人类型".to_owned();
    let mut row = "2022-1,2022-03-01,自然人".to_owned();
    for (name, value) in more {
        write!(header, ",{name}").unwrap();
        write!(row, ",{value}").unwrap();
    }
    cases(&format!("{header}\n{row}\n"))
}

#[track_caller]
fn check_problem(more: &[(&str, &str)], expected: &[&str]) {
    let file = one(more);
    assert_eq!(lines(&file.problems), expected);
    assert_eq!(file.rows.is_empty(), !expected.is_empty());
}

/// Files of one and the same register, as offices keep them.
const SAMPLES: [&str; 6] = [
    "register.xlsx",
    "register.xls",
    "register.ods",
    "register-gbk.csv",
    "register-bom.csv",
    "register-utf8.csv",
];

fn sample_bytes(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/registers").join(name)).unwrap()
}
