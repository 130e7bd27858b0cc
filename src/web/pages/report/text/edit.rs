//! The wording of a part: edited with a preview beside it, and with everything it can name.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::domain::labels::Coded;
use crate::domain::report::text::Part;
use crate::domain::report::text::compose::part_text;
use crate::domain::report::text::derived::Derived;
use crate::domain::report::text::names::WORDS;
use crate::domain::report::text::template::FILTERS;
use crate::domain::report::text::whole::WholeReport;
use crate::service::ServiceError;
use crate::service::report::derive_tables::ReportQuery;
use crate::service::report::text::edit_wording::{save_wording, text_faults, versions};
use crate::service::report::text::whole_report;
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::form::{Posted, Shown};
use crate::web::page::{self, Page};
use crate::web::pages::report::frame;
use crate::web::pages::report::text::preview;
use crate::web::pages::report::text::preview::Drawn;
use crate::web::redirect::see_other;
use crate::web::session::SignedIn;

/// A name with what it says now.
struct Name {
    name: String,
    says: String,
}

struct Version {
    words: String,
    body: String,
    href: String,
}

#[derive(Template)]
#[template(path = "pages/report/text/edit.html")]
struct EditPage<'a> {
    page: Page,
    back: (String, String),
    year: i32,
    code: &'static str,
    name: &'static str,
    heading: &'static str,
    body: String,
    version: i32,
    origin: String,
    shown: &'a Shown,
    preview: Vec<Drawn>,
    lacks: Vec<String>,
    derived: Vec<Name>,
    indicators: Vec<Name>,
    words: &'static [(&'static str, &'static str)],
    filters: &'static [(&'static str, &'static str)],
    versions: Vec<Version>,
}

#[derive(Template)]
#[template(path = "pages/report/text/live.html")]
struct LivePage {
    preview: Vec<Drawn>,
    lacks: Vec<String>,
    errors: Vec<String>,
}

/// Which version to start from: `2022-3`.
#[derive(Debug, serde::Deserialize)]
pub struct From {
    #[serde(default)]
    from: String,
}

fn part(code: &str) -> Result<Part, WebError> {
    Part::from_code(code).map_err(|_| WebError::NotFound)
}

/// The report of one's own agency.
async fn whole(app: &App, signed_in: &SignedIn, year: i32) -> Result<WholeReport, PageError> {
    let caller = signed_in.caller.clone();
    let query = ReportQuery { agency: signed_in.agency_code.clone(), year, rollup: false, as_of: None };
    Ok(app.run(move |db| db.snapshot(|conn| whole_report(conn, &caller, &query))).await?)
}

/// What a text says, and what it lacks.
fn said(whole: &WholeReport, part: Part, body: &str) -> (Vec<Drawn>, Vec<String>) {
    let mut missing = Vec::new();
    let paragraphs = part_text(&whole.facts(), part, body, &mut missing);
    let lacks = missing.into_iter().map(|it| format!("“{}”：{}", it.sentence, it.lack)).collect();
    (preview::paragraphs(whole, &paragraphs), lacks)
}

/// The form.
pub async fn form(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String)>,
    from: web::Query<From>,
) -> Result<HttpResponse, PageError> {
    let (year, part) = (frame::year(&path.0)?, part(&path.1)?);
    let whole = whole(&app, &signed_in, year).await?;
    draw(&app, &signed_in, &whole, (year, part), &Shown::default(), &from.from).await
}

async fn draw(
    app: &App,
    signed_in: &SignedIn,
    whole: &WholeReport,
    (year, part): (i32, Part),
    shown: &Shown,
    from: &str,
) -> Result<HttpResponse, PageError> {
    let agency = signed_in.agency_code.clone();
    let all = app.run(move |db| db.read(|conn| versions(conn, &agency, year, part))).await?;
    let current = whole.wordings.get(&part).ok_or(WebError::NotFound)?;
    let chosen = all.iter().find(|it| format!("{}-{}", it.year, it.version) == from);
    let body = match chosen {
        _ if shown.fields.has("body") => shown.v("body").to_owned(),
        Some(chosen) => chosen.body.clone(),
        None => current.body.clone(),
    };
    let (preview, lacks) = said(whole, part, &body);
    let facts = whole.facts();
    let derived = |it: &Derived| Name {
        name: it.label().to_owned(),
        says: match it.value(facts.this, facts.fees) {
            Ok(value) => format!("{value}{}", it.unit()),
            Err(lack) => lack.why,
        },
    };
    let indicator = |it: &crate::domain::report::text::indicator::IndicatorLine| Name {
        name: it.indicator.name.clone(),
        says: match &it.this {
            Some(figure) => format!("{}{}", figure.value, it.indicator.unit),
            None => "还没有填报".to_owned(),
        },
    };
    let version_line = |it: &crate::service::report::text::edit_wording::Version| Version {
        words: format!(
            "{}年度第{}版，{}，{}",
            it.year,
            it.version,
            it.author,
            crate::domain::wording::day(crate::service::beijing_day(it.saved_at))
        ),
        body: it.body.clone(),
        href: format!("/reports/{year}/text/{}?from={}-{}", part.code(), it.year, it.version),
    };
    let template = EditPage {
        page: Page::new(app, signed_in, "reports"),
        back: (format!("/reports/{year}/text"), format!("{year}年度报告")),
        year,
        code: part.code(),
        name: part.label(),
        heading: part.heading(whole.report.form),
        origin: preview::origin(&current.origin),
        body,
        // Saved once more, it is over what stands now.
        version: current.version,
        shown,
        preview,
        lacks,
        derived: Derived::ALL.iter().map(derived).collect(),
        indicators: whole.indicators.iter().map(indicator).collect(),
        words: WORDS,
        filters: FILTERS,
        versions: all.iter().map(version_line).collect(),
    };
    page::show_as(shown.status(), &template)
}

/// Saves what was typed.
pub async fn submit(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String)>,
    typed: Posted,
) -> Result<HttpResponse, PageError> {
    let (year, part) = (frame::year(&path.0)?, part(&path.1)?);
    let fields = typed.0;
    let known: i32 = fields.get("version").parse().unwrap_or(0);
    let (caller, agency, text) =
        (signed_in.caller.clone(), signed_in.agency_code.clone(), fields.get("body").to_owned());
    let saved = app
        .run(move |db| db.write(|conn| save_wording(conn, &caller, &agency, (year, part), known, &text)))
        .await;
    match saved {
        Ok(()) => Ok(see_other(format!("/reports/{year}/text?saved=text#{}", part.code()))),
        Err(err) => {
            let shown = Shown::after(fields, err)?;
            let whole = whole(&app, &signed_in, year).await?;
            draw(&app, &signed_in, &whole, (year, part), &shown, "").await
        }
    }
}

/// What the text would say: the part of the page beside the form.
pub async fn preview(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String)>,
    typed: Posted,
) -> Result<HttpResponse, PageError> {
    let (year, part) = (frame::year(&path.0)?, part(&path.1)?);
    let body = typed.0.get("body").to_owned();
    let whole = whole(&app, &signed_in, year).await?;
    let (agency, text) = (signed_in.agency_code.clone(), body.clone());
    let errors = app
        .run(move |db| db.read(|conn| -> Result<_, ServiceError> { text_faults(conn, &agency, year, &text) }))
        .await?;
    let (preview, lacks) = said(&whole, part, &body);
    page::show(&LivePage { preview, lacks, errors })
}
