//! The workbench in the browser: pages drawn on the server, over the same use cases as everything else.
//!
//! Rules are not here: a handler reads a form, runs a use case, and shows what came of it. SQL is not
//! here either; of storage only the transaction ([`Db`]) and its errors are known.

pub mod access;
mod app;
pub mod assets;
mod bare;
pub mod charts;
pub mod done;
pub mod download;
pub mod error;
mod first_start;
mod forecasts;
pub mod form;
pub mod guard;
pub mod page;
pub mod pages;
pub mod rate;
pub mod server;
pub mod session;
pub mod words;

pub use app::App;

/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
