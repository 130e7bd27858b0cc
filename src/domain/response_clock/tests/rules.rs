//! Each rule by its dates. 1 June 2026 is a Monday; on the plain calendar its 5th, 7th, 15th and 20th
//! working days are 8, 10, 22 and 29 June.

use super::*;

#[test]
fn the_answer_is_due_on_the_20th_working_day() {
    check(&received("2026-06-01"), "2026-06-01", "due 2026-06-29; 20 left");
    check(&received("2026-06-01"), "2026-06-10", "due 2026-06-29; 13 left");
    check(&received("2026-06-01"), "2026-06-29", "due 2026-06-29; 0 left");
    check(&received("2026-06-01"), "2026-06-30", "due 2026-06-29; -1 left");
    check(&received("2026-06-01"), "2026-07-06", "due 2026-06-29; -5 left");
    check(&received("2026-06-01"), "2026-05-20", "due 2026-06-29; 20 left");
    // Overdue on the Saturday after, though no working day has passed.
    check(&received("2026-05-29"), "2026-06-26", "due 2026-06-26; 0 left");
    check(&received("2026-05-29"), "2026-06-27", "due 2026-06-26; -1 left");
}

/// The vectors of the law file, section 9, through the clock.
#[test]
fn published_holidays_are_not_counted() {
    let check = |on: &str, due: &str, extended: &str| {
        check_published(&received(on), on, &format!("due {due}; 20 left"));
        let facts = received(on).extension(due, due, 20);
        check_published(&facts, on, &format!("due {extended}; 40 left"));
    };
    check("2025-12-15", "2026-01-13", "2026-02-10");
    check("2025-12-31", "2026-01-29", "2026-03-04");
    check("2026-01-04", "2026-01-30", "2026-03-05");
    check("2026-02-09", "2026-03-13", "2026-04-13");
    check("2026-02-14", "2026-03-20", "2026-04-20");
    check("2026-04-30", "2026-06-01", "2026-06-30");
    check("2026-09-18", "2026-10-22", "2026-11-19");
    check_published(&received("2026-12-01"), "2026-12-01", "due 2026-12-29?; 20 left");
    check_published(&received("2026-11-30"), "2026-12-01", "due 2026-12-28; 19 left");
}

#[test]
fn a_receipt_on_a_rest_day_is_kept_or_moved() {
    let check = |rule: ReceiptOnRestDay, facts: &ClockFacts, expected: &str| {
        let settings = ClockSettings { receipt_on_rest_day: rule };
        assert_eq!(show(&read(facts, &plain(), &settings, day("2026-06-01"))), expected);
    };
    let saturday = received("2026-05-30");
    check(ReceiptOnRestDay::Keep, &saturday, "due 2026-06-26; 19 left");
    check(ReceiptOnRestDay::NextWorkingDay, &saturday, "due 2026-06-29; 20 left");
    check(ReceiptOnRestDay::NextWorkingDay, &received("2026-06-01"), "due 2026-06-29; 20 left");
    let corrected = received("2026-06-01").correction("2026-06-03", "2026-06-10", "2026-06-06");
    check(ReceiptOnRestDay::Keep, &corrected, "due 2026-07-03; 20 left");
    check(ReceiptOnRestDay::NextWorkingDay, &corrected, "due 2026-07-06; 20 left");
}

#[test]
fn a_correction_restarts_the_period() {
    let waiting = "not due; correction since 2026-06-10 after 7, 13 left; correction_reply 2026-06-24";
    check(&received("2026-06-01").correction("2026-06-10", "2026-06-24", ""), "2026-06-12", waiting);
    check(&received("2026-06-01").correction("2026-06-10", "2026-06-24", ""), "2026-07-31", waiting);
    let corrected = received("2026-06-01").correction("2026-06-10", "2026-06-24", "2026-06-18");
    check(&corrected, "2026-06-19", "due 2026-07-16; 19 left");
    check(
        &received("2026-06-01").correction("2026-06-10", "2026-06-17", "2026-06-18"),
        "2026-06-18",
        "due 2026-07-16; 20 left; ! late_correction",
    );
    check(
        &received("2026-06-01").correction("2026-06-10", "", ""),
        "2026-06-12",
        "not due; correction since 2026-06-10 after 7, 13 left; ! correction_without_period",
    );
}

#[test]
fn a_late_correction_notice_changes_nothing() {
    let late = "due 2026-06-29; 11 left; ! late_correction_notice";
    check(&received("2026-06-01").correction("2026-06-11", "2026-06-24", ""), "2026-06-12", late);
    check(&received("2026-06-01").correction("2026-06-11", "2026-06-24", "2026-06-20"), "2026-06-12", late);
}

/// The one way a rest day makes a due date earlier: it brings the notice into its 7 working days, and
/// the restart ends an extension. A property test leaves this case out.
#[test]
fn a_rest_day_can_make_a_late_correction_notice_timely() {
    let facts = received("2026-06-01").extension("2026-06-05", "2026-06-05", 20).correction(
        "2026-06-11",
        "2026-06-24",
        "2026-06-18",
    );
    check(&facts, "2026-06-18", "due 2026-07-27; 27 left; ! late_correction_notice");
    let calendar =
        WorkCalendar::from_notices([notice(2026, &["2026-06-03"], &[]), notice(2027, &["2027-01-01"], &[])]);
    assert_eq!(show(&read_on(&calendar, &facts, "2026-06-18")), "due 2026-07-16; 20 left");
}

#[test]
fn a_consultation_is_not_counted() {
    let facts = received("2026-06-01").third_party("2026-06-08", "", "2026-06-15");
    check(&facts, "2026-06-16", "due 2026-07-06; 14 left");
    check(&facts, "2026-06-15", "due 2026-07-06; 15 left");
    // While the opinion is out, though its return is known already.
    check(
        &facts,
        "2026-06-10",
        "due 2026-07-06; consultation since 2026-06-08 after 5, 15 left; opinion_lapse 2026-06-29",
    );
    // The same by the published calendar, over the National Day holiday.
    let facts = received("2026-09-18").third_party("2026-09-21", "", "2026-10-09");
    check_published(&facts, "2026-10-09", "due 2026-11-03; 18 left");
}

#[test]
fn an_opinion_lapses_15_working_days_after_delivery() {
    let facts = received("2026-06-01").third_party("2026-06-08", "2026-06-09", "");
    let waiting = "due 2026-07-21; consultation since 2026-06-08 after 5, 15 left; opinion_lapse 2026-06-30";
    check(&facts, "2026-06-08", waiting);
    check(&facts, "2026-06-29", waiting);
    check(&facts, "2026-06-30", "due 2026-07-21; 15 left");
    check(&facts, "2026-07-01", "due 2026-07-21; 14 left");
    // Without a day of delivery it is reckoned from the sending.
    let facts = received("2026-06-01").consultation(Party::JointMaker, "2026-06-08", "", "");
    check(&facts, "2026-06-30", "due 2026-07-20; 14 left");
    let facts = received("2026-06-01").third_party("2026-06-08", "", "2026-07-03");
    check(&facts, "2026-07-03", "due 2026-07-20; 11 left; ! late_opinion");
}

#[test]
fn overlapping_consultations_are_merged() {
    let facts = received("2026-06-01").third_party("2026-06-08", "", "2026-06-15");
    let overlapping = facts.clone().consultation(Party::OtherAgency, "2026-06-11", "", "2026-06-17");
    check(&overlapping, "2026-06-18", "due 2026-07-08; 14 left");
    check(
        &overlapping,
        "2026-06-16",
        "due 2026-07-08; consultation since 2026-06-08 after 5, 15 left; opinion_lapse 2026-07-02",
    );
    let within = facts.clone().third_party("2026-06-09", "", "2026-06-10");
    check(&within, "2026-06-18", "due 2026-07-06; 12 left");
    let apart = facts.third_party("2026-06-17", "", "2026-06-19");
    check(&apart, "2026-06-19", "due 2026-07-08; 13 left");
}

#[test]
fn a_consultation_cannot_revive_the_period() {
    let late = received("2026-06-01").third_party("2026-06-30", "", "");
    check(&late, "2026-07-01", "due 2026-06-29; -2 left; ! late_consultation");
    // On the last day there is nothing left to exclude.
    check(&received("2026-06-01").third_party("2026-06-29", "", ""), "2026-06-29", "due 2026-06-29; 0 left");
    check(&received("2026-06-01").third_party("2026-06-29", "", ""), "2026-06-30", "due 2026-06-29; -1 left");
}

#[test]
fn an_extension_adds_at_most_20_working_days() {
    let base = received("2026-06-01");
    check(&base.clone().extension("2026-06-26", "2026-06-29", 10), "2026-06-29", "due 2026-07-13; 10 left");
    let twice =
        base.clone().extension("2026-06-26", "2026-06-26", 5).extension("2026-07-06", "2026-07-06", 5);
    check(&twice, "2026-07-06", "due 2026-07-13; 5 left");
    let over =
        base.clone().extension("2026-06-26", "2026-06-26", 15).extension("2026-07-06", "2026-07-06", 10);
    check(&over, "2026-07-06", "due 2026-07-27; 15 left; ! extension_over_cap");
    let spent = over.extension("2026-07-07", "2026-07-07", 1);
    check(&spent, "2026-07-06", "due 2026-07-27; 15 left; ! extension_over_cap; ! extension_over_cap");
    let late = base.clone().extension("2026-06-26", "2026-06-30", 10);
    check(&late, "2026-06-30", "due 2026-06-29; -1 left; ! late_extension");
    let approved_late = base.clone().extension("2026-06-30", "2026-06-29", 10);
    check(&approved_late, "2026-06-29", "due 2026-06-29; 0 left; ! late_extension");
    let first = base.clone().extension("2026-06-29", "2026-06-26", 10);
    check(&first, "2026-06-29", "due 2026-07-13; 10 left; ! extension_notified_first");
    check(
        &base.extension("", "2026-06-26", 10),
        "2026-06-29",
        "due 2026-06-29; 0 left; ! unapproved_extension",
    );
}

#[test]
fn an_extension_ends_with_its_period() {
    let extended = received("2026-06-01").extension("2026-06-05", "2026-06-05", 20);
    let corrected = extended.clone().correction("2026-06-08", "2026-06-24", "2026-06-18");
    check(&corrected, "2026-06-18", "due 2026-07-16; 20 left");
    // The new period can be extended anew.
    check(&corrected.extension("2026-07-16", "2026-07-16", 20), "2026-07-16", "due 2026-08-13; 20 left");
    let waiting = received("2026-06-01").correction("2026-06-08", "2026-06-24", "");
    check(
        &waiting.extension("2026-06-09", "2026-06-09", 20),
        "2026-06-09",
        "not due; correction since 2026-06-08 after 5, 15 left; correction_reply 2026-06-24; \
         ! measure_while_suspended",
    );
    // A consultation pushes the last day for the extension too.
    let consulted = received("2026-06-01").third_party("2026-06-08", "", "2026-06-15");
    check(&consulted.extension("2026-07-06", "2026-07-06", 5), "2026-07-06", "due 2026-07-13; 5 left");
}

#[test]
fn a_reasonable_delay_sets_the_day() {
    let base = received("2026-06-01");
    check(&base.clone().delay("2026-06-29", "2026-08-31"), "2026-08-30", "due 2026-08-31; 1 left");
    check(
        &base.clone().delay("2026-06-30", "2026-08-31"),
        "2026-06-30",
        "due 2026-06-29; -1 left; ! late_delay",
    );
    check(
        &base.clone().delay("2026-06-15", "2026-06-29"),
        "2026-06-29",
        "due 2026-06-29; 0 left; ! delay_not_later",
    );
    // It never takes away what consultations give.
    let consulted = base.delay("2026-06-05", "2026-06-30").third_party("2026-06-08", "", "2026-06-15");
    check(&consulted, "2026-06-15", "due 2026-07-06; 15 left");
}

#[test]
fn a_payment_restarts_the_period() {
    let base = received("2026-06-01");
    let waiting = "not due; fee since 2026-06-15 after 10, 10 left; fee_payment 2026-07-14";
    check(&base.clone().fee("2026-06-15", "2026-06-16", ""), "2026-06-20", waiting);
    let unknown = "not due; fee since 2026-06-15 after 10, 10 left; fee_payment 2026-07-13";
    check(&base.clone().fee("2026-06-15", "", ""), "2026-06-20", unknown);
    check(&base.clone().fee("2026-06-15", "", "2026-06-22"), "2026-06-22", "due 2026-07-20; 20 left");
    let on_the_last_day = base.clone().fee("2026-06-29", "", "2026-07-06");
    check(&on_the_last_day, "2026-07-06", "due 2026-08-03; 20 left");
    let paid_late = base.clone().fee("2026-06-15", "2026-06-16", "2026-07-15");
    check(&paid_late, "2026-07-15", "due 2026-08-12; 20 left; ! late_payment");
    for paid in ["", "2026-07-06"] {
        let late = base.clone().fee("2026-06-30", "", paid);
        check(&late, "2026-06-30", "due 2026-06-29; -1 left; ! late_fee_notice");
    }
}

#[test]
fn a_correction_and_a_fee_together_wait_for_both() {
    let facts = received("2026-06-01").correction("2026-06-08", "2026-06-22", "2026-06-15");
    check(
        &facts.clone().fee("2026-06-10", "", ""),
        "2026-06-16",
        "not due; fee since 2026-06-10 after 0, 20 left; fee_payment 2026-07-08",
    );
    check(&facts.fee("2026-06-10", "", "2026-06-22"), "2026-06-22", "due 2026-07-20; 20 left");
}

#[test]
fn an_order_to_answer_anew_starts_a_period() {
    check(&reopened("2026-06-01", None), "2026-06-10", "due 2026-06-29; 13 left");
    let fixed = reopened("2026-06-01", Some("2026-06-15"));
    check(&fixed, "2026-06-10", "due 2026-06-15; 3 left");
    // What was done in the earlier handling is not counted, nor a fault.
    let earlier = reopened("2026-06-01", None)
        .correction("2026-03-02", "", "")
        .extension("2026-03-20", "2026-03-20", 20)
        .closed("2026-04-01");
    check(&earlier, "2026-06-10", "due 2026-06-29; 13 left");
    let moved = fixed
        .correction("2026-06-03", "2026-06-10", "")
        .third_party("2026-06-03", "", "")
        .extension("2026-06-03", "2026-06-03", 5)
        .delay("2026-06-03", "2026-07-31")
        .fee("2026-06-03", "", "");
    let refused = "! order_fixes_day; ".repeat(5);
    check(&moved, "2026-06-10", &format!("due 2026-06-15; 3 left; {}", refused.trim_end_matches("; ")));
}

#[test]
fn closing_stops_the_clock() {
    let base = received("2026-06-01");
    check(
        &base.clone().closed("2026-06-10"),
        "2026-08-01",
        "due 2026-06-29; closed 2026-06-10, 0 late, 7 used",
    );
    check(
        &base.clone().closed("2026-06-29"),
        "2026-08-01",
        "due 2026-06-29; closed 2026-06-29, 0 late, 20 used",
    );
    check(
        &base.clone().closed("2026-07-01"),
        "2026-08-01",
        "due 2026-06-29; closed 2026-07-01, 2 late, 22 used",
    );
    check(
        &received("2026-05-29").closed("2026-06-27"),
        "2026-08-01",
        "due 2026-06-26; closed 2026-06-27, 1 late, 20 used",
    );
    let abandoned = base.clone().correction("2026-06-10", "2026-06-24", "").closed("2026-06-25");
    check(&abandoned, "2026-08-01", "not due; closed 2026-06-25, 0 late, 7 used");
    let unanswered = base.third_party("2026-06-08", "", "").closed("2026-06-12");
    check(&unanswered, "2026-08-01", "due 2026-07-20; closed 2026-06-12, 0 late, 5 used");
}

#[test]
fn impossible_dates_are_found_and_ignored() {
    let base = received("2026-06-01");
    let late_fact = base.clone().closed("2026-06-10").extension("2026-06-11", "2026-06-11", 5);
    check(&late_fact, "2026-06-12", "due 2026-06-29; closed 2026-06-10, 0 late, 7 used; ! after_closing");
    let returned_after = base.clone().third_party("2026-06-08", "", "2026-06-15").closed("2026-06-12");
    check(
        &returned_after,
        "2026-06-20",
        "due 2026-07-20; closed 2026-06-12, 0 late, 5 used; ! after_closing",
    );
    check(
        &base.clone().closed("2026-05-29"),
        "2026-06-12",
        "due 2026-06-29; closed 2026-05-29, 0 late, 0 used; ! answer_before_receipt",
    );
    let early = base.clone().third_party("2026-05-29", "", "").correction("2026-05-29", "2026-06-30", "");
    check(&early, "2026-06-10", "due 2026-06-29; 13 left; ! before_receipt; ! before_receipt");
    let reversed = base.third_party("2026-06-08", "", "2026-06-05");
    check(&reversed, "2026-06-10", "due 2026-06-29; 13 left; ! out_of_order");
}

#[test]
fn planned_facts_are_a_what_if() {
    let facts = received("2026-06-01");
    let planned = facts.clone().third_party("2026-06-22", "", "");
    check(
        &planned,
        "2026-06-10",
        "due 2026-07-20; consultation since 2026-06-22 after 15, 5 left; opinion_lapse 2026-07-13",
    );
    check(&facts.third_party("2026-06-22", "", "2026-06-24"), "2026-06-10", "due 2026-07-01; 13 left");
}

#[test]
fn measures_have_a_last_safe_day() {
    let check = |facts: &ClockFacts, today: &str, expected: [&str; 3]| {
        let settings = ClockSettings::default();
        let found = Measure::ALL.iter().map(|&it| last_safe_day(facts, &plain(), &settings, day(today), it));
        assert_eq!(found.collect::<Vec<_>>(), expected.map(known), "on {today}");
    };
    let base = received("2026-06-01");
    check(&base, "2026-06-01", ["2026-06-10", "2026-06-26", "2026-06-29"]);
    check(&base, "2026-06-10", ["2026-06-10", "2026-06-26", "2026-06-29"]);
    check(&base, "2026-06-11", ["", "2026-06-26", "2026-06-29"]);
    check(&base, "2026-06-29", ["", "", "2026-06-29"]);
    check(&base, "2026-06-30", ["", "", ""]);
    check(&base.clone().closed("2026-06-05"), "2026-06-05", ["", "", ""]);
    check(&reopened("2026-06-01", Some("2026-06-15")), "2026-06-02", ["", "", ""]);
    let waiting = base.clone().correction("2026-06-03", "2026-06-30", "");
    check(&waiting, "2026-06-04", ["", "", ""]);
    let extended = base.clone().extension("2026-06-03", "2026-06-03", 20);
    check(&extended, "2026-06-04", ["2026-06-10", "2026-07-24", ""]);
    let partly = base.clone().extension("2026-06-03", "2026-06-03", 10);
    check(&partly, "2026-06-15", ["", "2026-07-10", "2026-07-13"]);
    // The last safe days are safe, and the days after are not.
    let settings = ClockSettings::default();
    let due = |facts: &ClockFacts| read(facts, &plain(), &settings, day("2026-06-01")).due.map(|it| it.on);
    assert!(due(&base.clone().third_party("2026-06-26", "", "")) > due(&base));
    assert_eq!(due(&base.clone().third_party("2026-06-29", "", "")), due(&base));
}
