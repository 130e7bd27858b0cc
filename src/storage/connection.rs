//! The two databases behind one connection type, the pools, and the transaction that every change runs in.
#![allow(missing_docs)] // The derive of `DbConnection` makes public items it cannot document.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use diesel::RunQueryDsl;
use diesel::connection::{AnsiTransactionManager, Connection, SimpleConnection, TransactionManager};
use diesel::r2d2::{ManageConnection, Pool, R2D2Connection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::storage::StorageError;

/// A connection to either database. Queries are written once, for both.
#[derive(diesel::MultiConnection)]
pub enum DbConnection {
    /// SQLite, in the binary.
    Sqlite(diesel::SqliteConnection),
    /// A PostgreSQL server.
    Postgres(diesel::PgConnection),
}

/// Which database an address names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A file.
    Sqlite(String),
    /// A server, as libpq reads it.
    Postgres(String),
}

impl Address {
    /// Reads `sqlite://PATH` or `postgres://…`. Anything else is refused: a mistyped address must not
    /// silently make an empty file.
    ///
    /// # Errors
    /// [`StorageError::UnknownUrl`], with passwords left out.
    pub fn parse(url: &str) -> Result<Self, StorageError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        match url.strip_prefix("sqlite://") {
            Some(path) if !path.is_empty() && path != ":memory:" => Ok(Self::Sqlite(path.to_owned())),
            // Only what stands before the colon is shown: a password may stand anywhere behind it.
            _ => Err(StorageError::UnknownUrl(url.split(':').next().unwrap_or_default().to_owned())),
        }
    }
}

/// Refuses an address that demands encryption where `has_tls` is false: libpq would refuse each connection
/// in words of its own, and only after all the time that a pool waits.
fn check_encryption(address: &Address, has_tls: bool) -> Result<(), StorageError> {
    let Address::Postgres(url) = address else { return Ok(()) };
    let query = url.split_once('?').map_or("", |(_, it)| it);
    let mode = query.split('&').find_map(|it| it.strip_prefix("sslmode="));
    match mode {
        Some(mode @ ("require" | "verify-ca" | "verify-full")) if !has_tls => {
            Err(StorageError::NoTls(mode.to_owned()))
        }
        _ => Ok(()),
    }
}

struct Manager {
    address: Address,
    /// The page cache of each SQLite connection, in KiB.
    cache_kib: u32,
}

/// Readers are several, and each has a cache of its own; behind them is the system's.
const READER_CACHE_KIB: u32 = 4_000;
/// What one person changes touches few pages.
const WRITER_CACHE_KIB: u32 = 8_000;
/// While a large register is imported, the pages of all indexes are kept at hand.
const IMPORT_CACHE_KIB: u32 = 64_000;

/// A connection in a pool.
struct Pooled {
    conn: DbConnection,
    /// When a server last answered on it.
    proved_at: Instant,
}

/// How long a connection is trusted after a server has answered on it: asking before each use would cost
/// as much as a short query.
const TRUSTED: Duration = Duration::from_secs(1);

impl Manager {
    fn establish(&self) -> Result<DbConnection, diesel::r2d2::Error> {
        match &self.address {
            Address::Postgres(url) => Ok(DbConnection::Postgres(diesel::PgConnection::establish(url)?)),
            Address::Sqlite(path) => {
                let mut conn = diesel::SqliteConnection::establish(path)?;
                // Full synchronous commits: what was registered survives a power cut.
                conn.batch_execute(&format!(
                    "PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; \
                     PRAGMA synchronous = FULL; PRAGMA cache_size = -{}; PRAGMA temp_store = MEMORY;",
                    self.cache_kib
                ))
                .map_err(diesel::r2d2::Error::QueryError)?;
                Ok(DbConnection::Sqlite(conn))
            }
        }
    }
}

impl ManageConnection for Manager {
    type Connection = Pooled;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Pooled, Self::Error> {
        Ok(Pooled { conn: self.establish()?, proved_at: Instant::now() })
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), Self::Error> {
        if pooled.proved_at.elapsed() < TRUSTED {
            return Ok(());
        }
        pooled.conn.ping().map_err(diesel::r2d2::Error::QueryError)?;
        pooled.proved_at = Instant::now();
        Ok(())
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        pooled.conn.is_broken()
    }
}

/// The database: where every query and every change begins.
#[derive(Clone)]
pub struct Db {
    address: Address,
    readers: Pool<Manager>,
    /// On SQLite one connection of its own, so that writers wait in line instead of for a lock.
    writers: Pool<Manager>,
}

const SQLITE_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// How long a request waits for a connection before it is told that the server is busy.
const CHECKOUT: Duration = Duration::from_secs(10);

impl Db {
    /// Opens the database; makes the folder of an SQLite file. Runs no migration.
    ///
    /// `pool_size` is the number of connections for reading, 1 or more.
    ///
    /// # Errors
    /// An unknown address, a folder that cannot be made, or no connection.
    pub fn open(url: &str, pool_size: u32) -> Result<Self, StorageError> {
        let address = Address::parse(url)?;
        check_encryption(&address, cfg!(feature = "postgres-tls"))?;
        let pool = |size: u32, cache_kib: u32| {
            Pool::builder()
                .max_size(size)
                .min_idle(Some(1))
                .connection_timeout(CHECKOUT)
                .test_on_check_out(matches!(address, Address::Postgres(_)))
                .build(Manager { address: address.clone(), cache_kib })
        };
        if let Address::Sqlite(path) = &address {
            if let Some(folder) = Path::new(path).parent().filter(|it| !it.as_os_str().is_empty()) {
                fs::create_dir_all(folder)
                    .map_err(|source| StorageError::File { path: folder.display().to_string(), source })?;
            }
            let writers = pool(1, WRITER_CACHE_KIB)?;
            return Ok(Self { readers: pool(pool_size, READER_CACHE_KIB)?, writers, address });
        }
        let both = pool(pool_size, READER_CACHE_KIB)?;
        Ok(Self { readers: both.clone(), writers: both, address })
    }

    /// Which database this is.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The folder for the files of cases, where the settings name none: beside an SQLite file, so that
    /// both are found and moved together; for a server one of its own below the working directory.
    pub fn files_beside(&self) -> PathBuf {
        match &self.address {
            Address::Sqlite(path) => PathBuf::from(format!("{path}.files")),
            Address::Postgres(_) => PathBuf::from("var/gongkai-files"),
        }
    }

    /// Whether a migration is still to be run.
    pub fn has_pending_migrations(&self) -> Result<bool, StorageError> {
        match &mut self.writers.get()?.conn {
            DbConnection::Sqlite(conn) => conn.has_pending_migration(SQLITE_MIGRATIONS),
            DbConnection::Postgres(conn) => conn.has_pending_migration(POSTGRES_MIGRATIONS),
        }
        .map_err(StorageError::Migration)
    }

    /// Whether no migration has ever been run here.
    pub fn is_empty(&self) -> Result<bool, StorageError> {
        let applied = match &mut self.writers.get()?.conn {
            DbConnection::Sqlite(conn) => conn.applied_migrations(),
            DbConnection::Postgres(conn) => conn.applied_migrations(),
        };
        applied.map(|it| it.is_empty()).map_err(StorageError::Migration)
    }

    /// Brings the schema up to date. Returns how many migrations were run.
    ///
    /// # Errors
    /// The migration that failed; the database is as before it.
    pub fn migrate(&self) -> Result<usize, StorageError> {
        let done = match &mut self.writers.get()?.conn {
            DbConnection::Sqlite(conn) => conn.run_pending_migrations(SQLITE_MIGRATIONS).map(|it| it.len()),
            DbConnection::Postgres(conn) => {
                conn.run_pending_migrations(POSTGRES_MIGRATIONS).map(|it| it.len())
            }
        };
        done.map_err(StorageError::Migration)
    }

    /// Runs every migration down again. It empties the database: for tests of the migrations.
    ///
    /// # Errors
    /// The migration that failed.
    pub fn revert_migrations(&self) -> Result<usize, StorageError> {
        let done = match &mut self.writers.get()?.conn {
            DbConnection::Sqlite(conn) => conn.revert_all_migrations(SQLITE_MIGRATIONS).map(|it| it.len()),
            DbConnection::Postgres(conn) => {
                conn.revert_all_migrations(POSTGRES_MIGRATIONS).map(|it| it.len())
            }
        };
        done.map_err(StorageError::Migration)
    }

    /// Runs queries, outside a transaction.
    ///
    /// # Errors
    /// What `f` returns, or that no connection was to be had.
    pub fn read<T, E: From<StorageError>>(
        &self,
        f: impl FnOnce(&mut DbConnection) -> Result<T, E>,
    ) -> Result<T, E> {
        let conn = &mut self.readers.get().map_err(StorageError::from)?.conn;
        f(conn)
    }

    /// Runs queries that must all see the same state, such as those of one report.
    ///
    /// # Errors
    /// What `f` returns, or that the database failed.
    pub fn snapshot<T, E: From<StorageError>>(
        &self,
        f: impl FnOnce(&mut DbConnection) -> Result<T, E>,
    ) -> Result<T, E> {
        let conn = &mut self.readers.get().map_err(StorageError::from)?.conn;
        match conn {
            DbConnection::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN"),
            DbConnection::Postgres(conn) => AnsiTransactionManager::begin_transaction_sql(
                conn,
                "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
            ),
        }
        .map_err(StorageError::from)?;
        end_transaction(conn, f)
    }

    /// Runs a change in one transaction that holds the write lock from its start.
    ///
    /// SQLite begins `IMMEDIATE`: a deferred transaction that reads first and writes later fails at
    /// once with `SQLITE_BUSY`, whatever the busy timeout.
    ///
    /// # Errors
    /// What `f` returns, after everything has been rolled back, or that the database failed.
    pub fn write<T, E: From<StorageError>>(
        &self,
        f: impl FnOnce(&mut DbConnection) -> Result<T, E>,
    ) -> Result<T, E> {
        begin_and_end(&mut self.writers.get().map_err(StorageError::from)?.conn, f)
    }

    /// Runs a change of very many rows in one transaction, as [`Db::write`] does.
    ///
    /// # Errors
    /// As there.
    pub fn write_many<T, E: From<StorageError>>(
        &self,
        f: impl FnOnce(&mut DbConnection) -> Result<T, E>,
    ) -> Result<T, E> {
        let set_cache = |conn: &mut DbConnection, kib: u32| -> Result<(), StorageError> {
            if let DbConnection::Sqlite(conn) = conn {
                conn.batch_execute(&format!("PRAGMA cache_size = -{kib}; PRAGMA shrink_memory"))?;
            }
            Ok(())
        };
        let mut writer = self.writers.get().map_err(StorageError::from)?;
        set_cache(&mut writer.conn, IMPORT_CACHE_KIB)?;
        let result = begin_and_end(&mut writer.conn, f);
        set_cache(&mut writer.conn, WRITER_CACHE_KIB)?;
        result
    }

    /// Copies an SQLite database into a new file, whole and of one moment, while work goes on.
    ///
    /// # Errors
    /// Where the file exists or cannot be written, and for a server, which has tools of its own.
    pub fn back_up(&self, file: &Path) -> Result<(), StorageError> {
        match &mut self.readers.get()?.conn {
            DbConnection::Sqlite(conn) => {
                diesel::sql_query("VACUUM INTO ?")
                    .bind::<diesel::sql_types::Text, _>(file.to_string_lossy())
                    .execute(conn)?;
                Ok(())
            }
            DbConnection::Postgres(_) => {
                Err(StorageError::UnknownUrl("VACUUM INTO is of SQLite alone".to_owned()))
            }
        }
    }
}

/// Runs `f` in a transaction that may write.
fn begin_and_end<T, E: From<StorageError>>(
    conn: &mut DbConnection,
    f: impl FnOnce(&mut DbConnection) -> Result<T, E>,
) -> Result<T, E> {
    match conn {
        DbConnection::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE"),
        DbConnection::Postgres(conn) => AnsiTransactionManager::begin_transaction(conn),
    }
    .map_err(StorageError::from)?;
    end_transaction(conn, f)
}

/// Runs `f` in the transaction already begun, then commits, or rolls back where `f` fails.
fn end_transaction<T, E: From<StorageError>>(
    conn: &mut DbConnection,
    f: impl FnOnce(&mut DbConnection) -> Result<T, E>,
) -> Result<T, E> {
    type Transactions = <DbConnection as Connection>::TransactionManager;
    match f(conn) {
        Ok(value) => {
            Transactions::commit_transaction(conn).map_err(StorageError::from)?;
            Ok(value)
        }
        Err(err) => {
            Transactions::rollback_transaction(conn).map_err(StorageError::from)?;
            Err(err)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: Option<Address>) {
        assert_eq!(Address::parse(url).ok(), expected);
    }

    #[test]
    fn the_scheme_decides() {
        check("sqlite://var/gongkai.db", Some(Address::Sqlite("var/gongkai.db".to_owned())));
        check("sqlite:///srv/gongkai.db", Some(Address::Sqlite("/srv/gongkai.db".to_owned())));
        check("postgres://a:b@c/d", Some(Address::Postgres("postgres://a:b@c/d".to_owned())));
        check("postgre://a:b@c/d", None);
        check("gongkai.db", None);
        check("sqlite://", None);
        check("sqlite://:memory:", None);
    }

    #[test]
    fn encryption_that_cannot_be_had_is_said() {
        let check = |url: &str, has_tls: bool, is_refused: bool| {
            let refused = check_encryption(&Address::parse(url).unwrap(), has_tls).err();
            assert_eq!(refused.is_some(), is_refused, "{url}");
            assert!(refused.is_none_or(|it| it.to_string().contains("--features postgres-tls")));
        };
        for mode in ["require", "verify-ca", "verify-full"] {
            check(&format!("postgres://a:b@c/d?connect_timeout=3&sslmode={mode}"), false, true);
            check(&format!("postgres://a:b@c/d?sslmode={mode}&sslrootcert=x"), true, false);
        }
        check("postgres://a:b@c/d?sslmode=prefer", false, false);
        check("postgres://a:b@c/d", false, false);
        check("sqlite://a?sslmode=require", false, false);
    }

    #[test]
    fn a_refused_address_does_not_show_its_password() {
        let err = Address::parse("postgre://user:secret@host/db").unwrap_err().to_string();
        assert!(!err.contains("secret") && err.contains("postgre"), "{err}");
    }
}
