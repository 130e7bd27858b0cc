use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::documents::sample::{report, troubled_report};
use crate::documents::{csv, json};

fn json_of(report: &crate::domain::report::statistics::report::Report) -> Value {
    serde_json::from_slice(&json::render(report).unwrap()).unwrap()
}

#[test]
fn the_shape_of_the_json_is_fixed() {
    let value = json_of(&report(2022));
    let keys: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["agency", "checks", "form", "table2", "table3", "table4", "year"]);
    assert_eq!(value["agency"], json!({"code": "LCZRZY", "name": "聊城市自然资源和规划局"}));
    assert_eq!((&value["year"], &value["form"]), (&json!(2022), &json!("2021-30")));
    assert_eq!(
        value["table2"],
        json!({
            "rules": [0, 0, 0], "normative_documents": [8, 26, 66], "licences": 447_228, "penalties": 3985,
            "coercions": null, "fees_10k_yuan": "59237.2400",
        })
    );
    assert_eq!(value["table3"]["columns"][6], "total");
    assert_eq!(value["table3"]["rows"].as_array().unwrap().len(), 25);
    assert_eq!(
        value["table3"]["rows"][2],
        json!({"code": "granted", "label": "（一）予以公开", "values": [186, 21, 0, 0, 9, 0, 216]})
    );
    assert_eq!(
        value["table4"],
        json!({"review": [9, 2, 0, 0, 11], "direct_suit": [0, 0, 1, 0, 1], "suit_after_review": [0, 0, 0, 3, 3]})
    );
    assert_eq!(
        value["checks"][0],
        json!({
            "code": "table3.balance.natural_person", "holds": true, "severity": "error",
            "detail": "“自然人”列：新收397＋上年结转21＝418，总计397＋结转下年21＝418",
        })
    );
}

#[test]
fn the_old_form_has_arrays_and_amounts_are_texts() {
    assert_eq!(
        json_of(&report(2020))["table2"],
        json!({
            "rules": [0, 0, 0], "normative_documents": [8, 26, 66],
            "licences": [null, null, null], "other_services": [null, null, null],
            "penalties": [null, null, null], "coercions": [null, null, null],
            "fees": [12, -2], "procurement": [3, "120.50"],
        })
    );
}

#[test]
fn what_was_not_entered_is_null_and_more_is_said_where_there_is_more() {
    let value = json_of(&troubled_report());
    assert_eq!(value["table2"], Value::Null);
    assert_eq!(value["as_of"], "2022-06-30");
    assert_eq!(
        value["rollup"],
        json!({"n_units": 4, "without_cases": [
            {"code": "A1", "name": "东昌府分局"}, {"code": "A2", "name": "茌平分局"}]})
    );
}

#[test]
fn keys_stand_in_the_order_of_the_form() {
    let text = String::from_utf8(json::render(&report(2022)).unwrap()).unwrap();
    let places =
        ["\"agency\"", "\"year\"", "\"form\"", "\"rules\"", "\"fees_10k_yuan\"", "\"table3\"", "\"checks\""];
    assert!(places.map(|it| text.find(it).unwrap()).is_sorted());
}

#[test]
fn csv_has_a_line_per_figure() {
    let text = String::from_utf8(csv::render(&report(2022)).unwrap()).unwrap();
    let text = text.strip_prefix('\u{feff}').unwrap();
    assert!(text.lines().all(|it| it.split(',').count() == 8));
    assert_eq!(text.matches("\r\n").count(), 1 + 10 + 25 * 7 + 15);
    let some = [0, 1, 4, 9, 10, 11, 25, 186].map(|it| text.lines().nth(it).unwrap());
    assert_snapshot!(some.join("\n"), @"
    agency,year,table,row,row_label,column,column_label,value
    LCZRZY,2022,table2,rules,规章,1,本年制发件数,0
    LCZRZY,2022,table2,normative_documents,行政规范性文件,1,本年制发件数,8
    LCZRZY,2022,table2,coercions,行政强制,1,本年处理决定数量,
    LCZRZY,2022,table2,fees_10k_yuan,行政事业性收费,1,本年收费金额（单位：万元）,59237.2400
    LCZRZY,2022,table3,new,一、本年新收政府信息公开申请数量,natural_person,自然人,397
    LCZRZY,2022,table3,granted,（一）予以公开,natural_person,自然人,186
    LCZRZY,2022,table4,review,行政复议,upheld,结果维持,9
    ");
}
