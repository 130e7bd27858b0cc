//! To another page, after a change or in place of one that is not to be seen now.

use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;

/// Sends the browser to another page.
pub fn see_other(place: impl AsRef<str>) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, place.as_ref())).finish()
}
