//! The work in the background: when it was done, what came of it, and when it is done next.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::job::{Job, Schedule};
use crate::domain::labels::Coded;
use crate::service::mail::tend_outbox;
use crate::service::mail::tend_outbox::{JobOrder, JobRun, keeps_installation};
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
    get("/admin/jobs", OVERSEERS, || web::get().to(show)),
    post("/admin/jobs/{job}/{order}", ADMINISTRATORS, || web::post().to(order)),
];

struct Row {
    code: &'static str,
    label: &'static str,
    note: &'static str,
    last: String,
    result: String,
    state: (&'static str, &'static str),
    next: String,
    is_paused: bool,
    has_row: bool,
}

#[derive(Template)]
#[template(path = "pages/upkeep/jobs.html")]
struct JobsPage {
    page: Page,
    is_enabled: bool,
    may_order: bool,
    rows: Vec<Row>,
    notice: &'static str,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Params {
    done: String,
}

async fn show(
    app: web::Data<App>,
    signed_in: SignedIn,
    params: web::Query<Params>,
) -> Result<HttpResponse, PageError> {
    let jobs = app.run(|db| db.read(tend_outbox::jobs)).await?;
    let is_administrator = ADMINISTRATORS.admits(&signed_in.caller.viewer);
    page::show(&JobsPage {
        page: Page::new(&app, &signed_in, "admin"),
        is_enabled: app.settings.jobs.is_enabled,
        may_order: is_administrator && keeps_installation(&signed_in.caller),
        rows: jobs.into_iter().map(|(job, run)| row(&app, job, run)).collect(),
        notice: match params.done.as_str() {
            "run" => "已经安排，几秒钟内运行。请稍后刷新本页看结果。",
            "pause" => "任务已经暂停。",
            "resume" => "任务已经恢复。",
            _ => "",
        },
    })
}

fn row(app: &App, job: Job, run: Option<JobRun>) -> Row {
    let now = app.now().naive_utc();
    let is_running = run.as_ref().is_some_and(|it| it.lease_until.is_some_and(|until| now < until));
    let is_paused = run.as_ref().is_some_and(|it| it.is_paused);
    let is_idle = job == Job::Outbox && !app.settings.mail.is_enabled;
    let state = match &run {
        _ if is_paused => ("已暂停", "amber"),
        None => ("尚未运行", ""),
        _ if is_running => ("正在运行", "blue"),
        Some(it) if it.has_failed => ("失败", "red"),
        Some(it) if it.last_run_at.is_none() => ("尚未运行", ""),
        Some(_) => ("正常", ""),
    };
    let next = match (&run, job.schedule(app.settings.jobs.morning)) {
        _ if is_idle => "邮件没有启用".to_owned(),
        (Some(_), _) if is_paused => "恢复后".to_owned(),
        (Some(it), _) if it.has_failed => words::kept_instant(it.next_run_at),
        (_, Schedule::Every(_)) => "有邮件待发时".to_owned(),
        (Some(it), Schedule::Daily(_)) if it.next_run_at <= now => "即将运行".to_owned(),
        (Some(it), Schedule::Daily(_)) => words::kept_instant(it.next_run_at),
        (None, Schedule::Daily(_)) => "服务启动后".to_owned(),
    };
    Row {
        code: job.code(),
        label: job.label(),
        note: job.note(),
        last: run.as_ref().and_then(|it| it.last_run_at).map(words::kept_instant).unwrap_or_default(),
        result: run.as_ref().and_then(|it| it.last_result.clone()).unwrap_or_default(),
        state,
        next,
        is_paused,
        has_row: run.is_some(),
    }
}

async fn order(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String)>,
    _: Posted,
) -> Result<HttpResponse, PageError> {
    let (job, code) = path.into_inner();
    let job = Job::from_code(&job).map_err(|_| PageError(WebError::NotFound))?;
    let order = match code.as_str() {
        "run" => JobOrder::Run,
        "pause" => JobOrder::Pause,
        "resume" => JobOrder::Resume,
        _ => return Err(PageError(WebError::NotFound)),
    };
    let caller = signed_in.caller.clone();
    app.run(move |db| db.write(|conn| tend_outbox::order(conn, &caller, job, order))).await?;
    Ok(see_other(format!("/admin/jobs?done={code}")))
}
