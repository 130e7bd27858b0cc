//! What somebody typed, when their login has ended before they sent it.
//!
//! The fields go along through the login, in the pages themselves, and come back to the form they were typed
//! into: it is shown again, and nothing is stored before its writer presses the button. The server keeps
//! nothing, and neither does the browser beyond the page that is open. Whose they are is told by the token of
//! the form; to anybody else who signs in there they are not shown.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::service::access::sign_in::csrf_owner;
use crate::web::App;
use crate::web::bare::BarePage;
use crate::web::error::PageError;
use crate::web::page::show;
use crate::web::session::SignedIn;

/// What the button of a form says, where it is to be shown again with what was typed.
pub const SHOW_AGAIN: &str = "kept";

/// The fields of a form, and where they were sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// The path.
    pub path: String,
    /// The fields as a browser sends them.
    pub body: String,
}

#[derive(Template)]
#[template(path = "pages/access/kept.html")]
struct KeptPage {
    page: BarePage,
    path: String,
    fields: Vec<(String, String)>,
}

impl Kept {
    /// Whether a form is sent there that can be shown again: of what is done with a case.
    pub fn is_kept_for(path: &str) -> bool {
        let parts: Vec<&str> = path.split('/').collect();
        matches!(parts.as_slice(), ["", "cases", _, "do", action] if !action.contains(['?', '#']))
    }

    /// The fields sent to a path, where they are kept for it.
    pub fn new(path: &str, body: &str) -> Option<Self> {
        let is_kept = Self::is_kept_for(path) && !body.is_empty();
        is_kept.then(|| Self { path: path.to_owned(), body: body.to_owned() })
    }

    /// Whether the person signed in is who typed them.
    pub fn is_of(&self, signed_in: &SignedIn) -> bool {
        let fields = self.fields();
        let token = fields.iter().find(|(name, _)| name == "csrf");
        token.and_then(|(_, token)| csrf_owner(token)) == Some(signed_in.caller.viewer.user)
    }

    fn fields(&self) -> Vec<(String, String)> {
        serde_urlencoded::from_str(&self.body).unwrap_or_default()
    }

    /// The page that leads back to the form.
    ///
    /// # Errors
    /// Where the template fails.
    pub fn page(&self, app: &web::Data<App>, signed_in: &SignedIn) -> Result<HttpResponse, PageError> {
        let mut fields = self.fields();
        fields.retain(|(name, _)| name != "csrf" && name != "then");
        fields.push(("then".to_owned(), SHOW_AGAIN.to_owned()));
        let page =
            BarePage { agency: signed_in.agency_name.clone(), ..BarePage::new(app.is_demo, &signed_in.csrf) };
        let mut response = show(&KeptPage { page, path: self.path.clone(), fields })?;
        response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
        Ok(response)
    }

    /// The same as an answer to a form that was not accepted.
    ///
    /// # Errors
    /// Where the template fails.
    pub fn refusal(&self, app: &web::Data<App>, signed_in: &SignedIn) -> Result<HttpResponse, PageError> {
        let mut response = self.page(app, signed_in)?;
        *response.status_mut() = StatusCode::FORBIDDEN;
        Ok(response)
    }
}
