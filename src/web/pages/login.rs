//! Signing in and out.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::service::ServiceError;
use crate::service::sign_in::{self, Credentials};
use crate::web::App;
use crate::web::access::{Access, Route, get, post};
use crate::web::error::{PageError, WebError};
use crate::web::form::Posted;
use crate::web::page::{BarePage, show};
use crate::web::session::{self, SignedIn};

/// The routes of this area.
pub const ROUTES: &[Route] = &[
    get("/login", Access::Public, || web::get().to(form)),
    post("/login", Access::Public, || web::post().to(submit)),
    post("/logout", Access::SignedIn, || web::post().to(sign_out)),
];

/// Attempts to sign in, counted against guessing.
#[derive(Debug, Default)]
pub struct Attempts {}

#[derive(Template)]
#[template(path = "pages/login.html")]
struct LoginPage {
    page: BarePage,
    username: String,
    next: String,
    error: String,
    notice: String,
    second_factor: bool,
}

impl LoginPage {
    fn new(app: &App, username: String, next: String, error: String) -> Self {
        let page = BarePage::new(app);
        Self { page, username, next, error, notice: String::new(), second_factor: false }
    }
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

async fn form(app: web::Data<App>, query: web::Query<Next>) -> Result<HttpResponse, PageError> {
    show(&LoginPage::new(&app, String::new(), query.into_inner().next, String::new()))
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
    let user_agent = request.headers().get(header::USER_AGENT).and_then(|it| it.to_str().ok());
    let credentials = Credentials {
        login: form.username.clone(),
        password: form.password,
        ip: request.peer_addr().map(|it| it.ip().to_string()).unwrap_or_default(),
        user_agent: user_agent.unwrap_or_default().to_owned(),
    };
    let (limits, now) = (app.settings.login, app.now());
    match app.run(move |db| sign_in::sign_in(db, &credentials, &limits, now)).await {
        Ok(token) => {
            // Only to a page of ours: a path, never another host.
            let is_ours = form.next.starts_with('/') && !form.next.starts_with("//");
            let next = if is_ours { form.next } else { "/".to_owned() };
            Ok(HttpResponse::SeeOther()
                .cookie(session::cookie(&app, token))
                .insert_header((header::LOCATION, next))
                .finish())
        }
        Err(WebError::Service(ServiceError::Refused(error))) => {
            let mut response = show(&LoginPage::new(&app, form.username, form.next, error))?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
        Err(err) => Err(PageError(err)),
    }
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
