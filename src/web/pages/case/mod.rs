//! One case: its page, what can be done with it, and what can be printed of it.

mod act;
mod files;
pub mod letter_templates;
pub mod letters;
mod mails;
mod print;
pub mod register;
mod show;
mod shown;
mod view;

use actix_web::web;

use crate::domain::ids::CaseId;
use crate::domain::labels::Coded;
use crate::domain::workflow::Action;
use crate::service::case::open_case::{CaseFile, case_file};
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::route::{Access, Route, get, post};
use crate::web::session::SignedIn;

pub use crate::web::view::due::{DueView, UNCONFIRMED_LABEL, short};
pub use files::ROUTES as FILE_ROUTES;

/// Those who see cases at all.
const READERS: Access = Access::Cases;

/// Those who do anything with cases. What, and when, is for the table of the workflow.
pub const DOERS: Access = Access::Acts(Action::ALL);

/// Those who send the applicant a message again: who delivers replies.
const SENDERS: Access = Access::Acts(&[Action::Issue]);

/// The routes of this area. Other areas with fixed words in the place of `{id}` come before it.
pub const ROUTES: &[Route] = &[
    get("/cases/{id}", READERS, || web::get().to(show::page)),
    post("/cases/{id}/reveal", READERS, || web::post().to(show::reveal)),
    get("/cases/{id}/ledger", READERS, || web::get().to(print::ledger)),
    get("/cases/{id}/receipt", READERS, || web::get().to(print::receipt)),
    get("/cases/{id}/registered", READERS, || web::get().to(print::registered)),
    get("/cases/{id}/letters", READERS, || web::get().to(letters::list)),
    get("/cases/{id}/letters/{kind}", DOERS, || web::get().to(letters::form)),
    post("/cases/{id}/letters/{kind}", DOERS, || web::post().to(letters::submit)),
    get("/cases/{id}/letters/{letter}/{format}", READERS, || web::get().to(letters::file)),
    get("/cases/{id}/review", DOERS, || web::get().to(act::drafting::review)),
    get("/cases/{id}/do/{action}", DOERS, || web::get().to(act::form)),
    post("/cases/{id}/mails/{message}/resend", SENDERS, || web::post().to(mails::resend)),
    post("/cases/{id}/do/{action}", DOERS, || web::post().to(act::submit)),
];

/// The identifier in an address; anything else is no case.
fn case_id(text: &str) -> Result<CaseId, PageError> {
    text.parse().map_err(|_| PageError(WebError::NotFound))
}

/// The file of a case for the person signed in.
async fn open(app: &App, signed_in: &SignedIn, id: CaseId) -> Result<CaseFile, PageError> {
    let caller = signed_in.caller.clone();
    Ok(app.run(move |db| db.snapshot(|conn| case_file(conn, &caller, id))).await?)
}
