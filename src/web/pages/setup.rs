//! The first start: the set-up page that works once.

use crate::web::access::Route;

/// The token that the server prints while there is no account.
#[derive(Debug, Default)]
pub struct Setup {}

/// The routes of this area.
pub const ROUTES: &[Route] = &[];
