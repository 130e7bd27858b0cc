//! Queries put together at run time: text with its values, for both databases.
//!
//! Lists with many optional conditions need texts of their own per choice, so that each walks the index
//! made for it; and full text has other words on each database. Values are always bound, never written
//! into the text.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::deserialize::QueryableByName;
use diesel::pg::Pg;
use diesel::query_dsl::RunQueryDsl;
use diesel::sql_types::{BigInt, Date, Integer, Text, Timestamp};
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

/// A query in the making.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    /// Begins with this text.
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    /// Adds text.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a value. SQLite numbers `$n` by first occurrence, so none is used twice.
    pub(super) fn value(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.text.push_str(&format!("${}", self.values.len()));
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
        macro_rules! load {
            ($conn:expr, $backend:ty) => {{
                let mut query = diesel::sql_query(self.text).into_boxed::<$backend>();
                for value in self.values {
                    query = match value {
                        Value::Text(it) => query.bind::<Text, _>(it),
                        Value::Integer(it) => query.bind::<Integer, _>(it),
                        Value::BigInt(it) => query.bind::<BigInt, _>(it),
                        Value::Day(it) => query.bind::<Date, _>(it),
                        Value::At(it) => query.bind::<Timestamp, _>(it),
                    };
                }
                Ok(query.load($conn)?)
            }};
        }
        // The boxed query is of one backend: the derive's own backend binds no values at run time.
        match conn {
            DbConnection::Sqlite(conn) => load!(conn, Sqlite),
            DbConnection::Postgres(conn) => load!(conn, Pg),
        }
    }
}
