//! A page of a list.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

use crate::storage::DbConnection;
use crate::storage::connection::MultiBackend;

/// The first rows of a query.
///
/// How many is written into the text. As a bound value, which is how diesel's own `limit` has it, it would
/// keep PostgreSQL from settling on a plan: without the number a plan that stops early looks no better
/// than one that sorts everything, so each page would be planned anew. That is right where the best plan
/// depends on the other values, and a waste where there is one index to walk.
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

impl<Q: Query> Query for FirstRows<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> QueryId for FirstRows<Q> {
    type QueryId = ();
    // Known by its text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q> RunQueryDsl<DbConnection> for FirstRows<Q> {}

impl<Q: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for FirstRows<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        self.query.walk_ast(out.reborrow())?;
        out.push_sql(" LIMIT ");
        out.push_sql(&self.n.to_string());
        Ok(())
    }
}
