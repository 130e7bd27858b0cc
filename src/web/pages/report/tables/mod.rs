//! The tables of a year: every cell opens its cases.

pub(in crate::web::pages::report) mod cell;
pub(in crate::web::pages::report) mod cell_file;
pub(in crate::web::pages::report) mod changes;
pub(in crate::web::pages::report) mod charts;
pub(in crate::web::pages::report) mod download;
pub(in crate::web::pages::report) mod identities;
pub(in crate::web::pages::report) mod table;
pub(in crate::web::pages::report) mod year;
