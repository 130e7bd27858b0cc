//! The pages, one area each: handlers, view structs, and the routes with their policies.

pub mod case;
pub mod home;
pub mod login;
pub mod register;
pub mod setup;

use crate::web::access::Route;
use crate::web::assets;

/// Every area's routes. What is not here does not exist.
pub const ROUTES: &[&[Route]] =
    &[assets::ROUTES, setup::ROUTES, login::ROUTES, home::ROUTES, register::ROUTES, case::ROUTES];
