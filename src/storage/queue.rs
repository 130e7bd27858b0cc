//! Pages and counts of cases, limited to what a person sees.
//!
//! What a person sees is cut into parts that do not overlap, one query each with `AND` alone: `OR` over
//! departments and handlers walks no index on either database. The first lines of the parts, put in
//! order, are the first lines of the whole.

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
use crate::storage::cases::from_json;
use crate::storage::codes::Code;
use crate::storage::matches::Matches;
use crate::storage::parts::Part;
pub use crate::storage::parts::Parts;
use crate::storage::sql::Sql;
use crate::storage::{DbConnection, StorageError};

/// How much of the content a line carries, in characters.
pub(super) const EXCERPT: i32 = 160;

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

    fn key(&self, order: Order) -> (i64, NaiveDateTime, NaiveDate, &str) {
        let none = (NaiveDateTime::MIN, NaiveDate::MIN);
        match order.by {
            _ if self.doc_id != 0 => (self.doc_id, none.0, none.1, ""),
            OrderBy::Due => (0, none.0, self.due_on, &self.id),
            OrderBy::Received => (0, none.0, self.received_on, &self.id),
            OrderBy::Changed => (0, self.changed_at, none.1, &self.id),
        }
    }
}

/// A page of the cases that any one of these filters shows of these parts: at most `limit` lines from a
/// place on, in order.
///
/// Among texts found the order is that of receipt, whatever `order` asks.
///
/// # Errors
/// Where the database fails, or holds an unknown code.
pub fn page(
    conn: &mut DbConnection,
    parts: &Parts,
    filters: &[CaseFilter],
    order: Order,
    place: Option<&Place>,
    limit: usize,
) -> Result<Vec<CaseLine>, StorageError> {
    let is_before = place.is_some_and(|it| it.is_before);
    let is_upward = order.is_descending == is_before;
    let mut lines: Vec<CaseLine> = Vec::new();
    for filter in filters {
        if let Some(text) = &filter.text {
            for part in &parts.for_texts() {
                let matches = Matches { part, filter, text, is_upward, limit };
                lines.extend(matches.page(conn, place)?);
            }
            continue;
        }
        for part in parts.iter() {
            let Some(sql) = page_of(part, filter, order, place, limit) else { continue };
            lines.extend(sql.load::<CaseLine>(conn)?);
        }
    }
    lines.sort_by(|a, b| a.key(order).cmp(&b.key(order)));
    lines.dedup_by(|a, b| a.id == b.id);
    if order.is_descending {
        lines.reverse();
    }
    if is_before {
        lines.drain(..lines.len().saturating_sub(limit));
    } else {
        lines.truncate(limit);
    }
    Ok(lines)
}

pub(super) const COLUMNS: &str = "c.id, c.case_no, c.agency_id, c.status, c.version, c.channel, c.received_on, \
     c.applicant_kind, c.applicant_name, c.department_id, c.handler_id, c.closed_on, c.outcome, c.clock, \
     c.due_on, c.due_provisional, c.waiting_for, c.changed_at";

fn page_of(
    part: &Part,
    filter: &CaseFilter,
    order: Order,
    place: Option<&Place>,
    limit: usize,
) -> Option<Sql> {
    let is_upward = order.is_descending == place.is_some_and(|it| it.is_before);
    let (beyond, direction) = if is_upward { (">", "ASC") } else { ("<", "DESC") };
    let key = match order.by {
        OrderBy::Due => "c.due_on",
        OrderBy::Received => "c.received_on",
        OrderBy::Changed => "c.changed_at",
    };
    let mut sql = Sql::new("SELECT ");
    sql.text(COLUMNS).text(", substr(r.content, 1, ").value(EXCERPT).text(") AS excerpt, ");
    sql.text("CAST(0 AS BIGINT) AS doc_id FROM cases c JOIN requests r ON r.case_id = c.id WHERE TRUE");
    start(&mut sql, part, filter);
    if let Some(place) = place {
        let at = match order.by {
            OrderBy::Changed => place.key.parse::<NaiveDateTime>().ok()?.into(),
            _ => crate::storage::sql::Value::from(place.key.parse::<NaiveDate>().ok()?),
        };
        // Not `key > x OR (key = x AND id > y)`: PostgreSQL walks no index for that.
        sql.text(&format!(" AND {key} {beyond}= ")).value(at.clone());
        sql.text(&format!(" AND ({key} {beyond} ")).value(at);
        sql.text(&format!(" OR c.id {beyond} ")).value(place.id.as_str()).text(")");
    }
    // Written out, for a plan that is kept must know that a page is short.
    sql.text(&format!(" ORDER BY {key} {direction}, c.id {direction} LIMIT {limit}"));
    Some(sql)
}

/// The conditions of a part and of a filter, after `WHERE TRUE`.
fn start(sql: &mut Sql, part: &Part, filter: &CaseFilter) {
    if part.agency().is_some() || part.is_everything() {
        sql.keep_plan();
    }
    part.conditions(sql);
    conditions(sql, filter);
}

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

pub(super) fn conditions(sql: &mut Sql, filter: &CaseFilter) {
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

#[derive(QueryableByName)]
pub(super) struct N {
    #[diesel(sql_type = BigInt)]
    pub(super) n: i64,
}

/// How many cases this filter shows of these parts, counted up to `limit`.
///
/// # Errors
/// Where the database fails.
pub fn count(
    conn: &mut DbConnection,
    parts: &Parts,
    filter: &CaseFilter,
    limit: i64,
) -> Result<i64, StorageError> {
    if filter.text.is_some() {
        let order = Order { by: OrderBy::Received, is_descending: true };
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let found = page(conn, parts, std::slice::from_ref(filter), order, None, most)?;
        return Ok(i64::try_from(found.len()).unwrap_or(limit));
    }
    let mut n = 0;
    for part in parts.iter() {
        let mut sql = Sql::new("SELECT count(*) AS n FROM (SELECT 1 FROM cases c WHERE TRUE");
        start(&mut sql, part, filter);
        sql.text(" LIMIT ").value(limit).text(") AS found");
        n += sql.load::<N>(conn)?.first().map_or(0, |it| it.n);
    }
    Ok(n.min(limit))
}

#[derive(QueryableByName)]
struct DayCount {
    #[diesel(sql_type = Date)]
    day: NaiveDate,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// How many open cases are due on each day from `filter.due_from` to `filter.due_to`, whatever text the
/// filter asks for. Days may repeat.
///
/// # Errors
/// Where the database fails.
pub fn due_by_day(
    conn: &mut DbConnection,
    parts: &Parts,
    filter: &CaseFilter,
) -> Result<Vec<(NaiveDate, i64)>, StorageError> {
    let mut days = Vec::new();
    for part in parts.iter() {
        let mut sql = Sql::new("SELECT c.due_on AS day, count(*) AS n FROM cases c WHERE TRUE");
        start(&mut sql, part, filter);
        sql.text(" GROUP BY c.due_on");
        days.extend(sql.load::<DayCount>(conn)?.into_iter().map(|it| (it.day, it.n)));
    }
    Ok(days)
}
