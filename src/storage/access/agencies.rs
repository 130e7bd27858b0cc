//! Agencies, which form a tree, and their departments.

use std::collections::{BTreeMap, BTreeSet};

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Text};

use crate::domain::ids::{AgencyId, DepartmentId};
use crate::storage::schema::{agencies, departments};
use crate::storage::{DbConnection, StorageError};

/// An agency.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = agencies)]
pub struct Agency {
    /// The number in the database.
    pub id: i32,
    /// The code people use, unique.
    pub code: String,
    /// The official name.
    pub name: String,
    /// The agency above it.
    pub parent_id: Option<i32>,
    /// The ids from the root down to it, such as `/1/7/`.
    pub path: String,
}

impl Agency {
    /// Its identifier.
    pub fn agency_id(&self) -> AgencyId {
        AgencyId(self.id)
    }
}

/// Whose cases a query is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// One agency's own.
    Agency(AgencyId),
    /// Those of the agency with this path and of everything below it; with the path `/`, of every agency
    /// there is, for which a query needs no condition and walks an index over all of them in order.
    Subtree(String),
}

impl Scope {
    /// The agency's own cases, or with `rollup` those of everything below it too.
    pub fn of(agency: &Agency, rollup: bool) -> Self {
        if rollup { Self::Subtree(agency.path.clone()) } else { Self::Agency(agency.agency_id()) }
    }

    /// Whether it takes in every agency there is.
    pub fn is_everything(&self) -> bool {
        matches!(self, Self::Subtree(path) if path == "/")
    }
}

/// Adds an agency under a parent, or at the root.
///
/// # Errors
/// [`StorageError::Conflict`] where the code is taken.
pub fn insert(
    conn: &mut DbConnection,
    code: &str,
    name: &str,
    parent: Option<&Agency>,
) -> Result<Agency, StorageError> {
    let parent_id = parent.map(|it| it.id);
    loop {
        let last: Option<i32> = agencies::table.select(diesel::dsl::max(agencies::id)).first(conn)?;
        let id = last.unwrap_or(0) + 1;
        let path = format!("{}{id}/", parent.map_or("/", |it| it.path.as_str()));
        // Where two come at once, one waits here for the other, and then takes the next id. The path holds
        // the id too, so the conflict may be of either.
        let n_inserted = diesel::sql_query(
            "INSERT INTO agencies (id, code, name, parent_id, path) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT DO NOTHING",
        )
        .bind::<Integer, _>(id)
        .bind::<Text, _>(code)
        .bind::<Text, _>(name)
        .bind::<Nullable<Integer>, _>(parent_id)
        .bind::<Text, _>(&path)
        .execute(conn)?;
        if n_inserted == 1 {
            return Ok(Agency { id, code: code.to_owned(), name: name.to_owned(), parent_id, path });
        }
        match by_code(conn, code) {
            Ok(_) => return Err(StorageError::Conflict),
            Err(StorageError::NotFound) => {}
            Err(err) => return Err(err),
        }
    }
}

/// The agency with this code.
///
/// # Errors
/// [`StorageError::NotFound`] where there is none.
pub fn by_code(conn: &mut DbConnection, code: &str) -> Result<Agency, StorageError> {
    Ok(agencies::table
        .filter(agencies::code.eq(code))
        .select((agencies::id, agencies::code, agencies::name, agencies::parent_id, agencies::path))
        .first(conn)?)
}

/// The agency with this code, and whose cases are meant: with `rollup` those of everything below it too,
/// which below the only root is everything there is.
///
/// # Errors
/// [`StorageError::NotFound`] where there is none.
pub fn with_scope(
    conn: &mut DbConnection,
    code: &str,
    rollup: bool,
) -> Result<(Agency, Scope), StorageError> {
    if !rollup {
        let agency = by_code(conn, code)?;
        let scope = Scope::of(&agency, false);
        return Ok((agency, scope));
    }
    let others = diesel::alias!(agencies as others);
    let is_other_root =
        others.field(agencies::parent_id).is_null().and(others.field(agencies::id).ne(agencies::id));
    let (id, code, name, parent_id, path, has_other_roots) = agencies::table
        .filter(agencies::code.eq(code))
        .select((
            agencies::id,
            agencies::code,
            agencies::name,
            agencies::parent_id,
            agencies::path,
            exists(others.filter(is_other_root)),
        ))
        .first::<(i32, String, String, Option<i32>, String, bool)>(conn)?;
    let agency = Agency { id, code, name, parent_id, path };
    let is_only_root = parent_id.is_none() && !has_other_roots;
    let scope = if is_only_root { Scope::Subtree("/".to_owned()) } else { Scope::of(&agency, true) };
    Ok((agency, scope))
}

/// The agency with this identifier.
///
/// # Errors
/// [`StorageError::NotFound`] where there is none.
pub fn by_id(conn: &mut DbConnection, id: AgencyId) -> Result<Agency, StorageError> {
    Ok(agencies::table
        .filter(agencies::id.eq(id.0))
        .select((agencies::id, agencies::code, agencies::name, agencies::parent_id, agencies::path))
        .first(conn)?)
}

/// Some agencies, by identifier; those that do not exist are left out.
pub fn by_ids(conn: &mut DbConnection, ids: &BTreeSet<i32>) -> Result<BTreeMap<i32, Agency>, StorageError> {
    let ids: Vec<i32> = ids.iter().copied().collect();
    let mut found = BTreeMap::new();
    for ids in ids.chunks(1_000) {
        let rows: Vec<Agency> =
            agencies::table.filter(agencies::id.eq_any(ids)).select(Agency::as_select()).load(conn)?;
        found.extend(rows.into_iter().map(|it| (it.id, it)));
    }
    Ok(found)
}

/// The agency with this path and everything below it, in the order of their codes.
pub fn subtree(conn: &mut DbConnection, path: &str) -> Result<Vec<Agency>, StorageError> {
    Ok(agencies::table
        .filter(agencies::path.like(format!("{path}%")))
        .order(agencies::code)
        .select((agencies::id, agencies::code, agencies::name, agencies::parent_id, agencies::path))
        .load(conn)?)
}

/// So many agencies a list to choose from shows at once.
const MAX_TO_CHOOSE: i64 = 60;

/// What may be chosen below the agency with this path: everything, where that is a list one can read; else
/// what lies on the way down to the agency chosen now, and what is directly below either, so that each step
/// leads further. In the order of their codes.
pub fn to_choose(conn: &mut DbConnection, path: &str, chosen: &str) -> Result<Vec<Agency>, StorageError> {
    let below = agencies::table.filter(agencies::path.like(format!("{path}%")));
    let columns = (agencies::id, agencies::code, agencies::name, agencies::parent_id, agencies::path);
    let all: Vec<Agency> =
        below.clone().order(agencies::code).select(columns).limit(MAX_TO_CHOOSE + 1).load(conn)?;
    if i64::try_from(all.len()).is_ok_and(|n| n <= MAX_TO_CHOOSE) {
        return Ok(all);
    }
    let (above, on_the_way) = (ids(path)?, ids(chosen)?);
    let ends: Vec<i32> = [&above, &on_the_way].iter().filter_map(|it| it.last().copied()).collect();
    Ok(below
        .filter(
            agencies::id.eq_any(on_the_way).or(agencies::id.eq_any(above)).or(agencies::parent_id
                .is_not_null()
                .and(agencies::parent_id.assume_not_null().eq_any(ends))),
        )
        .order(agencies::code)
        .select(columns)
        .load(conn)?)
}

/// The identifiers in the path of an agency, from the root down.
fn ids(path: &str) -> Result<Vec<i32>, StorageError> {
    let unreadable = |_| StorageError::Unreadable { what: "path of an agency", text: path.to_owned() };
    path.split('/').filter(|it| !it.is_empty()).map(|it| it.parse().map_err(unreadable)).collect()
}

/// Whether an agency has any below it.
pub fn has_children(conn: &mut DbConnection, agency: AgencyId) -> Result<bool, StorageError> {
    let below = agencies::table.filter(agencies::parent_id.eq(agency.0));
    Ok(diesel::select(exists(below)).get_result(conn)?)
}

/// Every agency, in the order of their paths: parents before children.
pub fn all(conn: &mut DbConnection) -> Result<Vec<Agency>, StorageError> {
    Ok(agencies::table
        .order(agencies::path)
        .select((agencies::id, agencies::code, agencies::name, agencies::parent_id, agencies::path))
        .load(conn)?)
}

/// The department of this name, added where it is new.
pub fn department(
    conn: &mut DbConnection,
    agency: AgencyId,
    name: &str,
) -> Result<DepartmentId, StorageError> {
    loop {
        let found: Option<i32> = departments::table
            .filter(departments::agency_id.eq(agency.0))
            .filter(departments::name.eq(name))
            .select(departments::id)
            .first(conn)
            .optional()?;
        if let Some(id) = found {
            return Ok(DepartmentId(id));
        }
        let last: Option<i32> = departments::table.select(diesel::dsl::max(departments::id)).first(conn)?;
        let id = last.unwrap_or(0) + 1;
        // Where two come at once, one waits here for the other. The id may be taken then, or the
        // department be there.
        let n_inserted = diesel::sql_query(
            "INSERT INTO departments (id, agency_id, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind::<Integer, _>(id)
        .bind::<Integer, _>(agency.0)
        .bind::<Text, _>(name)
        .execute(conn)?;
        if n_inserted == 1 {
            return Ok(DepartmentId(id));
        }
    }
}

/// The departments of an agency, by name.
pub fn departments(
    conn: &mut DbConnection,
    agency: AgencyId,
) -> Result<Vec<(DepartmentId, String)>, StorageError> {
    let rows: Vec<(i32, String)> = departments::table
        .filter(departments::agency_id.eq(agency.0))
        .order(departments::name)
        .select((departments::id, departments::name))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, name)| (DepartmentId(id), name)).collect())
}

/// Gives an agency another name.
pub fn rename(conn: &mut DbConnection, agency: AgencyId, name: &str) -> Result<(), StorageError> {
    diesel::update(agencies::table.filter(agencies::id.eq(agency.0)))
        .set(agencies::name.eq(name))
        .execute(conn)?;
    Ok(())
}

/// Puts an agency, with everything below it, under another parent. That the parent is not itself below
/// the agency is for the caller to see to.
pub fn move_below(conn: &mut DbConnection, agency: &Agency, parent: &Agency) -> Result<(), StorageError> {
    let path = format!("{}{}/", parent.path, agency.id);
    for it in subtree(conn, &agency.path)? {
        let rest = it.path.strip_prefix(&agency.path).unwrap_or_default();
        diesel::update(agencies::table.filter(agencies::id.eq(it.id)))
            .set(agencies::path.eq(format!("{path}{rest}")))
            .execute(conn)?;
    }
    diesel::update(agencies::table.filter(agencies::id.eq(agency.id)))
        .set(agencies::parent_id.eq(parent.id))
        .execute(conn)?;
    Ok(())
}

/// Gives a department of an agency another name.
///
/// # Errors
/// [`StorageError::NotFound`] where the agency has no such department, [`StorageError::Conflict`] where
/// another one has the name.
pub fn rename_department(
    conn: &mut DbConnection,
    agency: AgencyId,
    department: DepartmentId,
    name: &str,
) -> Result<(), StorageError> {
    let known = departments::table
        .filter(departments::id.eq(department.0))
        .filter(departments::agency_id.eq(agency.0));
    match diesel::update(known).set(departments::name.eq(name)).execute(conn)? {
        0 => Err(StorageError::NotFound),
        _ => Ok(()),
    }
}
