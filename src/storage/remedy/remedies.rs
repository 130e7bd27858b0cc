//! Reconsiderations and suits.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::domain::ids::{AgencyId, CaseId, RemedyId};
use crate::domain::remedy::{Capacity, RemedyFacts, RemedyKind, RemedyResult};
use crate::storage::access::agencies::Scope;
use crate::storage::codes::{Code, Id};
use crate::storage::schema::{agencies, remedies};
use crate::storage::{DbConnection, StorageError, insert_all};

/// A reconsideration or suit, as the register keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    /// Its identifier.
    pub id: RemedyId,
    /// The agency that keeps it.
    pub agency_id: AgencyId,
    /// Its number (案号), unique in the agency.
    pub remedy_no: String,
    /// The case whose reply is challenged, where there is one.
    pub case_id: Option<CaseId>,
    /// Grows by one with every change.
    pub version: i32,
    /// The dated facts.
    pub facts: RemedyFacts,
    /// The reconsideration body or court.
    pub body: String,
    /// Anything else.
    pub remarks: String,
}

#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = remedies, treat_none_as_null = true, treat_none_as_default_value = false)]
struct RemedyRow {
    id: Id<RemedyId>,
    agency_id: i32,
    remedy_no: String,
    case_id: Option<Id<CaseId>>,
    version: i32,
    kind: Code<RemedyKind>,
    capacity: Code<Capacity>,
    body: String,
    accepted_on: NaiveDate,
    concluded_on: Option<NaiveDate>,
    result: Option<Code<RemedyResult>>,
    remarks: String,
}

impl RemedyRow {
    fn new(remedy: &Remedy) -> Self {
        Self {
            id: Id(remedy.id),
            agency_id: remedy.agency_id.0,
            remedy_no: remedy.remedy_no.clone(),
            case_id: remedy.case_id.map(Id),
            version: remedy.version,
            kind: Code(remedy.facts.kind),
            capacity: Code(remedy.facts.capacity),
            body: remedy.body.clone(),
            accepted_on: remedy.facts.accepted_on,
            concluded_on: remedy.facts.concluded.map(|(day, _)| day),
            result: remedy.facts.concluded.map(|(_, result)| Code(result)),
            remarks: remedy.remarks.clone(),
        }
    }

    fn remedy(self) -> Remedy {
        Remedy {
            id: self.id.0,
            agency_id: AgencyId(self.agency_id),
            remedy_no: self.remedy_no,
            case_id: self.case_id.map(|it| it.0),
            version: self.version,
            facts: RemedyFacts {
                kind: self.kind.0,
                accepted_on: self.accepted_on,
                concluded: self.concluded_on.zip(self.result.map(|it| it.0)),
                capacity: self.capacity.0,
            },
            body: self.body,
            remarks: self.remarks,
        }
    }
}

/// Stores new proceedings.
///
/// # Errors
/// [`StorageError::Conflict`] where a number is taken in its agency.
pub fn insert(conn: &mut DbConnection, new: &[Remedy]) -> Result<(), StorageError> {
    let rows: Vec<_> = new.iter().map(RemedyRow::new).collect();
    insert_rows(conn, &rows)
}

fn insert_rows(conn: &mut DbConnection, rows: &[RemedyRow]) -> Result<(), StorageError> {
    insert_all!(conn, remedies::table, rows)
}

/// Stores a changed proceeding where nobody has changed it since it was read.
///
/// # Errors
/// [`StorageError::Stale`] where somebody has.
pub fn update(conn: &mut DbConnection, remedy: &Remedy) -> Result<(), StorageError> {
    let row = RemedyRow::new(remedy);
    let known =
        remedies::table.filter(remedies::id.eq(&row.id)).filter(remedies::version.eq(remedy.version - 1));
    match diesel::update(known).set(&row).execute(conn)? {
        0 => Err(StorageError::Stale),
        _ => Ok(()),
    }
}

/// The proceedings of an agency by number.
pub fn of_agency(
    conn: &mut DbConnection,
    agency: AgencyId,
) -> Result<BTreeMap<String, Remedy>, StorageError> {
    let rows: Vec<RemedyRow> = remedies::table.filter(remedies::agency_id.eq(agency.0)).load(conn)?;
    Ok(rows.into_iter().map(RemedyRow::remedy).map(|it| (it.remedy_no.clone(), it)).collect())
}

/// Every proceeding of a scope.
pub fn in_scope(conn: &mut DbConnection, scope: &Scope) -> Result<Vec<Remedy>, StorageError> {
    let rows: Vec<RemedyRow> = match scope {
        Scope::Agency(agency) => remedies::table.filter(remedies::agency_id.eq(agency.0)).load(conn)?,
        Scope::Subtree(path) => {
            let below = agencies::table.filter(agencies::path.like(format!("{path}%")));
            remedies::table.filter(remedies::agency_id.eq_any(below.select(agencies::id))).load(conn)?
        }
    };
    Ok(rows.into_iter().map(RemedyRow::remedy).collect())
}

/// The proceedings about a case, by the day they were accepted.
pub fn of_case(conn: &mut DbConnection, case: CaseId) -> Result<Vec<Remedy>, StorageError> {
    let rows: Vec<RemedyRow> = remedies::table
        .filter(remedies::case_id.eq(Id(case)))
        .order((remedies::accepted_on, remedies::id))
        .load(conn)?;
    Ok(rows.into_iter().map(RemedyRow::remedy).collect())
}

/// The numbers of some proceedings, by identifier.
pub fn numbers_of(conn: &mut DbConnection, ids: &[String]) -> Result<BTreeMap<String, String>, StorageError> {
    let rows: Vec<(String, String)> = remedies::table
        .filter(remedies::id.eq_any(ids))
        .select((remedies::id, remedies::remedy_no))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The proceeding with this identifier.
///
/// # Errors
/// [`StorageError::NotFound`] where there is none.
pub fn fetch(conn: &mut DbConnection, remedy: RemedyId) -> Result<Remedy, StorageError> {
    let row: RemedyRow = remedies::table.filter(remedies::id.eq(Id(remedy))).first(conn)?;
    Ok(row.remedy())
}

/// The proceeding with this number in this agency.
///
/// # Errors
/// [`StorageError::NotFound`] where there is none.
pub fn by_no(conn: &mut DbConnection, agency: AgencyId, remedy_no: &str) -> Result<Remedy, StorageError> {
    let row: RemedyRow = remedies::table
        .filter(remedies::agency_id.eq(agency.0))
        .filter(remedies::remedy_no.eq(remedy_no))
        .first(conn)?;
    Ok(row.remedy())
}
