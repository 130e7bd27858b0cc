//! What a person sees, cut into parts that do not overlap.

use diesel::dsl::exists;
use diesel::prelude::*;

use crate::domain::ids::AgencyId;
use crate::domain::labels::Coded;
use crate::domain::visibility::{REVIEWED, Sight};
use crate::storage::schema::agencies;
use crate::storage::sql::Sql;
use crate::storage::{DbConnection, StorageError};

/// Up to so many agencies are asked one by one; more are walked together.
const MAX_SINGLE: usize = 8;

/// A part of the cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Those of these sights of one agency, minus those of the sights before.
    Sight(AgencyId, Sight, Vec<Sight>),
    /// Those of any of these sights of one agency: for texts found, which come in order whatever is asked
    /// of them, and are read once instead of once for each sight.
    Any(AgencyId, Vec<Sight>),
    /// Those of the agency with this path and of those below.
    Below(String),
}

/// What a person sees, in parts. Found out once for all queries of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts(Vec<Part>);

impl Parts {
    /// The parts that these sights come to.
    pub fn of(conn: &mut DbConnection, sights: &[Sight]) -> Result<Self, StorageError> {
        let mut parts = Vec::new();
        let mut whole: Vec<AgencyId> = Vec::new();
        let mut below: Vec<&String> = sights
            .iter()
            .filter_map(|it| if let Sight::Below(path) = it { Some(path) } else { None })
            .collect();
        below.sort();
        // Paths come in order, parents first: one below another is there already.
        below.dedup_by(|path, above| path.starts_with(above.as_str()));
        let mut covering: Vec<&String> = Vec::new();
        for path in below {
            let some: Vec<i32> = agencies::table
                .filter(agencies::path.like(format!("{path}%")))
                .select(agencies::id)
                .limit(i64::try_from(MAX_SINGLE + 1).unwrap_or(i64::MAX))
                .load(conn)?;
            if some.len() <= MAX_SINGLE {
                whole.extend(some.into_iter().map(AgencyId));
            } else {
                let is_everything = is_only_root(conn, path)?;
                parts.push(Part::Below(if is_everything { "/".to_owned() } else { path.clone() }));
                covering.push(path);
            }
        }
        let mut single: Vec<AgencyId> = Vec::new();
        for sight in sights {
            match sight {
                Sight::Agency(agency) => whole.push(*agency),
                Sight::Department(agency, _) | Sight::Own(agency, _) | Sight::Review(agency) => {
                    single.push(*agency);
                }
                Sight::Below(_) => {}
            }
        }
        whole.sort();
        whole.dedup();
        let mut covered: Vec<AgencyId> = Vec::new();
        for path in covering {
            let asked: Vec<i32> = whole.iter().chain(&single).map(|it| it.0).collect();
            if !asked.is_empty() {
                let own = agencies::table
                    .filter(agencies::path.like(format!("{path}%")))
                    .filter(agencies::id.eq_any(asked))
                    .select(agencies::id);
                covered.extend(own.load::<i32>(conn)?.into_iter().map(AgencyId));
            }
        }
        whole.retain(|it| !covered.contains(it));
        let mut earlier: Vec<Sight> = Vec::new();
        for sight in sights {
            let agency = match sight {
                Sight::Department(agency, _) | Sight::Own(agency, _) | Sight::Review(agency) => *agency,
                Sight::Agency(_) | Sight::Below(_) => continue,
            };
            if whole.contains(&agency) || covered.contains(&agency) || earlier.contains(sight) {
                continue;
            }
            parts.push(Part::Sight(agency, sight.clone(), earlier.clone()));
            earlier.push(sight.clone());
        }
        parts.extend(whole.into_iter().map(|it| Part::Sight(it, Sight::Agency(it), Vec::new())));
        Ok(Self(parts))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Part> {
        self.0.iter()
    }

    /// The same with one part for each agency.
    pub(super) fn for_texts(&self) -> Vec<Part> {
        let mut together: Vec<Part> = Vec::new();
        for part in &self.0 {
            let (agency, sight) = match part {
                Part::Sight(_, Sight::Agency(_), _) | Part::Below(_) | Part::Any(..) => {
                    together.push(part.clone());
                    continue;
                }
                Part::Sight(agency, sight, _) => (*agency, sight.clone()),
            };
            let known = together.iter_mut().find_map(|it| match it {
                Part::Any(of, sights) if *of == agency => Some(sights),
                _ => None,
            });
            match known {
                Some(sights) => sights.push(sight),
                None => together.push(Part::Any(agency, vec![sight])),
            }
        }
        together
    }
}

/// Whether the agency with this path is at the root, alone: everything there is lies below it.
fn is_only_root(conn: &mut DbConnection, path: &str) -> Result<bool, StorageError> {
    if path.matches('/').count() != 2 {
        return Ok(path == "/");
    }
    let others = agencies::table.filter(agencies::parent_id.is_null()).filter(agencies::path.ne(path));
    Ok(!diesel::select(exists(others)).get_result::<bool>(conn)?)
}

impl Part {
    /// The agency, where all its cases are of one.
    pub(super) fn agency(&self) -> Option<AgencyId> {
        match self {
            Self::Sight(agency, ..) | Self::Any(agency, _) => Some(*agency),
            Self::Below(_) => None,
        }
    }

    /// Whether every case is in it.
    pub(super) fn is_everything(&self) -> bool {
        matches!(self, Self::Below(path) if path == "/")
    }

    /// The conditions on `cases c`, each with `AND` before it.
    pub(super) fn conditions(&self, sql: &mut Sql) {
        if let Some(agency) = self.agency() {
            sql.text(" AND c.agency_id = ").value(agency.0);
        }
        self.further_conditions(sql);
    }

    /// The conditions beside the one on the agency.
    pub(super) fn further_conditions(&self, sql: &mut Sql) {
        match self {
            Self::Sight(_, sight, earlier) => {
                match sight {
                    Sight::Own(_, user) => {
                        sql.text(" AND c.handler_id = ").value(user.to_string());
                    }
                    Sight::Department(_, department) => {
                        sql.text(" AND c.department_id = ").value(department.0);
                    }
                    Sight::Review(_) => {
                        reviewed(sql.text(" AND c.status IN "));
                    }
                    Sight::Agency(_) | Sight::Below(_) => {}
                }
                for sight in earlier {
                    match sight {
                        Sight::Own(_, user) => {
                            sql.text(" AND (c.handler_id IS NULL OR c.handler_id <> ");
                            sql.value(user.to_string()).text(")");
                        }
                        Sight::Department(_, department) => {
                            sql.text(" AND (c.department_id IS NULL OR c.department_id <> ");
                            sql.value(department.0).text(")");
                        }
                        Sight::Review(_) => {
                            reviewed(sql.text(" AND c.status NOT IN "));
                        }
                        Sight::Agency(_) | Sight::Below(_) => {}
                    }
                }
            }
            Self::Any(_, sights) => {
                sql.text(" AND (FALSE");
                for sight in sights {
                    match sight {
                        Sight::Own(_, user) => {
                            sql.text(" OR c.handler_id = ").value(user.to_string());
                        }
                        Sight::Department(_, department) => {
                            sql.text(" OR c.department_id = ").value(department.0);
                        }
                        Sight::Review(_) => {
                            reviewed(sql.text(" OR c.status IN "));
                        }
                        Sight::Agency(_) | Sight::Below(_) => {
                            sql.text(" OR TRUE");
                        }
                    }
                }
                sql.text(")");
            }
            // The whole tree needs no condition.
            Self::Below(_) if self.is_everything() => {}
            Self::Below(path) => {
                // The plus keeps the agency out of the choice of an index: many agencies are walked together,
                // in the order of the page, not one after the other and then sorted.
                sql.text(" AND +c.agency_id IN (SELECT id FROM agencies WHERE path LIKE ");
                sql.value(format!("{path}%")).text(")");
            }
        }
    }
}

fn reviewed(sql: &mut Sql) {
    sql.text("(").list(REVIEWED.iter().map(|it| it.code())).text(")");
}
