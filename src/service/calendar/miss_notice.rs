//! The notice that is still missing while cases run into its year.

use chrono::{Datelike, NaiveDate};

use crate::domain::calendar::WorkCalendar;
use crate::domain::workflow::Role;
use crate::service::{Caller, ServiceError};
use crate::storage::DbConnection;
use crate::storage::access::agencies;
use crate::storage::desk::courses;

/// Next year's notice comes out in November; the reminder begins with that month.
const REMIND_FROM_MONTH: u32 = 11;
/// Counting stops here: more is said as so many and more.
pub const MAX_COUNT: i64 = 1_000;

/// A notice that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingNotice {
    /// The year it is for.
    pub year: i32,
    /// The number of open cases with a provisional day, up to 1,000.
    pub n_cases: i64,
}

/// The year whose notice should be here by `today` and is not: this year's at any time, next year's from
/// November on.
pub fn missing_year(calendar: &WorkCalendar, today: NaiveDate) -> Option<i32> {
    let years = calendar.years();
    let year = today.year();
    if !years.contains(&year) {
        return Some(year);
    }
    (REMIND_FROM_MONTH <= today.month() && !years.contains(&(year + 1))).then_some(year + 1)
}

/// The notice a person should be reminded of: an administrator, who imports it, of the cases of all; a
/// manager of those they see. None where no open case runs into its year.
pub fn missing_notice(
    conn: &mut DbConnection,
    caller: &Caller,
    calendar: &WorkCalendar,
) -> Result<Option<MissingNotice>, ServiceError> {
    let has = |role| caller.viewer.roles.contains(&role);
    if !has(Role::Administrator) && !has(Role::Manager) {
        return Ok(None);
    }
    let today = caller.today();
    let Some(year) = missing_year(calendar, today) else { return Ok(None) };
    let seen = if has(Role::Administrator) {
        None
    } else {
        let below = agencies::subtree(conn, &caller.viewer.agency_path)?;
        Some(below.iter().map(|it| it.agency_id()).collect::<Vec<_>>())
    };
    let from = NaiveDate::from_ymd_opt(year - 1, 12, 29).unwrap_or(today);
    let n_cases = courses::count_provisional(conn, seen.as_deref(), from, MAX_COUNT)?;
    Ok((0 < n_cases).then_some(MissingNotice { year, n_cases }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(today: &str, expected: Option<i32>) {
        assert_eq!(missing_year(&WorkCalendar::published(), today.parse().unwrap()), expected, "{today}");
    }

    #[test]
    fn the_reminder_begins_in_november() {
        check("2026-10-31", None);
        check("2026-11-01", Some(2027));
        check("2026-12-31", Some(2027));
        check("2027-01-01", Some(2027));
        check("2025-11-30", None);
    }
}
