//! A line of a list of cases: what it is read from, and which cases a filter leaves.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text, Timestamp};

use crate::domain::applicant::ApplicantKind;
use crate::domain::find::{CaseFilter, Order, OrderBy, Place};
use crate::domain::labels::Coded;
use crate::domain::outcome::Outcome;
use crate::domain::request::Channel;
use crate::domain::response_clock::{ClockFacts, SuspendedBy};
use crate::domain::workflow::Status;
use crate::storage::StorageError;
use crate::storage::case::cases::from_json;
use crate::storage::codes::Code;
use crate::storage::sql::Sql;
/// How much of the content a line carries, in characters.
pub(in crate::storage) const EXCERPT: i32 = 160;

/// A line of a list.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
pub struct CaseLine {
    /// The identifier.
    #[diesel(sql_type = Text)]
    pub id: String,
    /// The number.
    #[diesel(sql_type = Text)]
    pub case_no: String,
    /// The agency.
    #[diesel(sql_type = Integer)]
    pub agency_id: i32,
    /// Where it stands.
    #[diesel(sql_type = Text)]
    pub status: Code<Status>,
    /// The version, for a change from the list.
    #[diesel(sql_type = Integer)]
    pub version: i32,
    /// How it came.
    #[diesel(sql_type = Nullable<Text>)]
    pub channel: Option<Code<Channel>>,
    /// The day of receipt.
    #[diesel(sql_type = Date)]
    pub received_on: NaiveDate,
    /// The kind of applicant.
    #[diesel(sql_type = Text)]
    pub applicant_kind: Code<ApplicantKind>,
    /// The applicant.
    #[diesel(sql_type = Text)]
    pub applicant_name: String,
    /// The department.
    #[diesel(sql_type = Nullable<Integer>)]
    pub department_id: Option<i32>,
    /// The handler.
    #[diesel(sql_type = Nullable<Text>)]
    pub handler_id: Option<String>,
    /// The day it was closed.
    #[diesel(sql_type = Nullable<Date>)]
    pub closed_on: Option<NaiveDate>,
    /// How it was closed.
    #[diesel(sql_type = Nullable<Text>)]
    pub outcome: Option<Code<Outcome>>,
    #[diesel(sql_type = Text)]
    clock: String,
    /// The day to act by, as cached.
    #[diesel(sql_type = Date)]
    pub due_on: NaiveDate,
    /// Whether that day is provisional.
    #[diesel(sql_type = Bool)]
    pub due_provisional: bool,
    /// What is awaited, as cached.
    #[diesel(sql_type = Nullable<Text>)]
    pub waiting_for: Option<Code<SuspendedBy>>,
    /// When it was last changed, UTC.
    #[diesel(sql_type = Timestamp)]
    pub changed_at: NaiveDateTime,
    /// The beginning of what was asked.
    #[diesel(sql_type = Text)]
    pub excerpt: String,
    /// The number of its document; 0 in lists that are not of texts found.
    #[diesel(sql_type = BigInt)]
    doc_id: i64,
}

impl CaseLine {
    /// The facts of the clock.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub fn clock(&self) -> Result<ClockFacts, StorageError> {
        from_json("clock", &self.clock)
    }

    /// Its place in a list of this order.
    pub fn place(&self, order: Order, is_before: bool) -> Place {
        let key = match order.by {
            _ if self.doc_id != 0 => self.doc_id.to_string(),
            OrderBy::Due => self.due_on.to_string(),
            OrderBy::Received => self.received_on.to_string(),
            OrderBy::Changed => self.changed_at.format("%Y-%m-%dT%H:%M:%S%.f").to_string(),
        };
        Place { key, id: self.id.clone(), is_before }
    }

    pub(in crate::storage) fn key(&self, order: Order) -> (i64, NaiveDateTime, NaiveDate, &str) {
        let none = (NaiveDateTime::MIN, NaiveDate::MIN);
        match order.by {
            _ if self.doc_id != 0 => (self.doc_id, none.0, none.1, ""),
            OrderBy::Due => (0, none.0, self.due_on, &self.id),
            OrderBy::Received => (0, none.0, self.received_on, &self.id),
            OrderBy::Changed => (0, self.changed_at, none.1, &self.id),
        }
    }
}

/// What a line is read from, the excerpt and the number of its text left out.
pub(in crate::storage) const COLUMNS: &str = "c.id, c.case_no, c.agency_id, c.status, c.version, c.channel, c.received_on, \
     c.applicant_kind, c.applicant_name, c.department_id, c.handler_id, c.closed_on, c.outcome, c.clock, \
     c.due_on, c.due_provisional, c.waiting_for, c.changed_at";

fn codes<T: Coded>(sql: &mut Sql, column: &str, values: &[T]) {
    match values {
        [] => {}
        // `IN` with one value is walked in order by SQLite alone.
        [one] => {
            sql.text(&format!(" AND {column} = ")).value(one.code());
        }
        _ => {
            sql.text(&format!(" AND {column} IN (")).list(values.iter().map(|it| it.code())).text(")");
        }
    }
}

/// The conditions of a filter, after others.
pub(in crate::storage) fn conditions(sql: &mut Sql, filter: &CaseFilter) {
    if filter.is_of_open() {
        // The column alone: the indexes of open cases say the same, and a bound value would not show it.
        sql.text(" AND c.is_open");
    } else if filter.is_open == Some(false) {
        sql.text(" AND NOT c.is_open");
    }
    codes(sql, "c.status", &filter.statuses);
    if let Some(agency) = filter.agency {
        sql.text(" AND c.agency_id = ").value(agency.0);
    }
    match filter.departments.as_slice() {
        [] => {}
        [one] => {
            sql.text(" AND c.department_id = ").value(one.0);
        }
        several => {
            sql.text(" AND c.department_id IN (").list(several.iter().map(|it| it.0)).text(")");
        }
    }
    if let Some(handler) = filter.handler {
        sql.text(" AND c.handler_id = ").value(handler.to_string());
    }
    if filter.is_unclaimed {
        sql.text(" AND c.handler_id IS NULL AND c.status <> 'received'");
    }
    codes(sql, "c.channel", &filter.channels);
    codes(sql, "c.applicant_kind", &filter.kinds);
    codes(sql, "c.outcome", &filter.outcomes);
    let days = [
        ("c.received_on >= ", filter.received_from),
        ("c.received_on <= ", filter.received_to),
        ("c.closed_on >= ", filter.closed_from),
        ("c.closed_on <= ", filter.closed_to),
        // Nothing is closed before it is received: lists in the order of receipt begin there.
        ("c.received_on <= ", filter.closed_to),
        ("c.due_on >= ", filter.due_from),
        ("c.due_on <= ", filter.due_to),
    ];
    for (condition, day) in days {
        if let Some(day) = day {
            sql.text(" AND ").text(condition).value(day);
        }
    }
    if filter.due_from.is_some() || filter.due_to.is_some() {
        // While a correction or a payment is awaited, the cached day is the applicant's; before the day of
        // receipt is confirmed there is none.
        sql.text(" AND (c.waiting_for IS NULL OR c.waiting_for = 'consultation') AND c.status <> 'received'");
    }
    if let Some(waiting_for) = filter.waiting_for {
        sql.text(" AND c.waiting_for = ").value(waiting_for.code());
    }
    if let Some(since) = filter.untouched_since {
        sql.text(" AND c.waiting_for IS NULL AND c.changed_at < ").value(since.naive_utc());
    }
}

/// A number.
#[derive(QueryableByName)]
pub(in crate::storage) struct N {
    #[diesel(sql_type = BigInt)]
    pub(in crate::storage) n: i64,
}
