//! Whose figures a person may see: their own agency's, and for a manager those of the agencies below.

use crate::domain::visibility::Viewer;
use crate::domain::workflow::Role;
use crate::service::ServiceError;
pub use crate::storage::agencies::Agency as Unit;
use crate::storage::agencies::{self, Agency};
use crate::storage::{DbConnection, StorageError, statistics};

/// The agency chosen, and what else could be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The agency.
    pub agency: Agency,
    /// Every agency this person may choose, their own among them.
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
    viewer: &Viewer,
    code: Option<&str>,
) -> Result<Choice, ServiceError> {
    let all = if viewer.roles.contains(&Role::Manager) {
        agencies::subtree(conn, &viewer.agency_path)?
    } else {
        vec![agencies::by_id(conn, viewer.agency)?]
    };
    let wanted = |it: &&Agency| match code {
        Some(code) => it.code == code,
        None => it.agency_id() == viewer.agency,
    };
    let agency = all.iter().find(wanted).cloned().ok_or(StorageError::NotFound)?;
    let has_children = all.iter().any(|it| it.parent_id == Some(agency.id));
    let scope = agencies::Scope::of(&agency, false);
    let first_year = statistics::first_year(conn, &scope)?;
    Ok(Choice { agency, all, has_children, first_year })
}
