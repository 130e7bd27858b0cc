//! The sentences of a holiday notice, read into days.
//!
//! The notices of the General Office are worded alike since 2007: a holiday, a colon, and sentences such as
//! `10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）上班。` What else a notice says is passed over.
//! The notice checks itself: the weekdays and numbers of days it writes must fit the dates, so that a wrong
//! year or a slip in copying is found.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::NamedDay;
use crate::domain::wording;

/// What the sentences say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// The year they are for.
    pub year: i32,
    /// The days of rest, weekend days included, in the order they are named.
    pub rest: Vec<NamedDay>,
    /// The days of the weekend that are worked.
    pub work: Vec<NamedDay>,
}

/// Something in the text that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclear {
    /// The line, from 1; 0 for the text as a whole.
    pub line: usize,
    /// What is wrong, and what to do.
    pub message: String,
}

/// Reads the sentences. `year` goes before a year the text names in its title.
///
/// # Errors
/// Everything that is unclear, by line.
pub fn read(text: &str, year: Option<i32>) -> Result<Announced, Vec<Unclear>> {
    let Some(year) = year.or_else(|| year_of_title(text)) else {
        let message = "看不出是哪一年的通知，请填写年份".to_owned();
        return Err(vec![Unclear { line: 0, message }]);
    };
    let mut reader = Reader::new(year);
    for (i, line) in (1..).zip(text.lines()) {
        reader.line = i;
        reader.read_line(line);
    }
    reader.end_holiday();
    if reader.unclear.is_empty() && reader.announced.rest.is_empty() {
        let message =
            "没有找到放假的日子。请粘贴通知原文，例如“国庆节：10月1日至7日放假调休，共7天。”".to_owned();
        reader.unclear.push(Unclear { line: 0, message });
    }
    if reader.unclear.is_empty() { Ok(reader.announced) } else { Err(reader.unclear) }
}

/// `…关于2027年部分节假日安排的通知`.
fn year_of_title(text: &str) -> Option<i32> {
    let plain: String = text.chars().map(narrow).filter(|it| !it.is_whitespace()).collect();
    let (before, _) = plain.split_once("年部分节假日").or_else(|| plain.split_once("年节假日"))?;
    let digits: Vec<char> = before.chars().rev().take_while(char::is_ascii_digit).collect();
    digits.into_iter().rev().collect::<String>().parse().ok()
}

/// Full-width digits and marks as their narrow kin.
fn narrow(it: char) -> char {
    match it {
        '０'..='９' => char::from_digit(u32::from(it) - u32::from('０'), 10).unwrap_or(it),
        '：' => ':',
        '（' => '(',
        '）' => ')',
        '；' => ';',
        '～' | '—' | '–' | '－' | '至' | '到' => '-',
        it => it,
    }
}

/// The state of reading.
struct Reader {
    year: i32,
    line: usize,
    /// The holiday the sentences are about; empty before the first.
    name: String,
    /// The year and month last named, for `至7日`.
    month: Option<(i32, u32)>,
    /// Dates read, whose verb is still to come.
    pending: Vec<(NaiveDate, NaiveDate)>,
    /// The days of rest of this holiday.
    resting: Vec<NaiveDate>,
    /// The number of days of rest the notice states for it.
    stated: Option<usize>,
    announced: Announced,
    unclear: Vec<Unclear>,
}

impl Reader {
    fn new(year: i32) -> Self {
        Self {
            year,
            line: 0,
            name: String::new(),
            month: None,
            pending: Vec::new(),
            resting: Vec::new(),
            stated: None,
            announced: Announced { year, rest: Vec::new(), work: Vec::new() },
            unclear: Vec::new(),
        }
    }

    fn complain(&mut self, message: String) {
        self.unclear.push(Unclear { line: self.line, message });
    }

    fn read_line(&mut self, line: &str) {
        let text: Vec<char> = line.chars().map(narrow).filter(|it| !it.is_whitespace()).collect();
        let mut at = 0;
        // Several holidays may stand in one line.
        while at < text.len() {
            let end = next_heading(&text, at).unwrap_or(text.len());
            self.read_sentences(&text[at..end]);
            let Some((name, begin)) = heading(&text, end) else { break };
            self.end_holiday();
            self.name = name;
            at = begin;
        }
    }

    fn end_holiday(&mut self) {
        let (stated, n) = (self.stated.take(), self.resting.len());
        if let Some(stated) = stated.filter(|it| *it != n && !self.name.is_empty()) {
            let message = format!("{}写明共 {stated} 天，按日期算是 {n} 天，请核对", self.name);
            self.complain(message);
        }
        self.resting.clear();
        self.month = None;
    }

    fn read_sentences(&mut self, text: &[char]) {
        // The day a notice is signed on stands alone in its line.
        let is_signature = text.first().is_some_and(char::is_ascii_digit)
            && text.last() == Some(&'日')
            && text.iter().all(|it| it.is_ascii_digit() || matches!(it, '年' | '月' | '日'));
        if is_signature {
            return;
        }
        let starts =
            |at: usize, word: &str| word.chars().enumerate().all(|(i, it)| text.get(at + i) == Some(&it));
        let (mut at, mut is_range) = (0, false);
        while at < text.len() {
            match text[at] {
                // What a notice encourages to (鼓励) it does not order.
                _ if starts(at, "鼓励") => {
                    self.drop_pending();
                    at = text[at..].iter().position(|it| is_stop(*it)).map_or(text.len(), |n| at + n);
                }
                '(' => at = closing(text, at),
                '-' => {
                    is_range = !self.pending.is_empty();
                    at += 1;
                }
                _ if starts(at, "放假") || starts(at, "休息") => {
                    self.rest();
                    at += 2;
                }
                _ if starts(at, "上班") || starts(at, "补班") => {
                    self.work();
                    at += 2;
                }
                _ if starts(at, "与周末连休") => {
                    self.join_weekend();
                    at += 5;
                }
                it if it.is_ascii_digit() => {
                    let (date, next) = self.date(text, at);
                    at = next;
                    if let Some(day) = date {
                        self.take(day, is_range);
                    }
                    is_range = false;
                }
                it => {
                    if is_stop(it) {
                        self.drop_pending();
                    }
                    at += 1;
                }
            }
        }
        self.drop_pending();
    }

    /// A date, or a number of days, from a digit on; and where reading goes on.
    fn date(&mut self, text: &[char], start: usize) -> (Option<NaiveDate>, usize) {
        let mut at = start;
        let (mut year, mut month) = (None, None);
        loop {
            let end = text[at..].iter().position(|it| !it.is_ascii_digit()).map_or(text.len(), |n| at + n);
            let digits: String = text[at..end].iter().collect();
            let number: u32 = digits.parse().unwrap_or(0);
            match text.get(end) {
                Some('年') => year = i32::try_from(number).ok(),
                Some('月') => month = Some(number),
                Some('天') => {
                    // The first number is that of the holiday; later ones may be sums.
                    let counts = start.checked_sub(1).is_some_and(|it| matches!(text[it], '共' | '假'));
                    if counts && self.stated.is_none() {
                        self.stated = usize::try_from(number).ok();
                    }
                    return (None, end + 1);
                }
                Some('日' | '号') if month.is_some() || self.month.is_some() => {
                    let next = end + 1;
                    return match self.resolve(year, month, number) {
                        Some(day) => {
                            self.check_weekday(day, text, next);
                            (Some(day), next)
                        }
                        None => {
                            let written: String = text[start..next].iter().collect();
                            self.complain(format!("没有“{written}”这一天，请核对"));
                            (None, next)
                        }
                    };
                }
                _ => return (None, end.max(start + 1)),
            }
            if text.get(end + 1).is_none_or(|it| !it.is_ascii_digit()) {
                return (None, end + 1);
            }
            at = end + 1;
        }
    }

    fn resolve(&mut self, year: Option<i32>, month: Option<u32>, day: u32) -> Option<NaiveDate> {
        let (year, month) = match (year, month, self.month) {
            (Some(year), Some(month), _) => (year, month),
            // December of the New Year's holiday is the one before it.
            (None, Some(12), _) if self.name.contains("元旦") => (self.year - 1, 12),
            // After `2022年12月31日`, `1月2日` is of the next year, which is the year of the notice.
            (None, Some(month), _) => (self.year, month),
            (_, None, Some((year, month))) => (year, month),
            (_, None, None) => return None,
        };
        self.month = Some((year, month));
        NaiveDate::from_ymd_opt(year, month, day)
    }

    /// The weekday in brackets after a date must be that of the date.
    fn check_weekday(&mut self, day: NaiveDate, text: &[char], at: usize) {
        if text.get(at) != Some(&'(') {
            return;
        }
        let inside: String = text[at..closing(text, at)].iter().collect();
        let Some(written) = weekday_in(&inside) else { return };
        if written != day.weekday() {
            let message = format!(
                "{}写的是{}，日历上是{}，请核对日期和年份",
                wording::day(day),
                in_words(written),
                wording::weekday(day)
            );
            self.complain(message);
        }
    }

    fn take(&mut self, day: NaiveDate, is_range: bool) {
        if !is_range {
            self.pending.push((day, day));
            return;
        }
        let Some((from, through)) = self.pending.last_mut() else { return };
        if *from <= day && day.signed_duration_since(*from).num_days() < 31 {
            *through = day;
        } else {
            let message = format!("{}至{}不是一段假期，请核对", wording::day(*from), wording::day(day));
            self.complain(message);
        }
    }

    fn pending_days(&mut self) -> Vec<NaiveDate> {
        let runs = std::mem::take(&mut self.pending);
        runs.into_iter()
            .flat_map(|(from, through)| from.iter_days().take_while(move |it| *it <= through))
            .collect()
    }

    /// Whether the dates belong to a holiday; says so where they do not.
    fn has_name(&mut self) -> bool {
        if self.name.is_empty() && !self.pending.is_empty() {
            self.pending.clear();
            self.complain("没有写明是什么假日，请写作“国庆节：10月1日至7日放假”".to_owned());
        }
        !self.name.is_empty()
    }

    fn rest(&mut self) {
        if !self.has_name() {
            return;
        }
        for date in self.pending_days() {
            self.resting.push(date);
            self.announced.rest.push(NamedDay { date, name: self.name.clone() });
        }
    }

    fn work(&mut self) {
        if !self.has_name() {
            return;
        }
        for date in self.pending_days() {
            self.announced.work.push(NamedDay { date, name: self.name.clone() });
        }
    }

    /// `放假，与周末连休`: the weekend next to the holiday belongs to it.
    fn join_weekend(&mut self) {
        let is_weekend = |it: &NaiveDate| matches!(it.weekday(), Weekday::Sat | Weekday::Sun);
        let mut joined = Vec::new();
        for day in &self.resting {
            let before = (1..3).map_while(|n| day.checked_sub_days(Days::new(n)).filter(is_weekend));
            let after = (1..3).map_while(|n| day.checked_add_days(Days::new(n)).filter(is_weekend));
            joined.extend(before.chain(after));
        }
        joined.sort();
        joined.dedup();
        joined.retain(|it| !self.resting.contains(it));
        for date in joined {
            self.resting.push(date);
            self.announced.rest.push(NamedDay { date, name: self.name.clone() });
        }
    }

    fn drop_pending(&mut self) {
        // Before the first holiday, dates are those of the paper.
        if self.name.is_empty() {
            self.pending.clear();
        }
        if let Some((from, _)) = self.pending.first() {
            let message = format!("{}没有写明放假还是上班，请补全", wording::day(*from));
            self.pending.clear();
            // The number of days is wrong for the same reason.
            self.stated = None;
            self.complain(message);
        }
    }
}

fn is_stop(it: char) -> bool {
    matches!(it, '。' | '.' | ';')
}

/// The place after the bracket that closes the one at `at`.
fn closing(text: &[char], at: usize) -> usize {
    text[at..].iter().position(|it| *it == ')').map_or(text.len(), |n| at + n + 1)
}

/// Where the next heading such as `二、春节:` begins: after its number, at its name.
fn next_heading(text: &[char], from: usize) -> Option<usize> {
    (from..text.len()).find(|at| is_name_begin(text, *at) && heading(text, *at).is_some())
}

fn is_name_begin(text: &[char], at: usize) -> bool {
    at.checked_sub(1)
        .and_then(|it| text.get(it))
        .is_none_or(|it| is_stop(*it) || matches!(it, '、' | ')' | '，' | ','))
}

/// The name of a holiday with a colon after it, and where its sentences begin.
fn heading(text: &[char], at: usize) -> Option<(String, usize)> {
    const MAX_NAME: usize = 12;
    let colon = text.get(at..)?.iter().take(MAX_NAME).position(|it| *it == ':')?;
    let name = &text[at..at + colon];
    let is_holiday = |word: &[char]| {
        let word: String = word.iter().collect();
        word.contains("元旦") || word.ends_with('节') || word.ends_with("纪念日") || word.ends_with("假期")
    };
    // `二、春节` is the second item, about 春节.
    let name = match name {
        ['一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十', '、', rest @ ..] => {
            rest
        }
        name => name,
    };
    let is_plain = name.iter().all(|it| it.is_alphabetic() || *it == '、');
    (is_plain && is_holiday(name)).then(|| (name.iter().collect(), at + colon + 1))
}

fn weekday_in(text: &str) -> Option<Weekday> {
    let (_, after) = text.split_once("星期").or_else(|| text.split_once('周'))?;
    match after.chars().next()? {
        '一' => Some(Weekday::Mon),
        '二' => Some(Weekday::Tue),
        '三' => Some(Weekday::Wed),
        '四' => Some(Weekday::Thu),
        '五' => Some(Weekday::Fri),
        '六' => Some(Weekday::Sat),
        '日' | '天' => Some(Weekday::Sun),
        _ => None,
    }
}

fn in_words(it: Weekday) -> &'static str {
    match it {
        Weekday::Mon => "周一",
        Weekday::Tue => "周二",
        Weekday::Wed => "周三",
        Weekday::Thu => "周四",
        Weekday::Fri => "周五",
        Weekday::Sat => "周六",
        Weekday::Sun => "周日",
    }
}
