//! What administrators see of the outbox and of the work in the background, and what they do with it.
//!
//! An administrator sees no case: neither texts nor the addresses of applicants are shown here.

use askama::Template;
use serde_json::json;

use crate::domain::ids::{AgencyId, CaseId};
use crate::domain::job::Job;
use crate::domain::labels::Coded;
use crate::domain::mail::{MailKind, MailState, address_fault};
use crate::domain::masking;
use crate::service::case::open_case::sighted_case;
use crate::service::mail::mask_messages::masked;
use crate::service::mail::notify::{Notice, tell};
use crate::service::{Caller, Rules, ServiceError, note};
use crate::storage::access::{accounts, agencies};
use crate::storage::case::cases;
use crate::storage::mail::outbox;
pub use crate::storage::mail::outbox::MessageLine;
use crate::storage::mail::outbox::Wanted;
use crate::storage::mail::readers;
use crate::storage::upkeep::job_runs;
pub use crate::storage::upkeep::job_runs::JobRun;
use crate::storage::{DbConnection, StorageError};

/// Which messages are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// In this state.
    pub state: Option<MailState>,
    /// Of this kind.
    pub kind: Option<MailKind>,
    /// Written before this one.
    pub before: Option<String>,
}

/// A page of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxView {
    /// The number of messages in each state.
    pub counts: Vec<(MailState, i64)>,
    /// The messages, the latest first; addresses of applicants masked.
    pub lines: Vec<MessageLine>,
    /// From where the next page goes on; none on the last.
    pub next: Option<String>,
    /// The number of accounts that may sign in and have no address.
    pub n_without_address: i64,
    /// How the sender stands; none where it has never run.
    pub sender: Option<JobRun>,
}

/// Whether somebody keeps the whole installation: what is done in the background is done for all agencies, so
/// it is for the administrator of one with none above it.
pub fn keeps_installation(caller: &Caller) -> bool {
    caller.viewer.agency_path.matches('/').count() == 2
}

/// A page of the outbox of the person's agency and of everything below it.
pub fn look(
    conn: &mut DbConnection,
    caller: &Caller,
    asked: &Asked,
    limit: usize,
) -> Result<OutboxView, ServiceError> {
    let path = caller.viewer.agency_path.clone();
    let wanted =
        Wanted { path: path.clone(), state: asked.state, kind: asked.kind, before: asked.before.clone() };
    let mut lines = outbox::list(conn, &wanted, i64::try_from(limit + 1).unwrap_or(i64::MAX))?;
    let has_more = limit < lines.len();
    lines.truncate(limit);
    let next = lines.last().filter(|_| has_more).map(|it| it.id.clone());
    let known = outbox::count_by_state(conn, &path)?;
    let counts = MailState::ALL
        .iter()
        .map(|state| (*state, known.iter().find(|(it, _)| it == state).map_or(0, |(_, n)| *n)));
    let sender = job_runs::all(conn)?.into_iter().find(|it| it.name == Job::Outbox.code());
    Ok(OutboxView {
        counts: counts.collect(),
        lines: lines.into_iter().map(masked).collect(),
        next,
        n_without_address: readers::count_without_address(conn, &path)?,
        sender,
    })
}

fn fetch(conn: &mut DbConnection, caller: &Caller, id: &str) -> Result<MessageLine, ServiceError> {
    let line = outbox::fetch(conn, id)?;
    let agency = agencies::by_id(conn, AgencyId(line.agency_id))?;
    if caller.reaches(&agency) { Ok(line) } else { Err(StorageError::NotFound.into()) }
}

/// Lets a message that failed, was held or waits be sent now.
///
/// # Errors
/// [`StorageError::NotFound`] for one that is out of reach; a refusal for one that was sent.
pub fn resend(conn: &mut DbConnection, caller: &Caller, id: &str) -> Result<(), ServiceError> {
    let line = fetch(conn, caller, id)?;
    if !outbox::resend(conn, id, caller.now)? {
        return Err(ServiceError::refused("这封邮件已经发出，或者正在发送"));
    }
    note(conn, caller, &line, "resend_mail")
}

/// Lets a message to the applicant of a case be sent again, to the address the application has now.
///
/// # Errors
/// [`StorageError::NotFound`] for a case that is not theirs to act on, or a message that is not its own.
pub fn resend_of_case(
    conn: &mut DbConnection,
    caller: &Caller,
    case: CaseId,
    id: &str,
) -> Result<(), ServiceError> {
    let sighted = sighted_case(conn, caller, case)?;
    let line = outbox::fetch(conn, id)?;
    let is_of_case = line.case_id.is_some_and(|it| it.0 == case) && line.account_id.is_none();
    if !caller.viewer.acts_on(sighted.place()) || !is_of_case {
        return Err(StorageError::NotFound.into());
    }
    let email = cases::request(conn, case)?.email.unwrap_or_default();
    if address_fault(email.trim()).is_none() {
        outbox::readdress(conn, id, email.trim())?;
    }
    if !outbox::resend(conn, id, caller.now)? {
        return Err(ServiceError::refused("这封邮件已经发出，或者正在发送"));
    }
    note(conn, caller, &line, "resend_mail")
}

/// Keeps a message back that waits or failed.
///
/// # Errors
/// [`StorageError::NotFound`] for one that is out of reach; a refusal for one that was sent.
pub fn hold(conn: &mut DbConnection, caller: &Caller, id: &str) -> Result<(), ServiceError> {
    let line = fetch(conn, caller, id)?;
    if !outbox::hold(conn, id)? {
        return Err(ServiceError::refused("这封邮件已经发出，或者正在发送"));
    }
    note(conn, caller, &line, "hold_mail")
}

/// Writes the journal of a message: of its case, or of the account it is for.
fn note(
    conn: &mut DbConnection,
    caller: &Caller,
    line: &MessageLine,
    action: &str,
) -> Result<(), ServiceError> {
    let details = json!({ "mail": line.kind.0.label(), "email": masking::email(&line.address) });
    if let (None, Some(id)) = (line.account_id, line.case_id) {
        return note::beside_case(conn, caller, id.0, action, details);
    }
    let account = accounts::fetch(conn, line.account_id.map_or(caller.viewer.user, |it| it.0))?;
    note::account(conn, caller, &account, action, details)
}

/// Every job with how it stands; none where it has never run.
pub fn jobs(conn: &mut DbConnection) -> Result<Vec<(Job, Option<JobRun>)>, ServiceError> {
    let mut known = job_runs::all(conn)?;
    let jobs = Job::ALL.iter().map(|job| {
        let at = known.iter().position(|it| it.name == job.code());
        (*job, at.map(|it| known.swap_remove(it)))
    });
    Ok(jobs.collect())
}

/// What is done with a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobOrder {
    /// It is done as soon as the loop comes by.
    Run,
    /// It is paused.
    Pause,
    /// It goes on.
    Resume,
}

/// Gives an order about a job.
///
/// # Errors
/// [`StorageError::NotFound`] for whoever does not keep the installation, and for a job that has never run.
pub fn order(
    conn: &mut DbConnection,
    caller: &Caller,
    job: Job,
    order: JobOrder,
) -> Result<(), ServiceError> {
    if !keeps_installation(caller) {
        return Err(StorageError::NotFound.into());
    }
    let action = match order {
        JobOrder::Run => {
            job_runs::schedule(conn, job.code(), caller.now)?;
            "run_job"
        }
        JobOrder::Pause => {
            job_runs::set_paused(conn, job.code(), true)?;
            "pause_job"
        }
        JobOrder::Resume => {
            job_runs::set_paused(conn, job.code(), false)?;
            "resume_job"
        }
    };
    let account = accounts::fetch(conn, caller.viewer.user)?;
    note::account(conn, caller, &account, action, json!({ "job": job.label() }))
}

#[derive(Template)]
#[template(path = "mail/trial.txt")]
struct TrialMail<'a> {
    url: &'a str,
}

/// Writes a message to oneself, to see whether mail works.
///
/// # Errors
/// A refusal for whoever has no address.
pub fn send_trial(conn: &mut DbConnection, caller: &Caller, rules: &Rules) -> Result<(), ServiceError> {
    let account = accounts::fetch(conn, caller.viewer.user)?;
    let mail = TrialMail { url: &rules.mail.public_url };
    let notice = Notice {
        agency: account.agency_id,
        kind: MailKind::Trial,
        case: None,
        subject: "试发邮件".to_owned(),
        body: mail.to_string(),
        once_keys: Vec::new(),
        useful_until: None,
    };
    if tell(conn, rules, caller.now, caller.viewer.user, &notice)? {
        note::account(conn, caller, &account, "trial_mail", json!({}))
    } else {
        Err(ServiceError::refused("您的账号还没有登记电子邮箱，请先到“我的账号”填写"))
    }
}
