//! Every page in a real browser: axe finds nothing wrong with it, it loads nothing from elsewhere, the
//! browser has nothing to complain of, and nothing hangs out at its side.
//!
//! With `GONGKAI_TEST_SHOTS=FOLDER` a picture of each is kept there, to look at.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::{Datelike, Utc};
use serde_json::{Value, json};

use gongkai::domain::attachment::{AttachmentKind, FileHash, ScanState};
use gongkai::domain::file_type::FileType;
use gongkai::domain::ids::AttachmentId;
use gongkai::domain::labels::Coded;
use gongkai::domain::workflow::{Action, Role};
use gongkai::service::upkeep::demo_bureau;
use gongkai::storage::access::accounts;
use gongkai::storage::access::agencies::Scope;
use gongkai::storage::case::attachments;
use gongkai::storage::case::attachments::Attachment;
use gongkai::storage::case::cases;
use gongkai::web::guard::routes;
use gongkai::web::route::Access;

use crate::browser::{Browser, DESK, PHONE, Stage};
use crate::support::web::admits;

/// axe-core 4.14.1 as published, Mozilla Public License 2.0: <https://github.com/dequelabs/axe-core>.
const AXE: &str = include_str!("../../data/axe/axe.min.js");

/// Calls back with one line for each element that breaks a rule: rule, place, what is wrong.
const RUN_AXE: &str = "
    const [rules, done] = arguments;
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const options = { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } },
        runOnly: rules.length ? { type: 'rule', values: rules } : { type: 'tag', values: tags } };
    axe.run(document, options).then(
        ({ violations }) => done(violations.flatMap((rule) => rule.nodes.map((it) =>
            `${rule.id}: ${it.target.join(' ')}\\n        ${it.failureSummary.replace(/\\s+/g, ' ')}`))),
        (error) => done([`axe: ${error}`]));";

/// Who opens the pages, in this order.
const PEOPLE: &[(&str, Role)] = &[
    ("dengji", Role::Clerk),
    ("chengban", Role::Handler),
    ("falv", Role::LegalAdviser),
    ("fuzeren", Role::Approver),
    ("guanli", Role::Manager),
    ("admin", Role::Administrator),
    ("shenji", Role::Auditor),
];

/// Routes that are no page of their own, each with its reason.
const NO_PAGES: &[(&str, &str)] = &[
    ("/setup", "only before there are accounts: a test of its own"),
    ("/login/second-factor", "only between two steps of signing in: opened below"),
    ("/cases/new/side", "a part of the registration page"),
    ("/cases/{id}/do/{action}", "each action is opened below, from the case it can be done with"),
    ("/cases/export.csv", "a file"),
    ("/cases/export.xlsx", "a file"),
    ("/reports/{year}/download/{format}", "a file"),
    ("/cases/{id}/files/{file}", "a file"),
    ("/feeds/{token}.ics", "a calendar"),
    ("/reports/{year}/cells/{row}/{column}/download/{format}", "a file"),
    ("/reports/{year}/files/{format}", "a file"),
    ("/reports/{year}/filings/{seq}/{format}", "a file"),
    ("/reports/{year}/template/file", "a file"),
    ("/cases/{id}/letters/{letter}/{format}", "a file"),
    ("/admin/letters/{code}/{kind}/{version}/{format}", "a file"),
];

/// What is wrong with the pages looked at.
struct Look<'a> {
    browser: &'a Browser,
    size: &'static str,
    problems: Vec<String>,
    /// Answers that are errors on purpose.
    expected: &'static str,
    n_looked: usize,
}

impl<'a> Look<'a> {
    fn new(browser: &'a Browser, size: &'static str) -> Self {
        Self { browser, size, problems: Vec::new(), expected: "", n_looked: 0 }
    }

    /// Looks at the page that is open.
    async fn at(&mut self, name: &str) {
        self.with_rules(name, &[]).await;
    }

    /// The same, with these rules of axe alone; with all for none.
    async fn with_rules(&mut self, name: &str, rules: &[&str]) {
        self.n_looked += 1;
        let mut found = self.browser.complaints();
        if !self.expected.is_empty() {
            found.retain(|it| !it.contains(self.expected));
        }
        found.extend(self.browser.foreign_resources().await.into_iter().map(|it| format!("loads {it}")));
        let wide = "return document.documentElement.scrollWidth - innerWidth";
        if let Some(pixels) = self.browser.run(wide, vec![]).await.as_i64().filter(|it| *it > 0) {
            found.push(format!("{pixels} pixels wider than the window"));
        }
        self.browser.run(AXE, vec![]).await;
        let violations = self.browser.run_async(RUN_AXE, vec![json!(rules)]).await;
        let violations = violations.as_array().into_iter().flatten().filter_map(Value::as_str);
        found.extend(violations.map(str::to_owned));
        let title = self.browser.words("h1").await;
        let size = self.size;
        self.problems.extend(found.into_iter().map(|it| format!("{name} ({title}, {size})\n    {it}")));
        if let Some(folder) = std::env::var_os("GONGKAI_TEST_SHOTS") {
            let file = format!("{}-{size}.png", name.trim_matches('/').replace(['/', '?', '='], "_"));
            std::fs::write(PathBuf::from(folder).join(file), self.browser.screenshot().await).unwrap();
        }
    }

    /// Opens a page and looks at it under a name that is the same in every run.
    async fn page(&mut self, path: &str, name: &str) {
        self.browser.go(path).await;
        self.at(name).await;
    }

    fn done(self) {
        let n = self.problems.len();
        assert!(n == 0, "{n} problems on {} pages:\n{}\n", self.n_looked, self.problems.join("\n"));
    }
}

/// An open case of each state, and one for each thing waited for.
fn open_cases(stage: &Stage) -> BTreeMap<String, String> {
    let scope = Scope::Subtree("/".to_owned());
    let open = stage.db.read(|conn| cases::deadlines(conn, &scope, None, 1000)).unwrap();
    open.into_iter()
        .map(|it| {
            let waits = it.waiting_for.map(|it| format!("_{}", it.0.code())).unwrap_or_default();
            (format!("{}{waits}", it.status.0.code()), it.id.to_string())
        })
        .collect()
}

/// The links of the page that fit.
async fn links(browser: &Browser, selector: &str) -> Vec<String> {
    let script = "return [...document.querySelectorAll(arguments[0])].map((it) => it.getAttribute('href'))";
    let found = browser.run(script, vec![json!(selector)]).await;
    found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A file of a case, as far as its row goes; returns its identifier.
fn a_file(stage: &Stage, case: &str) -> String {
    let id = AttachmentId::new();
    let account = stage.db.read(|conn| accounts::by_login(conn, "dengji")).unwrap();
    let attachment = Attachment {
        id,
        case: case.parse().unwrap(),
        kind: AttachmentKind::Evidence,
        name: "检索记录.pdf".to_owned(),
        size: 1_000_000,
        file_type: FileType::Pdf,
        hash: FileHash::of_digest(&[7; 32]),
        scan: ScanState::NotScanned,
        account: account.id,
        added_by: "周敏（dengji）".to_owned(),
        added_at: Utc::now(),
        removed: None,
    };
    stage.db.write(|conn| attachments::insert(conn, &attachment)).unwrap();
    id.to_string()
}

/// The address of a route, with what the bureau has of each kind.
async fn address(browser: &Browser, stage: &Stage, path: &str) -> String {
    let open = open_cases(stage);
    let case = if path.ends_with("/review") { "under_review" } else { "handled" };
    let year = (Utc::now().year() - 1).to_string();
    let file = if path.contains("/files") { a_file(stage, &open[case]) } else { String::new() };
    let mut address = path
        .replace("{file}", &file)
        .replace("/cases/{id}", &format!("/cases/{}", open[case]))
        .replace("{code}", demo_bureau::CODE)
        .replace("{year}", &year)
        .replace("{row}/{column}", "granted/natural_person")
        .replace("{part}", "other_matters")
        .replace("/letters/{kind}", "/letters/receipt")
        .replace("{kind}", "correction_notice");
    if address.contains("/remedies/{id}") {
        browser.go("/remedies").await;
        address = links(browser, ".table a[href^='/remedies/']").await.remove(0);
    }
    if address.contains("{account}") {
        let account = stage.db.read(|conn| accounts::by_login(conn, "chengban2")).unwrap();
        address = address.replace("{account}", &account.id.to_string());
    }
    assert!(!address.contains('{'), "no sample for {address}");
    address
}

#[actix_web::test]
async fn every_page_is_accessible_and_loads_nothing_from_elsewhere() {
    let Some(stage) = Stage::new() else { return };
    let browser = stage.browser().await;
    let mut look = Look::new(&browser, "1366");
    let mut opened = BTreeSet::new();
    look.page("/login", "/login").await;
    opened.insert("/login");
    for (login, role) in PEOPLE {
        browser.sign_in(login).await;
        look.at(&format!("home_{login}")).await;
        for route in routes().into_iter().filter(|it| it.method == "GET") {
            let is_theirs = route.access != Access::Public && admits(route.access, *role);
            let is_page = !NO_PAGES.iter().any(|(path, _)| *path == route.path)
                && !route.path.starts_with("/assets")
                && (!route.path.ends_with("/review") || *role == Role::LegalAdviser);
            if is_theirs && is_page && opened.insert(route.path) {
                let path = address(&browser, &stage, route.path).await;
                look.page(&path, route.path).await;
            }
        }
    }
    let left: Vec<_> = routes()
        .into_iter()
        .filter(|it| it.method == "GET" && !it.path.starts_with("/assets") && !opened.contains(it.path))
        .filter(|it| !NO_PAGES.iter().any(|(path, _)| *path == it.path))
        .map(|it| it.path)
        .collect();
    assert!(left.is_empty(), "nobody has opened {left:?}");
    look.done();
}

/// Actions without a form in this walk, each with its reason.
const NO_FORMS: &[(Action, &str)] = &[
    (Action::Agree, "part of the review"),
    (Action::AgreeWithChanges, "part of the review"),
    (Action::ReturnDraft, "part of the review"),
];

#[actix_web::test]
async fn every_form_of_a_case_is_accessible() {
    let Some(stage) = Stage::new() else { return };
    let browser = stage.browser().await;
    let mut look = Look::new(&browser, "1366");
    let mut cases = open_cases(&stage);
    // One that lies with a department, for whoever takes it up there.
    browser.sign_in("dengji").await;
    browser.go("/cases/new").await;
    browser.choose("channel", "in_person").await;
    browser.choose("applicant_kind", "natural_person").await;
    browser.fill("applicant_name", "柳月娥").await;
    browser.fill("content", "申请公开柳园北路37号院落宗地图").await;
    let department =
        stage.db.read(|conn| accounts::by_login(conn, "chengban")).unwrap().department_id.unwrap();
    browser.choose("department", &department.0.to_string()).await;
    browser.press(".form-foot .btn-main").await;
    browser.says("申请已登记").await;
    let case = browser.path().await.split('/').nth(2).unwrap().to_owned();
    cases.insert("unclaimed".to_owned(), case);
    let (mut states, mut forms) = (BTreeSet::new(), BTreeMap::new());
    for (login, _) in PEOPLE {
        browser.sign_in(login).await;
        for it in links(&browser, ".table a[href^='/cases/']").await {
            cases.entry(format!("of_{login}")).or_insert_with(|| it.replace("/cases/", ""));
        }
        browser.go("/cases?status=answered").await;
        if let Some(it) = links(&browser, ".table a[href^='/cases/']").await.first() {
            cases.insert("answered".to_owned(), it.replace("/cases/", ""));
        }
        let mut new = Vec::new();
        for (state, case) in &cases {
            browser.go(&format!("/cases/{case}")).await;
            if !browser.has("#application").await {
                // Not this person's to see.
                continue;
            }
            if states.insert(state.clone()) {
                browser.complaints();
                look.at(&format!("case_{state}")).await;
            }
            for form in links(&browser, "a[href*='/do/']").await {
                let action = form.rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
                if forms.insert(action.clone(), form.clone()).is_none() {
                    new.push((action, form));
                }
            }
        }
        browser.complaints();
        for (action, form) in new {
            look.page(&form, &format!("do_{action}")).await;
        }
    }
    let missing: Vec<_> = Action::ALL
        .iter()
        .filter(|it| !forms.contains_key(it.code()) && !NO_FORMS.iter().any(|(no, _)| no == *it))
        .map(|it| it.code())
        .collect();
    assert_eq!(missing, Vec::<&str>::new(), "forms nobody could open");
    look.done();
}

#[actix_web::test]
async fn refusals_and_mistakes_are_accessible() {
    let Some(stage) = Stage::new() else { return };
    let browser = stage.browser().await;
    let mut look = Look::new(&browser, "1366");
    browser.attempt("dengji", "nicht-das-richtige").await;
    look.expected = "status of 4";
    look.at("login_refused").await;
    browser.sign_in("dengji").await;
    look.page("/cases/no-such-case", "error_404").await;
    look.page("/admin/accounts", "error_403").await;
    browser.go("/cases/new").await;
    browser.press(".form-foot .btn-main").await;
    browser.element(".errors").await;
    look.at("register_mistakes").await;
    // A likely repeat: the same again.
    for _ in 0..2 {
        browser.go("/cases/new").await;
        browser.choose("channel", "web").await;
        browser.choose("applicant_kind", "natural_person").await;
        browser.fill("applicant_name", "柳月娥").await;
        browser.fill("content", "申请公开柳园北路37号院落宗地图").await;
        browser.press(".form-foot .btn-main").await;
    }
    browser.says("尚未登记，请先核对").await;
    look.at("register_repeat").await;
    browser.go("/cases?q=没有这样的申请").await;
    look.at("cases_none").await;
    browser.sign_in("admin").await;
    browser.go("/admin/accounts/new").await;
    browser.run("document.querySelectorAll('form').forEach((it) => { it.noValidate = true; })", vec![]).await;
    browser.press(".content form .btn-main").await;
    look.at("account_mistakes").await;

    let change = |conn: &mut _| {
        let mut account = accounts::by_login(conn, "chengban2")?;
        account.version += 1;
        account.totp_secret = Some("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP".to_owned());
        accounts::update(conn, &account)
    };
    stage.db.write(change).unwrap();
    browser.attempt("chengban2", demo_bureau::PASSWORD).await;
    assert!(browser.path().await.starts_with("/login/second-factor"));
    look.at("second_factor").await;
    look.done();
}

#[actix_web::test]
async fn the_first_start_is_accessible() {
    let Some(stage) = Stage::empty() else { return };
    let browser = stage.browser().await;
    let mut look = Look::new(&browser, "1366");
    look.page("/", "setup").await;
    assert_eq!(browser.path().await, "/setup");
    look.done();
}

#[actix_web::test]
async fn main_pages_on_a_telephone_and_in_the_dark() {
    let Some(stage) = Stage::new() else { return };
    let browser = stage.browser().await;
    let open = open_cases(&stage);
    let year = Utc::now().year() - 1;
    let pages: [(&str, Vec<(&str, String)>); 4] = [
        (
            "dengji",
            vec![
                ("home", "/".to_owned()),
                ("cases", "/cases".to_owned()),
                ("register", "/cases/new".to_owned()),
                ("case", format!("/cases/{}", open["handled"])),
                ("assign", format!("/cases/{}/do/assign", open["registered"])),
                ("ledger", format!("/cases/{}/ledger", open["handled"])),
                ("letters", format!("/cases/{}/letters", open["handled"])),
                ("letter", format!("/cases/{}/letters/reasons_notice", open["handled"])),
                ("remedies", "/remedies".to_owned()),
                ("account", "/account".to_owned()),
                ("mail", "/account/mail".to_owned()),
            ],
        ),
        ("falv", vec![("review", format!("/cases/{}/review", open["under_review"]))]),
        (
            "guanli",
            vec![
                ("home_guanli", "/".to_owned()),
                ("report", format!("/reports/{year}")),
                ("charts", format!("/reports/{year}/charts")),
                ("report_text", "/reports/2022/text".to_owned()),
                ("report_draft", format!("/reports/{year}/text")),
                ("report_edit", "/reports/2022/text/overview".to_owned()),
                ("indicators", "/reports/2022/indicators".to_owned()),
                ("indicators_setup", "/reports/2022/indicators/setup".to_owned()),
                ("report_problems", "/reports/2022/problems".to_owned()),
                ("report_template", "/reports/2022/template".to_owned()),
                ("calendar", "/calendar".to_owned()),
            ],
        ),
        (
            "admin",
            vec![
                ("accounts", "/admin/accounts".to_owned()),
                ("journal", "/admin/journal".to_owned()),
                ("settings", "/admin/settings".to_owned()),
                ("outbox", "/admin/outbox".to_owned()),
                ("jobs", "/admin/jobs".to_owned()),
                ("letter_settings", format!("/admin/letters/{}", demo_bureau::CODE)),
                ("letter_template", format!("/admin/letters/{}/approval_sheet", demo_bureau::CODE)),
            ],
        ),
    ];
    let mut problems = Vec::new();
    let dark = "localStorage.setItem('theme', arguments[0])";
    for (login, pages) in pages {
        browser.sign_in(login).await;
        for (size, theme, rules) in
            [(PHONE, "light", vec![]), (DESK, "dark", vec!["color-contrast", "link-in-text-block"])]
        {
            browser.resize(size).await;
            browser.run(dark, vec![json!(theme)]).await;
            let mut look = Look::new(&browser, if theme == "dark" { "dark" } else { "390" });
            for (name, path) in &pages {
                browser.go(path).await;
                look.with_rules(name, &rules).await;
            }
            problems.append(&mut look.problems);
        }
    }
    assert!(problems.is_empty(), "{} problems:\n{}\n", problems.len(), problems.join("\n"));
}
