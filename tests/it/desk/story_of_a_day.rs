//! The office's day in a real browser: from the counter to the annual table, and what happens on the way.

use chrono::{FixedOffset, NaiveDate, Utc};
use serde_json::json;

use gongkai::service::upkeep::demo_bureau;
use gongkai::storage::access::accounts;

use crate::browser::{Browser, Stage};
use crate::support::web::rules;

/// What is asked in these stories, unlike anything the bureau has been asked before.
const WISH: &str = "申请公开古楼街道柳园北路37号院落一九九三年宗地图和界址点成果表";

/// The button that sends the form of the page.
const SEND: &str = ".form-foot button[type=submit]";

/// The day in Beijing.
fn today() -> NaiveDate {
    let beijing = FixedOffset::east_opt(8 * 3600).unwrap();
    Utc::now().with_timezone(&beijing).date_naive()
}

/// The working day `n` working days after a day.
fn after(day: NaiveDate, n: u32) -> String {
    rules().calendar.nth_working_day_after(day, n).on.to_string()
}

/// A working day some days ago, within this year where it has one.
fn some_days_ago() -> NaiveDate {
    let mut days = today().iter_days().rev().skip(1).filter(|it| rules().calendar.is_working_day(*it));
    days.nth(4).unwrap()
}

/// Registers an application that was handed in on this day, and returns the page of the case.
async fn register(browser: &Browser, name: &str, on: NaiveDate) -> String {
    browser.go("/cases/new").await;
    browser.choose("channel", "in_person").await;
    browser.fill("submitted_on", &on.to_string()).await;
    browser.choose("applicant_kind", "natural_person").await;
    browser.fill("applicant_name", name).await;
    browser.fill("content", WISH).await;
    browser.choose("preferred_form", "paper").await;
    browser.press(".form-foot .btn-main").await;
    browser.says("申请已登记").await;
    let path = browser.path().await;
    path.strip_suffix("/registered").unwrap_or_else(|| panic!("registered at {path}")).to_owned()
}

/// Gives the case to a handler by name.
async fn assign(browser: &Browser, case: &str, handler: &str) {
    browser.go(&format!("{case}/do/assign")).await;
    let choose = "const list = document.querySelector('select[name=assignee]');
        list.value = [...list.options].find((it) => it.text.includes(arguments[0])).value;";
    browser.run(choose, vec![json!(handler)]).await;
    browser.press(SEND).await;
    assert_eq!(browser.path().await, case);
}

/// Opens the form of an action, fills in fields, and sends it.
async fn act(browser: &Browser, case: &str, action: &str, fields: &[(&str, &str)]) {
    browser.go(&format!("{case}/do/{action}")).await;
    for (name, text) in fields {
        browser.fill(name, text).await;
    }
    browser.press(SEND).await;
}

/// Writes a draft that gives the information, and sends it to review.
async fn draft(browser: &Browser, case: &str, body: &str) {
    browser.go(case).await;
    browser.press("a[href$='/do/submit_draft']").await;
    if browser.value("outcome").await != "provided" {
        // Its particulars are asked for as soon as it is chosen.
        browser.choose_and_wait("outcome", "provided").await;
    }
    browser.fill("how_provided", "随函附送复印件").await;
    browser.fill("body", body).await;
    browser.press(SEND).await;
    assert_eq!(browser.path().await, case);
}

/// The number in a cell of the annual table.
async fn figure(browser: &Browser, cell: &str) -> u32 {
    browser.words(&format!("td a[href*='/cells/{cell}']")).await.trim().parse().unwrap()
}

/// The day in the box of the case.
async fn due(browser: &Browser) -> String {
    let script = "return document.querySelector('.due-box-day').getAttribute('datetime')";
    browser.run(script, vec![]).await.as_str().unwrap_or_default().to_owned()
}

#[actix_web::test]
async fn from_the_counter_to_the_annual_table() {
    let Some(stage) = Stage::new() else { return };
    let browser = stage.browser().await;
    let year = today().format("%Y").to_string();
    let cell = "granted/natural_person";

    browser.sign_in("guanli").await;
    browser.go(&format!("/reports/{year}")).await;
    let before = figure(&browser, cell).await;
    let other = figure(&browser, "granted/commercial_enterprise").await;

    browser.sign_in("dengji").await;
    let case = register(&browser, "柳月娥", today()).await;
    let no = browser.words("dd.number").await;
    browser.press(&format!("a[href='{case}/receipt']")).await;
    browser.says(&no).await;
    assign(&browser, &case, "刘建国").await;

    browser.sign_in("chengban").await;
    draft(&browser, &case, "经查，您申请的宗地图予以公开。").await;
    browser.says("审核").await;

    browser.sign_in("falv").await;
    browser.go(&format!("{case}/review")).await;
    browser.says("经查，您申请的宗地图予以公开。").await;
    browser.fill("opinion", "没有写明救济途径，请补充。").await;
    browser.press("button[formaction$='/do/return_draft']").await;

    browser.sign_in("chengban").await;
    browser.go(&case).await;
    browser.says("没有写明救济途径，请补充。").await;
    draft(&browser, &case, "经查，您申请的宗地图予以公开。不服本答复的，可以申请行政复议。").await;

    browser.sign_in("falv").await;
    browser.go(&format!("{case}/review")).await;
    browser.press(SEND).await;

    browser.sign_in("fuzeren").await;
    browser.go(&case).await;
    browser.press("a[href$='/do/sign_off']").await;
    browser.says("可以申请行政复议").await;
    browser.fill("reply_no", "聊自然资规公开〔2026〕202号").await;
    browser.press(SEND).await;

    browser.sign_in("dengji").await;
    act(&browser, &case, "issue", &[("tracking_no", "1098776543213")]).await;
    browser.go(&case).await;
    browser.says("按期办结").await;
    browser.says("聊自然资规公开〔2026〕202号").await;

    browser.sign_in("guanli").await;
    browser.go(&format!("/reports/{year}")).await;
    assert_eq!(figure(&browser, cell).await, before + 1);
    assert_eq!(figure(&browser, "granted/commercial_enterprise").await, other);
    // The cell opens its cases in the side sheet, each with why it is counted there.
    browser.click(&format!("td a[href*='/cells/{cell}']")).await;
    browser.until("return document.querySelector('#sheet').open").await;
    let link = format!("#sheet a[href='{case}']");
    let entry = format!("#sheet li:has(> a[href='{case}'])");
    browser.element(&link).await;
    let entry = browser.words(&entry).await;
    assert!(entry.contains(&no) && entry.contains("办理结果为“予以公开”"), "{entry}");
    assert!(entry.contains("申请人类型为“自然人”"), "{entry}");
    browser.press(&link).await;
    assert_eq!(browser.path().await, case);
    browser.says(WISH).await;
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[actix_web::test]
async fn the_clock_stops_and_starts() {
    let Some(stage) = Stage::new() else { return };
    let (browser, approver) = (stage.browser().await, stage.browser().await);
    let (received, day) = (some_days_ago(), today().to_string());
    browser.sign_in("dengji").await;
    let case = register(&browser, "柳月娥", received).await;
    assert_eq!(due(&browser).await, after(received, 20));
    assign(&browser, &case, "刘建国").await;
    browser.sign_in("chengban").await;

    // Corrected: nothing runs meanwhile, and all twenty days begin anew.
    let reply_by = after(today(), 10);
    act(&browser, &case, "request_correction", &[("notified_on", &day), ("reply_by", &reply_by)]).await;
    browser.says("等待补正").await;
    assert!(browser.words(".due-box").await.contains("暂停计算"), "{}", browser.words(".due-box").await);
    act(&browser, &case, "receive_correction", &[("received_on", &day)]).await;
    assert_eq!(due(&browser).await, after(today(), 20));

    // Consulted: the day is provisional until the opinion is in.
    browser.go(&format!("{case}/do/consult")).await;
    browser.choose("party", "third_party").await;
    browser.fill("name", "聊城江北置业公司").await;
    browser.fill("delivered_on", &day).await;
    browser.press(SEND).await;
    assert!(browser.words(".due-box").await.contains("暂定"), "{}", browser.words(".due-box").await);
    assert!(due(&browser).await > after(today(), 20));
    browser.go(&format!("{case}/do/receive_opinion")).await;
    browser.choose("consent", "no").await;
    browser.press(SEND).await;
    browser.says("不同意公开").await;
    assert_eq!(due(&browser).await, after(today(), 20));

    // Charged for: nothing runs until the fee is paid.
    act(&browser, &case, "notice_fee", &[("amount", "120"), ("delivered_on", &day)]).await;
    browser.says("等待缴费").await;
    assert!(browser.words(".due-box").await.contains("暂停计算"), "{}", browser.words(".due-box").await);
    act(&browser, &case, "receive_payment", &[("paid_on", &day)]).await;
    let ledger = browser.words(".ledger").await;
    assert!(ledger.contains("缴费") || ledger.contains("缴纳"), "{ledger}");
    assert_eq!(due(&browser).await, after(today(), 20));

    // Extended by the head, who signs for it.
    approver.sign_in("fuzeren").await;
    act(&approver, &case, "extend", &[("working_days", "21")]).await;
    approver.element("#working_days-error").await;
    approver.fill("working_days", "10").await;
    approver.press(SEND).await;
    assert_eq!(due(&approver).await, after(today(), 30));
    assert!(approver.words(".ledger").await.contains("延长"), "{}", approver.words(".ledger").await);
    browser.press(&format!("a[href='{case}/ledger']")).await;
    browser.says("条例第三十条").await;

    // Withdrawn: it cannot be undone, so the page asks first; and it is not counted from then on.
    browser.sign_in("dengji").await;
    browser.go(&format!("{case}/do/withdraw")).await;
    browser.fill("record", "申请人当面撤回，笔录入卷").await;
    browser.press_and_confirm(SEND).await;
    browser.go(&case).await;
    browser.says("已终止").await;
    browser.says("申请人当面撤回，笔录入卷").await;
    for it in [&browser, &approver] {
        let complaints: Vec<_> =
            it.complaints().into_iter().filter(|it| !it.contains("status of 422")).collect();
        assert_eq!(complaints, Vec::<String>::new());
    }
}

#[actix_web::test]
async fn two_people_change_one_case() {
    let Some(stage) = Stage::new() else { return };
    let (first, second) = (stage.browser().await, stage.browser().await);
    first.sign_in("dengji").await;
    let case = register(&first, "柳月娥", today()).await;
    assign(&first, &case, "刘建国").await;
    first.sign_in("chengban").await;
    second.sign_in("dengji").await;

    first.go(&format!("{case}/do/submit_draft")).await;
    first.choose_and_wait("outcome", "provided").await;
    first.fill("how_provided", "随函附送复印件").await;
    first.fill("body", "写了一个上午的答复内容。").await;
    // Meanwhile the counter sets the name right.
    second.go(&format!("{case}/do/amend")).await;
    second.fill("applicant_name", "柳月蛾").await;
    second.fill("reason", "姓名有误").await;
    second.press(SEND).await;

    first.press(SEND).await;
    first.says("本件在您填写期间已有变化，您填写的内容仍在").await;
    let changes = first.words(".notice-warn").await;
    assert!(changes.contains("柳月娥") && changes.contains("柳月蛾"), "{changes}");
    assert!(changes.contains("周敏"), "{changes}");
    assert_eq!(first.value("body").await, "写了一个上午的答复内容。");
    assert_eq!(first.value("how_provided").await, "随函附送复印件");
    first.press(SEND).await;
    assert_eq!(first.path().await, case);
    first.says("写了一个上午的答复内容。").await;
    first.says("柳月蛾").await;
}

#[actix_web::test]
async fn an_account_is_locked_and_unlocked() {
    let Some(stage) = Stage::new() else { return };
    let (browser, administrator) = (stage.browser().await, stage.browser().await);
    for _ in 0..5 {
        browser.attempt("chengban2", "nicht-das-richtige").await;
        browser.says("未能登录").await;
    }
    browser.attempt("chengban2", gongkai::service::upkeep::demo_bureau::PASSWORD).await;
    browser.says("锁定").await;

    administrator.sign_in("admin").await;
    administrator.go("/admin/accounts?q=chengban2").await;
    administrator.says("锁定").await;
    administrator.press(".table a[href^='/admin/accounts/']").await;
    administrator.press("form[action$='/unlock'] button").await;
    assert!(!administrator.has("form[action$='/unlock']").await);

    browser.sign_in("chengban2").await;
    browser.says("孙丽").await;
}

#[actix_web::test]
async fn a_draft_outlives_the_login() {
    let Some(stage) = Stage::new() else { return };
    let browser = stage.browser().await;
    browser.sign_in("dengji").await;
    let case = register(&browser, "柳月娥", today()).await;
    assign(&browser, &case, "刘建国").await;
    browser.sign_in("chengban").await;
    browser.go(&format!("{case}/do/submit_draft")).await;
    browser.choose_and_wait("outcome", "provided").await;
    browser.fill("how_provided", "随函附送复印件").await;
    browser.fill("body", "写了一个上午的答复内容。\n第二段。").await;
    stage
        .db
        .write(|conn| {
            let account = accounts::by_login(conn, "chengban")?;
            accounts::end_logins(conn, account.id, None)
        })
        .unwrap();
    browser.press(SEND).await;
    browser.says("没有丢失").await;
    browser.fill("username", "chengban").await;
    browser.fill("password", demo_bureau::PASSWORD).await;
    browser.press("form button[type=submit]").await;
    browser.says("继续填写").await;
    browser.press("form button[type=submit]").await;
    browser.says("还没有提交").await;
    assert_eq!(browser.value("body").await, "写了一个上午的答复内容。\n第二段。");
    assert_eq!(browser.value("how_provided").await, "随函附送复印件");
    browser.press(SEND).await;
    assert_eq!(browser.path().await, case);
    browser.says("写了一个上午的答复内容").await;
}
