//! Signing in and out, and the second factor.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::service::second_factor;
use crate::service::sign_in::{self, Credentials};
use crate::web::App;
use crate::web::access::{Access, Route, get, post};
use crate::web::error::PageError;
use crate::web::form::{Posted, PublicToken};
use crate::web::page::{BarePage, show};
use crate::web::session::{self, SignedIn};

/// The routes of this area.
pub const ROUTES: &[Route] = &[
    get("/login", Access::Public, || web::get().to(form)),
    post("/login", Access::Public, || web::post().to(submit)),
    get("/login/second-factor", Access::SignedIn, || web::get().to(code_form)),
    post("/login/second-factor", Access::SignedIn, || web::post().to(submit_code)),
    post("/logout", Access::SignedIn, || web::post().to(sign_out)),
];

#[derive(Template)]
#[template(path = "pages/login.html")]
struct LoginPage {
    page: BarePage,
    username: String,
    next: String,
    error: String,
    notice: &'static str,
    second_factor: bool,
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

/// The page `next` of ours: a path, never another host.
fn own_page(next: String) -> String {
    let is_path = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\n', '\r']);
    if is_path && !next.starts_with("/login") && !next.starts_with("/logout") { next } else { "/".to_owned() }
}

fn draw(
    app: &App,
    request: &HttpRequest,
    username: String,
    next: String,
    error: String,
) -> Result<HttpResponse, PageError> {
    let token = PublicToken::new(app, request);
    // Who was on their way somewhere did not come here to sign in, but was sent.
    let notice = if 1 < next.len() && error.is_empty() { "请登录后继续。" } else { "" };
    let is_wrong = !error.is_empty();
    let page = BarePage::new(app, &token.token);
    let mut response = show(&LoginPage { page, username, next, error, notice, second_factor: false })?;
    if is_wrong {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    token.attach(response)
}

async fn form(
    app: web::Data<App>,
    request: HttpRequest,
    query: web::Query<Next>,
) -> Result<HttpResponse, PageError> {
    draw(&app, &request, String::new(), query.into_inner().next, String::new())
}

#[derive(Debug, Deserialize)]
struct LoginForm {
    username: String,
    password: String,
    #[serde(default)]
    next: String,
}

async fn submit(
    app: web::Data<App>,
    request: HttpRequest,
    form: Posted<LoginForm>,
) -> Result<HttpResponse, PageError> {
    let form = form.0;
    app.rates.of_name(&form.username).map_err(PageError)?;
    let user_agent = request.headers().get(header::USER_AGENT).and_then(|it| it.to_str().ok());
    let credentials = Credentials {
        login: form.username.clone(),
        password: form.password,
        ip: app.rates.address(&request).map(|it| it.to_string()).unwrap_or_default(),
        user_agent: user_agent.unwrap_or_default().to_owned(),
    };
    let (limits, now) = (app.settings.login, app.now());
    match app.run_hashing(move |db| sign_in::sign_in(db, &credentials, &limits, now)).await {
        Ok(token) => Ok(HttpResponse::SeeOther()
            .cookie(session::cookie(&app, token))
            .insert_header((header::LOCATION, own_page(form.next)))
            .finish()),
        Err(err) => draw(&app, &request, form.username, form.next, err.refusals()?.to_string()),
    }
}

fn draw_code(app: &App, signed_in: &SignedIn, error: String) -> Result<HttpResponse, PageError> {
    let page = BarePage::new(app, &signed_in.csrf);
    let is_wrong = !error.is_empty();
    let (username, next) = (signed_in.login.clone(), String::new());
    let mut response = show(&LoginPage { page, username, next, error, notice: "", second_factor: true })?;
    if is_wrong {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

async fn code_form(app: web::Data<App>, signed_in: SignedIn) -> Result<HttpResponse, PageError> {
    if signed_in.awaits_second_factor {
        draw_code(&app, &signed_in, String::new())
    } else {
        Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, "/")).finish())
    }
}

#[derive(Debug, Deserialize)]
struct CodeForm {
    #[serde(default)]
    code: String,
}

async fn submit_code(
    app: web::Data<App>,
    signed_in: SignedIn,
    form: Posted<CodeForm>,
) -> Result<HttpResponse, PageError> {
    if signed_in.awaits_second_factor {
        app.rates.of_code(signed_in.caller.viewer.user).map_err(PageError)?;
        let (caller, limits, hash) =
            (signed_in.caller.clone(), app.settings.login, signed_in.token_hash.clone());
        let done =
            app.run(move |db| second_factor::complete(db, &caller, &limits, &hash, &form.0.code)).await;
        match done {
            Ok(()) => {}
            Err(err) => return draw_code(&app, &signed_in, err.refusals()?.to_string()),
        }
    }
    Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, "/")).finish())
}

#[derive(Debug, Deserialize)]
struct Nothing {}

async fn sign_out(
    app: web::Data<App>,
    signed_in: SignedIn,
    _: Posted<Nothing>,
) -> Result<HttpResponse, PageError> {
    app.run(move |db| sign_in::sign_out(db, &signed_in.token_hash)).await?;
    let mut gone = session::cookie(&app, String::new());
    gone.make_removal();
    Ok(HttpResponse::SeeOther().cookie(gone).insert_header((header::LOCATION, "/login")).finish())
}
