//! The journal: nothing in it can be changed, and what was changed all the same is found.

use std::sync::Barrier;
use std::thread;

use diesel::connection::SimpleConnection;
use gongkai::domain::case::Command;
use gongkai::domain::event::{Event, Subject};
use gongkai::storage::journal::{self, Broken};
use gongkai::storage::{Address, Db, DbConnection, StorageError};
use serde_json::json;

use crate::support::office::{a_case, act, actions, actor, an_agency, answer, day, execute};
use crate::support::on_both_databases;

/// An entry about an account, made on a day.
fn event(subject_id: &str, action: &str, today: &str) -> Event {
    let actor = actor(today);
    Event {
        subject: Subject::Account,
        subject_id: subject_id.to_owned(),
        agency_id: None,
        action: action.to_owned(),
        recorded_at: actor.now,
        known_on: actor.today(),
        actor: actor.name,
        details: json!({ "姓名": "𠮷野", "n": 1, "nothing": null }),
        counted: None,
    }
}

fn append(db: &Db, event: Event) -> Result<(), StorageError> {
    db.write(|conn| journal::append(conn, event))
}

fn verify(db: &Db) -> (u64, Vec<Broken>) {
    db.read(journal::verify).unwrap()
}

/// Does what only somebody with the database in their hands can do.
fn tamper(db: &Db, conn: &mut DbConnection, sql: &str) {
    let drop = match db.address() {
        Address::Sqlite(_) => "DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete;",
        Address::Postgres(_) => "DROP TRIGGER journal_no_change ON journal;",
    };
    conn.batch_execute(&format!("{drop} {sql}")).unwrap();
}

#[test]
fn both_databases_refuse_to_change_the_journal() {
    on_both_databases(|db| {
        append(db, event("a", "add", "2026-03-02")).unwrap();
        let before = db.read(|conn| journal::history(conn, "a")).unwrap();
        for sql in [
            "UPDATE journal SET actor = '别人'",
            "UPDATE journal SET actor = actor",
            "DELETE FROM journal",
            "DELETE FROM journal WHERE subject_id = 'a'",
        ] {
            let message = execute(db, sql).unwrap_err().to_string();
            assert!(message.contains("the journal is append-only"), "{sql}: {message}");
        }
        assert_eq!(db.read(|conn| journal::history(conn, "a")).unwrap(), before);
    });
}

#[test]
fn an_untouched_journal_is_whole() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let case = a_case(db, &agency, "2026-03-02");
        answer(db, &case, "2026-03-20");
        for i in 0..5 {
            append(db, event("x", &format!("第{i}次"), "2026-03-02")).unwrap();
        }
        assert_eq!(verify(db), (1 + 6 + 5, Vec::new()));
    });
}

/// More entries than are read at a time, with a subject's history across the border.
#[test]
fn a_long_journal_is_verified_page_by_page() {
    on_both_databases(|db| {
        let mut entries = Vec::new();
        for subject in ["a", "b"] {
            let mut head = journal::Head::none();
            entries.extend((0..3_000).map(|_| head.follow(event(subject, "add", "2026-03-02"))));
        }
        db.write(|conn| journal::append_all(conn, &entries)).unwrap();
        assert_eq!(verify(db), (6_000, Vec::new()));
        let sql = "UPDATE journal SET actor = '别人' WHERE subject_id = 'b' AND seq IN (2000, 2001)";
        db.write(|conn| -> Result<(), StorageError> {
            tamper(db, conn, sql);
            Ok(())
        })
        .unwrap();
        let (_, broken) = verify(db);
        assert_eq!(broken.iter().map(|it| it.seq).collect::<Vec<_>>(), [2_000, 2_001]);
    });
}

/// What somebody does to a journal, and the places where the fault is found.
type Case<'a> = (String, &'a [(&'a str, i32)]);

/// Does each to a history of six entries about a case (`{case}`) and three about an account (`x`), and
/// takes it back.
#[track_caller]
fn check_found(cases: &[Case<'_>]) {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let case = answer(db, &a_case(db, &agency, "2026-03-02"), "2026-03-20").id.to_string();
        for action in ["add", "rename", "close"] {
            append(db, event("x", action, "2026-03-02")).unwrap();
        }
        for (sql, expected) in cases {
            let undone: Result<(), StorageError> = db.write(|conn| {
                tamper(db, conn, &sql.replace("{case}", &case));
                let (_, broken) = journal::verify(conn)?;
                let name = |it: &Broken| (if it.subject_id == case { "case" } else { "x" }, it.seq);
                let found: Vec<_> = broken.iter().map(name).collect();
                assert_eq!(found, *expected, "{sql}: {broken:?}");
                Err(StorageError::NotFound)
            });
            assert!(matches!(undone, Err(StorageError::NotFound)), "{undone:?}");
            assert_eq!(verify(db).1, []);
        }
    });
}

#[test]
fn a_changed_entry_is_found() {
    let facts = [
        "actor = '别人'",
        "action = 'withdraw'",
        "known_on = '2026-03-19'",
        "recorded_at = '2026-03-20 02:00:01'",
        "details = '{}'",
        "details = 'no JSON'",
        "agency_id = NULL",
        "subject = 'remedy'",
        "opened_on = '2026-03-01'",
        "closed_on = NULL",
        "closed_on = '2025-12-31'",
        "kind = 'other'",
        "kind = 'no_such_kind'",
        "kind = NULL",
        "opened_on = NULL",
        "result = 'partial'",
        "result = NULL",
        "opened_on = NULL, closed_on = NULL, kind = NULL, result = NULL",
        "hash = 'x'",
        "previous_hash = ''",
    ];
    let cases = facts.map(|it| -> Case<'_> {
        let sql = format!("UPDATE journal SET {it} WHERE subject_id = '{{case}}' AND seq = 6");
        let twice: &[_] = &[("case", 6), ("case", 6)];
        (sql, if it.starts_with("previous") { twice } else { &[("case", 6)] })
    });
    check_found(&cases);
}

/// An entry without counted facts does not get any, not even half of them.
#[test]
fn facts_added_to_an_entry_are_found() {
    let facts = [
        "opened_on = '2026-03-02'",
        "closed_on = '2026-03-02'",
        "kind = 'other'",
        "result = 'provided'",
        "opened_on = '2026-03-02', kind = 'other'",
    ];
    check_found(&facts.map(|it| -> Case<'_> {
        (format!("UPDATE journal SET {it} WHERE subject_id = 'x' AND seq = 2"), &[("x", 2)])
    }));
}

#[test]
fn a_missing_entry_is_found() {
    let remove = |seq: i32| format!("DELETE FROM journal WHERE subject_id = 'x' AND seq = {seq}");
    // Closed up again, it is found by the seal of the one before, and its own.
    let closed_up = format!("{}; UPDATE journal SET seq = 2 WHERE subject_id = 'x' AND seq = 3", remove(2));
    check_found(&[(remove(1), &[("x", 2)]), (remove(2), &[("x", 3)]), (closed_up, &[("x", 2), ("x", 2)])]);
}

#[test]
fn swapped_entries_are_found() {
    let swap = "UPDATE journal SET seq = 9 WHERE subject_id = 'x' AND seq = 1; \
                UPDATE journal SET seq = 1 WHERE subject_id = 'x' AND seq = 2; \
                UPDATE journal SET seq = 2 WHERE subject_id = 'x' AND seq = 9";
    let moved = "UPDATE journal SET subject_id = 'y' WHERE subject_id = 'x' AND seq = 3";
    check_found(&[
        (swap.to_owned(), &[("x", 1), ("x", 1), ("x", 2), ("x", 2), ("x", 3)]),
        (moved.to_owned(), &[("x", 3), ("x", 3)]),
    ]);
}

#[test]
fn two_at_once_never_make_a_fork() {
    const THREADS: i32 = 6;
    on_both_databases(|db| {
        append(db, event("x", "add", "2026-03-02")).unwrap();
        let start = Barrier::new(6);
        let n_written: i32 = thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS)
                .map(|i| {
                    let start = &start;
                    scope.spawn(move || {
                        start.wait();
                        match append(db, event("x", &format!("第{i}次"), "2026-03-03")) {
                            Ok(()) => 1,
                            Err(StorageError::Stale) => 0,
                            Err(err) => panic!("{err}"),
                        }
                    })
                })
                .collect();
            threads.into_iter().map(|it| it.join().unwrap()).sum()
        });
        assert!(1 <= n_written);
        let history = db.read(|conn| journal::history(conn, "x")).unwrap();
        assert_eq!(history.len(), usize::try_from(1 + n_written).unwrap());
        assert_eq!(verify(db).1, []);
    });
}

/// Somebody sets the clock of the computer back.
#[test]
fn what_is_known_is_not_unlearned() {
    on_both_databases(|db| {
        for today in ["2026-03-02", "2026-03-09", "2026-03-05", "2026-03-10"] {
            append(db, event("x", "note", today)).unwrap();
        }
        let history = db.read(|conn| journal::history(conn, "x")).unwrap();
        let known: Vec<_> = history.iter().map(|it| it.known_on).collect();
        assert_eq!(known, ["2026-03-02", "2026-03-09", "2026-03-09", "2026-03-10"].map(day));
        let recorded: Vec<_> = history.iter().map(|it| it.recorded_at().date_naive()).collect();
        assert_eq!(recorded, ["2026-03-02", "2026-03-09", "2026-03-05", "2026-03-10"].map(day));
        assert_eq!(verify(db).1, []);
    });
}

/// PostgreSQL keeps microseconds, SQLite what it is given.
#[test]
fn an_instant_is_sealed_as_it_is_kept() {
    on_both_databases(|db| {
        let mut finest = event("x", "note", "2026-03-02");
        finest.recorded_at += chrono::TimeDelta::nanoseconds(123_456_789);
        append(db, finest).unwrap();
        assert_eq!(verify(db), (1, Vec::new()));
        let history = db.read(|conn| journal::history(conn, "x")).unwrap();
        assert_eq!(history[0].recorded_at().timestamp_subsec_nanos(), 123_456_000);
    });
}

#[test]
fn each_step_of_a_case_is_told() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let case = a_case(db, &agency, "2026-03-02");
        let note = Command::AddNote { text: "已电话联系申请人".to_owned() };
        let case = act(db, &answer(db, &case, "2026-03-20"), "2026-03-23", &note);
        assert_eq!(
            actions(db, &case.id.to_string()),
            ["register", "claim", "submit_draft", "agree", "sign_off", "issue", "add_note"]
        );
    });
}
