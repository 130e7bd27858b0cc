//! The windows of the statistics as SQL: counts for the tables, and the rows behind a cell.
//!
//! What is counted is said once, in [`crate::domain::statistics::Measure::window`]; here a window only
//! becomes a condition. `OR` between an open end and a later one is two queries, so that each walks
//! one range of a covering index.

use chrono::{Datelike, NaiveDate};
use diesel::dsl::{count_star, exists, not};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::domain::applicant::ApplicantKind;
use crate::domain::event::Subject;
use crate::domain::labels::Coded;
use crate::domain::outcome::Outcome;
use crate::domain::remedy::{Capacity, RemedyFacts, RemedyKind, RemedyResult};
use crate::domain::statistics::tables::{CaseTally, RemedyTally};
use crate::domain::statistics::{CountedCase, Days, Ending, Measure, Period, Window};
use crate::storage::agencies::Scope;
use crate::storage::codes::Code;
use crate::storage::connection::MultiBackend;
use crate::storage::schema::{agencies, cases, journal, remedies};
use crate::storage::{DbConnection, StorageError};

type CaseCondition = Box<dyn BoxableExpression<cases::table, MultiBackend, SqlType = Bool>>;
type RemedyCondition = Box<dyn BoxableExpression<remedies::table, MultiBackend, SqlType = Bool>>;

/// The end of a window as conditions on a nullable day, any of which may hold; no two overlap.
enum End {
    Any,
    Within(NaiveDate, NaiveDate),
    After(NaiveDate),
    Open,
}

/// The window that every case is in.
const EVERYTHING: Window = Window { opened: Days { from: None, through: None }, ending: Ending::Any };

/// A day before every case, for runs without a first day.
fn earliest() -> NaiveDate {
    NaiveDate::from_ymd_opt(1, 1, 1).expect("a fixed date")
}

/// A day after every case, for runs without a last day.
fn latest() -> NaiveDate {
    NaiveDate::from_ymd_opt(9999, 12, 31).expect("a fixed date")
}

fn ends(window: Window) -> Vec<End> {
    match window.ending {
        Ending::Any => vec![End::Any],
        Ending::Within(Days { from, through }) => {
            vec![End::Within(from.unwrap_or_else(earliest), through.unwrap_or_else(latest))]
        }
        Ending::OpenAtEndOf(day) => vec![End::Open, End::After(day)],
    }
}

macro_rules! condition {
    ($table:ident, $opened:ident, $closed:ident, $scope:expr, $window:expr, $end:expr) => {{
        let mut condition: Box<dyn BoxableExpression<$table::table, MultiBackend, SqlType = Bool>> =
            match $scope {
                Scope::Agency(id) => Box::new($table::agency_id.eq(id.0)),
                Scope::Subtree(path) => Box::new($table::agency_id.eq_any(
                    agencies::table.filter(agencies::path.like(format!("{path}%"))).select(agencies::id),
                )),
            };
        if let Some(from) = $window.opened.from {
            condition = Box::new(condition.and($table::$opened.ge(from)));
        }
        if let Some(through) = $window.opened.through {
            condition = Box::new(condition.and($table::$opened.le(through)));
        }
        // The last condition is true or false, never unknown, as the column's type says: a missing
        // day is asked for by name.
        match $end {
            End::Any => condition,
            End::Within(from, through) => {
                Box::new(condition.and($table::$closed.assume_not_null().between(*from, *through)))
            }
            End::After(day) => Box::new(condition.and($table::$closed.assume_not_null().gt(*day))),
            End::Open => Box::new(condition.and($table::$closed.is_null())),
        }
    }};
}

fn case_condition(scope: &Scope, window: Window, end: &End) -> CaseCondition {
    condition!(cases, received_on, closed_on, scope, window, end)
}

fn remedy_condition(scope: &Scope, window: Window, end: &End) -> RemedyCondition {
    condition!(remedies, accepted_on, concluded_on, scope, window, end)
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
        let window = measure.window(period);
        for end in ends(window) {
            let condition = case_condition(scope, window, &end);
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
        let window = measure.window(period);
        for end in ends(window) {
            let counts: Vec<(Code<RemedyKind>, Option<Code<RemedyResult>>, i64)> = remedies::table
                .filter(remedy_condition(scope, window, &end))
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
    let window = cell.measure.window(period);
    let mut rows = Vec::new();
    for end in ends(window) {
        let mut query = cases::table
            .filter(case_condition(scope, window, &end))
            .order((cases::received_on, cases::id))
            .limit(limit)
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
        if let Some(outcomes) = &cell.outcomes {
            let codes: Vec<_> = outcomes.iter().copied().map(Code).collect();
            query = query.filter(cases::outcome.assume_not_null().eq_any(codes));
        }
        if let Some((day, id)) = after {
            query = query
                .filter(cases::received_on.ge(*day))
                .filter(cases::received_on.gt(*day).or(cases::id.gt(id.clone())));
        }
        let found: Vec<RawRow> = query.load(conn)?;
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

/// What the journal last knew of a subject at the end of a day: its identifier, its agency, both days,
/// and the codes of its kind and result.
type Known = (String, Option<i32>, Option<NaiveDate>, Option<NaiveDate>, Option<String>, Option<String>);

/// A case as the tables count it, now or at the end of a past day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCase {
    /// Its identifier.
    pub id: String,
    /// The agency.
    pub agency_id: i32,
    /// What is counted.
    pub counted: CountedCase,
}

fn known_at(
    conn: &mut DbConnection,
    scope: &Scope,
    subject: Subject,
    as_of: NaiveDate,
) -> Result<Vec<Known>, StorageError> {
    let later = diesel::alias!(journal as later);
    let query = journal::table
        .filter(journal::subject.eq(Code(subject)))
        .filter(journal::known_on.le(as_of))
        .filter(journal::opened_on.is_not_null())
        .filter(not(exists(
            later
                .filter(later.field(journal::subject_id).eq(journal::subject_id))
                .filter(later.field(journal::seq).gt(journal::seq))
                .filter(later.field(journal::known_on).le(as_of)),
        )))
        .select((
            journal::subject_id,
            journal::agency_id,
            journal::opened_on,
            journal::closed_on,
            journal::kind,
            journal::result,
        ));
    Ok(match scope {
        Scope::Agency(id) => query.filter(journal::agency_id.eq(id.0)).load(conn)?,
        Scope::Subtree(path) => {
            let below = agencies::table.filter(agencies::path.like(format!("{path}%")));
            query.filter(journal::agency_id.eq_any(below.select(agencies::id.nullable()))).load(conn)?
        }
    })
}

/// A day or code without which an entry of the journal cannot be counted.
fn required<T>(it: Option<T>) -> Result<T, StorageError> {
    it.ok_or_else(|| StorageError::Unreadable {
        what: "journal entry",
        text: "a counted fact is missing".to_owned(),
    })
}

/// The cases of a scope as they stand now.
///
/// # Errors
/// Where the database fails, or holds an unknown code.
pub fn cases_now(conn: &mut DbConnection, scope: &Scope) -> Result<Vec<KnownCase>, StorageError> {
    type Row = (String, i32, Code<ApplicantKind>, NaiveDate, Option<NaiveDate>, Option<Code<Outcome>>);
    let rows: Vec<Row> = cases::table
        .filter(case_condition(scope, EVERYTHING, &End::Any))
        .select((
            cases::id,
            cases::agency_id,
            cases::applicant_kind,
            cases::received_on,
            cases::closed_on,
            cases::outcome,
        ))
        .load(conn)?;
    let known = |(id, agency_id, kind, received_on, closed_on, outcome): Row| {
        let closed = closed_on.zip(outcome.map(|it| it.0));
        KnownCase { id, agency_id, counted: CountedCase { applicant_kind: kind.0, received_on, closed } }
    };
    Ok(rows.into_iter().map(known).collect())
}

/// The cases of a scope as they stood at the end of a day, from the journal.
///
/// # Errors
/// Where the database fails, or holds an unknown code.
pub fn cases_as_of(
    conn: &mut DbConnection,
    scope: &Scope,
    as_of: NaiveDate,
) -> Result<Vec<KnownCase>, StorageError> {
    known_at(conn, scope, Subject::Case, as_of)?
        .into_iter()
        .map(|(id, agency_id, opened_on, closed_on, kind, result)| {
            let outcome = result.as_deref().map(Outcome::from_code).transpose()?;
            let counted = CountedCase {
                applicant_kind: ApplicantKind::from_code(&required(kind)?)?,
                received_on: required(opened_on)?,
                closed: closed_on.zip(outcome),
            };
            Ok(KnownCase { id, agency_id: required(agency_id)?, counted })
        })
        .collect()
}

/// The proceedings of a scope as they stood at the end of a day, from the journal, with their
/// identifiers; only those the agency counts.
///
/// # Errors
/// Where the database fails, or holds an unknown code.
pub fn remedies_as_of(
    conn: &mut DbConnection,
    scope: &Scope,
    as_of: NaiveDate,
) -> Result<Vec<(String, RemedyFacts)>, StorageError> {
    known_at(conn, scope, Subject::Remedy, as_of)?
        .into_iter()
        .map(|(id, _, opened_on, closed_on, kind, result)| {
            let result = result.as_deref().map(RemedyResult::from_code).transpose()?;
            let facts = RemedyFacts {
                kind: RemedyKind::from_code(&required(kind)?)?,
                accepted_on: required(opened_on)?,
                concluded: closed_on.zip(result),
                capacity: Capacity::ActingAgency,
            };
            Ok((id, facts))
        })
        .collect()
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
        let window = measure.window(period);
        for end in ends(window) {
            let ids: Vec<i32> = cases::table
                .filter(case_condition(scope, window, &end))
                .select(cases::agency_id)
                .distinct()
                .load(conn)?;
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
    let first: Option<NaiveDate> = cases::table
        .filter(case_condition(scope, EVERYTHING, &End::Any))
        .select(diesel::dsl::min(cases::received_on))
        .first(conn)?;
    Ok(first.map(|it| it.year()))
}
