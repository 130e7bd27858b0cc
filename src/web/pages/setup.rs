//! The first start: the set-up page that works once.

use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::refusal::Refusals;
use crate::service::set_up::{self, SetUp};
use crate::service::{ServiceError, sign_in};
use crate::storage::Db;
use crate::web::App;
use crate::web::access::{Access, Route, get, post};
use crate::web::error::{PageError, WebError};
use crate::web::form::{Posted, PublicToken, Reader, Shown};
use crate::web::page::{BarePage, show_as};
use crate::web::redirect::see_other;

/// The routes of this area.
pub const ROUTES: &[Route] = &[
    get("/setup", Access::Public, || web::get().to(form)),
    post("/setup", Access::Public, || web::post().to(submit)),
];

/// The token that the server prints while there is no account. Who can read what the server prints is who
/// may set it up; without it the first visitor would be the administrator.
#[derive(Debug)]
pub struct Setup {
    token: String,
    /// Whether an account has been seen. It never goes back, so that no request pays for the question twice.
    is_done: AtomicBool,
}

impl Default for Setup {
    fn default() -> Self {
        let token: String = sign_in::hash_token(&sign_in::random_token()).chars().take(16).collect();
        Self { token, is_done: AtomicBool::new(false) }
    }
}

impl Setup {
    /// Whether there is no account yet. One may be added by the command line at any moment.
    pub(in crate::web) async fn is_needed(&self, app: &App) -> Result<bool, WebError> {
        if self.is_done.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let is_needed = app.run(set_up::is_needed).await?;
        self.is_done.store(!is_needed, Ordering::Relaxed);
        Ok(is_needed)
    }

    /// The token, while it is good for something.
    pub(in crate::web) fn token_if_needed(&self, db: &Db) -> Result<Option<&str>, ServiceError> {
        Ok(set_up::is_needed(db)?.then_some(&self.token))
    }
}

#[derive(Template)]
#[template(path = "pages/setup.html")]
struct SetupPage {
    page: BarePage,
    agencies: Vec<(String, String)>,
    shown: Shown,
}

async fn draw(app: &App, request: &HttpRequest, shown: Shown) -> Result<HttpResponse, PageError> {
    if !app.setup.is_needed(app).await.map_err(PageError)? {
        return Err(PageError(WebError::NotFound));
    }
    let agencies = app.run(set_up::known_agencies).await.map_err(PageError)?;
    let token = PublicToken::new(app, request);
    // The use case says `login` for what this page calls `username`, for browsers know that word.
    let field_of = |fact: &str| match fact {
        "login" => Some("username".to_owned()),
        "agency" if !agencies.is_empty() => Some("agency_code".to_owned()),
        _ => None,
    };
    let shown = shown.renamed(field_of);
    let agencies = agencies.into_iter().map(|it| (it.code, it.name)).collect();
    let page = SetupPage { page: BarePage::new(app, &token.token), agencies, shown };
    token.attach(show_as(page.shown.status(), &page)?)
}

async fn form(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, PageError> {
    draw(&app, &request, Shown::default()).await
}

async fn submit(app: web::Data<App>, request: HttpRequest, form: Posted) -> Result<HttpResponse, PageError> {
    let mut fields = form.0;
    let it = Reader::new(&fields);
    let typed = |name: &str| fields.get(name).to_owned();
    let command = SetUp {
        agency_code: it.plain("agency_code"),
        agency_name: it.text("agency"),
        name: it.text("name"),
        login: it.plain("username"),
        // As they were typed: a password may begin with a blank.
        password: typed("password"),
        password_again: typed("password_again"),
    };
    let given = sign_in::hash_token(&it.plain("token"));
    // No password is sent back.
    fields.remove("password");
    fields.remove("password_again");
    // Hashes are compared, so that how long it takes tells nothing of the token.
    if given != sign_in::hash_token(&app.setup.token) {
        let refused = Refusals::at("token", "启用口令不正确。口令显示在服务启动时的控制台或者日志中");
        return draw(&app, &request, Shown::refused(fields, refused)).await;
    }
    let now = app.now();
    match app.run_hashing(move |db| set_up::set_up(db, now, &command)).await {
        Ok(()) => Ok(see_other("/login")),
        Err(err) => draw(&app, &request, Shown::after(fields, err)?).await,
    }
}
