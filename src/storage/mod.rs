//! The only SQL: two databases behind one connection, and every query there is.
//!
//! Whatever returns a [`StorageError`] fails where the database fails, and where it holds what cannot be read:
//! an unknown code, an identifier that is none. That is said here once, for all of them; a heading `# Errors`
//! says what there is beyond it.

pub mod access;
pub mod calendar;
pub mod case;
pub mod codes;
pub mod connection;
pub mod desk;
mod error;
pub mod journal;
pub mod mail;
mod page;
mod parts;
pub mod remedy;
pub mod report;
pub mod schema;
pub mod search;
mod sql;
pub mod upkeep;

pub use connection::{Address, Db, DbConnection};
pub use error::StorageError;

/// Inserts many rows of one table. PostgreSQL takes them all in one `COPY`, SQLite one by one through one
/// prepared statement.
macro_rules! insert_all {
    ($conn:expr, $table:expr, $rows:expr) => {{
        match ($conn, $rows) {
            (_, []) => {}
            (DbConnection::Sqlite(conn), rows) => {
                for row in rows {
                    diesel::insert_into($table).values(row).execute(conn)?;
                }
            }
            // One row is one statement that stays prepared.
            (DbConnection::Postgres(conn), [row]) => {
                diesel::insert_into($table).values(row).execute(conn)?;
            }
            (DbConnection::Postgres(conn), rows) => {
                diesel::copy_from($table).from_insertable(rows).execute(conn)?;
            }
        }
        Ok(())
    }};
}
use insert_all;
