//! Registers of reconsiderations and suits.

use super::*;
use crate::domain::remedy::{Capacity, RemedyKind, RemedyResult};

#[test]
fn appeals_are_read() {
    let file = remedies(
        "复议诉讼登记表\n\
         案号,原登记号,类型,受理机关,受理日期,审结日期,结果,诉讼地位,承办人,备注\n\
         聊政复〔2022〕3号,2022-001,行政复议,某市人民政府,2022-5-1,2022年6月20日,维持,,王某,\n\
         （2022）鲁15行初7号,,复议后起诉,某中院,2022/7/1,2022/9/30,判决撤销,被告,,一审\n\
         （2022）鲁15行初8号,,未经复议直接起诉,某中院,2022/7/1,,审理中,复议机关,,\n",
    );
    assert_eq!(lines(&file.problems), [""; 0]);
    assert_eq!(
        file.rows[0],
        RemedyRow {
            sheet_row: 3,
            remedy_no: "聊政复〔2022〕3号".to_owned(),
            case_no: Some("2022-001".to_owned()),
            kind: RemedyKind::Reconsideration,
            body: Some("某市人民政府".to_owned()),
            accepted_on: day(2022, 5, 1),
            concluded: Some(Conclusion { on: day(2022, 6, 20), result: RemedyResult::ReviewUpheld }),
            capacity: Capacity::ActingAgency,
            remarks: Some("承办人：王某".to_owned()),
        }
    );
    assert_eq!(
        file.rows[1].concluded,
        Some(Conclusion { on: day(2022, 9, 30), result: RemedyResult::SuitRevoked })
    );
    assert_eq!(file.rows[2].concluded, None);
    assert_eq!(file.rows[2].capacity, Capacity::ReconsiderationBody);
}

#[test]
fn appeals_with_contradictions_are_refused() {
    let file = remedies(
        "案号,类型,受理日期,审结日期,结果\n\
         1,行政复议,2022-5-1,2022-4-1,维持\n\
         2,行政复议,2022-5-1,2022-6-1,判决撤销\n\
         3,行政复议,2022-5-1,2022-6-1,\n\
         4,行政复议,2022-5-1,,维持\n\
         5,行政诉讼,2022-5-1,,\n\
         5,行政复议,2023-5-1,,\n\
         ,,,2022-6-1,\n",
    );
    let problems: Vec<_> = file
        .problems
        .iter()
        .map(|it| (it.row, it.column.as_str(), it.message.split(['；', '“']).next().unwrap()))
        .collect();
    assert_eq!(
        problems,
        [
            (2, "D", ""),
            (3, "E", ""),
            (4, "D", "有审结日期而没有结果"),
            (5, "E", "有结果而没有审结日期"),
            (6, "B", ""),
            (7, "C", "日期"),
            (7, "A", ""),
            (8, "A", "不能为空"),
            (8, "B", "不能为空"),
            (8, "C", "不能为空"),
        ]
    );
    assert!(file.problems[0].message.contains("早于受理日期"));
    assert!(file.problems[1].message.contains("不是“行政复议”会有的结果"));
    assert!(file.problems[6].message.contains("与第6行重复"));
}
