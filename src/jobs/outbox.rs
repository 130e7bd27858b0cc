//! Sends what waits in the outbox: claims a message, sends it, notes what came of it, and goes on.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::{JobError, Work};
use crate::config::Settings;
use crate::domain::mail::next_attempt;
use crate::mail::{Attachment, Fault, Letter, MailServer, SendError, Session};
use crate::service::mail::mail_to_applicant;
use crate::service::{Caller, ServiceError};
use crate::storage::case::letters;
use crate::storage::mail::outbox;
use crate::storage::mail::outbox::{Attempt, Claimed};
use crate::storage::upkeep::job_runs;
use crate::storage::{Db, StorageError};

/// A run ends after so long, so that other jobs get their turn; the next one begins soon.
const LONGEST_RUN: TimeDelta = TimeDelta::minutes(2);

/// How often a note is tried again that collides with somebody's work on the same case.
const RETRIES: u32 = 10;

/// Whether there is anything to send, and a way to send it.
pub(super) fn has_work(db: &Db, settings: &Settings, now: DateTime<Utc>) -> Result<bool, StorageError> {
    if !settings.mail.is_enabled {
        return Ok(false);
    }
    db.read(|conn| outbox::has_due(conn, now))
}

/// The mail server of the settings.
pub(super) fn server(settings: &Settings) -> MailServer {
    let mail = &settings.mail;
    MailServer {
        host: mail.host.clone(),
        port: mail.port,
        encryption: mail.encryption,
        username: mail.username.clone(),
        password: mail.password.expose().to_owned(),
        ca_file: mail.ca_file.clone(),
        timeout: Duration::from_secs(mail.timeout_seconds.into()),
        from_address: mail.from_address.clone(),
        from_name: mail.from_name.clone(),
    }
}

/// What a run has done so far.
#[derive(Default)]
struct Tally {
    n_sent: usize,
    n_again: usize,
    n_failed: usize,
    n_outdated: usize,
}

impl Tally {
    fn words(&self) -> String {
        let mut words = vec![format!("发出{}封", self.n_sent)];
        let mut add = |n: usize, what: &str| {
            if 0 < n {
                words.push(format!("{n}封{what}"));
            }
        };
        add(self.n_again, "暂未发出，将重试");
        add(self.n_failed, "发送失败");
        add(self.n_outdated, "已过时，不再发送");
        words.join("，")
    }
}

pub(super) fn send(work: &Work<'_>) -> Result<String, JobError> {
    if !work.settings.mail.is_enabled {
        return Ok("邮件没有启用，待发邮件留在待发箱".to_owned());
    }
    let server = server(work.settings);
    let host = server.from_address.rsplit('@').next().unwrap_or("localhost").to_owned();
    let mut tally = Tally {
        n_outdated: work.db.write(|conn| outbox::hold_outdated(conn, work.now))?,
        ..Tally::default()
    };
    let mut session: Option<Session> = None;
    while work.goes_on() && Utc::now() < work.now + LONGEST_RUN {
        let now = Utc::now();
        let claimed = work.db.write(|conn| -> Result<_, StorageError> {
            if job_runs::is_paused(conn, "outbox")? {
                return Ok(None);
            }
            outbox::claim_next(conn, work.holder, &host, now, now + work.lease())
        })?;
        let Some(claimed) = claimed else { break };
        let result = attempt(work, &server, &mut session, &claimed);
        let connection_fault = result.as_ref().err().filter(|it| it.fault == Fault::Connection).cloned();
        note(work, &claimed, result, &mut tally)?;
        if let Some(err) = connection_fault {
            // The next message would fare no better.
            return Err(JobError::Outside(format!("{}；{}", err.words, tally.words())));
        }
    }
    if let Some(session) = session {
        session.close();
    }
    Ok(tally.words())
}

fn attempt(
    work: &Work<'_>,
    server: &MailServer,
    session: &mut Option<Session>,
    claimed: &Claimed,
) -> Result<(), SendError> {
    let attachments = attachments(work, claimed)?;
    let letter = Letter {
        message_id: claimed.message_id.clone(),
        to_name: claimed.recipient_name.clone(),
        to_address: claimed.address.clone(),
        subject: claimed.subject.clone(),
        text: claimed.body.clone(),
        attachments,
        written_at: claimed.written_at.into(),
    };
    let mut open = match session.take().filter(|it| !it.has_broken()) {
        Some(open) => open,
        None => Session::open(server)?,
    };
    let result = open.send(&letter);
    if !work.goes_on() || result.as_ref().is_err_and(|it| it.fault == Fault::Connection) {
        open.close();
    } else {
        *session = Some(open);
    }
    result
}

/// The issued letter that goes with a message, as it was issued.
fn attachments(work: &Work<'_>, claimed: &Claimed) -> Result<Vec<Attachment>, SendError> {
    const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    let Some(id) = &claimed.letter else { return Ok(Vec::new()) };
    let lost = || SendError { fault: Fault::Permanent, words: "找不到应当附上的文书".to_owned() };
    let id = id.parse().map_err(|_| lost())?;
    let found = work.db.read(|conn| Ok((letters::fetch(conn, id)?, letters::file(conn, id)?)));
    let (letter, content) = match found {
        Ok(found) => found,
        Err(StorageError::NotFound) => return Err(lost()),
        Err(err) => {
            tracing::error!(%err, "a letter to be sent could not be read");
            return Err(SendError { fault: Fault::Temporary, words: "文书暂时读不出来".to_owned() });
        }
    };
    let name = match &letter.document_no {
        Some(no) => format!("{}（{no}）.docx", letter.title),
        None => format!("{}.docx", letter.title),
    };
    Ok(vec![Attachment { name, media_type: DOCX.to_owned(), content }])
}

fn note(
    work: &Work<'_>,
    claimed: &Claimed,
    result: Result<(), SendError>,
    tally: &mut Tally,
) -> Result<(), JobError> {
    let now = Utc::now();
    let gives_up = claimed.written_at + TimeDelta::hours(work.settings.mail.give_up_hours.into()) < now;
    let attempt = match result {
        Ok(()) => Attempt::Sent,
        Err(SendError { fault: Fault::Permanent, words }) => Attempt::Failed { error: words },
        Err(SendError { fault: Fault::Temporary, words }) if gives_up => {
            Attempt::Failed { error: format!("多次重试仍未发出，不再重试。{words}") }
        }
        Err(SendError { words, .. }) => {
            Attempt::Again { error: words, at: next_attempt(claimed.attempts.saturating_add(1), now) }
        }
    };
    match &attempt {
        Attempt::Sent => tally.n_sent += 1,
        Attempt::Again { .. } | Attempt::NotTried => tally.n_again += 1,
        Attempt::Failed { .. } => tally.n_failed += 1,
    }
    let caller = Caller { now, ..work.caller() };
    let write = || {
        work.db.write(|conn| -> Result<bool, ServiceError> {
            let holds = outbox::note_attempt(conn, &claimed.id, work.holder, now, &attempt)?;
            match &attempt {
                Attempt::Sent if holds => mail_to_applicant::note_sent(conn, &caller, claimed)?,
                Attempt::Failed { error } if holds => {
                    mail_to_applicant::note_failed(conn, &caller, &work.rules, claimed, error)?;
                }
                _ => {}
            }
            Ok(holds)
        })
    };
    let mut holds = write();
    // Somebody works on the case at this very moment: what was sent must not be sent again for that.
    for _ in 0..RETRIES {
        if !matches!(holds, Err(ServiceError::Stale)) {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
        holds = write();
    }
    let holds = holds?;
    if !holds {
        tracing::warn!(message = claimed.id, "another process has taken the message up meanwhile");
    }
    Ok(())
}
