//! What applicants who asked for e-mail are sent, and what became of it.
//!
//! A message is written only while mail is on: one that waited for months would tell an applicant what has
//! long been told otherwise. That it was sent is recorded as the fact it is. It is not yet the applicant's
//! receipt, from which the periods for remedies run: that is recorded when the applicant confirms it.

use askama::Template;
use chrono::{DateTime, Utc};
use serde_json::json;

use crate::domain::beijing;
use crate::domain::case::{Case, Command};
use crate::domain::journal::{MAIL_FAILED, MAIL_SENT};
use crate::domain::labels::Coded;
use crate::domain::letters::LetterKind;
use crate::domain::mail::{BY_EMAIL, MailKind, address_fault};
use crate::domain::masking;
use crate::domain::request::{PreferredForm, Request};
use crate::domain::wording;
use crate::domain::workflow::Role;
use crate::service::mail::notify::{Notice, tell, tell_role};
use crate::service::{Caller, Rules, ServiceError, note};
use crate::storage::DbConnection;
use crate::storage::access::agencies;
use crate::storage::case::cases;
use crate::storage::case::letters;
use crate::storage::case::letters::IssuedLetter;
use crate::storage::mail::outbox::{Claimed, NewMessage, Recipient, enqueue};

#[derive(Template)]
#[template(path = "mail/receipt.txt")]
struct ReceiptMail<'a> {
    applicant: &'a str,
    case_no: &'a str,
    received_on: String,
    due: String,
    agency: &'a str,
    today: String,
}

#[derive(Template)]
#[template(path = "mail/correction.txt")]
struct CorrectionMail<'a> {
    applicant: &'a str,
    case_no: &'a str,
    reply_by: String,
    agency: &'a str,
    today: String,
}

#[derive(Template)]
#[template(path = "mail/extension.txt")]
struct ExtensionMail<'a> {
    applicant: &'a str,
    case_no: &'a str,
    working_days: u32,
    due: String,
    agency: &'a str,
    today: String,
}

#[derive(Template)]
#[template(path = "mail/reply.txt")]
struct ReplyMail<'a> {
    applicant: &'a str,
    case_no: &'a str,
    reply_no: &'a str,
    body: &'a str,
    has_letter: bool,
    agency: &'a str,
    today: String,
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct LetterMail<'a> {
    applicant: &'a str,
    case_no: &'a str,
    title: &'a str,
    document_no: &'a str,
    agency: &'a str,
    today: String,
}

#[derive(Template)]
#[template(path = "mail/undelivered.txt")]
struct UndeliveredMail<'a> {
    what: &'a str,
    case_no: &'a str,
    address: String,
    error: &'a str,
    url: String,
}

/// The address of an applicant who asked for e-mail.
fn wanted_address(request: &Request) -> Option<String> {
    if request.preferred_form == Some(PreferredForm::Email) { address(request) } else { None }
}

fn address(request: &Request) -> Option<String> {
    request.email.as_deref().map(str::trim).filter(|it| address_fault(it).is_none()).map(str::to_owned)
}

/// A message with what is particular to its kind.
struct Draft {
    kind: MailKind,
    address: Option<String>,
    letter: Option<String>,
    subject: String,
    body: String,
    useful_until: Option<DateTime<Utc>>,
}

/// Writes to the applicant what the act has them told.
pub(in crate::service) fn tell_of_act(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
    case: &Case,
    command: &Command,
) -> Result<(), ServiceError> {
    if !rules.mail.is_on || !rules.mail.writes_to_applicants {
        return Ok(());
    }
    let request = cases::request(conn, case.id)?;
    let agency = agencies::by_id(conn, case.agency_id)?.name;
    let (applicant, case_no, today) = (&case.applicant_name, &case.case_no, wording::day(caller.today()));
    let reading = case.read_clock(&rules.calendar, &rules.clock, caller.today());
    let due = reading.due.map(|it| {
        format!("{}{}", wording::day(it.on), if it.provisional { "（暂定，以当年放假安排为准）" } else { "" })
    });
    let due = due.unwrap_or_default();
    let draft = match command {
        Command::Register { .. } => {
            let received_on = wording::day(case.received_on);
            let mail = ReceiptMail { applicant, case_no, received_on, due, agency: &agency, today };
            Draft {
                kind: MailKind::Receipt,
                address: wanted_address(&request),
                letter: None,
                subject: format!("政府信息公开申请登记回执（{case_no}）"),
                body: mail.to_string(),
                useful_until: beijing::end_of(caller.today() + chrono::Days::new(7)),
            }
        }
        Command::RequestCorrection { reply_by, .. } => {
            let mail = CorrectionMail {
                applicant,
                case_no,
                reply_by: wording::day(*reply_by),
                agency: &agency,
                today,
            };
            Draft {
                kind: MailKind::CorrectionNotice,
                address: wanted_address(&request),
                letter: None,
                subject: format!("政府信息公开申请补正告知（{case_no}）"),
                body: mail.to_string(),
                useful_until: beijing::end_of(*reply_by),
            }
        }
        Command::Extend { working_days, .. } => {
            let mail = ExtensionMail {
                applicant,
                case_no,
                working_days: *working_days,
                due,
                agency: &agency,
                today,
            };
            Draft {
                kind: MailKind::ExtensionNotice,
                address: wanted_address(&request),
                letter: None,
                subject: format!("政府信息公开申请延期答复告知（{case_no}）"),
                body: mail.to_string(),
                useful_until: reading.due.and_then(|it| beijing::end_of(it.on)),
            }
        }
        Command::Issue { method, .. } if method == BY_EMAIL => {
            let letter = issued_reply(conn, case)?;
            let reply = case.reply.clone().unwrap_or_default();
            let mail = ReplyMail {
                applicant,
                case_no,
                reply_no: reply.reply_no.as_deref().unwrap_or_default(),
                body: &reply.body,
                has_letter: letter.is_some(),
                agency: &agency,
                today,
            };
            Draft {
                kind: MailKind::Reply,
                // Whoever delivers by e-mail has chosen it, whatever the application asked for.
                address: address(&request),
                letter,
                subject: format!("政府信息公开申请答复（{case_no}）"),
                body: mail.to_string(),
                useful_until: None,
            }
        }
        _ => return Ok(()),
    };
    let Some(address) = draft.address else { return Ok(()) };
    let message = NewMessage {
        agency: case.agency_id,
        kind: draft.kind,
        to: Recipient::Applicant { name: applicant.clone(), address },
        case: Some(case.id),
        subject: draft.subject,
        body: draft.body,
        letter: draft.letter,
        once_keys: Vec::new(),
        useful_until: draft.useful_until,
    };
    enqueue(conn, caller.now, &message)?;
    Ok(())
}

/// The letter that was issued as the reply of this round, the latest where it was replaced.
fn issued_reply(conn: &mut DbConnection, case: &Case) -> Result<Option<String>, ServiceError> {
    let outcome = case.reply.as_ref().and_then(|it| it.outcome);
    let Some(kind) = outcome.and_then(LetterKind::for_outcome) else { return Ok(None) };
    let issued = letters::of_case(conn, case.id)?;
    let of_round = issued.iter().rfind(|it| it.round == case.round && it.kind == kind);
    Ok(of_round.map(|it| it.id.to_string()))
}

/// Sends the applicant who asked for e-mail a notice that has just been issued.
pub(in crate::service) fn tell_of_letter(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
    case: &Case,
    letter: &IssuedLetter,
) -> Result<(), ServiceError> {
    let kind = match letter.kind {
        LetterKind::CorrectionNotice => MailKind::CorrectionNotice,
        LetterKind::ExtensionNotice => MailKind::ExtensionNotice,
        // Replies are sent when they are delivered, everything else on paper.
        _ => return Ok(()),
    };
    if !rules.mail.is_on || !rules.mail.writes_to_applicants {
        return Ok(());
    }
    let Some(address) = wanted_address(&cases::request(conn, case.id)?) else { return Ok(()) };
    let agency = agencies::by_id(conn, case.agency_id)?.name;
    let mail = LetterMail {
        applicant: &case.applicant_name,
        case_no: &case.case_no,
        title: &letter.title,
        document_no: letter.document_no.as_deref().unwrap_or_default(),
        agency: &agency,
        today: wording::day(caller.today()),
    };
    let message = NewMessage {
        agency: case.agency_id,
        kind,
        to: Recipient::Applicant { name: case.applicant_name.clone(), address },
        case: Some(case.id),
        subject: format!("{}（{}）", letter.title, case.case_no),
        body: mail.to_string(),
        letter: Some(letter.id.to_string()),
        once_keys: Vec::new(),
        useful_until: None,
    };
    enqueue(conn, caller.now, &message)?;
    Ok(())
}

/// Records in the case that a message to its applicant has been sent.
pub fn note_sent(conn: &mut DbConnection, caller: &Caller, message: &Claimed) -> Result<(), ServiceError> {
    let Some(case) = message.case.filter(|_| !message.is_for_staff) else { return Ok(()) };
    let details = json!({
        "mail": message.kind.label(),
        "email": masking::email(&message.address),
        "message_id": message.message_id,
        "on": caller.today(),
    });
    note::beside_case(conn, caller, case, MAIL_SENT, details)
}

/// Records in the case that a message to its applicant did not arrive, and tells who is to find another way.
pub fn note_failed(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
    message: &Claimed,
    error: &str,
) -> Result<(), ServiceError> {
    let Some(case) = message.case.filter(|_| !message.is_for_staff) else { return Ok(()) };
    let address = masking::email(&message.address);
    let error = error.replace(&message.address, &address);
    let details = json!({ "mail": message.kind.label(), "email": address, "reason": error });
    note::beside_case(conn, caller, case, MAIL_FAILED, details)?;
    let case = cases::fetch(conn, case)?;
    let mail = UndeliveredMail {
        what: message.kind.label(),
        case_no: &case.case_no,
        address,
        error: &error,
        url: format!("{}/cases/{}", rules.mail.public_url, case.id),
    };
    let notice = Notice {
        agency: case.agency_id,
        kind: MailKind::Undelivered,
        case: Some(case.id),
        subject: format!("{}：发给申请人的{}没有送达", case.case_no, message.kind.label()),
        body: mail.to_string(),
        once_keys: Vec::new(),
        useful_until: None,
    };
    if let Some(handler) = case.handler_id {
        tell(conn, rules, caller.now, handler, &notice)?;
    }
    tell_role(conn, rules, caller.now, (Role::Clerk, None), case.handler_id, &notice)?;
    Ok(())
}
