//! An installation: its command line, tables, journal, jobs and the demonstration.

pub mod assets;
pub mod backup;
pub mod codes;
pub mod columns;
pub mod command_line;
pub mod demo_bureau;
pub mod journal;
pub mod pages;
pub mod plans;
pub mod postgres_tls;
pub mod schema;
pub mod wire;
