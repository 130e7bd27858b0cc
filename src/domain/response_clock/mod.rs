//! The statutory clock of one application: when the answer is due, and why.
//!
//! [`read`] takes the dated facts of a case and returns the due date, the state of the clock, what is
//! wrong with the facts, and a ledger that accounts for every day. It is a pure function: the same
//! facts with one more are a what-if, and a new holiday notice only needs another reading.
//!
//! Where the law is silent the stricter reading is taken:
//! - a receipt on a rest day is not moved ([`ReceiptOnRestDay`] is a setting);
//! - a correction notice after the 7th working day neither stops nor restarts the period;
//! - what comes after the period has run out cannot revive it;
//! - an extension or a delay belongs to the period it was granted in and ends with it: when a
//!   correction or a payment restarts the period, 20 working days begin anew and may be extended
//!   anew, by 20 working days in all;
//! - a last day fixed by a decision on reconsideration or a judgment is moved by nothing.
//!
//! Absent on purpose: who may do what when (`workflow`), and whether a case is closed rightly.

mod facts;
mod findings;
mod ledger;
mod period;
mod reading;
#[cfg(test)]
mod tests;
mod timeline;
mod walk;
mod words;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use facts::{ClockFacts, Consultation, Correction, Extension, FeeNotice, Party, ReasonableDelay, Start};
pub use findings::{Finding, FindingKind};
pub use ledger::{Span, Step, StepKind};

pub use super::calendar::DueDate;
use super::calendar::{WorkCalendar, days_after};
use super::terms;
use crate::coded;
use walk::Walk;

coded! {
    /// What becomes of a receipt on a day nobody works.
    pub enum ReceiptOnRestDay: "rule for a receipt on a rest day" {
        /// The day stays the day of receipt: the stricter reading.
        Keep = "keep", "不顺延";
        /// The next working day counts as the day of receipt, and is not counted in.
        NextWorkingDay = "next_working_day", "顺延至下一工作日";
    }
}

/// What an agency may choose about the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClockSettings {
    /// For the receipt of an application, of an order to answer anew, and of a correction.
    pub receipt_on_rest_day: ReceiptOnRestDay,
}

impl Default for ClockSettings {
    fn default() -> Self {
        Self { receipt_on_rest_day: ReceiptOnRestDay::Keep }
    }
}

coded! {
    /// Why the clock stands still.
    pub enum SuspendedBy: "suspension" {
        /// A correction is awaited (条例 art. 30).
        Correction = "correction", "等待补正";
        /// An opinion is awaited (条例 art. 33(3)).
        Consultation = "consultation", "征求意见";
        /// A payment is awaited (国办函〔2020〕109号 art. 6).
        Fee = "fee", "等待缴费";
    }
}

impl SuspendedBy {
    /// Whether the day that runs meanwhile is the applicant's, and not the agency's.
    pub fn is_of_applicant(self) -> bool {
        matches!(self, Self::Correction | Self::Fee)
    }
}

/// How the clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ClockState {
    /// It runs.
    Running {
        /// Working days after today until the due date; 0 on the due date. Negative after it: the
        /// working days it is overdue, at least 1, even on the rest day right after.
        working_days_left: i64,
    },
    /// It stands still.
    Suspended {
        /// What is waited for.
        by: SuspendedBy,
        /// The day of the notice or letter; the days after it do not count.
        since: NaiveDate,
        /// Working days of the period used up by then.
        working_days_so_far: u32,
        /// Working days left then.
        remaining: u32,
    },
    /// The case is closed.
    Stopped {
        /// The day it was closed.
        on: NaiveDate,
        /// Working days after the due date, at least 1 where it is later at all; 0 is in time.
        working_days_late: u32,
        /// Working days of the period used up.
        working_days_used: u32,
    },
}

coded! {
    /// What a day to look at is the last day of.
    pub enum WatchKind: "day to watch" {
        /// Afterwards the application may count as abandoned (条例 art. 30).
        CorrectionReply = "correction_reply", "补正期限届满，申请人无正当理由逾期不补正的，视为放弃申请";
        /// Afterwards the clock runs again.
        OpinionLapse = "opinion_lapse", "意见期限届满，自次日起继续计算答复期限";
        /// Afterwards the application may count as abandoned (国办函〔2020〕109号 art. 6).
        FeePayment = "fee_payment", "缴费期限届满，申请人逾期未缴纳的，视为放弃申请";
    }
}

/// The day to look at while the clock stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Watch {
    /// The last day of waiting.
    pub on: NaiveDate,
    /// Whether a notice still to come may move it.
    pub provisional: bool,
    /// What it is the last day of.
    pub what: WatchKind,
}

/// What the facts come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClockReading {
    /// The last day for the answer; none while a correction or a payment is awaited. During a
    /// consultation it is the day that follows if the opinion comes only on its last day.
    pub due: Option<DueDate>,
    /// How the clock stands today.
    pub state: ClockState,
    /// The day to look at while it stands still; none where a correction notice set no period.
    pub watch: Option<Watch>,
    /// What is wrong with the facts, by date.
    pub findings: Vec<Finding>,
    /// The reckoning: every fact by date, then the due date. Empty from [`read_briefly`].
    pub ledger: Vec<Step>,
}

/// Reads the clock as of `today`, with the ledger.
///
/// Facts dated after `today` count too, so that planned measures can be tried out.
pub fn read(
    facts: &ClockFacts,
    calendar: &WorkCalendar,
    settings: &ClockSettings,
    today: NaiveDate,
) -> ClockReading {
    Walk::through(facts, calendar, settings, today, true).reading()
}

/// The same reading without the ledger, for recomputing many cases.
pub fn read_briefly(
    facts: &ClockFacts,
    calendar: &WorkCalendar,
    settings: &ClockSettings,
    today: NaiveDate,
) -> ClockReading {
    Walk::through(facts, calendar, settings, today, false).reading()
}

coded! {
    /// A measure that is lawful only up to some day.
    pub enum Measure: "measure with a last day" {
        /// Telling the applicant what to supplement.
        CorrectionNotice = "correction_notice", "告知补正";
        /// Asking for an opinion.
        Consultation = "consultation", "征求意见";
        /// Extending the period.
        Extension = "extension", "延长期限";
    }
}

/// The last day, today or later, on which the measure still has its effect on the period.
///
/// None where there is no such day: it has passed, the measure was used up, the case is closed, an
/// order fixes the last day, or (but for a correction notice) no period runs at present.
/// - Correction notice: the 7th working day after receipt, once.
/// - Consultation: the last working day before the due date, for the days after it must count.
/// - Extension: the due date, while less than 20 working days were added.
pub fn last_safe_day(
    facts: &ClockFacts,
    calendar: &WorkCalendar,
    settings: &ClockSettings,
    today: NaiveDate,
    measure: Measure,
) -> Option<NaiveDate> {
    let walk = Walk::through(facts, calendar, settings, today, false);
    if facts.closed_on.is_some() || walk.period.is_ordered() {
        return None;
    }
    let day = match measure {
        Measure::CorrectionNotice if walk.has_correction() => return None,
        Measure::CorrectionNotice => walk.correction_limit(),
        Measure::Extension if terms::EXTENSION_CAP.length <= walk.period.extension => return None,
        Measure::Extension => walk.period.due()?.on,
        Measure::Consultation if walk.period.is_delayed() => return None,
        Measure::Consultation => {
            let due = walk.period.due()?.on;
            days_after(walk.period.from.max(today.pred_opt()?), due.pred_opt()?)
                .filter(|&day| calendar.is_working_day(day))
                .last()?
        }
    };
    (today <= day).then_some(day)
}
