//! Finds cases: pages of a list, within what the person sees.

use chrono::NaiveDate;

use crate::domain::beijing;
use crate::domain::find::{CaseFilter, Order, PileDays, Place};
use crate::domain::ids::{AgencyId, DepartmentId};
use crate::domain::response_clock::{self, ClockReading};
use crate::domain::urgency::Light;
use crate::service::{Caller, Rules, ServiceError};
use crate::storage::access::agencies;
use crate::storage::desk::names;
use crate::storage::desk::names::{HandlerLine, Names};
use crate::storage::desk::queue;
use crate::storage::desk::queue::{CaseLine, Parts};
use crate::storage::{DbConnection, StorageError};

/// Counting stops here: a larger number says no more to a person, and costs as much as it counts.
pub const MAX_COUNT: i64 = 1_000;

/// A line with what the clock says today, and names for its identifiers.
#[derive(Debug, Clone)]
pub struct FoundCase {
    /// The line.
    pub case: CaseLine,
    /// What the clock says.
    pub reading: ClockReading,
    /// How urgent it is.
    pub light: Light,
    /// The handler's name; empty where there is none.
    pub handler: String,
    /// The department's name; empty where there is none.
    pub department: String,
    /// The agency's name.
    pub agency: String,
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct FoundPage {
    /// The lines, in order.
    pub cases: Vec<FoundCase>,
    /// Where the page before begins, where there is one.
    pub previous: Option<Place>,
    /// Where the page after begins, where there is one.
    pub next: Option<Place>,
    /// How many there are on all pages, up to [`MAX_COUNT`]; none where that was not counted.
    pub n_total: Option<i64>,
}

/// Who looks, and by which rules.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// Who.
    pub caller: &'a Caller,
    /// The rules in force.
    pub rules: &'a Rules,
}

/// The days that piles are relative to, today.
pub fn pile_days(rules: &Rules, today: NaiveDate) -> PileDays {
    // Beijing is eight hours ahead of UTC.
    let begins = beijing::start_of(today);
    PileDays::new(today, begins, &rules.calendar)
}

/// A page of the cases that any of the filters finds, with how many there are where that is quick to say.
pub fn find(
    conn: &mut DbConnection,
    look: Look<'_>,
    filters: &[CaseFilter],
    order: Order,
    place: Option<&Place>,
    limit: usize,
) -> Result<FoundPage, ServiceError> {
    let parts = Parts::of(conn, &look.caller.viewer.sights())?;
    find_in(conn, look, &parts, filters, order, place, limit)
}

/// The same, of parts found out before.
pub(in crate::service) fn find_in(
    conn: &mut DbConnection,
    look: Look<'_>,
    parts: &Parts,
    filters: &[CaseFilter],
    order: Order,
    place: Option<&Place>,
    limit: usize,
) -> Result<FoundPage, ServiceError> {
    let mut page = lines_in(conn, look, parts, filters, order, place, limit)?;
    page.n_total = match filters {
        _ if place.is_none() && page.next.is_none() => {
            Some(i64::try_from(page.cases.len()).unwrap_or(MAX_COUNT))
        }
        // Of open cases only: their indexes are small, whatever the condition.
        [one] if one.is_of_open() && one.text.is_none() => Some(queue::count(conn, parts, one, MAX_COUNT)?),
        _ => None,
    };
    Ok(page)
}

/// A page of the cases that any of the filters finds, not counted.
pub fn find_lines(
    conn: &mut DbConnection,
    look: Look<'_>,
    filters: &[CaseFilter],
    order: Order,
    place: Option<&Place>,
    limit: usize,
) -> Result<FoundPage, ServiceError> {
    let parts = Parts::of(conn, &look.caller.viewer.sights())?;
    lines_in(conn, look, &parts, filters, order, place, limit)
}

/// The same, not counted.
pub(in crate::service) fn lines_in(
    conn: &mut DbConnection,
    look: Look<'_>,
    parts: &Parts,
    filters: &[CaseFilter],
    order: Order,
    place: Option<&Place>,
    limit: usize,
) -> Result<FoundPage, ServiceError> {
    // One more than the page shows, to know whether there is another page.
    let mut lines = queue::page(conn, parts, filters, order, place, limit + 1)?;
    let has_more = limit < lines.len();
    let is_before = place.is_some_and(|it| it.is_before);
    if has_more {
        if is_before {
            lines.remove(0);
        } else {
            lines.truncate(limit);
        }
    }
    let (has_previous, has_next) = if is_before { (has_more, true) } else { (place.is_some(), has_more) };
    let previous = lines.first().filter(|_| has_previous).map(|it| it.place(order, true));
    let next = lines.last().filter(|_| has_next).map(|it| it.place(order, false));
    let names = names::of(conn, &lines)?;
    let read = |case: CaseLine| found(case, &names, look);
    let cases = lines.into_iter().map(read).collect::<Result<_, StorageError>>()?;
    Ok(FoundPage { cases, previous, next, n_total: None })
}

fn found(case: CaseLine, names: &Names, look: Look<'_>) -> Result<FoundCase, StorageError> {
    let reading = response_clock::read_briefly(
        &case.clock()?,
        &look.rules.calendar,
        &look.rules.clock,
        look.caller.today(),
    );
    let of = |id: i32, names: &[(i32, String)]| {
        names.iter().find(|(it, _)| *it == id).map(|(_, name)| name.clone()).unwrap_or_default()
    };
    let handler = case
        .handler_id
        .as_ref()
        .and_then(|id| names.handlers.iter().find(|(it, _)| it == id).map(|(_, name)| name.clone()));
    Ok(FoundCase {
        light: Light::of_case(case.status.0, reading.state),
        reading,
        handler: handler
            .unwrap_or_else(|| if case.handler_id.is_some() { "—".to_owned() } else { String::new() }),
        department: case.department_id.map(|it| of(it, &names.departments)).unwrap_or_default(),
        agency: of(case.agency_id, &names.agencies),
        case,
    })
}

/// What a filter can be made of in an agency.
#[derive(Debug, Clone)]
pub struct Choices {
    /// Its departments.
    pub departments: Vec<(DepartmentId, String)>,
    /// Its handlers.
    pub handlers: Vec<HandlerLine>,
    /// The agencies a manager sees, where there are several.
    pub agencies: Vec<(AgencyId, String)>,
}

/// The departments and handlers of a person's agency, and what they may choose of the agencies below it,
/// from the one that is `chosen` on.
pub fn choices(
    conn: &mut DbConnection,
    caller: &Caller,
    chosen: Option<AgencyId>,
) -> Result<Choices, ServiceError> {
    let agencies = if caller.viewer.sees_below() {
        let chosen = match chosen {
            Some(id) => agencies::by_id(conn, id).map(Some).or_else(|err| match err {
                StorageError::NotFound => Ok(None),
                err => Err(err),
            })?,
            None => None,
        };
        let path = chosen.map_or_else(|| caller.viewer.agency_path.clone(), |it| it.path);
        agencies::to_choose(conn, &caller.viewer.agency_path, &path)?
    } else {
        Vec::new()
    };
    Ok(Choices {
        departments: agencies::departments(conn, caller.viewer.agency)?,
        handlers: names::handlers(conn, caller.viewer.agency)?,
        agencies: agencies.into_iter().map(|it| (it.agency_id(), it.name)).collect(),
    })
}
