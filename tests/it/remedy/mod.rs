//! Reconsiderations and suits.

pub mod pages;
