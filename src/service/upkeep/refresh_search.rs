//! Keeps full text up to date: what the index of words does not know yet.

use crate::service::ServiceError;
use crate::storage::{Db, search};

/// Cases per transaction: short enough that work goes on beside it.
const PER_TRANSACTION: i64 = 500;
/// Documents per transaction while people work: whoever registers a case waits for it.
const WHILE_AT_WORK: i64 = 25;

/// Makes every case known to full text that it does not know yet, in order; returns how many. It may be
/// interrupted, and run again, at any time; where there is nothing to do, it is one walk over the
/// identifiers. On PostgreSQL it then puts the texts of each agency together, which locks them for seconds.
pub fn refresh_search(db: &Db) -> Result<usize, ServiceError> {
    let (mut n_known, mut after) = (0, String::new());
    while let Some((n, last)) = db.write(|conn| search::fill(conn, &after, PER_TRANSACTION))? {
        n_known += n;
        after = last;
    }
    while db.write(|conn| search::index_pending(conn, PER_TRANSACTION))? != 0 {}
    db.write(search::put_together)?;
    Ok(n_known)
}

/// Puts some of what was registered or set right since into the index of words, in a short transaction;
/// returns how many. Until then it is found all the same, by reading.
pub fn index_some(db: &Db) -> Result<usize, ServiceError> {
    Ok(db.write(|conn| search::index_pending(conn, WHILE_AT_WORK))?)
}
