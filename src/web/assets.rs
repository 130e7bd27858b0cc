//! Styles, scripts and icons, in the binary: offices without internet fetch nothing from elsewhere.

use actix_web::http::header::{CacheControl, CacheDirective};
use actix_web::{HttpResponse, web};
use rust_embed::RustEmbed;

use crate::web::access::{Access, Route, get};
use crate::web::error::{PageError, WebError};

#[derive(RustEmbed)]
#[folder = "src/web/assets/"]
struct Assets;

/// The routes of assets.
pub const ROUTES: &[Route] = &[get("/assets/{name}", Access::Public, || web::get().to(asset))];

/// How long a browser keeps an asset. Their addresses carry the version of the program.
const KEEP_SECONDS: u32 = 7 * 24 * 3600;

async fn asset(name: web::Path<String>) -> Result<HttpResponse, PageError> {
    let file = Assets::get(&name).ok_or(PageError(WebError::NotFound))?;
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    Ok(HttpResponse::Ok()
        .insert_header(CacheControl(vec![CacheDirective::Public, CacheDirective::MaxAge(KEEP_SECONDS)]))
        .insert_header((actix_web::http::header::CONTENT_TYPE, kind))
        .body(file.data.into_owned()))
}
