//! Several people at one case at the same moment, and what is left of a change that fails half-way.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use std::thread;

use gongkai::domain::case::{Case, Command};
use gongkai::domain::ids::UserId;
use gongkai::service::ServiceError;
use gongkai::service::access::add_agency::add_agency;
use gongkai::service::case::split_case::split_case;
use gongkai::storage::access::agencies;
use gongkai::storage::access::agencies::Agency;
use gongkai::storage::case::cases;
use gongkai::storage::{Db, StorageError, journal};

use crate::support::office::{
    a_case, a_draft, act, act_as, actions, actor, an_agency, day, rules, sighted_by, stored, try_act,
};
use crate::support::on_both_databases;

/// Lets several people act at the same moment, and returns what each got.
fn at_once<T: Send>(n_people: usize, act: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(n_people);
    thread::scope(|scope| {
        let (start, act) = (&start, &act);
        let threads: Vec<_> = (0..n_people)
            .map(|i| {
                scope.spawn(move || {
                    start.wait();
                    act(i)
                })
            })
            .collect();
        threads.into_iter().map(|it| it.join().unwrap()).collect()
    })
}

/// Exactly one got through; the others were told that somebody came first.
#[track_caller]
fn the_winner<T: std::fmt::Debug>(results: Vec<Result<T, ServiceError>>) -> T {
    let n_all = results.len();
    let (won, lost): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    assert_eq!((won.len(), lost.len()), (1, n_all - 1));
    for it in lost {
        assert!(matches!(it, Err(ServiceError::Stale)), "{it:?}");
    }
    won.into_iter().next().unwrap().unwrap()
}

#[test]
fn one_of_two_who_act_at_once_wins() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        for _ in 0..10 {
            let case = a_case(db, &agency, "2026-03-02");
            let people = [(); 2].map(|()| actor("2026-03-03"));
            let results = at_once(2, |i| db.write(|conn| act_as(conn, &people[i], &case, &Command::Claim)));
            let won = the_winner(results);
            assert_eq!(stored(db, case.id), won);
            assert!(people.iter().any(|it| Some(it.viewer.user) == won.handler_id));
            assert_eq!(actions(db, &case.id.to_string()), ["register", "claim"]);
        }
    });
}

#[test]
fn one_of_several_different_actions_wins() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        for _ in 0..5 {
            let case = act(db, &a_case(db, &agency, "2026-03-02"), "2026-03-03", &Command::Claim);
            let commands = [
                Command::SubmitDraft(a_draft()),
                Command::GiveBack { reason: "不属于本科室".to_owned() },
                Command::Withdraw { on: day("2026-03-04"), record: "书面撤回".to_owned() },
                Command::AddNote { text: "已电话联系".to_owned() },
                Command::Extend { notified_on: day("2026-03-04"), working_days: 20 },
            ];
            let won = the_winner(at_once(5, |i| try_act(db, &case, "2026-03-04", &commands[i])));
            assert_eq!((stored(db, case.id), won.version), (won.clone(), 3));
            assert_eq!(actions(db, &case.id.to_string()).len(), 3);
        }
        assert_eq!(db.read(journal::verify).unwrap().1, []);
    });
}

/// A split and an action: the parts are there with the split, or not at all.
#[test]
fn a_split_that_comes_second_makes_no_cases() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let mut n_cases = 0;
        for _ in 0..8 {
            let case = a_case(db, &agency, "2026-03-02");
            let parts = ["第一项", "第二项", "第三项"].map(str::to_owned);
            let results = at_once(2, |i| match i {
                0 => db
                    .write(|conn| {
                        let (caller, sighted) = sighted_by(conn, &actor("2026-03-03"), case.id)?;
                        split_case(conn, &caller, rules(), &sighted, 1, &parts)
                    })
                    .map(|it| it.len()),
                _ => try_act(db, &case, "2026-03-03", &Command::Claim).map(|_| 1),
            });
            n_cases += the_winner(results);
            let numbers = db.read(|conn| cases::numbers(conn, agency.agency_id())).unwrap();
            assert_eq!(numbers.len(), n_cases);
            assert!(numbers.contains_key(&format!("2026-{n_cases:04}")), "no gap");
        }
    });
}

/// Agencies and departments added at once get ids of their own; the same one is added once.
#[test]
fn agencies_and_departments_added_at_once_do_not_collide() {
    on_both_databases(|db| {
        let root = an_agency(db, "R", None);
        for round in 0..5 {
            let added = at_once(8, |i| an_agency(db, &format!("A{round}-{i}"), Some("R")));
            let ids: BTreeSet<_> = added.iter().map(|it| it.id).collect();
            assert_eq!(ids.len(), 8);
            for it in &added {
                assert_eq!(it.path, format!("/{}/{}/", root.id, it.id));
            }
            let department = |agency: &Agency, name: &str| {
                db.write(|conn| agencies::department(conn, agency.agency_id(), name)).unwrap()
            };
            // Half of them the same department of one agency, half departments of others.
            let departments = at_once(8, |i| match i % 2 {
                0 => department(&added[0], "法规科"),
                _ => department(&added[i], "法规科"),
            });
            let ids: BTreeSet<_> = departments.iter().map(|it| it.0).collect();
            assert_eq!(ids.len(), 5);
        }
        let results = at_once(8, |_| {
            db.write(|conn| add_agency(conn, &actor("2019-01-02"), "SAME", "同名局", Some("R")))
        });
        let (added, refused): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
        assert_eq!(added.len(), 1);
        for it in refused {
            assert!(matches!(it, Err(ServiceError::AgencyExists(_))), "{it:?}");
        }
    });
}

#[test]
fn different_cases_do_not_hold_each_other_up() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let all = [(); 8].map(|()| a_case(db, &agency, "2026-03-02"));
        for case in at_once(8, |i| act(db, &all[i], "2026-03-03", &Command::Claim)) {
            assert_eq!(stored(db, case.id), case);
        }
    });
}

/// A report reads one state, whatever is written meanwhile.
#[test]
fn a_snapshot_does_not_move() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        a_case(db, &agency, "2026-03-02");
        let count = |conn: &mut _| cases::numbers(conn, agency.agency_id()).map(|it| it.len());
        let seen: Result<_, StorageError> = db.snapshot(|conn| {
            let before = count(conn)?;
            thread::scope(|scope| scope.spawn(|| a_case(db, &agency, "2026-03-02")).join()).unwrap();
            Ok((before, count(conn)?))
        });
        assert_eq!(seen.unwrap(), (1, 1));
        assert_eq!(db.read(count).unwrap(), 2);
    });
}

#[test]
fn a_change_that_fails_half_way_leaves_nothing() {
    fn halfway(
        db: &Db,
        case: &Case,
        end: impl Fn() -> Result<Case, ServiceError>,
    ) -> Result<Case, ServiceError> {
        db.write(|conn| {
            act_as(conn, &actor("2026-03-03"), case, &Command::Claim)?;
            end()
        })
    }
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let case = a_case(db, &agency, "2026-03-02");
        let refused = halfway(db, &case, || Err(ServiceError::refused("不行")));
        assert!(matches!(refused, Err(ServiceError::Refused(_))));
        assert_eq!(stored(db, case.id), case);
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            halfway(db, &case, || panic!("a panic that is part of the test"))
        }));
        assert!(panicked.is_err());
        assert_eq!(
            (stored(db, case.id), actions(db, &case.id.to_string())),
            (case.clone(), vec!["register".to_owned()])
        );
        // The connection it held is given out anew, or replaced.
        for _ in 0..8 {
            db.read(|conn| cases::fetch(conn, case.id)).unwrap();
        }
        let claimed = act(db, &case, "2026-03-03", &Command::Claim);
        assert!(claimed.handler_id.is_some_and(|it| it != UserId::default()));
    });
}
