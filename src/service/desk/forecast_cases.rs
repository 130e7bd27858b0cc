//! Forecasts of an office: what its past cases say of the open ones, the likely breaches, the load of each
//! handler, and how often such forecasts were right.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::{Days, NaiveDate};

use crate::domain::calendar::WorkCalendar;
use crate::domain::case::Case;
use crate::domain::forecast::{
    BackTest, Course, Forecast, PastCourses, TooLittle, Workdays, backtest, quantile,
};
use crate::domain::ids::AgencyId;
use crate::domain::labels::Coded;
use crate::domain::urgency::has_passed;
use crate::domain::workflow::Action;
use crate::service::{Rules, ServiceError};
use crate::storage::DbConnection;
use crate::storage::case::cases;
use crate::storage::desk::courses;
use crate::storage::desk::courses::OpenCase;
pub use crate::storage::journal::Entry;

/// How far back history reaches, in days: three years.
const REACH: u64 = 3 * 365;
/// The latest replies that are asked; more say no more, and take longer to ask.
pub const MAX_PAST: usize = 1_000;
/// The latest replies that are foretold to see how often the forecast was right.
const MAX_TESTED: usize = 300;
/// How far ahead breaches are looked for, in working days.
pub const AHEAD: u32 = 20;
/// Open cases looked at for breaches, the first due first.
pub const MAX_OPEN: usize = 5_000;
/// Lines of the list of breaches.
pub const MAX_BREACHES: usize = 100;
/// Working days over which the pace of a handler is taken.
pub const PACE_DAYS: u32 = 60;
/// Fewer replies than this give a handler no pace.
pub const MIN_PACE: i64 = 5;
/// Days after today that spans may still reach: a case takes no longer.
const FORWARD: u64 = 1_000;

/// The past of an office, as of a day.
#[derive(Debug, Clone)]
pub struct OfficePast {
    /// The day.
    pub today: NaiveDate,
    /// The cases that ended with a reply.
    courses: Vec<Course>,
    /// The same, ready to be asked.
    pub history: PastCourses,
    workdays: Workdays,
    /// How often forecasts were right; found out when first asked.
    tested: OnceLock<BackTest>,
}

impl OfficePast {
    /// How often forecasts were right.
    pub fn backtest(&self, calendar: &WorkCalendar) -> &BackTest {
        self.tested.get_or_init(|| backtest(&self.courses, &self.workdays, calendar, MAX_TESTED))
    }
}

/// Reads the past of an agency: the latest replies of the last three years, each with its course.
pub fn office_past(
    conn: &mut DbConnection,
    calendar: &WorkCalendar,
    agency: AgencyId,
    today: NaiveDate,
) -> Result<OfficePast, ServiceError> {
    let since = today.checked_sub_days(Days::new(REACH)).unwrap_or(today);
    let limit = i64::try_from(MAX_PAST).unwrap_or(i64::MAX);
    let answered = courses::answered(conn, agency, since, limit)?;
    let ids: Vec<String> = answered.iter().map(|it| it.id.clone()).collect();
    let steps = courses::steps(conn, &ids)?;
    let courses: Vec<Course> = answered
        .into_iter()
        .map(|it| {
            let mut course = Course::of_clock(&it.clock, calendar);
            (course.department, course.handler) = (it.department, it.handler);
            let steps = steps.get(&it.id).map_or(&[][..], Vec::as_slice);
            reach(&mut course, steps.iter().map(|(action, day)| (action.as_str(), *day)));
            // A register kept elsewhere has the dates of its replies, and no journal of them.
            course.reviewed_on = course.reviewed_on.or(it.reviewed_on);
            course.signed_on = course.signed_on.or(it.signed_on);
            course
        })
        .collect();
    let first = courses.iter().map(|it| it.received_on).min().unwrap_or(since);
    let workdays = Workdays::over(calendar, first.min(since), today + Days::new(FORWARD));
    let history = PastCourses::new(&courses, workdays.clone());
    Ok(OfficePast { today, courses, history, workdays, tested: OnceLock::new() })
}

/// Adds the milestones that the journal tells, in its order. What was before a new reply was ordered
/// belongs to the round before.
fn reach<'a>(course: &mut Course, steps: impl Iterator<Item = (&'a str, NaiveDate)>) {
    for (action, day) in steps {
        let is = |it: Action| action == it.code();
        if is(Action::Reopen) {
            (course.drafted_on, course.reviewed_on, course.signed_on) = (None, None, None);
        } else if is(Action::SubmitDraft) {
            course.drafted_on.get_or_insert(day);
        } else if is(Action::Agree) || is(Action::AgreeWithChanges) {
            course.reviewed_on.get_or_insert(day);
        } else if is(Action::SignOff) {
            course.signed_on.get_or_insert(day);
        }
    }
}

/// The course of an open case, by its facts and its journal.
pub fn course_of(case: &Case, journal: &[Entry], calendar: &WorkCalendar) -> Course {
    let mut course = Course::of_clock(&case.clock, calendar);
    (course.department, course.handler, course.answered_on) = (case.department_id, case.handler_id, None);
    reach(&mut course, journal.iter().map(|it| (it.action.as_str(), it.known_on)));
    course
}

/// What the past says of one open case; none where it is not open, or not yet confirmed as received.
pub fn forecast_of(
    past: &OfficePast,
    case: &Case,
    journal: &[Entry],
    calendar: &WorkCalendar,
) -> Option<Result<Forecast, TooLittle>> {
    if !case.status.has_due_date() {
        return None;
    }
    Some(past.history.forecast(&course_of(case, journal, calendar), past.today))
}

/// An open case that may be answered late.
#[derive(Debug, Clone, PartialEq)]
pub struct Breach {
    /// The case.
    pub case: OpenCase,
    /// What the past says of it.
    pub forecast: Forecast,
    /// The number of past cases that would be late.
    pub n_late: usize,
}

impl Breach {
    /// Whether at least half of the past cases would be late.
    pub fn is_likely(&self) -> bool {
        self.forecast.n() <= self.n_late * 2
    }
}

/// What one handler has to do, against what he or she has done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Load {
    /// The account; none for what is in nobody's hands.
    pub handler: Option<String>,
    /// The person's name; empty for nobody, and where the account is of another agency.
    pub name: String,
    /// Open cases.
    pub n_open: i64,
    /// Of these, those that wait for a correction or a payment.
    pub n_waiting: i64,
    /// Of these, overdue.
    pub n_overdue: i64,
    /// Due within 5, 10 and 20 working days, the overdue ones among them.
    pub due: [i64; 3],
    /// Replies in the last [`PACE_DAYS`] working days.
    pub n_answered: i64,
    /// Working days that half of the person's past cases took at most, and of how many.
    pub usual: Option<(u32, usize)>,
}

impl Load {
    /// How many cases the person answers in so many working days at the pace so far; none where that is
    /// not known.
    pub fn at_pace(&self, days: u32) -> Option<i64> {
        (MIN_PACE <= self.n_answered)
            .then(|| self.n_answered.saturating_mul(days.into()) / i64::from(PACE_DAYS))
    }

    /// Whether more is due in [`AHEAD`] working days than the person answers at the pace so far.
    pub fn is_over(&self) -> bool {
        self.at_pace(AHEAD).is_some_and(|it| it < self.due[2])
    }
}

/// The outlook of an office.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// The last of the days looked at.
    pub through: NaiveDate,
    /// Cases that may be late, the likeliest first.
    pub breaches: Vec<Breach>,
    /// How many are likely to be late, the ones beyond the list among them.
    pub n_likely: usize,
    /// How many others may be late, with one in ten of the past cases or more.
    pub n_possible: usize,
    /// The number of cases due by then that were looked at.
    pub n_looked: usize,
    /// Whether there are more, which were not.
    pub has_more: bool,
    /// Of how many too little is known.
    pub n_silent: usize,
    /// Overdue already.
    pub n_overdue: i64,
    /// By handler.
    pub loads: Vec<Load>,
}

/// Looks ahead: the breaches of the next [`AHEAD`] working days, and the load of each handler.
pub fn outlook(
    conn: &mut DbConnection,
    rules: &Rules,
    past: &OfficePast,
    agency: AgencyId,
) -> Result<Outlook, ServiceError> {
    let (calendar, today) = (&rules.calendar, past.today);
    let through = calendar.nth_working_day_after(today, AHEAD).on;
    let limit = i64::try_from(MAX_OPEN).unwrap_or(i64::MAX).saturating_add(1);
    let mut open = courses::due_between(conn, agency, today, through, limit)?;
    let has_more = MAX_OPEN < open.len();
    open.truncate(MAX_OPEN);
    let ids: Vec<String> = open.iter().map(|it| it.id.clone()).collect();
    let steps = courses::steps(conn, &ids)?;
    let (mut breaches, mut n_silent, n_looked) = (Vec::new(), 0, open.len());
    for case in open {
        let mut course = Course::of_clock(&case.clock, calendar);
        (course.department, course.handler, course.answered_on) = (case.department, case.handler, None);
        let steps = steps.get(&case.id).map_or(&[][..], Vec::as_slice);
        reach(&mut course, steps.iter().map(|(action, day)| (action.as_str(), *day)));
        let Ok(forecast) = past.history.forecast(&course, today) else {
            n_silent += 1;
            continue;
        };
        let Some(n_late) = forecast.n_after(calendar, case.due_on) else { continue };
        // One in ten is the risk that the later bound leaves.
        if forecast.n() <= n_late * 10 && 0 < n_late {
            breaches.push(Breach { case, forecast, n_late });
        }
    }
    // The greater share first; shares are compared without division.
    breaches.sort_by(|a, b| {
        let share = (b.n_late * a.forecast.n()).cmp(&(a.n_late * b.forecast.n()));
        share.then_with(|| (a.case.due_on, &a.case.id).cmp(&(b.case.due_on, &b.case.id)))
    });
    let n_likely = breaches.iter().filter(|it| it.is_likely()).count();
    let n_possible = breaches.len() - n_likely;
    breaches.truncate(MAX_BREACHES);
    let loads = loads(conn, calendar, past, agency)?;
    let n_overdue = loads.iter().map(|it| it.n_overdue).sum();
    Ok(Outlook { through, breaches, n_likely, n_possible, n_looked, has_more, n_silent, n_overdue, loads })
}

fn loads(
    conn: &mut DbConnection,
    calendar: &WorkCalendar,
    past: &OfficePast,
    agency: AgencyId,
) -> Result<Vec<Load>, ServiceError> {
    let today = past.today;
    let last = [5, 10, AHEAD].map(|n| calendar.nth_working_day_after(today, n).on);
    let mut loads: BTreeMap<Option<String>, Load> = BTreeMap::new();
    for (handler, due_on, waiting_for, n) in courses::open_by_handler(conn, agency)? {
        let load = loads.entry(handler).or_default();
        load.n_open += n;
        if waiting_for.is_some_and(|it| it.0.is_of_applicant()) {
            load.n_waiting += n;
            continue;
        }
        load.n_overdue += if has_passed(due_on, today) { n } else { 0 };
        for (sum, last) in load.due.iter_mut().zip(last) {
            *sum += if due_on <= last { n } else { 0 };
        }
    }
    let since = days_back(calendar, today, PACE_DAYS);
    for (handler, n) in courses::answered_by_handler(conn, agency, since)? {
        // Who has answered and has nothing open has no load; and nobody has no pace.
        if let Some(load) = loads.get_mut(&handler).filter(|_| handler.is_some()) {
            load.n_answered = n;
        }
    }
    let mut spans: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for course in &past.courses {
        let (Some(handler), Some(answered_on)) = (course.handler, course.answered_on) else { continue };
        let span = past.workdays.worked(course, course.received_on, answered_on);
        spans.entry(handler.to_string()).or_default().push(span);
    }
    let people: BTreeMap<String, String> = cases::people(conn, agency)?.into_iter().collect();
    let mut result: Vec<Load> = loads
        .into_iter()
        .map(|(handler, mut load)| {
            let spans = handler.as_ref().and_then(|it| spans.get_mut(it));
            load.usual = spans.filter(|it| i64::try_from(it.len()).is_ok_and(|n| MIN_PACE <= n)).map(|it| {
                it.sort_unstable();
                (quantile(it, 50), it.len())
            });
            load.name = handler.as_ref().and_then(|it| people.get(it)).cloned().unwrap_or_default();
            load.handler = handler;
            load
        })
        .collect();
    result.sort_by(|a, b| b.due[2].cmp(&a.due[2]).then_with(|| b.n_open.cmp(&a.n_open)));
    Ok(result)
}

/// The day before which the last `n` working days up to `today` lie.
fn days_back(calendar: &WorkCalendar, today: NaiveDate, n: u32) -> NaiveDate {
    let (mut day, mut left) = (today, n);
    while 0 < left {
        left -= u32::from(calendar.is_working_day(day));
        day = day.pred_opt().unwrap_or(day);
    }
    day.succ_opt().unwrap_or(day)
}
