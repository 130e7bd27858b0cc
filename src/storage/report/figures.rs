//! Table 2 of the report as entered, figure by figure, now or by the end of a past day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use rust_decimal::Decimal;

use crate::domain::event::Subject;
use crate::domain::ids::AgencyId;
use crate::domain::report::forms::Form;
use crate::domain::report::statistics::table2::Table2;
use crate::storage::access::agencies::Scope;
use crate::storage::codes::Code;
use crate::storage::schema::{agencies, journal, report_figures};
use crate::storage::{DbConnection, StorageError};

/// What the journal calls it when figures are entered. Its details hold `year`, `row` and `after`.
pub const ENTERED: &str = "enter_figures";

/// What has been entered for a year, summed over the scope. Cells nobody entered stay empty.
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
    sum(form, figures)
}

/// What had been entered for a year by the end of a day, summed over the scope, from the journal.
pub fn table2_as_of(
    conn: &mut DbConnection,
    scope: &Scope,
    year: i32,
    form: &'static Form,
    as_of: NaiveDate,
) -> Result<Table2, StorageError> {
    let query = journal::table
        .filter(journal::subject.eq(Code(Subject::Report)))
        .filter(journal::action.eq(ENTERED))
        .filter(journal::known_on.le(as_of))
        .order((journal::subject_id, journal::seq))
        .select((journal::subject_id, journal::details));
    let entries: Vec<(String, String)> = match scope {
        Scope::Agency(id) => query.filter(journal::agency_id.eq(id.0)).load(conn)?,
        Scope::Subtree(path) => {
            let below = agencies::table.filter(agencies::path.like(format!("{path}%")));
            query.filter(journal::agency_id.eq_any(below.select(agencies::id.nullable()))).load(conn)?
        }
    };
    // Of each row of a unit's report, what was entered last.
    let mut rows = BTreeMap::new();
    for (report, details) in entries {
        let entered: Entered = serde_json::from_str(&details)
            .map_err(|_| StorageError::Unreadable { what: "entry of table 2", text: details })?;
        if entered.year == year {
            rows.insert((report, entered.row), entered.after);
        }
    }
    let figures = rows.into_iter().flat_map(|((_, row), values)| {
        (0_i32..).zip(values).map(move |(cell, value)| (row.clone(), cell, value))
    });
    sum(form, figures)
}

/// What is read of a journal entry about figures entered.
#[derive(serde::Deserialize)]
struct Entered {
    year: i32,
    row: String,
    after: Vec<String>,
}

/// Adds figures up, each given by its row, its cell and its value.
fn sum(
    form: &'static Form,
    figures: impl IntoIterator<Item = (String, i32, String)>,
) -> Result<Table2, StorageError> {
    let mut table = Table2::empty(form);
    for (code, cell, value) in figures {
        let unreadable = || StorageError::Unreadable {
            what: "figure of table 2",
            text: format!("{code} {cell}: {value}"),
        };
        let line = table.row_mut(&code).ok_or_else(unreadable)?;
        let cell = usize::try_from(cell).ok().and_then(|it| line.cells.get_mut(it)).ok_or_else(unreadable)?;
        let value: Decimal = value.parse().map_err(|_| unreadable())?;
        *cell = Some(cell.unwrap_or_default().checked_add(value).ok_or_else(unreadable)?);
    }
    Ok(table)
}

/// Enters the figures of one row, replacing what was entered before.
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
