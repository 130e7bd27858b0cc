//! Registers of reconsiderations and suits: their columns, and a row of them as a record.

use chrono::NaiveDate;

use crate::domain::labels::Coded;
use crate::domain::register::{Conclusion, RemedyRow};
use crate::domain::remedy::{Capacity, RemedyKind};
use crate::import::header::{Column, ColumnRule};
use crate::import::problems::day;
use crate::import::record::Record;
use crate::import::results;
use crate::import::table::Register;

/// The columns of a register of remedies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RemedyColumn {
    RemedyNo,
    CaseNo,
    Kind,
    Body,
    AcceptedOn,
    ConcludedOn,
    Result,
    Capacity,
    Remarks,
}

impl Column for RemedyColumn {
    const ALL: &'static [Self] = &[
        Self::RemedyNo,
        Self::CaseNo,
        Self::Kind,
        Self::Body,
        Self::AcceptedOn,
        Self::ConcludedOn,
        Self::Result,
        Self::Capacity,
        Self::Remarks,
    ];

    fn rule(self) -> ColumnRule {
        let (name, synonyms, fallbacks): (_, &[&str], &[&str]) = match self {
            Self::RemedyNo => (
                "案号",
                &["案件编号", "复议案号", "诉讼案号", "案件号", "案号文号", "复议诉讼案号"],
                &["编号"],
            ),
            Self::CaseNo => (
                "原登记号",
                &["原申请登记号", "原登记编号", "原受理编号", "原申请编号", "对应登记号", "关联登记号"],
                &["登记号", "登记编号", "受理编号", "申请编号"],
            ),
            Self::Kind => {
                ("类型", &["案件类型", "救济类型", "案件类别", "复议诉讼类型", "救济途径"], &["类别"])
            }
            Self::Body => (
                "受理机关",
                &[
                    "复议机关",
                    "受理法院",
                    "复议机关或法院",
                    "审理机关",
                    "受理机关法院",
                    "复议机关法院",
                    "受理单位",
                ],
                &["法院", "机关"],
            ),
            Self::AcceptedOn => {
                ("受理日期", &["受理时间", "立案日期", "立案时间", "受理立案日期"], &["收到日期"])
            }
            Self::ConcludedOn => {
                ("审结日期", &["审结时间", "结案日期", "结案时间", "办结日期", "决定日期", "裁判日期"], &[])
            }
            Self::Result => (
                "结果",
                &["审结结果", "审理结果", "案件结果", "处理结果", "复议诉讼结果", "裁判结果", "结案方式"],
                &[],
            ),
            Self::Capacity => {
                ("身份", &["诉讼地位", "本机关身份", "参加身份", "当事人地位", "本机关地位"], &[])
            }
            Self::Remarks => ("备注", &["备注说明", "其他说明"], &["说明", "附注"]),
        };
        ColumnRule {
            name,
            synonyms,
            fallbacks,
            is_required: matches!(self, Self::RemedyNo | Self::Kind | Self::AcceptedOn),
            is_private: false,
        }
    }
}

/// A register of remedies.
pub(crate) struct Remedies;

impl Register for Remedies {
    type Column = RemedyColumn;
    type Row = RemedyRow;
    const NUMBER: RemedyColumn = RemedyColumn::RemedyNo;
    const DAY: RemedyColumn = RemedyColumn::AcceptedOn;

    fn read(record: &mut Record<'_, RemedyColumn>) -> Option<RemedyRow> {
        use RemedyColumn as C;
        let remedy_no = record.own_number(C::RemedyNo);
        let kind = record.required_word(C::Kind, results::remedy_kind);
        let accepted_on = record.required_date(C::AcceptedOn);
        let concluded = conclusion(record, kind, accepted_on);
        let capacity = record.word(C::Capacity, results::capacity).unwrap_or(Capacity::ActingAgency);
        let case_no = record.other_number(C::CaseNo);
        let body = record.line(C::Body);
        let remarks = record.remarks(C::Remarks);
        if !record.problems.is_empty() {
            return None;
        }
        Some(RemedyRow {
            sheet_row: record.number,
            remedy_no: remedy_no?,
            case_no,
            kind: kind?,
            body,
            accepted_on: accepted_on?,
            concluded,
            capacity,
            remarks,
        })
    }
}

/// Reads the day and the result, which belong together.
fn conclusion(
    record: &mut Record<'_, RemedyColumn>,
    kind: Option<RemedyKind>,
    accepted_on: Option<NaiveDate>,
) -> Option<Conclusion> {
    use RemedyColumn as C;
    let n_problems = record.problems.len();
    let on = record.date(C::ConcludedOn);
    let has_day_problem = record.problems.len() > n_problems;
    record.in_order((C::AcceptedOn, accepted_on), (C::ConcludedOn, on));
    // Without a kind the result cannot be read, and the kind is a problem already.
    let kind = kind?;
    let n_problems = record.problems.len();
    let result = record.word(C::Result, |text| results::result(text, kind)).flatten();
    let has_result_problem = record.problems.len() > n_problems;
    match (on, result) {
        (Some(on), Some(result)) => return Some(Conclusion { on, result }),
        (Some(on), None) if !has_result_problem => {
            let message = "有审结日期而没有结果；请填写结果，尚未审结的请清空审结日期";
            record.problem(C::ConcludedOn, &day(on), message);
        }
        (None, Some(result)) if !has_day_problem => {
            let message = "有结果而没有审结日期；请填写审结日期，尚未审结的请清空结果";
            record.problem(C::Result, result.label(), message);
        }
        _ => {}
    }
    None
}
