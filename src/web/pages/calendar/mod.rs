//! The calendar of a year for everyone, and the holiday notices behind it, which an administrator imports.

pub mod feed;
mod import;
mod read;

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use crate::domain::calendar::{DayKind, WorkCalendar, YearNotice};
use crate::domain::wording;
use crate::service::calendar::import_notice::known_notices;
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::page::{self, Page};
use crate::web::route::{ADMINISTRATORS, Access, Route, get, post};
use crate::web::session::SignedIn;

/// The routes of this area.
pub const ROUTES: &[Route] = &[
    get("/calendar", Access::SignedIn, || web::get().to(show)),
    get("/calendar/import", ADMINISTRATORS, || web::get().to(import::form)),
    post("/calendar/import", ADMINISTRATORS, || web::post().to(import::preview)),
    post("/calendar/import/apply", ADMINISTRATORS, || web::post().to(import::apply)),
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
#[template(path = "pages/calendar/calendar.html")]
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
    let today = signed_in.caller.today();
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
        is_administrator: ADMINISTRATORS.admits(&signed_in.caller.viewer),
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
