//! Cases as they are stored: what goes in comes out, and what is stale or unreadable is noticed.

use gongkai::domain::applicant::ApplicantKind;
use gongkai::domain::case::{Case, NextDay, Reply};
use gongkai::domain::ids::{AgencyId, CaseId, UserId};
use gongkai::domain::labels::Coded;
use gongkai::domain::outcome::{Outcome, Particular};
use gongkai::domain::request::{Channel, PreferredForm, Request};
use gongkai::domain::response_clock::{
    ClockFacts, Consultation, Correction, Extension, FeeNotice, Party, ReasonableDelay, Start, SuspendedBy,
};
use gongkai::domain::workflow::Status;
use gongkai::storage::access::agencies;
use gongkai::storage::access::agencies::{Agency, Scope};
use gongkai::storage::case::cases;
use gongkai::storage::case::cases::NewCase;
use gongkai::storage::{Db, StorageError};

use crate::support::office::{
    a_stored_case, actor, an_agency, check_conflict, check_stale, day, execute, stored,
};
use crate::support::on_both_databases;

/// Characters of three and four bytes, quotation marks, line ends and what SQL might take for its own.
const RARE: &str = "㐂𠮷𪚥 “引号” '; DROP TABLE cases; -- \\ % _ \r\n第二行\t。";

fn full_clock() -> ClockFacts {
    ClockFacts {
        start: Start::Reopened { on: day("2026-06-01"), by: Some(day("2026-06-30")) },
        channel: Some(Channel::Email),
        correction: Some(Correction {
            notified_on: day("2026-06-02"),
            reply_by: Some(day("2026-06-12")),
            received_on: Some(day("2026-06-10")),
        }),
        consultations: vec![
            Consultation {
                id: 1,
                party: Party::ThirdParty,
                name: RARE.to_owned(),
                sent_on: day("2026-06-11"),
                delivered_on: Some(day("2026-06-12")),
                returned_on: Some(day("2026-06-15")),
                consent: Some(false),
            },
            Consultation {
                id: 2,
                party: Party::JointMaker,
                name: "财政局".to_owned(),
                sent_on: day("2026-06-11"),
                delivered_on: None,
                returned_on: None,
                consent: None,
            },
        ],
        extensions: vec![Extension {
            approved_on: Some(day("2026-06-16")),
            notified_on: day("2026-06-16"),
            working_days: 20,
        }],
        delay: Some(ReasonableDelay { notified_on: day("2026-06-16"), until: day("2026-09-30") }),
        fee: Some(FeeNotice {
            sent_on: day("2026-06-17"),
            delivered_on: Some(day("2026-06-18")),
            paid_on: Some(day("2026-06-19")),
            amount: Some("120.50".to_owned()),
        }),
        closed_on: Some(day("2026-06-22")),
    }
}

fn full_reply() -> Reply {
    Reply {
        outcome: Some(Outcome::Partial),
        particulars: Particular::ALL.iter().map(|it| (*it, format!("{}{RARE}", it.label()))).collect(),
        body: RARE.repeat(500),
        reply_no: Some("聊公开〔2026〕3号".to_owned()),
        legal_reviewed_on: Some(day("2026-06-19")),
        signed_off_on: Some(day("2026-06-20")),
        closed_on: Some(day("2026-06-22")),
        delivery_method: Some("邮政特快专递".to_owned()),
        tracking_no: Some("1234567890123".to_owned()),
        signed_for_on: Some(day("2026-06-24")),
    }
}

/// A case in which nothing is left out.
fn a_full_case(db: &Db, agency: &Agency) -> NewCase {
    let department = db.write(|conn| agencies::department(conn, agency.agency_id(), "政务公开科")).unwrap();
    let case = Case {
        id: CaseId::new(),
        agency_id: agency.agency_id(),
        case_no: "鲁聊〔2026〕第𠮷号".to_owned(),
        version: 12,
        status: Status::Answered,
        channel: Some(Channel::Email),
        received_on: day("2026-03-02"),
        applicant_kind: ApplicantKind::LegalServiceOrganization,
        applicant_name: RARE.to_owned(),
        department_id: Some(department),
        handler_id: Some(UserId::new()),
        round: 2,
        closed: Some((day("2026-03-20"), Outcome::NotHeld)),
        clock: full_clock(),
        reply: Some(full_reply()),
    };
    let request = Request {
        content: RARE.to_owned(),
        preferred_form: Some(PreferredForm::Disc),
        id_number: Some("11010519491231002X".to_owned()),
        phone: Some("0635-8261111".to_owned()),
        email: Some("㐂@example.cn".to_owned()),
        address: Some("聊城市东昌府区𠮷祥路1号".to_owned()),
        submitted_on: Some(day("2026-02-26")),
        arrived_on: Some(day("2026-02-27")),
        confirmed_on: Some(day("2026-03-02")),
        confirmed_how: Some("电话".to_owned()),
        remarks: RARE.to_owned(),
    };
    let next =
        NextDay { on: day("2026-09-30"), provisional: true, waiting_for: Some(SuspendedBy::Consultation) };
    NewCase { case, request, next, registered_at: actor("2026-03-02").now }
}

/// An open case of which as little as possible is known.
fn a_minimal_case(agency: AgencyId, case_no: &str) -> NewCase {
    a_stored_case(agency, case_no, ApplicantKind::NaturalPerson, day("2026-03-02"), None)
}

fn insert(db: &Db, new: &NewCase) -> Result<(), StorageError> {
    db.write(|conn| cases::insert(conn, std::slice::from_ref(new)))
}

#[test]
fn a_case_comes_back_as_it_was_stored() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        for new in [a_full_case(db, &agency), a_minimal_case(agency.agency_id(), "2026-0002")] {
            insert(db, &new).unwrap();
            let id = new.case.id;
            assert_eq!(stored(db, id), new.case);
            let found = db.read(|conn| cases::by_no(conn, agency.agency_id(), &new.case.case_no));
            assert_eq!(found.unwrap(), new.case);
            assert_eq!(db.read(|conn| cases::request(conn, id)).unwrap(), new.request);
            let all = db.read(|conn| cases::cached_days(conn, None, false, "", 10)).unwrap();
            let cached = all.into_iter().find(|it| it.id == id.to_string()).unwrap();
            assert_eq!((cached.clock, cached.next), (new.case.clock, new.next));
        }
    });
}

#[test]
fn a_change_is_stored_whole_and_takes_facts_away_too() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let full = a_full_case(db, &agency);
        let minimal = a_minimal_case(agency.agency_id(), "2026-0002");
        insert(db, &minimal).unwrap();
        // From next to nothing to everything, and back again.
        let filled = Case { id: minimal.case.id, version: 2, ..full.case };
        db.write(|conn| cases::update(conn, &filled, full.next, full.registered_at)).unwrap();
        db.write(|conn| cases::update_request(conn, filled.id, &full.request)).unwrap();
        assert_eq!(stored(db, filled.id), filled);
        assert_eq!(db.read(|conn| cases::request(conn, filled.id)).unwrap(), full.request);

        let emptied = Case { version: 3, round: 2, reply: Some(Reply::default()), ..minimal.case };
        db.write(|conn| cases::update(conn, &emptied, minimal.next, full.registered_at)).unwrap();
        db.write(|conn| cases::update_request(conn, emptied.id, &minimal.request)).unwrap();
        assert_eq!(stored(db, emptied.id), emptied);
        assert_eq!(db.read(|conn| cases::request(conn, emptied.id)).unwrap(), minimal.request);
    });
}

/// The reply of a round stays when a new one begins.
#[test]
fn a_new_round_begins_without_a_reply_and_keeps_the_old_one() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let mut new = a_full_case(db, &agency);
        new.case.round = 1;
        insert(db, &new).unwrap();
        let reopened = Case { version: 13, round: 2, reply: None, ..new.case.clone() };
        db.write(|conn| cases::update(conn, &reopened, new.next, new.registered_at)).unwrap();
        assert_eq!(stored(db, new.case.id).reply, None);
        let back = Case { version: 14, round: 1, ..new.case.clone() };
        execute(db, &format!("UPDATE cases SET round = 1, version = 14 WHERE id = '{}'", new.case.id))
            .unwrap();
        assert_eq!(stored(db, new.case.id), back);
    });
}

#[test]
fn a_stale_change_is_a_conflict_and_changes_nothing() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let new = a_full_case(db, &agency);
        insert(db, &new).unwrap();
        for version in [11, 12, 14, 99] {
            let change = Case {
                version,
                applicant_name: "另一人".to_owned(),
                reply: Some(Reply { body: "另一答复".to_owned(), ..full_reply() }),
                ..new.case.clone()
            };
            check_stale(db.write(|conn| cases::update(conn, &change, new.next, new.registered_at)));
            assert_eq!(stored(db, new.case.id), new.case);
        }
        let unknown = Case { id: CaseId::new(), version: 13, ..new.case };
        check_stale(db.write(|conn| cases::update(conn, &unknown, new.next, new.registered_at)));
    });
}

#[test]
fn a_number_is_given_once_in_an_agency() {
    on_both_databases(|db| {
        let (one, other) = (an_agency(db, "A", None), an_agency(db, "B", None));
        insert(db, &a_minimal_case(one.agency_id(), "2026-0001")).unwrap();
        check_conflict(insert(db, &a_minimal_case(one.agency_id(), "2026-0001")));
        insert(db, &a_minimal_case(other.agency_id(), "2026-0001")).unwrap();
        // Of several, none is stored where one cannot be.
        let batch = ["2026-0002", "2026-0003", "2026-0001"].map(|no| a_minimal_case(one.agency_id(), no));
        check_conflict(db.write(|conn| cases::insert(conn, &batch)));
        let numbers = db.read(|conn| cases::numbers(conn, one.agency_id())).unwrap();
        assert_eq!(numbers.into_keys().collect::<Vec<_>>(), ["2026-0001"]);
    });
}

#[test]
fn many_cases_are_stored_at_once() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None).agency_id();
        let new: Vec<_> = (0..2_050).map(|i| a_minimal_case(agency, &format!("旧{i}"))).collect();
        db.write(|conn| cases::insert(conn, &new)).unwrap();
        let numbers = db.read(|conn| cases::numbers(conn, agency)).unwrap();
        assert_eq!(numbers.len(), 2_050);
        assert!(new.iter().all(|it| numbers[&it.case.case_no] == it.case.id));
        let ids: Vec<_> = new.iter().map(|it| it.case.id.to_string()).collect();
        assert_eq!(db.read(|conn| cases::numbers_of(conn, &ids)).unwrap().len(), 2_050);
        let first = db.read(|conn| cases::request(conn, new[0].case.id)).unwrap();
        assert_eq!(first, Request::default());
    });
}

#[test]
fn what_is_not_there_is_not_found() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None).agency_id();
        let nobody = CaseId::new();
        let is_missing = |found: Result<(), StorageError>| matches!(found, Err(StorageError::NotFound));
        assert!(is_missing(db.read(|conn| cases::fetch(conn, nobody)).map(|_| ())));
        assert!(is_missing(db.read(|conn| cases::request(conn, nobody)).map(|_| ())));
        assert!(is_missing(db.read(|conn| cases::by_no(conn, agency, "2026-0001")).map(|_| ())));
        assert!(is_missing(db.write(|conn| cases::update_request(conn, nobody, &Request::default()))));
    });
}

/// A code another version has written, which this one does not know.
#[test]
fn an_unknown_code_is_an_error_that_names_it() {
    // The list of codes would not let it in: the column is made anew without one.
    #[track_caller]
    fn check(db: &Db, case: CaseId, table: &str, column: &str) {
        let key = if table == "cases" { "id" } else { "case_id" };
        execute(
            db,
            &format!(
                "ALTER TABLE {table} RENAME COLUMN {column} TO known; \
             ALTER TABLE {table} ADD COLUMN {column} TEXT; \
             UPDATE {table} SET {column} = 'brand_new' WHERE {key} = '{case}'"
            ),
        )
        .unwrap();
        let message = match table {
            "requests" => db.read(|conn| cases::request(conn, case)).map(|_| ()),
            _ => db.read(|conn| cases::fetch(conn, case)).map(|_| ()),
        };
        let message = message.unwrap_err().to_string();
        assert!(message.contains("brand_new"), "{table}.{column}: {message}");
        execute(db, &format!(
            "ALTER TABLE {table} DROP COLUMN {column}; ALTER TABLE {table} RENAME COLUMN known TO {column}"
        ))
        .unwrap();
    }
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let new = a_full_case(db, &agency);
        insert(db, &new).unwrap();
        execute(db, "DROP INDEX cases_by_receipt; DROP INDEX cases_by_closing").unwrap();
        for column in ["channel", "applicant_kind", "status", "outcome"] {
            check(db, new.case.id, "cases", column);
        }
        check(db, new.case.id, "replies", "outcome");
        check(db, new.case.id, "requests", "preferred_form");
    });
}

#[test]
fn a_text_that_cannot_be_read_is_an_error_that_shows_it() {
    #[track_caller]
    fn check(db: &Db, case: CaseId, sql: &str, shown: &str) {
        execute(db, sql).unwrap();
        let message = db.read(|conn| cases::fetch(conn, case)).unwrap_err().to_string();
        assert!(message.contains(shown), "{message}");
    }
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let new = a_full_case(db, &agency);
        insert(db, &new).unwrap();
        check(db, new.case.id, "UPDATE replies SET particulars = '{\"moon\": \"\"}'", "moon");
        check(db, new.case.id, "UPDATE cases SET handler_id = 'nobody'", "nobody");
        check(db, new.case.id, "UPDATE cases SET handler_id = NULL, clock = '{\"begin\": 1}'", "begin");
    });
}

#[test]
fn linked_cases_know_of_each_other() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let [a, b, c] = ["2026-0001", "2026-0002", "2026-0003"].map(|no| {
            let new = a_minimal_case(agency.agency_id(), no);
            insert(db, &new).unwrap();
            new.case.id
        });
        db.write(|conn| cases::link(conn, a, c, "重复申请")).unwrap();
        db.write(|conn| cases::link(conn, a, b, "拆分自同一申请")).unwrap();
        let links = |case| db.read(|conn| cases::links(conn, case)).unwrap();
        let line = |case, no: &str, reason: &str| (case, no.to_owned(), reason.to_owned());
        assert_eq!(links(a), [line(b, "2026-0002", "拆分自同一申请"), line(c, "2026-0003", "重复申请")]);
        assert_eq!(links(c), [line(a, "2026-0001", "重复申请")]);
        check_conflict(db.write(|conn| cases::link(conn, c, a, "又一次")));
        let own = db.read(|conn| cases::deadlines(conn, &Scope::of(&agency, false), None, 10)).unwrap();
        assert_eq!(own.len(), 3);
    });
}
