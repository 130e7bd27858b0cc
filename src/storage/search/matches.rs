//! Pages of texts found.
//!
//! Within one agency its texts are read, the latest first: they lie together, and a few thousand of them
//! are read faster than an index of the whole country's words is asked. Over many agencies the index of
//! words is asked, and beside it the few texts are read that are not in it yet.

use crate::domain::find::{CaseFilter, Place};
use crate::domain::search::{Phrase, SearchQuery};
use crate::storage::desk::case_lines::{COLUMNS, CaseLine, EXCERPT, N, conditions};
use crate::storage::parts::Part;
use crate::storage::search::{first_of_day, fts5, tsquery};
use crate::storage::sql::Sql;
use crate::storage::{DbConnection, StorageError};

/// Matches looked at in one go at most.
const MAX_MATCHES: usize = 5_000;
/// How many of the next texts are read on PostgreSQL before its index is asked, which finds all matches
/// before it gives the first: what is found often is found among these.
const READ_FIRST: [i64; 2] = [2_000, 10_000];

/// Which texts are looked for: those of a part of the cases that a filter leaves, from a place on.
pub(in crate::storage) struct Matches<'a> {
    /// The part.
    pub(in crate::storage) part: &'a Part,
    /// The other conditions.
    pub(in crate::storage) filter: &'a CaseFilter,
    /// What is looked for.
    pub(in crate::storage) text: &'a SearchQuery,
    /// Whether numbers grow along the page.
    pub(in crate::storage) is_upward: bool,
    /// How many lines at most.
    pub(in crate::storage) limit: usize,
}

impl Matches<'_> {
    /// The lines from a place on, in the order of receipt, or several such runs one after the other.
    pub(in crate::storage) fn page(
        &self,
        conn: &mut DbConnection,
        place: Option<&Place>,
    ) -> Result<Vec<CaseLine>, StorageError> {
        let from: Option<i64> = match place.map(|it| it.key.parse()) {
            None => None,
            Some(Ok(number)) => Some(number),
            Some(Err(_)) => return Ok(Vec::new()),
        };
        if let Some(agency) = self.part.agency() {
            let mut sql = self.lines();
            // Not of the case as well: a planner takes both for conditions that have nothing to do with each
            // other, expects next to no line, and sorts all there are.
            sql.text(&joined("FROM search_docs d", conn)).text(" WHERE d.agency_id = ").value(agency.0);
            self.part.further_conditions(&mut sql);
            return self.read(conn, sql, from);
        }
        match conn {
            DbConnection::Sqlite(_) => {
                let mut lines = self.indexed_on_sqlite(conn, from)?;
                lines.extend(self.pending(conn, from)?);
                Ok(lines)
            }
            DbConnection::Postgres(_) => self.on_postgres(conn, from),
        }
    }

    fn lines(&self) -> Sql {
        let mut sql = Sql::new("SELECT ");
        sql.text(COLUMNS).text(", substr(r.content, 1, ").value(EXCERPT);
        sql.text(") AS excerpt, d.doc_id AS doc_id ");
        sql
    }

    /// Beyond a number, within the days of receipt that are asked for.
    fn range(&self, sql: &mut Sql, number: &str, from: Option<i64>) {
        if let Some(from) = from {
            let beyond = if self.is_upward { ">" } else { "<" };
            sql.text(&format!(" AND {number} {beyond} ")).value(from);
        }
        if let Some(day) = self.filter.received_from {
            sql.text(&format!(" AND {number} >= ")).value(first_of_day(day));
        }
        if let Some(next) = self.filter.received_to.and_then(|it| it.succ_opt()) {
            sql.text(&format!(" AND {number} < ")).value(first_of_day(next));
        }
    }

    fn in_order(&self, sql: &mut Sql, number: &str, limit: i64) {
        let direction = if self.is_upward { "ASC" } else { "DESC" };
        sql.text(&format!(" ORDER BY {number} {direction} LIMIT ")).value(limit);
    }

    /// Reads texts one after the other.
    fn read(
        &self,
        conn: &mut DbConnection,
        mut sql: Sql,
        from: Option<i64>,
    ) -> Result<Vec<CaseLine>, StorageError> {
        self.holds(&mut sql, conn);
        self.range(&mut sql, "d.doc_id", from);
        conditions(&mut sql, self.filter);
        self.in_order(&mut sql, "d.doc_id", large(self.limit));
        sql.load(conn)
    }

    /// That a text has every phrase.
    fn holds(&self, sql: &mut Sql, conn: &DbConnection) {
        let function = if matches!(conn, DbConnection::Sqlite(_)) { "instr" } else { "strpos" };
        for phrase in &self.text.phrases {
            sql.text(&format!(" AND {function}(d.words, ")).value(needle(phrase)).text(") > 0");
        }
    }

    /// Those that the index of words does not know yet.
    fn pending(&self, conn: &mut DbConnection, from: Option<i64>) -> Result<Vec<CaseLine>, StorageError> {
        let mut sql = self.lines();
        sql.text(&joined("FROM search_pending p JOIN search_docs d ON d.doc_id = p.doc_id", conn));
        sql.text(" WHERE TRUE");
        self.part.conditions(&mut sql);
        self.read(conn, sql, from)
    }

    fn indexed_on_sqlite(
        &self,
        conn: &mut DbConnection,
        from: Option<i64>,
    ) -> Result<Vec<CaseLine>, StorageError> {
        let mut sql = self.lines();
        // The order of the joins is given: matches stream out of the index in the order of the page.
        sql.text(&joined("FROM search_words s CROSS JOIN search_docs d ON d.doc_id = s.rowid", conn));
        sql.text(" WHERE s.search_words MATCH ").value(fts5(self.text));
        // Conditions on the index's own number, or SQLite reads all matches before it.
        self.range(&mut sql, "s.rowid", from);
        self.part.conditions(&mut sql);
        conditions(&mut sql, self.filter);
        self.in_order(&mut sql, "s.rowid", large(self.limit));
        sql.load(conn)
    }

    fn on_postgres(
        &self,
        conn: &mut DbConnection,
        mut from: Option<i64>,
    ) -> Result<Vec<CaseLine>, StorageError> {
        let mut lines: Vec<CaseLine> = Vec::new();
        for n_read in READ_FIRST {
            let last = self.number_after(conn, from, n_read)?;
            let mut sql = Sql::new("SELECT d.doc_id AS n FROM search_docs d WHERE TRUE");
            self.holds(&mut sql, conn);
            self.range(&mut sql, "d.doc_id", from);
            if let Some(last) = last {
                sql.text(if self.is_upward { " AND d.doc_id <= " } else { " AND d.doc_id >= " }).value(last);
            }
            self.in_order(&mut sql, "d.doc_id", large(MAX_MATCHES));
            let matches: Vec<i64> = sql.load::<N>(conn)?.into_iter().map(|it| it.n).collect();
            let last_match = matches.last().copied();
            let are_all = matches.len() < MAX_MATCHES;
            lines.extend(self.lines_of(conn, matches)?);
            if self.limit <= lines.len() || (are_all && last.is_none()) {
                lines.truncate(self.limit);
                return Ok(lines);
            }
            from = if are_all { last } else { last_match };
        }
        let pending = self.pending(conn, from)?;
        lines.extend(self.indexed_on_postgres(conn, from, self.limit - lines.len().min(self.limit))?);
        lines.extend(pending);
        Ok(lines)
    }

    /// The number `n` texts on, where there are so many.
    fn number_after(
        &self,
        conn: &mut DbConnection,
        from: Option<i64>,
        n: i64,
    ) -> Result<Option<i64>, StorageError> {
        let mut sql = Sql::new("SELECT d.doc_id AS n FROM search_docs d WHERE TRUE");
        self.range(&mut sql, "d.doc_id", from);
        self.in_order(&mut sql, "d.doc_id", 1);
        sql.text(" OFFSET ").value(n - 1);
        Ok(sql.load::<N>(conn)?.first().map(|it| it.n))
    }

    /// What the other conditions leave of these texts.
    fn lines_of(&self, conn: &mut DbConnection, matches: Vec<i64>) -> Result<Vec<CaseLine>, StorageError> {
        if matches.is_empty() {
            return Ok(Vec::new());
        }
        let n = matches.len();
        let mut sql = self.lines();
        sql.text(&joined("FROM search_docs d", conn));
        sql.text(" WHERE d.doc_id IN (").list(matches).text(")");
        self.part.conditions(&mut sql);
        conditions(&mut sql, self.filter);
        self.in_order(&mut sql, "d.doc_id", large(n));
        sql.load(conn)
    }

    /// The numbers of the next matches first, then what the other conditions leave of them, and so on until
    /// the page is full. In one query the planner has no good idea how many will be left, and joins every
    /// match before it sorts.
    fn indexed_on_postgres(
        &self,
        conn: &mut DbConnection,
        mut from: Option<i64>,
        limit: usize,
    ) -> Result<Vec<CaseLine>, StorageError> {
        let query = tsquery(self.text);
        let mut lines: Vec<CaseLine> = Vec::new();
        // Where not every match is a line, more of them are looked at from the start.
        let mut n_next = limit * 8;
        while lines.len() < limit {
            let mut sql = Sql::new("SELECT s.doc_id AS n FROM search_words s WHERE s.body @@ CAST(");
            sql.value(query.as_str()).text(" AS tsquery)");
            self.range(&mut sql, "s.doc_id", from);
            self.in_order(&mut sql, "s.doc_id", large(n_next));
            let matches: Vec<i64> = sql.load::<N>(conn)?.into_iter().map(|it| it.n).collect();
            let is_last = matches.len() < n_next;
            from = matches.last().copied().or(from);
            lines.extend(self.lines_of(conn, matches)?);
            if is_last {
                break;
            }
            n_next = (n_next * 4).min(MAX_MATCHES);
        }
        lines.truncate(limit);
        Ok(lines)
    }
}

fn large(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// With the cases and their requests. SQLite joins in the order given.
fn joined(from: &str, conn: &DbConnection) -> String {
    let join = if matches!(conn, DbConnection::Sqlite(_)) { "CROSS JOIN" } else { "JOIN" };
    format!("{from} {join} cases c ON c.id = d.case_id {join} requests r ON r.case_id = c.id")
}

/// A phrase as it stands in the words of a document, between blanks; one that may go on has none after it.
fn needle(phrase: &Phrase) -> String {
    let end = if phrase.is_open { "" } else { " " };
    format!(" {}{end}", phrase.tokens.join(" "))
}
