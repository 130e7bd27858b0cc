//! Signing in and out, and the second factor.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::service::access::set_second_factor;
use crate::service::access::sign_in;
use crate::service::access::sign_in::Credentials;
use crate::web::App;
use crate::web::access::{Access, Route, get, post};
use crate::web::bare::BarePage;
use crate::web::error::{PageError, WebError};
use crate::web::form::{Posted, PublicToken};
use crate::web::kept::Kept;
use crate::web::page::show;
use crate::web::pages::case::see_other;
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
#[template(path = "pages/access/login.html")]
struct LoginPage {
    page: BarePage,
    username: String,
    next: String,
    error: String,
    notice: &'static str,
    /// What was typed into the form at `next`, as a browser sends it.
    kept: String,
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
    Kept { path: next, body: kept }: Kept,
    error: String,
) -> Result<HttpResponse, PageError> {
    let token = PublicToken::new(app, request);
    let notice = match () {
        () if !error.is_empty() => "",
        () if !kept.is_empty() => {
            "登录已经失效，刚才的内容没有提交，但没有丢失。请在本页登录，登录以后接着填写。"
        }
        // Who was on their way somewhere did not come here to sign in, but was sent.
        () if 1 < next.len() => "请登录后继续。",
        () => "",
    };
    let is_wrong = !error.is_empty();
    let page = BarePage::new(app.is_demo, &token.token);
    let mut response = show(&LoginPage { page, username, next, error, notice, kept, second_factor: false })?;
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
    let to = Kept { path: query.into_inner().next, body: String::new() };
    draw(&app, &request, String::new(), to, String::new())
}

/// The login page in answer to a form whose login has ended, with what was typed into it.
///
/// # Errors
/// Where the template fails.
pub fn ask_again(app: &App, request: &HttpRequest, kept: Kept) -> Result<HttpResponse, PageError> {
    let mut response = draw(app, request, String::new(), kept, String::new())?;
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    Ok(response)
}

#[derive(Debug, Deserialize)]
struct LoginForm {
    username: String,
    password: String,
    #[serde(default)]
    next: String,
    #[serde(default)]
    kept: String,
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
        Ok(token) => {
            let mut response = match Kept::new(&form.next, &form.kept) {
                Some(kept) => back_to(&app, session::of_token(&app, token.clone()).await?, kept)?,
                None => see_other(own_page(form.next)),
            };
            response.add_cookie(&session::cookie(&app, token)).map_err(|_| WebError::BadRequest)?;
            Ok(response)
        }
        Err(err) => {
            let kept = Kept { path: form.next, body: form.kept };
            draw(&app, &request, form.username, kept, err.refusals()?.to_string())
        }
    }
}

/// On to what was typed, for whoever typed it.
fn back_to(app: &web::Data<App>, signed_in: Option<SignedIn>, kept: Kept) -> Result<HttpResponse, PageError> {
    match signed_in {
        Some(it) if kept.is_of(&it) && it.awaits_second_factor => draw_code(app, &it, kept, String::new()),
        Some(it) if kept.is_of(&it) => kept.page(app, &it),
        _ => Ok(see_other("/".to_owned())),
    }
}

fn draw_code(app: &App, signed_in: &SignedIn, kept: Kept, error: String) -> Result<HttpResponse, PageError> {
    let page = BarePage::new(app.is_demo, &signed_in.csrf);
    let is_wrong = !error.is_empty();
    let (username, Kept { path: next, body: kept }) = (signed_in.login.clone(), kept);
    let mut response =
        show(&LoginPage { page, username, next, error, notice: "", kept, second_factor: true })?;
    if is_wrong {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

async fn code_form(app: web::Data<App>, signed_in: SignedIn) -> Result<HttpResponse, PageError> {
    if signed_in.awaits_second_factor {
        draw_code(&app, &signed_in, Kept::default(), String::new())
    } else {
        Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, "/")).finish())
    }
}

#[derive(Debug, Deserialize)]
struct CodeForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
    #[serde(default)]
    kept: String,
}

async fn submit_code(
    app: web::Data<App>,
    signed_in: SignedIn,
    form: Posted<CodeForm>,
) -> Result<HttpResponse, PageError> {
    let CodeForm { code, next, kept } = form.0;
    let kept = Kept::new(&next, &kept);
    if signed_in.awaits_second_factor {
        app.rates.of_code(signed_in.caller.viewer.user).map_err(PageError)?;
        let (caller, limits, hash) =
            (signed_in.caller.clone(), app.settings.login, signed_in.token_hash.clone());
        let done = app.run(move |db| set_second_factor::complete(db, &caller, &limits, &hash, &code)).await;
        match done {
            Ok(()) => {}
            Err(err) => {
                let error = err.refusals()?.to_string();
                return draw_code(&app, &signed_in, kept.unwrap_or_default(), error);
            }
        }
    }
    let signed_in = SignedIn { awaits_second_factor: false, ..signed_in };
    match kept {
        Some(kept) => back_to(&app, Some(signed_in), kept),
        None => Ok(see_other("/".to_owned())),
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
