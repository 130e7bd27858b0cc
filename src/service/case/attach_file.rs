//! Adds a file to a case, and opens one.

use std::fs::File;

use serde_json::json;

use crate::domain::attachment::{AttachmentKind, ScanState, clean_name};
use crate::domain::ids::{AttachmentId, CaseId};
use crate::domain::journal::{ATTACH, OPEN_IDENTITY_PROOF, REFUSE_INFECTED};
use crate::domain::labels::Coded;
use crate::domain::visibility::Viewer;
use crate::domain::workflow::{Action, Role, WorkflowError};
use crate::files::{FileError, Held, Scanner, Store};
use crate::service::case::open_case::sighted_case;
use crate::service::{Caller, ServiceError, note};
use crate::storage::case::attachments;
use crate::storage::{Db, DbConnection, StorageError};

pub use crate::storage::case::attachments::{Attachment, Removal};

/// Those who may open what was removed from a case, and remove what others have added: the office's own
/// staff.
pub const KEEPERS: &[Role] = &[Role::Clerk, Role::Approver, Role::Manager];

/// What came of adding a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attached {
    /// It was added.
    Added(Attachment),
    /// The case has this very file already, for the same purpose; nothing was added.
    Known(Attachment),
}

/// Whether somebody may open what was removed from the cases they see: who keeps files, and who audits them.
pub fn may_open_removed(viewer: &Viewer) -> bool {
    viewer.roles.iter().any(|it| KEEPERS.contains(it) || *it == Role::Auditor)
}

/// That somebody may add files to a case: they see it, it is of their own agency, and
/// they may at least note something in it.
///
/// # Errors
/// [`StorageError::NotFound`] where this person does not see such a case, or the refusal of the rules.
pub fn check_may_attach(conn: &mut DbConnection, caller: &Caller, case: CaseId) -> Result<(), ServiceError> {
    let sighted = sighted_case(conn, caller, case)?;
    let may = caller.viewer.acts_on(sighted.place()) && caller.viewer.may(Action::AddNote);
    if may { Ok(()) } else { Err(not_permitted()) }
}

/// The refusal of somebody who sees a case and may do nothing with it.
pub(in crate::service) fn not_permitted() -> ServiceError {
    WorkflowError::NotPermitted { action: Action::AddNote }.into()
}

/// Has a file scanned, where there is a scanner. One that is infected is refused, and the journal of the
/// case keeps that it came.
///
/// # Errors
/// [`FileError::Infected`], [`FileError::NotScanned`], or where the disk or the database fails.
pub fn scan_file(
    db: &Db,
    scanner: Option<&Scanner>,
    caller: &Caller,
    case: CaseId,
    name: &str,
    file: &Held,
) -> Result<ScanState, ServiceError> {
    let Some(scanner) = scanner else { return Ok(ScanState::NotScanned) };
    let result = scanner.scan(file);
    if let Err(FileError::Infected { virus }) = &result {
        let details = json!({
            "file_name": clean_name(name), "virus": virus, "sha256": file.hash().as_str(),
        });
        note::write_again(db, |conn| {
            note::beside_case(conn, caller, case, REFUSE_INFECTED, details.clone())
        })?;
    }
    Ok(result?)
}

/// Adds a file to a case. The file is in the store, and on the disk, before the row that names it is
/// committed; where the row is refused, it stays behind without a name in any case.
///
/// # Errors
/// [`StorageError::NotFound`] where this person does not see such a case, the refusal of the rules, or
/// where the disk or the database fails.
#[allow(clippy::too_many_arguments, reason = "each is one fact of the file")]
pub fn attach_file(
    db: &Db,
    store: &Store,
    caller: &Caller,
    case: CaseId,
    kind: AttachmentKind,
    name: &str,
    scan: ScanState,
    file: Held,
) -> Result<Attached, ServiceError> {
    let attachment = Attachment {
        id: AttachmentId::new(),
        case,
        kind,
        name: clean_name(name),
        size: file.size(),
        file_type: file.file_type(),
        hash: file.hash().clone(),
        scan,
        account: caller.viewer.user,
        added_by: caller.name.clone(),
        added_at: caller.now,
        removed: None,
    };
    db.read(|conn| check_may_attach(conn, caller, case))?;
    file.keep(store)?;
    note::write_again(db, |conn| add(conn, caller, &attachment))
}

fn add(conn: &mut DbConnection, caller: &Caller, attachment: &Attachment) -> Result<Attached, ServiceError> {
    check_may_attach(conn, caller, attachment.case)?;
    if let Some(known) = attachments::same(conn, attachment.case, attachment.kind, &attachment.hash)? {
        return Ok(Attached::Known(known));
    }
    attachments::insert(conn, attachment)?;
    let details = json!({
        "id": attachment.id.to_string(),
        "file_name": attachment.name,
        "file_kind": attachment.kind.code(),
        "scan": attachment.scan.code(),
        "size": attachment.size,
        "sha256": attachment.hash.as_str(),
    });
    note::beside_case(conn, caller, attachment.case, ATTACH, details)?;
    Ok(Attached::Added(attachment.clone()))
}

/// Opens a file of a case. That somebody opened a proof of identity is kept in the journal, for its number
/// is otherwise shown in part only.
///
/// # Errors
/// [`StorageError::NotFound`] where this person does not see such a case or there is no such file,
/// [`FileError::Missing`] where it is not in the store.
pub fn open_attachment(
    db: &Db,
    store: &Store,
    caller: &Caller,
    case: CaseId,
    attachment: AttachmentId,
) -> Result<(Attachment, File), ServiceError> {
    let found = db.read(|conn| -> Result<_, ServiceError> {
        sighted_case(conn, caller, case)?;
        Ok(attachments::fetch(conn, case, attachment)?)
    })?;
    if found.removed.is_some() && !may_open_removed(&caller.viewer) {
        return Err(StorageError::NotFound.into());
    }
    let file = store.open(&found.hash)?;
    if found.kind == AttachmentKind::IdentityProof {
        let details = json!({ "id": found.id.to_string(), "file_name": found.name });
        note::write_again(db, |conn| {
            note::beside_case(conn, caller, case, OPEN_IDENTITY_PROOF, details.clone())
        })?;
    }
    Ok((found, file))
}
