//! Whole files, from bytes to records and problems.

use std::fmt::Write;

use chrono::NaiveDate;
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook};

use super::*;
use crate::domain::applicant::ApplicantKind;
use crate::domain::outcome::Outcome;
use crate::domain::remedy::{Capacity, RemedyKind, RemedyResult};
use crate::domain::request::{Channel, PreferredForm};

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn today() -> NaiveDate {
    day(2023, 1, 5)
}

fn cases(text: &str) -> CaseFile {
    read_cases(text.as_bytes(), "register.csv", today()).unwrap()
}

fn appeals(text: &str) -> AppealFile {
    read_appeals(text.as_bytes(), "appeals.csv", today()).unwrap()
}

fn lines(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}

/// A register of one row with the required columns and some more.
fn one(more: &[(&str, &str)]) -> CaseFile {
    let mut header = "登记号,收到日期,申请人类型".to_owned();
    let mut row = "2022-1,2022-03-01,自然人".to_owned();
    for (name, value) in more {
        write!(header, ",{name}").unwrap();
        write!(row, ",{value}").unwrap();
    }
    cases(&format!("{header}\n{row}\n"))
}

#[track_caller]
fn check_problem(more: &[(&str, &str)], expected: &[&str]) {
    let file = one(more);
    assert_eq!(lines(&file.problems), expected);
    assert_eq!(file.rows.is_empty(), !expected.is_empty());
}

const SAMPLES: [&str; 6] = [
    "register.xlsx",
    "register.xls",
    "register.ods",
    "register-gbk.csv",
    "register-bom.csv",
    "register-utf8.csv",
];

fn sample(name: &str) -> CaseFile {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/registers").join(name);
    read_cases(&std::fs::read(path).unwrap(), name, today()).unwrap()
}

#[test]
fn six_files_hold_the_same_register() {
    for name in SAMPLES {
        let file = sample(name);
        let first = file.header_row + 1;
        let of_rows: Vec<_> =
            file.rows.iter().map(|it| (it.sheet_row - first, it.case_no.as_str())).collect();
        assert_eq!(of_rows, [(0, "2022-001"), (1, "2022-002")], "{name}");
        assert_eq!(
            file.rows[0],
            CaseRow {
                sheet_row: first,
                case_no: "2022-001".to_owned(),
                received_on: day(2022, 3, 5),
                channel: Some(Channel::Web),
                applicant_kind: ApplicantKind::NaturalPerson,
                applicant_name: Some("张三".to_owned()),
                id_number: Some("110105199001011237".to_owned()),
                phone: Some("13800138000".to_owned()),
                email: None,
                address: None,
                content: Some("某地块土地征收公告".to_owned()),
                preferred_form: None,
                department: None,
                correction: None,
                consultation: None,
                extension: None,
                fee: None,
                legal_review_on: None,
                closed: Some(Closing { on: day(2022, 3, 25), outcome: Outcome::Provided }),
                reply_no: Some("聊自然资规公开〔2022〕12号".to_owned()),
                delivery_method: None,
                remarks: Some("是否延期：否".to_owned()),
            }
        );
        let second = &file.rows[1];
        assert_eq!(second.applicant_name.as_deref(), Some("李四"));
        assert_eq!(second.phone.as_deref(), Some("13800138001"));
        assert_eq!(second.channel, Some(Channel::SignedPost));
        assert_eq!(second.closed, Some(Closing { on: day(2022, 4, 2), outcome: Outcome::Partial }));
        assert_eq!(second.reply_no.as_deref(), Some("聊自然资规公开〔2022〕13号"));
        assert_eq!(second.remarks.as_deref(), Some("区分处理\n是否延期：否"));

        let denied = "“不予公开”没有写明是哪一种；请写“属于国家秘密”“其他法律行政法规禁止公开”\
            “危及‘三安全一稳定’”“保护第三方合法权益”“属于三类内部事务信息”“属于四类过程性信息”\
            “属于行政执法案卷”“属于行政查询事项”之一";
        let expected = [
            (2, "K列（答复类型）", denied),
            (3, "K列（答复类型）", denied),
            (
                4,
                "K列（答复类型）",
                "“其他处理”没有写明是哪一种；请写“逾期不补正”“逾期未缴费”“申请人撤回”“其他”之一",
            ),
            (5, "J列（答复日期）", "没有这一天“2022-4-31”；请写成“2022-03-05”的样式"),
            (6, "G列（申请日期）", "没有写年份“3月12日”；请写成“2022-03-05”的样式"),
        ];
        let expected =
            expected.map(|(row, place, message)| format!("第{}行 {place}：{message}", first + row));
        let found: Vec<_> = lines(&file.problems).iter().map(|it| it.replace("３", "3")).collect();
        assert_eq!(found, expected, "{name}");

        let unknown: Vec<_> = file.unknown_columns.iter().map(ToString::to_string).collect();
        assert_eq!(unknown, ["M列（是否延期）"], "{name}");
        assert!(file.warnings.iter().all(|it| it.header == "证件号码" && it.value.contains('*')));
    }
}

#[test]
fn the_sample_says_what_it_is() {
    let format = |name| sample(name).format.to_string();
    assert_eq!(format("register.xlsx"), "xlsx，工作表“2022年”，未读取其他工作表：说明");
    assert_eq!(format("register.xls"), "xls，工作表“2022年”");
    assert_eq!(format("register.ods"), "ods，工作表“2022年”");
    assert_eq!(format("register-gbk.csv"), "csv，编码GB18030");
    assert_eq!(format("register-bom.csv"), "csv，编码UTF-8");
    let skipped: Vec<_> = sample("register.xlsx").skipped.iter().map(ToString::to_string).collect();
    assert_eq!(
        skipped,
        [
            "第13行未导入（说明、合计或签名）：填表说明：1.申请日期为收到申请之日；2.本表每月5日前报送。",
            "第14行未导入（说明、合计或签名）：填表人：刘某 审核人：陈某",
        ]
    );
}

/// Every column of the official register, in reverse order, as a workbook with real dates.
#[test]
fn a_full_row_is_read_from_a_workbook() {
    let date = |text: &str| ExcelDateTime::parse_from_str(text).unwrap();
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("封面").unwrap().set_hidden(true).write(0, 0, "封面").unwrap();
    let sheet = workbook.add_worksheet();
    sheet.set_active(true);
    let format = CellFormat::new().set_num_format("yyyy-mm-dd");
    let text = [
        ("备注", "第一行\n第二行"),
        ("送达方式", "邮寄"),
        ("答复文号", "聊公开（2022）7号"),
        ("办理结果", "（三）不予公开—4.保护第三方合法权益"),
        ("承办部门", "耕保科"),
        ("获取方式", "电子邮件"),
        ("申请内容", "一、甲；\n二、乙（丙）。"),
        ("通讯地址", "某路１号"),
        ("电子邮箱", "Ａ@b.cn"),
        ("联系电话", "0635-8288888"),
        ("证件号码", "91350100M000100Y43"),
        ("申请人", "某某 有限公司"),
        ("申请人类型", "企业"),
        ("申请渠道", "EMS"),
        ("登记号", "聊公开〔2022〕7号"),
    ];
    let days = [
        ("收到日期", "2022-03-01"),
        ("补正告知日期", "2022-03-02"),
        ("补正收到日期", "2022-03-08"),
        ("征求意见日期", "2022-03-09"),
        ("征求意见收回日期", "2022-03-20"),
        ("延期告知日期", "2022-03-28"),
        ("收费通知日期", "2022-03-29"),
        ("缴费日期", "2022-03-30"),
        ("法律审核日期", "2022-04-10"),
        ("答复日期", "2022-04-20"),
    ];
    for (column, (name, value)) in (0..).zip(text) {
        sheet.write(0, column, name).unwrap().write(1, column, value).unwrap();
    }
    for (column, (name, value)) in (20..).zip(days) {
        sheet.write(0, column, name).unwrap().write_with_format(1, column, &date(value), &format).unwrap();
    }
    sheet.write(0, 31, "延期工作日（天）").unwrap().write(1, 31, 15).unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let file = read_cases(&bytes, "a.xlsx", today()).unwrap();
    assert_eq!(lines(&file.problems), [""; 0]);
    assert_eq!(lines(&file.warnings), [""; 0]);
    assert_eq!(file.unknown_columns, []);
    assert_eq!(
        file.rows,
        [CaseRow {
            sheet_row: 2,
            case_no: "聊公开〔2022〕7号".to_owned(),
            received_on: day(2022, 3, 1),
            channel: Some(Channel::SignedPost),
            applicant_kind: ApplicantKind::CommercialEnterprise,
            applicant_name: Some("某某有限公司".to_owned()),
            id_number: Some("91350100M000100Y43".to_owned()),
            phone: Some("0635-8288888".to_owned()),
            email: Some("A@b.cn".to_owned()),
            address: Some("某路１号".to_owned()),
            content: Some("一、甲；\n二、乙（丙）。".to_owned()),
            preferred_form: Some(PreferredForm::Email),
            department: Some("耕保科".to_owned()),
            correction: Some(Correction { notified_on: day(2022, 3, 2), received_on: Some(day(2022, 3, 8)) }),
            consultation: Some(Consultation {
                sent_on: day(2022, 3, 9),
                returned_on: Some(day(2022, 3, 20))
            }),
            extension: Some(Extension { notified_on: day(2022, 3, 28), working_days: 15 }),
            fee: Some(Fee { notified_on: day(2022, 3, 29), paid_on: Some(day(2022, 3, 30)) }),
            legal_review_on: Some(day(2022, 4, 10)),
            closed: Some(Closing { on: day(2022, 4, 20), outcome: Outcome::ThirdParty }),
            reply_no: Some("聊公开〔2022〕7号".to_owned()),
            delivery_method: Some("邮寄".to_owned()),
            remarks: Some("第一行\n第二行".to_owned()),
        }]
    );
}

#[test]
fn contradictions_are_problems() {
    check_problem(&[], &[]);
    check_problem(
        &[("答复日期", "2022-02-01"), ("办理结果", "予以公开")],
        &["第2行 D列（答复日期）：“2022-02-01”早于收到日期“2022-03-01”；请核对这两个日期"],
    );
    check_problem(
        &[("答复日期", "2022-03-20"), ("办理结果", "")],
        &["第2行 D列（答复日期）：有答复日期而没有办理结果；请填写办理结果，未办结的请清空答复日期"],
    );
    check_problem(
        &[("答复日期", ""), ("办理结果", "予以公开")],
        &["第2行 E列（办理结果）：有办理结果而没有答复日期；请填写答复日期，未办结的请清空办理结果"],
    );
    check_problem(
        &[("答复日期", "2023-01-06"), ("办理结果", "予以公开")],
        &["第2行 D列（答复日期）：日期“2023-01-06”在将来；请核对年份"],
    );
    check_problem(&[("答复日期", "2023-01-05"), ("办理结果", "予以公开")], &[]);
    check_problem(&[("答复日期", "/"), ("办理结果", "办理中")], &[]);
    check_problem(
        &[("补正告知日期", "2022-03-10"), ("补正收到日期", "2022-03-09")],
        &["第2行 E列（补正收到日期）：“2022-03-09”早于补正告知日期“2022-03-10”；请核对这两个日期"],
    );
    check_problem(
        &[("补正告知日期", ""), ("补正收到日期", "2022-03-09")],
        &["第2行 E列（补正收到日期）：没有填写“补正告知日期”；请补填，或者清空本格"],
    );
    check_problem(
        &[("征求意见日期", "2022-03-10"), ("征求意见收回日期", "2022-03-09")],
        &["第2行 E列（征求意见收回日期）：“2022-03-09”早于征求意见日期“2022-03-10”；请核对这两个日期"],
    );
    check_problem(
        &[("收费通知日期", "2022-03-10"), ("缴费日期", "2022-03-09")],
        &["第2行 E列（缴费日期）：“2022-03-09”早于收费通知日期“2022-03-10”；请核对这两个日期"],
    );
    check_problem(
        &[("延期告知日期", ""), ("延期工作日", "20")],
        &["第2行 E列（延期工作日）：没有填写“延期告知日期”；请补填，没有延期的请清空本格"],
    );
    check_problem(
        &[("延期告知日期", "2022-03-20"), ("延期工作日", "")],
        &["第2行 D列（延期告知日期）：没有填写“延期工作日”；请填写延长的工作日数，1至20"],
    );
    check_problem(
        &[("延期告知日期", "2022-03-20"), ("延期工作日", "21个工作日")],
        &[
            "第2行 E列（延期工作日）：延长的期限最长20个工作日（条例第三十三条），“21个工作日”不在1至20之间；请核对",
        ],
    );
    check_problem(
        &[("延期告知日期", "2022-03-20"), ("延期工作日", "半个月")],
        &["第2行 E列（延期工作日）：“半个月”不是工作日数；请写1至20的整数"],
    );
    check_problem(
        &[("法律审核日期", "2022-02-20")],
        &["第2行 D列（法律审核日期）：“2022-02-20”早于收到日期“2022-03-01”；请核对这两个日期"],
    );
    let late = one(&[("答复日期", "2022-03-20"), ("办理结果", "予以公开"), ("法律审核日期", "2022-03-21")]);
    assert_eq!(
        lines(&late.warnings),
        ["第2行 F列（法律审核日期）：“2022-03-21”晚于答复日期“2022-03-20”；请核对"]
    );
    assert_eq!((late.rows.len(), late.problems.len()), (1, 0));
}

#[test]
fn required_cells_and_numbers_are_checked() {
    let file = cases(
        "登记号,收到日期,申请人类型,申请人\n\
         2022-1,2022-03-01,自然人,甲\n\
         ,2022-03-02,自然人,乙\n\
         2022-3,,自然人,丙\n\
         2022-4,2022-03-04,,丁\n\
         ２０２２－１,2022-03-05,法人,戊\n\
         2022-6,2023-03-05,公民,己\n\
         2022-7\n",
    );
    assert_eq!(
        lines(&file.problems),
        [
            "第3行 A列（登记号）：不能为空",
            "第4行 B列（收到日期）：不能为空",
            "第5行 C列（申请人类型）：不能为空",
            "第6行 C列（申请人类型）：“法人”分不清是哪一类；请写“商业企业”“科研机构”“社会公益组织”“法律服务机构”“其他”之一",
            "第6行 A列（登记号）：“2022-1”与第2行重复；请核对这两行，删去重复的一行或者改正编号",
            "第7行 B列（收到日期）：日期“2023-03-05”在将来；请核对年份",
            "第8行 B列（收到日期）：不能为空",
            "第8行 C列（申请人类型）：不能为空",
        ]
    );
    assert_eq!(file.rows.iter().map(|it| it.case_no.as_str()).collect::<Vec<_>>(), ["2022-1"]);
}

#[test]
fn long_numbers_that_lost_digits_are_refused_and_private_values_masked() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, name) in (0..).zip(["登记号", "收到日期", "申请人类型", "证件号码", "联系电话"])
    {
        sheet.write(0, column, name).unwrap();
    }
    sheet.write(1, 0, 1).unwrap().write(1, 1, "2022-3-1").unwrap().write(1, 2, "个人").unwrap();
    sheet.write(1, 3, 110_105_194_912_310_020_f64).unwrap().write(1, 4, 13_800_138_000_f64).unwrap();
    let file = read_cases(&workbook.save_to_buffer().unwrap(), "a.xlsx", today()).unwrap();
    let [problem] = &file.problems[..] else { panic!("{:?}", file.problems) };
    assert!(problem.message.contains("已经丢失") && problem.column == "D");
    assert_eq!(problem.value, "11**************20");

    check_problem(
        &[("身份证号", "1.10105E+17")],
        &[
            "第2行 D列（身份证号）：号码被表格软件改成了科学计数，已经不完整；请把该列设为文本格式后重新填写完整号码",
        ],
    );
    let file = one(&[("身份证号", "110105194912310021")]);
    assert_eq!(lines(&file.warnings), ["第2行 D列（身份证号）：像是居民身份证号码，但校验码不对；请核对"]);
    assert_eq!(file.warnings[0].value, "11**************21");
    assert_eq!(file.rows[0].id_number.as_deref(), Some("110105194912310021"));
    assert_eq!(lines(&one(&[("身份证号", "E12345678")]).warnings), [""; 0]);
}

#[test]
fn text_is_cleaned_and_damaged_text_refused() {
    let file = one(&[("申请人", "李\u{0}  四\u{7}"), ("申请内容", "无"), ("获取方式", "电子版")]);
    assert_eq!(file.rows[0].applicant_name.as_deref(), Some("李四"));
    assert_eq!(file.rows[0].content, None);
    assert_eq!(file.rows[0].preferred_form, Some(PreferredForm::Other));
    assert_eq!(file.rows[0].remarks.as_deref(), Some("获取方式：电子版"));
    check_problem(
        &[("申请人", "李\u{FFFD}")],
        &["第2行 D列（申请人）：有无法识别的字符，文件的编码可能已损坏；请改正后以 UTF-8 编码另存再导入"],
    );
}

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

#[test]
fn appeals_are_read() {
    let file = appeals(
        "复议诉讼登记表\n\
         案号,原登记号,类型,受理机关,受理日期,审结日期,结果,诉讼地位,承办人,备注\n\
         聊政复〔2022〕3号,2022-001,行政复议,某市人民政府,2022-5-1,2022年6月20日,维持,,王某,\n\
         （2022）鲁15行初7号,,复议后起诉,某中院,2022/7/1,2022/9/30,判决撤销,被告,,一审\n\
         （2022）鲁15行初8号,,未经复议直接起诉,某中院,2022/7/1,,审理中,复议机关,,\n",
    );
    assert_eq!(lines(&file.problems), [""; 0]);
    assert_eq!(
        file.rows[0],
        AppealRow {
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
    let file = appeals(
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(read_cases(&bytes, "a", today()).is_ok_and(|it| it.rows.is_empty()) || read_appeals(&bytes, "a", today()).is_err());
    }

    #[test]
    fn arbitrary_cells_never_panic(cells in prop::collection::vec("[0-9年月日./\\-\",;\n\t（一）不予公开其他自然人]{0,12}", 0..60)) {
        let text = format!("登记号,收到日期,申请人类型,办理结果,答复日期,延期工作日\n{}", cells.join(","));
        let file = read_cases(text.as_bytes(), "a.csv", today());
        prop_assert!(file.is_ok_and(|it| it.rows.iter().all(|it| it.received_on <= today() && !it.case_no.is_empty())));
    }

    /// A workbook with bytes changed is read, or refused; it never ends the program.
    #[test]
    fn damaged_workbooks_never_panic(
        name in prop::sample::select(&SAMPLES[..3]),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/registers").join(name);
        let mut bytes = std::fs::read(path).unwrap();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let read = read_cases(&bytes, name, today());
        prop_assert!(read.is_ok_and(|it| it.rows.len() <= 7) || read_cases(&bytes, name, today()).is_err());
    }
}
