//! What is printed of a case, and the page after its registration.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::domain::attachment::AttachmentKind;
use crate::domain::labels::Coded;
use crate::domain::wording;
use crate::domain::workflow::Status;
use crate::web::App;
use crate::web::error::PageError;
use crate::web::page::{Page, show};
use crate::web::pages::case::files::view::{UploadView, upload_view};
use crate::web::pages::case::show::head;
use crate::web::pages::case::view::Head;
use crate::web::pages::case::{case_id, open};
use crate::web::session::SignedIn;

#[derive(Template)]
#[template(path = "pages/case/ledger.html")]
struct LedgerPage {
    page: Page,
    head: Head,
    agency: String,
    received: String,
    lines: Vec<(String, String, String, String, String)>,
    findings: Vec<(&'static str, String)>,
    state: String,
    today: String,
}

/// GET the ledger, to be printed.
pub(super) async fn ledger(
    app: web::Data<App>,
    signed_in: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, PageError> {
    let file = open(&app, &signed_in, case_id(&id)?).await?;
    let today = signed_in.caller.today();
    let (head, reading) = head(&file, &app.rules(), today);
    let lines = reading.ledger.iter().map(|step| {
        let span = step.span.as_ref().map(|it| it.words()).unwrap_or_default();
        let balance = format!("{} / {}", step.used, step.allowed);
        (wording::day_with_weekday(step.on), step.text.clone(), step.article.to_owned(), span, balance)
    });
    show(&LedgerPage {
        page: Page::new(&app, &signed_in, "cases"),
        agency: file.agency.name.clone(),
        received: wording::day(file.case.received_on),
        lines: lines.collect(),
        findings: reading.findings.iter().map(|it| (it.kind.label(), it.text.clone())).collect(),
        state: head.due.words.clone(),
        today: wording::day(today),
        head,
    })
}

#[derive(Template)]
#[template(path = "pages/case/receipt.html")]
struct ReceiptPage {
    page: Page,
    head: Head,
    agency: String,
    is_confirmed: bool,
    received: String,
    channel: &'static str,
    rule: String,
    due: String,
    provisional: bool,
    preferred_form: &'static str,
    today: String,
}

/// GET the receipt for the applicant (登记回执), to be printed.
pub(super) async fn receipt(
    app: web::Data<App>,
    signed_in: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, PageError> {
    let file = open(&app, &signed_in, case_id(&id)?).await?;
    let today = signed_in.caller.today();
    let rules = app.rules();
    let (head, _) = head(&file, &rules, today);
    // The receipt says what was due on registration; later measures have letters of their own.
    let due =
        rules.calendar.nth_working_day_after(file.case.received_on, crate::domain::terms::ANSWER.length);
    let rule = file.case.channel.map(crate::domain::request::Channel::receipt_rule);
    show(&ReceiptPage {
        page: Page::new(&app, &signed_in, "cases"),
        agency: file.agency.name.clone(),
        is_confirmed: file.case.status != Status::Received,
        received: wording::day(file.case.received_on),
        channel: file.case.channel.map_or("", Coded::label),
        rule: rule.map(|it| format!("{}（{}）", it.explanation, it.article)).unwrap_or_default(),
        due: wording::day(due.on),
        provisional: due.provisional,
        preferred_form: file.request.preferred_form.map_or("", Coded::label),
        today: wording::day(today),
        head,
    })
}

#[derive(Template)]
#[template(path = "pages/case/registered.html")]
struct RegisteredPage {
    page: Page,
    head: Head,
    is_confirmed: bool,
    received: String,
    upload: Option<UploadView>,
}

/// GET what comes after a registration: number, due date, receipt, the next one.
pub(super) async fn registered(
    app: web::Data<App>,
    signed_in: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, PageError> {
    let file = open(&app, &signed_in, case_id(&id)?).await?;
    let (head, _) = head(&file, &app.rules(), signed_in.caller.today());
    show(&RegisteredPage {
        page: Page::new(&app, &signed_in, "cases"),
        is_confirmed: file.case.status != Status::Received,
        received: wording::day_with_weekday(file.case.received_on),
        upload: upload_view(&app, &signed_in, &file, Some(AttachmentKind::Application)),
        head,
    })
}
