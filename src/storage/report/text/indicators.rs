//! Indicators of an agency: what it counts, its figures by year, and what was counted one by one.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::domain::ids::AgencyId;
use crate::domain::report::text::Part;
use crate::domain::report::text::indicator::{Indicator, Item, Sourced};
use crate::storage::codes::Code;
use crate::storage::schema::{indicator_items, indicator_values, indicators};
use crate::storage::{DbConnection, StorageError};

/// A row of an indicator, without its agency.
type Row = (String, String, String, Code<Part>, i32, bool);

/// The indicators an agency has changed or added.
pub fn own(conn: &mut DbConnection, agency: AgencyId) -> Result<Vec<Indicator>, StorageError> {
    let rows: Vec<Row> = indicators::table
        .filter(indicators::agency_id.eq(agency.0))
        .order(indicators::code)
        .select((
            indicators::code,
            indicators::name,
            indicators::unit,
            indicators::part,
            indicators::position,
            indicators::is_retired,
        ))
        .load(conn)?;
    let indicator = |(code, name, unit, part, position, is_retired): Row| Indicator {
        code,
        name,
        unit,
        part: part.0,
        position,
        is_retired,
    };
    Ok(rows.into_iter().map(indicator).collect())
}

/// Keeps an indicator in place of what was kept under its code.
pub fn define(conn: &mut DbConnection, agency: AgencyId, it: &Indicator) -> Result<(), StorageError> {
    let known =
        indicators::table.filter(indicators::agency_id.eq(agency.0)).filter(indicators::code.eq(&it.code));
    diesel::delete(known).execute(conn)?;
    diesel::insert_into(indicators::table)
        .values((
            indicators::agency_id.eq(agency.0),
            indicators::code.eq(&it.code),
            indicators::name.eq(&it.name),
            indicators::unit.eq(&it.unit),
            indicators::part.eq(Code(it.part)),
            indicators::position.eq(it.position),
            indicators::is_retired.eq(it.is_retired),
        ))
        .execute(conn)?;
    Ok(())
}

/// The figures of a year by the code of the indicator.
pub fn values(
    conn: &mut DbConnection,
    agency: AgencyId,
    year: i32,
) -> Result<BTreeMap<String, Sourced>, StorageError> {
    let rows: Vec<(String, String, String, String)> = indicator_values::table
        .filter(indicator_values::agency_id.eq(agency.0))
        .filter(indicator_values::year.eq(year))
        .select((
            indicator_values::code,
            indicator_values::value,
            indicator_values::told_by,
            indicator_values::document,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(code, value, told_by, document)| {
            let value = value
                .parse()
                .map_err(|_| StorageError::Unreadable { what: "figure of an indicator", text: value })?;
            Ok((code, Sourced { value, told_by, document }))
        })
        .collect()
}

/// Keeps the figure of a year, or none, in place of what was kept before.
pub fn enter(
    conn: &mut DbConnection,
    agency: AgencyId,
    year: i32,
    code: &str,
    figure: Option<&Sourced>,
) -> Result<(), StorageError> {
    let known = indicator_values::table
        .filter(indicator_values::agency_id.eq(agency.0))
        .filter(indicator_values::year.eq(year))
        .filter(indicator_values::code.eq(code));
    diesel::delete(known).execute(conn)?;
    if let Some(figure) = figure {
        diesel::insert_into(indicator_values::table)
            .values((
                indicator_values::agency_id.eq(agency.0),
                indicator_values::year.eq(year),
                indicator_values::code.eq(code),
                indicator_values::value.eq(figure.value.to_string()),
                indicator_values::told_by.eq(&figure.told_by),
                indicator_values::document.eq(&figure.document),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// What was counted in a year, one by one, by the code of the indicator.
pub fn items(
    conn: &mut DbConnection,
    agency: AgencyId,
    year: i32,
) -> Result<BTreeMap<String, Vec<Item>>, StorageError> {
    let rows: Vec<(String, String, String, String)> = indicator_items::table
        .filter(indicator_items::agency_id.eq(agency.0))
        .filter(indicator_items::year.eq(year))
        .order((indicator_items::code, indicator_items::seq))
        .select((
            indicator_items::code,
            indicator_items::title,
            indicator_items::policy,
            indicator_items::address,
        ))
        .load(conn)?;
    let mut found: BTreeMap<String, Vec<Item>> = BTreeMap::new();
    for (code, title, policy, address) in rows {
        found.entry(code).or_default().push(Item { title, policy, address });
    }
    Ok(found)
}

/// Keeps what was counted in a year in place of what was kept before.
pub fn list(
    conn: &mut DbConnection,
    agency: AgencyId,
    year: i32,
    code: &str,
    items: &[Item],
) -> Result<(), StorageError> {
    let known = indicator_items::table
        .filter(indicator_items::agency_id.eq(agency.0))
        .filter(indicator_items::year.eq(year))
        .filter(indicator_items::code.eq(code));
    diesel::delete(known).execute(conn)?;
    for (seq, item) in (1_i32..).zip(items) {
        diesel::insert_into(indicator_items::table)
            .values((
                indicator_items::agency_id.eq(agency.0),
                indicator_items::year.eq(year),
                indicator_items::code.eq(code),
                indicator_items::seq.eq(seq),
                indicator_items::title.eq(&item.title),
                indicator_items::policy.eq(&item.policy),
                indicator_items::address.eq(&item.address),
            ))
            .execute(conn)?;
    }
    Ok(())
}
