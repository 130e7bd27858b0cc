//! Adds an agency to the tree.

use serde_json::json;

use crate::service::{Caller, ServiceError, agency, note};
use crate::storage::access::agencies;
use crate::storage::access::agencies::Agency;
use crate::storage::{DbConnection, StorageError};

/// Adds an agency with a code of its own, under a parent or at the root.
///
/// # Errors
/// A code or name that is empty, a code that is taken, or a parent that does not exist.
pub fn add_agency(
    conn: &mut DbConnection,
    caller: &Caller,
    code: &str,
    name: &str,
    parent: Option<&str>,
) -> Result<Agency, ServiceError> {
    let (code, name) = (code.trim(), name.trim());
    if code.is_empty() || name.is_empty() {
        return Err(ServiceError::refused("请填写机关的代码和名称"));
    }
    let parent = parent.map(|it| agency(conn, it)).transpose()?;
    match agencies::by_code(conn, code) {
        Ok(_) => return Err(ServiceError::AgencyExists(code.to_owned())),
        Err(StorageError::NotFound) => {}
        Err(err) => return Err(err.into()),
    }
    let added = agencies::insert(conn, code, name, parent.as_ref()).map_err(|err| match err {
        // Somebody added it at the same moment.
        StorageError::Conflict => ServiceError::AgencyExists(code.to_owned()),
        err => err.into(),
    })?;
    let details = json!({ "code": code, "name": name, "parent": parent.map(|it| it.code) });
    note::agency(conn, caller, added.agency_id(), "add", details)?;
    Ok(added)
}

/// Every agency, parents before children.
pub fn list_agencies(conn: &mut DbConnection) -> Result<Vec<Agency>, ServiceError> {
    Ok(agencies::all(conn)?)
}
