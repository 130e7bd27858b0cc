//! Tables for the arithmetic, and properties: no look ahead, and bounds that hold as often as they say.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::*;
use crate::domain::calendar::tests::day;

fn workdays() -> Workdays {
    Workdays::over(&WorkCalendar::published(), day("2019-01-01"), day("2027-12-31"))
}

/// A case answered so many working days after it came.
fn answered_after(received_on: &str, days: u32) -> Course {
    let received_on = day(received_on);
    let answered_on = Some(WorkCalendar::published().nth_working_day_after(received_on, days).on);
    Course { received_on, answered_on, ..Course::default() }
}

/// Cases that took 1, 2, … `n` working days, all received on 4 March 2024.
fn ladder(n: u32) -> Vec<Course> {
    (1..=n).map(|it| answered_after("2024-03-04", it)).collect()
}

fn open(received_on: &str) -> Course {
    Course { received_on: day(received_on), ..Course::default() }
}

#[test]
fn milestones_stand_in_their_order() {
    for (i, it) in Milestone::ALL.iter().enumerate() {
        assert_eq!(it.place(), i);
    }
}

#[test]
fn a_bound_is_chosen_by_rank() {
    let check = |n: u32, percent: usize, expected: u32| {
        let sorted: Vec<u32> = (1..=n).collect();
        assert_eq!(quantile(&sorted, percent), expected, "{percent}% of 1..={n}");
    };
    check(0, 50, 0);
    check(1, 50, 1);
    check(20, 50, 11); // ceil(10.5)
    check(20, 90, 19); // ceil(18.9)
    check(21, 50, 11);
    check(99, 90, 90);
    check(100, 90, 91); // ceil(90.9)
    check(5, 90, 5); // there is no sixth
}

#[test]
fn a_new_case_may_take_what_others_took() {
    let history = PastCourses::new(&ladder(20), workdays());
    let forecast = history.forecast(&open("2026-03-02"), day("2026-03-02")).unwrap();
    assert_eq!((forecast.n(), forecast.elapsed), (20, 0));
    assert_eq!((forecast.median_days(), forecast.late_days()), (11, 19));
    let calendar = WorkCalendar::published();
    assert_eq!(forecast.median_on(&calendar).unwrap().on, day("2026-03-17"));
    assert_eq!(forecast.late_on(&calendar).unwrap().on, day("2026-03-27"));
    // Due on the 17th working day: the three that took 18 to 20 would have been late.
    assert_eq!(forecast.n_after(&calendar, day("2026-03-25")), Some(3));
    assert_eq!(forecast.n_after(&calendar, day("2026-02-27")), Some(20));
}

#[test]
fn a_case_that_has_waited_is_like_those_that_waited_as_long() {
    let history = PastCourses::new(&ladder(40), workdays());
    let course = open("2026-03-02");
    let forecast = history.forecast(&course, day("2026-03-16")).unwrap(); // the 10th working day
    assert_eq!((forecast.elapsed, forecast.n()), (10, 31)); // 10 to 40 working days
    assert_eq!(forecast.median_days(), 15); // the 16th of 0..=30
    let too_late = history.forecast(&course, day("2026-04-08")); // only those of 26 to 40 are left
    assert_eq!(too_late, Err(TooLittle { n: 15, n_reached: 40 }));
}

#[test]
fn little_history_gives_no_number() {
    let history = PastCourses::new(&ladder(19), workdays());
    let refused = history.forecast(&open("2026-03-02"), day("2026-03-02"));
    assert_eq!(refused, Err(TooLittle { n: 19, n_reached: 19 }));
    assert!(history.paces().is_empty());
}

#[test]
fn pauses_are_not_counted() {
    let mut course = open("2026-06-01");
    course.pauses = vec![
        Pause { after: day("2026-06-08"), returned_on: Some(day("2026-06-15")), lapses_on: None },
        // Overlaps the first.
        Pause { after: day("2026-06-10"), returned_on: None, lapses_on: Some(day("2026-06-16")) },
    ];
    let workdays = workdays();
    assert_eq!(workdays.between(day("2026-06-01"), day("2026-06-18")), 13);
    assert_eq!(workdays.worked(&course, day("2026-06-01"), day("2026-06-18")), 7);
    assert_eq!(course.pause_on(day("2026-06-12")), Some(Some(day("2026-06-16"))));
    assert_eq!(course.pause_on(day("2026-06-16")), None);
}

#[test]
fn nothing_is_promised_while_nobody_knows_when_work_goes_on() {
    let history = PastCourses::new(&ladder(25), workdays());
    let mut course = open("2026-03-02");
    course.pauses = vec![Pause { after: day("2026-03-04"), returned_on: None, lapses_on: None }];
    let forecast = history.forecast(&course, day("2026-03-20")).unwrap();
    assert_eq!((forecast.elapsed, forecast.is_still()), (2, true));
    let calendar = WorkCalendar::published();
    assert_eq!((forecast.median_on(&calendar), forecast.n_after(&calendar, day("2026-04-01"))), (None, None));
    // An opinion is awaited no longer than its period.
    course.pauses[0].lapses_on = Some(day("2026-03-25"));
    let forecast = history.forecast(&course, day("2026-03-20")).unwrap();
    let from = forecast.median_on(&calendar).unwrap().on;
    assert_eq!(calendar.working_days_between(day("2026-03-25"), from), forecast.median_days());
}

#[test]
fn extended_cases_are_like_extended_ones() {
    let mut courses = ladder(30);
    courses.extend((21..=45).map(|it| Course {
        extended_on: Some(day("2024-03-25")), // the 15th working day
        ..answered_after("2024-03-04", it)
    }));
    let history = PastCourses::new(&courses, workdays());
    let mut course = open("2026-03-02");
    let today = day("2026-03-27"); // the 19th working day
    assert_eq!(history.forecast(&course, today).unwrap_err().n, 12);
    course.extended_on = Some(day("2026-03-20"));
    let forecast = history.forecast(&course, today).unwrap();
    assert_eq!((forecast.n(), forecast.median_days(), forecast.is_extended), (25, 14, true));
    // Before the extension those that were to be extended are like it too.
    assert_eq!(history.forecast(&open("2026-03-02"), day("2026-03-02")).unwrap().n(), 55);
}

#[test]
fn each_milestone_has_its_own_stretch() {
    let calendar = WorkCalendar::published();
    let courses: Vec<_> = (0..25)
        .map(|i| {
            let received_on = day("2024-03-04");
            let on = |n| Some(calendar.nth_working_day_after(received_on, n).on);
            Course {
                received_on,
                drafted_on: on(8),
                reviewed_on: on(10 + i % 3),
                signed_on: on(14),
                answered_on: on(15),
                ..Course::default()
            }
        })
        .collect();
    let history = PastCourses::new(&courses, workdays());
    let paces: Vec<_> = history.paces().iter().map(|it| (it.from, it.median, it.late)).collect();
    assert_eq!(
        paces,
        [
            (Milestone::Received, 8, 8),
            (Milestone::Drafted, 3, 4),
            (Milestone::Reviewed, 3, 4),
            (Milestone::Signed, 1, 1)
        ]
    );
    let course = Course { drafted_on: Some(day("2026-03-10")), ..open("2026-03-02") };
    let forecast = history.forecast(&course, day("2026-03-12")).unwrap();
    assert_eq!((forecast.milestone, forecast.elapsed, forecast.median_days()), (Milestone::Drafted, 2, 5));
}

#[test]
fn a_register_of_receipts_and_replies_serves_every_case() {
    let history = PastCourses::new(&ladder(30), workdays());
    let course = Course { drafted_on: Some(day("2026-03-10")), ..open("2026-03-02") };
    let forecast = history.forecast(&course, day("2026-03-10")).unwrap();
    assert_eq!((forecast.milestone, forecast.elapsed, forecast.n()), (Milestone::Received, 6, 25));
}

#[test]
fn a_department_with_history_enough_speaks_for_itself() {
    let mut courses = ladder(30);
    let mine = Some(crate::domain::ids::DepartmentId(7));
    courses.extend((0..20).map(|_| Course { department: mine, ..answered_after("2024-03-04", 5) }));
    let history = PastCourses::new(&courses, workdays());
    let course = Course { department: mine, ..open("2026-03-02") };
    let forecast = history.forecast(&course, day("2026-03-02")).unwrap();
    assert_eq!((forecast.of_department, forecast.n(), forecast.late_days()), (true, 20, 5));
    let other = Course { department: Some(crate::domain::ids::DepartmentId(8)), ..course };
    assert_eq!(history.forecast(&other, day("2026-03-02")).unwrap().n(), 50);
}

/// Numbers that look random and are the same each time (PCG constants, upper bits).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(n)).unwrap()
    }
}

/// Cases received over five years. Each step takes what `step` throws.
fn generated(seed: u64, n: u32, pauses: bool, step: impl Fn(&mut Dice) -> u32) -> Vec<Course> {
    let calendar = WorkCalendar::published();
    let mut dice = Dice(seed);
    (0..n)
        .map(|_| {
            let received_on = day("2020-01-06") + Days::new(dice.below(1_825).into());
            let mut at = received_on;
            let mut next = |dice: &mut Dice| {
                at = calendar.nth_working_day_after(at, step(dice)).on;
                Some(at)
            };
            let (drafted_on, reviewed_on, signed_on) = (next(&mut dice), next(&mut dice), next(&mut dice));
            let mut answered_on = next(&mut dice);
            let mut course = Course { received_on, drafted_on, reviewed_on, signed_on, ..Course::default() };
            if pauses && dice.below(4) == 0 {
                // It stood still before the draft, so that everything after is later.
                let length = 1 + dice.below(15);
                let later =
                    |it: Option<NaiveDate>| it.map(|it| calendar.nth_working_day_after(it, length).on);
                let returned = calendar.nth_working_day_after(received_on, length).on;
                course.pauses =
                    vec![Pause { after: received_on, returned_on: Some(returned), lapses_on: None }];
                course.drafted_on = later(drafted_on);
                course.reviewed_on = later(reviewed_on);
                course.signed_on = later(signed_on);
                answered_on = later(answered_on);
            }
            Course { answered_on, ..course }
        })
        .collect()
}

/// The later bound holds in about nine of ten forecasts, the median in about half.
#[track_caller]
fn check_coverage(seed: u64, pauses: bool, step: impl Fn(&mut Dice) -> u32) {
    let courses = generated(seed, 900, pauses, step);
    let result = backtest(&courses, &workdays(), &WorkCalendar::published(), 500);
    let total = result.total();
    assert!(1_500 < total.n, "{total:?}");
    let percent = |n: usize| n * 100 / total.n;
    // Whole days are coarse, so that bounds hold somewhat oftener than they promise, never much rarer.
    assert!((87..=97).contains(&percent(total.n_by_late)), "{} {total:?}", percent(total.n_by_late));
    assert!((45..=68).contains(&percent(total.n_by_median)), "{} {total:?}", percent(total.n_by_median));
}

#[test]
fn bounds_hold_as_often_as_they_say() {
    check_coverage(1, false, |dice| dice.below(12));
    // Long tails: most steps are short, some very long.
    check_coverage(2, false, |dice| if dice.below(10) == 0 { 10 + dice.below(30) } else { dice.below(4) });
    // Two kinds of cases.
    check_coverage(3, false, |dice| if dice.below(2) == 0 { 2 + dice.below(3) } else { 9 + dice.below(5) });
    check_coverage(4, true, |dice| dice.below(10));
}

#[test]
fn a_wrong_bound_would_be_found_out() {
    // The same back-test over an office that grew three times slower: the past promised too much.
    let mut courses = generated(5, 500, false, |dice| 1 + dice.below(4));
    let slow = generated(6, 200, false, |dice| 8 + dice.below(12));
    courses.extend(slow.into_iter().map(|it| {
        let shift = |day: NaiveDate| day + Days::new(2_000);
        Course {
            received_on: shift(it.received_on),
            drafted_on: it.drafted_on.map(shift),
            reviewed_on: it.reviewed_on.map(shift),
            signed_on: it.signed_on.map(shift),
            answered_on: it.answered_on.map(shift),
            ..it
        }
    }));
    let workdays = Workdays::over(&WorkCalendar::published(), day("2019-01-01"), day("2032-12-31"));
    let first_slow = backtest(&courses, &workdays, &WorkCalendar::published(), 190).total();
    assert!(first_slow.n_by_late * 100 / first_slow.n < 87, "{first_slow:?}");
}

fn a_day() -> impl Strategy<Value = NaiveDate> {
    (0u64..1_500).prop_map(|it| day("2021-01-04") + Days::new(it))
}

fn a_course() -> impl Strategy<Value = Course> {
    let pause =
        proptest::option::of((0u64..30, proptest::option::of(0u64..40), proptest::option::of(1u64..25)));
    let parts =
        (a_day(), 0u64..30, 0u64..12, 0u64..9, 0u64..9, pause, proptest::option::of(0u64..30), 0i32..3);
    parts.prop_map(|(received_on, a, b, c, d, pause, extended, department)| {
        let after = |n: u64| received_on + Days::new(n);
        Course {
            department: (0 < department).then_some(crate::domain::ids::DepartmentId(department)),
            handler: None,
            received_on,
            drafted_on: Some(after(a)),
            reviewed_on: Some(after(a + b)),
            signed_on: Some(after(a + b + c)),
            extended_on: extended.map(after),
            pauses: pause
                .into_iter()
                .map(|(from, returned, lapses)| Pause {
                    after: after(from),
                    returned_on: returned.map(|it| after(from + it)),
                    lapses_on: lapses.map(|it| after(from + it)),
                })
                .collect(),
            answered_on: Some(after(a + b + c + d)),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// What happens after a day changes nothing of what is foretold on it.
    #[test]
    fn a_forecast_does_not_look_ahead(
        courses in proptest::collection::vec(a_course(), 60..120),
        others in proptest::collection::vec(a_course(), 60..120),
        today in a_day(),
        which in 0usize..60,
    ) {
        let known = PastCourses::new(&courses, workdays()).forecast(&courses[which].as_of(today), today);
        // Every case still open on the day takes another course from then on; the one foretold, too.
        let changed: Vec<Course> = courses.iter().zip(others.iter().cycle()).map(|(course, other)| {
            if course.answered_on.is_some_and(|it| it < today) { return course.clone() }
            let later = |it: Option<NaiveDate>, other: Option<NaiveDate>| {
                it.filter(|it| *it <= today).or(other.map(|it| it.max(today + Days::new(1))))
            };
            let mut pauses = course.as_of(today).pauses;
            for pause in &mut pauses {
                pause.returned_on = later(pause.returned_on, other.drafted_on);
            }
            pauses.push(Pause { after: today + Days::new(1), returned_on: None, lapses_on: None });
            Course {
                drafted_on: later(course.drafted_on, other.drafted_on),
                reviewed_on: later(course.reviewed_on, other.reviewed_on),
                signed_on: later(course.signed_on, None),
                extended_on: later(course.extended_on, other.extended_on),
                pauses,
                answered_on: other.answered_on.map(|it| it.max(today)),
                ..course.clone()
            }
        }).collect();
        let again = PastCourses::new(&changed, workdays()).forecast(&changed[which].as_of(today), today);
        prop_assert_eq!(known, again);
    }

    /// Bounds are in order, and promise no day that has passed.
    #[test]
    fn bounds_are_in_order(courses in proptest::collection::vec(a_course(), 30..90), today in a_day()) {
        let history = PastCourses::new(&courses, workdays());
        let calendar = WorkCalendar::published();
        for course in &courses {
            let Ok(forecast) = history.forecast(&course.as_of(today), today) else { continue };
            prop_assert!(forecast.median_days() <= forecast.late_days());
            if let (Some(median), Some(late)) = (forecast.median_on(&calendar), forecast.late_on(&calendar)) {
                prop_assert!(today <= median.on && median.on <= late.on);
                let n_late = forecast.n_after(&calendar, late.on).unwrap();
                prop_assert!(n_late * 10 <= forecast.n());
            }
        }
    }
}
