//! What a year of the report is made of: classified cases, entered figures, charts and texts.

pub mod charts;
pub mod figures;
pub mod statistics;
pub mod text;
