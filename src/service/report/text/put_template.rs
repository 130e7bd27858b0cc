//! The document an agency has its report filled into, instead of the built-in one.

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::documents::report::docx::{built_in, check};
use crate::service::report::derive_tables::ReportQuery;
use crate::service::report::text::whole_report;
use crate::service::{Caller, ServiceError, agency, note};
use crate::storage::report::text::wordings;
use crate::storage::report::text::wordings::OfficeTemplate;
use crate::storage::{Db, DbConnection};

/// What the journal calls it when the document is replaced.
pub const KEPT: &str = "keep_report_template";

/// The document of an agency; none where it uses the built-in one.
///
/// # Errors
/// Where there is no such agency, or the database fails.
pub fn template(conn: &mut DbConnection, agency_code: &str) -> Result<Option<OfficeTemplate>, ServiceError> {
    let id = agency(conn, agency_code)?.agency_id();
    Ok(wordings::template(conn, id)?.filter(|it| !it.file.is_empty()))
}

/// The document in force as a file to be edited: the agency's own, or the built-in one for this report.
///
/// # Errors
/// Those of [`whole_report`].
pub fn template_to_edit(db: &Db, caller: &Caller, query: &ReportQuery) -> Result<Vec<u8>, ServiceError> {
    if let Some(own) = db.read(|conn| template(conn, &query.agency))? {
        return Ok(own.file);
    }
    let whole = db.snapshot(|conn| whole_report(conn, caller, query))?;
    Ok(built_in(&whole)?)
}

/// Draws a report into a document, and says what that leaves out, which is allowed but seldom meant.
///
/// # Errors
/// Why the document cannot be used.
pub fn check_template(
    db: &Db,
    caller: &Caller,
    query: &ReportQuery,
    file: &[u8],
) -> Result<Vec<String>, ServiceError> {
    let whole = db.snapshot(|conn| whole_report(conn, caller, query))?;
    check(&whole, file).map_err(|err| ServiceError::refused(err.explain()))
}

/// Keeps a document as the next version, where a report can be drawn into it.
///
/// # Errors
/// Why the document cannot be used.
pub fn put_template(
    db: &Db,
    caller: &Caller,
    query: &ReportQuery,
    name: &str,
    file: &[u8],
) -> Result<(), ServiceError> {
    check_template(db, caller, query, file)?;
    db.write(|conn| keep(conn, caller, &query.agency, name, file))
}

/// Brings the built-in document back. Where it is in force already, nothing changes.
///
/// # Errors
/// Where there is no such agency.
pub fn restore_built_in(
    conn: &mut DbConnection,
    caller: &Caller,
    agency_code: &str,
) -> Result<(), ServiceError> {
    match template(conn, agency_code)? {
        None => Ok(()),
        Some(_) => keep(conn, caller, agency_code, "系统自带的模板", &[]),
    }
}

/// Keeps a document as the next version; an empty file stands for the built-in one.
fn keep(
    conn: &mut DbConnection,
    caller: &Caller,
    agency_code: &str,
    name: &str,
    file: &[u8],
) -> Result<(), ServiceError> {
    let id = agency(conn, agency_code)?.agency_id();
    let version = wordings::template(conn, id)?.map_or(0, |it| it.version) + 1;
    let template = OfficeTemplate {
        version,
        name: name.to_owned(),
        file: file.to_vec(),
        author: caller.name.clone(),
        saved_at: caller.now,
    };
    wordings::keep_template(conn, id, &template)?;
    let details = json!({ "file": name, "version": version, "sha256": hash(file) });
    let subject = format!("report-template-{}", id.0);
    note::report(conn, caller, id, subject, KEPT, details)?;
    Ok(())
}

/// The SHA-256 of a file, in hexadecimal digits.
pub(super) fn hash(file: &[u8]) -> String {
    Sha256::digest(file).iter().map(|byte| format!("{byte:02x}")).collect()
}
