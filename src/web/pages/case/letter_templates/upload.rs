//! An uploaded template: a small form of several parts, read with limits.

use actix_multipart::{Field, Multipart};
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use futures_util::StreamExt;

use crate::documents::letters::MAX_TEMPLATE;
use crate::domain::refusal::Refusals;
use crate::web::error::{PageError, WebError};
use crate::web::form::Posted;
use crate::web::session::SignedIn;

/// The longest field that is no file, in bytes.
const MAX_TEXT: usize = 1024;

/// What was sent.
#[derive(Debug, Default)]
pub struct Uploaded {
    /// What is to be done with it: `check` or `use`.
    pub then: String,
    /// The name of the file; empty where none was chosen.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// Whether it was longer than a template may be; then it was not read to its end.
    pub is_too_long: bool,
}

impl Uploaded {
    /// Refuses what is no file at all, before it is looked into.
    ///
    /// # Errors
    /// What is wrong, at the field `file`; `missing` where nothing was chosen.
    pub fn check(&self, missing: &str) -> Result<(), Refusals> {
        if self.is_too_long {
            return Err(Refusals::at("file", "文件超过 2 MB，请删去其中的图片等内容"));
        }
        if self.name.is_empty() || self.bytes.is_empty() {
            return Err(Refusals::at("file", missing));
        }
        Ok(())
    }
}

/// Reads the form. The token stands before the file, or nothing is read.
///
/// # Errors
/// A form without the token, or one that cannot be read.
pub async fn receive(
    signed_in: &SignedIn,
    request: &HttpRequest,
    payload: web::Payload,
) -> Result<Uploaded, PageError> {
    if !request.content_type().eq_ignore_ascii_case("multipart/form-data") {
        // A form that cannot carry files: its token is looked at all the same.
        Posted::from_request(request, &mut payload.into_inner())
            .await
            .map_err(|_| PageError(WebError::Forged))?;
        return Ok(Uploaded::default());
    }
    let mut form = Multipart::new(request.headers(), payload);
    let mut uploaded = Uploaded::default();
    let mut is_ours = false;
    while let Some(field) = form.next().await {
        let field = field.map_err(|_| PageError(WebError::BadRequest))?;
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "csrf" => is_ours = text(field).await? == signed_in.csrf,
            _ if !is_ours => return Err(PageError(WebError::Forged)),
            "then" => uploaded.then = text(field).await?,
            "file" => {
                let disposition = field.content_disposition();
                let given = disposition.and_then(|it| it.get_filename()).unwrap_or_default();
                uploaded.name = clean_name(given);
                let (bytes, is_too_long) = read(field, MAX_TEMPLATE).await?;
                (uploaded.bytes, uploaded.is_too_long) = (bytes, is_too_long);
                if is_too_long {
                    return Ok(uploaded);
                }
            }
            _ => {}
        }
    }
    if is_ours { Ok(uploaded) } else { Err(PageError(WebError::Forged)) }
}

async fn read(mut field: Field, limit: usize) -> Result<(Vec<u8>, bool), PageError> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.next().await {
        let piece = piece.map_err(|_| PageError(WebError::BadRequest))?;
        if bytes.len() + piece.len() > limit {
            return Ok((Vec::new(), true));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok((bytes, false))
}

async fn text(field: Field) -> Result<String, PageError> {
    match read(field, MAX_TEXT).await? {
        (bytes, false) => String::from_utf8(bytes).map_err(|_| PageError(WebError::BadRequest)),
        (_, true) => Err(PageError(WebError::BadRequest)),
    }
}

/// The last part of a path, as browsers of long ago sent it, without what no name holds; at most 100 characters.
fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|it| !it.is_control()).take(100).collect()
}
