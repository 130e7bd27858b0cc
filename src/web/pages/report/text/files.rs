//! The whole report as a file.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use crate::documents::Format;
use crate::domain::labels::Coded;
use crate::service::report::draw_report::{ReportFile, draw_text};
use crate::web::App;
use crate::web::download::attachment;
use crate::web::error::{PageError, WebError};
use crate::web::pages::case::letters::files::{no_pdf, pdf};
use crate::web::pages::report::frame;
use crate::web::pages::report::frame::{Frame, Params};
use crate::web::session::SignedIn;

/// What the report can be had as: the code, the words, the media type.
pub const FORMATS: &[(&str, &str, &str)] = &[
    ("docx", "Word 文档", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("html", "网页（供网站发布）", "text/html; charset=utf-8"),
    ("pdf", "PDF", "application/pdf"),
];

/// The media type of a format of a report as it was filed.
pub fn media_type(format: &str) -> Option<&'static str> {
    match format {
        "json" => Some("application/json"),
        "pdf" => None,
        _ => FORMATS.iter().find(|it| it.0 == format).map(|it| it.2),
    }
}

/// Sends the file. What is not complete is marked as a draft.
pub async fn send(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String)>,
    params: web::Query<Params>,
) -> Result<HttpResponse, PageError> {
    let (year, format) = path.into_inner();
    let year = frame::year(&year)?;
    let media_type = FORMATS.iter().find(|it| it.0 == format).ok_or(WebError::NotFound)?.2;
    let choice = frame::choice(&app, &signed_in, &params).await?;
    let today = signed_in.caller.clone().today();
    let frame = Frame::new(year, &params, &choice, &signed_in, today, "text")?;
    if !frame.as_of_error.is_empty() {
        return Err(PageError(WebError::BadRequest));
    }
    let is_pdf = format == "pdf";
    // A PDF is made of the document.
    let drawn_as =
        if is_pdf { Format::Docx } else { Format::from_code(&format).map_err(|_| WebError::NotFound)? };
    let (caller, query) = (signed_in.caller.clone(), frame.query(&choice));
    let (_, ReportFile { mut name, mut bytes }) =
        app.run(move |db| draw_text(db, &caller, &query, drawn_as)).await?;
    if is_pdf {
        name = name.replace(".docx", ".pdf");
        bytes = match pdf(&app, bytes).await? {
            Ok(bytes) => bytes,
            Err(text) => {
                let place = |it: &str| format!("/reports/{year}/{it}{}", frame.suffix);
                return no_pdf(&app, &signed_in, text, place("text"), place("files/docx"));
            }
        };
    }
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((
            header::CONTENT_DISPOSITION,
            attachment(&name, &format!("annual-report-{year}.{format}")),
        ))
        .body(bytes))
}
