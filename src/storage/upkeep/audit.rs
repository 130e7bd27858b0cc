//! The journal as it is looked through: by time with filters, and what has changed since a day.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::dsl::exists;
use diesel::prelude::*;

use crate::domain::event::Subject;
use crate::domain::ids::AgencyId;
use crate::storage::access::agencies::Scope;
use crate::storage::codes::Code;
use crate::storage::journal::Entry;
use crate::storage::schema::{agencies, journal};
use crate::storage::{DbConnection, StorageError};

/// Which entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Those of this agency; none for what belongs to no agency.
    pub agency: Option<AgencyId>,
    /// About this kind of thing.
    pub subject: Option<Subject>,
    /// About this one thing.
    pub subject_id: Option<String>,
    /// Of this action.
    pub action: Option<String>,
    /// By somebody whose name contains this.
    pub actor: Option<String>,
    /// Written down from this instant on.
    pub from: Option<NaiveDateTime>,
    /// Written down before this instant.
    pub before: Option<NaiveDateTime>,
}

/// How far a list has been read: the instant, subject and place of its last entry.
pub type Seen = (NaiveDateTime, String, i32);

/// The entries that fit, the latest first, at most `limit` of them after `after`.
pub fn entries(
    conn: &mut DbConnection,
    wanted: &AuditQuery,
    after: Option<&Seen>,
    limit: i64,
) -> Result<Vec<Entry>, StorageError> {
    let mut query = journal::table
        .order((journal::recorded_at.desc(), journal::subject_id.desc(), journal::seq.desc()))
        .limit(limit)
        .into_boxed();
    query = match wanted.agency {
        Some(agency) => query.filter(journal::agency_id.assume_not_null().eq(agency.0)),
        None => query.filter(journal::agency_id.is_null()),
    };
    if let Some(subject) = wanted.subject {
        query = query.filter(journal::subject.eq(Code(subject)));
    }
    if let Some(id) = &wanted.subject_id {
        query = query.filter(journal::subject_id.eq(id.clone()));
    }
    if let Some(action) = &wanted.action {
        query = query.filter(journal::action.eq(action.clone()));
    }
    if let Some(actor) = &wanted.actor {
        query = query.filter(journal::actor.like(format!("%{}%", escape(actor))).escape('\\'));
    }
    if let Some(from) = wanted.from {
        query = query.filter(journal::recorded_at.ge(from));
    }
    if let Some(before) = wanted.before {
        query = query.filter(journal::recorded_at.lt(before));
    }
    if let Some((at, id, seq)) = after {
        query = query.filter(journal::recorded_at.le(*at)).filter(
            journal::recorded_at.lt(*at).or(journal::subject_id
                .lt(id.clone())
                .or(journal::subject_id.eq(id.clone()).and(journal::seq.lt(*seq)))),
        );
    }
    Ok(query.load(conn)?)
}

/// A text for LIKE that stands for itself.
pub(in crate::storage) fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// The subjects of a kind that somebody wrote about after a day and that were ever opened by
/// `opened_through`, in the order of their identifiers.
pub fn touched_since(
    conn: &mut DbConnection,
    scope: &Scope,
    subject: Subject,
    day: NaiveDate,
    opened_through: NaiveDate,
) -> Result<Vec<String>, StorageError> {
    let any = diesel::alias!(journal as any);
    let query = journal::table
        .filter(journal::subject.eq(Code(subject)))
        .filter(journal::known_on.gt(day))
        .filter(exists(
            any.filter(any.field(journal::subject_id).eq(journal::subject_id))
                .filter(any.field(journal::opened_on).assume_not_null().le(opened_through)),
        ))
        .select(journal::subject_id)
        .distinct()
        .order(journal::subject_id);
    Ok(match scope {
        Scope::Agency(id) => query.filter(journal::agency_id.assume_not_null().eq(id.0)).load(conn)?,
        Scope::Subtree(path) => {
            let below = agencies::table.filter(agencies::path.like(format!("{path}%")));
            query.filter(journal::agency_id.eq_any(below.select(agencies::id.nullable()))).load(conn)?
        }
    })
}

/// The histories of some subjects, each oldest first.
pub fn histories(
    conn: &mut DbConnection,
    ids: &[String],
) -> Result<BTreeMap<String, Vec<Entry>>, StorageError> {
    let entries: Vec<Entry> = journal::table
        .filter(journal::subject_id.eq_any(ids))
        .order((journal::subject_id, journal::seq))
        .load(conn)?;
    let mut histories: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for entry in entries {
        histories.entry(entry.subject_id.clone()).or_default().push(entry);
    }
    Ok(histories)
}
