//! The pages, one area each: handlers, view structs, and the routes with their policies.

pub mod accounts;
pub mod admin;
pub mod agencies;
pub mod calendar;
pub mod case;
pub mod feed;
pub mod find;
pub mod forecast;
pub mod home;
pub mod jobs;
pub mod journal;
pub mod letter_templates;
pub mod login;
pub mod my_account;
pub mod outbox;
pub mod register;
pub mod remedies;
pub mod reports;
pub mod settings;
pub mod setup;
pub mod style;

use crate::web::access::Route;
use crate::web::assets;

/// Every area's routes. What is not here does not exist.
pub const ROUTES: &[&[Route]] = &[
    assets::ROUTES,
    setup::ROUTES,
    login::ROUTES,
    home::ROUTES,
    my_account::ROUTES,
    admin::ROUTES,
    accounts::ROUTES,
    style::ROUTES,
    reports::ROUTES,
    reports::whole::ROUTES,
    remedies::ROUTES,
    forecast::ROUTES,
    feed::ROUTES,
    agencies::ROUTES,
    letter_templates::ROUTES,
    settings::ROUTES,
    calendar::ROUTES,
    journal::ROUTES,
    outbox::ROUTES,
    jobs::ROUTES,
    register::ROUTES,
    // Before those of one case, whose addresses are below `/cases/` too.
    find::ROUTES,
    case::FILE_ROUTES,
    case::ROUTES,
];
