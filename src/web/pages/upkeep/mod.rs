//! Looking after an installation: settings, journal, work in the background.

pub mod admin;
pub mod jobs;
pub mod journal;
pub mod settings;
pub mod style;
