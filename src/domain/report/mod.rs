//! The annual report: the official forms as data, the classification of cases into their cells, and the text.

pub mod forms;
pub mod statistics;
pub mod text;
