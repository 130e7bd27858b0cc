//! The list of reconsiderations and suits.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use crate::domain::calendar::WorkCalendar;
use crate::domain::dates;
use crate::domain::labels::Coded;
use crate::domain::remedy::RemedyKind;
use crate::domain::urgency::{self, Light};
use crate::domain::wording;
use crate::service::remedy::find_remedies::{FoundRemedy, RemedyFilter, find_remedies};
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::page::{self, Page};
use crate::web::session::SignedIn;

const PAGE: usize = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Params {
    view: String,
    kind: String,
    text: String,
    from: String,
    through: String,
    after: String,
}

struct Line {
    href: String,
    no: String,
    case_href: String,
    case_no: String,
    kind: &'static str,
    body: String,
    accepted: String,
    stage: String,
    state: String,
    is_open: bool,
    /// How near its next deadline is; none where it has none.
    light: Option<Light>,
    due_day: String,
    due_shown: String,
    due_words: String,
    due_what: String,
    provisional: bool,
}

#[derive(Template)]
#[template(path = "pages/remedy/list.html")]
struct ListPage {
    page: Page,
    /// Views: address, words, whether it is this one.
    views: Vec<(String, &'static str, bool)>,
    view: String,
    kinds: Vec<(&'static str, &'static str)>,
    kind: String,
    text: String,
    from: String,
    through: String,
    is_filtered: bool,
    lines: Vec<Line>,
    summary: String,
    first: String,
    next: String,
    may_write: bool,
}

/// Views of the list: code and words.
const VIEWS: &[(&str, &str)] =
    &[("", "未审结"), ("answer", "待答复、答辩"), ("concluded", "已审结"), ("all", "全部")];

/// The list.
pub async fn show(
    app: web::Data<App>,
    signed_in: SignedIn,
    params: web::Query<Params>,
) -> Result<HttpResponse, PageError> {
    let params = params.into_inner();
    let day = |text: &str| -> Result<Option<NaiveDate>, WebError> {
        if text.is_empty() {
            Ok(None)
        } else {
            dates::parse(text).map(Some).map_err(|_| WebError::BadRequest)
        }
    };
    let filter = RemedyFilter {
        is_concluded: match params.view.as_str() {
            "concluded" => Some(true),
            "all" => None,
            _ => Some(false),
        },
        kind: RemedyKind::from_code(&params.kind).ok(),
        awaits_answer: params.view == "answer",
        text: params.text.trim().to_owned(),
        from: day(&params.from)?,
        through: day(&params.through)?,
    };
    let after = match params.after.split_once(',') {
        Some((day, id)) => Some((day.parse().map_err(|_| WebError::BadRequest)?, id.to_owned())),
        None => None,
    };
    let (rules, caller, is_first) = (app.rules(), signed_in.caller.clone(), after.is_none());
    let today = signed_in.caller.today();
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let (calendar, asked) = (app.rules(), filter.clone());
    let mut found = app
        .run(move |db| db.read(|conn| find_remedies(conn, &caller, &rules, &asked, after.as_ref(), limit)))
        .await?;
    let has_more = PAGE < found.len();
    found.truncate(PAGE);
    let link = |view: &str, after: &str| {
        let all = [
            ("view", view),
            ("kind", params.kind.as_str()),
            ("text", params.text.as_str()),
            ("from", params.from.as_str()),
            ("through", params.through.as_str()),
            ("after", after),
        ];
        let given: Vec<_> = all.into_iter().filter(|(_, it)| !it.is_empty()).collect();
        let query = serde_urlencoded::to_string(&given).unwrap_or_default();
        format!("/remedies{}{query}", if query.is_empty() { "" } else { "?" })
    };
    let next = match found.last().filter(|_| has_more) {
        Some(last) => link(&params.view, &format!("{},{}", last.line.accepted_on, last.line.id)),
        None => String::new(),
    };
    let is_filtered =
        filter.kind.is_some() || !filter.text.is_empty() || filter.from.is_some() || filter.through.is_some();
    page::show(&ListPage {
        page: Page::new(&app, &signed_in, "remedies"),
        views: VIEWS.iter().map(|(code, words)| (link(code, ""), *words, *code == params.view)).collect(),
        kinds: RemedyKind::ALL.iter().map(|it| (it.code(), it.label())).collect(),
        summary: if has_more || !is_first {
            format!("本页 {} 件", found.len())
        } else {
            format!("共 {} 件", found.len())
        },
        first: if is_first { String::new() } else { link(&params.view, "") },
        next,
        lines: found.into_iter().map(|it| line(it, &calendar.calendar, today)).collect(),
        is_filtered,
        may_write: super::WRITERS.admits(&signed_in.caller.viewer),
        view: params.view,
        kind: params.kind,
        text: params.text,
        from: params.from,
        through: params.through,
    })
}

/// How near a deadline is: the light and the words.
pub(super) fn nearness(due: NaiveDate, calendar: &WorkCalendar, today: NaiveDate) -> (Light, String) {
    let left = urgency::working_days_left(due, calendar, today);
    (Light::of_day(due, calendar, today), urgency::words(left, due, today))
}

fn line(it: FoundRemedy, calendar: &WorkCalendar, today: NaiveDate) -> Line {
    let (light, due_words) = match &it.next {
        Some(next) => {
            let (light, words) = nearness(next.due.on, calendar, today);
            (Some(light), words)
        }
        None => (None, String::new()),
    };
    Line {
        href: format!("/remedies/{}", it.line.id),
        no: it.line.remedy_no,
        case_href: it.line.case_id.map(|id| format!("/cases/{id}")).unwrap_or_default(),
        case_no: it.case_no,
        kind: it.line.kind.0.label(),
        body: it.line.body,
        accepted: wording::day(it.line.accepted_on),
        stage: it.stage.map(|it| it.kind.label().to_owned()).unwrap_or_default(),
        state: match (it.line.concluded_on, it.line.result) {
            (Some(day), Some(result)) => format!("{}　{}", result.0.label(), wording::day(day)),
            _ => "审理中".to_owned(),
        },
        is_open: it.line.concluded_on.is_none(),
        light,
        due_day: it.next.as_ref().map(|it| it.due.on.to_string()).unwrap_or_default(),
        due_shown: it.next.as_ref().map(|it| it.due.on.format("%m-%d").to_string()).unwrap_or_default(),
        due_words,
        provisional: it.next.as_ref().is_some_and(|it| it.due.provisional),
        due_what: it.next.map(|it| it.term.what.to_owned()).unwrap_or_default(),
    }
}
