//! What holds whatever the facts are.

use chrono::Days;
use proptest::{collection::vec, option, prelude::*};

use super::*;
use crate::domain::calendar::next_day;

/// A day `offset` days after 2 March 2026.
fn at(offset: u64) -> NaiveDate {
    day("2026-03-02") + Days::new(offset)
}

/// A day of the weeks in which a case is handled; a few lie before the receipt.
fn any_day() -> impl Strategy<Value = NaiveDate> + Clone {
    (0u64..110).prop_map(at)
}

fn any_consultation() -> impl Strategy<Value = Consultation> {
    let party = proptest::sample::select(Party::ALL);
    let day = option::of(any_day());
    (party, any_day(), day.clone(), day, option::of(any::<bool>())).prop_map(
        |(party, sent_on, delivered_on, returned_on, consent)| Consultation {
            id: 0,
            party,
            name: "乙".to_owned(),
            sent_on,
            delivered_on,
            returned_on,
            consent,
        },
    )
}

fn any_extension() -> impl Strategy<Value = Extension> {
    (option::of(any_day()), any_day(), 0u32..30).prop_map(|(approved_on, notified_on, working_days)| {
        Extension { approved_on: approved_on.map(|it| it.min(notified_on)), notified_on, working_days }
    })
}

prop_compose! {
    fn any_facts()(
        on in (3u64..12).prop_map(at),
        reopened in prop::bool::weighted(0.2),
        by in option::weighted(0.3, any_day()),
        correction in option::of((any_day(), option::of(any_day()), option::of(any_day()))),
        consultations in vec(any_consultation(), 0..4),
        extensions in vec(any_extension(), 0..4),
        delay in option::weighted(0.2, (any_day(), any_day())),
        fee in option::weighted(0.4, (any_day(), option::of(any_day()), option::of(any_day()))),
        closed_on in option::weighted(0.3, any_day()),
    ) -> ClockFacts {
        ClockFacts {
            start: if reopened { Start::Reopened { on, by } } else { Start::Received(on) },
            channel: None,
            correction: correction.map(|(notified_on, reply_by, received_on)| {
                Correction { notified_on, reply_by, received_on }
            }),
            consultations,
            extensions,
            delay: delay.map(|(notified_on, until)| ReasonableDelay { notified_on, until }),
            fee: fee.map(|(sent_on, delivered_on, paid_on)| {
                FeeNotice { sent_on, delivered_on, paid_on, amount: None }
            }),
            closed_on,
        }
    }
}

fn any_settings() -> impl Strategy<Value = ClockSettings> {
    proptest::sample::select(ReceiptOnRestDay::ALL)
        .prop_map(|receipt_on_rest_day| ClockSettings { receipt_on_rest_day })
}

/// 2026 with these days off besides New Year; 2027 has a notice too, so all is settled.
fn calendar(rest: &[NaiveDate]) -> WorkCalendar {
    let mut days: Vec<String> = rest.iter().map(NaiveDate::to_string).collect();
    days.push("2026-01-01".to_owned());
    days.sort();
    days.dedup();
    let days: Vec<&str> = days.iter().map(String::as_str).collect();
    WorkCalendar::from_notices([notice(2026, &days, &[]), notice(2027, &["2027-01-01"], &[])])
}

/// The due date; none is later than any.
fn due(facts: &ClockFacts, calendar: &WorkCalendar, settings: &ClockSettings) -> NaiveDate {
    read_briefly(facts, calendar, settings, at(60)).due.map_or(NaiveDate::MAX, |due| due.on)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// But for a case with both a correction and an extension or delay: there a rest day can bring a
    /// late correction notice into its period, and the restart ends the extension.
    #[test]
    fn a_rest_day_never_makes_the_due_date_earlier(
        mut facts in any_facts(), settings in any_settings(), rest in vec(any_day(), 0..12), more in any_day(),
        corrects in any::<bool>(),
    ) {
        if corrects {
            facts.extensions.clear();
            facts.delay = None;
        } else {
            facts.correction = None;
        }
        let fewer = due(&facts, &calendar(&rest), &settings);
        let rest: Vec<NaiveDate> = rest.into_iter().chain([more]).collect();
        prop_assert!(fewer <= due(&facts, &calendar(&rest), &settings));
    }

    #[test]
    fn a_consultation_never_makes_the_due_date_earlier(
        facts in any_facts(), settings in any_settings(), rest in vec(any_day(), 0..12), more in any_consultation(),
    ) {
        let calendar = calendar(&rest);
        let mut with = facts.clone();
        with.consultations.push(more);
        prop_assert!(due(&facts, &calendar, &settings) <= due(&with, &calendar, &settings));
    }

    #[test]
    fn an_extension_never_makes_the_due_date_earlier(
        facts in any_facts(), settings in any_settings(), rest in vec(any_day(), 0..12), more in any_extension(),
    ) {
        let calendar = calendar(&rest);
        let mut with = facts.clone();
        with.extensions.push(more);
        prop_assert!(due(&facts, &calendar, &settings) <= due(&with, &calendar, &settings));
    }

    #[test]
    fn the_order_facts_are_listed_in_does_not_matter(facts in any_facts(), settings in any_settings()) {
        let mut turned = facts.clone();
        turned.consultations.reverse();
        prop_assert_eq!(due(&facts, &plain(), &settings), due(&turned, &plain(), &settings));
    }

    #[test]
    fn the_ledger_ends_with_the_due_date_and_balances(
        facts in any_facts(), settings in any_settings(), rest in vec(any_day(), 0..12), today in any_day(),
    ) {
        let calendar = calendar(&rest);
        let reading = read(&facts, &calendar, &settings, today);
        let last = reading.ledger.last().unwrap();
        match reading.due {
            Some(due) => {
                prop_assert_eq!((last.fact, last.on), (StepKind::Due, due.on));
                prop_assert_eq!(last.remaining, 0);
            }
            None => prop_assert!(matches!(last.fact, StepKind::Awaiting | StepKind::Closing)),
        }
        for step in &reading.ledger {
            prop_assert_eq!(i64::from(step.used) + step.remaining, i64::from(step.allowed));
            prop_assert!(!step.text.is_empty() && !step.article.is_empty());
        }
    }

    #[test]
    fn spans_partition_the_days(
        facts in any_facts(), settings in any_settings(), rest in vec(any_day(), 0..12), today in any_day(),
    ) {
        let reading = read(&facts, &calendar(&rest), &settings, today);
        let mut through = reading.ledger[0].on;
        let mut used = 0;
        for step in &reading.ledger {
            if let Some(span) = &step.span {
                prop_assert_eq!((span.from, span.to), (next_day(through), step.on));
                let days = (span.to - through).num_days();
                let resting = i64::try_from(span.rest_days.len()).unwrap();
                prop_assert_eq!(i64::from(span.counted + span.excluded) + resting, days);
                used += span.counted;
                through = step.on;
            } else {
                prop_assert!(step.on <= through);
            }
            if step.effective && matches!(step.fact, StepKind::CorrectionReceived | StepKind::FeePaid) {
                used = 0;
            }
            if step.on == through {
                prop_assert_eq!(step.used, used, "{}", step);
            }
        }
    }

    #[test]
    fn a_reading_agrees_with_itself(
        facts in any_facts(), settings in any_settings(), today in any_day(),
    ) {
        let calendar = plain();
        let reading = read(&facts, &calendar, &settings, today);
        match reading.state {
            ClockState::Running { working_days_left } => {
                let due = reading.due.unwrap().on;
                prop_assert_eq!(working_days_left < 0, due < today);
            }
            ClockState::Suspended { by, .. } => {
                prop_assert_eq!(reading.due.is_some(), by == SuspendedBy::Consultation);
                prop_assert!(by == SuspendedBy::Correction || reading.watch.is_some());
            }
            ClockState::Stopped { on, working_days_late, .. } => {
                prop_assert_eq!(0 < working_days_late, reading.due.is_some_and(|due| due.on < on));
            }
        }
    }

    /// A measure on its last safe day has its effect.
    #[test]
    fn the_last_safe_day_is_safe(facts in any_facts(), settings in any_settings(), today in any_day()) {
        let calendar = plain();
        let before = due(&facts, &calendar, &settings);
        let safe = |measure| last_safe_day(&facts, &calendar, &settings, today, measure);
        if let Some(on) = safe(Measure::Extension) {
            let mut with = facts.clone();
            with.extensions.push(Extension { approved_on: Some(on), notified_on: on, working_days: 20 });
            let is_delayed = with.delay.take().is_some();
            prop_assert!(is_delayed || before < due(&with, &calendar, &settings));
        }
        if let Some(on) = safe(Measure::Consultation) {
            let mut with = facts.clone();
            with.consultations.push(Consultation {
                id: 9, party: Party::OtherAgency, name: String::new(), sent_on: on,
                delivered_on: None, returned_on: None, consent: None,
            });
            prop_assert!(before < due(&with, &calendar, &settings));
        }
    }
}
