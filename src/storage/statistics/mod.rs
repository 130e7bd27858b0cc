//! The windows of the statistics as SQL: counts for the tables, and the rows behind a cell.
//!
//! What is counted is said once, in [`crate::domain::statistics::Measure::window`]; here a window only
//! becomes conditions. Instead of one with `OR` there are several queries, so that each walks one range of
//! a covering index.

mod known;

use chrono::{Datelike, NaiveDate};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::domain::applicant::ApplicantKind;
use crate::domain::outcome::Outcome;
use crate::domain::remedy::{Capacity, RemedyKind, RemedyResult};
use crate::domain::statistics::tables::{CaseTally, RemedyTally};
use crate::domain::statistics::{CountedCase, Days, Ending, Measure, Period, Window};
use crate::storage::agencies::{CaseCondition, Scope, case_is_of};
use crate::storage::codes::Code;
use crate::storage::connection::MultiBackend;
use crate::storage::page::FirstRows;
use crate::storage::schema::{agencies, cases, remedies};
use crate::storage::{DbConnection, StorageError};

pub use known::{KnownCase, cases_as_of, cases_now, remedies_as_of};

type RemedyCondition = Box<dyn BoxableExpression<remedies::table, MultiBackend, SqlType = Bool>>;

/// What `cases.closing_year` holds while a case is open.
const OPEN: i32 = 9999;

/// The window that every case is in.
const EVERYTHING: Window = Window { opened: Days { from: None, through: None }, ending: Ending::Any };

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
fn case_conditions(
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
        match case_is_of(scope) {
            None => condition,
            Some(of_scope) => Box::new(condition.and(of_scope)),
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
fn remedy_conditions(scope: &Scope, window: Window) -> Vec<RemedyCondition> {
    let within = |condition: RemedyCondition| -> RemedyCondition {
        let mut condition = condition;
        if let Some(from) = window.opened.from {
            condition = Box::new(condition.and(remedies::accepted_on.ge(from)));
        }
        if let Some(through) = window.opened.through {
            condition = Box::new(condition.and(remedies::accepted_on.le(through)));
        }
        match scope {
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

fn unsigned(n: i64) -> Result<u64, StorageError> {
    u64::try_from(n).map_err(|_| StorageError::Unreadable { what: "count", text: n.to_string() })
}

/// The counts behind table 3, of the cases as they stand now.
///
/// # Errors
/// Where the database fails, or holds an unknown code.
pub fn case_tally(conn: &mut DbConnection, scope: &Scope, period: Period) -> Result<CaseTally, StorageError> {
    let mut tally = CaseTally::default();
    for measure in Measure::ALL {
        for condition in case_conditions(conn, scope, measure.window(period))? {
            if measure == Measure::Closed {
                let counts: Vec<(Code<ApplicantKind>, Option<Code<Outcome>>, i64)> = cases::table
                    .filter(condition)
                    .group_by((cases::applicant_kind, cases::outcome))
                    .select((cases::applicant_kind, cases::outcome, count_star()))
                    .load(conn)?;
                for (kind, outcome, n) in counts {
                    tally.add(measure, kind.0, outcome.map(|it| it.0), unsigned(n)?);
                }
            } else {
                let counts: Vec<(Code<ApplicantKind>, i64)> = cases::table
                    .filter(condition)
                    .group_by(cases::applicant_kind)
                    .select((cases::applicant_kind, count_star()))
                    .load(conn)?;
                for (kind, n) in counts {
                    tally.add(measure, kind.0, None, unsigned(n)?);
                }
            }
        }
    }
    Ok(tally)
}

/// The counts behind table 4, of the proceedings as they stand now.
///
/// # Errors
/// Where the database fails, or holds an unknown code.
pub fn remedy_tally(
    conn: &mut DbConnection,
    scope: &Scope,
    period: Period,
) -> Result<RemedyTally, StorageError> {
    let mut tally = RemedyTally::default();
    for measure in [Measure::Closed, Measure::CarriedOut] {
        for condition in remedy_conditions(scope, measure.window(period)) {
            let counts: Vec<(Code<RemedyKind>, Option<Code<RemedyResult>>, i64)> = remedies::table
                .filter(condition)
                .filter(remedies::capacity.eq(Code(Capacity::ActingAgency)))
                .group_by((remedies::kind, remedies::result))
                .select((remedies::kind, remedies::result, count_star()))
                .load(conn)?;
            for (kind, result, n) in counts {
                let n = unsigned(n)?;
                match (measure, result.map(|it| it.0)) {
                    (Measure::Closed, Some(result)) => tally.add_concluded(kind.0, result, n),
                    // A proceeding that was in the end not accepted was never a case.
                    (_, Some(result)) if result.column().is_none() => {}
                    _ => tally.add_pending(kind.0, n),
                }
            }
        }
    }
    Ok(tally)
}

/// A case with the facts the tables are derived from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedRow {
    /// Its identifier.
    pub id: String,
    /// The agency's number.
    pub case_no: String,
    /// What is counted.
    pub counted: CountedCase,
}

/// How far a list of cases has been read: the day and identifier of the last one.
pub type After = Option<(NaiveDate, String)>;

type RawRow = (String, String, Code<ApplicantKind>, NaiveDate, Option<NaiveDate>, Option<Code<Outcome>>);

/// Which cases to list.
#[derive(Debug, Clone)]
pub struct CellQuery {
    /// The measure behind the cell.
    pub measure: Measure,
    /// The column; none for all.
    pub kind: Option<ApplicantKind>,
    /// The outcomes of the row; none for any.
    pub outcomes: Option<Vec<Outcome>>,
}

/// The cases behind a cell of table 3, by day of receipt, at most `limit` of them after `after`.
///
/// # Errors
/// Where the database fails, or holds an unknown code.
pub fn cases_in_cell(
    conn: &mut DbConnection,
    scope: &Scope,
    period: Period,
    cell: &CellQuery,
    after: &After,
    limit: i64,
) -> Result<Vec<CountedRow>, StorageError> {
    if cell.outcomes.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Vec::new());
    }
    let mut window = cell.measure.window(period);
    if let Some((day, _)) = after {
        // One first day, not two: of two, SQLite may seek the earlier and read on to the later.
        window.opened.from = window.opened.from.max(Some(*day));
    }
    let mut rows = Vec::new();
    for condition in case_conditions(conn, scope, window)? {
        let mut query = cases::table
            .filter(condition)
            .order((cases::received_on, cases::id))
            .select((
                cases::id,
                cases::case_no,
                cases::applicant_kind,
                cases::received_on,
                cases::closed_on,
                cases::outcome,
            ))
            .into_boxed();
        if let Some(kind) = cell.kind {
            query = query.filter(cases::applicant_kind.eq(Code(kind)));
        }
        // Not `eq_any`, with which no statement stays prepared.
        let is = |outcome: &Outcome| -> CaseCondition {
            Box::new(cases::outcome.assume_not_null().eq(Code(*outcome)))
        };
        let any = cell.outcomes.iter().flatten().map(is).reduce(|one, other| Box::new(one.or(other)));
        if let Some(any) = any {
            query = query.filter(any);
        }
        if let Some((day, id)) = after {
            query = query.filter(cases::received_on.gt(*day).or(cases::id.gt(id.clone())));
        }
        let found: Vec<RawRow> = FirstRows::of(query, limit).load(conn)?;
        rows.extend(found.into_iter().map(counted_row));
    }
    rows.sort_by(|a, b| (a.counted.received_on, &a.id).cmp(&(b.counted.received_on, &b.id)));
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(rows)
}

fn counted_row((id, case_no, kind, received_on, closed_on, outcome): RawRow) -> CountedRow {
    let closed = closed_on.zip(outcome.map(|it| it.0));
    CountedRow { id, case_no, counted: CountedCase { applicant_kind: kind.0, received_on, closed } }
}

/// The agencies of a subtree with at least one case in the period: received, carried in or closed.
///
/// # Errors
/// Where the database fails.
pub fn agencies_with_cases(
    conn: &mut DbConnection,
    scope: &Scope,
    period: Period,
) -> Result<Vec<i32>, StorageError> {
    let mut found = Vec::new();
    for measure in [Measure::New, Measure::CarriedIn] {
        for condition in case_conditions(conn, scope, measure.window(period))? {
            let ids: Vec<i32> =
                cases::table.filter(condition).select(cases::agency_id).distinct().load(conn)?;
            found.extend(ids);
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The year of the first case received.
///
/// # Errors
/// Where the database fails.
pub fn first_year(conn: &mut DbConnection, scope: &Scope) -> Result<Option<i32>, StorageError> {
    let mut first: Option<NaiveDate> = None;
    for condition in case_conditions(conn, scope, EVERYTHING)? {
        let found: Option<NaiveDate> =
            cases::table.filter(condition).select(diesel::dsl::min(cases::received_on)).first(conn)?;
        first = [first, found].into_iter().flatten().min();
    }
    Ok(first.map(|it| it.year()))
}
