//! Signing in and out, and the second factor.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::service::access::set_second_factor;
use crate::service::access::sign_in;
use crate::service::access::sign_in::Credentials;
use crate::web::App;
use crate::web::bare::BarePage;
use crate::web::error::{PageError, WebError};
use crate::web::form::{Fields, Posted, PublicToken, Reader, Shown};
use crate::web::kept::Kept;
use crate::web::page::show_as;
use crate::web::redirect::see_other;
use crate::web::route::{Access, Route, get, post};
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
    shown: Shown,
    notice: &'static str,
    second_factor: bool,
}

/// The fields that lead on after the login: where to, and what was typed there, as a browser sends it.
fn on_to(kept: Kept) -> Fields {
    [("next", kept.path), ("kept", kept.body)].into_iter().collect()
}

/// The page `next` of ours: a path, never another host.
fn own_page(next: String) -> String {
    let is_path = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\n', '\r']);
    if is_path && !next.starts_with("/login") && !next.starts_with("/logout") { next } else { "/".to_owned() }
}

fn draw(app: &App, request: &HttpRequest, shown: Shown) -> Result<HttpResponse, PageError> {
    let token = PublicToken::new(app, request);
    let notice = match () {
        () if !shown.is_blank() => "",
        () if !shown.v("kept").is_empty() => {
            "登录已经失效，刚才的内容没有提交，但没有丢失。请在本页登录，登录以后接着填写。"
        }
        // Who was on their way somewhere did not come here to sign in, but was sent.
        () if 1 < shown.v("next").len() => "请登录后继续。",
        () => "",
    };
    let page = BarePage::new(app.is_demo, &token.token);
    let page = LoginPage { page, shown, notice, second_factor: false };
    token.attach(show_as(page.shown.status(), &page)?)
}

async fn form(
    app: web::Data<App>,
    request: HttpRequest,
    query: web::Query<Fields>,
) -> Result<HttpResponse, PageError> {
    let to = Kept { path: query.get("next").to_owned(), body: String::new() };
    draw(&app, &request, Shown::blank(on_to(to)))
}

/// The login page in answer to a form whose login has ended, with what was typed into it.
///
/// # Errors
/// Where the template fails.
pub fn ask_again(app: &App, request: &HttpRequest, kept: Kept) -> Result<HttpResponse, PageError> {
    let mut response = draw(app, request, Shown::blank(on_to(kept)))?;
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    Ok(response)
}

async fn submit(app: web::Data<App>, request: HttpRequest, form: Posted) -> Result<HttpResponse, PageError> {
    let mut fields = form.0;
    let login = fields.get("username").to_owned();
    app.rates.of_name(&login).map_err(PageError)?;
    let user_agent = request.headers().get(header::USER_AGENT).and_then(|it| it.to_str().ok());
    let credentials = Credentials {
        login,
        password: fields.get("password").to_owned(),
        ip: app.rates.address(&request).map(|it| it.to_string()).unwrap_or_default(),
        user_agent: user_agent.unwrap_or_default().to_owned(),
    };
    let (limits, now) = (app.settings.login, app.now());
    match app.run_hashing(move |db| sign_in::sign_in(db, &credentials, &limits, now)).await {
        Ok(token) => {
            let mut response = match Kept::new(fields.get("next"), fields.get("kept")) {
                Some(kept) => back_to(&app, session::of_token(&app, token.clone()).await?, kept)?,
                None => see_other(own_page(fields.get("next").to_owned())),
            };
            response.add_cookie(&session::cookie(&app, token)).map_err(|_| WebError::BadRequest)?;
            Ok(response)
        }
        Err(err) => {
            // No password is sent back.
            fields.remove("password");
            draw(&app, &request, Shown::after(fields, err)?)
        }
    }
}

/// On to what was typed, for whoever typed it.
fn back_to(app: &web::Data<App>, signed_in: Option<SignedIn>, kept: Kept) -> Result<HttpResponse, PageError> {
    match signed_in {
        Some(it) if kept.is_of(&it) && it.awaits_second_factor => {
            draw_code(app, &it, Shown::blank(on_to(kept)))
        }
        Some(it) if kept.is_of(&it) => kept.page(app, &it),
        _ => Ok(see_other("/")),
    }
}

fn draw_code(app: &App, signed_in: &SignedIn, shown: Shown) -> Result<HttpResponse, PageError> {
    let page = BarePage::new(app.is_demo, &signed_in.csrf);
    let page = LoginPage { page, shown, notice: "", second_factor: true };
    show_as(page.shown.status(), &page)
}

async fn code_form(app: web::Data<App>, signed_in: SignedIn) -> Result<HttpResponse, PageError> {
    if signed_in.awaits_second_factor {
        draw_code(&app, &signed_in, Shown::default())
    } else {
        Ok(see_other("/"))
    }
}

async fn submit_code(
    app: web::Data<App>,
    signed_in: SignedIn,
    form: Posted,
) -> Result<HttpResponse, PageError> {
    let code = Reader::new(&form.0).plain("code");
    let kept = Kept::new(form.0.get("next"), form.0.get("kept"));
    if signed_in.awaits_second_factor {
        app.rates.of_code(signed_in.caller.viewer.user).map_err(PageError)?;
        let (caller, limits, hash) =
            (signed_in.caller.clone(), app.settings.login, signed_in.token_hash.clone());
        let done = app.run(move |db| set_second_factor::complete(db, &caller, &limits, &hash, &code)).await;
        match done {
            Ok(()) => {}
            Err(err) => {
                // A code serves once and is not sent back.
                let shown = Shown::after(on_to(kept.unwrap_or_default()), err)?;
                return draw_code(&app, &signed_in, shown);
            }
        }
    }
    let signed_in = SignedIn { awaits_second_factor: false, ..signed_in };
    match kept {
        Some(kept) => back_to(&app, Some(signed_in), kept),
        None => Ok(see_other("/")),
    }
}

async fn sign_out(app: web::Data<App>, signed_in: SignedIn, _: Posted) -> Result<HttpResponse, PageError> {
    app.run(move |db| sign_in::sign_out(db, &signed_in.token_hash)).await?;
    let mut gone = session::cookie(&app, String::new());
    gone.make_removal();
    Ok(HttpResponse::SeeOther().cookie(gone).insert_header((header::LOCATION, "/login")).finish())
}
