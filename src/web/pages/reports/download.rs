//! The report of a year as a file, in every format there is.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use crate::documents::{self, Format};
use crate::domain::labels::Coded;
use crate::service::annual_report::annual_report;
use crate::web::App;
use crate::web::download::attachment;
use crate::web::error::{PageError, WebError};
use crate::web::pages::reports::frame::{self, Frame, Params};
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
    let choice = frame::chosen(&app, &signed_in, &params).await?;
    let frame = Frame::new(year, &params, &choice, &signed_in, caller.today(), "3")?;
    // A file must not silently hold other figures than were asked for.
    if !frame.as_of_error.is_empty() {
        return Err(PageError(WebError::BadRequest));
    }
    let query = frame.query(&choice);
    let report = app.run(move |db| db.snapshot(|conn| annual_report(conn, &caller, &query))).await?;
    let name = documents::file_name(&report, format);
    let bytes = web::block(move || documents::render(&report, format))
        .await
        .map_err(|_| WebError::Overloaded)?
        .map_err(|err| {
            tracing::error!(error = %err, "a report could not be drawn");
            WebError::Overloaded
        })?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, format.content_type()))
        .insert_header((
            header::CONTENT_DISPOSITION,
            attachment(&name, &format!("report-{year}.{}", format.extension())),
        ))
        .body(bytes))
}
