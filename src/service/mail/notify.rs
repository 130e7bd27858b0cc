//! Writes to the people of the office, in the transaction of what is told.

use chrono::{DateTime, Utc};

use crate::domain::ids::{AgencyId, CaseId, DepartmentId, UserId};
use crate::domain::mail::MailKind;
use crate::domain::workflow::Role;
use crate::service::Rules;
use crate::storage::mail::outbox::{NewMessage, Recipient, enqueue};
use crate::storage::mail::readers;
use crate::storage::{DbConnection, StorageError};

/// What is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The agency it concerns.
    pub agency: AgencyId,
    /// Its kind.
    pub kind: MailKind,
    /// The case it is about.
    pub case: Option<CaseId>,
    /// The subject, in one line.
    pub subject: String,
    /// The text.
    pub body: String,
    /// The keys of what is told a person no second time; each reader has them for themselves.
    pub once_keys: Vec<String>,
    /// After this it tells nothing any more, and is not sent.
    pub useful_until: Option<DateTime<Utc>>,
}

/// Writes to an account. Returns whether a message was written: not to one that is disabled, has no address,
/// does not want to hear of it and may choose so, or has been told already.
pub fn tell(
    conn: &mut DbConnection,
    rules: &Rules,
    now: DateTime<Utc>,
    account: UserId,
    notice: &Notice,
) -> Result<bool, StorageError> {
    let may_mute = rules.mail.may_be_muted.contains(&notice.kind);
    if may_mute && readers::muted(conn, account)?.contains(&notice.kind) {
        return Ok(false);
    }
    let Some(name) = readers::name(conn, account)? else { return Ok(false) };
    let message = NewMessage {
        agency: notice.agency,
        kind: notice.kind,
        to: Recipient::Account(account),
        case: notice.case,
        subject: format!("【政府信息公开】{}", notice.subject),
        body: format!("{name}：\n\n{}\n{}", notice.body.trim(), footer(rules, may_mute)),
        letter: None,
        once_keys: notice.once_keys.iter().map(|it| key_of(it, account)).collect(),
        useful_until: notice.useful_until,
    };
    Ok(enqueue(conn, now, &message)?.is_some())
}

/// Writes to everyone in an agency who has a role, of one department where it is given, but not to the person
/// whose act it is. Returns how many messages were written.
pub fn tell_role(
    conn: &mut DbConnection,
    rules: &Rules,
    now: DateTime<Utc>,
    (role, department): (Role, Option<DepartmentId>),
    but_not: Option<UserId>,
    notice: &Notice,
) -> Result<usize, StorageError> {
    let mut n_written = 0;
    for account in readers::with_role(conn, notice.agency, role, department)? {
        if Some(account) != but_not && tell(conn, rules, now, account, notice)? {
            n_written += 1;
        }
    }
    Ok(n_written)
}

/// The key of a fact as one reader is told it.
pub fn key_of(fact: &str, account: UserId) -> String {
    format!("{fact}:{account}")
}

fn footer(rules: &Rules, may_mute: bool) -> String {
    let choice = if may_mute {
        format!("不需要这类邮件的，可以在 {}/account/mail 关闭。", rules.mail.public_url)
    } else {
        String::new()
    };
    format!("\n--\n本邮件由政府信息公开办理系统自动发出，请勿回复。{choice}\n")
}
