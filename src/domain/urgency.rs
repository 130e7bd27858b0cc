//! How urgent a last day is: the traffic light of every list, page and count, decided here alone.
//!
//! The periods of an application and of a proceeding are counted in working days (Regulation art. 33, 〔2020〕109号
//! art. 2; 行政诉讼法 art. 67 and 行政复议法 art. 48 for the answers in them), and so is what is left of them. The
//! annual report is due on a day of the year (Regulation art. 49, 50); what is left of it is counted in days. From
//! when on a day is near, no rule says: it is this program's choice, [`SOON`] and [`REPORT_SOON`].

use chrono::NaiveDate;

use crate::coded;
use crate::domain::calendar::WorkCalendar;
use crate::domain::response_clock::ClockState;
use crate::domain::workflow::Status;

coded! {
    /// How urgent it is.
    pub enum Light: "light" {
        /// The last day has passed, and what was due is not done.
        Overdue = "overdue", "超期";
        /// It is today, or at most [`SOON`] working days away; for the report, [`REPORT_SOON`] days.
        DueSoon = "due_soon", "临期";
        /// It is further away.
        InTime = "in_time", "期内";
        /// No period runs: the day of receipt is not confirmed (art. 31), or a correction, an opinion or a payment
        /// is awaited (art. 30, 32, 42).
        Suspended = "suspended", "暂停";
        /// It is done, in time or late. That it was late is said in words: nothing can be done about it.
        Done = "done", "办结";
    }
}

/// Working days before a last day from which it is near: time for review, signature and delivery.
pub const SOON: u32 = 3;
/// Days before the day of a report from which that day is near.
pub const REPORT_SOON: i64 = 30;

/// Whether a last day has passed.
pub fn has_passed(last: NaiveDate, today: NaiveDate) -> bool {
    last < today
}

/// The last day that is near today: the rest days after the [`SOON`]th working day belong to it.
pub fn last_near_day(calendar: &WorkCalendar, today: NaiveDate) -> NaiveDate {
    let next = calendar.nth_working_day_after(today, SOON + 1).on;
    next.pred_opt().unwrap_or(next)
}

/// Working days left up to a last day, 0 on it; negative afterwards, by at least one.
pub fn working_days_left(last: NaiveDate, calendar: &WorkCalendar, today: NaiveDate) -> i64 {
    match calendar.working_days_late(last, today) {
        0 => i64::from(calendar.working_days_between(today, last)),
        late => -i64::from(late),
    }
}

/// What is said of a due date while the day of receipt is not confirmed.
pub const UNCONFIRMED: &str = "双方确认之日起计算";

/// What is left up to a last day, in words.
pub fn words(working_days_left: i64, last: NaiveDate, today: NaiveDate) -> String {
    match working_days_left {
        ..0 => format!("已超期 {} 个工作日", -working_days_left),
        _ if last == today => "今日到期".to_owned(),
        _ => format!("还剩 {working_days_left} 个工作日"),
    }
}

impl Light {
    /// Of a case.
    pub fn of_case(status: Status, state: ClockState) -> Self {
        match state {
            _ if !status.is_open() => Self::Done,
            ClockState::Stopped { .. } => Self::Done,
            _ if !status.has_due_date() => Self::Suspended,
            ClockState::Suspended { .. } => Self::Suspended,
            ClockState::Running { working_days_left } => Self::of_days_left(working_days_left),
        }
    }

    /// Of a last day that is counted in working days, with what was due not done.
    pub fn of_day(last: NaiveDate, calendar: &WorkCalendar, today: NaiveDate) -> Self {
        Self::of_days_left(working_days_left(last, calendar, today))
    }

    fn of_days_left(working_days_left: i64) -> Self {
        match working_days_left {
            ..0 => Self::Overdue,
            left if left <= i64::from(SOON) => Self::DueSoon,
            _ => Self::InTime,
        }
    }

    /// Of the day by which a report is due.
    pub fn of_report(by: NaiveDate, is_done: bool, today: NaiveDate) -> Self {
        match (by - today).num_days() {
            _ if is_done => Self::Done,
            ..0 => Self::Overdue,
            0..=REPORT_SOON => Self::DueSoon,
            _ => Self::InTime,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::tests::day;
    use crate::domain::labels::Coded;
    use crate::domain::response_clock::SuspendedBy;

    /// What a last day is on a day: the light, and the words.
    #[track_caller]
    fn check(last: &str, today: &str, light: Light, said: &str) {
        let (calendar, last, today) = (WorkCalendar::published(), day(last), day(today));
        assert_eq!(Light::of_day(last, &calendar, today), light, "{last} on {today}");
        let left = working_days_left(last, &calendar, today);
        assert_eq!(words(left, last, today), said, "{last} on {today}");
    }

    /// 2026-03-06 is a Friday.
    #[test]
    fn the_edges() {
        check("2026-03-06", "2026-03-02", Light::InTime, "还剩 4 个工作日");
        check("2026-03-06", "2026-03-03", Light::DueSoon, "还剩 3 个工作日");
        check("2026-03-06", "2026-03-06", Light::DueSoon, "今日到期");
        // On the rest day after it, it has passed, though no working day has.
        check("2026-03-06", "2026-03-07", Light::Overdue, "已超期 1 个工作日");
        check("2026-03-06", "2026-03-09", Light::Overdue, "已超期 1 个工作日");
        check("2026-03-06", "2026-03-10", Light::Overdue, "已超期 2 个工作日");
        // A day of rest that an order fixes: no working day is left, and it is not today.
        check("2026-03-07", "2026-03-06", Light::DueSoon, "还剩 0 个工作日");
        check("2026-03-07", "2026-03-07", Light::DueSoon, "今日到期");
        // Rest days after the third working day are near with it.
        check("2026-03-07", "2026-03-03", Light::DueSoon, "还剩 3 个工作日");
        // The Spring Festival takes no working days: 02-14 is worked, 02-15 to 02-23 are not.
        check("2026-02-26", "2026-02-14", Light::DueSoon, "还剩 3 个工作日");
        check("2026-02-27", "2026-02-14", Light::InTime, "还剩 4 个工作日");
    }

    #[test]
    fn a_case_that_does_not_run_is_not_urgent() {
        let running = |working_days_left| ClockState::Running { working_days_left };
        let suspended = ClockState::Suspended {
            by: SuspendedBy::Correction,
            since: day("2026-03-02"),
            working_days_so_far: 3,
            remaining: 17,
        };
        let late = ClockState::Stopped { on: day("2026-03-02"), working_days_late: 3, working_days_used: 23 };
        for status in Status::ALL {
            for (state, while_open) in [
                (running(-1), Light::Overdue),
                (running(0), Light::DueSoon),
                (running(4), Light::InTime),
                (suspended, Light::Suspended),
                (late, Light::Done),
            ] {
                let light = match status {
                    Status::Answered | Status::Ended => Light::Done,
                    Status::Received if while_open != Light::Done => Light::Suspended,
                    _ => while_open,
                };
                assert_eq!(Light::of_case(*status, state), light, "{status:?} {state:?}");
            }
        }
    }

    #[test]
    fn the_day_of_a_report_is_counted_in_days() {
        let (by, late) = (day("2026-01-31"), day("2026-02-01"));
        let light = |today| Light::of_report(by, false, day(today));
        assert_eq!(
            ["2025-12-31", "2026-01-01", "2026-01-31", "2026-02-01"].map(light),
            [Light::InTime, Light::DueSoon, Light::DueSoon, Light::Overdue]
        );
        assert_eq!(Light::of_report(by, true, late), Light::Done);
    }
}
