//! The wording of a part: this year's, else last year's, else the built-in one; kept in versions.

use serde_json::json;

use crate::domain::ids::AgencyId;
use crate::domain::labels::Coded;
use crate::domain::refusal::{Refusal, Refusals};
use crate::domain::report::text::template::faults;
use crate::domain::report::text::whole::{CurrentWording, Origin};
use crate::domain::report::text::{Part, defaults};
use crate::service::report::text::{check_year, enter_indicators, journal_id};
use crate::service::{Caller, ServiceError, agency, note};
use crate::storage::report::text::wordings;
pub use crate::storage::report::text::wordings::Wording as Version;
use crate::storage::report::text::wordings::Wording;
use crate::storage::{DbConnection, StorageError};

/// What the journal calls it when a wording is saved.
pub const WRITTEN: &str = "write_wording";

/// The longest text of a part, in characters: several times the longest published.
pub const MAX_LENGTH: usize = 20_000;

/// The number of versions that are shown.
const SHOWN: i64 = 50;

/// The wording of a part for a year.
pub(super) fn current(
    conn: &mut DbConnection,
    agency: AgencyId,
    year: i32,
    part: Part,
) -> Result<CurrentWording, StorageError> {
    let found = wordings::versions(conn, agency, part, year, 1)?.pop();
    Ok(match found {
        None => CurrentWording { body: defaults::text(part, year), origin: Origin::BuiltIn, version: 0 },
        Some(it) if it.year == year => CurrentWording {
            body: it.body,
            origin: Origin::Written { author: it.author, at: it.saved_at },
            version: it.version,
        },
        Some(it) => CurrentWording {
            body: defaults::carried_over(part, &it.body, year),
            origin: Origin::EarlierYear(it.year),
            version: 0,
        },
    })
}

/// The versions of the wording of a part, the latest first, those of earlier years after this year's.
///
/// # Errors
/// Where there is no such agency, or the database fails.
pub fn versions(
    conn: &mut DbConnection,
    agency_code: &str,
    year: i32,
    part: Part,
) -> Result<Vec<Wording>, ServiceError> {
    let agency = agency(conn, agency_code)?;
    Ok(wordings::versions(conn, agency.agency_id(), part, year, SHOWN)?)
}

/// What must be mended before a text can be saved, a message for each sentence.
///
/// # Errors
/// Where there is no such agency, or the database fails.
pub fn text_faults(
    conn: &mut DbConnection,
    agency_code: &str,
    year: i32,
    body: &str,
) -> Result<Vec<String>, ServiceError> {
    let agency = agency(conn, agency_code)?;
    let lines = enter_indicators::in_use(conn, agency.agency_id(), year)?;
    let names: Vec<_> = lines.iter().map(|it| it.indicator.name.as_str()).collect();
    let mut found = faults(body, &names);
    if MAX_LENGTH < body.chars().count() {
        found.push(format!("文字过长，至多{MAX_LENGTH}字"));
    }
    Ok(found)
}

/// Saves the wording of a part as a new version. `known` is the version the writer started from, 0 for
/// none of this year. What says the same as the version in force is not saved again.
///
/// # Errors
/// [`ServiceError::Stale`] where somebody else has saved meanwhile; a refusal that names the
/// sentences which cannot stay.
pub fn save_wording(
    conn: &mut DbConnection,
    caller: &Caller,
    agency_code: &str,
    (year, part): (i32, Part),
    known: i32,
    body: &str,
) -> Result<(), ServiceError> {
    check_year(caller, year)?;
    let id = agency(conn, agency_code)?.agency_id();
    let body = body.replace("\r\n", "\n").trim().to_owned();
    let before = current(conn, id, year, part)?;
    if before.version != 0 && before.body == body {
        return Ok(());
    }
    if before.version != known {
        return Err(ServiceError::Stale);
    }
    let faults = text_faults(conn, agency_code, year, &body)?;
    Refusals::check(faults.into_iter().map(|it| Refusal::at("body", it)).collect())?;
    let version = known + 1;
    let wording =
        Wording { year, version, body: body.clone(), author: caller.name.clone(), saved_at: caller.now };
    wordings::save(conn, id, part, &wording)?;
    let details = json!({
        "year": year,
        "part": part.label(),
        "version": version,
        "before": before.body,
        "after": body,
    });
    note::report(conn, caller, id, journal_id(id, year), WRITTEN, details)?;
    Ok(())
}
