//! Queries put together at run time: text with its values, for both databases.
//!
//! Lists with many optional conditions need texts of their own per choice, so that each walks the index
//! made for it; and full text has other words on each database. Values are always bound, never written
//! into the text.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::deserialize::QueryableByName;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Date, Integer, Text, Timestamp, Untyped};
use diesel::sqlite::Sqlite;

use crate::storage::{DbConnection, StorageError};

/// A value of a query.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// A text or code.
    Text(String),
    /// A small number.
    Integer(i32),
    /// A large number.
    BigInt(i64),
    /// A day.
    Day(NaiveDate),
    /// An instant, UTC.
    At(NaiveDateTime),
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Integer(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::BigInt(value)
    }
}

impl From<NaiveDate> for Value {
    fn from(value: NaiveDate) -> Self {
        Self::Day(value)
    }
}

impl From<NaiveDateTime> for Value {
    fn from(value: NaiveDateTime) -> Self {
        Self::At(value)
    }
}

/// A query in the making: pieces of text, and a value after each but the last.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Sql {
    pieces: Vec<String>,
    values: Vec<Value>,
    keeps_plan: bool,
}

impl Sql {
    /// Begins with this text.
    pub(super) fn new(text: &str) -> Self {
        Self { pieces: vec![text.to_owned()], ..Self::default() }
    }

    /// Lets PostgreSQL keep a plan, once it finds that one for any values looks no worse than one for these.
    /// Without this every run is planned anew, which takes longer than to find the few cases of an agency, or
    /// the first of all there are, but less than a plan that does not fit a part of the tree.
    pub(super) fn keep_plan(&mut self) -> &mut Self {
        self.keeps_plan = true;
        self
    }

    /// Adds text.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        match self.pieces.get_mut(self.values.len()) {
            Some(last) => last.push_str(text),
            None => self.pieces.push(text.to_owned()),
        }
        self
    }

    /// Adds a value.
    pub(super) fn value(&mut self, value: impl Into<Value>) -> &mut Self {
        self.text("");
        self.values.push(value.into());
        self
    }

    /// Adds values between commas.
    pub(super) fn list<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        for (i, value) in values.into_iter().enumerate() {
            if 0 < i {
                self.text(", ");
            }
            self.value(value);
        }
        self
    }

    /// Runs it and reads its rows.
    pub(super) fn load<R>(self, conn: &mut DbConnection) -> Result<Vec<R>, StorageError>
    where
        R: QueryableByName<Sqlite> + QueryableByName<Pg> + 'static,
    {
        // Not through the derive's own backend, which reads no rows by name at run time.
        match conn {
            DbConnection::Sqlite(conn) => Ok(RunQueryDsl::load(self, conn)?),
            DbConnection::Postgres(conn) => Ok(RunQueryDsl::load(self, conn)?),
        }
    }
}

impl Query for Sql {
    type SqlType = Untyped;
}

impl QueryId for Sql {
    type QueryId = ();
    // Known by its text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Conn> RunQueryDsl<Conn> for Sql {}

macro_rules! walk {
    ($self:ident, $out:ident) => {{
        let mut values = $self.values.iter();
        for piece in &$self.pieces {
            $out.push_sql(piece);
            match values.next() {
                Some(Value::Text(it)) => $out.push_bind_param::<Text, _>(it)?,
                Some(Value::Integer(it)) => $out.push_bind_param::<Integer, _>(it)?,
                Some(Value::BigInt(it)) => $out.push_bind_param::<BigInt, _>(it)?,
                Some(Value::Day(it)) => $out.push_bind_param::<Date, _>(it)?,
                Some(Value::At(it)) => $out.push_bind_param::<Timestamp, _>(it)?,
                None => {}
            }
        }
        Ok(())
    }};
}

impl QueryFragment<Sqlite> for Sql {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        walk!(self, out)
    }
}

impl QueryFragment<Pg> for Sql {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        if !self.keeps_plan {
            out.unsafe_to_cache_prepared();
        }
        walk!(self, out)
    }
}
