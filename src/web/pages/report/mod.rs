//! Statistics: the tables of any year as the official form shows them, what stands behind every number,
//! and what has changed since they were filed.

mod figures;
mod frame;
pub mod tables;
pub mod text;

use actix_web::web;

use crate::domain::workflow::Role;
use crate::web::route::{Access, Route, get, post};

/// Who sees figures: those who see every case of their agency.
const READERS: Access = Access::Roles(&[Role::Clerk, Role::Approver, Role::Manager, Role::Auditor]);
/// Who enters table 2.
const WRITERS: Access = Access::Roles(&[Role::Clerk, Role::Manager]);

/// The routes of this area.
pub const ROUTES: &[Route] = &[
    get("/reports", READERS, || web::get().to(tables::year::choose)),
    get("/reports/{year}", READERS, || web::get().to(tables::year::show)),
    get("/reports/{year}/charts", READERS, || web::get().to(tables::charts::show)),
    get("/reports/{year}/changes", READERS, || web::get().to(tables::changes::show)),
    get("/reports/{year}/cells/{row}/{column}", READERS, || web::get().to(tables::cell::show)),
    get("/reports/{year}/cells/{row}/{column}/download/{format}", READERS, || {
        web::get().to(tables::cell_file::send)
    }),
    get("/reports/{year}/download/{format}", READERS, || web::get().to(tables::download::send)),
    get("/reports/{year}/figures", WRITERS, || web::get().to(figures::form)),
    post("/reports/{year}/figures", WRITERS, || web::post().to(figures::submit)),
];
