//! Days are days in Beijing, whatever the zone of the server; and the turn of the year.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use chrono::{DateTime, Utc};
use gongkai::domain::calendar::WorkCalendar;
use gongkai::domain::ids::UserId;
use gongkai::domain::workflow::Role;
use gongkai::service::Caller;
use gongkai::service::calendar::miss_notice;
use gongkai::service::case::register_case::register_case;
use gongkai::service::report::derive_tables::{ReportQuery, annual_report};
use gongkai::storage::access::accounts;
use gongkai::storage::access::accounts::{Account, Login};
use gongkai::storage::{Db, StorageError};

use crate::support::office::{actor, an_agency, an_application, day, rules};
use crate::support::{TestDatabase, on_both, on_both_databases};

/// West and east of Beijing, and with a summer time of their own.
const ZONES: [&str; 4] = ["UTC", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Shanghai"];
/// The last second of the year in Beijing, and the first of the next; in London it is the afternoon before.
const BEFORE: &str = "2026-12-31T15:59:50Z";
const AFTER: &str = "2026-12-31T16:00:00Z";

fn program(url: &str, zone: &str, now: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
    command
        .args(["--now", now])
        .env("GONGKAI_DATABASE_URL", url)
        .env("GONGKAI__SERVER__LISTEN", "127.0.0.1:0")
        .env("TZ", zone)
        .env_remove("RUST_BACKTRACE");
    command
}

#[test]
fn a_year_begins_at_midnight_in_beijing() {
    on_both(|url| {
        let run = |zone, now, arguments: &[&str]| {
            let output = program(url, zone, now).args(arguments).output().unwrap();
            (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
        };
        assert_eq!(run("UTC", BEFORE, &["agency", "add", "--code", "A", "--name", "某局"]).0, 0);
        let report = ["report", "--agency", "A", "--year", "2027", "--format", "json"];
        for zone in ZONES {
            // The report of a year that has not begun is refused.
            assert_eq!(run(zone, BEFORE, &report).0, 1, "{zone}");
            assert_eq!(run(zone, AFTER, &report).0, 0, "{zone}");
        }
    });
}

/// A server of its own, ended with the test.
struct Served(Child, String);

impl Served {
    fn start(url: &str, zone: &str, now: &str) -> Self {
        let mut command = program(url, zone, now);
        let mut child = command.arg("serve").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().trim_start_matches("已启动：http://").trim_end_matches('/').to_owned();
        Self(child, address)
    }

    fn page(&self, path: &str, token: &str) -> String {
        let mut stream = TcpStream::connect(&self.1).unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nCookie: gongkai_login={token}\r\nConnection: close\r\n\r\n",
            self.1
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Err(error) = self.0.kill().and_then(|()| self.0.wait().map(|_| ())) {
            eprintln!("the server of the test is left behind: {error}");
        }
    }
}

/// Signs somebody in at an instant; returns the token of the cookie.
fn signed_in(db: &Db, agency: gongkai::domain::ids::AgencyId, now: DateTime<Utc>) -> String {
    let id = UserId::new();
    let account = Account {
        id,
        login: format!("u{}", id.0.simple()),
        name: "王芳".to_owned(),
        agency_id: agency,
        department_id: None,
        version: 1,
        password_hash: String::new(),
        password_set_at: now,
        must_change_password: false,
        totp_secret: None,
        is_disabled: false,
        n_failures: 0,
        locked_until: None,
        created_at: now,
        roles: vec![Role::Clerk],
    };
    let login = Login {
        token_hash: gongkai::service::access::hashing::hash_token(&id.to_string()),
        account_id: id.to_string(),
        csrf: id.to_string(),
        created_at: now.naive_utc(),
        seen_at: now.naive_utc(),
        ip: String::new(),
        user_agent: String::new(),
        awaits_second_factor: false,
    };
    db.write(|conn| -> Result<_, StorageError> {
        accounts::insert(conn, &account)?;
        accounts::insert_login(conn, &login)
    })
    .unwrap();
    id.to_string()
}

#[test]
fn the_day_of_a_server_is_beijings_in_every_zone() {
    let database = TestDatabase::sqlite();
    let db = Db::open(database.url(), 2).unwrap();
    db.migrate().unwrap();
    let agency = an_agency(&db, "A", None);
    let token = signed_in(&db, agency.agency_id(), BEFORE.parse().unwrap());
    for zone in ZONES {
        for (now, heading) in
            [("2026-12-31T15:58:00Z", "2026年12月31日（周四）"), (AFTER, "2027年1月1日（周五）")]
        {
            let served = Served::start(database.url(), zone, now);
            let page = served.page("/", &token);
            assert!(page.contains(heading), "{zone} at {now}:\n{page}");
            let year = if now == AFTER { "2027年日历" } else { "2026年日历" };
            assert!(served.page("/calendar", &token).contains(year), "{zone} at {now}");
        }
    }
}

fn at(now: &str) -> Caller {
    Caller { now: now.parse().unwrap(), ..actor("2026-01-01") }
}

#[test]
fn numbers_figures_and_marks_turn_with_the_year() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let register = |now: &str, received_on: &str| {
            let application = an_application(agency.agency_id(), received_on);
            db.write(|conn| register_case(conn, &at(now), rules(), &application))
        };
        let last = register(BEFORE, "2026-12-31").unwrap();
        // Tomorrow's post cannot have come yet, ten seconds before midnight.
        assert!(register(BEFORE, "2027-01-01").is_err());
        let first = register(AFTER, "2027-01-01").unwrap();
        // What came in the old year and is written down in the new one is of the old one.
        let late = register(AFTER, "2026-12-31").unwrap();
        assert_eq!(last.case_no.split('-').next(), Some("2026"), "{}", last.case_no);
        assert_eq!(first.case_no.split('-').next(), Some("2027"), "{}", first.case_no);
        assert_eq!(late.case_no.split('-').next(), Some("2026"), "{}", late.case_no);
        assert_ne!(last.case_no, late.case_no);

        // Each is counted in the year it was received in, and carried into the next.
        let figures = |now: &str, year| {
            let query = ReportQuery { agency: "A".to_owned(), year, rollup: false, as_of: None };
            let report = db.read(|conn| annual_report(conn, &at(now), &query)).unwrap();
            let total = |code: &str| *report.table3.row(code).last().unwrap();
            (total("new"), total("carried_in"), total("carried_out"))
        };
        assert_eq!(figures(AFTER, 2026), (2, 0, 2));
        assert_eq!(figures(AFTER, 2027), (1, 2, 3));

        // Periods that reach into a year without a notice are provisional; those of the old year are not.
        let due = |from: &str| rules().calendar.nth_working_day_after(day(from), 20);
        assert!(due("2026-12-31").provisional && due("2026-12-10").provisional);
        assert!(!due("2026-11-27").provisional, "{:?}", due("2026-11-27"));
        let calendar = WorkCalendar::published();
        assert_eq!(miss_notice::missing_year(&calendar, at(BEFORE).today()), Some(2027));
        assert_eq!(miss_notice::missing_year(&calendar, at(AFTER).today()), Some(2027));
        assert_eq!((at(BEFORE).today(), at(AFTER).today()), (day("2026-12-31"), day("2027-01-01")));
    });
}
