//! What is wrong, or doubtful, about single records.

use rust_xlsxwriter::Workbook;

use super::*;
use crate::domain::request::PreferredForm;

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
