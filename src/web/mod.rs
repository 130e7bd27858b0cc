//! The workbench in the browser: pages drawn on the server, over the same use cases as everything else.
//!
//! Rules are not here: a handler reads a form, runs a use case, and shows what came of it. SQL is not
//! here either; of storage only the transaction ([`Db`]) and its errors are known.

pub mod access;
mod assets;
mod charts;
mod done;
mod download;
mod error;
mod forecasts;
mod form;
mod page;
mod pages;
mod rate;
pub mod server;
mod session;
mod words;

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use actix_web::{rt, web};
use chrono::{DateTime, Utc};

use crate::config::Settings;
use crate::documents::filler::{Template, text};
use crate::documents::letters;
use crate::documents::office::Office;
use crate::files::{Scanner, Store};
use crate::service::clock::Clock;
use crate::service::letters::Press;
use crate::service::{Rules, ServiceError, import_notice};
use crate::storage::Db;
use crate::web::error::WebError;

/// How many files are scanned, or cases bundled, at once.
const FILE_WORK_AT_ONCE: usize = 3;

/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

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
    /// What letters are made with.
    pub press: Press,
    /// What makes PDF of them, where it is installed.
    pub office: Option<Arc<Office>>,
    /// The rules; replaced as a whole when a holiday notice is imported.
    rules: RwLock<Arc<Rules>>,
    /// The first start's token, while there is no account.
    pub setup: pages::setup::Setup,
    /// How often what may be done.
    pub rates: rate::Rates,
    /// What forecasts rest on, kept for some minutes.
    pub forecasts: forecasts::Forecasts,
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

/// The filler of documents, for use cases that know no formats.
fn press(settings: &Settings) -> Press {
    Press {
        built_in: |kind| letters::built_in(kind).map_err(|it| it.explain()),
        fill: |file, values| {
            let template = Template::open(file.to_vec()).map_err(|it| it.explain())?;
            template.fill(values).map_err(|it| it.explain())
        },
        read: |file| text::plain(file).map_err(|it| it.explain()),
        faults: letters::faults,
        reconsideration_body: settings.office.reconsideration_body.clone(),
        court: settings.office.court.clone(),
    }
}

impl App {
    /// An application over a migrated database.
    pub fn new(db: Db, settings: Settings, rules: Rules, is_demo: bool) -> Self {
        let directory = settings.files.directory.clone().unwrap_or_else(|| db.files_beside());
        let when_down = settings.files.clamd_down;
        Self {
            db,
            files: Store::new(directory),
            scanner: settings.files.clamd.clone().map(|address| Scanner { address, when_down }),
            file_work: tokio::sync::Semaphore::new(FILE_WORK_AT_ONCE),
            rates: rate::Rates::new(&settings),
            press: press(&settings),
            office: Office::find(&settings.documents.soffice).map(Arc::new),
            settings,
            is_demo,
            rules: RwLock::new(Arc::new(rules)),
            setup: pages::setup::Setup::default(),
            forecasts: forecasts::Forecasts::default(),
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
    ///
    /// # Errors
    /// Where the database fails.
    pub fn setup_token(&self) -> Result<Option<&str>, ServiceError> {
        self.setup.token_if_needed(&self.db)
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
