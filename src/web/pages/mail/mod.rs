//! The outbox.

pub mod outbox;
