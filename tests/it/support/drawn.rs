//! The demonstration's bureau on a fixed morning, and its pages as text that can be compared line by line.
//!
//! What differs in every run stands under a name that does not: cases under their numbers, accounts under the
//! names they sign in with, everything else that has an identifier under a number within the page. Blanks
//! that no browser shows are not kept.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use actix_web::http::header;
use actix_web::test::TestRequest;
use actix_web::web;
use chrono::{DateTime, Utc};
use diesel::sql_types::Text;
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection};
use gongkai::service::access::add_agency::add_agency;
use gongkai::service::access::hashing::hash_token;
use gongkai::service::clock::Clock;
use gongkai::service::upkeep::demo_bureau;
use gongkai::service::{Caller, ServiceError};
use gongkai::storage::Db;
use gongkai::storage::access::accounts;
use gongkai::storage::access::accounts::Login;
use gongkai::web::App;
use gongkai::web::guard::routes;
use tempfile::TempDir;

use super::markup::{in_frame, readable, redacted};
use super::web::{Answer, router, rules, settings};

/// A Tuesday, ten in the morning in Beijing.
const MORNING: &str = "2026-11-24T02:00:00Z";
/// Those who work in the bureau: clerk, two handlers, legal adviser, approver, manager, administrator, auditor.
pub const PEOPLE: &[&str] =
    &["dengji", "chengban", "chengban2", "falv", "fuzeren", "guanli", "admin", "shenji"];

/// Sends a request to the program.
type Call = Box<dyn Fn(TestRequest) -> std::pin::Pin<Box<dyn Future<Output = Answer>>>>;

/// The bureau with its router.
pub struct Bureau {
    /// What the handlers get.
    pub app: web::Data<App>,
    area: &'static str,
    call: Call,
    /// What stands around the pages of a person.
    frames: RefCell<BTreeMap<String, String>>,
    kept: RefCell<BTreeSet<String>>,
    unlike: RefCell<Vec<String>>,
    folder: TempDir,
}

/// Pages that are kept under one name, in one file.
#[derive(Default)]
pub struct Sheet {
    parts: Vec<(String, String)>,
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    name: String,
}

impl Bureau {
    /// The bureau with a branch below it. What is kept begins with the area's name.
    pub async fn new(area: &'static str) -> Self {
        let bureau = Self::empty(area).await;
        let now = bureau.app.now();
        let founder =
            Caller { name: "测试（test）".to_owned(), ..Caller::at_command_line("测试", now) };
        let rules = rules();
        let fill = |conn: &mut _| -> Result<_, ServiceError> {
            demo_bureau::fill(conn, &founder, &rules)?;
            add_agency(conn, &founder, "DCF", "东昌府分局", Some(demo_bureau::CODE))?;
            for login in PEOPLE {
                let login = Login {
                    token_hash: hash_token(&token(login)),
                    account_id: accounts::by_login(conn, login)?.id.to_string(),
                    csrf: CSRF.to_owned(),
                    created_at: now.naive_utc(),
                    seen_at: now.naive_utc(),
                    ip: "192.0.2.7".to_owned(),
                    user_agent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0".to_owned(),
                    awaits_second_factor: false,
                };
                accounts::insert_login(conn, &login)?;
            }
            Ok(())
        };
        bureau.app.db.write(fill).unwrap();
        bureau
    }

    /// The program at its first start.
    pub async fn empty(area: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite://{}", folder.path().join(FILE).display()), 2).unwrap();
        db.migrate().unwrap();
        let mut settings = settings();
        // Whether LibreOffice is installed is not the page's to say here.
        settings.documents.soffice = String::new();
        settings.server.changes_per_minute = 10_000;
        let at: DateTime<Utc> = MORNING.parse().unwrap();
        let app = App::new(db, settings, rules(), &routes(), true).with_clock(Clock::set_to(Some(at)));
        let app = web::Data::new(app);
        let call = router(app.clone()).await;
        let (frames, kept, unlike) = Default::default();
        Self { app, area, call, frames, kept, unlike, folder }
    }

    /// A page, as one of [`PEOPLE`] gets it; as a visitor for "".
    pub async fn get(&self, who: &str, path: &str) -> Answer {
        self.send(who, TestRequest::get().uri(path)).await
    }

    /// A form, sent with its token.
    pub async fn post(&self, who: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let all: Vec<_> = [("csrf", CSRF)].into_iter().chain(fields.iter().copied()).collect();
        self.send(who, TestRequest::post().uri(path).set_form(all)).await
    }

    /// A request with the login of one of [`PEOPLE`].
    pub async fn send(&self, who: &str, request: TestRequest) -> Answer {
        let cookie = if who.is_empty() {
            format!("gongkai_form={CSRF}")
        } else {
            format!("gongkai_login={}", token(who))
        };
        (self.call)(request.insert_header((header::COOKIE, cookie))).await
    }

    /// Keeps a page as these people get it, once for all who get the same.
    pub async fn page(&self, name: &str, path: &str, who: &[&str]) {
        let mut sheet = Sheet::default();
        for who in who {
            let answer = self.get(who, path).await;
            sheet.add(self, who, &format!("GET {path}"), &answer).await;
        }
        self.keep(name, sheet);
    }

    /// Keeps an answer that one person got.
    pub async fn answer(&self, name: &str, who: &str, asked: &str, answer: &Answer) {
        let mut sheet = Sheet::default();
        sheet.add(self, who, asked, answer).await;
        self.keep(name, sheet);
    }

    /// Compares what was drawn with what is kept under this name.
    pub fn keep(&self, name: &str, sheet: Sheet) {
        let name = format!("{}-{name}", self.area);
        assert!(self.kept.borrow_mut().insert(name.clone()), "{name} is kept twice");
        let mut text = String::new();
        let mut told: Vec<&str> = Vec::new();
        for (title, drawn) in &sheet.parts {
            if told.contains(&title.as_str()) {
                continue;
            }
            let same = sheet.parts.iter().filter(|(_, it)| it == drawn).map(|(it, _)| it.as_str());
            let same: Vec<_> = same.collect();
            text += &format!("===== {}\n{drawn}\n", same.join("\n===== "));
            told.extend(same);
        }
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let compare = AssertUnwindSafe(|| settings.bind(|| insta::assert_snapshot!(name.clone(), text)));
        if catch_unwind(compare).is_err() {
            self.unlike.borrow_mut().push(name);
        }
    }

    /// Fails where a page is not as it is kept, or where something is kept of which there is no page.
    pub fn done(self) {
        let unlike = self.unlike.into_inner();
        assert!(
            unlike.is_empty(),
            "{} pages are not as they were: {}\nThe differences stand above. Where they are meant, run again \
             with INSTA_UPDATE=always and look at what git says has changed.",
            unlike.len(),
            unlike.join(", ")
        );
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/snapshots");
        let prefix = format!("{}-", self.area);
        let names =
            std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
        let left: Vec<_> = names
            .filter_map(|it| Some(it.strip_suffix(".snap")?.to_owned()))
            .filter(|it| it.starts_with(&prefix) && !self.kept.borrow().contains(it))
            .collect();
        assert_eq!(left, Vec::<String>::new(), "kept, and no longer drawn");
    }

    /// The identifiers that a query names: an `id` and a `name` each.
    pub fn named(&self, query: &str) -> Vec<(String, String)> {
        let url = self.folder.path().join(FILE).display().to_string();
        let mut connection = SqliteConnection::establish(&url).unwrap();
        let rows: Vec<Named> = diesel::sql_query(query).load(&mut connection).unwrap();
        rows.into_iter().map(|it| (it.id, it.name)).collect()
    }

    /// The identifier of the first case in this state, oldest first.
    pub fn case(&self, status: &str) -> String {
        let query =
            format!("SELECT id, case_no AS name FROM cases WHERE status = '{status}' ORDER BY case_no");
        self.named(&query).remove(0).0
    }

    /// What a person was answered, as text.
    async fn drawn(&self, who: &str, answer: &Answer) -> String {
        let mut body = answer.body.clone();
        for (id, name) in self.names() {
            body = body.replace(&id, &name);
        }
        body = body.replace(&self.folder.path().display().to_string(), "{folder}");
        body = redacted(&body);
        let mut head = format!("{}\n", answer.status.as_u16());
        if !answer.location.is_empty() {
            let mut location = answer.location.clone();
            for (id, name) in self.names() {
                location = location.replace(&id, &name);
            }
            return format!("{head}to {}\n", redacted(&location));
        }
        let Some((frame, main, mark)) = in_frame(&body).filter(|_| !who.is_empty()) else {
            return head + &readable(&body);
        };
        let usual = self.frames.borrow().get(who).cloned();
        if usual.as_ref().is_some_and(|it| *it == frame) {
            head += &format!("{mark}\n");
            head + &readable(&main)
        } else {
            head + &readable(&body)
        }
    }

    fn names(&self) -> Vec<(String, String)> {
        const NAMED: &str = "SELECT id, '{case ' || case_no || '}' AS name FROM cases
            UNION ALL SELECT id, '{account ' || login || '}' FROM accounts
            UNION ALL SELECT id, '{remedy ' || remedy_no || '}' FROM remedies";
        self.named(NAMED)
    }

    /// Keeps what stands around the pages of each person: what follows is drawn without it.
    pub async fn frames(&self) {
        let mut sheet = Sheet::default();
        for who in PEOPLE {
            let body = redacted(&self.get(who, "/account").await.body);
            let (frame, _, mark) = in_frame(&body).unwrap();
            sheet.parts.push(((*who).to_owned(), format!("{mark}\n{}", readable(&frame))));
            self.frames.borrow_mut().insert((*who).to_owned(), frame);
        }
        self.keep("frame", sheet);
    }
}

impl Sheet {
    /// Adds what a person was answered.
    pub async fn add(&mut self, bureau: &Bureau, who: &str, asked: &str, answer: &Answer) {
        let mut title = format!("{who} {asked}");
        for (id, name) in bureau.names() {
            title = title.replace(&id, &name);
        }
        self.parts.push((redacted(&title), bureau.drawn(who, answer).await));
    }
}

const FILE: &str = "gongkai.db";
/// The token of every form.
const CSRF: &str = "f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0";

fn token(login: &str) -> String {
    format!("token-of-{login}")
}
