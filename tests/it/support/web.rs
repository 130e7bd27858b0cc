//! The web in process: the real router and guard over a database of its own, and an office in it.
//!
//! An account is named by the name it signs in with: the code of its role (`clerk`, `handler`,
//! `legal_adviser`, `approver`, `manager`, `administrator`, `auditor`), `other_handler` in the other
//! department, `child_clerk` and `child_manager` in the agency below, `parent_manager` in the one above,
//! and `""` for nobody. Everybody has the same [`PASSWORD`], and is signed in when first needed.
#![allow(dead_code, reason = "each test file uses what it needs")]

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::OnceLock;

use actix_web::http::{StatusCode, header};
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, init_service, try_call_service};
use actix_web::web;
use chrono::Utc;

use gongkai::config::{Settings, Sources};
use gongkai::domain::case::{Case, Command, Draft};
use gongkai::domain::ids::{AgencyId, DepartmentId, UserId};
use gongkai::domain::labels::Coded;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::visibility::Viewer;
use gongkai::domain::workflow::{Role, Status};
use gongkai::service::access::add_agency::add_agency;
use gongkai::service::access::hashing;
use gongkai::service::case::act_on_case::act_on_case;
use gongkai::service::case::open_case::sighted_case;
use gongkai::service::case::register_case::register_case;
use gongkai::service::{Caller, Rules, ServiceError};
use gongkai::storage::Db;
use gongkai::storage::access::accounts::Account;
use gongkai::storage::access::agencies::Agency;
use gongkai::storage::access::{accounts, agencies};
use gongkai::storage::case::cases;
use gongkai::web::route::Access;
use gongkai::web::server::security_headers;
use gongkai::web::{App, guard};

use super::TestDatabase;
use super::office::an_application;

/// Everybody's password.
pub const PASSWORD: &str = "lcsd-2026-gongkai";

/// What the server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// Where it sends the browser; empty for nowhere.
    pub location: String,
    /// The page or file.
    pub body: String,
    /// The same, for files that are no text.
    pub bytes: web::Bytes,
    /// All headers, names in small letters.
    pub headers: Vec<(String, String)>,
    /// How a file is to be kept; empty for a page.
    pub disposition: String,
}

impl Answer {
    /// Where the answer leads, which must be another page.
    pub fn leads(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.words());
        &self.location
    }

    /// A header; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(it, _)| it == name).map_or("", |(_, value)| value)
    }

    /// Fails where the page does not say this.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        assert!(self.body.contains(text), "{} without {text:?}:\n{}", self.status, self.body);
        self
    }

    /// Fails where the page says this.
    #[track_caller]
    pub fn says_not(&self, text: &str) -> &Self {
        assert!(!self.body.contains(text), "{} with {text:?}:\n{}", self.status, self.body);
        self
    }

    /// Fails where the status is another.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "to {:?}:\n{}", self.location, self.body);
        self
    }

    /// Fails where the browser is not sent to this address.
    #[track_caller]
    pub fn leads_to(&self, location: &str) -> &Self {
        self.is(303);
        assert_eq!(self.location, location);
        self
    }

    /// The page as text.
    pub fn text(&self) -> String {
        self.body.clone()
    }

    /// The page as words: without tags, spaces between them closed up.
    pub fn words(&self) -> String {
        let mut words = String::new();
        let mut in_tag = false;
        for it in self.body.chars() {
            match it {
                '<' => in_tag = true,
                '>' => in_tag = false,
                _ if in_tag || it.is_whitespace() => {}
                _ => words.push(it),
            }
        }
        words
    }

    /// Fails where the words of the page are without these.
    #[track_caller]
    pub fn has(&self, words: &str) {
        assert!(self.words().contains(words), "no “{words}” in {} {}", self.status, self.words());
    }

    /// Fails where the words of the page are among them.
    #[track_caller]
    pub fn lacks(&self, words: &str) {
        assert!(!self.words().contains(words), "“{words}” in {}", self.words());
    }

    /// The value of a field of a form on the page; empty where the field has none.
    pub fn value(&self, name: &str) -> String {
        assert!(self.body.contains(&format!("name=\"{name}\"")), "no field {name}");
        value_of(&self.body, name).unwrap_or_default()
    }

    /// The value of the first field of this name in the page, such as `version`.
    #[track_caller]
    pub fn value_of(&self, name: &str) -> String {
        value_of(&self.body, name).unwrap_or_else(|| panic!("no field {name}:\n{}", self.body))
    }
}

fn value_of(body: &str, name: &str) -> Option<String> {
    let at = body.find(&format!("name=\"{name}\""))?;
    let start = body[..at].rfind('<')?;
    let tag = body[start..].split_once('>')?.0;
    let (_, value) = tag.split_once(" value=\"")?;
    Some(value.split_once('"')?.0.to_owned())
}

type Later<T> = Pin<Box<dyn Future<Output = T>>>;
type Call = Box<dyn Fn(TestRequest) -> Later<Answer>>;

/// The office's web server with its accounts.
pub struct TestApp {
    /// What the handlers get.
    pub app: web::Data<App>,
    /// The agency above: 聊城市人民政府.
    pub parent: Agency,
    /// The agency whose staff is named by its roles: 聊城市自然资源和规划局.
    pub agency: Agency,
    /// The agency below: 东昌府区分局.
    pub child: Agency,
    /// 征收科 and 登记中心 of the agency.
    pub departments: [DepartmentId; 2],
    /// The identifiers of the accounts.
    pub users: BTreeMap<&'static str, UserId>,
    call: Call,
    browsers: RefCell<HashMap<String, Browser>>,
    _database: TestDatabase,
}

/// A browser: its cookies, and the token that its last page carried.
#[derive(Debug, Clone, Default)]
struct Browser {
    cookies: BTreeMap<String, String>,
    csrf: String,
}

/// Whether a route admits somebody who has this role and no other.
pub fn admits(access: Access, role: Role) -> bool {
    let viewer = Viewer {
        user: UserId::new(),
        agency: AgencyId(1),
        agency_path: "/1/".to_owned(),
        department: None,
        roles: vec![role],
    };
    access.admits(&viewer)
}

/// The settings of a plain installation.
pub fn settings() -> Settings {
    Settings::load(&Sources::default()).unwrap()
}

/// The rules of a plain installation.
pub fn rules() -> Rules {
    super::office::rules().clone()
}

/// The hash of [`PASSWORD`], made once: it is slow on purpose.
fn password_hash() -> String {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| hashing::hash_password(PASSWORD).unwrap()).clone()
}

impl TestApp {
    /// The office on SQLite, with plain settings.
    pub async fn new() -> Self {
        Self::with(TestDatabase::sqlite(), settings()).await
    }

    /// The office in a database of either kind, with these settings.
    pub async fn with(database: TestDatabase, settings: Settings) -> Self {
        let db = Db::open(database.url(), 2).unwrap();
        db.migrate().unwrap();
        let office = Office::found(&db);
        let app = web::Data::new(App::new(db, settings, rules(), &guard::routes(), false));
        let call = router(app.clone()).await;
        Self {
            app,
            parent: office.parent,
            agency: office.agency,
            child: office.child,
            departments: office.departments,
            users: office.users,
            call,
            browsers: RefCell::default(),
            _database: database,
        }
    }

    /// A page, as this account sees it.
    pub async fn get(&self, who: &str, path: &str) -> Answer {
        self.ensure_signed_in(who).await;
        self.send(who, TestRequest::get().uri(path)).await
    }

    /// A change, as a browser sends it: with the cookies and the token of the account.
    pub async fn post(&self, who: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.ensure_signed_in(who).await;
        let csrf = self.browsers.borrow().get(who).map(|it| it.csrf.clone()).unwrap_or_default();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.post_raw(who, path, &all).await
    }

    /// A change with exactly these fields, and no token of its own.
    pub async fn post_raw(&self, who: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = serde_urlencoded::to_string(fields).unwrap();
        let request = TestRequest::post()
            .uri(path)
            .insert_header((header::CONTENT_TYPE, "application/x-www-form-urlencoded"))
            .set_payload(body);
        self.send(who, request).await
    }

    /// Goes where an answer leads, until it leads nowhere.
    pub async fn follow(&self, who: &str, answer: Answer) -> Answer {
        let mut answer = answer;
        for _ in 0..5 {
            if !answer.status.is_redirection() {
                break;
            }
            let location = answer.location.clone();
            answer = self.send(who, TestRequest::get().uri(&location)).await;
        }
        answer
    }

    /// Sends a request with the cookies of a browser, and keeps those it gets. Any name makes a browser.
    pub async fn send(&self, who: &str, request: TestRequest) -> Answer {
        let mut request = request;
        if let Some(browser) = self.browsers.borrow().get(who) {
            let cookies: Vec<_> =
                browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            if !cookies.is_empty() {
                request = request.insert_header((header::COOKIE, cookies.join("; ")));
            }
        }
        let answer = (self.call)(request).await;
        if !who.is_empty() {
            let mut browsers = self.browsers.borrow_mut();
            let browser = browsers.entry(who.to_owned()).or_default();
            for (_, cookie) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
                let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
                if value.is_empty() || cookie.contains("Max-Age=0") {
                    browser.cookies.remove(name);
                } else {
                    browser.cookies.insert(name.to_owned(), value.to_owned());
                }
            }
            if let Some(csrf) = value_of(&answer.body, "csrf").filter(|it| !it.is_empty()) {
                browser.csrf = csrf;
            }
        }
        answer
    }

    /// Signs in by the page, in a browser of the account's own name.
    pub async fn sign_in(&self, who: &str, password: &str) -> Answer {
        self.sign_in_from(who, who, password).await
    }

    /// Signs an account in, in a browser of another name.
    pub async fn sign_in_from(&self, browser: &str, login: &str, password: &str) -> Answer {
        let form = self.send(browser, TestRequest::get().uri("/login")).await;
        let csrf = value_of(&form.body, "csrf").unwrap_or_default();
        let fields = [("csrf", csrf.as_str()), ("username", login), ("password", password)];
        let answer = self.post_raw(browser, "/login", &fields).await;
        if answer.status.is_redirection() {
            // Any page has the token of the login.
            self.follow(browser, answer.clone()).await;
        }
        answer
    }

    /// Forgets the cookies of a browser.
    pub fn close_browser(&self, who: &str) {
        self.browsers.borrow_mut().remove(who);
    }

    /// The cookie that a browser is signed in with, for requests that are written by hand.
    pub async fn login_of(&self, who: &str) -> String {
        self.ensure_signed_in(who).await;
        self.browsers.borrow().get(who).map(|it| it.cookies["gongkai_login"].clone()).unwrap_or_default()
    }

    /// The token of a browser's last page.
    pub fn csrf(&self, who: &str) -> String {
        self.browsers.borrow().get(who).map(|it| it.csrf.clone()).unwrap_or_default()
    }

    async fn ensure_signed_in(&self, who: &str) {
        let is_known = self.browsers.borrow().contains_key(who);
        if !is_known && self.users.contains_key(who) {
            self.sign_in(who, PASSWORD).await.is(303);
        }
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.app.db
    }

    /// An account as the use cases know it, acting now.
    pub fn actor(&self, login: &str) -> Caller {
        let account = self.db().read(|conn| accounts::by_login(conn, login)).unwrap();
        let agency = self.db().read(|conn| agencies::by_id(conn, account.agency_id)).unwrap();
        Caller::of(&account, &agency.path, Utc::now())
    }

    /// Registers an application to the agency, handed in at the counter today.
    pub fn register(&self, content: &str) -> Case {
        self.register_with("clerk", &self.agency, "王建国", content)
    }

    /// Registers an application to the agency below.
    pub fn register_below(&self, content: &str) -> Case {
        self.register_with("child_clerk", &self.child, "赵丽", content)
    }

    fn register_with(&self, clerk: &str, agency: &Agency, applicant: &str, content: &str) -> Case {
        let actor = self.actor(clerk);
        let mut command = an_application(agency.agency_id(), &actor.today().to_string());
        command.applicant_name = applicant.to_owned();
        command.request.content = content.to_owned();
        self.db().write(|conn| register_case(conn, &actor, &self.app.rules(), &command)).unwrap()
    }

    /// Carries a command out as an account, on the case as it is now.
    pub fn act(&self, login: &str, case: &Case, command: &Command) -> Result<Case, ServiceError> {
        let actor = self.actor(login);
        self.db().write(|conn| {
            let sighted = sighted_case(conn, &actor, case.id)?;
            act_on_case(conn, &actor, &self.app.rules(), &sighted, sighted.case().version, command)
        })
    }

    /// The case as it is now.
    pub fn case_now(&self, case: &Case) -> Case {
        self.db().read(|conn| cases::fetch(conn, case.id)).unwrap()
    }

    /// Registers an application and walks it by the usual way to a status.
    pub fn case_at(&self, content: &str, status: Status) -> Case {
        let case = self.register(content);
        let today = self.actor("clerk").today();
        let draft = Draft {
            outcome: Outcome::Provided,
            particulars: Outcome::Provided
                .rule()
                .required
                .iter()
                .map(|it| (*it, "随函附送复印件一份".to_owned()))
                .collect(),
            body: "经查，您申请的信息予以公开。".to_owned(),
            reply_no: Some("聊自然资依复〔2026〕1号".to_owned()),
        };
        let way = [
            (
                "clerk",
                Command::Assign { department: self.departments[0], handler: Some(self.users["handler"]) },
            ),
            ("handler", Command::SubmitDraft(draft)),
            ("legal_adviser", Command::Agree { opinion: "同意".to_owned() }),
            ("approver", Command::SignOff { reply_no: None }),
            ("clerk", Command::Issue { on: today, method: "当面送达".to_owned(), tracking_no: None }),
        ];
        if status == Status::Ended {
            let record = "撤回申请书".to_owned();
            return self.act("clerk", &case, &Command::Withdraw { on: today, record }).unwrap();
        }
        let mut case = case;
        for (who, command) in &way {
            if case.status == status {
                return case;
            }
            case = self.act(who, &case, command).unwrap();
        }
        assert_eq!(case.status, status, "the usual way does not lead there");
        case
    }
}

/// The application with the router and the guard, as the server mounts them.
pub async fn router(app: web::Data<App>) -> Call {
    let service = init_service(
        actix_web::App::new()
            .app_data(app)
            .wrap(from_fn(guard::guard))
            .wrap(security_headers())
            .configure(guard::mount),
    )
    .await;
    let service = Rc::new(service);
    Box::new(move |request| {
        let service = Rc::clone(&service);
        Box::pin(async move {
            let peer = "192.0.2.7:40000".parse().unwrap();
            let (status, headers, bytes) =
                match try_call_service(&*service, request.peer_addr(peer).to_request()).await {
                    Ok(response) => {
                        let (status, headers) = (response.status(), response.headers().clone());
                        (status, headers, actix_web::test::read_body(response).await)
                    }
                    Err(err) => {
                        let response = err.error_response();
                        let (status, headers) = (response.status(), response.headers().clone());
                        let body = actix_web::body::to_bytes(response.into_body()).await;
                        (status, headers, body.unwrap_or_default())
                    }
                };
            let text = |value: &header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
            Answer {
                status,
                location: headers.get(header::LOCATION).map(text).unwrap_or_default(),
                disposition: headers.get(header::CONTENT_DISPOSITION).map(text).unwrap_or_default(),
                body: String::from_utf8_lossy(&bytes).into_owned(),
                bytes,
                headers: headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
            }
        })
    })
}

/// An account that nobody has used yet, without a password.
pub fn an_account(
    login: &str,
    name: &str,
    agency: AgencyId,
    department: Option<DepartmentId>,
    roles: &[Role],
) -> Account {
    let now = Utc::now();
    Account {
        id: UserId::new(),
        login: login.to_owned(),
        name: name.to_owned(),
        agency_id: agency,
        department_id: department,
        version: 1,
        password_hash: String::new(),
        password_set_at: now,
        must_change_password: false,
        totp_secret: None,
        is_disabled: false,
        n_failures: 0,
        locked_until: None,
        created_at: now,
        roles: roles.to_vec(),
    }
}

struct Office {
    parent: Agency,
    agency: Agency,
    child: Agency,
    departments: [DepartmentId; 2],
    users: BTreeMap<&'static str, UserId>,
}

impl Office {
    fn found(db: &Db) -> Self {
        let founder = Caller::at_command_line("测试", Utc::now());
        db.write(|conn| -> Result<_, ServiceError> {
            let parent = add_agency(conn, &founder, "LC", "聊城市人民政府", None)?;
            let agency = add_agency(conn, &founder, "LCZRZY", "聊城市自然资源和规划局", Some("LC"))?;
            let child = add_agency(
                conn,
                &founder,
                "LCZRZYDCF",
                "聊城市自然资源和规划局东昌府区分局",
                Some("LCZRZY"),
            )?;
            let departments = [
                agencies::department(conn, agency.agency_id(), "征收科")?,
                agencies::department(conn, agency.agency_id(), "登记中心")?,
            ];
            let mut users = BTreeMap::new();
            let mut add = |login: &'static str, name: &str, agency: &Agency, department, role: Role| {
                let mut account = an_account(login, name, agency.agency_id(), department, &[role]);
                account.password_hash = password_hash();
                users.insert(login, account.id);
                accounts::insert(conn, &account)
            };
            let office = Some(departments[0]);
            for role in Role::ALL {
                let name = match role {
                    Role::Clerk => "刘芳",
                    Role::Handler => "李敏",
                    Role::LegalAdviser => "陈立",
                    Role::Approver => "周正",
                    Role::Manager => "孙伟",
                    Role::Administrator => "吴刚",
                    Role::Auditor => "郑洁",
                };
                add(role.code(), name, &agency, office.filter(|_| *role == Role::Handler), *role)?;
            }
            add("other_handler", "马超", &agency, Some(departments[1]), Role::Handler)?;
            add("child_clerk", "何静", &child, None, Role::Clerk)?;
            add("child_manager", "许强", &child, None, Role::Manager)?;
            add("parent_manager", "沈涛", &parent, None, Role::Manager)?;
            Ok(Self { parent, agency, child, departments, users })
        })
        .unwrap()
    }
}

#[actix_web::test]
async fn the_office_works_and_its_people_sign_in() {
    let app = TestApp::new().await;
    app.get("clerk", "/").await.is(200).says("刘芳");
    app.get("", "/").await.is(303);
    app.post("clerk", "/logout", &[]).await.leads_to("/login");
    for status in Status::ALL.iter().filter(|it| **it != Status::Received) {
        assert_eq!(app.case_at("万源小区三期征收补偿方案", *status).status, *status);
    }
    assert_eq!(app.register_below("测绘成果").agency_id, app.child.agency_id());
}
