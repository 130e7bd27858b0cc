//! Stories of one case, over its pages: registered, worked on, reviewed, answered.

use chrono::NaiveDate;
use gongkai::domain::case::Command;
use gongkai::domain::labels::Coded;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::terms::ANSWER;
use gongkai::domain::urgency::Light;
use gongkai::domain::workflow::Status;
use gongkai::domain::{case::Case, ids::CaseId};
use gongkai::storage::case::cases;
use gongkai::storage::journal;

use crate::support::TestDatabase;
use crate::support::web::{Answer, TestApp, rules, settings};

/// What is asked in these stories.
const WISH: &str = "申请公开东湖路18号地块国有土地上房屋征收补偿方案及分户评估报告";

fn today(app: &TestApp) -> String {
    app.actor("clerk").today().to_string()
}

/// Opens the form of an action, and sends it with these fields.
async fn act(app: &TestApp, who: &str, case: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
    let form = app.get(who, &format!("/cases/{case}/do/{action}")).await;
    form.is(200);
    send(app, who, case, action, &form, fields).await
}

/// Sends an action from a page opened before.
async fn send(
    app: &TestApp,
    who: &str,
    case: &str,
    action: &str,
    form: &Answer,
    fields: &[(&str, &str)],
) -> Answer {
    let (version, seq) = (form.value_of("version"), form.value_of("seq"));
    let mut all = vec![("version", version.as_str()), ("seq", seq.as_str())];
    all.extend_from_slice(fields);
    app.post(who, &format!("/cases/{case}/do/{action}"), &all).await
}

/// Opens the registration form, and sends it with these fields over plain ones.
async fn register(app: &TestApp, fields: &[(&str, &str)]) -> Answer {
    let submission = app.get("clerk", "/cases/new").await.value_of("submission");
    register_as(app, &submission, fields).await
}

async fn register_as(app: &TestApp, submission: &str, fields: &[(&str, &str)]) -> Answer {
    let today = today(app);
    let mut all = vec![
        ("submission", submission),
        ("channel", "in_person"),
        ("submitted_on", today.as_str()),
        ("signed_on", today.as_str()),
        ("arrived_on", today.as_str()),
        ("applicant_kind", "natural_person"),
        ("applicant_name", "张丽华"),
        ("content", WISH),
        ("preferred_form", "paper"),
    ];
    for (name, text) in fields {
        all.retain(|(it, _)| it != name);
        all.push((name, text));
    }
    app.post("clerk", "/cases/new", &all).await
}

/// The identifier in `/cases/…/registered`.
#[track_caller]
fn id_of(answer: &Answer) -> String {
    answer.is(303);
    answer.location.split('/').nth(2).unwrap().to_owned()
}

fn case_of(app: &TestApp, id: &str) -> Case {
    let id: CaseId = id.parse().unwrap();
    app.db().read(|conn| cases::fetch(conn, id)).unwrap()
}

fn actions_of(app: &TestApp, id: &str) -> Vec<String> {
    let history = app.db().read(|conn| journal::history(conn, id)).unwrap();
    history.into_iter().map(|it| it.action).collect()
}

/// The fields of a draft that gives the information.
const DRAFT: &[(&str, &str)] = &[
    ("outcome", "provided"),
    ("how_provided", "随函附送复印件"),
    ("reply_no", "聊自然资依复〔2026〕7号"),
    ("body", "经查，您申请的信息予以公开。"),
];

/// A case in the handler's hands.
async fn handled(app: &TestApp) -> String {
    let id = id_of(&register(app, &[]).await);
    let assignee = format!("{}/{}", app.departments[0].0, app.users["handler"]);
    act(app, "clerk", &id, "assign", &[("assignee", &assignee)]).await.is(303);
    id
}

#[actix_web::test]
async fn from_the_counter_to_the_answer_with_a_return_on_the_way() {
    let app = TestApp::new().await;
    let answer = register(&app, &[("id_number", "11010519491231002X"), ("phone", "13800004471")]).await;
    let id = id_of(&answer);
    app.follow("clerk", answer).await.says("申请已登记").says("打印回执").says("继续登记");
    app.get("clerk", &format!("/cases/{id}/receipt"))
        .await
        .says("政府信息公开申请登记回执")
        .says("20个工作日内");
    assert_eq!(case_of(&app, &id).status, Status::Registered);

    let assignee = format!("{}/{}", app.departments[0].0, app.users["handler"]);
    act(&app, "clerk", &id, "assign", &[("assignee", &assignee)]).await.leads_to(&format!("/cases/{id}"));
    let page = app.get("handler", &format!("/cases/{id}")).await;
    page.is(200).says("提交答复稿").says("征求意见").says("期限台账").says("李敏");
    // What others do is not offered.
    page.says_not("/do/sign_off").says_not("/do/extend");

    // The outcome first: the form then asks for what it demands.
    let form = app.get("handler", &format!("/cases/{id}/do/submit_draft")).await;
    let asked = send(
        &app,
        "handler",
        &id,
        "submit_draft",
        &form,
        &[("outcome", "duplicate"), ("then", "outcome"), ("body", "草稿")],
    )
    .await;
    asked.is(200).says("此前答复的文号").says("条例第三十六条第六项").says("草稿");
    send(&app, "handler", &id, "submit_draft", &form, &[("outcome", "duplicate"), ("body", "草稿")])
        .await
        .is(422)
        .says("应当写明此前答复的文号")
        .says("草稿");
    let told = send(
        &app,
        "handler",
        &id,
        "submit_draft",
        &form,
        &[("outcome", "state_secret"), ("then", "remedy"), ("body", "不予公开。")],
    )
    .await;
    told.is(200).says("先向【复议机关】申请行政复议").says("依法确定为国家秘密的政府信息");
    assert_eq!(case_of(&app, &id).status, Status::Handled);
    send(&app, "handler", &id, "submit_draft", &form, DRAFT).await.leads_to(&format!("/cases/{id}"));

    let review = app.get("legal_adviser", &format!("/cases/{id}/review")).await;
    review.is(200).says("经查，您申请的信息予以公开。").says("第三十六条").says("救济告知");
    send(&app, "legal_adviser", &id, "return_draft", &review, &[]).await.is(422).says("请填写退回意见");
    // The case has left the adviser's sight with the draft.
    let opinion = [("opinion", "没有写明救济途径。"), ("check_remedy", "no"), ("check_facts", "yes")];
    send(&app, "legal_adviser", &id, "return_draft", &review, &opinion).await.leads_to("/");
    // The adviser does not see the case any more; the workbench says once what was done.
    app.get("legal_adviser", "/").await.says("2026-0001 已办理“审核退回”");
    app.get("legal_adviser", "/").await.says_not("审核退回");
    app.get("legal_adviser", &format!("/cases/{id}")).await.is(404);

    let form = app.get("handler", &format!("/cases/{id}/do/submit_draft")).await;
    form.says("没有写明救济途径。").says("救济告知：不符合要求。").says("经查，您申请的信息予以公开。");
    send(&app, "handler", &id, "submit_draft", &form, DRAFT).await.is(303);
    let review = app.get("legal_adviser", &format!("/cases/{id}/review")).await;
    send(&app, "legal_adviser", &id, "agree", &review, &[("check_subject", "yes")]).await.is(303);
    app.get("approver", &format!("/cases/{id}/do/sign_off")).await.says("经查，您申请的信息予以公开。");
    act(&app, "approver", &id, "sign_off", &[("reply_no", "聊自然资依复〔2026〕8号")]).await.is(303);
    let day = today(&app);
    act(
        &app,
        "clerk",
        &id,
        "issue",
        &[("method", "邮寄送达（EMS）"), ("on", &day), ("tracking_no", "1098776543213")],
    )
    .await
    .is(303);
    act(&app, "clerk", &id, "record_delivery", &[("signed_for_on", &day)]).await.is(303);

    let case = case_of(&app, &id);
    assert_eq!((case.status, case.closed.map(|(_, it)| it)), (Status::Answered, Some(Outcome::Provided)));
    app.get("auditor", &format!("/cases/{id}"))
        .await
        .is(200)
        .says("按期办结")
        .says("聊自然资依复〔2026〕8号")
        .says("审核退回")
        .says("没有写明救济途径。")
        .says_not("id=\"todo\"");
    app.get("auditor", &format!("/cases/{id}/ledger")).await.is(200).says("答复期限计算台账");
}

#[actix_web::test]
async fn the_adviser_changes_the_draft() {
    let app = TestApp::new().await;
    let id = handled(&app).await;
    act(&app, "handler", &id, "submit_draft", DRAFT).await.is(303);
    let review = app.get("legal_adviser", &format!("/cases/{id}/review")).await;
    let mut changed: Vec<_> = DRAFT.iter().copied().filter(|(name, _)| *name != "body").collect();
    changed.push(("body", "修改后的答复内容。"));
    send(&app, "legal_adviser", &id, "agree_with_changes", &review, &changed)
        .await
        .is(422)
        .says("请填写修改了什么");
    changed.push(("opinion", "文字修改"));
    send(&app, "legal_adviser", &id, "agree_with_changes", &review, &changed).await.is(303);
    assert_eq!(case_of(&app, &id).reply.unwrap().body, "修改后的答复内容。");
    app.get("approver", &format!("/cases/{id}"))
        .await
        .says("修改后同意")
        .says("经查，您申请的信息予以公开。");
}

#[actix_web::test]
async fn correction_consultation_extension_fee_and_withdrawal() {
    let app = TestApp::new().await;
    let id = handled(&app).await;
    let day = today(&app);
    // A day that has not come is refused beside its field, with everything kept.
    let refused = act(
        &app,
        "handler",
        &id,
        "request_correction",
        &[("notified_on", "2099-01-01"), ("reply_by", "2099-02-02")],
    )
    .await;
    refused.is(422).says("还没有到").says("notified_on-error").says("2099-02-02");
    act(&app, "handler", &id, "request_correction", &[("notified_on", "昨天"), ("reply_by", "")])
        .await
        .is(422)
        .says("“昨天”不是日期")
        .says("请填写补正期限");
    let in_ten =
        app.app.rules().calendar.nth_working_day_after(app.actor("clerk").today(), 10).on.to_string();
    act(&app, "handler", &id, "request_correction", &[("notified_on", &day), ("reply_by", &in_ten)])
        .await
        .is(303);
    let page = app.get("handler", &format!("/cases/{id}")).await;
    page.says("等待补正").says("收到补正").says_not("/do/request_correction");
    act(&app, "handler", &id, "receive_correction", &[("received_on", &day)]).await.is(303);

    act(
        &app,
        "handler",
        &id,
        "consult",
        &[("party", "third_party"), ("name", "江州正信公司"), ("sent_on", &day), ("delivered_on", &day)],
    )
    .await
    .is(303);
    app.get("handler", &format!("/cases/{id}")).await.says("征求意见").says("江州正信公司").says("等待回复");
    act(&app, "handler", &id, "receive_opinion", &[("id", "1"), ("returned_on", &day), ("consent", "no")])
        .await
        .is(303);
    app.get("handler", &format!("/cases/{id}")).await.says("不同意公开");

    let form = app.get("handler", &format!("/cases/{id}/do/notice_fee")).await;
    form.says("该申请人当月第 1 件").says("31 页 10 元");
    act(&app, "handler", &id, "notice_fee", &[("amount", "120"), ("sent_on", &day), ("delivered_on", &day)])
        .await
        .is(303);
    app.get("handler", &format!("/cases/{id}")).await.says("等待缴费").says("120元");
    act(&app, "handler", &id, "receive_payment", &[("paid_on", &day)]).await.is(303);

    act(&app, "approver", &id, "extend", &[("working_days", "21"), ("notified_on", &day)]).await.is(422);
    act(&app, "approver", &id, "extend", &[("working_days", "20"), ("notified_on", &day)]).await.is(303);
    app.get("approver", &format!("/cases/{id}/do/extend")).await.is(200).says("还可以延长 0 个工作日");

    act(&app, "clerk", &id, "withdraw", &[("on", &day), ("record", "")]).await.is(422);
    act(&app, "clerk", &id, "withdraw", &[("on", &day), ("record", "当面撤回，笔录入卷")]).await.is(303);
    assert_eq!(case_of(&app, &id).closed.map(|(_, it)| it), Some(Outcome::Withdrawn));
    app.get("clerk", &format!("/cases/{id}")).await.says("已终止").says("当面撤回，笔录入卷");
}

#[actix_web::test]
async fn what_if_changes_nothing() {
    let app = TestApp::new().await;
    let id = handled(&app).await;
    let plain = case_of(&app, &id);
    app.get("handler", &format!("/cases/{id}?if=extend&days=20")).await.says("答复期限将为");
    app.get("handler", &format!("/cases/{id}?if=consult")).await.says("答复期限将为");
    app.get("handler", &format!("/cases/{id}?if=correction")).await.says("停止计算");
    app.get("handler", &format!("/cases/{id}?if=fee&on=nonsense")).await.says("请填写日期");
    assert_eq!(case_of(&app, &id), plain);
}

#[actix_web::test]
async fn a_web_application_waits_for_confirmation() {
    let app = TestApp::new().await;
    let answer = register(&app, &[("channel", "web")]).await;
    let id = id_of(&answer);
    app.follow("clerk", answer).await.says("等待确认").says("请与申请人确认收到");
    assert_eq!(case_of(&app, &id).status, Status::Received);
    app.get("clerk", &format!("/cases/{id}")).await.says("收到，待双方确认");
    app.get("clerk", &format!("/cases/{id}/receipt")).await.says("请您（单位）与本机关联系确认");
    let day = today(&app);
    act(&app, "clerk", &id, "register", &[("confirmed_on", &day), ("confirmed_how", "电话")]).await.is(303);
    assert_eq!(case_of(&app, &id).status, Status::Registered);
    app.get("clerk", &format!("/cases/{id}")).await.says("双方确认，予以登记").says("电话");
    // Confirmed before it arrived: refused at its field, the rest kept.
    register(&app, &[("channel", "fax"), ("confirmed_on", "2026-01-05"), ("applicant_name", "李四")])
        .await
        .is(422)
        .says("确认日期早于到达日期")
        .says("李四");
}

#[actix_web::test]
async fn a_form_sent_twice_is_registered_once() {
    let app = TestApp::new().await;
    let submission = app.get("clerk", "/cases/new").await.value_of("submission");
    let first = id_of(&register_as(&app, &submission, &[]).await);
    let second = id_of(&register_as(&app, &submission, &[]).await);
    assert_eq!(first, second);
    let count = app.db().read(|conn| cases::numbers(conn, app.agency.agency_id())).unwrap().len();
    assert_eq!(count, 1);
    register_as(&app, "", &[("applicant_name", "李四")]).await.is(422).says("登记页面已经失效");
}

#[actix_web::test]
async fn mistakes_come_back_with_everything_typed() {
    let app = TestApp::new().await;
    register(&app, &[("applicant_name", ""), ("submitted_on", "2099-01-01"), ("address", "东湖路 18 号")])
        .await
        .is(422)
        .says("请填写申请人姓名或者名称")
        .says("东湖路 18 号")
        .says("2099-01-01");
    register(&app, &[("submitted_on", "2099-01-01")])
        .await
        .is(422)
        .says("收到日期还没有到")
        .says("submitted_on-error");
    register(&app, &[("channel", "")]).await.is(422).says("请选择提交方式");
}

/// The registration's own queries, on the other database too.
#[actix_web::test]
async fn registration_works_on_postgres() {
    let Some(database) = TestDatabase::postgres() else { return };
    let app = TestApp::with(database, settings()).await;
    let submission = app.get("clerk", "/cases/new").await.value_of("submission");
    let data = [("id_number", "11010519491231002X")];
    let first = id_of(&register_as(&app, &submission, &data).await);
    assert_eq!(id_of(&register_as(&app, &submission, &data).await), first);
    register(&app, &data).await.is(200).says("可能与 2026-0001 重复");
    let by_number = [("id_number", "11010519491231002X"), ("applicant_name", "张丽花")];
    register(&app, &by_number).await.is(200).says("可能与 2026-0001 重复");
    let link = [("case_no", app.register("另一件").case_no), ("reason", "重复申请".to_owned())];
    act(&app, "clerk", &first, "link", &link.each_ref().map(|(name, it)| (*name, it.as_str()))).await.is(303);
    app.get("clerk", &format!("/cases/{first}")).await.is(200).says("2026-0002");
}

#[actix_web::test]
async fn repeats_and_doubtful_numbers_warn_and_do_not_bar() {
    let app = TestApp::new().await;
    let first = id_of(&register(&app, &[]).await);
    let again = "请求公开：东湖路 18 号地块国有土地上房屋征收补偿方案、分户评估报告";
    let side = app
        .get("clerk", "/cases/new/side?channel=in_person&submitted_on=2026-09-18&applicant_name=%E5%BC%A0%E4%B8%BD%E5%8D%8E&content=%E4%B8%9C%E6%B9%96%E8%B7%AF18%E5%8F%B7%E5%9C%B0%E5%9D%97%E5%9B%BD%E6%9C%89%E5%9C%9F%E5%9C%B0%E4%B8%8A%E6%88%BF%E5%B1%8B%E5%BE%81%E6%94%B6%E8%A1%A5%E5%81%BF%E6%96%B9%E6%A1%88%E5%8F%8A%E5%88%86%E6%88%B7%E8%AF%84%E4%BC%B0%E6%8A%A5%E5%91%8A")
        .await;
    side.is(200).says("2026年10月22日（周四）").says("很可能重复").says(&first).says("共 1 件");
    let warned = register(&app, &[("content", again), ("id_number", "110105194912310021")]).await;
    warned.is(200).says("尚未登记").says("可能与 2026-0001 重复").says("校验码不对").says(again);
    let other = register(&app, &[("content", again), ("applicant_name", "赵明")]).await;
    other.is(303);
    let seen = [("content", again), ("seen", "repeat")];
    let answer = register(&app, &seen).await;
    assert_ne!(id_of(&answer), first);
}

#[actix_web::test]
async fn a_stale_page_says_what_changed_and_keeps_what_was_typed() {
    let app = TestApp::new().await;
    let id = handled(&app).await;
    let day = today(&app);
    let stale = app.get("handler", &format!("/cases/{id}/do/consult")).await;
    act(
        &app,
        "clerk",
        &id,
        "amend",
        &[("applicant_name", "张丽花"), ("received_on", &day), ("content", WISH), ("reason", "姓名录错")],
    )
    .await
    .is(303);
    let fields = [("party", "other_agency"), ("name", "市发展改革委"), ("sent_on", day.as_str())];
    let answer = send(&app, "handler", &id, "consult", &stale, &fields).await;
    answer
        .is(409)
        .says("已有变化")
        .says("更正登记")
        .says("刘芳")
        .says("姓名录错")
        .says("张丽花")
        .says("市发展改革委");
    assert!(case_of(&app, &id).clock.consultations.is_empty());
    // Only what is new since is told, and the form goes through as it now stands.
    answer.says_not("派办</span>");
    send(&app, "handler", &id, "consult", &answer, &fields).await.is(303);
    assert_eq!(case_of(&app, &id).clock.consultations.len(), 1);
    // The same form once more is stale, and nothing is done twice.
    send(&app, "handler", &id, "consult", &answer, &fields).await.is(409);
    assert_eq!(case_of(&app, &id).clock.consultations.len(), 1);
}

#[actix_web::test]
async fn amendments_do_not_set_back_what_others_set_right() {
    let app = TestApp::new().await;
    let id = handled(&app).await;
    let first = app.get("clerk", &format!("/cases/{id}/do/amend")).await;
    let was: Vec<(String, String)> =
        ["received_on", "channel", "applicant_name", "applicant_kind", "content", "preferred_form"]
            .iter()
            .map(|name| ((*name).to_owned(), first.value_of(&format!("was_{name}"))))
            .collect();
    let form = |changes: &[(&str, &str)]| -> Vec<(String, String)> {
        let mut fields: Vec<_> =
            was.iter().map(|(name, value)| (format!("was_{name}"), value.clone())).collect();
        for (name, value) in &was {
            let typed = changes.iter().find(|(it, _)| it == name).map_or(value.as_str(), |(_, it)| it);
            fields.push((name.clone(), typed.to_owned()));
        }
        fields.push(("reason".to_owned(), "核对原件".to_owned()));
        fields.extend(
            changes.iter().filter(|(it, _)| *it == "phone").map(|(n, v)| ((*n).to_owned(), (*v).to_owned())),
        );
        fields
    };
    let send_form = async |page: &Answer, changes: &[(&str, &str)]| {
        let fields = form(changes);
        let fields: Vec<_> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        send(&app, "clerk", &id, "amend", page, &fields).await
    };
    send_form(&first, &[]).await.is(422).says("没有更正任何内容");
    send_form(&first, &[("applicant_name", "张丽花"), ("phone", "13900001234")]).await.is(303);
    let stale = send_form(&first, &[("content", "改写的内容")]).await;
    stale.is(409).says("张丽花").says("改写的内容").says("139****1234").says_not("13900001234");
    send_form(&stale, &[("content", "改写的内容")]).await.is(303);
    let case = case_of(&app, &id);
    assert_eq!(case.applicant_name, "张丽花");
    app.get("clerk", &format!("/cases/{id}")).await.says("改写的内容").says("139****1234");
}

#[actix_web::test]
async fn who_does_not_see_a_case_finds_none() {
    let app = TestApp::new().await;
    let id = handled(&app).await;
    for who in ["other_handler", "legal_adviser", "child_clerk", "child_manager"] {
        for page in ["", "/ledger", "/receipt", "/do/add_note"] {
            app.get(who, &format!("/cases/{id}{page}")).await.is(404);
        }
        app.post(who, &format!("/cases/{id}/do/add_note"), &[("version", "2"), ("text", "x")]).await.is(404);
        app.post(who, &format!("/cases/{id}/reveal"), &[]).await.is(404);
    }
    app.get("administrator", &format!("/cases/{id}")).await.is(403);
    app.get("clerk", "/cases/nonsense").await.is(404);
    app.get("clerk", &format!("/cases/{id}/do/nonsense")).await.is(404);
    // A manager of the agency above reads and does nothing.
    app.get("parent_manager", &format!("/cases/{id}")).await.is(200).says_not("id=\"todo\"");
    app.get("parent_manager", &format!("/cases/{id}/do/add_note")).await.is(403);
    app.post("parent_manager", &format!("/cases/{id}/do/add_note"), &[("version", "2"), ("text", "x")])
        .await
        .is(403);
    // Seeing is not signing.
    app.get("handler", &format!("/cases/{id}/do/extend")).await.is(403);
    app.get("handler", &format!("/cases/{id}/do/issue")).await.is(409);
    assert_eq!(actions_of(&app, &id), ["register", "assign"]);
}

#[actix_web::test]
async fn personal_data_is_masked_and_revealing_is_recorded() {
    let app = TestApp::new().await;
    let data = [
        ("id_number", "11010519491231002X"),
        ("phone", "13800004471"),
        ("email", "zhang@example.com"),
        ("address", "江州市东湖区东湖路18号3幢502室"),
    ];
    let id = id_of(&register(&app, &data).await);
    let page = app.get("clerk", &format!("/cases/{id}")).await;
    page.says("110***********002X").says("138****4471").says("z****@example.com");
    for (_, whole) in data {
        page.says_not(whole);
    }
    let shown = app.post("auditor", &format!("/cases/{id}/reveal"), &[]).await;
    for (_, whole) in data {
        shown.is(200).says(whole);
    }
    shown.says("查看个人信息").says("郑洁");
    assert_eq!(actions_of(&app, &id), ["register", "reveal"]);
    // Looking is no change: a form opened before is not stale.
    assert_eq!(case_of(&app, &id).version, 1);
}

#[actix_web::test]
async fn an_application_for_several_things_is_split() {
    let app = TestApp::new().await;
    let id = handled(&app).await;
    act(&app, "handler", &id, "split", &[("part", "补偿方案"), ("part", "")])
        .await
        .is(422)
        .says("至少有两项")
        .says("补偿方案");
    act(&app, "handler", &id, "split", &[("part", "补偿方案"), ("part", "评估报告"), ("part", " ")])
        .await
        .is(303);
    let page = app.get("handler", &format!("/cases/{id}")).await;
    page.says("补偿方案").says("2026-0002").says("拆分自同一申请").says("拆分为：2026-0001、2026-0002");
    let count = app.db().read(|conn| cases::numbers(conn, app.agency.agency_id())).unwrap().len();
    assert_eq!(count, 2);
}

#[actix_web::test]
async fn links_notes_claims_and_a_new_round() {
    let app = TestApp::new().await;
    let other = app.register("耕地占补平衡验收意见");
    let id = id_of(&register(&app, &[]).await);
    act(&app, "clerk", &id, "link", &[("case_no", "2026-9999"), ("reason", "同一地块")])
        .await
        .is(422)
        .says("没有登记号为“2026-9999”的申请");
    act(&app, "clerk", &id, "link", &[("case_no", &other.case_no), ("reason", "同一地块")]).await.is(303);
    act(&app, "clerk", &id, "link", &[("case_no", &other.case_no), ("reason", "同一地块")])
        .await
        .is(422)
        .says("已经关联");
    act(&app, "clerk", &id, "link", &[("case_no", &other.case_no)]).await.is(422).says("请填写关联的原因");
    app.get("clerk", &format!("/cases/{id}")).await.says(&other.case_no).says("同一地块");
    act(&app, "clerk", &id, "add_note", &[("text", "  ")]).await.is(422);
    act(&app, "clerk", &id, "add_note", &[("text", "来电询问进度")]).await.is(303);

    // To a department without a person: somebody there takes it up, gives it back, and it is not theirs.
    let department = app.departments[0].0.to_string();
    act(&app, "clerk", &id, "assign", &[("assignee", &department)]).await.is(303);
    act(&app, "handler", &id, "give_back", &[("reason", "不属于本科室")]).await.is(303);
    act(&app, "handler", &id, "claim", &[]).await.is(303);
    assert_eq!(case_of(&app, &id).handler_id, Some(app.users["handler"]));
    let wrong = format!("{}/{}", app.departments[1].0, app.users["handler"]);
    act(&app, "clerk", &id, "assign", &[("assignee", &wrong)]).await.is(422).says("不在所选部门");

    let answered = app.case_at("已答复的一件", Status::Answered);
    let id = answered.id.to_string();
    let day = today(&app);
    act(&app, "manager", &id, "reopen", &[("on", &day), ("order", "聊政复决字〔2026〕8号")]).await.is(303);
    app.get("manager", &format!("/cases/{id}"))
        .await
        .says("第 2 次办理")
        .says("第 1 次答复")
        .says("聊政复决字〔2026〕8号");
    app.act("handler", &answered, &Command::AddNote { text: "重新检索".to_owned() }).unwrap();
}

/// Beside the form, on its page and in the list: near, late or not, the same light everywhere.
#[actix_web::test]
async fn a_case_has_one_light_wherever_it_is_shown() {
    let app = TestApp::new().await;
    let light_in = |text: &str| {
        let (_, after) =
            text.split_once("class=\"light light-").unwrap_or_else(|| panic!("no light in {text}"));
        after.split('"').next().unwrap().to_owned()
    };
    let today = app.actor("clerk").today();
    let calendar = rules().calendar;
    // The last day of receipt that has this light today.
    let received_for = |light: Light| {
        let due_of = |on: NaiveDate| calendar.nth_working_day_after(on, ANSWER.length).on;
        let has_light = |on: &NaiveDate| Light::of_day(due_of(*on), &calendar, today) == light;
        today.iter_days().rev().take(90).find(has_light).unwrap()
    };
    for (light, place) in [(Light::InTime, "征收"), (Light::DueSoon, "环评"), (Light::Overdue, "采购")]
    {
        let day = received_for(light).to_string();
        for (channel, field) in [("in_person", "submitted_on"), ("web", "arrived_on")] {
            // No period runs before receipt is confirmed.
            let expected = if channel == "web" { Light::Suspended } else { light }.code();
            let side = app.get("clerk", &format!("/cases/new/side?channel={channel}&{field}={day}")).await;
            let (content, name) = (format!("{place}{channel}"), format!("王{place}{channel}"));
            let fields = [
                ("channel", channel),
                (field, day.as_str()),
                ("content", content.as_str()),
                ("applicant_name", name.as_str()),
            ];
            let id = id_of(&register(&app, &fields).await);
            let page = app.get("clerk", &format!("/cases/{id}")).await;
            let list = app.get("clerk", "/cases?state=open").await;
            let row = list.body.split("<tr").find(|it| it.contains(&id)).unwrap();
            for (place, text) in [("form", side.body.as_str()), ("page", &page.body), ("list", row)] {
                assert_eq!(light_in(text), expected, "{place} of {channel} {day}");
            }
        }
    }
}
