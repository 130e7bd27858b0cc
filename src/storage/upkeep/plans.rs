//! What a database knows of its tables, so that it finds the index that fits.
//!
//! PostgreSQL looks after itself within minutes. SQLite never does: without figures it takes an index of many
//! thousand entries for as good as one of three, and a registration that takes 1 ms takes 40.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use crate::storage::{DbConnection, StorageError};

/// How many entries of an index SQLite looks at. With 2,000, as it would take by itself, an office of 100,000
/// cases looks no larger than its open ones, and lists of those walk all.
const AT_MOST: u32 = 100_000;

#[derive(QueryableByName)]
struct Tables {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Looks at the tables where nothing is known of them yet: when the program starts, which must be quick.
pub fn ensure(conn: &mut DbConnection) -> Result<(), StorageError> {
    if let DbConnection::Sqlite(sqlite) = conn {
        let known = sql_query("SELECT count(*) AS n FROM sqlite_master WHERE name = 'sqlite_stat1'");
        if known.get_result::<Tables>(sqlite)?.n == 0 {
            return renew(conn);
        }
    }
    Ok(())
}

/// Brings up to date what the database knows, where tables have grown or shrunk tenfold, or have an index it
/// knows nothing of, as of one without entries. To be run in a transaction of its own after imports, and daily.
pub fn renew(conn: &mut DbConnection) -> Result<(), StorageError> {
    match conn {
        // Bits of the mask: 2 to analyse, 65536 whatever this connection has asked so far.
        //
        // Other connections, of other processes too, read the figures with the schema, and that again only
        // once it has changed. A limited analysis leaves `sqlite_stat4` empty but makes it where it is
        // missing; dropping it first is thus what tells them.
        DbConnection::Sqlite(conn) => {
            conn.batch_execute(&format!(
                "PRAGMA analysis_limit = {AT_MOST}; DROP TABLE IF EXISTS sqlite_stat4; PRAGMA optimize = 0x10002"
            ))?;
            forget_numbers(conn)?;
        }
        DbConnection::Postgres(_) => {}
    }
    Ok(())
}

/// An identity number is one person's, whatever the figures say. Where most applications have none, these say
/// that any number is that of most of them, and SQLite would read all requests at each registration.
fn forget_numbers(conn: &mut SqliteConnection) -> Result<(), StorageError> {
    let known = sql_query("SELECT count(*) AS n FROM sqlite_master WHERE name = 'sqlite_stat1'");
    if 0 < known.get_result::<Tables>(conn)?.n {
        conn.batch_execute("DELETE FROM sqlite_stat1 WHERE idx = 'requests_by_id_number'")?;
    }
    Ok(())
}
