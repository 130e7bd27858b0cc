//! Where an account is written to, and what its owner does not want to hear of.

use serde_json::json;

use super::fetch;
use crate::domain::ids::UserId;
use crate::domain::labels::Coded;
use crate::domain::mail::{MailKind, address_fault};
use crate::service::{Caller, Rules, ServiceError, note};
use crate::storage::access::accounts;
use crate::storage::mail::{outbox, readers};
use crate::storage::{Db, DbConnection};

/// How an account is written to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MailChoice {
    /// Its address; empty for none.
    pub address: String,
    /// What its owner does not want to hear of.
    pub muted: Vec<MailKind>,
}

/// How an account is written to.
pub fn mail_choice(db: &Db, account: UserId) -> Result<MailChoice, ServiceError> {
    db.read(|conn| {
        let address = readers::address(conn, account)?.unwrap_or_default();
        Ok(MailChoice { address, muted: readers::muted(conn, account)? })
    })
}

/// Keeps how the person themselves is written to. What this office does not leave to them stays as it is.
///
/// # Errors
/// A refusal of the address.
pub fn set_own_mail(
    db: &Db,
    caller: &Caller,
    rules: &Rules,
    choice: &MailChoice,
) -> Result<(), ServiceError> {
    db.write(|conn| {
        let account = accounts::fetch(conn, caller.viewer.user)?;
        let before = keep_address(conn, caller.viewer.user, &choice.address)?;
        let may_mute = |it: &&MailKind| rules.mail.may_be_muted.contains(it);
        let muted: Vec<_> = choice.muted.iter().filter(may_mute).copied().collect();
        readers::set_muted(conn, caller.viewer.user, &muted)?;
        let labels: Vec<_> = muted.iter().map(|it| it.label()).collect();
        let details = json!({ "email": [before, choice.address.trim()], "muted": labels.join("、") });
        note::account(conn, caller, &account, "set_mail", details)
    })
}

/// Keeps the address of an account in reach; an empty one takes it away.
///
/// # Errors
/// A refusal of the address.
pub fn set_address(db: &Db, caller: &Caller, id: UserId, address: &str) -> Result<(), ServiceError> {
    db.write(|conn| {
        let (account, _) = fetch(conn, caller, id)?;
        let before = keep_address(conn, id, address)?;
        note::account(conn, caller, &account, "set_mail", json!({ "email": [before, address.trim()] }))
    })
}

/// Keeps an address, and directs there what has not been sent yet. Returns the address it had.
fn keep_address(conn: &mut DbConnection, account: UserId, address: &str) -> Result<String, ServiceError> {
    let address = address.trim();
    if !address.is_empty()
        && let Some(fault) = address_fault(address)
    {
        return Err(ServiceError::field("email", fault));
    }
    let before = readers::address(conn, account)?.unwrap_or_default();
    readers::set_address(conn, account, Some(address).filter(|it| !it.is_empty()))?;
    if !address.is_empty() {
        outbox::redirect(conn, account, address)?;
    }
    Ok(before)
}
