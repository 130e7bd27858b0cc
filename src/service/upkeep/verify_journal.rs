//! Verifies the seals of the journal.

use crate::service::ServiceError;
use crate::storage::DbConnection;
use crate::storage::journal::{self, Broken};

/// Recomputes every seal. Returns how many entries there are, and those that are broken.
pub fn verify_journal(conn: &mut DbConnection) -> Result<(u64, Vec<Broken>), ServiceError> {
    Ok(journal::verify(conn)?)
}
