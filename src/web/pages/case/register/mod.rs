//! Registering an application: the form, its live side, and what it warns of.

mod form;
mod side;

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use uuid::Uuid;

use crate::domain::applicant::ApplicantKind;
use crate::domain::labels::Coded;
use crate::domain::refusal::Refusal;
use crate::domain::request::{Channel, PreferredForm};
use crate::domain::workflow::Action;
use crate::service::case::look_up_applicant::{Inquiry, look_up_applicant};
use crate::service::case::register_once::register_once;
use crate::web::App;
use crate::web::access::{Access, Route, get, post};
use crate::web::error::PageError;
use crate::web::form::Posted;
use crate::web::page::{Page, show};
use crate::web::pages::case::{Control, Fields, Maker, see_other};
use crate::web::session::SignedIn;
use side::SideView;

const REGISTRARS: Access = Access::Acts(&[Action::Register]);

/// The routes of this area.
pub const ROUTES: &[Route] = &[
    get("/cases/new", REGISTRARS, || web::get().to(blank)),
    post("/cases/new", REGISTRARS, || web::post().to(submit)),
    get("/cases/new/side", REGISTRARS, || web::get().to(side::side)),
];

/// What the clerk is warned of before the first registration.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Warning {
    /// Its code, which the form sends back as seen.
    code: &'static str,
    title: String,
    text: String,
}

#[derive(Template)]
#[template(path = "pages/case/register/new.html")]
struct RegisterPage {
    page: Page,
    submission: String,
    channels: Vec<(String, String, String)>,
    channel: String,
    channel_error: String,
    rules: Vec<(&'static str, &'static str, &'static str, bool)>,
    submitted_on: Control,
    signed_on: Control,
    tracking_no: Control,
    arrived_on: Control,
    confirmed_on: Control,
    confirmed_how: Control,
    kind: Control,
    name: Control,
    id_number: Control,
    phone: Control,
    email: Control,
    address: Control,
    content: Control,
    document_no: Control,
    purpose: Control,
    form: Control,
    form_note: Control,
    department: Control,
    errors: Vec<(String, String)>,
    warnings: Vec<Warning>,
    side: SideView,
}

struct Draw<'a> {
    fields: &'a Fields,
    refusals: &'a [Refusal],
    is_blank: bool,
    warnings: Vec<Warning>,
}

async fn draw(app: &web::Data<App>, signed_in: &SignedIn, it: Draw<'_>) -> Result<HttpResponse, PageError> {
    let today = signed_in.caller.today();
    let make = Maker::new(it.fields, it.refusals, it.is_blank);
    let side = side::view(app, signed_in, it.fields).await?;
    let agency = signed_in.caller.viewer.agency;
    let departments = app.run(move |db| db.read(|conn| form::departments(conn, agency))).await?;
    let channel = make.choices("channel", "", &[], "in_person");
    let kinds: Vec<_> = ApplicantKind::ALL.iter().map(|it| (it.code(), it.label(), "")).collect();
    let forms: Vec<_> = PreferredForm::ALL.iter().map(|it| (it.code(), it.label(), "")).collect();
    let submission = Some(it.fields.get("submission").to_owned()).filter(|it| !it.is_empty());
    let page = RegisterPage {
        page: Page::new(app, signed_in, "cases"),
        // Version 4: nobody guesses the key of another's form.
        submission: submission.unwrap_or_else(|| Uuid::new_v4().to_string()),
        channels: Channel::ALL
            .iter()
            .map(|it| (it.code().to_owned(), it.label().to_owned(), form::day_that_counts(*it).to_owned()))
            .collect(),
        channel: channel.value,
        channel_error: channel.error,
        rules: Channel::ALL
            .iter()
            .map(|it| {
                let rule = it.receipt_rule();
                (it.code(), rule.explanation, rule.article, rule.needs_confirmation)
            })
            .collect(),
        submitted_on: make.day("submitted_on", "提交日期", Some(today)).required(),
        signed_on: make.day("signed_on", "签收日期", Some(today)).required(),
        tracking_no: make.text("tracking_no", "邮件号", "").width("w3"),
        arrived_on: make.day("arrived_on", "到达日期", Some(today)).required(),
        confirmed_on: make.day("confirmed_on", "双方确认日期", None),
        confirmed_how: make.text("confirmed_how", "确认方式", ""),
        kind: make.choices("applicant_kind", "类别", &kinds, "natural_person").required(),
        name: make.text("applicant_name", "姓名或者名称", "").required(),
        id_number: make.text("id_number", "证件号码", ""),
        phone: make.text("phone", "联系电话", ""),
        email: make.text("email", "电子邮箱", ""),
        address: make.text("address", "通信地址", ""),
        content: make.large("content", "内容描述", "").required(),
        document_no: make.text("document_no", "文号或者其他特征", ""),
        purpose: make.text("purpose", "用途", ""),
        form: make.choices("preferred_form", "获取方式", &forms, "paper"),
        form_note: make.text("form_note", "其他要求", ""),
        department: make.select("department", "承办部门", departments, ""),
        errors: it
            .refusals
            .iter()
            .map(|it| (crate::web::pages::case::field_of(it).to_owned(), it.message.clone()))
            .collect(),
        warnings: it.warnings,
        side,
    };
    let mut response = show(&page)?;
    if !it.refusals.is_empty() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// GET the blank form, or one with what the address carries.
async fn blank(
    app: web::Data<App>,
    signed_in: SignedIn,
    query: web::Query<Fields>,
) -> Result<HttpResponse, PageError> {
    draw(&app, &signed_in, Draw { fields: &query, refusals: &[], is_blank: true, warnings: Vec::new() }).await
}

/// POST: registers once, unless there is something the clerk has not been warned of.
async fn submit(
    app: web::Data<App>,
    signed_in: SignedIn,
    posted: Posted<Fields>,
) -> Result<HttpResponse, PageError> {
    let mut fields = posted.0;
    if fields.get("then") == "preview" {
        return draw(
            &app,
            &signed_in,
            Draw { fields: &fields, refusals: &[], is_blank: false, warnings: Vec::new() },
        )
        .await;
    }
    let command = match form::read(&fields, signed_in.caller.viewer.agency) {
        Ok(command) => command,
        Err(refusals) => {
            let refusals: Vec<_> = refusals.into_iter().collect();
            let drawn = Draw { fields: &fields, refusals: &refusals, is_blank: false, warnings: Vec::new() };
            return draw(&app, &signed_in, drawn).await;
        }
    };
    let seen: BTreeSet<String> = fields.all("seen").map(str::to_owned).collect();
    let inquiry = Inquiry {
        name: command.applicant_name.clone(),
        id_number: command.request.id_number.clone().unwrap_or_default(),
        content: command.request.content.clone(),
        on: command.received_on,
        except: None,
    };
    let agency = signed_in.caller.viewer.agency;
    let submission = fields.get("submission").to_owned();
    let (caller, rules) = (signed_in.caller.clone(), app.rules());
    let result = app
        .run(move |db| {
            let known = db.read(|conn| look_up_applicant(conn, agency, &inquiry, false))?;
            let is_sent = db.read(|conn| form::is_sent(conn, agency, &submission))?;
            let warnings = form::warnings(&command, &known, &seen);
            if !warnings.is_empty() && !is_sent {
                return Ok(Err(warnings));
            }
            register_once(db, &caller, &rules, &command, &submission).map(Ok)
        })
        .await;
    match result {
        Ok(Ok(case)) if fields.get("then") == "print" => Ok(see_other(format!("/cases/{case}/receipt"))),
        Ok(Ok(case)) => Ok(see_other(format!("/cases/{case}/registered"))),
        Ok(Err(warnings)) => {
            fields.set("then", String::new());
            draw(&app, &signed_in, Draw { fields: &fields, refusals: &[], is_blank: false, warnings }).await
        }
        Err(err) => {
            let refusals: Vec<_> =
                err.refusals()?.into_iter().map(|it| form::at_its_field(it, &fields)).collect();
            draw(
                &app,
                &signed_in,
                Draw { fields: &fields, refusals: &refusals, is_blank: false, warnings: Vec::new() },
            )
            .await
        }
    }
}
