//! Who is told of what has been done with a case, in the transaction of the act.

use askama::Template;
use chrono::TimeDelta;

use crate::domain::case::{Case, Command};
use crate::domain::mail::MailKind;
use crate::domain::wording;
use crate::domain::workflow::{Role, Status};
use crate::service::mail::mail_to_applicant;
use crate::service::mail::notify::{Notice, tell, tell_role};
use crate::service::{Caller, Rules, ServiceError};
use crate::storage::DbConnection;

/// A message about work that is not sent for so long tells nothing new.
const USEFUL_DAYS: i64 = 14;

#[derive(Template)]
#[template(path = "mail/todo.txt")]
struct TodoMail<'a> {
    text: &'a str,
    case_no: &'a str,
    applicant: &'a str,
    due: String,
    url: String,
}

/// Tells whoever has something to do now, and the applicant where the law has them told.
pub(in crate::service) fn tell_of_act(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
    before: &Case,
    case: &Case,
    command: &Command,
) -> Result<(), ServiceError> {
    use MailKind::{Assigned, Returned};
    match command {
        Command::Assign { department, handler: None } => {
            let notice = notice(caller, rules, case, Assigned, "已派到本部门，请认领");
            let readers = (Role::Handler, Some(*department));
            tell_role(conn, rules, caller.now, readers, Some(caller.viewer.user), &notice)?;
        }
        Command::Assign { .. } => to_handler(conn, caller, rules, case, Assigned, "已派给您办理")?,
        Command::Reopen { .. } => {
            to_handler(conn, caller, rules, case, Assigned, "因复议决定或者判决重新办理")?
        }
        Command::GiveBack { .. } => {
            let notice = notice(caller, rules, case, Returned, "承办人退回，请重新派办");
            tell_role(conn, rules, caller.now, (Role::Clerk, None), Some(caller.viewer.user), &notice)?;
        }
        Command::ReturnDraft { .. } => {
            to_handler(conn, caller, rules, case, Returned, "答复稿经法律审核退回，意见见办理页")?;
        }
        Command::RefuseSignOff { .. } => {
            to_handler(conn, caller, rules, case, Returned, "负责人不予签发，理由见办理页")?;
        }
        _ => {}
    }
    if before.status != case.status {
        let next = match case.status {
            Status::UnderReview => Some((Role::LegalAdviser, "答复稿待您审核")),
            Status::AwaitingSignOff => Some((Role::Approver, "答复待您签发")),
            Status::AwaitingIssue => Some((Role::Clerk, "答复已经签发，待送达")),
            _ => None,
        };
        if let Some((role, text)) = next {
            let notice = notice(caller, rules, case, Assigned, text);
            tell_role(conn, rules, caller.now, (role, None), Some(caller.viewer.user), &notice)?;
        }
    }
    mail_to_applicant::tell_of_act(conn, caller, rules, case, command)
}

/// Tells the handler, where there is one who did not do it themselves.
fn to_handler(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
    case: &Case,
    kind: MailKind,
    text: &str,
) -> Result<(), ServiceError> {
    if let Some(handler) = case.handler_id.filter(|it| *it != caller.viewer.user) {
        tell(conn, rules, caller.now, handler, &notice(caller, rules, case, kind, text))?;
    }
    Ok(())
}

fn notice(caller: &Caller, rules: &Rules, case: &Case, kind: MailKind, text: &str) -> Notice {
    let reading = case.read_clock(&rules.calendar, &rules.clock, caller.today());
    let due = reading.due.map(|it| {
        let mark = if it.provisional { "（暂定）" } else { "" };
        format!("{}{mark}", wording::day_with_weekday(it.on))
    });
    let mail = TodoMail {
        text,
        case_no: &case.case_no,
        applicant: if rules.mail.names_applicants { &case.applicant_name } else { "" },
        due: due.unwrap_or_default(),
        url: format!("{}/cases/{}", rules.mail.public_url, case.id),
    };
    Notice {
        agency: case.agency_id,
        kind,
        case: Some(case.id),
        subject: format!("{}：{text}", case.case_no),
        body: mail.to_string(),
        once_keys: Vec::new(),
        useful_until: Some(caller.now + TimeDelta::days(USEFUL_DAYS)),
    }
}
