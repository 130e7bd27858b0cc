//! What a form sends: read from the body, and refused without the token of the login.
//!
//! A form that is sent before there is a login carries a token of its own, which must be the one in a cookie
//! that only this site can set and that no other site's request carries (double submit, `SameSite=Strict`).

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::error::InternalError;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use std::future::Future;
use std::pin::Pin;

use crate::service::access::hashing::random_token;
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::form::Fields;
use crate::web::kept::Kept;
use crate::web::session::SignedIn;

/// The largest form in bytes: a long application with room to spare.
pub const MAX_FORM: usize = 1024 * 1024;

/// A form sent from one of our own pages. Fields arrive as text, as they were typed; rules are for
/// the use case to judge, so that a form with mistakes can be shown again with everything in it.
#[derive(Debug)]
pub struct Posted(pub Fields);

impl FromRequest for Posted {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let signed_in = request.extensions().get::<SignedIn>().cloned();
        let (app, path) = (request.app_data::<web::Data<App>>().cloned(), request.path().to_owned());
        let before_login = PublicToken::of(request);
        let body = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            let body = body.await?;
            let fields: Fields =
                serde_urlencoded::from_bytes(&body).map_err(|_| PageError(WebError::BadRequest))?;
            let given = fields.get("csrf");
            match signed_in {
                Some(it) if given == it.csrf => {}
                Some(it) => {
                    // A form of an earlier login of the same person, who has signed in again meanwhile.
                    let kept = std::str::from_utf8(&body).ok().and_then(|body| Kept::new(&path, body));
                    return Err(match kept.filter(|kept| kept.is_of(&it)).zip(app) {
                        Some((kept, app)) => {
                            InternalError::from_response(WebError::Forged, kept.refusal(&app, &it)?).into()
                        }
                        None => PageError(WebError::Forged).into(),
                    });
                }
                None if before_login.as_deref() == Some(given) => {}
                None => return Err(PageError(WebError::NoCookie).into()),
            }
            Ok(Self(fields))
        })
    }
}

/// The token of forms that are sent before there is a login.
pub struct PublicToken {
    /// The token, for the form.
    pub token: String,
    cookie: Option<Cookie<'static>>,
}

impl PublicToken {
    /// The one this browser has already, so that several windows do not spoil one another; else a new one.
    pub fn new(app: &App, request: &HttpRequest) -> Self {
        if let Some(token) = Self::of(request) {
            return Self { token, cookie: None };
        }
        let token = random_token();
        let is_secure = app.settings.server.has_secure_cookies();
        let cookie = Cookie::build(if is_secure { SECURE_COOKIE } else { PLAIN_COOKIE }, token.clone())
            .path("/")
            .http_only(true)
            .same_site(SameSite::Strict)
            .secure(is_secure)
            .finish();
        Self { token, cookie: Some(cookie) }
    }

    fn of(request: &HttpRequest) -> Option<String> {
        let cookie = request.cookie(SECURE_COOKIE).or_else(|| request.cookie(PLAIN_COOKIE))?;
        Some(cookie.value().to_owned()).filter(|it| it.len() == 64)
    }

    /// Gives the browser the cookie, where it has none yet.
    pub fn attach(self, mut response: HttpResponse) -> Result<HttpResponse, PageError> {
        if let Some(cookie) = &self.cookie {
            response.add_cookie(cookie).map_err(|_| PageError(WebError::BadRequest))?;
        }
        Ok(response)
    }
}

const PLAIN_COOKIE: &str = "gongkai_form";
const SECURE_COOKIE: &str = "__Host-gongkai_form";
