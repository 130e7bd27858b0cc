//! Writes the reminders that are due: derived from the records, told once per fact and reader.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::beijing;
use crate::domain::ids::{AgencyId, CaseId, DepartmentId, UserId};
use crate::domain::labels::Coded;
use crate::domain::mail::MailKind;
use crate::domain::reminders::{Basis, Reader, Reminder, of_case, of_remedy, of_report};
use crate::domain::wording;
use crate::domain::workflow::Role;
use crate::service::mail::notify::{Notice, key_of, tell};
use crate::service::{Caller, Rules, ServiceError};
use crate::storage::mail::outbox;
use crate::storage::mail::reminder_facts;
use crate::storage::mail::reminder_facts::MailReader;
use crate::storage::remedy::stages;
use crate::storage::{Db, DbConnection, StorageError};

/// So many of one kind are written one by one; more become one message.
const ONE_BY_ONE: usize = 3;

/// A reminder with where it leads.
#[derive(Debug, Clone)]
struct Placed {
    reminder: Reminder,
    agency: AgencyId,
    case: Option<CaseId>,
    applicant: String,
    /// The part of its address after that of the installation.
    path: String,
}

struct Item<'a> {
    about: &'a str,
    applicant: &'a str,
    text: &'a str,
    url: String,
}

#[derive(Template)]
#[template(path = "mail/reminders.txt")]
struct RemindersMail<'a> {
    items: Vec<Item<'a>>,
}

/// Writes what is due today and has not been told. Returns how many messages were written.
///
/// What has been told is known by its key: after days without a run, what is due is told as it is now.
pub fn write_reminders(db: &Db, caller: &Caller, rules: &Rules) -> Result<usize, ServiceError> {
    let readers = db.read(reminder_facts::readers)?;
    let by_account = collect(db, caller, rules, &readers)?;
    let mut n_written = 0;
    for ((account, kind), due) in by_account {
        // One reader at a time, so that nobody who works waits long for the database.
        n_written += db.write(|conn| write_to(conn, caller, rules, account, kind, &due))?;
    }
    Ok(n_written)
}

/// What is due, by reader and kind.
fn collect(
    db: &Db,
    caller: &Caller,
    rules: &Rules,
    readers: &[MailReader],
) -> Result<BTreeMap<(UserId, MailKind), Vec<Placed>>, ServiceError> {
    const PAGE: i64 = 1_000;
    let mut found: BTreeMap<(UserId, MailKind), Vec<Placed>> = BTreeMap::new();
    if readers.is_empty() {
        return Ok(found);
    }
    let agencies: BTreeSet<AgencyId> = readers.iter().map(|it| it.viewer.agency).collect();
    let (policy, calendar, clock) = (&rules.reminders, &rules.calendar, &rules.clock);
    let basis = Basis { policy, calendar, clock, today: caller.today() };
    let mut add = |placed: &Placed, handler: Option<UserId>, department: Option<DepartmentId>| {
        for account in recipients(readers, placed, handler, department) {
            found.entry((account, placed.reminder.kind)).or_default().push(placed.clone());
        }
    };
    let mut after = String::new();
    loop {
        let page = db.read(|conn| reminder_facts::open_cases(conn, &after, PAGE))?;
        let Some(last) = page.last() else { break };
        after = last.case.id.to_string();
        for it in page.iter().filter(|it| agencies.contains(&it.agency)) {
            for reminder in of_case(&it.case, basis) {
                let placed = Placed {
                    reminder,
                    agency: it.agency,
                    case: Some(it.case.id),
                    applicant: it.applicant_name.clone(),
                    path: format!("/cases/{}", it.case.id),
                };
                add(&placed, it.handler, it.department);
            }
        }
    }
    let remedies = db.read(reminder_facts::open_remedies)?;
    let ids: Vec<_> = remedies.iter().map(|(id, ..)| *id).collect();
    let stages = db.read(|conn| stages::of(conn, &ids))?;
    for (id, agency, remedy_no, handler) in &remedies {
        // One that came from a register has no stages.
        let Some(stages) = stages.get(id) else { continue };
        for reminder in of_remedy(*id, remedy_no, stages, basis) {
            let (path, applicant) = (format!("/remedies/{id}"), String::new());
            add(&Placed { reminder, agency: *agency, case: None, applicant, path }, *handler, None);
        }
    }
    for agency in agencies {
        for reminder in of_report(agency, basis) {
            let (path, applicant) = ("/reports".to_owned(), String::new());
            add(&Placed { reminder, agency, case: None, applicant, path }, None, None);
        }
    }
    Ok(found)
}

/// Who is told: the handler; where there is none, the handlers of the department, or the clerks.
fn recipients(
    readers: &[MailReader],
    placed: &Placed,
    handler: Option<UserId>,
    department: Option<DepartmentId>,
) -> Vec<UserId> {
    let of_role = |role: Role, department: Option<DepartmentId>| -> Vec<UserId> {
        let fits = |it: &&MailReader| {
            it.viewer.agency == placed.agency
                && it.viewer.roles.contains(&role)
                && department.is_none_or(|wanted| it.viewer.department == Some(wanted))
        };
        readers.iter().filter(fits).map(|it| it.viewer.user).collect()
    };
    match (placed.reminder.to, handler, department) {
        (Reader::Role(role), ..) => of_role(role, None),
        (Reader::Handler, Some(handler), _) => {
            readers.iter().map(|it| it.viewer.user).filter(|it| *it == handler).collect()
        }
        (Reader::Handler, None, Some(department)) => of_role(Role::Handler, Some(department)),
        // A proceeding about no case of record is the legal adviser's alone, who is told already.
        (Reader::Handler, None, None) if placed.case.is_none() => Vec::new(),
        (Reader::Handler, None, None) => of_role(Role::Clerk, None),
    }
}

fn write_to(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
    account: UserId,
    kind: MailKind,
    due: &[Placed],
) -> Result<usize, StorageError> {
    let keys: Vec<_> = due.iter().map(|it| key_of(&it.reminder.key, account)).collect();
    let known = outbox::known_keys(conn, &keys)?;
    let new: Vec<&Placed> =
        due.iter().zip(&keys).filter(|(_, key)| !known.contains(*key)).map(|(it, _)| it).collect();
    let mut n_written = 0;
    let groups: Vec<&[&Placed]> =
        if new.len() <= ONE_BY_ONE { new.chunks(1).collect() } else { vec![&new[..]] };
    for group in groups {
        if tell(conn, rules, caller.now, account, &notice(rules, kind, group, caller.today()))? {
            n_written += 1;
        }
    }
    Ok(n_written)
}

fn notice(rules: &Rules, kind: MailKind, group: &[&Placed], today: NaiveDate) -> Notice {
    let items = group.iter().map(|it| Item {
        about: &it.reminder.about,
        applicant: if rules.mail.names_applicants { &it.applicant } else { "" },
        text: &it.reminder.text,
        url: format!("{}{}", rules.mail.public_url, it.path),
    });
    let mail = RemindersMail { items: items.collect() };
    let heading = match kind {
        MailKind::Escalation => "答复已超期，请督办",
        MailKind::Waiting => "补正、征求意见、缴费期限",
        _ => kind.label(),
    };
    let subject = match group {
        [one] => {
            let (about, on) = (&one.reminder.about, wording::short_day(one.reminder.on));
            format!("{heading}：{about}（{on}届满）")
        }
        several => format!("{heading}：{}件", several.len()),
    };
    Notice {
        agency: group.first().map_or(AgencyId(0), |it| it.agency),
        kind,
        case: group.first().filter(|_| group.len() == 1).and_then(|it| it.case),
        subject,
        body: mail.to_string(),
        once_keys: group.iter().map(|it| it.reminder.key.clone()).collect(),
        useful_until: useful_until(group, today),
    }
}

/// That a day comes near is told until the end of it; that it has passed stays true.
fn useful_until(group: &[&Placed], today: NaiveDate) -> Option<DateTime<Utc>> {
    let last = group.iter().map(|it| it.reminder.on).max()?;
    if group.iter().any(|it| it.reminder.on < today) {
        return None;
    }
    beijing::end_of(last)
}
