//! The annual report as a text (Regulation art. 49, 50; 国办公开办函〔2021〕30号): six sections whose
//! sentences are templates, and whose figures are derived, or entered once with their source.
//!
//! Nobody types a figure into a sentence. A sentence names the figure it wants; what it says of it, and
//! whether it is more or less than last year, follows from the tables and the indicators. A figure that
//! is not there is an error that names the sentence.

pub mod compose;
pub mod defaults;
pub mod derived;
pub mod indicator;
pub mod lack;
pub mod names;
pub mod template;
pub mod whole;
pub mod words;

#[cfg(test)]
mod tests;

use crate::coded;
use crate::domain::report::forms::Form;

coded! {
    /// The parts of the report that have a text of their own.
    pub enum Part: "report part" {
        /// What stands before the first section: legal basis, period, whom to ask.
        Preface = "preface", "前言";
        /// The first section.
        Overview = "overview", "总体情况";
        /// What was published unasked: over table 2.
        Proactive = "proactive", "主动公开政府信息情况";
        /// Applications: over table 3.
        Applications = "applications", "收到和处理政府信息公开申请情况";
        /// Reconsiderations and suits: over table 4.
        Remedies = "remedies", "政府信息公开行政复议、行政诉讼情况";
        /// Problems and what is done about them.
        Problems = "problems", "存在的主要问题及改进情况";
        /// Anything else, the fee included.
        OtherMatters = "other_matters", "其他需要报告的事项";
    }
}

impl Part {
    /// The number of its section, from 1; none for what stands before the first.
    pub fn number(self) -> Option<usize> {
        match self {
            Self::Preface => None,
            Self::Overview => Some(1),
            Self::Proactive => Some(2),
            Self::Applications => Some(3),
            Self::Remedies => Some(4),
            Self::Problems => Some(5),
            Self::OtherMatters => Some(6),
        }
    }

    /// The official heading of its section, by the form of the year.
    pub fn heading(self, form: &Form) -> &'static str {
        self.number().map_or("前言", |it| form.sections[it - 1])
    }
}

coded! {
    /// What becomes of a report: art. 49 knows two days.
    pub enum Filing: "filing" {
        /// Sent to the authority in charge.
        Submitted = "submitted", "报送";
        /// Made public.
        Published = "published", "公布";
    }
}

/// A problem of a year, what is to be done about it, and what the next report says was done.
/// Its texts are templates, as sentences are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problem {
    /// In a few words, for the next report: 政策宣传覆盖面不够广.
    pub summary: String,
    /// As this year's report tells it.
    pub problem: String,
    /// What is to be done, as this year's report tells it.
    pub measure: String,
    /// What was done, as the next year's report tells it.
    pub done: String,
}

/// The first year whose report has a table of the information processing fee in its last section,
/// unless the office leaves it out of the text.
pub const FIRST_YEAR_OF_FEE_TABLE: i32 = 2025;
