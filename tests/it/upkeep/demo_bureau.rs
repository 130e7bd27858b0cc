//! The demonstration on any day: around the turn of the year, in holidays, years from now.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta};
use gongkai::domain::calendar::WorkCalendar;
use gongkai::domain::labels::Coded;
use gongkai::domain::letters::LetterDefaults;
use gongkai::domain::mail::MailPolicy;
use gongkai::domain::reminders::ReminderPolicy;
use gongkai::domain::response_clock::ClockSettings;
use gongkai::domain::workflow::{Policy, Status};
use gongkai::service::report::check_agency::check_agency;
use gongkai::service::upkeep::demo_bureau;
use gongkai::service::upkeep::demo_bureau::CODE;
use gongkai::service::{Caller, Rules, ServiceError};
use gongkai::storage::Db;
use gongkai::storage::access::agencies::Scope;
use gongkai::storage::case::cases;

use crate::support::TestDatabase;

/// Fills a database as if the program were started at this instant; what stands open then.
fn check_day(now: &str) {
    let database = TestDatabase::sqlite();
    let db = Db::open(database.url(), 1).unwrap();
    db.migrate().unwrap();
    let now = DateTime::parse_from_rfc3339(now).unwrap().to_utc() + TimeDelta::hours(1);
    let actor = Caller::at_command_line("测试", now);
    let rules = Rules {
        policy: Policy::default(),
        clock: ClockSettings::default(),
        calendar: WorkCalendar::published(),
        mail: MailPolicy::default(),
        reminders: ReminderPolicy::default(),
        letters: LetterDefaults::default(),
    };
    db.write(|conn| demo_bureau::fill(conn, &actor, &rules)).unwrap_or_else(|err| panic!("{now}: {err}"));
    let open = db.read(|conn| cases::deadlines(conn, &Scope::Subtree("/".to_owned()), None, 100)).unwrap();
    let states: BTreeSet<_> = open.iter().map(|it| it.status.0).collect();
    let expected: BTreeSet<_> = Status::ALL.iter().copied().filter(|it| it.is_open()).collect();
    assert_eq!(states, expected, "{now}");
    let awaited: BTreeSet<_> = open.iter().filter_map(|it| it.waiting_for).map(|it| it.0.code()).collect();
    assert_eq!(awaited.len(), 3, "{now}: {awaited:?}");
    let checks =
        db.snapshot(|conn| -> Result<_, ServiceError> { check_agency(conn, &actor, CODE, None) }).unwrap();
    for year in checks {
        assert!(year.checks.iter().all(|it| it.holds), "{now} {}: {:?}", year.year, year.checks);
    }
}

#[test]
fn there_is_work_in_every_state_on_any_day() {
    for now in [
        "2026-11-24T02:00:00Z",
        "2026-12-31T02:00:00Z",
        "2027-01-01T02:00:00Z",
        "2027-01-11T02:00:00Z",
        "2026-10-05T02:00:00Z",
        "2027-02-28T17:00:00Z",
        "2028-06-15T09:00:00Z",
    ] {
        check_day(now);
    }
}
