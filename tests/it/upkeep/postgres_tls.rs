//! The way to PostgreSQL, encrypted: with the server `tests/run` starts with a certificate of its own.

use gongkai::storage::Db;

/// The server and the file of its certificate; none where the run has no such server.
fn server() -> Option<(String, String)> {
    let variable = |name: &str| std::env::var(name).ok();
    let found = variable("TEST_POSTGRES_TLS_URL").zip(variable("TEST_POSTGRES_TLS_ROOT"));
    assert!(
        found.is_some() || !crate::support::is_required("postgres-tls"),
        "TEST_POSTGRES_TLS_URL is not set, and this run demands it"
    );
    found
}

/// Whether the connection is encrypted, as the server sees it.
#[cfg(feature = "postgres-tls")]
fn is_encrypted(db: &Db) -> bool {
    use diesel::prelude::*;

    #[derive(diesel::QueryableByName)]
    struct Seen {
        #[diesel(sql_type = diesel::sql_types::Bool)]
        ssl: bool,
    }
    let query = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let seen: Seen = db
        .read(|conn| match conn {
            gongkai::storage::DbConnection::Postgres(conn) => {
                Ok::<_, gongkai::storage::StorageError>(diesel::sql_query(query).get_result(conn)?)
            }
            gongkai::storage::DbConnection::Sqlite(_) => panic!("no server"),
        })
        .unwrap();
    seen.ssl
}

#[cfg(feature = "postgres-tls")]
#[test]
fn the_connection_is_encrypted_where_the_address_demands_it() {
    let Some((url, root)) = server() else { return };
    let open = |query: &str| Db::open(&format!("{url}?{query}"), 1);
    let root = root.replace('/', "%2F");
    assert!(is_encrypted(&open("sslmode=require").unwrap()));
    // The certificate is known, and is of this host.
    let db = open(&format!("sslmode=verify-full&sslrootcert={root}")).unwrap();
    assert!(is_encrypted(&db));
    db.migrate().unwrap();
    db.revert_migrations().unwrap();
    assert!(!is_encrypted(&open("sslmode=disable").unwrap()));
}

/// A server that somebody put in the way: its certificate is not the one that is trusted.
#[cfg(feature = "postgres-tls")]
#[test]
fn a_server_that_cannot_prove_who_it_is_is_refused() {
    let Some((url, root)) = server() else { return };
    let other = tempfile::NamedTempFile::new().unwrap();
    let refused = |url: &str, root: &str| {
        let query = format!("sslmode=verify-full&connect_timeout=3&sslrootcert={}", root.replace('/', "%2F"));
        Db::open(&format!("{url}?{query}"), 1).err().map(|it| it.to_string()).unwrap_or_default()
    };
    let message = refused(&url, other.path().to_str().unwrap());
    assert!(message.contains("certificate"), "{message}");
    // The certificate is good, but of another name.
    let message = refused(&url.replace("@localhost:", "@127.0.0.2:"), &root);
    assert!(message.contains("127.0.0.2"), "{message}");
}

/// Without the feature nothing can be encrypted, and that is said at once, in words one can act on.
#[cfg(not(feature = "postgres-tls"))]
#[test]
fn without_tls_the_address_may_not_demand_it() {
    assert!(server().is_none(), "tests/run tests with the feature");
    let refused = Db::open("postgres://gk@db.example/gk?sslmode=verify-full", 1).err().unwrap().to_string();
    assert!(refused.contains("postgres-tls"), "{refused}");
}
