//! The list of reconsiderations and suits a person sees.

use chrono::NaiveDate;

use crate::domain::remedy::stages::{Deadline, Stage, next_deadline};
use crate::service::{Caller, Rules, ServiceError};
use crate::storage::DbConnection;
use crate::storage::case::cases;
use crate::storage::remedy::lists;
pub use crate::storage::remedy::lists::{RemedyFilter, RemedyLine};
use crate::storage::remedy::stages;

/// A line with what follows from its stages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRemedy {
    /// The proceeding.
    pub line: RemedyLine,
    /// The number of the case whose reply is challenged; empty where there is none.
    pub case_no: String,
    /// The stage it is in.
    pub stage: Option<Stage>,
    /// What the agency must do next.
    pub next: Option<Deadline>,
}

/// The proceedings that fit and that the person sees, the latest accepted first.
pub fn find_remedies(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
    filter: &RemedyFilter,
    after: Option<&(NaiveDate, String)>,
    limit: i64,
) -> Result<Vec<FoundRemedy>, ServiceError> {
    let lines = lists::list(conn, &caller.viewer.sights(), filter, after, limit)?;
    let ids: Vec<_> = lines.iter().map(|it| it.id.0).collect();
    let case_ids: Vec<_> = lines.iter().filter_map(|it| it.case_id).map(|it| it.to_string()).collect();
    let mut stages = stages::of(conn, &ids)?;
    let numbers = cases::numbers_of(conn, &case_ids)?;
    let found = lines.into_iter().map(|line| {
        let stages = stages.remove(&line.id.0).unwrap_or_default();
        let is_open = line.concluded_on.is_none();
        FoundRemedy {
            case_no: line.case_id.and_then(|it| numbers.get(&it.to_string())).cloned().unwrap_or_default(),
            next: next_deadline(&stages, &rules.calendar).filter(|_| is_open),
            stage: stages.last().cloned(),
            line,
        }
    });
    Ok(found.collect())
}
