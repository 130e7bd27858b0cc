//! The numbers of cases.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::domain::ids::{AgencyId, CaseId};
use crate::storage::codes::Id;
use crate::storage::schema::{case_counters, cases};
use crate::storage::{DbConnection, StorageError};

/// Every number in use in an agency, with the identifier of its case.
pub fn numbers(conn: &mut DbConnection, agency: AgencyId) -> Result<BTreeMap<String, CaseId>, StorageError> {
    let rows: Vec<(String, Id<CaseId>)> =
        cases::table.filter(cases::agency_id.eq(agency.0)).select((cases::case_no, cases::id)).load(conn)?;
    Ok(rows.into_iter().map(|(no, case)| (no, case.0)).collect())
}

/// The numbers of cases, by identifier.
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
/// a registration that fails leaves no gap. Numbers an import has taken are passed over, however many
/// they are, in one step.
pub fn next_number(conn: &mut DbConnection, agency: AgencyId, year: i32) -> Result<String, StorageError> {
    let no = loop {
        let counter = case_counters::table
            .filter(case_counters::agency_id.eq(agency.0))
            .filter(case_counters::year.eq(year));
        let advanced: Vec<i64> = diesel::update(counter)
            .set(case_counters::last_no.eq(case_counters::last_no + 1))
            .returning(case_counters::last_no)
            .load(conn)?;
        if let Some(no) = advanced.first() {
            break *no;
        }
        // The first of the year. Where two come at once, one of them waits here for the other.
        diesel::sql_query(
            "INSERT INTO case_counters (agency_id, year, last_no) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING",
        )
        .bind::<diesel::sql_types::Integer, _>(agency.0)
        .bind::<diesel::sql_types::Integer, _>(year)
        .execute(conn)?;
    };
    let case_no = number(year, no);
    let is_taken: bool = diesel::select(diesel::dsl::exists(
        cases::table.filter(cases::agency_id.eq(agency.0)).filter(cases::case_no.eq(&case_no)),
    ))
    .get_result(conn)?;
    if !is_taken {
        return Ok(case_no);
    }
    let taken: BTreeSet<String> = cases::table
        .filter(cases::agency_id.eq(agency.0))
        .filter(cases::case_no.like(format!("{year}-%")))
        .select(cases::case_no)
        .load(conn)?
        .into_iter()
        .collect();
    let free = (no..).find(|it| !taken.contains(&number(year, *it))).unwrap_or(no);
    diesel::update(
        case_counters::table
            .filter(case_counters::agency_id.eq(agency.0))
            .filter(case_counters::year.eq(year)),
    )
    .set(case_counters::last_no.eq(free))
    .execute(conn)?;
    Ok(number(year, free))
}

/// `2026-0001`.
fn number(year: i32, no: i64) -> String {
    format!("{year}-{no:04}")
}
