//! Finding cases: words of one and two characters, what each person sees, and pages without gaps.

use chrono::{Days, NaiveDate};
use gongkai::domain::applicant::ApplicantKind;
use gongkai::domain::find::{CaseFilter, Order, OrderBy, Pile, PileDays};
use gongkai::domain::ids::{AgencyId, DepartmentId, UserId};
use gongkai::domain::request::Request;
use gongkai::domain::search::search_query;
use gongkai::domain::visibility::{Sight, Viewer};
use gongkai::domain::workflow::{Role, Status};
use gongkai::service::upkeep::refresh_search::{index_some, refresh_search};
use gongkai::storage::Db;
use gongkai::storage::access::agencies;
use gongkai::storage::access::agencies::Agency;
use gongkai::storage::case::cases;
use gongkai::storage::case::cases::NewCase;
use gongkai::storage::desk::queue;
use gongkai::storage::desk::queue::Parts;

use crate::support::office::{a_stored_case, an_agency, day, execute, rules};
use crate::support::on_both_databases;

fn a_case(agency: AgencyId, no: &str, received_on: NaiveDate, name: &str, content: &str) -> NewCase {
    let mut new = a_stored_case(agency, no, ApplicantKind::NaturalPerson, received_on, None);
    new.case.applicant_name = name.to_owned();
    new.request = Request { content: content.to_owned(), ..Request::default() };
    new
}

fn search(text: &str) -> CaseFilter {
    CaseFilter { text: Some(search_query(text).unwrap()), ..CaseFilter::default() }
}

const BY_RECEIPT: Order = Order { by: OrderBy::Received, is_descending: true };

fn parts(db: &Db, sights: &[Sight]) -> Parts {
    db.read(|conn| Parts::of(conn, sights)).unwrap()
}

fn found(db: &Db, sights: &[Sight], filter: &CaseFilter) -> Vec<String> {
    let filters = std::slice::from_ref(filter);
    let parts = parts(db, sights);
    let lines = db.read(|conn| queue::page(conn, &parts, filters, BY_RECEIPT, None, 100)).unwrap();
    let n = db.read(|conn| queue::count(conn, &parts, filter, 100)).unwrap();
    assert_eq!(usize::try_from(n).unwrap(), lines.len(), "the count is that of the list");
    lines.into_iter().map(|it| it.case_no).collect()
}

fn check_words(check: &dyn Fn(&str, &[&str])) {
    check("征收", &["2026-0109"]);
    check("征", &["2026-0109", "2026-0110"]);
    check("收征", &["2026-0110"]);
    check("𬱖", &["2026-0108"]);
    check("王建国", &["2026-0109"]);
    check("pm2.5", &["2026-0108"]);
    check("PM", &["2026-0108"]);
    check("18号", &["2026-0108"]);
    check("2026-0108", &["2026-0108"]);
    check("108", &["2026-0108"]);
    check("300万", &["2026-0109"]);
    check("lt", &["2026-0110"]);
    check("补偿 水利", &["2026-0109"]);
    check("补偿 监测", &[]);
    check("国征", &[]);
    check("\"'or'\" (NEAR) * ' \\ --", &["2026-0110"]);
    check("agency1", &[]);
}

#[test]
fn words_are_found_whatever_their_length() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None).agency_id();
        let other = an_agency(db, "B", None).agency_id();
        let cases = [
            a_case(agency, "2026-0108", day("2026-03-05"), "𬱖敏", "东湖路18号地块PM2.5监测数据"),
            a_case(agency, "2026-0109", day("2026-03-06"), "王建国", "征收补偿方案；“水利”投资＝３００万元"),
            a_case(
                agency,
                "2026-0110",
                day("2026-03-04"),
                "恒达置业Ltd",
                "收征 利水 'or' 1=1 \"quoted\" AND NEAR(x) *",
            ),
            a_case(other, "2026-0108", day("2026-03-07"), "李四", "征收补偿方案"),
        ];
        db.write(|conn| cases::insert(conn, &cases)).unwrap();
        // Of more agencies than are read one by one: read while they wait for the index, then looked up.
        (0..8).for_each(|i| drop(an_agency(db, &format!("N{i}"), None)));
        let sights = [Sight::Agency(agency)];
        let everything = [Sight::Below("/".to_owned())];
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(found(db, &sights, &search(text)), expected, "{text}");
            let filter = CaseFilter { agency: Some(agency), ..search(text) };
            assert_eq!(found(db, &everything, &filter), expected, "{text} anywhere");
        };
        for is_indexed in [false, true] {
            if is_indexed {
                assert_eq!(index_some(db).unwrap(), 4, "a few are indexed in one go");
            }
            check_words(&check);
        }
        assert_eq!(found(db, &everything, &search("征收")), ["2026-0108", "2026-0109"]);
        assert_eq!(found(db, &[], &search("征收")), [""; 0]);
        let mut filter = search("征");
        filter.received_to = Some(day("2026-03-05"));
        assert_eq!(found(db, &sights, &filter), ["2026-0110"]);
    });
}

/// Behind so many later texts that they are not read one by one, and only the index finds them.
#[test]
fn old_texts_are_found_behind_many_later_ones() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None).agency_id();
        (0..9).for_each(|i| drop(an_agency(db, &format!("N{i}"), Some("A"))));
        let insert = |no: &str, received_on: &str, content: &str| {
            let new = a_case(agency, no, day(received_on), "王某", content);
            db.write(|conn| cases::insert(conn, std::slice::from_ref(&new))).unwrap();
        };
        insert("2020-0001", "2020-03-05", "征收补偿");
        insert("2020-0002", "2020-03-04", "征收决定");
        assert_eq!(refresh_search(db).unwrap(), 0);
        insert("2020-0003", "2020-03-06", "补偿征收");
        insert("2026-0001", "2026-03-06", "供水规划");
        let columns = "status, is_open, version, channel, received_on, applicant_kind, applicant_name, round, \
                       clock, due_on, due_provisional, registered_at, changed_at";
        let many = "WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 12100)";
        let of = "FROM cases c CROSS JOIN many WHERE c.case_no = '2026-0001'";
        execute(
            db,
            &format!(
                "{many} INSERT INTO cases (id, agency_id, case_no, {columns}) \
                 SELECT CAST(n AS TEXT), agency_id, 'M-' || n, {columns} {of}; \
                 {many} INSERT INTO search_docs (agency_id, doc_id, case_id, words) \
                 SELECT agency_id, 6600000000000000000 + n, CAST(n AS TEXT), ' 供 水 ' {of}"
            ),
        )
        .unwrap();
        let everything = [Sight::Below("/".to_owned())];
        let pending_and_indexed = ["2020-0003", "2020-0001", "2020-0002"];
        assert_eq!(found(db, &everything, &search("征收")), pending_and_indexed);
        assert_eq!(found(db, &everything, &search("征收 补")), ["2020-0003", "2020-0001"]);
        let mut since = search("征收");
        since.received_from = Some(day("2020-03-05"));
        assert_eq!(found(db, &everything, &since), ["2020-0003", "2020-0001"]);
        let order = Order { by: OrderBy::Received, is_descending: false };
        assert_eq!(
            walk(db, &everything, &search("征收"), order, 1).concat(),
            ["2020-0002", "2020-0001", "2020-0003"]
        );
    });
}

#[test]
fn what_is_set_right_is_found_as_it_is_now() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None).agency_id();
        let new = a_case(agency, "2026-0001", day("2026-03-05"), "王某", "征收补偿");
        db.write(|conn| cases::insert(conn, std::slice::from_ref(&new))).unwrap();
        let sights = [Sight::Agency(agency)];
        let request = Request { content: "供水规划".to_owned(), ..Request::default() };
        db.write(|conn| cases::update_request(conn, new.case.id, &request)).unwrap();
        assert_eq!(found(db, &sights, &search("征收")), [""; 0]);
        assert_eq!(found(db, &sights, &search("供水")), ["2026-0001"]);
        let mut case = new.case.clone();
        (case.version, case.applicant_name, case.received_on) = (2, "黄某".to_owned(), day("2026-03-09"));
        db.write(|conn| cases::update(conn, &case, new.next, new.registered_at)).unwrap();
        assert_eq!(found(db, &sights, &search("王某")), [""; 0]);
        assert_eq!(found(db, &sights, &search("黄某 供水")), ["2026-0001"]);
        let mut since = search("黄某");
        since.received_from = Some(day("2026-03-08"));
        assert_eq!(found(db, &sights, &since), ["2026-0001"]);
        // An upgrade finds cases without an index, and fills it once.
        execute(db, "DELETE FROM search_pending; DELETE FROM search_words; DELETE FROM search_docs").unwrap();
        assert_eq!(found(db, &sights, &search("供水")), [""; 0]);
        assert_eq!(refresh_search(db).unwrap(), 1);
        assert_eq!(refresh_search(db).unwrap(), 0);
        assert_eq!(found(db, &sights, &search("供水")), ["2026-0001"]);
    });
}

/// Cases of two agencies over departments, handlers and statuses, most days shared.
fn many(db: &Db) -> (Vec<Agency>, Vec<NewCase>, [UserId; 2]) {
    let agencies = vec![an_agency(db, "A", None), an_agency(db, "C", Some("A")), an_agency(db, "X", None)];
    let departments: Vec<DepartmentId> = db
        .write(|conn| {
            let of =
                |conn: &mut _, agency: &Agency, name| agencies::department(conn, agency.agency_id(), name);
            Ok::<_, gongkai::storage::StorageError>(vec![
                of(conn, &agencies[0], "征收科")?,
                of(conn, &agencies[0], "登记中心")?,
            ])
        })
        .unwrap();
    let users = [UserId::new(), UserId::new()];
    let statuses =
        [Status::Received, Status::Registered, Status::Handled, Status::UnderReview, Status::AwaitingIssue];
    let mut all = Vec::new();
    for agency in &agencies {
        for i in 0..40_u64 {
            let received_on = day("2026-03-02") + Days::new(i % 5);
            let no = format!("{}-{i}", agency.code);
            let mut new = a_case(agency.agency_id(), &no, received_on, "王某", "征收补偿方案");
            let at = |n: u64| usize::try_from(n).unwrap();
            new.case.status = statuses[at(i % 5)];
            if agency.code == "A" && i % 3 != 0 {
                new.case.department_id = Some(departments[at(i % 2)]);
            }
            if i % 4 == 0 {
                new.case.handler_id = Some(users[at(i / 4 % 2)]);
            }
            new.next.on = day("2026-03-30") + Days::new(i % 3);
            all.push(new);
        }
    }
    db.write(|conn| cases::insert(conn, &all)).unwrap();
    (agencies, all, users)
}

#[test]
fn everyone_finds_what_they_see_and_pages_have_no_gaps() {
    on_both_databases(|db| {
        let (agencies, all, users) = many(db);
        let departments = db.read(|conn| agencies::departments(conn, agencies[0].agency_id())).unwrap();
        let path_of = |id: AgencyId| agencies.iter().find(|it| it.agency_id() == id).unwrap().path.clone();
        let text = search("补偿");
        for roles in [
            vec![Role::Clerk],
            vec![Role::Handler],
            vec![Role::LegalAdviser],
            vec![Role::Handler, Role::LegalAdviser],
            vec![Role::Manager],
            vec![Role::Manager, Role::Handler],
            vec![Role::Administrator],
        ] {
            let viewer = Viewer {
                user: users[0],
                agency: agencies[0].agency_id(),
                agency_path: agencies[0].path.clone(),
                department: Some(departments[0].0),
                roles,
            };
            let mut expected: Vec<String> = all
                .iter()
                .filter(|it| {
                    viewer.sees(&gongkai::domain::visibility::CasePlace {
                        agency: it.case.agency_id,
                        agency_path: path_of(it.case.agency_id),
                        department: it.case.department_id,
                        handler: it.case.handler_id,
                        status: it.case.status,
                    })
                })
                .map(|it| it.case.case_no.clone())
                .collect();
            expected.sort();
            for filter in [CaseFilter::default(), text.clone()] {
                for (by, is_descending, limit) in [
                    (OrderBy::Received, true, 7),
                    (OrderBy::Received, false, 1),
                    (OrderBy::Due, false, 7),
                    (OrderBy::Due, true, 50),
                    (OrderBy::Changed, false, 3),
                ] {
                    let order = Order { by, is_descending };
                    let pages = walk(db, &viewer.sights(), &filter, order, limit);
                    let mut listed: Vec<_> = pages.concat();
                    listed.sort();
                    assert_eq!(listed, expected, "{:?} {order:?} {limit}", viewer.roles);
                }
            }
        }
    });
}

/// All pages forward; and each page is found again going back.
fn walk(db: &Db, sights: &[Sight], filter: &CaseFilter, order: Order, limit: usize) -> Vec<Vec<String>> {
    let filters = std::slice::from_ref(filter);
    let parts = &parts(db, sights);
    let (mut pages, mut place, mut back): (Vec<Vec<String>>, _, Option<_>) = (Vec::new(), None, None);
    loop {
        let lines = db.read(|conn| queue::page(conn, parts, filters, order, place.as_ref(), limit)).unwrap();
        if let Some(back) = &back {
            let before = db.read(|conn| queue::page(conn, parts, filters, order, Some(back), limit)).unwrap();
            let before: Vec<_> = before.into_iter().map(|it| it.case_no).collect();
            if !lines.is_empty() {
                assert_eq!(Some(&before), pages.last(), "{order:?}");
            }
        }
        let Some(last) = lines.last() else { return pages };
        place = Some(last.place(order, false));
        pages.push(lines.iter().map(|it| it.case_no.clone()).collect());
        // The line that the next page begins with is not known yet: its place is that of its first line.
        let next = db.read(|conn| queue::page(conn, parts, filters, order, place.as_ref(), 1)).unwrap();
        back = next.first().map(|it| it.place(order, true));
    }
}

#[test]
fn piles_are_what_they_say() {
    on_both_databases(|db| {
        let (agencies, all, _) = many(db);
        let today = day("2026-03-31");
        let begins = today.and_hms_opt(0, 0, 0).unwrap().and_utc();
        let days = PileDays::new(today, begins, &rules().calendar);
        let sights = [Sight::Agency(agencies[0].agency_id())];
        let n = |pile: Pile| {
            let mut filter = CaseFilter::default();
            pile.narrow(&mut filter, &days);
            found(db, &sights, &filter).len()
        };
        let of = |test: &dyn Fn(&NewCase) -> bool| {
            all.iter().filter(|it| it.case.agency_id == agencies[0].agency_id() && test(it)).count()
        };
        // Before the day of receipt is confirmed no period runs: its light is that of a suspended case.
        let runs = |it: &NewCase| it.case.status != Status::Received;
        assert_eq!(n(Pile::DueToday), of(&|it| runs(it) && it.next.on == today));
        assert_eq!(n(Pile::Overdue), of(&|it| runs(it) && it.next.on < today));
        assert_eq!(n(Pile::DueSoon), of(&|it| runs(it) && today <= it.next.on));
        assert_eq!(n(Pile::ToConfirm), of(&|it| !runs(it)));
        assert_eq!(n(Pile::ToReview), of(&|it| it.case.status == Status::UnderReview));
        assert_eq!(
            n(Pile::Unclaimed),
            of(&|it| it.case.handler_id.is_none() && it.case.status != Status::Received)
        );
        assert_eq!(n(Pile::AwaitingCorrection), 0);
        assert_eq!(n(Pile::Untouched), 40);
        let by_day = db
            .read(|conn| {
                let filter = CaseFilter { due_from: Some(today), ..CaseFilter::default() };
                queue::due_by_day(conn, &parts(db, &sights), &filter)
            })
            .unwrap();
        let n_due: i64 = by_day.iter().map(|(_, n)| n).sum();
        assert_eq!(usize::try_from(n_due).unwrap(), n(Pile::DueSoon));
    });
}
