//! This year's problems and measures, and what was done about last year's.

use std::collections::BTreeMap;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use askama::Template;
use sha2::{Digest, Sha256};

use crate::domain::report::text::Problem;
use crate::service::report::text::note_problems::{MOST, Problems, problems, write_problems};
use crate::web::App;
use crate::web::error::PageError;
use crate::web::form::Posted;
use crate::web::page::{self, Page};
use crate::web::pages::report::frame;
use crate::web::pages::report::text::show::refusal;
use crate::web::session::SignedIn;

type Typed = BTreeMap<String, String>;

/// How many empty places there are beyond those that are filled.
const SPARE: usize = 2;

#[derive(Template)]
#[template(path = "pages/report/text/problems.html")]
struct ProblemsPage {
    page: Page,
    back: (String, String),
    year: i32,
    last_year: i32,
    version: String,
    this: Vec<Problem>,
    last: Vec<Problem>,
    errors: Vec<String>,
}

fn version(it: &Problems) -> String {
    let text = format!("{it:?}");
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The problems as typed; places left empty are none.
fn read(typed: &Typed, stands: &Problems) -> Problems {
    let field = |name: String| typed.get(&name).map(|it| it.trim().replace("\r\n", "\n")).unwrap_or_default();
    let is_given = |it: &Problem| *it != Problem::default();
    let this = (0..MOST + SPARE).map(|i| Problem {
        summary: field(format!("summary_{i}")),
        problem: field(format!("problem_{i}")),
        measure: field(format!("measure_{i}")),
        // Written in the next year's report.
        done: stands.this.get(i).map(|it| it.done.clone()).unwrap_or_default(),
    });
    let this = this.filter(|it| is_given(&Problem { done: String::new(), ..it.clone() })).collect();
    let last = (0..MOST + SPARE).map(|i| {
        let known = stands.last.get(i).cloned().unwrap_or_default();
        Problem {
            summary: field(format!("last_summary_{i}")),
            done: field(format!("last_done_{i}")),
            problem: known.problem,
            measure: known.measure,
        }
    });
    Problems { this, last: last.filter(is_given).collect() }
}

fn draw(
    app: &App,
    signed_in: &SignedIn,
    year: i32,
    shown: Problems,
    version: String,
    errors: Vec<String>,
) -> Result<HttpResponse, PageError> {
    let is_refused = !errors.is_empty();
    let with_spare = |mut all: Vec<Problem>| {
        let n = (all.len() + SPARE).max(3);
        all.resize(n, Problem::default());
        all
    };
    let mut response = page::show(&ProblemsPage {
        page: Page::new(app, signed_in, "reports"),
        back: (format!("/reports/{year}/text"), format!("{year}年度报告")),
        year,
        last_year: year - 1,
        version,
        this: with_spare(shown.this),
        last: with_spare(shown.last),
        errors,
    })?;
    if is_refused {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

async fn stands(app: &App, signed_in: &SignedIn, year: i32) -> Result<Problems, PageError> {
    let agency = signed_in.agency_code.clone();
    Ok(app.run(move |db| db.read(|conn| problems(conn, &agency, year))).await?)
}

/// The form.
pub async fn form(
    app: web::Data<App>,
    signed_in: SignedIn,
    year: web::Path<String>,
) -> Result<HttpResponse, PageError> {
    let year = frame::year(&year)?;
    let stands = stands(&app, &signed_in, year).await?;
    let version = version(&stands);
    draw(&app, &signed_in, year, stands, version, Vec::new())
}

/// Keeps what was typed.
pub async fn submit(
    app: web::Data<App>,
    signed_in: SignedIn,
    year: web::Path<String>,
    typed: Posted<Typed>,
) -> Result<HttpResponse, PageError> {
    let (year, typed) = (frame::year(&year)?, typed.0);
    let stands = stands(&app, &signed_in, year).await?;
    let wanted = read(&typed, &stands);
    let is_stale = typed.get("version").is_none_or(|it| *it != version(&stands));
    let current = version(&stands);
    if is_stale && wanted != stands {
        let message = "您打开本页以后，别人改过这里的内容。您填的还在下面；核对后再次保存，就以您填的为准。";
        return draw(&app, &signed_in, year, wanted, current, vec![message.to_owned()]);
    }
    let (caller, agency, to_write) =
        (signed_in.caller.clone(), signed_in.agency_code.clone(), wanted.clone());
    let written = app
        .run(move |db| {
            db.write(|conn| write_problems(conn, &caller, &agency, year, &to_write, Some(&stands)))
        })
        .await;
    match written {
        Ok(()) => {
            let place = format!("/reports/{year}/text?saved=text#problems");
            Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, place)).finish())
        }
        Err(err) => {
            let errors = refusal(err)?.lines().map(str::to_owned).collect();
            draw(&app, &signed_in, year, wanted, current, errors)
        }
    }
}
