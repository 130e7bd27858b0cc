//! Enters figures of table 2, which no case record yields.

use chrono::Datelike;
use serde_json::json;

use crate::domain::report::forms;
use crate::domain::report::statistics::table2::Table2;
use crate::service::{Caller, ServiceError, agency, note};
use crate::storage::DbConnection;
use crate::storage::access::agencies::Scope;
use crate::storage::report::figures;

/// The figures of one row of table 2, as given: `rules=1,0,11`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFigures {
    /// The code of the row in the form of the year.
    pub row: String,
    /// One text per cell.
    pub values: Vec<String>,
}

/// Enters rows of table 2 for a year, replacing what was entered in them before. Decimals are kept
/// exactly as given.
///
/// # Errors
/// A year still to come, a row the form does not have or that is given twice, a wrong number of figures, or a text that is no
/// such figure; then nothing is entered.
pub fn enter_figures(
    conn: &mut DbConnection,
    caller: &Caller,
    agency_code: &str,
    year: i32,
    rows: &[RowFigures],
) -> Result<Table2, ServiceError> {
    let agency = agency(conn, agency_code)?;
    let form = forms::form(year)?;
    if caller.today().year() < year {
        return Err(ServiceError::refused(format!("{year}年还没有开始，不能填报")));
    }
    let scope = Scope::Agency(agency.agency_id());
    let before = figures::table2(conn, &scope, year, form)?;
    for (place, RowFigures { row: code, values }) in rows.iter().enumerate() {
        let Some(row) = form.entered_rows().find(|it| it.code == code) else {
            let known: Vec<_> =
                form.entered_rows().map(|it| format!("{}（{}）", it.code, it.label)).collect();
            return Err(ServiceError::refused(format!(
                "{year}年的表二没有“{code}”这一行；可填的行：{}",
                known.join("、")
            )));
        };
        if rows[..place].iter().any(|it| it.row == *code) {
            return Err(ServiceError::refused(format!("“{}”给出了不止一次，请只保留一次", row.label)));
        }
        if values.len() != row.cells.len() {
            return Err(ServiceError::refused(format!(
                "“{}”应填{}个数，给出了{}个",
                row.label,
                row.cells.len(),
                values.len()
            )));
        }
        let mut texts = Vec::with_capacity(values.len());
        for (figure, text) in row.cells.iter().zip(values) {
            texts.push(figure.parse(text)?.to_string());
        }
        figures::enter(conn, agency.agency_id(), year, code, &texts)?;
        let details = json!({
            "year": year,
            "row": code,
            "before": before.row(code).map(|it| &it.cells),
            "after": texts,
        });
        let id = format!("report-{}-{year}", agency.id);
        note::report(conn, caller, agency.agency_id(), id, figures::ENTERED, details)?;
    }
    Ok(figures::table2(conn, &scope, year, form)?)
}
