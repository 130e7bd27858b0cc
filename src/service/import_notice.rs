//! Imports a year's holiday notice, and moves the days that depended on its absence.

use serde_json::json;

use crate::domain::calendar::{WorkCalendar, YearNotice};
use crate::domain::event::Subject;
use crate::service::{Actor, Rules, ServiceError, check_agency, event};
use crate::storage::{Db, DbConnection, calendar, journal};

/// The calendar of this installation: the built-in notices, and over them those imported here.
///
/// # Errors
/// Where the database fails.
pub fn calendar(db: &Db) -> Result<WorkCalendar, ServiceError> {
    Ok(db.read(calendar::load)?)
}

/// Keeps the notice and renews the cached days of all open cases. Returns how many of them moved. What was
/// closed stays as it was on that day.
///
/// # Errors
/// Where the database fails.
pub fn import_notice(
    conn: &mut DbConnection,
    actor: &Actor,
    rules: &Rules,
    notice: &YearNotice,
) -> Result<usize, ServiceError> {
    calendar::keep(conn, notice)?;
    let rules = Rules { calendar: calendar::load(conn)?, ..rules.clone() };
    let moved = check_agency::renew_open_days(conn, actor, &rules)?;
    let details = json!({ "notice": notice, "moved": moved });
    let id = format!("calendar-{}", notice.year());
    journal::append(conn, event(actor, Subject::Calendar, id, None, "import_notice", details, None))?;
    Ok(moved)
}

/// The calendar by all notices known here, and the notices imported here.
///
/// # Errors
/// Where the database fails, or holds a notice that cannot be read.
pub fn known_notices(conn: &mut DbConnection) -> Result<(WorkCalendar, Vec<YearNotice>), ServiceError> {
    Ok((calendar::load(conn)?, calendar::imported(conn)?))
}
