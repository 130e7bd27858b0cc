//! The integration tests, one program: it links once, however many files there are.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod calendar_oracle;
mod command_line;
mod demo_bureau;
mod office;
mod pages_admin;
mod pages_remedies;
mod pages_reports;
mod published_reports;
mod support;
mod terms;
mod tidy;
