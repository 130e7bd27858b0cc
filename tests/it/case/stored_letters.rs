//! Issued letters and templates as they are kept, and the numbers of letters whoever comes at the same time.

use std::thread;

use gongkai::domain::case::Case;
use gongkai::domain::ids::LetterId;
use gongkai::domain::letters::{LetterKind, LetterSettings, Series};
use gongkai::storage::access::agencies::Agency;
use gongkai::storage::case::letters;
use gongkai::storage::case::letters::{IssuedLetter, NewLetter};
use gongkai::storage::case::{letter_settings, letter_templates};
use gongkai::storage::{Db, StorageError};

use crate::support::office::{a_case, actor, an_agency, answer, check_conflict, check_stale, day, execute};
use crate::support::on_both_databases;

fn a_letter(case: &Case, document_no: Option<&str>) -> NewLetter {
    NewLetter {
        letter: IssuedLetter {
            id: LetterId::new(),
            case: case.id,
            round: case.round,
            kind: LetterKind::ProvidedReply,
            title: "政府信息公开告知书".to_owned(),
            document_no: document_no.map(str::to_owned),
            addressee: "张喆堃㐂𠮷".to_owned(),
            about: None,
            issued_on: day("2026-03-10"),
            issued_at: actor("2026-03-10").now,
            issued_by: "李四".to_owned(),
            replaces: None,
            reason: String::new(),
            template_version: 0,
            template_sha256: "t".to_owned(),
            sha256: "h".to_owned(),
        },
        agency: case.agency_id,
        particulars: r#"{"填写":{}}"#.to_owned(),
        docx: vec![0, 1, 2, 255, b'P'],
    }
}

/// Draws a number and issues a letter with it, in one transaction.
fn issue(db: &Db, case: &Case, series: Series, fails: bool) -> Result<String, StorageError> {
    db.write(|conn| {
        let no = letters::next_document_no(conn, case.agency_id, series, 2026, |no| {
            format!("聊公开〔2026〕{no}号")
        })?;
        letters::insert(conn, &a_letter(case, Some(&no)))?;
        if fails { Err(StorageError::Conflict) } else { Ok(no) }
    })
}

fn numbers(db: &Db, cases: &[Case]) -> Vec<u32> {
    let letters = cases.iter().flat_map(|case| db.read(|conn| letters::of_case(conn, case.id)).unwrap());
    let number = |it: IssuedLetter| {
        let no = it.document_no.unwrap();
        no.trim_start_matches("聊公开〔2026〕").trim_end_matches('号').parse().unwrap()
    };
    let mut numbers: Vec<u32> = letters.map(number).collect();
    numbers.sort_unstable();
    numbers
}

fn cases_of(db: &Db, agency: &Agency, n: usize) -> Vec<Case> {
    (0..n).map(|_| a_case(db, agency, "2026-03-02")).collect()
}

#[test]
fn letters_issued_at_the_same_time_leave_no_gap_and_share_no_number() {
    on_both_databases(|db| {
        let cases = cases_of(db, &an_agency(db, "A", None), 6);
        thread::scope(|scope| {
            for case in &cases {
                scope.spawn(move || {
                    for i in 0..10 {
                        // A letter that fails after its number was drawn gives the number back.
                        assert!(issue(db, case, Series::Reply, i % 3 == 1).is_ok() == (i % 3 != 1));
                    }
                });
            }
        });
        assert_eq!(numbers(db, &cases), (1..=42).collect::<Vec<_>>());
    });
}

#[test]
fn numbers_typed_by_hand_are_passed_over() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        // Answered by hand as 聊公开〔2026〕3号.
        let by_hand = answer(db, &a_case(db, &agency, "2026-03-02"), "2026-03-05");
        let cases = cases_of(db, &agency, 1);
        for _ in 0..4 {
            issue(db, &cases[0], Series::Reply, false).unwrap();
        }
        assert_eq!(numbers(db, &cases), [1, 2, 4, 5]);
        let taken = |except| {
            db.read(|conn| letters::is_taken(conn, agency.agency_id(), "聊公开〔2026〕3号", except)).unwrap()
        };
        assert!(taken(None) && taken(Some(cases[0].id)) && !taken(Some(by_hand.id)));
        // Another agency counts for itself.
        let other = cases_of(db, &an_agency(db, "B", None), 1);
        issue(db, &other[0], Series::Reply, false).unwrap();
        assert_eq!(numbers(db, &other), [1]);
    });
}

#[test]
fn an_issued_letter_stays_as_it_is() {
    on_both_databases(|db| {
        let case = a_case(db, &an_agency(db, "A", None), "2026-03-02");
        let new = a_letter(&case, Some("聊公开〔2026〕1号"));
        let id = new.letter.id;
        db.write(|conn| letters::insert(conn, &new)).unwrap();
        let kept = db.read(|conn| letters::of_case(conn, case.id)).unwrap();
        assert_eq!(kept, std::slice::from_ref(&new.letter));
        assert_eq!(db.read(|conn| letters::fetch(conn, id)).unwrap(), new.letter);
        assert_eq!(db.read(|conn| letters::file(conn, id)).unwrap(), new.docx);
        assert_eq!(db.read(|conn| letters::particulars(conn, id)).unwrap(), new.particulars);
        let again = a_letter(&case, Some("聊公开〔2026〕1号"));
        check_conflict(db.write(|conn| letters::insert(conn, &again)));
        // Papers without a number do not collide.
        for _ in 0..2 {
            db.write(|conn| letters::insert(conn, &a_letter(&case, None))).unwrap();
        }
        for sql in ["UPDATE letters SET title = 'x'", "DELETE FROM letters"] {
            assert!(execute(db, sql).is_err(), "{sql}");
        }
        assert!(matches!(db.read(|conn| letters::file(conn, LetterId::new())), Err(StorageError::NotFound)));
    });
}

#[test]
fn templates_are_kept_version_by_version() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None).agency_id();
        let kind = LetterKind::Receipt;
        let now = actor("2026-03-02").now;
        let in_force = || db.read(|conn| letter_templates::in_force(conn, agency, kind)).unwrap();
        assert_eq!(in_force(), None);
        let put = |new: Option<(&str, &str, &[u8])>| {
            db.write(|conn| letter_templates::put(conn, agency, kind, new, "管理员", now)).unwrap()
        };
        assert_eq!(put(Some(("回执.docx", "h1", b"one"))), 1);
        assert_eq!(put(Some(("回执.docx", "h2", b"two"))), 2);
        assert_eq!(in_force(), Some((2, b"two".to_vec())));
        assert_eq!(put(None), 3);
        assert_eq!(in_force(), None);
        let file = |version| db.read(|conn| letter_templates::file(conn, agency, kind, version)).unwrap();
        assert_eq!((file(1), file(3)), (Some(b"one".to_vec()), None));
        let versions = db.read(|conn| letter_templates::of_agency(conn, agency)).unwrap();
        let known: Vec<_> = versions.iter().map(|it| (it.version, it.sha256.as_deref())).collect();
        assert_eq!(known, [(3, None), (2, Some("h2")), (1, Some("h1"))]);
        for sql in ["UPDATE letter_templates SET file_name = 'x'", "DELETE FROM letter_templates"] {
            assert!(execute(db, sql).is_err(), "{sql}");
        }
    });
}

#[test]
fn settings_are_kept_where_nobody_came_first() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None).agency_id();
        let read = || db.read(|conn| letter_settings::of(conn, agency)).unwrap();
        assert_eq!(read(), (LetterSettings::default(), 0));
        let set = LetterSettings {
            court: "聊城市东昌府区人民法院".to_owned(), ..LetterSettings::default()
        };
        let keep = |version| db.write(|conn| letter_settings::keep(conn, agency, version, &set));
        keep(0).unwrap();
        assert_eq!(read(), (set.clone(), 1));
        check_stale(keep(0));
        keep(1).unwrap();
        check_stale(keep(1));
        assert_eq!(read().1, 2);
    });
}
