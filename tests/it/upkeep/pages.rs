//! Administration: agencies, settings, calendar, journal.

use gongkai::domain::outcome::Outcome;
use gongkai::domain::workflow::Role;

use crate::office::{Office, day};
use crate::support::on_both;

fn run(test: impl AsyncFn(Office)) {
    on_both(|url| {
        actix_web::rt::System::new().block_on(test(Office::new(url)));
    });
}

#[test]
fn the_tree_of_agencies_is_kept_by_its_administrator() {
    run(async |office| {
        let admin = office.sign_in(office.city, &[Role::Administrator]);
        office.get(&admin, "/admin/agencies").await.has("东昌分局FJ");
        let add = [("add_code", "SFJ"), ("add_name", "江州市司法局")];
        assert_eq!(office.post(&admin, "/admin/agencies/SZF/add", &add).await.status, 303);
        let again = office.post(&admin, "/admin/agencies/SZF/add", &add).await;
        assert_eq!(again.status, 422);
        again.has("代码“SFJ”已被占用");

        // With its branch, the bureau goes below the justice bureau.
        let to = [("move_parent", "SFJ")];
        assert_eq!(office.post(&admin, "/admin/agencies/ZRZY/move", &to).await.status, 303);
        let manager = office.sign_in(
            office
                .app
                .db
                .read(|conn| gongkai::storage::access::agencies::by_code(conn, "SFJ"))
                .unwrap()
                .agency_id(),
            &[Role::Manager],
        );
        office.case(office.branch, "2025-03-03", Some(("2025-03-20", Outcome::Provided)));
        office.get(&manager, "/reports/2025?rollup=1").await.has("汇总3个单位");
        let circle = office.post(&admin, "/admin/agencies/SFJ/move", &[("move_parent", "FJ")]).await;
        assert_eq!(circle.status, 422);
        circle.has("上级机关不能是本机关或者它的下级");

        let page = office.get(&admin, "/admin/agencies/FJ").await;
        let seen = page.value("seen");
        let name = [("rename_name", "东昌府分局"), ("seen", seen.as_str())];
        assert_eq!(office.post(&admin, "/admin/agencies/FJ/rename", &name).await.status, 303);
        let stale = office
            .post(&admin, "/admin/agencies/FJ/rename", &[("rename_name", "别名"), ("seen", &seen)])
            .await;
        stale.has("别人已经把名称改为“东昌府分局”");
        let department = [("department_name", "办公室")];
        assert_eq!(office.post(&admin, "/admin/agencies/FJ/departments", &department).await.status, 303);
        let twice = office.post(&admin, "/admin/agencies/FJ/departments", &department).await;
        twice.has("已经有“办公室”");

        let below = office.sign_in(office.bureau, &[Role::Administrator]);
        assert_eq!(office.get(&below, "/admin/agencies/SZF").await.status, 404);
        assert_eq!(office.post(&below, "/admin/agencies/SZF/add", &add).await.status, 404);
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        assert_eq!(office.get(&clerk, "/admin/agencies").await.status, 403);
    });
}

#[test]
fn settings_are_shown_with_where_they_come_from() {
    run(async |office| {
        let admin = office.sign_in(office.city, &[Role::Administrator]);
        let page = office.get(&admin, "/admin/settings").await;
        page.has("无操作自动退出（分钟）login.idle_minutes30默认设置");
        page.lacks("其他");
    });
}

#[test]
fn a_notice_is_imported_and_the_rules_change_at_once() {
    run(async |office| {
        let admin = office.sign_in(office.city, &[Role::Administrator]);
        let clerk = office.sign_in(office.bureau, &[Role::Clerk]);
        office.get(&clerk, "/calendar?year=2027").await.has("还没有发布这一年的放假通知");
        office.get(&clerk, "/calendar?year=2025").await.has("7休国庆节");
        let wrong = [("year", "2027"), ("source", "https://www.gov.cn/x.htm"), ("rest", "元旦 2027-01-01")];
        let refused = office.post(&admin, "/calendar/import", &wrong).await;
        assert_eq!(refused.status, 422);
        refused.has("第1行“元旦2027-01-01”看不懂");
        let right = [
            ("year", "2027"),
            ("source", "https://www.gov.cn/x.htm"),
            ("rest", "2027-01-01 元旦\n2027-02-05 至 2027-02-11 春节"),
            ("work", "2027-02-14 春节"),
        ];
        let shown = office.post(&admin, "/calendar/import", &right).await;
        assert_eq!(shown.status, 200, "{}", shown.words());
        shown.has("尚未启用");
        shown.has("没有在办申请的期限因此变动");
        office.get(&clerk, "/calendar?year=2027").await.has("还没有发布这一年的放假通知");
        let unescaped = |it: String| it.replace("&#34;", "\"").replace("&#38;", "&");
        let sent =
            [("notice", unescaped(shown.value("notice"))), ("fingerprint", shown.value("fingerprint"))];
        let fields: Vec<_> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let done = office.post(&admin, "/calendar/import/apply", &fields).await;
        assert_eq!(done.status, 303, "{}", done.words());
        // Sent twice, it is applied once.
        assert_eq!(office.post(&admin, "/calendar/import/apply", &fields).await.status, 303);
        office.get(&admin, "/calendar/import?year=2027").await.has("2027-02-05至2027-02-11春节");
        // Back to the form with everything typed, to be corrected.
        let back: Vec<_> = right.iter().copied().chain([("edit", "1")]).collect();
        office.post(&admin, "/calendar/import", &back).await.has("2027-02-05至2027-02-11春节");
        office.get(&clerk, &done.location).await.has("放假通知已经启用");
        let calendar = office.app.rules().calendar.clone();
        assert!(!calendar.is_working_day(day("2027-02-05")) && calendar.is_working_day(day("2027-02-14")));
        let json = r#"{"year":2028,"notices":[{"source":"x"}],"rest":[{"date":"2028-01-01","name":"元旦"}],"work":[]}"#;
        assert_eq!(office.post(&admin, "/calendar/import", &[("json", json)]).await.status, 200);
        let text = "国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周六）上班。";
        let told = [("year", "2027"), ("source", "https://www.gov.cn/x.htm"), ("text", text)];
        let refused = office.post(&admin, "/calendar/import", &told).await;
        assert_eq!(refused.status, 422);
        refused.has("第1行：2027年9月26日写的是周六，日历上是周日");
        let mended = text.replace("26日（周六）", "26日（周日）");
        let told = [("year", "2027"), ("source", "https://www.gov.cn/x.htm"), ("text", mended.as_str())];
        office
            .post(&admin, "/calendar/import", &told)
            .await
            .has("2027年9月26日（周日）周日休息，暂定".trim_end_matches("，暂定"));
        let broken = office.post(&admin, "/calendar/import", &[("json", "{}")]).await;
        broken.has("不是放假通知的JSON");
        assert_eq!(office.post(&clerk, "/calendar/import", &right).await.status, 403);
        // What another process imports is known here a minute later.
        let elsewhere = gongkai::domain::calendar::YearNotice::from_json(json).unwrap();
        office.app.db.write(|conn| gongkai::storage::calendar::notices::keep(conn, &elsewhere)).unwrap();
        office.get(&clerk, "/").await;
        assert!(!office.app.rules().calendar.years().contains(&2028));
        office.app.doubt_calendar();
        office.get(&clerk, "/").await;
        assert!(office.app.rules().calendar.years().contains(&2028));
    });
}

#[test]
fn the_journal_tells_everything_but_what_is_in_cases_to_those_who_do_not_see_them() {
    run(async |office| {
        let (_, no) = office.case(office.bureau, "2025-03-03", Some(("2025-03-20", Outcome::Provided)));
        let admin = office.sign_in(office.bureau, &[Role::Administrator]);
        let page = office.get(&admin, "/admin/journal?subject=case").await;
        page.has("送达答复");
        page.has("只有能看该件的人可见");
        page.lacks("周涛");
        page.lacks(&no);
        let auditor = office.sign_in(office.bureau, &[Role::Auditor]);
        let page = office.get(&auditor, "/admin/journal?subject=case&action=issue").await;
        page.has(&no);
        page.has("周涛");
        page.lacks("登记李敏");
        assert_eq!(office.get(&auditor, "/admin/journal?agency=FJ").await.status, 404);
        office.get(&auditor, "/admin/journal?actor=%25").await.has("没有符合条件的记录");
        office.get(&auditor, "/admin/journal?from=2030-01-01").await.has("没有符合条件的记录");
        office.get(&auditor, "/admin/journal?agency=-").await.has("没有符合条件的记录");
        let verified = office.post(&auditor, "/admin/journal/verify", &[]).await;
        verified.has("完整");
        for _ in 0..30 {
            office.case(office.bureau, "2025-03-03", Some(("2025-03-20", Outcome::Provided)));
        }
        let first = office.get(&auditor, "/admin/journal").await;
        let at =
            first.text().split("rel=\"next\"").next().unwrap().rsplit("href=\"").next().unwrap().to_owned();
        let second = office.get(&auditor, at.trim_end_matches("\" ").replace("&#38;", "&").as_str()).await;
        second.has("回到最近");
        second.has(&no);
    });
}
