//! Which indicators an office counts: names, units, places; those it no longer counts.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::domain::labels::Coded;
use crate::domain::report::text::Part;
use crate::domain::report::text::indicator::Indicator;
use crate::service::ServiceError;
use crate::service::report::text::enter_indicators::{DefineIndicator, define_indicator, lines};
use crate::web::App;
use crate::web::error::PageError;
use crate::web::form::{Posted, Reader, Shown};
use crate::web::page::{self, Page};
use crate::web::pages::report::frame;
use crate::web::redirect::see_other;
use crate::web::session::SignedIn;

/// An indicator as its form has it.
struct Row {
    code: String,
    name: String,
    unit: String,
    part: String,
    position: String,
    is_retired: bool,
    shown: Shown,
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
    shown: Shown,
    saved: bool,
}

#[derive(Debug, serde::Deserialize)]
pub struct Saved {
    #[serde(default)]
    saved: String,
}

impl Row {
    /// An indicator as it stands.
    fn stands(it: &Indicator) -> Self {
        Self {
            code: it.code.clone(),
            name: it.name.clone(),
            unit: it.unit.clone(),
            part: it.part.code().to_owned(),
            position: it.position.to_string(),
            is_retired: it.is_retired,
            shown: Shown::default(),
        }
    }

    /// What was typed.
    fn typed(shown: Shown) -> Self {
        let field = |name: &str| shown.v(name).to_owned();
        Self {
            code: field("code"),
            name: field("name"),
            unit: field("unit"),
            part: field("part"),
            position: field("position"),
            is_retired: shown.fields.has("is_retired"),
            shown,
        }
    }

    /// What is wrong with a field.
    fn e(&self, name: &str) -> String {
        self.shown.e(name)
    }

    /// The field of the form as the page calls it: several forms have the same fields.
    fn id(&self, name: &str) -> String {
        if self.code.is_empty() { format!("new-{name}") } else { format!("{name}-{}", self.code) }
    }
}

/// The page; with a form that is shown again, where there is one.
async fn draw(
    app: &App,
    signed_in: &SignedIn,
    year: i32,
    shown: Option<Shown>,
    saved: bool,
) -> Result<HttpResponse, PageError> {
    let agency = signed_in.agency_code.clone();
    let (used, retired) = app.run(move |db| db.read(|conn| lines(conn, &agency, year))).await?;
    let mut rows: Vec<_> = used.iter().map(|it| &it.indicator).chain(&retired).map(Row::stands).collect();
    let blank = [("part", Part::Overview.code()), ("position", "200")].into_iter().collect();
    let mut new = Row::typed(Shown::blank(blank));
    let mut over = Shown::default();
    if let Some(shown) = shown {
        let typed = Row::typed(shown);
        // In the summary a field is called as on the page.
        over = typed.shown.clone().renamed(|it| (!it.is_empty()).then(|| typed.id(it)));
        match rows.iter_mut().find(|it| it.code == typed.code) {
            Some(row) => *row = typed,
            None => new = typed,
        }
    }
    let page = SetupPage {
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
        shown: over,
        saved,
    };
    page::show_as(page.shown.status(), &page)
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
    typed: Posted,
) -> Result<HttpResponse, PageError> {
    let (year, fields) = (frame::year(&year)?, typed.0);
    let mut it = Reader::new(&fields);
    let wanted = DefineIndicator {
        code: it.optional_text("code"),
        name: it.text("name"),
        unit: it.text("unit"),
        part: it.code("part", "所属部分"),
        position: it.number("position", "次序，小的在前"),
        is_retired: it.is_ticked("is_retired"),
    };
    let wanted = match it.finish(wanted) {
        Ok(wanted) => wanted,
        Err(refusals) => {
            let shown = Shown::refused(fields, refusals);
            return draw(&app, &signed_in, year, Some(shown), false).await;
        }
    };
    let (caller, agency) = (signed_in.caller.clone(), signed_in.agency_code.clone());
    let defined = app
        .run(move |db| {
            db.write(|conn| -> Result<_, ServiceError> {
                define_indicator(conn, &caller, &agency, year, &wanted)
            })
        })
        .await;
    match defined {
        Ok(()) => Ok(see_other(format!("/reports/{year}/indicators/setup?saved=1"))),
        Err(err) => draw(&app, &signed_in, year, Some(Shown::after(fields, err)?), false).await,
    }
}
