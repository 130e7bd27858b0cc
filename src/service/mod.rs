//! The use cases: one file each, free functions that read as the rule book.
//!
//! The caller owns the transaction: a use case that changes something runs inside [`crate::storage::Db::write`],
//! so that the change and its journal entry are stored together or not at all.

pub mod access;
pub mod calendar;
mod caller;
pub mod case;
pub mod clock;
pub mod desk;
pub mod mail;
mod note;
pub mod remedy;
pub mod report;
pub mod upkeep;

pub use caller::Caller;
use chrono::{DateTime, NaiveDate, Utc};

use crate::documents::DocumentError;
use crate::domain::beijing;
use crate::domain::calendar::WorkCalendar;
use crate::domain::case::{CaseError, Context};
use crate::domain::ids::{AgencyId, DepartmentId};
use crate::domain::letters::LetterDefaults;
use crate::domain::mail::MailPolicy;
use crate::domain::refusal::Refusals;
use crate::domain::reminders::ReminderPolicy;
use crate::domain::report::forms::NoForm;
use crate::domain::report::statistics::BeforeYear;
use crate::domain::report::statistics::placement::NoSuchCell;
use crate::domain::report::statistics::table2::FigureError;
use crate::domain::response_clock::ClockSettings;
use crate::domain::workflow::{Policy, WorkflowError};
use crate::files::FileError;
use crate::storage::StorageError;

/// The day in Beijing at an instant.
pub fn beijing_day(now: DateTime<Utc>) -> NaiveDate {
    beijing::time(now).date_naive()
}

/// The rules as this office has set them.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The steps of the workflow.
    pub policy: Policy,
    /// The settings of the clock.
    pub clock: ClockSettings,
    /// The calendar.
    pub calendar: WorkCalendar,
    /// What is decided about mail.
    pub mail: MailPolicy,
    /// Who is reminded when.
    pub reminders: ReminderPolicy,
    /// What letters name where an agency has set nothing of its own.
    pub letters: LetterDefaults,
}

impl Rules {
    /// What a command needs to know of its surroundings.
    pub fn context<'a>(&'a self, caller: &'a Caller) -> Context<'a> {
        Context {
            user: caller.viewer.user,
            roles: &caller.viewer.roles,
            today: caller.today(),
            policy: &self.policy,
            calendar: &self.calendar,
            clock: &self.clock,
        }
    }
}

/// Why a use case was refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// What was given does not hold: what is wrong, by field.
    #[error(transparent)]
    Refused(#[from] Refusals),
    /// Not in this status, or not by this person.
    #[error(transparent)]
    Workflow(#[from] WorkflowError),
    /// Somebody has changed it since the page was opened.
    #[error("该记录已被他人修改")]
    Stale,
    /// The database failed, or holds no such thing.
    #[error(transparent)]
    Storage(StorageError),
    /// There is no form for the year.
    #[error(transparent)]
    NoForm(#[from] NoForm),
    /// The day asked for lies before the year.
    #[error(transparent)]
    BeforeYear(#[from] BeforeYear),
    /// The form has no such cell.
    #[error(transparent)]
    NoSuchCell(#[from] NoSuchCell),
    /// A figure cannot be entered.
    #[error(transparent)]
    Figure(#[from] FigureError),
    /// A file could not be drawn.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// A file cannot be kept, or is not there.
    #[error(transparent)]
    File(#[from] FileError),
    /// There is no agency with this code.
    #[error("没有代码为“{0}”的机关；可用 gongkai agency add 添加")]
    NoAgency(String),
    /// The code is taken.
    #[error("机关代码“{0}”已被占用")]
    AgencyExists(String),
}

impl From<CaseError> for ServiceError {
    fn from(err: CaseError) -> Self {
        match err {
            CaseError::Workflow(err) => Self::Workflow(err),
            CaseError::Refused(refusals) => Self::Refused(refusals),
        }
    }
}

impl From<StorageError> for ServiceError {
    fn from(err: StorageError) -> Self {
        match err {
            StorageError::Stale => Self::Stale,
            err => Self::Storage(err),
        }
    }
}

impl ServiceError {
    /// A refusal of one field.
    pub fn field(field: &'static str, message: impl Into<String>) -> Self {
        Refusals::at(field, message).into()
    }

    /// A refusal of what was given as a whole.
    pub fn refused(message: impl Into<String>) -> Self {
        Refusals::whole(message).into()
    }
}

/// The agency with this code, or a refusal that names it.
pub fn agency(
    conn: &mut crate::storage::DbConnection,
    code: &str,
) -> Result<crate::storage::access::agencies::Agency, ServiceError> {
    crate::storage::access::agencies::by_code(conn, code).map_err(|err| no_agency(err, code))
}

/// The agency with this code and whose cases are meant, with an error that names the code.
///
/// # Errors
/// [`ServiceError::NoAgency`], or that the database failed.
pub fn agency_and_scope(
    conn: &mut crate::storage::DbConnection,
    code: &str,
    rollup: bool,
) -> Result<(crate::storage::access::agencies::Agency, crate::storage::access::agencies::Scope), ServiceError>
{
    crate::storage::access::agencies::with_scope(conn, code, rollup).map_err(|err| no_agency(err, code))
}

fn no_agency(err: StorageError, code: &str) -> ServiceError {
    match err {
        StorageError::NotFound => ServiceError::NoAgency(code.to_owned()),
        err => err.into(),
    }
}

/// That a department is one of this agency.
fn check_department(
    conn: &mut crate::storage::DbConnection,
    agency: AgencyId,
    department: DepartmentId,
) -> Result<(), ServiceError> {
    let departments = crate::storage::access::agencies::departments(conn, agency)?;
    if departments.iter().any(|(id, _)| *id == department) {
        return Ok(());
    }
    Err(ServiceError::field("department", "本机关没有这个部门"))
}
