//! The first start: the set-up page that works once.

use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::refusal::Refusal;
use crate::service::set_up::{self, SetUp};
use crate::service::{ServiceError, sign_in};
use crate::storage::Db;
use crate::web::App;
use crate::web::access::{Access, Route, get, post};
use crate::web::error::{PageError, WebError};
use crate::web::form::{Posted, PublicToken};
use crate::web::page::{BarePage, show};

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
    form: SetupForm,
    errors: Vec<(String, String)>,
}

impl SetupPage {
    fn error(&self, field: &str) -> String {
        let found = self.errors.iter().find(|(name, _)| *name == field);
        found.map(|(_, message)| message.clone()).unwrap_or_default()
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
struct SetupForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    agency_code: String,
    #[serde(default)]
    agency: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    password_again: String,
}

async fn draw(
    app: &App,
    request: &HttpRequest,
    form: SetupForm,
    refusals: Vec<Refusal>,
) -> Result<HttpResponse, PageError> {
    if !app.setup.is_needed(app).await.map_err(PageError)? {
        return Err(PageError(WebError::NotFound));
    }
    let agencies = app.run(set_up::known_agencies).await.map_err(PageError)?;
    let token = PublicToken::new(app, request);
    let mut page = SetupPage {
        page: BarePage::new(app, &token.token),
        agencies: agencies.into_iter().map(|it| (it.code, it.name)).collect(),
        form,
        errors: Vec::new(),
    };
    for it in refusals {
        // The use case says `login` for what this page calls `username`, for browsers know that word.
        let field = if it.field == "login" { "username" } else { &*it.field };
        let field = if field == "agency" && !page.agencies.is_empty() { "agency_code" } else { field };
        page.errors.push((field.to_owned(), it.message));
    }
    let mut response = show(&page)?;
    if !page.errors.is_empty() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    token.attach(response)
}

async fn form(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, PageError> {
    draw(&app, &request, SetupForm::default(), Vec::new()).await
}

async fn submit(
    app: web::Data<App>,
    request: HttpRequest,
    form: Posted<SetupForm>,
) -> Result<HttpResponse, PageError> {
    let form = form.0;
    let given = sign_in::hash_token(form.token.trim());
    // Hashes are compared, so that how long it takes tells nothing of the token.
    if given != sign_in::hash_token(&app.setup.token) {
        let message = "启用口令不正确。口令显示在服务启动时的控制台或者日志中".to_owned();
        return draw(&app, &request, form, vec![Refusal::at("token", message)]).await;
    }
    let command = SetUp {
        agency_code: form.agency_code.clone(),
        agency_name: form.agency.clone(),
        name: form.name.clone(),
        login: form.username.clone(),
        password: form.password.clone(),
        password_again: form.password_again.clone(),
    };
    let now = app.now();
    match app.run_hashing(move |db| set_up::set_up(db, now, &command)).await {
        Ok(()) => Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, "/login")).finish()),
        Err(err) => draw(&app, &request, form, err.refusals()?.into_iter().collect()).await,
    }
}
