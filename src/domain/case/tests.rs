use chrono::NaiveDate;

use super::*;
use crate::domain::request::Request;
use crate::domain::response_clock::Party;
use crate::domain::workflow::{Action, Policy, Role, WorkflowError};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A case received on Monday, 2 March 2026, in a handler's hands.
fn a_case() -> Case {
    Case {
        id: CaseId::new(),
        agency_id: AgencyId(1),
        case_no: "2026-0001".to_owned(),
        version: 1,
        status: Status::Handled,
        channel: Some(Channel::InPerson),
        received_on: day("2026-03-02"),
        applicant_kind: ApplicantKind::NaturalPerson,
        applicant_name: "张三".to_owned(),
        department_id: None,
        handler_id: None,
        round: 1,
        closed: None,
        clock: ClockFacts::received(day("2026-03-02")),
        reply: None,
    }
}

/// Everyone's roles at once: these tests are about facts, not permissions.
const ALL_ROLES: &[Role] = &[Role::Clerk, Role::Handler, Role::LegalAdviser, Role::Approver, Role::Manager];

fn apply(case: &Case, today: &str, command: &Command) -> Result<Case, CaseError> {
    let (policy, calendar, clock) = (Policy::default(), WorkCalendar::published(), ClockSettings::default());
    let context = Context {
        user: UserId::new(),
        roles: ALL_ROLES,
        today: day(today),
        policy: &policy,
        calendar: &calendar,
        clock: &clock,
    };
    case.apply(command, &context).map(|it| it.case)
}

/// The fields a command is refused at.
#[track_caller]
fn check_refused(case: &Case, today: &str, command: &Command, fields: &[&str]) {
    match apply(case, today, command) {
        Err(CaseError::Refused(refusals)) => {
            let found: Vec<_> = refusals.iter().map(|it| it.field.clone()).collect();
            assert_eq!(found, fields, "{refusals:?}");
        }
        other => panic!("not refused: {other:?}"),
    }
}

fn correction(notified_on: &str, reply_by: &str) -> Command {
    Command::RequestCorrection { notified_on: day(notified_on), reply_by: day(reply_by) }
}

fn draft(outcome: Outcome, particulars: &[(Particular, &str)]) -> Command {
    Command::SubmitDraft(Draft {
        outcome,
        particulars: particulars.iter().map(|(it, text)| (*it, (*text).to_owned())).collect(),
        body: "答复如下。".to_owned(),
        reply_no: None,
    })
}

#[test]
fn a_correction_is_asked_for_once_and_within_seven_working_days() {
    let case = a_case();
    // The seventh working day after 2 March is 11 March.
    assert!(apply(&case, "2026-03-11", &correction("2026-03-11", "2026-03-25")).is_ok());
    check_refused(&case, "2026-03-12", &correction("2026-03-12", "2026-03-25"), &["notified_on"]);
    let asked = apply(&case, "2026-03-05", &correction("2026-03-05", "2026-03-20")).unwrap();
    check_refused(&asked, "2026-03-06", &correction("2026-03-06", "2026-03-20"), &[""]);
}

#[test]
fn days_must_have_come_and_not_lie_before_receipt() {
    let case = a_case();
    check_refused(&case, "2026-03-04", &correction("2026-03-05", "2026-03-20"), &["notified_on"]);
    check_refused(&case, "2026-03-04", &correction("2026-03-01", "2026-03-20"), &["notified_on"]);
}

#[test]
fn extensions_add_up_to_twenty_working_days() {
    let extend = |days| Command::Extend { notified_on: day("2026-03-10"), working_days: days };
    let case = apply(&a_case(), "2026-03-10", &extend(12)).unwrap();
    assert!(apply(&case, "2026-03-10", &extend(8)).is_ok());
    check_refused(&case, "2026-03-10", &extend(9), &["working_days"]);
    check_refused(&case, "2026-03-10", &extend(0), &["working_days"]);
    // The period runs out on 30 March.
    let late = Command::Extend { notified_on: day("2026-03-31"), working_days: 5 };
    check_refused(&a_case(), "2026-03-31", &late, &["working_days"]);
}

/// The fault of an older fact is no reason to refuse another one.
#[test]
fn a_measure_is_refused_for_its_own_faults_only() {
    let extend = |on, days| Command::Extend { notified_on: day(on), working_days: days };
    let fee = |on| Command::NoticeFee { sent_on: day(on), delivered_on: None, amount: "60".to_owned() };
    let case = apply(&a_case(), "2026-03-10", &extend("2026-03-10", 10)).unwrap();
    // On the day of the extension: the notice ends the period the extension was granted in.
    let asked = apply(&case, "2026-03-10", &fee("2026-03-10")).unwrap();
    assert!(asked.clock.fee.is_some());
    // The other way round the extension has no effect, and its own words say why.
    let asked = apply(&a_case(), "2026-03-10", &fee("2026-03-10")).unwrap();
    match apply(&asked, "2026-03-10", &extend("2026-03-10", 10)) {
        Err(CaseError::Refused(refusals)) => {
            assert_eq!(refusals.len(), 1);
            assert_eq!(refusals[0].field, "working_days");
            assert!(refusals[0].message.starts_with("延长答复期限时"), "{}", refusals[0].message);
        }
        other => panic!("not refused: {other:?}"),
    }
    // An extension nobody approved, from an old register, does not bar what comes after it.
    let mut old = a_case();
    old.clock.extensions.push(crate::domain::response_clock::Extension {
        approved_on: None,
        notified_on: day("2026-03-04"),
        working_days: 5,
    });
    assert!(apply(&old, "2026-03-10", &fee("2026-03-10")).is_ok());
    assert!(apply(&old, "2026-03-05", &correction("2026-03-05", "2026-03-20")).is_ok());
    assert!(apply(&old, "2026-03-10", &extend("2026-03-10", 20)).is_ok());
    check_refused(&old, "2026-03-10", &extend("2026-03-10", 21), &["working_days"]);
    // A second extension on the day of one that was over the cap is over it too.
    let mut over = a_case();
    over.clock.extensions.push(crate::domain::response_clock::Extension {
        approved_on: Some(day("2026-03-10")),
        notified_on: day("2026-03-10"),
        working_days: 25,
    });
    check_refused(&over, "2026-03-10", &extend("2026-03-10", 5), &["working_days"]);
}

#[test]
fn a_draft_states_what_its_outcome_demands() {
    check_refused(
        &a_case(),
        "2026-03-10",
        &draft(Outcome::Duplicate, &[]),
        &["earlier_reply_no", "earlier_reply_on"],
    );
    let stated =
        [(Particular::EarlierReplyNo, "聊公开〔2026〕1号"), (Particular::EarlierReplyOn, "2026年1月5日")];
    let case = apply(&a_case(), "2026-03-10", &draft(Outcome::Duplicate, &stated)).unwrap();
    assert_eq!(case.status, Status::UnderReview);
}

/// The road from draft to reply, with the counted facts at its end.
#[test]
fn delivery_closes_the_case() {
    let case = apply(&a_case(), "2026-03-10", &draft(Outcome::Provided, &[])).unwrap();
    let case = apply(&case, "2026-03-11", &Command::Agree { opinion: "同意".to_owned() }).unwrap();
    let case =
        apply(&case, "2026-03-12", &Command::SignOff { reply_no: Some("聊公开〔2026〕3号".to_owned()) })
            .unwrap();
    let issue = Command::Issue {
        on: day("2026-03-13"),
        method: "邮政特快专递".to_owned(),
        tracking_no: Some("1234567890123".to_owned()),
    };
    let case = apply(&case, "2026-03-13", &issue).unwrap();
    assert_eq!(case.status, Status::Answered);
    assert_eq!(case.closed, Some((day("2026-03-13"), Outcome::Provided)));
    assert_eq!(case.counted().closed_on(), case.clock.closed_on);
    assert_eq!(case.version, 5);
    let reply = case.reply.as_ref().unwrap();
    assert_eq!(
        (reply.legal_reviewed_on, reply.signed_off_on),
        (Some(day("2026-03-11")), Some(day("2026-03-12")))
    );
    let signed_for = |on| Command::RecordDelivery { signed_for_on: day(on) };
    check_refused(&case, "2026-03-20", &signed_for("2026-03-12"), &["signed_for_on"]);
    assert!(apply(&case, "2026-03-20", &signed_for("2026-03-16")).is_ok());
}

#[test]
fn an_uncorrected_application_is_ended_after_its_period_only() {
    let end = |on| Command::EndUncorrected { on: day(on) };
    check_refused(&a_case(), "2026-03-20", &end("2026-03-20"), &[""]);
    let case = apply(&a_case(), "2026-03-05", &correction("2026-03-05", "2026-03-20")).unwrap();
    check_refused(&case, "2026-03-23", &end("2026-03-20"), &["on"]);
    let ended = apply(&case, "2026-03-23", &end("2026-03-23")).unwrap();
    assert_eq!(ended.status, Status::Ended);
    assert_eq!(ended.closed, Some((day("2026-03-23"), Outcome::NoCorrection)));
}

#[test]
fn an_opinion_that_came_late_is_still_recorded() {
    let consult = Command::Consult {
        party: Party::ThirdParty,
        name: "某公司".to_owned(),
        sent_on: day("2026-03-03"),
        delivered_on: Some(day("2026-03-05")),
    };
    let case = apply(&a_case(), "2026-03-05", &consult).unwrap();
    let opinion = |id| Command::ReceiveOpinion { id, returned_on: day("2026-04-20"), consent: Some(false) };
    let case = apply(&case, "2026-04-20", &opinion(1)).unwrap();
    assert_eq!(case.clock.consultations[0].consent, Some(false));
    check_refused(&case, "2026-04-20", &opinion(1), &["id"]);
}

/// A new reply that was ordered is a new round; what the year counted stays counted.
#[test]
fn a_new_round_is_not_counted_again() {
    let mut case = a_case();
    case.status = Status::Answered;
    case.closed = Some((day("2026-03-13"), Outcome::NotExisting));
    let reopen =
        Command::Reopen {
            on: day("2026-06-01"), by: None, order: "聊政复决字〔2026〕8号".to_owned()
        };
    let case = apply(&case, "2026-06-01", &reopen).unwrap();
    assert_eq!((case.round, case.status), (2, Status::Handled));
    let case = apply(&case, "2026-06-10", &draft(Outcome::Provided, &[])).unwrap();
    let case = apply(&case, "2026-06-11", &Command::Agree { opinion: String::new() }).unwrap();
    let case = apply(&case, "2026-06-11", &Command::SignOff { reply_no: None }).unwrap();
    let issue = Command::Issue { on: day("2026-06-12"), method: "当面".to_owned(), tracking_no: None };
    let case = apply(&case, "2026-06-12", &issue).unwrap();
    assert_eq!(case.closed, Some((day("2026-03-13"), Outcome::NotExisting)));
    assert_eq!(case.reply.unwrap().closed_on, Some(day("2026-06-12")));
}

#[test]
fn the_workflow_refuses_first() {
    let sign = Command::SignOff { reply_no: None };
    assert_eq!(
        apply(&a_case(), "2026-03-10", &sign),
        Err(CaseError::Workflow(WorkflowError::WrongStatus {
            action: Action::SignOff,
            status: Status::Handled
        }))
    );
}

#[test]
fn an_amendment_says_why_and_keeps_the_order_of_dates() {
    let mut case = a_case();
    case.status = Status::Answered;
    case.closed = Some((day("2026-03-13"), Outcome::Provided));
    let amend = |received_on, reason: &str| {
        Command::Amend(Amendment {
            received_on: Some(day(received_on)),
            reason: reason.to_owned(),
            ..Amendment::default()
        })
    };
    check_refused(&case, "2026-04-01", &amend("2026-03-01", ""), &["reason"]);
    check_refused(&case, "2026-04-01", &amend("2026-03-16", "登记有误"), &["received_on"]);
    let amended = apply(&case, "2026-04-01", &amend("2026-02-27", "登记有误")).unwrap();
    assert_eq!(amended.counted().received_on, day("2026-02-27"));
    assert_eq!(amended.clock.start.on(), day("2026-02-27"));
}

#[test]
fn an_application_becomes_a_case_by_either_way() {
    let (policy, calendar, clock) = (Policy::default(), WorkCalendar::published(), ClockSettings::default());
    let context = |roles, today: &str| Context {
        user: UserId::new(),
        roles,
        today: day(today),
        policy: &policy,
        calendar: &calendar,
        clock: &clock,
    };
    let application = |channel, name: &str, content: &str| RegisterCase {
        agency: AgencyId(1),
        channel,
        received_on: day("2026-03-02"),
        applicant_kind: ApplicantKind::NaturalPerson,
        applicant_name: name.to_owned(),
        request: Request { content: content.to_owned(), ..Request::default() },
        department: None,
    };
    let receive = |application: &RegisterCase, roles, today: &str| {
        Case::received("2026-0001".to_owned(), application, &context(roles, today)).map(|it| it.case)
    };
    let whole = application(Channel::InPerson, " 张三 ", "征地补偿标准");
    let case = receive(&whole, ALL_ROLES, "2026-03-02").unwrap();
    assert_eq!((case.status, case.applicant_name.as_str()), (Status::Registered, "张三"));
    assert_eq!((case.channel, case.clock.channel), (Some(Channel::InPerson), Some(Channel::InPerson)));
    let unconfirmed = application(Channel::Web, "张三", "征地补偿标准");
    assert_eq!(receive(&unconfirmed, ALL_ROLES, "2026-03-02").unwrap().status, Status::Received);
    let action = Action::Register;
    let refused = receive(&whole, &[Role::Handler], "2026-03-02");
    assert_eq!(refused, Err(CaseError::Workflow(WorkflowError::NotPermitted { action })));
    let Err(CaseError::Refused(refusals)) =
        receive(&application(Channel::Oral, "", " "), ALL_ROLES, "2026-03-01")
    else {
        panic!("not refused");
    };
    let fields: Vec<_> = refusals.iter().map(|it| it.field.as_ref()).collect();
    assert_eq!(fields, ["applicant_name", "content", "received_on"]);
}
