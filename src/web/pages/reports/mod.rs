//! Statistics: the tables of any year as the official form shows them, what stands behind every number,
//! and what has changed since they were filed.

mod cell;
mod cell_file;
mod changes;
mod charts;
mod download;
mod figures;
mod frame;
mod identities;
mod table;
pub mod whole;
mod year;

use actix_web::web;

use crate::domain::workflow::Role;
use crate::web::access::{Access, Route, get, post};

/// Who sees figures: those who see every case of their agency.
const READERS: Access = Access::Roles(&[Role::Clerk, Role::Approver, Role::Manager, Role::Auditor]);
/// Who enters table 2.
const WRITERS: Access = Access::Roles(&[Role::Clerk, Role::Manager]);

/// The routes of this area.
pub const ROUTES: &[Route] = &[
    get("/reports", READERS, || web::get().to(year::choose)),
    get("/reports/{year}", READERS, || web::get().to(year::show)),
    get("/reports/{year}/charts", READERS, || web::get().to(charts::show)),
    get("/reports/{year}/changes", READERS, || web::get().to(changes::show)),
    get("/reports/{year}/cells/{row}/{column}", READERS, || web::get().to(cell::show)),
    get("/reports/{year}/cells/{row}/{column}/download/{format}", READERS, || web::get().to(cell_file::send)),
    get("/reports/{year}/download/{format}", READERS, || web::get().to(download::send)),
    get("/reports/{year}/figures", WRITERS, || web::get().to(figures::form)),
    post("/reports/{year}/figures", WRITERS, || web::post().to(figures::submit)),
];
