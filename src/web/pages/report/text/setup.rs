//! Which indicators an office counts: names, units, places; those it no longer counts.

use std::collections::BTreeMap;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::domain::labels::Coded;
use crate::domain::report::text::Part;
use crate::domain::report::text::indicator::Indicator;
use crate::service::ServiceError;
use crate::service::report::text::enter_indicators::{DefineIndicator, define_indicator, lines};
use crate::web::App;
use crate::web::error::PageError;
use crate::web::form::Posted;
use crate::web::page::{self, Page};
use crate::web::pages::report::frame;
use crate::web::pages::report::text::show::refusal;
use crate::web::session::SignedIn;

type Typed = BTreeMap<String, String>;

/// An indicator as its form has it.
struct Row {
    code: String,
    name: String,
    unit: String,
    part: String,
    position: String,
    is_retired: bool,
    error: String,
}

#[derive(Template)]
#[template(path = "pages/report/text/setup.html")]
struct SetupPage {
    page: Page,
    back: (String, String),
    year: i32,
    rows: Vec<Row>,
    new: Row,
    parts: Vec<(&'static str, &'static str)>,
    saved: bool,
}

#[derive(Debug, serde::Deserialize)]
pub struct Saved {
    #[serde(default)]
    saved: String,
}

fn row(it: &Indicator, typed: Option<(&Typed, &str)>) -> Row {
    let stands = Row {
        code: it.code.clone(),
        name: it.name.clone(),
        unit: it.unit.clone(),
        part: it.part.code().to_owned(),
        position: it.position.to_string(),
        is_retired: it.is_retired,
        error: String::new(),
    };
    match typed {
        Some((typed, error)) if typed.get("code").is_some_and(|code| *code == it.code) => {
            Row { error: error.to_owned(), ..of(typed) }
        }
        _ => stands,
    }
}

fn of(typed: &Typed) -> Row {
    let field = |name: &str| typed.get(name).cloned().unwrap_or_default();
    Row {
        code: field("code"),
        name: field("name"),
        unit: field("unit"),
        part: field("part"),
        position: field("position"),
        is_retired: typed.contains_key("is_retired"),
        error: String::new(),
    }
}

async fn draw(
    app: &App,
    signed_in: &SignedIn,
    year: i32,
    typed: Option<(&Typed, &str)>,
    saved: bool,
) -> Result<HttpResponse, PageError> {
    let agency = signed_in.agency_code.clone();
    let (used, retired) = app.run(move |db| db.read(|conn| lines(conn, &agency, year))).await?;
    let all = used.iter().map(|it| &it.indicator).chain(&retired);
    let rows: Vec<_> = all.map(|it| row(it, typed)).collect();
    let is_new = |(typed, _): &(&Typed, &str)| typed.get("code").is_none_or(String::is_empty);
    let new = match typed.filter(is_new) {
        Some((typed, error)) => Row { error: error.to_owned(), ..of(typed) },
        None => {
            Row { part: Part::Overview.code().to_owned(), position: "200".to_owned(), ..of(&Typed::new()) }
        }
    };
    let mut response = page::show(&SetupPage {
        page: Page::new(app, signed_in, "reports"),
        back: (format!("/reports/{year}/indicators"), format!("{year}年度指标")),
        year,
        rows,
        new,
        parts: Part::ALL
            .iter()
            .filter(|it| it.number().is_some())
            .map(|it| (it.code(), it.label()))
            .collect(),
        saved,
    })?;
    if typed.is_some() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// The forms.
pub async fn form(
    app: web::Data<App>,
    signed_in: SignedIn,
    year: web::Path<String>,
    query: web::Query<Saved>,
) -> Result<HttpResponse, PageError> {
    draw(&app, &signed_in, frame::year(&year)?, None, query.saved == "1").await
}

/// Adds an indicator, or changes one.
pub async fn submit(
    app: web::Data<App>,
    signed_in: SignedIn,
    year: web::Path<String>,
    typed: Posted<Typed>,
) -> Result<HttpResponse, PageError> {
    let (year, typed) = (frame::year(&year)?, typed.0);
    let row = of(&typed);
    let wanted = match (Part::from_code(&row.part), row.position.trim().parse()) {
        (Err(_), _) => Err("请选择所属部分".to_owned()),
        (_, Err(_)) => Err("次序应为整数，小的在前".to_owned()),
        (Ok(part), Ok(position)) => Ok(DefineIndicator {
            code: Some(row.code).filter(|it| !it.is_empty()),
            name: row.name,
            unit: row.unit,
            part,
            position,
            is_retired: row.is_retired,
        }),
    };
    let error = match wanted {
        Err(error) => error,
        Ok(wanted) => {
            let (caller, agency) = (signed_in.caller.clone(), signed_in.agency_code.clone());
            let defined = app
                .run(move |db| {
                    db.write(|conn| -> Result<_, ServiceError> {
                        define_indicator(conn, &caller, &agency, year, &wanted)
                    })
                })
                .await;
            match defined {
                Ok(()) => {
                    let place = format!("/reports/{year}/indicators/setup?saved=1");
                    return Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, place)).finish());
                }
                Err(err) => refusal(err)?,
            }
        }
    };
    draw(&app, &signed_in, year, Some((&typed, &error)), false).await
}
