//! What a person sees, cut into parts that do not overlap.

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
    /// Those of the agency with this path and of those below.
    Below(String),
}

/// The parts that these sights come to.
pub(super) fn parts(conn: &mut DbConnection, sights: &[Sight]) -> Result<Vec<Part>, StorageError> {
    let mut parts = Vec::new();
    let mut whole: Vec<AgencyId> = Vec::new();
    let mut covered: Vec<AgencyId> = Vec::new();
    let mut paths: Vec<&String> =
        sights.iter().filter_map(|it| if let Sight::Below(path) = it { Some(path) } else { None }).collect();
    paths.sort();
    paths.dedup();
    for path in paths {
        let some: Vec<i32> = agencies::table
            .filter(agencies::path.like(format!("{path}%")))
            .select(agencies::id)
            .limit(i64::try_from(MAX_SINGLE + 1).unwrap_or(i64::MAX))
            .load(conn)?;
        if some.len() <= MAX_SINGLE {
            whole.extend(some.into_iter().map(AgencyId));
        } else if covered_by(&parts, path) {
            // Below one that is there already.
        } else {
            parts.push(Part::Below(path.clone()));
            let own = agencies::table.filter(agencies::path.like(format!("{path}%"))).select(agencies::id);
            covered.extend(own.load::<i32>(conn)?.into_iter().map(AgencyId));
        }
    }
    whole.extend(sights.iter().filter_map(|it| if let Sight::Agency(it) = it { Some(*it) } else { None }));
    whole.sort();
    whole.dedup();
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
    Ok(parts)
}

/// Whether everything below a path is in a part already. Paths come in order: parents first.
fn covered_by(parts: &[Part], path: &str) -> bool {
    parts.iter().any(|it| matches!(it, Part::Below(above) if path.starts_with(above.as_str())))
}

impl Part {
    /// The agency, where all its cases are of one.
    pub(super) fn agency(&self) -> Option<AgencyId> {
        match self {
            Self::Sight(agency, ..) => Some(*agency),
            Self::Below(_) => None,
        }
    }

    /// The conditions on `cases c`, each with `AND` before it.
    pub(super) fn conditions(&self, sql: &mut Sql) {
        match self {
            Self::Sight(agency, sight, earlier) => {
                sql.text(" AND c.agency_id = ").value(agency.0);
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
            // The whole tree needs no condition.
            Self::Below(path) if path == "/" => {}
            Self::Below(path) => {
                sql.text(" AND c.agency_id IN (SELECT id FROM agencies WHERE path LIKE ");
                sql.value(format!("{path}%")).text(")");
            }
        }
    }
}

fn reviewed(sql: &mut Sql) {
    sql.text("(").list(REVIEWED.iter().map(|it| it.code())).text(")");
}
