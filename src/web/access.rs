//! The list of routes, each with its policy, and the guard that enforces it.
//!
//! A route that is not in a list does not exist; a route cannot be in a list without a policy. The
//! guard runs before any handler: login, role, and for every change that the request comes from our
//! own pages. The token against forged forms is checked by [`crate::web::form::Posted`].

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse, web};

use crate::domain::workflow::Role;
use crate::web::error::{PageError, WebError};
use crate::web::session::{self, SignedIn};
use crate::web::{App, pages};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone, without a login.
    Public,
    /// Anyone with a login, whatever the role.
    SignedIn,
    /// Those with one of these roles.
    Roles(&'static [Role]),
}

/// A route with its policy.
#[derive(Clone, Copy)]
pub struct Route {
    /// GET or POST.
    pub method: &'static str,
    /// The path as actix-web matches it.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
    /// The handler.
    pub handler: fn() -> actix_web::Route,
}

/// A page.
pub const fn get(path: &'static str, access: Access, handler: fn() -> actix_web::Route) -> Route {
    Route { method: "GET", path, access, handler }
}

/// A change.
pub const fn post(path: &'static str, access: Access, handler: fn() -> actix_web::Route) -> Route {
    Route { method: "POST", path, access, handler }
}

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
fn policy(request: &ServiceRequest) -> Option<Access> {
    let pattern = request.match_pattern()?;
    let name = if request.method() == Method::POST { "POST" } else { "GET" };
    routes().iter().find(|it| it.path == pattern && it.method == name).map(|it| it.access)
}

/// Lets a request through to its handler, or answers it here.
pub async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let access = policy(&request);
    if request.method() != Method::GET && request.method() != Method::HEAD && is_foreign(&request) {
        return Err(PageError(WebError::Forged).into());
    }
    let allowed = match access {
        None | Some(Access::Public) => return Ok(next.call(request).await?.map_into_boxed_body()),
        Some(Access::SignedIn) => None,
        Some(Access::Roles(roles)) => Some(roles),
    };
    let app = request.app_data::<web::Data<App>>().cloned().ok_or(PageError(WebError::NotFound))?;
    let Some(signed_in) = session::resume(&app, request.request()).await.map_err(PageError)? else {
        let path = request.uri().path_and_query().map_or("/", |it| it.as_str()).to_owned();
        let response = if request.method() == Method::GET {
            session::to_login(&path)
        } else {
            return Err(PageError(WebError::SignedOut).into());
        };
        return Ok(request.into_response(response).map_into_boxed_body());
    };
    if let Some(place) = signed_in.must_go_to(request.path()) {
        let response = HttpResponse::SeeOther().insert_header((header::LOCATION, place)).finish();
        return Ok(request.into_response(response).map_into_boxed_body());
    }
    if allowed.is_some_and(|roles| !has_any(&signed_in, roles)) {
        return Err(PageError(WebError::NotPermitted).into());
    }
    request.extensions_mut().insert(signed_in);
    Ok(next.call(request).await?.map_into_boxed_body())
}

fn has_any(signed_in: &SignedIn, roles: &[Role]) -> bool {
    roles.iter().any(|it| signed_in.viewer.roles.contains(it))
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
