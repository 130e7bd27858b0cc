//! The report as a whole: its tables, its text, and everything the text is made of.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::report::statistics::report::Report;
use crate::domain::report::text::compose::Narrative;
use crate::domain::report::text::derived::FeeSums;
use crate::domain::report::text::indicator::IndicatorLine;
use crate::domain::report::text::template::Facts;
use crate::domain::report::text::{Part, Problem};

/// Where a wording comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The built-in one.
    BuiltIn,
    /// That of an earlier year's report.
    EarlierYear(i32),
    /// Written for this year.
    Written {
        /// The person who wrote it.
        author: String,
        /// The moment it was written.
        at: DateTime<Utc>,
    },
}

/// The wording in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentWording {
    /// The text.
    pub body: String,
    /// Where it comes from.
    pub origin: Origin,
    /// This year's version; 0 while there is none.
    pub version: i32,
}

/// A report with everything its text is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct WholeReport {
    /// The tables.
    pub report: Report,
    /// Last year's tables; none where the system knows nothing of that year.
    pub last: Option<Report>,
    /// The text.
    pub narrative: Narrative,
    /// The fee of the year.
    pub fees: FeeSums,
    /// The fee of last year.
    pub last_fees: FeeSums,
    /// The indicators in use.
    pub indicators: Vec<IndicatorLine>,
    /// The wording of each part, and where it comes from.
    pub wordings: BTreeMap<Part, CurrentWording>,
    /// This year's problems.
    pub problems: Vec<Problem>,
    /// Last year's problems, with what was done.
    pub last_problems: Vec<Problem>,
    /// The days the figures are of, in words.
    pub period: String,
    /// The day the report bears: that of its first filing; none before.
    pub dated: Option<NaiveDate>,
}

impl WholeReport {
    /// What sentences may speak of.
    pub fn facts(&self) -> Facts<'_> {
        Facts {
            agency: &self.report.agency.name,
            year: self.report.year,
            period: &self.period,
            this: &self.report,
            last: self.last.as_ref(),
            fees: &self.fees,
            last_fees: &self.last_fees,
            indicators: &self.indicators,
            problems: &self.problems,
            last_problems: &self.last_problems,
        }
    }
}
