//! Lists of reconsiderations and suits, limited to what the person sees.

use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::domain::ids::{CaseId, RemedyId};
use crate::domain::remedy::{Capacity, RemedyKind, RemedyResult};
use crate::domain::visibility::{REVIEWED, Sight};
use crate::storage::codes::{Code, Id};
use crate::storage::connection::MultiBackend;
use crate::storage::schema::{agencies, cases, remedies, remedy_stages};
use crate::storage::upkeep::audit::escape;
use crate::storage::{DbConnection, StorageError};

/// Which proceedings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemedyFilter {
    /// Concluded ones, or pending ones; none for both.
    pub is_concluded: Option<bool>,
    /// Of this kind.
    pub kind: Option<RemedyKind>,
    /// Whose answer is still to be handed in.
    pub awaits_answer: bool,
    /// Whose number or body contains this.
    pub text: String,
    /// Accepted on this day or later.
    pub from: Option<NaiveDate>,
    /// Accepted on this day or earlier.
    pub through: Option<NaiveDate>,
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct RemedyLine {
    /// Its identifier.
    pub id: Id<RemedyId>,
    /// The agency.
    pub agency_id: i32,
    /// Its number.
    pub remedy_no: String,
    /// The case whose reply is challenged.
    pub case_id: Option<Id<CaseId>>,
    /// Which group of table 4.
    pub kind: Code<RemedyKind>,
    /// In which capacity the agency takes part.
    pub capacity: Code<Capacity>,
    /// The body or court.
    pub body: String,
    /// The day it was accepted.
    pub accepted_on: NaiveDate,
    /// The day it was concluded.
    pub concluded_on: Option<NaiveDate>,
    /// How.
    pub result: Option<Code<RemedyResult>>,
}

type Condition = Box<dyn BoxableExpression<remedies::table, MultiBackend, SqlType = Bool>>;

/// A sight as a condition. Who sees a case sees the proceedings about it; one about no case of record is
/// for those who see the whole agency.
fn seen(sight: &Sight) -> Condition {
    macro_rules! about {
        ($agency:expr, $condition:expr) => {
            Box::new(remedies::agency_id.eq($agency.0).and(
                remedies::case_id.assume_not_null().eq_any(cases::table.filter($condition).select(cases::id)),
            ))
        };
    }
    match sight {
        Sight::Agency(agency) => Box::new(remedies::agency_id.eq(agency.0)),
        Sight::Below(path) => Box::new(
            remedies::agency_id
                .eq_any(agencies::table.filter(agencies::path.like(format!("{path}%"))).select(agencies::id)),
        ),
        Sight::Department(agency, department) => {
            about!(agency, cases::department_id.assume_not_null().eq(department.0))
        }
        Sight::Own(agency, user) => {
            about!(agency, cases::handler_id.assume_not_null().eq(Id(*user)))
        }
        Sight::Review(agency) => {
            let reviewed: Vec<_> = REVIEWED.iter().copied().map(Code).collect();
            about!(agency, cases::status.eq_any(reviewed))
        }
    }
}

/// The proceedings that fit, the latest accepted first, at most `limit` of them after `after`, the day
/// and identifier of the last line of the page before.
pub fn list(
    conn: &mut DbConnection,
    sights: &[Sight],
    filter: &RemedyFilter,
    after: Option<&(NaiveDate, String)>,
    limit: i64,
) -> Result<Vec<RemedyLine>, StorageError> {
    let mut conditions = sights.iter().map(seen);
    let Some(first) = conditions.next() else { return Ok(Vec::new()) };
    let visible = conditions.fold(first, |all, it| -> Condition { Box::new(all.or(it)) });
    let mut query = remedies::table
        .filter(visible)
        .order((remedies::accepted_on.desc(), remedies::id.desc()))
        .limit(limit)
        .select((
            remedies::id,
            remedies::agency_id,
            remedies::remedy_no,
            remedies::case_id,
            remedies::kind,
            remedies::capacity,
            remedies::body,
            remedies::accepted_on,
            remedies::concluded_on,
            remedies::result,
        ))
        .into_boxed();
    match filter.is_concluded {
        Some(true) => query = query.filter(remedies::concluded_on.is_not_null()),
        Some(false) => query = query.filter(remedies::concluded_on.is_null()),
        None => {}
    }
    if let Some(kind) = filter.kind {
        query = query.filter(remedies::kind.eq(Code(kind)));
    }
    if filter.awaits_answer {
        let unanswered = remedy_stages::table
            .filter(remedy_stages::remedy_id.eq(remedies::id))
            .filter(remedy_stages::copy_received_on.is_not_null())
            .filter(remedy_stages::answered_on.is_null())
            .filter(remedy_stages::ended_on.is_null());
        query = query.filter(remedies::concluded_on.is_null()).filter(exists(unanswered));
    }
    if !filter.text.is_empty() {
        let pattern = format!("%{}%", escape(&filter.text));
        query = query.filter(
            remedies::remedy_no
                .like(pattern.clone())
                .escape('\\')
                .or(remedies::body.like(pattern).escape('\\')),
        );
    }
    if let Some(from) = filter.from {
        query = query.filter(remedies::accepted_on.ge(from));
    }
    if let Some(through) = filter.through {
        query = query.filter(remedies::accepted_on.le(through));
    }
    if let Some((day, id)) = after {
        query = query
            .filter(remedies::accepted_on.le(*day))
            .filter(remedies::accepted_on.lt(*day).or(remedies::id.lt(id.clone())));
    }
    Ok(query.load(conn)?)
}
