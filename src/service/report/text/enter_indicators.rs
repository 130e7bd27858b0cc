//! Indicators: what an office counts, and its figures of a year with their source.

use serde_json::json;

use crate::domain::ids::AgencyId;
use crate::domain::labels::Coded;
use crate::domain::refusal::{Refusal, Refusals};
use crate::domain::report::text::Part;
use crate::domain::report::text::indicator::{
    Entry, Indicator, IndicatorLine, Sourced, effective, name_fault, read_entry,
};
use crate::service::report::text::{check_year, journal_id};
use crate::service::{Caller, ServiceError, agency, note};
use crate::storage::report::text::indicators;
use crate::storage::{DbConnection, StorageError};

/// What the journal calls it when figures are entered.
pub const ENTERED: &str = "enter_indicator";
/// What the journal calls it when an indicator is added or changed.
pub const DEFINED: &str = "define_indicator";

/// The indicators in use, with the figures of a year and of the year before.
pub(super) fn in_use(
    conn: &mut DbConnection,
    agency: AgencyId,
    year: i32,
) -> Result<Vec<IndicatorLine>, StorageError> {
    let own = indicators::own(conn, agency)?;
    let (mut this, mut last) =
        (indicators::values(conn, agency, year)?, indicators::values(conn, agency, year - 1)?);
    let mut items = indicators::items(conn, agency, year)?;
    let line = |indicator: Indicator| IndicatorLine {
        this: this.remove(&indicator.code),
        last: last.remove(&indicator.code),
        items: items.remove(&indicator.code).unwrap_or_default(),
        indicator,
    };
    Ok(effective(&own).into_iter().filter(|it| !it.is_retired).map(line).collect())
}

/// The indicators of an agency with the figures of a year, and those it no longer uses.
///
/// # Errors
/// Where there is no such agency, or the database fails.
pub fn lines(
    conn: &mut DbConnection,
    agency_code: &str,
    year: i32,
) -> Result<(Vec<IndicatorLine>, Vec<Indicator>), ServiceError> {
    let id = agency(conn, agency_code)?.agency_id();
    let own = indicators::own(conn, id)?;
    let retired = effective(&own).into_iter().filter(|it| it.is_retired).collect();
    Ok((in_use(conn, id, year)?, retired))
}

/// Enters figures of a year, each with its source. Those that have not changed are left alone.
/// `known` is what the writer saw; where somebody else has changed one of them, nothing is entered.
///
/// # Errors
/// [`ServiceError::Stale`], or a refusal that names the indicators.
pub fn enter_indicators(
    conn: &mut DbConnection,
    caller: &Caller,
    agency_code: &str,
    year: i32,
    entries: &[Entry],
    known: Option<&[IndicatorLine]>,
) -> Result<(), ServiceError> {
    check_year(caller, year)?;
    let id = agency(conn, agency_code)?.agency_id();
    let lines = in_use(conn, id, year)?;
    if known.is_some_and(|it| it != lines) {
        return Err(ServiceError::Stale);
    }
    let mut refusals = Vec::new();
    for entry in entries {
        let Some(line) = lines.iter().find(|it| it.indicator.code == entry.code) else {
            refusals.push(Refusal::whole(format!("没有代码为“{}”的指标", entry.code)));
            continue;
        };
        let figure = match read_entry(entry) {
            Ok(figure) => figure,
            Err(found) => {
                let name = &line.indicator.name;
                let refuse = |(field, why): (&str, String)| {
                    Refusal::at(format!("{field}_{}", entry.code), format!("“{name}”：{why}"))
                };
                refusals.extend(found.into_iter().map(refuse));
                continue;
            }
        };
        let has_changed = line.this != figure;
        let items_changed = entry.items.as_ref().is_some_and(|it| *it != line.items);
        if has_changed {
            indicators::enter(conn, id, year, &entry.code, figure.as_ref())?;
        }
        if let Some(items) = entry.items.as_ref().filter(|_| items_changed) {
            indicators::list(conn, id, year, &entry.code, items)?;
        }
        if has_changed || items_changed {
            let words = |it: &Option<Sourced>| {
                it.as_ref().map(|it| json!([it.value.to_string(), it.told_by, it.document]))
            };
            let details = json!({
                "year": year,
                "name": line.indicator.name,
                "before": words(&line.this),
                "after": words(&figure),
                "items": entry.items.as_ref().filter(|_| items_changed).map(|it| {
                    it.iter().map(|it| format!("{} {} {}", it.title, it.policy, it.address)).collect::<Vec<_>>()
                }),
            });
            let id_of = journal_id(id, year);
            note::report(conn, caller, id, id_of, ENTERED, details)?;
        }
    }
    Ok(Refusals::check(refusals)?)
}

/// What an indicator is to be, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefineIndicator {
    /// The code of the one to change; none for a new one.
    pub code: Option<String>,
    /// Its name.
    pub name: String,
    /// The unit it is counted in.
    pub unit: String,
    /// Its section.
    pub part: Part,
    /// Its place within the section.
    pub position: i32,
    /// Whether it is no longer counted.
    pub is_retired: bool,
}

/// The longest unit.
const MAX_UNIT: usize = 6;

/// Adds an indicator, or changes one. Figures entered for it stay.
///
/// # Errors
/// A refusal that names the field.
pub fn define_indicator(
    conn: &mut DbConnection,
    caller: &Caller,
    agency_code: &str,
    year: i32,
    wanted: &DefineIndicator,
) -> Result<(), ServiceError> {
    check_year(caller, year)?;
    let id = agency(conn, agency_code)?.agency_id();
    let all = effective(&indicators::own(conn, id)?);
    let before = match &wanted.code {
        None => None,
        Some(code) => Some(all.iter().find(|it| it.code == *code).ok_or(StorageError::NotFound)?),
    };
    let name = wanted.name.trim();
    let taken: Vec<_> = all.iter().filter(|it| Some(*it) != before).map(|it| it.name.as_str()).collect();
    if let Some(fault) = name_fault(name, &taken) {
        return Err(ServiceError::field("name", fault));
    }
    let unit = wanted.unit.trim();
    if unit.is_empty() || MAX_UNIT < unit.chars().count() {
        return Err(ServiceError::field("unit", format!("请填写单位，至多{MAX_UNIT}个字，例如 条、次、篇")));
    }
    let next = || {
        let taken = |n: &usize| all.iter().any(|it| it.code == format!("own_{n}"));
        let n = (1..).find(|n| !taken(n)).expect("the numbers do not run out");
        format!("own_{n}")
    };
    let indicator = Indicator {
        code: before.map_or_else(next, |it| it.code.clone()),
        name: name.to_owned(),
        unit: unit.to_owned(),
        part: wanted.part,
        position: wanted.position,
        is_retired: wanted.is_retired,
    };
    if before == Some(&indicator) {
        return Ok(());
    }
    indicators::define(conn, id, &indicator)?;
    let words = |it: &Indicator| {
        json!([it.name, it.unit, it.part.label(), it.position, if it.is_retired { "停用" } else { "使用" }])
    };
    let details =
        json!({ "year": year, "name": name, "before": before.map(words), "after": words(&indicator) });
    note::report(conn, caller, id, journal_id(id, year), DEFINED, details)?;
    Ok(())
}
