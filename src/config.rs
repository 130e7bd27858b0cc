//! Settings: what may differ between offices, read once at the start and handed down.
//!
//! The defaults (`config/default.toml`, built in) are overridden by the file given with `--config`,
//! that by the environment (`GONGKAI__SECTION__KEY`), and for the database by
//! `GONGKAI_DATABASE_URL` and `--database-url`. The defaults are also the list of what exists: a
//! key they do not have is refused, with its name and where it came from.
//!
//! Absent on purpose: a global, reloading, and defaults in code. Messages are for the person who
//! runs the program, so they are in Chinese; they never quote the database's password.

mod database_url;
mod layers;
mod mail;
#[cfg(test)]
mod tests;
mod values;

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use chrono::NaiveDate;

use crate::coded;
use crate::domain::account::LoginLimits;
use crate::domain::attachment::{ScannerAddress, ScannerDown};
use crate::domain::letters::LetterDefaults;
use crate::domain::mail::MailPolicy;
use crate::domain::reminders::ReminderPolicy;
use crate::domain::response_clock::ClockSettings;
use crate::domain::workflow::{Policy, Role};

pub use database_url::DatabaseUrl;
use layers::Layers;
pub use mail::{JobSettings, MailSettings, Secret};

const DEFAULTS: &str = include_str!("../config/default.toml");

/// Everything that is set for this installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where the data is kept.
    pub database: Database,
    /// How the program is reached.
    pub server: Server,
    /// The files of cases.
    pub files: Files,
    /// How long a login lasts, and what locks an account.
    pub login: LoginLimits,
    /// What else guards the door.
    pub door: Door,
    /// How days are counted where the law leaves a choice.
    pub clock: ClockSettings,
    /// The steps of this office.
    pub workflow: Policy,
    /// Who replies name.
    pub office: LetterDefaults,
    /// What documents are converted with.
    pub documents: Documents,
    /// When the annual report is due.
    pub report: ReportDays,
    /// The way to the mail server.
    pub mail: MailSettings,
    /// What the office has decided about mail.
    pub mail_policy: MailPolicy,
    /// Who is reminded when.
    pub reminders: ReminderPolicy,
    /// The work in the background.
    pub jobs: JobSettings,
    /// What is logged, and how.
    pub log: Log,
    /// All of these as text, with where each comes from, for people to look at.
    pub in_force: Vec<InForce>,
}

/// A setting in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// `section.key`.
    pub key: String,
    /// Its value, without secrets.
    pub value: String,
    /// The defaults, a file, a variable or an argument.
    pub origin: String,
}

/// `[database]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// Its address, password included.
    pub url: DatabaseUrl,
    /// How many connections read.
    pub pool_size: u32,
}

/// `[server]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The address people type, without a slash at its end.
    pub public_url: String,
    /// The proxies whose word about the visitor's address is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// How many changes one person may make in a minute.
    pub changes_per_minute: u32,
}

/// `[files]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// The folder they are kept in; none for the one that goes with the database.
    pub directory: Option<PathBuf>,
    /// The largest file in MB of 1,048,576 bytes.
    pub max_mb: u32,
    /// Where the virus scanner listens; none for none.
    pub clamd: Option<ScannerAddress>,
    /// What to do with a file while the scanner does not answer.
    pub clamd_down: ScannerDown,
}

/// The part of `[login]` that is not about time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// How many attempts to sign in one address has in a minute.
    pub attempts_per_minute: u32,
    /// The roles that must use a second factor.
    pub second_factor_roles: Vec<Role>,
}

impl Server {
    /// Whether cookies are restricted to TLS: they are where people come over TLS.
    pub fn has_secure_cookies(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// `[documents]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Documents {
    /// The LibreOffice that makes PDF: a name on the search path or a full path; empty for none.
    pub soffice: String,
}

/// `[report]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportDays {
    /// When it goes to the authority in charge.
    pub submit_by: DayOfYear,
    /// When it is published.
    pub publish_by: DayOfYear,
}

/// A day of every year, such as 31 January.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayOfYear {
    month: u32,
    day: u32,
}

impl DayOfYear {
    /// Reads `MM-DD`. There is no 29 February, for it is not a day of every year.
    fn parse(text: &str) -> Option<Self> {
        let (month, day) = text.split_once('-').filter(|(month, day)| month.len() == 2 && day.len() == 2)?;
        let it = Self { month: month.parse().ok()?, day: day.parse().ok()? };
        NaiveDate::from_ymd_opt(2023, it.month, it.day)?;
        Some(it)
    }

    /// Its month and its day in it.
    pub fn month_and_day(self) -> (u32, u32) {
        (self.month, self.day)
    }

    /// That day of a year.
    ///
    /// # Panics
    /// For years outside those of the calendar.
    pub fn in_year(self, year: i32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, self.month, self.day).expect("parse accepts days of every year")
    }
}

/// `[log]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Log {
    /// For people or for machines.
    pub format: LogFormat,
    /// The least important messages that are still written.
    pub level: LogLevel,
}

coded! {
    /// How a line of the log looks.
    pub enum LogFormat: "log format" {
        /// For people.
        Text = "text", "文本";
        /// One JSON object a line.
        Json = "json", "JSON";
    }
}

coded! {
    /// How important a message of the log is.
    pub enum LogLevel: "log level" {
        /// Something failed.
        Error = "error", "错误";
        /// Something looks wrong.
        Warn = "warn", "警告";
        /// What was done.
        Info = "info", "信息";
        /// What helps to find a fault.
        Debug = "debug", "调试";
        /// Everything.
        Trace = "trace", "跟踪";
    }
}

/// Where settings come from, besides the defaults.
#[derive(Clone, Default)]
pub struct Sources {
    /// `--config`.
    pub file: Option<PathBuf>,
    /// Variables of the environment; those of other programs are ignored.
    pub environment: BTreeMap<String, String>,
    /// `--database-url`.
    pub database_url: Option<String>,
}

impl Sources {
    /// The environment of this process, with what its command line says.
    ///
    /// # Errors
    /// [`SettingsError::NotUtf8`] where one of our variables is not UTF-8.
    pub fn of_process(file: Option<PathBuf>, database_url: Option<String>) -> Result<Self, SettingsError> {
        let mut environment = BTreeMap::new();
        for (name, value) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name.starts_with("GONGKAI") {
                let value = value.into_string().map_err(|_| SettingsError::NotUtf8(name.clone()))?;
                environment.insert(name, value);
            }
        }
        Ok(Self { file, environment, database_url })
    }
}

/// Names only: any of the values may hold the password of a database.
impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variables: Vec<_> = self.environment.keys().collect();
        f.debug_struct("Sources")
            .field("file", &self.file)
            .field("environment", &variables)
            .field("database_url", &self.database_url.as_ref().map(|_| ".."))
            .finish()
    }
}

/// Why the settings cannot be used. The program does not start.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file given with `--config` cannot be read.
    #[error("配置文件 {path} 无法读取：{source}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// It can be read and is no TOML. The line is named, not quoted, for it may hold a password.
    #[error("配置文件 {path} 第 {line} 行第 {column} 列不是有效的 TOML：{message}")]
    NotToml {
        /// The file.
        path: String,
        /// From 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
        /// What the parser expected.
        message: String,
    },
    /// A variable of ours that is no text.
    #[error("环境变量 {0} 的值不是 UTF-8 文本")]
    NotUtf8(String),
    /// A key the defaults do not have.
    #[error("{origin}：没有“{key}”这一项设置。{hint}")]
    UnknownKey {
        /// The file or the variable.
        origin: String,
        /// `section.key`.
        key: String,
        /// What there is instead.
        hint: String,
    },
    /// A value out of range or of the wrong kind.
    #[error("{origin}：“{key}”应为{expected}，实为“{found}”")]
    Invalid {
        /// The file, the variable or the argument.
        origin: String,
        /// `section.key`.
        key: String,
        /// What is allowed.
        expected: String,
        /// What was found, without secrets.
        found: String,
    },
}

impl Settings {
    /// Reads and checks all sources.
    ///
    /// # Errors
    /// [`SettingsError`] for the first thing that is wrong.
    pub fn load(sources: &Sources) -> Result<Self, SettingsError> {
        let mut layers = Layers::new(DEFAULTS);
        if let Some(path) = &sources.file {
            layers.add_file(path)?;
        }
        layers.add_environment(&sources.environment)?;
        if let Some(url) = sources.environment.get("GONGKAI_DATABASE_URL") {
            layers.add_value("database.url", url, "环境变量 GONGKAI_DATABASE_URL");
        }
        if let Some(url) = &sources.database_url {
            layers.add_value("database.url", url, "命令行参数 --database-url");
        }
        let merged = layers.merge();
        let report = ReportDays {
            submit_by: merged.setting("report.submit_by").day_of_year()?,
            publish_by: merged.setting("report.publish_by").day_of_year()?,
        };
        Ok(Self {
            database: Database {
                url: merged.setting("database.url").database_url()?,
                pool_size: merged.setting("database.pool_size").number(1..=100)?,
            },
            server: Server {
                listen: merged.setting("server.listen").listen()?,
                public_url: merged.setting("server.public_url").public_url()?,
                trusted_proxies: merged.setting("server.trusted_proxies").addresses()?,
                changes_per_minute: merged.setting("server.changes_per_minute").number(10..=1_000_000)?,
            },
            files: Files {
                directory: merged.setting("files.directory").folder()?,
                max_mb: merged.setting("files.max_mb").number(1..=2048)?,
                clamd: merged.setting("files.clamd").scanner()?,
                clamd_down: merged.setting("files.clamd_down").coded()?,
            },
            login: LoginLimits {
                idle_minutes: merged.setting("login.idle_minutes").number(1..=1440)?,
                absolute_hours: merged.setting("login.absolute_hours").number(1..=168)?,
                max_failures: merged.setting("login.max_failures").number(3..=100)?,
                lock_minutes: merged.setting("login.lock_minutes").number(1..=1440)?,
            },
            door: Door {
                attempts_per_minute: merged.setting("login.attempts_per_minute").number(5..=1_000_000)?,
                second_factor_roles: merged.setting("login.second_factor_roles").roles()?,
            },
            clock: ClockSettings {
                receipt_on_rest_day: merged.setting("clock.receipt_on_rest_day").coded()?,
            },
            workflow: Policy {
                legal_review: merged.setting("workflow.legal_review").legal_review()?,
                sign_off: merged.setting("workflow.sign_off").flag()?,
            },
            office: LetterDefaults {
                reconsideration_body: merged.setting("office.reconsideration_body").words()?,
                court: merged.setting("office.court").words()?,
            },
            report,
            mail: mail::mail(&merged)?,
            mail_policy: mail::policy(&merged, &merged.setting("server.public_url").public_url()?)?,
            reminders: mail::reminders(&merged, report)?,
            jobs: mail::jobs(&merged)?,
            documents: Documents { soffice: merged.setting("documents.soffice").words()? },
            log: Log {
                format: merged.setting("log.format").coded()?,
                level: merged.setting("log.level").coded()?,
            },
            in_force: merged.in_force(),
        })
    }
}
