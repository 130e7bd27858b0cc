//! The list of cases: searched, filtered, ordered, saved as views, exported, and assigned in bulk.

mod bulk;
mod export;
mod query;
mod row;
mod views;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::applicant::ApplicantKind;
use crate::domain::find::Pile;
use crate::domain::labels::Coded;
use crate::domain::outcome::Outcome;
use crate::domain::request::Channel;
use crate::domain::workflow::{Action, Status};
use crate::service::ServiceError;
use crate::service::desk::find_cases;
use crate::service::desk::find_cases::{Choices, FoundPage, Look, MAX_COUNT};
use crate::service::desk::save_views;
use crate::web::App;
use crate::web::error::PageError;
use crate::web::form::Shown;
use crate::web::page::{Page, show_as};
use crate::web::route::{Access, Route, get, post};
use crate::web::session::SignedIn;

pub use query::{Chip, ListQuery};
pub use row::{Row, case_href};

/// Those who see cases.
pub const READERS: Access = Access::Cases;
/// Those who act on several at once.
const BULK: Access = Access::Acts(&[Action::Assign, Action::Claim]);

/// The routes of this area. They stand before those of one case, whose address is `/cases/{case}`.
pub const ROUTES: &[Route] = &[
    get("/cases", READERS, || web::get().to(list)),
    get("/cases/export.csv", READERS, || web::get().to(export::csv)),
    get("/cases/export.xlsx", READERS, || web::get().to(export::xlsx)),
    post("/cases/bulk", BULK, || web::post().to(bulk::submit)),
    post("/views", READERS, || web::post().to(views::save)),
    post("/views/{view}/rename", READERS, || web::post().to(views::rename)),
    post("/views/{view}/delete", READERS, || web::post().to(views::delete)),
];

/// Lines of a page.
pub const PAGE: usize = 50;

/// A tab over the list.
struct Tab {
    label: String,
    href: String,
    current: bool,
    /// The view's identifier; empty for one that everybody has.
    view: String,
}

/// A column of the table.
struct Column {
    code: &'static str,
    label: &'static str,
    shown: bool,
}

/// A list to choose from in the filter form, with what is chosen.
struct Choice {
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String)>,
    selected: String,
}

#[derive(Template)]
#[template(path = "pages/desk/find/list.html")]
struct ListPage {
    page: Page,
    query: ListQuery,
    tabs: Vec<Tab>,
    chips: Vec<Chip>,
    choices: Vec<Choice>,
    columns: Vec<Column>,
    rows: Vec<Row>,
    note: String,
    summary: String,
    previous: String,
    next: String,
    handlers: Vec<(String, String)>,
    departments: Vec<(String, String)>,
    may_assign: bool,
    may_claim: bool,
    may_register: bool,
    empty_text: bool,
    shown: Shown,
}

impl ListPage {
    fn shows(&self, column: &str) -> bool {
        self.columns.iter().any(|it| it.code == column && it.shown)
    }

    fn direction(&self, column: &str) -> &'static str {
        self.query.direction_of(column)
    }

    fn may_pick(&self) -> bool {
        self.may_assign || self.may_claim
    }

    /// The field of the new name of a view.
    fn view_field(&self, view: &str) -> String {
        format!("view-{view}")
    }

    /// What is wrong with the new name of a view.
    fn view_error(&self, view: &str) -> String {
        self.shown.e(&self.view_field(view))
    }

    /// The keys that the filter form has fields of its own for.
    fn form_keys(&self) -> Vec<&'static str> {
        let days = ["received_from", "received_to", "closed_from", "closed_to"];
        let names = self.choices.iter().map(|it| it.name);
        names.chain(["q"]).chain(days).collect()
    }
}

async fn list(
    app: web::Data<App>,
    signed_in: SignedIn,
    request: HttpRequest,
) -> Result<HttpResponse, PageError> {
    list_page(&app, &signed_in, ListQuery::read(request.query_string()), Shown::default()).await
}

/// The list, with what was refused of what was done on it.
async fn list_page(
    app: &web::Data<App>,
    signed_in: &SignedIn,
    query: ListQuery,
    shown: Shown,
) -> Result<HttpResponse, PageError> {
    let (rules, caller) = (app.rules(), signed_in.caller.clone());
    let today = signed_in.caller.today();
    let asked = query.clone();
    let (found, choices, views) = app
        .run(move |db| {
            let filter = asked.filter(&caller.viewer, &find_cases::pile_days(&rules, today));
            let look = Look { caller: &caller, rules: &rules };
            let (found, choices) = db.read(|conn| -> Result<_, ServiceError> {
                let place = asked.place();
                let found = find_cases::find(conn, look, &[filter], asked.order(), place.as_ref(), PAGE)?;
                Ok((found, find_cases::choices(conn, &caller, asked.agency())?))
            })?;
            Ok((found, choices, save_views::list(db, &caller)?))
        })
        .await?;
    let viewer = &signed_in.caller.viewer;
    // Cases are in the hands of whoever drafts the replies.
    let has_own = viewer.may(Action::SubmitDraft);
    let mut page = Page::new(app, signed_in, "cases");
    page.query = query.value("q").to_owned();
    let conditions = query.conditions();
    let own = [("我承办的", "handler=me&state=open", has_own)];
    let usual = [
        ("在办", "state=open", true),
        ("超期", "pile=overdue", true),
        ("已办结", "state=closed", true),
        ("全部", "state=all", true),
    ];
    let tabs = usual.iter().take(1).chain(&own).chain(usual.iter().skip(1)).filter(|it| it.2);
    let mut tabs: Vec<Tab> = tabs
        .map(|(label, query, _)| Tab {
            label: (*label).to_owned(),
            href: format!("/cases?{query}"),
            current: conditions == *query,
            view: String::new(),
        })
        .collect();
    let text = query.text();
    tabs.extend(views.into_iter().map(|it| Tab {
        label: it.name,
        current: text == it.query,
        href: format!("/cases?{}", it.query),
        view: it.id,
    }));
    let handlers = choices.handlers.iter().map(|it| (it.id.clone(), it.name.clone())).collect();
    let departments = choices.departments.iter().map(|(id, name)| (id.0.to_string(), name.clone())).collect();
    let chosen = query.columns();
    let several = 1 < choices.agencies.len();
    let is_chosen = query.hidden([]).iter().any(|(key, _)| key == "col");
    let columns = query::COLUMNS.iter().filter(|(code, _)| several || *code != "agency");
    let columns = columns.map(|(code, label)| Column {
        code,
        label,
        shown: chosen.contains(code) || (*code == "agency" && several && !is_chosen),
    });
    let list = ListPage {
        page,
        tabs,
        chips: query.chips(&choices),
        choices: filter_choices(&query, &choices, has_own),
        columns: columns.collect(),
        rows: Row::all(&found.cases, viewer, today),
        note: note(&found),
        summary: summary(&found),
        previous: query.page_at(found.previous.as_ref()),
        next: query.page_at(found.next.as_ref()),
        handlers,
        departments,
        may_assign: viewer.may(Action::Assign),
        may_claim: viewer.may(Action::Claim),
        may_register: viewer.may(Action::Register),
        empty_text: query.has_empty_text(),
        shown,
        query,
    };
    show_as(list.shown.status(), &list)
}

/// `1,284`.
pub fn thousands(n: i64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if 0 < i && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count in words; counting stops at [`MAX_COUNT`].
pub fn counted(n: i64) -> String {
    if n < MAX_COUNT { thousands(n) } else { format!("{}+", MAX_COUNT - 1) }
}

fn note(found: &FoundPage) -> String {
    match found.n_total {
        Some(n) if n < MAX_COUNT => format!("符合条件 {} 件", thousands(n)),
        Some(_) => format!("符合条件 {} 件以上", thousands(MAX_COUNT)),
        None => String::new(),
    }
}

fn summary(found: &FoundPage) -> String {
    match (found.cases.len(), found.n_total) {
        (n, Some(total)) if n < PAGE || total < MAX_COUNT => {
            format!("本页 {n} 件，共 {} 件", thousands(total))
        }
        (n, _) => format!("本页 {n} 件"),
    }
}

fn coded<T: Coded>(
    query: &ListQuery,
    name: &'static str,
    label: &'static str,
    values: impl Iterator<Item = T>,
) -> Choice {
    let options = values.map(|it| (it.code().to_owned(), it.label().to_owned())).collect();
    Choice { name, label, options, selected: query.value(name).to_owned() }
}

fn filter_choices(query: &ListQuery, choices: &Choices, is_handler: bool) -> Vec<Choice> {
    let state = query::STATES.iter().map(|(code, label)| ((*code).to_owned(), (*label).to_owned()));
    let mut handlers: Vec<_> = choices.handlers.iter().map(|it| (it.id.clone(), it.name.clone())).collect();
    if is_handler {
        handlers.insert(0, ("me".to_owned(), "我".to_owned()));
    }
    let departments = choices.departments.iter().map(|(id, name)| (id.0.to_string(), name.clone()));
    let agencies = choices.agencies.iter().map(|(id, name)| (id.0.to_string(), name.clone()));
    let choice = |name: &'static str, label, options: Vec<(String, String)>| Choice {
        name,
        label,
        options,
        selected: query.value(name).to_owned(),
    };
    let mut all = vec![
        choice("state", "状态", state.collect()),
        coded(query, "pile", "待办", Pile::ALL.iter().copied()),
        coded(query, "status", "环节", Status::ALL.iter().copied()),
        choice("department", "承办部门", departments.collect()),
        choice("handler", "承办人", handlers),
        coded(query, "channel", "提交方式", Channel::ALL.iter().copied()),
        coded(query, "kind", "申请人类型", ApplicantKind::ALL.iter().copied()),
        coded(query, "outcome", "办理结果", Outcome::ALL.iter().copied()),
    ];
    if 1 < choices.agencies.len() {
        all.push(choice("agency", "机关", agencies.collect()));
    }
    all
}
