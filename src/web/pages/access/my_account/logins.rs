//! The places where one is signed in.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::service::access::accounts;
use crate::web::App;
use crate::web::error::PageError;
use crate::web::form::{Posted, Reader};
use crate::web::page::{Page, show};
use crate::web::redirect::see_other;
use crate::web::session::SignedIn;
use crate::web::view::words;

#[derive(Template)]
#[template(path = "pages/access/my_account/logins.html")]
struct LoginsPage {
    page: Page,
    logins: Vec<LoginRow>,
    idle_minutes: u32,
    absolute_hours: u32,
}

struct LoginRow {
    /// The hash of the token: it opens nothing, and only its owner sees it.
    id: String,
    browser: String,
    ip: String,
    began: String,
    seen: String,
    is_this: bool,
}

pub(super) async fn list(app: web::Data<App>, signed_in: SignedIn) -> Result<HttpResponse, PageError> {
    let id = signed_in.caller.viewer.user;
    let logins = app.run(move |db| accounts::own_logins(db, id)).await.map_err(PageError)?;
    let rows = logins.into_iter().map(|it| LoginRow {
        is_this: it.token_hash == signed_in.token_hash,
        id: it.token_hash,
        browser: words::browser(&it.user_agent),
        ip: it.ip,
        began: words::kept_instant(it.created_at),
        seen: words::kept_instant(it.seen_at),
    });
    show(&LoginsPage {
        page: Page::new(&app, &signed_in, "account"),
        logins: rows.collect(),
        idle_minutes: app.settings.login.idle_minutes,
        absolute_hours: app.settings.login.absolute_hours,
    })
}

pub(super) async fn end(
    app: web::Data<App>,
    signed_in: SignedIn,
    form: Posted,
) -> Result<HttpResponse, PageError> {
    let (caller, used) = (signed_in.caller.clone(), signed_in.token_hash.clone());
    // Which one; none for all others.
    let other = Reader::new(&form.0).optional_text("login");
    app.run(move |db| accounts::end_own_logins(db, &caller, &used, other.as_deref()))
        .await
        .map_err(PageError)?;
    Ok(see_other("/account/logins"))
}
