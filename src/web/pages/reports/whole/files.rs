//! The whole report as a file.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use crate::documents::whole::{self, WholeError};
use crate::service::ServiceError;
use crate::service::annual_report::ReportQuery;
use crate::service::annual_text::filing::FiledFiles;
use crate::service::annual_text::template::template;
use crate::service::annual_text::{WholeReport, whole_report};
use crate::web::App;
use crate::web::download::attachment;
use crate::web::error::{PageError, WebError};
use crate::web::pages::case::letters::files::{no_pdf, pdf};
use crate::web::pages::reports::frame::{self, Frame, Params};
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

/// The report as documents draw it.
pub fn drawn(whole: &WholeReport) -> whole::WholeReport<'_> {
    whole::WholeReport {
        report: &whole.report,
        narrative: &whole.narrative,
        fees: &whole.fees,
        dated: whole.dated,
    }
}

/// The report and the office's template for it, of one moment.
pub async fn prepared(
    app: &App,
    signed_in: &SignedIn,
    query: ReportQuery,
) -> Result<(WholeReport, Option<Vec<u8>>), PageError> {
    let caller = signed_in.caller.clone();
    let found = app
        .run(move |db| {
            db.snapshot(|conn| -> Result<_, ServiceError> {
                let template = template(conn, &query.agency)?.map(|it| it.file);
                Ok((whole_report(conn, &caller, &query)?, template))
            })
        })
        .await?;
    Ok(found)
}

/// Every file of a report.
///
/// # Errors
/// What is wrong with the office's template, or with the program.
pub fn files(whole: &WholeReport, template: Option<&[u8]>) -> Result<FiledFiles, WholeError> {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ok(FiledFiles {
        figures: text(crate::documents::json::render(&whole.report)?),
        page: text(whole::html::render(&drawn(whole))?),
        document: whole::docx::render(&drawn(whole), template)?,
    })
}

/// A template that cannot be filled is the office's to mend; anything else is ours.
pub fn failed(err: &WholeError) -> PageError {
    tracing::error!(error = %err, "a whole report could not be drawn");
    match err {
        WholeError::Template(_) | WholeError::NoPlace(_) => {
            PageError(ServiceError::refused(format!("报告模板不能使用：{}", err.explain())).into())
        }
        WholeError::Document(_) => PageError(WebError::Overloaded),
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
    let choice = frame::chosen(&app, &signed_in, &params).await?;
    let today = signed_in.caller.today();
    let frame = Frame::new(year, &params, &choice, &signed_in, today, "text")?;
    if !frame.as_of_error.is_empty() {
        return Err(PageError(WebError::BadRequest));
    }
    let (whole, template) = prepared(&app, &signed_in, frame.query(&choice)).await?;
    let name = format!("{}.{format}", drawn(&whole).file_stem());
    let (is_pdf, end) = (format == "pdf", format.clone());
    let mut bytes = web::block(move || match format.as_str() {
        "html" => whole::html::render(&drawn(&whole)).map_err(WholeError::from),
        _ => whole::docx::render(&drawn(&whole), template.as_deref()),
    })
    .await
    .map_err(|_| WebError::Overloaded)?
    .map_err(|err| failed(&err))?;
    if is_pdf {
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
            attachment(&name, &format!("annual-report-{year}.{end}")),
        ))
        .body(bytes))
}
