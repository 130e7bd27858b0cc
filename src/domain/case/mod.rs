//! A case: one application and its handling, and what each action makes of it.
//!
//! [`Case::apply`] decides purely: the case and a command go in, the case as it then is and what the
//! journal should say come out, or the reasons why not. Storage and services only carry it out.

mod apply;
mod command;
mod measures;
mod receive;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use apply::{Applied, CaseError, Context};
pub use command::{Amendment, Command, Draft};
pub use receive::RegisterCase;

use crate::domain::applicant::ApplicantKind;
use crate::domain::calendar::WorkCalendar;
use crate::domain::ids::{AgencyId, CaseId, DepartmentId, UserId};
use crate::domain::outcome::{Outcome, Particular};
use crate::domain::report::statistics::CountedCase;
use crate::domain::request::Channel;
use crate::domain::response_clock::{self, ClockFacts, ClockReading, ClockSettings, ClockState, SuspendedBy};
use crate::domain::workflow::Status;

/// One application and its handling, as the rules see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Its identifier.
    pub id: CaseId,
    /// The agency that handles it.
    pub agency_id: AgencyId,
    /// The agency's own number (登记号), unique in the agency.
    pub case_no: String,
    /// Grows by one with every change, so that a stale page is noticed.
    pub version: i32,
    /// Its status.
    pub status: Status,
    /// How it came; none where an old register does not say.
    pub channel: Option<Channel>,
    /// The day of receipt in the sense of art. 31.
    pub received_on: NaiveDate,
    /// The column of table 3.
    pub applicant_kind: ApplicantKind,
    /// The applicant's name; empty where an old register does not say.
    pub applicant_name: String,
    /// The department that handles it.
    pub department_id: Option<DepartmentId>,
    /// The handler.
    pub handler_id: Option<UserId>,
    /// 1 for the application itself, one more for every new reply that was ordered.
    pub round: i32,
    /// The day it was first closed, and how: what table 3 counts. Later rounds do not change it.
    pub closed: Option<(NaiveDate, Outcome)>,
    /// The facts of the clock of this round.
    pub clock: ClockFacts,
    /// The reply of this round, drafted or sent.
    pub reply: Option<Reply>,
}

/// A reply, from draft to delivery.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// How it ends the case.
    pub outcome: Option<Outcome>,
    /// What the outcome demands to be stated.
    pub particulars: BTreeMap<Particular, String>,
    /// The text.
    pub body: String,
    /// Its number (文号).
    pub reply_no: Option<String>,
    /// The day the legal adviser agreed.
    pub legal_reviewed_on: Option<NaiveDate>,
    /// The day the head signed.
    pub signed_off_on: Option<NaiveDate>,
    /// The day the agency delivered it: signature for direct delivery, the day it was handed to the
    /// post, the day it was sent electronically (letter 〔2016〕235号).
    pub closed_on: Option<NaiveDate>,
    /// How it was delivered.
    pub delivery_method: Option<String>,
    /// The number of the registered letter or EMS.
    pub tracking_no: Option<String>,
    /// The day the applicant signed for it, which starts the periods for remedies.
    pub signed_for_on: Option<NaiveDate>,
}

/// What storage caches of the clock, for lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextDay {
    /// The due date; while a correction or payment is awaited, the last day for it; where none was
    /// set, the day of the notice.
    pub on: NaiveDate,
    /// Whether a holiday notice still to come may move it.
    pub provisional: bool,
    /// What is awaited, where the clock stands still.
    pub waiting_for: Option<SuspendedBy>,
}

impl Case {
    /// What the tables count.
    pub fn counted(&self) -> CountedCase {
        CountedCase {
            applicant_kind: self.applicant_kind,
            received_on: self.received_on,
            closed: self.closed,
        }
    }

    /// The clock with its ledger.
    pub fn read_clock(
        &self,
        calendar: &WorkCalendar,
        settings: &ClockSettings,
        today: NaiveDate,
    ) -> ClockReading {
        response_clock::read(&self.clock, calendar, settings, today)
    }
}

/// The day a list sorts a case by.
pub fn next_day(
    clock: &ClockFacts,
    calendar: &WorkCalendar,
    settings: &ClockSettings,
    today: NaiveDate,
) -> NextDay {
    let reading = response_clock::read_briefly(clock, calendar, settings, today);
    let waiting = match reading.state {
        ClockState::Suspended { by, since, .. } => Some((by, since)),
        ClockState::Running { .. } | ClockState::Stopped { .. } => None,
    };
    let waiting_for = waiting.map(|(by, _)| by);
    if let Some(due) = reading.due {
        return NextDay { on: due.on, provisional: due.provisional, waiting_for };
    }
    match (reading.watch, waiting) {
        (Some(watch), _) => NextDay { on: watch.on, provisional: watch.provisional, waiting_for },
        (None, Some((_, since))) => NextDay { on: since, provisional: false, waiting_for },
        (None, None) => NextDay { on: clock.start.on(), provisional: false, waiting_for },
    }
}
