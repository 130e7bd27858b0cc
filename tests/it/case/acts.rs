//! Cases from receipt to reply, through the use cases: what is stored, told and counted at each step.

use std::borrow::Cow;

use gongkai::domain::applicant::ApplicantKind;
use gongkai::domain::case::{Amendment, Case, Command};
use gongkai::domain::ids::DepartmentId;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::request::{Channel, Request};
use gongkai::domain::response_clock::{Party, SuspendedBy};
use gongkai::domain::workflow::{Role, Status};
use gongkai::service::case::register_case::{RegisterCase, register_case};
use gongkai::service::case::split_case::split_case;
use gongkai::service::{Caller, ServiceError};
use gongkai::storage::access::agencies;
use gongkai::storage::case::cases;
use gongkai::storage::case::cases::CachedDay;
use gongkai::storage::{Db, journal};
use serde_json::json;

use crate::support::office::{
    a_case, a_draft, act, act_as, actions, actor, actor_with, an_agency, an_application, answer, check_stale,
    day, execute, rules, sighted_by, stored, try_act,
};
use crate::support::on_both_databases;

/// What lists show of a case.
fn cached(db: &Db, case: &Case) -> CachedDay {
    let all = db.read(|conn| cases::cached_days(conn, Some(case.agency_id), false, "", 1_000)).unwrap();
    all.into_iter().find(|it| it.id == case.id.to_string()).unwrap()
}

#[track_caller]
fn check_due(db: &Db, case: &Case, due_on: &str, waiting_for: Option<SuspendedBy>) {
    let next = cached(db, case).next;
    assert_eq!((next.on, next.waiting_for), (day(due_on), waiting_for));
}

/// The last entry about a case: who, what, and the facts the tables count.
#[track_caller]
fn check_last_entry(db: &Db, case: &Case, actor: &str, action: &str, counted: [Option<&str>; 4]) {
    let entry = db.read(|conn| journal::history(conn, &case.id.to_string())).unwrap().pop().unwrap();
    assert_eq!((entry.actor.as_str(), entry.action.as_str()), (actor, action));
    assert_eq!(entry.agency_id, Some(case.agency_id.0));
    let days = [entry.opened_on, entry.closed_on].map(|it| it.map(|day| day.to_string()));
    assert_eq!(
        [days[0].as_deref(), days[1].as_deref(), entry.kind.as_deref(), entry.result.as_deref()],
        counted
    );
}

fn register(db: &Db, actor: &Caller, application: &RegisterCase) -> Result<Case, ServiceError> {
    db.write(|conn| register_case(conn, actor, rules(), application))
}

/// The fields a command is refused at.
#[track_caller]
fn refused_fields<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> Vec<Cow<'static, str>> {
    match result {
        Err(ServiceError::Refused(refusals)) => refusals.into_iter().map(|it| it.field).collect(),
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn an_application_is_registered() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let mut application = an_application(agency.agency_id(), "2026-03-02");
        application.applicant_name = " 张三 ".to_owned();
        let clerk = Caller { name: "赵登记".to_owned(), ..actor_with(&[Role::Clerk], "2026-03-03") };
        let case = register(db, &clerk, &application).unwrap();
        assert_eq!((case.status, case.version, case.round), (Status::Registered, 1, 1));
        assert_eq!((case.case_no.as_str(), case.applicant_name.as_str()), ("2026-0001", "张三"));
        assert_eq!(stored(db, case.id), case);
        assert_eq!(db.read(|conn| cases::request(conn, case.id)).unwrap(), application.request);
        check_last_entry(
            db,
            &case,
            "赵登记",
            "register",
            [Some("2026-03-02"), None, Some("natural_person"), None],
        );
        // Twenty working days from 3 March.
        check_due(db, &case, "2026-03-30", None);
    });
}

#[test]
fn a_registration_says_all_that_is_wrong_with_it_at_once() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let mut application = an_application(agency.agency_id(), "2026-03-02");
        let handler = actor_with(&[Role::Handler, Role::Approver], "2026-03-02");
        let message = register(db, &handler, &application).unwrap_err().to_string();
        assert_eq!(message, "您的职责不包括“登记”");
        application.applicant_name = "　".to_owned();
        application.request = Request { content: "\n".to_owned(), ..Request::default() };
        application.received_on = day("2026-03-03");
        let fields = refused_fields(register(db, &actor("2026-03-02"), &application));
        assert_eq!(fields, ["applicant_name", "content", "received_on"]);
        let mut elsewhere = an_application(agency.agency_id(), "2026-03-02");
        elsewhere.department = Some(DepartmentId(99));
        let message = register(db, &actor("2026-03-02"), &elsewhere).unwrap_err().to_string();
        assert_eq!(message, "本机关没有这个部门");
        assert!(db.read(|conn| cases::numbers(conn, agency.agency_id())).unwrap().is_empty());
    });
}

/// A message from the web: it waits for both sides' confirmation, which sets the day of receipt.
#[test]
fn an_application_from_the_web_is_registered_once_confirmed() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        for channel in [Channel::Web, Channel::Email, Channel::Fax, Channel::OrdinaryPost, Channel::Other] {
            let application = RegisterCase { channel, ..an_application(agency.agency_id(), "2026-02-27") };
            let case = register(db, &actor("2026-02-27"), &application).unwrap();
            assert_eq!(case.status, Status::Received, "{channel:?}");
            assert!(try_act(db, &case, "2026-02-28", &Command::Claim).is_err());
            let confirm = |on| Command::Register { confirmed_on: day(on), how: " 电话确认 ".to_owned() };
            let too_early = try_act(db, &case, "2026-03-04", &confirm("2026-02-26"));
            assert_eq!(refused_fields(too_early), ["confirmed_on"]);
            let case = act(db, &case, "2026-03-04", &confirm("2026-03-03"));
            assert_eq!((case.status, case.received_on), (Status::Registered, day("2026-03-03")));
            check_due(db, &case, "2026-03-31", None);
            let facts = [Some("2026-03-03"), None, Some("natural_person"), None];
            check_last_entry(db, &case, "李四", "register", facts);
            let request = db.read(|conn| cases::request(conn, case.id)).unwrap();
            // How both sides confirmed it is kept, and journalled.
            assert_eq!(request.confirmed_how.as_deref(), Some("电话确认"));
            let entry = db.read(|conn| journal::history(conn, &case.id.to_string())).unwrap().pop().unwrap();
            let details: serde_json::Value = serde_json::from_str(&entry.details).unwrap();
            assert_eq!(details["confirmed_how"], "电话确认");
            let days = (request.arrived_on, request.confirmed_on);
            assert_eq!(days, (Some(day("2026-02-27")), Some(day("2026-03-03"))));
        }
        let mut confirmed = an_application(agency.agency_id(), "2026-03-03");
        confirmed.channel = Channel::Web;
        confirmed.request.confirmed_on = Some(day("2026-03-03"));
        assert_eq!(register(db, &actor("2026-03-03"), &confirmed).unwrap().status, Status::Registered);
    });
}

#[test]
fn a_case_goes_its_way_to_the_answer() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let department = db.write(|conn| agencies::department(conn, agency.agency_id(), "法规科")).unwrap();
        let case = a_case(db, &agency, "2026-03-02");
        let case = act(db, &case, "2026-03-03", &Command::Assign { department, handler: None });
        assert_eq!((case.status, case.department_id), (Status::Handled, Some(department)));
        let asked =
            Command::RequestCorrection { notified_on: day("2026-03-04"), reply_by: day("2026-03-18") };
        let case = act(db, &case, "2026-03-04", &asked);
        check_due(db, &case, "2026-03-18", Some(SuspendedBy::Correction));
        let corrected = Command::ReceiveCorrection { received_on: day("2026-03-09") };
        let case = act(db, &case, "2026-03-09", &corrected);
        // It begins anew with the correction: twenty working days from 10 March, 6 April being a holiday.
        check_due(db, &case, "2026-04-07", None);
        let consult = Command::Consult {
            party: Party::ThirdParty,
            name: "某公司".to_owned(),
            sent_on: day("2026-03-10"),
            delivered_on: Some(day("2026-03-10")),
        };
        let case = act(db, &case, "2026-03-10", &consult);
        assert_eq!(cached(db, &case).next.waiting_for, Some(SuspendedBy::Consultation));
        let opinion = Command::ReceiveOpinion { id: 1, returned_on: day("2026-03-12"), consent: Some(true) };
        let case = act(db, &case, "2026-03-12", &opinion);
        check_due(db, &case, "2026-04-09", None);
        let extend = Command::Extend { notified_on: day("2026-03-13"), working_days: 5 };
        let case = act(db, &case, "2026-03-13", &extend);
        check_due(db, &case, "2026-04-16", None);
        let case = answer(db, &case, "2026-04-10");
        assert_eq!(
            (case.status, case.closed),
            (Status::Answered, Some((day("2026-04-10"), Outcome::Provided)))
        );
        assert_eq!((stored(db, case.id), case.version), (case.clone(), 11));
        let facts = [Some("2026-03-02"), Some("2026-04-10"), Some("natural_person"), Some("provided")];
        check_last_entry(db, &case, "李四", "issue", facts);
        let scope = agencies::Scope::of(&agency, false);
        assert_eq!(db.read(|conn| cases::deadlines(conn, &scope, None, 100)).unwrap(), []);
    });
}

/// Everything there is about a case.
fn everything(db: &Db, case: &Case) -> (Case, Request, CachedDay, Vec<journal::Entry>) {
    let id = case.id.to_string();
    (
        stored(db, case.id),
        db.read(|conn| cases::request(conn, case.id)).unwrap(),
        cached(db, case),
        db.read(|conn| journal::history(conn, &id)).unwrap(),
    )
}

#[test]
fn a_refused_action_leaves_no_trace() {
    on_both_databases(|db| {
        let (agency, other) = (an_agency(db, "A", None), an_agency(db, "B", None));
        let elsewhere = db.write(|conn| agencies::department(conn, other.agency_id(), "法规科")).unwrap();
        a_case(db, &other, "2026-03-02");
        let case = act(db, &a_case(db, &agency, "2026-03-02"), "2026-03-03", &Command::Claim);
        let before = everything(db, &case);
        let link = |case_no: &str, reason: &str| Command::Link {
            case_no: case_no.to_owned(),
            reason: reason.to_owned(),
        };
        for command in [
            Command::Register { confirmed_on: day("2026-03-03"), how: String::new() },
            Command::SignOff { reply_no: None },
            Command::GiveBack { reason: " ".to_owned() },
            Command::Withdraw { on: day("2026-03-05"), record: "书面撤回".to_owned() },
            Command::Extend { notified_on: day("2026-03-04"), working_days: 21 },
            Command::RequestCorrection { notified_on: day("2026-03-01"), reply_by: day("2026-03-18") },
            Command::ReceivePayment { paid_on: day("2026-03-04") },
            Command::EndUnpaid { on: day("2026-03-04") },
            Command::SubmitDraft(gongkai::domain::case::Draft { outcome: Outcome::Duplicate, ..a_draft() }),
            Command::Amend(Amendment { reason: String::new(), ..Amendment::default() }),
            Command::Amend(Amendment {
                applicant_name: Some("　".to_owned()),
                reason: "登记有误".to_owned(),
                ..Amendment::default()
            }),
            Command::Assign { department: elsewhere, handler: None },
            Command::Assign { department: DepartmentId(99), handler: None },
            link("2026-0002", "重复申请"),
            link(&case.case_no, "自己"),
            link("2026-0002", " "),
        ] {
            let refused = try_act(db, &case, "2026-03-04", &command).unwrap_err();
            assert!(
                matches!(refused, ServiceError::Workflow(_) | ServiceError::Refused(_)),
                "{command:?}: {refused:?}"
            );
            assert_eq!(everything(db, &case), before, "{command:?}");
        }
        let clerk = actor_with(&[Role::Auditor, Role::Administrator], "2026-03-04");
        let note = Command::AddNote { text: "备注".to_owned() };
        let refused = db.write(|conn| act_as(conn, &clerk, &case, &note));
        assert!(matches!(refused, Err(ServiceError::Workflow(_))));
        assert_eq!(everything(db, &case), before);
    });
}

#[test]
fn what_was_given_on_a_stale_page_is_a_conflict() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let seen = a_case(db, &agency, "2026-03-02");
        let claimed = act(db, &seen, "2026-03-03", &Command::Claim);
        let before = everything(db, &claimed);
        let note = Command::AddNote { text: "备注".to_owned() };
        check_stale(try_act(db, &seen, "2026-03-03", &note));
        check_stale(try_act(db, &seen, "2026-03-03", &Command::Claim));
        check_stale(try_act(db, &Case { version: 3, ..claimed.clone() }, "2026-03-03", &note));
        let parts = ["一".to_owned(), "二".to_owned()];
        check_stale(db.write(|conn| {
            let (caller, sighted) = sighted_by(conn, &actor("2026-03-03"), seen.id)?;
            split_case(conn, &caller, rules(), &sighted, 1, &parts)
        }));
        assert_eq!(everything(db, &claimed), before);
    });
}

/// A new reply was ordered: another round, which the tables do not count again.
#[test]
fn a_reopened_case_is_answered_again_and_counted_once() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let first = answer(db, &a_case(db, &agency, "2026-03-02"), "2026-03-20");
        let reopen = |by| Command::Reopen {
            on: day("2026-06-01"),
            by,
            order: "聊政复〔2026〕8号行政复议决定".to_owned(),
        };
        let facts = [Some("2026-03-02"), Some("2026-03-20"), Some("natural_person"), Some("provided")];
        let case = act(db, &first, "2026-06-02", &reopen(Some(day("2026-06-15"))));
        assert_eq!((case.status, case.round, &case.reply), (Status::Handled, 2, &None));
        check_due(db, &case, "2026-06-15", None);
        check_last_entry(db, &case, "李四", "reopen", facts);
        let mut draft = a_draft();
        draft.outcome = Outcome::NotExisting;
        draft.particulars =
            [(gongkai::domain::outcome::Particular::SearchRecord, "检索了全部档案".to_owned())].into();
        let case = act(db, &case, "2026-06-08", &Command::SubmitDraft(draft));
        let case = act(db, &case, "2026-06-09", &Command::Agree { opinion: "同意".to_owned() });
        let case = act(db, &case, "2026-06-10", &Command::SignOff { reply_no: None });
        let issue =
            Command::Issue { on: day("2026-06-11"), method: "当面送达".to_owned(), tracking_no: None };
        let case = act(db, &case, "2026-06-11", &issue);
        assert_eq!(case.closed, Some((day("2026-03-20"), Outcome::Provided)));
        assert_eq!(case.reply.as_ref().unwrap().outcome, Some(Outcome::NotExisting));
        assert_eq!(stored(db, case.id), case);
        check_last_entry(db, &case, "李四", "issue", facts);
        // The first reply is still there, under its round.
        execute(db, &format!("UPDATE cases SET round = 1 WHERE id = '{}'", case.id)).unwrap();
        assert_eq!(stored(db, case.id).reply, first.reply);
    });
}

#[test]
fn an_amendment_tells_what_was_there_before() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let case = answer(db, &a_case(db, &agency, "2026-03-02"), "2026-03-20");
        let amend = Command::Amend(Amendment {
            received_on: Some(day("2026-03-03")),
            applicant_kind: Some(ApplicantKind::CommercialEnterprise),
            closed: Some((day("2026-03-19"), Outcome::Partial)),
            reason: "登记有误".to_owned(),
            ..Amendment::default()
        });
        let case = act(db, &case, "2026-04-01", &amend);
        assert_eq!(stored(db, case.id), case);
        let facts = [Some("2026-03-03"), Some("2026-03-19"), Some("commercial_enterprise"), Some("partial")];
        check_last_entry(db, &case, "李四", "amend", facts);
        let entry = db.read(|conn| journal::history(conn, &case.id.to_string())).unwrap().pop().unwrap();
        let details: serde_json::Value = serde_json::from_str(&entry.details).unwrap();
        assert_eq!(details["received_on"], json!(["2026-03-02", "2026-03-03"]));
        assert_eq!(details["closed"], json!([["2026-03-20", "provided"], ["2026-03-19", "partial"]]));
        assert_eq!(actions(db, &case.id.to_string()).len(), 7);
    });
}

/// The closing that is counted is that of the first round, whose reply must say the same.
#[test]
fn an_amended_closing_is_that_of_the_first_reply() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let case = answer(db, &a_case(db, &agency, "2026-03-02"), "2026-03-20");
        let order = "聊政复〔2026〕8号行政复议决定".to_owned();
        let case = act(db, &case, "2026-06-02", &Command::Reopen { on: day("2026-06-01"), by: None, order });
        let case = act(db, &case, "2026-06-08", &Command::SubmitDraft(a_draft()));
        let amend = |on: &str| {
            Command::Amend(Amendment {
                closed: Some((day(on), Outcome::Partial)),
                reason: "登记有误".to_owned(),
                ..Amendment::default()
            })
        };
        let too_late = try_act(db, &case, "2026-06-09", &amend("2026-06-02"));
        assert_eq!(refused_fields(too_late), ["closed_on"]);
        let case = act(db, &case, "2026-06-09", &amend("2026-03-19"));
        assert_eq!(case.closed, Some((day("2026-03-19"), Outcome::Partial)));
        let replies = db.read(|conn| cases::replies(conn, case.id)).unwrap();
        let said: Vec<_> = replies.iter().map(|(round, it)| (*round, it.closed_on, it.outcome)).collect();
        assert_eq!(
            said,
            [(1, Some(day("2026-03-19")), Some(Outcome::Partial)), (2, None, Some(Outcome::Provided))]
        );
        assert_eq!(replies[0].1.delivery_method.as_deref(), Some("当面送达"));
    });
}
