//! Holiday notices, and the feeds of deadlines.

pub mod feeds;
pub mod notices;
