//! The only SQL: two databases behind one connection, and every query there is.

pub mod accounts;
pub mod agencies;
pub mod audit;
pub mod calendar;
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
pub mod mail_readers;
mod matches;
pub mod names;
pub mod outbox;
mod page;
mod parts;
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

/// Inserts many rows of one table. PostgreSQL takes them by the thousand in one statement, which saves
/// a round trip for each; SQLite takes them one by one through one prepared statement.
macro_rules! insert_all {
    ($conn:expr, $table:expr, $rows:expr) => {{
        // PostgreSQL allows 65,535 parameters in a statement; no table has more than 25 columns.
        const ROWS_PER_STATEMENT: usize = 1_000;
        match $conn {
            DbConnection::Sqlite(conn) => {
                for row in $rows {
                    diesel::insert_into($table).values(row).execute(conn)?;
                }
            }
            DbConnection::Postgres(conn) => {
                // One row is one statement that stays prepared; of several, each number is another.
                if let [row] = $rows {
                    diesel::insert_into($table).values(row).execute(conn)?;
                    return Ok(());
                }
                for rows in $rows.chunks(ROWS_PER_STATEMENT) {
                    diesel::insert_into($table).values(rows).execute(conn)?;
                }
            }
        }
        Ok(())
    }};
}
use insert_all;
