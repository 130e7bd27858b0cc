//! Takes a file away from a case: the row says by whom and why, and the file itself stays.

use serde_json::json;

use crate::domain::history::REMOVE_ATTACHMENT;
use crate::domain::ids::{AttachmentId, CaseId};
use crate::domain::visibility::{CasePlace, Viewer};
use crate::service::case::attach_file::{Attachment, KEEPERS, Removal, not_permitted, note};
use crate::service::case::open_case::sighted_case;
use crate::service::{Actor, ServiceError};
use crate::storage::case::attachments;
use crate::storage::{DbConnection, StorageError};

/// The longest reason, in characters.
const MAX_REASON: usize = 500;

/// Whether somebody may take a file away: the office's own staff, or whoever added it.
pub fn may_remove(viewer: &Viewer, place: &CasePlace, attachment: &Attachment) -> bool {
    let is_keeper = viewer.roles.iter().any(|it| KEEPERS.contains(it));
    viewer.acts_on(place) && attachment.removed.is_none() && (is_keeper || attachment.account == viewer.user)
}

/// The file somebody wants to take away, if they may.
///
/// # Errors
/// [`StorageError::NotFound`] where this person does not see such a case or there is no such file, or the
/// refusal of the rules.
pub fn removable(
    conn: &mut DbConnection,
    viewer: &Viewer,
    case: CaseId,
    attachment: AttachmentId,
) -> Result<Attachment, ServiceError> {
    let (_, place, _) = sighted_case(conn, viewer, case)?;
    let found = attachments::fetch(conn, case, attachment)?;
    if found.removed.is_some() {
        return Err(StorageError::NotFound.into());
    }
    if may_remove(viewer, &place, &found) { Ok(found) } else { Err(not_permitted()) }
}

/// Takes a file away from a case.
///
/// # Errors
/// As [`removable`], or a refusal without a reason.
pub fn remove_attachment(
    conn: &mut DbConnection,
    viewer: &Viewer,
    actor: &Actor,
    case: CaseId,
    attachment: AttachmentId,
    reason: &str,
) -> Result<(), ServiceError> {
    let found = removable(conn, viewer, case, attachment)?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(ServiceError::field("reason", "请填写移除的理由"));
    }
    if reason.chars().count() > MAX_REASON {
        return Err(ServiceError::field("reason", format!("理由不能超过 {MAX_REASON} 字")));
    }
    let removal = Removal { by: actor.name.clone(), at: actor.now, reason: reason.to_owned() };
    attachments::remove(conn, found.id, &removal)?;
    let details = json!({
        "id": found.id.to_string(),
        "file_name": found.name,
        "sha256": found.hash.as_str(),
        "reason": reason,
    });
    note(conn, actor, case, REMOVE_ATTACHMENT, &details)
}
