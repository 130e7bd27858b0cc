//! Styles, scripts and icons, in the binary: offices without internet fetch nothing from elsewhere.
//!
//! Their addresses carry a hash of their content. A browser keeps what it has fetched for as long as it likes, and
//! a page never meets the styles of another version.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::LazyLock;

use actix_web::http::header::{CacheControl, CacheDirective};
use actix_web::{HttpResponse, web};
use rust_embed::RustEmbed;
use serde::Deserialize;

use crate::web::error::{PageError, WebError};
use crate::web::route::{Access, Route, get};

#[derive(RustEmbed)]
#[folder = "src/web/assets/"]
struct Assets;

/// The routes of assets.
pub const ROUTES: &[Route] = &[get("/assets/{name}", Access::Public, || web::get().to(asset))];

/// A year: the longest that browsers keep anything.
const KEEP_SECONDS: u32 = 365 * 24 * 3600;

/// The address of every asset, by its name.
static ADDRESSES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let address = |name: &str| Some(format!("/assets/{name}?v={}", hash(&Assets::get(name)?)));
    Assets::iter().filter_map(|name| Some((name.to_string(), address(&name)?))).collect()
});

/// The address of an asset, for the templates. A name that is none leads nowhere, which a test excludes.
pub fn at(name: &str) -> &'static str {
    ADDRESSES.get(name).map_or("/assets/", String::as_str)
}

/// The beginning of the SHA-256 of a file.
fn hash(file: &rust_embed::EmbeddedFile) -> String {
    file.metadata.sha256_hash()[..8].iter().fold(String::with_capacity(16), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("writing to a string cannot fail");
        hex
    })
}

#[derive(Debug, Deserialize)]
struct Version {
    /// The hash the page was drawn with.
    #[serde(default)]
    v: String,
}

async fn asset(name: web::Path<String>, version: web::Query<Version>) -> Result<HttpResponse, PageError> {
    let file = Assets::get(&name).ok_or(PageError(WebError::NotFound))?;
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    // A page of another version is given what there is, once.
    let kept = if version.v == hash(&file) {
        let immutable = CacheDirective::Extension("immutable".to_owned(), None);
        vec![CacheDirective::Public, CacheDirective::MaxAge(KEEP_SECONDS), immutable]
    } else {
        vec![CacheDirective::NoCache]
    };
    Ok(HttpResponse::Ok()
        .insert_header(CacheControl(kept))
        .insert_header((actix_web::http::header::CONTENT_TYPE, kind))
        .body(file.data.into_owned()))
}
