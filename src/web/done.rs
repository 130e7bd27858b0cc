//! What was just done, for the next page to say: for those who may not see the case any more, which is where
//! it would have shown.
//!
//! It travels in a cookie that lives a minute and is gone once shown. Not in the address: nobody can send a
//! link that makes our page say something.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};

use crate::domain::labels::Coded;
use crate::domain::workflow::Action;
use crate::web::App;

const NAME: &str = "gongkai_done";

/// An action on a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub action: Action,
    pub case_no: String,
}

impl Done {
    /// The cookie that carries it to the next page.
    pub fn cookie(&self, app: &App) -> Cookie<'static> {
        let value = serde_urlencoded::to_string([(self.action.code(), &self.case_no)]).unwrap_or_default();
        made(app, value, Duration::minutes(1))
    }

    /// What the page before did; none where it did nothing that is to be said.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        let cookie = request.cookie(NAME)?;
        let mut said: Vec<(String, String)> = serde_urlencoded::from_str(cookie.value()).ok()?;
        let (action, case_no) = said.pop()?;
        Some(Self { action: Action::from_code(&action).ok()?, case_no })
    }

    /// The cookie that ends it.
    pub fn forget(app: &App) -> Cookie<'static> {
        made(app, String::new(), Duration::ZERO)
    }

    /// In words.
    pub fn words(&self) -> String {
        format!("{} 已办理“{}”，该件现在不由您办理。", self.case_no, self.action.label())
    }
}

fn made(app: &App, value: String, lives: Duration) -> Cookie<'static> {
    Cookie::build(NAME, value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.settings.server.has_secure_cookies())
        .max_age(lives)
        .finish()
}
