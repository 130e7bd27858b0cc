//! The check of an agency's records: silent where all is well, loud where somebody went behind the journal's back.

use gongkai::domain::case::{Case, Command};
use gongkai::domain::event::{CountedFacts, Event, Subject};
use gongkai::domain::ids::RemedyId;
use gongkai::domain::remedy::{Capacity, RemedyFacts, RemedyKind, RemedyResult};
use gongkai::domain::report::statistics::checks::Check;
use gongkai::service::report::check_agency::{check_agency, renew_cached_days};
use gongkai::storage::case::cases;
use gongkai::storage::remedy::remedies;
use gongkai::storage::remedy::remedies::Remedy;
use gongkai::storage::{Db, journal};
use serde_json::json;

use crate::support::office::{a_case, act, actor, an_agency, answer, day, execute, rules};
use crate::support::on_both_databases;

/// The checks that do not hold, by year.
fn broken(db: &Db, year: Option<i32>) -> Vec<(i32, Check)> {
    let years = db.snapshot(|conn| check_agency(conn, &actor("2026-11-24"), "A", year)).unwrap();
    let checks = years.into_iter().flat_map(|it| it.checks.into_iter().map(move |check| (it.year, check)));
    checks.filter(|(_, it)| !it.holds).collect()
}

/// An agency with a case of each kind: carried over, answered, ended, reopened, and a reconsideration.
fn some_work(db: &Db) -> Vec<Case> {
    let agency = an_agency(db, "A", None);
    let carried = answer(db, &a_case(db, &agency, "2024-12-20"), "2025-01-06");
    let withdraw = Command::Withdraw { on: day("2025-03-10"), record: "书面撤回".to_owned() };
    let ended = act(db, &a_case(db, &agency, "2025-03-03"), "2025-03-10", &withdraw);
    let reopen = Command::Reopen { on: day("2025-09-01"), by: None, order: "判决".to_owned() };
    let reopened =
        act(db, &answer(db, &a_case(db, &agency, "2025-06-02"), "2025-06-20"), "2025-09-01", &reopen);
    let open = a_case(db, &agency, "2026-11-20");
    let remedy = Remedy {
        id: RemedyId::new(),
        agency_id: agency.agency_id(),
        remedy_no: "聊政复〔2025〕1号".to_owned(),
        case_id: Some(carried.id),
        version: 1,
        facts: RemedyFacts {
            kind: RemedyKind::Reconsideration,
            accepted_on: day("2025-02-10"),
            concluded: Some((day("2025-04-10"), RemedyResult::ReviewUpheld)),
            capacity: Capacity::ActingAgency,
        },
        body: "聊城市人民政府".to_owned(),
        remarks: String::new(),
    };
    let actor = actor("2025-04-10");
    let event = Event {
        subject: Subject::Remedy,
        subject_id: remedy.id.to_string(),
        agency_id: Some(agency.agency_id()),
        action: "import".to_owned(),
        recorded_at: actor.now,
        known_on: actor.today(),
        actor: actor.name,
        details: json!({}),
        counted: CountedFacts::of_remedy(&remedy.facts),
    };
    db.write(|conn| {
        remedies::insert(conn, &[remedy])?;
        journal::append(conn, event)
    })
    .unwrap();
    vec![carried, ended, reopened, open]
}

#[test]
fn on_clean_records_every_check_holds() {
    on_both_databases(|db| {
        some_work(db);
        assert_eq!(broken(db, None), []);
        let years = db.snapshot(|conn| check_agency(conn, &actor("2026-11-24"), "A", None)).unwrap();
        assert_eq!(years.iter().map(|it| it.year).collect::<Vec<_>>(), [2024, 2025, 2026]);
        assert!(years.iter().all(|it| it.checks.iter().any(|check| check.code == "years.carried.total")));
        assert_eq!(broken(db, Some(2019)), []);
        let empty = an_agency(db, "B", None);
        let years = db.snapshot(|conn| check_agency(conn, &actor("2026-11-24"), &empty.code, None)).unwrap();
        assert_eq!(years.iter().map(|it| it.year).collect::<Vec<_>>(), [2026]);
        let refused = db.snapshot(|conn| check_agency(conn, &actor("2026-11-24"), "A", Some(2027)));
        assert!(refused.unwrap_err().to_string().contains("2027年还没有开始"));
    });
}

/// A change of a row that the journal knows nothing of, and the years in which it is found; with the
/// number it must name.
#[track_caller]
fn check_found(sql: &str, years: &[i32], named: &str) {
    on_both_databases(|db| {
        let [carried, ended, ..] = &some_work(db)[..] else { unreachable!() };
        execute(
            db,
            &sql.replace("{carried}", &carried.id.to_string()).replace("{ended}", &ended.id.to_string()),
        )
        .unwrap();
        let found = broken(db, None);
        assert!(found.iter().all(|(_, it)| it.code == "journal.agrees"), "{sql}: {found:?}");
        assert_eq!(found.iter().map(|(year, _)| *year).collect::<Vec<_>>(), years, "{sql}");
        for (_, check) in found {
            assert!(check.detail.contains(named), "{}", check.detail);
        }
    });
}

#[test]
fn a_case_changed_behind_the_journals_back_is_found_and_named() {
    let set = |what: &str| format!("UPDATE cases SET {what} WHERE id = '{{ended}}'");
    check_found(&set("applicant_kind = 'other'"), &[2025], "2025-0001");
    check_found(&set("outcome = 'provided'"), &[2025], "2025-0001");
    check_found(&set("received_on = '2024-12-30'"), &[2024, 2025], "2025-0001");
    check_found(&set("closed_on = '2026-01-04'"), &[2025, 2026], "2025-0001");
    // A day within the year moves no figure, but it is the day the period runs from.
    check_found(&set("received_on = '2025-03-05'"), &[2025], "2025-0001");
    check_found(
        "UPDATE cases SET received_on = '2024-12-21' WHERE id = '{carried}'",
        &[2024, 2025],
        "2024-0001",
    );
}

#[test]
fn changes_that_make_up_for_each_other_are_found() {
    let swap = "UPDATE cases SET outcome = 'withdrawn' WHERE id = '{carried}'; \
                UPDATE cases SET outcome = 'provided' WHERE id = '{ended}'";
    check_found(swap, &[2024, 2025], "2024-0001");
}

#[test]
fn a_case_taken_away_or_slipped_in_is_found() {
    check_found(
        "DELETE FROM search_docs WHERE case_id = '{ended}'; DELETE FROM requests WHERE case_id = '{ended}'; \
         DELETE FROM replies WHERE case_id = '{ended}'; \
         DELETE FROM cases WHERE id = '{ended}'",
        &[2025],
        "1件",
    );
    let columns = "agency_id, status, is_open, version, channel, received_on, applicant_kind, applicant_name, \
                   closed_on, outcome, round, clock, due_on, due_provisional, registered_at, changed_at";
    check_found(
        &format!(
            "INSERT INTO cases (id, case_no, {columns}) \
             SELECT '019a0000-0000-7000-8000-000000000000', '塞入', {columns} FROM cases WHERE id = '{{ended}}'"
        ),
        &[2025],
        "塞入",
    );
}

#[test]
fn a_proceeding_changed_behind_the_journals_back_is_found() {
    check_found("UPDATE remedies SET result = 'review_revoked'", &[2025], "聊政复〔2025〕1号");
    check_found("UPDATE remedies SET capacity = 'reconsideration_body'", &[2025], "聊政复〔2025〕1号");
    check_found("UPDATE remedies SET concluded_on = '2025-04-11'", &[2025], "聊政复〔2025〕1号");
}

#[test]
fn cached_days_that_are_wrong_are_renewed() {
    on_both_databases(|db| {
        let open = some_work(db).pop().unwrap();
        let agency = Some(open.agency_id);
        let renew = || db.write(|conn| renew_cached_days(conn, &actor("2026-11-24"), rules(), "A")).unwrap();
        renew();
        assert_eq!(renew(), 0);
        let days = || db.read(|conn| cases::cached_days(conn, agency, false, "", 100)).unwrap();
        let right = days();
        execute(db, "UPDATE cases SET due_on = '2026-01-01', due_provisional = FALSE, waiting_for = 'fee'")
            .unwrap();
        assert_eq!(renew(), 4);
        assert_eq!(days(), right);
    });
}
