//! Keeping accounts: the list, and a new one. What is done with one is in [`one`].

mod one;

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::domain::labels::Coded;
use crate::domain::workflow::Role;
use crate::service::access::accounts;
use crate::service::access::accounts::NewAccount;
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::form::{Fields, Posted, Reader, Shown};
use crate::web::page::{Page, show, show_as};
use crate::web::route::{ADMINISTRATORS, Route, get, post};
use crate::web::session::SignedIn;

/// The routes of this area.
pub const ROUTES: &[Route] = &[
    get("/admin/accounts", ADMINISTRATORS, || web::get().to(list)),
    post("/admin/accounts", ADMINISTRATORS, || web::post().to(add)),
    get("/admin/accounts/new", ADMINISTRATORS, || web::get().to(new_form)),
    get("/admin/accounts/{account}", ADMINISTRATORS, || web::get().to(one::form)),
    post("/admin/accounts/{account}", ADMINISTRATORS, || web::post().to(one::edit)),
    post("/admin/accounts/{account}/reset-password", ADMINISTRATORS, || web::post().to(one::reset_password)),
    post("/admin/accounts/{account}/disable", ADMINISTRATORS, || web::post().to(one::disable)),
    post("/admin/accounts/{account}/enable", ADMINISTRATORS, || web::post().to(one::enable)),
    post("/admin/accounts/{account}/unlock", ADMINISTRATORS, || web::post().to(one::unlock)),
    post("/admin/accounts/{account}/remove-second-factor", ADMINISTRATORS, || {
        web::post().to(one::remove_second_factor)
    }),
    post("/admin/accounts/{account}/email", ADMINISTRATORS, || web::post().to(one::set_email)),
    post("/admin/accounts/{account}/end-logins", ADMINISTRATORS, || web::post().to(one::end_logins)),
];

/// What a role is for, beside its box.
fn role_note(role: Role) -> &'static str {
    match role {
        Role::Clerk => "登记申请、派办、送达；看本机关全部申请",
        Role::Handler => "办理本部门和自己名下的申请，起草答复",
        Role::LegalAdviser => "审核答复稿；看已提交审核的申请",
        Role::Approver => "签发答复，批准延期；看本机关全部申请",
        Role::Manager => "督办、派办，统计年报；看本机关和下级机关的申请",
        Role::Administrator => "账号、机关、设置；不看申请",
        Role::Auditor => "只读全部申请和操作日志，不能兼任其他职责",
    }
}

/// A box of the form.
struct RoleBox {
    code: &'static str,
    label: &'static str,
    note: &'static str,
    checked: bool,
}

fn role_boxes(chosen: &[Role]) -> Vec<RoleBox> {
    let boxes = Role::ALL.iter().map(|it| RoleBox {
        code: it.code(),
        label: it.label(),
        note: role_note(*it),
        checked: chosen.contains(it),
    });
    boxes.collect()
}

/// The roles of a form. A code that is no role was not made by our page.
fn read_roles(fields: &Fields) -> Result<Vec<Role>, PageError> {
    fields.all("roles").map(|it| Role::from_code(it).map_err(|_| PageError(WebError::BadRequest))).collect()
}

fn labels(roles: &[Role]) -> String {
    roles.iter().map(|it| it.label()).collect::<Vec<_>>().join("、")
}

/// The state of an account: a word, and its tone.
fn state(
    is_disabled: bool,
    locked_until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> (&'static str, &'static str) {
    match (is_disabled, locked_until) {
        (true, _) => ("已停用", ""),
        (false, Some(until)) if now < until => ("已锁定", "red"),
        (false, _) => ("", ""),
    }
}

#[derive(Template)]
#[template(path = "pages/access/accounts/list.html")]
struct ListPage {
    page: Page,
    query: String,
    n_all: usize,
    rows: Vec<Row>,
    has_agencies: bool,
}

struct Row {
    id: String,
    login: String,
    name: String,
    agency: String,
    department: String,
    roles: String,
    state: (&'static str, &'static str),
    must_change: bool,
    has_second_factor: bool,
}

#[derive(Deserialize)]
struct Search {
    #[serde(default)]
    q: String,
}

async fn list(
    app: web::Data<App>,
    signed_in: SignedIn,
    search: web::Query<Search>,
) -> Result<HttpResponse, PageError> {
    let caller = signed_in.caller.clone();
    let listed = app.run(move |db| accounts::list(db, &caller)).await.map_err(PageError)?;
    let (now, query) = (app.now(), search.into_inner().q);
    let n_all = listed.len();
    let has_agencies = listed.iter().any(|it| it.agency.agency_id() != signed_in.caller.viewer.agency);
    let wanted = query.trim().to_lowercase();
    let rows = listed.into_iter().map(|it| Row {
        id: it.account.id.to_string(),
        roles: labels(&it.account.roles),
        state: state(it.account.is_disabled, it.account.locked_until, now),
        must_change: it.account.must_change_password,
        has_second_factor: it.account.totp_secret.is_some(),
        login: it.account.login,
        name: it.account.name,
        agency: it.agency.name,
        department: it.department.unwrap_or_default(),
    });
    let fits = |it: &Row| {
        [&it.login, &it.name, &it.agency, &it.department, &it.roles]
            .iter()
            .any(|text| text.to_lowercase().contains(&wanted))
    };
    let rows = rows.filter(fits).collect();
    show(&ListPage { page: Page::new(&app, &signed_in, "admin"), query, n_all, rows, has_agencies })
}

#[derive(Template)]
#[template(path = "pages/access/accounts/new.html")]
struct NewPage {
    page: Page,
    agencies: Vec<(String, String)>,
    agency: String,
    departments: Vec<(String, String)>,
    roles: Vec<RoleBox>,
    shown: Shown,
}

async fn draw_new(app: &App, signed_in: &SignedIn, shown: Shown) -> Result<HttpResponse, PageError> {
    let caller = signed_in.caller.clone();
    let places = app.run(move |db| accounts::places(db, &caller)).await.map_err(PageError)?;
    let agency = match shown.v("agency") {
        "" => signed_in.agency_code.clone(),
        code => code.to_owned(),
    };
    let found = places.iter().find(|(it, _)| it.code == agency);
    let departments = found.map(|(_, names)| names.clone()).unwrap_or_default();
    let page = NewPage {
        page: Page::new(app, signed_in, "admin"),
        agencies: places.into_iter().map(|(it, _)| (it.code, it.name)).collect(),
        agency,
        departments: departments.into_iter().map(|it| (it.clone(), it)).collect(),
        roles: role_boxes(&read_roles(&shown.fields)?),
        shown,
    };
    show_as(page.shown.status(), &page)
}

async fn new_form(
    app: web::Data<App>,
    signed_in: SignedIn,
    query: web::Query<Fields>,
) -> Result<HttpResponse, PageError> {
    draw_new(&app, &signed_in, Shown::blank(query.into_inner())).await
}

#[derive(Template)]
#[template(path = "pages/access/accounts/password.html")]
struct PasswordPage {
    page: Page,
    id: String,
    login: String,
    name: String,
    password: String,
    is_new: bool,
}

async fn add(app: web::Data<App>, signed_in: SignedIn, form: Posted) -> Result<HttpResponse, PageError> {
    let it = Reader::new(&form.0);
    let new = NewAccount {
        login: it.plain("login"),
        name: it.text("name"),
        agency: it.text("agency"),
        department: it.optional_text("department"),
        roles: read_roles(&form.0)?,
    };
    let caller = signed_in.caller.clone();
    match app.run_hashing(move |db| accounts::add(db, &caller, &new)).await {
        // Shown here and now and never again; sending the form again is refused, for the name is taken.
        Ok((account, password)) => show(&PasswordPage {
            page: Page::new(&app, &signed_in, "admin"),
            id: account.id.to_string(),
            login: account.login,
            name: account.name,
            password,
            is_new: true,
        }),
        Err(err) => draw_new(&app, &signed_in, Shown::after(form.0, err)?).await,
    }
}
