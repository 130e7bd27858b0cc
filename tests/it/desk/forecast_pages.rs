//! The outlook of an office, and what the page of a case says of its reply.

use chrono::{Days, NaiveDate};
use gongkai::domain::applicant::ApplicantKind;
use gongkai::domain::ids::{AgencyId, UserId};
use gongkai::domain::outcome::Outcome;
use gongkai::domain::workflow::{Role, Status};
use gongkai::service::desk::forecast_cases::{office_past, outlook};
use gongkai::storage::case::cases;
use gongkai::storage::case::cases::NewCase;
use gongkai::storage::{Db, StorageError};

use crate::office::Office;
use crate::support::office::{a_case, a_stored_case, act, act_as, actor, an_agency, answer, day, rules};
use crate::support::web::TestApp;
use crate::support::{on_both, on_both_databases};

/// Cases answered so many working days after they came, one received every third day up to `until`.
fn past(db: &Db, agency: AgencyId, handler: Option<UserId>, until: NaiveDate, days: &[u32]) {
    let calendar = &rules().calendar;
    let new: Vec<NewCase> = (1..)
        .zip(days)
        .map(|(i, n)| {
            let received_on = until - Days::new(60 + 3 * i);
            let on = calendar.nth_working_day_after(received_on, *n).on;
            let no = format!("旧{i:04}");
            let closed = Some((on, Outcome::Provided));
            let mut new = a_stored_case(agency, &no, ApplicantKind::NaturalPerson, received_on, closed);
            new.case.handler_id = handler;
            new
        })
        .collect();
    db.write(|conn| -> Result<_, StorageError> { cases::insert(conn, &new) }).unwrap();
}

#[test]
fn the_outlook_rests_on_the_offices_own_replies() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let other = an_agency(db, "B", None);
        let today = day("2026-06-30");
        // Forty cases that took 11 to 50 working days; the other office is quick, and is not asked.
        let days: Vec<u32> = (11..=50).collect();
        past(db, agency.agency_id(), None, today, &days);
        past(db, other.agency_id(), None, today, &[1; 60]);
        let late = a_case(db, &agency, "2026-06-12"); // 11 working days ago
        let early = a_case(db, &agency, "2026-06-30");
        let answered = a_case(db, &agency, "2026-06-24");
        answer(db, &answered, "2026-06-29");
        let (past, outlook) = db
            .snapshot(|conn| {
                let past = office_past(conn, &rules().calendar, agency.agency_id(), today)?;
                let outlook = outlook(conn, rules(), &past, agency.agency_id())?;
                Ok::<_, gongkai::service::ServiceError>((past, outlook))
            })
            .unwrap();
        assert_eq!(past.history.len(), 41);
        assert_eq!((outlook.n_looked, outlook.n_silent, outlook.has_more), (2, 0, false));
        // Both are due on their 20th working day, which 30 of the forty missed.
        let found: Vec<_> = outlook
            .breaches
            .iter()
            .map(|it| (it.case.case_no.as_str(), it.n_late, it.forecast.n()))
            .collect();
        assert_eq!(found, [(late.case_no.as_str(), 30, 40), (early.case_no.as_str(), 30, 41)]);
        assert_eq!((outlook.n_likely, outlook.n_possible), (2, 0));
        let load = &outlook.loads[0];
        assert_eq!((load.n_open, load.due, load.at_pace(20)), (2, [0, 1, 2], None));
        let test = past.backtest(&rules().calendar).total();
        assert!(0 < test.n && 0 < test.n_silent, "{test:?}");
    });
}

#[test]
fn a_handlers_load_is_held_against_his_pace() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let today = day("2026-06-30");
        let person = actor("2026-06-30");
        let calendar = &rules().calendar;
        // Twelve replies in the last sixty working days: four in twenty.
        let new: Vec<NewCase> = (0..12)
            .map(|i| {
                let received_on = day("2026-04-20") + Days::new(i * 3);
                let on = calendar.nth_working_day_after(received_on, 8).on;
                let closed = Some((on, Outcome::Provided));
                let (no, kind) = (format!("旧{i}"), ApplicantKind::NaturalPerson);
                let mut new = a_stored_case(agency.agency_id(), &no, kind, received_on, closed);
                new.case.handler_id = Some(person.viewer.user);
                new
            })
            .collect();
        db.write(|conn| -> Result<_, StorageError> { cases::insert(conn, &new) }).unwrap();
        for _ in 0..6 {
            let case = a_case(db, &agency, "2026-06-15");
            let claim = gongkai::domain::case::Command::Claim;
            db.write(|conn| act_as(conn, &person, &case, &claim)).unwrap();
        }
        let outlook = db
            .snapshot(|conn| {
                let past = office_past(conn, calendar, agency.agency_id(), today)?;
                outlook(conn, rules(), &past, agency.agency_id())
            })
            .unwrap();
        let load =
            outlook.loads.iter().find(|it| it.handler == Some(person.viewer.user.to_string())).unwrap();
        assert_eq!((load.n_open, load.n_answered, load.at_pace(20)), (6, 12, Some(4)));
        assert_eq!((load.due[2], load.usual), (6, Some((8, 12))));
        assert!(load.is_over());
        // Too few alike: said, and no number given.
        assert_eq!((outlook.n_silent, outlook.breaches.len()), (6, 0));
    });
}

#[test]
fn milestones_come_from_the_journal() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let mut cases = Vec::new();
        for i in 0..22_u64 {
            let on = |n: u64| (day("2026-03-02") + Days::new(i + n)).to_string();
            let case = a_case(db, &agency, &on(0));
            let case = act(db, &case, &on(1), &gongkai::domain::case::Command::Claim);
            let draft = gongkai::domain::case::Command::SubmitDraft(crate::support::office::a_draft());
            let case = act(db, &case, &on(4), &draft);
            let agree = gongkai::domain::case::Command::Agree { opinion: "同意".to_owned() };
            let case = act(db, &case, &on(7), &agree);
            let case = act(db, &case, &on(8), &gongkai::domain::case::Command::SignOff { reply_no: None });
            let issue = gongkai::domain::case::Command::Issue {
                on: day(&on(14)),
                method: "邮寄".to_owned(),
                tracking_no: None,
            };
            cases.push(act(db, &case, &on(14), &issue));
        }
        let today = day("2026-06-30");
        let past =
            db.snapshot(|conn| office_past(conn, &rules().calendar, agency.agency_id(), today)).unwrap();
        let paces: Vec<_> = past.history.paces().iter().map(|it| it.n).collect();
        assert_eq!(paces, [22, 22, 22, 22]);
        assert!(cases.iter().all(|it| it.status == Status::Answered));
    });
}

#[test]
fn the_page_shows_the_outlook_and_says_where_it_knows_too_little() {
    on_both(|url| {
        actix_web::rt::System::new().block_on(async {
            let office = Office::new(url);
            let manager = office.sign_in(office.bureau, &[Role::Manager]);
            let page = office.get(&manager, "/forecast").await;
            assert_eq!(page.status, 200);
            page.has("办结的申请还太少，不作预测");
            let today = gongkai::service::beijing_day(office.app.now());
            let days: Vec<u32> = (1..=40).collect();
            past(&office.app.db, office.bureau, None, today, &days);
            office.app.forecasts.forget();
            let page = office.get(&manager, "/forecast").await;
            page.has("最近答复的40件");
            page.has("没有看出可能超期的");
            page.has("只用当天已经知道的情况重新预测一次");
            // A branch's figures are its own; another tree's are no page.
            office.get(&manager, "/forecast?agency=FJ").await.has("不作预测");
            assert_eq!(office.get(&manager, "/forecast?agency=SZF").await.status, 404);
            let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
            assert_eq!(office.get(&clerk, "/forecast").await.status, 403);
        });
    });
}

#[actix_web::test]
async fn a_case_says_when_its_reply_is_likely() {
    let app = TestApp::new().await;
    let case = app.case_at("征收公告", Status::Handled);
    let path = format!("/cases/{}", case.id);
    app.get("handler", &path).await.is(200).says("预计答复").says("不作预测").says("只有 0 件");
    let days: Vec<u32> = (1..=40).collect();
    past(app.db(), app.agency.agency_id(), None, case.received_on, &days);
    app.app.forecasts.forget();
    let page = app.get("handler", &path).await;
    // The 21st of the forty, and the 37th.
    let calendar = &app.app.rules().calendar;
    let on = |n| calendar.nth_working_day_after(case.received_on, n).on;
    page.says(&format!("{}前后", gongkai::domain::wording::day_with_weekday(on(21))));
    page.says(&format!("不晚于{}", gongkai::domain::wording::day_with_weekday(on(37))));
    page.says("40 件同类申请").says("40 件中有 20 件赶不上");
    let closed = app.case_at("已答复", Status::Answered);
    app.get("clerk", &format!("/cases/{}", closed.id)).await.is(200).says_not("预计答复");
}
