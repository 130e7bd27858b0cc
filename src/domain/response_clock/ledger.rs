//! The reckoning, step by step, in words that can be put before an applicant or a court.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::coded;
use crate::domain::calendar::{NamedDay, next_day};
use crate::domain::wording;

coded! {
    /// What a step of the reckoning records.
    pub enum StepKind: "step of the clock" {
        /// The application was received.
        Receipt = "receipt", "收到申请";
        /// A decision or judgment ordering a new reply was received.
        Reopening = "reopening", "重新办理";
        /// The applicant was told what to supplement.
        CorrectionNotice = "correction_notice", "告知补正";
        /// The supplemented application was received.
        CorrectionReceived = "correction_received", "收到补正";
        /// A letter asking for an opinion went out.
        ConsultationSent = "consultation_sent", "征求意见";
        /// An opinion came back.
        OpinionReturned = "opinion_returned", "收到意见";
        /// The period for an opinion ended without one.
        OpinionLapsed = "opinion_lapsed", "意见期满";
        /// The period was extended.
        Extension = "extension", "延长期限";
        /// A reasonable delay was set.
        Delay = "delay", "延迟答复";
        /// A notice of a fee went out.
        FeeNotice = "fee_notice", "收费通知";
        /// The fee was paid.
        FeePaid = "fee_paid", "缴纳费用";
        /// The case was closed.
        Closing = "closing", "办结";
        /// The last day for the answer: always the last step where there is one.
        Due = "due", "期限届满";
        /// What is awaited while there is no last day.
        Awaiting = "awaiting", "等待";
    }
}

/// The days between a step and the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The first day: the day after the step before.
    pub from: NaiveDate,
    /// The last day: the day of this step.
    pub to: NaiveDate,
    /// Working days that counted towards the period.
    pub counted: u32,
    /// Working days that did not, because the clock stood still.
    pub excluded: u32,
    /// Days nobody works, weekends among them.
    pub rest_days: Vec<NamedDay>,
    /// Days of the weekend that were worked.
    pub make_up_days: Vec<NamedDay>,
}

/// One step of the reckoning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The day of the fact.
    pub on: NaiveDate,
    /// Its kind.
    pub fact: StepKind,
    /// The provision that gives it its effect.
    pub article: &'static str,
    /// The fact and its effect, in official Chinese.
    pub text: String,
    /// The days since the step before; none for the first, and where no day passed.
    pub span: Option<Span>,
    /// Working days of the period used up by the end of that day.
    pub used: u32,
    /// Working days the period has, as of this step.
    pub allowed: u32,
    /// `allowed` less `used`: negative once the period has run out.
    pub remaining: i64,
    /// Whether the fact has the effect it was meant to have.
    pub effective: bool,
}

impl Step {
    /// The step as one line: day, what was counted since, the fact, the balance, the provision.
    pub fn line(&self) -> String {
        let counted = self.span.as_ref().map(|span| format!("{}；", span.words())).unwrap_or_default();
        let balance = match u32::try_from(self.remaining) {
            Ok(left) => format!("累计{}个工作日，剩余{left}个工作日", self.used),
            Err(_) => format!("累计{}个工作日，超出{}个工作日", self.used, self.remaining.unsigned_abs()),
        };
        format!(
            "{}　{counted}{}（{}）。{balance}。",
            wording::day_with_weekday(self.on),
            self.text,
            self.article
        )
    }
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.line())
    }
}

impl Span {
    /// `9月19日至9月29日计入7个工作日（周末1天、9月25日至27日中秋节放假；9月20日（周日）调休上班）`.
    pub fn words(&self) -> String {
        let mut words = range(self.from, self.to);
        words.push_str(&format!("计入{}个工作日", self.counted));
        if 0 < self.excluded {
            words.push_str(&format!("、不计入{}个工作日", self.excluded));
        }
        let notes: Vec<String> = [resting(&self.rest_days), working(&self.make_up_days)]
            .into_iter()
            .filter(|it| !it.is_empty())
            .collect();
        if !notes.is_empty() {
            words.push_str(&format!("（{}）", notes.join("；")));
        }
        words
    }
}

/// Ordinary weekends by their number, holidays as ranges of days with their name.
fn resting(days: &[NamedDay]) -> String {
    let weekend = |it: &&NamedDay| it.name == wording::weekday(it.date);
    let mut notes = Vec::new();
    let n_weekend = days.iter().filter(weekend).count();
    if 0 < n_weekend {
        notes.push(format!("周末{n_weekend}天"));
    }
    let holidays: Vec<&NamedDay> = days.iter().filter(|it| !weekend(it)).collect();
    for run in holidays.chunk_by(|a, b| a.name == b.name && next_day(a.date) == b.date) {
        if let (Some(first), Some(last)) = (run.first(), run.last()) {
            notes.push(format!("{}{}放假", range(first.date, last.date), first.name));
        }
    }
    notes.join("、")
}

fn working(days: &[NamedDay]) -> String {
    let days: Vec<String> = days
        .iter()
        .map(|it| format!("{}（{}）调休上班", wording::short_day(it.date), wording::weekday(it.date)))
        .collect();
    days.join("、")
}

/// `10月1日至7日`, `9月28日至10月8日`, `2026年12月28日至2027年1月5日`, or the one day.
fn range(from: NaiveDate, to: NaiveDate) -> String {
    if from == to {
        wording::short_day(from)
    } else if from.year() != to.year() {
        format!("{}至{}", wording::day(from), wording::day(to))
    } else if from.month() != to.month() {
        format!("{}至{}", wording::short_day(from), wording::short_day(to))
    } else {
        format!("{}至{}日", wording::short_day(from), to.day())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::WorkCalendar;
    use crate::domain::calendar::tests::day;

    #[track_caller]
    fn check(after: &str, to: &str, expected: &str) {
        let (from, to) = (next_day(day(after)), day(to));
        let (rest_days, make_up_days) = WorkCalendar::published().notable_days(day(after), to);
        let counted = WorkCalendar::published().working_days_between(day(after), to);
        let span = Span { from, to, counted, excluded: 0, rest_days, make_up_days };
        assert_eq!(span.words(), expected);
    }

    #[test]
    fn consecutive_rest_days_are_worded_as_a_range() {
        check("2026-06-01", "2026-06-02", "6月2日计入1个工作日");
        check("2026-06-05", "2026-06-08", "6月6日至8日计入1个工作日（周末2天）");
        check(
            "2026-09-18",
            "2026-10-15",
            "9月19日至10月15日计入15个工作日（周末2天、9月25日至27日中秋节放假、10月1日至7日国庆节放假；\
             9月20日（周日）调休上班、10月10日（周六）调休上班）",
        );
        check(
            "2025-12-31",
            "2026-01-05",
            "1月1日至5日计入2个工作日（1月1日至3日元旦放假；1月4日（周日）调休上班）",
        );
        check(
            "2026-12-30",
            "2027-01-04",
            "2026年12月31日至2027年1月4日计入2个工作日（周末2天、1月1日元旦放假）",
        );
    }
}
