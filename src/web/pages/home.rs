//! The workbench: what this person must do.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::web::App;
use crate::web::access::{Access, Route, get};
use crate::web::error::PageError;
use crate::web::page::{Page, show};
use crate::web::session::SignedIn;

/// The routes of this area.
pub const ROUTES: &[Route] = &[get("/", Access::SignedIn, || web::get().to(home))];

#[derive(Template)]
#[template(path = "pages/home.html")]
struct HomePage {
    page: Page,
}

async fn home(app: web::Data<App>, signed_in: SignedIn) -> Result<HttpResponse, PageError> {
    show(&HomePage { page: Page::new(&app, &signed_in, "home") })
}
