//! Statistics as the people of an office use them.

use gongkai::domain::outcome::Outcome;
use gongkai::domain::workflow::Role;

use crate::office::Office;
use crate::support::{TestDatabase, on_both};

fn run(test: impl AsyncFn(Office)) {
    on_both(|url| {
        actix_web::rt::System::new().block_on(test(Office::new(url)));
    });
}

#[test]
fn a_number_leads_to_its_cases_and_each_case_says_why() {
    run(async |office| {
        let (_, no) = office.case(office.bureau, "2025-03-03", Some(("2025-03-20", Outcome::ThirdParty)));
        office.case(office.bureau, "2025-12-20", Some(("2026-01-15", Outcome::Provided)));
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        let page = office.get(&clerk, "/reports/2025").await;
        assert_eq!(page.status, 200, "{}", page.words());
        page.has("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）");
        page.has("一＋二＝总计＋四（相符）");
        let link = "href=\"/reports/2025/cells/deny_third_party/natural_person\" data-sheet>1<";
        assert!(page.text().contains(link), "{}", page.text());
        assert!(!page.text().contains(" style="), "the policy forbids styles in pages");

        let cell = office.get(&clerk, "/reports/2025/cells/deny_third_party/natural_person").await;
        cell.has(&no);
        cell.has("2025年3月20日办结，办理结果为“保护第三方合法权益”");
        cell.has("申请人类型为“自然人”");
        let open = office.get(&clerk, "/reports/2025/cells/carried_out/total").await;
        open.has("2025年12月31日尚未办结（2026年1月15日办结）");
        assert_eq!(office.get(&clerk, "/reports/2025/cells/nothing/total").await.status, 404);
        assert_eq!(office.get(&clerk, "/reports/2025/cells/new/nothing").await.status, 404);
    });
}

#[test]
fn last_year_stands_beside_and_a_day_can_be_chosen() {
    run(async |office| {
        office.case(office.bureau, "2024-03-04", Some(("2024-03-20", Outcome::Provided)));
        office.case(office.bureau, "2025-03-03", Some(("2025-03-20", Outcome::Provided)));
        office.case(office.bureau, "2025-06-03", Some(("2025-06-20", Outcome::Provided)));
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        let compared = office.get(&clerk, "/reports/2025?compare=1").await;
        compared.has("2，比上年+1");
        compared.has("上年结转＝上年的结转下年（相符）");
        let march = office.get(&clerk, "/reports/2025?as_of=2025-03-10").await;
        march.has("截至2025年3月10日");
        let cell = office.get(&clerk, "/reports/2025/cells/carried_out/total?as_of=2025-03-10").await;
        cell.has("1件");
        cell.has("2025年3月10日尚未办结");
        let early = office.get(&clerk, "/reports/2025?as_of=2024-03-10").await;
        assert_eq!(early.status, 422);
        early.has("早于2025年1月1日");
        assert_eq!(office.get(&clerk, "/reports").await.status, 303);
        let chosen = office.get(&clerk, "/reports?year=2025&table=charts&compare=").await;
        assert_eq!(chosen.location, "/reports/2025/charts");
    });
}

#[test]
fn a_manager_sums_what_is_below_and_others_see_their_own() {
    run(async |office| {
        office.case(office.bureau, "2025-03-03", Some(("2025-03-20", Outcome::Provided)));
        let manager = office.sign_in(office.city, &[Role::Manager]);
        let summed = office.get(&manager, "/reports/2025?rollup=1").await;
        summed.has("汇总3个单位（含本机关）");
        summed.has("东昌分局");
        assert!(summed.text().contains("/reports/2025/cells/new/total?rollup=1"), "{}", summed.text());
        let bureau = office.get(&manager, "/reports/2025?agency=ZRZY").await;
        assert!(bureau.text().contains("cells/new/total?agency=ZRZY"), "{}", bureau.text());
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        assert_eq!(office.get(&clerk, "/reports/2025?agency=FJ").await.status, 404);
        assert_eq!(office.get(&clerk, "/reports/2025/cells/new/total?agency=SZF").await.status, 404);
        let own = office.get(&clerk, "/reports/2025?rollup=1").await;
        own.lacks("汇总");
        let handler = office.sign_in(office.bureau, &[Role::Handler]);
        assert_eq!(office.get(&handler, "/reports/2025").await.status, 403);

        // Numbers of several agencies may be alike: the list says whose each is, on the page and as a file.
        office.case(office.branch, "2025-03-03", None);
        let cell = "/reports/2025/cells/new/total";
        let lines = office.get(&manager, &format!("{cell}?rollup=1")).await;
        lines.has("2025-0001江州市自然资源和规划局予以公开");
        lines.has("2025-0001东昌分局尚未办结");
        assert!(lines.text().contains("/cells/new/total/download/csv?rollup=1"), "{}", lines.text());
        office.get(&manager, &format!("{cell}?agency=FJ")).await.lacks("2025-0001东昌分局");
        let file = office.get(&manager, &format!("{cell}/download/csv?rollup=1")).await;
        assert!(file.disposition.contains("cell-2025.csv"), "{}", file.disposition);
        let text = file.text();
        assert!(text.contains("机关,登记号,收到日期,办结日期,办理结果,计入理由"), "{text}");
        assert!(text.contains("东昌分局,2025-0001,2025-03-03,,,"), "{text}");
        assert!(text.contains("江州市自然资源和规划局,2025-0001,2025-03-03,2025-03-20,予以公开,"), "{text}");
        let file = office.get(&manager, &format!("{cell}/download/xlsx?rollup=1")).await;
        assert!(file.bytes.starts_with(b"PK"), "{}", file.status);
        assert_eq!(office.get(&manager, &format!("{cell}/download/pdf")).await.status, 404);
        assert_eq!(office.get(&clerk, &format!("{cell}/download/csv?agency=SZF")).await.status, 404);
    });
}

#[test]
fn what_moved_since_the_report_was_filed_is_told_case_by_case() {
    run(async |office| {
        // Closed within the year, but written down only after the report had gone out.
        let (id, no) = office.case(office.bureau, "2025-12-20", None);
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        let same = office.get(&clerk, "/reports/2025/changes?since=2026-01-31").await;
        assert_eq!(same.status, 200, "{}", same.words());
        same.has("没有变化");
        close_late(&office, id);
        let page = office.get(&clerk, "/reports/2025/changes?since=2026-01-31").await;
        page.has(&no);
        page.has("四、结转下年度继续办理，自然人");
        page.has("（一）予以公开，自然人");
        page.has("送达答复");
        assert_eq!(office.get(&clerk, "/reports/2025/changes?since=2024-01-31").await.status, 422);
    });
}

fn close_late(office: &Office, id: gongkai::domain::ids::CaseId) {
    use gongkai::domain::event::{Event, Subject};
    use gongkai::service::ServiceError;
    use gongkai::storage::case::cases;
    use gongkai::storage::journal;
    office
        .app
        .db
        .write(|conn| -> Result<_, ServiceError> {
            let mut case = cases::fetch(conn, id)?;
            case.closed = Some((crate::office::day("2025-12-30"), Outcome::Provided));
            case.status = gongkai::domain::workflow::Status::Answered;
            case.version += 1;
            let next = gongkai::domain::case::NextDay {
                on: crate::office::day("2026-01-19"),
                provisional: false,
                waiting_for: None,
            };
            cases::update(conn, &case, next, chrono::Utc::now())?;
            let event = Event {
                subject: Subject::Case,
                subject_id: id.to_string(),
                agency_id: Some(case.agency_id),
                action: "issue".to_owned(),
                actor: "李敏（limin）".to_owned(),
                recorded_at: chrono::Utc::now(),
                known_on: crate::office::day("2026-02-10"),
                details: serde_json::json!({}),
                counted: Some((&case.counted()).into()),
            };
            Ok(journal::append(conn, event)?)
        })
        .unwrap();
}

#[test]
fn table_2_is_entered_once_and_checked_against_last_year() {
    run(async |office| {
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        let (last, this) = ("/reports/2024/figures", "/reports/2025/figures");
        let form = office.get(&clerk, last).await;
        let version = form.value("version");
        let rules = [("version", version.as_str()), ("rules_0", "1"), ("rules_1", "0"), ("rules_2", "10")];
        assert_eq!(office.post(&clerk, last, &rules).await.status, 303);
        // The same once more, as by a double click: nothing to change, so nothing is stale.
        assert_eq!(office.post(&clerk, last, &rules).await.status, 303);

        let version = office.get(&clerk, this).await.value("version");
        let wrong = [
            ("version", version.as_str()),
            ("rules_0", "1.5"),
            ("rules_1", ""),
            ("rules_2", "12"),
            ("fees_10k_yuan_0", "59237.2400"),
        ];
        let refused = office.post(&clerk, this, &wrong).await;
        assert_eq!(refused.status, 422);
        refused.has("“1.5”不是件数");
        refused.has("“规章”这一行没有填全；没有发生的请填0");
        assert_eq!(refused.value("fees_10k_yuan_0"), "59237.2400");
        let right = [("version", version.as_str()), ("rules_0", "1"), ("rules_1", "0"), ("rules_2", "12")];
        assert_eq!(office.post(&clerk, this, &right).await.status, 303);
        let saved = office.get(&clerk, "/reports/2025/figures?saved=1").await;
        saved.has("与上年的数对不上，请核对");
        saved.has("＝11，2025年填报现行有效12");

        // Somebody else's page from before must not overwrite.
        let stale = [("version", version.as_str()), ("rules_0", "2"), ("rules_1", "0"), ("rules_2", "12")];
        let stale = office.post(&clerk, this, &stale).await;
        assert_eq!(stale.status, 409);
        stale.has("规章：现为1、0、12");
        assert_eq!(stale.value("rules_0"), "2");
        let table = office.get(&clerk, "/reports/2025?table=2").await;
        table.has("未填报");
        let approver = office.sign_in(office.bureau, &[Role::Approver]);
        assert_eq!(office.get(&approver, this).await.status, 403);
    });
}

#[test]
fn the_report_can_be_had_in_every_format() {
    let database = TestDatabase::sqlite();
    actix_web::rt::System::new().block_on(async {
        let office = Office::new(database.url());
        office.case(office.bureau, "2025-03-03", Some(("2025-03-20", Outcome::Provided)));
        let auditor = office.sign_in(office.bureau, &[Role::Auditor]);
        for format in ["json", "html", "xlsx", "docx", "csv"] {
            let file = office.get(&auditor, &format!("/reports/2025/download/{format}")).await;
            assert_eq!(file.status, 200);
            assert!(file.disposition.contains("filename*=UTF-8''%E6%B1%9F%E5%B7%9E"), "{}", file.disposition);
            assert!(!file.bytes.is_empty());
        }
        assert_eq!(office.get(&auditor, "/reports/2025/download/pdf").await.status, 404);
    });
}

#[test]
fn charts_have_their_tables() {
    run(async |office| {
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        office.get(&clerk, "/reports/2025/charts").await.has("还没有可画的数字");
        office.case(office.bureau, "2025-03-03", Some(("2025-03-20", Outcome::Provided)));
        // Due on 28 April.
        office.case(office.bureau, "2025-03-31", Some(("2025-05-20", Outcome::NotExisting)));
        office.case(office.bureau, "2025-03-31", Some(("2025-06-20", Outcome::Withdrawn)));
        let page = office.get(&clerk, "/reports/2025/charts").await;
        page.has("3月31");
        page.has("3月10100%");
        page.has("11–15日1");
        page.has("5月110%");
        page.has("6月00—");
        page.has("征收科33150%");
        assert!(!page.text().contains(" style="));
    });
}
