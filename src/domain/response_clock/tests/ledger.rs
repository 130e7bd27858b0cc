//! The ledger as people read it.

use super::*;
use crate::domain::request::Channel;

/// The lines of the ledger by the published calendar.
#[track_caller]
fn check_lines(facts: &ClockFacts, today: &str, expected: &[&str]) {
    let reading = read_on(&WorkCalendar::published(), facts, today);
    let lines: Vec<String> = reading.ledger.iter().map(Step::to_string).collect();
    assert_eq!(lines.join("\n"), expected.join("\n"));
}

#[test]
fn every_day_is_accounted_for() {
    let mut facts = received("2026-09-18")
        .correction("2026-09-23", "2026-10-12", "2026-10-09")
        .third_party("2026-10-14", "2026-10-16", "2026-10-21")
        .consultation(Party::JointMaker, "2026-10-20", "", "")
        .extension("2026-11-20", "2026-11-23", 5)
        .closed("2026-11-24");
    facts.channel = Some(Channel::Web);
    facts.consultations[0].consent = Some(false);
    check_lines(&facts, "2026-11-24", &[]);
}

#[test]
fn what_has_no_effect_says_why() {
    let facts = received("2026-05-30")
        .correction("2026-06-10", "2026-06-24", "2026-06-15")
        .extension("2026-06-25", "2026-06-26", 25)
        .fee("2026-07-29", "", "2026-07-30")
        .consultation(Party::OtherAgency, "2026-07-30", "", "");
    check_lines(&facts, "2026-07-31", &[]);
}

#[test]
fn the_last_line_says_what_is_awaited() {
    let mut facts = received("2026-12-14").fee("2026-12-21", "2026-12-22", "");
    facts.fee.as_mut().unwrap().amount = Some("300".to_owned());
    check_lines(&facts, "2026-12-25", &[]);
    check_lines(&received("2026-12-21").correction("2026-12-23", "", ""), "2026-12-25", &[]);
}

#[test]
fn an_unpublished_year_is_named() {
    check_lines(&received("2026-12-14").third_party("2026-12-21", "2026-12-22", ""), "2026-12-25", &[]);
}

#[test]
fn an_order_and_a_delay_are_named() {
    check_lines(
        &reopened("2026-06-01", Some("2026-06-15")).extension("2026-06-02", "2026-06-02", 5),
        "2026-06-02",
        &[],
    );
    check_lines(&received("2026-06-01").delay("2026-06-05", "2026-07-31"), "2026-06-02", &[]);
}
