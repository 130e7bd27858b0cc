//! Table 2 of the report as entered, figure by figure.

use diesel::prelude::*;

use crate::domain::forms::Form;
use crate::domain::ids::AgencyId;
use crate::domain::statistics::report::Table2;
use crate::storage::agencies::Scope;
use crate::storage::schema::{agencies, report_figures};
use crate::storage::{DbConnection, StorageError};

/// What has been entered for a year, summed over the scope. Cells nobody entered stay empty.
///
/// # Errors
/// Where the database fails, or holds a figure that is no number.
pub fn table2(
    conn: &mut DbConnection,
    scope: &Scope,
    year: i32,
    form: &'static Form,
) -> Result<Table2, StorageError> {
    let query = report_figures::table.filter(report_figures::year.eq(year)).select((
        report_figures::row_code,
        report_figures::cell,
        report_figures::value,
    ));
    let figures: Vec<(String, i32, String)> = match scope {
        Scope::Agency(id) => query.filter(report_figures::agency_id.eq(id.0)).load(conn)?,
        Scope::Subtree(path) => {
            let below = agencies::table.filter(agencies::path.like(format!("{path}%")));
            query.filter(report_figures::agency_id.eq_any(below.select(agencies::id))).load(conn)?
        }
    };
    let mut table = Table2::empty(form);
    for (code, cell, value) in figures {
        let unreadable = || StorageError::Unreadable {
            what: "figure of table 2",
            text: format!("{code} {cell}: {value}"),
        };
        let line = table.row_mut(&code).ok_or_else(unreadable)?;
        let cell = usize::try_from(cell).ok().and_then(|it| line.cells.get_mut(it)).ok_or_else(unreadable)?;
        let value = value.parse().map_err(|_| unreadable())?;
        *cell = Some(cell.map_or(value, |sum| sum + value));
    }
    Ok(table)
}

/// Enters the figures of one row, replacing what was entered before.
///
/// # Errors
/// Where the database fails.
pub fn enter(
    conn: &mut DbConnection,
    agency: AgencyId,
    year: i32,
    row_code: &str,
    values: &[String],
) -> Result<(), StorageError> {
    diesel::delete(
        report_figures::table
            .filter(report_figures::agency_id.eq(agency.0))
            .filter(report_figures::year.eq(year))
            .filter(report_figures::row_code.eq(row_code)),
    )
    .execute(conn)?;
    for (cell, value) in (0_i32..).zip(values) {
        diesel::insert_into(report_figures::table)
            .values((
                report_figures::agency_id.eq(agency.0),
                report_figures::year.eq(year),
                report_figures::row_code.eq(row_code),
                report_figures::cell.eq(cell),
                report_figures::value.eq(value),
            ))
            .execute(conn)?;
    }
    Ok(())
}
