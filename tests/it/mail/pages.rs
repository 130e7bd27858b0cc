//! The outbox, the jobs and the addresses, in the browser.

use chrono::Utc;
use gongkai::domain::job::Job;
use gongkai::domain::labels::Coded;
use gongkai::domain::mail::{MailKind, MailState};
use gongkai::domain::workflow::Status;
use gongkai::storage::mail::outbox;
use gongkai::storage::mail::outbox::{Attempt, NewMessage, Recipient};
use gongkai::storage::mail::readers;
use gongkai::storage::upkeep::job_runs;

use crate::support::web::TestApp;

async fn an_office() -> TestApp {
    let app = TestApp::new().await;
    for job in Job::ALL {
        app.db().write(|conn| job_runs::ensure(conn, job.code(), Utc::now())).unwrap();
    }
    app
}

/// Writes to an applicant whom an administrator must not know.
fn write_to_applicant(app: &TestApp) -> String {
    let case = app.register("测绘成果");
    let message = NewMessage {
        agency: app.agency.agency_id(),
        kind: MailKind::Receipt,
        to: Recipient::Applicant {
            name: "王建国".to_owned(), address: "wangjianguo@example.com".to_owned()
        },
        case: Some(case.id),
        subject: "登记回执".to_owned(),
        body: "王建国：".to_owned(),
        letter: None,
        once_keys: Vec::new(),
        useful_until: None,
    };
    app.db().write(|conn| outbox::enqueue(conn, Utc::now(), &message)).unwrap().unwrap()
}

#[actix_web::test]
async fn people_say_where_they_are_written_to() {
    let app = an_office().await;
    app.get("handler", "/account").await.is(200).says("收不到派办、期限等提醒");
    app.get("handler", "/account/mail").await.is(200).says("答复期限临近").says("本系统还没有启用邮件");
    let wrong = app.post("handler", "/account/mail", &[("email", "李敏@x"), ("kinds", "overdue")]).await;
    wrong.is(422).says("不是有效的电子邮箱地址").says("李敏@x");
    let kinds = [("email", " li@example.gov.cn "), ("kinds", "assigned"), ("kinds", "returned")];
    app.post("handler", "/account/mail", &kinds).await.leads_to("/account?done=mail");
    app.get("handler", "/account").await.says("li@example.gov.cn");
    let muted = app.db().read(|conn| readers::muted(conn, app.users["handler"])).unwrap();
    assert!(muted.contains(&MailKind::Digest) && !muted.contains(&MailKind::Assigned), "{muted:?}");
    assert!(!muted.contains(&MailKind::Undelivered), "what is not to choose is not muted");
    // The administrator sets it for somebody else.
    let account = format!("/admin/accounts/{}", app.users["clerk"]);
    let wrong = app.post("administrator", &format!("{account}/email"), &[("email", "x")]).await;
    wrong.is(422).says("不是有效的电子邮箱地址");
    let set =
        app.post("administrator", &format!("{account}/email"), &[("email", "liu@example.gov.cn")]).await;
    app.follow("administrator", set).await.is(200).says("liu@example.gov.cn").says("电子邮箱已经保存");
    app.get("administrator", "/admin/journal?action=set_mail").await.says("liu@example.gov.cn");
}

#[actix_web::test]
async fn the_outbox_shows_what_waits_without_saying_whose() {
    let app = an_office().await;
    app.get("administrator", "/admin/outbox").await.is(200).says("邮件没有启用").says("待发箱是空的");
    app.get("clerk", "/admin/outbox").await.is(403);
    let id = write_to_applicant(&app);
    let handler = app.users["handler"];
    app.db().write(|conn| readers::set_address(conn, handler, Some("li@example.gov.cn"))).unwrap();
    app.case_at("万源小区", Status::Handled);
    let page = app.get("administrator", "/admin/outbox").await;
    page.is(200).says("li@example.gov.cn").says("派办和待办").says("登记回执");
    page.says("w**********@example.com").says_not("wangjianguo").says_not("王建国").says("没有登记电子邮箱");
    let filtered = app.get("administrator", "/admin/outbox?kind=receipt&state=waiting").await;
    filtered.is(200).says("w**********@example.com").says_not("li@example.gov.cn");
    app.get("administrator", "/admin/outbox?state=sent").await.says("没有符合条件的邮件");

    // It fails, and the server's words name the applicant.
    let now = Utc::now();
    let failed = Attempt::Failed { error: "550 <wangjianguo@example.com>: user unknown".to_owned() };
    app.db()
        .write(|conn| {
            let until = now + chrono::TimeDelta::seconds(9);
            let claimed = outbox::claim_next(conn, "p", "example.gov.cn", now, until)?.unwrap();
            assert_eq!(claimed.id, id);
            outbox::note_attempt(conn, &id, "p", now, &failed)
        })
        .unwrap();
    let page = app.get("administrator", "/admin/outbox?state=failed").await;
    page.says("user unknown").says_not("wangjianguo").says("重新发送").says(&format!("{id}@example.gov.cn"));
    app.get("auditor", "/admin/outbox?state=failed").await.is(200).says_not("重新发送");
    let state = || app.db().read(|conn| outbox::fetch(conn, &id)).unwrap().state.0;
    app.post("auditor", &format!("/admin/outbox/{id}/resend"), &[]).await.is(403);
    let again = app.post("administrator", &format!("/admin/outbox/{id}/resend"), &[]).await;
    app.follow("administrator", again).await.says("已重新排入待发");
    assert_eq!(state(), MailState::Waiting);
    app.post("administrator", &format!("/admin/outbox/{id}/hold"), &[]).await.is(303);
    assert_eq!(state(), MailState::Held);
    app.get("administrator", "/admin/journal?action=resend_mail").await.says("重新发送邮件");

    let missing = "/admin/outbox/0197f3d2-0000-7000-8000-000000000000/resend";
    app.post("administrator", missing, &[]).await.is(404);
    let nobody = app.post("administrator", "/admin/outbox/trial", &[]).await;
    assert!(nobody.status.is_client_error() && nobody.body.contains("还没有登记电子邮箱"), "{}", nobody.body);
    let own = [("email", "wu@example.gov.cn")];
    app.post("administrator", "/account/mail", &own).await.is(303);
    let trial = app.post("administrator", "/admin/outbox/trial", &[]).await;
    app.follow("administrator", trial).await.says("试发邮件已经写入待发箱");
}

#[actix_web::test]
async fn who_keeps_the_installation_gives_orders_to_its_jobs() {
    let app = an_office().await;
    let page = app.get("administrator", "/admin/jobs").await;
    page.is(200).says("期限提醒").says("尚未运行").says("更新到期日");
    // The bureau stands below the city: its administrator does not stop the mail of all.
    page.says_not("立即运行");
    app.post("administrator", "/admin/jobs/outbox/pause", &[]).await.is(404);
    app.post("administrator", "/admin/outbox/pause", &[]).await.is(404);
    let top = format!("UPDATE accounts SET agency_id = {} WHERE login = 'administrator'", app.parent.id);
    crate::support::office::execute(app.db(), &top).unwrap();
    app.get("administrator", "/admin/jobs").await.says("立即运行");
    let done = app.post("administrator", "/admin/jobs/digest/run", &[]).await;
    app.follow("administrator", done).await.says("已经安排");
    app.post("administrator", "/admin/jobs/digest/fly", &[]).await.is(404);
    app.post("administrator", "/admin/jobs/nothing/run", &[]).await.is(404);
    let done = app.post("administrator", "/admin/outbox/pause", &[]).await;
    app.follow("administrator", done).await.says("已暂停发送");
    assert!(app.db().read(|conn| job_runs::is_paused(conn, "outbox")).unwrap());
    app.get("administrator", "/admin/jobs").await.says("已暂停");
    app.post("administrator", "/admin/outbox/resume", &[]).await.is(303);
    assert!(!app.db().read(|conn| job_runs::is_paused(conn, "outbox")).unwrap());
    let done = job_runs::Done {
        ran_at: Utc::now(),
        result: "登录邮件服务器：服务器答复 535".to_owned(),
        has_failed: true,
        next_run_at: Utc::now(),
    };
    app.db()
        .write(|conn| {
            job_runs::schedule(conn, "outbox", Utc::now())?;
            job_runs::take(conn, "outbox", "p", Utc::now(), Utc::now())?;
            job_runs::finish(conn, "outbox", "p", &done)
        })
        .unwrap();
    app.get("administrator", "/admin/jobs").await.says("失败").says("535");
    app.get("auditor", "/admin/jobs").await.is(200).says_not("立即运行");
}

#[actix_web::test]
async fn a_secret_is_on_no_page() {
    use gongkai::config::{Settings, Sources};
    let environment =
        [("GONGKAI__MAIL__PASSWORD", "geheim-2026"), ("GONGKAI__MAIL__HOST", "mx.example.gov.cn")];
    let environment = environment.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let settings = Settings::load(&Sources { environment, ..Sources::default() }).unwrap();
    assert!(!format!("{settings:?}").contains("geheim"));
    let app = TestApp::with(crate::support::TestDatabase::sqlite(), settings).await;
    for path in ["/admin/settings", "/admin/outbox", "/admin/jobs"] {
        app.get("administrator", path).await.is(200).says_not("geheim");
    }
    app.get("administrator", "/admin/settings").await.says("mx.example.gov.cn").says("mail.password");
}
