//! The pages, one area each: handlers, view structs, and the routes with their policies.

pub mod access;
pub mod calendar;
pub mod case;
pub mod desk;
pub mod mail;
pub mod remedy;
pub mod report;
pub mod upkeep;

use crate::web::assets;
use crate::web::route::Route;

/// Every area's routes. What is not here does not exist.
pub const ROUTES: &[&[Route]] = &[
    assets::ROUTES,
    access::setup::ROUTES,
    access::login::ROUTES,
    desk::queue::ROUTES,
    access::my_account::ROUTES,
    upkeep::admin::ROUTES,
    access::accounts::ROUTES,
    upkeep::style::ROUTES,
    report::ROUTES,
    report::text::ROUTES,
    remedy::ROUTES,
    desk::forecast::ROUTES,
    calendar::feed::ROUTES,
    access::agencies::ROUTES,
    case::letter_templates::ROUTES,
    upkeep::settings::ROUTES,
    calendar::ROUTES,
    upkeep::journal::ROUTES,
    mail::outbox::ROUTES,
    upkeep::jobs::ROUTES,
    case::register::ROUTES,
    // Before those of one case, whose addresses are below `/cases/` too.
    desk::find::ROUTES,
    case::FILE_ROUTES,
    case::ROUTES,
];
