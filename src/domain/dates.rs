//! Days as people write them, read without guessing: a part that is missing is refused, not filled in.
//!
//! Read: `2022年3月5日`, `2022-03-05`, `2022.3.5`, `2022/3/5 09:30`, `20220305`, `２０２２．３．５`,
//! `二〇二二年三月五日`, and the serial numbers of spreadsheets. Not read: years of two digits, days
//! first, names of months, several days in one cell.

use std::time::Duration;

use chrono::{Days, NaiveDate};

use crate::domain::normal;

/// Why a text is not a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Nothing like a date.
    #[error("不是日期")]
    NotADate,
    /// Month and day only.
    #[error("没有写年份")]
    NoYear,
    /// Year and month only.
    #[error("没有写到日")]
    NoDay,
    /// The year has two digits.
    #[error("年份应写四位数")]
    ShortYear,
    /// The year stands last.
    #[error("年份应写在最前面")]
    YearLast,
    /// A month or day that is in no calendar, such as 31 April.
    #[error("没有这一天")]
    NoSuchDay,
    /// More than one day.
    #[error("写了不止一个日期")]
    Several,
    /// A number outside [`SERIALS`] that is no date in digits either.
    #[error("这个数不是日期")]
    NotASerial,
    /// A year no register is about.
    #[error("年份不在1900年至2099年之间")]
    FarYear,
}

/// The serial numbers taken as days, 1970-01-01 to 2099-12-31: smaller numbers are rather counts.
pub const SERIALS: std::ops::RangeInclusive<f64> = 25_569.0..=73_050.0;

/// Reads a day.
///
/// # Errors
/// [`DateError`] says in Chinese what is wrong or missing.
pub fn parse(text: &str) -> Result<NaiveDate, DateError> {
    let plain = plain(text);
    if plain.contains('.')
        && let Some(day) = plain.parse().ok().and_then(serial)
    {
        return Ok(day);
    }
    let spaced: String = plain.chars().map(|it| if is_separator(it) { ' ' } else { it }).collect();
    let mut words = spaced.split_whitespace();
    let first = words.next().ok_or(DateError::NotADate)?;
    let rest: Vec<&str> = words.collect();
    if rest.is_empty() {
        return digits_only(first, &plain);
    }
    if first.len() == 8 && is_digits(first) && is_time(&rest) {
        return digits_only(first, &plain);
    }
    let (Some(year), Some(month)) = (number(first), number(rest[0])) else { return Err(DateError::NotADate) };
    if first.len() < 4 {
        return Err(match rest.get(1).and_then(|it| number(it)) {
            Some(last) if last >= 1000 => DateError::YearLast,
            Some(_) => DateError::ShortYear,
            None if rest.len() == 1 && plain.contains('年') => DateError::ShortYear,
            None if rest.len() == 1 => DateError::NoYear,
            None => DateError::NotADate,
        });
    }
    let Some(day) = rest.get(1) else { return Err(DateError::NoDay) };
    let (day, time) = split_time(day);
    let day = number(day).ok_or(DateError::NotADate)?;
    let rest = &rest[2..];
    if time.is_empty() && !is_time(rest) {
        let is_day_again = rest.len() >= 2 && rest.iter().filter_map(|it| number(it)).count() >= 2;
        return Err(if is_day_again { DateError::Several } else { DateError::NotADate });
    }
    calendar_day(year, month, day)
}

/// Reads a number cell: a serial number, or a date in eight digits.
///
/// # Errors
/// [`DateError`] says in Chinese what is wrong.
pub fn parse_number(number: f64) -> Result<NaiveDate, DateError> {
    if let Some(day) = serial(number) {
        return Ok(day);
    }
    let text = number.to_string();
    if text.len() == 8 && is_digits(&text) {
        return parse(&text);
    }
    // Whoever types 2022.3 for March gets a number, and 2022.1 may have been October.
    if number.fract() != 0.0 && (1900.0..2100.0).contains(&number) {
        return Err(DateError::NoDay);
    }
    Err(DateError::NotASerial)
}

/// The day of a serial number of the 1900 system, time of day dropped.
fn serial(number: f64) -> Option<NaiveDate> {
    if !(*SERIALS.start()..SERIALS.end() + 1.0).contains(&number) {
        return None;
    }
    // A Duration of as many seconds as days gives the whole number without a cast.
    let days = Duration::try_from_secs_f64(number.trunc()).ok()?.as_secs();
    // Counting from 30 December makes up for the 29 February 1900 that spreadsheets believe in.
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))
}

/// Plain digits instead of full-width and Chinese ones, no quotation marks, no weekday in brackets.
fn plain(text: &str) -> String {
    let text = normal::line(text);
    let characters: Vec<char> = text.chars().map(normal::narrow).collect();
    let mut out = String::with_capacity(characters.len());
    let mut depth = 0_u32;
    for (i, it) in characters.iter().copied().enumerate() {
        let before = i.checked_sub(1).and_then(|i| characters.get(i)).copied();
        let after = characters.get(i + 1).copied();
        match it {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '\'' | '"' | '‘' | '’' | '“' | '”' | '`' => {}
            '十' => {
                if before.and_then(han_digit).is_none_or(|it| it == '0') {
                    out.push('1');
                }
                if after.and_then(han_digit).is_none() {
                    out.push('0');
                }
            }
            '廿' => {
                out.push('2');
                if after.and_then(han_digit).is_none() {
                    out.push('0');
                }
            }
            // The letter O is next to the zero on no keyboard, and yet in many registers.
            'O' | 'o' if before.is_some_and(|it| it.is_ascii_digit()) => out.push('0'),
            other => out.push(han_digit(other).unwrap_or(other)),
        }
    }
    out
}

fn han_digit(character: char) -> Option<char> {
    Some(match character {
        '〇' | '○' | '零' | '◯' => '0',
        '一' => '1',
        '二' => '2',
        '三' => '3',
        '四' => '4',
        '五' => '5',
        '六' => '6',
        '七' => '7',
        '八' => '8',
        '九' => '9',
        _ => return None,
    })
}

fn is_separator(character: char) -> bool {
    matches!(
        character,
        '年' | '月'
            | '日'
            | '号'
            | '.'
            | '-'
            | '/'
            | '\\'
            | '。'
            | '、'
            | '·'
            | ','
            | '—'
            | '–'
            | '−'
            | '~'
            | '至'
    )
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

fn number(text: &str) -> Option<u32> {
    if is_digits(text) && text.len() <= 4 { text.parse().ok() } else { None }
}

/// `5T09:30:00` and `5上午` hold the day and the time of day.
fn split_time(word: &str) -> (&str, &str) {
    let end = word.find(|it: char| !it.is_ascii_digit()).unwrap_or(word.len());
    let (day, time) = word.split_at(end);
    if is_time(&[time]) { (day, time) } else { (word, "") }
}

/// What may follow a date: nothing, a time of day, a weekday.
fn is_time(words: &[&str]) -> bool {
    words.first().is_none_or(|it| {
        it.contains(':')
            || it.contains('时')
            || ["上午", "下午", "中午", "早", "晚", "周", "星期", "AM", "PM", "T"]
                .iter()
                .any(|start| it.starts_with(start))
    })
}

/// `20220305`, `44630`, `2022` and what else has no separator.
fn digits_only(word: &str, plain: &str) -> Result<NaiveDate, DateError> {
    if !is_digits(word) {
        return Err(DateError::NotADate);
    }
    let part = |range: std::ops::Range<usize>| word.get(range).and_then(number).ok_or(DateError::NotADate);
    match word.len() {
        8 => calendar_day(part(0..4)?, part(4..6)?, part(6..8)?),
        4 if (1900..2100).contains(&part(0..4)?) => Err(DateError::NoDay),
        6 if (1900..2100).contains(&part(0..4)?) => Err(DateError::NoDay),
        1 | 2 if plain.contains(['月', '日', '号']) => Err(DateError::NoYear),
        _ => word.parse().ok().and_then(serial).ok_or(DateError::NotASerial),
    }
}

fn calendar_day(year: u32, month: u32, day: u32) -> Result<NaiveDate, DateError> {
    if !(1900..2100).contains(&year) {
        return Err(DateError::FarYear);
    }
    let year = i32::try_from(year).map_err(|_| DateError::FarYear)?;
    NaiveDate::from_ymd_opt(year, month, day).ok_or(DateError::NoSuchDay)
}

#[cfg(test)]
mod tests {
    use chrono::Datelike;
    use proptest::prelude::*;

    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn one_day_in_many_spellings() {
        for text in [
            "2022年3月5日",
            "2022-03-05",
            "2022.3.5",
            "2022.03.05.",
            "2022/3/5",
            "2022\\3\\5",
            "２０２２．３．５",
            "20220305",
            "20220305 09:30",
            " 2022 年 3 月 5 日",
            "2022-03-05 09:30:00",
            "2022-03-05T09:30",
            "2022-03-05T09:30:00Z",
            "2022年3月5日9时30分",
            "2022年3月5日上午",
            "2022年3月5日（周六）",
            "2022年3月5日 星期六",
            "二〇二二年三月五日",
            "二○二二年三月五日",
            "二零二二年三月五号",
            "2O22-3-5",
            "2022。3。5",
            "2022、3、5",
            "'2022-3-5",
            "“2022-3-5”",
            "2022年03月05",
            "2022—3—5",
            "44625",
            "44625.5",
        ] {
            assert_eq!(parse(text), Ok(day(2022, 3, 5)), "{text}");
        }
        for (text, month, date) in [
            ("二〇二二年十二月三十一日", 12, 31),
            ("二〇二二年十月十日", 10, 10),
            ("二〇二二年十一月二十日", 11, 20),
            ("二〇二二年一月二十九日", 1, 29),
            ("二〇二二年一月廿九日", 1, 29),
            ("二〇二二年一月廿日", 1, 20),
        ] {
            assert_eq!(parse(text), Ok(day(2022, month, date)), "{text}");
        }
    }

    #[test]
    fn each_refusal_says_why() {
        for (text, error) in [
            ("2022-4-31", DateError::NoSuchDay),
            ("2022-13-1", DateError::NoSuchDay),
            ("2022-0-1", DateError::NoSuchDay),
            ("20220231", DateError::NoSuchDay),
            ("2023-2-29", DateError::NoSuchDay),
            ("3月12日", DateError::NoYear),
            ("３月12日", DateError::NoYear),
            ("三月十二日", DateError::NoYear),
            ("3-12", DateError::NoYear),
            ("12日", DateError::NoYear),
            ("2022年3月", DateError::NoDay),
            ("2022.3", DateError::NoDay),
            ("202203", DateError::NoDay),
            ("2022", DateError::NoDay),
            ("22.3.5", DateError::ShortYear),
            ("22年3月", DateError::ShortYear),
            ("3/5/2022", DateError::YearLast),
            ("2022.3.5-2022.3.8", DateError::Several),
            ("2022.3.5、3.8", DateError::Several),
            ("1022-3-5", DateError::FarYear),
            ("2202-3-5", DateError::FarYear),
            ("无", DateError::NotADate),
            ("", DateError::NotADate),
            ("二", DateError::NotASerial),
            ("2022-3-5-7", DateError::NotADate),
            ("2022-3-x", DateError::NotADate),
            ("5-Mar-22", DateError::NotADate),
            ("待定", DateError::NotADate),
            ("123456789012", DateError::NotASerial),
        ] {
            assert_eq!(parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn numbers_are_serials_or_eight_digits() {
        assert_eq!(parse_number(44_625.0), Ok(day(2022, 3, 5)));
        assert_eq!(parse_number(44_625.99), Ok(day(2022, 3, 5)));
        assert_eq!(parse_number(25_569.0), Ok(day(1970, 1, 1)));
        assert_eq!(parse_number(73_050.0), Ok(day(2099, 12, 31)));
        assert_eq!(parse_number(20_220_311.0), Ok(day(2022, 3, 11)));
        assert_eq!(parse_number(20_220_231.0), Err(DateError::NoSuchDay));
        assert_eq!(parse_number(2022.3), Err(DateError::NoDay));
        assert_eq!(parse_number(7.0), Err(DateError::NotASerial));
        assert_eq!(parse_number(f64::NAN), Err(DateError::NotASerial));
        assert_eq!(parse_number(-1e300), Err(DateError::NotASerial));
    }

    fn is_near(it: NaiveDate) -> bool {
        (1900..2100).contains(&it.year())
    }

    proptest! {
        #[test]
        fn nothing_panics(text in any::<String>(), number in any::<f64>()) {
            prop_assert!(parse(&text).is_ok_and(is_near) || parse(&text).is_err());
            prop_assert!(parse_number(number).is_ok_and(is_near) || parse_number(number).is_err());
        }

        #[test]
        fn dates_like_text_never_panics(text in "[0-9年月日.\\-/〇一二三十廿OT: ]{0,20}") {
            prop_assert!(parse(&text).is_ok_and(is_near) || parse(&text).is_err());
        }

        #[test]
        fn every_day_is_read_back(days in 0_u64..47_000, style in 0_usize..5) {
            let it = day(1970, 1, 1) + Days::new(days);
            let text = it.format(["%Y-%m-%d", "%Y年%-m月%-d日", "%Y.%-m.%-d", "%Y/%m/%d", "%Y%m%d"][style]).to_string();
            prop_assert_eq!(parse(&text), Ok(it));
        }
    }
}
