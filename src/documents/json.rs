//! The report as JSON, for programs.
//!
//! ```text
//! {"agency": {"code": "…", "name": "…"}, "year": 2022, "as_of": "2022-06-30", "form": "2021-30",
//!  "rollup": {"n_units": 4, "without_cases": [{"code": "…", "name": "…"}]},
//!  "table2": {"rules": [8, 26, 66], …, "licences": 12, …, "fees_10k_yuan": "59237.2449"},
//!  "table3": {"columns": ["natural_person", …, "total"],
//!             "rows": [{"code": "new", "label": "…", "values": [7 integers]}, …]},
//!  "table4": {"review": [5 integers], "direct_suit": [5], "suit_after_review": [5]},
//!  "checks": [{"code": "…", "holds": true, "severity": "error", "detail": "…"}]}
//! ```
//!
//! `as_of` and `rollup` are there only where the report has them. `table2` is null as long as nothing
//! has been entered, a figure of it as long as it has not been; a row of one figure is that figure, a row
//! of several an array. Counts are integers; amounts are strings, for their decimals are kept as entered.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;
use serde::ser::{Error, Serializer};

use crate::documents::DocumentError;
use crate::documents::layout::applicant_column;
use crate::domain::report::forms::Figure;
use crate::domain::report::statistics::checks::Check;
use crate::domain::report::statistics::report::{Report, Rollup, Unit};
use crate::domain::report::statistics::table2::{EnteredLine, Table2};
use crate::domain::report::statistics::tables::{N_COLUMNS, N_RESULTS, Table3, Table4};

/// Writes the report, indented, with a final line end.
///
/// # Errors
/// [`DocumentError::Figure`] for a count too large for a JSON integer.
pub fn render(report: &Report) -> Result<Vec<u8>, DocumentError> {
    let counts = report.table2.lines.iter().flat_map(|it| it.row.cells.iter().zip(&it.cells));
    for (kind, number) in counts {
        if let (Figure::Count | Figure::Change, Some(number)) = (kind, number) {
            whole(*number).ok_or(DocumentError::Figure(*number))?;
        }
    }
    let mut out = serde_json::to_vec_pretty(&ReportJson::of(report))?;
    out.push(b'\n');
    Ok(out)
}

#[derive(Serialize)]
struct ReportJson<'a> {
    agency: UnitJson<'a>,
    year: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<chrono::NaiveDate>,
    form: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rollup: Option<RollupJson<'a>>,
    table2: Option<Table2Json<'a>>,
    table3: Table3Json<'a>,
    table4: Table4Json<'a>,
    checks: &'a [Check],
}

#[derive(Serialize)]
struct UnitJson<'a> {
    code: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct RollupJson<'a> {
    n_units: usize,
    without_cases: Vec<UnitJson<'a>>,
}

#[derive(Serialize)]
struct Table3Json<'a> {
    columns: [&'a str; N_COLUMNS],
    rows: Vec<RowJson<'a>>,
}

#[derive(Serialize)]
struct RowJson<'a> {
    code: &'a str,
    label: &'a str,
    values: &'a [u64; N_COLUMNS],
}

#[derive(Serialize)]
struct Table4Json<'a> {
    review: &'a [u64; N_RESULTS],
    direct_suit: &'a [u64; N_RESULTS],
    suit_after_review: &'a [u64; N_RESULTS],
}

impl<'a> ReportJson<'a> {
    fn of(report: &'a Report) -> Self {
        Self {
            agency: UnitJson::of(&report.agency),
            year: report.year,
            as_of: report.as_of,
            form: report.form.code,
            rollup: report.rollup.as_ref().map(RollupJson::of),
            table2: (!report.table2.is_empty()).then_some(Table2Json(&report.table2)),
            table3: Table3Json::of(&report.table3),
            table4: Table4Json::of(&report.table4),
            checks: &report.checks,
        }
    }
}

impl<'a> UnitJson<'a> {
    fn of(unit: &'a Unit) -> Self {
        Self { code: &unit.code, name: &unit.name }
    }
}

impl<'a> RollupJson<'a> {
    fn of(rollup: &'a Rollup) -> Self {
        Self {
            n_units: rollup.n_units,
            without_cases: rollup.without_cases.iter().map(UnitJson::of).collect(),
        }
    }
}

impl<'a> Table3Json<'a> {
    fn of(table: &'a Table3) -> Self {
        let rows = table.rows().map(|(row, values)| RowJson { code: row.code, label: row.label, values });
        Self { columns: columns(), rows: rows.collect() }
    }
}

impl<'a> Table4Json<'a> {
    fn of(table: &'a Table4) -> Self {
        Self {
            review: &table.review,
            direct_suit: &table.direct_suit,
            suit_after_review: &table.suit_after_review,
        }
    }
}

/// The codes of the columns of table 3.
pub(super) fn columns() -> [&'static str; N_COLUMNS] {
    std::array::from_fn(|column| applicant_column(column).0)
}

/// Table 2: row codes in the order of the form.
struct Table2Json<'a>(&'a Table2);

impl Serialize for Table2Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.lines.iter().map(|it| (it.row.code, LineJson(it))))
    }
}

/// A row of table 2: its figure where it has one only, else an array.
struct LineJson<'a>(&'a EnteredLine);

impl Serialize for LineJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.0.row.cells, self.0.cells.as_slice()) {
            ([kind], [number]) => FigureJson(*kind, *number).serialize(serializer),
            (kinds, numbers) => {
                serializer.collect_seq(kinds.iter().zip(numbers).map(|(kind, it)| FigureJson(*kind, *it)))
            }
        }
    }
}

/// A figure of table 2.
struct FigureJson(Figure, Option<Decimal>);

impl Serialize for FigureJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.0, self.1) {
            (_, None) => serializer.serialize_none(),
            (Figure::Amount, Some(number)) => serializer.serialize_str(&number.to_string()),
            (Figure::Count | Figure::Change, Some(number)) => {
                serializer.serialize_i64(whole(number).ok_or_else(|| S::Error::custom("not a whole number"))?)
            }
        }
    }
}

/// The number as an integer, where it is one.
fn whole(number: Decimal) -> Option<i64> {
    number.fract().is_zero().then(|| number.to_i64()).flatten()
}
