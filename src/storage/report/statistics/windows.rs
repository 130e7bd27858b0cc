//! The windows of the statistics as conditions: what [`Window`] says of days, in the columns of an index.
//!
//! Instead of one condition with `OR` there are several, so that each walks one range of a covering
//! index.

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::domain::report::statistics::{Days, Ending, Window};
use crate::storage::access::agencies::Scope;
use crate::storage::connection::MultiBackend;
use crate::storage::schema::{agencies, cases, remedies};
use crate::storage::{DbConnection, StorageError};

/// A condition on a case.
pub(super) type CaseCondition = Box<dyn BoxableExpression<cases::table, MultiBackend, SqlType = Bool>>;
/// A condition on a proceeding.
type RemedyCondition = Box<dyn BoxableExpression<remedies::table, MultiBackend, SqlType = Bool>>;

/// What `cases.closing_year` holds while a case is open.
const OPEN: i32 = 9999;

/// A day before every case, for runs without a first day.
fn earliest() -> NaiveDate {
    NaiveDate::from_ymd_opt(1, 1, 1).expect("a fixed date")
}

/// A day after every case, for runs without a last day.
fn latest() -> NaiveDate {
    NaiveDate::from_ymd_opt(OPEN - 1, 12, 31).expect("a fixed date")
}

fn is_last_of_year(day: NaiveDate) -> bool {
    day.succ_opt().is_none_or(|it| it.year() != day.year())
}

/// An end of a window of cases: the years of closing, of which an index knows the cases in the order of
/// their receipt, and the days of closing where the years alone do not say it.
#[derive(Debug, Clone, Copy)]
struct CaseEnd {
    years: Option<(i32, i32)>,
    days: Option<(NaiveDate, NaiveDate)>,
}

/// The end of a window as conditions on a case, any of which may hold; no two overlap.
///
/// With `last_year`, the last year in which anything was closed, each later year is asked for by itself,
/// and so are the open cases: in the index by year and receipt each of them is one range that holds what
/// is counted, and nothing else, in the order of lists. Without it they are one range.
fn case_ends(window: Window, last_year: Option<i32>) -> Vec<CaseEnd> {
    let years = |from: i32, through: i32| CaseEnd { years: Some((from, through)), days: None };
    match window.ending {
        Ending::Any => vec![CaseEnd { years: None, days: None }],
        Ending::Within(days) => {
            let (from, through) = (days.from.unwrap_or_else(earliest), days.through.unwrap_or_else(latest));
            let are_whole = from.ordinal() == 1 && is_last_of_year(through);
            let days = (!are_whole).then_some((from, through));
            vec![CaseEnd { days, ..years(from.year(), through.year()) }]
        }
        Ending::OpenAtEndOf(day) => {
            let year = day.year();
            let later_that_year = day
                .succ_opt()
                .filter(|_| !is_last_of_year(day))
                .map(|next| CaseEnd { days: Some((next, latest())), ..years(year, year) });
            let later = match last_year {
                None => vec![years(year + 1, OPEN)],
                Some(last) => (year + 1..=last).chain([OPEN]).map(|it| years(it, it)).collect(),
            };
            later_that_year.into_iter().chain(later).collect()
        }
    }
}

/// A window of cases as conditions, any of which may hold; no two overlap.
pub(super) fn case_conditions(
    conn: &mut DbConnection,
    scope: &Scope,
    window: Window,
) -> Result<Vec<CaseCondition>, StorageError> {
    let last_year = match (scope, window.ending) {
        // One agency has too few cases to tell years apart.
        (Scope::Agency(_), _) | (_, Ending::Any | Ending::Within(_)) => None,
        (Scope::Subtree(_), Ending::OpenAtEndOf(_)) => Some(last_closing_year(conn)?),
    };
    let condition = |end: CaseEnd| {
        let mut condition: CaseCondition = match window.opened.through {
            None => Box::new(cases::received_on.is_not_null()),
            Some(through) => Box::new(cases::received_on.le(through)),
        };
        if let Some(from) = window.opened.from {
            condition = Box::new(condition.and(cases::received_on.ge(from)));
        }
        condition = match end.years {
            None => condition,
            Some((from, through)) if from == through => Box::new(condition.and(cases::closing_year.eq(from))),
            Some((from, through)) => Box::new(condition.and(cases::closing_year.between(from, through))),
        };
        if let Some((from, through)) = end.days {
            // Of these years all are closed.
            condition = Box::new(condition.and(cases::closed_on.assume_not_null().between(from, through)));
        }
        match scope {
            _ if scope.is_everything() => condition,
            Scope::Agency(id) => Box::new(condition.and(cases::agency_id.eq(id.0))),
            Scope::Subtree(path) => Box::new(condition.and(cases::agency_id.eq_any(
                agencies::table.filter(agencies::path.like(format!("{path}%"))).select(agencies::id),
            ))),
        }
    };
    Ok(case_ends(window, last_year).into_iter().map(condition).collect())
}

/// The last year in which any agency closed a case; 0 where none has.
fn last_closing_year(conn: &mut DbConnection) -> Result<i32, StorageError> {
    let last =
        cases::table.filter(cases::closing_year.lt(OPEN)).select(diesel::dsl::max(cases::closing_year));
    Ok(last.first::<Option<i32>>(conn)?.unwrap_or(0))
}

/// A window of proceedings as conditions, any of which may hold; no two overlap.
pub(super) fn remedy_conditions(scope: &Scope, window: Window) -> Vec<RemedyCondition> {
    let within = |condition: RemedyCondition| -> RemedyCondition {
        let mut condition = condition;
        if let Some(from) = window.opened.from {
            condition = Box::new(condition.and(remedies::accepted_on.ge(from)));
        }
        if let Some(through) = window.opened.through {
            condition = Box::new(condition.and(remedies::accepted_on.le(through)));
        }
        match scope {
            _ if scope.is_everything() => condition,
            Scope::Agency(id) => Box::new(condition.and(remedies::agency_id.eq(id.0))),
            Scope::Subtree(path) => Box::new(condition.and(remedies::agency_id.eq_any(
                agencies::table.filter(agencies::path.like(format!("{path}%"))).select(agencies::id),
            ))),
        }
    };
    // Each is true or false, never unknown, as the column's type says: a missing day is asked for by name.
    let concluded = remedies::concluded_on;
    let ends: Vec<RemedyCondition> = match window.ending {
        Ending::Any => vec![Box::new(remedies::accepted_on.is_not_null())],
        Ending::Within(Days { from, through }) => {
            let (from, through) = (from.unwrap_or_else(earliest), through.unwrap_or_else(latest));
            vec![Box::new(concluded.is_not_null().and(concluded.assume_not_null().between(from, through)))]
        }
        Ending::OpenAtEndOf(day) => vec![
            Box::new(concluded.is_null()),
            Box::new(concluded.is_not_null().and(concluded.assume_not_null().gt(day))),
        ],
    };
    ends.into_iter().map(within).collect()
}
