//! What the letters of an agency name, and the list of its templates.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::labels::Coded;
use crate::domain::letters::{LetterDefaults, LetterKind, LetterSettings, Series};
use crate::domain::wording;
use crate::service::case::letters::change_settings::{keep_letter_settings, letter_settings_of};
use crate::service::case::letters::put_template::agency_templates;
use crate::service::{ServiceError, beijing_day};
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::form::{Fields, Posted, Reader, Shown};
use crate::web::page::{self, Page};
use crate::web::pages::case::letter_templates::segment;
use crate::web::redirect::see_other;
use crate::web::session::SignedIn;

/// A kind of letter and its template in force.
struct Line {
    code: &'static str,
    label: &'static str,
    article: &'static str,
    template: String,
    is_own: bool,
}

#[derive(Template)]
#[template(path = "pages/case/letter_templates/settings.html")]
struct SettingsPage {
    page: Page,
    agency: String,
    code: String,
    version: i32,
    shown: Shown,
    done: bool,
    /// What the installation names where the agency has set nothing.
    defaults: LetterDefaults,
    marks: Vec<(&'static str, &'static str, &'static str)>,
    lines: Vec<Line>,
}

/// The fields of the series: name, series.
const MARKS: &[(&str, Series)] = &[
    ("reply_mark", Series::Reply),
    ("notice_mark", Series::Notice),
    ("consultation_mark", Series::Consultation),
    ("fee_mark", Series::Fee),
];

#[derive(Debug, Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    done: String,
}

/// GET the own agency's.
pub(super) async fn own(signed_in: SignedIn) -> HttpResponse {
    see_other(format!("/admin/letters/{}", segment(&signed_in.agency_code)))
}

/// GET the settings of an agency and the list of its templates.
pub(super) async fn page(
    app: web::Data<App>,
    signed_in: SignedIn,
    code: web::Path<String>,
    query: web::Query<Done>,
) -> Result<HttpResponse, PageError> {
    draw(&app, &signed_in, code.into_inner(), None, query.done == "1").await
}

fn fields_of(settings: &LetterSettings) -> Fields {
    let fields = match serde_json::json!(settings) {
        serde_json::Value::Object(fields) => fields,
        _ => serde_json::Map::new(),
    };
    let text = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => text,
        serde_json::Value::Bool(true) => "1".to_owned(),
        _ => String::new(),
    };
    fields.into_iter().map(|(name, value)| (name, text(value))).collect()
}

fn settings_of(fields: &Fields) -> LetterSettings {
    let it = Reader::new(fields);
    let text = |name: &str| it.text(name);
    LetterSettings {
        document_words: text("document_words"),
        reply_mark: text("reply_mark"),
        notice_mark: text("notice_mark"),
        consultation_mark: text("consultation_mark"),
        fee_mark: text("fee_mark"),
        reconsideration_body: text("reconsideration_body"),
        reconsideration_online: text("reconsideration_online"),
        court: text("court"),
        contact_name: text("contact_name"),
        contact_phone: text("contact_phone"),
        address: text("address"),
        postcode: it.plain("postcode"),
        payment: text("payment"),
        has_red_head: it.is_ticked("has_red_head"),
    }
}

async fn draw(
    app: &App,
    signed_in: &SignedIn,
    code: String,
    shown: Option<Shown>,
    done: bool,
) -> Result<HttpResponse, PageError> {
    let caller = signed_in.caller.clone();
    let ((unit, settings, version), (_, versions)) = app
        .run(move |db| {
            db.read(|conn| -> Result<_, ServiceError> {
                Ok((letter_settings_of(conn, &caller, &code)?, agency_templates(conn, &caller, &code)?))
            })
        })
        .await?;
    let line = |kind: &LetterKind| {
        let last = versions.iter().find(|it| it.kind == *kind);
        let own = last.filter(|it| it.sha256.is_some());
        Line {
            code: kind.code(),
            label: kind.label(),
            article: kind.rule().article,
            is_own: own.is_some(),
            template: own.map_or_else(
                || "内置模板".to_owned(),
                |it| format!("本机关第{}版（{}）", it.version, wording::day(beijing_day(it.made_at))),
            ),
        }
    };
    let template = SettingsPage {
        page: Page::new(app, signed_in, "admin"),
        agency: unit.name,
        code: unit.code,
        version,
        shown: shown.unwrap_or_else(|| Shown::blank(fields_of(&settings))),
        done,
        defaults: app.rules().letters.clone(),
        marks: MARKS.iter().map(|(name, series)| (*name, series.label(), series.usual_mark())).collect(),
        lines: LetterKind::ALL.iter().map(line).collect(),
    };
    page::show_as(template.shown.status(), &template)
}

/// POST the settings.
pub(super) async fn submit(
    app: web::Data<App>,
    signed_in: SignedIn,
    code: web::Path<String>,
    typed: Posted,
) -> Result<HttpResponse, PageError> {
    let (code, fields) = (code.into_inner(), typed.0);
    let version = fields.get("version").parse().map_err(|_| WebError::BadRequest)?;
    let settings = settings_of(&fields);
    let (caller, of) = (signed_in.caller.clone(), code.clone());
    let kept = app
        .run(move |db| db.write(|conn| keep_letter_settings(conn, &caller, &of, version, &settings)))
        .await;
    match kept {
        Ok(()) => Ok(see_other(format!("/admin/letters/{}?done=1", segment(&code)))),
        Err(err) => draw(&app, &signed_in, code, Some(Shown::after(fields, err)?), false).await,
    }
}
