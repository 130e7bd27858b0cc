//! More, less, by how much.

use rust_decimal::Decimal;

use crate::domain::report::text::words::{
    against_last_year, as_item, as_sentence, completion, growth, ordinal, percent,
};

fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn more_or_less_than_last_year() {
    for (now, last, unit, expected) in [
        ("112", "74", "件", "较2021年度增加38件"),
        ("74", "112", "件", "较2021年度减少38件"),
        ("74", "74", "件", "与2021年度持平"),
        ("0", "0", "次", "与2021年度持平"),
        ("1", "0", "次", "较2021年度增加1次"),
        ("2874.30", "3120.45", "万元", "较2021年度减少246.15万元"),
        ("3.50", "3", "万元", "较2021年度增加0.5万元"),
        ("3.0", "3", "件", "与2021年度持平"),
    ] {
        assert_eq!(against_last_year(d(now), d(last), 2021, unit), expected);
    }
}

#[test]
fn growth_in_percent() {
    for (now, last, expected) in [
        ("112", "74", Some("增长51.35%")),
        ("90", "100", Some("下降10%")),
        ("5", "5", Some("持平")),
        ("0", "4", Some("下降100%")),
        ("300", "100", Some("增长200%")),
        ("4", "0", None),
        ("0", "0", None),
    ] {
        assert_eq!(growth(d(now), d(last)).as_deref(), expected, "{now} {last}");
    }
}

#[test]
fn a_share_never_reads_as_all_or_nothing_where_it_is_not() {
    for (part, whole, expected) in [
        ("52", "52", Some("100%")),
        ("38", "74", Some("51.35%")),
        ("1", "3", Some("33.33%")),
        ("2", "3", Some("66.67%")),
        ("1", "8", Some("12.5%")),
        ("0", "8", Some("0%")),
        ("99999", "100000", Some("99.99%")),
        ("999999", "1000000", Some("99.99%")),
        ("1", "1000000", Some("0.01%")),
        ("1", "0", None),
    ] {
        assert_eq!(percent(d(part), d(whole)).as_deref(), expected, "{part} {whole}");
    }
}

#[test]
fn what_was_done_in_time() {
    for (done, all, expected) in [
        ("52", "52", Some("均按时办理完毕，办结率100%")),
        ("50", "52", Some("按时办理完毕50件，办结率96.15%")),
        ("0", "52", Some("按时办理完毕0件，办结率0%")),
        ("53", "52", None),
        ("0", "0", None),
    ] {
        assert_eq!(completion(d(done), d(all), "件").as_deref(), expected, "{done} {all}");
    }
}

#[test]
fn points_are_numbered_in_characters() {
    let numbers: Vec<_> = [1, 3, 10, 11, 19, 20, 21, 99].into_iter().map(ordinal).collect();
    assert_eq!(numbers, ["一", "三", "十", "十一", "十九", "二十", "二十一", "九十九"]);
}

#[test]
fn a_text_has_one_stop_or_none() {
    assert_eq!(as_sentence(" 加强培训；"), "加强培训。");
    assert_eq!(as_sentence("加强培训。。"), "加强培训。");
    assert_eq!(as_sentence("  "), "");
    assert_eq!(as_item("及时性不够、"), "及时性不够");
}
