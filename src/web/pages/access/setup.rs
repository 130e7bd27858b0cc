//! The first start: the set-up page that works once.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::refusal::Refusal;
use crate::service::access::set_up;
use crate::service::access::set_up::SetUp;
use crate::web::App;
use crate::web::access::{Access, Route, get, post};
use crate::web::bare::BarePage;
use crate::web::error::{PageError, WebError};
use crate::web::form::{Posted, PublicToken};
use crate::web::page::show;

/// The routes of this area.
pub const ROUTES: &[Route] = &[
    get("/setup", Access::Public, || web::get().to(form)),
    post("/setup", Access::Public, || web::post().to(submit)),
];

#[derive(Template)]
#[template(path = "pages/access/setup.html")]
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
    if !app.has_no_account().await? {
        return Err(PageError(WebError::NotFound));
    }
    let agencies = app.run(set_up::known_agencies).await.map_err(PageError)?;
    let token = PublicToken::new(app, request);
    let mut page = SetupPage {
        page: BarePage::new(app.is_demo, &token.token),
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
    if !app.first_start.is_token(form.token.trim()) {
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
