//! The address of one's calendar feed: shown once, replaced, or taken away.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::service::ServiceError;
use crate::service::calendar::feed_deadlines::{MAX_CASES, close_feed, open_feed, own_feed};
use crate::web::App;
use crate::web::error::PageError;
use crate::web::form::Posted;
use crate::web::page::{Page, show};
use crate::web::pages::calendar::feed::address;
use crate::web::redirect::see_other;
use crate::web::session::SignedIn;
use crate::web::view::words;

#[derive(Template)]
#[template(path = "pages/access/my_account/feed.html")]
struct FeedPage {
    page: Page,
    /// The address, right after it was made; empty otherwise.
    address: String,
    has_feed: bool,
    created: String,
    fetched: String,
    max_cases: usize,
}

async fn page(app: &App, signed_in: &SignedIn, address: String) -> Result<FeedPage, PageError> {
    let id = signed_in.caller.viewer.user;
    let feed = app.run(move |db| db.read(|conn| own_feed(conn, id))).await?;
    Ok(FeedPage {
        page: Page::new(app, signed_in, "account"),
        address,
        has_feed: feed.is_some(),
        created: feed.as_ref().map(|it| words::kept_instant(it.created_at)).unwrap_or_default(),
        fetched: feed.and_then(|it| it.fetched_at).map(words::kept_instant).unwrap_or_default(),
        max_cases: MAX_CASES,
    })
}

pub(super) async fn look(app: web::Data<App>, signed_in: SignedIn) -> Result<HttpResponse, PageError> {
    show(&page(&app, &signed_in, String::new()).await?)
}

/// Makes a new address and shows it, this once: not after a redirect, for then it would have to be kept.
pub(super) async fn open(
    app: web::Data<App>,
    signed_in: SignedIn,
    _: Posted,
) -> Result<HttpResponse, PageError> {
    let caller = signed_in.caller.clone();
    let token =
        app.run(move |db| db.write(|conn| -> Result<_, ServiceError> { open_feed(conn, &caller) })).await?;
    show(&page(&app, &signed_in, address(&app, &token)).await?)
}

pub(super) async fn close(
    app: web::Data<App>,
    signed_in: SignedIn,
    _: Posted,
) -> Result<HttpResponse, PageError> {
    let caller = signed_in.caller.clone();
    app.run(move |db| db.write(|conn| -> Result<_, ServiceError> { close_feed(conn, &caller) })).await?;
    Ok(see_other("/account/calendar"))
}
