//! Where one is written to, and what one does not want to hear of.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::domain::labels::Coded;
use crate::domain::mail::MailKind;
use crate::service::access::accounts;
use crate::service::access::accounts::MailChoice;
use crate::web::App;
use crate::web::error::PageError;
use crate::web::form::{Posted, Reader, Shown};
use crate::web::page::{Page, show, show_as};
use crate::web::redirect::see_other;
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
    shown: Shown,
    kinds: Vec<KindBox>,
    is_enabled: bool,
}

impl MailPage {
    fn new(app: &App, signed_in: &SignedIn, muted: &[MailKind], shown: Shown) -> Self {
        let free = &app.rules().mail.may_be_muted;
        let kinds = MailKind::ALL.iter().filter(|it| it.is_optional()).map(|it| KindBox {
            code: it.code(),
            label: it.label(),
            is_wanted: !free.contains(it) || !muted.contains(it),
            is_free: free.contains(it),
        });
        Self {
            page: Page::new(app, signed_in, "account"),
            shown,
            kinds: kinds.collect(),
            is_enabled: app.settings.mail.is_enabled,
        }
    }
}

pub(super) async fn form(app: web::Data<App>, signed_in: SignedIn) -> Result<HttpResponse, PageError> {
    let id = signed_in.caller.viewer.user;
    let choice = app.run(move |db| accounts::mail_choice(db, id)).await?;
    let shown = Shown::blank([("email", choice.address)].into_iter().collect());
    show(&MailPage::new(&app, &signed_in, &choice.muted, shown))
}

pub(super) async fn submit(
    app: web::Data<App>,
    signed_in: SignedIn,
    form: Posted,
) -> Result<HttpResponse, PageError> {
    let fields = form.0;
    let rules = app.rules();
    // What is not ticked is not wanted.
    let is_muted = |it: &&MailKind| fields.all("kinds").all(|code| code != it.code());
    let choice = MailChoice {
        address: Reader::new(&fields).plain("email"),
        muted: rules.mail.may_be_muted.iter().filter(is_muted).copied().collect(),
    };
    let (caller, muted) = (signed_in.caller.clone(), choice.muted.clone());
    match app.run(move |db| accounts::set_own_mail(db, &caller, &rules, &choice)).await {
        Ok(()) => Ok(see_other("/account?done=mail")),
        Err(err) => {
            let shown = Shown::after(fields, err)?;
            show_as(shown.status(), &MailPage::new(&app, &signed_in, &muted, shown))
        }
    }
}
