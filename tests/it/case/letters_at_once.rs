//! Letters issued at the same time: each bears a number of its own and shows it, and nobody who writes waits for
//! another's letter to be drawn.

use std::cell::Cell;
use std::sync::Barrier;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use gongkai::documents::filler::text::plain;
use gongkai::domain::case::{Case, Command};
use gongkai::domain::ids::LetterId;
use gongkai::domain::letters::{LetterKind, LetterSettings, Part, Series};
use gongkai::service::case::letters::{
    Drawing, IssueLetter, IssuedLetter, Wanted, issue_drawn_by, issue_letter,
};
use gongkai::service::{Caller, ServiceError};
use gongkai::storage::access::agencies::Agency;
use gongkai::storage::case::{letter_settings, letters};
use gongkai::storage::{Db, StorageError, journal};

use crate::support::office::{a_case, act, actions, actor, an_agency, check_stale, day, rules, stored};
use crate::support::on_both_databases;

/// An agency that has set what its letters name.
fn a_writing_agency(db: &Db) -> Agency {
    let agency = an_agency(db, "A", None);
    let set = |text: &str| text.to_owned();
    let settings = LetterSettings {
        document_words: set("聊公开"),
        reconsideration_body: set("聊城市人民政府"),
        court: set("聊城市东昌府区人民法院"),
        contact_name: set("刘某"),
        contact_phone: set("0635-0000000"),
        address: set("聊城市东昌府区昌润路1号"),
        postcode: set("252000"),
        ..LetterSettings::default()
    };
    db.write(|conn| letter_settings::keep(conn, agency.agency_id(), 0, &settings)).unwrap();
    agency
}

/// Cases in which a correction has been asked for, whose notices are to be issued.
fn corrected(db: &Db, agency: &Agency, n: usize) -> Vec<Case> {
    let ask = Command::RequestCorrection { notified_on: day("2026-03-03"), reply_by: day("2026-03-17") };
    (0..n).map(|_| act(db, &a_case(db, agency, "2026-03-02"), "2026-03-03", &ask)).collect()
}

fn clerk(agency: &Agency) -> Caller {
    let mut clerk = actor("2026-03-03");
    (clerk.viewer.agency, clerk.viewer.agency_path) = (agency.agency_id(), agency.path.clone());
    clerk
}

fn notice(case: &Case) -> IssueLetter {
    let parts = [(Part::CorrectionMatters, "写明文号"), (Part::SubmitTo, "本机关窗口")];
    let wanted = Wanted {
        case: case.id,
        kind: LetterKind::CorrectionNotice,
        about: None,
        parts: parts.map(|(part, text)| (part, text.to_owned())).into(),
        replacing: String::new(),
    };
    IssueLetter { wanted, version: case.version }
}

fn issue(db: &Db, agency: &Agency, case: &Case) -> Result<IssuedLetter, ServiceError> {
    let clerk = clerk(agency);
    issue_letter(db, &clerk, rules(), &notice(case))
}

/// The letter's number, which its own file shows.
#[track_caller]
fn number_of(db: &Db, letter: LetterId) -> u32 {
    let (kept, file) = db
        .read(|conn| -> Result<_, StorageError> {
            Ok((letters::fetch(conn, letter)?, letters::file(conn, letter)?))
        })
        .unwrap();
    let document_no = kept.document_no.unwrap();
    let text = plain(&file).unwrap();
    assert!(text.contains(&document_no), "{document_no}: {text}");
    document_no.rsplit('〕').next().unwrap().trim_end_matches('号').parse().unwrap()
}

#[test]
fn letters_issued_at_once_have_numbers_without_a_gap_and_show_them() {
    const WRITERS: usize = 6;
    const EACH: usize = 4;
    on_both_databases(|db| {
        let agency = &a_writing_agency(db);
        let cases = corrected(db, agency, WRITERS * EACH);
        let start = &Barrier::new(WRITERS);
        let issued: Vec<LetterId> = thread::scope(|scope| {
            let writers: Vec<_> = cases
                .chunks(EACH)
                .map(|cases| {
                    scope.spawn(move || {
                        start.wait();
                        cases.iter().map(|it| issue(db, agency, it).unwrap().id).collect::<Vec<_>>()
                    })
                })
                .collect();
            writers.into_iter().flat_map(|it| it.join().unwrap()).collect()
        });
        let mut numbers: Vec<_> = issued.iter().map(|it| number_of(db, *it)).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=24).collect::<Vec<_>>());
        for case in &cases {
            assert_eq!(actions(db, &case.id.to_string()), ["register", "request_correction", "issue_letter"]);
        }
        assert_eq!(db.read(journal::verify).unwrap().1, []);
    });
}

/// While one letter is being drawn, somebody else issues theirs and takes the number. The first is drawn again
/// with the next one.
#[test]
fn nobody_who_writes_waits_for_a_letter_that_is_being_drawn() {
    const LONG: Duration = Duration::from_secs(60);
    on_both_databases(|db| {
        let agency = &a_writing_agency(db);
        let cases = &corrected(db, agency, 2);
        let (say_begun, begun) = channel();
        let (go_on, may_go_on) = channel();
        thread::scope(|scope| {
            let slow = scope.spawn(move || {
                let n_drawings = Cell::new(0);
                let draw = |it: &Drawing| {
                    n_drawings.set(n_drawings.get() + 1);
                    if n_drawings.get() == 1 {
                        say_begun.send(()).unwrap();
                        may_go_on.recv_timeout(LONG).unwrap();
                    }
                    it.draw()
                };
                let clerk = clerk(agency);
                let issued = issue_drawn_by(db, &clerk, rules(), &notice(&cases[0]), draw);
                (issued.unwrap().id, n_drawings.get())
            });
            begun.recv_timeout(LONG).unwrap();
            // It is being drawn now. A write lock that it held would not be had before it is released.
            let quick = issue(db, agency, &cases[1]).unwrap();
            go_on.send(()).unwrap();
            let (slow, n_drawings) = slow.join().unwrap();
            assert_eq!((number_of(db, quick.id), number_of(db, slow), n_drawings), (1, 2, 2));
        });
    });
}

/// The case is changed, or a setting, while its letter is being drawn.
#[test]
fn a_letter_is_drawn_of_things_as_they_are_when_it_is_kept() {
    on_both_databases(|db| {
        let agency = &a_writing_agency(db);
        let cases = corrected(db, agency, 2);
        let clerk = clerk(agency);
        let issue = |case: &Case, meanwhile: &dyn Fn()| {
            let is_first = Cell::new(true);
            let draw = |it: &Drawing| {
                if is_first.replace(false) {
                    meanwhile();
                }
                it.draw()
            };
            issue_drawn_by(db, &clerk, rules(), &notice(case), draw)
        };
        let moved = issue(&cases[0], &|| {
            let (settings, version) = db.read(|conn| letter_settings::of(conn, agency.agency_id())).unwrap();
            let settings = LetterSettings { contact_phone: "0635-1111111".to_owned(), ..settings };
            db.write(|conn| letter_settings::keep(conn, agency.agency_id(), version, &settings)).unwrap();
        });
        let file = db.read(|conn| letters::file(conn, moved.unwrap().id)).unwrap();
        assert!(plain(&file).unwrap().contains("0635-1111111"));
        let note = Command::AddNote { text: "已电话联系".to_owned() };
        check_stale(issue(&cases[1], &|| {
            act(db, &cases[1], "2026-03-03", &note);
        }));
        assert_eq!(db.read(|conn| letters::of_case(conn, cases[1].id)).unwrap(), []);
    });
}

/// Whoever comes too late again and again is told so in the end, and no number is lost on them.
#[test]
fn drawing_anew_has_an_end() {
    on_both_databases(|db| {
        let agency = a_writing_agency(db);
        let case = &corrected(db, &agency, 1)[0];
        let clerk = clerk(&agency);
        let n_drawings = Cell::new(0);
        let draw = |it: &Drawing| {
            n_drawings.set(n_drawings.get() + 1);
            let spell = |no: i64| format!("{no}");
            db.write(|conn| {
                letters::next_document_no(conn, agency.agency_id(), Series::Notice, 2026, spell)
            })?;
            it.draw()
        };
        check_stale(issue_drawn_by(db, &clerk, rules(), &notice(case), draw));
        assert_eq!((n_drawings.get(), stored(db, case.id).version), (50, case.version));
        let issued = issue(db, &agency, case).unwrap();
        assert_eq!(number_of(db, issued.id), 51);
    });
}
