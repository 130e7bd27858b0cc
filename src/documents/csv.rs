//! The report as CSV: one line per figure, for spreadsheets and programs.
//!
//! UTF-8 with a byte order mark, without which Excel would take it for the system's old encoding. The
//! columns are
//!
//! | column | content |
//! |---|---|
//! | `agency`, `year` | code of the agency and year of the report, so that files can be put together |
//! | `table` | `table2`, `table3` or `table4` |
//! | `row`, `row_label` | code and label of the row; for table 4 of the group |
//! | `column`, `column_label` | code and label of the column; table 2, which has no codes, counts from 1 |
//! | `value` | the figure, with the decimals it was entered with; empty where it has not been entered |

use rust_decimal::Decimal;

use crate::documents::DocumentError;
use crate::documents::layout::{applicant_column, result_column};
use crate::domain::labels::Coded;
use crate::domain::remedy::RemedyKind;
use crate::domain::report::statistics::report::Report;

/// The heading line.
const HEADER: [&str; 8] = ["agency", "year", "table", "row", "row_label", "column", "column_label", "value"];

/// Writes the three tables.
///
/// # Errors
/// [`DocumentError::Csv`] and [`DocumentError::Io`], where the library refuses to write.
pub fn render(report: &Report) -> Result<Vec<u8>, DocumentError> {
    let mut out = Lines {
        agency: &report.agency.code,
        year: report.year.to_string(),
        // Excel expects the line ends of its own system.
        writer: csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer("\u{feff}".as_bytes().to_vec()),
    };
    out.writer.write_record(HEADER)?;
    for block in report.form.table2 {
        for row in block.rows {
            for (i, label) in block.columns.iter().enumerate() {
                let number: Option<Decimal> =
                    report.table2.row(row.code).and_then(|it| it.cells.get(i).copied().flatten());
                let value = number.map(|it| it.to_string()).unwrap_or_default();
                out.write("table2", (row.code, row.label), (&(i + 1).to_string(), label), &value)?;
            }
        }
    }
    for (row, line) in report.table3.rows() {
        for (i, n) in line.iter().enumerate() {
            out.write("table3", (row.code, row.label), applicant_column(i), &n.to_string())?;
        }
    }
    for kind in RemedyKind::ALL {
        for (i, n) in report.table4.group(*kind).iter().enumerate() {
            out.write("table4", (kind.code(), kind.label()), result_column(i), &n.to_string())?;
        }
    }
    Ok(out.writer.into_inner().map_err(|it| it.into_error())?)
}

struct Lines<'a> {
    agency: &'a str,
    year: String,
    writer: csv::Writer<Vec<u8>>,
}

impl Lines<'_> {
    /// Writes a line; rows and columns are given as code and label.
    fn write(
        &mut self,
        table: &str,
        row: (&str, &str),
        column: (&str, &str),
        value: &str,
    ) -> Result<(), DocumentError> {
        let line = [self.agency, &self.year, table, row.0, row.1, column.0, column.1, value];
        Ok(self.writer.write_record(line)?)
    }
}
