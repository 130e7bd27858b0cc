//! Who is written to, of what, and once: acts, reminders, the morning's list, applicants.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use gongkai::config::{Settings, Sources};
use gongkai::domain::case::{Case, Command};
use gongkai::domain::ids::LetterId;
use gongkai::domain::job::Job;
use gongkai::domain::letters::LetterKind;
use gongkai::domain::mail::{BY_EMAIL, MailKind, MailPolicy, MailState};
use gongkai::domain::request::{Channel, PreferredForm, Request};
use gongkai::domain::response_clock::Party;
use gongkai::domain::workflow::Status;
use gongkai::jobs::run_now;
use gongkai::service::access::accounts::{MailChoice, set_own_mail};
use gongkai::service::case::act_on_case::act_on_case;
use gongkai::service::case::open_case::sighted_case;
use gongkai::service::case::register_case::register_case;
use gongkai::service::mail::mail_to_applicant;
use gongkai::service::{Caller, Rules, ServiceError};
use gongkai::storage::case::cases;
use gongkai::storage::case::letters;
use gongkai::storage::case::letters::{IssuedLetter, NewLetter};
use gongkai::storage::mail::outbox;
use gongkai::storage::mail::outbox::{Attempt, MessageLine, Wanted};
use gongkai::storage::mail::readers;
use gongkai::storage::upkeep::job_runs;
use gongkai::storage::{Db, StorageError, journal};
use sha2::{Digest, Sha256};

use crate::support::office::{an_application, day, execute};
use crate::support::web::{TestApp, rules, settings};
use crate::support::{TestDatabase, on_both, smtp};

/// The office of the web tests with addresses for everybody, and mail on.
async fn an_office(database: TestDatabase) -> TestApp {
    let app = TestApp::with(database, settings()).await;
    for (login, id) in &app.users {
        let address = format!("{}@example.gov.cn", login.replace('_', "."));
        app.db().write(|conn| readers::set_address(conn, *id, Some(&address))).unwrap();
    }
    app.app.set_rules(with_mail());
    app
}

fn with_mail() -> Rules {
    let public_url = "https://gk.example.gov.cn".to_owned();
    Rules { mail: MailPolicy { is_on: true, public_url, ..MailPolicy::default() }, ..rules() }
}

fn databases() -> Vec<TestDatabase> {
    [Some(TestDatabase::sqlite()), TestDatabase::postgres()].into_iter().flatten().collect()
}

fn all(db: &Db) -> Vec<MessageLine> {
    let wanted = Wanted { path: "/".to_owned(), ..Wanted::default() };
    let mut lines = db.read(|conn| outbox::list(conn, &wanted, 10_000)).unwrap();
    lines.reverse();
    lines
}

/// Kind and address of every message, in the order they were written.
fn written(db: &Db) -> Vec<String> {
    all(db).iter().map(|it| format!("{} {}", code(it.kind.0), it.address)).collect()
}

fn code(kind: MailKind) -> &'static str {
    use gongkai::domain::labels::Coded;
    kind.code()
}

fn text(db: &Db, line: &MessageLine) -> String {
    let (subject, body) = db.read(|conn| outbox::text_of(conn, &line.id)).unwrap();
    format!("{subject}\n{body}")
}

fn forget(db: &Db) {
    execute(db, "DELETE FROM told; DELETE FROM outbox").unwrap();
}

#[actix_web::test]
async fn whoever_has_something_to_do_is_told_with_the_act() {
    for database in databases() {
        let app = an_office(database).await;
        let db = app.db();
        app.case_at("万源小区三期征收补偿方案", Status::AwaitingIssue);
        assert_eq!(
            written(db),
            [
                "assigned handler@example.gov.cn",
                "assigned legal.adviser@example.gov.cn",
                "assigned approver@example.gov.cn",
                "assigned clerk@example.gov.cn",
            ]
        );
        for line in all(db) {
            let text = text(db, &line);
            assert!(text.contains(line.case_no.as_deref().unwrap()), "{text}");
            assert!(text.contains("https://gk.example.gov.cn/cases/"), "{text}");
            assert!(!text.contains("王建国") && !text.contains("万源小区"), "no personal data: {text}");
        }
        let case = app.case_at("另一件", Status::UnderReview);
        forget(db);
        app.act("legal_adviser", &case, &Command::ReturnDraft { opinion: "王建国的理由不足".to_owned() })
            .unwrap();
        assert_eq!(written(db), ["returned handler@example.gov.cn"]);
        assert!(!text(db, &all(db)[0]).contains("王建国"), "opinions stay in the file");
        let case = app.case_now(&case);
        app.act("handler", &case, &Command::GiveBack { reason: "不属于本科室".to_owned() }).unwrap();
        assert_eq!(written(db)[1..], ["returned clerk@example.gov.cn"]);
        forget(db);
        // Nobody in particular: everybody of the department, but not of another one.
        let command = Command::Assign { department: app.departments[1], handler: None };
        app.act("clerk", &case, &command).unwrap();
        assert_eq!(written(db), ["assigned other.handler@example.gov.cn"]);
    }
}

#[actix_web::test]
async fn a_message_is_kept_with_its_act_or_not_at_all() {
    let app = an_office(TestDatabase::sqlite()).await;
    let case = app.register("测绘成果");
    let actor = app.actor("clerk");
    let command = Command::Assign { department: app.departments[0], handler: Some(app.users["handler"]) };
    let undone = app.db().write(|conn| -> Result<(), ServiceError> {
        let sighted = sighted_case(conn, &actor, case.id)?;
        act_on_case(conn, &actor, &app.app.rules(), &sighted, case.version, &command)?;
        assert_eq!(outbox::count_by_state(conn, "/")?.len(), 1);
        Err(StorageError::Conflict.into())
    });
    assert!(undone.is_err());
    assert_eq!(written(app.db()), [""; 0]);
}

#[actix_web::test]
async fn readers_choose_where_the_office_lets_them() {
    let app = an_office(TestDatabase::sqlite()).await;
    let (db, handler) = (app.db(), app.actor("handler"));
    let mut rules = with_mail();
    let choice = MailChoice { address: "li@example.gov.cn".to_owned(), muted: vec![MailKind::Assigned] };
    set_own_mail(db, &handler, &rules, &choice).unwrap();
    app.case_at("甲", Status::Handled);
    assert_eq!(written(db), [""; 0]);
    // The office takes the choice back.
    rules.mail.may_be_muted.clear();
    app.app.set_rules(rules.clone());
    app.case_at("乙", Status::Handled);
    assert_eq!(written(db), ["assigned li@example.gov.cn"]);
    set_own_mail(db, &handler, &rules, &choice).unwrap();
    assert!(db.read(|conn| readers::muted(conn, handler.viewer.user)).unwrap().is_empty());
    let err = set_own_mail(db, &handler, &rules, &MailChoice { address: "li@".to_owned(), muted: vec![] });
    assert!(err.unwrap_err().to_string().contains("不是有效的电子邮箱地址"));
    // Another address takes what has not been sent; none takes all future mail away.
    let moved = MailChoice { address: "limin@example.gov.cn".to_owned(), muted: vec![] };
    set_own_mail(db, &handler, &rules, &moved).unwrap();
    assert_eq!(written(db), ["assigned limin@example.gov.cn"]);
    set_own_mail(db, &handler, &rules, &MailChoice::default()).unwrap();
    app.case_at("丙", Status::Handled);
    assert_eq!(all(db).len(), 1);
    rules.mail.names_applicants = true;
    app.app.set_rules(rules);
    app.case_at("丁", Status::UnderReview);
    assert!(text(db, &all(db)[1]).contains("申请人：王建国"), "where the office wants it");
    execute(db, "UPDATE accounts SET is_disabled = TRUE WHERE login = 'approver'").unwrap();
    let n_before = all(db).len();
    app.case_at("戊", Status::AwaitingSignOff);
    assert!(!written(db)[n_before..].iter().any(|it| it.contains("approver")), "{:?}", written(db));
}

/// Settings with mail on, for jobs.
fn job_settings() -> Settings {
    let environment = [("GONGKAI__MAIL__ENABLED", "true")];
    let environment = environment.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    Settings::load(&Sources { environment, ..Sources::default() }).unwrap()
}

/// Half past eight in the morning in Beijing.
fn morning(day: NaiveDate) -> DateTime<Utc> {
    day.and_hms_opt(0, 30, 0).unwrap().and_utc()
}

/// A case of the office, received on a day and given to the handler on the next.
fn a_case(app: &TestApp, received_on: &str) -> Case {
    let on = |login: &str, day: NaiveDate| Caller { now: morning(day), ..app.actor(login) };
    let received = day(received_on);
    let command = an_application(app.agency.agency_id(), received_on);
    let (clerk, rules) = (on("clerk", received), app.app.rules());
    let command_assign =
        Command::Assign { department: app.departments[0], handler: Some(app.users["handler"]) };
    app.db()
        .write(|conn| {
            let case = register_case(conn, &clerk, &rules, &command)?;
            let sighted = sighted_case(conn, &clerk, case.id)?;
            act_on_case(conn, &clerk, &rules, &sighted, case.version, &command_assign)
        })
        .unwrap()
}

/// Runs a job every day, and counts what each person got of each kind.
fn run_daily(app: &TestApp, job: Job, days: impl IntoIterator<Item = NaiveDate>) -> BTreeMap<String, usize> {
    for day in days {
        run_now(app.db(), &job_settings(), job, morning(day)).unwrap();
    }
    let mut counts = BTreeMap::new();
    for it in written(app.db()) {
        *counts.entry(it).or_default() += 1;
    }
    counts
}

fn days(from: &str, n: usize) -> impl Iterator<Item = NaiveDate> {
    day(from).iter_days().take(n)
}

#[actix_web::test]
async fn reminders_are_written_once_whoever_looks_and_however_often() {
    for database in databases() {
        let app = an_office(database).await;
        a_case(&app, "2026-03-02");
        forget(app.db());
        let twice = days("2026-03-03", 60).flat_map(|it| [it, it]);
        let counts = run_daily(&app, Job::Reminders, twice);
        let expected = [
            ("due_soon approver@example.gov.cn", 1),
            ("due_soon clerk@example.gov.cn", 1),
            ("due_soon handler@example.gov.cn", 3),
            ("escalation approver@example.gov.cn", 1),
            ("overdue handler@example.gov.cn", 1),
        ];
        let expected: BTreeMap<_, _> = expected.iter().map(|(it, n)| ((*it).to_owned(), *n)).collect();
        assert_eq!(counts, expected);
        for line in all(app.db()) {
            let text = text(app.db(), &line);
            assert!(text.contains(line.case_no.as_deref().unwrap()) && !text.contains("张三"), "{text}");
        }
    }
}

#[actix_web::test]
async fn after_a_week_without_a_run_one_mail_tells_how_it_stands() {
    let app = an_office(TestDatabase::sqlite()).await;
    a_case(&app, "2026-03-02");
    forget(app.db());
    // Due on 30 March; nothing ran from the 20th to the 27th.
    let counts = run_daily(&app, Job::Reminders, [day("2026-03-19"), day("2026-03-27")]);
    assert_eq!(counts["due_soon handler@example.gov.cn"], 1, "{counts:?}");
    let of_handler = all(app.db()).into_iter().find(|it| it.address.starts_with("handler")).unwrap();
    assert!(text(app.db(), &of_handler).contains("还剩1个工作日"));
}

#[actix_web::test]
async fn many_at_once_become_one_message() {
    let app = an_office(TestDatabase::sqlite()).await;
    for _ in 0..12 {
        a_case(&app, "2026-03-02");
    }
    forget(app.db());
    // Mail is turned on long after.
    let counts = run_daily(&app, Job::Reminders, [day("2026-06-01"), day("2026-06-02")]);
    assert_eq!(counts["overdue handler@example.gov.cn"], 1, "{counts:?}");
    assert_eq!(counts["escalation approver@example.gov.cn"], 1, "{counts:?}");
    let one = all(app.db()).into_iter().find(|it| it.kind.0 == MailKind::Overdue).unwrap();
    assert!(text(app.db(), &one).contains("答复已超期：12件"), "{}", text(app.db(), &one));
    // One more is a fact of its own.
    a_case(&app, "2026-05-06");
    let counts = run_daily(&app, Job::Reminders, [day("2026-06-08")]);
    assert_eq!(counts["overdue handler@example.gov.cn"], 2, "{counts:?}");
}

#[actix_web::test]
async fn the_morning_has_its_list_on_working_days() {
    for database in databases() {
        let app = an_office(database).await;
        let case = a_case(&app, "2026-03-02");
        forget(app.db());
        // Thursday to Wednesday, each day twice.
        let week = days("2026-03-05", 7).flat_map(|it| [it, it]);
        let counts = run_daily(&app, Job::Digest, week);
        assert_eq!(counts["digest handler@example.gov.cn"], 5, "{counts:?}");
        assert!(!counts.contains_key("digest administrator@example.gov.cn"), "an administrator sees no case");
        let one = all(app.db()).into_iter().find(|it| it.address.starts_with("handler")).unwrap();
        let text = text(app.db(), &one);
        assert!(text.contains(&case.case_no) && text.contains("3月30日到期，还剩17个工作日"), "{text}");
        assert!(!text.contains("张三"), "{text}");
        let run = |at: &str| run_now(app.db(), &job_settings(), Job::Digest, at.parse().unwrap()).unwrap();
        assert_eq!(run("2026-03-12T05:00:00Z"), "已过上午，今天不再写");
        assert_eq!(run("2026-03-11T23:00:00Z"), "还没有到时间");
        assert_eq!(run("2026-03-14T01:00:00Z"), "今天不上班，不写");
        // The same instant is Thursday evening in London and Friday morning in Beijing.
        assert!(run("2026-03-13T00:00:00Z").starts_with("写出清单"));
    }
}

#[actix_web::test]
async fn days_are_those_of_beijing_and_the_year_turns() {
    let app = an_office(TestDatabase::sqlite()).await;
    // Due on 2027-01-06 by the provisional calendar.
    a_case(&app, "2026-12-08");
    forget(app.db());
    let run = |at: &str| run_now(app.db(), &job_settings(), Job::Reminders, at.parse().unwrap()).unwrap();
    // In December next year's holiday notice is missing, which is told once.
    assert_eq!(run("2026-12-28T02:00:00Z"), "写出提醒3封");
    // 23:59 on 28 December in Beijing, then after midnight: five working days are left from the 29th on.
    let before = run("2026-12-28T15:59:00Z");
    let after = run("2026-12-28T16:01:00Z");
    assert_eq!((before.as_str(), after.as_str()), ("写出提醒0封", "写出提醒1封"));
    let counts = run_daily(&app, Job::Reminders, days("2026-12-30", 20));
    assert_eq!(counts["due_soon handler@example.gov.cn"], 3, "{counts:?}");
    assert_eq!(counts["overdue handler@example.gov.cn"], 1);
    assert!(
        counts["report clerk@example.gov.cn"] >= 1,
        "last year's report is due on 31 January: {counts:?}"
    );
    let report = all(app.db()).into_iter().find(|it| it.kind.0 == MailKind::Report).unwrap();
    assert!(text(app.db(), &report).contains("2026年度政府信息公开工作年度报告"));
    let near = all(app.db()).into_iter().find(|it| it.kind.0 == MailKind::DueSoon).unwrap();
    assert!(text(app.db(), &near).contains("（暂定）"));
}

#[actix_web::test]
async fn lists_follow_the_clock_when_an_opinion_lapses() {
    for database in databases() {
        let app = an_office(database).await;
        let case = a_case(&app, "2026-03-02");
        let handler = Caller { now: morning(day("2026-03-04")), ..app.actor("handler") };
        let consult = Command::Consult {
            party: Party::ThirdParty,
            name: "某公司".to_owned(),
            sent_on: day("2026-03-04"),
            delivered_on: None,
        };
        app.db()
            .write(|conn| {
                let sighted = sighted_case(conn, &handler, case.id)?;
                act_on_case(conn, &handler, &app.app.rules(), &sighted, case.version, &consult)
            })
            .unwrap();
        let waiting = |db: &Db| {
            let page = db.read(|conn| cases::cached_days(conn, None, false, "", 10)).unwrap();
            page[0].next.waiting_for.is_some()
        };
        assert!(waiting(app.db()));
        let run = |on: &str| {
            let midnight = day(on).and_hms_opt(0, 0, 30).unwrap() - chrono::TimeDelta::hours(8);
            run_now(app.db(), &job_settings(), Job::DueDays, midnight.and_utc()).unwrap()
        };
        // The opinion lapses on the 15th working day after 4 March, the 25th.
        assert_eq!(run("2026-03-24"), "到期日没有变化");
        assert!(waiting(app.db()));
        assert_eq!(run("2026-03-25"), "1件申请的到期日有变化，已更新");
        assert!(!waiting(app.db()));
        assert_eq!(run("2026-03-25"), "到期日没有变化", "twice is as good as once");
    }
}

/// An application that asks for e-mail.
fn by_email(app: &TestApp, channel: Channel) -> gongkai::service::case::register_case::RegisterCase {
    let mut command = an_application(app.agency.agency_id(), "2026-03-02");
    command.channel = channel;
    command.request = Request {
        preferred_form: Some(PreferredForm::Email),
        email: Some("zhangsan@example.com".to_owned()),
        ..command.request
    };
    command
}

#[actix_web::test]
async fn applicants_who_asked_for_it_are_written_to() {
    for database in databases() {
        let app = an_office(database).await;
        let (db, rules) = (app.db(), app.app.rules());
        let on = |login: &str, text: &str| Caller { now: morning(day(text)), ..app.actor(login) };
        let register = |command: &_| {
            db.write(|conn| register_case(conn, &on("clerk", "2026-03-02"), &rules, command)).unwrap()
        };
        let act = |caller: &Caller, case: &Case, command: &Command| {
            db.write(|conn| {
                let sighted = sighted_case(conn, caller, case.id)?;
                act_on_case(conn, caller, &rules, &sighted, case.version, command)
            })
        };
        let case = register(&by_email(&app, Channel::InPerson));
        assert_eq!(written(db), ["receipt zhangsan@example.com"]);
        let receipt = text(db, &all(db)[0]);
        assert!(receipt.contains(&case.case_no) && receipt.contains("2026年3月30日"), "{receipt}");
        forget(db);
        // An application by e-mail is confirmed first; paper is not mail.
        let web = register(&by_email(&app, Channel::Web));
        let mut on_paper = by_email(&app, Channel::InPerson);
        on_paper.request.preferred_form = Some(PreferredForm::Paper);
        register(&on_paper);
        assert_eq!(written(db), [""; 0]);
        let clerk = on("clerk", "2026-03-03");
        let confirm = Command::Register { confirmed_on: day("2026-03-03"), how: "电话".to_owned() };
        act(&clerk, &web, &confirm).unwrap();
        assert_eq!(written(db), ["receipt zhangsan@example.com"]);
        forget(db);
        let correction =
            Command::RequestCorrection { notified_on: day("2026-03-03"), reply_by: day("2026-03-18") };
        act(&clerk, &case, &correction).unwrap();
        assert_eq!(written(db), ["correction_notice zhangsan@example.com"]);
        let notice = text(db, &all(db)[0]);
        assert!(notice.contains("2026年3月18日") && notice.contains("视为放弃申请"), "{notice}");
        forget(db);
        let approver = on("approver", "2026-03-20");
        let web = db.read(|conn| cases::fetch(conn, web.id)).unwrap();
        let extend = Command::Extend { notified_on: day("2026-03-20"), working_days: 10 };
        act(&approver, &web, &extend).unwrap();
        let notice = text(db, &all(db)[0]);
        assert!(notice.contains("延长答复期限 10 个工作日") && notice.contains("2026年4月15日"), "{notice}");
    }
}

/// A case whose reply has been sent by e-mail, and the message.
fn a_reply_by_email(app: &TestApp) -> (Case, MessageLine) {
    let case = app.case_at("万源小区", Status::AwaitingIssue);
    let request = Request { email: Some("zhangsan@example.com".to_owned()), ..Request::default() };
    app.db().write(|conn| cases::update_request(conn, case.id, &request)).unwrap();
    forget(app.db());
    let issue =
        Command::Issue { on: app.actor("clerk").today(), method: BY_EMAIL.to_owned(), tracking_no: None };
    let case = app.act("clerk", &case, &issue).unwrap();
    let line = all(app.db()).pop().unwrap();
    assert_eq!((line.kind.0, line.address.as_str()), (MailKind::Reply, "zhangsan@example.com"));
    (case, line)
}

/// Claims the message that waits, and notes what came of it as the sender does.
fn deliver(app: &TestApp, attempt: &Attempt) {
    let (db, now) = (app.db(), Utc::now());
    let system = Caller::in_background(now);
    let until = now + chrono::TimeDelta::seconds(30);
    db.write(|conn| -> Result<(), ServiceError> {
        let claimed = outbox::claim_next(conn, "p", "example.gov.cn", now, until)?.unwrap();
        assert!(outbox::note_attempt(conn, &claimed.id, "p", now, attempt)?);
        match attempt {
            Attempt::Failed { error } => {
                mail_to_applicant::note_failed(conn, &system, &app.app.rules(), &claimed, error)
            }
            _ => mail_to_applicant::note_sent(conn, &system, &claimed),
        }
    })
    .unwrap();
}

#[actix_web::test]
async fn a_reply_that_was_sent_is_recorded_as_the_fact_it_is() {
    for database in databases() {
        let app = an_office(database).await;
        let (case, line) = a_reply_by_email(&app);
        assert!(text(app.db(), &line).contains("经查，您申请的信息予以公开。"));
        deliver(&app, &Attempt::Sent);
        let history = app.db().read(|conn| journal::history(conn, &case.id.to_string())).unwrap();
        let last = history.last().unwrap();
        assert_eq!((last.action.as_str(), last.actor.as_str()), ("mail_sent", "系统"));
        assert!(last.details.contains("z*******@example.com") && !last.details.contains("zhangsan"));
        assert!(last.details.contains(&format!("<{}@example.gov.cn>", line.id)), "{}", last.details);
        let page = app.get("clerk", &format!("/cases/{}", case.id)).await;
        page.is(200)
            .says("发给申请人的邮件")
            .says("已发出")
            .says("发出不等于申请人收到")
            .says_not("zhangsan@");
        page.says("邮件已发出");
        let now = app.case_now(&case);
        assert_eq!(now.reply.unwrap().signed_for_on, None, "sent is not received");
    }
}

#[actix_web::test]
async fn a_reply_that_did_not_arrive_is_somebodys_work() {
    let app = an_office(TestDatabase::sqlite()).await;
    let (case, line) = a_reply_by_email(&app);
    let error = "服务器答复 550（<zhangsan@example.com>: user unknown）".to_owned();
    deliver(&app, &Attempt::Failed { error });
    let told: Vec<_> = written(app.db()).into_iter().filter(|it| it.starts_with("undelivered")).collect();
    assert_eq!(told, ["undelivered handler@example.gov.cn", "undelivered clerk@example.gov.cn"]);
    let notice = all(app.db()).pop().unwrap();
    let notice = text(app.db(), &notice);
    assert!(notice.contains("不构成送达") && !notice.contains("zhangsan@"), "{notice}");
    let page = app.get("handler", &format!("/cases/{}", case.id)).await;
    page.is(200).says("发送失败").says("user unknown").says_not("zhangsan@").says("邮件没有送达");
    // Set right, and sent again.
    let request = Request { email: Some("zhang3@example.com".to_owned()), ..Request::default() };
    app.db().write(|conn| cases::update_request(conn, case.id, &request)).unwrap();
    let again = format!("/cases/{}/mails/{}/resend", case.id, line.id);
    app.post("auditor", &again, &[]).await.is(403);
    app.post("handler", &again, &[]).await.is(303);
    let line = app.db().read(|conn| outbox::fetch(conn, &line.id)).unwrap();
    assert_eq!((line.state.0, line.address.as_str()), (MailState::Waiting, "zhang3@example.com"));
    let other = app.case_at("别的", Status::Handled);
    app.post("handler", &format!("/cases/{}/mails/{}/resend", other.id, line.id), &[]).await.is(404);
}

#[test]
fn a_lease_is_one_process_at_a_time() {
    on_both(|url| {
        let db = Db::open(url, 4).unwrap();
        db.migrate().unwrap();
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let (now, until) = (at("2026-03-02T00:00:00Z"), at("2026-03-02T00:00:30Z"));
        let take =
            |who: &str, now, until| db.write(|conn| job_runs::take(conn, "digest", who, now, until)).unwrap();
        assert!(!take("a", now, until), "there is no such job yet");
        db.write(|conn| job_runs::ensure(conn, "digest", now)).unwrap();
        assert!(take("a", now, until));
        assert!(!take("b", now, until));
        assert!(!take("b", at("2026-03-02T00:00:29Z"), until));
        let later = at("2026-03-02T00:01:00Z");
        assert!(take("b", until, later), "the lease of a dead process lapses");
        assert!(!db.write(|conn| job_runs::renew(conn, "digest", "a", later)).unwrap());
        let done = |who: &str| job_runs::Done {
            ran_at: now,
            result: who.to_owned(),
            has_failed: false,
            next_run_at: later,
        };
        db.write(|conn| job_runs::finish(conn, "digest", "a", &done("a"))).unwrap();
        db.write(|conn| job_runs::finish(conn, "digest", "b", &done("b"))).unwrap();
        let row = db.read(job_runs::all).unwrap().remove(0);
        assert_eq!((row.last_result.as_deref(), row.lease_holder), (Some("b"), None));
        assert!(!take("a", until, later), "it is not due");
        // Many processes at the same instant: one gets it.
        db.write(|conn| job_runs::schedule(conn, "digest", now)).unwrap();
        let n_taken: usize = std::thread::scope(|scope| {
            let all: Vec<_> = (0..8)
                .map(|i| {
                    let db = db.clone();
                    scope.spawn(move || {
                        let who = format!("p{i}");
                        db.write(|conn| job_runs::take(conn, "digest", &who, now, until)).unwrap()
                    })
                })
                .collect();
            all.into_iter().map(|it| usize::from(it.join().unwrap())).sum()
        });
        assert_eq!(n_taken, 1);
    });
}

#[actix_web::test]
async fn a_reply_goes_out_with_the_letter_that_was_issued() {
    if !smtp::is_available() {
        return;
    }
    let server = smtp::SmtpServer::start("none", &[]);
    for database in databases() {
        let app = an_office(database).await;
        let case = app.case_at("万源小区", Status::AwaitingIssue);
        let docx: Vec<u8> = (0..=255).cycle().take(9_000).collect();
        let letter = IssuedLetter {
            id: LetterId::new(),
            case: case.id,
            round: case.round,
            kind: LetterKind::ProvidedReply,
            title: "政府信息公开告知书".to_owned(),
            document_no: Some("聊自然资公开〔2026〕12号".to_owned()),
            addressee: "王建国".to_owned(),
            about: None,
            issued_on: app.actor("clerk").today(),
            issued_at: Utc::now(),
            issued_by: "刘芳".to_owned(),
            replaces: None,
            reason: String::new(),
            template_version: 0,
            template_sha256: "t".to_owned(),
            sha256: "h".to_owned(),
        };
        let new =
            NewLetter { letter, agency: case.agency_id, particulars: "{}".to_owned(), docx: docx.clone() };
        let request = Request { email: Some("zhangsan@example.com".to_owned()), ..Request::default() };
        app.db()
            .write(|conn| {
                letters::insert(conn, &new)?;
                cases::update_request(conn, case.id, &request)
            })
            .unwrap();
        forget(app.db());
        let today = app.actor("clerk").today();
        let issue = Command::Issue { on: today, method: BY_EMAIL.to_owned(), tracking_no: None };
        app.act("clerk", &case, &issue).unwrap();
        let environment = server.environment("none");
        let environment = environment.into_iter().map(|(name, it)| (name.to_owned(), it)).collect();
        let settings = Settings::load(&Sources { environment, ..Sources::default() }).unwrap();
        let n_before = server.taken().len();
        assert_eq!(run_now(app.db(), &settings, Job::Outbox, Utc::now()).unwrap(), "发出1封");
        let taken = &server.taken()[n_before];
        assert_eq!(taken["to"][0], "zhangsan@example.com");
        assert!(taken["text"].as_str().unwrap().contains("答复书见附件"), "{taken}");
        assert_eq!(taken["files"][0]["name"], "政府信息公开告知书（聊自然资公开〔2026〕12号）.docx");
        let hash: String = Sha256::digest(&docx).iter().map(|it| format!("{it:02x}")).collect();
        assert_eq!(taken["files"][0]["sha256"], hash);
        let history = app.db().read(|conn| journal::history(conn, &case.id.to_string())).unwrap();
        assert_eq!(history.last().unwrap().action, "mail_sent");
    }
}

#[actix_web::test]
async fn the_time_zone_of_the_server_moves_no_day() {
    let database = TestDatabase::sqlite();
    let url = database.url().to_owned();
    let app = an_office(database).await;
    let (calendar, today) = (rules().calendar, app.actor("clerk").today());
    // Due today, in Beijing: yesterday it is near by a day more, tomorrow it is overdue.
    let received = (20..60)
        .map(|n| today - chrono::Days::new(n))
        .find(|it| calendar.nth_working_day_after(*it, 20).on == today);
    let Some(received) = received.filter(|_| calendar.is_working_day(today)) else {
        return; // Nothing is due on a day of rest, and nothing is written.
    };
    a_case(&app, &received.to_string());
    forget(app.db());
    for zone in ["Pacific/Kiritimati", "Etc/GMT+12"] {
        let mut process = std::process::Command::new(env!("CARGO_BIN_EXE_gongkai"))
            .arg("serve")
            .env("TZ", zone)
            .env("GONGKAI_DATABASE_URL", &url)
            .env("GONGKAI__MAIL__ENABLED", "true")
            .env("GONGKAI__MAIL__PORT", "1")
            .env("GONGKAI__SERVER__LISTEN", "127.0.0.1:0")
            .env("GONGKAI__LOG__LEVEL", "error")
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let has_run = || {
            let rows = app.db().read(job_runs::all).unwrap();
            rows.iter().any(|it| it.name == "reminders" && it.last_run_at.is_some())
        };
        let begun = std::time::Instant::now();
        while !has_run() {
            assert!(begun.elapsed() < std::time::Duration::from_secs(60), "{zone}: no reminders");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        process.kill().unwrap();
        process.wait().unwrap();
        let kinds: Vec<_> = written(app.db()).into_iter().filter(|it| it.contains(" handler@")).collect();
        assert_eq!(kinds, ["due_soon handler@example.gov.cn"], "{zone}");
        let line = all(app.db()).into_iter().find(|it| it.address.starts_with("handler@")).unwrap();
        assert!(text(app.db(), &line).contains("即在今日"), "{zone}");
        forget(app.db());
        execute(app.db(), "DELETE FROM jobs").unwrap();
    }
}
