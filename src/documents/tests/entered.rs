use serde_json::{Value, json};

use crate::documents::entered::{EnteredError, parse_table};
use crate::documents::json;
use crate::documents::sample::report;
use crate::domain::report::forms::{FORM_2019, FORM_2021};
use crate::domain::report::statistics::checks::{check_table3, check_table4};

/// A report in the loose shape of publications, all zero.
fn published(form: &crate::domain::report::forms::Form) -> Value {
    let rows: Vec<_> =
        form.table3.iter().map(|it| json!({"code": it.code, "values": [0, 0, 0, 0, 0, 0, 0]})).collect();
    json!({
        "agency": "某市人民政府", "year": 2023, "form": "2021-30", "level": "city", "table2": null,
        "table3": {"rows": rows},
        "table4": {"review": [10, 1, 0, 0, 0], "direct_suit": [0, 0, 0, 0, 0], "suit_after_review": [5, 0, 0, 0, 0]},
    })
}

/// What is said of a file after one change.
#[track_caller]
fn check(change: impl FnOnce(&mut Value), said: &[&str]) {
    let mut file = published(&FORM_2021);
    change(&mut file);
    let error = parse_table(&serde_json::to_vec(&file).unwrap()).unwrap_err();
    assert_eq!(error.to_string().lines().collect::<Vec<_>>(), said);
}

#[test]
fn what_is_written_is_read_back() {
    for year in [2020, 2022] {
        let report = report(year);
        let read = parse_table(&json::render(&report).unwrap()).unwrap();
        assert_eq!((read.agency.as_deref(), read.year), (Some("聊城市自然资源和规划局"), Some(year)));
        assert_eq!((read.table3, read.table4), (report.table3, report.table4));
    }
}

#[test]
fn a_published_report_is_taken_as_it_stands() {
    for form in [&FORM_2021, &FORM_2019] {
        let mut file = published(form);
        file["table3"]["rows"].as_array_mut().unwrap().reverse();
        file["table3"]["rows"][0]["values"][0] = json!(7);
        let bytes = ["\u{feff}".as_bytes(), &serde_json::to_vec(&file).unwrap()].concat();
        let read = parse_table(&bytes).unwrap();
        assert_eq!((read.agency.as_deref(), read.year), (Some("某市人民政府"), Some(2023)));
        assert_eq!(read.table3.form, form);
        assert_eq!(read.table3.row("carried_out")[0], 7);
        let broken = |checks: Vec<crate::domain::report::statistics::checks::Check>| {
            checks.into_iter().filter(|it| !it.holds).map(|it| it.code).collect::<Vec<_>>()
        };
        assert_eq!(
            broken(check_table3(&read.table3)),
            ["table3.balance.natural_person", "table3.row.carried_out"]
        );
        assert_eq!(
            broken(check_table4(&read.table4)),
            ["table4.total.review", "table4.total.suit_after_review"]
        );
    }
}

#[test]
fn rows_and_numbers_that_are_not_the_forms_are_named() {
    check(
        |it| drop(it["table3"]["rows"].as_array_mut().unwrap().remove(4)),
        &["table3.rows：缺少“deny_state_secret”行（1.属于国家秘密）"],
    );
    check(
        |it| it["table3"]["rows"][2]["code"] = json!("grantd"),
        &["table3.rows[2].code：2021-30格式没有“grantd”行", "table3.rows：缺少“granted”行（（一）予以公开）"],
    );
    check(
        |it| it["table3"]["rows"][2]["code"] = json!("new"),
        &["table3.rows[2].code：“new”行重复", "table3.rows：缺少“granted”行（（一）予以公开）"],
    );
    check(
        |it| it["table3"]["rows"][1]["values"] = json!([1, 2, 3]),
        &["table3.rows[1].values：“二、上年结转政府信息公开申请数量”应有7个数，实有3个"],
    );
    check(
        |it| it["table3"]["rows"][2]["values"] = json!([-1, 1.5, null, "3", 9_999_999_999_999_u64, 0, 0]),
        &[
            "table3.rows[2].values[0]：“（一）予以公开”：-1小于0",
            "table3.rows[2].values[1]：“（一）予以公开”：1.5不是整数",
            "table3.rows[2].values[2]：“（一）予以公开”：是空白，没有的应填0",
            "table3.rows[2].values[3]：“（一）予以公开”：\"3\"不是数",
            "table3.rows[2].values[4]：“（一）予以公开”：9999999999999过大",
        ],
    );
    check(|it| it["table4"]["review"][4] = json!(-2), &["table4.review[4]：“行政复议”：-2小于0"]);
    check(
        |it| drop(it["table4"].as_object_mut().unwrap().remove("direct_suit")),
        &["table4.direct_suit：缺少“未经复议直接起诉”的数，应为5个整数的数组"],
    );
}

#[test]
fn files_of_another_shape_are_refused() {
    check(|it| *it = json!([]), &["$：应为对象，含 table3 和 table4"]);
    check(
        |it| *it = json!({"year": "2022", "table3": {}}),
        &[
            "year：应为年份，例如 2022",
            "table3.rows：缺少，应为数组，每行含 code 和 values",
            "table4：缺少这张表",
        ],
    );
    check(
        |it| it["table3"]["columns"] = json!(["total", "natural_person"]),
        &["table3.columns：列应依次为 natural_person、commercial_enterprise、research_institute、\
           public_welfare_organization、legal_service_organization、other、total"],
    );
    let error = parse_table("{\n\"table3\": ，}".as_bytes()).unwrap_err();
    assert_eq!(error, EnteredError::NotJson { line: 2, column: 11 });
}
