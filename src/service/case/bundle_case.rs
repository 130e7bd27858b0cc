//! Takes a whole case out, for the reconsideration body, the court or the archive.

use serde_json::json;

use crate::domain::ids::CaseId;
use crate::domain::journal::BUNDLE;
use crate::domain::visibility::CasePlace;
use crate::service::case::attach_file::{KEEPERS, not_permitted};
use crate::service::case::open_case::{CaseFile, case_file};
use crate::service::{Caller, ServiceError, note};
use crate::storage::case::letters;
use crate::storage::{Db, DbConnection};

/// Whether somebody may take a case out: the office's own staff.
pub fn may_bundle(caller: &Caller, place: &CasePlace) -> bool {
    caller.viewer.acts_on(place) && caller.viewer.roles.iter().any(|it| KEEPERS.contains(it))
}

/// A case with what its file holds in other places.
#[derive(Debug, Clone)]
pub struct ToBundle {
    /// The case.
    pub file: CaseFile,
    /// The documents of the letters issued in it, in the order of [`CaseFile::letters`].
    pub letters: Vec<Vec<u8>>,
}

/// The file of a case for somebody who may take it out.
///
/// # Errors
/// [`crate::storage::StorageError::NotFound`] where this person does not see such a case, or the refusal
/// of the rules.
pub fn file_to_bundle(
    conn: &mut DbConnection,
    caller: &Caller,
    case: CaseId,
) -> Result<ToBundle, ServiceError> {
    let file = case_file(conn, caller, case)?;
    if !may_bundle(caller, &file.place) {
        return Err(not_permitted());
    }
    let letters: Result<_, _> = file.letters.iter().map(|it| letters::file(conn, it.id)).collect();
    Ok(ToBundle { letters: letters?, file })
}

/// Keeps in the journal that a case was taken out: with how many files, and the hash of the list of them,
/// by which the copy can be told from another.
pub fn note_bundle(
    db: &Db,
    caller: &Caller,
    case: CaseId,
    n_files: usize,
    list_sha256: &str,
) -> Result<(), ServiceError> {
    let details = json!({ "n_files": n_files, "list_sha256": list_sha256 });
    note::write_again(db, |conn| note::beside_case(conn, caller, case, BUNDLE, details.clone()))
}
