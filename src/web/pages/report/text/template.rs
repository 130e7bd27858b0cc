//! The office's own document, into which its report is filled.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::documents::report::docx::PLACES;
use crate::service::report::derive_tables::ReportQuery;
use crate::service::report::text::put_template::{
    check_template, put_template, restore_built_in, template, template_to_edit,
};
use crate::web::App;
use crate::web::download::attachment;
use crate::web::error::PageError;
use crate::web::form::{Fields, Posted, Shown};
use crate::web::page::{self, Page};
use crate::web::pages::case::letter_templates::upload::receive;
use crate::web::pages::report::frame;
use crate::web::pages::report::text::files::FORMATS;
use crate::web::redirect::see_other;
use crate::web::session::SignedIn;

#[derive(Template)]
#[template(path = "pages/report/text/template.html")]
struct TemplatePage {
    page: Page,
    back: (String, String),
    year: i32,
    /// What is in force, in words.
    current: String,
    is_own: bool,
    places: &'static [(&'static str, &'static str)],
    shown: Shown,
    /// What the document that was checked leaves out.
    warnings: Vec<String>,
    /// The name of a document that was checked and found good.
    checked: String,
    saved: bool,
}

#[derive(Debug, serde::Deserialize)]
pub struct Saved {
    #[serde(default)]
    saved: String,
}

/// What the page says of a document that was sent.
#[derive(Default)]
struct Said {
    shown: Shown,
    warnings: Vec<String>,
    checked: String,
    saved: bool,
}

fn query(signed_in: &SignedIn, year: i32) -> ReportQuery {
    ReportQuery { agency: signed_in.agency_code.clone(), year, rollup: false, as_of: None }
}

async fn draw(app: &App, signed_in: &SignedIn, year: i32, said: Said) -> Result<HttpResponse, PageError> {
    let agency = signed_in.agency_code.clone();
    let own = app.run(move |db| db.read(|conn| template(conn, &agency))).await?;
    let current = match &own {
        None => "系统自带的模板".to_owned(),
        Some(it) => format!(
            "{}（第{}版，{}，{}）",
            it.name,
            it.version,
            it.author,
            crate::domain::wording::day(crate::service::beijing_day(it.saved_at))
        ),
    };
    let page = TemplatePage {
        page: Page::new(app, signed_in, "reports"),
        back: (format!("/reports/{year}/text"), format!("{year}年度报告")),
        year,
        current,
        is_own: own.is_some(),
        places: PLACES,
        shown: said.shown,
        warnings: said.warnings,
        checked: said.checked,
        saved: said.saved,
    };
    page::show_as(page.shown.status(), &page)
}

/// The page.
pub async fn form(
    app: web::Data<App>,
    signed_in: SignedIn,
    year: web::Path<String>,
    saved: web::Query<Saved>,
) -> Result<HttpResponse, PageError> {
    let said = Said { saved: saved.saved == "1", ..Said::default() };
    draw(&app, &signed_in, frame::year(&year)?, said).await
}

/// Checks a document with the report of the year, and with `use` puts it in force.
pub async fn submit(
    app: web::Data<App>,
    signed_in: SignedIn,
    year: web::Path<String>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let year = frame::year(&year)?;
    let uploaded = receive(&signed_in, &request, payload).await?;
    let refuse = |refusals| Said { shown: Shown::refused(Fields::default(), refusals), ..Said::default() };
    if let Err(refusals) = uploaded.check("请选择修改后的模板文件") {
        return draw(&app, &signed_in, year, refuse(refusals)).await;
    }
    let (caller, wanted) = (signed_in.caller.clone(), query(&signed_in, year));
    let is_for_use = uploaded.then == "use";
    let name = uploaded.name.clone();
    let found = app
        .run(move |db| {
            if is_for_use {
                put_template(db, &caller, &wanted, &name, &uploaded.bytes).map(|()| Vec::new())
            } else {
                check_template(db, &caller, &wanted, &uploaded.bytes)
            }
        })
        .await;
    let warnings = match found {
        Ok(warnings) => warnings,
        Err(err) => return draw(&app, &signed_in, year, refuse(err.refusals()?)).await,
    };
    if !is_for_use {
        let said = Said { warnings, checked: uploaded.name, ..Said::default() };
        return draw(&app, &signed_in, year, said).await;
    }
    let place = format!("/reports/{year}/template?saved=1");
    Ok(see_other(place))
}

/// Brings the built-in template back.
pub async fn restore(
    app: web::Data<App>,
    signed_in: SignedIn,
    year: web::Path<String>,
    _: Posted,
) -> Result<HttpResponse, PageError> {
    let year = frame::year(&year)?;
    let (caller, agency) = (signed_in.caller.clone(), signed_in.agency_code.clone());
    app.run(move |db| db.write(|conn| restore_built_in(conn, &caller, &agency))).await?;
    let place = format!("/reports/{year}/template?saved=1");
    Ok(see_other(place))
}

/// Sends the template in force, to be edited.
pub async fn file(
    app: web::Data<App>,
    signed_in: SignedIn,
    year: web::Path<String>,
) -> Result<HttpResponse, PageError> {
    let year = frame::year(&year)?;
    let (caller, wanted) = (signed_in.caller.clone(), query(&signed_in, year));
    let bytes = app.run(move |db| template_to_edit(db, &caller, &wanted)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, FORMATS[0].2))
        .insert_header((
            header::CONTENT_DISPOSITION,
            attachment("政府信息公开工作年度报告模板.docx", "annual-report-template.docx"),
        ))
        .body(bytes))
}
