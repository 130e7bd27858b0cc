//! Codes and identifiers in columns: what a column takes, and that what cannot be read is an error.

use std::collections::BTreeMap;
use std::fmt::Debug;

use diesel::result::DatabaseErrorKind;
use diesel::{Connection, PgConnection, SqliteConnection};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use gongkai::domain::ids::{AgencyId, CaseId, UserId};
use gongkai::domain::labels::Set;
use gongkai::domain::workflow::Role;
use gongkai::storage::access::accounts;
use gongkai::storage::access::agencies::Scope;
use gongkai::storage::calendar::feeds;
use gongkai::storage::case::{cases, intake};
use gongkai::storage::desk::courses;
use gongkai::storage::mail::{outbox, readers, reminder_facts};
use gongkai::storage::remedy::remedies;
use gongkai::storage::{Address, Db, StorageError};

use crate::support::full_rows::FULL_ROWS;
use crate::support::office::{day, execute};
use crate::support::on_both_databases;
use crate::upkeep::columns::{columns_of, names, tables};
use crate::upkeep::schema::check_refused;

/// Every column that refers to a table of codes: the set it is of, and a statement that writes a code into it.
const COLUMNS: [(&str, &str); 27] = [
    (
        "status",
        "UPDATE cases SET status = '{code}', is_open = ('{code}' NOT IN ('answered', 'ended')) WHERE id = 'd'",
    ),
    ("channel", "UPDATE cases SET channel = '{code}'"),
    ("applicant kind", "UPDATE cases SET applicant_kind = '{code}'"),
    ("outcome", "UPDATE cases SET outcome = '{code}' WHERE id = 'c'"),
    ("suspension", "UPDATE cases SET waiting_for = '{code}'"),
    ("preferred form", "UPDATE requests SET preferred_form = '{code}'"),
    ("outcome", "UPDATE replies SET outcome = '{code}'"),
    ("remedy kind", "UPDATE remedies SET kind = '{code}'"),
    ("capacity", "UPDATE remedies SET capacity = '{code}'"),
    ("remedy result", "UPDATE remedies SET result = '{code}'"),
    ("role", "UPDATE account_roles SET role = '{code}'"),
    (
        "subject",
        "INSERT INTO journal (subject_id, seq, subject, action, actor, recorded_at, known_on, details, \
         previous_hash, hash) VALUES ('{code}', 1, '{code}', '', '', '2026-03-02 02:00:00', '2026-03-02', '{}', \
         '', '')",
    ),
    ("stage kind", "UPDATE remedy_stages SET kind = '{code}'"),
    ("procedure", "UPDATE remedy_stages SET procedure = '{code}'"),
    ("paper", "UPDATE remedy_stages SET paper = '{code}'"),
    ("remedy result", "UPDATE remedy_stages SET result = '{code}'"),
    ("attachment kind", "UPDATE attachments SET kind = '{code}'"),
    ("file type", "UPDATE attachments SET file_type = '{code}'"),
    ("scan state", "UPDATE attachments SET scan = '{code}'"),
    ("mail kind", "UPDATE outbox SET kind = '{code}'"),
    (
        "mail state",
        "UPDATE outbox SET state = '{code}', claimed_until = CASE '{code}' WHEN 'sending' THEN written_at END, \
         sent_at = CASE '{code}' WHEN 'sent' THEN written_at END",
    ),
    (
        "letter kind",
        "INSERT INTO letter_templates VALUES (1, '{code}', 1, '', NULL, NULL, '', '2026-03-02 02:00:00')",
    ),
    ("document series", "UPDATE letter_counters SET series = '{code}'"),
    (
        "letter kind",
        "INSERT INTO letters VALUES ('{code}', 'c', 2, 1, '{code}', '', NULL, '', NULL, '2026-03-02', \
         '2026-03-02 02:00:00', '', NULL, '', 0, '', '{}', '', '')",
    ),
    ("report part", "UPDATE indicators SET part = '{code}'"),
    ("report part", "UPDATE report_wordings SET part = '{code}'"),
    ("filing", "UPDATE filed_reports SET filing = '{code}'"),
];

/// PostgreSQL looks no code up in these tables: what that costs an import is in decision 020. What the program
/// writes there is of a set by its type, and what it reads there is checked.
const UNCHECKED_ON_POSTGRES: [&str; 4] = ["cases", "requests", "replies", "journal"];

/// The table a statement of [`COLUMNS`] writes to.
fn written(statement: &str) -> &str {
    statement.split(' ').find(|it| it.bytes().all(|it| it.is_ascii_lowercase() || it == b'_')).unwrap()
}

/// The columns whose codes the database looks up.
fn checked_columns(db: &Db) -> impl Iterator<Item = (&'static str, &'static str)> {
    let all = matches!(db.address(), Address::Sqlite(_));
    COLUMNS.into_iter().filter(move |it| all || !UNCHECKED_ON_POSTGRES.contains(&written(it.1)))
}

/// The table that keeps the codes of a set.
fn table_of(set: &Set) -> String {
    format!("{}_codes", set.name.replace(' ', "_"))
}

fn tables_of_codes(db: &Db) -> Vec<String> {
    tables(db).into_iter().filter(|it| it.ends_with("_codes")).collect()
}

#[test]
fn every_table_of_codes_is_that_of_its_set() {
    on_both_databases(|db| {
        let known = tables_of_codes(db);
        for table in &known {
            let set = Set::all().into_iter().find(|it| table_of(it) == *table);
            let set = set.unwrap_or_else(|| panic!("{table} is of no set"));
            let mut codes = names(db, &format!("SELECT code AS name FROM {table}"));
            let mut expected: Vec<_> = set.values.iter().map(|(code, _)| (*code).to_owned()).collect();
            codes.sort();
            expected.sort();
            assert_eq!(codes, expected, "{table} and {} differ", set.path);
        }
        for (set, _) in COLUMNS {
            assert!(known.contains(&format!("{}_codes", set.replace(' ', "_"))), "no table of {set}");
        }
    });
}

/// The columns that refer to tables of codes.
fn referring_columns(db: &Db) -> Vec<String> {
    names(
        db,
        match db.address() {
            Address::Sqlite(_) => {
                "SELECT t.name || '.' || f.\"from\" AS name FROM sqlite_schema t, pragma_foreign_key_list(t.name) f \
                 WHERE t.type = 'table' AND f.\"table\" LIKE '%\\_codes' ESCAPE '\\' ORDER BY 1"
            }
            Address::Postgres(_) => {
                "SELECT CAST(t.relname || '.' || a.attname AS TEXT) AS name FROM pg_constraint c \
                 JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class o ON o.oid = c.confrelid \
                 JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1] \
                 WHERE c.contype = 'f' AND o.relname LIKE '%\\_codes' ORDER BY 1"
            }
        },
    )
}

/// A column takes every code of its set, and no other.
#[track_caller]
fn check_column(db: &Db, (name, statement): (&str, &str), refusal: DatabaseErrorKind) {
    let set = Set::all().into_iter().find(|it| it.name == name).unwrap();
    for (code, _) in set.values {
        execute(db, &statement.replace("{code}", code)).unwrap();
    }
    check_refused(db, &statement.replace("{code}", "no_such_code"), refusal);
}

#[test]
fn every_column_of_codes_takes_those_of_its_set() {
    on_both_databases(|db| {
        execute(db, FULL_ROWS).unwrap();
        checked_columns(db).for_each(|it| check_column(db, it, DatabaseErrorKind::ForeignKeyViolation));
        let referring = referring_columns(db);
        assert_eq!(
            referring.len(),
            checked_columns(db).count(),
            "a column is not in this test: {referring:?}"
        );
    });
}

#[test]
fn a_new_code_is_one_row() {
    on_both_databases(|db| {
        execute(db, FULL_ROWS).unwrap();
        execute(db, "INSERT INTO outcome_codes (code) VALUES ('no_such_code')").unwrap();
        execute(db, "UPDATE cases SET outcome = 'no_such_code' WHERE id = 'c'").unwrap();
        execute(db, "INSERT INTO paper_codes (code) VALUES ('no_such_code')").unwrap();
        execute(db, "UPDATE remedy_stages SET paper = 'no_such_code'").unwrap();
        // What is in use cannot be taken away.
        let sql = "DELETE FROM paper_codes WHERE code = 'no_such_code'";
        check_refused(db, sql, DatabaseErrorKind::ForeignKeyViolation);
    });
}

/// Where the database looks nothing up, reading does: unknown is an error, never a default.
#[test]
fn an_unknown_code_is_an_error_where_it_is_read() {
    on_both_databases(|db| {
        execute(db, FULL_ROWS).unwrap();
        let case = CaseId::new();
        execute(db, "INSERT INTO channel_codes (code) VALUES ('no_such_code')").unwrap();
        let sql = format!(
            "INSERT INTO cases (id, agency_id, case_no, status, is_open, version, channel, received_on, \
             applicant_kind, applicant_name, round, clock, due_on, due_provisional, registered_at, changed_at) \
             SELECT '{case}', agency_id, 'x', status, is_open, version, 'no_such_code', received_on, applicant_kind, \
             applicant_name, round, clock, due_on, due_provisional, registered_at, changed_at FROM cases WHERE id = 'd'"
        );
        execute(db, &sql).unwrap();
        let found = db.read(|conn| cases::fetch(conn, case));
        assert!(matches!(found, Err(StorageError::UnknownCode(_))), "{found:?}");
    });
}

/// The first of the migrations that make tables of codes.
const CODES: &str = "20261124000014";

/// Runs migrations down until those of tables of codes are gone, as the version before had the database.
fn go_back_before_codes(db: &Db) -> usize {
    fn go_back<DB: diesel::backend::Backend>(conn: &mut impl MigrationHarness<DB>, database: &str) -> usize {
        let folder = format!("{}/migrations/{database}", env!("CARGO_MANIFEST_DIR"));
        let migrations = FileBasedMigrations::from_path(folder).unwrap();
        let is_later = |it: &diesel::migration::MigrationVersion<'_>| CODES <= it.to_string().as_str();
        let mut n = 0;
        while conn.applied_migrations().unwrap().first().is_some_and(is_later) {
            conn.revert_last_migration(migrations.clone()).unwrap();
            n += 1;
        }
        n
    }
    match db.address() {
        Address::Sqlite(path) => go_back(&mut SqliteConnection::establish(path).unwrap(), "sqlite"),
        Address::Postgres(url) => go_back(&mut PgConnection::establish(url).unwrap(), "postgres"),
    }
}

/// Every row of every table that is none of codes, as text.
fn content(db: &Db) -> BTreeMap<String, Vec<String>> {
    let mut content = BTreeMap::new();
    for table in
        tables(db).into_iter().filter(|it| !it.ends_with("_codes") && it != "__diesel_schema_migrations")
    {
        let row = match db.address() {
            Address::Sqlite(_) => {
                let columns: Vec<_> =
                    columns_of(db, &table).iter().map(|it| format!("quote(\"{it}\")")).collect();
                columns.join(" || ',' || ")
            }
            Address::Postgres(_) => "CAST(t AS TEXT)".to_owned(),
        };
        content.insert(table.clone(), names(db, &format!("SELECT {row} AS name FROM {table} t ORDER BY 1")));
    }
    content
}

/// What the database itself finds wrong.
fn faults(db: &Db) -> Vec<String> {
    match db.address() {
        Address::Sqlite(_) => names(
            db,
            "SELECT integrity_check AS name FROM pragma_integrity_check WHERE integrity_check <> 'ok' \
             UNION ALL SELECT \"table\" AS name FROM pragma_foreign_key_check",
        ),
        Address::Postgres(_) => {
            names(db, "SELECT CAST(conname AS TEXT) AS name FROM pg_constraint WHERE NOT convalidated")
        }
    }
}

/// What the tables are made of, in the words of the database.
fn definitions(db: &Db) -> Vec<String> {
    names(
        db,
        match db.address() {
            Address::Sqlite(_) => {
                "SELECT type || ' ' || name || ' ' || sql AS name FROM sqlite_schema \
                 WHERE sql IS NOT NULL AND tbl_name NOT LIKE '%\\_codes' ESCAPE '\\' ORDER BY 1"
            }
            Address::Postgres(_) => {
                "SELECT c.conname || ' ' || pg_get_constraintdef(c.oid) AS name FROM pg_constraint c \
                 JOIN pg_class t ON t.oid = c.conrelid WHERE t.relname NOT LIKE '%\\_codes' ORDER BY 1"
            }
        },
    )
}

/// The database refuses it by a trigger.
#[track_caller]
fn check_kept(db: &Db, sql: &str) {
    let err = execute(db, sql).unwrap_err().to_string();
    assert!(err.contains("are kept") || err.contains("append-only"), "{sql}: {err}");
}

#[test]
fn a_database_of_the_version_before_keeps_every_row() {
    on_both_databases(|db| {
        execute(db, FULL_ROWS).unwrap();
        let (rows, now) = (content(db), definitions(db));
        assert!(rows.values().filter(|it| !it.is_empty()).count() >= 38, "a table has no row: {rows:?}");
        let n_migrations = go_back_before_codes(db);
        assert!(tables_of_codes(db).is_empty() && 2 <= n_migrations);
        assert_eq!(content(db), rows);
        check_refused(db, "UPDATE cases SET outcome = 'x' WHERE id = 'c'", DatabaseErrorKind::CheckViolation);

        assert_eq!(db.migrate().unwrap(), n_migrations);
        assert_eq!(content(db), rows);
        assert_eq!(definitions(db), now);
        assert_eq!(faults(db), Vec::<String>::new());
        for table in ["journal", "letters", "letter_templates"] {
            check_kept(db, &format!("DELETE FROM {table}"));
            check_kept(db, &format!("UPDATE {table} SET agency_id = 1"));
        }
        // Who had the database open before sees the columns as they are now.
        checked_columns(db).for_each(|it| check_column(db, it, DatabaseErrorKind::ForeignKeyViolation));
    });
}

/// Before codes were rows, columns had lists of their own: what is taken back has them again.
#[test]
fn what_is_taken_back_has_its_lists_again() {
    on_both_databases(|db| {
        execute(db, FULL_ROWS).unwrap();
        go_back_before_codes(db);
        COLUMNS.into_iter().for_each(|it| check_column(db, it, DatabaseErrorKind::CheckViolation));
        assert_eq!(faults(db), Vec::<String>::new());
    });
}

/// What was read fails, and names the text that is no identifier: one of these, whichever came first.
#[track_caller]
fn check_unreadable<T: Debug>(db: &Db, expected: &str, read: impl Fn(&Db) -> Result<T, StorageError>) {
    match read(db) {
        Err(StorageError::Unreadable { what: "identifier", text }) => {
            assert!(expected.contains(&text), "{text}")
        }
        other => panic!("{other:?}, not an error"),
    }
}

/// The identifiers of `FULL_ROWS` are single letters, which no part of the program writes.
#[test]
fn an_unreadable_identifier_is_an_error_and_not_passed_over() {
    on_both_databases(|db| {
        execute(db, FULL_ROWS).unwrap();
        execute(db, "UPDATE remedies SET concluded_on = NULL, result = NULL").unwrap();
        execute(db, "UPDATE account_roles SET role = 'handler'").unwrap();
        execute(db, "UPDATE cases SET round = 1").unwrap();
        let agency = AgencyId(2);
        let whole = Scope::Subtree("/".to_owned());
        check_unreadable(db, "c", |db| db.read(|conn| cases::by_no(conn, agency, "2026-0001")));
        check_unreadable(db, "cd", |db| db.read(|conn| cases::numbers(conn, agency)));
        check_unreadable(db, "u", |db| db.read(|conn| cases::handlers(conn, agency)));
        check_unreadable(db, "c", |db| db.read(|conn| intake::by_name(conn, agency, "𠮷野㐂", 9)));
        check_unreadable(db, "c", |db| db.read(|conn| intake::submitted(conn, agency, "0197f3d2")));
        check_unreadable(db, "r", |db| db.read(|conn| remedies::of_agency(conn, agency)));
        check_unreadable(db, "r", |db| db.read(|conn| remedies::in_scope(conn, &whole)));
        check_unreadable(db, "r", |db| db.read(reminder_facts::open_remedies));
        check_unreadable(db, "d", |db| db.read(|conn| reminder_facts::open_cases(conn, "c", 9)));
        check_unreadable(db, "u", |db| db.read(reminder_facts::readers));
        check_unreadable(db, "u", |db| db.read(readers::all));
        check_unreadable(db, "u", |db| db.read(|conn| readers::with_role(conn, agency, Role::Handler, None)));
        check_unreadable(db, "u", |db| db.read(|conn| feeds::owner(conn, "h")));
        check_unreadable(db, "u", |db| db.read(|conn| accounts::by_login(conn, "zhang")));
        check_unreadable(db, "u", |db| db.read(|conn| accounts::of_agency(conn, agency)));
        check_unreadable(db, "u", |db| db.read(|conn| accounts::below(conn, "/")));
        check_unreadable(db, "u", |db| db.read(|conn| outbox::fetch(conn, "m")));
        check_unreadable(db, "u", |db| db.read(|conn| courses::answered(conn, agency, day("2026-01-01"), 9)));
        // Of a case that can be read, what belongs to it may still be unreadable.
        let (case, user) = (CaseId::new(), UserId::new());
        let own = format!(
            "INSERT INTO cases (id, agency_id, case_no, status, is_open, version, received_on, applicant_kind, \
             applicant_name, handler_id, round, clock, due_on, due_provisional, registered_at, changed_at) \
             SELECT '{case}', agency_id, 'x', status, is_open, version, received_on, applicant_kind, applicant_name, \
             'x', round, clock, due_on, due_provisional, registered_at, changed_at FROM cases WHERE id = 'd'; \
             INSERT INTO case_links VALUES ('{case}', 'd', '')"
        );
        execute(db, &own).unwrap();
        check_unreadable(db, "x", |db| db.read(|conn| cases::fetch(conn, case)));
        check_unreadable(db, "d", |db| db.read(|conn| cases::linked(conn, case)));
        check_unreadable(db, "d", |db| db.read(|conn| cases::links(conn, case)));
        execute(db, &format!("UPDATE cases SET handler_id = '{user}' WHERE id = '{case}'")).unwrap();
        let found = db.read(|conn| cases::fetch(conn, case));
        let is_unreadable = matches!(found, Err(StorageError::Unreadable { what: "identifier", .. }));
        assert!(!is_unreadable, "{found:?}");
    });
}
