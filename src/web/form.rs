//! Forms: read from the body, and refused without the token of the login.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use serde::de::DeserializeOwned;
use std::future::Future;
use std::pin::Pin;

use crate::web::error::{PageError, WebError};
use crate::web::session::SignedIn;

/// The largest form in bytes: a long application with room to spare.
pub const MAX_FORM: usize = 1024 * 1024;

/// A form sent from one of our own pages. Fields arrive as text, as they were typed; rules are for
/// the use case to judge, so that a form with mistakes can be shown again with everything in it.
#[derive(Debug)]
pub struct Posted<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Posted<T> {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let csrf = request.extensions().get::<SignedIn>().map(|it| it.csrf.clone());
        let body = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            let body = body.await?;
            let fields: Vec<(String, String)> =
                serde_urlencoded::from_bytes(&body).map_err(|_| PageError(WebError::BadRequest))?;
            if let Some(csrf) = csrf {
                let given = fields.iter().find(|(name, _)| name == "csrf");
                if given.is_none_or(|(_, it)| *it != csrf) {
                    return Err(PageError(WebError::Forged).into());
                }
            }
            let form = serde_html_form::from_bytes(&body).map_err(|_| PageError(WebError::BadRequest))?;
            Ok(Self(form))
        })
    }
}
