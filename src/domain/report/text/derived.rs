//! Figures that follow from the tables and the cases. They are named in sentences and never typed.

use rust_decimal::Decimal;

use crate::coded;
use crate::domain::applicant::ApplicantKind;
use crate::domain::labels::Coded;
use crate::domain::report::forms::{
    CARRIED_IN, CARRIED_OUT, FORM_2021, Fill, Leaf, NEW, NORMATIVE_DOCUMENTS, RULES, TOTAL,
};
use crate::domain::report::statistics::report::Report;
use crate::domain::report::statistics::tables::N_COLUMNS;
use crate::domain::report::text::lack::{Lack, MendIn};

coded! {
    /// A figure of the tables, by the name that sentences call it.
    pub enum Derived: "derived figure" {
        /// Applications received in the year.
        New = "new", "收到申请";
        /// Applications carried in from last year.
        CarriedIn = "carried_in", "上年结转申请";
        /// Applications closed in the year.
        Closed = "closed", "办结申请";
        /// Applications carried out to next year.
        CarriedOut = "carried_out", "结转下年申请";
        /// Of those received, from natural persons.
        FromPersons = "from_persons", "自然人申请";
        /// Of those received, from legal persons and other organisations.
        FromOrganizations = "from_organizations", "法人或者其他组织申请";
        /// Granted.
        Granted = "granted", "予以公开";
        /// Granted in part.
        Partial = "partial", "部分公开";
        /// Denied, all grounds.
        Denied = "denied", "不予公开";
        /// Not to be provided.
        Unable = "unable", "无法提供";
        /// Not handled.
        Refused = "refused", "不予处理";
        /// Ended otherwise.
        Otherwise = "otherwise", "其他处理";
        /// Reconsiderations.
        Reviews = "reviews", "行政复议";
        /// Reconsiderations in which the agency was upheld.
        ReviewsUpheld = "reviews_upheld", "行政复议维持";
        /// Reconsiderations in which the agency was corrected.
        ReviewsLost = "reviews_lost", "行政复议败诉";
        /// Reconsiderations that ended otherwise.
        ReviewsOther = "reviews_other", "行政复议其他结果";
        /// Reconsiderations that are pending.
        ReviewsPending = "reviews_pending", "行政复议尚未审结";
        /// Suits.
        Suits = "suits", "行政诉讼";
        /// Suits in which the agency was upheld.
        SuitsUpheld = "suits_upheld", "行政诉讼维持";
        /// Suits in which the agency was corrected.
        SuitsLost = "suits_lost", "行政诉讼败诉";
        /// Suits that ended otherwise.
        SuitsOther = "suits_other", "行政诉讼其他结果";
        /// Suits that are pending.
        SuitsPending = "suits_pending", "行政诉讼尚未审结";
        /// Rules made in the year.
        RulesMade = "rules_made", "规章制发";
        /// Rules repealed in the year.
        RulesRepealed = "rules_repealed", "规章废止";
        /// Rules in force.
        RulesInForce = "rules_in_force", "现行有效规章";
        /// Normative documents made in the year.
        DocumentsMade = "documents_made", "规范性文件制发";
        /// Normative documents repealed in the year.
        DocumentsRepealed = "documents_repealed", "规范性文件废止";
        /// Normative documents in force.
        DocumentsInForce = "documents_in_force", "现行有效规范性文件";
        /// Decisions on licences.
        Licences = "licences", "行政许可";
        /// Decisions on penalties.
        Penalties = "penalties", "行政处罚";
        /// Coercive measures.
        Coercions = "coercions", "行政强制";
        /// Administrative fees, in 万元.
        AdministrativeFees = "administrative_fees", "行政事业性收费";
        /// Notices of the information processing fee.
        FeeNotices = "fee_notices", "信息处理费通知";
        /// What those notices ask for, in yuan.
        FeesNoticed = "fees_noticed", "信息处理费通知金额";
        /// Payments of the information processing fee.
        FeePayments = "fee_payments", "信息处理费收取";
        /// What was paid, in yuan.
        FeesPaid = "fees_paid", "信息处理费收取金额";
    }
}

/// The information processing fee of a year (国办函〔2020〕109号), as the cases have it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeeSums {
    /// Notices that went out in the year.
    pub n_notices: u64,
    /// What they ask for, in yuan; none where one of them has no amount.
    pub noticed: Option<Decimal>,
    /// Payments made in the year.
    pub n_payments: u64,
    /// What was paid, in yuan; none where one of them has no amount.
    pub paid: Option<Decimal>,
    /// The numbers of the cases whose amount is not known.
    pub without_amount: Vec<String>,
}

/// What a notice asks for, in yuan: `700`, `700元`, `1,080.00`. None for what is no amount.
pub fn yuan(text: &str) -> Option<Decimal> {
    let digits: String = text.trim().trim_end_matches('元').chars().filter(|it| *it != ',').collect();
    digits.trim().parse().ok().filter(|it: &Decimal| !it.is_sign_negative())
}

impl Derived {
    /// The unit it is counted in.
    pub fn unit(self) -> &'static str {
        match self {
            Self::AdministrativeFees => "万元",
            Self::FeesNoticed | Self::FeesPaid => "元",
            _ => "件",
        }
    }

    /// The figure, or why there is none.
    ///
    /// # Errors
    /// The reason, in Chinese.
    pub fn value(self, report: &Report, fees: &FeeSums) -> Result<Decimal, Lack> {
        let sum = |line: &[u64]| Decimal::from(line.iter().sum::<u64>());
        let row = |code: &str| Ok(Decimal::from(report.table3.row(code)[N_COLUMNS - 1]));
        let group = |first: Leaf, last: Leaf| {
            let is_in = |fills: Fill| match fills {
                Fill::Closed(leaves) => leaves.iter().all(|it| (first..=last).contains(it)),
                _ => false,
            };
            let rows = report.table3.rows().filter(|(row, _)| is_in(row.fills));
            Ok(rows.map(|(_, line)| Decimal::from(line[N_COLUMNS - 1])).sum())
        };
        let remedies = |suits: bool, column: usize| {
            let table = &report.table4;
            Ok(match suits {
                false => Decimal::from(table.review[column]),
                true => Decimal::from(table.direct_suit[column] + table.suit_after_review[column]),
            })
        };
        let persons = ApplicantKind::NaturalPerson.column();
        let received = report.table3.row(NEW);
        match self {
            Self::New => row(NEW),
            Self::CarriedIn => row(CARRIED_IN),
            Self::Closed => row(TOTAL),
            Self::CarriedOut => row(CARRIED_OUT),
            Self::FromPersons => Ok(Decimal::from(received[persons])),
            Self::FromOrganizations => Ok(sum(&received[..N_COLUMNS - 1]) - Decimal::from(received[persons])),
            Self::Granted => group(Leaf::Granted, Leaf::Granted),
            Self::Partial => group(Leaf::Partial, Leaf::Partial),
            Self::Denied => group(Leaf::DenyStateSecret, Leaf::DenyAdminQuery),
            Self::Unable => group(Leaf::UnableNotHeld, Leaf::UnableStillUnclear),
            Self::Refused => group(Leaf::RefusePetition, Leaf::RefuseReissue),
            Self::Otherwise => group(Leaf::OtherNoCorrection, Leaf::OtherOther),
            Self::Reviews => remedies(false, 4),
            Self::ReviewsUpheld => remedies(false, 0),
            Self::ReviewsLost => remedies(false, 1),
            Self::ReviewsOther => remedies(false, 2),
            Self::ReviewsPending => remedies(false, 3),
            Self::Suits => remedies(true, 4),
            Self::SuitsUpheld => remedies(true, 0),
            Self::SuitsLost => remedies(true, 1),
            Self::SuitsOther => remedies(true, 2),
            Self::SuitsPending => remedies(true, 3),
            Self::RulesMade => self.entered(report, RULES, Some(0)),
            Self::RulesRepealed => self.entered(report, RULES, only_2021(report, 1)),
            Self::RulesInForce => self.entered(report, RULES, only_2021(report, 2)),
            Self::DocumentsMade => self.entered(report, NORMATIVE_DOCUMENTS, Some(0)),
            Self::DocumentsRepealed => self.entered(report, NORMATIVE_DOCUMENTS, only_2021(report, 1)),
            Self::DocumentsInForce => self.entered(report, NORMATIVE_DOCUMENTS, only_2021(report, 2)),
            // The form of 2019 has the number of decisions in the last of three columns.
            Self::Licences | Self::Penalties | Self::Coercions => {
                let cell = if report.form == &FORM_2021 { 0 } else { 2 };
                self.entered(report, self.code(), Some(cell))
            }
            Self::AdministrativeFees => self.entered(report, "fees_10k_yuan", only_2021(report, 0)),
            Self::FeeNotices => Ok(Decimal::from(fees.n_notices)),
            Self::FeePayments => Ok(Decimal::from(fees.n_payments)),
            Self::FeesNoticed => fees.noticed.ok_or_else(|| without_amount(fees).into()),
            Self::FeesPaid => fees.paid.ok_or_else(|| without_amount(fees).into()),
        }
    }

    /// A figure of table 2.
    fn entered(self, report: &Report, code: &str, cell: Option<usize>) -> Result<Decimal, Lack> {
        let Some(cell) = cell else {
            return Err(format!("{}年的格式没有“{}”这一项", report.year, self.label()).into());
        };
        let figure = report.table2.row(code).and_then(|it| it.cells.get(cell).copied().flatten());
        figure.ok_or_else(|| {
            Lack::in_(MendIn::Table2, format!("{}年的表二还没有填报“{}”", report.year, self.label()))
        })
    }
}

/// The cell, where the form of the year is the one that has it.
fn only_2021(report: &Report, cell: usize) -> Option<usize> {
    (report.form == &FORM_2021).then_some(cell)
}

fn without_amount(fees: &FeeSums) -> String {
    format!("收费金额没有登记：{}", fees.without_amount.join("、"))
}

/// What the report says of the fee: 未收取政府信息公开信息处理费, or how much.
///
/// # Errors
/// Where an amount is not known.
pub fn fee_words(fees: &FeeSums) -> Result<String, String> {
    if fees.n_notices == 0 && fees.n_payments == 0 {
        return Ok("未收取政府信息公开信息处理费".to_owned());
    }
    let noticed = fees.noticed.ok_or_else(|| without_amount(fees))?;
    let paid = fees.paid.ok_or_else(|| without_amount(fees))?;
    let (n, m) = (fees.n_notices, fees.n_payments);
    Ok(format!("发出政府信息公开信息处理费收费通知{n}件，金额{noticed}元，实际收取{m}件，金额{paid}元"))
}
