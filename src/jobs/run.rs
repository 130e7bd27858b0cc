//! One run of one job: under its lease, with its result noted.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Stop, due_days, holder, morning, outbox, search_index};
use crate::config::Settings;
use crate::domain::job::Job;
use crate::domain::labels::Coded;
use crate::domain::mail;
use crate::jobs::work::{JobError, Work, lease};
use crate::service::calendar::import_notice::calendar;
use crate::service::{Rules, ServiceError};
use crate::storage::mail::outbox::renew_claims;
use crate::storage::upkeep::job_runs;
use crate::storage::upkeep::job_runs::Done;
use crate::storage::upkeep::plans;
use crate::storage::{Db, StorageError};

/// Does a job, whatever its row says, as of an instant. Returns what came of it.
///
/// # Errors
/// Why it failed.
pub fn run_now(db: &Db, settings: &Settings, job: Job, now: DateTime<Utc>) -> Result<String, JobError> {
    let (stop, has_lost) = (Stop::default(), AtomicBool::new(false));
    do_job(db, settings, &stop, &has_lost, &holder(), job, now)
}

fn do_job(
    db: &Db,
    settings: &Settings,
    stop: &Stop,
    has_lost: &AtomicBool,
    holder: &str,
    job: Job,
    now: DateTime<Utc>,
) -> Result<String, JobError> {
    let rules = Rules {
        policy: settings.workflow.clone(),
        clock: settings.clock,
        calendar: calendar(db)?,
        mail: settings.mail_policy.clone(),
        reminders: settings.reminders.clone(),
        letters: settings.office.clone(),
    };
    let work = Work { db, settings, rules, holder, now, stop, has_lost };
    match job {
        Job::Outbox => outbox::send(&work),
        Job::DueDays => due_days::renew(&work),
        Job::SearchIndex => search_index::index(&work),
        Job::Reminders => morning::remind(&work),
        Job::Digest => morning::digest(&work),
        Job::Plans => {
            db.write(plans::renew)?;
            Ok("查询统计已更新".to_owned())
        }
    }
}

/// Takes the lease of a job and does it. Does nothing where another process was faster.
pub(super) fn take_and_run(
    db: &Db,
    settings: &Settings,
    stop: &Stop,
    holder: &str,
    job: Job,
    now: DateTime<Utc>,
) -> Result<(), JobError> {
    let lease = lease(settings);
    if !db.write(|conn| job_runs::take(conn, job.code(), holder, now, now + lease))? {
        return Ok(());
    }
    let has_lost = AtomicBool::new(false);
    let result = std::thread::scope(|scope| {
        let (end, ended) = channel::<()>();
        let keeper = &has_lost;
        scope.spawn(move || {
            let pause = Duration::from_millis(u64::from(settings.jobs.lease_seconds) * 1_000 / 3);
            while ended.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                let until = Utc::now() + lease;
                let renewed = db.write(|conn| {
                    renew_claims(conn, holder, until)?;
                    job_runs::renew(conn, job.code(), holder, until)
                });
                match renewed {
                    Ok(true) => {}
                    Ok(false) => keeper.store(true, Ordering::Relaxed),
                    Err(err) => tracing::warn!(%err, "a lease was not renewed"),
                }
            }
        });
        let result = do_job(db, settings, stop, &has_lost, holder, job, now);
        drop(end);
        result
    });
    let next = job.schedule(settings.jobs.morning).next_after(Utc::now());
    let done = match result {
        Ok(result) => Done { ran_at: now, result, has_failed: false, next_run_at: next },
        Err(err) => {
            tracing::error!(job = job.code(), %err, "a job failed");
            let next_run_at = again(db, job, next)?;
            Done { ran_at: now, result: for_people(&err), has_failed: true, next_run_at }
        }
    };
    Ok(db.write(|conn| job_runs::finish(conn, job.code(), holder, &done))?)
}

/// When a failed job is tried again: soon, later with every failure, and not later than in ten minutes.
fn again(db: &Db, job: Job, next: DateTime<Utc>) -> Result<DateTime<Utc>, StorageError> {
    const LONGEST: TimeDelta = TimeDelta::minutes(10);
    let rows = db.read(job_runs::all)?;
    let n_failures = rows.iter().find(|it| it.name == job.code()).map_or(0, |it| it.n_failures);
    let n_failures = u32::try_from(n_failures).unwrap_or(0).saturating_add(1);
    let now = Utc::now();
    let retry = mail::next_attempt(n_failures, now).min(now + LONGEST);
    // What is done every few seconds waits after a failure; what is done once a day does not wait a day.
    Ok(if next < now + TimeDelta::minutes(1) { retry } else { retry.min(next) })
}

/// What the page of jobs says: the details of a database are for the log.
fn for_people(err: &JobError) -> String {
    match err {
        JobError::Outside(words) => words.clone(),
        JobError::Service(ServiceError::Storage(_)) | JobError::Storage(_) => {
            "数据库出错，详见运行日志".to_owned()
        }
        JobError::Service(err) => err.to_string(),
    }
}

pub(super) fn note_panic(db: &Db, holder: &str, job: Job, now: DateTime<Utc>) -> Result<(), JobError> {
    tracing::error!(job = job.code(), "a job panicked");
    let next_run_at = again(db, job, now)?;
    let result = "程序出错，详见运行日志".to_owned();
    let done = Done { ran_at: now, result, has_failed: true, next_run_at };
    Ok(db.write(|conn| job_runs::finish(conn, job.code(), holder, &done))?)
}
