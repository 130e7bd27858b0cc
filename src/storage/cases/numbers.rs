//! The numbers of cases.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::domain::ids::{AgencyId, CaseId};
use crate::storage::cases::rows::id;
use crate::storage::schema::{case_counters, cases};
use crate::storage::{DbConnection, StorageError};

/// Every number in use in an agency, with the identifier of its case.
///
/// # Errors
/// Where the database fails.
pub fn numbers(conn: &mut DbConnection, agency: AgencyId) -> Result<BTreeMap<String, CaseId>, StorageError> {
    let rows: Vec<(String, String)> =
        cases::table.filter(cases::agency_id.eq(agency.0)).select((cases::case_no, cases::id)).load(conn)?;
    rows.into_iter().map(|(no, case)| Ok((no, id(&case)?))).collect()
}

/// The numbers of cases, by identifier.
///
/// # Errors
/// Where the database fails.
pub fn numbers_of(conn: &mut DbConnection, ids: &[String]) -> Result<BTreeMap<String, String>, StorageError> {
    let mut numbers = BTreeMap::new();
    for ids in ids.chunks(1_000) {
        let rows: Vec<(String, String)> =
            cases::table.filter(cases::id.eq_any(ids)).select((cases::id, cases::case_no)).load(conn)?;
        numbers.extend(rows);
    }
    Ok(numbers)
}

/// The next number of the year, such as `2026-0001`; it grows past four digits where it must.
///
/// The counter row is updated in the caller's transaction, so that two clerks wait for each other and
/// a registration that fails leaves no gap. Numbers an import has taken are passed over.
///
/// # Errors
/// Where the database fails.
pub fn next_number(conn: &mut DbConnection, agency: AgencyId, year: i32) -> Result<String, StorageError> {
    loop {
        let counter = case_counters::table
            .filter(case_counters::agency_id.eq(agency.0))
            .filter(case_counters::year.eq(year));
        let advanced: Vec<i64> = diesel::update(counter)
            .set(case_counters::last_no.eq(case_counters::last_no + 1))
            .returning(case_counters::last_no)
            .load(conn)?;
        let Some(no) = advanced.first() else {
            // The first of the year. Where two come at once, one of them waits here for the other.
            diesel::sql_query(
                "INSERT INTO case_counters (agency_id, year, last_no) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING",
            )
            .bind::<diesel::sql_types::Integer, _>(agency.0)
            .bind::<diesel::sql_types::Integer, _>(year)
            .execute(conn)?;
            continue;
        };
        let case_no = format!("{year}-{no:04}");
        let taken: bool = diesel::select(diesel::dsl::exists(
            cases::table.filter(cases::agency_id.eq(agency.0)).filter(cases::case_no.eq(&case_no)),
        ))
        .get_result(conn)?;
        if !taken {
            return Ok(case_no);
        }
    }
}
