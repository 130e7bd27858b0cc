//! Files as answers: their names in a header, and their content in pieces.

use std::fmt::Write;
use std::io::{self, Read};

use actix_web::HttpResponse;
use actix_web::body::SizedStream;
use actix_web::http::header::{self, ContentEncoding};
use actix_web::web::{self, Bytes};
use futures_util::stream;

/// How much of a file is in memory at a time.
const PIECE: usize = 128 * 1024;

/// The header that names a file: the Chinese name for browsers of this century, a plain one beside it.
pub fn attachment(name: &str, plain: &str) -> String {
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("writing to a string cannot fail");
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

/// Sends `size` bytes as a file to be saved and never shown: a document that somebody handed in must not
/// run as a page of this site.
pub fn send(
    source: impl Read + Send + 'static,
    size: u64,
    media_type: &str,
    disposition: String,
) -> HttpResponse {
    let pieces = stream::try_unfold(source, |mut source| async move {
        let (source, piece) = web::block(move || -> io::Result<_> {
            let mut piece = Vec::with_capacity(PIECE);
            source.by_ref().take(u64::try_from(PIECE).unwrap_or(u64::MAX)).read_to_end(&mut piece)?;
            Ok((source, piece))
        })
        .await
        .map_err(io::Error::other)??;
        Ok::<_, io::Error>((!piece.is_empty()).then(|| (Bytes::from(piece), source)))
    });
    HttpResponse::Ok()
        // Compressing what is compressed costs time and the length.
        .insert_header(ContentEncoding::Identity)
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .body(SizedStream::new(size, pieces))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_file_is_in_chinese() {
        assert_eq!(
            attachment("局2025.csv", "report-2025.csv"),
            "attachment; filename=\"report-2025.csv\"; filename*=UTF-8''%E5%B1%802025.csv"
        );
    }
}
