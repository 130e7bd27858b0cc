//! The tables of a year.

use std::collections::BTreeSet;

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::Datelike;

use crate::documents::grid::Grid;
use crate::documents::layout::grids;
use crate::domain::report::forms;
use crate::domain::report::forms::{CARRIED_IN, CARRIED_OUT};
use crate::domain::report::statistics::checks::check_across_years;
use crate::domain::report::statistics::report::Report;
use crate::service::report::derive_tables::{ReportQuery, annual_report};
use crate::web::App;
use crate::web::error::PageError;
use crate::web::page::{self, Page};
use crate::web::pages::report::frame;
use crate::web::pages::report::frame::{Frame, Params};
use crate::web::pages::report::tables::identities;
use crate::web::pages::report::tables::identities::Tick;
use crate::web::pages::report::tables::table;
use crate::web::pages::report::tables::table::Looks;
use crate::web::redirect::see_other;
use crate::web::session::SignedIn;

#[derive(Template)]
#[template(path = "pages/report/tables/year.html")]
struct YearPage {
    page: Page,
    frame: Frame,
    heading: &'static str,
    ticks: Vec<Tick>,
    table: String,
    n_missing: usize,
    /// Which units a roll-up sums; empty for one agency.
    n_units: usize,
    without_cases: Vec<String>,
    last_year: i32,
    cannot_compare: bool,
}

/// To the year chosen in the toolbar; without a choice to the year a report is being made of.
pub async fn choose(signed_in: SignedIn, params: web::Query<Params>) -> Result<HttpResponse, PageError> {
    let today = signed_in.caller.today();
    // Until the end of March the report of the year before is being written.
    let current = if today.month() <= 3 { today.year() - 1 } else { today.year() };
    let year = if params.year.is_empty() { current } else { frame::year(&params.year)? };
    let given = [
        ("agency", &params.agency),
        ("rollup", &params.rollup),
        ("as_of", &params.as_of),
        ("compare", &params.compare),
    ];
    let mut carried: Vec<_> = given.into_iter().filter(|(_, it)| !it.is_empty()).collect();
    let path = match params.table.as_str() {
        "charts" | "changes" | "text" | "indicators" => format!("/{}", params.table),
        _ => {
            carried.extend(Some(("table", &params.table)).filter(|(_, it)| !it.is_empty()));
            String::new()
        }
    };
    let query = serde_urlencoded::to_string(&carried).unwrap_or_default();
    let mark = if query.is_empty() { "" } else { "?" };
    let place = format!("/reports/{year}{path}{mark}{query}");
    Ok(see_other(place))
}

/// The page of a year.
pub async fn show(
    app: web::Data<App>,
    signed_in: SignedIn,
    year: web::Path<String>,
    params: web::Query<Params>,
) -> Result<HttpResponse, PageError> {
    let year = frame::year(&year)?;
    let params = params.into_inner();
    let tab = match params.table.as_str() {
        "2" => "2",
        "4" => "4",
        _ => "3",
    };
    let caller = signed_in.caller.clone();
    let today = caller.today();
    let choice = frame::choice(&app, &signed_in, &params).await?;
    let mut frame = Frame::new(year, &params, &choice, &signed_in, today, tab)?;
    let query = frame.query(&choice);
    // Last year's figures are those of its end, or of the same day where a day was asked for.
    let can_compare = forms::form(year - 1).is_ok();
    let last = (frame.compare && can_compare).then(|| ReportQuery {
        year: year - 1,
        as_of: query.as_of.and_then(|it| it.with_year(year - 1)),
        ..query.clone()
    });
    let (report, before) = app
        .run(move |db| {
            db.snapshot(|conn| {
                let report = annual_report(conn, &caller, &query)?;
                let before = last.map(|it| annual_report(conn, &caller, &it)).transpose()?;
                Ok((report, before))
            })
        })
        .await?;
    let cannot_compare = frame.compare && !can_compare;
    frame.compare = before.is_some();
    let mut checks = report.checks.clone();
    if let Some(before) = before.as_ref().filter(|it| it.as_of.is_none()) {
        let (out, into) = (before.table3.row(CARRIED_OUT), report.table3.row(CARRIED_IN));
        checks.extend(check_across_years(year - 1, out, into));
    }
    let broken = identities::broken_cells(&checks);
    let shown = drawn(&report, before.as_ref(), &frame, &broken);
    let (n_units, without_cases) = match &report.rollup {
        Some(it) => (it.n_units, it.without_cases.iter().map(|it| it.name.clone()).collect()),
        None => (0, Vec::new()),
    };
    let status = frame.status();
    let page = YearPage {
        page: Page::new(&app, &signed_in, "reports"),
        heading: shown.heading,
        ticks: identities::ticks(&checks, year, &frame.suffix),
        table: shown.html,
        n_missing: shown.n_missing,
        n_units,
        without_cases,
        last_year: year - 1,
        cannot_compare,
        frame,
    };
    page::show_as(status, &page)
}

struct Drawn {
    heading: &'static str,
    html: String,
    n_missing: usize,
}

fn drawn(report: &Report, before: Option<&Report>, frame: &Frame, broken: &BTreeSet<String>) -> Drawn {
    let index = match frame.tab {
        "2" => 0,
        "4" => 2,
        _ => 1,
    };
    let pick = |grids: [Grid; 3]| grids.into_iter().nth(index).expect("there are three tables");
    let grid = pick(grids(report));
    let before = before.map(|it| pick(grids(it)));
    let prefix = format!("/reports/{}/cells/", report.year);
    let looks = Looks { prefix: &prefix, suffix: &frame.suffix, before: before.as_ref(), broken };
    Drawn { heading: grid.heading, html: table::draw(&grid, &looks), n_missing: grid.n_missing() }
}
