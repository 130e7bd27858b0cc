//! The integration tests, one program: it links once, however many files there are.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod access;
mod browser;
mod calendar;
mod case;
mod desk;
mod mail;
mod office;
mod pages_snapshots;
mod remedy;
mod report;
mod support;
mod terms;
mod tidy;
mod upkeep;
