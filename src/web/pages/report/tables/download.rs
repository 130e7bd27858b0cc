//! The report of a year as a file, in every format there is.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use crate::documents::Format;
use crate::domain::labels::Coded;
use crate::service::report::draw_report::draw_tables;
use crate::web::App;
use crate::web::download::attachment;
use crate::web::error::{PageError, WebError};
use crate::web::pages::report::frame;
use crate::web::pages::report::frame::{Frame, Params};
use crate::web::session::SignedIn;

/// Sends the file.
pub async fn send(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String)>,
    params: web::Query<Params>,
) -> Result<HttpResponse, PageError> {
    let (year, format) = path.into_inner();
    let year = frame::year(&year)?;
    let format = Format::from_code(&format).map_err(|_| WebError::NotFound)?;
    let caller = signed_in.caller.clone();
    let choice = frame::choice(&app, &signed_in, &params).await?;
    let frame = Frame::new(year, &params, &choice, &signed_in, caller.today(), "3")?;
    // A file must not silently hold other figures than were asked for.
    if !frame.as_of_error.is_empty() {
        return Err(PageError(WebError::BadRequest));
    }
    let query = frame.query(&choice);
    let file = app.run(move |db| draw_tables(db, &caller, &query, format)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, format.content_type()))
        .insert_header((
            header::CONTENT_DISPOSITION,
            attachment(&file.name, &format!("report-{year}.{}", format.extension())),
        ))
        .body(file.bytes))
}
