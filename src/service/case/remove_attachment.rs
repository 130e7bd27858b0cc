//! Takes a file away from a case: the row says by whom and why, and the file itself stays.

use serde_json::json;

use crate::domain::ids::{AttachmentId, CaseId};
use crate::domain::journal::REMOVE_ATTACHMENT;
use crate::domain::visibility::CasePlace;
use crate::service::case::attach_file::{Attachment, KEEPERS, Removal, not_permitted};
use crate::service::case::open_case::sighted_case;
use crate::service::{Caller, ServiceError, note};
use crate::storage::case::attachments;
use crate::storage::{DbConnection, StorageError};

/// The longest reason, in characters.
const MAX_REASON: usize = 500;

/// Whether somebody may take a file away: the office's own staff, or whoever added it.
pub fn may_remove(caller: &Caller, place: &CasePlace, attachment: &Attachment) -> bool {
    let is_keeper = caller.viewer.roles.iter().any(|it| KEEPERS.contains(it));
    caller.viewer.acts_on(place)
        && attachment.removed.is_none()
        && (is_keeper || attachment.account == caller.viewer.user)
}

/// The file somebody wants to take away, if they may.
///
/// # Errors
/// [`StorageError::NotFound`] where this person does not see such a case or there is no such file, or the
/// refusal of the rules.
pub fn removable(
    conn: &mut DbConnection,
    caller: &Caller,
    case: CaseId,
    attachment: AttachmentId,
) -> Result<Attachment, ServiceError> {
    let sighted = sighted_case(conn, caller, case)?;
    let found = attachments::fetch(conn, case, attachment)?;
    if found.removed.is_some() {
        return Err(StorageError::NotFound.into());
    }
    if may_remove(caller, sighted.place(), &found) { Ok(found) } else { Err(not_permitted()) }
}

/// Takes a file away from a case.
///
/// # Errors
/// As [`removable`], or a refusal without a reason.
pub fn remove_attachment(
    conn: &mut DbConnection,
    caller: &Caller,
    case: CaseId,
    attachment: AttachmentId,
    reason: &str,
) -> Result<(), ServiceError> {
    let found = removable(conn, caller, case, attachment)?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(ServiceError::field("reason", "请填写移除的理由"));
    }
    if reason.chars().count() > MAX_REASON {
        return Err(ServiceError::field("reason", format!("理由不能超过 {MAX_REASON} 字")));
    }
    let removal = Removal { by: caller.name.clone(), at: caller.now, reason: reason.to_owned() };
    attachments::remove(conn, found.id, &removal)?;
    let details = json!({
        "id": found.id.to_string(),
        "file_name": found.name,
        "sha256": found.hash.as_str(),
        "reason": reason,
    });
    note::beside_case(conn, caller, case, REMOVE_ATTACHMENT, details)
}
