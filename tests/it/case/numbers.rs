//! The numbers of cases: none twice, none left out, whoever comes at the same time.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use diesel::Connection;
use diesel::connection::InstrumentationEvent;
use gongkai::domain::applicant::ApplicantKind;
use gongkai::domain::case::Case;
use gongkai::service::ServiceError;
use gongkai::service::case::register_case::register_case;
use gongkai::storage::access::agencies::Agency;
use gongkai::storage::case::cases;
use gongkai::storage::{Db, StorageError};

use crate::support::office::{a_case, a_stored_case, actor, an_agency, an_application, day, execute, rules};
use crate::support::on_both_databases;

/// The numbers an agency has given out.
fn numbers(db: &Db, agency: &Agency) -> BTreeSet<String> {
    db.read(|conn| cases::numbers(conn, agency.agency_id())).unwrap().into_keys().collect()
}

/// The numbers of a year from one to another.
fn series(year: i32, first: i32, last: i32) -> BTreeSet<String> {
    (first..=last).map(|no| format!("{year}-{no:04}")).collect()
}

fn set_counter(db: &Db, agency: &Agency, year: i32, last_no: i64) {
    execute(db, &format!("INSERT INTO case_counters VALUES ({}, {year}, {last_no})", agency.id)).unwrap();
}

#[test]
fn clerks_at_the_same_time_leave_no_gap_and_give_no_number_twice() {
    const THREADS: i32 = 8;
    const EACH: i32 = 20;
    on_both_databases(|db| {
        let (one, other) = (an_agency(db, "A", None), an_agency(db, "B", None));
        // Also of the first case of a year, when there is no counter yet.
        thread::scope(|scope| {
            for i in 0..THREADS {
                let agency = if i % 4 == 3 { &other } else { &one };
                scope.spawn(move || {
                    for _ in 0..EACH {
                        a_case(db, agency, "2026-03-02");
                    }
                });
            }
        });
        assert_eq!(numbers(db, &one), series(2026, 1, THREADS / 4 * 3 * EACH));
        assert_eq!(numbers(db, &other), series(2026, 1, THREADS / 4 * EACH));
        let (n_entries, broken) = db.read(gongkai::storage::journal::verify).unwrap();
        assert_eq!((n_entries, broken.len()), (2 + 8 * 20, 0));
    });
}

#[test]
fn the_first_number_of_a_year_is_given_once() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        for year in 2019..2026 {
            let received_on = format!("{year}-06-03");
            thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| a_case(db, &agency, &received_on));
                }
            });
        }
        assert_eq!(numbers(db, &agency), (2019..2026).flat_map(|year| series(year, 1, 8)).collect());
    });
}

#[test]
fn numbers_go_on_past_four_digits() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        set_counter(db, &agency, 2026, 9_998);
        let given = [(); 3].map(|()| a_case(db, &agency, "2026-03-02").case_no);
        assert_eq!(given, ["2026-9999", "2026-10000", "2026-10001"]);
        set_counter(db, &agency, 2025, 4_999_999_999);
        assert_eq!(a_case(db, &agency, "2025-03-03").case_no, "2025-5000000000");
    });
}

#[test]
fn each_year_of_receipt_has_a_series_of_its_own() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let mut given = Vec::new();
        for received_on in ["2025-12-31", "2026-01-01", "2026-01-01", "2025-12-31", "2026-01-04"] {
            // All are registered in the new year: what counts is the day of receipt.
            let application = an_application(agency.agency_id(), received_on);
            let case =
                db.write(|conn| register_case(conn, &actor("2026-01-04"), rules(), &application)).unwrap();
            given.push(case.case_no);
        }
        assert_eq!(given, ["2025-0001", "2026-0001", "2026-0002", "2025-0002", "2026-0003"]);
    });
}

#[test]
fn numbers_taken_by_an_import_are_passed_over() {
    on_both_databases(|db| {
        let (agency, other) = (an_agency(db, "A", None), an_agency(db, "B", None));
        let imported = ["2026-0001", "2026-0002", "2026-0004", "2026-12", "旧2026-0003"].map(|no| {
            a_stored_case(agency.agency_id(), no, ApplicantKind::NaturalPerson, day("2026-01-05"), None)
        });
        db.write(|conn| cases::insert(conn, &imported)).unwrap();
        let given = [(); 3].map(|()| a_case(db, &agency, "2026-03-02").case_no);
        assert_eq!(given, ["2026-0003", "2026-0005", "2026-0006"]);
        assert_eq!(a_case(db, &other, "2026-03-02").case_no, "2026-0001");
    });
}

/// A register of thousands of cases costs the next registration no query for each of them.
#[test]
fn many_numbers_taken_by_an_import_are_passed_over_in_one_step() {
    const TAKEN: usize = 3_000;
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let imported: Vec<_> = (1..=TAKEN)
            .map(|no| {
                let no = format!("2026-{no:04}");
                a_stored_case(agency.agency_id(), &no, ApplicantKind::NaturalPerson, day("2026-01-05"), None)
            })
            .collect();
        db.write(|conn| cases::insert(conn, &imported)).unwrap();
        let n_queries = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&n_queries);
        let given = db
            .write(|conn| {
                conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
                    if let InstrumentationEvent::StartQuery { .. } = event {
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                });
                let given = [(); 2].map(|()| cases::next_number(conn, agency.agency_id(), 2026).unwrap());
                conn.set_instrumentation(|_: InstrumentationEvent<'_>| {});
                Ok::<_, StorageError>(given)
            })
            .unwrap();
        assert_eq!(given, ["2026-3001", "2026-3002"]);
        let n_queries = n_queries.load(Ordering::Relaxed);
        assert!((4..12).contains(&n_queries), "{n_queries} queries");
    });
}

#[test]
fn a_registration_that_fails_leaves_no_gap() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let application = an_application(agency.agency_id(), "2026-03-02");
        let fail = || -> Result<Case, ServiceError> {
            db.write(|conn| {
                register_case(conn, &actor("2026-03-02"), rules(), &application)?;
                Err(StorageError::Conflict.into())
            })
        };
        fail().unwrap_err();
        assert_eq!(a_case(db, &agency, "2026-03-02").case_no, "2026-0001");
        fail().unwrap_err();
        let mut nameless = application.clone();
        nameless.applicant_name = " ".to_owned();
        db.write(|conn| register_case(conn, &actor("2026-03-02"), rules(), &nameless)).unwrap_err();
        assert_eq!(a_case(db, &agency, "2026-03-02").case_no, "2026-0002");
        assert_eq!(numbers(db, &agency), series(2026, 1, 2));
    });
}
