//! Where one is written to, and what one does not want to hear of.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::{error_of, see_other, show_refused};
use crate::domain::labels::Coded;
use crate::domain::mail::MailKind;
use crate::domain::refusal::Refusals;
use crate::service::access::accounts;
use crate::service::access::accounts::MailChoice;
use crate::web::App;
use crate::web::error::PageError;
use crate::web::form::Posted;
use crate::web::page::{Page, show};
use crate::web::session::SignedIn;

/// A kind of mail: code, words, whether it is wanted, whether that is the reader's to choose.
struct KindBox {
    code: &'static str,
    label: &'static str,
    is_wanted: bool,
    is_free: bool,
}

#[derive(Template)]
#[template(path = "pages/access/my_account/mail.html")]
struct MailPage {
    page: Page,
    email: String,
    kinds: Vec<KindBox>,
    is_enabled: bool,
    errors: Vec<(String, String)>,
}

impl MailPage {
    fn new(app: &App, signed_in: &SignedIn, choice: &MailChoice, refusals: Option<Refusals>) -> Self {
        let free = &app.rules().mail.may_be_muted;
        let kinds = MailKind::ALL.iter().filter(|it| it.is_optional()).map(|it| KindBox {
            code: it.code(),
            label: it.label(),
            is_wanted: !free.contains(it) || !choice.muted.contains(it),
            is_free: free.contains(it),
        });
        Self {
            page: Page::new(app, signed_in, "account"),
            email: choice.address.clone(),
            kinds: kinds.collect(),
            is_enabled: app.settings.mail.is_enabled,
            errors: refusals.into_iter().flatten().map(|it| (it.field.into_owned(), it.message)).collect(),
        }
    }

    fn error(&self, field: &str) -> String {
        error_of(&self.errors, field)
    }
}

pub(super) async fn form(app: web::Data<App>, signed_in: SignedIn) -> Result<HttpResponse, PageError> {
    let id = signed_in.caller.viewer.user;
    let choice = app.run(move |db| accounts::mail_choice(db, id)).await?;
    show(&MailPage::new(&app, &signed_in, &choice, None))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MailForm {
    email: String,
    kinds: Vec<String>,
}

pub(super) async fn submit(
    app: web::Data<App>,
    signed_in: SignedIn,
    form: Posted<MailForm>,
) -> Result<HttpResponse, PageError> {
    let form = form.0;
    let rules = app.rules();
    // What is not ticked is not wanted.
    let is_muted = |it: &&MailKind| !form.kinds.iter().any(|code| code == it.code());
    let choice = MailChoice {
        address: form.email.clone(),
        muted: rules.mail.may_be_muted.iter().filter(is_muted).copied().collect(),
    };
    let (caller, kept) = (signed_in.caller.clone(), choice.clone());
    match app.run(move |db| accounts::set_own_mail(db, &caller, &rules, &kept)).await {
        Ok(()) => Ok(see_other("/account?done=mail")),
        Err(err) => show_refused(&MailPage::new(&app, &signed_in, &choice, Some(err.refusals()?))),
    }
}
