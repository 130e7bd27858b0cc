//! Reconsiderations and suits as the people of an office record them.

use gongkai::domain::outcome::Outcome;
use gongkai::domain::workflow::Role;

use crate::office::{Answer, Office};
use crate::support::on_both;

fn run(test: impl AsyncFn(Office)) {
    on_both(|url| {
        actix_web::rt::System::new().block_on(test(Office::new(url)));
    });
}

/// Records a proceeding against a case; returns the address of its page.
async fn record(office: &Office, token: &str, case_no: &str, kind: &str, no: &str) -> String {
    let fields = [
        ("kind", kind),
        ("case_no", case_no),
        ("remedy_no", no),
        ("body", "江州市人民政府"),
        ("accepted_on", "2025-03-03"),
        ("capacity", "acting_agency"),
        ("procedure", "simplified"),
        ("copy_received_on", "2025-03-07"),
        ("remarks", ""),
    ];
    let answer = office.post(token, "/remedies/new", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.words());
    answer.location
}

async fn enter(office: &Office, token: &str, place: &str, act: &str, fields: &[(&str, &str)]) -> Answer {
    let version = office.get(token, place).await.value("version");
    let all: Vec<_> = [("version", version.as_str())].into_iter().chain(fields.iter().copied()).collect();
    office.post(token, &format!("{place}/{act}"), &all).await
}

#[test]
fn a_reconsideration_runs_from_the_copy_to_table_4() {
    run(async |office| {
        let (id, no) = office.case(office.bureau, "2025-01-06", Some(("2025-01-20", Outcome::ThirdParty)));
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        let form = office.get(&clerk, &format!("/remedies/new?case={id}")).await;
        assert_eq!(form.value("case_no"), no);
        form.has("应当先申请行政复议");
        let place = record(&office, &clerk, &no, "review", "江政复〔2025〕7号").await;
        // The same once more, as by a double click, is the same proceeding.
        assert_eq!(record(&office, &clerk, &no, "review", "江政复〔2025〕7号").await, place);

        let page = office.get(&clerk, &place).await;
        page.has("被申请人提出书面答复并提交证据（简易程序）复议法第五十四条2025年3月7日收到申请书副本2025年3月14日");
        page.has("尚未审结");
        let list = office.get(&clerk, "/remedies?view=answer").await;
        list.has("江政复〔2025〕7号");
        list.has("已超期");

        let early = enter(&office, &clerk, &place, "answer", &[("answer_on", "2025-03-01")]).await;
        assert_eq!(early.status, 422);
        early.has("提交日期早于收到副本的日期（2025-03-07），请核对两个日期");
        assert_eq!(early.value("answer_on"), "2025-03-01");
        assert_eq!(
            enter(&office, &clerk, &place, "answer", &[("answer_on", "2025-03-14")]).await.status,
            303
        );
        office.get(&clerk, "/remedies?view=answer").await.lacks("江政复〔2025〕7号");

        let end = [
            ("end_on", "2025-04-01"),
            ("end_served_on", "2025-04-03"),
            ("end_paper", "decision"),
            ("end_result", "review_revoked"),
            ("end_is_final", "1"),
        ];
        assert_eq!(enter(&office, &clerk, &place, "end", &end).await.status, 303);
        office.get(&clerk, &place).await.has("2025年4月3日审结：撤销");
        let table = office.get(&clerk, "/reports/2025?table=4").await;
        let link = "href=\"/reports/2025/cells/review/corrected\" data-sheet>1<";
        assert!(table.text().contains(link), "{}", table.text());
        office.get(&clerk, "/reports/2025/cells/review/corrected").await.has("江政复〔2025〕7号");
    });
}

#[test]
fn suing_over_a_refusal_without_reconsideration_is_warned_of_and_recorded() {
    run(async |office| {
        let (_, no) = office.case(office.bureau, "2025-01-06", Some(("2025-01-20", Outcome::StateSecret)));
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        let place = record(&office, &clerk, &no, "direct_suit", "（2025）苏01行初3号").await;
        let page = office.get(&clerk, &place).await;
        page.has("不予公开的答复未经复议即被起诉");
        page.has("复议法第二十三条");
        page.has("被告提交答辩状和证据行诉法第六十七条2025年3月7日收到起诉状副本2025年3月24日");
    });
}

#[test]
fn every_instance_is_kept_and_a_stale_page_overwrites_nothing() {
    run(async |office| {
        let (_, no) = office.case(office.bureau, "2025-01-06", Some(("2025-01-20", Outcome::NotExisting)));
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        let place = record(&office, &clerk, &no, "direct_suit", "（2025）苏01行初3号").await;
        let end = [
            ("end_on", "2025-05-12"),
            ("end_served_on", "2025-05-14"),
            ("end_paper", "judgment"),
            ("end_result", "suit_claim_dismissed"),
        ];
        assert_eq!(enter(&office, &clerk, &place, "end", &end).await.status, 303);
        office.get(&clerk, &place).await.has("对判决提起上诉行诉法第八十五条");
        let next = [
            ("next_kind", "second_instance"),
            ("next_docket_no", "（2025）苏行终9号"),
            ("next_body", "省高级人民法院"),
            ("next_accepted_on", "2025-06-03"),
        ];
        assert_eq!(enter(&office, &clerk, &place, "next", &next).await.status, 303);
        let stale = [("version", "1"), ("hearing_on", "2025-07-01"), ("hearing_notes", "公开开庭")];
        let stale = office.post(&clerk, &format!("{place}/hearing"), &stale).await;
        assert_eq!(stale.status, 409);
        stale.has("您这次的没有保存");
        stale.has("进入下一审级");
        stale.has("公开开庭");
        let page = office.get(&clerk, &place).await;
        page.has("判决驳回诉讼请求");
        page.has("二审审理中");
        page.has("（2025）苏行终9号");
    });
}

#[test]
fn who_does_not_see_the_case_does_not_see_the_suit() {
    run(async |office| {
        let (id, no) = office.case(office.branch, "2025-01-06", Some(("2025-01-20", Outcome::NotExisting)));
        let branch = office.sign_in(office.branch, &[Role::Clerk]);
        let place = record(&office, &branch, &no, "review", "江政复〔2025〕8号").await;
        let handler = office.sign_in(office.bureau, &[Role::Handler]);
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        for token in [&handler, &clerk] {
            assert_eq!(office.get(token, &place).await.status, 404);
            assert_eq!(office.get(token, &format!("/remedies/new?case={id}")).await.status, 404);
            let fields = [("version", "1"), ("answer_on", "2025-03-10")];
            assert_eq!(office.post(token, &format!("{place}/answer"), &fields).await.status, 404);
            office.get(token, "/remedies?view=all").await.lacks("江政复〔2025〕8号");
        }
        // The manager above sees it, and enters nothing in it.
        let manager = office.sign_in(office.bureau, &[Role::Manager]);
        let page = office.get(&manager, &place).await;
        page.has("江政复〔2025〕8号");
        page.lacks("登记进展");
        let fields = [("version", "1"), ("answer_on", "2025-03-10")];
        assert_eq!(office.post(&manager, &format!("{place}/answer"), &fields).await.status, 404);
        office.get(&manager, "/remedies?view=all").await.has("江政复〔2025〕8号");
        let auditor = office.sign_in(office.branch, &[Role::Auditor]);
        office.get(&auditor, &place).await.lacks("登记进展");
        let (_, own) = office.case(office.bureau, "2025-01-06", Some(("2025-01-20", Outcome::NotExisting)));
        record(&office, &clerk, &own, "review", "江政复〔2025〕9号").await;
        office.get(&handler, "/remedies?view=all").await.has("江政复〔2025〕9号");
    });
}
