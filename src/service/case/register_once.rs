//! Registers a form once, however often it is sent.

use crate::domain::ids::{AgencyId, CaseId};
use crate::service::case::register_case::{RegisterCase, register_case};
use crate::service::{Caller, Rules, ServiceError, note};
use crate::storage::access::agencies;
use crate::storage::case::intake;
use crate::storage::{Db, DbConnection};

/// The longest key of a form.
const MAX_KEY: usize = 64;

/// Registers an application under the key of its form. A form sent before is answered with the case it
/// has become, and nothing is registered: a double click, a reload, a second tab.
///
/// # Errors
/// As [`register_case`].
pub fn register_once(
    db: &Db,
    caller: &Caller,
    rules: &Rules,
    command: &RegisterCase,
    submission: &str,
) -> Result<CaseId, ServiceError> {
    // Where the same form comes twice at once, one of them finds the other stored.
    note::write_again(db, |conn| register_submission(conn, caller, rules, command, submission))
}

fn register_submission(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
    command: &RegisterCase,
    submission: &str,
) -> Result<CaseId, ServiceError> {
    if submission.is_empty() || MAX_KEY < submission.len() {
        return Err(ServiceError::refused("登记页面已经失效，请重新打开登记页面再登记"));
    }
    if let Some(case) = intake::submitted(conn, command.agency, submission)? {
        return Ok(case);
    }
    let case = register_case(conn, caller, rules, command)?;
    intake::note_submission(conn, command.agency, submission, case.id)?;
    Ok(case.id)
}

/// Whether a form has become a case already.
pub fn is_sent(conn: &mut DbConnection, agency: AgencyId, submission: &str) -> Result<bool, ServiceError> {
    Ok(intake::submitted(conn, agency, submission)?.is_some())
}

/// The departments an application can be given to at once: code, name.
pub fn departments(conn: &mut DbConnection, agency: AgencyId) -> Result<Vec<(String, String)>, ServiceError> {
    let departments = agencies::departments(conn, agency)?;
    Ok(departments.into_iter().map(|(id, name)| (id.0.to_string(), name)).collect())
}
