//! The queue: what a person must do, by role, and how much of it there is.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::calendar::DayKind;
use crate::domain::find::{CaseFilter, Order, OrderBy, Pile, PileDays, Place};
use crate::domain::labels::Coded;
use crate::domain::visibility::Viewer;
use crate::domain::workflow::{Action, Role};
use crate::service::desk::find_cases::{FoundPage, Look, MAX_COUNT, find_in, lines_in, pile_days};
use crate::service::{Caller, ServiceError};
use crate::storage::DbConnection;
use crate::storage::desk::queue;
use crate::storage::desk::queue::Parts;

/// Working days in the strip.
const STRIP_DAYS: u32 = 20;
/// Lines of the short lists under the queue.
const SHORT: usize = 6;

/// The queue of a person.
#[derive(Debug, Clone)]
pub struct WorkQueue {
    /// How many cases are in each pile, up to [`MAX_COUNT`].
    pub counts: Vec<(Pile, i64)>,
    /// The next twenty working days with the days of rest between them, and the cases due on each.
    pub days: Vec<StripDay>,
    /// What the person must do, by the day to act by.
    pub todo: FoundPage,
    /// What is in nobody's hands.
    pub unclaimed: FoundPage,
    /// What nobody has touched.
    pub untouched: FoundPage,
}

/// A day of the strip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StripDay {
    /// The day.
    pub day: NaiveDate,
    /// Whether offices work.
    pub is_working: bool,
    /// Whether it is a day of the weekend that is worked.
    pub is_make_up: bool,
    /// The cases due.
    pub n: i64,
}

/// Whether a person hands cases out, or takes them up.
fn distributes(viewer: &Viewer) -> bool {
    viewer.may(Action::Assign) || viewer.may(Action::Claim)
}

/// Whether a pile concerns a person: what they see, and what the workflow lets them do about it.
fn concerns(pile: Pile, viewer: &Viewer) -> bool {
    match pile {
        Pile::DueToday | Pile::DueSoon | Pile::Overdue => viewer.sees_cases(),
        Pile::ToConfirm => viewer.may(Action::Register),
        Pile::ToReview => viewer.may(Action::Agree),
        Pile::ToSign => viewer.may(Action::SignOff),
        // Handlers deliver replies too, but find them among the cases in their own hands.
        Pile::ToIssue => viewer.may(Action::Issue) && viewer.may(Action::Register),
        Pile::AwaitingCorrection | Pile::AwaitingOpinion | Pile::AwaitingPayment | Pile::Unclaimed => {
            distributes(viewer)
        }
        // Shown as lists under the queue, and not counted above it.
        Pile::ToAssign | Pile::Untouched => false,
    }
}

/// The piles that concern a person, in the order they are shown.
pub fn piles(viewer: &Viewer) -> Vec<Pile> {
    Pile::ALL.iter().copied().filter(|it| concerns(*it, viewer)).collect()
}

/// What these roles must do: the cases of any of these filters.
pub fn todo(caller: &Caller, days: &PileDays) -> Vec<CaseFilter> {
    // Acting is for one's own agency alone; a manager also looks after those below.
    let own = || CaseFilter { agency: Some(caller.viewer.agency), ..CaseFilter::default() };
    let pile = |pile: Pile, mut filter: CaseFilter| {
        pile.narrow(&mut filter, days);
        filter
    };
    let mut filters = Vec::new();
    for role in &caller.viewer.roles {
        match role {
            Role::Clerk => {
                filters.extend([Pile::ToConfirm, Pile::ToAssign, Pile::ToIssue].map(|it| pile(it, own())));
            }
            Role::Handler => {
                filters.push(CaseFilter { handler: Some(caller.viewer.user), is_open: Some(true), ..own() });
                if let Some(department) = caller.viewer.department {
                    filters.push(CaseFilter { departments: vec![department], is_unclaimed: true, ..own() });
                }
            }
            Role::LegalAdviser => filters.push(pile(Pile::ToReview, own())),
            Role::Approver => {
                filters.push(pile(Pile::ToSign, own()));
                filters.push(pile(Pile::Overdue, own()));
            }
            Role::Manager => {
                filters.push(CaseFilter { due_to: Some(days.soon), ..CaseFilter::default() });
            }
            Role::Administrator | Role::Auditor => {}
        }
    }
    filters
}

/// The queue of a person, from a place in it on.
pub fn work_queue(
    conn: &mut DbConnection,
    look: Look<'_>,
    place: Option<&Place>,
    limit: usize,
) -> Result<WorkQueue, ServiceError> {
    let caller = look.caller;
    let days = pile_days(look.rules, look.caller.today());
    let parts = Parts::of(conn, &caller.viewer.sights())?;
    let filter_of = |pile: Pile| {
        let mut filter = CaseFilter::default();
        pile.narrow(&mut filter, &days);
        filter
    };
    let mut counts = Vec::new();
    for pile in piles(&caller.viewer) {
        counts.push((pile, queue::count(conn, &parts, &filter_of(pile), MAX_COUNT)?));
    }
    let by_due = Order { by: OrderBy::Due, is_descending: false };
    let todo = find_in(conn, look, &parts, &todo(caller, &days), by_due, place, limit)?;
    let short = |conn: &mut DbConnection, shown: bool, pile: Pile, by: OrderBy| {
        let filters: Vec<_> = if shown { vec![filter_of(pile)] } else { Vec::new() };
        lines_in(conn, look, &parts, &filters, Order { by, is_descending: false }, None, SHORT)
    };
    let viewer = &caller.viewer;
    let unclaimed = short(conn, viewer.may(Action::Assign), Pile::Unclaimed, OrderBy::Due)?;
    let untouched = short(conn, distributes(viewer), Pile::Untouched, OrderBy::Changed)?;
    Ok(WorkQueue { counts, days: strip(conn, look, &parts)?, todo, unclaimed, untouched })
}

fn strip(conn: &mut DbConnection, look: Look<'_>, parts: &Parts) -> Result<Vec<StripDay>, ServiceError> {
    let (calendar, today) = (&look.rules.calendar, look.caller.today());
    let last = calendar.nth_working_day_after(today, STRIP_DAYS - 1).on;
    let filter = CaseFilter { due_from: Some(today), due_to: Some(last), ..CaseFilter::default() };
    let mut due: BTreeMap<NaiveDate, i64> = BTreeMap::new();
    for (day, n) in queue::due_by_day(conn, parts, &filter)? {
        *due.entry(day).or_default() += n;
    }
    let days = today.iter_days().take_while(|day| *day <= last).map(|day| {
        let kind = calendar.day(day).kind;
        StripDay {
            day,
            is_working: kind.is_working(),
            is_make_up: matches!(kind, DayKind::MakeUp { .. }),
            n: due.get(&day).copied().unwrap_or(0),
        }
    });
    Ok(days.collect())
}
