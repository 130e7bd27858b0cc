//! The file of an issued letter: as it was issued, or as PDF.

use std::fmt::Write;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::documents::Format;
use crate::documents::office::OfficeError;
use crate::domain::ids::LetterId;
use crate::service::case::letters::{IssuedLetter, issued_letter};
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::page::{Page, show};
use crate::web::session::SignedIn;

#[derive(Template)]
#[template(path = "pages/case/letters/no_pdf.html")]
struct NoPdfPage {
    page: Page,
    text: &'static str,
    back: String,
    docx: String,
}

/// What an installation without LibreOffice says.
const NOT_INSTALLED: &str =
    "本系统所在的服务器没有安装 LibreOffice，不能生成 PDF。请下载 Word 文档，用 Word 或者 WPS 另存为 PDF。";

/// GET the file.
pub async fn file(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String, String)>,
) -> Result<HttpResponse, PageError> {
    let (case, letter, format) = path.into_inner();
    let letter: LetterId = letter.parse().map_err(|_| WebError::NotFound)?;
    let caller = signed_in.caller.clone();
    let (issued, case_no, docx) =
        app.run(move |db| db.read(|conn| issued_letter(conn, &caller, letter))).await?;
    if issued.case.to_string() != case {
        return Err(PageError(WebError::NotFound));
    }
    let name = name(&issued, &case_no);
    match format.as_str() {
        "docx" => Ok(download(&format!("{name}.docx"), Format::Docx.content_type(), docx)),
        "pdf" => {
            let back = format!("/cases/{case}/letters");
            let docx_at = format!("{back}/{letter}/docx");
            match pdf(&app, docx).await? {
                Ok(bytes) => Ok(download(&format!("{name}.pdf"), "application/pdf", bytes)),
                Err(text) => no_pdf(&app, &signed_in, text, back, docx_at),
            }
        }
        _ => Err(PageError(WebError::NotFound)),
    }
}

/// The name to save a letter under: its title with its number, or that of the case.
fn name(issued: &IssuedLetter, case_no: &str) -> String {
    let no = issued.document_no.as_deref().unwrap_or(case_no);
    let is_safe = |it: &char| !it.is_control() && !r#"\/:*?"<>|"#.contains(*it);
    format!("{}（{no}）", issued.title).chars().filter(is_safe).collect()
}

/// A PDF of a document; or in words why there is none.
pub async fn pdf(app: &web::Data<App>, docx: Vec<u8>) -> Result<Result<Vec<u8>, &'static str>, PageError> {
    let Some(office) = app.office.clone() else { return Ok(Err(NOT_INSTALLED)) };
    let made = web::block(move || office.to_pdf(&[&docx]).map(|it| it.into_iter().next()))
        .await
        .map_err(|_| WebError::Overloaded)?;
    Ok(match made {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(OfficeError::Busy.explain()),
        Err(error) => {
            tracing::error!(%error, "a letter could not be converted to PDF");
            Err(error.explain())
        }
    })
}

/// A page that says why there is no PDF, and where the document is.
pub fn no_pdf(
    app: &App,
    signed_in: &SignedIn,
    text: &'static str,
    back: String,
    docx: String,
) -> Result<HttpResponse, PageError> {
    let mut response = show(&NoPdfPage { page: Page::new(app, signed_in, "cases"), text, back, docx })?;
    *response.status_mut() = actix_web::http::StatusCode::SERVICE_UNAVAILABLE;
    Ok(response)
}

/// A file to be saved under a Chinese name.
pub fn download(name: &str, content_type: &'static str, bytes: Vec<u8>) -> HttpResponse {
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("writing to a string cannot fail");
        }
    }
    let extension = name.rsplit('.').next().unwrap_or_default();
    let disposition = format!("attachment; filename=\"letter.{extension}\"; filename*=UTF-8''{encoded}");
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, content_type))
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .body(bytes)
}
