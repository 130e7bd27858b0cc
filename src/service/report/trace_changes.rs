//! What has changed in a year's tables since a day: which cases moved from which cell to which, and why.

use chrono::NaiveDate;

use crate::domain::applicant::ApplicantKind;
use crate::domain::event::Subject;
use crate::domain::journal;
use crate::domain::labels::Coded;
use crate::domain::outcome::Outcome;
use crate::domain::remedy::{Capacity, RemedyFacts, RemedyKind, RemedyResult};
use crate::domain::report::forms::Form;
use crate::domain::report::statistics::placement::{placements, remedy_reason};
use crate::domain::report::statistics::tables::remedy_column;
use crate::domain::report::statistics::{CountedCase, Period};
use crate::service::report::derive_tables::ReportQuery;
use crate::service::{Caller, ServiceError, agency_and_scope};
use crate::storage::case::cases;
use crate::storage::journal::Entry;
use crate::storage::remedy::remedies;
use crate::storage::upkeep::audit;
use crate::storage::{DbConnection, StorageError};

/// A cell and why something is counted in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// `ROW/COLUMN`.
    pub cell: String,
    /// The row and the column in words.
    pub place: String,
    /// Why, in words.
    pub reason: String,
}

/// What somebody wrote down after the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// The day since which it is known.
    pub known_on: NaiveDate,
    /// What was done, in words.
    pub what: String,
    /// The person who did it.
    pub who: String,
}

/// A case or proceeding that moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Its identifier.
    pub id: String,
    /// Whether it is a reconsideration or suit.
    pub is_remedy: bool,
    /// Its number.
    pub no: String,
    /// The cells it was counted in and no longer is.
    pub left: Vec<Counted>,
    /// The cells it is counted in now and was not.
    pub entered: Vec<Counted>,
    /// What was done meanwhile.
    pub acts: Vec<Act>,
}

/// Everything that moved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Case by case, then proceeding by proceeding.
    pub moved: Vec<Moved>,
    /// Whether there are more than are listed.
    pub has_more: bool,
}

/// The most that is listed: a table of which more than this has changed is not read case by case.
const MOST: usize = 300;
/// The number of histories read at a time.
const CHUNK: usize = 500;

/// Compares the tables of a year as they stood at the end of a day with the tables of today.
///
/// # Errors
/// A year without a form, an unknown agency, a day before the year or still to come.
pub fn report_changes(
    conn: &mut DbConnection,
    caller: &Caller,
    query: &ReportQuery,
    day: NaiveDate,
) -> Result<Changes, ServiceError> {
    let form = crate::domain::report::forms::form(query.year)?;
    if caller.today() < day {
        return Err(ServiceError::refused("这一天还没有到，请选择今天或者更早的日期"));
    }
    let (then, now) = (Period::as_of(query.year, day)?, Period::year(query.year));
    let (_, scope) = agency_and_scope(conn, &query.agency, query.rollup)?;
    let mut changes = Changes::default();
    for subject in [Subject::Case, Subject::Remedy] {
        let ids = audit::touched_since(conn, &scope, subject, day, now.last_day())?;
        for chunk in ids.chunks(CHUNK) {
            let numbers = match subject {
                Subject::Remedy => remedies::numbers_of(conn, chunk)?,
                _ => cases::numbers_of(conn, chunk)?,
            };
            for (id, history) in audit::histories(conn, chunk)? {
                let counted = |entry: Option<&Entry>, period| match (entry, subject) {
                    (None, _) => Ok(Vec::new()),
                    (Some(it), Subject::Remedy) => remedy_places(it, period),
                    (Some(it), _) => case_places(it, form, period),
                };
                let facts = || history.iter().filter(|it| it.opened_on.is_some());
                let before = counted(facts().rfind(|it| it.known_on <= day), then)?;
                let after = counted(facts().next_back(), now)?;
                let missing = |from: &[Counted], of: &[Counted]| -> Vec<Counted> {
                    let is_in = |it: &&Counted| !of.iter().any(|other| other.cell == it.cell);
                    from.iter().filter(is_in).cloned().collect()
                };
                let (left, entered) = (missing(&before, &after), missing(&after, &before));
                if left.is_empty() && entered.is_empty() {
                    continue;
                }
                if changes.moved.len() == MOST {
                    changes.has_more = true;
                    return Ok(changes);
                }
                let acts = history.iter().filter(|it| day < it.known_on).map(act).collect();
                let no = numbers.get(&id).cloned().unwrap_or_default();
                let is_remedy = subject == Subject::Remedy;
                changes.moved.push(Moved { id, is_remedy, no, left, entered, acts });
            }
        }
    }
    Ok(changes)
}

fn act(entry: &Entry) -> Act {
    Act { known_on: entry.known_on, what: journal::action(&entry.action), who: entry.actor.clone() }
}

fn required<T>(it: Option<T>) -> Result<T, StorageError> {
    it.ok_or_else(|| StorageError::Unreadable {
        what: "journal entry",
        text: "a counted fact is missing".to_owned(),
    })
}

/// The cells a case was counted in after an entry.
fn case_places(entry: &Entry, form: &'static Form, period: Period) -> Result<Vec<Counted>, ServiceError> {
    let outcome = entry.result.as_deref().map(Outcome::from_code).transpose().map_err(StorageError::from)?;
    let kind = ApplicantKind::from_code(&required(entry.kind.clone())?).map_err(StorageError::from)?;
    let case = CountedCase {
        applicant_kind: kind,
        received_on: required(entry.opened_on)?,
        closed: entry.closed_on.zip(outcome),
    };
    let place = |it: crate::domain::report::statistics::placement::Placement| {
        let group = form.row_index(it.row).and_then(|index| form.table3[index].group).unwrap_or_default();
        Counted {
            cell: format!("{}/{}", it.row, kind.code()),
            place: format!("{group}{}，{}", it.label, kind.label()),
            reason: it.reason,
        }
    };
    Ok(placements(&case, form, period).into_iter().map(place).collect())
}

/// The cell a proceeding was counted in after an entry.
fn remedy_places(entry: &Entry, period: Period) -> Result<Vec<Counted>, ServiceError> {
    let result =
        entry.result.as_deref().map(RemedyResult::from_code).transpose().map_err(StorageError::from)?;
    let facts = RemedyFacts {
        kind: RemedyKind::from_code(&required(entry.kind.clone())?).map_err(StorageError::from)?,
        accepted_on: required(entry.opened_on)?,
        concluded: entry.closed_on.zip(result),
        capacity: Capacity::ActingAgency,
    };
    let column = remedy_column(&facts, period);
    let counted = column.map(|it| Counted {
        cell: format!("{}/{}", facts.kind.code(), it.code()),
        place: format!("{}，{}", facts.kind.label(), it.label()),
        reason: remedy_reason(&facts, period),
    });
    Ok(counted.into_iter().collect())
}
