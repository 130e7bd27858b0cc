//! Holiday notices: what one changes is shown, stored only when applied, and applied only as shown.

use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use gongkai::domain::calendar::{NamedDay, NoticeSource, WorkCalendar, YearNotice};
use gongkai::domain::case::{Case, Command, NextDay, next_day};
use gongkai::domain::ids::{CaseId, UserId};
use gongkai::domain::response_clock::Party;
use gongkai::domain::workflow::Role;
use gongkai::service::calendar::import_notice::{
    Applied, Preview, apply_notice, known_notices, preview_notice,
};
use gongkai::service::calendar::miss_notice::missing_notice;
use gongkai::service::mail::tell_of_notice::tell_of_missing_notice;
use gongkai::service::report::check_agency;
use gongkai::service::{Caller, Rules, ServiceError};
use gongkai::storage::access::accounts;
use gongkai::storage::access::accounts::Account;
use gongkai::storage::access::agencies::Agency;
use gongkai::storage::calendar::notices;
use gongkai::storage::mail::readers;
use gongkai::storage::schema::cases::dsl as c;
use gongkai::storage::{Db, StorageError};

use crate::support::office::{a_case, act, act_as, actions, actor, an_agency, answer, day, rules, stored};
use crate::support::on_both_databases;

/// A notice for a year: runs of rest, as `0205-0211`, and days of work.
fn notice(year: i32, rest: &[&str], work: &[&str]) -> YearNotice {
    let on = |text: &str| NaiveDate::parse_from_str(&format!("{year}{text}"), "%Y%m%d").unwrap();
    let named = |date| NamedDay { date, name: "节日".to_owned() };
    let rest = rest.iter().flat_map(|run| {
        let (from, to) = run.split_once('-').unwrap_or((run, run));
        on(from).iter_days().take_while(move |it| *it <= on(to)).collect::<Vec<_>>()
    });
    let source = NoticeSource { source: "https://www.gov.cn/x.htm".to_owned() };
    let work = work.iter().map(|it| named(on(it))).collect();
    YearNotice::new(year, vec![source], rest.map(named).collect(), work).unwrap()
}

fn preview(db: &Db, notice: &YearNotice, today: &str) -> Preview {
    db.snapshot(|conn| preview_notice(conn, rules(), notice, day(today))).unwrap()
}

fn apply(db: &Db, notice: &YearNotice, today: &str, fingerprint: &str) -> Applied {
    db.write(|conn| apply_notice(conn, &actor(today), rules(), notice, Some(fingerprint))).unwrap()
}

fn done(applied: Applied) -> Preview {
    match applied {
        Applied::Done(it) => *it,
        Applied::Changed(it) => panic!("not applied: {it:?}"),
    }
}

/// What is cached of a case.
fn cached(db: &Db, id: CaseId) -> (NaiveDate, bool) {
    db.read(|conn| -> Result<_, StorageError> {
        Ok(c::cases.filter(c::id.eq(id.to_string())).select((c::due_on, c::due_provisional)).first(conn)?)
    })
    .unwrap()
}

/// The days a case moves between, as the preview has it.
fn moves(preview: &Preview, case: &Case) -> Option<(NextDay, NextDay)> {
    let id = case.id.to_string();
    preview.moves.iter().find(|it| it.id == id).map(|it| (it.before, it.after))
}

#[test]
fn what_a_notice_changes_is_shown_and_nothing_is_stored_before_it_is_applied() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        // Due on 19 January and 4 February, both provisional; and in September, settled.
        let january = a_case(db, &agency, "2026-12-21");
        let february = a_case(db, &agency, "2027-01-07");
        let settled = a_case(db, &agency, "2026-08-17");
        let before = cached(db, january.id);
        assert_eq!(before, (day("2027-01-19"), true));
        assert_eq!(cached(db, february.id), (day("2027-02-04"), true));

        let notice = notice(2027, &["0101-0103", "0129-0207"], &["0110"]);
        let shown = preview(db, &notice, "2027-01-08");
        assert!(!shown.is_correction && shown.n_looked == 2, "{shown:?}");
        let tally = shown.tally;
        assert_eq!((tally.earlier, tally.later, tally.settled, tally.newly_overdue), (1, 1, 2, 0));
        let (was, is) = moves(&shown, &january).unwrap();
        assert_eq!(
            (was.on, was.provisional, is.on, is.provisional),
            (before.0, true, day("2027-01-18"), false)
        );
        let (was, is) = moves(&shown, &february).unwrap();
        assert_eq!((was.on, is.on), (day("2027-02-04"), day("2027-02-11")));
        assert_eq!(moves(&shown, &settled), None);
        // The earlier ones come first; together they make the summary.
        assert_eq!(shown.moves[0].days(), -1);
        assert_eq!(shown.shifts.values().sum::<usize>(), 2);

        // Nothing has been stored.
        assert_eq!(cached(db, january.id), before);
        assert!(db.read(notices::imported).unwrap().is_empty());
        assert!(actions(db, "calendar-2027").is_empty());

        let done = done(apply(db, &notice, "2027-01-08", &shown.fingerprint));
        assert_eq!(done.moves, shown.moves);
        assert_eq!(cached(db, january.id), (day("2027-01-18"), false));
        assert_eq!(cached(db, february.id), (day("2027-02-11"), false));
        assert_eq!(actions(db, "calendar-2027"), ["import_notice"]);
        // The case itself has not changed: no fact has.
        assert_eq!(stored(db, january.id).version, january.version);
    });
}

#[test]
fn a_preview_is_bound_to_what_it_showed() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let case = a_case(db, &agency, "2026-12-21");
        let notice = notice(2027, &["0101-0103"], &["0109"]);
        let shown = preview(db, &notice, "2026-12-22");
        // Meanwhile somebody extends the case: the same notice would move another day.
        let extend = Command::Extend { notified_on: day("2026-12-22"), working_days: 10 };
        act(db, &case, "2026-12-22", &extend);
        let Applied::Changed(now) = apply(db, &notice, "2026-12-22", &shown.fingerprint) else {
            panic!("applied although it is not what was shown");
        };
        assert_ne!(now.fingerprint, shown.fingerprint);
        assert!(db.read(notices::imported).unwrap().is_empty(), "nothing is stored");
        // Another notice in the name of the preview is not applied either, nor the same a day later.
        let other = self::notice(2027, &["0101-0102"], &[]);
        assert!(matches!(apply(db, &other, "2026-12-22", &now.fingerprint), Applied::Changed(_)));
        assert!(matches!(apply(db, &notice, "2026-12-23", &now.fingerprint), Applied::Changed(_)));
        done(apply(db, &notice, "2026-12-22", &now.fingerprint));
    });
}

#[test]
fn a_correction_works_the_same_way_and_tells_what_becomes_overdue() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let first = notice(2027, &["0101-0103", "0111-0113"], &[]);
        let shown = preview(db, &first, "2026-12-22");
        done(apply(db, &first, "2026-12-22", &shown.fingerprint));
        let rules = Rules { calendar: db.read(notices::load).unwrap(), ..rules().clone() };
        let case = db
            .write(|conn| {
                let command = crate::support::office::an_application(agency.agency_id(), "2026-12-21");
                gongkai::service::case::register_case::register_case(
                    conn,
                    &actor("2026-12-21"),
                    &rules,
                    &command,
                )
            })
            .unwrap();
        assert_eq!(cached(db, case.id), (day("2027-01-22"), false));
        // On the day before the last it turns out that two of the days of rest were worked.
        let corrected = notice(2027, &["0101-0103", "0113"], &[]);
        let shown = preview(db, &corrected, "2027-01-21");
        assert!(shown.is_correction);
        let dropped: Vec<_> = shown.dropped.iter().map(|it| it.date.to_string()).collect();
        assert_eq!(dropped, ["2027-01-11", "2027-01-12"]);
        assert_eq!((shown.tally.newly_overdue, shown.tally.earlier, shown.tally.settled), (1, 1, 0));
        done(apply(db, &corrected, "2027-01-21", &shown.fingerprint));
        assert_eq!(cached(db, case.id), (day("2027-01-20"), false));
        // Set right again, it is no longer overdue.
        let shown = preview(db, &first, "2027-01-21");
        assert_eq!(shown.tally.no_longer_overdue, 1);
        assert_eq!(known_notices_of(db), [2027]);
    });
}

fn known_notices_of(db: &Db) -> Vec<i32> {
    let (_, imported) = db.read(|conn| -> Result<_, ServiceError> { known_notices(conn) }).unwrap();
    imported.iter().map(YearNotice::year).collect()
}

#[test]
fn every_case_is_moved_as_counting_it_anew_would() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let mut all = Vec::new();
        for i in 0..40_u64 {
            let received_on = (day("2026-10-08") + Days::new(i * 2)).to_string();
            let case = a_case(db, &agency, &received_on);
            let case = match i % 5 {
                0 => {
                    let command = Command::Extend { notified_on: day(&received_on), working_days: 15 };
                    act(db, &case, &received_on, &command)
                }
                1 => {
                    let command = Command::RequestCorrection {
                        notified_on: day(&received_on),
                        reply_by: day(&received_on) + Days::new(60),
                    };
                    act(db, &case, &received_on, &command)
                }
                2 => {
                    let command = Command::Consult {
                        party: Party::ThirdParty,
                        name: "甲公司".to_owned(),
                        sent_on: day(&received_on),
                        delivered_on: None,
                    };
                    act(db, &case, &received_on, &command)
                }
                3 => answer(db, &case, &received_on),
                _ => case,
            };
            all.push(case);
        }
        let notice = notice(2027, &["0101-0103", "0205-0211", "0403-0405"], &["0110", "0214"]);
        let today = "2027-01-05";
        // What has changed with the days gone by, such as opinions that have lapsed, is not the notice's.
        let renew = |rules: &Rules| {
            db.write(|conn| check_agency::renew_cached_days(conn, &actor(today), rules, "A")).unwrap()
        };
        renew(rules());
        let mut after = WorkCalendar::published_notices();
        after.push(notice.clone());
        let after = WorkCalendar::from_notices(after);
        let shown = preview(db, &notice, today);
        let mut n_moved = 0;
        for case in &all {
            let next = |calendar| next_day(&case.clock, calendar, &rules().clock, day(today));
            let (old, new) = (next(&rules().calendar), next(&after));
            let is_moved = case.closed.is_none() && (old.on, old.provisional) != (new.on, new.provisional);
            assert_eq!(moves(&shown, case), is_moved.then_some((old, new)), "{case:?}");
            n_moved += usize::from(is_moved);
        }
        assert!(10 < n_moved && 0 < shown.tally.closed, "{n_moved} {:?}", shown.tally);
        done(apply(db, &notice, today, &shown.fingerprint));
        // Nothing is left to be renewed, of open cases or closed ones.
        let rules = Rules { calendar: after, ..rules().clone() };
        assert_eq!(renew(&rules), 0);
    });
}

/// Somebody of an agency who can be written to.
fn somebody(db: &Db, agency: &Agency, role: Role) -> UserId {
    let id = UserId::new();
    let now = day("2026-01-05").and_hms_opt(0, 0, 0).unwrap().and_utc();
    let account = Account {
        id,
        login: format!("u{}", id.0.simple()),
        name: "王芳".to_owned(),
        agency_id: agency.agency_id(),
        department_id: None,
        version: 1,
        password_hash: String::new(),
        password_set_at: now,
        must_change_password: false,
        totp_secret: None,
        is_disabled: false,
        n_failures: 0,
        locked_until: None,
        created_at: now,
        roles: vec![role],
    };
    db.write(|conn| -> Result<_, StorageError> {
        accounts::insert(conn, &account)?;
        readers::set_address(conn, id, Some("wang@example.gov.cn"))
    })
    .unwrap();
    id
}

/// What has been written to an account: kind and text.
fn written_to(db: &Db, account: UserId) -> Vec<(String, String)> {
    use gongkai::storage::schema::outbox::dsl as o;
    db.read(|conn| -> Result<_, StorageError> {
        Ok(o::outbox
            .filter(o::account_id.eq(account.to_string()))
            .order(o::id)
            .select((o::kind, o::body))
            .load(conn)?)
    })
    .unwrap()
}

#[test]
fn those_whose_cases_move_are_told_in_the_same_transaction() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let (handler, other) = (somebody(db, &agency, Role::Handler), somebody(db, &agency, Role::Handler));
        let clerk = somebody(db, &agency, Role::Clerk);
        let claim = |case: &Case, user: UserId| {
            let mut person = actor("2026-12-22");
            person.viewer.user = user;
            db.write(|conn| act_as(conn, &person, case, &Command::Claim)).unwrap()
        };
        let moved = a_case(db, &agency, "2026-12-21");
        claim(&moved, handler);
        let settled = a_case(db, &agency, "2026-12-14");
        claim(&settled, other);
        let unclaimed = a_case(db, &agency, "2026-12-21");
        let before = [handler, other, clerk].map(|it| written_to(db, it).len());

        // 17 January is worked, which comes too late for the case that is due on the 12th.
        let notice = notice(2027, &["0101-0103"], &["0117"]);
        let shown = preview(db, &notice, "2026-12-22");
        assert!(moves(&shown, &settled).is_some(), "it loses its mark");
        assert_eq!(written_to(db, handler).len(), before[0], "a preview tells nobody");
        done(apply(db, &notice, "2026-12-22", &shown.fingerprint));
        let after = [handler, other, clerk].map(|it| written_to(db, it));
        assert_eq!(
            [after[0].len(), after[1].len(), after[2].len()],
            [before[0] + 1, before[1], before[2] + 1]
        );
        let (kind, body) = after[0].last().unwrap();
        assert_eq!(kind, "calendar_change");
        assert!(body.contains("您承办的1件") && body.contains(&moved.case_no), "{body}");
        assert!(body.contains("2027年1月19日（周二） → 2027年1月18日（周一）（提前1天）"), "{body}");
        assert!(!body.contains("张三"), "{body}");
        let (_, body) = after[2].last().unwrap();
        assert!(body.contains("尚无人承办的1件") && body.contains(&unclaimed.case_no), "{body}");
    });
}

#[test]
fn the_missing_notice_is_written_of_once_a_month() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let (admin, manager) =
            (somebody(db, &agency, Role::Administrator), somebody(db, &agency, Role::Manager));
        let clerk = somebody(db, &agency, Role::Clerk);
        let remind = |today: &str| tell_of_missing_notice(db, &actor(today), rules()).unwrap();
        a_case(db, &agency, "2026-10-12");
        assert_eq!(remind("2026-11-20"), 0, "no case runs into the year");
        a_case(db, &agency, "2026-12-07");
        assert_eq!([remind("2026-12-08"), remind("2026-12-09"), remind("2027-01-04")], [2, 0, 2]);
        assert_eq!([admin, manager].map(|it| written_to(db, it).len()), [2, 2]);
        let (kind, body) = &written_to(db, admin)[0];
        assert_eq!(kind, "calendar_missing");
        assert!(
            body.contains("2027年的放假通知还没有导入，1件") && body.contains("/calendar/import"),
            "{body}"
        );
        assert!(written_to(db, clerk).iter().all(|(kind, _)| kind != "calendar_missing"));
    });
}

#[test]
fn a_missing_notice_is_told_to_those_who_can_do_something_about_it() {
    use gongkai::domain::visibility::Viewer;
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let other = an_agency(db, "B", None);
        a_case(db, &agency, "2026-10-12");
        let viewer = |role, agency: &Agency| Viewer {
            user: UserId::new(),
            agency: agency.agency_id(),
            agency_path: agency.path.clone(),
            department: None,
            roles: vec![role],
        };
        let missing = |viewer: &Viewer, today: &str| {
            let caller = Caller::for_reader(viewer, actor(today).now);
            db.read(|conn| missing_notice(conn, &caller, &rules().calendar))
                .unwrap()
                .map(|it| (it.year, it.n_cases))
        };
        let admin = viewer(Role::Administrator, &other);
        assert_eq!(missing(&admin, "2026-11-24"), None, "no case runs into the year");
        a_case(db, &agency, "2026-12-07");
        assert_eq!(missing(&admin, "2026-12-08"), Some((2027, 1)));
        assert_eq!(missing(&viewer(Role::Manager, &agency), "2026-12-08"), Some((2027, 1)));
        assert_eq!(missing(&viewer(Role::Manager, &other), "2026-12-08"), None, "not a case of theirs");
        assert_eq!(missing(&viewer(Role::Clerk, &agency), "2026-12-08"), None);
        assert_eq!(missing(&admin, "2026-10-31"), None, "too early to say");
    });
}
