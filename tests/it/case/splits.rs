//! Applications that belong together: split into several, or linked to one another.

use gongkai::domain::case::{Case, Command};
use gongkai::domain::ids::CaseId;
use gongkai::domain::workflow::Status;
use gongkai::service::case::split_case::split_case;
use gongkai::service::{Caller, ServiceError};
use gongkai::storage::access::agencies::{Agency, Scope};
use gongkai::storage::case::cases;
use gongkai::storage::{Db, journal};

use crate::support::office::{
    a_case, a_draft, act, actions, actor, an_agency, answer, day, rules, sighted_by, stored, try_act,
};
use crate::support::on_both_databases;

fn split(db: &Db, actor: &Caller, case: &Case, parts: &[&str]) -> Result<Vec<Case>, ServiceError> {
    let parts: Vec<_> = parts.iter().map(|it| (*it).to_owned()).collect();
    db.write(|conn| {
        let (caller, sighted) = sighted_by(conn, actor, case.id)?;
        split_case(conn, &caller, rules(), &sighted, case.version, &parts)
    })
}

fn links(db: &Db, case: CaseId) -> Vec<(String, String)> {
    let links = db.read(|conn| cases::links(conn, case)).unwrap();
    links.into_iter().map(|(_, no, reason)| (no, reason)).collect()
}

fn content(db: &Db, case: &Case) -> String {
    db.read(|conn| cases::request(conn, case.id)).unwrap().content
}

fn numbers(db: &Db, agency: &Agency) -> Vec<String> {
    db.read(|conn| cases::numbers(conn, agency.agency_id())).unwrap().into_keys().collect()
}

#[test]
fn each_part_of_a_split_application_is_a_case() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let case = act(db, &a_case(db, &agency, "2026-03-02"), "2026-03-03", &Command::Claim);
        let parts = split(db, &actor("2026-03-04"), &case, &["第一项", " 第二项 ", "第三项"]).unwrap();
        assert_eq!(numbers(db, &agency), ["2026-0001", "2026-0002", "2026-0003"]);
        for (part, text) in parts.iter().zip(["第一项", "第二项", "第三项"]) {
            assert_eq!(stored(db, part.id), *part);
            assert_eq!(content(db, part), text);
            assert_eq!((part.status, part.received_on), (Status::Handled, case.received_on));
            assert_eq!((part.handler_id, &part.applicant_name), (case.handler_id, &case.applicant_name));
            let entry = db.read(|conn| journal::history(conn, &part.id.to_string())).unwrap().pop().unwrap();
            assert_eq!((entry.action.as_str(), entry.opened_on), ("split", Some(case.received_on)));
        }
        assert_eq!((parts[0].id, parts[0].version), (case.id, 3));
        assert_eq!(actions(db, &case.id.to_string()), ["register", "claim", "split"]);
        let same = |no: &str| (no.to_owned(), "拆分自同一申请".to_owned());
        assert_eq!(links(db, case.id), [same("2026-0002"), same("2026-0003")]);
        assert_eq!(links(db, parts[2].id), [same("2026-0001")]);
        let due = db.read(|conn| cases::deadlines(conn, &Scope::of(&agency, false), None, 9)).unwrap();
        assert!(due.len() == 3 && due.iter().all(|it| it.due_on == day("2026-03-30")));
        // Each is answered for itself.
        let answered = answer(db, &parts[1], "2026-03-10");
        assert_eq!((stored(db, case.id).status, answered.status), (Status::Handled, Status::Answered));
    });
}

/// What is refused, of a case brought this far.
#[track_caller]
fn check_refused(bring: impl Fn(&Db, &Case) -> Case, parts: &[&str]) {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let case = bring(db, &a_case(db, &agency, "2026-03-02"));
        let before = (stored(db, case.id), content(db, &case), actions(db, &case.id.to_string()));
        let refused = split(db, &actor("2026-06-30"), &case, parts);
        assert!(matches!(refused, Err(ServiceError::Workflow(_) | ServiceError::Refused(_))), "{refused:?}");
        assert_eq!((stored(db, case.id), content(db, &case), actions(db, &case.id.to_string())), before);
        assert_eq!(numbers(db, &agency), ["2026-0001"]);
    });
}

#[test]
fn a_split_needs_two_parts_with_words_in_them() {
    let as_it_is = |_: &Db, case: &Case| case.clone();
    check_refused(as_it_is, &[]);
    check_refused(as_it_is, &["只有一项"]);
    check_refused(as_it_is, &["第一项", "　"]);
}

#[test]
fn an_answered_case_is_not_split() {
    check_refused(|db, case| answer(db, case, "2026-03-20"), &["第一项", "第二项"]);
}

/// The parts would be counted as closed long ago: the application was answered as one.
#[test]
fn a_reopened_case_is_not_split() {
    let reopen = |db: &Db, case: &Case| {
        let order = "聊政复〔2026〕8号".to_owned();
        let command = Command::Reopen { on: day("2026-06-01"), by: None, order };
        act(db, &answer(db, case, "2026-03-20"), "2026-06-01", &command)
    };
    check_refused(reopen, &["第一项", "第二项"]);
}

/// The draft was about the whole: a part begins without one.
#[test]
fn a_part_does_not_take_the_draft_along() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let case = act(db, &a_case(db, &agency, "2026-03-02"), "2026-03-03", &Command::Claim);
        let case = act(db, &case, "2026-03-04", &Command::SubmitDraft(a_draft()));
        let case = act(db, &case, "2026-03-05", &Command::Recall);
        let parts = split(db, &actor("2026-03-06"), &case, &["第一项", "第二项"]).unwrap();
        assert_eq!(parts[1].reply, None);
        assert_eq!(stored(db, parts[1].id).reply, None);
        assert_eq!(stored(db, parts[0].id).reply, case.reply);
    });
}

#[test]
fn a_repeated_application_is_linked_to_the_earlier_one() {
    on_both_databases(|db| {
        let (agency, other) = (an_agency(db, "A", None), an_agency(db, "B", None));
        let earlier = a_case(db, &agency, "2026-03-02");
        let later = a_case(db, &agency, "2026-03-09");
        a_case(db, &other, "2026-03-09");
        let link = |case_no: &str, reason: &str| Command::Link {
            case_no: case_no.to_owned(),
            reason: reason.to_owned(),
        };
        let later = act(db, &later, "2026-03-10", &link("2026-0001", "重复申请"));
        assert_eq!(links(db, later.id), [("2026-0001".to_owned(), "重复申请".to_owned())]);
        assert_eq!(links(db, earlier.id), [("2026-0002".to_owned(), "重复申请".to_owned())]);
        assert_eq!(actions(db, &later.id.to_string()), ["register", "link"]);
        // Again, to itself, or to none: each is said, and is no conflict.
        let check = |case_no: &str, message: &str| {
            let refused = try_act(db, &later, "2026-03-10", &link(case_no, "重复申请")).unwrap_err();
            assert_eq!(refused.to_string(), message);
            assert_eq!(stored(db, later.id), later);
        };
        check("2026-0001", "本件与“2026-0001”已经关联");
        check("2026-0002", "不能与本件自身关联");
        check("2026-0003", "没有登记号为“2026-0003”的申请");
        let refused = try_act(db, &stored(db, earlier.id), "2026-03-10", &link("2026-0002", "重复申请"));
        assert!(matches!(refused, Err(ServiceError::Refused(_))));
    });
}
