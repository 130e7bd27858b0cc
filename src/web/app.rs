//! What every handler needs, and the ways in which work is done for it.

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use actix_web::{rt, web};
use chrono::{DateTime, NaiveDate, Utc};

use crate::config::Settings;
use crate::documents::office::Office;
use crate::domain::ids::AgencyId;
use crate::files::{Scanner, Store};
use crate::service::access::set_up;
use crate::service::calendar::import_notice;
use crate::service::clock::Clock;
use crate::service::desk::forecast_cases::{OfficePast, office_past};
use crate::service::{Rules, ServiceError};
use crate::storage::Db;
use crate::web::error::WebError;
use crate::web::first_start::FirstStart;
use crate::web::forecasts::Forecasts;
use crate::web::rate::Rates;
use crate::web::route::{Doors, Route};

/// How many files are scanned, or cases bundled, at once.
const FILE_WORK_AT_ONCE: usize = 3;

/// How long the calendar is taken to be what it was.
const CALENDAR_KEPT: Duration = Duration::from_secs(60);
/// How many passwords are hashed at once: each takes 19 MiB.
const HASHES_AT_ONCE: usize = 2;
/// How long somebody who signs in waits for their turn.
const HASH_WAIT: Duration = Duration::from_secs(15);

/// What every handler needs.
pub struct App {
    /// The database.
    pub db: Db,
    /// The settings of this installation.
    pub settings: Settings,
    /// Whether this is the demonstration.
    pub is_demo: bool,
    /// What makes PDF of documents, where it is installed.
    pub office: Option<Arc<Office>>,
    /// The rules; replaced as a whole when a holiday notice is imported.
    rules: RwLock<Arc<Rules>>,
    /// Who may use which route.
    pub doors: Doors,
    /// The first start's token, while there is no account.
    pub first_start: FirstStart,
    /// How often what may be done.
    pub rates: Rates,
    /// What forecasts rest on, kept for some minutes.
    pub forecasts: Forecasts,
    /// The present.
    clock: Clock,
    /// When the calendar was last read.
    calendar_read_at: Mutex<Instant>,
    /// Hashing of passwords is slow and takes much memory on purpose: two at a time.
    hashing: tokio::sync::Semaphore,
    /// The files of cases.
    pub files: Store,
    /// The virus scanner, where there is one.
    pub scanner: Option<Scanner>,
    /// A scanner that keeps silent, or large bundles, must not hold every thread.
    file_work: tokio::sync::Semaphore,
}

impl App {
    /// An application over a migrated database, with these routes.
    pub fn new(db: Db, settings: Settings, rules: Rules, routes: &[Route], is_demo: bool) -> Self {
        let directory = settings.files.directory.clone().unwrap_or_else(|| db.files_beside());
        let when_down = settings.files.clamd_down;
        Self {
            db,
            files: Store::new(directory),
            scanner: settings.files.clamd.clone().map(|address| Scanner { address, when_down }),
            file_work: tokio::sync::Semaphore::new(FILE_WORK_AT_ONCE),
            rates: Rates::new(&settings),
            office: Office::find(&settings.documents.soffice).map(Arc::new),
            settings,
            is_demo,
            doors: Doors::of(routes),
            rules: RwLock::new(Arc::new(rules)),
            first_start: FirstStart::default(),
            forecasts: Forecasts::default(),
            clock: Clock::System,
            calendar_read_at: Mutex::new(Instant::now()),
            hashing: tokio::sync::Semaphore::new(HASHES_AT_ONCE),
        }
    }

    /// The same with another clock.
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// The instant. Every use case gets it from here.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The rules in force.
    pub fn rules(&self) -> Arc<Rules> {
        Arc::clone(&self.rules.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Puts other rules in force.
    pub fn set_rules(&self, rules: Rules) {
        *self.rules.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(rules);
    }

    /// Reads the calendar anew where that was not done for a minute: another process, or the command line, may
    /// have imported a notice.
    ///
    /// # Errors
    /// Where the database fails; the rules stay as they were.
    pub async fn keep_calendar(&self) -> Result<(), WebError> {
        {
            let mut read_at = self.calendar_read_at.lock().unwrap_or_else(PoisonError::into_inner);
            if read_at.elapsed() < CALENDAR_KEPT {
                return Ok(());
            }
            *read_at = Instant::now();
        }
        let calendar = self.run(import_notice::calendar).await?;
        let rules = self.rules();
        if rules.calendar != calendar {
            self.set_rules(Rules { calendar, ..(*rules).clone() });
            self.forecasts.forget();
        }
        Ok(())
    }

    /// Lets the calendar be read anew with the next request.
    pub fn doubt_calendar(&self) {
        let long_ago = Instant::now().checked_sub(CALENDAR_KEPT).unwrap_or_else(Instant::now);
        *self.calendar_read_at.lock().unwrap_or_else(PoisonError::into_inner) = long_ago;
    }

    /// Runs work that hashes passwords, two at a time, so that a rush of logins leaves room for the others.
    pub async fn run_hashing<T, F>(&self, f: F) -> Result<T, WebError>
    where
        T: Send + 'static,
        F: FnOnce(&Db) -> Result<T, ServiceError> + Send + 'static,
    {
        let turn = rt::time::timeout(HASH_WAIT, self.hashing.acquire()).await;
        let _permit = turn.map_err(|_| WebError::Overloaded)?.map_err(|_| WebError::Overloaded)?;
        self.run(f).await
    }

    /// Runs work on files that takes its time, a few at a time.
    ///
    /// # Errors
    /// What `f` returns, or that all threads are busy.
    pub async fn run_with_files<T, F>(&self, f: F) -> Result<T, WebError>
    where
        T: Send + 'static,
        F: FnOnce(&Db) -> Result<T, ServiceError> + Send + 'static,
    {
        let _permit = self.file_work.acquire().await.map_err(|_| WebError::Overloaded)?;
        self.run(f).await
    }

    /// The token of the first start, to be printed for whoever started the server; none once there is an
    /// account.
    pub fn setup_token(&self) -> Result<Option<&str>, ServiceError> {
        self.first_start.token_if_needed(&self.db)
    }

    /// Whether there is no account yet, so that the first one must be made before anything else.
    pub async fn has_no_account(&self) -> Result<bool, WebError> {
        if self.first_start.is_done() {
            return Ok(false);
        }
        let is_needed = self.run(set_up::is_needed).await?;
        if !is_needed {
            self.first_start.end();
        }
        Ok(is_needed)
    }

    /// The past of an agency, not older than some minutes.
    pub async fn past_of(&self, agency: AgencyId, today: NaiveDate) -> Result<Arc<OfficePast>, WebError> {
        if let Some(past) = self.forecasts.known(agency, today) {
            return Ok(past);
        }
        let rules = self.rules();
        let read = move |db: &Db| -> Result<_, ServiceError> {
            db.snapshot(|conn| office_past(conn, &rules.calendar, agency, today))
        };
        let past = Arc::new(self.run(read).await?);
        self.forecasts.keep(agency, &past);
        Ok(past)
    }

    /// Runs database work on the blocking pool, one hop for a whole use case.
    ///
    /// `f` opens its own transaction: [`Db::read`], [`Db::snapshot`] or [`Db::write`].
    pub async fn run<T, F>(&self, f: F) -> Result<T, WebError>
    where
        T: Send + 'static,
        F: FnOnce(&Db) -> Result<T, ServiceError> + Send + 'static,
    {
        let db = self.db.clone();
        web::block(move || f(&db)).await.map_err(|_| WebError::Overloaded)?.map_err(WebError::from)
    }
}
