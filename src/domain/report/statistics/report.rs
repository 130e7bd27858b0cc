//! A whole report: three tables and their checks, for one agency and year.

use crate::domain::report::forms::Form;
use crate::domain::report::statistics::checks::Check;
use crate::domain::report::statistics::table2::Table2;
use crate::domain::report::statistics::tables::{Table3, Table4};

/// A unit of a roll-up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unit {
    /// The agency's code.
    pub code: String,
    /// The agency's name.
    pub name: String,
}

/// Which units a roll-up sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollup {
    /// The number of units, the agency itself included.
    pub n_units: usize,
    /// Those with no case in the year: nothing received, carried in or closed.
    pub without_cases: Vec<Unit>,
}

/// The report of one agency, or of it and everything below it, for one year.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The reporting agency.
    pub agency: Unit,
    /// The year.
    pub year: i32,
    /// The day as of which the figures stood, where one was asked for.
    pub as_of: Option<chrono::NaiveDate>,
    /// The form of the year.
    pub form: &'static Form,
    /// What was entered for table 2.
    pub table2: Table2,
    /// Applications.
    pub table3: Table3,
    /// Reconsiderations and suits.
    pub table4: Table4,
    /// The identities, held or broken.
    pub checks: Vec<Check>,
    /// The units summed, for a roll-up.
    pub rollup: Option<Rollup>,
}
