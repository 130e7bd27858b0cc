//! The calendar feed, as calendar programs fetch it.
//!
//! The secret in the address is the login, so the route is open to everyone. A wrong secret is answered as
//! a page that does not exist.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use sha2::{Digest, Sha256};

use crate::documents::ical::{self, Calendar, Event};
use crate::service::access::hashing::hash_token;
use crate::service::calendar::feed_deadlines::{About, FeedEvent, Told, tell};
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::route::{Access, Route, get};

/// The routes of this area.
pub const ROUTES: &[Route] = &[get("/feeds/{token}.ics", Access::Public, || web::get().to(send))];

/// The address of a feed.
pub fn address(app: &App, token: &str) -> String {
    format!("{}/feeds/{token}.ics", app.settings.server.public_url)
}

async fn send(
    app: web::Data<App>,
    request: HttpRequest,
    token: web::Path<String>,
) -> Result<HttpResponse, PageError> {
    let token = token.into_inner();
    // Every secret has this form; anything else need not be looked for.
    if token.len() != 64 || !token.bytes().all(|it| it.is_ascii_hexdigit()) {
        return Err(PageError(WebError::NotFound));
    }
    app.rates.of_feed(&request, &hash_token(&token)).map_err(PageError)?;
    let (rules, now) = (app.rules(), app.now());
    let told = app.run(move |db| tell(db, &token, &rules, now)).await?;
    let body = draw(&app, &told);
    let digest: String = Sha256::digest(body.as_bytes()).iter().map(|it| format!("{it:02x}")).collect();
    let tag = format!("\"{}\"", &digest[..32]);
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|it| it.to_str().ok());
    let is_known = known.is_some_and(|known| known.split(',').any(|it| is_same(it.trim(), &tag)));
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    let value = HeaderValue::from_str(&tag).map_err(|_| PageError(WebError::BadRequest))?;
    response.insert_header((header::ETAG, value));
    // Kept by the calendar program alone, and asked for anew each time.
    response.insert_header((header::CACHE_CONTROL, "private, no-cache"));
    if is_known {
        return Ok(response.finish());
    }
    response.insert_header((header::CONTENT_TYPE, "text/calendar; charset=utf-8"));
    response.insert_header((header::CONTENT_DISPOSITION, "inline; filename=\"gongkai.ics\""));
    Ok(response.body(body))
}

/// Tags are compared weakly: compression on the way makes a strong one weak.
fn is_same(given: &str, tag: &str) -> bool {
    given == "*" || given.strip_prefix("W/").unwrap_or(given) == tag
}

fn draw(app: &App, told: &Told) -> String {
    let base = &app.settings.server.public_url;
    let event = |it: &FeedEvent| Event {
        uid: it.uid.clone(),
        sequence: it.sequence,
        changed_at: it.changed_at,
        on: it.on,
        is_tentative: it.provisional,
        summary: it.title.clone(),
        description: it.text.clone(),
        url: match it.about {
            About::Case(case) => format!("{base}/cases/{case}"),
            About::Remedy(remedy) => format!("{base}/remedies/{remedy}"),
        },
    };
    let events: Vec<Event> = told.events.iter().map(event).collect();
    let name = format!("政府信息公开期限（{}）", told.owner);
    ical::draw(&Calendar { name: &name, events: &events })
}
