//! Imports a year's holiday notice, or corrects one: what it would change is shown first, and applied only
//! as it was shown.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use chrono::{Days, NaiveDate};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::domain::calendar::{WorkCalendar, YearNotice, changed_days};
use crate::domain::case::{NextDay, next_day};
use crate::domain::event::Subject;
use crate::domain::ids::AgencyId;
pub use crate::service::calendar::preview_notice::{Move, Preview, Shift, Tally};
use crate::service::mail::tell_of_notice::tell_of_moves;
use crate::service::{Caller, Rules, ServiceError, note};
use crate::storage::access::agencies;
use crate::storage::calendar::notices;
use crate::storage::case::cases;
use crate::storage::case::cases::MovableCase;
use crate::storage::{Db, DbConnection, journal};

/// Cases read at a time.
const PAGE: i64 = 2_000;
/// Closed cases received earlier than this many days before the first changed day have no day there: 20
/// working days, extended by 20, with consultations between, are over by then.
const CLOSED_REACH: u64 = 400;

/// The calendar of this installation: the built-in notices, and over them those imported here.
pub fn calendar(db: &Db) -> Result<WorkCalendar, ServiceError> {
    Ok(db.read(notices::load)?)
}

/// The calendar by all notices known here, and the notices imported here.
pub fn known_notices(conn: &mut DbConnection) -> Result<(WorkCalendar, Vec<YearNotice>), ServiceError> {
    Ok((notices::load(conn)?, notices::imported(conn)?))
}

/// What came of applying a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// It is in force; what it changed.
    Done(Box<Preview>),
    /// Not applied: it would change something else than was shown. What it would change now.
    Changed(Box<Preview>),
}

/// What the notice would change today. Stores nothing.
///
/// One pass over the open cases that are due from the first changed day on, and over the closed ones of
/// about the year before it, each page a walk along one index.
pub fn preview_notice(
    conn: &mut DbConnection,
    rules: &Rules,
    notice: &YearNotice,
    today: NaiveDate,
) -> Result<Preview, ServiceError> {
    let (before, imported) = known_notices(conn)?;
    let mut notices = WorkCalendar::published_notices();
    notices.extend(imported.iter().filter(|it| it.year() != notice.year()).cloned());
    notices.push(notice.clone());
    let after = WorkCalendar::from_notices(notices);
    let days = changed_days(&before, &after, notice.year());
    let old = imported.iter().find(|it| it.year() == notice.year());
    let names = |it: &YearNotice, day: NaiveDate| it.rest().iter().chain(it.work()).any(|it| it.date == day);
    let dropped = old.map_or_else(Vec::new, |old| {
        let named = old.rest().iter().chain(old.work());
        named.filter(|it| !names(notice, it.date)).cloned().collect()
    });
    let mut preview = Preview {
        notice: notice.clone(),
        is_correction: before.years().contains(&notice.year()),
        days,
        dropped,
        n_looked: 0,
        tally: Tally::default(),
        shifts: BTreeMap::new(),
        moves: Vec::new(),
        fingerprint: String::new(),
        renewed: Vec::new(),
    };
    if let Some(first) = preview.days.first().map(|it| it.day) {
        let mut hasher = Sha256::new();
        look_at_open(conn, rules, [&before, &after], first, today, &mut preview, &mut hasher)?;
        look_at_closed(conn, rules, &after, first, today, &mut preview)?;
        preview.fingerprint = fingerprint(hasher, notice, today);
    } else {
        preview.fingerprint = fingerprint(Sha256::new(), notice, today);
    }
    let urgency = |it: &Move| (!it.is_overdue(it.after, today), it.days(), it.after.on);
    preview.moves.sort_by(|a, b| urgency(a).cmp(&urgency(b)).then_with(|| a.case_no.cmp(&b.case_no)));
    Ok(preview)
}

fn look_at_open(
    conn: &mut DbConnection,
    rules: &Rules,
    [before, after]: [&WorkCalendar; 2],
    first: NaiveDate,
    today: NaiveDate,
    preview: &mut Preview,
    hasher: &mut Sha256,
) -> Result<(), ServiceError> {
    let mut place = None;
    loop {
        let page = cases::movable_open(conn, first, place.as_ref(), PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        place = Some(last.place());
        preview.n_looked += page.len();
        for case in page {
            let old = next_day(&case.clock, before, &rules.clock, today);
            let new = next_day(&case.clock, after, &rules.clock, today);
            if new != case.cached {
                preview.renewed.push((case.id.clone(), new));
            }
            if (old.on, old.provisional) != (new.on, new.provisional) {
                hasher.update(format!("{} {old:?} {new:?}\n", case.id));
                note_move(preview, moved(case, old, new), today);
            }
        }
    }
}

fn moved(case: MovableCase, before: NextDay, after: NextDay) -> Move {
    let MovableCase { id, case_no, agency, handler, .. } = case;
    Move { id, case_no, agency, handler, before, after }
}

fn note_move(preview: &mut Preview, it: Move, today: NaiveDate) {
    let tally = &mut preview.tally;
    tally.earlier += usize::from(it.days() < 0);
    tally.later += usize::from(0 < it.days());
    let overdue = (it.is_overdue(it.before, today), it.is_overdue(it.after, today));
    tally.newly_overdue += usize::from(overdue == (false, true));
    tally.no_longer_overdue += usize::from(overdue == (true, false));
    let provisional = (it.before.provisional, it.after.provisional);
    tally.settled += usize::from(provisional == (true, false));
    tally.unsettled += usize::from(provisional == (false, true));
    let shift = Shift {
        before: it.before.on,
        was_provisional: it.before.provisional,
        after: it.after.on,
        is_provisional: it.after.provisional,
        is_of_applicant: !it.is_ours(),
    };
    *preview.shifts.entry(shift).or_default() += 1;
    preview.moves.push(it);
}

fn look_at_closed(
    conn: &mut DbConnection,
    rules: &Rules,
    after: &WorkCalendar,
    first: NaiveDate,
    today: NaiveDate,
    preview: &mut Preview,
) -> Result<(), ServiceError> {
    let from = first.checked_sub_days(Days::new(CLOSED_REACH)).unwrap_or(first);
    let mut place = None;
    loop {
        let page = cases::movable_closed(conn, from, first, place.as_ref(), PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        place = Some(last.place());
        for case in page {
            let new = next_day(&case.clock, after, &rules.clock, today);
            if new != case.cached {
                preview.tally.closed += 1;
                preview.renewed.push((case.id, new));
            }
        }
    }
}

fn fingerprint(mut hasher: Sha256, notice: &YearNotice, today: NaiveDate) -> String {
    hasher.update(format!("{notice:?} {today}"));
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A move with names for its identifiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedMove {
    /// The move.
    pub it: Move,
    /// The agency's name.
    pub agency: String,
    /// The handler's name; empty where there is none.
    pub handler: String,
}

/// The first moves of cases of the agency with this path and of those below, at most `limit`; with how many
/// there are.
pub fn named_moves(
    conn: &mut DbConnection,
    preview: &Preview,
    path: &str,
    limit: usize,
) -> Result<(Vec<NamedMove>, usize), ServiceError> {
    let agencies: BTreeMap<AgencyId, String> =
        agencies::subtree(conn, path)?.into_iter().map(|it| (it.agency_id(), it.name)).collect();
    let ours: Vec<&Move> = preview.moves.iter().filter(|it| agencies.contains_key(&it.agency)).collect();
    let mut people: BTreeMap<AgencyId, BTreeMap<String, String>> = BTreeMap::new();
    let mut named = Vec::new();
    for it in ours.iter().take(limit) {
        let known = match people.entry(it.agency) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(cases::people(conn, it.agency)?.into_iter().collect()),
        };
        let handler = it.handler.and_then(|id| known.get(&id.to_string())).cloned().unwrap_or_default();
        let agency = agencies.get(&it.agency).cloned().unwrap_or_default();
        named.push(NamedMove { it: (*it).clone(), agency, handler });
    }
    Ok((named, ours.len()))
}

/// Puts the notice in force, renews the days of all cases it moves and tells those who have them in hand, in
/// the caller's transaction.
///
/// With a fingerprint, only where it changes what the preview of that fingerprint showed.
pub fn apply_notice(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
    notice: &YearNotice,
    fingerprint: Option<&str>,
) -> Result<Applied, ServiceError> {
    let preview = preview_notice(conn, rules, notice, caller.today())?;
    if fingerprint.is_some_and(|it| it != preview.fingerprint) {
        return Ok(Applied::Changed(Box::new(preview)));
    }
    notices::keep(conn, notice)?;
    cases::cache_days(conn, &preview.renewed)?;
    let tally = preview.tally;
    // Days and numbers of cases alone: who reads the journal of the calendar need not see the cases.
    let shifts: BTreeMap<String, usize> =
        preview.shifts.iter().fold(BTreeMap::new(), |mut shifts, (it, n)| {
            *shifts.entry(format!("{} → {}", it.before, it.after)).or_default() += n;
            shifts
        });
    let details = json!({
        "notice": notice,
        "moved": preview.moves.len(),
        "earlier": tally.earlier,
        "later": tally.later,
        "newly_overdue": tally.newly_overdue,
        "no_longer_overdue": tally.no_longer_overdue,
        "settled": tally.settled,
        "shifts": shifts,
    });
    let id = format!("calendar-{}", notice.year());
    journal::append(conn, note::event(caller, Subject::Calendar, id, None, "import_notice", details, None))?;
    tell_of_moves(conn, caller, rules, &preview)?;
    Ok(Applied::Done(Box::new(preview)))
}
