//! One account: what it is, and everything an administrator does with it.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::{PasswordPage, RoleBox, read_roles, role_boxes, state};
use crate::domain::ids::UserId;
use crate::service::access::accounts;
use crate::service::access::accounts::EditAccount;
use crate::service::{Caller, ServiceError};
use crate::storage::Db;
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::form::{Fields, Posted, Reader, Shown};
use crate::web::page::{Page, show, show_as};
use crate::web::redirect::see_other;
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
    departments: Vec<(String, String)>,
    roles: Vec<RoleBox>,
    is_disabled: bool,
    is_locked: bool,
    state: (&'static str, &'static str),
    must_change: bool,
    password_set: String,
    created: String,
    has_second_factor: bool,
    is_own: bool,
    logins: Vec<LoginRow>,
    notice: &'static str,
    shown: Shown,
}

struct LoginRow {
    browser: String,
    ip: String,
    seen: String,
}

fn id_of(path: &str) -> Result<UserId, PageError> {
    path.parse().map_err(|_| PageError(WebError::NotFound))
}

/// The page; what was typed into a form of it stays, and what was not is what is kept.
async fn page(app: &App, signed_in: &SignedIn, id: UserId, mut shown: Shown) -> Result<OnePage, PageError> {
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
    let roles = if shown.fields.has("name") { read_roles(&shown.fields)? } else { account.roles.clone() };
    shown.fill("name", account.name.as_str());
    shown.fill("department", it.department.unwrap_or_default());
    shown.fill("email", mail.address);
    Ok(OnePage {
        page: Page::new(app, signed_in, "admin"),
        id: account.id.to_string(),
        version: account.version,
        title: account.name,
        agency: it.agency.name,
        departments: departments.into_iter().map(|it| (it.clone(), it)).collect(),
        roles: role_boxes(&roles),
        is_disabled: account.is_disabled,
        is_locked: account.locked_until.is_some_and(|it| now < it),
        state: state(account.is_disabled, account.locked_until, now),
        must_change: account.must_change_password,
        password_set: words::instant(account.password_set_at),
        created: words::instant(account.created_at),
        has_second_factor: account.totp_secret.is_some(),
        is_own: account.id == signed_in.caller.viewer.user,
        login: account.login,
        logins: logins
            .into_iter()
            .map(|it| LoginRow {
                browser: words::browser(&it.user_agent),
                ip: it.ip,
                seen: words::kept_instant(it.seen_at),
            })
            .collect(),
        notice: "",
        shown,
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
    let mut page = page(&app, &signed_in, id_of(&path)?, Shown::default()).await?;
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

/// Shows the page again after a change that was not made.
async fn again(
    app: &App,
    signed_in: &SignedIn,
    id: UserId,
    fields: Fields,
    err: WebError,
) -> Result<HttpResponse, PageError> {
    // A refusal of the account as a whole stands where accounts are locked and disabled.
    let shown = Shown::after(fields, err)?.renamed(|it| it.is_empty().then(|| "account".to_owned()));
    // The version is the new one, so that saving again is a choice made with the others' changes on the screen.
    let page = page(app, signed_in, id, shown).await?;
    show_as(page.shown.status(), &page)
}

/// The version of the account that the page showed.
fn version(fields: &Fields) -> Result<i32, PageError> {
    fields.get("version").parse().map_err(|_| PageError(WebError::BadRequest))
}

fn back(path: &str, done: &str) -> HttpResponse {
    let place = format!("/admin/accounts/{path}?done={done}");
    see_other(place)
}

pub(super) async fn edit(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<String>,
    form: Posted,
) -> Result<HttpResponse, PageError> {
    let (id, version) = (id_of(&path)?, version(&form.0)?);
    let it = Reader::new(&form.0);
    let edit = EditAccount {
        name: it.text("name"),
        department: it.optional_text("department"),
        roles: read_roles(&form.0)?,
    };
    let caller = signed_in.caller.clone();
    match app.run(move |db| accounts::edit(db, &caller, id, version, &edit)).await {
        Ok(_) => Ok(back(&path, "edit")),
        Err(err) => again(&app, &signed_in, id, form.0, err).await,
    }
}

pub(super) async fn reset_password(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<String>,
    form: Posted,
) -> Result<HttpResponse, PageError> {
    let id = id_of(&path)?;
    let (caller, version) = (signed_in.caller.clone(), version(&form.0)?);
    if caller.viewer.user == id {
        // It would end the login in which the password is shown.
        return Ok(see_other("/account/password"));
    }
    let done = app.run_hashing(move |db| accounts::reset_password(db, &caller, id, version)).await;
    match done {
        Ok(password) => {
            let it = page(&app, &signed_in, id, Shown::default()).await?;
            show(&PasswordPage {
                page: it.page,
                id: it.id,
                login: it.login,
                name: it.title,
                password,
                is_new: false,
            })
        }
        Err(err) => again(&app, &signed_in, id, Fields::default(), err).await,
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
        Err(err) => again(app, signed_in, id, Fields::default(), err).await,
    }
}

pub(super) async fn disable(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<String>,
    form: Posted,
) -> Result<HttpResponse, PageError> {
    let version = version(&form.0)?;
    run(&app, &signed_in, &path, "disable", move |db, caller, id| {
        accounts::set_disabled(db, caller, id, version, true)
    })
    .await
}

pub(super) async fn enable(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<String>,
    form: Posted,
) -> Result<HttpResponse, PageError> {
    let version = version(&form.0)?;
    run(&app, &signed_in, &path, "enable", move |db, caller, id| {
        accounts::set_disabled(db, caller, id, version, false)
    })
    .await
}

pub(super) async fn unlock(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<String>,
    _: Posted,
) -> Result<HttpResponse, PageError> {
    run(&app, &signed_in, &path, "unlock", accounts::unlock).await
}

pub(super) async fn remove_second_factor(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<String>,
    _: Posted,
) -> Result<HttpResponse, PageError> {
    run(&app, &signed_in, &path, "remove-second-factor", accounts::remove_second_factor).await
}

pub(super) async fn set_email(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<String>,
    form: Posted,
) -> Result<HttpResponse, PageError> {
    let (id, email) = (id_of(&path)?, Reader::new(&form.0).plain("email"));
    let caller = signed_in.caller.clone();
    match app.run(move |db| accounts::set_address(db, &caller, id, &email)).await {
        Ok(()) => Ok(back(&path, "email")),
        Err(err) => again(&app, &signed_in, id, form.0, err).await,
    }
}

pub(super) async fn end_logins(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<String>,
    _: Posted,
) -> Result<HttpResponse, PageError> {
    run(&app, &signed_in, &path, "end-logins", |db, caller, id| {
        accounts::end_logins(db, caller, id).map(|_| ())
    })
    .await
}
