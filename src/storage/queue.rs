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
use crate::domain::ids::AgencyId;
use crate::domain::labels::Coded;
use crate::domain::outcome::Outcome;
use crate::domain::request::Channel;
use crate::domain::response_clock::{ClockFacts, SuspendedBy};
use crate::domain::visibility::Sight;
use crate::domain::workflow::Status;
use crate::storage::cases::from_json;
use crate::storage::codes::Code;
use crate::storage::parts::{Part, parts};
use crate::storage::search::{first_of_day, fts5, tsquery};
use crate::storage::sql::Sql;
use crate::storage::{DbConnection, StorageError};

/// How much of the content a line carries, in characters.
const EXCERPT: i32 = 160;

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

/// A page of the cases that these sights and any one of these filters show: at most `limit` lines from a
/// place on, in order.
///
/// Among texts found the order is that of receipt, whatever `order` asks.
///
/// # Errors
/// Where the database fails, or holds an unknown code.
pub fn page(
    conn: &mut DbConnection,
    sights: &[Sight],
    filters: &[CaseFilter],
    order: Order,
    place: Option<&Place>,
    limit: usize,
) -> Result<Vec<CaseLine>, StorageError> {
    let parts = parts(conn, sights)?;
    let is_before = place.is_some_and(|it| it.is_before);
    let mut lines: Vec<CaseLine> = Vec::new();
    for filter in filters {
        for part in &parts {
            let Some(sql) = page_of(conn, part, filter, order, place, limit) else { continue };
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

const COLUMNS: &str = "c.id, c.case_no, c.agency_id, c.status, c.version, c.channel, c.received_on, \
     c.applicant_kind, c.applicant_name, c.department_id, c.handler_id, c.closed_on, c.outcome, c.clock, \
     c.due_on, c.due_provisional, c.waiting_for, c.changed_at";

fn page_of(
    conn: &DbConnection,
    part: &Part,
    filter: &CaseFilter,
    order: Order,
    place: Option<&Place>,
    limit: usize,
) -> Option<Sql> {
    let is_upward = order.is_descending == place.is_some_and(|it| it.is_before);
    let (beyond, direction) = if is_upward { (">", "ASC") } else { ("<", "DESC") };
    let mut sql = Sql::new("SELECT ");
    sql.text(COLUMNS).text(", substr(r.content, 1, ").value(EXCERPT).text(") AS excerpt, ");
    let by_text = filter.text.is_some();
    let key = match order.by {
        _ if by_text => "d.doc_id",
        OrderBy::Due => "c.due_on",
        OrderBy::Received => "c.received_on",
        OrderBy::Changed => "c.changed_at",
    };
    sql.text(if by_text { "d.doc_id AS doc_id " } else { "CAST(0 AS BIGINT) AS doc_id " });
    from(conn, &mut sql, part, filter, true);
    match place {
        Some(place) if by_text => {
            let doc: i64 = place.key.parse().ok()?;
            // The condition must be on the index's own number, or SQLite reads all matches before it.
            sql.text(&format!(" AND {} {beyond} ", number(conn))).value(doc);
        }
        Some(place) => {
            let at = match order.by {
                OrderBy::Changed => place.key.parse::<NaiveDateTime>().ok()?.into(),
                _ => crate::storage::sql::Value::from(place.key.parse::<NaiveDate>().ok()?),
            };
            // Not `key > x OR (key = x AND id > y)`: PostgreSQL walks no index for that.
            sql.text(&format!(" AND {key} {beyond}= ")).value(at.clone());
            sql.text(&format!(" AND ({key} {beyond} ")).value(at);
            sql.text(&format!(" OR c.id {beyond} ")).value(place.id.as_str()).text(")");
        }
        None => {}
    }
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let order = if by_text {
        format!(" ORDER BY {} {direction} LIMIT ", number(conn))
    } else {
        format!(" ORDER BY {key} {direction}, c.id {direction} LIMIT ")
    };
    sql.text(&order).value(limit);
    Some(sql)
}

/// The number of a document in the index of words.
fn number(conn: &DbConnection) -> &'static str {
    match conn {
        DbConnection::Sqlite(_) => "s.rowid",
        DbConnection::Postgres(_) => "s.doc_id",
    }
}

/// From the cases, or from the matches of the text where there is one, with every condition.
fn from(conn: &DbConnection, sql: &mut Sql, part: &Part, filter: &CaseFilter, with_request: bool) {
    let request = if with_request { " JOIN requests r ON r.case_id = c.id" } else { "" };
    match (&filter.text, conn) {
        (None, _) => {
            sql.text("FROM cases c").text(request).text(" WHERE TRUE");
        }
        (Some(text), DbConnection::Sqlite(_)) => {
            // The order of the joins is given: matches stream out of the index in the order of the page.
            sql.text(
                "FROM search_words s CROSS JOIN search_docs d ON d.doc_id = s.rowid \
                 CROSS JOIN cases c ON c.id = d.case_id",
            );
            sql.text(request).text(" WHERE s.search_words MATCH ").value(fts5(text, part.agency()));
        }
        (Some(text), DbConnection::Postgres(_)) => {
            sql.text(
                "FROM search_words s JOIN search_docs d ON d.doc_id = s.doc_id \
                 JOIN cases c ON c.id = d.case_id",
            );
            let query = tsquery(text, part.agency());
            sql.text(request).text(" WHERE s.body @@ CAST(").value(query).text(" AS tsquery)");
        }
    }
    let by_text = filter.text.is_some();
    if let (true, Some(day)) = (by_text, filter.received_from) {
        sql.text(&format!(" AND {} >= ", number(conn))).value(first_of_day(day));
    }
    if let (true, Some(next)) = (by_text, filter.received_to.and_then(|it| it.succ_opt())) {
        sql.text(&format!(" AND {} < ", number(conn))).value(first_of_day(next));
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

fn conditions(sql: &mut Sql, filter: &CaseFilter) {
    if filter.is_of_open() {
        // Without a bound value: the indexes of open cases say the same, and that would not show it.
        sql.text(" AND c.is_open");
    } else if filter.is_open == Some(false) {
        sql.text(" AND c.is_open = FALSE");
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
        ("c.due_on >= ", filter.due_from),
        ("c.due_on <= ", filter.due_to),
    ];
    for (condition, day) in days {
        if let Some(day) = day {
            sql.text(" AND ").text(condition).value(day);
        }
    }
    if filter.due_from.is_some() || filter.due_to.is_some() {
        // While a correction or a payment is awaited, the cached day is the applicant's.
        sql.text(" AND (c.waiting_for IS NULL OR c.waiting_for = 'consultation')");
    }
    if let Some(waiting_for) = filter.waiting_for {
        sql.text(" AND c.waiting_for = ").value(waiting_for.code());
    }
    if let Some(since) = filter.untouched_since {
        sql.text(" AND c.waiting_for IS NULL AND c.changed_at < ").value(since.naive_utc());
    }
}

#[derive(QueryableByName)]
struct N {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// How many cases these sights and this filter show, counted up to `limit`.
///
/// # Errors
/// Where the database fails.
pub fn count(
    conn: &mut DbConnection,
    sights: &[Sight],
    filter: &CaseFilter,
    limit: i64,
) -> Result<i64, StorageError> {
    let mut n = 0;
    for part in parts(conn, sights)? {
        let mut sql = Sql::new("SELECT count(*) AS n FROM (SELECT 1 ");
        from(conn, &mut sql, &part, filter, false);
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

/// How many open cases are due on each day from `filter.due_from` to `filter.due_to`. Days may repeat.
///
/// # Errors
/// Where the database fails.
pub fn due_by_day(
    conn: &mut DbConnection,
    sights: &[Sight],
    filter: &CaseFilter,
) -> Result<Vec<(NaiveDate, i64)>, StorageError> {
    let mut days = Vec::new();
    for part in parts(conn, sights)? {
        let mut sql = Sql::new("SELECT c.due_on AS day, count(*) AS n ");
        from(conn, &mut sql, &part, filter, false);
        sql.text(" GROUP BY c.due_on");
        days.extend(sql.load::<DayCount>(conn)?.into_iter().map(|it| (it.day, it.n)));
    }
    Ok(days)
}

/// A person cases can be given to.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct HandlerLine {
    /// The account.
    pub id: String,
    /// The person's name.
    pub name: String,
    /// The department.
    pub department_id: Option<i32>,
}

/// Those of an agency who handle cases and may sign in, by name.
///
/// # Errors
/// Where the database fails.
pub fn handlers(conn: &mut DbConnection, agency: AgencyId) -> Result<Vec<HandlerLine>, StorageError> {
    use crate::domain::workflow::Role;
    use crate::storage::schema::{account_roles, accounts};
    Ok(accounts::table
        .inner_join(account_roles::table)
        .filter(accounts::agency_id.eq(agency.0))
        .filter(accounts::is_disabled.eq(false))
        .filter(account_roles::role.eq(Code(Role::Handler)))
        .order(accounts::name)
        .select((accounts::id, accounts::name, accounts::department_id))
        .load(conn)?)
}

/// The names of accounts, of departments and of agencies, by identifier, for the lines of a page.
///
/// # Errors
/// Where the database fails.
pub fn names(conn: &mut DbConnection, lines: &[CaseLine]) -> Result<Names, StorageError> {
    use crate::storage::schema::{accounts, agencies, departments};
    fn distinct<T: Ord>(values: impl Iterator<Item = T>) -> Vec<T> {
        let mut values: Vec<T> = values.collect();
        values.sort_unstable();
        values.dedup();
        values
    }
    let handlers = distinct(lines.iter().filter_map(|it| it.handler_id.clone()));
    let in_departments = distinct(lines.iter().filter_map(|it| it.department_id));
    let in_agencies = distinct(lines.iter().map(|it| it.agency_id));
    Ok(Names {
        handlers: accounts::table
            .filter(accounts::id.eq_any(handlers))
            .select((accounts::id, accounts::name))
            .load(conn)?,
        departments: departments::table
            .filter(departments::id.eq_any(in_departments))
            .select((departments::id, departments::name))
            .load(conn)?,
        agencies: agencies::table
            .filter(agencies::id.eq_any(in_agencies))
            .select((agencies::id, agencies::name))
            .load(conn)?,
    })
}

/// Names by identifier.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Of accounts.
    pub handlers: Vec<(String, String)>,
    /// Of departments.
    pub departments: Vec<(i32, String)>,
    /// Of agencies.
    pub agencies: Vec<(i32, String)>,
}
