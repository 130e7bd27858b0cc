//! Writes each person's queue of the morning.

use askama::Template;

use crate::domain::beijing;
use crate::domain::labels::Coded;
use crate::domain::mail::MailKind;
use crate::domain::response_clock::ClockState;
use crate::domain::urgency::UNCONFIRMED;
use crate::domain::wording;
use crate::domain::workflow::Status;
use crate::service::desk::find_cases::{FoundCase, Look};
use crate::service::desk::show_queue::work_queue;
use crate::service::mail::notify::{Notice, tell};
use crate::service::{Caller, Rules, ServiceError};
use crate::storage::mail::reminder_facts;
use crate::storage::mail::reminder_facts::MailReader;
use crate::storage::{Db, DbConnection};

/// So many lines of the queue.
const LINES: usize = 20;

struct Line {
    case_no: String,
    status: &'static str,
    due: String,
    applicant: String,
}

#[derive(Template)]
#[template(path = "mail/digest.txt")]
struct DigestMail<'a> {
    day: String,
    counts: Vec<(&'static str, i64)>,
    lines: Vec<Line>,
    has_more: bool,
    url: &'a str,
}

/// Writes today's list to everybody who has something to do. Returns how many messages were written.
///
/// Run twice on a day it writes nothing more.
pub fn write_digests(db: &Db, caller: &Caller, rules: &Rules) -> Result<usize, ServiceError> {
    let mut n_written = 0;
    for reader in db.read(reminder_facts::readers)? {
        let Some(notice) = db.read(|conn| digest(conn, caller, rules, &reader))? else { continue };
        if db.write(|conn| tell(conn, rules, caller.now, reader.viewer.user, &notice))? {
            n_written += 1;
        }
    }
    Ok(n_written)
}

fn digest(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
    reader: &MailReader,
) -> Result<Option<Notice>, ServiceError> {
    let caller = &Caller::for_reader(&reader.viewer, caller.now);
    if caller.viewer.sights().is_empty() {
        return Ok(None);
    }
    let today = caller.today();
    let queue = work_queue(conn, Look { caller, rules }, None, LINES)?;
    let counts: Vec<_> =
        queue.counts.iter().filter(|(_, n)| 0 < *n).map(|(pile, n)| (pile.label(), *n)).collect();
    // Piles alone are nobody's work: an auditor has none.
    if queue.todo.cases.is_empty() {
        return Ok(None);
    }
    let subject = match queue.todo.cases.len() {
        _ if queue.todo.next.is_some() => format!("{}办件清单", wording::short_day(today)),
        n => format!("{}办件清单：{n}件", wording::short_day(today)),
    };
    let mail = DigestMail {
        day: wording::day_with_weekday(today),
        counts,
        lines: queue.todo.cases.iter().map(|it| line(it, rules.mail.names_applicants)).collect(),
        has_more: queue.todo.next.is_some(),
        url: &rules.mail.public_url,
    };
    Ok(Some(Notice {
        agency: caller.viewer.agency,
        kind: MailKind::Digest,
        case: None,
        subject,
        body: mail.to_string(),
        once_keys: vec![format!("digest:{today}")],
        // Yesterday's list is no list.
        useful_until: beijing::end_of(today),
    }))
}

fn line(found: &FoundCase, names_applicants: bool) -> Line {
    let case = &found.case;
    let due = match (found.reading.state, found.reading.due) {
        _ if case.status.0 == Status::Received => UNCONFIRMED.to_owned(),
        (ClockState::Suspended { by, .. }, _) => by.label().to_owned(),
        (ClockState::Running { working_days_left: 0 }, Some(_)) => "今日到期".to_owned(),
        (ClockState::Running { working_days_left: left @ 1.. }, Some(due)) => {
            format!("{}到期，还剩{left}个工作日", wording::short_day(due.on))
        }
        (ClockState::Running { working_days_left: left }, Some(due)) => {
            format!("{}到期，已超期{}个工作日", wording::short_day(due.on), -left)
        }
        _ => String::new(),
    };
    Line {
        case_no: case.case_no.clone(),
        status: case.status.0.label(),
        due,
        applicant: if names_applicants { case.applicant_name.clone() } else { String::new() },
    }
}
