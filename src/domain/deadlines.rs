//! The days of a case that stand in people's calendars: its own last day, the last days for measures, and
//! the last days of others for what is awaited of them.
//!
//! A day that a measure shares with the reply itself is not named twice: an extension is possible up to the
//! day the reply is due.

use chrono::NaiveDate;

use crate::coded;
use crate::domain::calendar::WorkCalendar;
use crate::domain::response_clock::{
    self, ClockFacts, ClockSettings, ClockState, Measure, SuspendedBy, WatchKind, last_safe_day,
};
use crate::domain::workflow::{Action, Status, rule_of};

coded! {
    /// What a day in a calendar is the last day for.
    pub enum DeadlineKind: "deadline in a calendar" {
        /// The reply.
        Reply = "reply", "答复期限";
        /// Telling the applicant what to supplement.
        CorrectionNotice = "correction_notice_last_day", "告知补正最后可办日";
        /// Asking for opinions.
        Consultation = "consultation_last_day", "征求意见最后可办日";
        /// The applicant's correction.
        CorrectionReply = "correction_reply_due", "申请人补正期限";
        /// An opinion asked for.
        Opinion = "opinion_due", "被征求意见方意见期限";
        /// The applicant's payment.
        FeePayment = "fee_payment_due", "申请人缴费期限";
        /// What a reconsideration or a suit demands.
        Remedy = "remedy_due", "复议诉讼期限";
    }
}

/// A day of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// What it is the last day for.
    pub kind: DeadlineKind,
    /// Tells deadlines of one kind apart; 0 where there is but one.
    pub number: u32,
    /// The day.
    pub on: NaiveDate,
    /// Whether a notice still to come may move it.
    pub provisional: bool,
    /// What follows; empty where nothing needs saying.
    pub note: &'static str,
}

/// The days of an open case, as of `today`: none that is past, but for the reply that is overdue.
pub fn of_case(
    status: Status,
    facts: &ClockFacts,
    calendar: &WorkCalendar,
    settings: &ClockSettings,
    today: NaiveDate,
) -> Vec<Deadline> {
    if !status.has_due_date() {
        return Vec::new();
    }
    let reading = response_clock::read_briefly(facts, calendar, settings, today);
    let mut deadlines = Vec::new();
    if let Some(due) = reading.due {
        let note = match reading.state {
            ClockState::Suspended { by: SuspendedBy::Consultation, .. } => {
                "按意见期满才收回推算；意见早到的，期限相应提前"
            }
            _ => "",
        };
        let (on, provisional) = (due.on, due.provisional);
        deadlines.push(Deadline { kind: DeadlineKind::Reply, number: 0, on, provisional, note });
    }
    let measures = [
        (Measure::CorrectionNotice, Action::RequestCorrection, DeadlineKind::CorrectionNotice),
        (Measure::Consultation, Action::Consult, DeadlineKind::Consultation),
    ];
    let can_be_taken = |action: Action| rule_of(action).from.contains(&status);
    for (measure, _, kind) in measures.into_iter().filter(|(_, action, _)| can_be_taken(*action)) {
        if let Some(on) = last_safe_day(facts, calendar, settings, today, measure) {
            let provisional = calendar.first_missing_notice(facts.start.on(), on).is_some();
            deadlines.push(Deadline { kind, number: 0, on, provisional, note: "" });
        }
    }
    if let Some(watch) = reading.watch {
        let kind = match watch.what {
            WatchKind::CorrectionReply => Some(DeadlineKind::CorrectionReply),
            WatchKind::FeePayment => Some(DeadlineKind::FeePayment),
            // Every letter has its own day, below.
            WatchKind::OpinionLapse => None,
        };
        let note = "逾期的后果由本机关依照条例认定，系统不自动办结";
        let (on, provisional) = (watch.on, watch.provisional);
        deadlines.extend(kind.map(|kind| Deadline { kind, number: 0, on, provisional, note }));
    }
    for letter in facts.consultations.iter().filter(|it| it.returned_on.is_none()) {
        let from = letter.delivered_on.unwrap_or(letter.sent_on);
        let lapse = letter.party.term().last_day(from, calendar);
        if today <= lapse.on {
            deadlines.push(Deadline {
                kind: DeadlineKind::Opinion,
                number: letter.id,
                on: lapse.on,
                provisional: lapse.provisional,
                note: letter.party.silence(),
            });
        }
    }
    deadlines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::tests::day;
    use crate::domain::labels::Coded;
    use crate::domain::response_clock::{Consultation, Correction, Party};

    #[track_caller]
    fn check(status: Status, facts: &ClockFacts, today: &str, expected: &[&str]) {
        let calendar = WorkCalendar::published();
        let found = of_case(status, facts, &calendar, &ClockSettings::default(), day(today));
        let words = found.iter().map(|it| {
            let mark = if it.provisional { "?" } else { "" };
            format!("{} {}{mark}", it.kind.code(), it.on)
        });
        assert_eq!(words.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_running_case_has_its_last_days() {
        let facts = ClockFacts::received(day("2026-03-02"));
        check(
            Status::Handled,
            &facts,
            "2026-03-03",
            &[
                "reply 2026-03-30",
                "correction_notice_last_day 2026-03-11",
                "consultation_last_day 2026-03-27",
            ],
        );
        check(Status::UnderReview, &facts, "2026-03-20", &["reply 2026-03-30"]);
        check(Status::Handled, &facts, "2026-04-10", &["reply 2026-03-30"]);
        check(Status::Received, &facts, "2026-03-03", &[]);
        check(Status::Answered, &facts, "2026-03-03", &[]);
    }

    #[test]
    fn what_is_awaited_has_its_day() {
        let mut facts = ClockFacts::received(day("2026-03-02"));
        facts.correction = Some(Correction {
            notified_on: day("2026-03-05"),
            reply_by: Some(day("2026-03-20")),
            received_on: None,
        });
        check(Status::Handled, &facts, "2026-03-06", &["correction_reply_due 2026-03-20"]);
    }

    #[test]
    fn every_letter_has_its_day() {
        let mut facts = ClockFacts::received(day("2026-03-02"));
        let letter = |id, sent_on: &str, returned_on: Option<&str>| Consultation {
            id,
            party: Party::ThirdParty,
            name: "甲公司".to_owned(),
            sent_on: day(sent_on),
            delivered_on: None,
            returned_on: returned_on.map(day),
            consent: None,
        };
        facts.consultations = vec![
            letter(1, "2026-03-09", None),
            letter(2, "2026-03-10", None),
            letter(3, "2026-03-10", Some("2026-03-11")),
        ];
        check(
            Status::UnderReview,
            &facts,
            "2026-03-12",
            &["reply 2026-04-22", "opinion_due 2026-03-30", "opinion_due 2026-03-31"],
        );
    }

    #[test]
    fn beyond_the_last_notice_days_are_marked() {
        let facts = ClockFacts::received(day("2026-12-18"));
        check(Status::UnderReview, &facts, "2026-12-21", &["reply 2027-01-18?"]);
    }
}
