//! The journal as it is looked through, and work in the background.

pub mod audit;
pub mod job_runs;
pub mod plans;
