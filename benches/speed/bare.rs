//! The other side of every comparison: hand-written SQL on the database's own connection.
//!
//! Statements are prepared once and kept, as the program's own are; nothing is boxed, checked or turned
//! into types of the domain.

use std::marker::PhantomData;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::connection::SimpleConnection;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text, Timestamp};
use diesel::sqlite::Sqlite;
use gongkai::storage::Address;

/// A connection of the database's own kind.
pub enum Bare {
    /// SQLite.
    Sqlite(SqliteConnection),
    /// PostgreSQL.
    Postgres(PgConnection),
}

/// What stands for a `?` in a statement.
#[derive(Debug, Clone)]
pub enum Value {
    /// A number.
    Number(i32),
    /// A large number.
    Large(i64),
    /// A text.
    Text(String),
    /// A day.
    Day(NaiveDate),
    /// An instant.
    At(NaiveDateTime),
}

impl From<i32> for Value {
    fn from(it: i32) -> Self {
        Self::Number(it)
    }
}

impl From<&str> for Value {
    fn from(it: &str) -> Self {
        Self::Text(it.to_owned())
    }
}

impl From<NaiveDate> for Value {
    fn from(it: NaiveDate) -> Self {
        Self::Day(it)
    }
}

/// Values for the `?` of a statement, in order.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::bare::Value::from($value)),*] };
}

/// A statement with its values; `ST` is the type of the rows it gives.
struct Statement<'a, ST> {
    sql: &'a str,
    values: &'a [Value],
    of: PhantomData<ST>,
}

impl<ST> QueryId for Statement<'_, ST> {
    type QueryId = ();
    // Kept by its text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> Query for Statement<'_, ST> {
    type SqlType = ST;
}

impl<ST, Conn> RunQueryDsl<Conn> for Statement<'_, ST> {}

macro_rules! fragment {
    ($database:ty) => {
        impl<ST> QueryFragment<$database> for Statement<'_, ST> {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, $database>) -> QueryResult<()> {
                let mut values = self.values.iter();
                for (i, part) in self.sql.split('?').enumerate() {
                    if i != 0 {
                        match values.next().expect("as many values as question marks") {
                            Value::Number(it) => out.push_bind_param::<Integer, _>(it)?,
                            Value::Large(it) => out.push_bind_param::<BigInt, _>(it)?,
                            Value::Text(it) => out.push_bind_param::<Text, _>(it)?,
                            Value::Day(it) => out.push_bind_param::<Date, _>(it)?,
                            Value::At(it) => out.push_bind_param::<Timestamp, _>(it)?,
                        }
                    }
                    out.push_sql(part);
                }
                Ok(())
            }
        }
    };
}

fragment!(Sqlite);
fragment!(Pg);

macro_rules! readers {
    ($($(#[$meta:meta])* $name:ident: $sql:ty => $row:ty;)+) => {
        $($(#[$meta])*
        pub fn $name(&mut self, sql: &str, values: &[Value]) -> QueryResult<Vec<$row>> {
            let statement = Statement::<$sql> { sql, values, of: PhantomData };
            match self {
                Self::Sqlite(conn) => statement.load(conn),
                Self::Postgres(conn) => statement.load(conn),
            }
        })+
    };
}

impl Bare {
    /// Connects, with the settings the program uses.
    pub fn connect(address: &Address) -> anyhow::Result<Self> {
        Ok(match address {
            Address::Postgres(url) => Self::Postgres(PgConnection::establish(url)?),
            Address::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(path)?;
                conn.batch_execute(
                    "PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; \
                     PRAGMA synchronous = FULL; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY",
                )?;
                Self::Sqlite(conn)
            }
        })
    }

    readers! {
        /// Kinds with counts.
        counts: (Text, BigInt) => (String, i64);
        /// Kinds with outcomes or results and counts.
        counts_of_results: (Text, Nullable<Text>, BigInt) => (String, Option<String>, i64);
        /// Rows, cells and values of table 2.
        figures: (Text, Integer, Text) => (String, i32, String);
        /// Agencies.
        agencies: (Integer, Text, Text) => (i32, String, String);
        /// Single numbers.
        numbers: BigInt => i64;
        /// Small numbers with counts.
        numbers_with_counts: (Integer, BigInt) => (i32, i64);
        /// Places in a list.
        places: (Date, Text) => (NaiveDate, String);
        /// Lines of a drill-down.
        cell_lines: (Text, Text, Text, Date, Nullable<Date>, Nullable<Text>)
            => (String, String, String, NaiveDate, Option<NaiveDate>, Option<String>);
        /// Lines of a deadline list. Whether a day is provisional is a number on one database and a
        /// truth value on the other; both are read as a truth value.
        deadline_lines:
            (Text, Text, Integer, Text, Text, Date, Date, diesel::sql_types::Bool, Nullable<Text>)
            => (String, String, i32, String, String, NaiveDate, NaiveDate, bool, Option<String>);
    }

    /// Runs a statement that gives nothing.
    pub fn run(&mut self, sql: &str, values: &[Value]) -> QueryResult<usize> {
        let statement = Statement::<()> { sql, values, of: PhantomData };
        match self {
            Self::Sqlite(conn) => statement.execute(conn),
            Self::Postgres(conn) => statement.execute(conn),
        }
    }

    /// Runs statements without values.
    pub fn batch(&mut self, sql: &str) -> QueryResult<()> {
        match self {
            Self::Sqlite(conn) => conn.batch_execute(sql),
            Self::Postgres(conn) => conn.batch_execute(sql),
        }
    }

    /// Whether this is SQLite.
    pub fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}
