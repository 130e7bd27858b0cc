//! This year's problems and measures, and what was done about last year's.

use actix_web::{HttpResponse, web};
use askama::Template;
use sha2::{Digest, Sha256};

use crate::domain::report::text::Problem;
use crate::service::report::text::note_problems::{MOST, Problems, problems, write_problems};
use crate::web::App;
use crate::web::error::PageError;
use crate::web::form::{Fields, Posted, Reader, Shown};
use crate::web::page::{self, Page};
use crate::web::pages::report::frame;
use crate::web::redirect::see_other;
use crate::web::session::SignedIn;

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
    shown: Shown,
}

impl ProblemsPage {
    /// What is wrong with a field of a place.
    fn e(&self, name: &str, i: impl std::fmt::Display) -> String {
        self.shown.e(&format!("{name}_{i}"))
    }
}

fn version(it: &Problems) -> String {
    let text = format!("{it:?}");
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The problems as typed; places left empty are none.
fn read(fields: &Fields, stands: &Problems) -> Problems {
    let it = Reader::new(fields);
    let field = |name: String| it.text(&name);
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
    problems: Problems,
    version: String,
    shown: Shown,
) -> Result<HttpResponse, PageError> {
    let with_spare = |mut all: Vec<Problem>| {
        let n = (all.len() + SPARE).max(3);
        all.resize(n, Problem::default());
        all
    };
    let page = ProblemsPage {
        page: Page::new(app, signed_in, "reports"),
        back: (format!("/reports/{year}/text"), format!("{year}年度报告")),
        year,
        last_year: year - 1,
        version,
        this: with_spare(problems.this),
        last: with_spare(problems.last),
        shown,
    };
    page::show_as(page.shown.status(), &page)
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
    draw(&app, &signed_in, year, stands, version, Shown::default())
}

/// Keeps what was typed.
pub async fn submit(
    app: web::Data<App>,
    signed_in: SignedIn,
    year: web::Path<String>,
    typed: Posted,
) -> Result<HttpResponse, PageError> {
    let (year, fields) = (frame::year(&year)?, typed.0);
    let stands = stands(&app, &signed_in, year).await?;
    let wanted = read(&fields, &stands);
    let current = version(&stands);
    if fields.get("version") != current && wanted != stands {
        return draw(&app, &signed_in, year, wanted, current, Shown::stale(fields));
    }
    let (caller, agency, to_write) =
        (signed_in.caller.clone(), signed_in.agency_code.clone(), wanted.clone());
    let written = app
        .run(move |db| {
            db.write(|conn| write_problems(conn, &caller, &agency, year, &to_write, Some(&stands)))
        })
        .await;
    match written {
        Ok(()) => Ok(see_other(format!("/reports/{year}/text?saved=text#problems"))),
        Err(err) => draw(&app, &signed_in, year, wanted, current, Shown::after(fields, err)?),
    }
}
