//! The bureau's register of the years before: closed cases, and two proceedings.

use chrono::{Datelike, Days, NaiveDate};

use crate::domain::applicant::ApplicantKind;
use crate::domain::outcome::Outcome;
use crate::domain::register::{CaseRow, Closing, Conclusion, Consultation, Correction, Extension, RemedyRow};
use crate::domain::remedy::{Capacity, RemedyKind, RemedyResult};
use crate::domain::request::{Channel, PreferredForm};
use crate::domain::terms;
use crate::service::Rules;

/// The departments of the bureau.
pub(super) const DEPARTMENTS: [&str; 4] =
    ["自然资源确权登记科", "国土空间规划科", "国土空间用途管制科", "自然资源开发利用科"];

/// Applications received in a year. Those of 2021 and 2022 are the published ones.
const RECEIVED: [(i32, u32); 6] = [(2021, 74), (2022, 112), (2023, 97), (2024, 105), (2025, 118), (2026, 94)];

/// What is asked for; the department that has it.
pub(super) const SUBJECTS: [(&str, usize); 14] = [
    ("东昌府区某村集体土地征收的公告、补偿安置方案及批准文件", 2),
    ("位于湄河路的某地块国有建设用地使用权出让合同及成交结果", 3),
    ("某小区建设工程规划许可证及附图", 1),
    ("本人宅基地确权登记的档案材料", 0),
    ("某道路工程占用耕地的转用审批文件", 2),
    ("2021年度国土空间总体规划编制经费的使用情况", 1),
    ("某地块控制性详细规划的调整批复及论证材料", 1),
    ("不动产登记信息中某房屋的权属来源材料", 0),
    ("某企业用地闲置的调查认定文件和处置决定", 3),
    ("某村土地利用现状图和地类认定", 0),
    ("某项目用地预审与选址意见书", 2),
    ("采矿权延续登记的审批材料", 3),
    ("违法占地行政处罚的案卷材料", 2),
    ("某住宅项目规划核实合格证及核实测量报告", 1),
];

pub(super) const SURNAMES: [&str; 12] =
    ["张", "王", "李", "赵", "刘", "陈", "杨", "孙", "马", "朱", "郭", "于"];
pub(super) const GIVEN_NAMES: [&str; 12] =
    ["伟", "秀英", "建军", "丽", "强", "桂兰", "志刚", "敏", "国庆", "春梅", "磊", "玉珍"];

/// Outcomes with their weights: about as reports of such bureaus show them.
const OUTCOMES: [(Outcome, u32); 16] = [
    (Outcome::Provided, 34),
    (Outcome::AlreadyPublic, 14),
    (Outcome::Partial, 9),
    (Outcome::NotExisting, 14),
    (Outcome::NotOurs, 8),
    (Outcome::AdminQuery, 5),
    (Outcome::ThirdParty, 3),
    (Outcome::ProcessInfo, 2),
    (Outcome::EnforcementFile, 2),
    (Outcome::NeedsCreation, 2),
    (Outcome::StillUnclear, 1),
    (Outcome::Petition, 2),
    (Outcome::Duplicate, 2),
    (Outcome::NoCorrection, 2),
    (Outcome::Withdrawn, 3),
    (Outcome::Other, 1),
];

/// A sequence of numbers that look random and are the same each time (a linear congruential generator
/// with Knuth's constants).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `n`, which is above 0.
    pub(super) fn below(&mut self, n: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(n)).unwrap_or(0)
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        let n = u32::try_from(from.len()).unwrap_or(u32::MAX);
        from[usize::try_from(self.below(n)).unwrap_or(0)]
    }

    fn outcome(&mut self) -> Outcome {
        let total = OUTCOMES.iter().map(|(_, weight)| weight).sum();
        let mut left = self.below(total);
        for (outcome, weight) in OUTCOMES {
            if left < weight {
                return outcome;
            }
            left -= weight;
        }
        Outcome::Provided
    }

    pub(super) fn person(&mut self) -> String {
        format!("{}{}", self.pick(&SURNAMES), self.pick(&GIVEN_NAMES))
    }
}

/// The closed cases of all years up to `today`; those of this year end some weeks before it.
pub(super) fn cases(rules: &Rules, today: NaiveDate) -> Vec<CaseRow> {
    let mut dice = Dice::new(2022);
    let mut rows = Vec::new();
    for (year, n) in RECEIVED {
        for i in 1..=n {
            // Spread over the year, in the order of receipt.
            let first = NaiveDate::from_ymd_opt(year, 1, 3).expect("a day of every year");
            let received_on = first + Days::new(u64::from(i * 360 / (n + 1)));
            let mut row = case(rules, &mut dice, received_on, i);
            // Only what would be closed by now; what is open now is made by hand.
            if row.closed.is_some_and(|it| today <= it.on) || today <= received_on + Days::new(60) {
                break;
            }
            row.sheet_row = u32::try_from(rows.len()).unwrap_or(u32::MAX).saturating_add(2);
            rows.push(row);
        }
    }
    rows
}

fn case(rules: &Rules, dice: &mut Dice, received_on: NaiveDate, i: u32) -> CaseRow {
    let calendar = &rules.calendar;
    let outcome = dice.outcome();
    let (subject, department) = dice.pick(&SUBJECTS);
    let (applicant_kind, applicant_name) = match dice.below(20) {
        0 | 1 => (ApplicantKind::CommercialEnterprise, "山东某置业有限公司".to_owned()),
        2 => (ApplicantKind::LegalServiceOrganization, "山东某律师事务所".to_owned()),
        3 if i.is_multiple_of(3) => (ApplicantKind::PublicWelfareOrganization, "某环境保护协会".to_owned()),
        4 if i.is_multiple_of(5) => (ApplicantKind::Other, "某村村民委员会".to_owned()),
        _ => (ApplicantKind::NaturalPerson, dice.person()),
    };
    let after = |day: NaiveDate, n: u32| calendar.nth_working_day_after(day, n).on;
    let mut start = received_on;
    let needs_correction =
        matches!(outcome, Outcome::NoCorrection | Outcome::StillUnclear) || dice.below(12) == 0;
    let correction = needs_correction.then(|| {
        let notified_on = after(received_on, 1 + dice.below(5));
        let received_on = (outcome != Outcome::NoCorrection).then(|| after(notified_on, 4 + dice.below(6)));
        start = received_on.unwrap_or(notified_on);
        Correction { notified_on, received_on }
    });
    let consultation = (outcome == Outcome::ThirdParty || dice.below(25) == 0).then(|| {
        let sent_on = after(start, 2);
        Consultation { sent_on, returned_on: Some(after(sent_on, 6 + dice.below(6))) }
    });
    let is_extended = outcome != Outcome::NoCorrection && dice.below(14) == 0;
    let extension = is_extended.then(|| Extension { notified_on: after(start, 15), working_days: 10 });
    let n_days = if outcome == Outcome::NoCorrection {
        terms::THIRD_PARTY_OPINION.length + 2
    } else if extension.is_some() {
        22 + dice.below(7)
    } else {
        3 + dice.below(16)
    };
    let is_consulted_late = consultation.and_then(|it| it.returned_on).unwrap_or(start);
    let closed_on = after(start, n_days).max(after(is_consulted_late, 1));
    let channel = dice.pick(&[
        Channel::Web,
        Channel::Web,
        Channel::SignedPost,
        Channel::SignedPost,
        Channel::InPerson,
        Channel::Email,
    ]);
    let has_reply_no = !outcome.ends_without_reply();
    CaseRow {
        sheet_row: 0,
        case_no: format!("{}-{i:04}", received_on.year()),
        received_on,
        channel: Some(channel),
        applicant_kind,
        applicant_name: Some(applicant_name),
        id_number: None,
        phone: Some(format!("0635-82{:05}", dice.below(100_000))),
        email: None,
        address: Some("山东省聊城市东昌府区".to_owned()),
        content: Some(format!("申请公开{subject}")),
        preferred_form: Some(dice.pick(&[PreferredForm::Paper, PreferredForm::Email])),
        department: Some(DEPARTMENTS[department].to_owned()),
        correction,
        consultation,
        extension,
        fee: None,
        legal_review_on: has_reply_no.then(|| closed_on.pred_opt().unwrap_or(closed_on).max(received_on)),
        closed: Some(Closing { on: closed_on, outcome }),
        reply_no: has_reply_no.then(|| format!("聊自然资规公开〔{}〕{i}号", closed_on.year())),
        delivery_method: has_reply_no
            .then(|| dice.pick(&["邮政特快专递", "当面领取", "电子邮件"]).to_owned()),
        remarks: None,
    }
}

/// One reconsideration and one suit of 2022, neither lost, and one reconsideration that is pending now.
pub(super) fn remedies(today: NaiveDate) -> Vec<RemedyRow> {
    let day = |month, day| NaiveDate::from_ymd_opt(2022, month, day).expect("a day of 2022");
    let row = |no: &str, case_no: &str, kind, body: &str, accepted_on, concluded| RemedyRow {
        sheet_row: 0,
        remedy_no: no.to_owned(),
        case_no: Some(case_no.to_owned()),
        kind,
        body: Some(body.to_owned()),
        accepted_on,
        concluded,
        capacity: Capacity::ActingAgency,
        remarks: None,
    };
    let upheld = Conclusion { on: day(6, 10), result: RemedyResult::ReviewUpheld };
    let dismissed = Conclusion { on: day(10, 26), result: RemedyResult::SuitClaimDismissed };
    vec![
        row(
            "聊政复〔2022〕31号",
            "2022-0012",
            RemedyKind::Reconsideration,
            "聊城市人民政府",
            day(4, 11),
            Some(upheld),
        ),
        row(
            "（2022）鲁1502行初46号",
            "2022-0012",
            RemedyKind::SuitAfterReconsideration,
            "聊城市东昌府区人民法院",
            day(7, 5),
            Some(dismissed),
        ),
        row(
            &format!("聊政复〔{}〕58号", today.year()),
            "2025-0060",
            RemedyKind::Reconsideration,
            "聊城市人民政府",
            today.checked_sub_days(Days::new(12)).unwrap_or(today),
            None,
        ),
    ]
}
