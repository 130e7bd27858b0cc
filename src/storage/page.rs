//! Pages of lists: when PostgreSQL shall plan them.
//!
//! A prepared statement is planned anew at each run, for its values, until PostgreSQL finds that a plan
//! for any values looks no worse; from then on it keeps that one. Both can be wrong.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

use crate::storage::DbConnection;
use crate::storage::connection::MultiBackend;

/// The first rows of a query for which there is one index to walk, whatever its values.
///
/// How many is written into the text. Bound, as diesel's own `limit` has it, it would keep PostgreSQL from
/// settling on a plan: without the number, one that stops early looks no better than one that sorts
/// everything.
#[derive(Debug, Clone)]
pub(super) struct FirstRows<Q> {
    query: Q,
    n: i64,
}

impl<Q> FirstRows<Q> {
    /// At most `n` rows of `query`, which has no limit of its own.
    pub(super) fn of(query: Q, n: i64) -> Self {
        Self { query, n }
    }
}

/// A query whose best plan depends on its values, such as how many cases a part of the tree has: it is
/// never kept.
///
/// For any values, a run of days is taken to hold little, so that reading and sorting all of it looks
/// cheap; for the second half of a year it takes ten times as long.
#[derive(Debug, Clone)]
pub(super) struct PlannedAnew<Q>(pub(super) Q);

impl<Q: Query> Query for FirstRows<Q> {
    type SqlType = Q::SqlType;
}

impl<Q: Query> Query for PlannedAnew<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> QueryId for FirstRows<Q> {
    type QueryId = ();
    // Known by its text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q> QueryId for PlannedAnew<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q> RunQueryDsl<DbConnection> for FirstRows<Q> {}

impl<Q> RunQueryDsl<DbConnection> for PlannedAnew<Q> {}

impl<Q: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for FirstRows<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        self.query.walk_ast(out.reborrow())?;
        out.push_sql(" LIMIT ");
        out.push_sql(&self.n.to_string());
        Ok(())
    }
}

impl<Q: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for PlannedAnew<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        self.0.walk_ast(out)
    }
}
