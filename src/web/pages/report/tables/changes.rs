//! What has changed in the tables of a year since a day, case by case.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use crate::domain::dates;
use crate::domain::wording;
use crate::service::report::text::file_report::filings;
use crate::service::report::trace_changes::{Changes, Moved, report_changes};
use crate::web::App;
use crate::web::error::PageError;
use crate::web::page::{self, Page};
use crate::web::pages::report::frame;
use crate::web::pages::report::frame::{Frame, Params};
use crate::web::session::SignedIn;

struct Line {
    href: String,
    no: String,
    left: Vec<String>,
    entered: Vec<String>,
    acts: Vec<String>,
}

#[derive(Template)]
#[template(path = "pages/report/tables/changes.html")]
struct ChangesPage {
    page: Page,
    frame: Frame,
    since: String,
    since_words: String,
    error: String,
    lines: Vec<Line>,
    has_more: bool,
}

/// The page that compares.
pub async fn show(
    app: web::Data<App>,
    signed_in: SignedIn,
    year: web::Path<String>,
    params: web::Query<Params>,
) -> Result<HttpResponse, PageError> {
    let year = frame::year(&year)?;
    let params = params.into_inner();
    let caller = signed_in.caller.clone();
    let today = caller.today();
    let choice = frame::choice(&app, &signed_in, &params).await?;
    let frame = Frame::new(year, &params, &choice, &signed_in, today, "changes")?;
    // Without a choice, the day the report last went out; where it has not, the day by which it goes.
    let agency = choice.agency.code.clone();
    let last = app.run(move |db| db.read(|conn| filings(conn, &agency, year))).await?;
    let filed = match last.first() {
        Some(last) => last.filed_on,
        None => app.settings.report.submit_by.in_year(year + 1).min(today),
    };
    let since = if params.since.is_empty() { filed.to_string() } else { params.since.clone() };
    let query = frame.query(&choice);
    let day = dates::parse(&since);
    let outcome = match day {
        Err(_) => Err(format!("“{since}”不是日期，请按 2026-01-31 的格式填写。")),
        Ok(day) if day < NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(day) => {
            Err(format!("这一天早于 {year} 年，请选择 {year} 年 1 月 1 日以后的日期。"))
        }
        Ok(day) if today < day => Err("这一天还没有到，请选择今天或者更早的日期。".to_owned()),
        Ok(day) => Ok((
            day,
            app.run(move |db| db.snapshot(|conn| report_changes(conn, &caller, &query, day))).await?,
        )),
    };
    let (error, since_words, Changes { moved, has_more }) = match outcome {
        Ok((day, changes)) => (String::new(), wording::day(day), changes),
        Err(message) => (message, String::new(), Changes::default()),
    };
    let status = if error.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Page::new(&app, &signed_in, "reports");
    let lines = moved.into_iter().map(line).collect();
    page::show_as(status, &ChangesPage { page, frame, since, since_words, error, lines, has_more })
}

fn line(it: Moved) -> Line {
    let base = if it.is_remedy { "/remedies/" } else { "/cases/" };
    Line {
        href: format!("{base}{}", it.id),
        no: it.no,
        left: it.left.into_iter().map(|it| it.place).collect(),
        // Why it is there now says why it moved; why it was there before no longer holds.
        entered: it.entered.into_iter().map(|it| format!("{}：{}", it.place, it.reason)).collect(),
        acts: it
            .acts
            .into_iter()
            .map(|it| format!("{} {}（{}）", wording::day(it.known_on), it.what, it.who))
            .collect(),
    }
}
