//! When a reply is likely, read off what this office's own cases took.
//!
//! For an open case that has come to some milestone and has spent so many working days since, the past
//! cases that came there too and were not yet answered after as many working days are its like: what they
//! still took is what it may still take. Nothing is fitted and no distribution is assumed. Days on which a
//! case stood still for a correction, an opinion or a payment are not counted, on either side.
//!
//! The bounds are chosen by rank, `ceil(p (n + 1))` of `n` past cases: where the case is one more of the
//! same kind, it is answered by the bound with a probability of at least `p`, however durations are
//! distributed. Fewer than [`MIN_HISTORY`] past cases give no number.
//!
//! Absent on purpose: cases that end without a reply, a guess of pauses to come, and any use of what was
//! asked or by whom.

mod backtest;
mod course;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

pub use backtest::{BackTest, Score, backtest};
pub use course::{Course, Milestone, Pause, Workdays};

use course::N_MILESTONES;

use crate::domain::calendar::{DueDate, WorkCalendar};
use crate::domain::labels::Coded;

/// Fewer past cases than this say nothing.
pub const MIN_HISTORY: usize = 20;

/// The part of cases, in percent, that the later bound promises.
pub const LATE_PERCENT: usize = 90;

/// A past case, seen from one milestone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    /// Working days from there to the reply.
    total: u32,
    /// Working days from there to the extension; 0 where it came before, none where there was none.
    extended_after: Option<u32>,
    /// Working days from there to the next milestone, or from the last to the reply.
    step: Option<u32>,
}

/// A past case.
#[derive(Debug, Clone)]
struct Past {
    answered_on: NaiveDate,
    department: Option<crate::domain::ids::DepartmentId>,
    stretches: [Option<Stretch>; N_MILESTONES],
}

/// The past cases of an office, ready to be asked.
#[derive(Debug, Clone)]
pub struct PastCourses {
    workdays: Workdays,
    /// By the day of the reply.
    pasts: Vec<Past>,
}

/// What a step took in past cases, in working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepPace {
    /// From here to the next milestone, or from the last to the reply.
    pub from: Milestone,
    /// The number of past cases.
    pub n: usize,
    /// The median.
    pub median: u32,
    /// What nine in ten stayed within.
    pub late: u32,
}

/// Why there is no forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("only {n} past cases are alike, {MIN_HISTORY} are needed")]
pub struct TooLittle {
    /// The number of past cases that are alike.
    pub n: usize,
    /// The number that came as far at all.
    pub n_reached: usize,
}

/// What past cases say of an open one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// From which milestone the past cases are looked at: as a rule the furthest this one has come to.
    pub milestone: Milestone,
    /// The day it began.
    pub since: NaiveDate,
    /// Working days spent since.
    pub elapsed: u32,
    /// Whether the past cases are those of its department alone.
    pub of_department: bool,
    /// Whether it, and so they, were extended by then.
    pub is_extended: bool,
    /// Working days each of the past cases still took, ascending. Never fewer than [`MIN_HISTORY`].
    remaining: Vec<u32>,
    /// From which day what remains is counted; none while the case stands still and nobody knows how long.
    from: Option<NaiveDate>,
    /// Whether it stands still today.
    is_still: bool,
}

impl Forecast {
    /// The number of past cases it rests on.
    pub fn n(&self) -> usize {
        self.remaining.len()
    }

    /// Working days that half of the past cases still took at most.
    pub fn median_days(&self) -> u32 {
        quantile(&self.remaining, 50)
    }

    /// Working days that nine in ten of the past cases still took at most.
    pub fn late_days(&self) -> u32 {
        quantile(&self.remaining, LATE_PERCENT)
    }

    /// Whether the case stands still now.
    pub fn is_still(&self) -> bool {
        self.is_still
    }

    /// The day by which half of such cases are answered; none while nobody knows when work goes on.
    pub fn median_on(&self, calendar: &WorkCalendar) -> Option<DueDate> {
        Some(day_after(calendar, self.from?, self.median_days()))
    }

    /// The day by which nine in ten of such cases are answered.
    pub fn late_on(&self, calendar: &WorkCalendar) -> Option<DueDate> {
        Some(day_after(calendar, self.from?, self.late_days()))
    }

    /// How many of the past cases would be answered after `due`; none while nobody knows when work goes on.
    pub fn n_after(&self, calendar: &WorkCalendar, due: NaiveDate) -> Option<usize> {
        let from = self.from?;
        if due < from {
            return Some(self.n());
        }
        let left = calendar.working_days_between(from, due);
        Some(self.n() - self.remaining.partition_point(|it| *it <= left))
    }
}

/// The day so many working days after `from`: 0 is that day itself, or the first on which work is done.
fn day_after(calendar: &WorkCalendar, from: NaiveDate, days: u32) -> DueDate {
    if days == 0 && !calendar.is_working_day(from) {
        return calendar.nth_working_day_after(from, 1);
    }
    let mut day = calendar.nth_working_day_after(from, days);
    day.provisional |= days == 0 && calendar.is_provisional(from);
    day
}

/// The value of rank `ceil(percent (n + 1) / 100)`, the greatest where there is none; 0 of nothing.
///
/// `sorted` is ascending.
pub fn quantile(sorted: &[u32], percent: usize) -> u32 {
    let rank = (percent * (sorted.len() + 1)).div_ceil(100);
    rank.checked_sub(1).and_then(|it| sorted.get(it)).or(sorted.last()).copied().unwrap_or(0)
}

impl PastCourses {
    /// The history of these courses; those without a reply are left out.
    pub fn new(courses: &[Course], workdays: Workdays) -> Self {
        let mut pasts: Vec<Past> = courses.iter().filter_map(|it| past(it, &workdays)).collect();
        pasts.sort_by_key(|it| it.answered_on);
        Self { workdays, pasts }
    }

    /// The number of past cases.
    pub fn len(&self) -> usize {
        self.pasts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pasts.is_empty()
    }

    /// What past cases say of an open one, as of `today`.
    ///
    /// Only cases answered before `today` are asked, so that the same history serves for any past day. They
    /// are those that came as far as this one; where too few did, those that came to an earlier milestone:
    /// registers kept elsewhere know the days of receipt and reply, and not always those between.
    ///
    /// # Errors
    /// [`TooLittle`] where too few are alike.
    pub fn forecast(&self, course: &Course, today: NaiveDate) -> Result<Forecast, TooLittle> {
        let mut refused = None;
        for (milestone, since) in course.reached() {
            match self.from(course, milestone, since, today) {
                Ok(forecast) => return Ok(forecast),
                Err(too_little) => refused = Some(too_little),
            }
        }
        Err(refused.unwrap_or(TooLittle { n: 0, n_reached: 0 }))
    }

    fn from(
        &self,
        course: &Course,
        milestone: Milestone,
        since: NaiveDate,
        today: NaiveDate,
    ) -> Result<Forecast, TooLittle> {
        let elapsed = self.workdays.worked(course, since, today);
        let is_extended = course.extended_on.is_some_and(|it| it <= today);
        let known = &self.pasts[..self.pasts.partition_point(|it| it.answered_on < today)];
        let mut n_reached = 0;
        let (mut all, mut of_department) = (Vec::new(), Vec::new());
        for past in known {
            let Some(stretch) = past.stretches[milestone.place()] else { continue };
            n_reached += 1;
            // Like this one then: not answered yet, and extended by then or not.
            let was_extended = stretch.extended_after.is_some_and(|it| it <= elapsed);
            if stretch.total < elapsed || was_extended != is_extended {
                continue;
            }
            let remaining = stretch.total - elapsed;
            all.push(remaining);
            if past.department.is_some() && past.department == course.department {
                of_department.push(remaining);
            }
        }
        let is_enough = MIN_HISTORY <= of_department.len();
        let mut remaining = if is_enough { of_department } else { all };
        if remaining.len() < MIN_HISTORY {
            return Err(TooLittle { n: remaining.len(), n_reached });
        }
        remaining.sort_unstable();
        let pause = course.pause_on(today);
        Ok(Forecast {
            milestone,
            since,
            elapsed,
            of_department: is_enough,
            is_extended,
            remaining,
            from: pause.unwrap_or(Some(today)),
            is_still: pause.is_some(),
        })
    }

    /// What each step took, for the steps that enough past cases have.
    pub fn paces(&self) -> Vec<StepPace> {
        let of = |from: &Milestone| {
            let steps = self.pasts.iter().filter_map(|it| it.stretches[from.place()]?.step);
            let mut steps: Vec<u32> = steps.collect();
            steps.sort_unstable();
            (MIN_HISTORY <= steps.len()).then(|| StepPace {
                from: *from,
                n: steps.len(),
                median: quantile(&steps, 50),
                late: quantile(&steps, LATE_PERCENT),
            })
        };
        Milestone::ALL.iter().filter_map(of).collect()
    }
}

fn past(course: &Course, workdays: &Workdays) -> Option<Past> {
    let answered_on = course.answered_on?;
    let mut stretches = [None; N_MILESTONES];
    let mut next = Some(answered_on);
    for milestone in Milestone::ALL.iter().rev() {
        // A milestone dated after the reply is a slip of the pen: it says nothing.
        let Some(day) = course.day_of(*milestone).filter(|it| *it <= answered_on) else {
            // Where a step was left out, the one before it has no end of its own.
            next = None;
            continue;
        };
        let extended_after = course.extended_on.map(|it| workdays.worked(course, day, it));
        stretches[milestone.place()] = Some(Stretch {
            total: workdays.worked(course, day, answered_on),
            extended_after,
            step: next.filter(|it| day <= *it).map(|it| workdays.worked(course, day, it)),
        });
        next = Some(day);
    }
    Some(Past { answered_on, department: course.department, stretches })
}
