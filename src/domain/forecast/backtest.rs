//! How often the forecast was right: past cases foretold day by day with what was known on that day.

use chrono::NaiveDate;

use super::course::N_MILESTONES;
use super::{Course, Milestone, PastCourses, Workdays};
use crate::domain::calendar::WorkCalendar;
use crate::domain::labels::Coded;

/// Working days after receipt on which a case is foretold again, while it has come no further.
const AGAIN_AFTER: [u32; 3] = [5, 10, 15];

/// A reply this many working days from the median counts as near.
pub const NEAR: u32 = 3;

/// How often forecasts were right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    /// Forecasts made.
    pub n: usize,
    /// The reply came by the median; about half should.
    pub n_by_median: usize,
    /// The reply came by the later bound; about nine in ten should.
    pub n_by_late: usize,
    /// The reply came within [`NEAR`] working days of the median.
    pub n_near: usize,
    /// Forecasts of cases that stood still afterwards, which no forecast knows of.
    pub n_paused_later: usize,
    /// Of these, the reply came by the later bound.
    pub n_paused_by_late: usize,
    /// Occasions on which too few past cases were known.
    pub n_silent: usize,
}

impl Score {
    fn add(&mut self, other: &Self) {
        self.n += other.n;
        self.n_by_median += other.n_by_median;
        self.n_by_late += other.n_by_late;
        self.n_near += other.n_near;
        self.n_paused_later += other.n_paused_later;
        self.n_paused_by_late += other.n_paused_by_late;
        self.n_silent += other.n_silent;
    }
}

/// How often forecasts were right, by how far the case had come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BackTest {
    /// The number of past cases that were foretold.
    pub n_cases: usize,
    /// The day of the first reply among them.
    pub first: Option<NaiveDate>,
    /// The day of the last.
    pub last: Option<NaiveDate>,
    scores: [Score; N_MILESTONES],
}

impl BackTest {
    /// The score of forecasts from a milestone.
    pub fn score(&self, milestone: Milestone) -> Score {
        self.scores[milestone.place()]
    }

    /// All together.
    pub fn total(&self) -> Score {
        self.scores.iter().fold(Score::default(), |mut sum, it| {
            sum.add(it);
            sum
        })
    }
}

/// Foretells the last `max_cases` answered of these courses, each at its milestones and some days after
/// receipt, and compares with what came.
///
/// Each forecast sees the case as it was on that day ([`Course::as_of`]), and of the others only those
/// answered before it.
pub fn backtest(
    courses: &[Course],
    workdays: &Workdays,
    calendar: &WorkCalendar,
    max_cases: usize,
) -> BackTest {
    let history = PastCourses::new(courses, workdays.clone());
    let mut answered: Vec<(NaiveDate, &Course)> =
        courses.iter().filter_map(|it| Some((it.answered_on?, it))).collect();
    answered.sort_by_key(|(day, _)| *day);
    let answered = &answered[answered.len().saturating_sub(max_cases)..];
    let mut result = BackTest {
        n_cases: answered.len(),
        first: answered.first().map(|(day, _)| *day),
        last: answered.last().map(|(day, _)| *day),
        ..BackTest::default()
    };
    for (answered_on, course) in answered {
        for day in occasions(course, *answered_on, calendar) {
            let then = course.as_of(day);
            let score = &mut result.scores[then.furthest().place()];
            let Ok(forecast) = history.forecast(&then, day) else {
                score.n_silent += 1;
                continue;
            };
            let (Some(median), Some(late)) = (forecast.median_on(calendar), forecast.late_on(calendar))
            else {
                continue;
            };
            let by_late = *answered_on <= late.on;
            let between =
                workdays.between(median.on, *answered_on) + workdays.between(*answered_on, median.on);
            let paused_later = course.pauses.iter().any(|it| day < it.after && it.after < *answered_on);
            score.add(&Score {
                n: 1,
                n_by_median: usize::from(*answered_on <= median.on),
                n_by_late: usize::from(by_late),
                n_near: usize::from(between <= NEAR),
                n_paused_later: usize::from(paused_later),
                n_paused_by_late: usize::from(paused_later && by_late),
                n_silent: 0,
            });
        }
    }
    result
}

/// The days on which a case is foretold, all up to its reply.
fn occasions(course: &Course, answered_on: NaiveDate, calendar: &WorkCalendar) -> Vec<NaiveDate> {
    let mut days: Vec<_> = Milestone::ALL.iter().filter_map(|it| course.day_of(*it)).collect();
    let further = course.as_of(answered_on);
    let again = AGAIN_AFTER.iter().map(|it| calendar.nth_working_day_after(course.received_on, *it).on);
    days.extend(again.filter(|day| further.as_of(*day).furthest() == Milestone::Received));
    days.retain(|it| *it <= answered_on);
    days.sort();
    days.dedup();
    days
}
