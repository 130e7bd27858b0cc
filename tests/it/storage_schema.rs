//! The schema: migrations up and down, the columns as `schema.rs` has them, and what is refused.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_types::Text;
use gongkai::domain::applicant::ApplicantKind;
use gongkai::domain::event::Subject;
use gongkai::domain::labels::Coded;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::remedy::{Capacity, RemedyKind, RemedyResult};
use gongkai::domain::request::{Channel, PreferredForm};
use gongkai::domain::response_clock::SuspendedBy;
use gongkai::domain::workflow::{Role, Status};
use gongkai::storage::codes::Code;
use gongkai::storage::journal::Entry;
use gongkai::storage::{Address, Db, StorageError, schema};

use crate::support::office::day;
use crate::support::{on_both, on_both_databases};

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// The tables of a database, in alphabetical order.
fn tables(db: &Db) -> Vec<String> {
    let sql = match db.address() {
        Address::Sqlite(_) => "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
        Address::Postgres(_) => {
            "SELECT CAST(tablename AS TEXT) AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY name"
        }
    };
    names(db, sql)
}

fn names(db: &Db, sql: &str) -> Vec<String> {
    let rows: Vec<Name> =
        db.read(|conn| diesel::sql_query(sql).load(conn).map_err(StorageError::from)).unwrap();
    rows.into_iter().map(|it| it.name).collect()
}

#[test]
fn migrations_run_up_and_down_and_up_again() {
    on_both(|url| {
        let db = Db::open(url, 1).unwrap();
        assert!(db.has_pending_migrations().unwrap());
        let n_run = db.migrate().unwrap();
        assert!(0 < n_run && !db.has_pending_migrations().unwrap());
        let all = tables(&db);
        assert_eq!(db.revert_migrations().unwrap(), n_run);
        assert_eq!(tables(&db), ["__diesel_schema_migrations"]);
        assert_eq!(db.migrate().unwrap(), n_run);
        assert_eq!(tables(&db), all);
        assert_eq!(db.migrate().unwrap(), 0);
    });
}

/// One row in each table; what may be missing is there.
const FULL_ROWS: &str = "
INSERT INTO agencies VALUES (1, 'A', '甲局', NULL, '/1/');
INSERT INTO agencies VALUES (2, 'B', '乙局', 1, '/1/2/');
INSERT INTO departments VALUES (3, 2, '政务公开科');
INSERT INTO case_counters VALUES (2, 2026, 5000000000);
INSERT INTO cases VALUES ('c', 2, '2026-0001', 'answered', FALSE, 7, 'web', '2026-03-02', 'other', '𠮷野㐂',
    3, 'u', '2026-03-20', 'provided', 2, '{}', '2026-03-30', TRUE, 'fee',
    '2026-03-02 02:00:00.123456', '2026-03-20 23:59:59.999999');
INSERT INTO cases VALUES ('d', 2, '2026-0002', 'received', TRUE, 1, NULL, '2026-03-02', 'other', '',
    NULL, NULL, NULL, NULL, 1, '{}', '2026-03-30', FALSE, NULL, '2026-03-02 02:00:00', '2026-03-02 02:00:00');
INSERT INTO requests VALUES ('c', '内容', 'paper', 'i', 'p', 'e', 'a', '2026-02-27', '2026-02-28', '2026-03-02',
    '电话', '备注');
INSERT INTO replies VALUES ('c', 2, 'provided', '{}', '正文', 'n', '2026-03-17', '2026-03-18', '2026-03-20',
    '邮寄', 't', '2026-03-21');
INSERT INTO case_links VALUES ('c', 'd', '重复');
INSERT INTO remedies VALUES ('r', 2, '聊政复〔2026〕1号', 'c', 4, 'review', 'acting_agency', '聊城市人民政府',
    '2026-04-01', '2026-05-29', 'review_upheld', '无');
INSERT INTO journal VALUES ('c', 1, 'case', 2, 'register', '李四', '2026-03-02 02:00:00.000001', '2026-03-02',
    '{}', '2026-03-02', '2026-03-20', 'other', 'provided', '', 'h');
INSERT INTO report_figures VALUES (2, 2025, 'fees_10k_yuan', 0, '24252.311082');
INSERT INTO calendar_notices VALUES (2027, '{}');
INSERT INTO accounts VALUES ('u', 'lisi', '李四', 2, 3, 5, '$argon2id$', '2026-01-05 01:00:00.5', TRUE, 'GEZDGNBV',
    TRUE, 2, '2026-03-02 02:15:00', '2025-12-01 00:00:00');
INSERT INTO account_roles VALUES ('u', 'clerk');
INSERT INTO old_passwords VALUES ('u', '2025-12-01 00:00:00', '$argon2id$old');
INSERT INTO logins VALUES ('t', 'u', 'f', '2026-03-02 02:00:00', '2026-03-02 02:30:00', '127.0.0.1', '浏览器', TRUE);
INSERT INTO second_factors VALUES ('u', 'MZXW6YTB', 58888888);
";

/// An account without roles.
const ANOTHER_ACCOUNT: &str = "
INSERT INTO accounts VALUES ('v', 'v', 'v', 2, NULL, 1, '', '2026-01-05 01:00:00', FALSE, NULL, FALSE, 0, NULL,
    '2026-01-05 01:00:00');
";

/// The columns of a table as `schema.rs` has them, in its order.
macro_rules! columns {
    ($table:ident) => {{
        let query = schema::$table::table.select(schema::$table::all_columns);
        let sql = diesel::debug_query::<diesel::sqlite::Sqlite, _>(&query).to_string();
        let (list, _) = sql.split_once(" FROM ").unwrap();
        list.rsplit('`').skip(1).step_by(4).map(str::to_owned).collect::<Vec<_>>().into_iter().rev().collect()
    }};
}

/// The columns of a table as the database has them.
fn columns_of(db: &Db, table: &str) -> Vec<String> {
    let sql = match db.address() {
        Address::Sqlite(_) => format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid"),
        Address::Postgres(_) => format!(
            "SELECT CAST(column_name AS TEXT) AS name FROM information_schema.columns \
             WHERE table_name = '{table}' ORDER BY ordinal_position"
        ),
    };
    names(db, &sql)
}

/// That a table of the database has the columns of `schema.rs`, and that all can be read as rows of a
/// type: none where there are none, and these. What a
/// row holds must come back as it was written.
macro_rules! check_table {
    ($db:expr, $table:ident, $row:ty, $expected:expr) => {{
        let known: Vec<String> = columns!($table);
        assert_eq!(columns_of($db, stringify!($table)), known);
        let load = |limit: i64| -> Vec<$row> {
            $db.read(|conn| {
                let rows = schema::$table::table.select(schema::$table::all_columns);
                let rows = rows.order(schema::$table::all_columns).limit(limit).load(conn);
                rows.map_err(StorageError::from)
            })
            .unwrap()
        };
        assert_eq!(load(0), []);
        let expected: $row = $expected;
        assert_eq!(load(1), [expected]);
    }};
}

#[derive(Debug, PartialEq, Queryable)]
struct CaseColumns {
    id: String,
    agency_id: i32,
    case_no: String,
    status: String,
    is_open: bool,
    version: i32,
    channel: Option<String>,
    received_on: NaiveDate,
    applicant_kind: String,
    applicant_name: String,
    department_id: Option<i32>,
    handler_id: Option<String>,
    closed_on: Option<NaiveDate>,
    outcome: Option<String>,
    round: i32,
    clock: String,
    due_on: NaiveDate,
    due_provisional: bool,
    waiting_for: Option<String>,
    registered_at: NaiveDateTime,
    changed_at: NaiveDateTime,
}

fn full_case() -> CaseColumns {
    CaseColumns {
        id: text("c"),
        agency_id: 2,
        case_no: text("2026-0001"),
        status: text("answered"),
        is_open: false,
        version: 7,
        channel: Some(text("web")),
        received_on: day("2026-03-02"),
        applicant_kind: text("other"),
        applicant_name: text("𠮷野㐂"),
        department_id: Some(3),
        handler_id: Some(text("u")),
        closed_on: Some(day("2026-03-20")),
        outcome: Some(text("provided")),
        round: 2,
        clock: text("{}"),
        due_on: day("2026-03-30"),
        due_provisional: true,
        waiting_for: Some(text("fee")),
        registered_at: "2026-03-02T02:00:00.123456".parse().unwrap(),
        changed_at: "2026-03-20T23:59:59.999999".parse().unwrap(),
    }
}

fn text(it: &str) -> String {
    it.to_owned()
}

fn some(it: &str) -> Option<String> {
    Some(text(it))
}

#[test]
fn every_column_can_be_read_on_both_databases() {
    type Words = Option<String>;
    type Day = Option<NaiveDate>;
    on_both_databases(|db| {
        db.execute(FULL_ROWS).unwrap();
        check_table!(
            db,
            agencies,
            (i32, String, String, Option<i32>, String),
            (1, text("A"), text("甲局"), None, text("/1/"))
        );
        check_table!(db, departments, (i32, i32, String), (3, 2, text("政务公开科")));
        check_table!(db, case_counters, (i32, i32, i64), (2, 2026, 5_000_000_000));
        check_table!(db, cases, CaseColumns, full_case());
        check_table!(
            db,
            requests,
            (String, String, Words, Words, Words, Words, Words, Day, Day, Day, Words, String),
            (
                text("c"),
                text("内容"),
                some("paper"),
                some("i"),
                some("p"),
                some("e"),
                some("a"),
                Some(day("2026-02-27")),
                Some(day("2026-02-28")),
                Some(day("2026-03-02")),
                some("电话"),
                text("备注"),
            )
        );
        check_table!(
            db,
            replies,
            (String, i32, Words, String, String, Words, Day, Day, Day, Words, Words, Day),
            (
                text("c"),
                2,
                some("provided"),
                text("{}"),
                text("正文"),
                some("n"),
                Some(day("2026-03-17")),
                Some(day("2026-03-18")),
                Some(day("2026-03-20")),
                some("邮寄"),
                some("t"),
                Some(day("2026-03-21")),
            )
        );
        check_table!(db, case_links, (String, String, String), (text("c"), text("d"), text("重复")));
        check_table!(
            db,
            remedies,
            (String, i32, String, Words, i32, String, String, String, NaiveDate, Day, Words, String),
            (
                text("r"),
                2,
                text("聊政复〔2026〕1号"),
                some("c"),
                4,
                text("review"),
                text("acting_agency"),
                text("聊城市人民政府"),
                day("2026-04-01"),
                Some(day("2026-05-29")),
                some("review_upheld"),
                text("无"),
            )
        );
        check_table!(db, journal, Entry, full_entry());
        check_table!(
            db,
            report_figures,
            (i32, i32, String, i32, String),
            (2, 2025, text("fees_10k_yuan"), 0, text("24252.311082"))
        );
        check_table!(db, calendar_notices, (i32, String), (2027, text("{}")));
        check_accounts(db);
        let mut known = tables(db);
        known.retain(|it| it != "__diesel_schema_migrations");
        assert_eq!(known.len(), 16, "a table is not in this test: {known:?}");
    });
}

#[derive(Debug, PartialEq, Queryable)]
struct AccountColumns {
    id: String,
    login: String,
    name: String,
    agency_id: i32,
    department_id: Option<i32>,
    version: i32,
    password_hash: String,
    password_set_at: NaiveDateTime,
    must_change_password: bool,
    totp_secret: Option<String>,
    is_disabled: bool,
    n_failures: i32,
    locked_until: Option<NaiveDateTime>,
    created_at: NaiveDateTime,
}

fn full_account() -> AccountColumns {
    AccountColumns {
        id: text("u"),
        login: text("lisi"),
        name: text("李四"),
        agency_id: 2,
        department_id: Some(3),
        version: 5,
        password_hash: text("$argon2id$"),
        password_set_at: "2026-01-05T01:00:00.5".parse().unwrap(),
        must_change_password: true,
        totp_secret: some("GEZDGNBV"),
        is_disabled: true,
        n_failures: 2,
        locked_until: Some("2026-03-02T02:15:00".parse().unwrap()),
        created_at: "2025-12-01T00:00:00".parse().unwrap(),
    }
}

fn check_accounts(db: &Db) {
    type Instant = NaiveDateTime;
    let at = |it: &str| -> Instant { it.parse().unwrap() };
    check_table!(db, accounts, AccountColumns, full_account());
    check_table!(db, account_roles, (String, String), (text("u"), text("clerk")));
    check_table!(
        db,
        old_passwords,
        (String, Instant, String),
        (text("u"), at("2025-12-01T00:00:00"), text("$argon2id$old"))
    );
    check_table!(
        db,
        second_factors,
        (String, Option<String>, i64),
        (text("u"), Some(text("MZXW6YTB")), 58_888_888)
    );
    check_table!(
        db,
        logins,
        (String, String, String, Instant, Instant, String, String, bool),
        (
            text("t"),
            text("u"),
            text("f"),
            at("2026-03-02T02:00:00"),
            at("2026-03-02T02:30:00"),
            text("127.0.0.1"),
            text("浏览器"),
            true,
        )
    );
}

fn full_entry() -> Entry {
    Entry {
        subject_id: text("c"),
        seq: 1,
        subject: Code(Subject::Case),
        agency_id: Some(2),
        action: text("register"),
        actor: text("李四"),
        recorded_at: "2026-03-02T02:00:00.000001".parse().unwrap(),
        known_on: day("2026-03-02"),
        details: text("{}"),
        opened_on: Some(day("2026-03-02")),
        closed_on: Some(day("2026-03-20")),
        kind: some("other"),
        result: some("provided"),
        previous_hash: String::new(),
        hash: text("h"),
    }
}

/// The database refuses the statement for this reason.
#[track_caller]
fn check_refused(db: &Db, sql: &str, expected: DatabaseErrorKind) {
    match (db.execute(sql), expected) {
        (Err(StorageError::Conflict), DatabaseErrorKind::UniqueViolation) => {}
        (Err(StorageError::Database(DieselError::DatabaseError(kind, message))), expected) => {
            let (kind, expected) = (format!("{kind:?}"), format!("{expected:?}"));
            assert_eq!(kind, expected, "{sql}: {}", message.message());
        }
        (other, expected) => panic!("no {expected:?} but {other:?}: {sql}"),
    }
}

/// The column takes every code of the set, and no other.
#[track_caller]
fn check_codes<T: Coded>(db: &Db, statement: &str) {
    for value in T::ALL {
        db.execute(&statement.replace("{code}", value.code())).unwrap();
    }
    check_refused(db, &statement.replace("{code}", "no_such_code"), DatabaseErrorKind::CheckViolation);
}

#[test]
fn every_list_of_codes_is_that_of_its_set() {
    const STATEMENTS: [&str; 12] = [
        "UPDATE cases SET status = '{code}', is_open = ('{code}' NOT IN ('answered', 'ended')) WHERE id = 'd'",
        "UPDATE cases SET channel = '{code}'",
        "UPDATE cases SET applicant_kind = '{code}'",
        "UPDATE cases SET outcome = '{code}' WHERE id = 'c'",
        "UPDATE cases SET waiting_for = '{code}'",
        "UPDATE requests SET preferred_form = '{code}'",
        "UPDATE replies SET outcome = '{code}'",
        "UPDATE remedies SET kind = '{code}'",
        "UPDATE remedies SET capacity = '{code}'",
        "UPDATE remedies SET result = '{code}'",
        "INSERT INTO journal (subject_id, seq, subject, action, actor, recorded_at, known_on, details, \
         previous_hash, hash) VALUES ('{code}', 1, '{code}', '', '', '2026-03-02 02:00:00', '2026-03-02', '{}', \
         '', '')",
        "INSERT INTO account_roles VALUES ('v', '{code}')",
    ];
    on_both_databases(|db| {
        db.execute(FULL_ROWS).unwrap();
        check_codes::<Status>(db, STATEMENTS[0]);
        check_codes::<Channel>(db, STATEMENTS[1]);
        check_codes::<ApplicantKind>(db, STATEMENTS[2]);
        check_codes::<Outcome>(db, STATEMENTS[3]);
        check_codes::<SuspendedBy>(db, STATEMENTS[4]);
        check_codes::<PreferredForm>(db, STATEMENTS[5]);
        check_codes::<Outcome>(db, STATEMENTS[6]);
        check_codes::<RemedyKind>(db, STATEMENTS[7]);
        check_codes::<Capacity>(db, STATEMENTS[8]);
        check_codes::<RemedyResult>(db, STATEMENTS[9]);
        check_codes::<Subject>(db, STATEMENTS[10]);
        db.execute(ANOTHER_ACCOUNT).unwrap();
        check_codes::<Role>(db, STATEMENTS[11]);
    });
    assert_eq!(n_lists_of_codes(), STATEMENTS.len(), "a list of codes in the migrations is not in this test");
}

/// How many columns of the migrations have a list of codes.
fn n_lists_of_codes() -> usize {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite");
    let files = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path().join("up.sql"));
    let texts = files.map(|it| std::fs::read_to_string(it).unwrap());
    let is_list =
        |line: &&str| line.split_once("CHECK (").is_some_and(|(_, it)| it.split(' ').nth(1) == Some("IN"));
    texts.map(|it| it.lines().filter(is_list).count()).sum()
}

#[test]
fn contradictions_are_refused() {
    use DatabaseErrorKind::{CheckViolation, ForeignKeyViolation, NotNullViolation, UniqueViolation};
    on_both_databases(|db| {
        db.execute(FULL_ROWS).unwrap();
        let check = |sql, kind| check_refused(db, sql, kind);
        check("UPDATE cases SET closed_on = '2026-03-01' WHERE id = 'c'", CheckViolation);
        check("UPDATE cases SET closed_on = NULL WHERE id = 'c'", CheckViolation);
        check("UPDATE cases SET outcome = NULL WHERE id = 'c'", CheckViolation);
        check("UPDATE cases SET outcome = 'provided' WHERE id = 'd'", CheckViolation);
        check("UPDATE cases SET closed_on = '2026-03-20' WHERE id = 'd'", CheckViolation);
        check("UPDATE cases SET is_open = TRUE WHERE id = 'c'", CheckViolation);
        check("UPDATE cases SET is_open = FALSE WHERE id = 'd'", CheckViolation);
        check("UPDATE cases SET received_on = NULL WHERE id = 'd'", NotNullViolation);
        check("UPDATE cases SET agency_id = 9 WHERE id = 'd'", ForeignKeyViolation);
        check("UPDATE cases SET department_id = 9 WHERE id = 'd'", ForeignKeyViolation);
        check("UPDATE cases SET case_no = '2026-0001' WHERE id = 'd'", UniqueViolation);
        check("UPDATE remedies SET result = NULL", CheckViolation);
        check("UPDATE remedies SET concluded_on = NULL", CheckViolation);
        check("UPDATE remedies SET concluded_on = '2026-03-31'", CheckViolation);
        check("UPDATE remedies SET case_id = 'x'", ForeignKeyViolation);
        check("INSERT INTO requests (case_id, content, remarks) VALUES ('x', '', '')", ForeignKeyViolation);
        check("INSERT INTO case_links VALUES ('c', 'd', '重复')", UniqueViolation);
        check("INSERT INTO agencies VALUES (3, 'A', '丙局', NULL, '/3/')", UniqueViolation);
        check("INSERT INTO departments VALUES (4, 2, '政务公开科')", UniqueViolation);
        // The same number in another agency is another number.
        db.execute(
            "UPDATE cases SET case_no = '2026-0001', agency_id = 1, department_id = NULL WHERE id = 'd'",
        )
        .unwrap();
    });
}
