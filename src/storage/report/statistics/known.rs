//! What was known of cases and proceedings at the end of a day, and what is known now.

use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;

use crate::domain::applicant::ApplicantKind;
use crate::domain::event::Subject;
use crate::domain::labels::Coded;
use crate::domain::outcome::Outcome;
use crate::domain::remedy::{Capacity, RemedyFacts, RemedyKind, RemedyResult};
use crate::domain::report::statistics::CountedCase;
use crate::storage::access::agencies::Scope;
use crate::storage::codes::Code;
use crate::storage::report::statistics::{EVERYTHING, case_conditions};
use crate::storage::schema::{agencies, cases, journal};
use crate::storage::{DbConnection, StorageError};

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
pub fn cases_now(conn: &mut DbConnection, scope: &Scope) -> Result<Vec<KnownCase>, StorageError> {
    type Row = (String, i32, Code<ApplicantKind>, NaiveDate, Option<NaiveDate>, Option<Code<Outcome>>);
    let mut rows: Vec<Row> = Vec::new();
    for condition in case_conditions(conn, scope, EVERYTHING)? {
        let found: Vec<Row> = cases::table
            .filter(condition)
            .select((
                cases::id,
                cases::agency_id,
                cases::applicant_kind,
                cases::received_on,
                cases::closed_on,
                cases::outcome,
            ))
            .load(conn)?;
        rows.extend(found);
    }
    let known = |(id, agency_id, kind, received_on, closed_on, outcome): Row| {
        let closed = closed_on.zip(outcome.map(|it| it.0));
        KnownCase { id, agency_id, counted: CountedCase { applicant_kind: kind.0, received_on, closed } }
    };
    Ok(rows.into_iter().map(known).collect())
}

/// The cases of a scope as they stood at the end of a day, from the journal.
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
