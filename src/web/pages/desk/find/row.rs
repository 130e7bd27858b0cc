//! A case as a line of a table: what the queue and the list show of it.

use chrono::{Datelike, NaiveDate};

use crate::domain::beijing;
use crate::domain::labels::Coded;
use crate::domain::response_clock::{ClockState, SuspendedBy};
use crate::domain::urgency::{self, Light};
use crate::domain::visibility::Viewer;
use crate::domain::workflow::{Action, Status, permitted_actions};
use crate::service::desk::find_cases::FoundCase;

/// A line.
#[derive(Debug, Clone)]
pub struct Row {
    /// The case and its version, as a selection sends it.
    pub pick: String,
    pub href: String,
    pub number: String,
    pub applicant: String,
    /// What is asked, in a line.
    pub subject: String,
    pub light: Light,
    pub status: &'static str,
    pub status_label: &'static str,
    /// What is awaited; empty for nothing.
    pub wait: &'static str,
    /// The day, for machines.
    pub day: String,
    /// The day, for people.
    pub shown: String,
    /// How far it is.
    pub words: String,
    /// More about it.
    pub detail: String,
    pub provisional: bool,
    /// The handler; empty where there is none.
    pub handler: String,
    /// Whether it is open and in nobody's hands.
    pub is_unclaimed: bool,
    /// The next step in a word.
    pub next: &'static str,
    /// Where the next step is done.
    pub next_href: String,
    /// Whether the next step is to take it up, which is a button.
    pub is_claim: bool,
    pub department: String,
    pub channel: &'static str,
    pub received: String,
    pub kind: &'static str,
    pub outcome: &'static str,
    pub closed: String,
    pub changed: String,
    pub agency: String,
}

/// The page of a case.
pub fn case_href(id: &str) -> String {
    format!("/cases/{id}")
}

/// `03-05`, with the year where it is another one.
pub fn short(day: NaiveDate, today: NaiveDate) -> String {
    let format = if day.year() == today.year() { "%m-%d" } else { "%Y-%m-%d" };
    day.format(format).to_string()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The day with its words: what is shown under 答复期限.
struct Due {
    day: NaiveDate,
    words: String,
    detail: String,
    provisional: bool,
}

fn due(found: &FoundCase, today: NaiveDate) -> Due {
    let case = &found.case;
    let reading = &found.reading;
    let watch = reading.watch.map(|it| (it.on, it.provisional));
    let due = reading.due.map(|it| (it.on, it.provisional));
    let (day, provisional) = due.or(watch).unwrap_or((case.due_on, case.due_provisional));
    let (words, detail) = match reading.state {
        _ if case.status.0 == Status::Received => (urgency::UNCONFIRMED.to_owned(), String::new()),
        ClockState::Running { working_days_left } => {
            (urgency::words(working_days_left, day, today), String::new())
        }
        ClockState::Suspended { by: SuspendedBy::Consultation, working_days_so_far, .. } => {
            ("暂停计算".to_owned(), format!("征求意见，第 {working_days_so_far} 个工作日"))
        }
        ClockState::Suspended { by, .. } => {
            let what = if by == SuspendedBy::Fee { "缴费期限" } else { "补正期限" };
            let detail = match watch {
                Some((on, _)) if urgency::has_passed(on, today) => format!("{what}已过"),
                Some(_) => what.to_owned(),
                None => format!("{}，未定期限", by.label()),
            };
            ("暂停计算".to_owned(), detail)
        }
        ClockState::Stopped { working_days_late: 0, .. } => ("按期".to_owned(), String::new()),
        ClockState::Stopped { working_days_late, .. } => {
            (format!("超期 {working_days_late} 个工作日"), String::new())
        }
    };
    Due { day, words, detail, provisional: provisional && case.status.0.is_open() }
}

/// The next step for this person, and whether it is to take the case up.
fn next(found: &FoundCase, viewer: &Viewer) -> (&'static str, Option<Action>) {
    let case = &found.case;
    if case.agency_id != viewer.agency.0 {
        return ("查看", None);
    }
    let actions = permitted_actions(case.status.0, &viewer.roles);
    let may = |action| actions.contains(&action);
    let is_mine = case.handler_id.as_deref() == Some(viewer.user.to_string().as_str());
    let awaited = match found.reading.state {
        ClockState::Suspended { by, .. } => Some(by),
        _ => None,
    };
    let awaits = |it| awaited == Some(it);
    // The first of these that the table permits. When each can be done at all is for the table.
    let steps = [
        ("确认登记", Action::Register, true),
        ("收到补正", Action::ReceiveCorrection, awaits(SuspendedBy::Correction)),
        ("收到缴费", Action::ReceivePayment, awaits(SuspendedBy::Fee)),
        ("收到意见", Action::ReceiveOpinion, awaits(SuspendedBy::Consultation)),
        ("派办", Action::Assign, case.status.0 == Status::Registered),
        ("认领", Action::Claim, true),
        ("起草答复", Action::SubmitDraft, is_mine),
        ("派办", Action::Assign, case.handler_id.is_none()),
        ("审核", Action::Agree, true),
        ("签发", Action::SignOff, true),
        ("送达", Action::Issue, true),
    ];
    let found = steps.iter().find(|(_, action, fits)| *fits && may(*action));
    found.map_or(("查看", None), |(words, action, _)| (*words, Some(*action)))
}

/// The page on which a step is done.
fn step_href(id: &str, action: Option<Action>) -> String {
    match action {
        None => case_href(id),
        Some(Action::Agree) => format!("{}/review", case_href(id)),
        Some(action) => format!("{}/do/{}", case_href(id), action.code()),
    }
}

impl Row {
    /// The line of a case for this person.
    pub fn new(found: &FoundCase, viewer: &Viewer, today: NaiveDate) -> Self {
        let case = &found.case;
        let due = due(found, today);
        let (next, action) = next(found, viewer);
        let wait = match found.reading.state {
            ClockState::Suspended { by, .. } => by.label(),
            _ => "",
        };
        let changed_on = beijing::time(case.changed_at.and_utc()).date_naive();
        let applicant = one_line(&case.applicant_name);
        Self {
            pick: format!("{}.{}", case.id, case.version),
            href: case_href(&case.id),
            number: case.case_no.clone(),
            applicant: if applicant.is_empty() { "（未记载）".to_owned() } else { applicant },
            subject: one_line(&case.excerpt),
            light: found.light,
            status: case.status.0.code(),
            status_label: case.status.0.label(),
            wait,
            day: due.day.to_string(),
            shown: short(due.day, today),
            words: due.words,
            detail: due.detail,
            provisional: due.provisional,
            handler: found.handler.clone(),
            is_unclaimed: case.status.0.is_open() && case.handler_id.is_none(),
            next,
            next_href: step_href(&case.id, action),
            is_claim: action == Some(Action::Claim),
            department: found.department.clone(),
            channel: case.channel.map_or("—", |it| it.0.label()),
            received: short(case.received_on, today),
            kind: case.applicant_kind.0.label(),
            outcome: case.outcome.map_or("", |it| it.0.label()),
            closed: case.closed_on.map(|it| short(it, today)).unwrap_or_default(),
            changed: short(changed_on, today),
            agency: found.agency.clone(),
        }
    }

    /// Lines of several cases.
    pub fn all(found: &[FoundCase], viewer: &Viewer, today: NaiveDate) -> Vec<Self> {
        found.iter().map(|it| Self::new(it, viewer, today)).collect()
    }
}
