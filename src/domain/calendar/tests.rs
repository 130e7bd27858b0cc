use proptest::prelude::*;

use super::*;

/// The day written so.
pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|_| panic!("{text} is no day"))
}

fn named(text: &str) -> NamedDay {
    NamedDay { date: day(text), name: "节".to_owned() }
}

/// A notice made for a test.
pub(crate) fn notice(year: i32, rest: &[&str], work: &[&str]) -> YearNotice {
    build(year, rest, work).unwrap()
}

fn build(year: i32, rest: &[&str], work: &[&str]) -> Result<YearNotice, NoticeError> {
    let source = NoticeSource { source: "test".to_owned() };
    let list = |days: &[&str]| days.iter().map(|it| named(it)).collect();
    YearNotice::new(year, vec![source], list(rest), list(work))
}

#[test]
fn the_built_in_notices_are_sound() {
    let years: Vec<i32> = WorkCalendar::published_notices().iter().map(YearNotice::year).collect();
    assert_eq!(years, (2018..=2026).collect::<Vec<_>>());
    assert_eq!(WorkCalendar::published().years(), years);
    for (notice, text) in WorkCalendar::published_notices().into_iter().zip(PUBLISHED) {
        assert_eq!(notice.clone().for_year(notice.year()).as_ref(), Ok(&notice));
        assert!(notice.notices().iter().all(|it| it.source.contains("www.gov.cn/zhengce/")));
        // Only the amended notice of 2020 says when work begins again: "2月3日（星期一）起正常上班".
        let weekend = |it: &NamedDay| matches!(it.date.weekday(), Weekday::Sat | Weekday::Sun);
        assert!(notice.work().iter().all(|it| weekend(it) || it.date == day("2020-02-03")));
        let written: serde_json::Value = serde_json::to_value(&notice).unwrap();
        assert_eq!(written, serde_json::from_str::<serde_json::Value>(text).unwrap());
    }
}

#[test]
fn the_years_have_the_working_days_they_had() {
    let calendar = WorkCalendar::published();
    let count = |year: i32| {
        calendar.working_days_between(day(&format!("{}-12-31", year - 1)), day(&format!("{year}-12-31")))
    };
    assert_eq!((2019..=2026).map(count).collect::<Vec<_>>(), [250, 249, 250, 249, 249, 251, 248, 248]);
}

/// The vectors of the law file, section 9: day 7, 15, 20 and 40 after the day of receipt.
#[test]
fn counting_starts_on_the_first_working_day_after() {
    let check = |from: &str, expected: [&str; 4]| {
        let calendar = WorkCalendar::published();
        let counted = [7, 15, 20, 40].map(|n| calendar.add_working_days(day(from), n).on);
        assert_eq!(counted, expected.map(day), "from {from}");
        let plain = [7, 15, 20, 40].map(|n| calendar.nth_working_day_after(day(from), n).on);
        assert_eq!(plain, counted);
        let back = counted.map(|it| calendar.working_days_between(day(from), it));
        assert_eq!(back, [7, 15, 20, 40]);
    };
    check("2025-12-15", ["2025-12-24", "2026-01-06", "2026-01-13", "2026-02-10"]);
    check("2025-12-31", ["2026-01-12", "2026-01-22", "2026-01-29", "2026-03-04"]);
    check("2026-01-04", ["2026-01-13", "2026-01-23", "2026-01-30", "2026-03-05"]);
    check("2026-02-09", ["2026-02-25", "2026-03-06", "2026-03-13", "2026-04-13"]);
    check("2026-02-14", ["2026-03-03", "2026-03-13", "2026-03-20", "2026-04-20"]);
    check("2026-04-30", ["2026-05-13", "2026-05-25", "2026-06-01", "2026-06-30"]);
    check("2026-09-18", ["2026-09-29", "2026-10-15", "2026-10-22", "2026-11-19"]);
}

#[test]
fn counting_explains_the_days_it_passes() {
    let calendar = WorkCalendar::published();
    let counted = calendar.add_working_days(day("2026-09-18"), 15);
    let show = |days: &[NamedDay]| {
        days.iter()
            .map(|it| format!("{} {}", it.date.format("%m-%d"), it.name))
            .collect::<Vec<_>>()
            .join(", ")
    };
    assert_eq!(
        show(&counted.rest_days),
        "09-19 周六, 09-25 中秋节, 09-26 中秋节, 09-27 中秋节, 10-01 国庆节, 10-02 国庆节, 10-03 国庆节, \
         10-04 国庆节, 10-05 国庆节, 10-06 国庆节, 10-07 国庆节, 10-11 周日"
    );
    assert_eq!(show(&counted.make_up), "09-20 国庆节, 10-10 国庆节");
    assert_eq!(calendar.add_working_days(day("2026-10-03"), 0).on, day("2026-10-03"));
}

/// Kind and settledness of a day in the published calendar.
#[track_caller]
fn check_day(text: &str, expected: &str) {
    let calendar = WorkCalendar::published();
    let CalendarDay { kind, provisional } = calendar.day(day(text));
    let kind = match kind {
        DayKind::Working => "working".to_owned(),
        DayKind::MakeUp { name } => format!("made up for {name}"),
        DayKind::Weekend => "weekend".to_owned(),
        DayKind::Holiday { name } => name.to_owned(),
    };
    assert_eq!(format!("{kind}{}", if provisional { "?" } else { "" }), expected, "{text}");
    assert_eq!(calendar.is_working_day(day(text)), calendar.day(day(text)).kind.is_working());
}

#[test]
fn days_are_what_the_notices_say() {
    check_day("2026-11-24", "working");
    check_day("2026-11-28", "weekend");
    check_day("2026-10-10", "made up for 国庆节");
    check_day("2026-10-05", "国庆节");
    check_day("2020-01-31", "春节"); // by the second notice of that year
    check_day("2026-05-06", "working");
}

#[test]
fn the_end_of_december_is_set_by_the_next_notice() {
    check_day("2018-12-29", "made up for 元旦");
    check_day("2018-12-31", "元旦");
    check_day("2022-12-31", "元旦");
    check_day("2025-12-31", "working");
    check_day("2026-12-28", "working");
    check_day("2026-12-29", "working?");
    check_day("2026-12-31", "working?");
}

#[test]
fn years_without_a_notice_are_provisional() {
    check_day("2027-01-01", "元旦?");
    check_day("2027-01-04", "working?");
    check_day("2027-05-02", "劳动节?");
    check_day("2027-05-03", "working?");
    check_day("2027-10-07", "国庆节?");
    check_day("2027-10-08", "working?");
    check_day("2027-03-06", "weekend?");
    check_day("2017-12-28", "working?");
    check_day("2017-10-03", "国庆节?");
    check_day("1999-06-01", "working?");
    assert!(WorkCalendar::from_notices([]).day(day("2026-06-01")).provisional);
    let calendar = WorkCalendar::published();
    assert_eq!(calendar.missing_notice(day("2026-12-28")), None);
    assert_eq!(calendar.missing_notice(day("2026-12-30")), Some(2027));
    assert_eq!(calendar.missing_notice(day("2028-02-01")), Some(2028));
    assert!(calendar.nth_working_day_after(day("2026-12-01"), 20).provisional);
    assert!(!calendar.nth_working_day_after(day("2026-12-01"), 19).provisional);
}

#[test]
fn a_day_of_december_named_by_the_next_notice_alone_is_settled() {
    let calendar = WorkCalendar::from_notices([notice(2028, &["2027-12-31", "2028-01-01"], &[])]);
    assert!(!calendar.is_provisional(day("2027-12-31")));
    assert!(calendar.is_provisional(day("2027-12-30")));
}

#[test]
fn notices_are_merged_by_day() {
    let (old, new) = (notice(2028, &["2028-12-31"], &[]), notice(2029, &["2029-01-01"], &["2028-12-31"]));
    for order in [[old.clone(), new.clone()], [new.clone(), old]] {
        let calendar = WorkCalendar::from_notices(order);
        assert_eq!(calendar.day(day("2028-12-31")).kind, DayKind::MakeUp { name: "节" }); // a Sunday
    }
    let amended = notice(2029, &["2029-01-02"], &[]);
    let calendar = WorkCalendar::from_notices([new, amended]);
    assert!(!calendar.is_working_day(day("2029-01-01")) && !calendar.is_working_day(day("2029-01-02")));
    // A working day that a notice calls one stays an ordinary one.
    let plain = WorkCalendar::from_notices([notice(2028, &["2028-01-01"], &["2028-01-04"])]);
    assert_eq!(plain.day(day("2028-01-04")).kind, DayKind::Working);
}

#[test]
fn what_is_no_notice_is_refused() {
    let refusal = |found: Result<YearNotice, NoticeError>| found.unwrap_err().to_string();
    let text = r#"{"year":2027,"notices":[],"rest":[],"work":[]}"#;
    assert_eq!(refusal(YearNotice::from_json(text)), "the notice for 2027 names no source");
    assert!(serde_json::from_str::<YearNotice>(text).is_err());
    let unknown = r#"{"year":2027,"notices":[],"rest":[],"work":[],"note":1}"#;
    assert!(
        refusal(YearNotice::from_json(unknown)).starts_with("not a holiday notice: unknown field `note`")
    );
    assert_eq!(refusal(build(2027, &[], &[])), "the notice for 2027 names no rest day");
    assert_eq!(
        refusal(build(12, &["2027-01-01"], &[])),
        "no holiday notice for the year 12: expected 2000 to 2199"
    );
    let twice = build(2027, &["2027-01-01", "2027-01-01"], &[]);
    assert_eq!(refusal(twice), "2027-01-01 is named twice");
    let both = build(2027, &["2027-01-02"], &["2027-01-02"]);
    assert_eq!(refusal(both), "2027-01-02 is named both as a rest day and as a working day");
    for outside in ["2026-11-30", "2028-01-01", "2025-12-31"] {
        let expected = format!("{outside} is neither in 2027 nor in the December before");
        assert_eq!(refusal(build(2027, &["2027-01-01"], &[outside])), expected);
    }
    assert!(build(2027, &["2026-12-31"], &["2026-12-27"]).is_ok());
    let mismatch = notice(2027, &["2027-01-01"], &[]).for_year(2026);
    assert_eq!(refusal(mismatch), "the notice is for 2027, not for 2026");
}

proptest! {
    #[test]
    fn counting_forth_and_back_agree(offset in 0i64..4000, n in 0u32..60) {
        let calendar = WorkCalendar::published();
        let from = day("2017-06-01") + chrono::Duration::days(offset);
        let due = calendar.nth_working_day_after(from, n);
        prop_assert_eq!(calendar.working_days_between(from, due.on), n);
        prop_assert!(n == 0 || calendar.is_working_day(due.on));
        prop_assert_eq!(due.provisional, days_after(from, due.on).any(|it| calendar.is_provisional(it)));
        let full = calendar.add_working_days(from, n);
        let (passed, rest) = ((due.on - from).num_days(), i64::try_from(full.rest_days.len()).unwrap());
        prop_assert_eq!(passed - rest, i64::from(n));
    }
}
