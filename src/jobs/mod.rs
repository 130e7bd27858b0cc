//! The work in the background: one small loop, in a thread of its own.
//!
//! Every process may run it. A job is done by whoever takes its lease, which is a row of the database; the
//! lease is renewed while the work goes on, and that of a process that died lapses. Jobs are idempotent:
//! doing one twice does no more than doing it once, so a lease lost at the wrong moment does no harm.
//!
//! Absent on purpose: a queue of jobs with arguments. What is to be done is found in the records.

mod due_days;
mod morning;
mod outbox;
mod run;
mod search_index;
mod work;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use chrono::Utc;
use uuid::Uuid;

use crate::config::Settings;
use crate::domain::job::Job;
use crate::domain::labels::Coded;
use crate::storage::upkeep::job_runs;
use crate::storage::{Db, StorageError};

pub use run::run_now;
pub use work::{JobError, Work};

/// How often the loop looks for work.
const TICK: Duration = Duration::from_secs(1);

/// Whether the work is to end.
#[derive(Default)]
pub struct Stop {
    is_set: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    /// Whether it is to end.
    pub fn is_set(&self) -> bool {
        *self.is_set.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self) {
        *self.is_set.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    /// Waits so long, or until it is set. Returns whether it is.
    fn wait(&self, time: Duration) -> bool {
        let is_set = self.is_set.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(is_set, time, |is_set| !*is_set);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// The loop, while it runs.
pub struct Scheduler {
    stop: Arc<Stop>,
    thread: JoinHandle<()>,
}

impl Scheduler {
    /// Starts the loop over a migrated database.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start(db: Db, settings: Settings) -> std::io::Result<Self> {
        let stop = Arc::new(Stop::default());
        let own_stop = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("jobs".to_owned())
            .spawn(move || work(&db, &settings, &own_stop))?;
        Ok(Self { stop, thread })
    }

    /// Ends the loop: the job at hand comes to a good end, if it does so in time. What is left is taken up
    /// again by whoever comes next.
    pub fn end(self, patience: Duration) {
        self.stop.set();
        let begun = Instant::now();
        while !self.thread.is_finished() && begun.elapsed() < patience {
            std::thread::sleep(Duration::from_millis(20));
        }
        if self.thread.is_finished() {
            if self.thread.join().is_err() {
                tracing::error!("the loop of jobs panicked");
            }
        } else {
            tracing::warn!("the job at hand did not end in time and is left");
        }
    }
}

/// The name of this process among those that share the database.
fn holder() -> String {
    Uuid::now_v7().to_string()
}

fn work(db: &Db, settings: &Settings, stop: &Stop) {
    let holder = holder();
    loop {
        match tick(db, settings, stop, &holder) {
            Ok(()) => {}
            Err(err) => tracing::error!(%err, "the loop of jobs failed, and goes on"),
        }
        if stop.wait(TICK) {
            return;
        }
    }
}

/// Does every job that is due.
fn tick(db: &Db, settings: &Settings, stop: &Stop, holder: &str) -> Result<(), JobError> {
    let known = db.read(job_runs::all)?;
    for job in Job::ALL {
        if stop.is_set() {
            return Ok(());
        }
        // The job before may have taken minutes.
        let now = Utc::now();
        let Some(row) = known.iter().find(|it| it.name == job.code()) else {
            // Once at the first start; afterwards when its time has come.
            match db.write(|conn| job_runs::ensure(conn, job.code(), now)) {
                // Another process was faster.
                Ok(()) | Err(StorageError::Conflict) => continue,
                Err(err) => return Err(err.into()),
            }
        };
        let is_free = row.lease_until.is_none_or(|it| it <= now.naive_utc());
        if row.is_paused || now.naive_utc() < row.next_run_at || !is_free {
            continue;
        }
        let has_work = match job {
            Job::Outbox => outbox::has_work(db, settings, now)?,
            Job::SearchIndex => search_index::has_work(db)?,
            _ => true,
        };
        if !has_work {
            continue;
        }
        let done =
            catch_unwind(AssertUnwindSafe(|| run::take_and_run(db, settings, stop, holder, *job, now)));
        match done {
            Ok(result) => result?,
            Err(_) => run::note_panic(db, holder, *job, now)?,
        }
    }
    Ok(())
}
