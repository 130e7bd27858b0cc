//! Tells of holiday notices: those whose cases one moves, and those who can bring in the one that is missing.

use std::collections::BTreeMap;

use askama::Template;
use chrono::Datelike;

use crate::domain::ids::{AgencyId, UserId};
use crate::domain::mail::MailKind;
use crate::domain::wording;
use crate::domain::workflow::Role;
use crate::service::calendar::miss_notice::missing_notice;
use crate::service::calendar::preview_notice::{Move, Preview};
use crate::service::mail::notify::{Notice, tell, tell_role};
use crate::service::{Caller, Rules, ServiceError};
use crate::storage::mail::reminder_facts;
use crate::storage::{Db, DbConnection};

/// Cases named in one message.
const NAMED: usize = 50;

#[derive(Template)]
#[template(path = "mail/calendar_change.txt")]
struct ChangeMail<'a> {
    year: i32,
    is_correction: bool,
    whose: &'a str,
    n: usize,
    /// Number, day before, day after, the difference, and what else there is to say.
    lines: Vec<(&'a str, String, String, String, &'static str)>,
    url: String,
}

#[derive(Template)]
#[template(path = "mail/calendar_missing.txt")]
struct MissingMail {
    year: i32,
    n: String,
    is_administrator: bool,
    url: String,
}

/// Tells every handler which of their cases a notice has moved to another day, and the clerks of an agency of
/// those in nobody's hands; in the transaction that moves them.
///
/// A case that merely loses its mark is not told: its day is what it was.
pub(in crate::service) fn tell_of_moves(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
    preview: &Preview,
) -> Result<(), ServiceError> {
    let mut by_hand: BTreeMap<(AgencyId, Option<UserId>), Vec<&Move>> = BTreeMap::new();
    for it in preview.moves.iter().filter(|it| it.days() != 0) {
        by_hand.entry((it.agency, it.handler)).or_default().push(it);
    }
    for ((agency, handler), moves) in by_hand {
        let whose = if handler.is_some() { "您承办的" } else { "本机关尚无人承办的" };
        let mail = ChangeMail {
            year: preview.notice.year(),
            is_correction: preview.is_correction,
            whose,
            n: moves.len(),
            lines: moves.iter().take(NAMED).map(|it| line(it, caller)).collect(),
            url: format!("{}/cases", rules.mail.public_url),
        };
        let notice = Notice {
            agency,
            kind: MailKind::CalendarChange,
            case: None,
            subject: format!("放假通知使{}件申请的期限变动", moves.len()),
            body: drawn(&mail)?,
            once_keys: Vec::new(),
            useful_until: None,
        };
        match handler {
            Some(handler) => {
                tell(conn, rules, caller.now, handler, &notice)?;
            }
            None => {
                tell_role(conn, rules, caller.now, (Role::Clerk, None), None, &notice)?;
            }
        }
    }
    Ok(())
}

fn drawn(mail: &impl Template) -> Result<String, ServiceError> {
    mail.render().map_err(|err| ServiceError::refused(format!("a mail could not be drawn: {err}")))
}

fn line<'a>(it: &'a Move, caller: &Caller) -> (&'a str, String, String, String, &'static str) {
    let days = it.days();
    let by = if days < 0 { format!("提前{}天", -days) } else { format!("推迟{days}天") };
    let mark = if it.is_overdue(it.after, caller.today()) {
        "已经超期"
    } else if !it.is_ours() {
        "是申请人的期限"
    } else {
        ""
    };
    let shown = wording::day_with_weekday;
    (&it.case_no, shown(it.before.on), shown(it.after.on), by, mark)
}

/// Tells administrators and managers that a notice is missing while cases run into its year, once a month each.
/// Returns how many messages were written.
pub fn tell_of_missing_notice(db: &Db, caller: &Caller, rules: &Rules) -> Result<usize, ServiceError> {
    let today = caller.today();
    let readers = db.read(reminder_facts::readers)?;
    let mut n_written = 0;
    for reader in readers {
        let caller = Caller::for_reader(&reader.viewer, caller.now);
        let missing = db.read(|conn| missing_notice(conn, &caller, &rules.calendar))?;
        let Some(missing) = missing else { continue };
        let is_administrator = caller.viewer.roles.contains(&Role::Administrator);
        let path = if is_administrator { "/calendar/import" } else { "/calendar" };
        let n = if missing.n_cases < crate::service::calendar::miss_notice::MAX_COUNT {
            missing.n_cases.to_string()
        } else {
            format!("{}多", missing.n_cases)
        };
        let url = format!("{}{path}", rules.mail.public_url);
        let mail = MissingMail { year: missing.year, n, is_administrator, url };
        let notice = Notice {
            agency: caller.viewer.agency,
            kind: MailKind::CalendarMissing,
            case: None,
            subject: format!("{}年放假通知还没有导入", missing.year),
            body: drawn(&mail)?,
            once_keys: vec![format!(
                "calendar-missing:{}:{}-{:02}",
                missing.year,
                today.year(),
                today.month()
            )],
            useful_until: None,
        };
        n_written +=
            usize::from(db.write(|conn| tell(conn, rules, caller.now, caller.viewer.user, &notice))?);
    }
    Ok(n_written)
}
