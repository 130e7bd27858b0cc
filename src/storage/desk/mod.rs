//! What lies before a person: the queue, lists, saved views, and the courses of past cases.

pub(in crate::storage) mod case_lines;
pub mod courses;
pub mod names;
pub mod queue;
pub mod views;
