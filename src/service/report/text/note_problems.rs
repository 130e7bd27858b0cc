//! The problems of a year, what is to be done about them, and what was done about last year's.

use serde_json::json;

use crate::domain::refusal::{Refusal, Refusals};
use crate::domain::report::text::Problem;
use crate::service::report::text::edit_wording::text_faults;
use crate::service::report::text::{check_year, journal_id};
use crate::service::{Caller, ServiceError, agency, note};
use crate::storage::DbConnection;
use crate::storage::report::text::wordings;

/// What the journal calls it when problems are written.
pub const WRITTEN: &str = "write_problems";

/// The most problems a report lists.
pub const MOST: usize = 30;

/// This year's problems, and last year's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    /// This year's.
    pub this: Vec<Problem>,
    /// Last year's, with what was done.
    pub last: Vec<Problem>,
}

/// The problems a report speaks of.
///
/// # Errors
/// Where there is no such agency, or the database fails.
pub fn problems(conn: &mut DbConnection, agency_code: &str, year: i32) -> Result<Problems, ServiceError> {
    let id = agency(conn, agency_code)?.agency_id();
    Ok(Problems { this: wordings::problems(conn, id, year)?, last: wordings::problems(conn, id, year - 1)? })
}

/// Keeps the problems of this year and what was done about last year's. What last year's report said of
/// its problems and measures stays; only a problem that was not recorded then can be added.
///
/// # Errors
/// [`ServiceError::Stale`] where somebody else has changed them meanwhile; a refusal that names the
/// sentences which cannot stay.
pub fn write_problems(
    conn: &mut DbConnection,
    caller: &Caller,
    agency_code: &str,
    year: i32,
    wanted: &Problems,
    known: Option<&Problems>,
) -> Result<(), ServiceError> {
    check_year(caller, year)?;
    let id = agency(conn, agency_code)?.agency_id();
    let before = problems(conn, agency_code, year)?;
    if before == *wanted {
        return Ok(());
    }
    if known.is_some_and(|it| *it != before) {
        return Err(ServiceError::Stale);
    }
    if MOST < wanted.this.len() || MOST < wanted.last.len() {
        return Err(ServiceError::refused(format!("至多写{MOST}个问题")));
    }
    let mut refusals = Vec::new();
    for (whose, all) in [("", &wanted.this), ("last_", &wanted.last)] {
        for (i, it) in all.iter().enumerate() {
            let texts = [
                ("summary", &it.summary),
                ("problem", &it.problem),
                ("measure", &it.measure),
                ("done", &it.done),
            ];
            for (name, text) in texts {
                let faults = text_faults(conn, agency_code, year, text)?;
                let refuse = |fault| Refusal::at(format!("{whose}{name}_{i}"), fault);
                refusals.extend(faults.into_iter().map(refuse));
            }
        }
    }
    Refusals::check(refusals)?;
    for (year, before, after) in [(year, &before.this, &wanted.this), (year - 1, &before.last, &wanted.last)]
    {
        if before == after {
            continue;
        }
        wordings::keep_problems(conn, id, year, after)?;
        let words = |all: &[Problem]| {
            let line = |it: &Problem| format!("{}：{}；{}；{}", it.summary, it.problem, it.measure, it.done);
            all.iter().map(line).collect::<Vec<_>>()
        };
        let details = json!({ "year": year, "before": words(before), "after": words(after) });
        let id_of = journal_id(id, year);
        note::report(conn, caller, id, id_of, WRITTEN, details)?;
    }
    Ok(())
}
