//! The journal of everything, as auditors and administrators look through it.
//!
//! What was done, by whom and when is theirs to see; what a case holds is not, unless they see the case.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};

use crate::domain::beijing;
use crate::domain::event::Subject;
use crate::domain::ids::AgencyId;
use crate::domain::journal;
use crate::domain::visibility::Sight;
use crate::domain::workflow::Role;
use crate::service::case::open_case;
use crate::service::report::choose_agency::Unit;
use crate::service::{Caller, ServiceError};
use crate::storage::access::agencies;
use crate::storage::case::cases;
use crate::storage::codes::Id;
use crate::storage::remedy::remedies;
use crate::storage::upkeep::audit;
use crate::storage::upkeep::audit::AuditQuery;
pub use crate::storage::upkeep::audit::Seen;
use crate::storage::{DbConnection, StorageError};

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The code of the agency; one's own without.
    pub agency: Option<String>,
    /// What belongs to no agency, such as the calendar, instead.
    pub is_whole: bool,
    /// About this kind of thing.
    pub subject: Option<Subject>,
    /// About this one thing.
    pub subject_id: Option<String>,
    /// Of this action.
    pub action: Option<String>,
    /// By somebody whose name contains this.
    pub actor: Option<String>,
    /// From this day on.
    pub from: Option<NaiveDate>,
    /// Up to and including this day.
    pub through: Option<NaiveDate>,
}

/// An entry as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When it was written down.
    pub at: DateTime<FixedOffset>,
    /// The day since which it is known, where that is another day.
    pub known_on: NaiveDate,
    /// What kind of thing it is about.
    pub subject: Subject,
    /// Which one.
    pub subject_id: String,
    /// What people call it; empty where it has no name, or may not be named.
    pub name: String,
    /// The act.
    pub action: String,
    /// The person who did it.
    pub actor: String,
    /// Field, before, after; none where it may not be seen.
    pub changes: Option<Vec<(String, String, String)>>,
}

/// A page of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The agency.
    pub agency: Unit,
    /// Those that can be chosen.
    pub all: Vec<Unit>,
    /// The entries, the latest first.
    pub lines: Vec<Line>,
    /// How far this page has been read; none where it is the last.
    pub next: Option<Seen>,
}

/// The entries that fit, the latest first.
///
/// # Errors
/// [`StorageError::NotFound`] for an agency that is not theirs to look at.
pub fn look_through_journal(
    conn: &mut DbConnection,
    caller: &Caller,
    wanted: &Wanted,
    after: Option<&Seen>,
    n_lines: usize,
) -> Result<Found, ServiceError> {
    let all = if caller.viewer.roles.contains(&Role::Administrator) {
        agencies::subtree(conn, &caller.viewer.agency_path)?
    } else {
        vec![agencies::by_id(conn, caller.viewer.agency)?]
    };
    let is_wanted = |it: &&Unit| match &wanted.agency {
        Some(code) => it.code == *code,
        None => it.id == caller.viewer.agency.0,
    };
    let agency = all.iter().find(is_wanted).cloned().ok_or(StorageError::NotFound)?;
    let query = AuditQuery {
        agency: (!wanted.is_whole).then(|| agency.agency_id()),
        subject: wanted.subject,
        subject_id: wanted.subject_id.clone(),
        action: wanted.action.clone(),
        actor: wanted.actor.clone(),
        from: wanted.from.map(|it| beijing::start_of(it).naive_utc()),
        before: wanted.through.and_then(beijing::end_of).map(|it| it.naive_utc()),
    };
    let limit = i64::try_from(n_lines + 1).unwrap_or(i64::MAX);
    let mut entries = audit::entries(conn, &query, after, limit)?;
    let has_more = n_lines < entries.len();
    entries.truncate(n_lines);
    let next = entries.last().filter(|_| has_more).map(|it| (it.recorded_at, it.subject_id.clone(), it.seq));
    let ids_of = |subject: Subject| -> Vec<String> {
        entries.iter().filter(|it| it.subject.0 == subject).map(|it| it.subject_id.clone()).collect()
    };
    let (case_ids, remedy_ids) = (ids_of(Subject::Case), ids_of(Subject::Remedy));
    let mut names = cases::numbers_of(conn, &case_ids)?;
    names.extend(remedies::numbers_of(conn, &remedy_ids)?);
    let people = open_case::names(conn, &agency)?;
    let mut seen: BTreeMap<String, bool> = BTreeMap::new();
    let mut lines = Vec::with_capacity(entries.len());
    for entry in entries {
        let is_seen = match entry.subject.0 {
            Subject::Case | Subject::Remedy => match seen.get(&entry.subject_id) {
                Some(known) => *known,
                None => {
                    let is_seen = sees(conn, caller, entry.subject.0, &entry.subject_id, entry.agency_id)?;
                    seen.insert(entry.subject_id.clone(), is_seen);
                    is_seen
                }
            },
            Subject::Agency | Subject::Report | Subject::Calendar | Subject::Account => true,
        };
        lines.push(Line {
            at: beijing::time(entry.recorded_at()),
            known_on: entry.known_on,
            subject: entry.subject.0,
            name: names.get(&entry.subject_id).filter(|_| is_seen).cloned().unwrap_or_default(),
            action: journal::action(&entry.action),
            changes: is_seen.then(|| journal::changes(&entry.details, &people)),
            actor: entry.actor,
            subject_id: entry.subject_id,
        });
    }
    Ok(Found { agency, all, lines, next })
}

/// Whether the person sees the case, or the case behind the proceeding.
fn sees(
    conn: &mut DbConnection,
    caller: &Caller,
    subject: Subject,
    id: &str,
    agency: Option<i32>,
) -> Result<bool, ServiceError> {
    let sights = caller.viewer.sights();
    if sights.is_empty() {
        return Ok(false);
    }
    let sees_all = |it: &Sight| matches!(it, Sight::Agency(own) if Some(*own) == agency.map(AgencyId));
    if sights.iter().any(sees_all) {
        return Ok(true);
    }
    let case = match subject {
        Subject::Remedy => match remedies::fetch(conn, Id::read(id)?)?.case_id {
            Some(case) => case,
            None => return Ok(false),
        },
        _ => Id::read(id)?,
    };
    match open_case::sighted_case(conn, caller, case) {
        Ok(_) => Ok(true),
        Err(ServiceError::Storage(StorageError::NotFound)) => Ok(false),
        Err(err) => Err(err),
    }
}

/// How far a page has been read, as text for an address.
pub fn seen_to_text(seen: &Seen) -> String {
    format!("{},{},{}", seen.0.and_utc().timestamp_micros(), seen.2, seen.1)
}

/// Reads it back; none for what was not written by us.
pub fn seen_from_text(text: &str) -> Option<Seen> {
    let mut parts = text.splitn(3, ',');
    let at = DateTime::<Utc>::from_timestamp_micros(parts.next()?.parse().ok()?)?;
    let seq = parts.next()?.parse().ok()?;
    Some((at.naive_utc(), parts.next()?.to_owned(), seq))
}
