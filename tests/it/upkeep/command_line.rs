//! The command line as scripts use it: the program itself, run on both databases.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::support::on_both;

/// One installation: a database, and a folder for files.
struct Office<'a> {
    url: &'a str,
    folder: &'a Path,
}

struct Ran {
    status: i32,
    out: String,
    err: String,
}

impl Office<'_> {
    fn run(&self, arguments: &[&str]) -> Ran {
        let output = self.output(arguments);
        Ran {
            status: output.status.code().unwrap(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    fn output(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_gongkai"))
            .args(arguments)
            .env("GONGKAI_DATABASE_URL", self.url)
            .env_remove("RUST_BACKTRACE")
            .current_dir(self.folder)
            .output()
            .unwrap()
    }

    #[track_caller]
    fn done(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.status, 0, "{arguments:?}: {}{}", ran.out, ran.err);
        ran.out
    }

    #[track_caller]
    fn refused(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.status, 1, "{arguments:?}: {}{}", ran.out, ran.err);
        ran.err
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.join(name), text).unwrap();
    }

    fn report(&self, extra: &[&str]) -> Value {
        let mut arguments = vec!["report", "--agency", "A", "--year", "2022", "--format", "json"];
        arguments.extend(extra);
        serde_json::from_str(&self.done(&arguments)).unwrap()
    }
}

fn in_an_office(test: impl Fn(&Office<'_>)) {
    on_both(|url| {
        let folder = tempfile::tempdir().unwrap();
        test(&Office { url, folder: folder.path() });
    });
}

fn row<'a>(report: &'a Value, code: &str) -> &'a Value {
    let rows = report["table3"]["rows"].as_array().unwrap();
    &rows.iter().find(|it| it["code"] == code).unwrap()["values"]
}

const CASES: &str = "\
登记号,收到日期,申请渠道,申请人类型,申请人,申请内容,答复日期,办理结果,答复文号,延期告知日期,延期工作日
2022-001,2022-03-05,网络,自然人,张三,征地公告,2022-03-25,予以公开,聊公开〔2022〕1号,,
2022-002,2021-12-30,当面,自然人,李四,规划,2022-01-10,信息不存在,,,
2022-003,2022-12-20,邮寄,商业企业,某公司,规划许可,,,,,
2022-004,2022-05-20,邮寄,自然人,王五,规划许可,2022-07-01,（二）部分公开,,2022-06-10,20
";

const APPEALS: &str = "\
案号,原登记号,类型,受理机关,受理日期,审结日期,结果
复议1,2022-002,行政复议,聊城市人民政府,2022-02-01,2022-03-20,维持
诉1,2022-002,复议后起诉,东昌府区人民法院,2022-04-20,,
";

fn with_register(office: &Office<'_>) {
    office.done(&["agency", "add", "--code", "A", "--name", "聊城市自然资源和规划局"]);
    office.write("cases.csv", CASES);
    office.write("appeals.csv", APPEALS);
    office.done(&["import", "cases", "cases.csv", "--agency", "A"]);
    office.done(&["import", "appeals", "appeals.csv", "--agency", "A"]);
}

#[test]
fn a_register_becomes_a_report() {
    in_an_office(|office| {
        with_register(office);
        let report = office.report(&[]);
        assert_eq!(report["agency"]["name"], "聊城市自然资源和规划局");
        assert_eq!((&report["year"], &report["form"]), (&2022.into(), &"2021-30".into()));
        assert_eq!(report["table2"], Value::Null);
        assert_eq!(row(&report, "new").to_string(), "[2,1,0,0,0,0,3]");
        assert_eq!(row(&report, "carried_in").to_string(), "[1,0,0,0,0,0,1]");
        assert_eq!(row(&report, "unable_not_held").to_string(), "[1,0,0,0,0,0,1]");
        assert_eq!(row(&report, "total").to_string(), "[3,0,0,0,0,0,3]");
        assert_eq!(row(&report, "carried_out").to_string(), "[0,1,0,0,0,0,1]");
        assert_eq!(report["table4"]["review"].to_string(), "[1,0,0,0,1]");
        assert_eq!(report["table4"]["suit_after_review"].to_string(), "[0,0,0,1,1]");
        assert!(report["checks"].as_array().unwrap().iter().all(|it| it["holds"] == true));

        let cell = office.done(&[
            "report-cases",
            "--agency",
            "A",
            "--year",
            "2022",
            "--cell",
            "unable_not_held/natural_person",
        ]);
        let lines: Value = serde_json::from_str(&cell).unwrap();
        assert_eq!((&lines[0]["case_no"], &lines[0]["outcome"]), (&"2022-002".into(), &"信息不存在".into()));
        assert_eq!(
            (&lines[0]["received_on"], &lines[0]["closed_on"]),
            (&"2021-12-30".into(), &"2022-01-10".into())
        );
        assert_eq!(lines[0]["reasons"].as_array().unwrap().len(), 2);
        let cell = office.done(&[
            "report-cases",
            "--agency",
            "A",
            "--year",
            "2022",
            "--cell",
            "review/upheld",
            "--format",
            "csv",
        ]);
        assert!(cell.contains("复议1,2022-02-01,2022-03-20,维持"), "{cell}");
        assert!(cell.lines().nth(1).is_some_and(|it| it.ends_with(",聊城市自然资源和规划局")), "{cell}");
        office.done(&["check", "--agency", "A"]);
        office.done(&["audit", "verify"]);
    });
}

#[test]
fn the_same_file_twice_changes_nothing_and_says_so() {
    in_an_office(|office| {
        with_register(office);
        let before = office.report(&[]);
        let said = office.done(&["import", "cases", "cases.csv", "--agency", "A"]);
        assert!(said.contains("没有任何改变") && said.contains("没有变化4件"), "{said}");
        let said = office.done(&["import", "appeals", "appeals.csv", "--agency", "A"]);
        assert!(said.contains("没有任何改变") && said.contains("没有变化2件"), "{said}");
        assert_eq!(office.report(&[]), before);
    });
}

#[test]
fn an_answer_that_came_later_is_taken_up() {
    in_an_office(|office| {
        with_register(office);
        office.write("later.csv", &CASES.replace("某公司,规划许可,,", "某公司,规划许可,2023-01-09,予以公开"));
        let said = office.done(&["import", "cases", "later.csv", "--agency", "A"]);
        assert!(said.contains("更新1件") && said.contains("没有变化3件"), "{said}");
        assert_eq!(row(&office.report(&[]), "carried_out").to_string(), "[0,1,0,0,0,0,1]");
        let of_2023 = office.done(&["report", "--agency", "A", "--year", "2023", "--format", "json"]);
        let of_2023: Value = serde_json::from_str(&of_2023).unwrap();
        assert_eq!(row(&of_2023, "granted").to_string(), "[0,1,0,0,0,0,1]");
        office.done(&["check", "--agency", "A"]);
    });
}

#[test]
fn one_bad_row_and_nothing_is_imported() {
    in_an_office(|office| {
        office.done(&["agency", "add", "--code", "A", "--name", "某局"]);
        office.write(
            "bad.csv",
            &CASES
                .replace("2022-03-25", "2022-02-30")
                .replace("李四,规划,2022-01-10", "李四,规划,2021-12-01"),
        );
        let bad = |extra: &[&str]| {
            let mut arguments = vec!["import", "cases", "bad.csv", "--agency", "A"];
            arguments.extend(extra);
            office.refused(&arguments)
        };
        let reasons = bad(&[]);
        assert!(
            reasons.contains("第2行 G列（答复日期）") && reasons.contains("第3行 G列（答复日期）"),
            "{reasons}"
        );
        assert_eq!(bad(&["--dry-run"]), reasons);
        assert_eq!(row(&office.report(&[]), "new").to_string(), "[0,0,0,0,0,0,0]");
    });
}

/// `"` typed for `“`, or `”` for `"`, as Chinese input methods bring about.
#[test]
fn a_quotation_mark_without_a_partner_swallows_no_rows() {
    in_an_office(|office| {
        with_register(office);
        let before = office.report(&[]);
        let mut rows = "登记号,收到日期,申请人类型,申请内容,办理途径\n".to_owned();
        for n in 1..=20 {
            let text = if n == 7 { "\"三公”经费" } else { "财政预算" };
            rows += &format!("2023-{n},2023-01-{n:02},自然人,{text},信函\n");
        }
        office.write("open.csv", &rows);
        let said = office.refused(&["import", "cases", "open.csv", "--agency", "A"]);
        assert!(said.contains("第8行D列开头的双引号没有配对"), "{said}");
        office.write("open.csv", &APPEALS.replace("复议1,", "\"复议1”,"));
        let said = office.refused(&["import", "appeals", "open.csv", "--agency", "A"]);
        assert!(said.contains("第2行A列开头的双引号没有配对"), "{said}");
        assert_eq!(office.report(&[]), before);
    });
}

#[test]
fn a_remedy_about_an_unknown_application_is_refused() {
    in_an_office(|office| {
        with_register(office);
        office.write("other.csv", &APPEALS.replace("复议1,2022-002", "复议2,2022-999").replace("诉1", "诉2"));
        let reasons = office.refused(&["import", "appeals", "other.csv", "--agency", "A"]);
        assert!(reasons.contains("第2行 B列（原登记号）：没有登记号为“2022-999”的申请"), "{reasons}");
        assert_eq!(office.report(&[])["table4"]["review"].to_string(), "[1,0,0,0,1]");
    });
}

#[test]
fn a_dry_run_changes_nothing() {
    in_an_office(|office| {
        office.done(&["agency", "add", "--code", "A", "--name", "某局"]);
        office.write("cases.csv", CASES);
        let said = office.done(&["import", "cases", "cases.csv", "--agency", "A", "--dry-run"]);
        assert!(said.contains("新增4件"), "{said}");
        assert_eq!(row(&office.report(&[]), "new").to_string(), "[0,0,0,0,0,0,0]");
    });
}

#[test]
fn figures_of_table_2_are_kept_exactly() {
    in_an_office(|office| {
        with_register(office);
        let set = |year: &str, figures: &[&str]| {
            let mut arguments = vec!["report", "set", "--agency", "A", "--year", year];
            arguments.extend(figures);
            office.done(&arguments)
        };
        set("2021", &["rules=2,0,11"]);
        let said = set("2022", &["rules=1,0,11", "fees_10k_yuan=24252.311082", "licences=447228"]);
        assert!(said.contains("提醒") && said.contains("＝12"), "{said}");
        let table = &office.report(&[])["table2"];
        assert_eq!(table["rules"].to_string(), "[1,0,11]");
        assert_eq!((&table["fees_10k_yuan"], &table["licences"]), (&"24252.311082".into(), &447_228.into()));
        assert_eq!(table["penalties"], Value::Null);
        for (figures, word) in [
            ("rules=1,0", "3个数"),
            ("rule=1,0,1", "没有"),
            ("penalties=-1", "件数"),
            ("fees_10k_yuan=x", "数字"),
        ] {
            let reason = office.refused(&["report", "set", "--agency", "A", "--year", "2022", figures]);
            assert!(reason.contains(word), "{figures}: {reason}");
        }
    });
}

#[test]
fn a_rollup_sums_and_names_what_is_missing() {
    in_an_office(|office| {
        with_register(office);
        office.done(&["agency", "add", "--code", "B", "--name", "某县分局", "--parent", "A"]);
        office.done(&["agency", "add", "--code", "C", "--name", "某区分局", "--parent", "A"]);
        office.done(&["import", "cases", "cases.csv", "--agency", "B"]);
        let report = office.report(&["--rollup"]);
        assert_eq!(row(&report, "new").to_string(), "[4,2,0,0,0,0,6]");
        assert_eq!(report["rollup"]["n_units"], 3);
        assert_eq!(report["rollup"]["without_cases"][0]["code"], "C");
        assert_eq!(row(&office.report(&[]), "new").to_string(), "[2,1,0,0,0,0,3]");
    });
}

#[test]
fn figures_of_a_past_day_are_those_of_that_day() {
    in_an_office(|office| {
        with_register(office);
        let report = office.report(&["--as-of", "2022-06-30"]);
        assert_eq!(row(&report, "new").to_string(), "[2,0,0,0,0,0,2]");
        assert_eq!(row(&report, "carried_out").to_string(), "[1,0,0,0,0,0,1]");
        assert_eq!(report["table4"]["review"].to_string(), "[1,0,0,0,1]");
        // A correction made later does not change what stood on a day before it.
        office.write("corrected.csv", &CASES.replace("2022-07-01,（二）部分公开", "2022-07-01,予以公开"));
        office.done(&["import", "cases", "corrected.csv", "--agency", "A"]);
        assert_eq!(row(&office.report(&[]), "granted").to_string(), "[2,0,0,0,0,0,2]");
        let before = office.report(&["--as-of", "2023-01-31"]);
        assert_eq!(row(&before, "granted").to_string(), "[1,0,0,0,0,0,1]");
        assert_eq!(row(&before, "partial").to_string(), "[1,0,0,0,0,0,1]");
        office.done(&["check", "--agency", "A"]);
    });
}

#[test]
fn a_table_typed_in_is_checked() {
    in_an_office(|office| {
        with_register(office);
        let mut report = office.report(&[]);
        office.write("good.json", &report.to_string());
        office.done(&["check", "--table", "good.json"]);
        report["table3"]["rows"][0]["values"][0] = 7.into();
        office.write("bad.json", &report.to_string());
        let ran = office.run(&["check", "--table", "bad.json"]);
        assert_eq!(ran.status, 1);
        assert!(
            ran.out.contains("table3.balance.natural_person") && ran.out.contains("新收7"),
            "{}",
            ran.out
        );
    });
}

#[test]
fn every_format_is_written() {
    in_an_office(|office| {
        with_register(office);
        for (format, beginning) in [
            ("json", &b"{"[..]),
            ("html", b"<!DOCTYPE html>"),
            ("xlsx", b"PK"),
            ("docx", b"PK"),
            ("csv", b"\xEF\xBB\xBFagency"),
        ] {
            let output = office.output(&["report", "--agency", "A", "--year", "2022", "--format", format]);
            assert!(output.status.success());
            assert!(output.stdout.starts_with(beginning), "{format}");
            let file = format!("report.{format}");
            office.done(&["report", "--agency", "A", "--year", "2022", "--format", format, "--out", &file]);
            assert!(std::fs::read(office.folder.join(file)).unwrap().starts_with(beginning));
        }
    });
}

#[test]
fn due_dates_explain_themselves() {
    in_an_office(|office| {
        let said = office.done(&["calendar", "due", "--received", "2026-02-09", "--days", "20"]);
        assert_eq!(said.lines().next(), Some("2026-03-13"));
        assert!(said.contains("春节") && !said.contains("暂定"), "{said}");
        let said = office.done(&["calendar", "due", "--received", "2027-12-09", "--days", "20"]);
        assert!(said.contains("暂定"), "{said}");
    });
}

#[test]
fn a_notice_is_looked_at_before_it_is_imported() {
    in_an_office(|office| {
        office.done(&["agency", "add", "--code", "A", "--name", "某局"]);
        // Open, and due in January.
        office.write(
            "cases.csv",
            "登记号,收到日期,申请渠道,申请人类型,申请人,申请内容\n1,2026-12-21,当面,自然人,甲,乙\n",
        );
        let rehearse = |arguments: &[&str]| {
            let all: Vec<&str> = ["--now", "2026-12-22T02:00:00Z"].iter().chain(arguments).copied().collect();
            office.run(&all)
        };
        assert_eq!(rehearse(&["import", "cases", "cases.csv", "--agency", "A"]).status, 0);
        office.write("notice.txt", "关于2027年部分节假日安排的通知\n元旦：1月1日（周五）至3日（周日）放假，共3天。1月17日（周日）上班。");
        let looked = rehearse(&["calendar", "import", "notice.txt", "--source", "x", "--dry-run"]);
        assert_eq!(looked.status, 0, "{}", looked.err);
        assert!(
            looked.out.contains("提前1件") && looked.out.contains("1  2027-01-19 → 2027-01-18  -1天"),
            "{}",
            looked.out
        );
        assert!(looked.out.contains("没有导入"), "{}", looked.out);
        let due = ["calendar", "due", "--received", "2026-12-21", "--days", "20"];
        assert!(rehearse(&due).out.starts_with("2027-01-19"));
        let no_source = rehearse(&["calendar", "import", "notice.txt"]);
        assert!(no_source.status == 1 && no_source.err.contains("--source"), "{}", no_source.err);
        let wrong_year = rehearse(&["calendar", "import", "notice.txt", "--source", "x", "--year", "2028"]);
        assert!(wrong_year.status == 1 && wrong_year.err.contains("第2行"), "{}", wrong_year.err);
        let done = rehearse(&["calendar", "import", "notice.txt", "--source", "x"]);
        assert!(done.out.starts_with("已导入2027年节假日安排，1件的期限随之变动"), "{}", done.out);
        assert!(rehearse(&due).out.starts_with("2027-01-18"));
    });
}

#[test]
fn refusals_are_1_and_wrong_usage_is_2() {
    in_an_office(|office| {
        assert!(
            office.refused(&["report", "--agency", "X", "--year", "2022", "--format", "json"]).contains("X")
        );
        office.done(&["agency", "add", "--code", "A", "--name", "某局"]);
        assert!(office.refused(&["agency", "add", "--code", "A", "--name", "某局"]).contains("已被占用"));
        office.refused(&["report", "--agency", "A", "--year", "2018", "--format", "json"]);
        office.refused(&[
            "report",
            "--agency",
            "A",
            "--year",
            "2022",
            "--as-of",
            "2021-12-31",
            "--format",
            "json",
        ]);
        office.refused(&["report-cases", "--agency", "A", "--year", "2022", "--cell", "no/such"]);
        office.refused(&["import", "cases", "no-such-file.xlsx", "--agency", "A"]);
        for wrong in [
            &["report"][..],
            &["no-such-command"],
            &["report", "--agency", "A", "--year", "x", "--format", "json"],
            &["check"],
        ] {
            assert_eq!(office.run(wrong).status, 2, "{wrong:?}");
        }
    });
}

#[test]
fn the_demonstration_is_the_bureau_of_the_published_report() {
    in_an_office(|office| {
        let said = office.done(&["demo", "--no-serve"]);
        assert!(said.contains("LCZRZY"), "{said}");
        let report = |year: &str| -> Value {
            let text = office.done(&["report", "--agency", "LCZRZY", "--year", year, "--format", "json"]);
            serde_json::from_str(&text).unwrap()
        };
        assert_eq!(row(&report("2021"), "new")[6], 74);
        let of_2022 = report("2022");
        assert_eq!(row(&of_2022, "new")[6], 112);
        assert_eq!(of_2022["table4"]["review"].to_string(), "[1,0,0,0,1]");
        assert_eq!(of_2022["table4"]["suit_after_review"].to_string(), "[1,0,0,0,1]");
        assert_eq!(of_2022["table4"]["direct_suit"].to_string(), "[0,0,0,0,0]");
        assert_eq!(of_2022["table2"]["normative_documents"].to_string(), "[3,1,42]");
        assert!(of_2022["checks"].as_array().unwrap().iter().all(|it| it["holds"] == true));
        let whole = ["report", "--whole", "--agency", "LCZRZY", "--year", "2022", "--format"];
        let page = office.done(&[&whole[..], &["html"]].concat());
        assert!(page.contains("共收到依申请政府信息公开112件，较2021年度增加38件"), "{page}");
        assert!(page.contains("<p>2023年1月28日</p>"), "the report was filed: {page}");
        office.done(&[&whole[..], &["docx", "--out", "report.docx"]].concat());
        let bytes = std::fs::read(office.folder.join("report.docx")).unwrap();
        assert!(gongkai::documents::filler::text::plain(&bytes).unwrap().contains("新闻发布会6次"));
        let refused = office.refused(&[&whole[..], &["xlsx"]].concat());
        assert!(refused.contains("docx、html 或者 pdf"), "{refused}");
        let tables = ["report", "--agency", "LCZRZY", "--year", "2022", "--format", "pdf"];
        assert!(office.refused(&tables).contains("--whole"));
        // What a draft lacks is told, and the draft is written all the same.
        let draft =
            office.run(&["report", "--whole", "--agency", "LCZRZY", "--year", "2023", "--format", "html"]);
        assert_eq!(draft.status, 0);
        assert!(draft.err.contains("指标“新闻发布会”还没有填报2023年的数"), "{}", draft.err);
        assert!(draft.out.contains("【缺：新闻发布会】"), "{}", draft.out);
        office.done(&["check", "--agency", "LCZRZY"]);
        office.done(&["audit", "verify"]);
        // A second time it is used as it is.
        office.done(&["demo", "--no-serve"]);
        assert_eq!(row(&report("2022"), "new")[6], 112);
    });
}

#[test]
fn a_backup_can_be_restored() {
    let database = crate::support::TestDatabase::sqlite();
    let folder = tempfile::tempdir().unwrap();
    let office = Office { url: database.url(), folder: folder.path() };
    with_register(&office);
    let before = office.report(&[]);
    office.done(&["backup", "copy.db"]);
    office.refused(&["backup", "copy.db"]);
    office.refused(&["restore", "copy.db"]);
    let other = crate::support::TestDatabase::sqlite();
    let restored = Office { url: other.url(), folder: folder.path() };
    restored.done(&["restore", "copy.db"]);
    assert_eq!(restored.report(&[]), before);
    restored.done(&["audit", "verify"]);
}

/// SQLite would play them back into the restored database, and destroy it.
#[test]
fn a_backup_is_not_restored_beside_what_another_database_has_left() {
    let database = crate::support::TestDatabase::sqlite();
    let folder = tempfile::tempdir().unwrap();
    let office = Office { url: database.url(), folder: folder.path() };
    with_register(&office);
    let before = office.report(&[]);
    office.done(&["backup", "copy.db"]);
    let target = folder.path().join("new.db");
    let url = format!("sqlite://{}", target.display());
    let restored = Office { url: &url, folder: folder.path() };
    for left in ["new.db-wal", "new.db-shm", "new.db-journal"] {
        office.write(left, "left");
        let said = restored.refused(&["restore", "copy.db"]);
        assert!(said.contains(left) && said.contains("移到别处"), "{said}");
        assert!(!target.exists(), "written beside {left}");
        std::fs::remove_file(folder.path().join(left)).unwrap();
    }
    // Nor through a link whose database was moved away, leaving the rest.
    office.write("moved.db-wal", "left");
    std::os::unix::fs::symlink("moved.db", &target).unwrap();
    assert!(restored.refused(&["restore", "copy.db"]).contains("已经存在"));
    assert!(!folder.path().join("moved.db").exists());
    std::fs::remove_file(&target).unwrap();
    // A backup that was copied from a running database is not whole.
    office.write("copy.db-wal", "unfinished");
    let said = restored.refused(&["restore", "copy.db"]);
    assert!(said.contains("copy.db-wal") && said.contains("gongkai backup"), "{said}");
    assert!(!target.exists());
    std::fs::remove_file(folder.path().join("copy.db-wal")).unwrap();
    restored.done(&["restore", "copy.db"]);
    assert_eq!(restored.report(&[]), before);
    // Nor is one made where an earlier one has left something.
    office.write("later.db-wal", "left");
    assert!(office.refused(&["backup", "later.db"]).contains("later.db-wal"));
    assert!(!folder.path().join("later.db").exists());
}
