//! What registration asks of the register: forms already sent, an applicant's earlier applications,
//! and recent ones to compare with.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::domain::ids::{AgencyId, CaseId};
use crate::domain::outcome::Outcome;
use crate::domain::workflow::Status;
use crate::storage::codes::{Code, Id};
use crate::storage::schema::{cases, replies, requests, submissions};
use crate::storage::{DbConnection, StorageError};

/// The case a form has become; none where it has not been sent before.
pub fn submitted(
    conn: &mut DbConnection,
    agency: AgencyId,
    submission: &str,
) -> Result<Option<CaseId>, StorageError> {
    let found: Option<Id<CaseId>> = submissions::table
        .filter(submissions::agency_id.eq(agency.0))
        .filter(submissions::submission.eq(submission))
        .select(submissions::case_id)
        .first(conn)
        .optional()?;
    Ok(found.map(|it| it.0))
}

/// Notes that a form has become a case.
///
/// # Errors
/// [`StorageError::Conflict`] where the same form was sent at the same moment.
pub fn note_submission(
    conn: &mut DbConnection,
    agency: AgencyId,
    submission: &str,
    case: CaseId,
) -> Result<(), StorageError> {
    diesel::insert_into(submissions::table)
        .values((
            submissions::agency_id.eq(agency.0),
            submissions::submission.eq(submission),
            submissions::case_id.eq(Id(case)),
        ))
        .execute(conn)?;
    Ok(())
}

/// An application in the register, as far as a new one is compared with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its case.
    pub id: CaseId,
    /// Its number.
    pub case_no: String,
    /// Where it stands.
    pub status: Status,
    /// The day of receipt.
    pub received_on: NaiveDate,
    /// The applicant.
    pub applicant_name: String,
    /// The applicant's identity number.
    pub id_number: Option<String>,
    /// The day it was closed, and how.
    pub closed: Option<(NaiveDate, Outcome)>,
    /// What was asked.
    pub content: String,
    /// The number of the reply, where there is one.
    pub reply_no: Option<String>,
}

type Row = (
    Id<CaseId>,
    String,
    Code<Status>,
    NaiveDate,
    String,
    Option<NaiveDate>,
    Option<Code<Outcome>>,
    (String, Option<String>),
    Option<String>,
);

/// Which index a query walks must not hang on statistics, which a database may not have yet: an agency has as
/// many cases as it likes, a person has few.
macro_rules! known {
    () => {
        cases::table
            .inner_join(requests::table.on(requests::case_id.eq(cases::id)))
            .left_join(replies::table.on(replies::case_id.eq(cases::id).and(replies::round.eq(1))))
            .select((
                cases::id,
                cases::case_no,
                cases::status,
                cases::received_on,
                cases::applicant_name,
                cases::closed_on,
                cases::outcome,
                (requests::content, requests::id_number),
                replies::reply_no.nullable(),
            ))
    };
}

fn read(rows: Vec<Row>) -> Vec<Known> {
    rows.into_iter()
        .map(
            |(id, case_no, status, received_on, name, closed_on, outcome, (content, id_number), reply_no)| {
                Known {
                    id: id.0,
                    case_no,
                    status: status.0,
                    received_on,
                    applicant_name: name,
                    id_number,
                    closed: closed_on.zip(outcome.map(|it| it.0)),
                    content,
                    reply_no,
                }
            },
        )
        .collect()
}

/// The applications of an agency under this name, the latest first, at most `limit`.
pub fn by_name(
    conn: &mut DbConnection,
    agency: AgencyId,
    name: &str,
    limit: i64,
) -> Result<Vec<Known>, StorageError> {
    let rows: Vec<Row> = known!()
        .filter(cases::agency_id.eq(agency.0))
        .filter(cases::applicant_name.eq(name))
        // As the index of applicants has them. With the identifier behind the day only that of receipts fits.
        .order(cases::received_on.desc())
        .limit(limit)
        .load(conn)?;
    Ok(read(rows))
}

/// The applications of an agency with this identity number, the latest first, at most `limit`.
pub fn by_id_number(
    conn: &mut DbConnection,
    agency: AgencyId,
    id_number: &str,
    limit: i64,
) -> Result<Vec<Known>, StorageError> {
    let rows: Vec<Row> = known!()
        .filter(requests::id_number.eq(id_number))
        // A sum is in no index: the agency's is not walked in place of that of the numbers.
        .filter((cases::agency_id + 0).eq(agency.0))
        .order((cases::received_on.desc(), cases::id.desc()))
        .limit(limit)
        .load(conn)?;
    Ok(read(rows))
}

/// The latest applications of an agency, at most `limit`.
pub fn recent(conn: &mut DbConnection, agency: AgencyId, limit: i64) -> Result<Vec<Known>, StorageError> {
    let rows: Vec<Row> = known!()
        .filter(cases::agency_id.eq(agency.0))
        .order((cases::received_on.desc(), cases::id.desc()))
        .limit(limit)
        .load(conn)?;
    Ok(read(rows))
}
