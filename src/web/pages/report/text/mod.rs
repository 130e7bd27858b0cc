//! The annual report as a text: its preview, the wording of its parts, indicators, problems, files, and
//! what was filed.

mod edit;
mod files;
mod filing;
mod indicators;
mod preview;
mod problems;
mod setup;
mod show;
mod template;

use actix_web::web;

use crate::web::pages::report::{READERS, WRITERS};
use crate::web::route::{Route, get, post};

/// The routes of this area.
pub const ROUTES: &[Route] = &[
    get("/reports/{year}/text", READERS, || web::get().to(show::show)),
    get("/reports/{year}/text/{part}", WRITERS, || web::get().to(edit::form)),
    post("/reports/{year}/text/{part}", WRITERS, || web::post().to(edit::submit)),
    post("/reports/{year}/text/{part}/preview", WRITERS, || web::post().to(edit::preview)),
    get("/reports/{year}/indicators", READERS, || web::get().to(indicators::form)),
    post("/reports/{year}/indicators", WRITERS, || web::post().to(indicators::submit)),
    get("/reports/{year}/indicators/setup", WRITERS, || web::get().to(setup::form)),
    post("/reports/{year}/indicators/setup", WRITERS, || web::post().to(setup::submit)),
    get("/reports/{year}/problems", WRITERS, || web::get().to(problems::form)),
    post("/reports/{year}/problems", WRITERS, || web::post().to(problems::submit)),
    get("/reports/{year}/files/{format}", READERS, || web::get().to(files::send)),
    get("/reports/{year}/template", WRITERS, || web::get().to(template::form)),
    post("/reports/{year}/template", WRITERS, || web::post().to(template::submit)),
    post("/reports/{year}/template/restore", WRITERS, || web::post().to(template::restore)),
    get("/reports/{year}/template/file", WRITERS, || web::get().to(template::file)),
    post("/reports/{year}/filings", WRITERS, || web::post().to(filing::submit)),
    get("/reports/{year}/filings/{seq}/{format}", READERS, || web::get().to(filing::send)),
];
