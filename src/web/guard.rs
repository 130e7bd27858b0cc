//! Every route there is, and the guard before them.
//!
//! A route that is not in a list does not exist. The guard runs before any handler: login, role, and for every
//! change that the request comes from our own pages. The token against forged forms is checked by
//! [`crate::web::form::Posted`].

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse, ResponseError, web};

use crate::web::error::{AROUND, Around, PageError, WebError};
use crate::web::kept::Kept;
use crate::web::redirect::see_other;
use crate::web::route::{Access, Route};
use crate::web::session::{self, SignedIn};
use crate::web::{App, pages};

/// Every route there is.
pub fn routes() -> Vec<Route> {
    pages::ROUTES.iter().flat_map(|it| it.iter().copied()).collect()
}

/// Mounts every route.
pub fn mount(config: &mut web::ServiceConfig) {
    let routes = routes();
    let mut mounted: Vec<&str> = Vec::new();
    for route in &routes {
        if mounted.contains(&route.path) {
            continue;
        }
        mounted.push(route.path);
        // One resource per path, so that a wrong method is answered 405 and not 404.
        let mut resource = web::resource(route.path);
        for it in routes.iter().filter(|it| it.path == route.path) {
            resource = resource.route((it.handler)().method(method(it.method)));
        }
        config.service(resource);
    }
    config.default_service(web::to(|| async { Err::<HttpResponse, _>(PageError(WebError::NotFound)) }));
}

fn method(name: &str) -> Method {
    if name == "POST" { Method::POST } else { Method::GET }
}

/// The policy of a request; none where the router has no such route.
fn policy(app: &App, request: &ServiceRequest) -> Option<Access> {
    let pattern = request.match_pattern()?;
    let method = if request.method() == Method::POST { "POST" } else { "GET" };
    app.doors.access(method, &pattern)
}

/// What becomes of a request before its handler.
enum Verdict {
    /// The handler answers.
    Pass,
    /// It is answered here.
    Answer(HttpResponse),
}

/// Lets a request through to its handler, or answers it here.
///
/// # Errors
/// What the handler's middleware fails with; refusals are answers.
pub async fn guard(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    // Who asks for the head of a page is answered as for the page; the server itself leaves out the body.
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let verdict = judge(&request).await;
    let around = around(&request);
    let is_personal = match verdict {
        Ok(Verdict::Answer(response)) => return Ok(request.into_response(response).map_into_boxed_body()),
        Ok(Verdict::Pass) => request.extensions().contains::<SignedIn>(),
        Err(err) => {
            let kept = match err {
                PageError(WebError::SignedOut) => keep_typed(&mut request).await,
                _ => None,
            };
            let response = kept.unwrap_or_else(|| AROUND.sync_scope(around, || err.error_response()));
            return Ok(request.into_response(response).map_into_boxed_body());
        }
    };
    let mut response = AROUND.scope(around, next.call(request)).await?.map_into_boxed_body();
    // What a person saw is not for whoever presses "back" after them.
    if is_personal && !response.headers().contains_key(header::CACHE_CONTROL) {
        let value = header::HeaderValue::from_static("no-store");
        response.headers_mut().insert(header::CACHE_CONTROL, value);
    }
    Ok(response)
}

/// The login page that keeps what was typed into a form whose login has ended; none for other forms.
async fn keep_typed(request: &mut ServiceRequest) -> Option<HttpResponse> {
    let app = request.app_data::<web::Data<App>>()?.clone();
    let path = request.path().to_owned();
    if !Kept::is_kept_for(&path) || app.rates.of_address(request.request()).is_err() {
        return None;
    }
    let body = request.extract::<web::Bytes>().await.ok()?;
    let kept = Kept::new(&path, std::str::from_utf8(&body).ok()?)?;
    pages::access::login::ask_again(&app, request.request(), kept).ok()
}

/// What stands around an error, should the request end in one.
fn around(request: &ServiceRequest) -> Around {
    let extensions = request.extensions();
    let agency = extensions.get::<SignedIn>().map(|it| it.agency_name.clone()).unwrap_or_default();
    Around { agency, demo: request.app_data::<web::Data<App>>().is_some_and(|it| it.is_demo) }
}

/// Whether the request goes on to its handler, which finds who is signed in among the extensions.
async fn judge(request: &ServiceRequest) -> Result<Verdict, PageError> {
    let app = request.app_data::<web::Data<App>>().cloned().ok_or(PageError(WebError::NotFound))?;
    let is_change = request.method() != Method::GET;
    if is_change && is_foreign(request) {
        return Err(PageError(WebError::Forged));
    }
    if !is_open_before_setup(request.path()) && app.has_no_account().await? {
        return Ok(Verdict::Answer(see_other("/setup")));
    }
    let access = match policy(&app, request) {
        Some(Access::Public) if is_change => {
            app.rates.of_address(request.request()).map_err(PageError)?;
            return Ok(Verdict::Pass);
        }
        Some(Access::Public) => return Ok(Verdict::Pass),
        None => {
            // No such page: whoever is signed in is told so in their own office.
            if let Some(signed_in) = session::resume(&app, request.request()).await.map_err(PageError)? {
                request.extensions_mut().insert(signed_in);
            }
            return Ok(Verdict::Pass);
        }
        Some(access) => access,
    };
    if let Err(error) = app.keep_calendar().await {
        tracing::warn!(%error, "the calendar could not be read anew");
    }
    let Some(signed_in) = session::resume(&app, request.request()).await.map_err(PageError)? else {
        if is_change {
            return Err(PageError(WebError::SignedOut));
        }
        let path = request.uri().path_and_query().map_or("/", |it| it.as_str());
        return Ok(Verdict::Answer(session::to_login(path)));
    };
    request.extensions_mut().insert(signed_in.clone());
    app.rates.of_change(request.method(), signed_in.caller.viewer.user).map_err(PageError)?;
    if let Some(place) = signed_in.must_go_to(request.path()) {
        return Ok(Verdict::Answer(see_other(place)));
    }
    if !access.admits(&signed_in.caller.viewer) {
        return Err(PageError(WebError::NotPermitted));
    }
    Ok(Verdict::Pass)
}

/// What works while there is no account.
fn is_open_before_setup(path: &str) -> bool {
    path == "/setup" || path.starts_with("/assets/")
}

/// Whether the browser says that a change comes from another site. A browser that says nothing is
/// judged by the token in the form.
fn is_foreign(request: &ServiceRequest) -> bool {
    let header = |name: &str| request.headers().get(name).and_then(|it| it.to_str().ok());
    if let Some(site) = header("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = header("origin") else { return false };
    let host = header("host").unwrap_or_default();
    origin.split_once("://").is_none_or(|(_, it)| it != host)
}
