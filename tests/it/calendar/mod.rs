//! Holiday notices, days in Beijing, and feeds of deadlines.

pub mod beijing_days;
pub mod feed;
pub mod notices;
pub mod oracle;
