//! The sample registers and a full workbook.

use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook};

use super::*;
use crate::domain::applicant::ApplicantKind;
use crate::domain::outcome::Outcome;
use crate::domain::request::{Channel, PreferredForm};

fn sample(name: &str) -> CaseFile {
    read_cases(&sample_bytes(name), name, today()).unwrap()
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
        sheet.write(0, column, name).unwrap().write_with_format(1, column, date(value), &format).unwrap();
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
