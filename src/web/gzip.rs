//! Pages are compressed before their head is sent, so that both leave in one write.
//!
//! [`Compress`](actix_web::middleware::Compress) hands a body to another thread and sends the head ahead of
//! it. That is right for what is sent in pieces, which is left to it.

use std::io::{self, Write};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, AcceptEncoding, Encoding, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Larger bodies would hold up the worker, which has others to answer.
const AT_MOST: u64 = 512 * 1024;

/// Compresses what is answered whole, where the browser takes gzip.
///
/// # Errors
/// What the request comes to otherwise.
pub async fn compress(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let takes_gzip = takes_gzip(&request);
    let response = next.call(request).await?;
    if !takes_gzip || response.headers().contains_key(header::CONTENT_ENCODING) {
        return Ok(response.map_into_boxed_body());
    }
    Ok(response.map_body(|head, body| {
        let BodySize::Sized(1..=AT_MOST) = body.size() else { return body.boxed() };
        let bytes = match body.try_into_bytes() {
            Ok(bytes) => bytes,
            Err(body) => return body.boxed(),
        };
        let Ok(small) = gzip(&bytes) else { return BoxBody::new(bytes) };
        head.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        head.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
        BoxBody::new(small)
    }))
}

fn takes_gzip(request: &ServiceRequest) -> bool {
    let known = [Encoding::identity(), Encoding::gzip()];
    let accepted = request.get_header::<AcceptEncoding>();
    accepted.and_then(|it| it.negotiate(known.iter())) == Some(Encoding::gzip())
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}
