//! An office to test with: agencies, people, applications and what is done with them.

use std::sync::OnceLock;

use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use gongkai::domain::applicant::ApplicantKind;
use gongkai::domain::calendar::WorkCalendar;
use gongkai::domain::case::{Case, Command, Draft, next_day};
use gongkai::domain::ids::{AgencyId, CaseId, UserId};
use gongkai::domain::letters::LetterDefaults;
use gongkai::domain::mail::MailPolicy;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::reminders::ReminderPolicy;
use gongkai::domain::request::{Channel, Request};
use gongkai::domain::response_clock::{ClockFacts, ClockSettings};
use gongkai::domain::workflow::{Policy, Role, Status};
use gongkai::service::access::add_agency::add_agency;
use gongkai::service::case::act_on_case::act_on_case;
use gongkai::service::case::open_case::{Sighted, sighted_case};
use gongkai::service::case::register_case::{RegisterCase, register_case};
use gongkai::service::{Caller, Rules, ServiceError};
use gongkai::storage::access::agencies;
use gongkai::storage::access::agencies::Agency;
use gongkai::storage::case::cases;
use gongkai::storage::case::cases::NewCase;
use gongkai::storage::{Db, DbConnection, StorageError, journal};

/// Runs statements, all or none, as somebody with the database in their hands can.
pub fn execute(db: &Db, sql: &str) -> Result<(), StorageError> {
    db.write(|conn| Ok(conn.batch_execute(sql)?))
}

/// A day, as `2026-03-02`.
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Everyone who works on cases, in one person.
pub const ALL_ROLES: &[Role] =
    &[Role::Clerk, Role::Handler, Role::LegalAdviser, Role::Approver, Role::Manager];

/// Somebody with these roles, at ten in the morning in Beijing.
pub fn actor_with(roles: &[Role], today: &str) -> Caller {
    let now = day(today).and_hms_opt(2, 0, 0).unwrap().and_utc();
    let mut caller = Caller { name: "李四".to_owned(), ..Caller::in_background(now) };
    caller.viewer.user = UserId::new();
    caller.viewer.roles = roles.to_vec();
    caller
}

/// Somebody who may do everything.
pub fn actor(today: &str) -> Caller {
    actor_with(ALL_ROLES, today)
}

/// The rules as they come, with the published calendar.
pub fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| Rules {
        policy: Policy::default(),
        clock: ClockSettings::default(),
        calendar: WorkCalendar::published(),
        mail: MailPolicy::default(),
        reminders: ReminderPolicy::default(),
        letters: LetterDefaults::default(),
    })
}

/// An agency of this code, under another or at the root.
pub fn an_agency(db: &Db, code: &str, parent: Option<&str>) -> Agency {
    db.write(|conn| add_agency(conn, &actor("2019-01-02"), code, &format!("{code}局"), parent)).unwrap()
}

/// An application handed in at the counter by a natural person.
pub fn an_application(agency: AgencyId, received_on: &str) -> RegisterCase {
    RegisterCase {
        agency,
        channel: Channel::InPerson,
        received_on: day(received_on),
        applicant_kind: ApplicantKind::NaturalPerson,
        applicant_name: "张三".to_owned(),
        request: Request {
            content: "东昌府区2025年征地补偿标准".to_owned(), ..Request::default()
        },
        department: None,
    }
}

/// Registers an application on the day it comes in.
pub fn a_case(db: &Db, agency: &Agency, received_on: &str) -> Case {
    let application = an_application(agency.agency_id(), received_on);
    db.write(|conn| register_case(conn, &actor(received_on), rules(), &application)).unwrap()
}

/// The case as somebody sees it who has come to work in its agency, and who that is.
pub fn sighted_by(
    conn: &mut DbConnection,
    caller: &Caller,
    case: CaseId,
) -> Result<(Caller, Sighted), ServiceError> {
    let case_agency = cases::fetch(conn, case)?.agency_id;
    let agency = agencies::by_id(conn, case_agency)?;
    let mut caller = caller.clone();
    (caller.viewer.agency, caller.viewer.agency_path) = (agency.agency_id(), agency.path);
    let sighted = sighted_case(conn, &caller, case)?;
    Ok((caller, sighted))
}

/// Acts on a case, as somebody of its agency last saw it.
pub fn act_as(
    conn: &mut DbConnection,
    caller: &Caller,
    case: &Case,
    command: &Command,
) -> Result<Case, ServiceError> {
    let (caller, sighted) = sighted_by(conn, caller, case.id)?;
    act_on_case(conn, &caller, rules(), &sighted, case.version, command)
}

/// Acts on a case as its caller last saw it.
pub fn try_act(db: &Db, case: &Case, today: &str, command: &Command) -> Result<Case, ServiceError> {
    db.write(|conn| act_as(conn, &actor(today), case, command))
}

/// Acts on a case, which must work.
#[track_caller]
pub fn act(db: &Db, case: &Case, today: &str, command: &Command) -> Case {
    try_act(db, case, today, command).unwrap()
}

/// A draft that provides the information.
pub fn a_draft() -> Draft {
    Draft {
        outcome: Outcome::Provided,
        particulars: [].into(),
        body: "经检索，现将您申请的信息提供给您。".to_owned(),
        reply_no: None,
    }
}

/// Takes a registered case through to the answer, in one day.
#[track_caller]
pub fn answer(db: &Db, case: &Case, on: &str) -> Case {
    let mut case = case.clone();
    if case.status == Status::Registered {
        case = act(db, &case, on, &Command::Claim);
    }
    case = act(db, &case, on, &Command::SubmitDraft(a_draft()));
    case = act(db, &case, on, &Command::Agree { opinion: "同意".to_owned() });
    case = act(db, &case, on, &Command::SignOff { reply_no: Some("聊公开〔2026〕3号".to_owned()) });
    act(db, &case, on, &Command::Issue { on: day(on), method: "当面送达".to_owned(), tracking_no: None })
}

/// A case as storage takes it, open or closed, without going through the workflow.
pub fn a_stored_case(
    agency: AgencyId,
    case_no: &str,
    kind: ApplicantKind,
    received_on: NaiveDate,
    closed: Option<(NaiveDate, Outcome)>,
) -> NewCase {
    let mut clock = ClockFacts::received(received_on);
    clock.closed_on = closed.map(|(on, _)| on);
    let case = Case {
        id: CaseId::new(),
        agency_id: agency,
        case_no: case_no.to_owned(),
        version: 1,
        status: if closed.is_some() { Status::Answered } else { Status::Handled },
        channel: None,
        received_on,
        applicant_kind: kind,
        applicant_name: "王五".to_owned(),
        department_id: None,
        handler_id: None,
        round: 1,
        closed,
        clock,
        reply: None,
    };
    let next = next_day(&case.clock, &rules().calendar, &rules().clock, received_on);
    NewCase {
        case,
        request: Request::default(),
        next,
        registered_at: received_on.and_hms_opt(1, 0, 0).unwrap().and_utc(),
    }
}

/// A case as it is kept.
pub fn stored(db: &Db, case: CaseId) -> Case {
    db.read(|conn| cases::fetch(conn, case)).unwrap()
}

/// What has been done to a subject, oldest first.
pub fn actions(db: &Db, subject: &str) -> Vec<String> {
    let entries = db.read(|conn| journal::history(conn, subject)).unwrap();
    entries.into_iter().map(|it| it.action).collect()
}

/// The change came too late: somebody else came first.
#[track_caller]
pub fn check_stale<T: std::fmt::Debug>(result: Result<T, impl Into<ServiceError>>) {
    match result.map_err(Into::into) {
        Err(ServiceError::Stale) => {}
        other => panic!("not stale: {other:?}"),
    }
}

/// The number or name is taken.
#[track_caller]
pub fn check_conflict<T: std::fmt::Debug>(result: Result<T, impl Into<ServiceError>>) {
    match result.map_err(Into::into) {
        Err(ServiceError::Storage(StorageError::Conflict)) => {}
        other => panic!("no conflict: {other:?}"),
    }
}
