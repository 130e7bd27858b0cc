//! The login behind a request.

use std::future::{Ready, ready};

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse};

use crate::service::Caller;
use crate::service::access::sign_in;
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::redirect::see_other;

/// The name of the cookie that carries the token. Over TLS the browser itself sees to it that a cookie so
/// called comes from this very host over TLS.
fn cookie_name(app: &App) -> &'static str {
    if app.settings.server.has_secure_cookies() { "__Host-gongkai_login" } else { "gongkai_login" }
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The person as the use cases know them, at the moment of the request.
    pub caller: Caller,
    /// The person's name.
    pub name: String,
    /// The name they sign in with; the journal's name for them.
    pub login: String,
    pub agency_name: String,
    pub agency_code: String,
    /// The token every form must carry.
    pub csrf: String,
    /// The hash of the token of this login, to tell it from the person's other ones.
    pub token_hash: String,
    /// Whether the password must be changed before anything else.
    pub must_change_password: bool,
    /// Whether a second factor must be set up before anything else.
    pub must_set_up_second_factor: bool,
    /// Whether the account has a second factor.
    pub has_second_factor: bool,
    /// Whether the second factor is still to be given.
    pub awaits_second_factor: bool,
}

impl SignedIn {
    /// Where the person must go before they may go to `path`.
    pub fn must_go_to(&self, path: &str) -> Option<&'static str> {
        let place = if self.awaits_second_factor {
            "/login/second-factor"
        } else if self.must_change_password {
            "/account/password"
        } else if self.must_set_up_second_factor {
            "/account/second-factor"
        } else {
            return None;
        };
        (path != place && path != "/logout").then_some(place)
    }
}

impl FromRequest for SignedIn {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let found = request.extensions().get::<Self>().cloned();
        ready(found.ok_or_else(|| PageError(WebError::SignedOut).into()))
    }
}

/// The login of a request, where it has one that is still good; notes that it was seen.
pub async fn resume(app: &App, request: &HttpRequest) -> Result<Option<SignedIn>, WebError> {
    match request.cookie(cookie_name(app)) {
        Some(cookie) => of_token(app, cookie.value().to_owned()).await,
        None => Ok(None),
    }
}

/// The login with this token, where it is still good.
pub async fn of_token(app: &App, token: String) -> Result<Option<SignedIn>, WebError> {
    let now = app.now();
    let limits = app.settings.login;
    let session = app.run(move |db| sign_in::resume(db, &token, &limits, now)).await?;
    let demanding = &app.settings.door.second_factor_roles;
    Ok(session.map(|it| SignedIn {
        must_set_up_second_factor: it.account.totp_secret.is_none()
            && it.caller.viewer.roles.iter().any(|role| demanding.contains(role)),
        has_second_factor: it.account.totp_secret.is_some(),
        caller: it.caller,
        name: it.account.name,
        login: it.account.login,
        agency_name: it.agency.name,
        agency_code: it.agency.code,
        csrf: it.login.csrf,
        token_hash: it.login.token_hash,
        must_change_password: it.account.must_change_password,
        awaits_second_factor: it.login.awaits_second_factor,
    }))
}

/// To the login page, and from there back.
pub fn to_login(path: &str) -> HttpResponse {
    let query = serde_urlencoded::to_string([("next", path)]).unwrap_or_default();
    see_other(format!("/login?{query}"))
}

/// The cookie of a new login: out of reach of scripts and of other sites.
pub fn cookie(app: &App, token: String) -> Cookie<'static> {
    Cookie::build(cookie_name(app), token)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.settings.server.has_secure_cookies())
        .finish()
}
