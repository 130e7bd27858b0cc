//! Every statutory period the system counts, as data: its length, and the article it comes from.
//!
//! Abbreviations in the articles: 条例 is 政府信息公开条例 (State Council order 711), 复议法 is
//! 行政复议法 (2023), 行诉法 is 行政诉讼法 (2017), 行诉解释 the Supreme People's Court's interpretation of it.
//!
//! Absent on purpose: periods an agency or a local rule sets itself; they are settings.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::calendar::{DueDate, WorkCalendar};
use crate::coded;

coded! {
    /// What a period is counted in.
    pub enum Unit: "unit of time" {
        /// Days offices work.
        WorkingDays = "working_days", "个工作日";
        /// Days of the calendar.
        CalendarDays = "calendar_days", "日";
        /// Months of the calendar.
        Months = "months", "个月";
    }
}

/// A period the law sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The number of units.
    pub length: u32,
    /// The unit.
    pub unit: Unit,
    /// The provision.
    pub article: &'static str,
    /// What has to be done in it.
    pub what: &'static str,
}

/// A day of each year by which something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearlyTerm {
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    /// The provision.
    pub article: &'static str,
    /// What has to be done by then.
    pub what: &'static str,
}

impl Term {
    const fn new(length: u32, unit: Unit, article: &'static str, what: &'static str) -> Self {
        Self { length, unit, article, what }
    }

    /// The last day of the period that begins on `from`, which is not counted in.
    ///
    /// A period in calendar days or months that would end on a rest day ends on the first working
    /// day after it (民事诉讼法 art. 85, 行诉解释 art. 48; for reconsideration by 复议法 art. 88).
    pub fn last_day(&self, from: NaiveDate, calendar: &WorkCalendar) -> DueDate {
        let end = match self.unit {
            Unit::WorkingDays => return calendar.nth_working_day_after(from, self.length),
            Unit::CalendarDays => from.checked_add_days(Days::new(self.length.into())),
            Unit::Months => from.checked_add_months(Months::new(self.length)),
        }
        .expect("a due date is never near the end of chrono's 262,000 years");
        if calendar.is_working_day(end) {
            return DueDate { on: end, provisional: calendar.is_provisional(end) };
        }
        let moved = calendar.nth_working_day_after(end, 1);
        DueDate { on: moved.on, provisional: moved.provisional || calendar.is_provisional(end) }
    }
}

impl YearlyTerm {
    /// The last day for the report on `year`, which is in the year after; never moved.
    pub fn last_day_for(&self, year: i32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year + 1, self.month, self.day)
            .expect("the last day of January or March, in a year people write reports for")
    }

    /// The last day in the year of `today`.
    pub fn last_day_in_year_of(&self, today: NaiveDate) -> NaiveDate {
        self.last_day_for(today.year() - 1)
    }
}

/// 条例 art. 33(2): the answer, from the day the application is received.
pub const ANSWER: Term = Term::new(20, Unit::WorkingDays, "条例第三十三条第二款", "答复政府信息公开申请");
/// 条例 art. 30: the one notice of what to supplement, from the day the application is received.
pub const CORRECTION_NOTICE: Term = Term::new(7, Unit::WorkingDays, "条例第三十条", "一次性告知申请人补正");
/// 条例 art. 33(2): the most an answer can be extended by.
pub const EXTENSION_CAP: Term = Term::new(20, Unit::WorkingDays, "条例第三十三条第二款", "延长答复期限");
/// 条例 art. 32: a third party's opinion, from the day it receives the letter.
pub const THIRD_PARTY_OPINION: Term = Term::new(15, Unit::WorkingDays, "条例第三十二条", "第三方提出意见");
/// 条例 art. 34: the opinion of an agency that made the information jointly, from the day it
/// receives the letter. Applied to other agencies too, for whom the law sets no period.
pub const AGENCY_OPINION: Term =
    Term::new(15, Unit::WorkingDays, "条例第三十四条", "被征求意见的行政机关提出意见");
/// 国办函〔2020〕109号 art. 6: payment of the processing fee, from the day after the notice is received.
pub const FEE_PAYMENT: Term =
    Term::new(20, Unit::WorkingDays, "国办函〔2020〕109号第六条", "申请人缴纳信息处理费");

/// 复议法 art. 20: to apply for reconsideration, from knowing the act.
pub const RECONSIDERATION: Term = Term::new(60, Unit::CalendarDays, "复议法第二十条", "申请行政复议");
/// 复议法 art. 48: the respondent's answer in the ordinary procedure, from the copy of the application.
pub const RESPONDENT_ANSWER: Term =
    Term::new(10, Unit::WorkingDays, "复议法第四十八条", "被申请人提出书面答复并提交证据（普通程序）");
/// 复议法 art. 54: the same in the simplified procedure.
pub const RESPONDENT_ANSWER_SIMPLIFIED: Term =
    Term::new(5, Unit::WorkingDays, "复议法第五十四条", "被申请人提出书面答复并提交证据（简易程序）");
/// 复议法 art. 62: the decision in the ordinary procedure, from acceptance; may be extended by 30.
pub const RECONSIDERATION_DECISION: Term =
    Term::new(60, Unit::CalendarDays, "复议法第六十二条", "作出行政复议决定（普通程序）");
/// 复议法 art. 62: the decision in the simplified procedure, from acceptance.
pub const RECONSIDERATION_DECISION_SIMPLIFIED: Term =
    Term::new(30, Unit::CalendarDays, "复议法第六十二条", "作出行政复议决定（简易程序）");
/// 行诉法 art. 45: to sue after a reconsideration, from receipt of the decision.
pub const SUIT_AFTER_RECONSIDERATION: Term =
    Term::new(15, Unit::CalendarDays, "行诉法第四十五条", "不服行政复议决定提起行政诉讼");
/// 行诉法 art. 46: to sue without a reconsideration, from knowing the act.
pub const SUIT: Term = Term::new(6, Unit::Months, "行诉法第四十六条", "直接提起行政诉讼");
/// 行诉解释 art. 66: to sue because no answer came, from the end of the period to answer.
pub const SUIT_FOR_NO_ANSWER: Term =
    Term::new(6, Unit::Months, "行诉解释第六十六条", "就逾期不答复提起行政诉讼");
/// 行诉法 art. 67: the defendant's answer and evidence, from the copy of the complaint.
pub const DEFENDANT_ANSWER: Term =
    Term::new(15, Unit::CalendarDays, "行诉法第六十七条", "被告提交答辩状和证据");
/// 行诉法 art. 85: appeal against a judgment, from its service.
pub const APPEAL_AGAINST_JUDGMENT: Term =
    Term::new(15, Unit::CalendarDays, "行诉法第八十五条", "对判决提起上诉");
/// 行诉法 art. 85: appeal against a ruling, from its service.
pub const APPEAL_AGAINST_RULING: Term =
    Term::new(10, Unit::CalendarDays, "行诉法第八十五条", "对裁定提起上诉");

/// 条例 art. 49(1): departments submit and publish their report on the year before.
pub const DEPARTMENT_REPORT: YearlyTerm = YearlyTerm {
    month: 1,
    day: 31,
    article: "条例第四十九条第一款",
    what: "政府部门提交并公布上一年度政府信息公开工作年度报告",
};
/// 条例 art. 49(2): the competent office publishes the government's report on the year before.
pub const GOVERNMENT_REPORT: YearlyTerm = YearlyTerm {
    month: 3,
    day: 31,
    article: "条例第四十九条第二款",
    what: "公布本级政府上一年度政府信息公开工作年度报告",
};

/// Every period, in the order of this file.
pub const ALL: &[Term] = &[
    ANSWER,
    CORRECTION_NOTICE,
    EXTENSION_CAP,
    THIRD_PARTY_OPINION,
    AGENCY_OPINION,
    FEE_PAYMENT,
    RECONSIDERATION,
    RESPONDENT_ANSWER,
    RESPONDENT_ANSWER_SIMPLIFIED,
    RECONSIDERATION_DECISION,
    RECONSIDERATION_DECISION_SIMPLIFIED,
    SUIT_AFTER_RECONSIDERATION,
    SUIT,
    SUIT_FOR_NO_ANSWER,
    DEFENDANT_ANSWER,
    APPEAL_AGAINST_JUDGMENT,
    APPEAL_AGAINST_RULING,
];

/// Every day of the year by which something is due.
pub const ALL_YEARLY: &[YearlyTerm] = &[DEPARTMENT_REPORT, GOVERNMENT_REPORT];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::tests::day;
    use crate::domain::labels::Coded;

    #[test]
    fn every_period_reads_as_the_law_has_it() {
        let listed: Vec<String> = ALL
            .iter()
            .map(|it| format!("{}：{}{}（{}）", it.what, it.length, it.unit.label(), it.article))
            .collect();
        assert_eq!(
            listed,
            [
                "答复政府信息公开申请：20个工作日（条例第三十三条第二款）",
                "一次性告知申请人补正：7个工作日（条例第三十条）",
                "延长答复期限：20个工作日（条例第三十三条第二款）",
                "第三方提出意见：15个工作日（条例第三十二条）",
                "被征求意见的行政机关提出意见：15个工作日（条例第三十四条）",
                "申请人缴纳信息处理费：20个工作日（国办函〔2020〕109号第六条）",
                "申请行政复议：60日（复议法第二十条）",
                "被申请人提出书面答复并提交证据（普通程序）：10个工作日（复议法第四十八条）",
                "被申请人提出书面答复并提交证据（简易程序）：5个工作日（复议法第五十四条）",
                "作出行政复议决定（普通程序）：60日（复议法第六十二条）",
                "作出行政复议决定（简易程序）：30日（复议法第六十二条）",
                "不服行政复议决定提起行政诉讼：15日（行诉法第四十五条）",
                "直接提起行政诉讼：6个月（行诉法第四十六条）",
                "就逾期不答复提起行政诉讼：6个月（行诉解释第六十六条）",
                "被告提交答辩状和证据：15日（行诉法第六十七条）",
                "对判决提起上诉：15日（行诉法第八十五条）",
                "对裁定提起上诉：10日（行诉法第八十五条）",
            ]
        );
    }

    /// `expected` is the day, with a question mark where it is provisional.
    #[track_caller]
    fn check(term: Term, from: &str, expected: &str) {
        let due = term.last_day(day(from), &WorkCalendar::published());
        let mark = if due.provisional { "?" } else { "" };
        assert_eq!(format!("{}{mark}", due.on), expected, "{} from {from}", term.what);
    }

    #[test]
    fn a_period_in_calendar_units_does_not_end_on_a_rest_day() {
        check(RECONSIDERATION, "2026-03-02", "2026-05-06"); // the 60th day is 1 May
        check(RECONSIDERATION, "2026-03-11", "2026-05-11"); // the 60th day is Sunday 10 May
        check(RECONSIDERATION, "2026-03-10", "2026-05-09"); // a Saturday, but worked
        check(DEFENDANT_ANSWER, "2026-06-01", "2026-06-16");
        check(SUIT, "2025-08-31", "2026-02-28"); // a month without a 31st; a Saturday, but worked
        check(SUIT, "2026-03-05", "2026-09-07"); // 5 September is a Saturday
        check(SUIT, "2026-08-10", "2027-02-10?");
        check(RESPONDENT_ANSWER, "2026-09-18", "2026-10-09");
    }

    #[test]
    fn reports_are_due_in_the_year_after() {
        assert_eq!(DEPARTMENT_REPORT.last_day_for(2025), day("2026-01-31"));
        assert_eq!(GOVERNMENT_REPORT.last_day_in_year_of(day("2026-12-31")), day("2026-03-31"));
        assert!(ALL_YEARLY.iter().all(|it| it.article.starts_with("条例第四十九条")));
    }
}
