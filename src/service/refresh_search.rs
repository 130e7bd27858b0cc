//! Indexes cases that full text does not know yet, as after an upgrade.

use crate::service::ServiceError;
use crate::storage::{Db, search};

/// Cases per transaction: short enough that work goes on beside it.
const PER_TRANSACTION: i64 = 500;

/// Indexes every case that is not indexed yet, in order; returns how many. It may be interrupted, and
/// run again, at any time; where there is nothing to do, it is one walk over the identifiers.
///
/// # Errors
/// Where the database fails.
pub fn refresh_search(db: &Db) -> Result<usize, ServiceError> {
    let (mut n_indexed, mut after) = (0, String::new());
    while let Some((n, last)) = db.write(|conn| search::fill(conn, &after, PER_TRANSACTION))? {
        n_indexed += n;
        after = last;
    }
    Ok(n_indexed)
}
