//! The document an agency has its report filled into, instead of the built-in one.

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::service::{Caller, ServiceError, agency, note};
use crate::storage::DbConnection;
use crate::storage::annual::wordings::{self, OfficeTemplate};

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

/// Keeps a document as the next version. The caller has checked that a report can be filled into it. An
/// empty file brings the built-in one back.
///
/// # Errors
/// Where there is no such agency, or the database fails.
pub fn keep_template(
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
