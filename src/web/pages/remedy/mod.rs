//! Reconsiderations and suits: the list, the record of each, and what is entered in it.

mod act;
mod list;
mod new;
mod show;

use actix_web::web;

use crate::domain::workflow::Role;
use crate::web::route::{Access, Route, get, post};

/// Who sees them: those who see cases. Which ones is for the rule of visibility.
const READERS: Access = Access::Cases;
/// Who enters what happens in them.
const WRITERS: Access = Access::Roles(&[Role::Clerk, Role::Handler, Role::Manager]);

/// The routes of this area.
pub const ROUTES: &[Route] = &[
    get("/remedies", READERS, || web::get().to(list::show)),
    get("/remedies/new", WRITERS, || web::get().to(new::form)),
    post("/remedies/new", WRITERS, || web::post().to(new::submit)),
    get("/remedies/{id}", READERS, || web::get().to(show::show)),
    post("/remedies/{id}/{act}", WRITERS, || web::post().to(act::submit)),
];
