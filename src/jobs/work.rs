//! What a job works with, and why one fails.

use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

use crate::config::Settings;
use crate::jobs::Stop;
use crate::service::{Caller, Rules, ServiceError};
use crate::storage::{Db, StorageError};

/// Why a job failed.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// A use case failed.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Something outside failed, told for people.
    #[error("{0}")]
    Outside(String),
}

/// What a job works with.
pub struct Work<'a> {
    /// The database.
    pub db: &'a Db,
    /// The settings.
    pub settings: &'a Settings,
    /// The rules, with the calendar as it is now.
    pub rules: Rules,
    /// This process.
    pub holder: &'a str,
    /// The instant the run began.
    pub now: DateTime<Utc>,
    /// Whether the process is to end.
    pub(super) stop: &'a Stop,
    /// Whether the lease is somebody else's by now.
    pub(super) has_lost: &'a AtomicBool,
}

impl Work<'_> {
    /// Whether the work is to go on: the process is not ending, and the lease is still its own.
    pub fn goes_on(&self) -> bool {
        !self.stop.is_set() && !self.has_lost.load(Ordering::Relaxed)
    }

    /// Nobody in particular, acting now.
    pub fn caller(&self) -> Caller {
        Caller::in_background(self.now)
    }

    /// For how long a lease or a claim is good.
    pub fn lease(&self) -> TimeDelta {
        lease(self.settings)
    }
}

/// For how long a lease or a claim is good.
pub fn lease(settings: &Settings) -> TimeDelta {
    TimeDelta::seconds(settings.jobs.lease_seconds.into())
}
