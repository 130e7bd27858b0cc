//! What the letters of an agency name, and the templates it has put in place of those built in.

mod kind;
mod settings;
pub mod upload;

use crate::web::route::{ADMINISTRATORS, Route, get, post};

/// The routes of this area.
pub const ROUTES: &[Route] = &[
    get("/admin/letters", ADMINISTRATORS, || actix_web::web::get().to(settings::own)),
    get("/admin/letters/{code}", ADMINISTRATORS, || actix_web::web::get().to(settings::page)),
    post("/admin/letters/{code}", ADMINISTRATORS, || actix_web::web::post().to(settings::submit)),
    get("/admin/letters/{code}/{kind}", ADMINISTRATORS, || actix_web::web::get().to(kind::page)),
    post("/admin/letters/{code}/{kind}/upload", ADMINISTRATORS, || actix_web::web::post().to(kind::upload)),
    post("/admin/letters/{code}/{kind}/restore", ADMINISTRATORS, || actix_web::web::post().to(kind::restore)),
    get("/admin/letters/{code}/{kind}/{version}/{format}", ADMINISTRATORS, || {
        actix_web::web::get().to(kind::file)
    }),
];

/// A code of an agency as one segment of a path; a blank in it is %20 there, not a plus.
fn segment(code: &str) -> String {
    let encoded = serde_urlencoded::to_string([("", code)]).unwrap_or_default();
    encoded.trim_start_matches('=').replace('+', "%20")
}
