//! Holiday notices, the one that is missing, and the feeds of deadlines.

pub mod feed_deadlines;
pub mod import_notice;
pub mod miss_notice;
pub mod preview_notice;
