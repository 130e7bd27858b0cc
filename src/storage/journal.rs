//! The journal: append-only. There is no update and no delete here, and the database refuses both.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use crate::domain::event::{CountedFacts, Event, Subject, seal};
use crate::domain::ids::AgencyId;
use crate::storage::codes::Code;
use crate::storage::schema::journal;
use crate::storage::{DbConnection, StorageError, insert_all};

/// An entry as it is kept.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable)]
#[diesel(table_name = journal, treat_none_as_default_value = false)]
pub struct Entry {
    /// What it is about.
    pub subject_id: String,
    /// Its place in the history of that subject, from 1.
    pub seq: i32,
    /// What kind of thing it is about.
    pub subject: Code<Subject>,
    /// The agency it belongs to.
    pub agency_id: Option<i32>,
    /// What was done.
    pub action: String,
    /// Who did it.
    pub actor: String,
    /// When it was written down, UTC.
    pub recorded_at: NaiveDateTime,
    /// Since when the office knows it.
    pub known_on: NaiveDate,
    /// Before and after, as JSON.
    pub details: String,
    /// Day of receipt or acceptance, for what is counted.
    pub opened_on: Option<NaiveDate>,
    /// Day of closing or conclusion.
    pub closed_on: Option<NaiveDate>,
    /// Code of the kind of applicant or proceeding.
    pub kind: Option<String>,
    /// Code of the outcome or result.
    pub result: Option<String>,
    /// The seal of the entry before it; empty for the first.
    pub previous_hash: String,
    /// Its own seal.
    pub hash: String,
}

/// Where the history of a subject stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The last place; 0 for none.
    pub seq: i32,
    /// The seal of the last entry; empty for none.
    pub hash: String,
    /// Since when the last entry is known.
    pub known_on: Option<NaiveDate>,
}

impl Head {
    /// The head of a subject without history.
    pub fn none() -> Self {
        Self { seq: 0, hash: String::new(), known_on: None }
    }

    /// Puts an event after this head: gives it its place and its seal, and moves the head on.
    ///
    /// What is known only grows: an entry is never known before the one it follows.
    pub fn follow(&mut self, mut event: Event) -> Entry {
        self.seq += 1;
        event.known_on = self.known_on.map_or(event.known_on, |it| it.max(event.known_on));
        // PostgreSQL keeps microseconds; what is sealed must be what is read back.
        let micros = event.recorded_at.timestamp_micros();
        event.recorded_at = DateTime::from_timestamp_micros(micros).unwrap_or(event.recorded_at);
        let hash = seal(&self.hash, self.seq, &event);
        let entry = Entry {
            subject_id: event.subject_id,
            seq: self.seq,
            subject: Code(event.subject),
            agency_id: event.agency_id.map(|it| it.0),
            action: event.action,
            actor: event.actor,
            recorded_at: event.recorded_at.naive_utc(),
            known_on: event.known_on,
            details: event.details.to_string(),
            opened_on: event.counted.as_ref().map(|it| it.opened_on),
            closed_on: event.counted.as_ref().and_then(|it| it.closed_on),
            kind: event.counted.as_ref().map(|it| it.kind.to_owned()),
            result: event.counted.as_ref().and_then(|it| it.result).map(str::to_owned),
            previous_hash: std::mem::replace(&mut self.hash, hash.clone()),
            hash,
        };
        self.known_on = Some(entry.known_on);
        entry
    }
}

/// Where the history of a subject stands now.
pub fn head(conn: &mut DbConnection, subject_id: &str) -> Result<Head, StorageError> {
    let last: Option<(i32, String, NaiveDate)> = journal::table
        .filter(journal::subject_id.eq(subject_id))
        .order(journal::seq.desc())
        .select((journal::seq, journal::hash, journal::known_on))
        .first(conn)
        .optional()?;
    Ok(last.map_or_else(Head::none, |(seq, hash, known_on)| Head { seq, hash, known_on: Some(known_on) }))
}

/// Appends one event.
///
/// # Errors
/// [`StorageError::Stale`] where someone else appended to the same subject at the same moment.
pub fn append(conn: &mut DbConnection, event: Event) -> Result<(), StorageError> {
    let entry = head(conn, &event.subject_id)?.follow(event);
    diesel::insert_into(journal::table).values(&entry).execute(conn).map_err(StorageError::in_succession)?;
    Ok(())
}

/// Appends entries that have their places already, as an import makes them.
///
/// # Errors
/// [`StorageError::Stale`] where somebody has taken one of the places.
pub fn append_all(conn: &mut DbConnection, entries: &[Entry]) -> Result<(), StorageError> {
    let insert = |conn: &mut DbConnection| -> Result<(), diesel::result::Error> {
        insert_all!(conn, journal::table, entries)
    };
    insert(conn).map_err(StorageError::in_succession)
}

/// The whole history of a subject, oldest first.
pub fn history(conn: &mut DbConnection, subject_id: &str) -> Result<Vec<Entry>, StorageError> {
    Ok(journal::table.filter(journal::subject_id.eq(subject_id)).order(journal::seq).load(conn)?)
}

/// An entry whose seal does not fit, or that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// What it is about.
    pub subject_id: String,
    /// Its place.
    pub seq: i32,
    /// What is wrong, for an administrator.
    pub fault: &'static str,
}

/// Recomputes every seal of the journal. Returns how many entries there are, and the broken ones.
pub fn verify(conn: &mut DbConnection) -> Result<(u64, Vec<Broken>), StorageError> {
    let mut broken = Vec::new();
    let mut n_entries = 0;
    let mut before: Option<(String, i32, String)> = None;
    let mut after: (String, i32) = (String::new(), 0);
    loop {
        let page: Vec<Entry> = journal::table
            .filter(journal::subject_id.ge(&after.0))
            .filter(journal::subject_id.gt(&after.0).or(journal::seq.gt(after.1)))
            .order((journal::subject_id, journal::seq))
            .limit(5_000)
            .load(conn)?;
        let Some(last) = page.last() else { return Ok((n_entries, broken)) };
        after = (last.subject_id.clone(), last.seq);
        for entry in page {
            n_entries += 1;
            let (seq, hash) = match &before {
                Some((subject, seq, hash)) if *subject == entry.subject_id => (*seq, hash.clone()),
                _ => (0, String::new()),
            };
            let mut fault = |fault| {
                broken.push(Broken { subject_id: entry.subject_id.clone(), seq: entry.seq, fault });
            };
            if entry.seq != seq + 1 {
                fault("前面有记录缺失");
            } else if entry.previous_hash != hash {
                fault("与前一条记录的校验值不衔接");
            }
            match as_event(&entry) {
                Some(event) if seal(&entry.previous_hash, entry.seq, &event) == entry.hash => {}
                _ => fault("内容与校验值不符"),
            }
            before = Some((entry.subject_id, entry.seq, entry.hash));
        }
    }
}

/// The event an entry was made from; none where its content can no longer be read.
fn as_event(entry: &Entry) -> Option<Event> {
    let counted = match (entry.opened_on, &entry.kind, entry.closed_on, &entry.result) {
        (Some(opened_on), Some(kind), closed_on, result) => Some(CountedFacts {
            opened_on,
            closed_on,
            kind: static_code(kind)?,
            result: match result {
                Some(code) => Some(static_code(code)?),
                None => None,
            },
        }),
        (None, None, None, None) => None,
        // Half of the facts: nothing here writes such an entry.
        _ => return None,
    };
    Some(Event {
        subject: entry.subject.0,
        subject_id: entry.subject_id.clone(),
        agency_id: entry.agency_id.map(AgencyId),
        action: entry.action.clone(),
        actor: entry.actor.clone(),
        recorded_at: entry.recorded_at.and_utc(),
        known_on: entry.known_on,
        details: serde_json::from_str(&entry.details).ok()?,
        counted,
    })
}

/// The code as the domain spells it; none for one it does not know.
fn static_code(code: &str) -> Option<&'static str> {
    use crate::domain::applicant::ApplicantKind;
    use crate::domain::labels::Coded;
    use crate::domain::outcome::Outcome;
    use crate::domain::remedy::{RemedyKind, RemedyResult};
    let known = ApplicantKind::from_code(code)
        .map(Coded::code)
        .or_else(|_| Outcome::from_code(code).map(Coded::code))
        .or_else(|_| RemedyKind::from_code(code).map(Coded::code))
        .or_else(|_| RemedyResult::from_code(code).map(Coded::code));
    known.ok()
}

/// The instant of an entry.
impl Entry {
    /// When it was written down.
    pub fn recorded_at(&self) -> DateTime<Utc> {
        self.recorded_at.and_utc()
    }
}
