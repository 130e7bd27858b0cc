//! Pages and counts of cases, limited to what a person sees.
//!
//! What a person sees is cut into parts that do not overlap, one query each with `AND` alone: `OR` over
//! departments and handlers walks no index on either database. The first lines of the parts, put in
//! order, are the first lines of the whole.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date};

use crate::domain::find::{CaseFilter, Order, OrderBy, Place};
pub use crate::storage::desk::case_lines::CaseLine;
use crate::storage::desk::case_lines::{COLUMNS, EXCERPT, N, conditions};
use crate::storage::parts::Part;
pub use crate::storage::parts::Parts;
use crate::storage::search::matches::Matches;
use crate::storage::sql::Sql;
use crate::storage::{DbConnection, StorageError};

/// A page of the cases that any one of these filters shows of these parts: at most `limit` lines from a
/// place on, in order.
///
/// Among texts found the order is that of receipt, whatever `order` asks.
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

/// How many cases this filter shows of these parts, counted up to `limit`.
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
