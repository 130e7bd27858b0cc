//! What several tests need: databases of their own, and what to fill them with ([`office`],
//! [`full_rows`]).
//!
//! SQLite is always there. PostgreSQL is there where `TEST_POSTGRES_URL` names a server, as under
//! `tests/run`; a plain `cargo test` does without, and says so. What `GONGKAI_TEST_REQUIRE` lists
//! (`postgres`, `chromium`, `libreoffice`, `smtp`) may not be missing.

pub mod drawn;
pub mod full_rows;
pub mod live;
pub mod markup;
pub mod office;
pub mod smtp;
pub mod web;

use std::io::Write;
use std::sync::Once;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use gongkai::storage::Db;
use tempfile::TempDir;
use uuid::Uuid;

/// An empty database, gone when this is dropped.
pub struct TestDatabase {
    url: String,
    place: Place,
}

enum Place {
    /// The folder holds the file, and goes with it.
    Sqlite {
        _folder: TempDir,
    },
    Postgres {
        server: String,
        name: String,
    },
}

impl TestDatabase {
    /// A SQLite file that does not exist yet, in a folder of its own.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        Self { url, place: Place::Sqlite { _folder: folder } }
    }

    /// A new database on the PostgreSQL server of the test run; none where there is no server.
    ///
    /// # Panics
    /// Where there is no server and the run demands one.
    pub fn postgres() -> Option<Self> {
        let Ok(server) = std::env::var("TEST_POSTGRES_URL") else {
            assert!(
                !is_required("postgres"),
                "TEST_POSTGRES_URL is not set, and this run demands PostgreSQL"
            );
            static SAID: Once = Once::new();
            say_once(
                &SAID,
                "note: TEST_POSTGRES_URL is not set: database tests run on SQLite alone; see tests/run",
            );
            return None;
        };
        let name = format!("t_{}", Uuid::now_v7().simple());
        // template0 has no sessions, so that tests can make databases at the same time.
        execute(&server, &format!("CREATE DATABASE {name} TEMPLATE template0")).unwrap();
        Some(Self { url: with_database(&server, &name), place: Place::Postgres { server, name } })
    }

    /// Where it is, as `--database-url` takes it.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the test failed on {}", self.url);
        }
        if let Place::Postgres { server, name } = &self.place
            && let Err(error) = execute(server, &format!("DROP DATABASE {name} WITH (FORCE)"))
        {
            eprintln!("{name} is left behind: {error}");
        }
    }
}

/// Runs a test on an empty SQLite database, then on an empty PostgreSQL database where there is one.
pub fn on_both(test: impl Fn(&str)) {
    let sqlite = TestDatabase::sqlite();
    test(sqlite.url());
    drop(sqlite);
    if let Some(postgres) = TestDatabase::postgres() {
        test(postgres.url());
    }
}

/// Runs a test on a database with the schema in it and nothing else: SQLite, then PostgreSQL where there is one.
pub fn on_both_databases(test: impl Fn(&Db)) {
    on_both(|url| {
        let db = Db::open(url, 8).unwrap();
        db.migrate().unwrap();
        test(&db);
    });
}

/// Whether this run demands something that other runs may do without.
pub fn is_required(what: &str) -> bool {
    std::env::var("GONGKAI_TEST_REQUIRE").is_ok_and(|list| list.split(',').any(|it| it.trim() == what))
}

/// Writes past the test harness, which keeps back what passing tests print.
pub fn say_once(said: &Once, note: &str) {
    said.call_once(|| std::io::stderr().write_all(format!("{note}\n").as_bytes()).unwrap());
}

fn execute(server: &str, sql: &str) -> diesel::QueryResult<()> {
    let mut connection = PgConnection::establish(server).expect("the server of the test run answers");
    connection.batch_execute(sql)
}

/// The same server, another database.
fn with_database(server: &str, name: &str) -> String {
    let (place, query) = server.split_once('?').map_or((server, None), |(place, query)| (place, Some(query)));
    let (host, _) =
        place.rsplit_once('/').filter(|(host, _)| !host.ends_with('/')).expect("a URL with a database");
    query.map_or(format!("{host}/{name}"), |query| format!("{host}/{name}?{query}"))
}

#[test]
fn the_database_of_a_url_can_be_exchanged() {
    let check = |server: &str, expected: &str| assert_eq!(with_database(server, "t"), expected);
    check("postgres://gk@/postgres?host=%2Ftmp%2Fx", "postgres://gk@/t?host=%2Ftmp%2Fx");
    check("postgres://gk:pw@db:5432/postgres", "postgres://gk:pw@db:5432/t");
}

#[test]
fn every_test_gets_an_empty_database_of_its_own() {
    fn fill(connection: &mut impl SimpleConnection) {
        connection.batch_execute("CREATE TABLE mine (id INTEGER); INSERT INTO mine VALUES (1)").unwrap();
    }
    for _ in 0..2 {
        on_both(|url| match url.strip_prefix("sqlite://") {
            Some(path) => fill(&mut diesel::SqliteConnection::establish(path).unwrap()),
            None => fill(&mut PgConnection::establish(url).unwrap()),
        });
    }
}

#[test]
fn a_database_is_gone_when_it_is_dropped() {
    let Some(database) = TestDatabase::postgres() else { return };
    let url = database.url().to_owned();
    let left_open = PgConnection::establish(&url).unwrap();
    drop(database);
    assert!(PgConnection::establish(&url).is_err());
    drop(left_open);
}
