//! What the journal records: who did what to what, when, and what the tables make of it.

use std::fmt::Write;

use chrono::{DateTime, NaiveDate, Utc};
use sha2::{Digest, Sha256};

use crate::coded;
use crate::domain::ids::AgencyId;
use crate::domain::labels::Coded;
use crate::domain::remedy::{Capacity, RemedyFacts};
use crate::domain::report::statistics::CountedCase;

coded! {
    /// What a journal entry is about.
    pub enum Subject: "subject" {
        /// An agency or its departments.
        Agency = "agency", "机关";
        /// A case.
        Case = "case", "申请";
        /// A reconsideration or a suit.
        Remedy = "remedy", "复议诉讼";
        /// Table 2 of a report.
        Report = "report", "年度报告";
        /// The working-day calendar.
        Calendar = "calendar", "日历";
        /// An account or a login.
        Account = "account", "账户";
    }
}

/// The facts the tables are derived from, as they stood after an entry: enough to reproduce the
/// figures of any past day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedFacts {
    /// Day of receipt or of acceptance.
    pub opened_on: NaiveDate,
    /// Day of closing or of conclusion.
    pub closed_on: Option<NaiveDate>,
    /// Code of the kind of applicant, or of the proceeding.
    pub kind: &'static str,
    /// Code of the outcome or result.
    pub result: Option<&'static str>,
}

impl From<&CountedCase> for CountedFacts {
    fn from(case: &CountedCase) -> Self {
        Self {
            opened_on: case.received_on,
            closed_on: case.closed_on(),
            kind: case.applicant_kind.code(),
            result: case.closed.map(|(_, outcome)| outcome.code()),
        }
    }
}

impl CountedFacts {
    /// The facts of a proceeding, or none for one in which the agency only takes part as the
    /// reconsideration body and which it therefore never counts.
    pub fn of_remedy(facts: &RemedyFacts) -> Option<Self> {
        (facts.capacity == Capacity::ActingAgency).then(|| Self {
            opened_on: facts.accepted_on,
            closed_on: facts.concluded.map(|(day, _)| day),
            kind: facts.kind.code(),
            result: facts.concluded.map(|(_, result)| result.code()),
        })
    }
}

/// One entry of the journal, before it gets its place and its seal.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// What kind of thing it is about.
    pub subject: Subject,
    /// Which one.
    pub subject_id: String,
    /// The agency it belongs to.
    pub agency_id: Option<AgencyId>,
    /// What was done: an action of the workflow, or a word such as `import`.
    pub action: String,
    /// The person who did it.
    pub actor: String,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
    /// Since when the office knows it. For work done here this is the day it was written down; for a
    /// register kept elsewhere and imported, the day of the fact itself, for the register was the
    /// record of that day.
    pub known_on: NaiveDate,
    /// Before and after, or what else there is to tell, as JSON.
    pub details: serde_json::Value,
    /// What the tables make of it; none for things that are not counted.
    pub counted: Option<CountedFacts>,
}

/// The seal of an entry: SHA-256 over the previous entry's seal and everything in this one, so that
/// a change to any entry breaks all seals after it.
pub fn seal(previous_hash: &str, seq: i32, event: &Event) -> String {
    let counted = event.counted.as_ref().map_or_else(String::new, |it| {
        format!("{} {} {} {}", it.opened_on, text(it.closed_on), it.kind, it.result.unwrap_or("-"))
    });
    let agency = event.agency_id.map_or_else(|| "-".to_owned(), |it| it.0.to_string());
    let details = event.details.to_string();
    let recorded_at = event.recorded_at.timestamp_micros().to_string();
    let (seq, known_on) = (seq.to_string(), event.known_on.to_string());
    let fields = [
        previous_hash,
        event.subject.code(),
        &event.subject_id,
        &seq,
        &agency,
        &event.action,
        &event.actor,
        &recorded_at,
        &known_on,
        &details,
        &counted,
    ];
    let mut hasher = Sha256::new();
    for field in fields {
        // Lengths before contents: no two different entries share one text.
        hasher.update(field.len().to_string());
        hasher.update(":");
        hasher.update(field);
    }
    hasher.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("writing to a string cannot fail");
        hex
    })
}

fn text(day: Option<NaiveDate>) -> String {
    day.map_or_else(|| "-".to_owned(), |it| it.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_depends_on_everything() {
        let event = Event {
            subject: Subject::Case,
            subject_id: "a".to_owned(),
            agency_id: Some(AgencyId(1)),
            action: "register".to_owned(),
            actor: "b".to_owned(),
            recorded_at: DateTime::UNIX_EPOCH,
            known_on: NaiveDate::default(),
            details: serde_json::json!({"x": 1}),
            counted: None,
        };
        let seals = [
            seal("", 1, &event),
            seal("0", 1, &event),
            seal("", 2, &event),
            seal("", 1, &Event { action: "registe".to_owned(), actor: "rb".to_owned(), ..event.clone() }),
            seal("", 1, &Event { details: serde_json::json!({"x": 2}), ..event.clone() }),
            seal("", 1, &Event { known_on: NaiveDate::MAX, ..event }),
        ];
        for (i, it) in seals.iter().enumerate() {
            assert_eq!(it.len(), 64);
            assert!(!seals[..i].contains(it));
        }
    }
}
