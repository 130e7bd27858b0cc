//! A notice as an administrator gives it: its own sentences, a list of days, or a file.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use crate::domain::calendar::notice_text;
use crate::domain::calendar::notice_text::Announced;
use crate::domain::calendar::{NamedDay, NoticeError, NoticeSource, YearNotice};
use crate::domain::dates;
use crate::domain::refusal::Refusals;
use crate::domain::wording;
use crate::web::form::{Fields, Reader};

/// The notice as its sentences, day by day, or as a file; the first that is filled in.
pub(super) fn notice(fields: &Fields) -> Result<YearNotice, Refusals> {
    let mut it = Reader::new(fields);
    if let Some(json) = it.optional_text("json") {
        return YearNotice::from_json(&json).map_err(|it| Refusals::at("json", words(&it)));
    }
    let sentences = it.text("text");
    let year = match it.plain("year").as_str() {
        "" if !sentences.is_empty() => None,
        year => year.parse().ok().or_else(|| {
            it.refuse("year", "请填写年份，例如 2027");
            None
        }),
    };
    let source = it.text("source");
    if source.is_empty() {
        it.refuse("source", "请填写通知的网址，以便查对");
    }
    let announced = if sentences.is_empty() {
        let (rest, work) = (days(&mut it, "rest"), days(&mut it, "work"));
        Announced { year: year.unwrap_or_default(), rest, work }
    } else {
        notice_text::read(&sentences, year).unwrap_or_else(|unclear| {
            for found in unclear {
                let line = if found.line == 0 { String::new() } else { format!("第 {} 行：", found.line) };
                it.refuse("text", format!("{line}{}", found.message));
            }
            Announced { year: 0, rest: Vec::new(), work: Vec::new() }
        })
    };
    it.finish(())?;
    let source = NoticeSource { source };
    YearNotice::new(announced.year, vec![source], announced.rest, announced.work).map_err(|err| {
        let field = match err {
            NoticeError::ImpossibleYear(_) | NoticeError::YearMismatch { .. } => "year",
            NoticeError::NoSource(_) => "source",
            _ if !sentences.is_empty() => "text",
            _ => "rest",
        };
        Refusals::at(field, words(&err))
    })
}

/// Days as typed, one a line: `2027-02-06 春节`; a run of days as `2027-02-06 至 2027-02-12 春节`.
fn days(it: &mut Reader<'_>, field: &str) -> Vec<NamedDay> {
    let (text, mut found) = (it.text(field), Vec::new());
    for (i, line) in (1..).zip(text.lines()).filter(|(_, it)| !it.trim().is_empty()) {
        let parts: Vec<&str> = line.split_whitespace().collect();
        let day = |text: &str| dates::parse(text).ok();
        let run = match parts.as_slice() {
            [on, name] => day(on).map(|it| (it, it, *name)),
            [from, "至", through, name] => day(from).zip(day(through)).map(|(a, b)| (a, b, *name)),
            _ => None,
        };
        match run {
            Some((from, through, name)) if from <= through && (through - from).num_days() < 31 => {
                let run = from.iter_days().take_while(|it| *it <= through);
                found.extend(run.map(|date| NamedDay { date, name: name.to_owned() }));
            }
            _ => {
                let message = format!(
                    "第 {i} 行“{}”看不懂，请写作 2027-02-06 春节，或者 2027-02-06 至 2027-02-12 春节",
                    line.trim()
                );
                it.refuse(field, message);
            }
        }
    }
    found
}

/// A form filled in with what is known of a year, to be corrected; only the year where nothing is known.
pub(super) fn filled(year: i32, notices: &[YearNotice]) -> Fields {
    let mut fields: Fields = [("year", year.to_string())].into_iter().collect();
    let of_year = notices.iter().filter(|it| it.year() == year);
    let mut named: BTreeMap<NaiveDate, (String, bool)> = BTreeMap::new();
    for notice in of_year {
        named.extend(notice.rest().iter().map(|it| (it.date, (it.name.clone(), false))));
        named.extend(notice.work().iter().map(|it| (it.date, (it.name.clone(), true))));
        if let Some(source) = notice.notices().last() {
            fields.set("source", source.source.as_str());
        }
    }
    for (field, is_work) in [("rest", false), ("work", true)] {
        let days: Vec<_> = named.iter().filter(|(_, (_, works))| *works == is_work).collect();
        let next_to = |a: &(&NaiveDate, &(String, bool)), b: &(&NaiveDate, &(String, bool))| {
            a.0.succ_opt() == Some(*b.0) && a.1.0 == b.1.0
        };
        let runs = days.chunk_by(next_to).filter_map(|run| {
            let ((first, (name, _)), (last, _)) = (run.first()?, run.last()?);
            Some(if first == last { format!("{first} {name}") } else { format!("{first} 至 {last} {name}") })
        });
        fields.set(field, runs.collect::<Vec<_>>().join("\n"));
    }
    fields
}

/// The year a form opens for: the first without a notice.
pub(super) fn next_year(known: &[i32], today: NaiveDate) -> i32 {
    known.last().map_or(today.year(), |last| last + 1)
}

/// What is wrong with a notice, in the words of the page.
fn words(error: &NoticeError) -> String {
    match error {
        NoticeError::Malformed(_) => {
            "不是放假通知的 JSON：应有 year、notices、rest、work 四项，或者 year、papers、days 三项"
                .to_owned()
        }
        NoticeError::ImpossibleYear(year) => format!("不会有 {year} 年的通知，请核对年份"),
        NoticeError::YearMismatch { expected, found } => format!("通知是 {found} 年的，不是 {expected} 年的"),
        NoticeError::NoSource(_) => "没有写明通知的网址".to_owned(),
        NoticeError::NoRestDay(_) => "没有放假的日子，请填写".to_owned(),
        NoticeError::OutsideYear { date, year } => {
            format!("{}不在 {year} 年，也不在上年 12 月，请核对", wording::day(*date))
        }
        NoticeError::Twice(date) => format!("{}写了两次", wording::day(*date)),
        NoticeError::RestAndWork(date) => format!("{}既放假又上班，请核对", wording::day(*date)),
        NoticeError::Nameless(date) => format!("{}没有写是什么假日", wording::day(*date)),
    }
}
