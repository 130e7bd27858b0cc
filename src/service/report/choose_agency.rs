//! Whose figures a person may see: their own agency's, and for a manager those of the agencies below.

use crate::service::{Caller, ServiceError};
use crate::storage::access::agencies;
pub use crate::storage::access::agencies::Agency as Unit;
use crate::storage::access::agencies::Agency;
use crate::storage::report::statistics;
use crate::storage::{DbConnection, StorageError};

/// The agency chosen, and what else could be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The agency.
    pub agency: Agency,
    /// What this person may choose from here, their own agency among it.
    pub all: Vec<Agency>,
    /// Whether there is anything below the agency, to be summed.
    pub has_children: bool,
    /// The year of its first case.
    pub first_year: Option<i32>,
}

/// The agency with this code where the person may see its figures; their own without a code.
///
/// # Errors
/// [`StorageError::NotFound`] for an agency that is not theirs to see, which is the same as none.
pub fn choose_agency(
    conn: &mut DbConnection,
    caller: &Caller,
    code: Option<&str>,
) -> Result<Choice, ServiceError> {
    let agency = match code {
        Some(code) => agencies::by_code(conn, code)?,
        None => agencies::by_id(conn, caller.viewer.agency)?,
    };
    let sees_below = caller.viewer.sees_below();
    let is_theirs = agency.agency_id() == caller.viewer.agency || (sees_below && caller.reaches(&agency));
    if !is_theirs {
        return Err(StorageError::NotFound.into());
    }
    let all = if sees_below {
        agencies::to_choose(conn, &caller.viewer.agency_path, &agency.path)?
    } else {
        vec![agency.clone()]
    };
    let has_children = sees_below && agencies::has_children(conn, agency.agency_id())?;
    let scope = agencies::Scope::of(&agency, false);
    let first_year = statistics::first_year(conn, &scope)?;
    Ok(Choice { agency, all, has_children, first_year })
}
