//! Reconsiderations and suits: the record, its stages, and lists.

pub mod lists;
pub mod remedies;
pub mod stages;
