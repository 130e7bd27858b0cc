//! The cases whose cached day a holiday notice may move, read in pages and renewed in groups.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::domain::case::NextDay;
use crate::domain::ids::{AgencyId, UserId};
use crate::domain::response_clock::{ClockFacts, SuspendedBy};
use crate::storage::case::rows::from_json;
use crate::storage::codes::{Code, Id};
use crate::storage::page::FirstRows;
use crate::storage::schema::cases;
use crate::storage::{DbConnection, StorageError};

/// A case whose day may move.
#[derive(Debug, Clone, PartialEq)]
pub struct MovableCase {
    /// Its identifier.
    pub id: String,
    /// Its number.
    pub case_no: String,
    /// Its agency.
    pub agency: AgencyId,
    /// Its handler.
    pub handler: Option<UserId>,
    /// The facts of its clock.
    pub clock: ClockFacts,
    /// What is cached.
    pub cached: NextDay,
    /// The day pages are ordered by: of open cases the one cached, of closed ones that of receipt.
    key: NaiveDate,
}

/// The place of a case in the order of pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CachedPlace {
    day: NaiveDate,
    id: String,
}

impl MovableCase {
    /// Its place.
    pub fn place(&self) -> CachedPlace {
        CachedPlace { day: self.key, id: self.id.clone() }
    }
}

type Row =
    (String, String, i32, Option<Id<UserId>>, String, NaiveDate, bool, Option<Code<SuspendedBy>>, NaiveDate);

fn read(rows: Vec<Row>) -> Result<Vec<MovableCase>, StorageError> {
    let case = |row: Row| {
        let (id, case_no, agency, handler, clock, on, provisional, waiting_for, key) = row;
        Ok(MovableCase {
            id,
            case_no,
            agency: AgencyId(agency),
            handler: handler.map(|it| it.0),
            clock: from_json("clock", &clock)?,
            cached: NextDay { on, provisional, waiting_for: waiting_for.map(|it| it.0) },
            key,
        })
    };
    rows.into_iter().map(case).collect()
}

macro_rules! columns {
    ($key:expr) => {
        (
            cases::id,
            cases::case_no,
            cases::agency_id,
            cases::handler_id,
            cases::clock,
            cases::due_on,
            cases::due_provisional,
            cases::waiting_for,
            $key,
        )
    };
}

/// Open cases whose cached day is `from` or later, a page at a time.
pub fn movable_open(
    conn: &mut DbConnection,
    from: NaiveDate,
    after: Option<&CachedPlace>,
    limit: i64,
) -> Result<Vec<MovableCase>, StorageError> {
    let (day, id) = after.map_or((from, ""), |it| (it.day, it.id.as_str()));
    let query = cases::table
        .filter(diesel::dsl::sql::<diesel::sql_types::Bool>("cases.is_open = TRUE"))
        .filter(cases::due_on.ge(day))
        .filter(cases::due_on.gt(day).or(cases::id.gt(id)))
        .order((cases::due_on, cases::id))
        .select(columns!(cases::due_on));
    read(FirstRows::of(query, limit).load(conn)?)
}

/// Closed cases received on `from` or later whose cached day is `due_from` or later, a page at a time.
pub fn movable_closed(
    conn: &mut DbConnection,
    from: NaiveDate,
    due_from: NaiveDate,
    after: Option<&CachedPlace>,
    limit: i64,
) -> Result<Vec<MovableCase>, StorageError> {
    let (day, id) = after.map_or((from, ""), |it| (it.day, it.id.as_str()));
    let query = cases::table
        .filter(cases::received_on.ge(day))
        .filter(cases::received_on.gt(day).or(cases::id.gt(id)))
        .filter(cases::is_open.eq(false))
        .filter(cases::due_on.ge(due_from))
        .order((cases::received_on, cases::id))
        .select(columns!(cases::received_on));
    read(FirstRows::of(query, limit).load(conn)?)
}

/// Renews what is cached of many cases, in one statement for those that get the same day. No fact changes,
/// so neither does a version.
pub fn cache_days(conn: &mut DbConnection, days: &[(String, NextDay)]) -> Result<(), StorageError> {
    type Key = (NaiveDate, bool, Option<SuspendedBy>);
    let mut groups: BTreeMap<Key, Vec<&str>> = BTreeMap::new();
    for (id, next) in days {
        groups.entry((next.on, next.provisional, next.waiting_for)).or_default().push(id);
    }
    for ((on, provisional, waiting_for), ids) in groups {
        for ids in ids.chunks(500) {
            diesel::update(cases::table.filter(cases::id.eq_any(ids)))
                .set((
                    cases::due_on.eq(on),
                    cases::due_provisional.eq(provisional),
                    cases::waiting_for.eq(waiting_for.map(Code)),
                ))
                .execute(conn)?;
        }
    }
    Ok(())
}
