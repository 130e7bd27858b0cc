//! How facts look on any page: days that are due, words, charts.

pub(in crate::web) mod charts;
pub mod due;
pub(in crate::web) mod words;
