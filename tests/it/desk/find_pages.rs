//! Stories of the queue and of the list of cases.

use gongkai::domain::case::Command;
use gongkai::domain::workflow::Status;

use crate::support::web::TestApp;

#[actix_web::test]
async fn everyone_has_a_queue_of_their_own() {
    let app = TestApp::new().await;
    let registered = app.register("万源小区三期征收补偿方案");
    let reviewed = app.case_at("城北路改扩建工程批复", Status::UnderReview);
    let to_sign = app.case_at("湿地公园规划许可", Status::AwaitingSignOff);
    app.get("clerk", "/")
        .await
        .is(200)
        .says("我的待办")
        .says(&registered.case_no)
        .says("派办")
        .says("无人认领");
    let handler = app.get("handler", "/").await;
    handler.is(200).says(&reviewed.case_no).says_not("<em>无人认领");
    let adviser = app.get("legal_adviser", "/").await;
    adviser.is(200).says(&reviewed.case_no).says("待审核").says_not(&registered.case_no);
    adviser.says(&format!("/cases/{}/review", reviewed.id));
    app.get("approver", "/").await.is(200).says(&to_sign.case_no).says("待签发").says("签发");
    app.get("manager", "/").await.is(200).says("已超期和三日内到期").says("没有待办");
    app.get("auditor", "/").await.is(200).says("审计员只查看");
    app.get("administrator", "/").await.is(200).says("系统管理员不查看申请内容").says_not("今日到期");
    app.get("other_handler", "/").await.is(200).says("没有待办").says_not(&registered.case_no);
}

#[actix_web::test]
async fn a_handler_takes_up_what_lies_in_the_department() {
    let app = TestApp::new().await;
    let case = app.register("万源小区三期征收补偿方案");
    let assign = Command::Assign { department: app.departments[0], handler: None };
    let case = app.act("clerk", &case, &assign).unwrap();
    app.get("handler", "/").await.says(&case.case_no);
    let pick = format!("{}.{}", case.id, case.version);
    // It is with the department already; what is registered only can be taken up.
    app.post("handler", "/cases/bulk", &[("case", &pick), ("do", "claim"), ("home", "1")])
        .await
        .is(200)
        .says("没有办理");
    let returned = app.register("城北路改扩建工程批复");
    let pick = format!("{}.{}", returned.id, returned.version);
    // Not seen by a handler: not of the department, and in nobody's hands.
    app.post("handler", "/cases/bulk", &[("case", &pick), ("do", "claim")]).await.says("没有找到");
}

#[actix_web::test]
async fn cases_are_found_by_their_words_and_only_by_those_who_see_them() {
    let app = TestApp::new().await;
    let mine = app.register("东湖路18号地块<b>征收</b>补偿方案");
    app.register_below("征收土地批复");
    let list = app.get("clerk", "/cases?q=%E5%BE%81%E6%94%B6").await;
    list.is(200)
        .says(&mine.id.to_string())
        .says("&#60;b&#62;征收")
        .says("符合条件 1 件")
        .says_not("土地批复");
    app.get("manager", "/cases?q=%E5%BE%81%E6%94%B6")
        .await
        .says("土地批复")
        .says("符合条件 2 件")
        .says("东昌府区分局");
    app.get("child_clerk", "/cases?q=%E8%A1%A5%E5%81%BF").await.says("没有符合条件的申请");
    app.get("clerk", "/cases?q=%22%27%29*").await.is(200).says("没有文字或者数字");
    app.get("clerk", "/cases?status=nonsense&after=x~y&sort=due&department=9").await.is(200);
    app.get("clerk", "/cases?after=2026~1").await.is(200);
    app.get("administrator", "/cases").await.is(403);
}

#[actix_web::test]
async fn selected_cases_are_assigned_one_by_one() {
    let app = TestApp::new().await;
    let first = app.register("万源小区三期征收补偿方案");
    let second = app.register("城北路改扩建工程批复");
    let foreign = app.register_below("测绘成果");
    let picks: Vec<String> =
        [&first, &second, &foreign].iter().map(|it| format!("{}.{}", it.id, it.version)).collect();
    // Meanwhile somebody notes something in the second.
    app.act("manager", &second, &Command::AddNote { text: "请尽快".to_owned() }).unwrap();
    let handler = app.users["handler"].to_string();
    let mut fields: Vec<(&str, &str)> = picks.iter().map(|it| ("case", it.as_str())).collect();
    fields.extend([("do", "assign"), ("handler", handler.as_str()), ("query", "state=open")]);
    let done = app.post("clerk", "/cases/bulk", &fields).await;
    done.is(200).says("已办理 1 件").says("2 件没有办理").says("其他人已经办理过").says("没有找到");
    assert_eq!(app.case_now(&first).status, Status::Handled);
    assert_eq!(app.case_now(&first).handler_id, Some(app.users["handler"]));
    assert_eq!(app.case_now(&second).status, Status::Registered);
    assert_eq!(app.case_now(&foreign).status, Status::Registered);
    // The same once more does no harm.
    app.post("clerk", "/cases/bulk", &fields).await.is(200).says("3 件没有办理");
    let nothing = [("do", "assign"), ("handler", handler.as_str())];
    app.post("clerk", "/cases/bulk", &nothing).await.is(422).says("请先选择申请");
    let nobody = [("case", picks[1].as_str()), ("do", "assign")];
    app.post("clerk", "/cases/bulk", &nobody).await.is(422).says("请选择承办人或者承办部门");
    app.post("legal_adviser", "/cases/bulk", &fields).await.is(403);
}

#[actix_web::test]
async fn views_are_saved_renamed_and_deleted_by_their_owner() {
    let app = TestApp::new().await;
    let query = "q=征收&status=handled&col=outcome";
    app.post("clerk", "/views", &[("name", "征收在办"), ("query", query)]).await.is(303);
    let list = app.get("clerk", "/cases").await;
    list.says("征收在办").says("办理结果");
    let (_, rest) = list.body.split_once("/views/").unwrap();
    let id = rest.split('/').next().unwrap().to_owned();
    app.get("handler", "/cases").await.says_not("征收在办");
    let address = format!("/views/{id}/rename");
    app.post("handler", &address, &[("name", "我的")]).await.is(404);
    app.post("clerk", &address, &[("name", " ")]).await.is(422).says("请填写视图名称");
    app.post("clerk", &address, &[("name", "征收")]).await.is(303);
    app.get("clerk", "/cases").await.says(">征收</a>");
    app.post("handler", &format!("/views/{id}/delete"), &[]).await.is(303);
    app.get("clerk", "/cases").await.says(">征收</a>");
    app.post("clerk", &format!("/views/{id}/delete"), &[]).await.is(303);
    app.get("clerk", "/cases").await.says_not(">征收</a>");
}

#[actix_web::test]
async fn what_is_shown_is_exported() {
    let app = TestApp::new().await;
    app.register("=cmd|' /C calc'!A0");
    app.register_below("测绘成果");
    let csv = app.get("clerk", "/cases/export.csv?state=all&col=outcome&col=due").await;
    csv.is(200).says("\u{feff}登记号,申请人,申请内容").says("王建国").says("'=cmd").says_not("测绘成果");
    assert!(csv.header("content-disposition").contains("attachment"));
    assert_eq!(csv.body.lines().count(), 2);
    let xlsx = app.get("clerk", "/cases/export.xlsx").await;
    xlsx.is(200);
    assert!(xlsx.bytes.starts_with(b"PK"));
    app.get("administrator", "/cases/export.csv").await.is(403);
}
