//! Deadlines in people's calendars: the feed as a calendar program fetches it, read by a public parser.

use actix_web::http::header;
use actix_web::test::TestRequest;
use gongkai::domain::case::Command;
use gongkai::domain::response_clock::Party;
use gongkai::domain::workflow::Status;
use gongkai::service::access::hashing::hash_token;
use icalendar::{Calendar, CalendarDateTime, Component, DatePerhapsTime};

use crate::support::TestDatabase;
use crate::support::web::{Answer, TestApp, settings};

/// An event as the parser understands it.
#[derive(Debug, PartialEq)]
struct Event {
    uid: String,
    summary: String,
    start: String,
    end: String,
    sequence: u32,
    text: String,
}

fn parsed(answer: &Answer) -> Vec<Event> {
    answer.is(200);
    assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
    for line in answer.body.split("\r\n") {
        assert!(line.len() <= 75 && !line.contains('\n'), "{line:?}");
    }
    let calendar: Calendar = answer.body.parse().unwrap();
    assert_eq!(calendar.property_value("VERSION"), Some("2.0"));
    let date = |it: Option<DatePerhapsTime>| match it {
        Some(DatePerhapsTime::Date(day)) => day.to_string(),
        Some(DatePerhapsTime::DateTime(CalendarDateTime::Floating(at))) => panic!("an hour: {at}"),
        other => panic!("no day: {other:?}"),
    };
    let mut events: Vec<Event> = calendar
        .events()
        .map(|it| {
            assert!(it.get_timestamp().is_some() && it.get_last_modified() == it.get_timestamp());
            Event {
                uid: it.get_uid().unwrap().to_owned(),
                summary: it.get_summary().unwrap().to_owned(),
                start: date(it.get_start()),
                end: date(it.get_end()),
                sequence: it.get_sequence().unwrap(),
                text: it.get_description().unwrap_or_default().to_owned(),
            }
        })
        .collect();
    let n_events = events.len();
    events.sort_by(|a, b| a.uid.cmp(&b.uid));
    events.dedup_by(|a, b| a.uid == b.uid);
    assert_eq!(events.len(), n_events, "an identifier twice");
    events
}

#[track_caller]
fn event<'a>(events: &'a [Event], kind: &str) -> &'a Event {
    events.iter().find(|it| it.uid.contains(kind)).unwrap_or_else(|| panic!("no {kind}: {events:?}"))
}

/// Makes a feed and returns its path.
async fn open(app: &TestApp, who: &str) -> String {
    app.get(who, "/account/calendar").await.is(200).says("未启用");
    let page = app.post(who, "/account/calendar", &[]).await;
    page.is(200).says("只显示这一次");
    let (_, rest) = page.body.split_once("/feeds/").unwrap();
    let path = format!("/feeds/{}", rest.split_once('<').unwrap().0);
    app.get(who, "/account/calendar").await.is(200).says("已启用").says_not(&path);
    path
}

async fn fetch(app: &TestApp, path: &str) -> Answer {
    // A calendar program has no cookies.
    app.send("", TestRequest::get().uri(path)).await
}

#[actix_web::test]
async fn deadlines_stand_in_the_calendar_and_move_with_their_facts() {
    let app = TestApp::with(TestDatabase::sqlite(), settings()).await;
    let case = app.case_at("万源小区三期征收补偿方案", Status::Handled);
    // Somebody else's case is not in it.
    app.register("另一件申请");
    let path = open(&app, "handler").await;
    let answer = fetch(&app, &path).await;
    let events = parsed(&answer);
    let reply = event(&events, "-reply@");
    assert_eq!(reply.uid, format!("{}-reply@gongkai", case.id));
    assert!(reply.summary.starts_with(&format!("答复期限 {}", case.case_no)), "{}", reply.summary);
    let calendar = &app.app.rules().calendar;
    let due = calendar.nth_working_day_after(case.received_on, 20);
    assert_eq!(reply.start, due.on.to_string());
    assert_eq!(reply.end, due.on.succ_opt().unwrap().to_string());
    assert_eq!(reply.sequence, 0);
    event(&events, "correction_notice_last_day");
    event(&events, "consultation_last_day");
    assert!(events.iter().all(|it| it.uid.starts_with(&case.id.to_string())), "{events:?}");
    // Nothing of the applicant, and nothing of what was asked.
    answer.says_not("王建国").says_not("万源");
    answer.says(&format!("URL:{}/cases/", settings().server.public_url));

    // The same again is known by its tag, also behind a compressing proxy.
    let tag = answer.header("etag").to_owned();
    for tag in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}")] {
        let again = TestRequest::get().uri(&path).insert_header((header::IF_NONE_MATCH, tag));
        let again = app.send("", again).await;
        again.is(304);
        assert!(again.body.is_empty());
    }

    // The date moves: the same event, changed.
    let today = app.actor("handler").today();
    app.act("approver", &case, &Command::Extend { notified_on: today, working_days: 10 }).unwrap();
    let events = parsed(&fetch(&app, &path).await);
    let moved = event(&events, "-reply@");
    let due = calendar.nth_working_day_after(case.received_on, 30);
    assert_eq!((moved.start.as_str(), moved.sequence), (due.on.to_string().as_str(), 1));
    assert_eq!(event(&events, "correction_notice_last_day").sequence, 0);

    // A third party is asked: its day stands there, without its name.
    let consult = Command::Consult {
        party: Party::ThirdParty,
        name: "聊城某置业有限公司".to_owned(),
        sent_on: today,
        delivered_on: None,
    };
    app.act("handler", &case, &consult).unwrap();
    let answer = fetch(&app, &path).await;
    let opinion = calendar.nth_working_day_after(today, 15);
    assert_eq!(event(&parsed(&answer), "opinion_due").start, opinion.on.to_string());
    answer.says_not("某置业");
}

#[actix_web::test]
async fn the_address_is_a_secret_that_can_be_taken_away() {
    let app = TestApp::new().await;
    app.case_at("征收公告", Status::Handled);
    let path = open(&app, "handler").await;
    fetch(&app, &path).await.is(200);
    // The database keeps only a hash.
    let token = path.trim_start_matches("/feeds/").trim_end_matches(".ics").to_owned();
    let known =
        app.db().read(|conn| gongkai::storage::calendar::feeds::owner(conn, &hash_token(&token))).unwrap();
    assert_eq!(known, app.users["handler"]);
    assert!(app.db().read(|conn| gongkai::storage::calendar::feeds::owner(conn, &token)).is_err());

    // Another secret, or none of this form, is no page; so is one that was replaced.
    let wrong = format!("/feeds/{}.ics", "0".repeat(64));
    for path in [wrong.as_str(), "/feeds/x.ics", "/feeds/.ics"] {
        fetch(&app, path).await.is(404);
    }
    let page = app.post("handler", "/account/calendar", &[]).await;
    let (_, rest) = page.body.split_once("/feeds/").unwrap();
    let replaced = format!("/feeds/{}", rest.split_once('<').unwrap().0);
    fetch(&app, &path).await.is(404);
    fetch(&app, &replaced).await.is(200);
    app.post("handler", "/account/calendar/close", &[]).await.leads_to("/account/calendar");
    fetch(&app, &replaced).await.is(404);
    app.get("handler", "/account/calendar").await.says("未启用");

    // Who may no longer sign in has no calendar either.
    let path = open(&app, "handler").await;
    fetch(&app, &path).await.is(200);
    let db = app.db();
    db.write(|conn| {
        let mut account = gongkai::storage::access::accounts::fetch(conn, app.users["handler"])?;
        account.is_disabled = true;
        account.version += 1;
        gongkai::storage::access::accounts::update(conn, &account)
    })
    .unwrap();
    fetch(&app, &path).await.is(404);
}

#[actix_web::test]
async fn a_feed_is_fetched_only_so_often() {
    let app = TestApp::new().await;
    let path = open(&app, "clerk").await;
    for _ in 0..12 {
        fetch(&app, &path).await.is(200);
    }
    let refused = fetch(&app, &path).await;
    refused.is(429);
    assert!(refused.header("retry-after").parse::<u32>().is_ok());
}

#[actix_web::test]
async fn each_role_has_what_it_must_do() {
    let app = TestApp::new().await;
    let review = app.case_at("甲", Status::UnderReview);
    let sign = app.case_at("乙", Status::AwaitingSignOff);
    app.case_at("丙", Status::Answered);
    for (who, case) in [("legal_adviser", &review), ("approver", &sign)] {
        let events = parsed(&fetch(&app, &open(&app, who).await).await);
        let uids: Vec<_> = events.iter().map(|it| it.uid.clone()).collect();
        assert_eq!(uids, [format!("{}-reply@gongkai", case.id)], "{who}");
        assert!(events[0].text.contains("环节："), "{:?}", events[0]);
    }
    assert!(parsed(&fetch(&app, &open(&app, "administrator").await).await).is_empty());
}
