//! The letters of a case: those to issue, and those that were.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::domain::labels::Coded;
use crate::service::case::letters::case_letters;
use crate::web::App;
use crate::web::error::PageError;
use crate::web::form::Fields;
use crate::web::page::{Page, show};
use crate::web::pages::case::letters::{IssuedView, OfferView, issued, offer_view};
use crate::web::pages::case::show::head;
use crate::web::pages::case::view::Head;
use crate::web::pages::case::{case_id, open};
use crate::web::session::SignedIn;

#[derive(Template)]
#[template(path = "pages/case/letters/list.html")]
struct ListPage {
    page: Page,
    head: Head,
    offers: Vec<OfferView>,
    issued: Vec<IssuedView>,
    /// The one issued just now.
    done: Option<IssuedView>,
    has_pdf: bool,
    acts: bool,
}

/// GET the letters of a case.
pub async fn list(
    app: web::Data<App>,
    signed_in: SignedIn,
    id: web::Path<String>,
    query: web::Query<Fields>,
) -> Result<HttpResponse, PageError> {
    let file = open(&app, &signed_in, case_id(&id)?).await?;
    let rules = app.rules();
    let letters = case_letters(file, &signed_in.caller, &rules);
    let views = issued(&letters.file);
    let wanted = query.get("issued");
    let done = views.iter().find(|it| !wanted.is_empty() && it.href.ends_with(wanted)).cloned();
    show(&ListPage {
        page: Page::new(&app, &signed_in, "cases"),
        head: head(&letters.file, &rules, signed_in.caller.today()).0,
        offers: letters.offers.iter().map(|(it, obstacles)| offer_view(&letters, it, obstacles)).collect(),
        issued: views,
        done,
        has_pdf: app.office.is_some(),
        acts: signed_in.caller.viewer.acts_on(&letters.file.place),
    })
}
