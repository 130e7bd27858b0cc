//! Puts new and changed texts into the index of words, a few at a time: on SQLite whoever registers a case
//! meanwhile waits for them.

use std::time::Duration;

use chrono::{TimeDelta, Utc};

use super::{JobError, Work};
use crate::service::upkeep::refresh_search::index_some;
use crate::storage::{Db, StorageError, search};

/// A run ends after so long, so that other jobs get their turn; the next one begins soon.
const LONGEST_RUN: TimeDelta = TimeDelta::minutes(1);
/// Between two transactions, for those who wait.
const PAUSE: Duration = Duration::from_millis(10);

/// Whether any text waits.
pub(super) fn has_work(db: &Db) -> Result<bool, StorageError> {
    db.read(search::has_pending)
}

pub(super) fn index(work: &Work<'_>) -> Result<String, JobError> {
    let mut n_indexed = 0;
    while work.goes_on() && Utc::now() < work.now + LONGEST_RUN {
        let n = index_some(work.db)?;
        if n == 0 {
            break;
        }
        n_indexed += n;
        std::thread::sleep(PAUSE);
    }
    Ok(format!("编入{n_indexed}件"))
}
