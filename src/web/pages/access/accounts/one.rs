//! One account: what it is, and everything an administrator does with it.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::{PasswordPage, RoleBox, error_of, read_roles, role_boxes, state};
use crate::domain::ids::UserId;
use crate::domain::refusal::Refusals;
use crate::service::access::accounts;
use crate::service::access::accounts::EditAccount;
use crate::service::{Caller, ServiceError};
use crate::storage::Db;
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::form::Posted;
use crate::web::page::{Page, show};
use crate::web::session::SignedIn;
use crate::web::view::words;

#[derive(Template)]
#[template(path = "pages/access/accounts/one.html")]
struct OnePage {
    page: Page,
    id: String,
    version: i32,
    login: String,
    title: String,
    agency: String,
    name: String,
    department: String,
    departments: Vec<(String, String)>,
    roles: Vec<RoleBox>,
    is_disabled: bool,
    is_locked: bool,
    state: (&'static str, &'static str),
    must_change: bool,
    email: String,
    password_set: String,
    created: String,
    has_second_factor: bool,
    is_own: bool,
    logins: Vec<LoginRow>,
    notice: &'static str,
    stale: bool,
    errors: Vec<(String, String)>,
}

struct LoginRow {
    browser: String,
    ip: String,
    seen: String,
}

impl OnePage {
    fn error(&self, field: &str) -> String {
        error_of(&self.errors, field)
    }
}

fn id_of(path: &str) -> Result<UserId, PageError> {
    path.parse().map_err(|_| PageError(WebError::NotFound))
}

async fn page(app: &App, signed_in: &SignedIn, id: UserId) -> Result<OnePage, PageError> {
    let (caller, now) = (signed_in.caller.clone(), app.now());
    let (it, logins, places, mail) = app
        .run(move |db| {
            let (it, logins) = accounts::look(db, &caller, id)?;
            Ok((it, logins, accounts::places(db, &caller)?, accounts::mail_choice(db, id)?))
        })
        .await
        .map_err(PageError)?;
    let own = places.into_iter().find(|(agency, _)| agency.id == it.agency.id);
    let departments = own.map(|(_, names)| names).unwrap_or_default();
    let account = it.account;
    Ok(OnePage {
        page: Page::new(app, signed_in, "admin"),
        id: account.id.to_string(),
        version: account.version,
        title: account.name.clone(),
        agency: it.agency.name,
        department: it.department.unwrap_or_default(),
        departments: departments.into_iter().map(|it| (it.clone(), it)).collect(),
        roles: role_boxes(&account.roles),
        is_disabled: account.is_disabled,
        is_locked: account.locked_until.is_some_and(|it| now < it),
        state: state(account.is_disabled, account.locked_until, now),
        must_change: account.must_change_password,
        email: mail.address,
        password_set: words::instant(account.password_set_at),
        created: words::instant(account.created_at),
        has_second_factor: account.totp_secret.is_some(),
        is_own: account.id == signed_in.caller.viewer.user,
        login: account.login,
        name: account.name,
        logins: logins
            .into_iter()
            .map(|it| LoginRow {
                browser: words::browser(&it.user_agent),
                ip: it.ip,
                seen: words::kept_instant(it.seen_at),
            })
            .collect(),
        notice: "",
        stale: false,
        errors: Vec::new(),
    })
}

#[derive(Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    done: String,
}

pub(super) async fn form(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<String>,
    query: web::Query<Done>,
) -> Result<HttpResponse, PageError> {
    let mut page = page(&app, &signed_in, id_of(&path)?).await?;
    page.notice = match query.done.as_str() {
        "edit" => "修改已经保存。",
        "disable" => "账号已经停用，登录已经结束。",
        "enable" => "账号已经启用。",
        "unlock" => "账号已经解除锁定。",
        "remove-second-factor" => "动态验证码已经解除，登录已经结束。",
        "end-logins" => "登录已经全部结束。",
        "email" => "电子邮箱已经保存。",
        _ => "",
    };
    show(&page)
}

#[derive(Debug, Deserialize)]
pub(super) struct EditForm {
    version: i32,
    #[serde(default)]
    name: String,
    #[serde(default)]
    department: String,
    #[serde(default)]
    roles: Vec<String>,
}

/// What keeps a change from being made, where the page can say so itself.
enum Hindrance {
    Refused(Refusals),
    Stale,
}

fn hindrance(err: WebError) -> Result<Hindrance, PageError> {
    if err.is_stale() { Ok(Hindrance::Stale) } else { Ok(Hindrance::Refused(err.refusals()?)) }
}

fn show_hindered(mut page: OnePage, hindrance: Hindrance) -> Result<HttpResponse, PageError> {
    let status = match hindrance {
        Hindrance::Refused(refusals) => {
            page.errors = refusals.into_iter().map(|it| (it.field.into_owned(), it.message)).collect();
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Hindrance::Stale => {
            page.stale = true;
            StatusCode::CONFLICT
        }
    };
    let mut response = show(&page)?;
    *response.status_mut() = status;
    Ok(response)
}

fn back(path: &str, done: &str) -> HttpResponse {
    let place = format!("/admin/accounts/{path}?done={done}");
    HttpResponse::SeeOther().insert_header((header::LOCATION, place)).finish()
}

pub(super) async fn edit(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<String>,
    form: Posted<EditForm>,
) -> Result<HttpResponse, PageError> {
    let id = id_of(&path)?;
    let form = form.0;
    let roles = read_roles(&form.roles)?;
    let edit = EditAccount {
        name: form.name.clone(),
        department: Some(form.department.clone()),
        roles: roles.clone(),
    };
    let (caller, version) = (signed_in.caller.clone(), form.version);
    match app.run(move |db| accounts::edit(db, &caller, id, version, &edit)).await {
        Ok(_) => Ok(back(&path, "edit")),
        Err(err) => {
            let hindrance = hindrance(err)?;
            let mut page = page(&app, &signed_in, id).await?;
            // What was typed is kept; the version is the new one, so that saving again is a choice made
            // with the others' changes on the screen.
            page.name = form.name;
            page.department = form.department;
            page.roles = role_boxes(&roles);
            show_hindered(page, hindrance)
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct VersionForm {
    version: i32,
}

#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn reset_password(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<String>,
    form: Posted<VersionForm>,
) -> Result<HttpResponse, PageError> {
    let id = id_of(&path)?;
    let (caller, version) = (signed_in.caller.clone(), form.0.version);
    if caller.viewer.user == id {
        // It would end the login in which the password is shown.
        let place = HttpResponse::SeeOther().insert_header((header::LOCATION, "/account/password")).finish();
        return Ok(place);
    }
    let done = app.run_hashing(move |db| accounts::reset_password(db, &caller, id, version)).await;
    match done {
        Ok(password) => {
            let it = page(&app, &signed_in, id).await?;
            show(&PasswordPage {
                page: it.page,
                id: it.id,
                login: it.login,
                name: it.name,
                password,
                is_new: false,
            })
        }
        Err(err) => {
            let hindrance = hindrance(err)?;
            show_hindered(page(&app, &signed_in, id).await?, hindrance)
        }
    }
}

/// Runs a change that has no fields of its own, and goes back to the page.
async fn run(
    app: &App,
    signed_in: &SignedIn,
    path: &str,
    done: &str,
    f: impl FnOnce(&Db, &Caller, UserId) -> Result<(), ServiceError> + Send + 'static,
) -> Result<HttpResponse, PageError> {
    let id = id_of(path)?;
    let caller = signed_in.caller.clone();
    match app.run(move |db| f(db, &caller, id)).await {
        Ok(()) => Ok(back(path, done)),
        Err(err) => {
            let hindrance = hindrance(err)?;
            show_hindered(page(app, signed_in, id).await?, hindrance)
        }
    }
}

pub(super) async fn disable(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<String>,
    form: Posted<VersionForm>,
) -> Result<HttpResponse, PageError> {
    run(&app, &signed_in, &path, "disable", move |db, caller, id| {
        accounts::set_disabled(db, caller, id, form.0.version, true)
    })
    .await
}

pub(super) async fn enable(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<String>,
    form: Posted<VersionForm>,
) -> Result<HttpResponse, PageError> {
    run(&app, &signed_in, &path, "enable", move |db, caller, id| {
        accounts::set_disabled(db, caller, id, form.0.version, false)
    })
    .await
}

pub(super) async fn unlock(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<String>,
    _: Posted<Nothing>,
) -> Result<HttpResponse, PageError> {
    run(&app, &signed_in, &path, "unlock", accounts::unlock).await
}

pub(super) async fn remove_second_factor(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<String>,
    _: Posted<Nothing>,
) -> Result<HttpResponse, PageError> {
    run(&app, &signed_in, &path, "remove-second-factor", accounts::remove_second_factor).await
}

#[derive(Debug, Deserialize)]
pub(super) struct EmailForm {
    #[serde(default)]
    email: String,
}

pub(super) async fn set_email(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<String>,
    form: Posted<EmailForm>,
) -> Result<HttpResponse, PageError> {
    let id = id_of(&path)?;
    let (caller, typed) = (signed_in.caller.clone(), form.0.email);
    let email = typed.clone();
    match app.run(move |db| accounts::set_address(db, &caller, id, &email)).await {
        Ok(()) => Ok(back(&path, "email")),
        Err(err) => {
            let hindrance = hindrance(err)?;
            let page = OnePage { email: typed, ..page(&app, &signed_in, id).await? };
            show_hindered(page, hindrance)
        }
    }
}

pub(super) async fn end_logins(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<String>,
    _: Posted<Nothing>,
) -> Result<HttpResponse, PageError> {
    run(&app, &signed_in, &path, "end-logins", |db, caller, id| {
        accounts::end_logins(db, caller, id).map(|_| ())
    })
    .await
}
