//! Recording a reconsideration or suit.

use std::collections::BTreeMap;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use crate::domain::case::Case;
use crate::domain::labels::Coded;
use crate::domain::outcome::RemedyClass;
use crate::domain::remedy::stages::Procedure;
use crate::domain::remedy::{Capacity, RemedyKind};
use crate::service::ServiceError;
use crate::service::remedy::record_remedy::{RecordRemedy, case_by_no, challenged_case, record_remedy};
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::form::Posted;
use crate::web::page::{self, Page};
use crate::web::session::SignedIn;

type Typed = BTreeMap<String, String>;

#[derive(Template)]
#[template(path = "pages/remedy/new.html")]
struct NewPage {
    page: Page,
    typed: Typed,
    errors: Vec<(String, String)>,
    kinds: Vec<(&'static str, &'static str, &'static str)>,
    capacities: Vec<(&'static str, &'static str)>,
    procedures: Vec<(&'static str, &'static str, &'static str)>,
    /// What the reply that is challenged says of the order of remedies; empty for nothing.
    order: String,
}

impl NewPage {
    fn new(app: &App, signed_in: &SignedIn, typed: Typed, errors: Vec<(String, String)>) -> Self {
        Self {
            page: Page::new(app, signed_in, "remedies"),
            typed,
            errors,
            kinds: vec![
                (RemedyKind::Reconsideration.code(), RemedyKind::Reconsideration.label(), "本机关作被申请人"),
                (RemedyKind::DirectSuit.code(), RemedyKind::DirectSuit.label(), "没有先申请复议"),
                (
                    RemedyKind::SuitAfterReconsideration.code(),
                    RemedyKind::SuitAfterReconsideration.label(),
                    "对复议决定不服",
                ),
            ],
            capacities: Capacity::ALL.iter().map(|it| (it.code(), it.label())).collect(),
            procedures: vec![
                (Procedure::Ordinary.code(), Procedure::Ordinary.label(), "复议 10 个工作日内答复"),
                (Procedure::Simplified.code(), Procedure::Simplified.label(), "复议 5 个工作日内答复"),
            ],
            order: String::new(),
        }
    }

    fn v(&self, field: &str) -> &str {
        self.typed.get(field).map_or("", String::as_str)
    }

    fn e(&self, field: &str) -> &str {
        self.errors.iter().find(|(it, _)| it == field).map_or("", |(_, message)| message)
    }
}

#[derive(Debug, Deserialize)]
pub struct Params {
    #[serde(default)]
    case: String,
}

/// The form, with the case it was opened from.
pub async fn form(
    app: web::Data<App>,
    signed_in: SignedIn,
    params: web::Query<Params>,
) -> Result<HttpResponse, PageError> {
    let mut typed = Typed::new();
    typed.insert("capacity".to_owned(), Capacity::ActingAgency.code().to_owned());
    typed.insert("procedure".to_owned(), Procedure::Ordinary.code().to_owned());
    let mut order = String::new();
    if !params.case.is_empty() {
        let id = params.case.parse().map_err(|_| WebError::NotFound)?;
        let caller = signed_in.caller.clone();
        let case = app.run(move |db| db.read(|conn| challenged_case(conn, &caller, id))).await?;
        order = order_of(case.case());
        typed.insert("case_no".to_owned(), case.case().case_no.clone());
    }
    page::show(&NewPage { order, ..NewPage::new(&app, &signed_in, typed, Vec::new()) })
}

/// What must come first where the reply of this case is challenged.
fn order_of(case: &Case) -> String {
    let Some((_, outcome)) = case.closed else {
        return "本件还没有答复。对逾期不答复不服的，可以申请复议，也可以起诉。".to_owned();
    };
    match outcome.rule().remedy {
        RemedyClass::ReconsiderationFirst => format!(
            "本件答复为“{}”（{}），属于不予公开：应当先申请行政复议，对复议决定不服的再起诉（复议法第二十三条第一款第四项）。",
            outcome.label(),
            outcome.rule().article
        ),
        RemedyClass::FirstForWithheldPart => {
            "本件答复为“部分公开”：不予公开的部分应当先申请行政复议（复议法第二十三条第一款第四项）。"
                .to_owned()
        }
        RemedyClass::Free | RemedyClass::Nothing => String::new(),
    }
}

/// A day of a form; none for an empty field, a message for what is no day.
pub(super) fn day(typed: &Typed, field: &str, errors: &mut Vec<(String, String)>) -> Option<NaiveDate> {
    let text = typed.get(field).map_or("", |it| it.trim());
    if text.is_empty() {
        return None;
    }
    match text.parse() {
        Ok(day) => Some(day),
        Err(_) => {
            let message = format!("“{text}”不是日期，请按 2026-03-05 的格式填写");
            errors.push((field.to_owned(), message));
            None
        }
    }
}

/// A day that must be given.
pub(super) fn needed_day(
    typed: &Typed,
    field: &str,
    what: &str,
    errors: &mut Vec<(String, String)>,
) -> Option<NaiveDate> {
    let n_before = errors.len();
    let found = day(typed, field, errors);
    if found.is_none() && errors.len() == n_before {
        errors.push((field.to_owned(), format!("请填写{what}")));
    }
    found
}

/// A choice that must be made.
pub(super) fn choice<T: Coded>(
    typed: &Typed,
    field: &str,
    what: &str,
    errors: &mut Vec<(String, String)>,
) -> Option<T> {
    let found = typed.get(field).and_then(|it| T::from_code(it).ok());
    if found.is_none() {
        errors.push((field.to_owned(), format!("请选择{what}")));
    }
    found
}

/// Records what was typed, and goes on to its page.
pub async fn submit(
    app: web::Data<App>,
    signed_in: SignedIn,
    typed: Posted<Typed>,
) -> Result<HttpResponse, PageError> {
    let typed = typed.0;
    let mut errors = Vec::new();
    let kind = choice(&typed, "kind", "类别", &mut errors);
    let accepted_on = needed_day(&typed, "accepted_on", "受理日期", &mut errors);
    let capacity = choice(&typed, "capacity", "身份", &mut errors);
    let procedure = choice(&typed, "procedure", "程序", &mut errors);
    let copy_received_on = day(&typed, "copy_received_on", &mut errors);
    let text = |field: &str| typed.get(field).map(|it| it.trim().to_owned()).unwrap_or_default();
    if let (Some(kind), Some(accepted_on), Some(capacity), Some(procedure), true) =
        (kind, accepted_on, capacity, procedure, errors.is_empty())
    {
        let command = RecordRemedy {
            remedy_no: text("remedy_no"),
            kind,
            capacity,
            body: text("body"),
            accepted_on,
            procedure,
            copy_received_on,
            remarks: text("remarks"),
        };
        let (caller, case_no) = (signed_in.caller.clone(), text("case_no"));
        let recorded = app
            .run(move |db| {
                db.write(|conn| -> Result<_, ServiceError> {
                    let case = match case_no.as_str() {
                        "" => None,
                        no => Some(case_by_no(conn, &caller, no)?),
                    };
                    record_remedy(conn, &caller, case.as_ref(), &command)
                })
            })
            .await;
        match recorded {
            Ok(remedy) => {
                let place = format!("/remedies/{}", remedy.id);
                return Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, place)).finish());
            }
            Err(err) => {
                errors.extend(err.refusals()?.into_iter().map(|it| (it.field.into_owned(), it.message)));
            }
        }
    }
    let mut response = page::show(&NewPage::new(&app, &signed_in, typed, errors))?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}
