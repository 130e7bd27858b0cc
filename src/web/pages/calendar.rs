//! The calendar of a year for everyone, and the holiday notices behind it, which an administrator imports.

use std::collections::BTreeMap;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use crate::domain::calendar::{DayKind, NamedDay, NoticeError, NoticeSource, WorkCalendar, YearNotice};
use crate::domain::wording;
use crate::domain::workflow::Role;
use crate::service::import_notice::{import_notice, known_notices};
use crate::service::{Rules, ServiceError};
use crate::web::App;
use crate::web::access::{Access, Route, get, post};
use crate::web::error::{PageError, WebError};
use crate::web::form::Posted;
use crate::web::page::{self, Page};
use crate::web::session::SignedIn;

const ADMINISTRATOR: Access = Access::Roles(&[Role::Administrator]);

/// The routes of this area.
pub const ROUTES: &[Route] = &[
    get("/calendar", Access::SignedIn, || web::get().to(show)),
    get("/calendar/import", ADMINISTRATOR, || web::get().to(form)),
    post("/calendar/import", ADMINISTRATOR, || web::post().to(submit)),
];

/// A day in a month: the number, the class, the sign, what a reader is told.
struct Day {
    date: String,
    n: u32,
    class: &'static str,
    sign: &'static str,
    name: String,
    provisional: bool,
}

struct Month {
    heading: String,
    weeks: Vec<Vec<Option<Day>>>,
    n_working: usize,
}

#[derive(Template)]
#[template(path = "pages/calendar.html")]
struct CalendarPage {
    page: Page,
    year: i32,
    months: Vec<Month>,
    n_working: usize,
    has_notice: bool,
    is_provisional: bool,
    /// Where the notices can be read, and whether each was imported here.
    sources: Vec<(String, bool)>,
    /// Days named by the notices: the day, the holiday, whether it is worked.
    named: Vec<(String, String, bool)>,
    is_administrator: bool,
    imported: bool,
    moved: String,
}

#[derive(Debug, Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Params {
    year: String,
    imported: String,
    moved: String,
}

async fn show(
    app: web::Data<App>,
    signed_in: SignedIn,
    params: web::Query<Params>,
) -> Result<HttpResponse, PageError> {
    let today = signed_in.actor(&app).today();
    let year = match params.year.as_str() {
        "" => today.year(),
        text => text.parse().ok().filter(|it| (2000..=2199).contains(it)).ok_or(WebError::NotFound)?,
    };
    let (calendar, imported) = app.run(|db| db.read(known_notices)).await?;
    let months: Vec<Month> = (1..=12).map(|month| month_of(year, month, &calendar, today)).collect();
    let published = WorkCalendar::published_notices();
    let of_year = |all: &[YearNotice], is_ours: bool| -> Vec<(YearNotice, bool)> {
        all.iter().filter(|it| it.year() == year).map(|it| (it.clone(), is_ours)).collect()
    };
    let mut notices = of_year(&published, false);
    notices.extend(of_year(&imported, true));
    let sources = notices
        .iter()
        .flat_map(|(it, is_ours)| it.notices().iter().map(|source| (source.source.clone(), *is_ours)))
        .collect();
    let mut named: BTreeMap<NaiveDate, (String, bool)> = BTreeMap::new();
    for (notice, _) in &notices {
        named.extend(notice.rest().iter().map(|it| (it.date, (it.name.clone(), false))));
        named.extend(notice.work().iter().map(|it| (it.date, (it.name.clone(), true))));
    }
    page::show(&CalendarPage {
        page: Page::new(&app, &signed_in, "calendar"),
        year,
        n_working: months.iter().map(|it| it.n_working).sum(),
        is_provisional: months.iter().flat_map(|it| &it.weeks).flatten().flatten().any(|it| it.provisional),
        months,
        has_notice: !notices.is_empty(),
        sources,
        named: named
            .into_iter()
            .map(|(day, (name, works))| (wording::day_with_weekday(day), name, works))
            .collect(),
        is_administrator: signed_in.viewer.roles.contains(&Role::Administrator),
        imported: params.imported == "1",
        moved: params.moved.chars().filter(char::is_ascii_digit).collect(),
    })
}

fn month_of(year: i32, month: u32, calendar: &WorkCalendar, today: NaiveDate) -> Month {
    let first = NaiveDate::from_ymd_opt(year, month, 1).expect("a month of a year of four digits");
    let mut weeks: Vec<Vec<Option<Day>>> = Vec::new();
    let lead = usize::try_from(first.weekday().num_days_from_monday()).unwrap_or(0);
    let mut week: Vec<Option<Day>> = (0..lead).map(|_| None).collect();
    let mut n_working = 0;
    for day in first.iter_days().take_while(|it| it.month() == month) {
        let it = calendar.day(day);
        n_working += usize::from(it.kind.is_working());
        let (class, sign, name) = match it.kind {
            DayKind::Working => ("work", "", String::new()),
            DayKind::MakeUp { name } => ("makeup", "班", format!("{name}调休上班")),
            DayKind::Weekend => ("rest", "", "休息日".to_owned()),
            DayKind::Holiday { name } => ("holiday", "休", name.to_owned()),
        };
        let class = match (day == today, class) {
            (true, "work") => "work today",
            (true, "makeup") => "makeup today",
            (true, "rest") => "rest today",
            (true, _) => "holiday today",
            (false, class) => class,
        };
        let provisional = it.provisional;
        week.push(Some(Day { date: day.to_string(), n: day.day(), class, sign, name, provisional }));
        if week.len() == 7 {
            weeks.push(std::mem::take(&mut week));
        }
    }
    if !week.is_empty() {
        week.resize_with(7, || None);
        weeks.push(week);
    }
    Month { heading: format!("{month}月"), weeks, n_working }
}

type Typed = BTreeMap<String, String>;

#[derive(Template)]
#[template(path = "pages/calendar_import.html")]
struct ImportPage {
    page: Page,
    typed: Typed,
    errors: Vec<(String, String)>,
}

impl ImportPage {
    fn v(&self, field: &str) -> &str {
        self.typed.get(field).map_or("", String::as_str)
    }

    fn e(&self, field: &str) -> &str {
        self.errors.iter().find(|(it, _)| it == field).map_or("", |(_, message)| message)
    }
}

async fn form(app: web::Data<App>, signed_in: SignedIn) -> Result<HttpResponse, PageError> {
    let mut typed = Typed::new();
    let last = app.rules().calendar.years().last().copied().unwrap_or(2026);
    typed.insert("year".to_owned(), (last + 1).to_string());
    page::show(&ImportPage { page: Page::new(&app, &signed_in, "calendar"), typed, errors: Vec::new() })
}

async fn submit(
    app: web::Data<App>,
    signed_in: SignedIn,
    typed: Posted<Typed>,
) -> Result<HttpResponse, PageError> {
    let typed = typed.0;
    let notice = match read(&typed) {
        Ok(notice) => notice,
        Err(errors) => {
            let mut response =
                page::show(&ImportPage { page: Page::new(&app, &signed_in, "calendar"), typed, errors })?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(response);
        }
    };
    let (actor, rules, year) = (signed_in.actor(&app), app.rules(), notice.year());
    let (moved, calendar) = app
        .run(move |db| {
            db.write(|conn| -> Result<_, ServiceError> {
                let (_, imported) = known_notices(conn)?;
                // The same once more, as by a double click, is no second import.
                let moved = if imported.contains(&notice) {
                    0
                } else {
                    import_notice(conn, &actor, &rules, &notice)?
                };
                Ok((moved, known_notices(conn)?.0))
            })
        })
        .await?;
    app.set_rules(Rules { calendar, ..(*app.rules()).clone() });
    let place = format!("/calendar?year={year}&imported=1&moved={moved}");
    Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, place)).finish())
}

/// The notice as a file, or as typed day by day.
fn read(typed: &Typed) -> Result<YearNotice, Vec<(String, String)>> {
    let text = |field: &str| typed.get(field).map_or("", |it| it.trim());
    let json = text("json");
    if !json.is_empty() {
        return YearNotice::from_json(json).map_err(|it| vec![("json".to_owned(), words(&it))]);
    }
    let mut errors = Vec::new();
    let year = text("year").parse().unwrap_or_else(|_| {
        errors.push(("year".to_owned(), "请填写年份，例如 2027".to_owned()));
        0
    });
    let source = text("source");
    if source.is_empty() {
        errors.push(("source".to_owned(), "请填写通知的网址，以便查对".to_owned()));
    }
    let rest = days("rest", text("rest"), &mut errors);
    let work = days("work", text("work"), &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    YearNotice::new(year, vec![NoticeSource { source: source.to_owned() }], rest, work).map_err(|it| {
        let field = match it {
            NoticeError::ImpossibleYear(_) | NoticeError::YearMismatch { .. } => "year",
            NoticeError::NoSource(_) => "source",
            _ => "rest",
        };
        vec![(field.to_owned(), words(&it))]
    })
}

/// Days as typed, one a line: `2027-02-06 春节`; a run of days as `2027-02-06 至 2027-02-12 春节`.
fn days(field: &str, text: &str, errors: &mut Vec<(String, String)>) -> Vec<NamedDay> {
    let mut found = Vec::new();
    for (i, line) in (1..).zip(text.lines()).filter(|(_, it)| !it.trim().is_empty()) {
        let parts: Vec<&str> = line.split_whitespace().collect();
        let day = |text: &str| text.parse::<NaiveDate>().ok();
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
                errors.push((field.to_owned(), message));
            }
        }
    }
    found
}

/// What is wrong with a notice, in the words of the page.
fn words(error: &NoticeError) -> String {
    match error {
        NoticeError::Malformed(_) => {
            "不是放假通知的 JSON：应有 year、notices、rest、work 四项，写法见 config/calendar 下的文件"
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
