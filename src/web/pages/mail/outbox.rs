//! The outbox: what waits, was sent and failed, for administrators, who see neither texts nor applicants.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::job::Job;
use crate::domain::labels::Coded;
use crate::domain::mail::{MailKind, MailState};
use crate::service::mail::tend_outbox;
use crate::service::mail::tend_outbox::{Asked, JobOrder, MessageLine, keeps_installation};
use crate::service::{Caller, ServiceError};
use crate::storage::Db;
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::form::Posted;
use crate::web::page::{self, Page};
use crate::web::redirect::see_other;
use crate::web::route::{ADMINISTRATORS, OVERSEERS, Route, get, post};
use crate::web::session::SignedIn;
use crate::web::view::words;

/// The routes of this area.
pub const ROUTES: &[Route] = &[
    get("/admin/outbox", OVERSEERS, || web::get().to(show)),
    post("/admin/outbox/pause", ADMINISTRATORS, || web::post().to(pause)),
    post("/admin/outbox/resume", ADMINISTRATORS, || web::post().to(resume)),
    post("/admin/outbox/trial", ADMINISTRATORS, || web::post().to(trial)),
    post("/admin/outbox/{message}/resend", ADMINISTRATORS, || web::post().to(resend)),
    post("/admin/outbox/{message}/hold", ADMINISTRATORS, || web::post().to(hold)),
];

const PAGE: usize = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Params {
    state: String,
    kind: String,
    before: String,
    done: String,
}

struct Count {
    label: &'static str,
    n: i64,
    href: String,
    tone: &'static str,
    current: bool,
}

struct Row {
    id: String,
    written: String,
    kind: &'static str,
    case_no: String,
    recipient: String,
    address: String,
    state: &'static str,
    tone: &'static str,
    when: String,
    error: String,
    message_id: String,
    can_resend: bool,
    can_hold: bool,
}

#[derive(Template)]
#[template(path = "pages/mail/outbox.html")]
struct OutboxPage {
    page: Page,
    is_enabled: bool,
    server: String,
    is_paused: bool,
    failure: String,
    next_try: String,
    may_pause: bool,
    may_act: bool,
    n_without_address: i64,
    counts: Vec<Count>,
    kinds: Vec<(&'static str, &'static str)>,
    params: Params,
    is_filtered: bool,
    rows: Vec<Row>,
    first: String,
    next: String,
    notice: &'static str,
}

fn link(state: &str, kind: &str, before: &str) -> String {
    let all = [("state", state), ("kind", kind), ("before", before)];
    let given: Vec<_> = all.into_iter().filter(|(_, it)| !it.is_empty()).collect();
    let query = serde_urlencoded::to_string(&given).unwrap_or_default();
    format!("/admin/outbox{}{query}", if query.is_empty() { "" } else { "?" })
}

async fn show(
    app: web::Data<App>,
    signed_in: SignedIn,
    params: web::Query<Params>,
) -> Result<HttpResponse, PageError> {
    let params = params.into_inner();
    let asked = Asked {
        state: MailState::from_code(&params.state).ok(),
        kind: MailKind::from_code(&params.kind).ok(),
        before: Some(params.before.clone()).filter(|it| !it.is_empty()),
    };
    let caller = signed_in.caller.clone();
    let view = app.run(move |db| db.read(|conn| tend_outbox::look(conn, &caller, &asked, PAGE))).await?;
    let mail = &app.settings.mail;
    let may_act = ADMINISTRATORS.admits(&signed_in.caller.viewer);
    let sender = view.sender.as_ref();
    let failed = sender.filter(|it| it.has_failed);
    let counts = view.counts.iter().map(|(state, n)| Count {
        label: state.label(),
        n: *n,
        href: link(if params.state == state.code() { "" } else { state.code() }, &params.kind, ""),
        tone: if *state == MailState::Failed { "red" } else { "" },
        current: params.state == state.code(),
    });
    page::show(&OutboxPage {
        page: Page::new(&app, &signed_in, "admin"),
        is_enabled: mail.is_enabled,
        server: format!("{}:{}（{}）", mail.host, mail.port, mail.encryption.label()),
        is_paused: sender.is_some_and(|it| it.is_paused),
        failure: failed.and_then(|it| it.last_result.clone()).unwrap_or_default(),
        next_try: failed.map(|it| words::kept_instant(it.next_run_at)).unwrap_or_default(),
        may_pause: may_act && keeps_installation(&signed_in.caller) && sender.is_some(),
        may_act,
        n_without_address: view.n_without_address,
        counts: counts.collect(),
        kinds: MailKind::ALL.iter().map(|it| (it.code(), it.label())).collect(),
        is_filtered: !params.state.is_empty() || !params.kind.is_empty(),
        first: if params.before.is_empty() { String::new() } else { link(&params.state, &params.kind, "") },
        next: view.next.as_deref().map(|it| link(&params.state, &params.kind, it)).unwrap_or_default(),
        rows: view.lines.into_iter().map(|it| row(it, may_act)).collect(),
        notice: match params.done.as_str() {
            "pause" => "已暂停发送。新的邮件照常写入待发箱，恢复后依次发出。",
            "resume" => "已恢复发送。",
            "trial" => "试发邮件已经写入待发箱，发往您登记的电子邮箱。",
            "resend" => "已重新排入待发。",
            "hold" => "这封邮件不再发送。",
            _ => "",
        },
        params,
    })
}

fn row(it: MessageLine, may_act: bool) -> Row {
    let state = it.state.0;
    let (tone, when) = match state {
        MailState::Waiting if 0 < it.attempts => {
            let next = words::kept_instant(it.next_attempt_at);
            ("amber", format!("已试 {} 次，{next} 再试", it.attempts))
        }
        MailState::Waiting | MailState::Held => ("", String::new()),
        MailState::Sending => ("blue", String::new()),
        MailState::Sent => ("", it.sent_at.map(words::kept_instant).unwrap_or_default()),
        MailState::Failed => ("red", format!("试了 {} 次", it.attempts)),
    };
    Row {
        written: words::kept_instant(it.written_at),
        kind: it.kind.0.label(),
        case_no: it.case_no.unwrap_or_default(),
        recipient: it.recipient_name,
        address: it.address,
        state: state.label(),
        tone,
        when,
        error: it.last_error.unwrap_or_default(),
        message_id: it.message_id.unwrap_or_default(),
        can_resend: may_act
            && (matches!(state, MailState::Failed | MailState::Held)
                || state == MailState::Waiting && 0 < it.attempts),
        can_hold: may_act && matches!(state, MailState::Failed | MailState::Waiting),
        id: it.id,
    }
}

/// Runs a change and goes back to the page.
async fn change(
    app: &App,
    done: &str,
    f: impl FnOnce(&Db) -> Result<(), ServiceError> + Send + 'static,
) -> Result<HttpResponse, PageError> {
    app.run(f).await?;
    Ok(see_other(format!("/admin/outbox?done={done}")))
}

async fn pause(app: web::Data<App>, signed_in: SignedIn, _: Posted) -> Result<HttpResponse, PageError> {
    switch(&app, &signed_in, JobOrder::Pause, "pause").await
}

async fn resume(app: web::Data<App>, signed_in: SignedIn, _: Posted) -> Result<HttpResponse, PageError> {
    switch(&app, &signed_in, JobOrder::Resume, "resume").await
}

async fn switch(
    app: &App,
    signed_in: &SignedIn,
    order: JobOrder,
    done: &str,
) -> Result<HttpResponse, PageError> {
    let caller = signed_in.caller.clone();
    change(app, done, move |db| db.write(|conn| tend_outbox::order(conn, &caller, Job::Outbox, order))).await
}

async fn trial(app: web::Data<App>, signed_in: SignedIn, _: Posted) -> Result<HttpResponse, PageError> {
    let (caller, rules): (Caller, _) = (signed_in.caller.clone(), app.rules());
    change(&app, "trial", move |db| db.write(|conn| tend_outbox::send_trial(conn, &caller, &rules))).await
}

fn message(path: &str) -> Result<String, PageError> {
    if path.len() == 36 { Ok(path.to_owned()) } else { Err(PageError(WebError::NotFound)) }
}

async fn resend(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<String>,
    _: Posted,
) -> Result<HttpResponse, PageError> {
    let (id, caller) = (message(&path)?, signed_in.caller.clone());
    change(&app, "resend", move |db| db.write(|conn| tend_outbox::resend(conn, &caller, &id))).await
}

async fn hold(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<String>,
    _: Posted,
) -> Result<HttpResponse, PageError> {
    let (id, caller) = (message(&path)?, signed_in.caller.clone());
    change(&app, "hold", move |db| db.write(|conn| tend_outbox::hold(conn, &caller, &id))).await
}
