//! Headers, notes and files that are no registers.

use super::*;

#[test]
fn headers_are_found_in_many_shapes() {
    let two_rows = "某局台账,,,,,,,\n\
        登记号,申请人,,收到日期,补正,,延期,\n\
        ,姓名,类型,,告知日期,收到日期,告知日期,工作日\n\
        1,2,3,4,5,6,7,8\n\
        甲1,张三,公民,2022.3.1,2022.3.2,2022.3.3,2022.3.9,10\n\
        登记号,申请人,,收到日期,补正,,延期,\n\
        甲2,李四,公民,2022.3.1,,,,\n";
    let file = cases(two_rows);
    assert_eq!(lines(&file.problems), [""; 0]);
    assert_eq!(file.header_row, 3);
    assert_eq!(file.rows.len(), 2);
    assert_eq!(
        file.rows[0].correction,
        Some(Correction { notified_on: day(2022, 3, 2), received_on: Some(day(2022, 3, 3)) })
    );
    assert_eq!(file.rows[0].extension, Some(Extension { notified_on: day(2022, 3, 9), working_days: 10 }));
    let skipped: Vec<_> = file.skipped.iter().map(|it| (it.row, it.reason)).collect();
    assert_eq!(skipped, [(4, SkipReason::ColumnNumbers), (6, SkipReason::RepeatedHeader)]);

    // The sure heading wins over the one that may mean the same; the other is kept in the remarks.
    let file = cases("*登记号（必填）,申请日期,收到日期：,申请人类型\n1,2022-3-1,2022-3-4,公民\n");
    assert_eq!(file.rows[0].received_on, day(2022, 3, 4));
    assert_eq!(file.rows[0].remarks.as_deref(), Some("申请日期：2022-3-1"));
    assert_eq!(file.unknown_columns[0].to_string(), "B列（申请日期）");

    // A record whose values read like headings is a record.
    let file = cases("登记号,收到日期,申请人类型,联系途径\n1,2022-3-1,公民,电子邮件\n");
    assert_eq!(file.rows[0].remarks.as_deref(), Some("联系途径：电子邮件"));

    // Values beside the table stand under no heading and are kept all the same.
    let file = cases("序号,登记号,收到日期,申请人类型\n1,甲1,2022-3-1,公民,,加急\n2,,,\n");
    assert_eq!(file.rows[0].remarks.as_deref(), Some("F列：加急"));
    assert_eq!(file.unknown_columns[0].to_string(), "F列（无列名）");
    assert_eq!(file.skipped[0].reason, SkipReason::NothingKnown);
}

#[test]
fn a_file_without_its_columns_is_refused_with_what_was_found() {
    let error = |text: &str| read_cases(text.as_bytes(), "a.csv", today()).unwrap_err().to_string();
    assert_eq!(
        error("登记号,收到日期,申请人\n1,2022-3-1,甲\n"),
        "第1行表头缺少必需的列：申请人类型；找到的列有：A列“登记号”、B列“收到日期”、C列“申请人”"
    );
    assert_eq!(
        error("登记号,收到日期,申请人类型,收到时间\n"),
        "第1行表头里“收到日期”出现了不止一次：B列“收到日期”、D列“收到时间”；请只保留一列，其余的改名或删去"
    );
    assert_eq!(
        error("会议记录\n甲,乙\n"),
        "没有找到表头：前30行里没有一行同时写有“登记号”“收到日期”“申请人类型”等列名；最像表头的是第2行：甲、乙"
    );
    assert_eq!(error(""), "文件是空的");
    assert_eq!(error(" \n,,\n"), "文件是空的");
    assert_eq!(
        error("<html><body><table>"),
        "“a.csv”是网页或 XML 格式的文件，不能导入；请另存为 xlsx、xls、ods 或 csv 后再导入"
    );
    assert!(error("PK\u{3}\u{4}").starts_with("文件已损坏"));
    let file = cases("登记号,收到日期,申请人类型\n");
    assert_eq!((file.rows.len(), file.problems.len()), (0, 0));
}

#[test]
fn notes_are_skipped_and_records_are_not() {
    let file = cases(
        "登记号,收到日期,申请人类型\n\
         说明2022-1,2022-3-1,公民\n\
         合计,,3\n\
         本表由办公室填写。,,\n\
         2022-5,,\n\
         备注：无\n",
    );
    assert_eq!(file.rows.len(), 1);
    assert_eq!(file.skipped.iter().map(|it| it.row).collect::<Vec<_>>(), [3, 4, 6]);
    assert_eq!(file.problems.iter().map(|it| it.row).collect::<Vec<_>>(), [5, 5]);
}
