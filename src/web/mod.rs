//! The workbench in the browser: pages drawn on the server, over the same use cases as everything else.
//!
//! Rules are not here: a handler reads a form, runs a use case, and shows what came of it. SQL is not
//! here either; of storage only the transaction ([`crate::storage::Db`]) and its errors are known.

mod app;
mod assets;
mod bare;
mod done;
mod download;
mod error;
mod first_start;
mod forecasts;
mod form;
pub mod guard;
mod gzip;
mod kept;
mod page;
mod pages;
mod rate;
mod redirect;
pub mod route;
pub mod server;
mod session;
mod view;

pub use app::App;

/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
