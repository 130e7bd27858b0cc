//! One's own account: what it is, its password, its second factor, its logins.

mod feed;
mod logins;
mod mail;
mod second_factor;

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::password::{MIN_CHARS, N_REMEMBERED};
use crate::service::access::accounts;
use crate::service::access::accounts::ChangePassword;
use crate::service::calendar::feed_deadlines::own_feed;
use crate::web::App;
use crate::web::error::PageError;
use crate::web::form::{Fields, Posted, Shown};
use crate::web::page::{Page, show, show_as};
use crate::web::redirect::see_other;
use crate::web::route::{Access, Route, get, post};
use crate::web::session::SignedIn;
use crate::web::view::words;

/// The routes of this area.
pub const ROUTES: &[Route] = &[
    get("/account", Access::SignedIn, || web::get().to(overview)),
    get("/account/password", Access::SignedIn, || web::get().to(password_form)),
    post("/account/password", Access::SignedIn, || web::post().to(change_password)),
    get("/account/second-factor", Access::SignedIn, || web::get().to(second_factor::form)),
    post("/account/second-factor", Access::SignedIn, || web::post().to(second_factor::submit)),
    get("/account/mail", Access::SignedIn, || web::get().to(mail::form)),
    post("/account/mail", Access::SignedIn, || web::post().to(mail::submit)),
    get("/account/logins", Access::SignedIn, || web::get().to(logins::list)),
    get("/account/calendar", Access::SignedIn, || web::get().to(feed::look)),
    post("/account/calendar", Access::SignedIn, || web::post().to(feed::open)),
    post("/account/calendar/close", Access::SignedIn, || web::post().to(feed::close)),
    post("/account/logins/end", Access::SignedIn, || web::post().to(logins::end)),
];

/// What has just been done, for the page that says so.
#[derive(Deserialize)]
struct Done {
    #[serde(default)]
    done: String,
}

#[derive(Template)]
#[template(path = "pages/access/my_account/overview.html")]
struct OverviewPage {
    page: Page,
    login: String,
    department: String,
    password_set: String,
    has_second_factor: bool,
    n_logins: usize,
    has_feed: bool,
    email: String,
    notice: &'static str,
}

async fn overview(
    app: web::Data<App>,
    signed_in: SignedIn,
    query: web::Query<Done>,
) -> Result<HttpResponse, PageError> {
    let (id, caller) = (signed_in.caller.viewer.user, signed_in.caller.clone());
    let (it, logins, mail, feed) = app
        .run(move |db| {
            let feed = db.read(|conn| own_feed(conn, id))?;
            let (it, logins) = accounts::look(db, &caller, id)?;
            Ok((it, logins, accounts::mail_choice(db, id)?, feed))
        })
        .await
        .map_err(PageError)?;
    show(&OverviewPage {
        page: Page::new(&app, &signed_in, "account"),
        login: it.account.login,
        department: it.department.unwrap_or_default(),
        password_set: words::instant(it.account.password_set_at),
        has_second_factor: it.account.totp_secret.is_some(),
        n_logins: logins.len(),
        has_feed: feed.is_some(),
        email: mail.address,
        notice: match query.done.as_str() {
            "password" => "密码已经修改，您在其他地方的登录已经全部结束。",
            "mail" => "邮件通知的设置已经保存。",
            "second-factor" => "动态验证码已经启用。下次登录时，输入密码之后还要输入验证器显示的数字。",
            "second-factor-removed" => "动态验证码已经停用。",
            _ => "",
        },
    })
}

#[derive(Template)]
#[template(path = "pages/access/my_account/password.html")]
struct PasswordPage {
    page: Page,
    login: String,
    must_change: bool,
    shown: Shown,
}

impl PasswordPage {
    fn new(app: &App, signed_in: &SignedIn, shown: Shown) -> Self {
        Self {
            page: Page::new(app, signed_in, "account"),
            login: signed_in.login.clone(),
            must_change: signed_in.must_change_password,
            shown,
        }
    }

    fn hint(&self) -> String {
        format!(
            "至少 {MIN_CHARS} 个字符。好记的一句话比难记的符号更安全；不能包含用户名，不能是常见密码，\
             也不能是最近 {N_REMEMBERED} 次用过的。"
        )
    }
}

async fn password_form(app: web::Data<App>, signed_in: SignedIn) -> Result<HttpResponse, PageError> {
    show(&PasswordPage::new(&app, &signed_in, Shown::default()))
}

async fn change_password(
    app: web::Data<App>,
    signed_in: SignedIn,
    form: Posted,
) -> Result<HttpResponse, PageError> {
    let (caller, limits, used) = (signed_in.caller.clone(), app.settings.login, signed_in.token_hash.clone());
    // As they were typed: a password may begin with a blank.
    let typed = |name: &str| form.0.get(name).to_owned();
    let command = ChangePassword { current: typed("current"), new: typed("new"), again: typed("again") };
    let done =
        app.run_hashing(move |db| accounts::change_password(db, &caller, &limits, &used, &command)).await;
    match done {
        Ok(()) => Ok(see_other("/account?done=password")),
        Err(err) => {
            // No password is sent back.
            let shown = Shown::after(Fields::default(), err)?;
            show_as(shown.status(), &PasswordPage::new(&app, &signed_in, shown))
        }
    }
}
