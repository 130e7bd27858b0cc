//! The clock on facts written short, on a calendar made for the test and on the published one.

mod ledger;
mod properties;
mod rules;

use super::*;
use crate::domain::calendar::tests::{day, notice};
use crate::domain::labels::Coded;

/// 2026 and 2027 with no holiday but New Year: Monday to Friday are worked, and dates settled.
fn plain() -> WorkCalendar {
    WorkCalendar::from_notices([notice(2026, &["2026-01-01"], &[]), notice(2027, &["2027-01-01"], &[])])
}

fn received(on: &str) -> ClockFacts {
    ClockFacts::received(day(on))
}

fn reopened(on: &str, by: Option<&str>) -> ClockFacts {
    ClockFacts::new(Start::Reopened { on: day(on), by: by.map(day) })
}

/// Facts in the order people tell them; an empty text is a day not known.
impl ClockFacts {
    fn correction(mut self, notified_on: &str, reply_by: &str, received_on: &str) -> Self {
        let (reply_by, received_on) = (known(reply_by), known(received_on));
        self.correction = Some(Correction { notified_on: day(notified_on), reply_by, received_on });
        self
    }

    fn consultation(mut self, party: Party, sent: &str, delivered: &str, returned: &str) -> Self {
        self.consultations.push(Consultation {
            id: 1,
            party,
            name: "甲公司".to_owned(),
            sent_on: day(sent),
            delivered_on: known(delivered),
            returned_on: known(returned),
            consent: None,
        });
        self
    }

    fn third_party(self, sent: &str, delivered: &str, returned: &str) -> Self {
        self.consultation(Party::ThirdParty, sent, delivered, returned)
    }

    fn extension(mut self, approved: &str, notified: &str, working_days: u32) -> Self {
        let approved_on = known(approved);
        self.extensions.push(Extension { approved_on, notified_on: day(notified), working_days });
        self
    }

    fn delay(mut self, notified: &str, until: &str) -> Self {
        self.delay = Some(ReasonableDelay { notified_on: day(notified), until: day(until) });
        self
    }

    fn fee(mut self, sent: &str, delivered: &str, paid: &str) -> Self {
        let (delivered_on, paid_on) = (known(delivered), known(paid));
        self.fee = Some(FeeNotice { sent_on: day(sent), delivered_on, paid_on, amount: None });
        self
    }

    fn closed(mut self, on: &str) -> Self {
        self.closed_on = Some(day(on));
        self
    }
}

fn known(text: &str) -> Option<NaiveDate> {
    (!text.is_empty()).then(|| day(text))
}

/// A reading in one line: due date, state, day to watch, findings. `?` marks what is provisional.
fn show(reading: &ClockReading) -> String {
    let mark = |provisional| if provisional { "?" } else { "" };
    let mut parts = Vec::new();
    parts.push(match reading.due {
        Some(due) => format!("due {}{}", due.on, mark(due.provisional)),
        None => "not due".to_owned(),
    });
    parts.push(match reading.state {
        ClockState::Running { working_days_left } => format!("{working_days_left} left"),
        ClockState::Suspended { by, since, working_days_so_far, remaining } => {
            format!("{} since {since} after {working_days_so_far}, {remaining} left", by.code())
        }
        ClockState::Stopped { on, working_days_late, working_days_used } => {
            format!("closed {on}, {working_days_late} late, {working_days_used} used")
        }
    });
    if let Some(watch) = reading.watch {
        parts.push(format!("{} {}{}", watch.what.code(), watch.on, mark(watch.provisional)));
    }
    parts.extend(reading.findings.iter().map(|it| format!("! {}", it.kind.code())));
    parts.join("; ")
}

/// Reads the facts on `calendar`, after a journey through JSON.
#[track_caller]
fn read_on(calendar: &WorkCalendar, facts: &ClockFacts, today: &str) -> ClockReading {
    let stored = serde_json::to_string(facts).unwrap();
    let facts: ClockFacts = serde_json::from_str(&stored).unwrap();
    let settings = ClockSettings::default();
    let reading = read(&facts, calendar, &settings, day(today));
    let brief = read_briefly(&facts, calendar, &settings, day(today));
    assert_eq!(brief, ClockReading { ledger: Vec::new(), ..reading.clone() });
    reading
}

/// What the facts come to on the plain calendar.
#[track_caller]
fn check(facts: &ClockFacts, today: &str, expected: &str) {
    assert_eq!(show(&read_on(&plain(), facts, today)), expected);
}

/// What the facts come to on the published calendar.
#[track_caller]
fn check_published(facts: &ClockFacts, today: &str, expected: &str) {
    assert_eq!(show(&read_on(&WorkCalendar::published(), facts, today)), expected);
}
