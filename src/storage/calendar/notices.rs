//! Holiday notices imported into this installation.

use diesel::prelude::*;

use crate::domain::calendar::{WorkCalendar, YearNotice};
use crate::storage::schema::calendar_notices;
use crate::storage::{DbConnection, StorageError};

/// The built-in notices, and over them those imported here.
pub fn load(conn: &mut DbConnection) -> Result<WorkCalendar, StorageError> {
    let mut notices = WorkCalendar::published_notices();
    notices.extend(imported(conn)?);
    Ok(WorkCalendar::from_notices(notices))
}

/// The notices imported here, by year.
pub fn imported(conn: &mut DbConnection) -> Result<Vec<YearNotice>, StorageError> {
    let texts: Vec<String> =
        calendar_notices::table.order(calendar_notices::year).select(calendar_notices::notice).load(conn)?;
    let read = |text: &String| {
        serde_json::from_str(text)
            .map_err(|_| StorageError::Unreadable { what: "holiday notice", text: text.clone() })
    };
    texts.iter().map(read).collect()
}

/// Keeps a notice, in place of an earlier one for the same year.
pub fn keep(conn: &mut DbConnection, notice: &YearNotice) -> Result<(), StorageError> {
    let text = serde_json::to_string(notice)
        .map_err(|_| StorageError::Unreadable { what: "holiday notice", text: notice.year().to_string() })?;
    diesel::delete(calendar_notices::table.filter(calendar_notices::year.eq(notice.year()))).execute(conn)?;
    diesel::insert_into(calendar_notices::table)
        .values((calendar_notices::year.eq(notice.year()), calendar_notices::notice.eq(text)))
        .execute(conn)?;
    Ok(())
}
