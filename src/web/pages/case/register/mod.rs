//! Registering an application: the form, its live side, and what it warns of.

mod form;
mod side;

use std::collections::BTreeSet;

use actix_web::{HttpResponse, web};
use askama::Template;
use uuid::Uuid;

use crate::domain::applicant::ApplicantKind;
use crate::domain::labels::Coded;
use crate::domain::request::{Channel, PreferredForm};
use crate::domain::workflow::Action;
use crate::service::case::look_up_applicant::{Inquiry, look_up_applicant};
use crate::service::case::register_once::register_once;
use crate::web::App;
use crate::web::error::PageError;
use crate::web::form::{Control, Fields, Posted, Shown};
use crate::web::page::{Page, show_as};
use crate::web::redirect::see_other;
use crate::web::route::{Access, Route, get, post};
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
struct RegisterPage<'a> {
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
    shown: &'a Shown,
    warnings: Vec<Warning>,
    side: SideView,
}

async fn draw(
    app: &web::Data<App>,
    signed_in: &SignedIn,
    shown: &Shown,
    warnings: Vec<Warning>,
) -> Result<HttpResponse, PageError> {
    let today = signed_in.caller.today();
    let side = side::view(app, signed_in, &shown.fields).await?;
    let agency = signed_in.caller.viewer.agency;
    let departments = app.run(move |db| db.read(|conn| form::departments(conn, agency))).await?;
    let channel = shown.choices("channel", "", &[], "in_person");
    let kinds: Vec<_> = ApplicantKind::ALL.iter().map(|it| (it.code(), it.label(), "")).collect();
    let forms: Vec<_> = PreferredForm::ALL.iter().map(|it| (it.code(), it.label(), "")).collect();
    let submission = Some(shown.v("submission").to_owned()).filter(|it| !it.is_empty());
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
        submitted_on: shown.day("submitted_on", "提交日期", Some(today)).required(),
        signed_on: shown.day("signed_on", "签收日期", Some(today)).required(),
        tracking_no: shown.text("tracking_no", "邮件号", "").width("w3"),
        arrived_on: shown.day("arrived_on", "到达日期", Some(today)).required(),
        confirmed_on: shown.day("confirmed_on", "双方确认日期", None),
        confirmed_how: shown.text("confirmed_how", "确认方式", ""),
        kind: shown.choices("applicant_kind", "类别", &kinds, "natural_person").required(),
        name: shown.text("applicant_name", "姓名或者名称", "").required(),
        id_number: shown.text("id_number", "证件号码", ""),
        phone: shown.text("phone", "联系电话", ""),
        email: shown.text("email", "电子邮箱", ""),
        address: shown.text("address", "通信地址", ""),
        content: shown.large("content", "内容描述", "").required(),
        document_no: shown.text("document_no", "文号或者其他特征", ""),
        purpose: shown.text("purpose", "用途", ""),
        form: shown.choices("preferred_form", "获取方式", &forms, "paper"),
        form_note: shown.text("form_note", "其他要求", ""),
        department: shown.select("department", "承办部门", departments, ""),
        shown,
        warnings,
        side,
    };
    show_as(shown.status(), &page)
}

/// GET the blank form, or one with what the address carries.
async fn blank(
    app: web::Data<App>,
    signed_in: SignedIn,
    query: web::Query<Fields>,
) -> Result<HttpResponse, PageError> {
    draw(&app, &signed_in, &Shown::blank(query.into_inner()), Vec::new()).await
}

/// POST: registers once, unless there is something the clerk has not been warned of.
async fn submit(app: web::Data<App>, signed_in: SignedIn, posted: Posted) -> Result<HttpResponse, PageError> {
    let mut fields = posted.0;
    if fields.get("then") == "preview" {
        return draw(&app, &signed_in, &Shown::again(fields), Vec::new()).await;
    }
    let command = match form::read(&fields, signed_in.caller.viewer.agency) {
        Ok(command) => command,
        Err(refusals) => {
            return draw(&app, &signed_in, &Shown::refused(fields, refusals), Vec::new()).await;
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
            fields.set("then", "");
            draw(&app, &signed_in, &Shown::again(fields), warnings).await
        }
        Err(err) => {
            let refused = fields.clone();
            let shown = Shown::after(fields, err)?.renamed(|it| form::field_of(it, &refused));
            draw(&app, &signed_in, &shown, Vec::new()).await
        }
    }
}
