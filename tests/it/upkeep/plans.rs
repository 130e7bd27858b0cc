//! SQLite takes the index that fits: for a registration from the first day, for everything once the program
//! has looked at its tables, which nobody has to ask of it.

use std::process::Command;
use std::sync::{Arc, Mutex};

use chrono::Utc;
use diesel::connection::{Instrumentation, InstrumentationEvent};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use gongkai::config::{Settings, Sources};
use gongkai::domain::applicant::ApplicantKind;
use gongkai::domain::ids::AgencyId;
use gongkai::domain::job::Job;
use gongkai::jobs::run_now;
use gongkai::service::case::look_up_applicant::{Inquiry, look_up_applicant};
use gongkai::storage::case::cases;
use gongkai::storage::upkeep::plans;
use gongkai::storage::{Db, DbConnection};

use crate::support::TestDatabase;
use crate::support::live::{Program, office_in_a_file};
use crate::support::office::{a_stored_case, an_agency, day};

/// As the program once asked for an applicant's cases: which index is taken hangs on what is known.
const DOUBTFUL: &str = "SELECT id FROM cases WHERE agency_id = 1 AND applicant_name = '甲' \
                        ORDER BY received_on DESC, id DESC LIMIT 500";

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// A connection of its own, beside the program's.
fn connect(url: &str) -> SqliteConnection {
    SqliteConnection::establish(url.strip_prefix("sqlite://").unwrap()).unwrap()
}

fn plan(conn: &mut SqliteConnection, sql: &str) -> String {
    // Running a query reads the schema again where it has changed; explaining one runs nothing.
    count(conn, "agencies");
    let steps: Vec<Step> = sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(conn).unwrap();
    steps.into_iter().map(|it| it.detail).collect::<Vec<_>>().join("\n")
}

fn count(conn: &mut SqliteConnection, from: &str) -> i64 {
    sql_query(format!("SELECT count(*) AS n FROM {from}")).get_result::<Count>(conn).unwrap().n
}

fn is_analysed(url: &str) -> bool {
    let conn = &mut connect(url);
    count(conn, "sqlite_master WHERE name = 'sqlite_stat1'") == 1
        && count(conn, "sqlite_stat1 WHERE idx = 'cases_by_applicant'") == 1
}

/// Stores so many cases of an agency, each of another person, as an import does.
fn store_cases(db: &Db, agency: AgencyId, numbers: std::ops::Range<usize>) {
    let new: Vec<_> = numbers
        .map(|i| {
            let (no, on) = (format!("2025-{i:05}"), day("2025-03-03"));
            let mut new = a_stored_case(agency, &no, ApplicantKind::NaturalPerson, on, None);
            new.case.applicant_name = format!("申请人{i}");
            new
        })
        .collect();
    db.write_many(|conn| cases::insert(conn, &new)).unwrap();
}

/// The queries that a piece of work runs, each with how SQLite goes about it.
fn queries(url: &str, work: impl FnOnce(&mut DbConnection)) -> Vec<(String, String)> {
    struct Listener(Arc<Mutex<Vec<String>>>);
    impl Instrumentation for Listener {
        fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                self.0.lock().unwrap().push(query.to_string());
            }
        }
    }
    let heard = Arc::new(Mutex::new(Vec::new()));
    let mut conn = connect(url);
    conn.set_instrumentation(Listener(Arc::clone(&heard)));
    work(&mut DbConnection::Sqlite(conn));
    let heard = std::mem::take(&mut *heard.lock().unwrap());
    let mut conn = connect(url);
    heard
        .into_iter()
        .filter(|it| it.starts_with("SELECT"))
        .map(|sql| (sql.clone(), plan(&mut conn, &sql)))
        .collect()
}

#[track_caller]
fn check_registration(url: &str, agency: AgencyId) {
    let inquiry = Inquiry {
        name: "申请人7".to_owned(),
        id_number: "11010119800101001X".to_owned(),
        content: "申请公开征地批复".to_owned(),
        on: day("2026-03-02"),
        except: None,
    };
    let asked = queries(url, |conn| {
        look_up_applicant(conn, agency, &inquiry, true).unwrap();
    });
    let about = |words: &str| {
        let mut found = asked.iter().filter(|(sql, _)| sql.split_once("WHERE").unwrap().1.contains(words));
        let (_, plan) = found.next().unwrap_or_else(|| panic!("no query with {words}: {asked:#?}"));
        assert!(found.next().is_none(), "one query with {words}");
        plan
    };
    let by_name = about("`applicant_name` =");
    assert!(by_name.contains("cases_by_applicant (agency_id=? AND applicant_name=?)"), "{by_name}");
    assert!(!by_name.contains("TEMP B-TREE"), "in the order of the index:\n{by_name}");
    let by_number = about("`id_number` =");
    assert!(by_number.contains("requests_by_id_number (id_number=?)"), "{by_number}");
    for (sql, plan) in &asked {
        assert!(!plan.contains("SCAN"), "{sql}\n{plan}");
        let is_of_recent = !sql.contains("`applicant_name` =") && !sql.contains("`id_number` =");
        assert!(is_of_recent || !plan.contains("cases_by_receipt"), "{sql}\n{plan}");
    }
}

#[test]
fn a_registration_finds_its_indexes_whether_or_not_anything_is_known_of_the_tables() {
    let database = TestDatabase::sqlite();
    let db = Db::open(database.url(), 2).unwrap();
    db.migrate().unwrap();
    let agency = an_agency(&db, "A", None).agency_id();
    store_cases(&db, agency, 0..3_000);
    assert!(!is_analysed(database.url()));
    check_registration(database.url(), agency);
    db.write(plans::renew).unwrap();
    assert!(is_analysed(database.url()));
    check_registration(database.url(), agency);
}

#[test]
fn connections_that_are_open_learn_what_has_become_known() {
    let database = TestDatabase::sqlite();
    let db = Db::open(database.url(), 2).unwrap();
    db.migrate().unwrap();
    let agency = an_agency(&db, "A", None).agency_id();
    let mut open = connect(database.url());
    assert!(plan(&mut open, DOUBTFUL).contains("cases_by_receipt"));

    store_cases(&db, agency, 0..3_000);
    db.write(plans::renew).unwrap();
    assert!(plan(&mut open, DOUBTFUL).contains("cases_by_applicant"), "{}", plan(&mut open, DOUBTFUL));

    // Connections read the figures with the schema: its version says whether they read them again.
    let version = |conn: &mut SqliteConnection| {
        sql_query("SELECT schema_version AS n FROM pragma_schema_version")
            .get_result::<Count>(conn)
            .unwrap()
            .n
    };
    let known = version(&mut open);
    db.write(plans::ensure).unwrap();
    assert_eq!(version(&mut open), known, "what is known is not looked for again");
    store_cases(&db, agency, 3_000..36_000);
    db.write(plans::renew).unwrap();
    assert_ne!(version(&mut open), known, "eleven times as many cases");
    let stat = "sqlite_stat1 WHERE idx = 'cases_by_applicant' AND stat LIKE '3____ %'";
    assert_eq!(count(&mut open, stat), 1, "of what is there now");
}

#[test]
fn the_program_looks_at_its_tables_when_it_starts_and_daily() {
    let (_folder, file, office) = office_in_a_file();
    let url = format!("sqlite://{}", file.display());
    office.case(office.bureau, "2026-03-02", None);
    assert!(!is_analysed(&url));
    drop(Program::start("", &file, &[("GONGKAI__JOBS__ENABLED", "false")]));
    assert!(is_analysed(&url));

    let database = TestDatabase::sqlite();
    let db = Db::open(database.url(), 2).unwrap();
    db.migrate().unwrap();
    store_cases(&db, an_agency(&db, "A", None).agency_id(), 0..10);
    let settings = Settings::load(&Sources::default()).unwrap();
    assert_eq!(run_now(&db, &settings, Job::Plans, Utc::now()).unwrap(), "查询统计已更新");
    assert!(is_analysed(database.url()));
}

#[test]
fn the_program_looks_at_its_tables_after_an_import() {
    let database = TestDatabase::sqlite();
    let folder = tempfile::tempdir().unwrap();
    let register = "登记号,收到日期,申请人类型,申请人\n1,2025-03-03,自然人,甲\n2,2025-03-04,自然人,乙\n";
    std::fs::write(folder.path().join("cases.csv"), register).unwrap();
    let run = |arguments: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_gongkai"));
        program.args(arguments).args(["--database-url", database.url()]).current_dir(folder.path());
        let output = program.output().unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    run(&["agency", "add", "--code", "A", "--name", "甲局"]);
    run(&["import", "cases", "cases.csv", "--agency", "A", "--dry-run"]);
    assert!(!is_analysed(database.url()));
    run(&["import", "cases", "cases.csv", "--agency", "A"]);
    assert!(is_analysed(database.url()));
}
