//! The register of one office as a file, to be imported as an office imports its own.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use gongkai::domain::labels::Coded;
use gongkai::storage::case::cases::NewCase;

use crate::data::{self, Register};

const HEADINGS: [&str; 20] = [
    "登记号",
    "收到日期",
    "申请渠道",
    "申请人类型",
    "申请人",
    "证件号码",
    "联系电话",
    "通讯地址",
    "申请内容",
    "获取方式",
    "承办部门",
    "补正告知日期",
    "补正收到日期",
    "延期告知日期",
    "延期工作日",
    "法律审核日期",
    "答复日期",
    "办理结果",
    "答复文号",
    "送达方式",
];

const DEPARTMENTS: [&str; 6] = ["办公室", "征收科", "规划科", "执法科", "财务科", "档案室"];

/// Writes so many cases as the lines of one office.
pub fn write(path: &Path, n_cases: u32) -> anyhow::Result<()> {
    let mut file = csv::Writer::from_path(path)?;
    file.write_record(HEADINGS)?;
    let mut last_no: BTreeMap<i32, usize> = BTreeMap::new();
    for block in Register::new(n_cases) {
        for new in &block.cases {
            let no = last_no.entry(new.case.received_on.year()).or_default();
            *no += 1;
            file.write_record(line(new, *no))?;
        }
    }
    Ok(file.flush()?)
}

fn line(NewCase { case, request, .. }: &NewCase, no: usize) -> [String; 20] {
    let text = |it: Option<String>| it.unwrap_or_default();
    let day = |it: Option<NaiveDate>| it.map(|it| it.to_string()).unwrap_or_default();
    // What lies ahead is not in a register yet.
    let has_come = |it: &NaiveDate| *it <= data::today();
    let correction = case.clock.correction.as_ref();
    let asked_on = correction.map(|it| it.notified_on).filter(has_come);
    let corrected_on = correction.and_then(|it| it.received_on).filter(has_come);
    let extended_on = case.clock.extensions.first().map(|it| it.notified_on).filter(has_come);
    let closed_on = case.closed.map(|(day, _)| day);
    let year = case.received_on.year();
    [
        format!("{year}-{no:06}"),
        case.received_on.to_string(),
        case.channel.map(|it| it.label().to_owned()).unwrap_or_default(),
        case.applicant_kind.label().to_owned(),
        case.applicant_name.clone(),
        text(request.id_number.as_deref().map(identity_number)),
        text(request.phone.clone()),
        text(request.address.clone()),
        request.content.clone(),
        text(request.preferred_form.map(|it| it.label().to_owned())),
        DEPARTMENTS[no % DEPARTMENTS.len()].to_owned(),
        day(asked_on),
        day(asked_on.and(corrected_on)),
        day(extended_on),
        text(extended_on.map(|_| "20".to_owned())),
        day(closed_on),
        day(closed_on),
        text(case.closed.map(|(_, outcome)| outcome.label().to_owned())),
        text(closed_on.map(|day| format!("公开答复〔{}〕{year}{no:06}号", day.year()))),
        text(case.reply.as_ref().and_then(|it| it.delivery_method.clone())),
    ]
}

/// An identity number with a day of birth and a check digit (GB 11643), out of the digits of any number.
fn identity_number(any: &str) -> String {
    const WEIGHTS: [usize; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let n = any[any.len() - 10..].parse::<u64>().expect("digits");
    let (year, month, day) = (1940 + n % 65, 1 + n / 65 % 12, 1 + n / 780 % 28);
    let body = format!("110101{year}{month:02}{day:02}{:03}", n % 1000);
    let digits = body.bytes().map(|it| usize::from(it - b'0'));
    let sum: usize = digits.zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    format!("{body}{}", char::from(b"10X98765432"[sum % 11]))
}
