//! The workbench: what this person must do.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use crate::domain::find::{Pile, Place};
use crate::domain::labels::Coded;
use crate::domain::wording;
use crate::domain::workflow::{Action, Role};
use crate::service::ServiceError;
use crate::service::calendar::miss_notice::missing_notice;
use crate::service::desk::find_cases::{FoundPage, Look, MAX_COUNT};
use crate::service::desk::show_queue::{StripDay, WorkQueue, work_queue};
use crate::web::App;
use crate::web::done::Done;
use crate::web::error::{PageError, WebError};
use crate::web::page::{Page, show};
use crate::web::pages::case::DOERS;
use crate::web::pages::desk::find::{ListQuery, PAGE, Row, counted, thousands};
use crate::web::route::{ADMINISTRATORS, Access, Route, get};
use crate::web::session::SignedIn;

/// The routes of this area.
pub const ROUTES: &[Route] = &[get("/", Access::SignedIn, || web::get().to(home))];

/// A day on which so many cases are due stands out.
const BUSY: i64 = 5;

/// A count that is a filter.
struct Count {
    label: &'static str,
    n: CountWords,
    href: String,
    tone: &'static str,
    current: bool,
}

/// A count as it is shown; counting stops at [`MAX_COUNT`].
#[derive(Debug, Clone, Copy)]
struct CountWords(i64);

impl std::fmt::Display for CountWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&counted(self.0))
    }
}

impl askama::filters::HtmlSafe for CountWords {}

impl PartialEq<i64> for CountWords {
    fn eq(&self, other: &i64) -> bool {
        self.0 == *other
    }
}

/// A cell of the strip: a working day, or the days of rest between two.
struct DayCell {
    day: String,
    weekday: &'static str,
    shown: String,
    n: i64,
    href: String,
    kind: &'static str,
}

#[derive(Template)]
#[template(path = "pages/desk/queue.html")]
struct HomePage {
    page: Page,
    /// What the page before did; empty for nothing to be said.
    done: String,
    today: String,
    counts: Vec<Count>,
    days: Vec<DayCell>,
    todo_title: &'static str,
    todo_empty: &'static str,
    todo: Vec<Row>,
    summary: String,
    previous: String,
    next: String,
    unclaimed: Vec<Row>,
    untouched: Vec<Row>,
    /// The notice that is missing: its year, and how many cases run into it.
    missing: Option<(i32, String)>,
    sees_cases: bool,
    has_todo: bool,
    may_register: bool,
    only_reads: bool,
    is_administrator: bool,
}

fn tone(pile: Pile) -> &'static str {
    match pile {
        Pile::Overdue => "red",
        Pile::DueToday | Pile::DueSoon => "amber",
        _ => "",
    }
}

async fn home(
    app: web::Data<App>,
    signed_in: SignedIn,
    request: HttpRequest,
) -> Result<HttpResponse, PageError> {
    let today = signed_in.caller.today();
    let (works, sees_cases) = (DOERS.admits(&signed_in.caller.viewer), signed_in.caller.viewer.sees_cases());
    let (caller, rules) = (signed_in.caller.clone(), app.rules());
    let place = ListQuery::read(request.query_string()).place();
    let (queue, missing): (WorkQueue, _) = app
        .run(move |db| {
            let look = Look { caller: &caller, rules: &rules };
            db.read(|conn| -> Result<_, ServiceError> {
                let missing = missing_notice(conn, &caller, &rules.calendar)?;
                Ok((work_queue(conn, look, place.as_ref(), PAGE)?, missing))
            })
        })
        .await?;
    let rows = |it: &FoundPage| Row::all(&it.cases, &signed_in.caller.viewer, today);
    let at = |it: Option<&Place>| ListQuery::read("").page_at(it).replace("/cases?state=open&", "/?");
    let counts = queue.counts.iter().map(|(pile, n)| Count {
        label: pile.label(),
        n: CountWords(*n),
        href: format!("/cases?pile={}", pile.code()),
        tone: tone(*pile),
        current: false,
    });
    let done = Done::of(&request);
    let only_manager = signed_in.caller.viewer.roles == [Role::Manager];
    let page = HomePage {
        page: Page::new(&app, &signed_in, "home"),
        done: done.as_ref().map(Done::words).unwrap_or_default(),
        today: wording::day_with_weekday(today),
        counts: counts.collect(),
        days: cells(&queue.days, today),
        todo_title: if only_manager { "已超期和三日内到期" } else { "我的待办" },
        todo_empty: if only_manager {
            "本机关和下级机关没有超期或者三日内到期的申请。"
        } else {
            "轮到您办理的申请会列在这里，期限近的在前。"
        },
        todo: rows(&queue.todo),
        summary: summary(&queue.todo),
        previous: at(queue.todo.previous.as_ref()),
        next: at(queue.todo.next.as_ref()),
        unclaimed: rows(&queue.unclaimed),
        untouched: rows(&queue.untouched),
        missing: missing.map(|it| (it.year, counted(it.n_cases))),
        sees_cases,
        has_todo: works,
        may_register: signed_in.caller.viewer.may(Action::Register),
        only_reads: sees_cases && !works,
        is_administrator: ADMINISTRATORS.admits(&signed_in.caller.viewer),
    };
    let mut response = show(&page)?;
    if done.is_some() {
        response.add_cookie(&Done::forget(&app)).map_err(|_| WebError::BadRequest)?;
    }
    Ok(response)
}

fn summary(found: &FoundPage) -> String {
    match found.n_total {
        Some(n) if n < MAX_COUNT => format!("共 {} 件", thousands(n)),
        _ => format!("本页 {} 件", found.cases.len()),
    }
}

/// The strip: working days one by one, days of rest in a row together.
fn cells(days: &[StripDay], today: NaiveDate) -> Vec<DayCell> {
    let mut cells = Vec::new();
    for group in days.chunk_by(|a, b| !a.is_working && !b.is_working) {
        let Some(first) = group.first() else { continue };
        // A due date may fall on a day of rest where the facts say so; it is shown as a day of its own.
        let n: i64 = group.iter().map(|it| it.n).sum();
        if !first.is_working && n == 0 {
            let shown = format!("{}天", group.len());
            let (day, href) = (first.day.to_string(), String::new());
            cells.push(DayCell { day, weekday: "", shown, n: 0, href, kind: "rest" });
            continue;
        }
        for it in group.iter().filter(|it| it.is_working || 0 < it.n) {
            let kind = match it {
                it if it.day == today => "today",
                it if it.is_make_up => "makeup",
                it if BUSY <= it.n => "busy",
                _ => "work",
            };
            cells.push(DayCell {
                day: it.day.to_string(),
                weekday: wording::weekday(it.day),
                // Twenty working days: the year is plain, also where it turns.
                shown: it.day.format("%m-%d").to_string(),
                n: it.n,
                href: format!("/cases?due_from={0}&due_to={0}", it.day),
                kind,
            });
        }
    }
    cells
}
