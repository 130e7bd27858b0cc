//! Accounts in the browser: made, changed, locked, unlocked; passwords, second factors and logins.

use actix_web::http::header;
use actix_web::test::TestRequest;
use chrono::{TimeDelta, Utc};

use gongkai::domain::event::Subject;
use gongkai::domain::workflow::Role;
use gongkai::service::access::set_second_factor::code_at;
use gongkai::storage::access::accounts;
use gongkai::storage::{Db, journal};
use gongkai::web::App;
use gongkai::web::guard::routes;

use crate::support::web::{Answer, PASSWORD, TestApp, router, rules, settings};
use crate::support::{TestDatabase, on_both};

/// The text between two marks of a page.
#[track_caller]
fn between(answer: &Answer, before: &str, after: &str) -> String {
    let (_, rest) = answer.body.split_once(before).unwrap_or_else(|| panic!("{}", answer.body));
    rest.split_once(after).unwrap().0.to_owned()
}

const NEW_PASSWORD: &str = "征收科的钥匙在左边抽屉";

#[actix_web::test]
async fn a_new_account_gets_a_one_time_password_and_must_change_it() {
    let app = TestApp::new().await;
    let fields = [
        ("agency", "LCZRZY"),
        ("login", "zhaoyun"),
        ("name", "赵云"),
        ("department", "征收科"),
        ("roles", "handler"),
        ("roles", "clerk"),
    ];
    app.get("administrator", "/admin/accounts/new").await.is(200).says("征收科");
    let shown = app.post("administrator", "/admin/accounts", &fields).await;
    shown.is(200).says("赵云的一次性密码");
    let password = between(&shown, "class=\"one-time\">", "<");
    assert_eq!(password.len(), 14, "{password}");
    // A second click makes no second account.
    app.post("administrator", "/admin/accounts", &fields).await.is(422).says("已经有人使用");
    app.get("administrator", "/admin/accounts?q=%E8%B5%B5").await.is(200).says("赵云").says("待改密码");

    app.sign_in("zhaoyun", &password).await.leads_to("/");
    app.get("zhaoyun", "/").await.leads_to("/account/password");
    app.get("zhaoyun", "/account/password").await.is(200).says("请先设定自己的密码");
    let change = |current: &'static str, new: &'static str| {
        [("current", current), ("new", new), ("again", new)].map(|(name, value)| (name, value.to_owned()))
    };
    let post = async |fields: [(&str, String); 3]| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        app.post("zhaoyun", "/account/password", &fields).await
    };
    post(change("wrong", NEW_PASSWORD)).await.is(422).says("当前密码不正确");
    let with_current = |new: &str, again: &str| {
        [("current", password.clone()), ("new", new.to_owned()), ("again", again.to_owned())]
    };
    post(with_current("short", "short")).await.is(422).says("至少10个字符");
    post(with_current("zhaoyun-2026", "zhaoyun-2026")).await.is(422).says("不能包含用户名");
    post(with_current("password2026", "password2026")).await.is(422).says("太常见");
    post(with_current(NEW_PASSWORD, "something else")).await.is(422).says("不一致");
    post(with_current(&password, &password)).await.is(422).says("用过的密码不能再用");
    post(with_current(NEW_PASSWORD, NEW_PASSWORD)).await.leads_to("/account?done=password");
    app.get("zhaoyun", "/").await.is(200).says("赵云");

    // Nothing of it stands in the journal.
    let entries = app.db().read(|conn| {
        let id = accounts::by_login(conn, "zhaoyun")?.id;
        journal::history(conn, &id.to_string())
    });
    let entries = entries.unwrap();
    let actions: Vec<_> = entries.iter().map(|it| it.action.as_str()).collect();
    assert_eq!(actions, ["add", "sign_in", "change_password"]);
    for it in &entries {
        assert_eq!(it.subject.0, Subject::Account);
        assert!(!it.details.contains(&password) && !it.details.contains("argon2"), "{}", it.details);
    }
}

#[actix_web::test]
async fn wrong_passwords_lock_an_account_until_the_administrator_unlocks_it() {
    let app = TestApp::new().await;
    for n in 1..=4 {
        app.sign_in_from("thief", "clerk", "guess").await.is(422).says("用户名或者密码不正确");
        assert_eq!(n_failures(&app, "clerk"), n);
    }
    app.sign_in_from("thief", "clerk", "guess").await.is(422).says("账号已被锁定15分钟");
    app.sign_in("clerk", PASSWORD).await.is(422).says("账号已被锁定，请在15分钟后再试");
    let page = format!("/admin/accounts/{}", app.users["clerk"]);
    app.get("administrator", &page).await.is(200).says("已锁定").says("解除锁定");
    app.post("administrator", &format!("{page}/unlock"), &[]).await.leads_to(&format!("{page}?done=unlock"));
    app.sign_in("clerk", PASSWORD).await.leads_to("/");
    // A name that does not exist is answered alike.
    app.sign_in_from("thief", "nobody", "guess").await.is(422).says("用户名或者密码不正确");
}

fn n_failures(app: &TestApp, login: &str) -> u32 {
    app.db().read(|conn| accounts::by_login(conn, login)).unwrap().n_failures
}

#[actix_web::test]
async fn guessing_is_slowed_down_by_name() {
    let app = TestApp::new().await;
    for _ in 0..10 {
        app.sign_in_from("thief", "nobody", "guess").await.is(422);
    }
    let answer = app.sign_in_from("thief", "nobody", "guess").await;
    answer.is(429).says("秒后再试");
    let seconds: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=6).contains(&seconds), "{seconds}");
    // Others are not held up by it.
    app.get("clerk", "/").await.is(200);
}

#[actix_web::test]
async fn the_administrator_edits_disables_and_resets() {
    let app = TestApp::new().await;
    let page = format!("/admin/accounts/{}", app.users["handler"]);
    let shown = app.get("administrator", &page).await;
    let version = shown.is(200).says("李敏").value_of("version");
    app.get("handler", "/").await.is(200);

    let fields = [("version", version.as_str()), ("name", "李敏敏"), ("department", "登记中心")];
    app.post("administrator", &page, &fields).await.is(422).says("请至少选择一项职责").says("李敏敏");
    let auditor = [&fields[..], &[("roles", "auditor"), ("roles", "handler")]].concat();
    app.post("administrator", &page, &auditor).await.is(422).says("不能兼任其他职责");
    let good = [&fields[..], &[("roles", "handler"), ("roles", "legal_adviser")]].concat();
    app.post("administrator", &page, &good).await.leads_to(&format!("{page}?done=edit"));
    app.post("administrator", &page, &good).await.is(409).says("刚才被他人修改过").says("李敏敏");
    // Roles count from the next click on.
    app.get("handler", "/account").await.is(200).says("李敏敏").says("承办人、法律顾问").says("登记中心");

    let version = app.get("administrator", &page).await.value_of("version");
    let stamp = [("version", version.as_str())];
    let shown = app.post("administrator", &format!("{page}/reset-password"), &stamp).await;
    let password = between(shown.is(200), "class=\"one-time\">", "<");
    app.post("administrator", &format!("{page}/reset-password"), &stamp).await.is(409);
    app.get("handler", "/").await.is(303);
    app.sign_in("handler", PASSWORD).await.is(422);
    app.sign_in("handler", &password).await.leads_to("/");
    app.get("handler", "/").await.leads_to("/account/password");

    let version = app.get("administrator", &page).await.value_of("version");
    let stamp = [("version", version.as_str())];
    app.post("administrator", &format!("{page}/disable"), &stamp)
        .await
        .leads_to(&format!("{page}?done=disable"));
    app.get("handler", "/").await.is(303);
    app.sign_in("handler", &password).await.is(422).says("账号已停用");

    let own = format!("/admin/accounts/{}", app.users["administrator"]);
    let version = app.get("administrator", &own).await.value_of("version");
    let stamp = [("version", version.as_str())];
    app.post("administrator", &format!("{own}/disable"), &stamp).await.is(422).says("不能停用自己的账号");
    let fields = [("version", version.as_str()), ("name", "吴刚"), ("roles", "clerk")];
    app.post("administrator", &own, &fields).await.is(422).says("最后一位可用的系统管理员");
}

#[actix_web::test]
async fn an_administrator_reaches_no_account_above() {
    let app = TestApp::new().await;
    app.get("administrator", &format!("/admin/accounts/{}", app.users["parent_manager"])).await.is(404);
    app.get("administrator", &format!("/admin/accounts/{}", app.users["child_clerk"])).await.is(200);
    app.get("administrator", "/admin/accounts").await.is(200).says("何静").says_not("沈涛");
    app.get("administrator", "/admin/accounts/no-such").await.is(404);
}

#[actix_web::test]
async fn people_see_and_end_their_logins() {
    let app = TestApp::new().await;
    app.get("clerk", "/").await.is(200);
    app.sign_in_from("phone", "clerk", PASSWORD).await.leads_to("/");
    app.sign_in_from("tablet", "clerk", PASSWORD).await.leads_to("/");
    let page = app.get("clerk", "/account/logins").await;
    page.is(200).says("3 处登录").says("192.0.2.7").says("本机");
    let one = page.value_of("login");
    app.post("clerk", "/account/logins/end", &[("login", &one)]).await.leads_to("/account/logins");
    app.get("clerk", "/account/logins").await.says("2 处登录");
    app.post("clerk", "/account/logins/end", &[]).await.leads_to("/account/logins");
    app.get("clerk", "/account/logins").await.says("1 处登录");
    app.send("phone", TestRequest::get().uri("/")).await.is(303);
    app.send("tablet", TestRequest::get().uri("/")).await.is(303);
    // Nobody ends the login of another.
    app.get("handler", "/account").await.is(200);
    let login = app.db().read(|conn| accounts::logins_of(conn, app.users["handler"])).unwrap();
    app.post("clerk", "/account/logins/end", &[("login", &login[0].token_hash)]).await.is(404);
    app.get("handler", "/").await.is(200);
}

#[actix_web::test]
async fn a_changed_password_ends_the_other_logins() {
    let app = TestApp::new().await;
    app.get("clerk", "/").await.is(200);
    app.sign_in_from("phone", "clerk", PASSWORD).await.leads_to("/");
    let fields = [("current", PASSWORD), ("new", NEW_PASSWORD), ("again", NEW_PASSWORD)];
    app.post("clerk", "/account/password", &fields).await.leads_to("/account?done=password");
    app.send("phone", TestRequest::get().uri("/")).await.is(303);
    app.get("clerk", "/account?done=password").await.is(200).says("密码已经修改");
    // The fifth last is remembered, the sixth last is not.
    let mut current = NEW_PASSWORD.to_owned();
    for n in 2..=5 {
        let back = [("current", current.as_str()), ("new", PASSWORD), ("again", PASSWORD)];
        app.post("clerk", "/account/password", &back).await.is(422).says("用过的密码不能再用");
        let next = format!("第{n}个密码要长一点才行");
        let fields = [("current", current.as_str()), ("new", &next), ("again", &next)];
        app.post("clerk", "/account/password", &fields).await.is(303);
        current = next;
    }
    let back = [("current", current.as_str()), ("new", PASSWORD), ("again", PASSWORD)];
    app.post("clerk", "/account/password", &back).await.is(303);
}

#[actix_web::test]
async fn logins_end_by_idling_and_by_age() {
    let app = TestApp::new().await;
    app.get("clerk", "/").await.is(200);
    let user = app.users["clerk"];
    let hash = app.db().read(|conn| accounts::logins_of(conn, user)).unwrap()[0].token_hash.clone();
    let seen = Utc::now() - TimeDelta::minutes(31);
    app.db().write(|conn| accounts::note_seen(conn, &hash, seen)).unwrap();
    app.get("clerk", "/account?q=x").await.leads_to("/login?next=%2Faccount%3Fq%3Dx");
    assert!(app.db().read(|conn| accounts::logins_of(conn, user)).unwrap().is_empty());
    // What was being typed is not lost: the answer to the form says what to do.
    app.post("clerk", "/account/password", &[]).await.is(401).says("另一个窗口重新登录");
}

#[actix_web::test]
async fn a_second_factor_is_set_up_asked_for_and_good_once() {
    let app = TestApp::new().await;
    let page = app.get("approver", "/account/second-factor").await;
    page.is(200).says("<svg class=\"qr\"").says("otpauth://totp/");
    let secret = between(&page, "密钥 <code class=\"secret\">", "<").replace(' ', "");
    let now = Utc::now();
    // An earlier step is accepted once, so that the test need not wait for the next one.
    let code = |steps: i64| code_at(&secret, now + TimeDelta::seconds(30 * steps)).unwrap();
    app.post("approver", "/account/second-factor", &[("do", "add"), ("code", "000000")]).await.is(422);
    let confirm = [("do", "add"), ("code", &*code(-1))];
    app.post("approver", "/account/second-factor", &confirm).await.leads_to("/account?done=second-factor");
    app.close_browser("approver");

    app.sign_in_from("desk", "approver", PASSWORD).await.leads_to("/");
    let get = async |path: &str| app.send("desk", TestRequest::get().uri(path)).await;
    get("/").await.leads_to("/login/second-factor");
    get("/account").await.leads_to("/login/second-factor");
    get("/login/second-factor").await.is(200).says("动态验证码");
    let give = async |code: &str| app.post("desk", "/login/second-factor", &[("code", code)]).await;
    give(&code(-1)).await.is(422).says("已经用过");
    give(&code(0)).await.leads_to("/");
    get("/").await.is(200);

    // Lost: the administrator removes it after looking who asks.
    let page = format!("/admin/accounts/{}", app.users["approver"]);
    app.get("administrator", &page).await.says("已启用");
    app.post("administrator", &format!("{page}/remove-second-factor"), &[]).await.is(303);
    get("/").await.is(303);
    app.sign_in_from("desk", "approver", PASSWORD).await.leads_to("/");
    get("/").await.is(200);
}

#[actix_web::test]
async fn wrong_codes_lock_as_wrong_passwords_do() {
    let app = TestApp::new().await;
    let secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    app.db()
        .write(|conn| {
            let mut account = accounts::by_login(conn, "approver")?;
            account.totp_secret = Some(secret.to_owned());
            account.version += 1;
            accounts::update(conn, &account)
        })
        .unwrap();
    app.sign_in_from("thief", "approver", PASSWORD).await.leads_to("/");
    for _ in 0..5 {
        app.post("thief", "/login/second-factor", &[("code", "000000")]).await.is(422);
    }
    app.send("thief", TestRequest::get().uri("/login/second-factor")).await.is(303);
    app.sign_in_from("thief", "approver", PASSWORD).await.is(422).says("锁定");
}

#[actix_web::test]
async fn roles_may_be_made_to_use_a_second_factor() {
    let mut settings = settings();
    settings.door.second_factor_roles = vec![Role::Administrator];
    let app = TestApp::with(TestDatabase::sqlite(), settings).await;
    app.get("administrator", "/admin").await.leads_to("/account/second-factor");
    let page = app.get("administrator", "/account/second-factor").await;
    page.is(200).says("您的职责要求启用动态验证码");
    let secret = between(&page, "密钥 <code class=\"secret\">", "<").replace(' ', "");
    let code = code_at(&secret, Utc::now()).unwrap();
    app.post("administrator", "/account/second-factor", &[("do", "add"), ("code", &code)]).await.is(303);
    app.get("administrator", "/admin").await.is(200);
    let removal = [("do", "remove"), ("code", code.as_str())];
    app.post("administrator", "/account/second-factor", &removal).await.is(403);
    app.get("clerk", "/").await.is(200);
}

#[actix_web::test]
async fn the_first_start_works_once_and_only_with_the_token() {
    let database = TestDatabase::sqlite();
    let db = Db::open(database.url(), 2).unwrap();
    db.migrate().unwrap();
    let app = actix_web::web::Data::new(App::new(db, settings(), rules(), &routes(), false));
    let token = app.setup_token().unwrap().unwrap().to_owned();
    assert_eq!(token.len(), 16);
    let call = router(app.clone()).await;
    for path in ["/", "/login", "/admin", "/no-such-page"] {
        call(TestRequest::get().uri(path)).await.leads_to("/setup");
    }
    call(TestRequest::get().uri("/assets/app.css")).await.is(200);
    let page = call(TestRequest::get().uri("/setup")).await;
    page.is(200).says("首次启用").says("机关代码");
    let cookie = page.header("set-cookie").split(';').next().unwrap().to_owned();
    assert!(
        page.header("set-cookie").contains("HttpOnly")
            && page.header("set-cookie").contains("SameSite=Strict")
    );
    let csrf = page.value_of("csrf");
    let post = async |changed: &[(&str, &str)]| {
        let mut fields = vec![
            ("csrf", csrf.as_str()),
            ("token", &token),
            ("agency_code", "LCZRZY"),
            ("agency", "聊城市自然资源和规划局"),
            ("name", "吴刚"),
            ("username", "wugang"),
            ("password", NEW_PASSWORD),
            ("password_again", NEW_PASSWORD),
        ];
        for (name, value) in changed {
            fields.retain(|(it, _)| it != name);
            fields.push((name, value));
        }
        let request = TestRequest::post()
            .uri("/setup")
            .insert_header((header::COOKIE, cookie.as_str()))
            .insert_header((header::CONTENT_TYPE, "application/x-www-form-urlencoded"))
            .set_payload(serde_urlencoded::to_string(fields).unwrap());
        call(request).await
    };
    post(&[("csrf", "x")]).await.is(403);
    post(&[("token", "0123456789abcdef")]).await.is(422).says("启用口令不正确").says("吴刚");
    post(&[("password", "short"), ("agency", "")]).await.is(422).says("至少10个字符").says("请填写机关全称");
    post(&[("username", "吴刚")]).await.is(422).says("用户名为2至32个");
    post(&[]).await.leads_to("/login");
    post(&[]).await.is(404);
    call(TestRequest::get().uri("/setup")).await.is(404);
    call(TestRequest::get().uri("/login")).await.is(200);
    assert_eq!(app.setup_token().unwrap(), None);
}

#[actix_web::test]
async fn behind_tls_cookies_are_bound_to_the_host() {
    let mut settings = settings();
    settings.server.public_url = "https://gongkai.example".to_owned();
    let app = TestApp::with(TestDatabase::sqlite(), settings).await;
    let answer = app.sign_in("clerk", PASSWORD).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-gongkai_login="), "{cookie}");
    for word in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(word), "{cookie}");
    }
    app.get("clerk", "/").await.is(200);
}

#[actix_web::test]
async fn a_login_form_of_another_browser_is_refused() {
    let app = TestApp::new().await;
    let fields = [("username", "clerk"), ("password", PASSWORD), ("csrf", "x")];
    app.post_raw("", "/login", &fields).await.is(403).says("Cookie");
}

#[actix_web::test]
async fn after_the_login_people_go_where_they_were_going_but_never_elsewhere() {
    let app = TestApp::new().await;
    for (next, place) in [
        ("/account", "/account"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/logout", "/"),
    ] {
        app.close_browser("clerk");
        let form = app.send("clerk", TestRequest::get().uri("/login?next=/account")).await;
        let csrf = form.says("请登录后继续").value_of("csrf");
        let fields =
            [("csrf", csrf.as_str()), ("username", " Clerk "), ("password", PASSWORD), ("next", next)];
        app.post_raw("clerk", "/login", &fields).await.leads_to(place);
    }
}

#[test]
fn accounts_are_kept_alike_on_both_databases() {
    on_both(|url| {
        let db = Db::open(url, 2).unwrap();
        db.migrate().unwrap();
        let now = Utc::now();
        let command = gongkai::service::access::set_up::SetUp {
            agency_code: "LC".to_owned(),
            agency_name: "聊城市人民政府".to_owned(),
            name: "吴刚".to_owned(),
            login: "wugang".to_owned(),
            password: NEW_PASSWORD.to_owned(),
            password_again: NEW_PASSWORD.to_owned(),
        };
        use gongkai::service::Caller;
        use gongkai::service::access::accounts as service;
        use gongkai::service::access::accounts::NewAccount;
        gongkai::service::access::set_up::set_up(&db, now, &command).unwrap();
        let admin = service::by_login(&db, &Caller::at_first_start(now), "wugang").unwrap();
        let actor = Caller::of(&admin, "/1/", now);
        let new = NewAccount {
            login: "limin".to_owned(),
            name: "李敏".to_owned(),
            agency: "LC".to_owned(),
            department: None,
            roles: vec![Role::Handler, Role::Clerk],
        };
        let (account, password) = service::add(&db, &actor, &new).unwrap();
        let limits = settings().login;
        let credentials = gongkai::service::access::sign_in::Credentials {
            login: "limin".to_owned(),
            password,
            ip: "192.0.2.1".to_owned(),
            user_agent: String::new(),
        };
        let token = gongkai::service::access::sign_in::sign_in(&db, &credentials, &limits, now).unwrap();
        let session = gongkai::service::access::sign_in::resume(&db, &token, &limits, now).unwrap().unwrap();
        assert_eq!(session.account.roles, [Role::Clerk, Role::Handler]);
        assert_eq!(session.agency.code, "LC");
        let listed = service::list(&db, &actor).unwrap();
        let roles: Vec<_> =
            listed.iter().map(|it| (it.account.login.as_str(), it.account.roles.len())).collect();
        assert_eq!(roles, [("limin", 2), ("wugang", 1)]);
        let again = service::reset_password(&db, &actor, account.id, account.version).unwrap();
        assert_ne!(again, credentials.password);
        assert!(gongkai::service::access::sign_in::resume(&db, &token, &limits, now).unwrap().is_none());
        let actor = Caller::of(&account, "/1/", now);
        let secret = gongkai::service::access::set_second_factor::offer(&db, &actor).unwrap();
        let code = code_at(&secret, now).unwrap();
        gongkai::service::access::set_second_factor::confirm(&db, &actor, "", &code).unwrap();
        assert!(gongkai::service::access::set_second_factor::confirm(&db, &actor, "", &code).is_err());
        service::end_logins(&db, &actor, account.id).unwrap();
        let (n_entries, broken) = db.read(journal::verify).unwrap();
        assert!(n_entries >= 6 && broken.is_empty(), "{broken:?}");
    });
}
