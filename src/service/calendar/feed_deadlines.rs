//! The calendar feed of a person: its secret address, and the deadlines it tells.
//!
//! The secret in the address is the login, for calendar programs have no other. Whoever has it sees what its
//! owner sees of days and numbers, and nothing of applicants: no name, and nothing of what was asked.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::domain::deadlines::{self, DeadlineKind};
use crate::domain::find::{Order, OrderBy};
use crate::domain::ids::{CaseId, RemedyId, UserId};
use crate::domain::labels::Coded;
use crate::domain::terms;
use crate::service::access::hashing::{hash_token, random_token};
use crate::service::desk::find_cases::{Look, pile_days};
use crate::service::desk::show_queue::todo;
use crate::service::remedy::find_remedies::{RemedyFilter, find_remedies};
use crate::service::{Caller, Rules, ServiceError, note};
use crate::storage::access::{accounts, agencies};
use crate::storage::calendar::feeds;
use crate::storage::calendar::feeds::{Feed, Said};
use crate::storage::codes::Id;
use crate::storage::desk::queue;
use crate::storage::desk::queue::Parts;
use crate::storage::{Db, DbConnection, StorageError};

/// More cases than this do not stand in a calendar: nobody reads them there.
pub const MAX_CASES: usize = 500;
/// More proceedings than this do not.
const MAX_REMEDIES: i64 = 200;
/// Minutes between two notes that a feed was fetched.
const NOTE_EVERY: i64 = 10;
/// Days after which an event that is no longer told is forgotten.
const FORGET_AFTER: i64 = 400;

/// What a deadline is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A case.
    Case(CaseId),
    /// A reconsideration or a suit.
    Remedy(RemedyId),
}

/// An event of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEvent {
    /// What identifies it for good.
    pub uid: String,
    /// What it is about.
    pub about: About,
    /// The day.
    pub on: chrono::NaiveDate,
    /// Whether the day may still move.
    pub provisional: bool,
    /// The title.
    pub title: String,
    /// More about it.
    pub text: String,
    /// How often it has changed.
    pub sequence: i32,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
}

/// A feed as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The name of its owner.
    pub owner: String,
    /// The events, by day.
    pub events: Vec<FeedEvent>,
}

/// The feed of the person themselves, where they have one.
pub fn own_feed(conn: &mut DbConnection, user: UserId) -> Result<Option<Feed>, ServiceError> {
    Ok(feeds::of(conn, user)?)
}

/// Makes an address for the person themselves, in place of the one they had. Returns its secret, which is
/// kept nowhere.
pub fn open_feed(conn: &mut DbConnection, caller: &Caller) -> Result<String, ServiceError> {
    let token = random_token();
    let had_one = feeds::of(conn, caller.viewer.user)?.is_some();
    feeds::open(conn, caller.viewer.user, &hash_token(&token), caller.now)?;
    note(conn, caller, "open_feed", json!({ "replaced": had_one }))?;
    Ok(token)
}

/// Takes the address of the person themselves away.
pub fn close_feed(conn: &mut DbConnection, caller: &Caller) -> Result<(), ServiceError> {
    if feeds::close(conn, caller.viewer.user)? {
        note(conn, caller, "close_feed", json!({}))?;
    }
    Ok(())
}

fn note(
    conn: &mut DbConnection,
    caller: &Caller,
    action: &str,
    details: serde_json::Value,
) -> Result<(), ServiceError> {
    let account = accounts::fetch(conn, caller.viewer.user)?;
    note::account(conn, caller, &account, action, details)
}

/// Tells the feed with this secret, as of now.
///
/// # Errors
/// [`StorageError::NotFound`] where there is none, or where its owner may no longer sign in.
pub fn tell(db: &Db, token: &str, rules: &Rules, now: DateTime<Utc>) -> Result<Told, ServiceError> {
    let token_hash = hash_token(token);
    let (owner, user, mut events, said, fetched_at) = db.snapshot(|conn| -> Result<_, ServiceError> {
        let user = feeds::owner(conn, &token_hash)?;
        let account = accounts::fetch(conn, user)?;
        if account.is_disabled {
            return Err(StorageError::NotFound.into());
        }
        let agency = agencies::by_id(conn, account.agency_id)?;
        let caller = Caller::of(&account, &agency.path, now);
        let events = events(conn, &caller, rules)?;
        let fetched_at = feeds::of(conn, user)?.and_then(|it| it.fetched_at);
        Ok((account.name, user, events, feeds::said(conn, user)?, fetched_at))
    })?;
    let mut changed = Vec::new();
    for it in &mut events {
        let digest = digest(it);
        match said.get(&it.uid) {
            Some(said) if said.digest == digest => {
                (it.sequence, it.changed_at) = (said.sequence, said.changed_at.and_utc());
            }
            known => {
                it.sequence = known.map_or(0, |it| it.sequence + 1);
                // The database keeps microseconds; the calendar shows seconds.
                it.changed_at = DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now);
                let (sequence, changed_at) = (it.sequence, it.changed_at.naive_utc());
                changed.push((it.uid.clone(), Said { digest, sequence, changed_at }));
            }
        }
    }
    let is_noted = fetched_at.is_some_and(|it| now < it.and_utc() + TimeDelta::minutes(NOTE_EVERY));
    if !changed.is_empty() || !is_noted {
        let told: Vec<String> = events.iter().map(|it| it.uid.clone()).collect();
        db.write(|conn| -> Result<_, ServiceError> {
            for (uid, said) in &changed {
                feeds::say(conn, user, uid, said)?;
            }
            feeds::forget(conn, user, now - TimeDelta::days(FORGET_AFTER), &told)?;
            Ok(feeds::note_fetched(conn, user, now)?)
        })?;
    }
    Ok(Told { owner, events })
}

/// Everything an event says but when it changed.
fn digest(it: &FeedEvent) -> String {
    let said = format!("{}\n{}\n{}\n{}", it.on, it.provisional, it.title, it.text);
    Sha256::digest(said.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The deadlines of what this person must do, and of the proceedings they see.
fn events(conn: &mut DbConnection, caller: &Caller, rules: &Rules) -> Result<Vec<FeedEvent>, ServiceError> {
    let (today, look) = (caller.today(), Look { caller, rules });
    let by_due = Order { by: OrderBy::Due, is_descending: false };
    let filters = todo(caller, &pile_days(look.rules, today));
    let parts = Parts::of(conn, &caller.viewer.sights())?;
    let lines = queue::page(conn, &parts, &filters, by_due, None, MAX_CASES)?;
    let mut events = Vec::new();
    for line in lines {
        let case: CaseId = Id::read(&line.id)?;
        let days = deadlines::of_case(line.status.0, &line.clock()?, &rules.calendar, &rules.clock, today);
        for it in days {
            let number = if it.number == 0 { String::new() } else { format!("-{}", it.number) };
            events.push(FeedEvent {
                uid: format!("{case}-{}{number}@gongkai", it.kind.code()),
                about: About::Case(case),
                on: it.on,
                provisional: it.provisional,
                title: title(it.kind.label(), &line.case_no, it.provisional),
                text: lines_of(&[&format!("环节：{}", line.status.0.label()), it.note], it.provisional),
                sequence: 0,
                changed_at: caller.now,
            });
        }
    }
    let pending = RemedyFilter { is_concluded: Some(false), ..RemedyFilter::default() };
    for it in find_remedies(conn, caller, rules, &pending, None, MAX_REMEDIES)? {
        let Some(next) = it.next.filter(|it| it.is_ours && it.done_on.is_none()) else { continue };
        let remedy = it.line.id.0;
        let place = terms::ALL.iter().position(|term| *term == next.term).unwrap_or(terms::ALL.len());
        let what = format!("{}，依据{}", next.term.what, next.term.article);
        events.push(FeedEvent {
            uid: format!("{remedy}-{}-{place}-{}@gongkai", DeadlineKind::Remedy.code(), next.from),
            about: About::Remedy(remedy),
            on: next.due.on,
            provisional: next.due.provisional,
            title: title(DeadlineKind::Remedy.label(), &it.line.remedy_no, next.due.provisional),
            text: lines_of(&[&what, it.line.body.as_str()], next.due.provisional),
            sequence: 0,
            changed_at: caller.now,
        });
    }
    events.sort_by(|a, b| (a.on, &a.uid).cmp(&(b.on, &b.uid)));
    Ok(events)
}

fn title(what: &str, number: &str, provisional: bool) -> String {
    format!("{what} {number}{}", if provisional { "（暂定）" } else { "" })
}

fn lines_of(lines: &[&str], provisional: bool) -> String {
    let mark =
        if provisional { "暂定：下一年的放假通知尚未公布或者尚未导入" } else { "" };
    let lines = lines.iter().copied().chain([mark]).filter(|it| !it.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}
