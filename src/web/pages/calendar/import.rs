//! Importing or correcting a notice: the form, what it would change, and putting it in force as shown.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::read;
use crate::domain::calendar::{DayChange, WorkCalendar, YearNotice};
use crate::domain::wording;
use crate::service::calendar::import_notice::{
    Applied, NamedMove, Preview, Shift, apply_notice, known_notices, named_moves, preview_notice,
};
use crate::service::{Rules, ServiceError};
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::form::{Fields, Posted, Shown};
use crate::web::page::{self, Page};
use crate::web::redirect::see_other;
use crate::web::session::SignedIn;

/// Cases shown one by one.
const MAX_SHOWN: usize = 200;

#[derive(Template)]
#[template(path = "pages/calendar/import.html")]
struct ImportPage {
    page: Page,
    shown: Shown,
}

impl ImportPage {
    /// Whether a part that is folded has something to show.
    fn is_open(&self, field: &str) -> bool {
        !self.shown.v(field).is_empty() || !self.shown.e(field).is_empty()
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Params {
    year: String,
}

pub(super) async fn form(
    app: web::Data<App>,
    signed_in: SignedIn,
    params: web::Query<Params>,
) -> Result<HttpResponse, PageError> {
    let (calendar, imported) = app.run(|db| db.read(known_notices)).await?;
    let today = signed_in.caller.today();
    let year = params.year.parse().unwrap_or_else(|_| read::next_year(&calendar.years(), today));
    let mut notices = WorkCalendar::published_notices();
    notices.extend(imported);
    let shown = Shown::blank(read::filled(year, &notices));
    page::show(&ImportPage { page: Page::new(&app, &signed_in, "calendar"), shown })
}

/// A count at the head of the preview.
struct Count {
    label: &'static str,
    n: usize,
    href: &'static str,
    tone: &'static str,
    current: bool,
}

/// Open cases that move alike, in words.
struct ShiftRow {
    before: String,
    after: String,
    by: String,
    is_later: bool,
    whose: &'static str,
    n: usize,
}

/// One open case that moves.
struct MoveRow {
    case_no: String,
    agency: String,
    handler: String,
    before: String,
    after: String,
    by: String,
    is_later: bool,
    tags: Vec<(&'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "pages/calendar/preview.html")]
struct PreviewPage {
    page: Page,
    year: i32,
    is_correction: bool,
    has_changed: bool,
    counts: Vec<Count>,
    working_days: Vec<(String, String, String)>,
    n_settled_days: usize,
    dropped: Vec<String>,
    /// The holidays of the law that the notice does not name.
    unnamed: Vec<&'static str>,
    shifts: Vec<ShiftRow>,
    moves: Vec<MoveRow>,
    n_moves: usize,
    n_ours: usize,
    n_looked: usize,
    n_closed: usize,
    notice: String,
    fingerprint: String,
    typed: Vec<(String, String)>,
}

fn by(days: i64) -> String {
    match days {
        0 => "不变".to_owned(),
        days if days < 0 => format!("提前 {} 天", -days),
        days => format!("推迟 {days} 天"),
    }
}

fn shown(day: NaiveDate, provisional: bool) -> String {
    let mark = if provisional { "，暂定" } else { "" };
    format!("{}{mark}", wording::day_with_weekday(day))
}

fn shift_row((shift, n): (&Shift, &usize)) -> ShiftRow {
    let days = shift.after.signed_duration_since(shift.before).num_days();
    ShiftRow {
        before: shown(shift.before, shift.was_provisional),
        after: shown(shift.after, shift.is_provisional),
        by: by(days),
        is_later: 0 <= days,
        whose: if shift.is_of_applicant { "申请人的期限" } else { "答复期限" },
        n: *n,
    }
}

fn move_row(named: NamedMove, today: NaiveDate) -> MoveRow {
    let NamedMove { it, agency, handler } = named;
    let mut tags = Vec::new();
    match (it.is_overdue(it.before, today), it.is_overdue(it.after, today)) {
        (false, true) => tags.push(("变为超期", "red")),
        (true, false) => tags.push(("不再超期", "blue")),
        _ => {}
    }
    match (it.before.provisional, it.after.provisional) {
        (true, false) => tags.push(("不再暂定", "blue")),
        (false, true) => tags.push(("变为暂定", "amber")),
        _ => {}
    }
    if !it.is_ours() {
        tags.push(("申请人的期限", ""));
    }
    MoveRow {
        agency,
        handler,
        before: shown(it.before.on, it.before.provisional),
        after: shown(it.after.on, it.after.provisional),
        by: by(it.days()),
        is_later: 0 <= it.days(),
        tags,
        case_no: it.case_no,
    }
}

impl PreviewPage {
    fn new(
        page: Page,
        preview: &Preview,
        (named, n_ours): (Vec<NamedMove>, usize),
        fields: &Fields,
        has_changed: bool,
        today: NaiveDate,
    ) -> Result<Self, PageError> {
        let tally = preview.tally;
        let count = |label, n, tone| Count { label, n, href: "#shifts", tone, current: false };
        let working = preview.days.iter().filter(|it| it.changes_work);
        let in_words =
            |it: &DayChange| (wording::day_with_weekday(it.day), it.before.clone(), it.after.clone());
        let working_days: Vec<_> = working.map(in_words).collect();
        let notice = serde_json::to_string(&preview.notice).map_err(|_| PageError(WebError::BadRequest))?;
        Ok(Self {
            page,
            year: preview.notice.year(),
            is_correction: preview.is_correction,
            has_changed,
            counts: vec![
                count("变为超期", tally.newly_overdue, "red"),
                count("期限提前", tally.earlier, "amber"),
                count("期限推迟", tally.later, ""),
                count("不再超期", tally.no_longer_overdue, ""),
                count("不再暂定", tally.settled, ""),
            ],
            n_settled_days: preview.days.len() - working_days.len(),
            working_days,
            dropped: preview
                .dropped
                .iter()
                .map(|it| format!("{} {}", wording::day_with_weekday(it.date), it.name))
                .collect(),
            unnamed: preview.notice.unnamed_holidays(),
            shifts: preview.shifts.iter().map(shift_row).collect(),
            moves: named.into_iter().map(|it| move_row(it, today)).collect(),
            n_moves: preview.moves.len(),
            n_ours,
            n_looked: preview.n_looked,
            n_closed: tally.closed,
            notice,
            fingerprint: preview.fingerprint.clone(),
            typed: fields
                .iter()
                .filter(|(name, _)| *name != "csrf" && *name != "edit")
                .map(|(name, text)| (name.to_owned(), text.to_owned()))
                .collect(),
        })
    }
}

/// Shows what the notice would change; with `edit`, the form again.
pub(super) async fn preview(
    app: web::Data<App>,
    signed_in: SignedIn,
    typed: Posted,
) -> Result<HttpResponse, PageError> {
    let fields = typed.0;
    let page = Page::new(&app, &signed_in, "calendar");
    let draw = |shown: Shown| page::show_as(shown.status(), &ImportPage { page: page.clone(), shown });
    if fields.has("edit") {
        return draw(Shown::again(fields));
    }
    let notice = match read::notice(&fields) {
        Ok(notice) => notice,
        Err(refusals) => return draw(Shown::refused(fields, refusals)),
    };
    let (rules, today) = (app.rules(), signed_in.caller.today());
    let path = signed_in.caller.viewer.agency_path.clone();
    let (preview, named) = app
        .run(move |db| {
            db.snapshot(|conn| -> Result<_, ServiceError> {
                let preview = preview_notice(conn, &rules, &notice, today)?;
                let named = named_moves(conn, &preview, &path, MAX_SHOWN)?;
                Ok((preview, named))
            })
        })
        .await?;
    page::show(&PreviewPage::new(page, &preview, named, &fields, false, today)?)
}

/// Puts the notice in force, where it still changes what was shown.
pub(super) async fn apply(
    app: web::Data<App>,
    signed_in: SignedIn,
    form: Posted,
) -> Result<HttpResponse, PageError> {
    let field = |name: &str| form.0.get(name).to_owned();
    let (json, fingerprint) = (field("notice"), field("fingerprint"));
    let notice = YearNotice::from_json(&json).map_err(|_| PageError(WebError::BadRequest))?;
    let (caller, rules, year) = (signed_in.caller.clone(), app.rules(), notice.year());
    let (today, path) = (caller.today(), signed_in.caller.viewer.agency_path.clone());
    let (applied, calendar, named) = app
        .run(move |db| {
            db.write(|conn| -> Result<_, ServiceError> {
                let (calendar, imported) = known_notices(conn)?;
                // The same once more, as by a double click, is no second import.
                if imported.contains(&notice) {
                    return Ok((None, calendar, (Vec::new(), 0)));
                }
                let applied = apply_notice(conn, &caller, &rules, &notice, Some(&fingerprint))?;
                let named = match &applied {
                    Applied::Changed(preview) => named_moves(conn, preview, &path, MAX_SHOWN)?,
                    Applied::Done(_) => (Vec::new(), 0),
                };
                Ok((Some(applied), known_notices(conn)?.0, named))
            })
        })
        .await?;
    let moved = match applied {
        Some(Applied::Changed(preview)) => {
            let page = Page::new(&app, &signed_in, "calendar");
            let fields = [("json", json)].into_iter().collect();
            let page = PreviewPage::new(page, &preview, named, &fields, true, today)?;
            return page::show_as(StatusCode::CONFLICT, &page);
        }
        Some(Applied::Done(preview)) => preview.moves.len(),
        None => 0,
    };
    app.set_rules(Rules { calendar, ..(*app.rules()).clone() });
    app.forecasts.forget();
    let place = format!("/calendar?year={year}&imported=1&moved={moved}");
    Ok(see_other(place))
}
