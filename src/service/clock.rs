//! The present: the one place that reads the clock for those who work. The loop of jobs has the clock of the
//! system, for its leases hold between processes.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

/// Where the present comes from.
#[derive(Debug, Clone, Copy, Default)]
pub enum Clock {
    /// The clock of the system.
    #[default]
    System,
    /// A clock set to another instant, running on from there: for rehearsals and tests of days to come.
    Set {
        /// What it was set to.
        at: DateTime<Utc>,
        /// When it was set.
        since: Instant,
    },
}

impl Clock {
    /// A clock set to an instant now; that of the system without one.
    pub fn set_to(at: Option<DateTime<Utc>>) -> Self {
        at.map_or(Self::System, |at| Self::Set { at, since: Instant::now() })
    }

    /// Whether it was set to another instant.
    pub fn is_set(&self) -> bool {
        matches!(self, Self::Set { .. })
    }

    /// The instant.
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System => Utc::now(),
            Self::Set { at, since } => *at + delta(since.elapsed()),
        }
    }
}

fn delta(span: Duration) -> TimeDelta {
    TimeDelta::from_std(span).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_set_runs_on() {
        let at: DateTime<Utc> = "2026-12-31T15:59:59Z".parse().unwrap();
        let clock = Clock::set_to(Some(at));
        let first = clock.now();
        assert!(at <= first && first < at + TimeDelta::minutes(1));
        assert!(first <= clock.now());
    }
}
