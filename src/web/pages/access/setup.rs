//! The first start: the set-up page that works once.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::refusal::Refusals;
use crate::service::access::set_up;
use crate::service::access::set_up::SetUp;
use crate::web::App;
use crate::web::bare::BarePage;
use crate::web::error::{PageError, WebError};
use crate::web::form::{Posted, PublicToken, Reader, Shown};
use crate::web::page::show_as;
use crate::web::redirect::see_other;
use crate::web::route::{Access, Route, get, post};

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
    shown: Shown,
}

async fn draw(app: &App, request: &HttpRequest, shown: Shown) -> Result<HttpResponse, PageError> {
    if !app.has_no_account().await? {
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
    let page = SetupPage { page: BarePage::new(app.is_demo, &token.token), agencies, shown };
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
    let token = it.plain("token");
    // No password is sent back.
    fields.remove("password");
    fields.remove("password_again");
    if !app.first_start.is_token(&token) {
        let refused = Refusals::at("token", "启用口令不正确。口令显示在服务启动时的控制台或者日志中");
        return draw(&app, &request, Shown::refused(fields, refused)).await;
    }
    let now = app.now();
    match app.run_hashing(move |db| set_up::set_up(db, now, &command)).await {
        Ok(()) => Ok(see_other("/login")),
        Err(err) => draw(&app, &request, Shown::after(fields, err)?).await,
    }
}
