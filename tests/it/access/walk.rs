//! Every route with every role and with no login, from the router's own list: what is let through is what
//! the route states, and a change takes the token of the login.

use actix_web::http::{StatusCode, header};
use actix_web::test::TestRequest;
use actix_web::web;

use gongkai::domain::case::Case;
use gongkai::domain::ids::RemedyId;
use gongkai::domain::labels::Coded;
use gongkai::domain::remedy::{Capacity, RemedyFacts, RemedyKind};
use gongkai::domain::workflow::{Action, Role, Status, permitted_actions};
use gongkai::storage::Db;
use gongkai::storage::remedy::remedies;
use gongkai::storage::remedy::remedies::Remedy;
use gongkai::web::App;
use gongkai::web::guard::routes;
use gongkai::web::route::{Access, Route};

use crate::support::TestDatabase;
use crate::support::live::{Reply, Served, request};
use crate::support::web::{Answer, TestApp, admits, router, rules, settings};

/// What stands for the parts of addresses.
struct Samples {
    case: Case,
    account: String,
    remedy: RemedyId,
    file: String,
}

impl Samples {
    /// A value for a part of an address. A part that is not here fails the test: put it in, so that its route
    /// is walked.
    fn value(&self, path: &str, part: &str) -> String {
        match (path, part) {
            (_, "message") => "0197f3d2-0000-7000-8000-000000000000".to_owned(),
            (path, "job") if path.starts_with("/admin/jobs/") => "outbox".to_owned(),
            (path, "order") if path.starts_with("/admin/jobs/") => "run".to_owned(),
            ("/assets/{name}", "name") => "app.css".to_owned(),
            (_, "account") => self.account.clone(),
            (path, "code") if path.starts_with("/admin/letters/") => "LCZRZY".to_owned(),
            (_, "kind") => "receipt".to_owned(),
            (_, "version") => "0".to_owned(),
            (path, "letter") if path.starts_with("/cases/") => self.account.clone(),
            (path, "format") if path.starts_with("/cases/") => "docx".to_owned(),
            (path, "format") if path.starts_with("/admin/letters/") => "template".to_owned(),
            (path, "id" | "case") if path.starts_with("/cases/") => self.case.id.to_string(),
            (path, "file") if path.starts_with("/cases/") => self.file.clone(),
            (path, "action") if path.starts_with("/cases/") => "add_note".to_owned(),
            ("/feeds/{token}.ics", "token") => "0".repeat(64),
            (_, "year") => "2026".to_owned(),
            (path, "row") if path.starts_with("/reports/") => "new".to_owned(),
            (path, "part") if path.starts_with("/reports/") => "overview".to_owned(),
            (path, "seq") if path.starts_with("/reports/") => "1".to_owned(),
            (path, "id") if path.starts_with("/remedies/") => self.remedy.to_string(),
            ("/remedies/{id}/{act}", "act") => "amend".to_owned(),
            (path, "code") if path.starts_with("/admin/agencies/") => "LCZRZY".to_owned(),
            ("/admin/agencies/{code}/{change}", "change") => "rename".to_owned(),
            (path, "column") if path.starts_with("/reports/") => "total".to_owned(),
            (path, "format") if path.contains("/cells/") => "csv".to_owned(),
            (path, "format") if path.starts_with("/reports/") => "html".to_owned(),
            (path, "view") if path.starts_with("/views/") => "1".to_owned(),
            _ => panic!("no sample for {{{part}}} of {path}"),
        }
    }

    fn address(&self, route: &Route) -> String {
        let mut address = String::new();
        let mut rest = route.path;
        while let Some((before, after)) = rest.split_once('{') {
            let (part, after) = after.split_once('}').unwrap();
            let name = part.split_once(':').map_or(part, |(name, _)| name);
            address += before;
            address += &self.value(route.path, name);
            rest = after;
        }
        address + rest
    }
}

fn samples(app: &TestApp) -> Samples {
    let case = app.case_at("万源小区三期征收补偿方案", Status::UnderReview);
    let remedy = Remedy {
        id: RemedyId::new(),
        agency_id: case.agency_id,
        remedy_no: "聊政复〔2026〕9号".to_owned(),
        case_id: Some(case.id),
        version: 1,
        facts: RemedyFacts {
            kind: RemedyKind::Reconsideration,
            accepted_on: case.received_on,
            concluded: None,
            capacity: Capacity::ActingAgency,
        },
        body: "聊城市人民政府".to_owned(),
        remarks: String::new(),
    };
    app.app.db.write(|conn| remedies::insert(conn, std::slice::from_ref(&remedy))).unwrap();
    Samples {
        case,
        remedy: remedy.id,
        // Nobody walks in this account, so that ending its logins ends no walk.
        account: app.users["other_handler"].to_string(),
        file: gongkai::domain::ids::AttachmentId::new().to_string(),
    }
}

/// The ways out of the guard, told apart by the words of its refusals.
fn is_refused(answer: &Answer) -> bool {
    answer.status == StatusCode::FORBIDDEN && answer.body.contains("您的职责不包括这项操作")
}

fn is_forged(answer: &Answer) -> bool {
    answer.status == StatusCode::FORBIDDEN && answer.body.contains("页面已失效")
}

fn leads_to_login(answer: &Answer) -> bool {
    answer.status == StatusCode::SEE_OTHER && answer.location.starts_with("/login")
}

#[track_caller]
fn check(is_right: bool, route: &Route, who: &str, what: &str, answer: &Answer) {
    assert!(
        is_right,
        "{} {} as {who:?}, {what}: {} {}\n{}",
        route.method, route.path, answer.status, answer.location, answer.body
    );
}

#[test]
fn every_route_states_who_may_use_it() {
    let routes = routes();
    for (i, it) in routes.iter().enumerate() {
        assert!(matches!(it.method, "GET" | "POST"), "{} {}", it.method, it.path);
        let is_twice = routes[..i].iter().any(|other| (other.method, other.path) == (it.method, it.path));
        assert!(!is_twice, "{} {} stands twice: which policy holds?", it.method, it.path);
        let is_for_somebody = Role::ALL.iter().any(|role| admits(it.access, *role));
        assert!(is_for_somebody, "{} {} is for nobody", it.method, it.path);
        if it.access == Access::Public {
            let known = ["/login", "/setup", "/assets/{name}", "/feeds/{token}.ics"];
            assert!(known.contains(&it.path), "{} is open to the world: is that meant?", it.path);
        }
    }
}

#[actix_web::test]
async fn without_a_login_every_door_but_the_public_ones_is_shut() {
    let app = TestApp::new().await;
    let samples = samples(&app);
    for route in routes() {
        let address = samples.address(&route);
        let answer = match route.method {
            "GET" => app.get("", &address).await,
            _ => app.post_raw("", &address, &[]).await,
        };
        let is_right = match (route.access, route.method) {
            (Access::Public, "GET") => !leads_to_login(&answer) && answer.status != StatusCode::UNAUTHORIZED,
            (Access::Public, _) => is_forged(&answer),
            (_, "GET") => leads_to_login(&answer),
            (_, _) => answer.status == StatusCode::UNAUTHORIZED,
        };
        check(is_right, &route, "", "no token", &answer);
    }
}

#[actix_web::test]
async fn every_role_passes_where_its_routes_say_and_nowhere_else() {
    let app = TestApp::new().await;
    let samples = samples(&app);
    for role in Role::ALL {
        let who = role.code();
        for route in routes() {
            let address = samples.address(&route);
            if route.method == "GET" {
                let answer = app.get(who, &address).await;
                let is_right = match admits(route.access, *role) {
                    true => {
                        let is_let_in = !is_refused(&answer) && !leads_to_login(&answer);
                        is_let_in && !answer.status.is_server_error()
                    }
                    false => is_refused(&answer),
                };
                check(is_right, &route, who, "a page", &answer);
                continue;
            }
            // The guard stands before the token, so that a role that may not is told so.
            app.get(who, "/account").await.is(200);
            let answer = app.post_raw(who, &address, &[]).await;
            let is_right = if admits(route.access, *role) { is_forged(&answer) } else { is_refused(&answer) };
            check(is_right, &route, who, "no token", &answer);
            let answer = app.post_raw(who, &address, &[("csrf", "of another login")]).await;
            let is_right = if admits(route.access, *role) { is_forged(&answer) } else { is_refused(&answer) };
            check(is_right, &route, who, "a wrong token", &answer);
            if route.access == Access::Public {
                continue;
            }
            let answer = app.post(who, &address, &[]).await;
            let is_right = match admits(route.access, *role) {
                true => !is_forged(&answer) && !answer.status.is_server_error(),
                false => is_refused(&answer),
            };
            check(is_right, &route, who, "with the token", &answer);
            if leads_to_login(&answer) {
                app.close_browser(who);
            }
        }
        app.close_browser(who);
    }
}

#[actix_web::test]
async fn a_button_is_shown_where_the_table_permits_the_act() {
    let app = TestApp::new().await;
    let mut n_shown = 0;
    for status in Status::ALL.iter().filter(|it| **it != Status::Received) {
        let case = app.case_at("万源小区三期征收补偿方案", *status).id;
        for role in Role::ALL {
            let who = role.code();
            let page = app.get(who, &format!("/cases/{case}")).await;
            if page.status != StatusCode::OK {
                continue;
            }
            let permitted = permitted_actions(*status, &[*role]);
            for action in Action::ALL {
                let form = match action {
                    // Three ways to end a review, on one page.
                    Action::Agree | Action::AgreeWithChanges | Action::ReturnDraft => {
                        format!("/cases/{case}/review")
                    }
                    _ => format!("/cases/{case}/do/{}", action.code()),
                };
                let is_shown = page.body.contains(&format!("{form}\""));
                let answer = app.get(who, &form).await;
                let case = format!("{action:?} by {role:?} in {status:?}: {}", answer.status);
                match permitted.contains(action) {
                    // Of what the table permits, the facts leave out some: no opinion comes back unasked.
                    true => assert_eq!(answer.status, StatusCode::OK, "{case}"),
                    false => assert!(!is_shown && answer.status.is_client_error(), "{case}"),
                }
                n_shown += usize::from(is_shown);
            }
        }
    }
    assert!(100 < n_shown, "{n_shown}");
}

#[actix_web::test]
async fn a_change_from_another_site_is_refused_even_with_the_token() {
    let app = TestApp::new().await;
    let samples = samples(&app);
    app.get("administrator", "/account").await.is(200);
    let csrf = app.csrf("administrator");
    for route in routes().into_iter().filter(|it| it.method == "POST") {
        for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
            let request = TestRequest::post()
                .uri(&samples.address(&route))
                .insert_header((header::CONTENT_TYPE, "application/x-www-form-urlencoded"))
                .insert_header((header::HOST, "gongkai.example"))
                .insert_header((name, value))
                .set_payload(format!("csrf={csrf}"));
            let answer = app.send("administrator", request).await;
            check(is_forged(&answer), &route, "administrator", name, &answer);
        }
    }
}

#[actix_web::test]
async fn a_case_of_another_agency_does_not_exist() {
    let app = TestApp::new().await;
    let samples = samples(&app);
    for route in routes().into_iter().filter(|it| it.path.starts_with("/cases/{")) {
        for (who, role) in [("child_clerk", Role::Clerk), ("child_manager", Role::Manager)] {
            if !admits(route.access, role) {
                continue;
            }
            let address = samples.address(&route);
            app.get(who, "/account").await.is(200);
            let answer = match route.method {
                "GET" => app.get(who, &address).await,
                _ => app.post(who, &address, &[("version", "1"), ("text", "备注")]).await,
            };
            check(answer.status == StatusCode::NOT_FOUND, &route, who, "another agency's case", &answer);
        }
    }
}

#[actix_web::test]
async fn refusals_are_pages_with_all_headers() {
    let app = TestApp::new().await;
    for (who, path, status) in [("clerk", "/admin", 403), ("clerk", "/no-such-page", 404)] {
        let answer = app.get(who, path).await;
        answer.is(status).says("回到工作台").says("app.css");
        assert!(answer.header("content-security-policy").contains("default-src 'self'"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    // Refusals and failures stand in the office of whoever is signed in.
    let agency = "<span class=\"brand-agency\">聊城市自然资源和规划局</span>";
    let other = app.register_below("测绘成果");
    let unseen = format!("/cases/{}", other.id);
    for (path, status) in [("/admin", 403), ("/no-such-page", 404), (unseen.as_str(), 404)] {
        app.get("clerk", path).await.is(status).says(agency);
    }
    app.post_raw("clerk", "/logout", &[("csrf", "forged")]).await.is(403).says(agency);
    crate::support::office::execute(app.db(), "ALTER TABLE remedies RENAME TO gone").unwrap();
    app.get("clerk", "/remedies").await.is(500).says(agency).says("查询号");
    app.get("", "/no-such-page").await.is(404).says_not(agency).says_not("演示数据");
    let demo = TestDatabase::sqlite();
    let db = Db::open(demo.url(), 1).unwrap();
    db.migrate().unwrap();
    let demo_app = web::Data::new(App::new(db, settings(), rules(), &routes(), true));
    let call = router(demo_app).await;
    call(TestRequest::get().uri("/assets/no-such-file")).await.is(404).says("演示数据");
    let page = app.get("clerk", "/").await;
    assert_eq!(page.header("cache-control"), "no-store", "the next person at this desk presses back");
    assert_eq!(app.get("clerk", "/style").await.status, StatusCode::NOT_FOUND, "only in the demonstration");
}

/// What names the moment or the request, and so differs between two answers to the same question.
const OF_THE_MOMENT: &[&str] = &["date", "set-cookie"];

#[actix_web::test]
async fn the_head_of_every_page_is_had_without_its_body() {
    let mut settings = settings();
    settings.server.listen = "127.0.0.1:0".parse().unwrap();
    let app = TestApp::with(TestDatabase::sqlite(), settings).await;
    let samples = samples(&app);
    let served = Served::start(app.app.clone());
    let mut n_pages = 0;
    for who in ["", "clerk", "administrator"] {
        let login = if who.is_empty() { String::new() } else { app.login_of(who).await };
        for route in routes().iter().filter(|it| it.method == "GET") {
            let address = samples.address(route);
            let answer = |method| request(served.address, &login, method, &address, &[], &[]);
            let (page, head) = (answer("GET"), answer("HEAD"));
            let what = format!("{} as {who:?}: {head:?}", route.path);
            assert_eq!(head.status, page.status, "{what}");
            assert!(head.body.is_empty(), "{what}");
            // A page whose length is not known beforehand comes in pieces; of these a head has none.
            let lasting = |it: &Reply| {
                let of_the_moment = |name: &str| OF_THE_MOMENT.contains(&name);
                let mut kept: Vec<_> =
                    it.headers.iter().filter(|it| !of_the_moment(&it.0)).cloned().collect();
                kept.sort();
                kept
            };
            assert_eq!(lasting(&head), lasting(&page), "{what}");
            n_pages += usize::from(page.status == 200);
        }
    }
    assert!(50 < n_pages, "only {n_pages} pages were let through");
}
