//! Pages of texts found on PostgreSQL.

use crate::domain::find::{CaseFilter, Order, Place};
use crate::domain::search::SearchQuery;
use crate::storage::parts::Part;
use crate::storage::queue::{COLUMNS, CaseLine, EXCERPT, N, conditions, within_days};
use crate::storage::search::tsquery;
use crate::storage::sql::Sql;
use crate::storage::{DbConnection, StorageError};

/// Matches looked at in one go at most.
const MAX_MATCHES: usize = 5_000;

/// A page of texts found on PostgreSQL: the numbers of the next matches first, then what the other
/// conditions leave of them, and so on until the page is full.
///
/// In one query, the planner takes the agency's token and the agency's column for two conditions that
/// have nothing to do with each other, expects next to no line, and joins every match before it sorts.
pub(super) fn page_of_matches(
    conn: &mut DbConnection,
    part: &Part,
    filter: &CaseFilter,
    text: &SearchQuery,
    order: Order,
    place: Option<&Place>,
    limit: usize,
) -> Result<Vec<CaseLine>, StorageError> {
    let is_upward = order.is_descending == place.is_some_and(|it| it.is_before);
    let (beyond, direction) = if is_upward { (">", "ASC") } else { ("<", "DESC") };
    let mut from: Option<i64> = match place {
        None => None,
        Some(place) => match place.key.parse() {
            Ok(doc) => Some(doc),
            Err(_) => return Ok(Vec::new()),
        },
    };
    let query = tsquery(text, part.agency());
    let mut lines: Vec<CaseLine> = Vec::new();
    // Where not every match is a line, more of them are looked at from the start.
    let is_plain =
        part.is_whole() && *filter == (CaseFilter { text: filter.text.clone(), ..CaseFilter::default() });
    let mut n_next = if is_plain { limit } else { limit * 8 };
    loop {
        let mut sql = Sql::new("SELECT s.doc_id AS n FROM search_words s WHERE s.body @@ CAST(");
        sql.value(query.as_str()).text(" AS tsquery)");
        if let Some(from) = from {
            sql.text(&format!(" AND s.doc_id {beyond} ")).value(from);
        }
        within_days(&mut sql, "s.doc_id", filter);
        sql.text(&format!(" ORDER BY s.doc_id {direction} LIMIT "));
        sql.value(i64::try_from(n_next).unwrap_or(i64::MAX));
        let matches: Vec<i64> = sql.load::<N>(conn)?.into_iter().map(|it| it.n).collect();
        if !matches.is_empty() {
            let mut sql = Sql::new("SELECT ");
            sql.text(COLUMNS).text(", substr(r.content, 1, ").value(EXCERPT);
            sql.text(
                ") AS excerpt, d.doc_id AS doc_id FROM search_docs d JOIN cases c ON c.id = d.case_id \
                 JOIN requests r ON r.case_id = c.id WHERE d.doc_id IN (",
            );
            sql.list(matches.iter().copied()).text(")");
            part.conditions(&mut sql);
            conditions(&mut sql, filter);
            sql.text(&format!(" ORDER BY d.doc_id {direction}"));
            lines.extend(sql.load::<CaseLine>(conn)?);
        }
        if limit <= lines.len() || matches.len() < n_next {
            lines.truncate(limit);
            return Ok(lines);
        }
        from = matches.last().copied();
        n_next = (n_next * 4).min(MAX_MATCHES);
    }
}
