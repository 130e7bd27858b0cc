//! Counts by day and department, for the charts of a year.
//!
//! Days are grouped by the database and made months and spans by the caller, so that each query is one
//! walk over an index that covers it.

use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::domain::labels::Coded;
use crate::domain::outcome::Outcome;
use crate::domain::report::statistics::Period;
use crate::storage::access::agencies::Scope;
use crate::storage::codes::Code;
use crate::storage::schema::{agencies, cases};
use crate::storage::{DbConnection, StorageError};

/// Cases received on a day in a department: how many.
pub type Received = (Option<i32>, NaiveDate, i64);
/// Cases of a department received on one day and closed on another: how many.
pub type Closed = (Option<i32>, NaiveDate, Option<NaiveDate>, i64);
/// Replies of a department on a day: how many.
pub type Replied = (Option<i32>, Option<NaiveDate>, i64);

macro_rules! in_scope {
    ($scope:expr) => {{
        let condition: Box<
            dyn BoxableExpression<
                    cases::table,
                    crate::storage::connection::MultiBackend,
                    SqlType = diesel::sql_types::Bool,
                >,
        > = match $scope {
            Scope::Agency(id) => Box::new(cases::agency_id.eq(id.0)),
            Scope::Subtree(path) => Box::new(cases::agency_id.eq_any(
                agencies::table.filter(agencies::path.like(format!("{path}%"))).select(agencies::id),
            )),
        };
        condition
    }};
}

/// What was received in the period.
pub fn received(
    conn: &mut DbConnection,
    scope: &Scope,
    period: Period,
) -> Result<Vec<Received>, StorageError> {
    Ok(cases::table
        .filter(in_scope!(scope))
        .filter(cases::received_on.between(period.first_day(), period.last_day()))
        .group_by((cases::department_id, cases::received_on))
        .select((cases::department_id, cases::received_on, count_star()))
        .load(conn)?)
}

/// What was closed in the period, with the day of receipt.
pub fn closed(conn: &mut DbConnection, scope: &Scope, period: Period) -> Result<Vec<Closed>, StorageError> {
    Ok(cases::table
        .filter(in_scope!(scope))
        .filter(cases::closed_on.assume_not_null().between(period.first_day(), period.last_day()))
        .group_by((cases::department_id, cases::received_on, cases::closed_on))
        .select((cases::department_id, cases::received_on, cases::closed_on, count_star()))
        .load(conn)?)
}

/// The first replies of the period; with `late`, only those after their due date.
///
/// Cases that ended without a reply are left out, and so are those replied to anew since: what is
/// cached of their due date is that of the later round.
pub fn replied(
    conn: &mut DbConnection,
    scope: &Scope,
    period: Period,
    late: bool,
) -> Result<Vec<Replied>, StorageError> {
    let without: Vec<_> =
        Outcome::ALL.iter().copied().filter(|it| it.ends_without_reply()).map(Code).collect();
    let closed_on = cases::closed_on.assume_not_null();
    let all = cases::table
        .filter(in_scope!(scope))
        .filter(closed_on.between(period.first_day(), period.last_day()))
        .filter(cases::round.eq(1))
        .filter(cases::outcome.assume_not_null().ne_all(without))
        .group_by((cases::department_id, cases::closed_on))
        .select((cases::department_id, cases::closed_on, count_star()));
    Ok(if late { all.filter(cases::due_on.lt(closed_on)).load(conn)? } else { all.load(conn)? })
}
