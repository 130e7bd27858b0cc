//! The integration tests, one program: it links once, however many files there are.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod calendar_oracle;
mod pages_cases;
mod support;
mod terms;
mod tidy;
