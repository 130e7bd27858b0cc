//! The journal of everything, and the check of its seals.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use crate::domain::dates;
use crate::domain::event::Subject;
use crate::domain::journal;
use crate::domain::labels::Coded;
use crate::domain::wording;
use crate::service::upkeep::look_through_journal::{
    Found, Line, Wanted, look_through_journal, seen_from_text, seen_to_text,
};
use crate::service::upkeep::verify_journal::verify_journal;
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::form::Posted;
use crate::web::page::{self, Page};
use crate::web::route::{OVERSEERS, Route, get, post};
use crate::web::session::SignedIn;

/// The routes of this area.
pub const ROUTES: &[Route] = &[
    get("/admin/journal", OVERSEERS, || web::get().to(show)),
    post("/admin/journal/verify", OVERSEERS, || web::post().to(verify)),
];

const PAGE: usize = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Params {
    agency: String,
    subject: String,
    id: String,
    action: String,
    actor: String,
    from: String,
    through: String,
    after: String,
}

struct Row {
    at: String,
    known: String,
    subject: &'static str,
    name: String,
    href: String,
    history: String,
    action: String,
    actor: String,
    changes: Vec<(String, String, String)>,
    is_closed: bool,
}

#[derive(Template)]
#[template(path = "pages/upkeep/journal.html")]
struct JournalPage {
    page: Page,
    agencies: Vec<(String, String)>,
    agency: String,
    subjects: Vec<(&'static str, &'static str)>,
    actions: Vec<(&'static str, &'static str)>,
    params: Params,
    is_filtered: bool,
    rows: Vec<Row>,
    first: String,
    next: String,
}

/// What stands for everything that belongs to no agency.
const WHOLE: &str = "-";

async fn show(
    app: web::Data<App>,
    signed_in: SignedIn,
    params: web::Query<Params>,
) -> Result<HttpResponse, PageError> {
    let params = params.into_inner();
    let given = |text: &str| Some(text.trim().to_owned()).filter(|it| !it.is_empty());
    let day = |text: &str| -> Result<Option<NaiveDate>, WebError> {
        if text.is_empty() {
            Ok(None)
        } else {
            dates::parse(text).map(Some).map_err(|_| WebError::BadRequest)
        }
    };
    let is_whole = params.agency == WHOLE;
    let wanted = Wanted {
        agency: given(&params.agency).filter(|_| !is_whole),
        is_whole,
        subject: Subject::from_code(&params.subject).ok(),
        subject_id: given(&params.id),
        action: given(&params.action),
        actor: given(&params.actor),
        from: day(&params.from)?,
        through: day(&params.through)?,
    };
    let after = match params.after.as_str() {
        "" => None,
        text => Some(seen_from_text(text).ok_or(WebError::BadRequest)?),
    };
    let (caller, is_first) = (signed_in.caller.clone(), after.is_none());
    let Found { agency, all, lines, next } = app
        .run(move |db| db.read(|conn| look_through_journal(conn, &caller, &wanted, after.as_ref(), PAGE)))
        .await?;
    let link = |after: &str| {
        let all = [
            ("agency", &params.agency),
            ("subject", &params.subject),
            ("id", &params.id),
            ("action", &params.action),
            ("actor", &params.actor),
            ("from", &params.from),
            ("through", &params.through),
        ];
        let mut given: Vec<(&str, &str)> =
            all.into_iter().filter(|(_, it)| !it.is_empty()).map(|(name, it)| (name, it.as_str())).collect();
        if !after.is_empty() {
            given.push(("after", after));
        }
        let query = serde_urlencoded::to_string(&given).unwrap_or_default();
        format!("/admin/journal{}{query}", if query.is_empty() { "" } else { "?" })
    };
    let mut agencies: Vec<_> = all.into_iter().map(|it| (it.code, it.name)).collect();
    agencies.push((WHOLE.to_owned(), "不属于哪个机关的（日历等）".to_owned()));
    let code = if is_whole { WHOLE } else { &agency.code };
    let rows = lines.into_iter().map(|it| row(it, code)).collect();
    let is_filtered =
        [&params.subject, &params.id, &params.action, &params.actor, &params.from, &params.through]
            .iter()
            .any(|it| !it.is_empty());
    page::show(&JournalPage {
        page: Page::new(&app, &signed_in, "admin"),
        agency: code.to_owned(),
        agencies,
        subjects: Subject::ALL.iter().map(|it| (it.code(), it.label())).collect(),
        actions: journal::actions(),
        first: if is_first { String::new() } else { link("") },
        next: next.map(|it| link(&seen_to_text(&it))).unwrap_or_default(),
        is_filtered,
        rows,
        params,
    })
}

fn row(it: Line, agency: &str) -> Row {
    let history =
        serde_urlencoded::to_string([("agency", agency), ("id", &it.subject_id)]).unwrap_or_default();
    let is_closed = it.changes.is_none();
    let href = match it.subject {
        Subject::Case if !is_closed => format!("/cases/{}", it.subject_id),
        Subject::Remedy if !is_closed => format!("/remedies/{}", it.subject_id),
        _ => String::new(),
    };
    Row {
        at: it.at.format("%Y-%m-%d %H:%M:%S").to_string(),
        known: if it.at.date_naive() == it.known_on { String::new() } else { wording::day(it.known_on) },
        subject: it.subject.label(),
        name: it.name,
        href,
        history: format!("/admin/journal?{history}"),
        action: it.action,
        actor: it.actor,
        changes: it.changes.unwrap_or_default(),
        is_closed,
    }
}

#[derive(Template)]
#[template(path = "pages/upkeep/journal_verified.html")]
struct VerifiedPage {
    page: Page,
    n_entries: u64,
    n_broken: usize,
    broken: Vec<(String, i32, &'static str)>,
    seconds: String,
}

/// The most that is listed of what is broken.
const MOST: usize = 200;

async fn verify(app: web::Data<App>, signed_in: SignedIn, _: Posted) -> Result<HttpResponse, PageError> {
    let begun = app.now();
    let (n_entries, broken) = app.run(|db| db.snapshot(verify_journal)).await?;
    let taken = (app.now() - begun).num_milliseconds();
    page::show(&VerifiedPage {
        page: Page::new(&app, &signed_in, "admin"),
        n_entries,
        n_broken: broken.len(),
        broken: broken.into_iter().take(MOST).map(|it| (it.subject_id, it.seq, it.fault)).collect(),
        seconds: format!("{}.{}", taken / 1000, taken % 1000 / 100),
    })
}
