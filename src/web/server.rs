//! The server: workers, middleware, and the address it listens on.

use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::{Compress, DefaultHeaders, from_fn};
use actix_web::{App as Actix, HttpServer, web};

use crate::web::form::MAX_FORM;
use crate::web::{App, guard, gzip};

/// No outside resource, no script or style in a page, no frame around it.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
                      form-action 'self'; frame-ancestors 'none'";

/// Browsers that have been here over TLS come back over TLS only, for a year.
const HSTS: (&str, &str) = ("Strict-Transport-Security", "max-age=31536000");

/// How long a connection is kept that still sends what was refused.
const LINGER: Duration = Duration::from_secs(20);

/// Headers every answer carries.
pub fn security_headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add(("Content-Security-Policy", POLICY))
        .add(("X-Content-Type-Options", "nosniff"))
        .add(("X-Frame-Options", "DENY"))
        .add(("Referrer-Policy", "same-origin"))
        .add(("Cross-Origin-Opener-Policy", "same-origin"))
        .add(("Permissions-Policy", "camera=(), microphone=(), geolocation=()"))
}

/// Binds the address and returns the server, to be awaited, and the address it got: port 0 asks for
/// any free one.
///
/// # Errors
/// Where the address cannot be bound.
pub fn start(app: web::Data<App>) -> std::io::Result<(Server, std::net::SocketAddr)> {
    let listen = app.settings.server.listen;
    let is_secure = app.settings.server.has_secure_cookies();
    let server = HttpServer::new(move || {
        Actix::new()
            .app_data(app.clone())
            .app_data(web::PayloadConfig::new(MAX_FORM))
            .wrap(from_fn(guard::guard))
            .wrap(if is_secure { security_headers().add(HSTS) } else { security_headers() })
            .wrap(from_fn(gzip::compress))
            .wrap(Compress::default())
            .configure(guard::mount)
    })
    // Two workers answer thousands of pages a second; the database, not they, is the limit.
    .workers(2)
    // More threads than connections would wait for one.
    .worker_max_blocking_threads(6)
    // The last piece of an answer does not wait until the browser has acknowledged the pieces before.
    .tcp_nodelay(true)
    // A file that is refused while it is still being sent: what else comes is thrown away so long, so that
    // a browser gets to read why.
    .client_disconnect_timeout(LINGER)
    .bind(listen)?;
    let address = server.addrs().first().copied().unwrap_or(listen);
    Ok((server.run(), address))
}
