//! The only SQL: two databases behind one connection, and every query there is.

pub mod accounts;
pub mod agencies;
pub mod annual;
pub mod attachments;
pub mod audit;
pub mod calendar;
mod case_lines;
pub mod cases;
pub mod charts;
pub mod codes;
pub mod connection;
mod error;
pub mod feeds;
pub mod figures;
pub mod history;
pub mod intake;
pub mod job_runs;
pub mod journal;
pub mod letter_settings;
pub mod letter_templates;
pub mod letters;
pub mod mail_readers;
mod matches;
pub mod names;
pub mod outbox;
mod page;
mod parts;
pub mod plans;
pub mod queue;
pub mod remedies;
pub mod remedy_lists;
pub mod remedy_stages;
pub mod reminder_facts;
pub mod schema;
pub mod search;
mod sql;
pub mod statistics;
pub mod views;

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
